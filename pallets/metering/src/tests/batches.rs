//! Batches: each reading stands alone; who pays; what it weighs.

use super::*;
use crate::{weights::WeightInfo, Call};
use codec::{Decode, Encode};
use polkadot_sdk::frame_support::dispatch::GetDispatchInfo;

fn item(meter: MeterId, slot: Slot, energy: Wh, counter: Wh, revision: u8) -> SignedReading {
    signed(&device(1), meter, slot, measured(energy, counter, revision))
}

/// A meter in service since slot 0, at the beginning of slot 3: slots 0 to 2 are open.
fn at_3(test: impl FnOnce(MeterId)) {
    in_slot(0, || {
        let (_, meter) = add_plant();
        set_slot(3);
        System::reset_events();
        test(meter);
    });
}

#[test]
fn each_reading_stands_alone() {
    at_3(|meter| {
        let items = [
            item(meter, 3, 0, 0, 0),
            item(meter, 0, 10, 10, 0),
            item(9, 0, 10, 10, 0),
            // Of what came before it in the batch.
            item(meter, 1, 5, 9, 0),
            item(meter, 1, 5, 15, 0),
            item(meter, 1, 4, 15, 1),
            item(meter, 1, 5, 15, 1),
        ];
        submit(&items);
        let refused = |index, meter, slot, refusal| Event::ReadingRefused { index, meter, slot, refusal };
        let expected = [
            refused(0, meter, 3, Refusal::SlotNotOver),
            refused(2, 9, 0, Refusal::UnknownMeter),
            refused(3, meter, 1, Refusal::CounterBackwards),
            refused(6, meter, 1, Refusal::StaleRevision),
            Event::ReadingsTaken { new: 2, corrected: 1, refused: 4 },
        ];
        assert_eq!(events(), expected);
        assert_eq!(month(meter, 0), (14, 1));
    });
}

#[test]
fn the_order_of_slots_does_not_matter() {
    let counters = [(0, 10, 10), (1, 20, 35), (2, 30, 70)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        at_3(|meter| {
            let items = order.map(|n| {
                let (slot, energy, counter) = counters[n];
                item(meter, slot, energy, counter, 0)
            });
            submit(&items);
            assert_eq!(events(), [Event::ReadingsTaken { new: 3, corrected: 0, refused: 0 }]);
            assert_eq!(month(meter, 0), (60, 10));
        });
    }
}

#[test]
fn a_gateway_that_does_its_duty_does_not_pay() {
    at_3(|meter| {
        let pays = |items: &[SignedReading]| submit(items).pays_fee;
        assert_eq!(pays(&[item(meter, 0, 10, 10, 0)]), Pays::No);
        // Again, or corrected only.
        assert_eq!(pays(&[item(meter, 0, 10, 10, 0)]), Pays::Yes);
        assert_eq!(pays(&[item(meter, 0, 9, 10, 1)]), Pays::Yes);
        // One refused is enough.
        assert_eq!(pays(&[item(meter, 1, 10, 20, 0), item(meter, 3, 0, 20, 0)]), Pays::Yes);
        // A correction along with a new one.
        assert_eq!(pays(&[item(meter, 1, 9, 20, 1), item(meter, 2, 10, 30, 0)]), Pays::No);
        // Nothing at all.
        assert_eq!(pays(&[]), Pays::Yes);
        assert_eq!(events().last(), Some(&Event::ReadingsTaken { new: 0, corrected: 0, refused: 0 }));
    });
}

#[test]
fn the_weight_follows_the_length() {
    at_3(|meter| {
        for length in [0, 1, MAX_BATCH] {
            let items: Vec<_> = (0..length).map(|_| item(meter, 0, 1, 1, 0)).collect();
            let call = Call::<Test>::submit_readings { readings: Batch::try_from(items).unwrap() };
            assert_eq!(call.get_dispatch_info().call_weight, <()>::submit_readings(length));
        }
        assert!(<()>::submit_readings(2).all_gt(<()>::submit_readings(1)));
    });
}

#[test]
fn a_batch_has_a_length_that_is_not_exceeded() {
    at_3(|meter| {
        let items = |length| -> Vec<_> { (0..length).map(|_| item(meter, 0, 1, 1, 0)).collect() };
        assert!(Batch::decode(&mut &items(MAX_BATCH).encode()[..]).is_ok());
        assert!(Batch::decode(&mut &items(MAX_BATCH + 1).encode()[..]).is_err());
        // One reading sixteen times over: once it is new.
        submit(&items(MAX_BATCH));
        assert_eq!(events().last(), Some(&Event::ReadingsTaken { new: 1, corrected: 0, refused: MAX_BATCH - 1 }));
    });
}
