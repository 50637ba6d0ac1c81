//! What the two runtimes share: types, limits, fees, names of accounts, values of the development presets.
//!
//! `shared/`, next to this crate, has the source files that both runtimes compile as modules of their own, because they
//! name the runtime's types.

#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::panic, clippy::unwrap_used))]
#![warn(missing_docs)]

use gridpeg_header::{Millis, PowParameters, U256};
use gridpeg_messages::units::{Balance, COIN, MICROCOIN};
use polkadot_sdk::{
    frame_support::{
        parameter_types,
        traits::EitherOfDiverse,
        weights::{
            constants::{ExtrinsicBaseWeight, WEIGHT_REF_TIME_PER_SECOND},
            Weight, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial,
        },
        PalletId,
    },
    frame_system::{
        limits::{BlockLength, BlockWeights},
        EnsureRoot,
    },
    pallet_collective::{EnsureProportionAtLeast, Instance1},
    sp_runtime::{
        generic,
        traits::{BlakeTwo256, IdentifyAccount, Verify},
        MultiAddress, MultiSignature, Perbill,
    },
    *,
};

/// Signature of an extrinsic.
pub type Signature = MultiSignature;
/// Account of either chain: 32 bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Number of transactions of an account.
pub type Nonce = u32;
/// BLAKE2b-256.
pub type Hash = gridpeg_header::H256;
/// How an extrinsic names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// A block whose extrinsics are bytes.
pub type OpaqueBlock = generic::Block<gridpeg_header::Header, sp_runtime::OpaqueExtrinsic>;
/// Hasher of headers and tries.
pub type Hashing = BlakeTwo256;

/// Blocks may use one second of execution; three quarters of it are for ordinary transactions. Storage proofs have no
/// bound: nobody executes a block of these chains without their state.
const MAX_BLOCK_WEIGHT: Weight = Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
const NORMAL_SHARE: Perbill = Perbill::from_percent(75);

parameter_types! {
    /// Weight limits of a block.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::with_sensible_defaults(MAX_BLOCK_WEIGHT, NORMAL_SHARE);
    /// Length limits of a block: 2 MiB, three quarters of it for ordinary transactions.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(2 * 1024 * 1024)
        .modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |max| {
            *max = NORMAL_SHARE * *max
        })
        .build();
    /// Block hashes kept in the state, for mortal transactions.
    pub const BlockHashCount: u32 = 2_400;
    /// The account that pays block rewards.
    pub const PotId: PalletId = PalletId(*b"gp/rwpot");
    /// The account that holds what the other chain has issued.
    pub const EscrowId: PalletId = PalletId(*b"gp/escro");
    /// Least amount that crosses: a message costs the relayer and both chains room.
    pub const MinTransfer: Balance = MICROCOIN;
    /// Most weight of an authorities' proposal.
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * MAX_BLOCK_WEIGHT;
}

/// Least time between blocks; the header demands that it be above 0.
pub const MIN_PERIOD: Millis = 1;
/// Headers in a call. A full batch fits a block several times over.
pub const MAX_HEADERS: u32 = 64;
/// Messages and receipts in a call.
pub const MAX_LEAVES: u32 = 32;
/// Open messages in the outbox.
pub const MAX_OUTBOX: u32 = 1_024;
/// Heights of the counterpart that are kept below its tip.
pub const HEADER_WINDOW: u32 = 256;
/// Age of the counterpart's heaviest header beyond which nothing is proven against it: a light client that was cut off
/// for a day may not know the chain any more.
pub const MAX_TIP_AGE: Millis = 24 * 60 * 60 * 1_000;
/// Payouts from the peg's queue in a block.
pub const MAX_PAYOUTS: u32 = 16;
/// Forks of the counterpart that are kept at a height.
pub const MAX_FORKS: u32 = 8;
/// Clearing periods that wait for the price of the other market.
pub const MAX_OPEN_PERIODS: u32 = 64;

/// Root, or two thirds of the authorities.
pub type AuthorityOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 2, 3>>;

/// The fee of an empty transaction's weight: a hundred thousandth of a coin.
const BASE_FEE: Balance = 10 * MICROCOIN;

/// Fees for weight: linear, [`BASE_FEE`] for the base weight of a transaction.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        let base = Balance::from(ExtrinsicBaseWeight::get().ref_time()).max(1);
        [WeightToFeeCoefficient {
            degree: 1,
            negative: false,
            coeff_frac: Perbill::from_rational(BASE_FEE % base, base),
            coeff_integer: BASE_FEE / base,
        }]
        .into_iter()
        .collect()
    }
}

/// The fee per byte of a transaction: a ten-millionth of a coin.
pub const BYTE_FEE: Balance = COIN / 10_000_000;

/// Values of the development presets.
pub mod development {
    use super::*;

    /// Block time of the electricity chain.
    pub const ELECTRICITY_BLOCK_TIME: Millis = 3_000;
    /// Block time of the carbon chain.
    pub const CARBON_BLOCK_TIME: Millis = 6_000;
    /// Endowment of each development account.
    pub const ENDOWMENT: Balance = 1_000_000 * COIN;
    /// Endowment of a reward pot.
    pub const POT: Balance = 1_000_000 * COIN;
    /// What a pot pays per block.
    pub const BLOCK_REWARD: Balance = COIN;
    /// Length of a clearing period: a minute.
    pub const CLEARING_PERIOD: Millis = 60_000;
    /// Price pairs that are analysed.
    pub const PRICE_WINDOW: u32 = 512;
    /// Least Wh that an electricity price needs behind it: 1 kWh.
    pub const MINIMUM_ELECTRICITY: u128 = 1_000;
    /// Least grams that a carbon price needs behind it: 1 kg.
    pub const MINIMUM_CARBON: u128 = 1_000;
    /// Development accounts endowed on the carbon chain.
    pub const CARBON_ACCOUNTS: u32 = 3;
    /// All that the carbon chain's genesis issues, and so what the electricity chain's escrow starts with.
    pub const CARBON_ISSUANCE: Balance = CARBON_ACCOUNTS as Balance * ENDOWMENT + POT;

    /// Parameters for a laptop: the first block takes a second or so of one thread at 50,000 hashes per second.
    pub fn parameters(block_time: Millis) -> PowParameters {
        let hashes = block_time * 50;
        PowParameters {
            block_time,
            half_life: 10,
            initial_target: U256::MAX / U256::from(hashes),
            finality_depth: 5,
            confirmations: 6,
        }
    }
}
