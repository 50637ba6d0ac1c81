//! `status`: asks both nodes once how the bridge is. Needs no key and changes nothing.
//!
//! The books are read in the order carbon, electricity, carbon: see [`crate::supply`].

use crate::{
    age,
    chain::{Chain, Head},
    config::Nodes,
    error::Error,
    names::{ChainName, Direction},
    pair,
    supply::Cut,
    view::{in_conflict, lanes},
};
use gridpeg_header::{Millis, PowParameters, Tip};
use gridpeg_messages::Nonce;
use gridpeg_runtime_api::{Conflict, LanesStatus, PegState};

/// What one chain says at its best block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainFacts {
    /// The best block.
    pub(crate) head: Head,
    /// Its own proof of work.
    pub(crate) parameters: Option<PowParameters>,
    /// Its lanes.
    pub(crate) lanes: LanesStatus,
    /// The heaviest header of the counterpart that its light client knows; `None` before the anchor.
    pub(crate) known: Option<Tip>,
    /// The highest one that is confirmed.
    pub(crate) confirmed: Option<Tip>,
    /// What freezes it.
    pub(crate) conflict: Option<Conflict>,
    /// Its books.
    pub(crate) peg: PegState,
    /// Whether this node's best branch has what the counterpart's light client has confirmed of it.
    pub(crate) has_confirmed: bool,
}

/// The oldest message of a lane that is not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oldest {
    /// Its nonce.
    pub(crate) nonce: Nonce,
    /// When it was sent, if the node can say.
    pub(crate) since: Option<Millis>,
}

/// What both chains say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// The carbon chain's books, read before all else.
    pub(crate) carbon_before: PegState,
    /// The electricity chain.
    pub(crate) electricity: ChainFacts,
    /// The carbon chain.
    pub(crate) carbon: ChainFacts,
    /// What waits, from electricity to carbon and back.
    pub(crate) oldest: [Option<Oldest>; 2],
    /// This machine's clock.
    pub(crate) now: Millis,
}

impl Facts {
    /// What a chain says.
    pub(crate) fn of(&self, chain: ChainName) -> &ChainFacts {
        match chain {
            ChainName::Electricity => &self.electricity,
            ChainName::Carbon => &self.carbon,
        }
    }

    /// What waits in a direction.
    pub(crate) fn oldest(&self, direction: Direction) -> Option<Oldest> {
        let [to_carbon, to_electricity] = self.oldest;
        match direction {
            Direction::ElectricityToCarbon => to_carbon,
            Direction::CarbonToElectricity => to_electricity,
        }
    }

    /// The books on a consistent cut.
    pub(crate) fn cut(&self) -> Cut {
        Cut { carbon_before: self.carbon_before, electricity: self.electricity.peg, carbon: self.carbon.peg }
    }
}

/// Asks both nodes.
pub(crate) async fn ask(nodes: &Nodes) -> Result<Facts, Error> {
    let connect = |chain| Chain::connect(chain, nodes.url(chain));
    let (electricity, carbon) = tokio::try_join!(connect(ChainName::Electricity), connect(ChainName::Carbon))?;
    // Whether they are a pair; a missing anchor shows in what follows.
    pair::check(&electricity, &carbon).await?;
    pair::check(&carbon, &electricity).await?;

    let carbon_before = books(&carbon, &carbon.head().await?).await?;
    let mut e = chain_facts(&electricity).await?;
    let mut c = chain_facts(&carbon).await?;
    e.has_confirmed = has(&electricity, c.confirmed).await?;
    c.has_confirmed = has(&carbon, e.confirmed).await?;
    let oldest = [oldest(&electricity, &e, &c).await?, oldest(&carbon, &c, &e).await?];
    Ok(Facts { carbon_before, electricity: e, carbon: c, oldest, now: crate::headers::now() })
}

async fn chain_facts(chain: &Chain) -> Result<ChainFacts, Error> {
    let head = chain.head().await?;
    let at = head.hash;
    let (peg, parameters, lanes, known, confirmed, conflict) = tokio::try_join!(
        books(chain, &head),
        chain.parameters(at),
        lanes(chain, at),
        chain.api::<Option<Tip>>("LightClientApi_best", &[], at),
        chain.api::<Option<Tip>>("LightClientApi_confirmed", &[], at),
        chain.api::<Option<Conflict>>("LightClientApi_conflict", &[], at),
    )?;
    let lanes = in_conflict(lanes, conflict);
    Ok(ChainFacts { head, parameters, lanes, known, confirmed, conflict, peg, has_confirmed: true })
}

async fn books(chain: &Chain, at: &Head) -> Result<PegState, Error> {
    chain.api("PegApi_peg_state", &[], at.hash).await
}

/// Whether a node's best branch has a header that the counterpart has confirmed.
async fn has(chain: &Chain, confirmed: Option<Tip>) -> Result<bool, Error> {
    match confirmed {
        Some(tip) => Ok(chain.hash_at(tip.number).await? == Some(tip.hash)),
        None => Ok(true),
    }
}

async fn oldest(chain: &Chain, source: &ChainFacts, destination: &ChainFacts) -> Result<Option<Oldest>, Error> {
    if source.lanes.state.sent <= destination.lanes.state.received {
        return Ok(None);
    }
    let nonce = destination.lanes.state.received.saturating_add(1);
    Ok(Some(Oldest { nonce, since: age::sent_at(chain, &source.head, nonce).await? }))
}
