"""The rules of a header given its parent (sections 2 to 4)."""

from collections import Counter
from typing import NamedTuple, Optional, Tuple

import ancestry
import merkle
from errors import Malformed, Mismatch
from header import CROSS_CHAIN, PV_TRADING, Digest, Header
from scale import to_hex
from work import Parameters, base_work, bonus, meets, next_target, work_hash


class Identity(NamedTuple):
    """What tells a chain from another one."""

    name: str
    subtrees: Tuple[int, ...]
    genesis: bytes
    parameters: Parameters

    def domain(self, subtree):
        return merkle.domain(subtree, self.genesis)


class Block(NamedTuple):
    """A checked block: what its children are checked against."""

    hash: bytes
    number: int
    time: int
    solve_time: Optional[int]
    target: int
    work: int
    # The recent peak of the base work, from which a light client's confirmations are counted (section 6).
    peak: int
    history: ancestry.Range
    header: Optional[Header] = None
    digest: Optional[Digest] = None


def genesis_block(identity):
    history = ancestry.Range().add(ancestry.leaf(identity.genesis, 0))
    return Block(identity.genesis, 0, 0, None, identity.parameters.initial_target, 0, 0, history)


def next_peak(peak, target):
    return max(base_work(target), peak - peak // 256)


def check(identity, parent, header, block_hash, now, done: Counter):
    """The block, if the header keeps every rule. `now` is the verifier's clock; `done` counts the rules checked.

    What a claim is worth (section 2.4) takes the price pairs of the state, and is not checked: as a light client does,
    this takes a gain at its word. Which leaves the PvTrading root stands for, `market` asks for.
    """
    where = f"{identity.name} block {header.number} ({to_hex(block_hash)})"

    def hold(group, rule, holds, detail):
        if not holds:
            raise Mismatch(where, rule, detail)
        done[group] += 1

    def equal(group, rule, found, computed):
        shown = [to_hex(value) if isinstance(value, bytes) else value for value in (found, computed)]
        hold(group, rule, found == computed, f"the header has {shown[0]}, computed {shown[1]}")

    hold("encoding and block hash", "block hash", header.hash() == block_hash,
         f"the header as encoded here hashes to {to_hex(header.hash())}")
    try:
        digest = header.digest()
    except Malformed as error:
        raise Mismatch(where, "digest structure", str(error)) from None
    if digest.claim is not None:
        done["claims within their bounds"] += 1
    equal("parent and number", "parent hash", header.parent_hash, parent.hash)
    equal("parent and number", "number", header.number, parent.number + 1)

    limit = next_target(identity.parameters, parent.target, parent.solve_time)
    equal("target recomputed", "target", digest.target, limit)
    equal("cumulative work", "cumulative work", digest.work, parent.work + base_work(limit))
    hold("time", "time above the parent's", digest.time > parent.time, f"{digest.time} after {parent.time}")
    latest = now + min(30_000, 6 * identity.parameters.block_time)
    hold("time", "time not ahead of the clock", digest.time <= latest, f"{digest.time} is above {latest}")
    found = work_hash(header.pre_hash(), digest.nonce)
    hold("work hash", "work hash", meets(found, limit, digest.analysis),
         f"{to_hex(found)} is above {limit + bonus(limit, digest.analysis):#066x}")

    equal("ancestry root", "ancestry root", digest.ancestry, parent.history.root())
    equal("subtree ids", "subtree ids", [subtree for subtree, _ in digest.subtrees], list(identity.subtrees))
    for subtree, root in digest.subtrees:
        empty = merkle.empty_root(identity.domain(subtree))
        if subtree not in (PV_TRADING, CROSS_CHAIN):
            equal("empty subtrees", f"root of empty subtree {subtree}", root, empty)
        elif subtree == CROSS_CHAIN:
            hold("cross-chain root", "the cross-chain tree has a leaf", root != empty, "the lanes' state is missing")

    solve_time = digest.time - parent.time if parent.number else None
    history = parent.history.add(ancestry.leaf(block_hash, base_work(limit)))
    return Block(block_hash, header.number, digest.time, solve_time, limit, digest.work,
                 next_peak(parent.peak, limit), history, header, digest)
