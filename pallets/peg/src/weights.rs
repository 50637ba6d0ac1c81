//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::transfer`], without the message.
    fn transfer() -> Weight;
    /// [`crate::Call::claim`].
    fn claim() -> Weight;
    /// [`crate::Call::set_limits`].
    fn set_limits() -> Weight;
    /// Acting on a received transfer.
    fn receive_transfer() -> Weight;
    /// Acting on what became of a sent one.
    fn settle_transfer() -> Weight;
    /// The start of a block at which this many payouts are made from the queue.
    fn serve_queue(payouts: u32) -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

/// One payout, made or left unclaimed. Reads: five counters, coins held, two accounts, what is unclaimed. Writes: two
/// accounts, coins held, three counters at most.
fn payout() -> Weight {
    Weight::from_parts(120_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(9, 6))
}

impl WeightInfo for Estimated {
    fn transfer() -> Weight {
        // Reads: limits, four counters, coins held, two accounts. Writes: two accounts, coins held, one counter.
        Weight::from_parts(120_000_000, 8_000).saturating_add(ParityDbWeight::get().reads_writes(8, 4))
    }

    fn claim() -> Weight {
        // Both parts are paid on their own.
        payout().saturating_mul(2).saturating_add(ParityDbWeight::get().reads_writes(3, 3))
    }

    fn set_limits() -> Weight {
        Weight::from_parts(30_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(1, 2))
    }

    fn receive_transfer() -> Weight {
        // Reads: two totals, both ends of the queue, limits, period. Writes: two totals, the period. A queue entry
        // instead of a payout costs less.
        payout().saturating_add(ParityDbWeight::get().reads_writes(6, 3))
    }

    fn settle_transfer() -> Weight {
        payout()
    }

    fn serve_queue(payouts: u32) -> Weight {
        // Reads: limits, period, the freeze, the queue's head, its first entry. Writes: the period. Per payout: the next entry, the
        // head and the total, written back.
        let each = payout().saturating_add(ParityDbWeight::get().reads_writes(3, 3));
        Weight::from_parts(20_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads_writes(5, 1))
            .saturating_add(each.saturating_mul(payouts.into()))
    }
}

impl WeightInfo for () {
    fn transfer() -> Weight {
        Estimated::transfer()
    }
    fn claim() -> Weight {
        Estimated::claim()
    }
    fn set_limits() -> Weight {
        Estimated::set_limits()
    }
    fn receive_transfer() -> Weight {
        Estimated::receive_transfer()
    }
    fn settle_transfer() -> Weight {
        Estimated::settle_transfer()
    }
    fn serve_queue(payouts: u32) -> Weight {
        Estimated::serve_queue(payouts)
    }
}
