//! Do the two nodes belong to chains that know each other?

use crate::{chain::Chain, error::Error};
use gridpeg_header::PowParameters;
use gridpeg_runtime_api::Anchor;

/// Checks that the destination is anchored to the source and, if the source is anchored, the source to the destination.
///
/// Returns the source's proof-of-work parameters, or `None` while the destination is not anchored.
pub(crate) async fn check(source: &Chain, destination: &Chain) -> Result<Option<PowParameters>, Error> {
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
    anchored_to(destination, source).await
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
    let best = counterpart.best_hash().await?;
    let parameters: Option<PowParameters> = counterpart.api("HybridPowApi_parameters", &[], best).await?;
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
