"""The Merkle mountain range over all earlier headers (section 4)."""

from typing import NamedTuple, Tuple

from hashing import blake2b_256
from scale import u256, u32


class Node(NamedTuple):
    hash: bytes
    work: int

    def encode(self):
        return self.hash + u256(self.work)


def leaf(block_hash, work):
    return Node(blake2b_256(b"\x10", block_hash, u256(work)), work)


def parent(left, right):
    return Node(blake2b_256(b"\x11", left.encode(), right.encode()), left.work + right.work)


def bag(peaks):
    """One node of all peaks (oldest first), from the right, the right one first."""
    bagged = peaks[-1]
    for peak in reversed(peaks[:-1]):
        bagged = parent(bagged, peak)
    return bagged


class Range(NamedTuple):
    """A range of `count` blocks with its peaks, oldest and largest first. Adding gives a new range."""

    count: int = 0
    peaks: Tuple[Node, ...] = ()

    def add(self, node):
        peaks, ones = self.peaks, self.count
        while ones & 1:
            node = parent(peaks[-1], node)
            peaks, ones = peaks[:-1], ones >> 1
        return Range(self.count + 1, peaks + (node,))

    def root(self):
        return blake2b_256(b"\x12", u32(self.count), bag(self.peaks).encode())
