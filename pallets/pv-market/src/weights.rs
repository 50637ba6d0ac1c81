//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two. What metering,
//! feeders, credit and the window of prices take is not in them.
//!
//! A hold placed or released, or coins paid from one, reads and writes the account and its holds; a payment both
//! accounts.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::place`].
    fn place() -> Weight;
    /// [`crate::Call::replace`].
    fn replace() -> Weight;
    /// [`crate::Call::cancel`].
    fn cancel() -> Weight;
    /// [`crate::Call::pay_arrears`].
    fn pay_arrears() -> Weight;
    /// [`crate::Call::collect`].
    fn collect() -> Weight;
    /// [`crate::Call::set_terms`].
    fn set_terms() -> Weight;
    /// [`crate::Call::set_grid`].
    fn set_grid() -> Weight;
    /// A hook that finds nothing to do.
    fn work() -> Weight;
    /// Passing by a slot without books, or taking up a book.
    fn pass_slot() -> Weight;
    /// A portion of the matching in which so many steps make a trade, and others none.
    fn clear(trades: u32, others: u32) -> Weight;
    /// An order that leaves its cleared book.
    fn empty_order() -> Weight;
    /// A book from which all orders have left.
    fn close_book() -> Weight;
    /// Reporting a clearing period.
    fn report_period() -> Weight;
    /// Forgetting an account that traded in a clearing period.
    fn forget_party() -> Weight;
    /// Taking up a slot to settle, its next book, and closing it.
    fn settle_slot() -> Weight;
    /// Settling a trade.
    fn settle_trade() -> Weight;
    /// Billing a site.
    fn bill_site() -> Weight;
    /// Forgetting a trade.
    fn prune_trade() -> Weight;
    /// Forgetting a bill.
    fn prune_bill() -> Weight;
    /// Forgetting a slot of which nothing is left.
    fn prune_slot() -> Weight;
    /// The root of a subtree of this many leaves.
    fn root(leaves: u32) -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

fn weight(nanoseconds: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(nanoseconds.saturating_mul(1_000), proof)
        .saturating_add(ParityDbWeight::get().reads_writes(reads, writes))
}

impl WeightInfo for Estimated {
    fn place() -> Weight {
        // Reads: clock, versions, terms, grid, arrears, number, own orders, book, side, stake, account, holds. Writes:
        // number, own orders, book's size, side, stake, order in book and index, account, holds.
        weight(150_000, 12_000, 12, 9)
    }

    fn replace() -> Weight {
        // A cancellation, and an order.
        Self::cancel().saturating_add(Self::place())
    }

    fn cancel() -> Weight {
        // Reads: index, order, clock, versions, terms, book's size, own orders, side, stake, account, holds. Writes:
        // index, order, book's size, own orders, side, stake, account, holds.
        weight(120_000, 12_000, 11, 8)
    }

    fn pay_arrears() -> Weight {
        // Reads: grid, arrears, total, two accounts. Writes: arrears, total, two accounts.
        weight(120_000, 8_000, 5, 4)
    }

    fn collect() -> Weight {
        weight(120_000, 8_000, 5, 4)
    }

    fn set_terms() -> Weight {
        // Reads: clock, versions, cursors. Writes: versions, terms, and at most 64 forgotten.
        weight(120_000, 8_000, 3, 66)
    }

    fn set_grid() -> Weight {
        weight(30_000, 1_000, 0, 1)
    }

    fn work() -> Weight {
        // Reads: clock, cursors, leaves, the clearing period, versions, what is in clearing and in settlement, the
        // first period, the grid. Writes: cursors once ever; leaves.
        weight(40_000, 8_000, 10, 2)
    }

    fn pass_slot() -> Weight {
        // Reads: cursors, what is in clearing, the slot's first book, versions, terms. Writes: cursors or what is in
        // clearing.
        weight(30_000, 4_000, 5, 1)
    }

    fn clear(trades: u32, others: u32) -> Weight {
        // Once: what is in clearing (4 KB), terms, the period, each read and but for the terms written. A step reads
        // two orders (key and value), and goes through the voltages of 128 buses. A trade writes itself, both orders
        // and both parties, which it reads.
        let fixed = weight(100_000, 12_000, 3, 2);
        let trade = weight(60_000, 2_000, 8, 5).saturating_mul(trades.into());
        let other = weight(20_000, 500, 4, 0).saturating_mul(others.into());
        fixed.saturating_add(trade).saturating_add(other)
    }

    fn empty_order() -> Weight {
        // Reads: order (key and value), own orders, side, stake, account, holds. Writes: order, index, own orders,
        // side, stake, account, holds; what is in clearing.
        weight(100_000, 8_000, 8, 8)
    }

    fn close_book() -> Weight {
        // Writes: book's size, result, what is in clearing, leaf.
        weight(40_000, 4_000, 1, 4)
    }

    fn report_period() -> Weight {
        // Reads: the first period (key and value), cursors. Writes: the period.
        weight(40_000, 4_000, 3, 1)
    }

    fn forget_party() -> Weight {
        weight(10_000, 500, 2, 1)
    }

    fn settle_slot() -> Weight {
        // Reads: cursors, what is in settlement, a book's result (key and value), the stakes that are left. Writes:
        // cursors, what is in settlement.
        weight(40_000, 4_000, 5, 2)
    }

    fn settle_trade() -> Weight {
        // Reads: trade, two stakes, two counts, two accounts, holds. Writes: the same, two numbers, leaf, what is in
        // settlement. If a hold falls short: both accounts' arrears and debts, totals.
        weight(200_000, 16_000, 14, 18)
    }

    fn bill_site() -> Weight {
        // Reads: versions, terms, stake (key and value), debt, arrears, both totals, both accounts, holds, the month's
        // sums, what was assumed. Writes: stake, bill, month, debt, arrears, totals, both accounts, holds, what was
        // assumed, what is in settlement.
        weight(250_000, 16_000, 15, 13)
    }

    fn prune_trade() -> Weight {
        // Reads: cursors, result, trade (key and value). Writes: trade, two numbers, result.
        weight(30_000, 2_000, 4, 4)
    }

    fn prune_bill() -> Weight {
        weight(10_000, 1_000, 2, 1)
    }

    fn prune_slot() -> Weight {
        weight(15_000, 1_000, 3, 1)
    }

    fn root(leaves: u32) -> Weight {
        // Per leaf: 126 bytes read, two hashes.
        weight(30_000, 1_000, 1, 0).saturating_add(weight(12_000, 130, 0, 0).saturating_mul(leaves.into()))
    }
}

impl WeightInfo for () {
    fn place() -> Weight {
        Estimated::place()
    }
    fn replace() -> Weight {
        Estimated::replace()
    }
    fn cancel() -> Weight {
        Estimated::cancel()
    }
    fn pay_arrears() -> Weight {
        Estimated::pay_arrears()
    }
    fn collect() -> Weight {
        Estimated::collect()
    }
    fn set_terms() -> Weight {
        Estimated::set_terms()
    }
    fn set_grid() -> Weight {
        Estimated::set_grid()
    }
    fn work() -> Weight {
        Estimated::work()
    }
    fn pass_slot() -> Weight {
        Estimated::pass_slot()
    }
    fn clear(trades: u32, others: u32) -> Weight {
        Estimated::clear(trades, others)
    }
    fn empty_order() -> Weight {
        Estimated::empty_order()
    }
    fn close_book() -> Weight {
        Estimated::close_book()
    }
    fn report_period() -> Weight {
        Estimated::report_period()
    }
    fn forget_party() -> Weight {
        Estimated::forget_party()
    }
    fn settle_slot() -> Weight {
        Estimated::settle_slot()
    }
    fn settle_trade() -> Weight {
        Estimated::settle_trade()
    }
    fn bill_site() -> Weight {
        Estimated::bill_site()
    }
    fn prune_trade() -> Weight {
        Estimated::prune_trade()
    }
    fn prune_bill() -> Weight {
        Estimated::prune_bill()
    }
    fn prune_slot() -> Weight {
        Estimated::prune_slot()
    }
    fn root(leaves: u32) -> Weight {
        Estimated::root(leaves)
    }
}
