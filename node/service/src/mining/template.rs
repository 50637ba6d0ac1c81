//! Templates: blocks that lack only their nonce.

use crate::{
    analysis::Analysed,
    client::{tip_of, Block, FullClient, Hash, Pool},
};
use gridpeg_header::{
    digest::{pre_runtime_item, UnsealedDigest},
    HeaderError, PowParameters, PreDigest, U256,
};
use polkadot_sdk::{
    sc_basic_authorship::ProposerFactory,
    sp_blockchain,
    sp_consensus::{Environment, Proposal, ProposeArgs, Proposer},
    sp_inherents::{self, InherentDataProvider as _},
    sp_runtime::{traits::Block as _, Digest},
    sp_timestamp::{InherentDataProvider, Timestamp},
};
use std::{
    future::Future,
    time::{Duration, Instant},
};

/// A block that lacks only its nonce.
pub(super) struct Template {
    /// The job of the hashing threads that it belongs to; 0 before it is given to them.
    pub(super) version: u64,
    /// The block that it is built on.
    pub(super) parent: Hash,
    /// d_base + d_v: what its hash is held against.
    pub(super) target: U256,
    /// Its claim and what that is worth, if there are enough price pairs.
    pub(super) analysed: Option<Analysed>,
    /// Whether this node fitted the claim.
    pub(super) own_claim: bool,
    /// When it was built.
    pub(super) built: Instant,
    /// The block, and what it changes in the state.
    pub(super) proposal: Proposal<Block>,
}

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
pub(super) enum TemplateError {
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    #[error("inherents: {0}")]
    Inherents(#[from] sp_inherents::Error),
    /// The transactions on this parent made a header that every importer refuses, as two runtime upgrades in one block
    /// do. Without transactions there is a block.
    #[error("the runtime's digest: {error}")]
    Digest { parent: Hash, error: HeaderError },
}

/// What a template is to be.
pub(super) struct Plan {
    /// The block to build on.
    pub(super) parent: Hash,
    /// The author's item.
    pub(super) pre: PreDigest,
    /// Whether this node fitted the claim.
    pub(super) own_claim: bool,
    /// Whether transactions from the pool go in.
    pub(super) transactions: bool,
    /// How long filling it may take.
    pub(super) patience: Duration,
}

/// Builds a template. The future borrows nothing, so that found nonces need not wait for it.
pub(super) fn build(
    client: &FullClient,
    environment: &mut ProposerFactory<Pool, FullClient>,
    parameters: &PowParameters,
    plan: Plan,
) -> Result<impl Future<Output = Result<Template, TemplateError>> + Send + 'static, TemplateError> {
    let Plan { parent, pre, own_claim, transactions, patience } = plan;
    let header = client.header(parent)?.ok_or_else(|| sp_blockchain::Error::MissingHeader(format!("{parent:?}")))?;
    let parent_time = tip_of(client, parameters, parent)?.time;
    let proposer = environment.init(&header);
    Ok(async move {
        // Strictly above the parent's, should this clock be behind its author's.
        let time = Timestamp::current().as_millis().max(parent_time.saturating_add(1));
        let inherent_data = InherentDataProvider::new(time.into()).create_inherent_data().await?;
        let arguments = ProposeArgs {
            inherent_data,
            inherent_digests: Digest { logs: vec![pre_runtime_item(&pre)] },
            max_duration: patience,
            // No transaction fits into nothing; inherents are not asked.
            block_size_limit: (!transactions).then_some(0),
            ..Default::default()
        };
        let proposal = proposer.await?.propose(arguments).await?;
        let digest = UnsealedDigest::from_header(proposal.block.header())
            .map_err(|error| TemplateError::Digest { parent, error })?;
        Ok(Template {
            version: 0,
            parent,
            target: digest.joint.effective_target(),
            analysed: Analysed::of(&digest.pre, &digest.joint),
            own_claim,
            built: Instant::now(),
            proposal,
        })
    })
}
