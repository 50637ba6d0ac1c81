"""The Merkle mountain range over all earlier headers, and proofs that a header is an ancestor (section 4)."""

from typing import NamedTuple, Tuple

from hashing import blake2b_256
from scale import u256, u32

MOST_NODES = 66


class Node(NamedTuple):
    hash: bytes
    work: int

    @classmethod
    def read(cls, reader):
        return cls(reader.h256(), reader.u256())

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


def bound_root(count, bagged):
    return blake2b_256(b"\x12", u32(count), bagged.encode())


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
        return bound_root(self.count, bag(self.peaks))


def _place(count, index):
    """Of a leaf's peak: the peaks to the left of it, its first leaf, its height."""
    first, left = 0, 0
    while True:
        height = (count - first).bit_length() - 1
        if index < first + (1 << height):
            return left, first, height
        first, left = first + (1 << height), left + 1


def proof(leaves, index):
    """The nodes that prove one leaf of a range with these leaves: the peaks to the left of the leaf's own, its siblings
    from the leaf up, the bag of the peaks to the right."""
    left, first, height = _place(len(leaves), index)
    level, at, path = list(leaves[first:first + (1 << height)]), index - first, []
    while len(level) > 1:
        path.append(level[at ^ 1])
        level, at = [parent(level[i], level[i + 1]) for i in range(0, len(level), 2)], at // 2
    history = Range()
    for node in leaves:
        history = history.add(node)
    right = history.peaks[left + 1:]
    return [*history.peaks[:left], *path, *([bag(right)] if right else [])]


def verify(root, count, index, node, nodes):
    """Whether `nodes` place the leaf `node` at `index` of the range of `count` blocks with this root."""
    if not 0 <= index < count:
        return False
    left, first, height = _place(count, index)
    right = count > first + (1 << height)
    if len(nodes) != left + height + right:
        return False
    at = index - first
    try:
        for sibling in nodes[left:left + height]:
            node = parent(sibling, node) if at & 1 else parent(node, sibling)
            at >>= 1
        # The bag of the peaks on the right counts as one peak: bagging goes on where it ended.
        return bound_root(count, bag([*nodes[:left], node, *nodes[left + height:]])) == root
    except OverflowError:
        return False
