//! `check-pair`: do two chains fit together? Asks both nodes for what their chain specs fixed, before anything is
//! carried between them. Needs no key and changes nothing.

use crate::{chain::Chain, config::Nodes, error::Error, names::ChainName};
use gridpeg_header::{PowParameters, H256};
use gridpeg_messages::units::{Balance, SYMBOL};
use gridpeg_runtime_api::{Anchor, PegState, RelayLimits};

/// What one chain says of itself and of the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    name: ChainName,
    genesis: H256,
    parameters: Option<PowParameters>,
    anchor: Option<Anchor>,
    /// Escrow or issuance at genesis.
    backing: Balance,
    limits: RelayLimits,
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// What was checked.
    name: String,
    /// What was found, or why it is wrong and what to do.
    found: Result<String, String>,
}

impl Check {
    fn new(name: impl Into<String>, found: Result<String, String>) -> Self {
        Self { name: name.into(), found }
    }

    /// A line for people.
    pub(crate) fn line(&self) -> String {
        match &self.found {
            Ok(found) => format!("ok      {}: {found}", self.name),
            Err(reason) => format!("FAILED  {}: {reason}", self.name),
        }
    }

    /// Whether it is right.
    pub(crate) fn is_ok(&self) -> bool {
        self.found.is_ok()
    }
}

/// Asks both nodes and checks what they say.
pub(crate) async fn run(nodes: &Nodes) -> Vec<Check> {
    let sides = tokio::join!(ask(nodes, ChainName::Electricity), ask(nodes, ChainName::Carbon));
    match sides {
        (Ok(electricity), Ok(carbon)) => check(&electricity, &carbon),
        (electricity, carbon) => [(ChainName::Electricity, electricity), (ChainName::Carbon, carbon)]
            .into_iter()
            .map(|(name, side)| {
                let found = side.map(|_| "answers".into()).map_err(|error| format!("{error}; see {name}_url"));
                Check::new(format!("{name} node"), found)
            })
            .collect(),
    }
}

async fn ask(nodes: &Nodes, name: ChainName) -> Result<Side, Error> {
    let chain = Chain::connect(name, nodes.url(name)).await?;
    let at = chain.best_hash().await?;
    let (parameters, anchor, peg, limits) = tokio::try_join!(
        chain.parameters(at),
        chain.api::<Option<Anchor>>("LightClientApi_anchor", &[], at),
        chain.api::<PegState>("PegApi_peg_state", &[], at),
        chain.api::<RelayLimits>("LanesApi_limits", &[], at),
    )?;
    Ok(Side { name, genesis: chain.genesis, parameters, anchor, backing: peg.genesis, limits })
}

/// All checks of a pair.
fn check(electricity: &Side, carbon: &Side) -> Vec<Check> {
    let mut checks = vec![genesis(electricity, carbon)];
    for (chain, counterpart) in [(electricity, carbon), (carbon, electricity)] {
        checks.push(anchor(chain, counterpart));
        checks.push(anchored_parameters(chain, counterpart));
    }
    checks.push(backing(electricity, carbon));
    for (chain, counterpart) in [(electricity, carbon), (carbon, electricity)] {
        checks.push(confirmations(chain));
        checks.push(capacity(chain, counterpart));
    }
    checks
}

fn genesis(electricity: &Side, carbon: &Side) -> Check {
    let found = if electricity.genesis == carbon.genesis {
        Err(format!("both nodes belong to the chain with genesis {:?}; correct a url", carbon.genesis))
    } else {
        Ok(format!("{:?} and {:?}", electricity.genesis, carbon.genesis))
    };
    Check::new("two chains", found)
}

fn anchor(chain: &Side, counterpart: &Side) -> Check {
    let found = match chain.anchor {
        None => Err(format!(
            "it is not anchored yet; an authority has to call lightClient.anchor on the {} chain with genesis {:?} and \
             the {} chain's parameters {:?}",
            chain.name, counterpart.genesis, counterpart.name, counterpart.parameters,
        )),
        Some(anchor) if anchor.genesis != counterpart.genesis => Err(format!(
            "it names {:?}, but the {} chain's genesis is {:?}; the anchor cannot be changed: take the {} chain that it \
             names, or begin a new {} chain",
            anchor.genesis, counterpart.name, counterpart.genesis, counterpart.name, chain.name,
        )),
        Some(anchor) => Ok(format!("{:?}", anchor.genesis)),
    };
    Check::new(format!("{} chain names the {} chain's genesis", chain.name, counterpart.name), found)
}

fn anchored_parameters(chain: &Side, counterpart: &Side) -> Check {
    let found = match (chain.anchor, counterpart.parameters) {
        (None, _) => Err("it is not anchored yet".into()),
        (_, None) => Err(format!("the {} chain has no proof-of-work parameters in its genesis", counterpart.name)),
        (Some(anchor), Some(parameters)) if anchor.parameters != parameters => Err(format!(
            "it is anchored with {:?}, but the {} chain has {parameters:?}; the anchor cannot be changed: begin a new {} \
             chain with the right ones",
            anchor.parameters, counterpart.name, chain.name,
        )),
        (Some(anchor), _) => Ok(format!("{:?}", anchor.parameters)),
    };
    Check::new(format!("{} chain knows the {} chain's parameters", chain.name, counterpart.name), found)
}

fn backing(electricity: &Side, carbon: &Side) -> Check {
    let (escrow, issued) = (electricity.backing, carbon.backing);
    let found = if escrow == issued {
        Ok(format!("{escrow} units of {SYMBOL}"))
    } else {
        Err(format!(
            "the escrow starts with {escrow} units and the issuance with {issued}; correct the balances in one of the \
             chain specs"
        ))
    };
    Check::new("escrow at genesis is the issuance at genesis", found)
}

fn confirmations(chain: &Side) -> Check {
    let found = match chain.parameters {
        None => Err("there are no proof-of-work parameters in its genesis".into()),
        Some(PowParameters { confirmations, finality_depth, .. }) if confirmations < finality_depth => Err(format!(
            "k = {confirmations} is less than K = {finality_depth}: the other chain would act on what this one can still \
             take back; correct the chain spec"
        )),
        Some(PowParameters { confirmations, finality_depth, .. }) => {
            Ok(format!("k = {confirmations}, K = {finality_depth}"))
        }
    };
    Check::new(format!("{} chain is confirmed no earlier than it is final", chain.name), found)
}

/// On average, at most half of a call per block: the other half catches up.
fn capacity(chain: &Side, counterpart: &Side) -> Check {
    let found = match (chain.parameters, counterpart.parameters) {
        (Some(own), Some(theirs)) => {
            let most = u64::from(chain.limits.headers);
            let needed = own.block_time.saturating_mul(2);
            let per_block = own.block_time.div_ceil(theirs.block_time.max(1));
            if needed <= most.saturating_mul(theirs.block_time) {
                Ok(format!("{per_block} or fewer of {most} headers for a block"))
            } else {
                Err(format!(
                    "{per_block} headers for a block are more than half of the {most} that a call takes; the block times \
                     {} ms and {} ms are too far apart",
                    own.block_time, theirs.block_time,
                ))
            }
        }
        _ => Err("there are no proof-of-work parameters in a genesis".into()),
    };
    Check::new(format!("{} chain can take the {} chain's headers", chain.name, counterpart.name), found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridpeg_header::forge::easy_parameters;

    fn parameters(block_time: u64) -> PowParameters {
        PowParameters { block_time, ..easy_parameters() }
    }

    /// A good pair.
    fn pair() -> (Side, Side) {
        let (e, c) = (H256::repeat_byte(1), H256::repeat_byte(2));
        let limits = RelayLimits { headers: 64, leaves: 32, window: 256, max_tip_age: 86_400_000 };
        let side = |name, genesis, own, other, theirs| Side {
            name,
            genesis,
            parameters: Some(parameters(own)),
            anchor: Some(Anchor { genesis: other, parameters: parameters(theirs) }),
            backing: 300,
            limits,
        };
        (side(ChainName::Electricity, e, 15_000, c, 60_000), side(ChainName::Carbon, c, 60_000, e, 15_000))
    }

    #[track_caller]
    fn assert_fails(electricity: &Side, carbon: &Side, names: &[&str], reason: &str) {
        let failed: Vec<_> = check(electricity, carbon).into_iter().filter(|check| !check.is_ok()).collect();
        let found: Vec<_> = failed.iter().map(|check| check.name.as_str()).collect();
        assert_eq!(found, names);
        for check in &failed {
            let line = check.line();
            assert!(line.starts_with("FAILED") && line.contains(reason), "{line}");
        }
    }

    #[test]
    fn a_good_pair_passes_every_check() {
        let (e, c) = pair();
        let checks = check(&e, &c);
        assert_eq!(checks.len(), 10);
        for check in checks {
            assert!(check.is_ok() && check.line().starts_with("ok"), "{}", check.line());
        }
    }

    #[test]
    fn a_missing_anchor_says_what_to_call() {
        let (mut e, c) = pair();
        e.anchor = None;
        let names = [
            "electricity chain names the carbon chain's genesis",
            "electricity chain knows the carbon chain's parameters",
        ];
        assert_fails(&e, &c, &names, "not anchored yet");
    }

    #[test]
    fn an_anchor_to_another_chain_fails() {
        let (e, mut c) = pair();
        c.anchor = Some(Anchor { genesis: H256::repeat_byte(9), parameters: parameters(15_000) });
        assert_fails(&e, &c, &["carbon chain names the electricity chain's genesis"], "begin a new carbon chain");
    }

    #[test]
    fn other_parameters_than_the_anchored_ones_fail() {
        let (mut e, c) = pair();
        e.parameters = Some(parameters(15_001));
        assert_fails(&e, &c, &["carbon chain knows the electricity chain's parameters"], "begin a new carbon chain");
    }

    #[test]
    fn unequal_backing_at_genesis_fails() {
        let (mut e, c) = pair();
        e.backing = 299;
        assert_fails(&e, &c, &["escrow at genesis is the issuance at genesis"], "299 units and the issuance with 300");
    }

    #[test]
    fn confirmations_below_the_finality_depth_fail() {
        let (mut e, mut c) = pair();
        let weak = PowParameters { confirmations: 4, finality_depth: 5, ..parameters(15_000) };
        e.parameters = Some(weak);
        c.anchor = Some(Anchor { genesis: e.genesis, parameters: weak });
        assert_fails(
            &e,
            &c,
            &["electricity chain is confirmed no earlier than it is final"],
            "k = 4 is less than K = 5",
        );
    }

    #[test]
    fn a_block_may_need_half_of_a_calls_headers() {
        let (mut e, mut c) = pair();
        // 32 headers of 1875 ms in a block of 60 s.
        e.parameters = Some(parameters(1_875));
        c.anchor = Some(Anchor { genesis: e.genesis, parameters: parameters(1_875) });
        assert!(check(&e, &c).iter().all(Check::is_ok));
        e.parameters = Some(parameters(1_874));
        c.anchor = Some(Anchor { genesis: e.genesis, parameters: parameters(1_874) });
        assert_fails(&e, &c, &["carbon chain can take the electricity chain's headers"], "more than half of the 64");
    }

    #[test]
    fn one_chain_is_no_pair() {
        let (e, mut c) = pair();
        c.genesis = e.genesis;
        let failed: Vec<_> = check(&e, &c).into_iter().filter(|check| !check.is_ok()).map(|check| check.name).collect();
        assert!(failed.contains(&"two chains".into()), "{failed:?}");
    }
}
