//! Is every coin on the carbon chain backed? X = I + a + b − q on a consistent cut of both chains' books.
//!
//! | | what | from |
//! |---|---|---|
//! | X | coins in escrow | electricity |
//! | I | coins issued | carbon |
//! | a | locked on electricity, neither minted on carbon nor given back | sent E − paid C − returned E |
//! | b | burned on carbon, neither released on electricity nor minted again | sent C − paid E − returned C |
//! | q | paid from electricity credits, not yet burned on the carbon chain | 0: there are no credits |
//!
//! ## Consistent cut
//! Nobody can read both chains at one instant. A counter of what was received must be read before the counter of what
//! was sent: then all that was received is among what was sent, and a difference below 0 is a fault, not a matter of
//! timing. So a takes `paid` of the carbon chain before the electricity chain is read, b takes `sent` and `returned` of
//! the carbon chain after it: the books are read in the order carbon, electricity, carbon. (What is given back was
//! neither paid nor will be, so `returned` may come with `sent`.) I on this cut is what is issued at the second
//! reading, less what was minted between the two.
//!
//! By the counters' algebra X − (I + a + b − q) is then what X and I differ by at genesis, plus what the balances
//! differ from the books. So the equation holds if X = I at genesis, a ≥ 0, b ≥ 0, and each chain's own books are
//! right: the escrow has at least what they say (anybody can send it more), no more is issued than they say, and all
//! that was received is refused, paid, queued or unclaimed. What X has beyond the equation is a surplus: it backs
//! nothing, and harms nobody.

use gridpeg_messages::units::Balance;
use gridpeg_runtime_api::PegState;

/// The books of both chains, in the order of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The carbon chain's, read first.
    pub(crate) carbon_before: PegState,
    /// The electricity chain's.
    pub(crate) electricity: PegState,
    /// The carbon chain's, read last.
    pub(crate) carbon: PegState,
}

/// The equation's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Supply {
    /// X.
    pub(crate) escrow: i128,
    /// I.
    pub(crate) issued: i128,
    /// a.
    pub(crate) to_carbon: i128,
    /// b.
    pub(crate) to_electricity: i128,
    /// q.
    pub(crate) credits: i128,
    /// X − (I + a + b − q).
    pub(crate) surplus: i128,
    /// What is wrong; empty if the equation holds.
    pub(crate) faults: Vec<Fault>,
}

/// Why the equation does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// X and I differ at genesis.
    Genesis,
    /// a < 0.
    Minted,
    /// b < 0.
    Released,
    /// The escrow has less than the electricity chain's books say.
    Escrow,
    /// The issuance is more than the carbon chain's books say.
    Issuance,
    /// What the electricity chain received is not what became of it.
    ReceivedOnElectricity,
    /// What the carbon chain received is not what became of it.
    ReceivedOnCarbon,
    /// X is below I + a + b − q.
    Deficit,
}

impl Fault {
    /// What it means.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Genesis => "escrow and issuance differ at genesis",
            Self::Minted => "a < 0: more was minted on the carbon chain than was locked on the electricity chain",
            Self::Released => "b < 0: more was released on the electricity chain than was burned on the carbon chain",
            Self::Escrow => "the escrow has less than the electricity chain's books say",
            Self::Issuance => "more coins are issued than the carbon chain's books say",
            Self::ReceivedOnElectricity => "electricity chain: received is not refused + paid + queued + unclaimed",
            Self::ReceivedOnCarbon => "carbon chain: received is not refused + paid + queued + unclaimed",
            Self::Deficit => "X < I + a + b - q: not every coin is backed",
        }
    }

    /// Whether a node that lags behind the other chain's light client would look like this.
    pub(crate) fn may_be_lag(self) -> bool {
        matches!(self, Self::Minted | Self::Released)
    }
}

/// The terms and what is wrong with them; `None` if amounts are beyond all that a chain can have.
pub(crate) fn check(cut: &Cut) -> Option<Supply> {
    let (before, e, c) = (&cut.carbon_before, &cut.electricity, &cut.carbon);
    let minted_between = difference(c.paid, &[before.paid])?;
    let escrow = signed(e.escrow)?;
    let issued = signed(c.issued)?.checked_sub(minted_between)?;
    let to_carbon = difference(e.sent, &[before.paid, e.returned])?;
    let to_electricity = difference(c.sent, &[e.paid, c.returned])?;
    let credits = 0i128;
    let right = issued.checked_add(to_carbon)?.checked_add(to_electricity)?.checked_sub(credits)?;
    let surplus = escrow.checked_sub(right)?;

    let escrow_booked = signed(e.genesis)?.checked_add(difference(e.sent, &[e.paid, e.returned])?)?;
    let issued_booked = signed(c.genesis)?.checked_sub(difference(c.sent, &[c.paid, c.returned])?)?;
    let faults = [
        (e.genesis != c.genesis, Fault::Genesis),
        (to_carbon < 0, Fault::Minted),
        (to_electricity < 0, Fault::Released),
        (escrow < escrow_booked, Fault::Escrow),
        (signed(c.issued)? > issued_booked, Fault::Issuance),
        (unaccounted(e)? != 0, Fault::ReceivedOnElectricity),
        (unaccounted(c)? != 0, Fault::ReceivedOnCarbon),
        (surplus < 0, Fault::Deficit),
    ];
    let faults = faults.into_iter().filter_map(|(wrong, fault)| wrong.then_some(fault)).collect();
    Some(Supply { escrow, issued, to_carbon, to_electricity, credits, surplus, faults })
}

/// What was received less what became of it.
fn unaccounted(books: &PegState) -> Option<i128> {
    difference(books.received, &[books.refused, books.paid, books.queued, books.unclaimed])
}

fn difference(from: Balance, less: &[Balance]) -> Option<i128> {
    less.iter().try_fold(signed(from)?, |rest, amount| rest.checked_sub(signed(*amount)?))
}

fn signed(amount: Balance) -> Option<i128> {
    i128::try_from(amount).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The books after so much was sent each way, paid, and refused and given back.
    fn books(start: Balance, sent: Balance, paid: Balance, returned: Balance) -> PegState {
        PegState { genesis: start, sent, paid, received: paid, returned, ..Default::default() }
    }

    fn electricity(sent: Balance, paid: Balance, returned: Balance) -> PegState {
        let books = books(300, sent, paid, returned);
        PegState { escrow: 300 + sent - paid - returned, ..books }
    }

    fn carbon(sent: Balance, paid: Balance, returned: Balance) -> PegState {
        let books = books(300, sent, paid, returned);
        PegState { issued: 300 + paid + returned - sent, ..books }
    }

    fn at_rest(electricity: PegState, carbon: PegState) -> Supply {
        check(&Cut { carbon_before: carbon, electricity, carbon }).unwrap()
    }

    /// X, I, a, b.
    fn terms(supply: &Supply) -> [i128; 4] {
        assert!(supply.surplus == 0 && supply.faults.is_empty(), "{supply:?}");
        [supply.escrow, supply.issued, supply.to_carbon, supply.to_electricity]
    }

    #[test]
    fn the_equation_holds_at_every_step_of_a_transfer() {
        assert_eq!(terms(&at_rest(electricity(0, 0, 0), carbon(0, 0, 0))), [300, 300, 0, 0]);
        // 100 locked, then minted.
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), carbon(0, 0, 0))), [400, 300, 100, 0]);
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), carbon(0, 100, 0))), [400, 400, 0, 0]);
        // 30 burned, refused, minted again.
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), carbon(30, 100, 0))), [400, 370, 0, 30]);
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), carbon(30, 100, 30))), [400, 400, 0, 0]);
        // 50 burned, then released.
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), carbon(80, 100, 30))), [400, 350, 0, 50]);
        assert_eq!(terms(&at_rest(electricity(100, 50, 0), carbon(80, 100, 30))), [350, 350, 0, 0]);
    }

    #[test]
    fn what_is_queued_or_unclaimed_is_under_way() {
        let mut c = carbon(0, 60, 0);
        (c.received, c.queued, c.unclaimed, c.refused) = (100, 20, 15, 5);
        assert_eq!(terms(&at_rest(electricity(100, 0, 0), c)), [400, 360, 40, 0]);
        // The refused part is given back.
        assert_eq!(terms(&at_rest(electricity(100, 0, 5), c)), [395, 360, 35, 0]);
    }

    #[test]
    fn what_happens_between_the_readings_does_not_disturb_the_equation() {
        // Minted and burned on the carbon chain after the first reading, released before the electricity chain's.
        let cut = Cut { carbon_before: carbon(0, 10, 0), electricity: electricity(40, 5, 0), carbon: carbon(9, 40, 0) };
        let supply = check(&cut).unwrap();
        assert_eq!(terms(&supply), [335, 301, 30, 4]);
    }

    #[test]
    fn coins_out_of_nothing_are_seen() {
        let minted = at_rest(electricity(10, 0, 0), carbon(0, 11, 0));
        assert_eq!((minted.to_carbon, minted.faults), (-1, vec![Fault::Minted]));
        let released = at_rest(electricity(0, 7, 0), carbon(6, 0, 0));
        assert_eq!((released.to_electricity, released.faults), (-1, vec![Fault::Released]));
        let printed = PegState { issued: 301, ..carbon(0, 0, 0) };
        assert_eq!(at_rest(electricity(0, 0, 0), printed).faults, [Fault::Issuance, Fault::Deficit]);
        let stolen = PegState { escrow: 299, ..electricity(0, 0, 0) };
        assert_eq!(at_rest(stolen, carbon(0, 0, 0)).faults, [Fault::Escrow, Fault::Deficit]);
    }

    #[test]
    fn a_gift_to_the_escrow_and_destroyed_coins_are_a_surplus() {
        let gift = PegState { escrow: 303, ..electricity(0, 0, 0) };
        let supply = at_rest(gift, carbon(0, 0, 0));
        assert_eq!((supply.surplus, supply.faults), (3, vec![]));
        let destroyed = PegState { issued: 298, ..carbon(0, 0, 0) };
        let supply = at_rest(electricity(0, 0, 0), destroyed);
        assert_eq!((supply.surplus, supply.faults), (2, vec![]));
    }

    #[test]
    fn genesis_and_received_coins_must_add_up() {
        let other = PegState { genesis: 299, issued: 299, ..carbon(0, 0, 0) };
        assert_eq!(at_rest(electricity(0, 0, 0), other).faults, [Fault::Genesis]);
        let lost = PegState { received: 5, ..carbon(0, 0, 0) };
        assert_eq!(at_rest(electricity(5, 0, 0), lost).faults, [Fault::ReceivedOnCarbon]);
        let lost = PegState { received: 5, ..electricity(0, 0, 0) };
        assert_eq!(at_rest(lost, carbon(5, 0, 0)).faults, [Fault::ReceivedOnElectricity]);
    }

    #[test]
    fn amounts_beyond_all_coins_are_no_supply() {
        let absurd = PegState { sent: Balance::MAX, ..electricity(0, 0, 0) };
        assert_eq!(check(&Cut { electricity: absurd, ..Default::default() }), None);
    }
}
