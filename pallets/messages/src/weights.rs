//! Weights.
//!
//! Estimates: reads and writes counted from the code, times from the operations' measured costs on one core of 2.5 GHz
//! (BLAKE2b-256 of 100 bytes in wasm: 2 µs), rounded up by at least a factor of two.

use polkadot_sdk::frame_support::weights::{constants::ParityDbWeight, Weight};

/// What the pallet's calls and hooks cost.
pub trait WeightInfo {
    /// [`crate::Call::deliver`] with this many leaves: without headers, without looking up the one that the leaves are
    /// proven against, without what the receiver does and without [`WeightInfo::forget`].
    fn deliver(leaves: u32) -> Weight;
    /// Forgetting this many receipts.
    fn forget(receipts: u32) -> Weight;
    /// Sending one message.
    fn send() -> Weight;
    /// The root of a subtree of this many leaves.
    fn root(leaves: u32) -> Weight;
    /// [`crate::Call::pause`].
    fn pause() -> Weight;
    /// [`crate::Call::resume`].
    fn resume() -> Weight;
    /// [`crate::Call::resolve`], without what the light client does.
    fn resolve() -> Weight;
}

/// Estimates for ParityDB.
pub struct Estimated;

impl WeightInfo for Estimated {
    fn deliver(leaves: u32) -> Weight {
        // Per leaf: at most 34 hashes of its proof, 2 of its own, the leaf hashes of a full outbox read and written
        // (32 KiB); one entry of a map.
        let each = Weight::from_parts(400_000_000, 300).saturating_add(ParityDbWeight::get().reads_writes(1, 1));
        // Once a call. Reads: anchor, conflict, own genesis, pause, deficit and the lanes' seven values. Writes: these
        // seven but for one of the nonces, the root, the deficit.
        Weight::from_parts(50_000_000, 80_000)
            .saturating_add(ParityDbWeight::get().reads_writes(12, 8))
            .saturating_add(each.saturating_mul(leaves.into()))
    }

    fn forget(receipts: u32) -> Weight {
        Weight::from_parts(2_000_000, 100)
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_mul(receipts.into())
    }

    fn send() -> Weight {
        // Reads: anchor, conflict, own genesis, pause, sent and its hash, settled, length of the leaf hashes. Writes:
        // message, leaf hashes, sent and its hash, root.
        Weight::from_parts(60_000_000, 40_000).saturating_add(ParityDbWeight::get().reads_writes(8, 5))
    }

    fn root(leaves: u32) -> Weight {
        // Reads: root, both vectors of leaf hashes, the six values of the state. Writes: root.
        Weight::from_parts(30_000_000, 80_000)
            .saturating_add(Weight::from_parts(5_000_000, 0).saturating_mul(leaves.into()))
            .saturating_add(ParityDbWeight::get().reads_writes(9, 1))
    }

    fn pause() -> Weight {
        Weight::from_parts(30_000_000, 1_000).saturating_add(ParityDbWeight::get().reads_writes(3, 2))
    }

    fn resume() -> Weight {
        Weight::from_parts(30_000_000, 1_000).saturating_add(ParityDbWeight::get().reads_writes(3, 2))
    }

    fn resolve() -> Weight {
        // Hashes as for a leaf of `deliver`. Reads: anchor, conflict, own genesis, received and its hash, two totals,
        // deficit. Writes: deficit.
        Weight::from_parts(200_000_000, 4_000).saturating_add(ParityDbWeight::get().reads_writes(8, 1))
    }
}

impl WeightInfo for () {
    fn deliver(leaves: u32) -> Weight {
        Estimated::deliver(leaves)
    }
    fn forget(receipts: u32) -> Weight {
        Estimated::forget(receipts)
    }
    fn send() -> Weight {
        Estimated::send()
    }
    fn root(leaves: u32) -> Weight {
        Estimated::root(leaves)
    }
    fn pause() -> Weight {
        Estimated::pause()
    }
    fn resume() -> Weight {
        Estimated::resume()
    }
    fn resolve() -> Weight {
        Estimated::resolve()
    }
}
