"""The supply equation X = I + a + b - q (section 5), from the raw storage of both chains."""

from typing import NamedTuple

from cut import Counters, take_cut
from errors import Mismatch
from hashing import blake2b_128
from messages import ESCROW
from rpc import state_call, storage
from scale import Reader, from_hex, to_hex

UNIT = 10**12
# In the order of `PegApi_peg_state`.
TOTALS = {"genesis": "Genesis", "sent": "TotalSent", "received": "TotalReceived", "refused": "TotalRefused",
          "paid": "TotalPaid", "queued": "TotalQueued", "unclaimed": "TotalUnclaimed", "returned": "TotalReturned",
          "unreturned": "TotalUnreturned"}
NONCES = ("Sent", "Settled", "Received", "Acknowledged")


class Books(NamedTuple):
    """One chain's books at a block. `coins`: the escrow account's balance on E, the total issuance on C."""

    where: str
    coins: int
    genesis: int
    sent: int
    received: int
    refused: int
    paid: int
    queued: int
    unclaimed: int
    returned: int
    unreturned: int
    counters: Counters

    def check(self):
        """The rules that hold on one chain by itself."""
        accounted = self.refused + self.paid + self.queued + self.unclaimed
        if self.received != accounted:
            raise Mismatch(self.where, "received = refused + paid + queued + unclaimed",
                           f"{self.received} is not {accounted}")
        if self.returned + self.unreturned > self.sent:
            raise Mismatch(self.where, "no more comes back than was sent",
                           f"{self.returned} + {self.unreturned} is above {self.sent}")


class Supply(NamedTuple):
    """The five terms, and what X is above the rest."""

    escrow: int
    issued: int
    to_carbon: int
    to_electricity: int
    credits: int
    surplus: int

    def lines(self):
        """The terms, one on a line."""
        terms = (("X", "in escrow on the electricity chain", self.escrow),
                 ("I", "issued on the carbon chain", self.issued),
                 ("a", "locked, neither minted nor returned", self.to_carbon),
                 ("b", "burned, neither released nor minted again", self.to_electricity),
                 ("q", "paid from credits: none, this version has no credits", self.credits))
        return [f"supply: {name} {amount / UNIT:>18,.6f} GPEG  {what}" for name, what, amount in terms]

    def verdict(self):
        """Whether the equation holds. A surplus breaks no rule: anybody may send coins to the escrow account."""
        if self.surplus:
            return f"X = I + a + b - q holds but for {self.surplus} units that X has in excess, sent there directly"
        return "X = I + a + b - q holds"


def read_books(node, block_hash, number, escrow):
    """The books after a block; `escrow` on the electricity chain."""
    at = to_hex(block_hash)

    def value(pallet, item, read, key=b""):
        return storage(node, pallet, item, read, at, key) or 0

    # System.Account: four u32, then the free balance, two more u128 and the flags.
    coins = value("System", "Account", lambda reader: (reader.take(16), reader.u128(), reader.take(48))[1],
                  blake2b_128(ESCROW) + ESCROW) if escrow else value("Balances", "TotalIssuance", Reader.u128)
    return Books(f"{node.name} block {number} ({at})", coins,
                 **{name: value("Peg", item, Reader.u128) for name, item in TOTALS.items()},
                 counters=Counters(*(value("Lanes", item, Reader.u64) for item in NONCES)))


def check(electricity, carbon):
    """The equation on a consistent cut. Fails on a deficit of either chain."""
    both = f"{electricity.where}, {carbon.where}"
    for books in (electricity, carbon):
        books.check()
    if electricity.genesis != carbon.genesis:
        raise Mismatch(both, "the genesis escrow backs what genesis issued",
                       f"{electricity.genesis} in escrow, {carbon.genesis} issued")
    least = electricity.genesis + electricity.sent - electricity.paid - electricity.returned
    if electricity.coins < least:
        raise Mismatch(electricity.where, "X is no less than genesis + sent - paid - returned",
                       f"{electricity.coins} is below {least}")
    most = carbon.genesis + carbon.paid + carbon.returned - carbon.sent
    if carbon.coins > most:
        raise Mismatch(carbon.where, "I is no more than genesis + paid + returned - sent",
                       f"{carbon.coins} is above {most}")
    for sender, receiver in ((electricity, carbon), (carbon, electricity)):
        if receiver.received > sender.sent or sender.returned + sender.unreturned > receiver.refused:
            raise Mismatch(both, "no more is received than sent, no more returned than refused",
                           f"{receiver.received} of {sender.sent}, {sender.returned} + {sender.unreturned} of "
                           f"{receiver.refused}")
    to_carbon = electricity.sent - carbon.paid - electricity.returned
    to_electricity = carbon.sent - electricity.paid - carbon.returned
    if min(to_carbon, to_electricity) < 0:
        raise Mismatch(both, "a and b are not negative", f"a {to_carbon}, b {to_electricity}")
    # No less than zero by the two rules above.
    surplus = electricity.coins - carbon.coins - to_carbon - to_electricity
    return Supply(electricity.coins, carbon.coins, to_carbon, to_electricity, 0, surplus)


def read_supply(electricity_node, carbon_node):
    """The equation now, from both nodes' best blocks, without looking at headers. Returns both books and the terms."""
    carbon, electricity = take_cut(lambda: (best_books(carbon_node, False), best_books(electricity_node, True)))
    return electricity, carbon, check(electricity, carbon)


def best_books(node, escrow):
    block_hash = node.call("chain_getBlockHash")
    number = int(node.call("chain_getHeader", block_hash)["number"], 16)
    return read_books(node, from_hex(block_hash, 32), number, escrow)


def check_peg_state(node, block_hash, books, escrow):
    """`PegApi_peg_state` against the storage."""
    found = state_call(node, "PegApi_peg_state", lambda reader: [reader.u128() for _ in range(2 + len(TOTALS))],
                       to_hex(block_hash))
    coins = [books.coins, 0] if escrow else [0, books.coins]
    expected = coins + [getattr(books, name) for name in TOTALS]
    if found != expected:
        raise Mismatch(books.where, "PegApi_peg_state agrees with the storage", f"{found}, the storage has {expected}")
