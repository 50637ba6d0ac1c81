"""Messages, their proofs (section 5) and what `joint_proof` answers."""

from typing import List, NamedTuple

import merkle
from errors import Malformed, Mismatch
from hashing import blake2b_256
from header import CROSS_CHAIN
from scale import decode, from_hex, to_hex, u32, u64, uint, vector

MOST_SIBLINGS = 32
MOST_PROOFS = 5


class Message(NamedTuple):
    destination: bytes
    nonce: int
    sender: bytes
    recipient: bytes
    amount: int

    @classmethod
    def read(cls, reader):
        destination, nonce, kind = reader.h256(), reader.u64(), reader.u8()
        if kind != 0:
            raise Malformed(f"a payload of kind {kind:02x}")
        return cls(destination, nonce, reader.take(32), reader.take(32), reader.uint(16))

    def encode(self):
        return self.destination + u64(self.nonce) + b"\0" + self.sender + self.recipient + uint(self.amount, 16)

    def hash(self):
        return blake2b_256(self.encode())

    def leaf(self):
        return b"\0" + self.encode()


class Proof(NamedTuple):
    message: Message
    index: int
    count: int
    siblings: List[bytes]

    @classmethod
    def read(cls, reader):
        return cls(Message.read(reader), reader.u32(), reader.u32(), reader.vector(reader.h256, MOST_SIBLINGS))

    def encode(self):
        return self.message.encode() + u32(self.index) + u32(self.count) + vector(self.siblings)

    def holds(self, domain, root):
        return merkle.verify(domain, root, self.message.leaf(), self.index, self.count, self.siblings)


def nonces(sent):
    """At most five of the nonces 1 … sent, the first and the last among them."""
    spread = MOST_PROOFS - 1
    return sorted({1 + i * (sent - 1) // spread for i in range(spread + 1)}) if sent else []


def check_proofs(chain, destination, sent):
    """Asks for proofs of open messages at the best block and checks them against that block's own digest.

    Returns the numbers of proofs that hold and of changed ones that, as they must, do not.
    """
    block, identity = chain.best, chain.identity
    domain, root = identity.domain(CROSS_CHAIN), block.digest.root(CROSS_CHAIN)
    proofs, changed = [], 0
    for nonce in nonces(sent):
        where = f"{identity.name} block {block.number} ({to_hex(block.hash)}), message {nonce}"
        answer = chain.node.call("joint_proof", nonce, to_hex(block.hash))
        try:
            proof = decode(from_hex(answer["encoded"]), Proof.read)
        except (KeyError, TypeError, Malformed) as error:
            raise Mismatch(where, "joint_proof's encoded", str(error)) from None
        _compare(where, answer, block, root, proof)
        for rule, found, expected in (
            ("nonce", proof.message.nonce, nonce),
            ("destination", to_hex(proof.message.destination), to_hex(destination)),
            ("index (nonces start at 1 without gaps)", proof.index, nonce - 1),
            ("count (the outbox holds all that were sent)", proof.count, sent),
        ):
            if found != expected:
                raise Mismatch(where, rule, f"the proof has {found}, expected {expected}")
        if not proof.holds(domain, root):
            raise Mismatch(where, "proof holds", f"it does not lead to the header's cross-chain root {to_hex(root)}")
        changed += check_changes(where, domain, root, proof)
        proofs.append(proof)
    if len(proofs) == sent and merkle.root(domain, [proof.message.leaf() for proof in proofs]) != root:
        raise Mismatch(where, "cross-chain root", "the tree built of all messages has another root")
    return len(proofs), changed


def check_changes(where, domain, root, proof):
    """Every single-bit change of the leaf, a sibling, the index or the count must break the proof."""
    leaf, index, count, path = proof.message.leaf(), proof.index, proof.count, proof.siblings
    variants = [("message", (changed, index, count, path)) for changed in _flips(leaf)]
    for at, sibling in enumerate(path):
        variants += [("sibling", (leaf, index, count, path[:at] + [flip] + path[at + 1:])) for flip in _flips(sibling)]
    variants += [("index", (leaf, index ^ 1 << bit, count, path)) for bit in range(32)]
    variants += [("count", (leaf, index, count ^ 1 << bit, path)) for bit in range(32)]
    for part, variant in variants:
        if merkle.verify(domain, root, *variant):
            raise Mismatch(where, "changed proof", f"a proof with one bit of its {part} flipped still holds")
    return len(variants)


def _flips(data):
    number = int.from_bytes(data, "big")
    return [(number ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data))]


def _compare(where, answer, block, root, proof):
    message = answer.get("message")
    inner = message if isinstance(message, dict) else {}
    found = {**answer, **{f"message.{key}": value for key, value in inner.items()}}
    expected = {
        "block": to_hex(block.hash),
        "number": block.number,
        "root": to_hex(root),
        "message.hash": to_hex(proof.message.hash()),
        "message.nonce": proof.message.nonce,
        "message.destination": to_hex(proof.message.destination),
        "message.encoded": to_hex(proof.message.encode()),
        "index": proof.index,
        "count": proof.count,
        "siblings": [to_hex(sibling) for sibling in proof.siblings],
        "leaf": to_hex(proof.message.leaf()),
    }
    for field, value in expected.items():
        if found.get(field) != value:
            raise Mismatch(where, f"joint_proof's {field}", f"the answer has {found.get(field)}, expected {value}")
