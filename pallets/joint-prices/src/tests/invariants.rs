//! That the check of the invariants finds what it looks for.

use super::*;
use polkadot_sdk::sp_runtime::BoundedVec;

fn finds(number: &str, damage: fn()) {
    new_test_ext().execute_with(|| {
        for period in 0..31 {
            let (electricity, carbon) = prices_of(period);
            set_period(period + 1);
            add(period, electricity, carbon);
        }
        set_period(50);
        assert_ok!(observe(Carbon, 40, 1));
        next_block();
        assert_ok!(JointPrices::check_invariants());
        damage();
        match JointPrices::check_invariants() {
            Err(DispatchError::Other(error)) => assert!(error.starts_with(number), "{number}: {error}"),
            other => panic!("{number}: {other:?}"),
        }
    });
}

/// Replaces the open periods by these.
fn open(periods: &[OpenPeriod]) {
    Open::<Test>::set(BoundedVec::truncate_from(periods.to_vec()));
}

fn reported(period: u64) -> OpenPeriod {
    OpenPeriod { period, electricity: None, carbon: Some(Report::Qualified(1)) }
}

#[test]
fn every_invariant_is_found_broken() {
    let damages: [(&str, fn()); 13] = [
        ("joint-prices 1:", || SettingsOf::<Test>::mutate(|settings| settings.window = 0)),
        ("joint-prices 2:", || Pairs::<Test>::mutate(|pairs| pairs[0].period = 1)),
        ("joint-prices 2:", || SettingsOf::<Test>::mutate(|settings| settings.window = 30)),
        ("joint-prices 3:", || Floor::<Test>::put(30)),
        ("joint-prices 4:", || open(&[reported(41), reported(40)])),
        ("joint-prices 4:", || open(&[reported(40), reported(40)])),
        ("joint-prices 4:", || Floor::<Test>::put(41)),
        ("joint-prices 4:", || set_period(40)),
        ("joint-prices 5:", || open(&[OpenPeriod { carbon: None, ..reported(40) }])),
        ("joint-prices 5:", || open(&[OpenPeriod { electricity: Some(Report::Qualified(1)), ..reported(40) }])),
        ("joint-prices 6:", || UValues::<Test>::mutate(|pairs| pairs[3].1 ^= 1)),
        ("joint-prices 6:", || Pairs::<Test>::mutate(|pairs| pairs[3].carbon = 0)),
        ("joint-prices 7:", || Reference::<Test>::kill()),
    ];
    for (number, damage) in damages {
        finds(number, damage);
    }
}
