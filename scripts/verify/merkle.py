"""Merkle trees of the subtrees and their proofs (section 3)."""

from hashing import blake2b_256
from scale import u32, uint


def domain(tree, genesis):
    return uint(tree, 1) + genesis


def leaf_hash(dom, data):
    return blake2b_256(b"\x00", dom, data)


def node_hash(dom, left, right):
    return blake2b_256(b"\x01", dom, left, right)


def bound_root(dom, count, top):
    return blake2b_256(b"\x02", dom, u32(count), top)


def empty_root(dom):
    return blake2b_256(b"\x03", dom)


def _levels(dom, leaves):
    levels = [[leaf_hash(dom, leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        level = [node_hash(dom, below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(level + below[len(level) * 2:])
    return levels


def root(dom, leaves):
    return bound_root(dom, len(leaves), _levels(dom, leaves)[-1][0]) if leaves else empty_root(dom)


def siblings(dom, leaves, index):
    """The siblings of a leaf's proof, from the leaf up."""
    path = []
    for level in _levels(dom, leaves)[:-1]:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index //= 2
    return path


def verify(dom, expected_root, data, index, count, path):
    if index >= count or len(path) > 32 or expected_root == bytes(32):
        return False
    at, width, current, left = index, count, leaf_hash(dom, data), list(path)
    while width > 1:
        if at % 2 or at + 1 < width:
            if not left:
                return False
            sibling = left.pop(0)
            current = node_hash(dom, sibling, current) if at % 2 else node_hash(dom, current, sibling)
        at, width = at // 2, (width + 1) // 2
    return not left and bound_root(dom, count, current) == expected_root
