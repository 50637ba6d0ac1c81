//! What the header commits, and how accounts number their trades.

use super::*;
use gridpeg_header::{SubtreeId, H256};
use gridpeg_messages::{traits::Subtree, Domain};

const CHAIN: H256 = H256([7; 32]);

fn committed() -> Vec<PvLeaf<u64>> {
    BlockLeaves::<Test>::get().into_inner()
}

#[test]
fn a_block_commits_its_own_leaves_only() {
    test(|| {
        ask(1, 1_000, 20);
        bid(3, 1_500, 50);
        assert_eq!(committed(), []);
        clear();
        let price = PvLeaf::Price { slot: SLOT, feeder: FEEDER, price: 35 * CENT, uniform: None, energy: 1_000 };
        assert_eq!(committed(), [price]);
        exported(1, 700);
        settle();
        let trade = PvLeaf::Trade {
            slot: SLOT,
            feeder: FEEDER,
            number: 0,
            seller: 1,
            seller_no: 1,
            buyer: 3,
            buyer_no: 1,
            contracted: 1_000,
            settled: 700,
            price: FinePrice::of(35 * CENT),
            green: false,
        };
        assert_eq!(committed(), [trade]);
        block_at(frozen(SLOT) + 1);
        assert_eq!(committed(), []);
    });
}

#[test]
fn the_root_is_over_the_leaves_in_order() {
    test(|| {
        let domain = Domain { tree: SubtreeId::PvTrading, chain: CHAIN };
        assert_eq!(PvMarket::root(&CHAIN), domain.root(&[]));
        for (seller, buyer) in [(1, 2), (7, 8)] {
            ask(seller, 1_000, 20);
            bid(buyer, 1_000, 50);
        }
        clear();
        let leaves = PvMarket::leaves();
        assert_eq!(leaves, committed().iter().map(Encode::encode).collect::<Vec<_>>());
        assert_eq!(leaves.len(), 2);
        let hashes: Vec<_> = leaves.iter().map(|leaf| domain.leaf(leaf)).collect();
        let root = PvMarket::root(&CHAIN);
        assert_eq!(root, domain.root(&hashes));
        for (index, leaf) in (0..).zip(&leaves) {
            let proof = domain.prove(&hashes, index).unwrap();
            assert_eq!(domain.verify(&root, leaf, &proof), Ok(()));
        }
        assert_ne!(root, PvMarket::root(&H256([8; 32])));
    });
}

#[test]
fn a_book_without_trades_makes_no_leaf() {
    test(|| {
        ask(1, 1_000, 50);
        bid(3, 1_000, 20);
        clear();
        assert_eq!(committed(), []);
        assert!(Cleared::<Test>::contains_key(SLOT, FEEDER));
    });
}

#[test]
fn every_account_numbers_its_trades_without_gaps() {
    test(|| {
        // Account 3 buys in the first slot and sells in the second, account 1 the other way round.
        for (slot, seller, buyer) in [(SLOT, 1, 3), (SLOT + 1, 3, 1)] {
            place(OrderRequest { slot, ..request(seller, Side::Ask, 600, 20) });
            place(OrderRequest { slot, ..request(seller, Side::Ask, 600, 25) });
            place(OrderRequest { slot, ..request(buyer, Side::Bid, 1_200, 50) });
        }
        block_at(CALENDAR.begin(SLOT));
        block_at(frozen(SLOT + 1));
        for account in [1, 3] {
            let own = PvMarket::trades_of(account, 0, 10);
            let numbers: Vec<_> = own.iter().map(|trade| (trade.own, trade.slot, trade.number)).collect();
            assert_eq!(numbers, [(1, SLOT, 0), (2, SLOT, 1), (3, SLOT + 1, 0), (4, SLOT + 1, 1)]);
        }
        assert_eq!(TradeCount::<Test>::get(2), 0);
    });
}

#[test]
fn what_has_no_room_for_its_leaf_waits_for_the_next_block() {
    test(|| {
        MaxLeaves::set(2);
        for (seller, buyer) in [(1, 2), (7, 8)] {
            for _ in 0..3 {
                ask(seller, 100, 20);
            }
            bid(buyer, 300, 50);
        }
        clear();
        assert_eq!(committed().len(), 2);
        let mut numbers = Vec::new();
        for block in 0..5 {
            block_at(frozen(SLOT) + block);
            let trade = |leaf: &PvLeaf<u64>| match *leaf {
                PvLeaf::Trade { feeder, number, .. } => Some((feeder, number)),
                PvLeaf::Price { .. } => None,
            };
            numbers.push(committed().iter().filter_map(trade).collect::<Vec<_>>());
            check();
        }
        assert_eq!(numbers.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 0, 0]);
        let mut all = numbers.concat();
        // In the order of the books, each in the order of its numbers.
        assert!(all.chunks(3).all(|book| book.windows(2).all(|two| two[0].0 == two[1].0 && two[0].1 < two[1].1)));
        all.sort_unstable();
        assert_eq!(all, [0, 1].map(|feeder| [0, 1, 2].map(|number| (feeder, number))).concat());
        assert_eq!(next().settle, SLOT + 1);
    });
}

#[test]
fn a_price_waits_for_room_too() {
    test(|| {
        MaxLeaves::set(1);
        for (seller, buyer) in [(1, 2), (7, 8)] {
            ask(seller, 100, 20);
            bid(buyer, 100, 50);
        }
        clear();
        assert_eq!((committed().len(), next().clear), (1, SLOT));
        assert!(PvMarket::progress().clearing.is_some());
        check();
        block_at(CALENDAR.begin(SLOT - 1) + 1);
        assert_eq!((committed().len(), next().clear), (1, SLOT + 1));
    });
}
