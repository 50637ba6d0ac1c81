//! JSON-RPC: Substrate's stock methods come from the service; here are the account and fee methods that wallets ask
//! for, the [`joint`] methods, which a relayer asks for, the [`copula`] methods, which a bidder asks for, and the
//! [`market`] methods, which whoever sells or buys electricity asks for.

pub mod answers;
mod at;
pub mod copula;
pub mod copula_answers;
pub mod errors;
mod in_turn;
pub mod joint;
pub mod market;
pub mod market_answers;
mod proofs;
pub mod subtree_answers;

use crate::{
    ancestry::Ancestry,
    client::{AccountId, AccountNonce, Block, FullClient, Hash, Pool},
    leaves::Leaves,
};
use copula::{Copula, CopulaApiServer};
use gridpeg_messages::units::Balance;
use joint::{Joint, JointApiServer};
use jsonrpsee::{server::RegisterMethodError, RpcModule};
use market::{Market, MarketRpcApiServer};
use polkadot_sdk::{
    pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer},
    pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo,
    substrate_frame_rpc_system::{System, SystemApiServer},
};
use std::sync::Arc;

/// The methods that this node adds: `system_accountNextIndex`, `system_dryRun`, `payment_*`, `joint_*`,
/// `copula_*`, and on the electricity chain `market_*`.
pub fn methods(
    client: Arc<FullClient>,
    pool: Arc<Pool>,
    leaves: Leaves,
    ancestry: Ancestry,
    copula: Copula,
) -> Result<RpcModule<()>, RegisterMethodError> {
    let mut module = RpcModule::new(());
    let system = System::<Pool, FullClient, Block>::new(client.clone(), pool);
    module.merge(SystemApiServer::<Hash, AccountId, AccountNonce>::into_rpc(system))?;
    let payment = TransactionPayment::<FullClient, Block>::new(client.clone());
    module.merge(TransactionPaymentApiServer::<Hash, RuntimeDispatchInfo<Balance>>::into_rpc(payment))?;
    if let Some(market) = Market::new(client.clone()) {
        module.merge(market.into_rpc())?;
    }
    module.merge(Joint::new(client, leaves, ancestry).into_rpc())?;
    module.merge(copula.into_rpc())?;
    Ok(module)
}
