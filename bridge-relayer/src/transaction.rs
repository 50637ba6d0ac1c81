//! Signing and submitting transactions, and waiting until they are in a block.
//!
//! A transaction's nonce is what the best block's state says: one that was lost, or is in a block that was reorganised
//! away, is replaced by the next and holds nothing up.

use crate::{
    chain::Chain,
    error::Error,
    names::{ChainName, Direction},
};
use codec::Encode;
use gridpeg_header::H256;
use std::{
    fmt::{Display, Formatter},
    time::Duration,
};
use subxt::{
    client::OnlineClientAtBlockImpl,
    config::SubstrateExtrinsicParamsBuilder,
    error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError, TransactionProgressError},
    rpcs,
    transactions::{TransactionInBlock, TransactionProgress, TransactionStatus},
    SubstrateConfig,
};
use subxt_signer::sr25519::Keypair;
use tracing::debug;

type AtBlock = OnlineClientAtBlockImpl<SubstrateConfig>;

/// Blocks after which a transaction that is in no block is void. A power of two.
const LIFETIME: u64 = 64;
/// The lifetime starts this many blocks below the best one: a transaction that names a block which is reorganised away
/// is void at once.
const LIFETIME_FROM: u64 = 16;

/// The pool's answer to a transaction that is not valid.
const POOL_INVALID: i32 = 1010;
/// The pool has this very transaction.
const POOL_ALREADY_IMPORTED: i32 = 1013;
/// The pool has another transaction of the signer with this nonce.
const POOL_TOO_LOW_PRIORITY: i32 = 1014;
/// How the pool describes `InvalidTransaction::Stale`.
const STALE: &str = "outdated";

/// A pallet's call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// The pallet.
    pub(crate) pallet: &'static str,
    /// The call.
    pub(crate) name: &'static str,
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)
    }
}

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
        direction: Direction,
        signer: &Keypair,
        call: Call,
        arguments: &impl Encode,
        timeout: Duration,
    ) -> Result<Included, Error> {
        let name = call.to_string();
        let failed = |error: subxt::Error| self.transaction_error(&name, error.to_string());

        let best = self.best_hash().await?;
        let at = self.client.at_block(best).await.map_err(|error| failed(error.into()))?;
        let call_data = {
            let found = at.metadata_ref().pallet_by_name(call.pallet);
            let indices =
                found.and_then(|found| Some([found.call_index(), found.call_variant_by_name(call.name)?.index]));
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
        debug!(%direction, call = %name, bytes = signed.encoded().len(), on = at.block_number(), "built");
        let mut progress = signed.submit_and_watch().await.map_err(|error| self.submission_error(&name, error))?;
        let hash = progress.extrinsic_hash();
        debug!(%direction, call = %name, transaction = ?hash, "submitted");
        let included = tokio::time::timeout(timeout, self.wait(&name, &mut progress))
            .await
            .map_err(|_| Error::Timeout { chain: self.name, call: name.clone(), seconds: timeout.as_secs() })??;
        let block = included.block_hash();
        debug!(%direction, call = %name, transaction = ?hash, block_hash = ?block, "included");

        let events = match included.wait_for_success().await {
            Ok(events) => events,
            Err(TransactionEventsError::ExtrinsicFailed(error)) => {
                return Err(Error::Dispatch { chain: self.name, call: name.clone(), name: dispatch_name(&error) });
            }
            Err(error) => return Err(self.lost(&name, error.to_string())),
        };
        let events = events
            .iter()
            .map(|event| {
                let event = event.map_err(|error| self.decode_error(&name, error))?;
                Ok(Emitted {
                    pallet: event.pallet_name().into(),
                    name: event.event_name().into(),
                    fields: event.field_bytes().to_vec(),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Included { block, number: self.header(block).await?.number, events })
    }

    /// Waits until a submitted transaction is in a best block.
    async fn wait(
        &self,
        name: &str,
        progress: &mut TransactionProgress<SubstrateConfig, AtBlock>,
    ) -> Result<TransactionInBlock<SubstrateConfig, AtBlock>, Error> {
        while let Some(status) = progress.next().await {
            match status.map_err(|error| self.progress_error(name, error))? {
                TransactionStatus::InBestBlock(block) | TransactionStatus::InFinalizedBlock(block) => {
                    return Ok(block);
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(self.lost(name, message)),
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

    fn lost(&self, call: &str, reason: String) -> Error {
        Error::Lost { chain: self.name, call: call.into(), reason }
    }

    fn submission_error(&self, call: &str, error: ExtrinsicError) -> Error {
        match error {
            ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(error))) => {
                match self.rpc_error(call, error) {
                    Error::Refused { chain, call, code, reason } => pool_error(chain, call, code, reason),
                    other => other,
                }
            }
            other => self.transaction_error(call, other.to_string()),
        }
    }

    fn progress_error(&self, call: &str, error: TransactionProgressError) -> Error {
        match error {
            TransactionProgressError::CannotGetNextProgressUpdate(BackendError::Rpc(RpcError::ClientError(
                error @ rpcs::Error::Client(_),
            ))) => self.rpc_error(call, error),
            other => self.lost(call, other.to_string()),
        }
    }
}

/// What the pool's refusal of a transaction means.
fn pool_error(chain: ChainName, call: String, code: i32, reason: String) -> Error {
    match code {
        POOL_INVALID if reason.contains(STALE) => Error::Stale { chain, call },
        POOL_ALREADY_IMPORTED | POOL_TOO_LOW_PRIORITY => Error::Pending { chain, call },
        _ => Error::Transaction { chain, call, reason },
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

#[cfg(test)]
mod tests {
    use super::*;
    use polkadot_sdk::sp_runtime::transaction_validity::InvalidTransaction;

    fn refused(code: i32, reason: &str) -> Error {
        pool_error(ChainName::Carbon, "Lanes.deliver".into(), code, reason.into())
    }

    #[test]
    fn a_stale_transaction_means_that_another_was_first() {
        let stale: &str = InvalidTransaction::Stale.into();
        assert!(refused(1010, &format!("Invalid Transaction (1010): \"{stale}\"")).is_duplicate());
        let payment: &str = InvalidTransaction::Payment.into();
        assert!(matches!(refused(1010, payment), Error::Transaction { .. }));
    }

    #[test]
    fn an_earlier_transaction_in_the_pool_is_waited_for() {
        for code in [1013, 1014] {
            assert!(matches!(refused(code, "Priority is too low"), Error::Pending { .. }));
        }
        assert!(matches!(refused(1016, "Immediately Dropped"), Error::Transaction { .. }));
    }
}
