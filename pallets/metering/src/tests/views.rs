//! View functions, as they are called and as a node calls them.

use super::*;
use crate::{CalendarViewFunction, SitesOfViewFunction};
use codec::{Decode, Encode};
use polkadot_sdk::frame_support::view_functions::{DispatchViewFunction, ViewFunction};

#[test]
fn sites_of_an_owner_come_in_pages() {
    in_slot(0, || {
        for number in 0..310 {
            add_site(if u32::is_multiple_of(number, 3) { OTHER } else { OWNER });
        }
        let expected: Vec<SiteId> = (0..310).filter(|number| !u32::is_multiple_of(*number, 3)).collect();
        let mut all = Vec::new();
        let mut lengths = Vec::new();
        let mut after = None;
        loop {
            let page = Metering::sites_of(OWNER, after);
            lengths.push(page.len());
            all.extend(&page);
            match page.last() {
                Some(last) => after = Some(*last),
                None => break,
            }
        }
        assert_eq!((all, lengths), (expected, vec![100, 100, 6, 0]));
        assert!(Metering::sites_of(STRANGER, None).is_empty());
        // After any number, be it theirs or not.
        assert_eq!(Metering::sites_of(OWNER, Some(300)).first(), Some(&301));
        assert_eq!(Metering::sites_of(OWNER, Some(304)).first(), Some(&305));
        assert!(Metering::sites_of(OWNER, Some(SiteId::MAX)).is_empty());
    });
}

#[test]
fn what_is_not_there_is_none() {
    in_slot(0, || {
        assert_eq!((Metering::site(0), Metering::meter(0), Metering::reading(0, 0)), (None, None, None));
        assert_eq!((Metering::statement(0, 0), Metering::month(0, 0)), (None, MonthTotal::default()));
        assert!(Metering::meters_of(0).is_empty());
        assert_eq!((Metering::calendar(), Metering::slot_now()), (CALENDAR, Some(0)));
    });
}

#[test]
fn a_node_calls_them_by_their_ids() {
    in_slot(0, || {
        add_site(OTHER);
        add_site(OWNER);
        let call = |id, input: Vec<u8>| {
            let mut output = Vec::new();
            Metering::dispatch_view_function(&id, &mut &input[..], &mut output).unwrap();
            output
        };
        let calendar = call(CalendarViewFunction::<Test>::id(), Vec::new());
        assert_eq!(Calendar::decode(&mut &calendar[..]).unwrap(), CALENDAR);
        let sites = call(SitesOfViewFunction::<Test>::id(), (OWNER, None::<SiteId>).encode());
        assert_eq!(Vec::<SiteId>::decode(&mut &sites[..]).unwrap(), [1]);
    });
}
