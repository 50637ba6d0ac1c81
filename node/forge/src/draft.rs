//! Blocks before they are sealed.

use futures::executor::block_on;
use gridpeg_header::{
    digest::{joint_item, pre_runtime_item, UnsealedDigest},
    forge::seal,
    target::MAX_TARGET,
    Header, Millis, PreDigest, U256,
};
use gridpeg_node::client::{Block, FullClient, Hash};
use polkadot_sdk::{
    sc_block_builder::BlockBuilderBuilder,
    sc_consensus::{self, BlockImportParams, StateAction},
    sp_api::StorageChanges,
    sp_blockchain::{ApplyExtrinsicFailed::Validity, Error::ApplyExtrinsicFailed},
    sp_consensus::BlockOrigin,
    sp_inherents::InherentDataProvider as _,
    sp_runtime::{traits::Block as _, Digest, OpaqueExtrinsic},
    sp_timestamp::InherentDataProvider,
};

/// An executed block that is not sealed yet. Change what a test needs changed, then seal it.
pub struct Draft {
    /// The unsealed header, as the runtime made it.
    pub header: Header,
    /// Inherents and transactions.
    pub body: Vec<OpaqueExtrinsic>,
    /// The target that the seal is to meet.
    pub target: U256,
    changes: StorageChanges<Block>,
}

impl Draft {
    /// The block, sealed.
    pub fn seal(&self) -> Block {
        let mut header = self.header.clone();
        let items = std::mem::take(&mut header.digest.logs);
        Block::new(seal(header, items, self.target), self.body.clone())
    }

    /// Has the header say this, whatever execution gave, and the seal meet the target that this makes.
    pub fn say(&mut self, digest: &UnsealedDigest) {
        self.header.digest.logs = vec![pre_runtime_item(&digest.pre), joint_item(&digest.joint)];
        self.target = digest.joint.effective_target();
    }

    /// The block, sealed, as a miner imports it.
    pub(crate) fn into_import(self, origin: BlockOrigin) -> BlockImportParams<Block> {
        let mut sealed = self.seal();
        let nonce = sealed.header.digest.pop();
        let mut params = BlockImportParams::new(origin, sealed.header);
        params.post_digests.extend(nonce);
        params.body = Some(sealed.extrinsics);
        params.state_action = StateAction::ApplyChanges(sc_consensus::StorageChanges::Changes(self.changes));
        params
    }
}

/// What becomes of a transaction that does not fit any more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// It ends the block.
    Ends,
    /// It was expected to fit.
    Panics,
}

/// Executes a block on a parent, whose header must be valid; also says how many transactions went in.
pub(crate) fn execute(
    client: &FullClient,
    parent: Hash,
    time: Millis,
    pre: &PreDigest,
    transactions: impl Iterator<Item = OpaqueExtrinsic>,
    full: Full,
) -> (Draft, usize) {
    let (mut draft, transactions) = execute_unchecked(client, parent, time, pre, transactions, full);
    let digest = UnsealedDigest::from_header(&draft.header).unwrap_or_else(|error| panic!("{error}"));
    draft.target = digest.joint.effective_target();
    (draft, transactions)
}

/// The same, of a block whose header no importer may take. Its target is the easiest.
pub(crate) fn execute_unchecked(
    client: &FullClient,
    parent: Hash,
    time: Millis,
    pre: &PreDigest,
    transactions: impl Iterator<Item = OpaqueExtrinsic>,
    full: Full,
) -> (Draft, usize) {
    let builder = BlockBuilderBuilder::new(client)
        .on_parent_block(parent)
        .fetch_parent_block_number(client)
        .unwrap_or_else(|error| panic!("parent {parent:?}: {error}"))
        .with_inherent_digests(Digest { logs: vec![pre_runtime_item(pre)] });
    let mut builder = builder.build().unwrap_or_else(|error| panic!("on {parent:?}: {error}"));
    let inherents = block_on(InherentDataProvider::new(time.into()).create_inherent_data()).expect("a timestamp");
    let inherents = builder.create_inherents(inherents).unwrap_or_else(|error| panic!("inherents: {error}"));
    let mandatory = inherents.len();
    for extrinsic in inherents.into_iter().chain(transactions) {
        match builder.push(extrinsic) {
            Ok(()) => {}
            Err(ApplyExtrinsicFailed(Validity(error))) if error.exhausted_resources() && full == Full::Ends => break,
            Err(error) => panic!("on {parent:?}: {error}"),
        }
    }
    let (block, changes) = builder.build().unwrap_or_else(|error| panic!("on {parent:?}: {error}")).into_inner();
    let transactions = block.extrinsics.len() - mandatory;
    (Draft { target: MAX_TARGET, header: block.header, body: block.extrinsics, changes }, transactions)
}
