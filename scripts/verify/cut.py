"""Consistent cuts: a block of each chain that belong to one moment."""

import time
from typing import NamedTuple

from errors import Mismatch

ATTEMPTS = 10
PAUSE_SECONDS = 1


class Counters(NamedTuple):
    """One chain's lanes by their last nonces: of what it sent, and of that has a receipt; of what it received, and of
    that has forgotten the receipt."""

    sent: int
    settled: int
    received: int
    acknowledged: int


def is_cut(one, other):
    """Nothing is received that is not sent, no receipt seen that is not written, none forgotten that is not seen: then
    a and b of the supply equation are not negative."""
    return all(receiver.received <= sender.sent and sender.settled <= receiver.received
               and receiver.acknowledged <= sender.settled for sender, receiver in ((one, other), (other, one)))


def take_cut(read):
    """What `read` answers, a pair with `counters` and `where`, as soon as it is a consistent cut."""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        one, other = read()
        if is_cut(one.counters, other.counters):
            return one, other
    raise Mismatch(f"{one.where}, {other.where}", "the best blocks are a consistent cut",
                   f"one has what the other has not: {one.counters}, {other.counters}")
