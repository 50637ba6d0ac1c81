use super::*;
use crate::{chain::Head, status::Oldest};
use gridpeg_header::{forge::easy_parameters, PowParameters, Tip, H256, U256};
use gridpeg_messages::{units::COIN, LaneState};
use gridpeg_runtime_api::{Conflict, LanesStatus, PegState};

const NOW: Millis = 2_000_000_000_000;
const E: ChainName = ChainName::Electricity;
const C: ChainName = ChainName::Carbon;

fn parameters(block_time: Millis) -> PowParameters {
    PowParameters { block_time, confirmations: 6, ..easy_parameters() }
}

fn tip(number: u32) -> Tip {
    Tip { number, hash: H256::repeat_byte(5), time: NOW - 4_000, ..Tip::genesis(H256::zero(), &easy_parameters()) }
}

fn chain(block_time: Millis, height: u32, counterpart: u32, peg: PegState) -> ChainFacts {
    let head = Head { number: height, hash: H256::repeat_byte(1), time: NOW - 2_000, work: U256::one() };
    let state = LaneState { sent: 3, received: 3, ..Default::default() };
    ChainFacts {
        head,
        parameters: Some(parameters(block_time)),
        lanes: LanesStatus { state, settled: 3, acknowledged: 3, paused_until: None, deficit: None },
        known: Some(tip(counterpart)),
        confirmed: Some(tip(counterpart - 7)),
        conflict: None,
        peg,
        has_confirmed: true,
    }
}

/// Two healthy chains, their light clients a few headers behind.
fn facts() -> Facts {
    let e = PegState { escrow: 300 * COIN, genesis: 300 * COIN, ..Default::default() };
    let c = PegState { issued: 300 * COIN, genesis: 300 * COIN, ..Default::default() };
    Facts {
        carbon_before: c,
        electricity: chain(3_000, 100, 48, e),
        carbon: chain(6_000, 50, 98, c),
        oldest: [None; 2],
        now: NOW,
    }
}

#[track_caller]
fn assert_problem(facts: &Facts, parts: &[&str]) {
    let report = Report::of(facts);
    let text = report.text();
    assert!(!report.healthy && !text.contains("healthy"), "{text}");
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in: {text}");
    }
}

#[test]
fn a_healthy_bridge_has_no_problems() {
    let report = Report::of(&facts());
    assert!(report.healthy && report.problems.is_empty(), "{report:?}");
    let text = report.text();
    for line in [
        "light client: head #98, 2 behind #100, confirmed #91, tip 4 s old\n",
        "light client: head #48, 2 behind #50, confirmed #41, tip 4 s old\n",
        "lane: sent 3, delivered 3, settled 3\n",
        "supply X = I + a + b - q: holds\n",
        "healthy\n",
    ] {
        assert!(text.contains(line), "{line:?} is missing in: {text}");
    }
}

#[test]
fn programs_get_amounts_as_strings() {
    let mut facts = facts();
    facts.oldest = [Some(Oldest { nonce: 4, since: Some(NOW - 9_000) }), None];
    facts.electricity.lanes.state.sent = 4;
    let json = serde_json::to_value(Report::of(&facts)).unwrap();
    assert_eq!(json["healthy"], true);
    assert_eq!(json["supply"]["escrow"], "300000000000000");
    assert_eq!(json["supply"]["holds"], true);
    let direction = &json["directions"][0];
    assert_eq!(direction["direction"], "electricity-to-carbon");
    assert_eq!(direction["lightClient"]["tipAge"], 4);
    assert_eq!(direction["lane"]["undelivered"], 1);
    assert_eq!(direction["lane"]["oldestUndelivered"]["age"], 9);
    assert_eq!(json["directions"][1]["lane"]["oldestUndelivered"], serde_json::Value::Null);
}

#[test]
fn a_missing_anchor_needs_an_authority() {
    let mut facts = facts();
    facts.electricity.known = None;
    facts.electricity.confirmed = None;
    assert_problem(&facts, &["not anchored to the carbon chain", "lightClient.anchor"]);
}

#[test]
fn a_conflict_and_a_deficit_need_the_authorities() {
    let mut facts = facts();
    facts.carbon.conflict = Some(Conflict { confirmed: (90, H256::repeat_byte(7)), common: 80, depth: 18 });
    facts.carbon.lanes.deficit = Some(2 * COIN + COIN / 2);
    assert_problem(&facts, &["CONFLICT", "replaced 18 headers above #80", "lanes.resolve", "2.5 GPEG"]);
}

#[test]
fn a_light_client_that_falls_behind_needs_a_relayer() {
    let mut facts = facts();
    // Two minutes of a chain with blocks of 3 s.
    facts.carbon.known = Some(tip(60));
    assert!(Report::of(&facts).healthy);
    facts.carbon.known = Some(tip(59));
    assert_problem(&facts, &["41 headers behind", "start a relayer"]);
}

#[test]
fn a_message_may_wait_three_confirmations_and_a_little() {
    let mut facts = facts();
    facts.electricity.lanes.state.sent = 4;
    // 10 blocks of 6 s, a minute, and three times 6 blocks of 3 s.
    let patience = 60_000 + 60_000 + 3 * 18_000;
    facts.oldest[0] = Some(Oldest { nonce: 4, since: Some(NOW - patience) });
    assert!(Report::of(&facts).healthy);
    facts.oldest[0] = Some(Oldest { nonce: 4, since: Some(NOW - patience - 1) });
    assert_problem(&facts, &["message 4 from electricity to carbon has waited for 174 s", "relay-once"]);
    facts.carbon.lanes.paused_until = Some(70);
    assert_problem(&facts, &["paused until its block #70"]);
    // Nobody knows for how long.
    facts.oldest[0] = Some(Oldest { nonce: 4, since: None });
    assert!(Report::of(&facts).text().contains("(age unknown)"));
}

#[test]
fn a_node_that_stands_still_is_named() {
    let mut facts = facts();
    facts.carbon.head.time = NOW - 120_001;
    assert_problem(&facts, &["the carbon node's best block #50 is 120 s old"]);
}

#[test]
fn a_supply_that_does_not_add_up_needs_the_authorities() {
    let mut facts = facts();
    facts.carbon.peg.issued += 1;
    assert_problem(&facts, &["DOES NOT HOLD", "more coins are issued than", "lanes.pause"]);
}

#[test]
fn a_node_that_is_behind_is_no_proof_of_a_fault() {
    let mut facts = facts();
    let minted: Balance = 5;
    facts.carbon_before.paid = minted;
    facts.carbon.peg =
        PegState { paid: minted, received: minted, issued: facts.carbon.peg.issued + minted, ..facts.carbon.peg };
    assert_problem(&facts, &["a < 0", "DOES NOT HOLD"]);
    facts.electricity.has_confirmed = false;
    let text = Report::of(&facts).text();
    assert!(!text.contains("a < 0"), "{text}");
    assert!(text.contains("the electricity node's best branch lacks a block"), "{text}");
}

#[test]
fn an_unreachable_node_says_what_to_start() {
    for chain in [E, C] {
        let report = Report::failed(&Error::Connection { chain, reason: "refused".into() });
        assert!(!report.healthy);
        assert!(report.text().contains(&format!("start the {chain} node")), "{}", report.text());
    }
    let json = serde_json::to_value(Report::failed(&Error::Pair("other chains".into()))).unwrap();
    assert_eq!(json["healthy"], false);
    assert_eq!(json["problems"][0]["what"], "other chains");
}

#[test]
fn coins_have_no_trailing_zeros() {
    for (units, coins) in [
        ("0", "0"),
        ("1", "0.000000000001"),
        ("1500000000000", "1.5"),
        ("300000000000000", "300"),
        ("-20000000000", "-0.02"),
    ] {
        assert_eq!(decimal(units), coins);
    }
}
