//! A site's owner: sold, lost, objected to.

use super::*;

fn with_site(test: impl FnOnce()) {
    in_slot(0, || {
        add_site(OWNER);
        System::reset_events();
        test();
    });
}

fn pass(millis: u64) {
    set_time(pallet_timestamp::Now::<Test>::get() + millis);
}

fn owner() -> u64 {
    Metering::site(0).unwrap().owner
}

fn confirm(to: u64) -> DispatchResult {
    Metering::confirm_owner(by(OPERATOR), 0, to)
}

#[test]
fn owner_and_operator_change_it_together() {
    with_site(|| {
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        assert_eq!(owner(), OWNER);
        assert_ok!(confirm(OTHER));
        assert_eq!(owner(), OTHER);
        let expected =
            [Event::OwnerProposed { site: 0, to: OTHER }, Event::OwnerChanged { site: 0, from: OWNER, to: OTHER }];
        assert_eq!(events(), expected);
        assert_eq!((Metering::sites_of(OWNER, None), Metering::sites_of(OTHER, None)), (vec![], vec![0]));
        // The site is theirs now.
        assert_noop!(Metering::set_mode(by(OWNER), 0, Mode::SelfUse, 1), Error::<Test>::NotOwner);
        assert_ok!(Metering::set_mode(by(OTHER), 0, Mode::SelfUse, 1));
        assert_noop!(confirm(OTHER), Error::<Test>::NoProposal);
    });
}

#[test]
fn each_has_their_own_part() {
    with_site(|| {
        for who in [OPERATOR, OTHER, STRANGER] {
            assert_noop!(Metering::propose_owner(by(who), 0, OTHER), Error::<Test>::NotOwner);
        }
        for who in [OWNER, OTHER, STRANGER] {
            assert_noop!(Metering::recover_owner(by(who), 0, OTHER), Error::<Test>::NotOperator);
        }
        assert_noop!(confirm(OTHER), Error::<Test>::NoProposal);
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        for who in [OWNER, OTHER, STRANGER] {
            assert_noop!(Metering::confirm_owner(by(who), 0, OTHER), Error::<Test>::NotOperator);
        }
        for who in [OTHER, STRANGER] {
            assert_noop!(Metering::cancel_owner(by(who), 0), Error::<Test>::NotOperator);
        }
    });
}

#[test]
fn who_confirms_names_the_next_owner() {
    with_site(|| {
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        assert_ok!(Metering::propose_owner(by(OWNER), 0, STRANGER));
        assert_noop!(confirm(OTHER), Error::<Test>::ProposalChanged);
        assert_ok!(confirm(STRANGER));
    });
}

#[test]
fn nobody_is_proposed_for_what_they_own() {
    with_site(|| {
        assert_noop!(Metering::propose_owner(by(OWNER), 0, OWNER), Error::<Test>::SameOwner);
        assert_noop!(Metering::recover_owner(by(OPERATOR), 0, OWNER), Error::<Test>::SameOwner);
    });
}

#[test]
fn there_is_no_owner_of_no_site() {
    with_site(|| {
        assert_noop!(Metering::propose_owner(by(OWNER), 1, OTHER), Error::<Test>::UnknownSite);
        assert_noop!(Metering::recover_owner(by(OPERATOR), 1, OTHER), Error::<Test>::UnknownSite);
        assert_noop!(Metering::cancel_owner(by(OWNER), 1), Error::<Test>::UnknownSite);
        assert_noop!(Metering::confirm_owner(by(OPERATOR), 1, OTHER), Error::<Test>::UnknownSite);
    });
}

#[test]
fn a_lost_key_is_replaced_after_the_delay() {
    with_site(|| {
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, OTHER));
        let not_before = CALENDAR.start + OWNER_DELAY;
        assert_eq!(events(), [Event::RecoveryBegun { site: 0, to: OTHER, not_before }]);
        assert_noop!(confirm(OTHER), Error::<Test>::RecoveryTooSoon);
        pass(OWNER_DELAY - 1);
        assert_noop!(confirm(OTHER), Error::<Test>::RecoveryTooSoon);
        pass(1);
        assert_ok!(confirm(OTHER));
        assert_eq!(owner(), OTHER);
    });
}

#[test]
fn an_owner_who_has_the_key_objects() {
    with_site(|| {
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, STRANGER));
        pass(OWNER_DELAY - 1);
        System::reset_events();
        assert_ok!(Metering::cancel_owner(by(OWNER), 0));
        assert_eq!(events(), [Event::OwnerKept { site: 0, by: OWNER }]);
        pass(1);
        assert_noop!(confirm(STRANGER), Error::<Test>::NoProposal);
        // To propose somebody else is to object too.
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, STRANGER));
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        pass(OWNER_DELAY);
        assert_noop!(confirm(STRANGER), Error::<Test>::ProposalChanged);
        assert_ok!(confirm(OTHER));
    });
}

#[test]
fn a_recovery_is_not_made_quicker_by_a_proposal_before_it() {
    with_site(|| {
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, STRANGER));
        assert_noop!(confirm(OTHER), Error::<Test>::ProposalChanged);
        assert_noop!(confirm(STRANGER), Error::<Test>::RecoveryTooSoon);
        // Nor by beginning it again.
        pass(OWNER_DELAY - 1);
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, STRANGER));
        pass(1);
        assert_noop!(confirm(STRANGER), Error::<Test>::RecoveryTooSoon);
    });
}

#[test]
fn both_can_change_their_mind() {
    with_site(|| {
        assert_noop!(Metering::cancel_owner(by(OWNER), 0), Error::<Test>::NoProposal);
        assert_ok!(Metering::recover_owner(by(OPERATOR), 0, OTHER));
        assert_ok!(Metering::cancel_owner(by(OPERATOR), 0));
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        assert_ok!(Metering::cancel_owner(by(OWNER), 0));
        assert_noop!(confirm(OTHER), Error::<Test>::NoProposal);
        assert_eq!(Proposals::<Test>::iter().count(), 0);
    });
}

#[test]
fn meters_stay_with_the_site() {
    with_site(|| {
        let meter = add_meter(0, Generation);
        assert_ok!(Metering::propose_owner(by(OWNER), 0, OTHER));
        assert_ok!(confirm(OTHER));
        set_slot(1);
        assert_eq!(read(meter, 0, 10, 10), Ok(()));
        assert_eq!(Metering::actual(0, 0, Generation), Some(10));
    });
}
