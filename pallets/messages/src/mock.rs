//! A runtime with this pallet between stand-ins for the light client and the peg. It can be either chain of the pair:
//! its genesis hash says which. What the stand-ins know is in storage, so that it is rolled back with everything else.

use crate as pallet_messages;
use codec::{Decode, DecodeAll, Encode};
use gridpeg_header::H256;
use gridpeg_messages::{
    message::MaxHeaderLen,
    traits::{Counterpart, ReceiveMessage},
    units::Balance,
    HeaderProof, Message, Nonce, Outcome, Payload, Refusal,
};
use polkadot_sdk::{
    frame_support::{
        derive_impl,
        pallet_prelude::ValueQuery,
        traits::{ConstU32, ConstU64},
        weights::Weight,
        Identity,
    },
    frame_system::EnsureRoot,
    sp_runtime::{BoundedVec, BuildStorage, DispatchError},
    *,
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Lanes: pallet_messages,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

pub const MAX_OUTBOX: u32 = 5;
pub const MAX_BATCH: u32 = 12;
pub const MAX_HEADERS: u32 = 3;
pub const MAX_PAUSE: u64 = 10;
/// The stand-in for the peg refuses smaller amounts.
pub const LEAST: Balance = 10;

impl pallet_messages::Config for Test {
    type Counterpart = StandIn;
    type Receiver = StandIn;
    type PauseOrigin = EnsureRoot<u64>;
    type MaxOutbox = ConstU32<MAX_OUTBOX>;
    type MaxBatch = ConstU32<MAX_BATCH>;
    type MaxHeaders = ConstU32<MAX_HEADERS>;
    type MaxPause = ConstU64<MAX_PAUSE>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = StandIn;
}

pub const OWN: H256 = H256([1; 32]);
pub const COUNTERPART: H256 = H256([2; 32]);

/// A header as the stand-in for the light client reads it. All that it knows are confirmed.
#[derive(Encode, Decode)]
pub struct MockHeader {
    pub number: u32,
    pub root: H256,
    /// Whether it replaces confirmed ones.
    pub conflict: bool,
}

pub type HeaderBytes = BoundedVec<u8, MaxHeaderLen>;

impl MockHeader {
    pub fn bytes(&self) -> HeaderBytes {
        self.encode().try_into().unwrap()
    }
}

pub fn header_hash(bytes: &[u8]) -> H256 {
    sp_io::hashing::blake2_256(bytes).into()
}

/// Cross-chain roots of the headers that are known.
#[frame_support::storage_alias]
pub type Roots = StorageMap<StandIn, Identity, H256, H256>;
#[frame_support::storage_alias]
pub type InConflict = StorageValue<StandIn, bool, ValueQuery>;
#[frame_support::storage_alias]
pub type NoAnchor = StorageValue<StandIn, bool, ValueQuery>;
/// Sums of what was sent and received.
#[frame_support::storage_alias]
pub type Totals = StorageValue<StandIn, (Balance, Balance), ValueQuery>;
#[frame_support::storage_alias]
pub type ReceivedLog = StorageValue<StandIn, Vec<(Message, Outcome)>, ValueQuery>;
#[frame_support::storage_alias]
pub type SettledLog = StorageValue<StandIn, Vec<(Nonce, Outcome)>, ValueQuery>;

pub const MALFORMED: DispatchError = DispatchError::Other("not a header");
pub const UNKNOWN: DispatchError = DispatchError::Other("header unknown");
pub const PER_HEADER: Weight = Weight::from_parts(1_000_000_000, 0);
pub const PER_PROOF: Weight = Weight::from_parts(1_000_000_000_000, 0);
pub const PER_MESSAGE: Weight = Weight::from_parts(1_000_000_000_000_000, 0);

pub struct StandIn;

impl Counterpart for StandIn {
    fn genesis() -> Option<H256> {
        let other = if System::block_hash(0) == OWN { COUNTERPART } else { OWN };
        (!NoAnchor::get()).then_some(other)
    }
    fn import(headers: &[HeaderBytes]) -> Result<(u32, Weight), DispatchError> {
        let mut added = 0;
        for bytes in headers {
            let header = MockHeader::decode_all(&mut &bytes[..]).map_err(|_| MALFORMED)?;
            if !Roots::contains_key(header_hash(bytes)) {
                Roots::insert(header_hash(bytes), header.root);
                InConflict::mutate(|conflict| *conflict |= header.conflict);
                added += 1;
            }
        }
        Ok((added, PER_HEADER.saturating_mul(added.into())))
    }
    fn import_weight(headers: u32) -> Weight {
        PER_HEADER.saturating_mul(headers.into())
    }
    fn knows(headers: &[HeaderBytes]) -> bool {
        headers.last().is_none_or(|bytes| Roots::contains_key(header_hash(bytes)))
    }
    fn confirmed_cross_root(header: &HeaderProof) -> Result<H256, DispatchError> {
        match header {
            HeaderProof::Kept(hash) => Roots::get(hash).ok_or(UNKNOWN),
            // What the ancestry proof says is the light client's business.
            HeaderProof::Ancestor { header, of, .. } if Roots::contains_key(of) => {
                MockHeader::decode_all(&mut &header[..]).map(|header| header.root).map_err(|_| MALFORMED)
            }
            HeaderProof::Ancestor { .. } => Err(UNKNOWN),
        }
    }
    fn proof_weight() -> Weight {
        PER_PROOF
    }
    fn conflict() -> bool {
        InConflict::get()
    }
    fn resolve_conflict() {
        InConflict::kill();
    }
}

impl ReceiveMessage for StandIn {
    fn agrees(message: &Message) -> bool {
        let Payload::Transfer(transfer) = &message.payload;
        Totals::get().1.checked_add(transfer.amount) == Some(transfer.total)
    }
    fn receive(message: &Message) -> Outcome {
        let Payload::Transfer(transfer) = &message.payload;
        Totals::mutate(|(_, received)| *received += transfer.amount);
        let outcome = if transfer.amount < LEAST { Outcome::Refused(Refusal::Amount) } else { Outcome::Accepted };
        ReceivedLog::append((message, outcome));
        outcome
    }
    fn settle(message: &Message, outcome: Outcome) {
        SettledLog::append((message.nonce, outcome));
    }
    fn weight() -> Weight {
        PER_MESSAGE
    }
    fn totals() -> (Balance, Balance) {
        Totals::get()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for StandIn {
    fn anchor() {}
    fn confirm(root: H256) -> HeaderProof {
        let hash = H256::repeat_byte(3);
        Roots::insert(hash, root);
        HeaderProof::Kept(hash)
    }
    fn conflict() {
        InConflict::put(true);
    }
}

/// The chain with this genesis hash, in block 1.
pub fn new_test_ext(genesis: H256) -> sp_io::TestExternalities {
    let mut ext: sp_io::TestExternalities =
        frame_system::GenesisConfig::<Test>::default().build_storage().unwrap().into();
    ext.execute_with(|| {
        System::set_block_number(1);
        frame_system::BlockHash::<Test>::insert(0, genesis);
    });
    ext
}
