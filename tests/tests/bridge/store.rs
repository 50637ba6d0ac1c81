//! The state of one chain, at whichever of its blocks.
//!
//! A flat map with a journal in place of a trie. Reading is a look-up in memory; what a block changed can be undone and
//! redone, so that a fork costs what its blocks changed. The state root is the sum of a hash of each entry: it says
//! whether two states are the same, and no more is asked of it here.

use codec::{Encode, EncodeAppend, EncodeLike};
use gridpeg_header::U256;
use polkadot_sdk::{
    sp_core::storage::{ChildInfo, StateVersion, Storage, TrackedStorageKey},
    sp_crypto_hashing::blake2_256,
    sp_externalities::{
        set_and_run_with_externalities, Error, Extension, ExtensionStore, Externalities, MultiRemovalResults,
    },
};
use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, HashSet},
    ops::Bound,
};

type Bytes = Vec<u8>;

/// One entry before and after a block.
struct Change {
    key: Bytes,
    before: Option<Bytes>,
    after: Option<Bytes>,
}

/// What a block changed.
pub struct Changes {
    entries: Vec<Change>,
    /// The state's sum before and after.
    before: U256,
    after: U256,
}

/// The entries of one state.
pub struct Store {
    entries: BTreeMap<Bytes, Bytes>,
    /// Sum of the hashes of all entries, as of the last commit.
    sum: U256,
    /// What each write since then replaced.
    journal: Vec<(Bytes, Option<Bytes>)>,
    /// How long the journal was when each open transaction began.
    transactions: Vec<usize>,
}

impl Store {
    /// The state of a genesis.
    pub fn new(genesis: Storage) -> Self {
        let entries = genesis.top;
        let hashes = entries.iter().map(|(key, value)| entry_hash(key, value));
        let sum = hashes.fold(U256::zero(), |sum, hash| sum.overflowing_add(hash).0);
        Self { entries, sum, journal: Vec::new(), transactions: Vec::new() }
    }

    /// Runs something of the runtime on this state.
    pub fn run<T>(&mut self, run: impl FnOnce() -> T) -> T {
        set_and_run_with_externalities(self, run)
    }

    /// The state root, with everything written so far.
    pub fn root(&self) -> Bytes {
        self.sum_after(&self.changes()).encode()
    }

    /// Makes what was written part of the state.
    pub fn commit_block(&mut self) -> Changes {
        assert!(self.transactions.is_empty(), "a storage transaction is still open");
        let entries = self.changes();
        let (before, after) = (self.sum, self.sum_after(&entries));
        self.sum = after;
        self.journal.clear();
        Changes { entries, before, after }
    }

    /// Throws away what was written.
    pub fn discard(&mut self) {
        self.roll_back(0);
        self.transactions.clear();
    }

    /// Goes back to the state before a block; this must be the state after it.
    pub fn undo(&mut self, changes: &Changes) {
        assert_eq!(self.sum, changes.after);
        for change in &changes.entries {
            put(&mut self.entries, change.key.clone(), change.before.clone());
        }
        self.sum = changes.before;
    }

    /// Goes on to the state after a block; this must be the state before it.
    pub fn redo(&mut self, changes: &Changes) {
        assert_eq!(self.sum, changes.before);
        for change in &changes.entries {
            put(&mut self.entries, change.key.clone(), change.after.clone());
        }
        self.sum = changes.after;
    }

    fn write(&mut self, key: Bytes, value: Option<Bytes>) {
        let before = put(&mut self.entries, key.clone(), value);
        self.journal.push((key, before));
    }

    fn roll_back(&mut self, length: usize) {
        for (key, before) in self.journal.drain(length..).rev() {
            put(&mut self.entries, key, before);
        }
    }

    /// The entries that differ from the last commit.
    fn changes(&self) -> Vec<Change> {
        let mut seen = HashSet::new();
        let mut changes = Vec::new();
        for (key, before) in &self.journal {
            // Only the first write of a block replaced what was there before the block.
            if !seen.insert(key.as_slice()) {
                continue;
            }
            let after = self.entries.get(key);
            if before.as_ref() != after {
                changes.push(Change { key: key.clone(), before: before.clone(), after: after.cloned() });
            }
        }
        changes
    }

    fn sum_after(&self, changes: &[Change]) -> U256 {
        changes.iter().fold(self.sum, |sum, Change { key, before, after }| {
            let before = before.as_ref().map_or(U256::zero(), |value| entry_hash(key, value));
            let after = after.as_ref().map_or(U256::zero(), |value| entry_hash(key, value));
            sum.overflowing_sub(before).0.overflowing_add(after).0
        })
    }
}

/// Sets or removes an entry, and returns what was there.
fn put(entries: &mut BTreeMap<Bytes, Bytes>, key: Bytes, value: Option<Bytes>) -> Option<Bytes> {
    match value {
        Some(value) => entries.insert(key, value),
        None => entries.remove(&key),
    }
}

fn entry_hash(key: &[u8], value: &[u8]) -> U256 {
    let mut bytes = Vec::with_capacity(4 + key.len() + value.len());
    bytes.extend_from_slice(&(key.len() as u32).to_le_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(value);
    U256::from_little_endian(&blake2_256(&bytes))
}

/// An item that is encoded already, to be appended to a stored list.
struct Encoded(Bytes);

impl Encode for Encoded {
    fn size_hint(&self) -> usize {
        self.0.len()
    }

    fn using_encoded<R, F: FnOnce(&[u8]) -> R>(&self, f: F) -> R {
        f(&self.0)
    }
}

impl EncodeLike for Encoded {}

fn no_child_storage() -> ! {
    unimplemented!("these runtimes have no child storage")
}

impl Externalities for Store {
    fn set_offchain_storage(&mut self, _: &[u8], _: Option<&[u8]>) {}

    fn storage(&mut self, key: &[u8]) -> Option<Bytes> {
        self.entries.get(key).cloned()
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Bytes> {
        self.entries.get(key).map(|value| blake2_256(value).to_vec())
    }

    fn exists_storage(&mut self, key: &[u8]) -> bool {
        self.entries.contains_key(key)
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Bytes> {
        let mut later = self.entries.range::<[u8], _>((Bound::Excluded(key), Bound::Unbounded));
        later.next().map(|(key, _)| key.clone())
    }

    fn place_storage(&mut self, key: Bytes, value: Option<Bytes>) {
        self.write(key, value);
    }

    fn storage_append(&mut self, key: Bytes, item: Bytes) {
        let list = self.entries.get(&key).cloned().unwrap_or_default();
        let longer = <Vec<Encoded> as EncodeAppend>::append_or_new(list, std::iter::once(Encoded(item)));
        self.write(key, Some(longer.expect("what is appended to is a list")));
    }

    fn clear_prefix(&mut self, prefix: &[u8], limit: Option<u32>, _: Option<&[u8]>) -> MultiRemovalResults {
        let from_prefix = self.entries.range::<[u8], _>((Bound::Included(prefix), Bound::Unbounded));
        let mut keys: Vec<_> =
            from_prefix.map(|(key, _)| key.clone()).take_while(|key| key.starts_with(prefix)).collect();
        let all = keys.len();
        keys.truncate(limit.map_or(all, |limit| limit as usize));
        let removed = keys.len() as u32;
        for key in keys {
            self.write(key, None);
        }
        let maybe_cursor = ((removed as usize) < all).then(|| prefix.to_vec());
        MultiRemovalResults { maybe_cursor, backend: removed, unique: removed, loops: removed }
    }

    fn storage_root(&mut self, _: StateVersion) -> Bytes {
        self.root()
    }

    fn storage_start_transaction(&mut self) {
        self.transactions.push(self.journal.len());
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        let length = self.transactions.pop().ok_or(())?;
        self.roll_back(length);
        Ok(())
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        self.transactions.pop().map(|_| ()).ok_or(())
    }

    fn child_storage(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Bytes> {
        no_child_storage()
    }

    fn child_storage_hash(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Bytes> {
        no_child_storage()
    }

    fn next_child_storage_key(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Bytes> {
        no_child_storage()
    }

    fn kill_child_storage(&mut self, _: &ChildInfo, _: Option<u32>, _: Option<&[u8]>) -> MultiRemovalResults {
        no_child_storage()
    }

    fn clear_child_prefix(&mut self, _: &ChildInfo, _: &[u8], _: Option<u32>, _: Option<&[u8]>) -> MultiRemovalResults {
        no_child_storage()
    }

    fn place_child_storage(&mut self, _: &ChildInfo, _: Bytes, _: Option<Bytes>) {
        no_child_storage()
    }

    fn child_storage_root(&mut self, _: &ChildInfo, _: StateVersion) -> Bytes {
        no_child_storage()
    }

    fn wipe(&mut self) {}

    fn commit(&mut self) {}

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        (0, 0, 0, 0)
    }

    fn reset_read_write_count(&mut self) {}

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        Vec::new()
    }

    fn set_whitelist(&mut self, _: Vec<TrackedStorageKey>) {}

    fn get_read_and_written_keys(&self) -> Vec<(Bytes, u32, u32, bool)> {
        Vec::new()
    }
}

impl ExtensionStore for Store {
    fn extension_by_type_id(&mut self, _: TypeId) -> Option<&mut dyn Any> {
        None
    }

    fn register_extension_with_type_id(&mut self, _: TypeId, _: Box<dyn Extension>) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }

    fn deregister_extension_by_type_id(&mut self, _: TypeId) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }
}
