//! Two work hashes at once with the SHA extensions of x86-64.
//!
//! Each round instruction waits for the one before it, so one hash after the other leaves the SHA unit idle for about
//! half of the time. Two nonces' streams of instructions, four rounds of one beside four rounds of the other, let an
//! out-of-order core fill these gaps. The first ten rounds, which the nonce does not reach, are done once per search.
//! (Folding constant parts of the message schedule as well was measured and gained nothing.)

use super::INITIAL_STATE;
use crate::U256;
use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi64, _mm_insert_epi32, _mm_set_epi32, _mm_sha256msg1_epu32,
    _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi32, _mm_unpackhi_epi64, _mm_unpacklo_epi64,
};
use std::arch::is_x86_feature_detected;

/// The round constants (FIPS 180-4, 4.2.2) in order: four rounds to an array, sixteen to an array of these.
#[rustfmt::skip]
const K: [[[u32; 4]; 4]; 4] = [
    [
        [0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5], [0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
        [0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3], [0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
    ],
    [
        [0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc], [0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
        [0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7], [0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
    ],
    [
        [0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13], [0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
        [0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3], [0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
    ],
    [
        [0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5], [0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
        [0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208], [0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
    ],
];

/// Proof that this CPU has the SHA extensions: only [`detect`](Self::detect) makes one.
#[derive(Clone, Copy)]
pub(super) struct ShaExtensions(());

impl ShaExtensions {
    /// Asks the CPU. `None` where it lacks an instruction that [`find`] needs.
    pub(super) fn detect() -> Option<Self> {
        let detected = is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("sse2")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1");
        detected.then_some(Self(()))
    }

    /// Gives `accept` the nonces from `start` on (wrapping), `count` of them in order, each with its work hash as a
    /// number, and returns the first that it accepts. `block` is the padded preimage with any nonce.
    pub(super) fn find(
        self,
        block: &[u8; 64],
        start: u64,
        count: u64,
        accept: impl FnMut(u64, U256) -> bool,
    ) -> Option<u64> {
        // SAFETY: `find` enables what `detect` asks for, and `self` exists only where the CPU has all of it.
        #[allow(unsafe_code)]
        unsafe {
            find(block, start, count, accept)
        }
    }
}

/// See [`ShaExtensions::find`].
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn find(block: &[u8; 64], start: u64, count: u64, mut accept: impl FnMut(u64, U256) -> bool) -> Option<u64> {
    let common = Stream::common(block);
    let (mut nonce, mut left) = (start, count);
    while left > 0 {
        let next = nonce.wrapping_add(1);
        let mut blocks = [common.with_nonce(nonce), common.with_nonce(next)];
        rounds_from_16(&mut blocks);
        let [first, second] = blocks;
        let mut blocks = [first.second_block(), second.second_block()];
        rounds_from_16(&mut blocks);
        let [first, second] = blocks;
        if accept(nonce, first.number()) {
            return Some(nonce);
        }
        // An odd count ends within a pair.
        if left > 1 && accept(next, second.number()) {
            return Some(next);
        }
        nonce = nonce.wrapping_add(2);
        left = left.saturating_sub(2);
    }
    None
}

/// Rounds 16 to 63 of both streams.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn rounds_from_16(streams: &mut [Stream; 2]) {
    let [_, later @ ..] = K;
    // Flattened, the compiler would not unroll these loops, and the streams would live in memory.
    for constants in later {
        for constants in constants {
            for stream in streams.iter_mut() {
                stream.next_four_rounds(constants);
            }
        }
    }
}

/// One block's compression under way.
#[derive(Clone, Copy)]
struct Stream {
    /// Working variables a, b, e, f from the highest lane down, as the round instruction wants them.
    abef: __m128i,
    /// Working variables c, d, g, h likewise.
    cdgh: __m128i,
    /// Sixteen successive words of the message schedule, the first in the lowest lane.
    words: [__m128i; 4],
}

impl Stream {
    /// A message's first block, before the first round.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn new(words: [__m128i; 4]) -> Self {
        let [a, b, c, d, e, f, g, h] = INITIAL_STATE;
        Self { abef: vector([f, e, b, a]), cdgh: vector([h, g, d, c]), words }
    }

    /// What all nonces have in common: the preimage's block after rounds 0 to 9. Its nonce, words 11 and 12, is zero.
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn common(block: &[u8; 64]) -> Self {
        let mut words = [0; 16];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, _, _, w13, w14, w15] = words;
        let (w0, w4) = (vector([w0, w1, w2, w3]), vector([w4, w5, w6, w7]));
        let (w8, w12) = (vector([w8, w9, w10, 0]), vector([0, w13, w14, w15]));
        let [[k0, k4, k8, _], ..] = K;
        let mut stream = Self::new([w0, w4, w8, w12]);
        stream.four_rounds(w0, k0);
        stream.four_rounds(w4, k4);
        stream.two_rounds(_mm_add_epi32(w8, vector(k8)));
        stream
    }

    /// The preimage's block with this nonce after rounds 0 to 15, from what [`common`](Self::common) returns.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn with_nonce(mut self, nonce: u64) -> Self {
        let [w0, w4, w8, w12] = self.words;
        // The nonce's bytes are little-endian, the words big-endian.
        let w8 = _mm_insert_epi32::<3>(w8, (nonce as u32).swap_bytes() as i32);
        let w12 = _mm_insert_epi32::<0>(w12, ((nonce >> 32) as u32).swap_bytes() as i32);
        self.words = [w0, w4, w8, w12];
        let [[_, _, k8, k12], ..] = K;
        self.two_rounds(high_half(_mm_add_epi32(w8, vector(k8))));
        self.four_rounds(w12, k12);
        self
    }

    /// The outer hash's block, which is the padded inner hash, after rounds 0 to 15.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn second_block(&self) -> Self {
        let [feba, hgdc] = self.output().map(|half| _mm_shuffle_epi32::<0b00_01_10_11>(half));
        let (w0, w4) = (_mm_unpacklo_epi64(feba, hgdc), _mm_unpackhi_epi64(feba, hgdc));
        let (w8, w12) = (vector([0x8000_0000, 0, 0, 0]), vector([0, 0, 0, 256]));
        let [[k0, k4, k8, k12], ..] = K;
        let mut stream = Self::new([w0, w4, w8, w12]);
        stream.four_rounds(w0, k0);
        stream.four_rounds(w4, k4);
        stream.four_rounds(w8, k8);
        stream.four_rounds(w12, k12);
        stream
    }

    /// Four rounds with the next four words of the message schedule.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn next_four_rounds(&mut self, constants: [u32; 4]) {
        let [w0, w4, w8, w12] = self.words;
        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), _mm_alignr_epi8::<4>(w12, w8));
        let w16 = _mm_sha256msg2_epu32(sum, w12);
        self.words = [w4, w8, w12, w16];
        self.four_rounds(w16, constants);
    }

    /// Four rounds with these message words.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn four_rounds(&mut self, words: __m128i, constants: [u32; 4]) {
        let words = _mm_add_epi32(words, vector(constants));
        self.two_rounds(words);
        self.two_rounds(high_half(words));
    }

    /// Two rounds; the two low lanes hold their message words plus round constants.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn two_rounds(&mut self, words: __m128i) {
        // What the instruction returns are the new a, b, e, f; the old ones are the new c, d, g, h.
        (self.abef, self.cdgh) = (_mm_sha256rnds2_epu32(self.cdgh, self.abef, words), self.abef);
    }

    /// The block's hash after round 63, in the order of `abef` and `cdgh`.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn output(&self) -> [__m128i; 2] {
        let initial = Self::new(self.words);
        [_mm_add_epi32(self.abef, initial.abef), _mm_add_epi32(self.cdgh, initial.cdgh)]
    }

    /// The block's hash after round 63 as a big-endian number.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn number(&self) -> U256 {
        let [abef, cdgh] = self.output();
        let (ab, cd) = (_mm_extract_epi64::<1>(abef), _mm_extract_epi64::<1>(cdgh));
        let (ef, gh) = (_mm_extract_epi64::<0>(abef), _mm_extract_epi64::<0>(cdgh));
        U256([gh as u64, ef as u64, cd as u64, ab as u64])
    }
}

/// Four words, the first in the lowest lane.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn vector([w0, w1, w2, w3]: [u32; 4]) -> __m128i {
    _mm_set_epi32(w3 as i32, w2 as i32, w1 as i32, w0 as i32)
}

/// The two high lanes, moved down.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn high_half(words: __m128i) -> __m128i {
    _mm_shuffle_epi32::<0b00_00_11_10>(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{work::WorkFunction, H256};
    use std::io::{stderr, Write};

    /// A wrong word anywhere in a hash, a wrong order or a nonce too many or too few fails this.
    #[test]
    fn all_eight_words_equal_those_of_the_single_stream() {
        let Some(extensions) = ShaExtensions::detect() else {
            // Not `eprintln!`, which the harness swallows when a test passes.
            writeln!(stderr(), "NOT TESTED: two interleaved streams; this CPU has no SHA extensions").unwrap();
            return;
        };
        // At 0, over a carry into the nonce's second word, in the middle, over the wrap-around.
        let starts = [0, u64::from(u32::MAX) - 100, 0x0123_4567_89ab_cdef, u64::MAX - 100];
        for (salt, start) in (0u8..).zip(starts) {
            for count in [0, 1, 2, 3, 1_001] {
                let mut work = WorkFunction::new(&H256::repeat_byte(salt ^ 0x5a));
                let mut seen = Vec::new();
                let found = extensions.find(&work.first.into(), start, count, |nonce, hash| {
                    seen.push((nonce, hash));
                    false
                });
                assert_eq!(found, None);
                let expected: Vec<_> = (0..count)
                    .map(|i| start.wrapping_add(i))
                    .map(|nonce| (nonce, U256::from_big_endian(work.hash(nonce.to_le_bytes()).as_bytes())))
                    .collect();
                assert_eq!(seen, expected);
            }
        }
    }

    #[test]
    fn the_first_accepted_nonce_ends_the_search() {
        let Some(extensions) = ShaExtensions::detect() else {
            writeln!(stderr(), "NOT TESTED: end of an interleaved search; this CPU has no SHA extensions").unwrap();
            return;
        };
        let block = WorkFunction::new(&H256::repeat_byte(1)).first.into();
        for wanted in 0..6 {
            let mut last = None;
            let found = extensions.find(&block, 0, u64::MAX, |nonce, _| {
                last = Some(nonce);
                nonce >= wanted
            });
            assert_eq!((found, last), (Some(wanted), Some(wanted)));
        }
    }
}
