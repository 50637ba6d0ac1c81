//! How metering and market meet, and the market and the peg. No pallet names another's types: a runtime joins them
//! through these traits.

use crate::{
    calendar::{Calendar, Month, Slot, Year},
    fee::Lines,
    units::Wh,
    voltage::Feeder,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use gridpeg_messages::units::Balance;
use polkadot_sdk::{sp_runtime::DispatchResult, sp_weights::Weight};
use scale_info::TypeInfo;

/// Number of a site: where a customer's meters are, at one bus of one feeder.
pub type SiteId = u32;
/// Number of a meter.
pub type MeterId = u32;
/// Number of a feeder.
pub type FeederId = u32;
/// A feeder's bus, from 1, as they are numbered in the feeder's table; bus 1 is the substation.
pub type Bus = u16;
/// Voltage level at which a site is connected: an index into the tables of tariffs and network fees.
pub type Level = u8;

/// Which way a meter counts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// What a photovoltaic plant generates, used on the spot or not.
    #[codec(index = 0)]
    Generation,
    /// What a site takes from the grid.
    #[codec(index = 1)]
    Import,
    /// What a site gives to the grid.
    #[codec(index = 2)]
    Export,
}

/// How a site sells what it generates: the paper's three modes (section II.A.1). All of them buy what they lack.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Own use first; what is exported goes to the grid at the feed-in price.
    #[codec(index = 0)]
    SelfUse,
    /// All that is exported goes to the grid at the benchmark price.
    #[codec(index = 1)]
    AllToGrid,
    /// May offer on the market what it exports, and bid there for what it takes; the rest is settled with the grid.
    #[codec(index = 2)]
    Market,
}

/// What the market needs to know of a site.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct SiteInfo<AccountId> {
    /// Who places its orders and gets its bills.
    pub owner: AccountId,
    /// The feeder it hangs on.
    pub feeder: FeederId,
    /// Its bus there.
    pub bus: Bus,
    /// Its voltage level.
    pub level: Level,
    /// Its mode now.
    pub mode: Mode,
    /// The mode chosen from a later month on, with that month.
    pub next: Option<(Mode, Month)>,
}

impl<AccountId> SiteInfo<AccountId> {
    /// The mode in a month, as chosen so far.
    pub fn mode_in(&self, month: Month) -> Mode {
        match self.next {
            Some((mode, from)) if month >= from => mode,
            _ => self.mode,
        }
    }
}

/// What the meters say.
pub trait Metering<AccountId> {
    /// The chain's calendar.
    fn calendar() -> Calendar;
    /// Whether nothing can change a slot's readings any more: it is over, and so is the time for corrections.
    fn slot_frozen(slot: Slot) -> bool;
    /// A site.
    fn site(site: SiteId) -> Option<SiteInfo<AccountId>>;
    /// The site with the lowest number above this one, or the lowest of all: to go through all sites, in as many blocks
    /// as it takes.
    fn next_site(after: Option<SiteId>) -> Option<SiteId>;
    /// A site's energy in a slot: the sum over its meters of that direction. Final once the slot is frozen.
    ///
    /// A meter of generation or export without a reading counts 0. `None` if an import meter that was in service has no
    /// reading: then the market counts as taken what was contracted.
    fn actual(site: SiteId, slot: Slot, direction: Direction) -> Option<Wh>;
    /// What a site's counters show in a slot of the energy of earlier ones without a reading. It is the sum over its
    /// meters of that direction: how far a reading's counter has gone on since the last earlier reading beyond its
    /// energy, and a meter's end beyond its last reading. 0 without a reading. Final once the slot is frozen.
    ///
    /// If [`actual`](Self::actual) is `None` because some import meters have no reading, what the others say is in this
    /// sum: so nothing that meters have counted is in neither.
    fn caught_up(site: SiteId, slot: Slot, direction: Direction) -> Wh;
    /// A site has sold this much of a year's generation as green energy, once for each trade settled. It gets no quota
    /// for it.
    fn note_green(site: SiteId, year: Year, energy: Wh);
    /// All slots up to this one are settled: their readings are not asked for again and may be pruned.
    fn note_settled(_slot: Slot) {}
    /// What any one of these costs at most.
    fn weight() -> Weight;
}

/// What a meter has counted in a year, final.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Statement<AccountId> {
    /// Which meter.
    pub meter: MeterId,
    /// Where it is, or was.
    pub site: SiteId,
    /// The site's owner when the year was closed.
    pub owner: AccountId,
    /// Which way it counts.
    pub direction: Direction,
    /// Which year.
    pub year: Year,
    /// The twelve P_t of eq. 1, Wh: how far its counter has gone on in each month.
    pub months: [Wh; 12],
    /// How much of it the site has sold as green energy. 0 unless the meter counts generation.
    pub sold_green: Wh,
    /// What quota may be issued for: the months' sum less what was sold green. 0 unless the meter counts generation.
    pub quota: Wh,
}

/// Takes the meters' yearly statements, to send them on.
pub trait OnStatement<AccountId> {
    /// A meter's year is closed. Once for each meter and year; if it fails the year stays open and can be closed later.
    fn on_statement(statement: &Statement<AccountId>) -> DispatchResult;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// Statements stay where they are.
impl<AccountId> OnStatement<AccountId> for () {
    fn on_statement(_: &Statement<AccountId>) -> DispatchResult {
        Ok(())
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

/// The feeders' tables.
pub trait Feeders {
    /// Voltages: what trades do to them, and within which limits.
    fn feeder(feeder: FeederId) -> Option<Feeder>;
    /// Lines: how far apart buses are.
    fn lines(feeder: FeederId) -> Option<Lines>;
    /// What either costs at most.
    fn weight() -> Weight;
}

/// Credit for electricity: what a producer has earned on the carbon chain and spends on bills here.
pub trait ElectricityCredit<AccountId> {
    /// Uses up to `most` of the account's credit: the coins leave the escrow for the account's free balance, and their
    /// amount is returned. Who calls it pays a bill of at least that much from that balance at once.
    fn draw(account: &AccountId, most: Balance) -> Balance;
    /// What it costs at most.
    fn weight() -> Weight;
}

/// No credit: every bill is paid from the account's own coins.
impl<AccountId> ElectricityCredit<AccountId> for () {
    fn draw(_: &AccountId, _: Balance) -> Balance {
        0
    }
    fn weight() -> Weight {
        Weight::zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_mode_holds_from_its_month_on() {
        let mut site =
            SiteInfo { owner: 1u64, feeder: 0, bus: 18, level: 0, mode: Mode::SelfUse, next: Some((Mode::Market, 5)) };
        assert_eq!([4, 5, 6].map(|month| site.mode_in(month)), [Mode::SelfUse, Mode::Market, Mode::Market]);
        site.next = None;
        assert_eq!(site.mode_in(6), Mode::SelfUse);
    }

    #[test]
    fn without_credit_nothing_is_drawn() {
        assert_eq!(<() as ElectricityCredit<u64>>::draw(&1, 100), 0);
    }
}
