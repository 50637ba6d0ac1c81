//! Weights.
//!
//! Estimates: reads and writes counted from the code, times rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls and hooks, and what others ask of it, cost.
pub trait WeightInfo {
    /// [`crate::Call::register_feeder`] with this many buses.
    fn register_feeder(buses: u32) -> Weight;
    /// [`crate::Call::set_operator`].
    fn set_operator() -> Weight;
    /// [`crate::Call::register_site`].
    fn register_site() -> Weight;
    /// [`crate::Call::register_meter`].
    fn register_meter() -> Weight;
    /// [`crate::Call::replace_meter`].
    fn replace_meter() -> Weight;
    /// [`crate::Call::retire_meter`].
    fn retire_meter() -> Weight;
    /// [`crate::Call::set_key`].
    fn set_key() -> Weight;
    /// [`crate::Call::set_mode`].
    fn set_mode() -> Weight;
    /// [`crate::Call::propose_owner`].
    fn propose_owner() -> Weight;
    /// [`crate::Call::recover_owner`].
    fn recover_owner() -> Weight;
    /// [`crate::Call::cancel_owner`].
    fn cancel_owner() -> Weight;
    /// [`crate::Call::confirm_owner`].
    fn confirm_owner() -> Weight;
    /// [`crate::Call::submit_readings`] with this many.
    fn submit_readings(readings: u32) -> Weight;
    /// [`crate::Call::close_year`], without what becomes of the statement.
    fn close_year() -> Weight;
    /// Time left over in a block in which this many readings are pruned.
    fn prune(readings: u32) -> Weight;
    /// Anything that the market asks or says.
    fn ask() -> Weight;
    /// A feeder's tables.
    fn tables() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

fn estimate(time: u64, proof: u64, reads: u64, writes: u64) -> Weight {
    Weight::from_parts(time, proof).saturating_add(ParityDbWeight::get().reads_writes(reads, writes))
}

impl WeightInfo for Estimated {
    fn register_feeder(buses: u32) -> Weight {
        // Up to 1 KiB a bus, checked and written. Reads: numbers. Writes: numbers, the feeder, both tables.
        estimate(60_000_000, 4_000, 1, 4).saturating_add(Weight::from_parts(20_000_000, 0).saturating_mul(buses.into()))
    }

    fn set_operator() -> Weight {
        // The feeder, read and written.
        estimate(30_000_000, 4_000, 1, 1)
    }

    fn register_site() -> Weight {
        // Reads: the feeder, numbers. Writes: numbers, the site, the owner's list.
        estimate(40_000_000, 4_000, 2, 3)
    }

    fn register_meter() -> Weight {
        // Reads: site, feeder, settings, clock, numbers, the site's list, the last settled slot. Writes: numbers, the
        // site's list, journal, meter.
        estimate(60_000_000, 6_000, 7, 4)
    }

    fn replace_meter() -> Weight {
        // Both of the following and the preceding.
        Self::retire_meter().saturating_add(Self::register_meter())
    }

    fn retire_meter() -> Weight {
        // Reads: meter, site, feeder, settings, clock, journal, two readings, a month, the site's list. Writes: month,
        // journal, meter, the site's list.
        estimate(80_000_000, 8_000, 10, 4)
    }

    fn set_key() -> Weight {
        // Reads: meter, site, feeder. Writes: meter.
        estimate(40_000_000, 4_000, 3, 1)
    }

    fn set_mode() -> Weight {
        // Reads: site, settings, clock, the last settled slot. Writes: site.
        estimate(40_000_000, 4_000, 4, 1)
    }

    fn propose_owner() -> Weight {
        // Reads: site. Writes: proposal.
        estimate(30_000_000, 4_000, 1, 1)
    }

    fn recover_owner() -> Weight {
        // Reads: site, feeder, settings, clock. Writes: proposal.
        estimate(40_000_000, 4_000, 4, 1)
    }

    fn cancel_owner() -> Weight {
        // Reads: site, feeder, proposal. Writes: proposal.
        estimate(40_000_000, 4_000, 3, 1)
    }

    fn confirm_owner() -> Weight {
        // Reads: site, feeder, proposal, clock. Writes: proposal, site, both owners' lists.
        estimate(50_000_000, 4_000, 4, 4)
    }

    fn submit_readings(readings: u32) -> Weight {
        // Reads: settings, clock, genesis hash. Per reading: a signature verified; reads: meter, journal, the reading
        // before it, after it, of its slot and of the base, two months; writes: reading, the one after it (read again)
        // or the meter, journal, two months.
        let each = estimate(200_000_000, 6_000, 9, 5);
        estimate(30_000_000, 4_000, 3, 0).saturating_add(each.saturating_mul(readings.into()))
    }

    fn close_year() -> Weight {
        // Reads: meter, settings, clock, the last settled slot, whether there is a statement, site, twelve months,
        // green sales. Writes: green sales, statement.
        estimate(100_000_000, 8_000, 19, 2)
    }

    fn prune(readings: u32) -> Weight {
        // Reads: the last settled slot, the first reading. Per reading: it and its key, its journal; both are written.
        let each = estimate(30_000_000, 2_000, 3, 2);
        estimate(20_000_000, 2_000, 3, 0).saturating_add(each.saturating_mul(readings.into()))
    }

    fn ask() -> Weight {
        // A site's energy, or what it caught up. Reads: the site's list, up to eight readings, and as many meters that
        // ended in that slot. To note something costs at most three reads and a write.
        estimate(40_000_000, 4_000, 17, 1)
    }

    fn tables() -> Weight {
        // 131 KB at most, read and decoded.
        estimate(400_000_000, 140_000, 1, 0)
    }
}
