use super::*;

/// A chain that has settled three messages and sent two more, and has one receipt that is not acknowledged.
fn lively() -> Pair {
    let mut pair = Pair::new();
    pair.own(|| send_all(&[10]));
    pair.counterpart(|| send_all(&[10, 20, 30]));
    assert_ok!(pair.relay_out());
    assert_ok!(pair.relay_in());
    pair.own(|| send_all(&[10, 10]));
    assert_ok!(pair.relay_out());
    pair.counterpart(|| send_all(&[40]));
    assert_ok!(pair.relay_in());
    pair.own(|| send_all(&[10, 20]));
    pair
}

#[test]
fn every_invariant_notices_what_breaks_it() {
    type Break = fn();
    let breaks: [(&str, Break); 20] = [
        ("1", || Settled::<Test>::put(99)),
        ("1", || Outbox::<Test>::remove(4)),
        ("1", || Outbox::<Test>::insert(1, Outbox::<Test>::get(4).unwrap())),
        ("1", || Outbox::<Test>::insert(4, Outbox::<Test>::get(5).unwrap())),
        ("1", || Sent::<Test>::mutate(|sent| *sent += 1)),
        ("2", || change(5, |message| message.destination = OWN)),
        ("2", || change(5, |message| message.previous = H256([7; 32]))),
        ("2", || change(5, |message| message.acknowledged = 99)),
        ("2", || change(5, |message| message.acknowledged = 0)),
        ("2", || LastSent::<Test>::put(H256([7; 32]))),
        ("3", MessageLeaves::<Test>::kill),
        ("4", || Acknowledged::<Test>::put(99)),
        ("4", || Receipts::<Test>::remove(4)),
        ("4", || Receipts::<Test>::mutate(4, |receipt| receipt.as_mut().unwrap().nonce = 3)),
        ("5", || LastReceived::<Test>::put(H256::zero())),
        ("6", ReceiptLeaves::<Test>::kill),
        ("7", || OutboxRoot::<Test>::put(H256([7; 32]))),
        ("7", || Totals::mutate(|(sent, _)| *sent += 1)),
        ("8", || PausedUntil::<Test>::put(9)),
        ("9", || Deficit::<Test>::put(1_000)),
    ];
    let mut pair = lively();
    pair.own(|| {
        assert_eq!((Settled::<Test>::get(), Sent::<Test>::get()), (3, 5));
        assert_eq!((Acknowledged::<Test>::get(), Received::<Test>::get()), (3, 4));
        Committed::now();
        assert_ok!(Lanes::check_invariants());
        for (index, (number, breaks)) in breaks.into_iter().enumerate() {
            let found = reorganised_away(|| {
                breaks();
                Lanes::check_invariants()
            });
            let Err(DispatchError::Other(text)) = found else { panic!("break {index} of {number} goes unnoticed") };
            assert!(text.starts_with(number), "break {index} of {number}: {text}");
        }
        assert_ok!(Lanes::check_invariants());
    });
}

fn change(nonce: Nonce, change: impl FnOnce(&mut Message)) {
    Outbox::<Test>::mutate(nonce, |message| change(message.as_mut().unwrap()));
}
