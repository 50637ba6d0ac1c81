//! Do the two nodes belong to chains that know each other?

use crate::{chain::Chain, error::Error};
use gridpeg_header::PowParameters;
use gridpeg_runtime_api::Anchor;
use std::time::Duration;

/// What is known of a pair of which the destination is anchored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The source's proof of work, as the destination is anchored to it.
    pub(crate) source: PowParameters,
    /// The destination's block time.
    pub(crate) block_time: Duration,
}

/// Checks that the destination is anchored to the source and, if the source is anchored, the source to the destination.
///
/// `None` while the destination is not anchored.
pub(crate) async fn check(source: &Chain, destination: &Chain) -> Result<Option<Pair>, Error> {
    if source.genesis == destination.genesis {
        return Err(Error::Pair(format!(
            "the {source} and the {destination} node both belong to the chain with genesis {genesis:?}: \
             correct {source}_url or {destination}_url",
            source = source.name,
            destination = destination.name,
            genesis = source.genesis,
        )));
    }
    anchored_to(source, destination).await?;
    let Some(parameters) = anchored_to(destination, source).await? else { return Ok(None) };
    let own = destination.parameters(destination.best_hash().await?).await?;
    let block_time = Duration::from_millis(own.map_or(0, |own| own.block_time));
    Ok(Some(Pair { source: parameters, block_time }))
}

/// Checks what `chain` is anchored to against `counterpart`, and returns the counterpart's parameters.
async fn anchored_to(chain: &Chain, counterpart: &Chain) -> Result<Option<PowParameters>, Error> {
    let anchor: Option<Anchor> = chain.api("LightClientApi_anchor", &[], chain.best_hash().await?).await?;
    let Some(anchor) = anchor else { return Ok(None) };
    if anchor.genesis != counterpart.genesis {
        return Err(Error::Pair(format!(
            "the {chain} chain is anchored to genesis {expected:?}, but the {counterpart} node's genesis is {found:?}: \
             set {counterpart}_url to a node of the anchored chain",
            chain = chain.name,
            counterpart = counterpart.name,
            expected = anchor.genesis,
            found = counterpart.genesis,
        )));
    }
    let parameters = counterpart.parameters(counterpart.best_hash().await?).await?;
    if Some(anchor.parameters) != parameters {
        return Err(Error::Pair(format!(
            "the {chain} chain is anchored with {expected:?}, but the {counterpart} chain has {parameters:?}: \
             the anchor cannot be changed, so {chain} needs a new chain with the right parameters",
            chain = chain.name,
            counterpart = counterpart.name,
            expected = anchor.parameters,
        )));
    }
    Ok(parameters)
}

/// What an operator is told while a chain is not anchored.
pub(crate) fn not_anchored(chain: &Chain, counterpart: &Chain) -> String {
    format!(
        "the {chain} chain is not anchored yet: waiting for an authority to call lightClient.anchor there, with genesis \
         {genesis:?} of the {counterpart} chain",
        chain = chain.name,
        counterpart = counterpart.name,
        genesis = counterpart.genesis,
    )
}
