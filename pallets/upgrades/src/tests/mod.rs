use crate::{mock::*, Delay, Error, Event, Scheduled, ScheduledUpgrade, WeightInfo, MAX_DELAY};
use codec::Encode;
use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, assert_storage_noop, traits::OnInitialize, weights::Weight},
    sp_core::{storage::well_known_keys, H256},
    sp_runtime::{
        traits::{BadOrigin, BlakeTwo256, Hash},
        Digest,
    },
    *,
};

/// Begins the next block as the executive does, as far as this pallet goes.
fn next_block() -> Weight {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &H256::zero(), &Digest::default());
    Upgrades::on_initialize(number)
}

fn run_to(number: u64) {
    while System::block_number() < number {
        next_block();
    }
}

/// At the start of block 1 of a chain with [`DELAY`].
fn in_block_1(check: impl FnOnce()) {
    new_test_ext(Some(DELAY)).execute_with(|| {
        run_to(1);
        check();
    });
}

fn authority() -> RuntimeOrigin {
    RuntimeOrigin::signed(AUTHORITY)
}

fn hash(code: &[u8]) -> H256 {
    BlakeTwo256::hash(code)
}

fn new_code() -> Vec<u8> {
    code(SPEC_VERSION + 1)
}

fn current_code() -> Vec<u8> {
    sp_io::storage::get(well_known_keys::CODE).unwrap().to_vec()
}

/// What `frame_system` has authorised, as it stores it: hash and whether the version is checked.
fn authorized_in_system() -> Option<Vec<u8>> {
    System::authorized_upgrade().map(|authorization| authorization.encode())
}

#[test]
fn only_the_authorities_and_root_schedule_and_cancel() {
    in_block_1(|| {
        let code_hash = hash(&new_code());
        for stranger in [RuntimeOrigin::signed(STRANGER), RuntimeOrigin::none()] {
            assert_noop!(Upgrades::schedule(stranger.clone(), code_hash), BadOrigin);
            assert_noop!(Upgrades::cancel(stranger, code_hash), BadOrigin);
        }
        for entitled in [authority(), RuntimeOrigin::root()] {
            assert_ok!(Upgrades::schedule(entitled.clone(), code_hash));
            assert_noop!(Upgrades::cancel(RuntimeOrigin::signed(STRANGER), code_hash), BadOrigin);
            assert_ok!(Upgrades::cancel(entitled, code_hash));
        }
    });
}

#[test]
fn an_upgrade_is_authorised_exactly_when_the_delay_is_over() {
    in_block_1(|| {
        run_to(3);
        let code_hash = hash(&new_code());
        assert_ok!(Upgrades::schedule(authority(), code_hash));
        let at = 3 + DELAY;
        System::assert_last_event(Event::Scheduled { code_hash, at }.into());
        assert_eq!(Scheduled::<Test>::get(), Some(ScheduledUpgrade { code_hash, at }));

        run_to(at - 1);
        assert_eq!(Upgrades::authorized(), None);
        assert_eq!(authorized_in_system(), None);
        assert_eq!(Scheduled::<Test>::get().unwrap().at, at);

        run_to(at);
        assert_eq!(Upgrades::authorized(), Some(code_hash));
        assert_eq!(authorized_in_system(), Some((code_hash, true).encode()), "with the version checked");
        assert_eq!(Scheduled::<Test>::get(), None);
        System::assert_has_event(
            frame_system::Event::<Test>::UpgradeAuthorized { code_hash, check_version: true }.into(),
        );
        System::assert_last_event(Event::Authorized { code_hash }.into());

        run_to(at + 2 * DELAY);
        assert_eq!(Upgrades::authorized(), Some(code_hash), "it waits for somebody to apply it");
    });
}

#[test]
fn anybody_applies_the_authorised_code_and_no_other_and_not_earlier() {
    in_block_1(|| {
        let (new, before) = (new_code(), current_code());
        let apply = |origin, code: &[u8]| System::apply_authorized_upgrade(origin, code.to_vec());
        assert_ok!(Upgrades::schedule(authority(), hash(&new)));
        for number in 1..=DELAY {
            run_to(number);
            assert_noop!(apply(authority(), &new), frame_system::Error::<Test>::NothingAuthorized);
        }
        run_to(1 + DELAY);
        let other = code(SPEC_VERSION + 2);
        assert_noop!(apply(authority(), &other), frame_system::Error::<Test>::Unauthorized);
        assert_eq!(current_code(), before);

        assert_ok!(apply(RuntimeOrigin::none(), &new));
        assert_eq!(current_code(), new);
        System::assert_has_event(frame_system::Event::<Test>::CodeUpdated { hash: hash(&new) }.into());
        assert_eq!(Upgrades::authorized(), None);
        assert_noop!(Upgrades::cancel(authority(), hash(&new)), Error::<Test>::NotScheduled);
    });
}

#[test]
fn a_version_that_is_not_higher_is_refused_for_good() {
    in_block_1(|| {
        let (same, before) = (code(SPEC_VERSION), current_code());
        assert_ok!(Upgrades::schedule(authority(), hash(&same)));
        run_to(1 + DELAY);
        assert_ok!(System::apply_authorized_upgrade(RuntimeOrigin::signed(STRANGER), same.clone()));
        System::assert_has_event(
            frame_system::Event::<Test>::RejectedInvalidAuthorizedUpgrade {
                code_hash: hash(&same),
                error: frame_system::Error::<Test>::SpecVersionNeedsToIncrease.into(),
            }
            .into(),
        );
        assert_eq!(current_code(), before);
        assert_eq!(Upgrades::authorized(), None);
        assert_ok!(Upgrades::schedule(authority(), hash(&new_code())));
    });
}

#[test]
fn one_upgrade_is_on_its_way_at_a_time() {
    in_block_1(|| {
        let (first, second) = (new_code(), code(SPEC_VERSION + 2));
        assert_ok!(Upgrades::schedule(authority(), hash(&first)));
        for again in [&first, &second] {
            assert_noop!(Upgrades::schedule(authority(), hash(again)), Error::<Test>::AlreadyScheduled);
        }
        run_to(1 + DELAY);
        assert_noop!(Upgrades::schedule(authority(), hash(&second)), Error::<Test>::AlreadyAuthorized);
        assert_ok!(System::apply_authorized_upgrade(RuntimeOrigin::signed(STRANGER), first));
        assert_ok!(Upgrades::schedule(authority(), hash(&second)));
        assert_eq!(Scheduled::<Test>::get().unwrap().at, 1 + 2 * DELAY);
    });
}

#[test]
fn a_cancelled_upgrade_is_never_authorised() {
    in_block_1(|| {
        let code_hash = hash(&new_code());
        assert_noop!(Upgrades::cancel(authority(), code_hash), Error::<Test>::NotScheduled);
        assert_ok!(Upgrades::schedule(authority(), code_hash));
        run_to(DELAY);
        assert_noop!(Upgrades::cancel(authority(), hash(&[7])), Error::<Test>::NotScheduled);
        assert_ok!(Upgrades::cancel(authority(), code_hash));
        System::assert_last_event(Event::Cancelled { code_hash }.into());
        assert_noop!(Upgrades::cancel(authority(), code_hash), Error::<Test>::NotScheduled);
        for number in DELAY + 1..=3 * DELAY {
            run_to(number);
            assert_eq!(authorized_in_system(), None);
        }
        // Scheduled anew, it waits anew.
        assert_ok!(Upgrades::schedule(authority(), code_hash));
        assert_eq!(Scheduled::<Test>::get().unwrap().at, 4 * DELAY);
    });
}

#[test]
fn an_authorisation_is_cancelled_until_it_is_applied() {
    in_block_1(|| {
        let (new, before) = (new_code(), current_code());
        assert_ok!(Upgrades::schedule(authority(), hash(&new)));
        run_to(1 + DELAY);
        assert!(authorized_in_system().is_some());
        assert_ok!(Upgrades::cancel(authority(), hash(&new)));
        System::assert_last_event(Event::Cancelled { code_hash: hash(&new) }.into());
        assert_eq!(authorized_in_system(), None);
        assert_noop!(
            System::apply_authorized_upgrade(RuntimeOrigin::signed(STRANGER), new.clone()),
            frame_system::Error::<Test>::NothingAuthorized
        );
        assert_eq!(current_code(), before);
        assert_noop!(Upgrades::cancel(authority(), hash(&new)), Error::<Test>::NotScheduled);
    });
}

#[test]
fn what_is_cancelled_is_named() {
    in_block_1(|| {
        let (scheduled, roots) = (hash(&new_code()), hash(&code(SPEC_VERSION + 2)));
        assert_ok!(Upgrades::schedule(authority(), scheduled));
        assert_ok!(System::authorize_upgrade(RuntimeOrigin::root(), roots));
        assert_ok!(Upgrades::cancel(authority(), scheduled));
        System::assert_last_event(Event::Cancelled { code_hash: scheduled }.into());
        assert_eq!(Upgrades::authorized(), Some(roots));
        assert_noop!(Upgrades::schedule(authority(), scheduled), Error::<Test>::AlreadyAuthorized);
        assert_ok!(Upgrades::cancel(authority(), roots));
        System::assert_last_event(Event::Cancelled { code_hash: roots }.into());
        assert_eq!(authorized_in_system(), None);
    });
}

#[test]
fn a_block_without_an_upgrade_costs_one_read_and_changes_nothing() {
    in_block_1(|| {
        let idle = <() as WeightInfo>::idle();
        assert_eq!(next_block(), idle);
        assert_storage_noop!(Upgrades::on_initialize(2));
        assert_ok!(Upgrades::schedule(authority(), hash(&new_code())));
        assert_storage_noop!(Upgrades::on_initialize(1 + DELAY));
        run_to(1 + DELAY);
        assert_eq!(next_block(), <()>::authorize(), "block {}", 2 + DELAY);
        assert_eq!(next_block(), idle);
        assert!(idle.ref_time() < <()>::authorize().ref_time());
    });
}

#[test]
fn genesis_gives_the_delay_and_the_runtime_does_where_genesis_has_none() {
    let at = |delay: Option<u64>| {
        new_test_ext(delay).execute_with(|| {
            run_to(1);
            assert_eq!(Delay::<Test>::exists(), delay.is_some());
            assert_eq!(Delay::<Test>::get(), delay.unwrap_or(DefaultDelay::get()));
            assert_ok!(Upgrades::schedule(authority(), H256::zero()));
            Scheduled::<Test>::get().unwrap().at
        })
    };
    assert_eq!(at(None), 1 + DefaultDelay::get());
    assert_eq!(at(Some(1)), 2, "the shortest");
    assert_eq!(at(Some(MAX_DELAY.into())), 1 + u64::from(MAX_DELAY), "the longest");
}

#[test]
#[should_panic(expected = "upgrades.delay: must be 1 to 1000000 blocks, is 0")]
fn a_spec_without_any_delay_is_refused() {
    new_test_ext(Some(0));
}

#[test]
#[should_panic(expected = "upgrades.delay: must be 1 to 1000000 blocks, is 1000001")]
fn a_spec_with_too_long_a_delay_is_refused() {
    new_test_ext(Some(u64::from(MAX_DELAY) + 1));
}

#[test]
#[should_panic(expected = "upgrades.delay: must be 1 to 1000000 blocks, is 4294967297")]
fn a_delay_is_not_cut_to_32_bits() {
    new_test_ext(Some((1 << 32) + 1));
}
