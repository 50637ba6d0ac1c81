//! Genesis: settings, and a ready-made start.

use super::*;
use crate::GenesisConfig;
use polkadot_sdk::sp_runtime::BuildStorage;

fn build(metering: GenesisConfig<Test>) {
    let _ = RuntimeGenesisConfig { metering, ..Default::default() }.build_storage();
}

fn site(bus: u16) -> SiteSpec<u64> {
    SiteSpec { owner: OWNER, feeder: 0, bus, level: 0, mode: Mode::Market }
}

fn meter(site: SiteId) -> MeterSpec {
    let key = H256(device(1).public().0);
    MeterSpec { site, direction: Generation, capacity: CAPACITY, key, start: 5, since: 2 }
}

#[test]
fn a_chain_starts_with_what_genesis_says() {
    let config = GenesisConfig { sites: vec![site(2), site(3)], meters: vec![meter(1), meter(1)], ..genesis() };
    test_ext_of(config).execute_with(|| {
        System::set_block_number(1);
        set_slot(3);
        let settings = Settings { calendar: CALENDAR, correction_window: 30_000, owner_delay: OWNER_DELAY };
        assert_eq!(SettingsOf::<Test>::get(), settings);
        assert_eq!((Metering::feeder(0), Metering::lines(0)), (Some(feeder33::feeder()), Some(feeder33::lines())));
        assert_eq!(Metering::site(1).unwrap().bus, 3);
        assert_eq!((Metering::sites_of(OWNER, None), Metering::meters_of(1)), (vec![0, 1], vec![0, 1]));
        assert_eq!((Metering::meter(1).unwrap().since, Metering::meter(1).unwrap().start), (2, 5));
        assert_eq!(read(1, 1, 0, 5), Err(Refusal::BeforeService));
        assert_eq!(read(1, 2, 10, 15), Ok(()));
        // And goes on from there.
        assert_eq!((add_site(OTHER), add_meter(2, Import)), (2, 2));
        assert_ok!(Metering::check_invariants());
    });
}

#[test]
fn the_default_is_in_order_and_empty() {
    test_ext_of(GenesisConfig::default()).execute_with(|| {
        assert_eq!(SettingsOf::<Test>::get(), Settings::default());
        assert_eq!(Metering::next_site(None), None);
        assert_ok!(Metering::check_invariants());
    });
}

#[test]
fn a_chain_spec_says_it_in_camel_case() {
    let json = r#"{
        "calendar": { "start": 1700000000000, "slotLength": 10000, "slotsPerMonth": 4 },
        "correctionWindow": 30000,
        "ownerDelay": 50000,
        "feeders": [{ "operator": 2, "preset": "ieee33" }],
        "sites": [{ "owner": 3, "feeder": 0, "bus": 18, "level": 1, "mode": "allToGrid" }],
        "meters": [
            { "site": 0, "direction": "import", "capacity": 36000,
              "key": "0x0101010101010101010101010101010101010101010101010101010101010101" },
            { "site": 0, "direction": "generation", "capacity": 7,
              "key": "0x0202020202020202020202020202020202020202020202020202020202020202", "start": 9, "since": 8 }
        ]
    }"#;
    let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    let meter = |direction, capacity, key, start, since| MeterSpec {
        site: 0,
        direction,
        capacity,
        key: H256([key; 32]),
        start,
        since,
    };
    assert_eq!(config.meters, [meter(Import, 36_000, 1, 0, 0), meter(Generation, 7, 2, 9, 8)]);
    assert_eq!(config.sites, [SiteSpec { level: 1, mode: Mode::AllToGrid, ..site(18) }]);
    assert_eq!(config.feeders, genesis().feeders);
    assert_eq!(config.calendar, CALENDAR);
    build(config);
    // The lists may be left out.
    let json = r#"{ "calendar": { "start": 0, "slotLength": 900000, "slotsPerMonth": 2922 },
                    "correctionWindow": 900000, "ownerDelay": 1 }"#;
    let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    assert!(config.feeders.is_empty() && config.sites.is_empty() && config.meters.is_empty());
    assert!(serde_json::from_str::<GenesisConfig<Test>>(r#"{ "window": 1 }"#).is_err());
}

#[test]
#[should_panic(expected = "chain spec, metering: correctionWindow must be 1 to 1024 slots long")]
fn a_window_out_of_bounds_is_refused() {
    build(GenesisConfig { correction_window: 9_999, ..genesis() });
}

#[test]
#[should_panic(expected = "chain spec, metering: sites[1]: UnknownBus")]
fn a_site_at_no_bus_is_refused() {
    build(GenesisConfig { sites: vec![site(33), site(34)], ..genesis() });
}

#[test]
#[should_panic(expected = "chain spec, metering: sites[0]: UnknownFeeder")]
fn a_site_on_no_feeder_is_refused() {
    build(GenesisConfig { feeders: Vec::new(), sites: vec![site(1)], ..genesis() });
}

#[test]
#[should_panic(expected = "chain spec, metering: meters[1]: UnknownSite")]
fn a_meter_at_no_site_is_refused() {
    build(GenesisConfig { sites: vec![site(1)], meters: vec![meter(0), meter(1)], ..genesis() });
}

#[test]
#[should_panic(expected = "chain spec, metering: meters[0]: BadCapacity")]
fn a_meter_without_capacity_is_refused() {
    build(GenesisConfig { sites: vec![site(1)], meters: vec![MeterSpec { capacity: 0, ..meter(0) }], ..genesis() });
}

#[test]
#[should_panic(expected = "chain spec, metering: meters[8]: TooManyMeters")]
fn too_many_meters_at_a_site_are_refused() {
    build(GenesisConfig { sites: vec![site(1)], meters: vec![meter(0); 9], ..genesis() });
}

type Change = fn(&mut Settings);

#[test]
fn settings_have_bounds() {
    let good = Settings { calendar: CALENDAR, correction_window: 30_000, owner_delay: 1 };
    let with = |change: Change| {
        let mut settings = good;
        change(&mut settings);
        settings
    };
    let year = 366 * 24 * 60 * 60 * 1_000;
    assert_eq!(Settings { owner_delay: year, ..good }.check(), Ok(()));
    assert!(Settings { owner_delay: year + 1, ..good }.check().is_err());
    let cases: [(bool, Change); 10] = [
        (true, |_| ()),
        (true, |settings| settings.correction_window = 10_000),
        (true, |settings| settings.correction_window = 10_240_000),
        (false, |settings| settings.correction_window = 10_240_001),
        (false, |settings| settings.correction_window = 9_999),
        (false, |settings| settings.correction_window = u64::MAX),
        (false, |settings| settings.owner_delay = 0),
        (false, |settings| settings.calendar.slot_length = 999),
        (false, |settings| settings.calendar.slots_per_month = 0),
        (false, |settings| settings.calendar.start = u64::MAX),
    ];
    for (expected, change) in cases {
        let settings = with(change);
        assert_eq!(settings.check().is_ok(), expected, "{settings:?}");
    }
}
