//! Signing and submitting transactions, and waiting until they are in a block.

use crate::{chain::Chain, error::Error};
use codec::Encode;
use gridpeg_header::H256;
use std::time::Duration;
use subxt::{
    client::OnlineClientAtBlockImpl,
    config::SubstrateExtrinsicParamsBuilder,
    error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError},
    transactions::{TransactionInBlock, TransactionProgress, TransactionStatus},
    SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;

type AtBlock = OnlineClientAtBlockImpl<SubstrateConfig>;

/// Blocks after which a transaction that is in no block is void. A power of two.
const LIFETIME: u64 = 64;
/// The lifetime starts this many blocks below the best one: a transaction that names a block which is reorganised away
/// is void at once.
const LIFETIME_FROM: u64 = 16;

/// An event of a transaction.
pub(crate) struct Emitted {
    pallet: String,
    name: String,
    fields: Vec<u8>,
}

impl Emitted {
    /// The event's SCALE-encoded fields, if it is this event.
    pub(crate) fn fields_of(&self, pallet: &str, name: &str) -> Option<&[u8]> {
        (self.pallet == pallet && self.name == name).then_some(&self.fields[..])
    }
}

/// A transaction that is in a block and succeeded there.
pub(crate) struct Included {
    /// The block's hash.
    pub(crate) block: H256,
    /// The block's number.
    pub(crate) number: u32,
    /// The transaction's events.
    pub(crate) events: Vec<Emitted>,
}

impl Chain {
    /// Signs a call on top of the best block, submits it and waits until it is in a best block.
    ///
    /// `arguments` is what encodes to the call's arguments in order; they are checked against the chain's metadata.
    pub(crate) async fn submit(
        &self,
        signer: &Keypair,
        pallet: &'static str,
        call: &'static str,
        arguments: &impl Encode,
        timeout: Duration,
    ) -> Result<Included, Error> {
        let name = format!("{pallet}.{call}");
        let failed = |error: subxt::Error| self.transaction_error(&name, error.to_string());

        let best = self.best_hash().await?;
        let at = self.client.at_block(best).await.map_err(|error| failed(error.into()))?;
        let call_data = {
            let found = at.metadata_ref().pallet_by_name(pallet);
            let indices = found.and_then(|found| Some([found.call_index(), found.call_variant_by_name(call)?.index]));
            let indices =
                indices.ok_or_else(|| self.transaction_error(&name, "the runtime has no such call".into()))?;
            (indices, arguments).encode()
        };
        let from = at.block_number().saturating_sub(LIFETIME_FROM);
        let from_hash = self.methods.chain_get_block_hash(Some(from.into())).await;
        let from_hash = from_hash
            .map_err(|error| self.rpc_error("chain_getBlockHash", error))?
            .ok_or_else(|| Error::Data(format!("{} chain: there is no block #{from} now", self.name)))?;
        let params = SubstrateExtrinsicParamsBuilder::<SubstrateConfig>::new()
            .mortal_from_unchecked(LIFETIME, from, from_hash)
            .build();

        let mut transactions = at.transactions();
        let payload = transactions.from_call_data_bytes(&call_data).map_err(|error| failed(error.into()))?;
        let signed =
            transactions.create_signed(&payload, signer, params).await.map_err(|error| failed(error.into()))?;
        let mut progress = signed.submit_and_watch().await.map_err(|error| self.submission_error(&name, error))?;
        let included = tokio::time::timeout(timeout, self.wait(&name, &mut progress))
            .await
            .map_err(|_| Error::Timeout { chain: self.name, call: name.clone(), seconds: timeout.as_secs() })??;

        let events = match included.wait_for_success().await {
            Ok(events) => events,
            Err(TransactionEventsError::ExtrinsicFailed(error)) => {
                return Err(Error::Dispatch { chain: self.name, call: name.clone(), name: dispatch_name(&error) });
            }
            Err(error) => return Err(failed(error.into())),
        };
        let events = events
            .iter()
            .map(|event| {
                let event = event.map_err(|error| failed(error.into()))?;
                Ok(Emitted {
                    pallet: event.pallet_name().into(),
                    name: event.event_name().into(),
                    fields: event.field_bytes().to_vec(),
                })
            })
            .collect::<Result<_, Error>>()?;
        let block = included.block_hash();
        Ok(Included { block, number: self.header(block).await?.number, events })
    }

    /// Waits until a submitted transaction is in a best block.
    async fn wait(
        &self,
        name: &str,
        progress: &mut TransactionProgress<SubstrateConfig, AtBlock>,
    ) -> Result<TransactionInBlock<SubstrateConfig, AtBlock>, Error> {
        while let Some(status) = progress.next().await {
            match status.map_err(|error| self.transaction_error(name, error.to_string()))? {
                TransactionStatus::InBestBlock(block) | TransactionStatus::InFinalizedBlock(block) => {
                    return Ok(block);
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(self.transaction_error(name, message)),
                TransactionStatus::Validated
                | TransactionStatus::Broadcasted
                | TransactionStatus::NoLongerInBestBlock => {}
            }
        }
        let reason = "the node stopped reporting on the transaction".into();
        Err(Error::Connection { chain: self.name, reason })
    }

    fn transaction_error(&self, call: &str, reason: String) -> Error {
        Error::Transaction { chain: self.name, call: call.into(), reason }
    }

    fn submission_error(&self, call: &str, error: ExtrinsicError) -> Error {
        match error {
            ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(error))) => {
                self.rpc_error(call, error)
            }
            other => self.transaction_error(call, other.to_string()),
        }
    }
}

/// `Pallet.Error` of a pallet's error; the description of any other.
fn dispatch_name(error: &DispatchError) -> String {
    match error {
        DispatchError::Module(module) => match module.details() {
            Ok(details) => format!("{}.{}", details.pallet.name(), details.variant.name),
            Err(_) => module.to_string(),
        },
        other => other.to_string(),
    }
}
