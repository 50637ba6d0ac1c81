//! Benchmarks: one for each function of [`crate::WeightInfo`], at what costs most.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use super::*;
use gridpeg_market::{
    fee::{Branch, MAX_BUSES},
    traits::{Feeders as _, Metering as _},
};
use polkadot_sdk::{
    frame_benchmarking::v2::*,
    frame_support::{
        storage::unhashed,
        traits::{EnsureOrigin, PalletInfoAccess},
    },
    frame_system::{pallet_prelude::BlockNumberFor, RawOrigin},
    sp_core::{crypto::KeyTypeId, sr25519::Public},
    sp_io::{
        crypto::{sr25519_generate, sr25519_sign},
        hashing::twox_128,
    },
    sp_runtime::traits::Zero,
};
use types::{signed_bytes, BenchmarkHelper, Quality, MAX_PRUNED};

/// Keys of devices in the keystore.
const KEYS: KeyTypeId = KeyTypeId(*b"gpme");
/// The slot in which a benchmark is, at its beginning: slots 4 to 6 are open.
const NOW: Slot = 7;

/// Nothing of what genesis has, a calendar with two slots a month, so that neighbours are in different months, and the
/// clock in slot 7.
fn set_up<T: Config>() {
    let prefix = twox_128(<Pallet<T> as PalletInfoAccess>::name().as_bytes());
    let _ = unhashed::clear_prefix(&prefix, None, None);
    let calendar = Calendar { start: 1_000_000, slot_length: 10_000, slots_per_month: 2 };
    SettingsOf::<T>::put(Settings { calendar, correction_window: 30_000, owner_delay: 10_000 });
    set_slot::<T>(NOW);
}

/// It is the beginning of this slot.
fn set_slot<T: Config>(slot: Slot) {
    T::BenchmarkHelper::set_time(SettingsOf::<T>::get().calendar.begin(slot));
}

fn operator<T: Config>() -> T::AccountId {
    account("operator", 0, 0)
}

fn owner<T: Config>() -> T::AccountId {
    account("owner", 0, 0)
}

fn other<T: Config>() -> T::AccountId {
    account("other", 0, 0)
}

/// A feeder with this many buses in a row.
fn chain(buses: u32) -> Tables {
    let branches = (1..buses).map(|from| Branch { from: from as Bus, impedance: 1 });
    Tables::Given {
        voltages: Feeder {
            base: BoundedVec::truncate_from(alloc::vec![1_000_000_000; buses as usize]),
            sensitivities: BoundedVec::truncate_from(alloc::vec![1; (buses * buses) as usize]),
            lower: 1,
            upper: 2,
        },
        lines: Lines { branches: BoundedVec::truncate_from(branches.collect()) },
    }
}

/// Feeder 0, and site 0 on it.
fn add_site<T: Config>() -> Result<(), BenchmarkError> {
    set_up::<T>();
    Pallet::<T>::do_register_feeder(operator::<T>(), Tables::Ieee33)?;
    let site = SiteInfo { owner: owner::<T>(), feeder: 0, bus: 18, level: 0, mode: Mode::Market, next: None };
    Pallet::<T>::do_register_site(operator::<T>(), site)?;
    Ok(())
}

/// The key of all devices.
fn key() -> Public {
    sr25519_generate(KEYS, None)
}

fn device(key: &Public) -> Device {
    Device { capacity: 36_000, key: key.0, start: 0 }
}

/// A meter in service since slot 0 with readings of slots 0, 4 and 6, all of them in months of their own.
fn add_meter<T: Config>(key: &Public, site: SiteId) -> Result<MeterId, BenchmarkError> {
    let meter = Next::<T>::get().meter;
    set_slot::<T>(0);
    Pallet::<T>::do_register_meter(operator::<T>(), site, Direction::Generation, device(key))?;
    for slot in [0, 4, 6] {
        set_slot::<T>(slot + 1);
        let item = item::<T>(key, meter, slot, 10, 20 * Wh::from(slot + 1), 0);
        assert_eq!(Pallet::<T>::do_submit_readings(&[item]).pays_fee, frame_support::dispatch::Pays::No);
    }
    set_slot::<T>(NOW);
    Ok(meter)
}

fn item<T: Config>(key: &Public, meter: MeterId, slot: Slot, energy: Wh, counter: Wh, revision: u8) -> SignedReading {
    let reading = Reading { energy, counter, quality: Quality::Measured, revision };
    let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
    let signature = sr25519_sign(KEYS, key, &signed_bytes(genesis, meter, slot, &reading)).unwrap();
    SignedReading { meter, slot, reading, signature: signature.0 }
}

/// A site for the meters of a batch, eight at each.
fn add_meters<T: Config>(key: &Public, count: u32) -> Result<(), BenchmarkError> {
    add_site::<T>()?;
    for number in 0..count {
        let site = number / MAX_METERS;
        if site >= Next::<T>::get().site {
            let info = Sites::<T>::get(0).unwrap();
            Pallet::<T>::do_register_site(operator::<T>(), info)?;
        }
        add_meter::<T>(key, site)?;
    }
    Ok(())
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_feeder(b: Linear<1, MAX_BUSES>) -> Result<(), BenchmarkError> {
        let origin = T::AuthorityOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        set_up::<T>();
        let given = chain(b);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, operator::<T>(), given);

        assert_eq!(Feeders::<T>::get(0).unwrap().buses, b);
        Ok(())
    }

    #[benchmark]
    fn set_operator() -> Result<(), BenchmarkError> {
        let origin = T::AuthorityOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        add_site::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 0, other::<T>());

        assert_eq!(Feeders::<T>::get(0).unwrap().operator, other::<T>());
        Ok(())
    }

    #[benchmark]
    fn register_site() -> Result<(), BenchmarkError> {
        add_site::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), owner::<T>(), 0, 33, 7, Mode::Market);

        assert!(Sites::<T>::contains_key(1));
        Ok(())
    }

    #[benchmark]
    fn register_meter() -> Result<(), BenchmarkError> {
        let key = key();
        add_meters::<T>(&key, MAX_METERS - 1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), 0, Direction::Import, device(&key));

        assert!(Meters::<T>::contains_key(MAX_METERS - 1));
        Ok(())
    }

    #[benchmark]
    fn replace_meter() -> Result<(), BenchmarkError> {
        let key = key();
        add_meters::<T>(&key, MAX_METERS - 1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), MAX_METERS - 2, 200, device(&key));

        assert!(Meters::<T>::get(MAX_METERS - 2).unwrap().end.is_some());
        Ok(())
    }

    #[benchmark]
    fn retire_meter() -> Result<(), BenchmarkError> {
        let key = key();
        add_meters::<T>(&key, MAX_METERS)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), MAX_METERS - 1, 200);

        assert!(Meters::<T>::get(MAX_METERS - 1).unwrap().end.is_some());
        Ok(())
    }

    #[benchmark]
    fn set_key() -> Result<(), BenchmarkError> {
        add_meters::<T>(&key(), 1)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), 0, [7; 32]);

        assert_eq!(Meters::<T>::get(0).unwrap().key, [7; 32]);
        Ok(())
    }

    #[benchmark]
    fn set_mode() -> Result<(), BenchmarkError> {
        add_site::<T>()?;
        set_slot::<T>(0);
        Pallet::<T>::do_set_mode(owner::<T>(), 0, Mode::SelfUse, 1)?;
        set_slot::<T>(NOW);
        Pallet::<T>::note_settled(2);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner::<T>()), 0, Mode::AllToGrid, 9);

        assert_eq!(Sites::<T>::get(0).unwrap().next, Some((Mode::AllToGrid, 9)));
        Ok(())
    }

    #[benchmark]
    fn propose_owner() -> Result<(), BenchmarkError> {
        add_site::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(owner::<T>()), 0, other::<T>());

        assert!(Proposals::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn recover_owner() -> Result<(), BenchmarkError> {
        add_site::<T>()?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), 0, other::<T>());

        assert!(Proposals::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn cancel_owner() -> Result<(), BenchmarkError> {
        add_site::<T>()?;
        Pallet::<T>::do_recover_owner(operator::<T>(), 0, other::<T>())?;

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), 0);

        assert!(!Proposals::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn confirm_owner() -> Result<(), BenchmarkError> {
        add_site::<T>()?;
        Pallet::<T>::do_recover_owner(operator::<T>(), 0, other::<T>())?;
        set_slot::<T>(NOW + 1);

        #[extrinsic_call]
        _(RawOrigin::Signed(operator::<T>()), 0, other::<T>());

        assert_eq!(Sites::<T>::get(0).unwrap().owner, other::<T>());
        Ok(())
    }

    /// Readings of as many meters, between others, each with two months to change.
    #[benchmark]
    fn submit_readings(n: Linear<0, { T::MaxBatch::get() }>) -> Result<(), BenchmarkError> {
        let key = key();
        add_meters::<T>(&key, n)?;
        let items = (0..n).map(|meter| item::<T>(&key, meter, 5, 10, 120, 0));
        let readings: BoundedVec<SignedReading, T::MaxBatch> = BoundedVec::truncate_from(items.collect());

        #[extrinsic_call]
        _(RawOrigin::Signed(other::<T>()), readings);

        assert!((0..n).all(|meter| Readings::<T>::contains_key(5u32.to_be_bytes(), meter)));
        Ok(())
    }

    #[benchmark]
    fn close_year() -> Result<(), BenchmarkError> {
        add_meters::<T>(&key(), 1)?;
        Pallet::<T>::note_green(0, 0, 50);
        set_slot::<T>(100);
        Pallet::<T>::note_settled(90);
        // Every month has something.
        for month in 0..12 {
            Months::<T>::insert(0, month, MonthTotal { energy: 5, caught_up: 5 });
        }

        #[extrinsic_call]
        _(RawOrigin::Signed(other::<T>()), 0, 0);

        assert_eq!(Statements::<T>::get(0, 0).unwrap().quota, 70);
        Ok(())
    }

    /// As many readings, each the last of its meter.
    #[benchmark]
    fn prune(n: Linear<0, MAX_PRUNED>) -> Result<(), BenchmarkError> {
        set_up::<T>();
        let reading = Reading { energy: 10, counter: 10, quality: Quality::Measured, revision: 0 };
        for meter in 0..n {
            let mut journal = Journal::new(0);
            journal.marks.set(0);
            Journals::<T>::insert(meter, journal);
            Readings::<T>::insert(0u32.to_be_bytes(), meter, Counted { reading, caught_up: 0 });
        }
        Pallet::<T>::note_settled(0);

        #[block]
        {
            let _ = Pallet::<T>::prune(Weight::MAX);
        }

        assert_eq!(Readings::<T>::iter_keys().count(), 0);
        Ok(())
    }

    /// What a site has caught up, with as many meters as there can be, all of which end in that slot.
    #[benchmark]
    fn ask() -> Result<(), BenchmarkError> {
        add_meters::<T>(&key(), MAX_METERS)?;
        set_slot::<T>(6);
        for meter in 0..MAX_METERS {
            // The last reading shows 140.
            Pallet::<T>::do_retire_meter(operator::<T>(), meter, 150)?;
        }
        let found;

        #[block]
        {
            found = Pallet::<T>::caught_up(0, 6, Direction::Generation);
        }

        // The reading's counter has gone on by 40 since slot 4, 30 more than its energy; 10 more at the end.
        assert_eq!(found, Wh::from(MAX_METERS) * 40);
        Ok(())
    }

    /// Of the largest feeder.
    #[benchmark]
    fn tables() -> Result<(), BenchmarkError> {
        set_up::<T>();
        Pallet::<T>::do_register_feeder(operator::<T>(), chain(MAX_BUSES))?;
        let found;

        #[block]
        {
            found = Pallet::<T>::feeder(0);
        }

        assert!(found.is_some());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
