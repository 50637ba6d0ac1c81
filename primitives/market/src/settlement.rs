//! From contracts and metered energy to the lines of a bill.
//!
//! A slot is settled when its readings are frozen, in two rounds over the trades of a site, in the order of their
//! numbers: as a seller against what it exported, as a buyer against what it imported.
//!
//! **1. What counts for which trade** ([`Allocation`]). First in, first out: each trade gets min(contract, what is left
//! of the metered energy). A trade is *settled* with the smaller of what its seller's and what its buyer's round gave
//! it, so that both bills have the same quantity.
//!
//! **2. The bill** ([`Billing`], or [`seller_bill`] and [`buyer_bill`] in one go).
//!
//! | line | who | quantity | price | |
//! |---|---|---|---|---|
//! | [`Item::Sale`] | seller | settled | the trade's | credit, rounded down |
//! | [`Item::Purchase`] | buyer | settled | the trade's | debit, the same amount |
//! | [`Item::NetworkFee`] | buyer | settled | the trade's network fee | debit to the grid |
//! | [`Item::Penalty`] | both | contracts − own allocation − free band | penalty | debit to the grid |
//! | [`Item::Surplus`] | seller | exported − settled | feed-in price | credit from the grid, rounded down |
//! | [`Item::Residual`] | buyer | imported − settled | tariff | debit to the grid |
//! | [`Item::LateSurplus`] | seller | exported, not read in its slot | feed-in price | as the surplus |
//! | [`Item::LateResidual`] | buyer | imported, not read in its slot | tariff | as the residual |
//!
//! Each side answers for its own deviation only: if the seller delivers less, the buyer takes the rest from the grid at
//! the tariff; if the buyer takes less, the seller gives the rest to the grid at the feed-in price. The free band is a
//! share of all the site's contracts in the slot on that side, rounded down to Wh. A buyer whose meter says nothing is
//! taken to have imported what it contracted. A line of no quantity is left out.
//!
//! **Late energy.** A counter goes on in slots without a reading. What a reading's counter has gone on beyond the
//! reading's energy is billed with that reading's slot, between the site and the grid, at that slot's prices: it meets
//! no contract, and costs no penalty. What was imported late is set off against what was billed as contracted while the
//! meter said nothing ([`set_off`]), so that it is not billed twice.
//!
//! **Rounding.** All that one bill owes to the grid is rounded up once: a line's amount is what it adds to the rounded
//! sum. So however many trades an order is cut into, trades, fees and penalty of a site never come to more than its
//! orders hold ([`hold_of_bid`], [`hold_of_ask`]). Residuals are not held for.
//!
//! Sums of energy saturate at 2⁶⁴ − 1 Wh. Those of money are exact as long as energy and prices are within the bounds
//! of [`crate::units`] and what a bill owes stays below 2¹²⁸ · 10⁻¹⁵ coin.

use crate::{
    book::Side,
    units::{money_up, share_of, turnover_up, Balance, BasisPoints, FinePrice, Price, Wh},
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What a bid holds: what it can cost at most, by trades at its limit with the highest network fee, or by taking
/// nothing and paying the penalty. Rounded up; `None` if it overflows.
pub fn hold_of_bid(quantity: Wh, limit: Price, highest_fee: Price, penalty: Price) -> Option<Balance> {
    let each = limit.checked_add(highest_fee)?.max(penalty);
    u128::from(quantity).checked_mul(each).map(money_up)
}

/// What an ask holds: the penalty for delivering nothing, without the free band. Rounded up; `None` if the penalty is
/// above [`MAX_PRICE`](crate::units::MAX_PRICE).
pub fn hold_of_ask(quantity: Wh, penalty: Price) -> Option<Balance> {
    turnover_up(quantity, penalty)
}

/// Gives metered energy to trades, first in, first out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Allocation {
    left: Wh,
}

impl Allocation {
    /// All of the energy is there. Without a reading every contract is taken for met.
    pub fn new(actual: Option<Wh>) -> Self {
        Self { left: actual.unwrap_or(Wh::MAX) }
    }

    /// What counts for the next trade: min(contract, what is left).
    pub fn take(&mut self, contract: Wh) -> Wh {
        let allocated = contract.min(self.left);
        self.left = self.left.saturating_sub(allocated);
        allocated
    }
}

/// A trade as one of its two sides sees it, after the first round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Contract {
    /// The trade's number.
    pub trade: u32,
    /// What was agreed on.
    pub quantity: Wh,
    /// At which price.
    pub price: FinePrice,
    /// The network fee, which the buyer pays.
    pub fee: Price,
    /// What this side's first round gave it.
    pub allocated: Wh,
    /// The smaller of what both sides' first rounds gave it.
    pub settled: Wh,
}

/// The prices of what is not traded, and what deviations cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Terms {
    /// Share of the contracts that may go unmet for nothing.
    pub free_band: BasisPoints,
    /// Penalty beyond that.
    pub penalty: Price,
    /// What the grid pays for surplus: the feed-in price, or the benchmark price for a site that sells all to the grid.
    pub surplus: Price,
    /// What the grid takes for the rest: the tariff of the site's voltage level.
    pub residual: Price,
}

/// What a line is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Item {
    /// Energy sold in a trade.
    #[codec(index = 0)]
    Sale,
    /// Energy bought in a trade.
    #[codec(index = 1)]
    Purchase,
    /// The network fee of a trade.
    #[codec(index = 2)]
    NetworkFee,
    /// Contracts not met, beyond the free band.
    #[codec(index = 3)]
    Penalty,
    /// Energy exported and not sold in a trade.
    #[codec(index = 4)]
    Surplus,
    /// Energy imported and not bought in a trade.
    #[codec(index = 5)]
    Residual,
    /// Energy exported in earlier slots without a reading.
    #[codec(index = 6)]
    LateSurplus,
    /// Energy imported in earlier slots without a reading, beyond what was billed as contracted there.
    #[codec(index = 7)]
    LateResidual,
}

impl Item {
    /// Whether the bill's owner gets the amount; otherwise it is owed.
    pub fn is_credit(self) -> bool {
        matches!(self, Self::Sale | Self::Surplus | Self::LateSurplus)
    }

    /// Whether the other party is the grid; otherwise it is the trade's other side.
    pub fn is_with_grid(self) -> bool {
        !matches!(self, Self::Sale | Self::Purchase)
    }
}

/// A line of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Line {
    /// What it is about.
    pub item: Item,
    /// The trade's number, if it is about one.
    pub trade: Option<u32>,
    /// Energy.
    pub quantity: Wh,
    /// Price of the energy.
    pub price: FinePrice,
    /// Money.
    pub amount: Balance,
}

/// One side of a site's slot while its bill is written, trade by trade. It can be kept from one block to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Billing {
    side: Side,
    contracted: Wh,
    allocated: Wh,
    settled: Wh,
    /// What is owed to the grid, in 10⁻¹⁵ coin: not rounded yet.
    owed: u128,
}

impl Billing {
    /// A bill without lines: of a seller ([`Side::Ask`]) or a buyer ([`Side::Bid`]).
    pub fn new(side: Side) -> Self {
        Self { side, contracted: 0, allocated: 0, settled: 0, owed: 0 }
    }

    /// Σ contracts so far, in Wh.
    pub fn contracted(&self) -> Wh {
        self.contracted
    }

    /// Adds the lines of a trade, at most two. Trades in the order of their numbers.
    pub fn trade(&mut self, contract: &Contract, lines: &mut Vec<Line>) {
        let allocated = contract.allocated.min(contract.quantity);
        let settled = contract.settled.min(allocated);
        self.contracted = self.contracted.saturating_add(contract.quantity);
        self.allocated = self.allocated.saturating_add(allocated);
        self.settled = self.settled.saturating_add(settled);
        if settled == 0 {
            return;
        }
        let trade = Some(contract.trade);
        let item = match self.side {
            Side::Ask => Item::Sale,
            Side::Bid => Item::Purchase,
        };
        let amount = contract.price.turnover(settled);
        lines.push(Line { item, trade, quantity: settled, price: contract.price, amount });
        if self.side == Side::Bid {
            lines.extend(self.owe(Item::NetworkFee, trade, settled, contract.fee));
        }
    }

    /// Adds the lines that are about no trade, at most three. `actual`: what was exported or imported; without a
    /// reading what was contracted. `late`: what of earlier slots is billed now.
    pub fn close(mut self, actual: Option<Wh>, late: Wh, terms: &Terms, lines: &mut Vec<Line>) {
        let band = share_of(u128::from(self.contracted), terms.free_band);
        let band = Wh::try_from(band).unwrap_or(Wh::MAX);
        let unmet = self.contracted.saturating_sub(self.allocated).saturating_sub(band);
        lines.extend(self.owe(Item::Penalty, None, unmet, terms.penalty));
        let rest = actual.unwrap_or(self.contracted).saturating_sub(self.settled);
        match self.side {
            Side::Ask => {
                let price = FinePrice::of(terms.surplus);
                let parts = [(Item::Surplus, rest), (Item::LateSurplus, late)];
                let parts = parts.into_iter().filter(|(_, quantity)| *quantity > 0);
                lines.extend(parts.map(|(item, quantity)| {
                    let amount = price.turnover(quantity);
                    Line { item, trade: None, quantity, price, amount }
                }));
            }
            Side::Bid => {
                lines.extend(self.owe(Item::Residual, None, rest, terms.residual));
                lines.extend(self.owe(Item::LateResidual, None, late, terms.residual));
            }
        }
    }

    /// A line that is owed to the grid: its amount is what it adds to the rounded sum.
    fn owe(&mut self, item: Item, trade: Option<u32>, quantity: Wh, price: Price) -> Option<Line> {
        let before = money_up(self.owed);
        self.owed = self.owed.saturating_add(u128::from(quantity).saturating_mul(price));
        let amount = money_up(self.owed).saturating_sub(before);
        (quantity > 0).then(|| Line { item, trade, quantity, price: FinePrice::of(price), amount })
    }
}

/// Sets late imports off against `assumed`, what was billed as contracted in slots without a reading and is not set off
/// yet. Returns what is left to bill, and what is left of `assumed`.
pub fn set_off(late: Wh, assumed: Wh) -> (Wh, Wh) {
    (late.saturating_sub(assumed), assumed.saturating_sub(late))
}

/// All lines of one side of a site's slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Lines, trades first.
    pub lines: Vec<Line>,
}

impl Bill {
    /// Sum of the credits.
    pub fn credit(&self) -> Balance {
        self.sum(|line| line.item.is_credit())
    }

    /// Sum of the debits.
    pub fn debit(&self) -> Balance {
        self.sum(|line| !line.item.is_credit())
    }

    fn sum(&self, of: impl Fn(&Line) -> bool) -> Balance {
        self.lines.iter().filter(|line| of(line)).fold(0, |sum, line| sum.saturating_add(line.amount))
    }
}

/// The bill of what a site sold: its trades in the order of their numbers, what it exported (0 without a reading), what
/// it exported late.
pub fn seller_bill(contracts: &[Contract], exported: Wh, late: Wh, terms: &Terms) -> Bill {
    bill(Side::Ask, contracts, Some(exported), late, terms)
}

/// The bill of what a site bought: its trades in the order of their numbers, what it imported, if that is known, what
/// it imported late and is not billed yet.
pub fn buyer_bill(contracts: &[Contract], imported: Option<Wh>, late: Wh, terms: &Terms) -> Bill {
    bill(Side::Bid, contracts, imported, late, terms)
}

fn bill(side: Side, contracts: &[Contract], actual: Option<Wh>, late: Wh, terms: &Terms) -> Bill {
    let mut lines = Vec::new();
    let mut billing = Billing::new(side);
    contracts.iter().for_each(|contract| billing.trade(contract, &mut lines));
    billing.close(actual, late, terms, &mut lines);
    Bill { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_messages::units::COIN;

    /// 10 % free, penalty 0.2, feed-in 0.3, tariff 0.6 coin per kWh.
    const TERMS: Terms = Terms { free_band: 1_000, penalty: COIN / 5, surplus: COIN * 3 / 10, residual: COIN * 6 / 10 };

    fn contract(trade: u32, quantity: Wh, allocated: Wh, settled: Wh) -> Contract {
        Contract { trade, quantity, price: FinePrice::of(COIN / 2), fee: COIN / 100, allocated, settled }
    }

    fn short(bill: &Bill) -> Vec<(Item, Option<u32>, Wh, Balance)> {
        bill.lines.iter().map(|line| (line.item, line.trade, line.quantity, line.amount)).collect()
    }

    #[test]
    fn energy_is_allocated_first_in_first_out() {
        let mut allocation = Allocation::new(Some(2_500));
        assert_eq!([1_000, 1_000, 1_000, 1_000].map(|contract| allocation.take(contract)), [1_000, 1_000, 500, 0]);
        let mut unknown = Allocation::new(None);
        assert_eq!([1_000, 7].map(|contract| unknown.take(contract)), [1_000, 7]);
    }

    #[test]
    fn a_seller_who_delivers_all_gets_the_trades_and_the_surplus() {
        let bill = seller_bill(&[contract(0, 1_000, 1_000, 1_000), contract(4, 500, 500, 500)], 2_000, 0, &TERMS);
        let lines = [
            (Item::Sale, Some(0), 1_000, COIN / 2),
            (Item::Sale, Some(4), 500, COIN / 4),
            (Item::Surplus, None, 500, COIN * 15 / 100),
        ];
        assert_eq!(short(&bill), lines);
        assert_eq!((bill.credit(), bill.debit()), (COIN * 9 / 10, 0));
    }

    #[test]
    fn a_seller_pays_for_what_is_missing_beyond_the_band() {
        // 2 kWh contracted, 1.3 delivered; 0.7 missing, 0.2 of it for nothing.
        let bill = seller_bill(&[contract(0, 1_000, 1_000, 1_000), contract(1, 1_000, 300, 300)], 1_300, 0, &TERMS);
        let lines = [
            (Item::Sale, Some(0), 1_000, COIN / 2),
            (Item::Sale, Some(1), 300, COIN * 15 / 100),
            (Item::Penalty, None, 500, COIN / 10),
        ];
        assert_eq!(short(&bill), lines);
        assert_eq!((bill.credit(), bill.debit()), (COIN * 65 / 100, COIN / 10));
    }

    #[test]
    fn within_the_band_nothing_is_due() {
        let bill = seller_bill(&[contract(0, 1_000, 900, 900)], 900, 0, &TERMS);
        assert_eq!(short(&bill), [(Item::Sale, Some(0), 900, COIN * 45 / 100)]);
        let bill = seller_bill(&[contract(0, 1_000, 899, 899)], 899, 0, &TERMS);
        assert_eq!(short(&bill)[1], (Item::Penalty, None, 1, COIN / 5_000));
    }

    #[test]
    fn a_buyer_pays_trade_fee_and_the_rest_at_the_tariff() {
        // Took 1.4 kWh; the seller of the second trade delivered 100 Wh of its 400.
        let bill = buyer_bill(&[contract(2, 1_000, 1_000, 1_000), contract(3, 400, 400, 100)], Some(1_400), 0, &TERMS);
        let lines = [
            (Item::Purchase, Some(2), 1_000, COIN / 2),
            (Item::NetworkFee, Some(2), 1_000, COIN / 100),
            (Item::Purchase, Some(3), 100, COIN / 20),
            (Item::NetworkFee, Some(3), 100, COIN / 1_000),
            (Item::Residual, None, 300, COIN * 18 / 100),
        ];
        assert_eq!(short(&bill), lines);
        assert_eq!((bill.credit(), bill.debit()), (0, COIN * 741 / 1_000));
    }

    #[test]
    fn a_buyer_who_takes_less_pays_the_penalty_and_the_seller_gets_the_feed_in_price() {
        // 1 kWh contracted, taken 0.6: 0.3 beyond the band.
        let bought = buyer_bill(&[contract(0, 1_000, 600, 600)], Some(600), 0, &TERMS);
        let lines = [
            (Item::Purchase, Some(0), 600, COIN * 3 / 10),
            (Item::NetworkFee, Some(0), 600, COIN * 6 / 1_000),
            (Item::Penalty, None, 300, COIN * 6 / 100),
        ];
        assert_eq!(short(&bought), lines);
        let sold = seller_bill(&[contract(0, 1_000, 1_000, 600)], 1_000, 0, &TERMS);
        let lines = [(Item::Sale, Some(0), 600, COIN * 3 / 10), (Item::Surplus, None, 400, COIN * 12 / 100)];
        assert_eq!(short(&sold), lines);
    }

    #[test]
    fn without_a_reading_a_buyer_has_taken_what_was_contracted() {
        let bill = buyer_bill(&[contract(0, 1_000, 1_000, 700)], None, 0, &TERMS);
        assert_eq!(short(&bill)[2], (Item::Residual, None, 300, COIN * 18 / 100));
        assert_eq!(buyer_bill(&[], None, 0, &TERMS), Bill::default());
    }

    #[test]
    fn without_trades_all_is_with_the_grid() {
        assert_eq!(short(&seller_bill(&[], 10, 0, &TERMS)), [(Item::Surplus, None, 10, COIN * 3 / 1_000)]);
        assert_eq!(short(&buyer_bill(&[], Some(10), 0, &TERMS)), [(Item::Residual, None, 10, COIN * 6 / 1_000)]);
        assert_eq!(seller_bill(&[], 0, 0, &TERMS), Bill::default());
    }

    #[test]
    fn what_is_owed_to_the_grid_is_rounded_up_once() {
        // Three fees of a third of a unit each, then a penalty of half of one: 1.5 units in all.
        let terms = Terms { free_band: 0, penalty: 500, surplus: 0, residual: 1_000 };
        let third = |trade: u32| Contract {
            trade,
            quantity: if trade == 2 { 2 } else { 1 },
            price: FinePrice::of(999),
            fee: [333, 333, 334][trade as usize],
            allocated: 1,
            settled: 1,
        };
        let bill = buyer_bill(&[third(0), third(1), third(2)], Some(5), 0, &terms);
        let amounts: Vec<_> = bill.lines.iter().map(|line| (line.item, line.amount)).collect();
        let expected = [
            (Item::Purchase, 0),
            (Item::NetworkFee, 1),
            (Item::Purchase, 0),
            (Item::NetworkFee, 0),
            (Item::Purchase, 0),
            (Item::NetworkFee, 0),
            (Item::Penalty, 1),
            (Item::Residual, 2),
        ];
        assert_eq!(amounts, expected);
        assert!(bill.debit() <= hold_of_bid(4, 999, 334, 500).unwrap() + 2);
    }

    #[test]
    fn late_energy_meets_no_contract_and_costs_no_penalty() {
        // Half of the contract is met; the late energy does not change that.
        let sold = seller_bill(&[contract(0, 1_000, 500, 500)], 500, 2_000, &TERMS);
        let lines = [
            (Item::Sale, Some(0), 500, COIN / 4),
            (Item::Penalty, None, 400, COIN * 8 / 100),
            (Item::LateSurplus, None, 2_000, COIN * 6 / 10),
        ];
        assert_eq!(short(&sold), lines);
        assert_eq!((sold.credit(), sold.debit()), (COIN * 85 / 100, COIN * 8 / 100));
        let bought = buyer_bill(&[contract(0, 1_000, 1_000, 1_000)], Some(1_200), 300, &TERMS);
        let lines = [
            (Item::Purchase, Some(0), 1_000, COIN / 2),
            (Item::NetworkFee, Some(0), 1_000, COIN / 100),
            (Item::Residual, None, 200, COIN * 12 / 100),
            (Item::LateResidual, None, 300, COIN * 18 / 100),
        ];
        assert_eq!(short(&bought), lines);
        assert_eq!((bought.credit(), bought.debit()), (0, COIN * 81 / 100));
    }

    #[test]
    fn late_imports_are_set_off_against_what_was_billed_as_contracted() {
        assert_eq!(set_off(500, 0), (500, 0));
        assert_eq!(set_off(500, 200), (300, 0));
        assert_eq!(set_off(500, 700), (0, 200));
        assert_eq!(set_off(0, Wh::MAX), (0, Wh::MAX));
    }

    #[test]
    fn holds_by_hand() {
        assert_eq!(hold_of_bid(1_500, 1_000, 1, 0), Some(1_502));
        assert_eq!(hold_of_bid(1_500, 1_000, 1, 2_000), Some(3_000));
        assert_eq!(hold_of_bid(Wh::MAX, Price::MAX, 1, 0), None);
        assert_eq!(hold_of_bid(Wh::MAX, Price::MAX - 1, 1, 0), None);
        assert_eq!(hold_of_ask(1, 1), Some(1));
        assert_eq!(hold_of_ask(2_000, 3), Some(6));
        assert_eq!(hold_of_ask(1, Price::MAX), None);
    }
}
