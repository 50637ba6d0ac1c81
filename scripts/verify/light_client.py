"""A chain's light client against the chain that it follows (section 6)."""

from typing import List, NamedTuple, Optional

from errors import Mismatch
from rpc import state_call, storage
from rules import Block
from scale import to_hex
from work import Parameters

# Headers more heights below the tip are dropped.
WINDOW = 256


class Tip(NamedTuple):
    number: int
    hash: bytes
    time: int
    solve_time: Optional[int]
    target: int
    work: int

    @classmethod
    def read(cls, reader):
        return cls(reader.u32(), reader.h256(), reader.u64(), reader.option(reader.u64), reader.u256(), reader.u256())

    @classmethod
    def of(cls, block):
        return cls(*(getattr(block, field) for field in cls._fields))


class Following(NamedTuple):
    """What a light client knows, as blocks of the chain that it follows."""

    # The tip and all its ancestors, genesis last.
    branch: List[Block]
    # The highest confirmed one.
    confirmed: Optional[Block]
    # The work above a header that confirms it.
    needed: int

    @property
    def tip(self):
        return self.branch[0]

    def ancestor(self, number):
        return self.branch[self.tip.number - number]


def check(chain, followed):
    """Checks what the light client of `chain` says at its best block. None without an anchor."""
    where = f"{chain.name}'s light client at block {chain.best.number}"

    def ask(function, read, arguments=b""):
        return state_call(chain.node, function, lambda reader: reader.option(lambda: read(reader)),
                          to_hex(chain.best.hash), to_hex(arguments))

    anchor = ask("LightClientApi_anchor", lambda reader: (reader.h256(), Parameters.read(reader)))
    if anchor is None:
        return None
    if anchor != (followed.identity.genesis, followed.identity.parameters):
        raise Mismatch(where, "anchor", f"{to_hex(anchor[0])}, {anchor[1]} are not those of the {followed.name} node")
    conflict = ask("LightClientApi_conflict", lambda reader: (reader.u32(), reader.h256(), reader.u32(), reader.u32()))
    if conflict is not None:
        raise Mismatch(where, "no confirmed header is replaced", f"block {conflict[0]} ({to_hex(conflict[1])}) was: "
                       f"{conflict[3]} headers above block {conflict[2]} left the heaviest branch")
    tip = check_tip(where, followed, ask("LightClientApi_best", Tip.read))
    following = follow(followed, tip)
    found, expected = ask("LightClientApi_confirmed", Tip.read), following.confirmed
    forgotten = found is None and expected and expected.number < tip.number - WINDOW
    if found != (expected and Tip.of(expected)) and not forgotten:
        raise Mismatch(where, "confirmed header",
                       f"the light client has {_shown(found)}, by the work above them it is {_shown(expected)}")
    for block in filter(None, (tip, None if forgotten else expected)):
        known = ask("LightClientApi_header", lambda reader: (
            Tip.read(reader), reader.option(reader.u256), reader.u256()), block.hash)
        by_rule = (Tip.of(block), tip.work - block.work, following.needed)
        for rule, is_, should_be in zip(("a header's fields", "work above a header", "work that confirms"),
                                        known or (None,) * 3, by_rule):
            if is_ != should_be:
                raise Mismatch(where, rule, f"block {block.number}: the light client has {is_}, computed {should_be}")
    _check_recorded(where, chain, following)
    return following


def _check_recorded(where, chain, following):
    """`Confirmed`, against which a conflict is noticed: never below what is confirmed now, and on the tip's branch."""
    recorded = storage(chain.node, "LightClient", "Confirmed", lambda reader: (reader.u32(), reader.h256()),
                       to_hex(chain.best.hash))
    number = recorded[0] if recorded else 0
    lowest = following.confirmed.number if following.confirmed else 0
    lowest = lowest if lowest >= following.tip.number - WINDOW else 0
    if not lowest <= number <= following.tip.number:
        raise Mismatch(where, "recorded confirmed header", f"block {number}, confirmed now is {lowest}")
    if recorded and following.ancestor(number).hash != recorded[1]:
        raise Mismatch(where, "recorded confirmed header", f"block {number} of its branch is not {to_hex(recorded[1])}")


def check_tip(where, followed, tip):
    """The block of `followed` that the light client has as its tip."""
    block = tip and followed.find(tip.hash)
    if block is None:
        raise Mismatch(where, "tip is a block", f"{_shown(tip)}; the {followed.name} node has no such recent block")
    for field, found, expected in zip(Tip._fields, tip, Tip.of(block)):
        if found != expected:
            raise Mismatch(where, f"tip's {field}", f"the light client has {found}, {_shown(block)} has {expected}")
    return block


def follow(followed, tip):
    """The confirmation rule: the highest header but genesis, on the branch of `tip`, with enough work above it."""
    branch = [tip]
    while branch[-1].number:
        branch.append(followed.known[branch[-1].header.parent_hash])
    needed = followed.identity.parameters.confirmations * tip.peak
    return Following(branch, next((block for block in branch[:-1] if tip.work - block.work >= needed), None), needed)


def _shown(block):
    return "none" if block is None else f"block {block.number} ({to_hex(block.hash)})"
