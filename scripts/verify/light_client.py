"""The tip of a chain's light client against the chain it follows (section 6)."""

from typing import NamedTuple, Optional

from errors import Mismatch
from rpc import state_call
from scale import to_hex


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


def check_tip(chain, followed):
    """The light client of `chain` must have a block of `followed`. Returns that block, None without an anchor."""
    tip = state_call(chain.node, "LightClientApi_best", lambda r: r.option(lambda: Tip.read(r)), None)
    if tip is None:
        return None
    where = f"{chain.name}'s light client, {followed.name} block {tip.number} ({to_hex(tip.hash)})"
    block = followed.find(tip.hash)
    if block is None:
        raise Mismatch(where, "tip is a block", f"the {followed.name} node has no such recent block")
    for field in ("number", "work", "target", "time", "solve_time"):
        if getattr(tip, field) != getattr(block, field):
            raise Mismatch(where, f"tip's {field}",
                           f"the light client has {getattr(tip, field)}, the block {getattr(block, field)}")
    return block
