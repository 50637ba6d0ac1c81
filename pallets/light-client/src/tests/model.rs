//! Random trees of mined headers in random order, against a model that remembers everything.

use super::*;
use proptest::{prelude::*, test_runner::TestRunner};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

#[derive(Clone, Debug)]
enum Step {
    /// Extend a branch by some blocks and submit them.
    Extend { branch: usize, blocks: u8, solve: u16 },
    /// Fork a branch some blocks below its tip.
    Fork { branch: usize, depth: u8 },
    /// Submit a branch's last headers again.
    Again { branch: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0usize..4, 1u8..4, 1u16..9_000).prop_map(|(branch, blocks, solve)| Step::Extend { branch, blocks, solve }),
        2 => (0usize..4, 0u8..6).prop_map(|(branch, depth)| Step::Fork { branch, depth }),
        1 => (0usize..4).prop_map(|branch| Step::Again { branch }),
    ]
}

#[test]
fn the_best_header_is_always_the_heaviest_submitted_first_seen_first() {
    let histogram: Rc<RefCell<BTreeMap<&str, u32>>> = Rc::default();
    let count = |what: &'static str| *histogram.borrow_mut().entry(what).or_default() += 1;
    let mut runner = TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() });
    runner
        .run(&proptest::collection::vec(step(), 40), |steps| {
            new_test_ext().execute_with(|| {
                let mut branches = vec![branch(1)];
                submit(&branches[0], 1).unwrap();
                let mut heaviest = branches[0].tip();
                let mut salt = 1u8;
                for step in steps {
                    match step {
                        Step::Extend { branch, blocks, solve } => {
                            let index = branch % branches.len();
                            let branch = &mut branches[index];
                            let from = branch.tip().number + 1;
                            salt = salt.wrapping_add(1);
                            for _ in 0..blocks {
                                branch.extend(solve.into(), CROSS, salt);
                            }
                            match submit(branch, from) {
                                Ok(_) => {
                                    count("extended");
                                    if branch.tip().work > heaviest.work {
                                        let ancestor = branch.tip_at(heaviest.number.min(branch.tip().number));
                                        if ancestor.hash != heaviest.hash {
                                            count("reorganised");
                                        }
                                    }
                                    for number in from..=branch.tip().number {
                                        let tip = branch.tip_at(number);
                                        if tip.work > heaviest.work {
                                            heaviest = tip;
                                        }
                                    }
                                }
                                Err(error) => {
                                    let known = [Error::<Test>::ForkTooLight, Error::<Test>::ParentUnknown]
                                        .map(DispatchError::from);
                                    assert!(known.contains(&error.error), "{error:?}");
                                    count("refused");
                                    // All of it is rolled back. Whoever has the heavier branch submits what the light
                                    // client lacks of it and must get through; a lighter one is abandoned.
                                    let tip = branch.tip();
                                    let kept = (Floor::<Test>::get()..=tip.number)
                                        .rev()
                                        .find(|number| Headers::<Test>::contains_key(branch.tip_at(*number).hash));
                                    match kept {
                                        Some(kept) if tip.work > heaviest.work && tip.number - kept <= 16 => {
                                            submit(branch, kept + 1).unwrap();
                                            heaviest = tip;
                                            count("insisted");
                                        }
                                        _ => {
                                            branches.remove(index);
                                        }
                                    }
                                    if branches.is_empty() {
                                        return Ok(());
                                    }
                                }
                            }
                        }
                        Step::Fork { branch, depth } => {
                            let branch = &branches[branch % branches.len()];
                            let fork = branch.fork_at(branch.tip().number.saturating_sub(depth.into()).max(1));
                            if branches.len() < 4 {
                                branches.push(fork);
                            } else {
                                branches[0] = fork;
                            }
                            count("forked");
                        }
                        Step::Again { branch } => {
                            let branch = &branches[branch % branches.len()];
                            let from = branch.tip().number.saturating_sub(3).max(1);
                            let kept = |number| Headers::<Test>::contains_key(branch.tip_at(number).hash);
                            if (from..=branch.tip().number).all(kept) {
                                assert_noop!(submit(branch, from), Error::<Test>::NothingNew);
                                count("repeated");
                            }
                        }
                    }
                    let best = LightClient::best().unwrap().tip;
                    assert_eq!(best.work, heaviest.work);
                    check_invariants();
                }
                Ok(())
            })
        })
        .unwrap();
    println!("{:?}", histogram.borrow());
    for (what, least) in [("extended", 500), ("reorganised", 50), ("repeated", 50), ("forked", 200)] {
        assert!(histogram.borrow().get(what).copied().unwrap_or_default() >= least, "too few: {what}");
    }
}
