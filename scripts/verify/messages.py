"""Messages, receipts and the state of the lanes: the leaves of the cross-chain tree, and their proofs (section 5)."""

from typing import List, NamedTuple, Optional, Union

import merkle
from errors import Malformed, Mismatch
from hashing import blake2b_256
from scale import option, u32, u64, uint, vector

MOST_SIBLINGS = 32
MESSAGE, RECEIPT, STATE = 0, 1, 2
REFUSALS = ("recipient", "amount")
# `modl`, the pallet's id, zeros: on either chain an account without a key, which takes no transfer.
ESCROW = b"modlgp/escro".ljust(32, b"\0")
MIN_TRANSFER = 10**6


class Message(NamedTuple):
    destination: bytes
    nonce: int
    previous: bytes
    acknowledged: int
    sender: bytes
    recipient: bytes
    amount: int
    total: int

    @classmethod
    def read(cls, reader):
        destination, nonce, previous, acknowledged = reader.h256(), reader.u64(), reader.h256(), reader.u64()
        kind = reader.u8()
        if kind != 0:
            raise Malformed(f"a payload of kind {kind:02x}")
        return cls(destination, nonce, previous, acknowledged, reader.take(32), reader.take(32),
                   reader.u128(), reader.u128())

    def encode(self):
        return (self.destination + u64(self.nonce) + self.previous + u64(self.acknowledged) + b"\0"
                + self.sender + self.recipient + uint(self.amount, 16) + uint(self.total, 16))

    def hash(self):
        return blake2b_256(self.encode())

    def leaf(self):
        return uint(MESSAGE, 1) + self.encode()

    def refusal(self):
        """Why its destination refuses it, as an index of `REFUSALS`; None if it is accepted."""
        if self.recipient == ESCROW:
            return 0
        return 1 if self.amount < MIN_TRANSFER else None


class Receipt(NamedTuple):
    nonce: int
    message: bytes
    # Index of `REFUSALS`; None if the message was accepted.
    refusal: Optional[int]

    @classmethod
    def read(cls, reader):
        nonce, message = reader.u64(), reader.h256()
        refusal = reader.option(reader.u8)
        if refusal is not None and refusal >= len(REFUSALS):
            raise Malformed(f"a refusal of kind {refusal:02x}")
        return cls(nonce, message, refusal)

    def encode(self):
        # An outcome has the form of an option: accepted is 0, refused is 1 and the reason.
        return u64(self.nonce) + self.message + option(None if self.refusal is None else uint(self.refusal, 1))

    def leaf(self):
        return uint(RECEIPT, 1) + self.encode()


class LaneState(NamedTuple):
    sent: int = 0
    last_sent: bytes = bytes(32)
    sent_total: int = 0
    received: int = 0
    last_received: bytes = bytes(32)
    received_total: int = 0

    @classmethod
    def read(cls, reader):
        return cls(reader.u64(), reader.h256(), reader.u128(), reader.u64(), reader.h256(), reader.u128())

    def encode(self):
        return (u64(self.sent) + self.last_sent + uint(self.sent_total, 16)
                + u64(self.received) + self.last_received + uint(self.received_total, 16))

    def leaf(self):
        return uint(STATE, 1) + self.encode()


Leaf = Union[Message, Receipt, LaneState]
KINDS = {MESSAGE: Message, RECEIPT: Receipt, STATE: LaneState}


def read_leaf(reader):
    kind = reader.u8()
    if kind not in KINDS:
        raise Malformed(f"a leaf of kind {kind:02x}")
    return KINDS[kind].read(reader)


class LeafProof(NamedTuple):
    leaf: Leaf
    index: int
    count: int
    siblings: List[bytes]

    @classmethod
    def read(cls, reader):
        return cls(read_leaf(reader), reader.u32(), reader.u32(), reader.vector(reader.h256, MOST_SIBLINGS))

    def encode(self):
        return self.leaf.leaf() + u32(self.index) + u32(self.count) + vector(self.siblings)

    def holds(self, domain, root):
        return merkle.verify(domain, root, self.leaf.leaf(), self.index, self.count, self.siblings)


def check_changes(where, domain, root, proof):
    """Every single-bit change of the leaf, a sibling, the index or the count must break the proof."""
    leaf, index, count, path = proof.leaf.leaf(), proof.index, proof.count, proof.siblings
    variants = [("leaf", (changed, index, count, path)) for changed in flips(leaf)]
    for at, sibling in enumerate(path):
        variants += [("sibling", (leaf, index, count, path[:at] + [flip] + path[at + 1:])) for flip in flips(sibling)]
    variants += [("index", (leaf, index ^ 1 << bit, count, path)) for bit in range(32)]
    variants += [("count", (leaf, index, count ^ 1 << bit, path)) for bit in range(32)]
    for part, variant in variants:
        if merkle.verify(domain, root, *variant):
            raise Mismatch(where, "changed proof", f"a proof with one bit of its {part} flipped still holds")
    return len(variants)


def flips(data):
    """The bytes with one bit flipped, for every bit."""
    number = int.from_bytes(data, "big")
    return [(number ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data))]
