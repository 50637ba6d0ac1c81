//! Random trees of mined headers in random order, against a model that remembers everything.

use super::*;
use gridpeg_header::target::work_of;
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
    /// Take the heaviest branch for true.
    Resolve,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0usize..4, 1u8..4, 1u16..9_000).prop_map(|(branch, blocks, solve)| Step::Extend { branch, blocks, solve }),
        2 => (0usize..4, 0u8..8).prop_map(|(branch, depth)| Step::Fork { branch, depth }),
        1 => (0usize..4).prop_map(|branch| Step::Again { branch }),
        1 => Just(Step::Resolve),
    ]
}

/// What the light client should know.
struct Model {
    heaviest: Branch,
    confirmed: Option<(u32, H256)>,
    conflict: bool,
}

impl Model {
    /// A branch was submitted, in one batch, while heights were kept from `floor` on.
    fn submitted(&mut self, branch: &Branch, floor: u32) {
        if branch.tip().work <= self.heaviest.tip().work {
            return;
        }
        let has = |branch: &Branch, number: u32, hash: H256| {
            number <= branch.tip().number && branch.tip_at(number).hash == hash
        };
        let shared = (0..=self.heaviest.tip().number)
            .rev()
            .find(|number| has(branch, *number, self.heaviest.tip_at(*number).hash))
            .unwrap();
        self.heaviest = branch.clone();
        if let Some((number, hash)) = self.confirmed {
            if number >= floor {
                self.conflict = !has(branch, number, hash);
            } else if shared < floor {
                self.conflict = true;
            }
        }
        if !self.conflict {
            self.confirmed = self.confirmed.max(self.confirmed_now(floor));
        }
    }

    fn resolved(&mut self, floor: u32) {
        if self.conflict {
            self.conflict = false;
            self.confirmed = self.confirmed_now(floor);
        }
    }

    /// The highest header that is confirmed now, of those from `floor` on.
    fn confirmed_now(&self, floor: u32) -> Option<(u32, H256)> {
        let tip = self.heaviest.tip();
        let peak = (1..=tip.number).fold(U256::zero(), |peak, number| {
            let faded = peak - peak / 256;
            faded.max(work_of(self.heaviest.tip_at(number).target))
        });
        (floor.max(1)..=tip.number)
            .rev()
            .find(|number| tip.work - self.heaviest.tip_at(*number).work >= peak * K)
            .map(|number| named(&self.heaviest, number))
    }
}

#[test]
fn the_best_header_is_always_the_heaviest_first_seen_and_conflicts_are_exactly_the_lost_confirmed_headers() {
    let histogram: Rc<RefCell<BTreeMap<&str, u32>>> = Rc::default();
    let count = |what: &'static str| *histogram.borrow_mut().entry(what).or_default() += 1;
    let mut runner = TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() });
    runner
        .run(&proptest::collection::vec(step(), 40), |steps| {
            new_test_ext().execute_with(|| {
                let mut branches = vec![branch(1)];
                submit(&branches[0], 1).unwrap();
                let mut model = Model { heaviest: branches[0].clone(), confirmed: None, conflict: false };
                let mut salt = 1u8;
                for step in steps {
                    let floor = Floor::<Test>::get();
                    let had_conflict = model.conflict;
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
                                    let heaviest = model.heaviest.tip();
                                    if branch.tip().work > heaviest.work {
                                        let ancestor = branch.tip_at(heaviest.number.min(branch.tip().number));
                                        if ancestor.hash != heaviest.hash {
                                            count("reorganised");
                                        }
                                    }
                                    model.submitted(branch, floor);
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
                                        Some(kept)
                                            if tip.work > model.heaviest.tip().work && tip.number - kept <= 16 =>
                                        {
                                            submit(branch, kept + 1).unwrap();
                                            model.submitted(branch, floor);
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
                        Step::Resolve => {
                            LightClient::resolve_conflict();
                            model.resolved(floor);
                        }
                    }
                    assert_eq!(LightClient::best().unwrap().tip, model.heaviest.tip());
                    assert_eq!(Confirmed::<Test>::get(), model.confirmed);
                    assert_eq!(LightClient::conflict(), model.conflict);
                    LightClient::check_invariants().unwrap();
                    match (had_conflict, model.conflict) {
                        (false, true) => count("conflict"),
                        (true, false) => count("over"),
                        _ => {}
                    }
                }
                Ok(())
            })
        })
        .unwrap();
    println!("{:?}", histogram.borrow());
    let expected =
        [("extended", 500), ("reorganised", 50), ("repeated", 50), ("forked", 200), ("conflict", 5), ("over", 3)];
    for (what, least) in expected {
        assert!(histogram.borrow().get(what).copied().unwrap_or_default() >= least, "too few: {what}");
    }
}
