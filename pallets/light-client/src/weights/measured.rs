//! Measured weights of `pallet_light_client`. Written by scripts/weights: whatever is changed by hand is lost.
//!
//! | | |
//! |---|---|
//! | date | 2026-11-23 |
//! | command | `scripts/weights --steps 20 --repeat 10 light-client` |
//! | chain | electricity, release build |
//! | processor | AMD EPYC, 2 threads |
//! | tool | frame-benchmarking-cli 64.0.0, wasm execution Compiled |

use super::WeightInfo;
use core::marker::PhantomData;
use polkadot_sdk::{
    frame_support::{
        traits::Get,
        weights::{constants::ParityDbWeight, Weight},
    },
    frame_system,
};

/// What was measured, and the reads and writes with it at the database's weights that the runtime states.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
    /// Storage: `LightClient::AnchorOf` (r:1 w:1)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AtHeight` (r:1 w:1)
    /// Proof: `LightClient::AtHeight` (`max_values`: None, `max_size`: Some(269), added: 2744, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Best` (r:0 w:1)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:0 w:1)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:0 w:1)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    fn anchor() -> Weight {
        // At least 16_354_000 ps.
        Weight::from_parts(20_190_000, 3_734)
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().writes(5))
    }

    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:65 w:64)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Floor` (r:1 w:0)
    /// Proof: `LightClient::Floor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Best` (r:1 w:1)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AtHeight` (r:64 w:64)
    /// Proof: `LightClient::AtHeight` (`max_values`: None, `max_size`: Some(269), added: 2744, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:65 w:64)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Confirmed` (r:1 w:1)
    /// Proof: `LightClient::Confirmed` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Measured for `h` from 1 to 64.
    fn submit_headers(h: u32) -> Weight {
        // At least 60_340_000 ps.
        Weight::from_parts(68_982_000, 3_742)
            // Standard error: 186_855.
            .saturating_add(Weight::from_parts(41_628_820, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(h.into()))
            .saturating_add(T::DbWeight::get().reads(8))
            .saturating_add(T::DbWeight::get().reads(u64::from(h).saturating_mul(3)))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(u64::from(h).saturating_mul(3)))
    }

    /// Storage: `LightClient::Best` (r:1 w:1)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:578 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:578 w:577)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Confirmed` (r:1 w:0)
    /// Proof: `LightClient::Confirmed` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Floor` (r:1 w:0)
    /// Proof: `LightClient::Floor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:1)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Measured for `s` from 1 to 577.
    fn follow(s: u32) -> Weight {
        // At least 31_046_000 ps.
        Weight::from_parts(31_727_000, 3_742)
            // Standard error: 80_445.
            .saturating_add(Weight::from_parts(11_864_124, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6))
            .saturating_add(T::DbWeight::get().reads(u64::from(s).saturating_mul(2)))
            .saturating_add(T::DbWeight::get().writes(2))
            .saturating_add(T::DbWeight::get().writes(u64::from(s).saturating_mul(1)))
    }

    /// Storage: `LightClient::Best` (r:1 w:0)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:577 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:0)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Floor` (r:1 w:0)
    /// Proof: `LightClient::Floor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Confirmed` (r:1 w:1)
    /// Proof: `LightClient::Confirmed` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:577 w:0)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Measured for `h` from 1 to 577.
    fn confirm(h: u32) -> Weight {
        // At least 15_723_000 ps.
        Weight::from_parts(16_495_000, 1_569)
            // Standard error: 58_399.
            .saturating_add(Weight::from_parts(8_312_683, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(h.into()))
            .saturating_add(T::DbWeight::get().reads(5))
            .saturating_add(T::DbWeight::get().reads(u64::from(h).saturating_mul(2)))
            .saturating_add(T::DbWeight::get().writes(1))
    }

    /// Storage: `LightClient::Floor` (r:1 w:1)
    /// Proof: `LightClient::Floor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Best` (r:1 w:0)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:1 w:512)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AtHeight` (r:64 w:64)
    /// Proof: `LightClient::AtHeight` (`max_values`: None, `max_size`: Some(269), added: 2744, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:0 w:64)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Measured for `h` from 1 to 64.
    fn prune(h: u32) -> Weight {
        // At least 20_661_000 ps.
        Weight::from_parts(22_153_000, 3_742)
            // Standard error: 83_354.
            .saturating_add(Weight::from_parts(17_961_345, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_744).saturating_mul(h.into()))
            .saturating_add(T::DbWeight::get().reads(3))
            .saturating_add(T::DbWeight::get().reads(u64::from(h).saturating_mul(1)))
            .saturating_add(T::DbWeight::get().writes(1))
            .saturating_add(T::DbWeight::get().writes(u64::from(h).saturating_mul(10)))
    }

    /// Storage: `LightClient::AtHeight` (r:578 w:0)
    /// Proof: `LightClient::AtHeight` (`max_values`: None, `max_size`: Some(269), added: 2744, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:4616 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Measured for `h` from 1 to 577.
    fn read_forks(h: u32) -> Weight {
        // At least 29_414_000 ps.
        Weight::from_parts(29_755_000, 3_734)
            // Standard error: 868_594.
            .saturating_add(Weight::from_parts(63_149_258, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 22_016).saturating_mul(h.into()))
            .saturating_add(T::DbWeight::get().reads(1))
            .saturating_add(T::DbWeight::get().reads(u64::from(h).saturating_mul(9)))
    }

    /// Storage: `LightClient::Canonical` (r:1 w:0)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AtHeight` (r:577 w:577)
    /// Proof: `LightClient::AtHeight` (`max_values`: None, `max_size`: Some(269), added: 2744, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:0 w:2048)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Measured for `h` from 1 to 2048.
    fn drop_forks(h: u32) -> Weight {
        // At least 8_753_000 ps.
        Weight::from_parts(671_859_400, 1_427_870)
            // Standard error: 113_065.
            .saturating_add(Weight::from_parts(6_268_393, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 566).saturating_mul(h.into()))
            .saturating_add(T::DbWeight::get().reads(521))
            .saturating_add(T::DbWeight::get().writes(520))
            .saturating_add(T::DbWeight::get().writes(u64::from(h).saturating_mul(1)))
    }

    /// Storage: `LightClient::Best` (r:1 w:0)
    /// Proof: `LightClient::Best` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Headers` (r:10 w:0)
    /// Proof: `LightClient::Headers` (`max_values`: None, `max_size`: Some(277), added: 2752, mode: `MaxEncodedLen`)
    /// Storage: `Timestamp::Now` (r:1 w:0)
    /// Proof: `Timestamp::Now` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::AnchorOf` (r:1 w:0)
    /// Proof: `LightClient::AnchorOf` (`max_values`: Some(1), `max_size`: Some(84), added: 579, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Canonical` (r:10 w:0)
    /// Proof: `LightClient::Canonical` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::ConflictOf` (r:1 w:1)
    /// Proof: `LightClient::ConflictOf` (`max_values`: Some(1), `max_size`: Some(44), added: 539, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Floor` (r:1 w:0)
    /// Proof: `LightClient::Floor` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `LightClient::Confirmed` (r:0 w:1)
    /// Proof: `LightClient::Confirmed` (`max_values`: Some(1), `max_size`: Some(36), added: 531, mode: `MaxEncodedLen`)
    fn proof() -> Weight {
        // At least 307_599_000 ps.
        Weight::from_parts(408_679_000, 28_510)
            .saturating_add(T::DbWeight::get().reads(25))
            .saturating_add(T::DbWeight::get().writes(2))
    }
}

/// The same on ParityDB, for mocks.
impl WeightInfo for () {
    fn anchor() -> Weight {
        Weight::from_parts(20_190_000, 3_734)
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().writes(5))
    }

    fn submit_headers(h: u32) -> Weight {
        Weight::from_parts(68_982_000, 3_742)
            .saturating_add(Weight::from_parts(41_628_820, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(h.into()))
            .saturating_add(ParityDbWeight::get().reads(8))
            .saturating_add(ParityDbWeight::get().reads(u64::from(h).saturating_mul(3)))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(u64::from(h).saturating_mul(3)))
    }

    fn follow(s: u32) -> Weight {
        Weight::from_parts(31_727_000, 3_742)
            .saturating_add(Weight::from_parts(11_864_124, 0).saturating_mul(s.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(6))
            .saturating_add(ParityDbWeight::get().reads(u64::from(s).saturating_mul(2)))
            .saturating_add(ParityDbWeight::get().writes(2))
            .saturating_add(ParityDbWeight::get().writes(u64::from(s).saturating_mul(1)))
    }

    fn confirm(h: u32) -> Weight {
        Weight::from_parts(16_495_000, 1_569)
            .saturating_add(Weight::from_parts(8_312_683, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_752).saturating_mul(h.into()))
            .saturating_add(ParityDbWeight::get().reads(5))
            .saturating_add(ParityDbWeight::get().reads(u64::from(h).saturating_mul(2)))
            .saturating_add(ParityDbWeight::get().writes(1))
    }

    fn prune(h: u32) -> Weight {
        Weight::from_parts(22_153_000, 3_742)
            .saturating_add(Weight::from_parts(17_961_345, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 2_744).saturating_mul(h.into()))
            .saturating_add(ParityDbWeight::get().reads(3))
            .saturating_add(ParityDbWeight::get().reads(u64::from(h).saturating_mul(1)))
            .saturating_add(ParityDbWeight::get().writes(1))
            .saturating_add(ParityDbWeight::get().writes(u64::from(h).saturating_mul(10)))
    }

    fn read_forks(h: u32) -> Weight {
        Weight::from_parts(29_755_000, 3_734)
            .saturating_add(Weight::from_parts(63_149_258, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 22_016).saturating_mul(h.into()))
            .saturating_add(ParityDbWeight::get().reads(1))
            .saturating_add(ParityDbWeight::get().reads(u64::from(h).saturating_mul(9)))
    }

    fn drop_forks(h: u32) -> Weight {
        Weight::from_parts(671_859_400, 1_427_870)
            .saturating_add(Weight::from_parts(6_268_393, 0).saturating_mul(h.into()))
            .saturating_add(Weight::from_parts(0, 566).saturating_mul(h.into()))
            .saturating_add(ParityDbWeight::get().reads(521))
            .saturating_add(ParityDbWeight::get().writes(520))
            .saturating_add(ParityDbWeight::get().writes(u64::from(h).saturating_mul(1)))
    }

    fn proof() -> Weight {
        Weight::from_parts(408_679_000, 28_510)
            .saturating_add(ParityDbWeight::get().reads(25))
            .saturating_add(ParityDbWeight::get().writes(2))
    }
}
