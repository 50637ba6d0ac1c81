//! The relayer between two live chains: undisturbed, in a race, killed again and again.

use crate::{
    alone,
    history::{check_each_arrived_once, History},
    network::{Network, BOTH, CARBON, ELECTRICITY, NAMES, RATE},
};
use gridpeg_header::{Millis, PowParameters};
use gridpeg_messages::units::Balance;
use gridpeg_tests::{relayer::Relayer, report, run, spec};
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    thread::sleep,
    time::{Duration, Instant},
};
use subxt_signer::sr25519::dev;

const BLOCK_TIME: Millis = 1_000;
/// k.
const CONFIRMATIONS: u32 = 3;
/// Longest for the whole test.
const LIMIT: Duration = Duration::from_secs(600);

/// Transfers each way whose way is timed at once, and the time between two of them.
const TIMED: usize = 25;
const TIMED_EVERY: Duration = Duration::from_millis(1_200);
/// How often that is done at most: a few lucky or unlucky blocks in a row move the median of one round.
const ROUNDS: usize = 3;
/// What a transfer may take, in block times: k + 2 of the source's, 2 of the destination's, which are as long here.
const LATENCY: usize = CONFIRMATIONS as usize + 2 + 2;

/// Transfers each way for which two relayers race.
const RACED: usize = 10;
const RACED_EVERY: Duration = Duration::from_millis(700);
/// What may become of a relayer's transaction, as far as it matters here.
const RESULTS: [&str; 3] = ["included", "stale", "failed"];

/// Where the relayer is killed, in turn: right after it has logged this; `None`: at any time.
const POINTS: [Option<&str>; 7] = [
    Some("built"),
    Some("submitted"),
    Some("included"),
    Some("headers"),
    Some("message delivered"),
    Some("receipt delivered"),
    None,
];
/// How often it is killed.
const KILLS: usize = 3 * POINTS.len();
/// Transfers each way that are on their way meanwhile.
const KILLED: usize = 50;
/// Latest time of a kill at any time.
const ANY_TIME: Millis = 3_000;
/// How long a line may not come before more transfers are sent, so that there is something to log.
const SILENCE: Duration = Duration::from_secs(8);
/// How long it may not come at all.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Accounts that relay. They do nothing else, so that their balances tell what relaying cost.
const SURIS: [&str; 2] = ["//Bob", "//Charlie"];

#[test]
fn every_transfer_arrives_once_though_the_relayer_is_killed_again_and_again() {
    let _alone = alone();
    let parameters = PowParameters {
        block_time: BLOCK_TIME,
        half_life: 10,
        initial_target: spec::target(RATE * BLOCK_TIME / 1_000),
        finality_depth: 3,
        confirmations: CONFIRMATIONS,
    };
    let mut network = Network::start(&parameters, LIMIT);
    let mut relayer = network.relayer("relayer", SURIS[0]);
    let before = relayers_balances(&network);
    report(&format!("two chains started and anchored: {:.0} s", network.seconds()));

    latency_from_lock_to_spendable(&mut network, &mut relayer);
    two_relayers_race_and_the_loser_pays_nothing(&mut network, &mut relayer);
    the_relayer_is_killed_again_and_again(&mut network, &mut relayer);

    check_each_arrived_once(&network.chains, &network.sent);
    assert_eq!(relayers_balances(&network), before, "killed relayers paid");
    for command in ["status", "check-pair"] {
        let output = run(&mut relayer.command(command));
        assert!(output.status.success(), "{command}: {output:?}");
    }
    let [there, back] = &network.sent;
    report(&format!("{} and {} transfers arrived once: {:.0} s in all", there.len(), back.len(), network.seconds()));
}

/// What the accounts that relay have, on either chain.
fn relayers_balances(network: &Network) -> [[Balance; 2]; 2] {
    BOTH.map(|chain| [dev::bob(), dev::charlie()].map(|key| network.chains[chain].balance(key.public_key().0)))
}

/// Times transfers each way while one relayer runs undisturbed. It runs on.
fn latency_from_lock_to_spendable(network: &mut Network, relayer: &mut Relayer) {
    relayer.start();
    network.wait_for_headers();
    let mut latencies = Vec::new();
    for round in 1..=ROUNDS {
        for _ in 0..TIMED {
            BOTH.iter().for_each(|from| network.send(*from));
            sleep(TIMED_EVERY);
        }
        network.wait_until_received();
        let histories = BOTH.map(|chain| History::read(&network.chains[chain]));
        latencies = BOTH.map(|from| latency(&histories[from], &histories[1 - from])).into();
        if round == ROUNDS || latencies.iter().all(|(blocks, _)| *blocks <= LATENCY) {
            break;
        }
    }
    for (from, (blocks, millis)) in BOTH.iter().zip(&latencies) {
        report(&format!(
            "from lock to spendable, {} transfers from {}: median {blocks} block times, {:.1} s; {CONFIRMATIONS} \
             confirmations, blocks of {:.0} s",
            network.sent[*from].len(),
            NAMES[*from],
            *millis as f64 / 1_000.0,
            BLOCK_TIME as f64 / 1_000.0,
        ));
    }
    assert!(latencies.iter().all(|(blocks, _)| *blocks <= LATENCY), "more than {LATENCY} block times: {latencies:?}");
    relayer.assert_runs();
}

/// Median time from the block in which a transfer left to the block in which it was paid out: in blocks that the source
/// chain mined meanwhile, and in milliseconds. The number of blocks is what the protocol decides; what the same number of
/// blocks takes is luck.
fn latency(source: &History, destination: &History) -> (usize, Millis) {
    let times = source.sent.iter().map(|(nonce, left)| (left[0].time, destination.paid[nonce][0].time));
    let times: Vec<_> = times.collect();
    let blocks = times.iter().map(|(left, paid)| source.blocks_between(*left, *paid));
    (median(blocks), median(times.iter().map(|(left, paid)| paid.saturating_sub(*left))))
}

fn median<T: Copy + Ord>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<_> = values.collect();
    values.sort();
    values[values.len() / 2]
}

/// Starts a second relayer beside the one that runs. Both are dead afterwards.
fn two_relayers_race_and_the_loser_pays_nothing(network: &mut Network, relayer: &mut Relayer) {
    let begin = Instant::now();
    let before = relayers_balances(network);
    let mut second = network.relayer("second-relayer", SURIS[1]);
    let had = RESULTS.map(|result| transactions(relayer, result));
    second.start();
    second.wait_for_log(&line("submitted"), PATIENCE);
    for _ in 0..RACED {
        BOTH.iter().for_each(|from| network.send(*from));
        sleep(RACED_EVERY);
    }
    network.wait_until_received();
    relayer.assert_runs();
    second.assert_runs();
    let [mut first, second_has] =
        [&*relayer, &second].map(|relayer| RESULTS.map(|result| transactions(relayer, result)));
    first.iter_mut().zip(had).for_each(|(count, before)| *count -= before);
    relayer.kill9();
    second.kill9();
    for [included, stale, failed] in [first, second_has] {
        assert_eq!(failed, 0.0);
        assert!(included + stale > 0.0, "one did nothing: {first:?}, {second_has:?}");
    }
    assert_eq!(relayers_balances(network), before, "relaying cost something");
    report(&format!(
        "two relayers, {RACED} transfers each way: {:.0} and {:.0} transactions included, {:.0} and {:.0} refused as \
         stale, nothing paid, {:.0} s",
        first[0],
        second_has[0],
        first[1],
        second_has[1],
        begin.elapsed().as_secs_f64(),
    ));
}

/// How many of a relayer's transactions ended so, in both directions, since its start.
fn transactions(relayer: &Relayer, result: &str) -> f64 {
    relayer.metric(&format!("relayer_transactions_total{{result=\"{result}\"}}")).unwrap()
}

/// Kills the relayer at every point several times while transfers are on their way, then lets it finish.
fn the_relayer_is_killed_again_and_again(network: &mut Network, relayer: &mut Relayer) {
    let begin = Instant::now();
    let before = network.sent[ELECTRICITY].len();
    for kill in 0..KILLS {
        // As many as are due, at once: several get into one block.
        let due = before + KILLED * (kill + 1) / KILLS;
        while network.sent[ELECTRICITY].len() < due {
            BOTH.iter().for_each(|from| network.send(*from));
        }
        relayer.start();
        match POINTS[kill % POINTS.len()] {
            Some(step) => wait_for(network, relayer, step),
            None => sleep(Duration::from_millis(random_below(ANY_TIME))),
        }
        relayer.kill9();
    }
    let killed = begin.elapsed();
    relayer.start();
    network.wait_until_settled();
    relayer.assert_runs();
    relayer.kill9();

    let each = KILLS / POINTS.len();
    let points: Vec<_> = POINTS.iter().map(|point| format!("{each} {}", point.unwrap_or("at random"))).collect();
    report(&format!(
        "{} and {} transfers while the relayer was killed {KILLS} times ({}): {:.0} s, {:.0} s more until settled",
        network.sent[ELECTRICITY].len() - before,
        network.sent[CARBON].len() - before,
        points.join(", "),
        killed.as_secs_f64(),
        (begin.elapsed() - killed).as_secs_f64(),
    ));
}

/// Waits until the relayer logs this, and sees to it that there is something to relay.
fn wait_for(network: &mut Network, relayer: &mut Relayer, step: &str) {
    let begin = Instant::now();
    let mut sent = begin;
    while relayer.count(&line(step)) == 0 {
        relayer.assert_runs();
        assert!(begin.elapsed() < PATIENCE, "the relayer did not log `{step}` for {PATIENCE:?}");
        if sent.elapsed() >= SILENCE {
            BOTH.iter().for_each(|from| network.send(*from));
            sent = Instant::now();
        }
        sleep(LOOK);
    }
}

/// What is in a log's line that says this: it stands between the module and the details.
fn line(step: &str) -> String {
    format!(": {step} ")
}

fn random_below(bound: u64) -> u64 {
    // Every `RandomState` has other keys.
    RandomState::new().build_hasher().finish() % bound
}
