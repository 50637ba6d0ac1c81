"""Proofs that a header is an ancestor of another (sections 4 and 5), as `joint_ancestor` answers them."""

from typing import List, NamedTuple

import ancestry
from errors import Malformed, Mismatch
from header import MAX_HEADER_BYTES
from messages import flips
from scale import byte_vector, decode, from_hex, to_hex, u32, uint, vector
from work import base_work

KEPT, ANCESTOR = 0, 1
MOST_PROOFS = 5


class Ancestor(NamedTuple):
    """A `HeaderProof` of a header that the light client need not keep."""

    header: bytes
    of: bytes
    blocks: int
    nodes: List[ancestry.Node]

    @classmethod
    def read(cls, reader):
        kind = reader.u8()
        if kind != ANCESTOR:
            raise Malformed(f"a header proof of kind {kind:02x}")
        header = reader.byte_vector()
        if len(header) > MAX_HEADER_BYTES:
            raise Malformed(f"a header of {len(header)} bytes")
        return cls(header, reader.h256(), reader.u32(),
                   reader.vector(lambda: ancestry.Node.read(reader), ancestry.MOST_NODES))

    def encode(self):
        return (uint(ANCESTOR, 1) + byte_vector(self.header) + self.of + u32(self.blocks)
                + vector([node.encode() for node in self.nodes]))


def check_ancestors(chain, of):
    """Blocks all over the chain as ancestors of the block `of`. Returns how many proofs hold, and how many changed ones
    do not, as they must."""
    proofs = changed = 0
    for block in chain.sample(MOST_PROOFS, of.number - 1):
        where = f"{chain.name} block {block.number} as ancestor of block {of.number}"
        answer = chain.node.call("joint_ancestor", to_hex(block.hash), to_hex(of.hash))
        try:
            proof = decode(from_hex(answer["encoded"]), Ancestor.read)
        except (KeyError, TypeError, Malformed) as error:
            raise Mismatch(where, "joint_ancestor's encoded", str(error)) from None
        _compare(where, answer, block, of, proof)
        place = (of.digest.ancestry, proof.blocks, block.number, ancestry.leaf(block.hash, base_work(block.target)))
        if not ancestry.verify(*place, proof.nodes):
            raise Mismatch(where, "ancestor proof holds", f"it does not lead to {to_hex(of.digest.ancestry)}")
        proofs += 1
    if proofs:
        changed = check_changes(where, place, proof.nodes)
    return proofs, changed


def check_changes(where, place, nodes):
    """Every single-bit change of a node, the block's hash, the number or the count, other work, one node more and one
    less must break the proof."""
    root, count, index, leaf = place

    def changed_node(at, bits):
        return [*nodes[:at], ancestry.Node(bits[:32], int.from_bytes(bits[32:], "little")), *nodes[at + 1:]]

    variants = [("node", (count, index, leaf, changed_node(at, flip)))
                for at, node in enumerate(nodes) for flip in flips(node.encode())]
    variants += [("block", (count, index, leaf._replace(hash=flip), nodes)) for flip in flips(leaf.hash)]
    variants += [("work", (count, index, leaf._replace(work=leaf.work + 1), nodes))]
    variants += [("number", (count, index ^ 1 << bit, leaf, nodes)) for bit in range(32)]
    variants += [("count", (count ^ 1 << bit, index, leaf, nodes)) for bit in range(32)]
    variants += [("length", (count, index, leaf, other)) for other in ([*nodes, leaf], nodes[:-1]) if other != nodes]
    for part, variant in variants:
        if ancestry.verify(root, *variant):
            raise Mismatch(where, "changed ancestor proof", f"a proof with another {part} still holds")
    return len(variants)


def _compare(where, answer, block, of, proof):
    expected = {
        "block": to_hex(block.hash),
        "number": block.number,
        "of": to_hex(of.hash),
        "ofNumber": of.number,
        "header": to_hex(block.header.encode()),
        "blocks": of.number,
        "nodes": [{"hash": to_hex(node.hash), "work": f"{node.work:#066x}"} for node in proof.nodes],
        "encoded": to_hex(Ancestor(block.header.encode(), of.hash, of.number, proof.nodes).encode()),
    }
    for field, value in expected.items():
        if answer.get(field) != value:
            raise Mismatch(where, f"joint_ancestor's {field}", f"the answer has {answer.get(field)}, expected {value}")
