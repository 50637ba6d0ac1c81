//! The work function (eq. 9): SHA-256²(tag ‖ v ‖ R_i ‖ k_i), R_i the hash of the unsealed header, k_i the 8-byte nonce.
//!
//! The preimage fits one compression block, so a hash costs exactly two compressions. Tag and v make it a preimage that
//! no other coin's miner produces. Where the CPU has SHA extensions, a search hashes two nonces at once.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod interleaved;

use crate::{H256, U256};
use sha2::digest::generic_array::{typenum::U64, GenericArray};

/// The preimage's first bytes.
pub const TAG: [u8; 11] = *b"gridpeg-pow";
/// v of eq. 9, the number of chains that the analysis joins.
pub const CHAINS: u8 = 2;
/// Length of the preimage in bytes.
pub const PREIMAGE_LEN: usize = TAG.len() + 1 + 32 + 8;

/// SHA-256's initial state (FIPS 180-4, 5.3.3).
const INITIAL_STATE: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// Offset of the nonce in the preimage.
const NONCE_AT: usize = TAG.len() + 1 + 32;

/// The work function of one unsealed header, ready for many nonces.
#[derive(Clone)]
pub struct WorkFunction {
    /// The padded preimage; only the nonce changes.
    first: GenericArray<u8, U64>,
    /// The padded inner hash.
    second: GenericArray<u8, U64>,
    /// `None`: one nonce at a time.
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    extensions: Option<interleaved::ShaExtensions>,
}

impl WorkFunction {
    /// Prepares the work function for the unsealed header's hash R_i.
    pub fn new(pre_hash: &H256) -> Self {
        let mut first = GenericArray::default();
        first[..TAG.len()].copy_from_slice(&TAG);
        first[TAG.len()] = CHAINS;
        first[TAG.len() + 1..NONCE_AT].copy_from_slice(pre_hash.as_bytes());
        pad(&mut first, PREIMAGE_LEN);
        let mut second = GenericArray::default();
        pad(&mut second, 32);
        Self {
            first,
            second,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            extensions: interleaved::ShaExtensions::detect(),
        }
    }

    /// The work hash for a nonce.
    pub fn hash(&mut self, nonce: [u8; 8]) -> H256 {
        let mut hash = H256::zero();
        write_state(&self.state(nonce), hash.as_bytes_mut());
        hash
    }

    /// SHA-256's state after both hashes: the work hash in eight big-endian words.
    fn state(&mut self, nonce: [u8; 8]) -> [u32; 8] {
        self.first[NONCE_AT..PREIMAGE_LEN].copy_from_slice(&nonce);
        let mut state = INITIAL_STATE;
        sha2::compress256(&mut state, core::slice::from_ref(&self.first));
        write_state(&state, &mut self.second[..32]);
        let mut state = INITIAL_STATE;
        sha2::compress256(&mut state, core::slice::from_ref(&self.second));
        state
    }

    /// How many nonces [`search`](Self::search) hashes at once on this CPU: 2 with SHA extensions, else 1.
    pub fn streams(&self) -> u32 {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if self.extensions.is_some() {
            return 2;
        }
        1
    }

    /// Tries `count` nonces from `start` on (wrapping), and returns the first that meets the target.
    pub fn search(&mut self, start: u64, count: u64, target: U256) -> Option<[u8; 8]> {
        #[cfg(all(feature = "std", target_arch = "x86_64"))]
        if let Some(extensions) = self.extensions {
            let U256([.., high]) = target;
            let block = self.first.into();
            let found = extensions.find(&block, start, count, |nonce, U256([.., prefix])| {
                prefix <= high && self.confirms(nonce.to_le_bytes(), target)
            });
            return found.map(u64::to_le_bytes);
        }
        self.search_single(start, count, target)
    }

    /// The same search, always one nonce at a time: the reference for [`search`](Self::search)'s result and speed.
    pub fn search_single(&mut self, start: u64, count: u64, target: U256) -> Option<[u8; 8]> {
        // Nearly all hashes miss by their first 64 bits already; only the others are worth a full comparison.
        let U256([.., high]) = target;
        (0..count).map(|i| start.wrapping_add(i).to_le_bytes()).find(|nonce| {
            let [first, second, ..] = self.state(*nonce);
            let prefix = u64::from(first) << 32 | u64::from(second);
            prefix <= high && self.confirms(*nonce, target)
        })
    }

    /// Whether a nonce meets the target. Out of line, so that the search's loop stays small.
    #[cold]
    fn confirms(&mut self, nonce: [u8; 8], target: U256) -> bool {
        meets(&self.hash(nonce), target)
    }
}

/// SHA-256's padding of a message of `len` bytes that fits one block.
fn pad(block: &mut GenericArray<u8, U64>, len: usize) {
    block[len] = 0x80;
    block[56..].copy_from_slice(&((len as u64) * 8).to_be_bytes());
}

fn write_state(state: &[u32; 8], bytes: &mut [u8]) {
    for (word, out) in state.iter().zip(bytes.chunks_exact_mut(4)) {
        out.copy_from_slice(&word.to_be_bytes());
    }
}

/// The work hash of one nonce.
pub fn work_hash(pre_hash: &H256, nonce: [u8; 8]) -> H256 {
    WorkFunction::new(pre_hash).hash(nonce)
}

/// Whether a work hash, read as a big-endian number, is at most the target.
pub fn meets(hash: &H256, target: U256) -> bool {
    U256::from_big_endian(hash.as_bytes()) <= target
}
