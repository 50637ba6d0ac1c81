"""One chain as its node tells it: every header from block 1 to the best, and the node's own view of them."""

import time
from collections import Counter

import header as headers
from errors import Malformed, Mismatch
from header import SUBTREE_NAMES
from rpc import state_call
from rules import Identity, check, genesis_block
from scale import from_hex, to_hex
from work import Parameters, work_hash

HASHES_AT_ONCE = 1000
LONGEST_FORK = 256
READ_ATTEMPTS = 10


class Chain:
    def __init__(self, name, node, subtrees):
        self.name = name
        self.node = node
        self.done = Counter()
        genesis = self._hex(node.call("chain_getBlockHash", 0))
        found = state_call(node, "HybridPowApi_parameters", lambda r: r.option(lambda: Parameters.read(r)), None)
        if found is None:
            raise Mismatch(name, "parameters", "the genesis has none (hybridPow.parameters)")
        self.identity = Identity(name, subtrees, genesis, found)
        self.canonical = [genesis_block(self.identity)]
        self.known = {genesis: self.canonical[0]}

    def check_headers(self):
        """Fetches the canonical chain up to the best block and checks every header of it."""
        genesis = self._header(self.identity.genesis)
        if genesis is None or genesis.number or genesis.logs or genesis.hash() != self.identity.genesis:
            raise Mismatch(f"{self.name} block 0", "genesis header", "its number, hash or empty digest is not right")
        # Twice: the second pass takes in the blocks that were found while the first one fetched.
        self.advance()
        self.advance()
        return self.done

    def advance(self):
        """Takes in the blocks that were found since."""
        blocks = self.canonical[:1]
        for block_hash in self._hashes()[1:]:
            blocks.append(self.known.get(block_hash) or self._check(blocks[-1], block_hash))
        self.canonical = blocks

    @property
    def best(self):
        return self.canonical[-1]

    def find(self, block_hash):
        """A block of this chain, or of a branch that leaves it at most 256 blocks back; None if there is none."""
        path = []
        while block_hash not in self.known:
            header = self._header(block_hash)
            if header is None or len(path) == LONGEST_FORK:
                return None
            path.append(block_hash)
            block_hash = header.parent_hash
        block = self.known[block_hash]
        for block_hash in reversed(path):
            block = self._check(block, block_hash)
        return block

    def sample(self, most, below=None):
        """At most `most` blocks, evenly from block 1 up to `below` (the best), these two among them."""
        last = self.best.number if below is None else below
        numbers = {1 + i * (last - 1) // max(most - 1, 1) for i in range(most)} if last > 0 else ()
        return [self.canonical[number] for number in sorted(numbers)]

    def compare_joint_headers(self, count):
        """`joint_header` of the newest `count` blocks against the headers decoded here."""
        blocks = self.canonical[1:][-count:] if count else []
        for block in blocks:
            answer = _flat(self.node.call("joint_header", to_hex(block.hash)))
            for field, expected in _flat(_joint_header(block)).items():
                found = answer.get(field, "nothing")
                if found != expected:
                    raise Mismatch(self._where(block), f"joint_header's {field}",
                                   f"the answer has {found}, the header {expected}")
        return len(blocks)

    def _where(self, block):
        return f"{self.name} block {block.number} ({to_hex(block.hash)})"

    def _hashes(self):
        """The hashes from genesis to the best block, read until no reorganisation came between."""
        before = None
        for _ in range(READ_ATTEMPTS):
            best = self._parse(self.node.call("chain_getHeader")).number
            texts = []
            for start in range(0, best + 1, HASHES_AT_ONCE):
                numbers = list(range(start, min(start + HASHES_AT_ONCE, best + 1)))
                texts += self.node.call("chain_getBlockHash", numbers) or [None]
            if None not in texts and before is not None and texts[:len(before)] == before:
                return [self._hex(text) for text in texts]
            before = texts
        raise Mismatch(self.name, "chain_getBlockHash's answer", f"it differed in {READ_ATTEMPTS} calls in a row")

    def _check(self, parent, block_hash):
        header = self._header(block_hash)
        if header is None:
            raise Mismatch(f"{self.name} block {parent.number + 1} ({to_hex(block_hash)})", "chain_getHeader answers",
                           "the node does not have the header")
        block = check(self.identity, parent, header, block_hash, int(time.time() * 1000), self.done)
        self.known[block_hash] = block
        return block

    def _header(self, block_hash):
        answer = self.node.call("chain_getHeader", to_hex(block_hash))
        return None if answer is None else self._parse(answer)

    def _parse(self, answer):
        try:
            return headers.from_json(answer)
        except Malformed as error:
            raise Mismatch(self.name, "chain_getHeader's answer", str(error)) from None

    def _hex(self, text):
        try:
            return from_hex(text, 32)
        except Malformed as error:
            raise Mismatch(self.name, "chain_getBlockHash's answer", str(error)) from None


def _joint_header(block):
    """The fields of a `joint_header` answer, from the header."""
    header, digest = block.header, block.digest
    claim = digest.claim and {**digest.claim._asdict(), "parameters": list(digest.claim.parameters)}
    pre_hash = header.pre_hash()
    return {
        "number": header.number,
        "hash": to_hex(block.hash),
        "parent": to_hex(header.parent_hash),
        "preHash": to_hex(pre_hash),
        "author": to_hex(digest.author),
        "claim": claim,
        "time": digest.time,
        "target": f"{digest.target:#066x}",
        "analysis": digest.analysis and digest.analysis._asdict(),
        "work": f"{digest.work:#066x}",
        "ancestry": to_hex(digest.ancestry),
        "subtrees": [{"id": subtree, "name": SUBTREE_NAMES[subtree], "root": to_hex(root)}
                     for subtree, root in digest.subtrees],
        "nonce": to_hex(digest.nonce),
        "workHash": to_hex(work_hash(pre_hash, digest.nonce)),
        "encoded": to_hex(header.encode()),
    }


def _flat(answer):
    """An answer's fields; those of an object within it by both names, with a point between."""
    flat = {}
    for field, value in answer.items() if isinstance(answer, dict) else ():
        inner = value if isinstance(value, dict) else {"": value}
        flat.update((f"{field}.{name}" if name else field, part) for name, part in inner.items())
    return flat
