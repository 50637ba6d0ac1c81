//! Genesis: history and settings.

use super::*;
use polkadot_sdk::sp_runtime::BuildStorage;

fn build(joint_prices: GenesisConfig<Test>) {
    let _ = RuntimeGenesisConfig { joint_prices, ..Default::default() }.build_storage();
}

#[test]
fn history_is_analysed_from_block_1_on() {
    test_ext_of(genesis(history(31))).execute_with(|| {
        assert_ok!(JointPrices::check_invariants());
        let expected: Vec<PricePair> = history(31).into_iter().map(|(period, e, c)| pair(period, e, c)).collect();
        assert_eq!(JointPrices::prices(), expected);
        assert_eq!((JointPrices::observations(), Floor::<Test>::get()), (0, 31));
        let window = JointPrices::next_window();
        assert_eq!((window.revision, window.pairs.len()), (1, 31));
        next_block();
        assert_eq!((JointPrices::observations(), JointPrices::revision()), (31, 1));
        assert_eq!(JointPrices::reference(), window.reference);
        assert!(window.reference.is_some());
        assert_ok!(JointPrices::check_invariants());
        // And goes on from there.
        set_period(40);
        assert_noop!(observe(Carbon, 30, 1), Error::<Test>::PeriodClosed);
        add(35, 1, 2);
        assert_eq!(JointPrices::prices().last(), Some(&pair(35, 1, 2)));
    });
}

#[test]
fn without_history_there_is_nothing_to_compute() {
    test_ext_of(genesis(Vec::new())).execute_with(|| {
        assert!(!Dirty::<Test>::get());
        next_block();
        assert_eq!((JointPrices::revision(), JointPrices::reference()), (0, None));
        assert_ok!(JointPrices::check_invariants());
    });
}

#[test]
fn genesis_sets_what_it_says_or_the_default() {
    test_ext_of(genesis(Vec::new())).execute_with(|| {
        let expected = Settings {
            clearing_period: PERIOD,
            window: WINDOW,
            minimum_electricity: LEAST_WH,
            minimum_carbon: LEAST_GRAMS,
        };
        assert_eq!(SettingsOf::<Test>::get(), expected);
    });
    test_ext_of(GenesisConfig::default()).execute_with(|| assert_eq!(SettingsOf::<Test>::get(), Settings::DEFAULT));
}

#[test]
fn a_full_window_of_history_is_taken() {
    test_ext_of(genesis(history(WINDOW.into()))).execute_with(|| {
        assert_eq!(JointPrices::prices().len(), WINDOW as usize);
    });
    let largest = GenesisConfig { window: 1_024, ..genesis(history(1_024)) };
    test_ext_of(largest).execute_with(|| {
        next_block();
        assert_eq!(JointPrices::observations(), 1_024);
    });
}

#[test]
#[should_panic(expected = "chain spec, jointPrices.pairs: more than the window takes")]
fn more_history_than_the_window_takes_is_refused() {
    build(genesis(history(u64::from(WINDOW) + 1)));
}

#[test]
#[should_panic(expected = "chain spec, jointPrices.pairs: periods must be strictly ascending")]
fn history_out_of_order_is_refused() {
    build(genesis(vec![(1, 1, 1), (3, 1, 1), (2, 1, 1)]));
}

#[test]
#[should_panic(expected = "chain spec, jointPrices.pairs: periods must be strictly ascending")]
fn a_period_twice_in_history_is_refused() {
    build(genesis(vec![(1, 1, 1), (1, 1, 1)]));
}

#[test]
#[should_panic(expected = "chain spec, jointPrices.pairs: the last period's end, (period + 1) * clearingPeriod")]
fn a_period_that_cannot_be_over_is_refused() {
    build(genesis(vec![(1, 1, 1), (u64::MAX, 1, 1)]));
}

#[test]
fn the_last_period_that_there_is_may_be_in_history() {
    let last = u64::MAX / PERIOD - 1;
    test_ext_of(genesis(vec![(last, 1, 1)])).execute_with(|| {
        assert_eq!(Floor::<Test>::get(), last + 1);
        assert_ok!(JointPrices::check_invariants());
    });
    let beyond = std::panic::catch_unwind(|| build(genesis(vec![(last + 1, 1, 1)])));
    assert!(beyond.is_err());
}

#[test]
#[should_panic(expected = "chain spec, jointPrices: window must be 30 to 1024 pairs")]
fn a_window_out_of_bounds_is_refused() {
    build(GenesisConfig { window: 29, ..Default::default() });
}

#[test]
fn settings_have_bounds() {
    let good = Settings::DEFAULT;
    let day = good.clearing_period;
    let cases = [
        (true, good),
        (true, Settings { window: 30, clearing_period: 1_000, minimum_electricity: 1, minimum_carbon: 1 }),
        (true, Settings { window: 1_024, clearing_period: 366 * day, ..good }),
        (false, Settings { window: 1_025, ..good }),
        (false, Settings { window: 29, ..good }),
        (false, Settings { window: 0, ..good }),
        (false, Settings { clearing_period: 999, ..good }),
        (false, Settings { clearing_period: 0, ..good }),
        (false, Settings { clearing_period: 366 * day + 1, ..good }),
        (false, Settings { minimum_electricity: 0, ..good }),
        (false, Settings { minimum_carbon: 0, ..good }),
    ];
    for (expected, settings) in cases {
        assert_eq!(settings.check().is_ok(), expected, "{settings:?}");
    }
}
