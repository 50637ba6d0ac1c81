//! What `status` makes of the facts: a report for people and for programs, and what needs the operator.

use crate::{
    error::Error,
    names::{ChainName, Direction},
    status::{ChainFacts, Facts},
    supply,
};
use gridpeg_header::Millis;
use gridpeg_messages::{
    units::{Balance, DECIMALS, SYMBOL},
    Nonce,
};
use serde::Serialize;
use std::fmt::Write;

/// What is late by less is only chance.
const SLACK: Millis = 60_000;
/// So many block times without a block are more than chance.
const SILENCE: u64 = 10;
/// Confirmation may take so many times what it takes on average.
const CONFIRMATION: u64 = 3;

/// Something that needs the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// What is wrong.
    what: String,
    /// What to do.
    action: String,
}

/// How the bridge is. Amounts are decimal strings in the coin's smallest unit, times seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// Nothing needs the operator.
    pub(crate) healthy: bool,
    problems: Vec<Problem>,
    directions: Vec<DirectionReport>,
    supply: Option<SupplyReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct DirectionReport {
    direction: &'static str,
    light_client: LightClientReport,
    lane: LaneReport,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct LightClientReport {
    anchored: bool,
    head: Option<u32>,
    head_hash: Option<String>,
    source_head: u32,
    lag: u32,
    confirmed: Option<u32>,
    tip_age: Option<u64>,
    conflict: Option<ConflictReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ConflictReport {
    confirmed: u32,
    confirmed_hash: String,
    common: u32,
    depth: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct LaneReport {
    sent: Nonce,
    delivered: Nonce,
    settled: Nonce,
    undelivered: u64,
    oldest_undelivered: Option<OldestReport>,
    paused_until: Option<u32>,
    deficit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OldestReport {
    nonce: Nonce,
    age: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SupplyReport {
    /// `None`: cannot be said, because a node is behind.
    holds: Option<bool>,
    escrow: String,
    issued: String,
    to_carbon: String,
    to_electricity: String,
    credits: String,
    surplus: String,
    escrow_at_genesis: String,
    issued_at_genesis: String,
    electricity_block: u32,
    carbon_block: u32,
    faults: Vec<&'static str>,
}

impl Report {
    /// The report on what both chains say.
    pub(crate) fn of(facts: &Facts) -> Self {
        let mut problems = Vec::new();
        for chain in ChainName::BOTH {
            problems.extend(node_problems(facts, chain));
        }
        for direction in Direction::BOTH {
            problems.extend(direction_problems(facts, direction));
        }
        let supply = supply_report(facts, &mut problems);
        let directions = Direction::BOTH.map(|direction| direction_report(facts, direction)).into();
        Self { healthy: problems.is_empty(), problems, directions, supply }
    }

    /// The report when there are no facts.
    pub(crate) fn failed(error: &Error) -> Self {
        let action = match error {
            Error::Connection { chain, .. } => {
                format!("start the {chain} node, or set {chain}_url to the address of one that runs")
            }
            Error::Pair(_) => "run check-pair, and correct electricity_url or carbon_url".into(),
            _ => "compare the versions of nodes and relayer; a node that syncs cannot answer yet".into(),
        };
        let problems = vec![Problem { what: error.to_string(), action }];
        Self { healthy: false, problems, directions: Vec::new(), supply: None }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for direction in &self.directions {
            // Writing into a string cannot fail.
            let _ = write_direction(&mut text, direction);
        }
        if let Some(supply) = &self.supply {
            let _ = write_supply(&mut text, supply);
        }
        for problem in &self.problems {
            let _ = writeln!(text, "PROBLEM: {}\n     DO: {}", problem.what, problem.action);
        }
        if self.healthy {
            text.push_str("healthy\n");
        }
        text
    }
}

fn block_time(chain: &ChainFacts) -> Option<Millis> {
    chain.parameters.map(|parameters| parameters.block_time)
}

fn node_problems(facts: &Facts, name: ChainName) -> Vec<Problem> {
    let chain = facts.of(name);
    let mut problems = Vec::new();
    let patience = block_time(chain).unwrap_or_default().saturating_mul(SILENCE).saturating_add(SLACK);
    let age = facts.now.saturating_sub(chain.head.time);
    if chain.head.number > 0 && age > patience {
        problems.push(Problem {
            what: format!("the {name} node's best block #{} is {} s old", chain.head.number, age / 1_000),
            action: format!("look whether the {name} node syncs and has peers, and whether the chain is mined"),
        });
    }
    if !chain.has_confirmed {
        problems.push(Problem {
            what: format!("the {name} node's best branch lacks a block that the other chain has confirmed"),
            action: format!("wait until the {name} node has synced; if it has, it is on a branch of its own: compare"),
        });
    }
    problems
}

fn direction_problems(facts: &Facts, direction: Direction) -> Vec<Problem> {
    let (from, to) = (direction.source(), direction.destination());
    let (source, destination) = (facts.of(from), facts.of(to));
    let mut problems = Vec::new();
    let mut problem = |what, action| problems.push(Problem { what, action });
    let Some(known) = destination.known else {
        problem(
            format!("the {to} chain is not anchored to the {from} chain"),
            "an authority has to call lightClient.anchor there; check-pair shows the values".into(),
        );
        return problems;
    };
    if let Some(conflict) = destination.conflict {
        let (number, hash) = conflict.confirmed;
        problem(
            format!(
                "the {to} chain is frozen: a heavier branch of the {from} chain has replaced {} headers above #{}, among \
                 them the confirmed #{number} {hash:?}",
                conflict.depth, conflict.common,
            ),
            "see the relayer's log: it tries lanes.resolve; if that finds a deficit, the authorities decide".into(),
        );
    }
    if let Some(deficit) = destination.lanes.deficit {
        problem(
            format!("the {to} chain has received {} that were not sent", coins(deficit)),
            "the authorities have to make good the deficit by an upgrade of the runtime".into(),
        );
    }
    if let (Some(own), Some(theirs)) = (block_time(destination), source.parameters) {
        let patience = own.saturating_mul(SILENCE).saturating_add(SLACK);
        let lag = u64::from(source.head.number.saturating_sub(known.number));
        if lag.saturating_mul(theirs.block_time) > patience {
            problem(
                format!("the light client on the {to} chain is {lag} headers behind the {from} chain"),
                "start a relayer, or look at the log of the one that runs".into(),
            );
        }
        let confirmation = u64::from(theirs.confirmations).saturating_mul(theirs.block_time);
        let patience = patience.saturating_add(confirmation.saturating_mul(CONFIRMATION));
        let oldest = facts.oldest(direction).and_then(|oldest| Some((oldest.nonce, oldest.since?)));
        if let Some((nonce, since)) = oldest.filter(|(_, since)| facts.now.saturating_sub(*since) > patience) {
            let waiting = facts.now.saturating_sub(since) / 1_000;
            problem(
                format!("message {nonce} from {from} to {to} has waited for {waiting} s"),
                match destination.lanes.paused_until {
                    Some(until) => format!("the {to} chain's lanes are paused until its block #{until}: wait"),
                    None => "look at the relayer's log, or carry it with relay-once".into(),
                },
            );
        }
    }
    problems
}

fn direction_report(facts: &Facts, direction: Direction) -> DirectionReport {
    let (source, destination) = (facts.of(direction.source()), facts.of(direction.destination()));
    let age = |since: Millis| facts.now.saturating_sub(since) / 1_000;
    let known = destination.known;
    let light_client = LightClientReport {
        anchored: known.is_some(),
        head: known.map(|tip| tip.number),
        head_hash: known.map(|tip| format!("{:?}", tip.hash)),
        source_head: source.head.number,
        lag: source.head.number.saturating_sub(known.map_or(0, |tip| tip.number)),
        confirmed: destination.confirmed.map(|tip| tip.number),
        tip_age: known.filter(|tip| tip.number > 0).map(|tip| age(tip.time)),
        conflict: destination.conflict.map(|conflict| ConflictReport {
            confirmed: conflict.confirmed.0,
            confirmed_hash: format!("{:?}", conflict.confirmed.1),
            common: conflict.common,
            depth: conflict.depth,
        }),
    };
    let (sent, delivered) = (source.lanes.state.sent, destination.lanes.state.received);
    let lane = LaneReport {
        sent,
        delivered,
        settled: source.lanes.settled,
        undelivered: sent.saturating_sub(delivered),
        oldest_undelivered: facts
            .oldest(direction)
            .map(|oldest| OldestReport { nonce: oldest.nonce, age: oldest.since.map(age) }),
        paused_until: destination.lanes.paused_until,
        deficit: destination.lanes.deficit.map(|deficit| deficit.to_string()),
    };
    DirectionReport { direction: direction.as_str(), light_client, lane }
}

/// The equation, and what is wrong with it among the problems.
fn supply_report(facts: &Facts, problems: &mut Vec<Problem>) -> Option<SupplyReport> {
    let Some(supply) = supply::check(&facts.cut()) else {
        problems.push(Problem {
            what: "the books have amounts beyond all that a chain can have".into(),
            action: "compare the versions of nodes and relayer".into(),
        });
        return None;
    };
    // A node that is behind cannot be compared with the other one, only with itself.
    let comparable = facts.electricity.has_confirmed && facts.carbon.has_confirmed;
    let faults: Vec<_> = supply.faults.iter().filter(|fault| comparable || !fault.may_be_lag()).collect();
    for fault in &faults {
        problems.push(Problem {
            what: format!("supply: {}", fault.describe()),
            action: "pause the lanes on both chains (lanes.pause), keep both databases, and find out why".into(),
        });
    }
    Some(SupplyReport {
        holds: if faults.is_empty() { comparable.then_some(true) } else { Some(false) },
        escrow: supply.escrow.to_string(),
        issued: supply.issued.to_string(),
        to_carbon: supply.to_carbon.to_string(),
        to_electricity: supply.to_electricity.to_string(),
        credits: supply.credits.to_string(),
        surplus: supply.surplus.to_string(),
        escrow_at_genesis: facts.electricity.peg.genesis.to_string(),
        issued_at_genesis: facts.carbon.peg.genesis.to_string(),
        electricity_block: facts.electricity.head.number,
        carbon_block: facts.carbon.head.number,
        faults: faults.into_iter().map(|fault| fault.describe()).collect(),
    })
}

fn write_direction(text: &mut String, report: &DirectionReport) -> std::fmt::Result {
    let (client, lane) = (&report.light_client, &report.lane);
    writeln!(text, "{}", report.direction)?;
    match client.head {
        Some(head) => {
            write!(text, "  light client: head #{head}, {} behind #{}", client.lag, client.source_head)?;
            match client.confirmed {
                Some(confirmed) => write!(text, ", confirmed #{confirmed}")?,
                None => text.push_str(", nothing confirmed"),
            }
            if let Some(age) = client.tip_age {
                write!(text, ", tip {age} s old")?;
            }
            writeln!(text, "{}", if client.conflict.is_some() { ", CONFLICT" } else { "" })?;
        }
        None => writeln!(text, "  light client: not anchored")?,
    }
    write!(text, "  lane: sent {}, delivered {}, settled {}", lane.sent, lane.delivered, lane.settled)?;
    if let Some(oldest) = &lane.oldest_undelivered {
        write!(text, ", {} undelivered, the oldest is {}", lane.undelivered, oldest.nonce)?;
        match oldest.age {
            Some(age) => write!(text, " and has waited for {age} s")?,
            None => text.push_str(" (age unknown)"),
        }
    }
    if let Some(until) = lane.paused_until {
        write!(text, ", paused until block #{until} of the destination")?;
    }
    if let Some(deficit) = &lane.deficit {
        write!(text, ", deficit {deficit} units")?;
    }
    writeln!(text)
}

fn write_supply(text: &mut String, supply: &SupplyReport) -> std::fmt::Result {
    let verdict = match supply.holds {
        Some(true) => "holds",
        Some(false) => "DOES NOT HOLD",
        None => "cannot be said: a node is behind",
    };
    writeln!(text, "supply X = I + a + b - q: {verdict}")?;
    writeln!(text, "  at electricity block #{}, carbon block #{}", supply.electricity_block, supply.carbon_block)?;
    for (term, what, amount) in [
        ("X", "in escrow on the electricity chain", &supply.escrow),
        ("I", "issued on the carbon chain", &supply.issued),
        ("a", "under way to the carbon chain", &supply.to_carbon),
        ("b", "under way to the electricity chain", &supply.to_electricity),
        ("q", "paid from credits", &supply.credits),
        (" ", "surplus in escrow", &supply.surplus),
    ] {
        writeln!(text, "  {term}  {:>24} {SYMBOL}  {what}", decimal(amount))?;
    }
    let (escrow, issued) = (&supply.escrow_at_genesis, &supply.issued_at_genesis);
    writeln!(text, "  at genesis: X {} {SYMBOL}, I {} {SYMBOL}", decimal(escrow), decimal(issued))
}

/// An amount of units as coins, without trailing zeros.
fn decimal(units: &str) -> String {
    let (sign, digits) = match units.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", units),
    };
    let decimals = usize::from(DECIMALS);
    let padded = format!("{digits:0>width$}", width = decimals.saturating_add(1));
    let (whole, fraction) = padded.split_at(padded.len().saturating_sub(decimals));
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

fn coins(amount: Balance) -> String {
    format!("{} {SYMBOL}", decimal(&amount.to_string()))
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
