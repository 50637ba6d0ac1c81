"""A node in memory, for the self-test: it mines a short chain by the document and answers like a node."""

from itertools import count as naturals

import ancestry
import header as headers
import merkle
from header import CONSENSUS, CROSS_CHAIN, ENGINE_JOINT, ENGINE_POW, PRE_RUNTIME, SEAL, SUBTREE_NAMES, Header
from messages import Message, Proof
from rules import Block, Identity, genesis_block
from scale import byte_vector, compact, option, to_hex, u32, u64, u256, uint, vector
from work import Parameters, base_work, next_target, work_hash

PARAMETERS = Parameters(1000, 2, 1 << 252, 5, 6)
SOLVE_TIMES = (1000, 400, 9000, 1, 700, 5999, 1300, 1)
START = 1_700_000_000_000


def item(kind, engine, content):
    return uint(kind, 1) + engine + byte_vector(content)


def runtime_item(fields):
    """The runtime's item; `analysis` is given encoded."""
    trees = vector([uint(subtree, 1) + root for subtree, root in fields["subtrees"]])
    return item(CONSENSUS, ENGINE_JOINT, u64(fields["time"]) + u256(fields["target"]) + fields["analysis"]
                + u256(fields["work"]) + fields["ancestry"] + trees)


def seal(header, target, good=True):
    """The header with the first nonce that reaches the target (or, if not `good`, misses it)."""
    open_header = header._replace(logs=header.logs + [b""])
    pre_hash = open_header.pre_hash()
    for number in naturals():
        nonce = u64(number)
        if (int.from_bytes(work_hash(pre_hash, nonce), "big") <= target) == good:
            return header._replace(logs=header.logs + [item(SEAL, ENGINE_POW, nonce)])


def author(identity, parent, messages, **changes):
    """A sealed child of `parent`; `changes` replace what the rules ask for."""
    after = SOLVE_TIMES[parent.number % len(SOLVE_TIMES)]
    target = next_target(identity.parameters, parent.target, parent.solve_time)
    roots = []
    for subtree in identity.subtrees:
        leaves = [message.leaf() for message in messages] if subtree == CROSS_CHAIN else []
        roots.append((subtree, merkle.root(identity.domain(subtree), leaves)))
    fields = dict(parent_hash=parent.hash, number=parent.number + 1, time=(parent.time or START) + after,
                  target=target, work=parent.work + base_work(target), ancestry=parent.history.root(), subtrees=roots,
                  claim=b"\0", analysis=b"\0", good=True, extra=[])
    fields.update(changes)
    logs = [item(PRE_RUNTIME, ENGINE_POW, bytes(range(32)) + fields["claim"]), *fields["extra"],
            runtime_item(fields)]
    return seal(Header(fields["parent_hash"], fields["number"], bytes(32), bytes(32), logs), target, fields["good"])


def extend(identity, parent, header):
    """The block of an honest header."""
    digest = header.digest()
    history = parent.history.add(ancestry.leaf(header.hash(), base_work(digest.target)))
    solve_time = digest.time - parent.time if parent.number else None
    return Block(header.hash(), header.number, digest.time, solve_time, digest.target, digest.work, history,
                 header, digest)


class SampleNode:
    """Answers like a node of a chain of `length` blocks.

    `sends` maps a block's number to the number of messages sent in it; a negative one empties the outbox.
    """

    def __init__(self, name, subtrees, length, destination, sends):
        self.name = name
        self.genesis = Header(bytes(32), 0, headers.blake2b_256(name.encode()), bytes(32), [])
        self.identity = Identity(name, subtrees, self.genesis.hash(), PARAMETERS)
        self.blocks = [genesis_block(self.identity)]
        self.outboxes = [[]]
        self.tip = None
        self.forks = []
        self.spoil = lambda method, answer: answer
        for number in range(1, length + 1):
            new = sends.get(number, 0)
            outbox = list(self.outboxes[-1]) if new >= 0 else []
            for _ in range(new):
                nonce = len(outbox) + 1
                outbox.append(Message(destination, nonce, bytes([nonce]) * 32, bytes([99]) * 32, 10**12 * nonce))
            extra = [b"\x08"] if number == 3 else []
            header = author(self.identity, self.blocks[-1], outbox, extra=extra)
            self.blocks.append(extend(self.identity, self.blocks[-1], header))
            self.outboxes.append(outbox)

    def fork(self, number):
        """Another block of this height, known to the node but not on its chain."""
        parent = self.blocks[number - 1]
        header = author(self.identity, parent, self.outboxes[number], time=(parent.time or START) + 77)
        self.forks.append(extend(self.identity, parent, header))
        return self.forks[-1]

    def follow(self, block):
        self.tip = (u32(block.number) + block.hash + u64(block.time)
                    + option(None if block.solve_time is None else u64(block.solve_time))
                    + u256(block.target) + u256(block.work))

    def call(self, method, *params):
        return self.spoil(method, getattr(self, method)(*params))

    def chain_getBlockHash(self, which):
        if isinstance(which, list):
            return [self.chain_getBlockHash(number) for number in which]
        return to_hex(self.blocks[which].hash)

    def chain_getHeader(self, block_hash=None):
        block = self._find(block_hash)
        header = block and (block.header or self.genesis)
        return header and {
            "parentHash": to_hex(header.parent_hash), "number": hex(header.number),
            "stateRoot": to_hex(header.state_root), "extrinsicsRoot": to_hex(header.extrinsics_root),
            "digest": {"logs": [to_hex(log) for log in header.logs]},
        }

    def state_call(self, function, data, block_hash):
        if function == "HybridPowApi_parameters":
            p = self.identity.parameters
            return to_hex(option(u64(p.block_time) + u32(p.half_life) + u256(p.initial_target)
                                 + u32(p.finality_depth) + u32(p.confirmations)))
        if function == "LanesApi_sent":
            return to_hex(u64(len(self.outboxes[self._find(block_hash).number])))
        return to_hex(option(self.tip))

    def joint_header(self, block_hash):
        block = self._find(block_hash)
        header, digest = block.header, block.digest
        return {
            "number": header.number, "hash": to_hex(header.hash()), "parent": to_hex(header.parent_hash),
            "preHash": to_hex(header.pre_hash()), "author": to_hex(digest.author), "claim": None, "time": digest.time,
            "target": "0x" + u256(digest.target)[::-1].hex(), "analysis": None,
            "work": "0x" + u256(digest.work)[::-1].hex(), "ancestry": to_hex(digest.ancestry),
            "subtrees": [{"id": i, "name": SUBTREE_NAMES[i], "root": to_hex(root)} for i, root in digest.subtrees],
            "nonce": to_hex(digest.nonce), "workHash": to_hex(work_hash(header.pre_hash(), digest.nonce)),
            "encoded": to_hex(header.parent_hash + compact(header.number) + bytes(64) + vector(header.logs)),
        }

    def joint_proof(self, nonce, block_hash):
        block = self._find(block_hash)
        outbox, domain = self.outboxes[block.number], self.identity.domain(CROSS_CHAIN)
        message = outbox[nonce - 1]
        path = merkle.siblings(domain, [entry.leaf() for entry in outbox], nonce - 1)
        proof = Proof(message, nonce - 1, len(outbox), path)
        return {
            "block": block_hash, "number": block.number, "root": to_hex(block.digest.root(CROSS_CHAIN)),
            "message": {"hash": to_hex(message.hash()), "nonce": nonce, "destination": to_hex(message.destination),
                        "encoded": to_hex(message.encode())},
            "index": nonce - 1, "count": len(outbox), "siblings": [to_hex(hash_) for hash_ in path],
            "leaf": to_hex(message.leaf()), "encoded": to_hex(proof.encode()),
        }

    def _find(self, block_hash):
        if block_hash is None:
            return self.blocks[-1]
        return next((block for block in self.blocks + self.forks if to_hex(block.hash) == block_hash), None)
