"""The leaves of the electricity market (section 8.1): those that a block's node gives make the PvTrading root of its
header; together they say what was traded, and every account's trades are numbered without gaps."""

from collections import Counter
from typing import NamedTuple, Optional

import merkle
from errors import Malformed, Mismatch
from header import PV_TRADING, SUBTREE_NAMES
from scale import decode, from_hex, option, to_hex, u32, u64, uint

# Prices of trades are in 10^-16 coin per kWh, means in 10^-12.
WHOLE = 10_000
MAX_LEAVES = 1 << 16


class Price(NamedTuple):
    """A book is cleared in which something traded."""

    slot: int
    feeder: int
    price: int
    uniform: Optional[int]
    energy: int

    def leaf(self):
        return (b"\0" + u32(self.slot) + u32(self.feeder) + uint(self.price, 16)
                + option(None if self.uniform is None else uint(self.uniform, 16)) + uint(self.energy, 16))

    @staticmethod
    def read(reader):
        return Price(reader.u32(), reader.u32(), reader.u128(), reader.option(reader.u128), reader.u128())


class Trade(NamedTuple):
    """A trade is settled."""

    slot: int
    feeder: int
    number: int
    seller: bytes
    seller_no: int
    buyer: bytes
    buyer_no: int
    contracted: int
    settled: int
    price: int
    green: bool

    def leaf(self):
        return (b"\1" + u32(self.slot) + u32(self.feeder) + u32(self.number) + self.seller + u64(self.seller_no)
                + self.buyer + u64(self.buyer_no) + u64(self.contracted) + u64(self.settled) + uint(self.price, 16)
                + uint(self.green, 1))

    @staticmethod
    def read(reader):
        return Trade(reader.u32(), reader.u32(), reader.u32(), reader.take(32), reader.u64(), reader.take(32),
                     reader.u64(), reader.u64(), reader.u64(), reader.u128(), _flag(reader))


def _flag(reader):
    flag = reader.u8()
    if flag > 1:
        raise Malformed(f"a bool of {flag:#04x}")
    return bool(flag)


def read_leaf(reader):
    kind = reader.u8()
    if kind > 1:
        raise Malformed(f"a leaf of the market of kind {kind:02x}")
    return (Price, Trade)[kind].read(reader)


class Book:
    """A cleared book, and what of its trades is settled."""

    def __init__(self, price):
        self.price = price
        self.trades = self.energy = self.value = 0

    def add(self, trade):
        self.trades += 1
        self.energy += trade.contracted
        self.value += trade.contracted * trade.price

    @property
    def is_settled(self):
        return self.energy == self.price.energy


class Market:
    """What the leaves of a chain say, from block 1 on."""

    def __init__(self):
        self.blocks = self.settled = 0
        # By slot and feeder; by account, how many trades.
        self.books = {}
        self.numbers = Counter()

    @property
    def trades(self):
        return sum(book.trades for book in self.books.values())

    def add(self, where, leaf):
        """The next leaf. Raises `Mismatch` for one that section 8.1 does not admit here."""
        if isinstance(leaf, Price):
            self._add_price(where, leaf)
        else:
            self._add_trade(where, leaf)

    def _add_price(self, where, leaf):
        _hold(where, "a book is cleared once", (leaf.slot, leaf.feeder) not in self.books, leaf)
        _hold(where, "a price is one of something that traded", leaf.energy > 0, leaf)
        _hold(where, "the mean price of a book with one price is that price",
              leaf.uniform is None or leaf.price == leaf.uniform // WHOLE, leaf)
        self.books[leaf.slot, leaf.feeder] = Book(leaf)

    def _add_trade(self, where, leaf):
        book = self.books.get((leaf.slot, leaf.feeder))
        _hold(where, "a trade is settled after its book is cleared", book is not None, leaf)
        _hold(where, "a book's trades are settled in the order of their numbers", leaf.number == book.trades, leaf)
        _hold(where, "nobody trades with himself", leaf.seller != leaf.buyer, leaf)
        _hold(where, "no more is settled than was agreed on", 0 < leaf.contracted >= leaf.settled, leaf)
        _hold(where, "trades of a book with one price have that price",
              book.price.uniform in (None, leaf.price), leaf)
        for account, number in ((leaf.seller, leaf.seller_no), (leaf.buyer, leaf.buyer_no)):
            self.numbers[account] += 1
            _hold(where, f"the trades of {to_hex(account)} are numbered without gaps",
                  number == self.numbers[account], leaf)
        book.add(leaf)
        _hold(where, "a book's trades have no more than its energy", book.energy <= book.price.energy, leaf)
        if book.is_settled:
            _hold(where, "a book's price is its trades' mean, rounded down",
                  book.price.price == book.value // (WHOLE * book.energy), book.price)
        self.settled += leaf.settled


def check(chain):
    """Asks for the leaves of all blocks that commit some, and of the best block."""
    market, empty = Market(), merkle.empty_root(chain.identity.domain(PV_TRADING))
    for block in chain.canonical[1:]:
        root = block.digest.root(PV_TRADING)
        if root == empty and block is not chain.best:
            continue
        where = f"{chain.name} block {block.number} ({to_hex(block.hash)})"
        leaves = _leaves(chain, where, block, root)
        market.blocks += bool(leaves)
        for index, data in enumerate(leaves):
            where_leaf = f"{where}, leaf {index} of {SUBTREE_NAMES[PV_TRADING]}"
            try:
                leaf = decode(data, read_leaf)
            except Malformed as error:
                raise Mismatch(where_leaf, "a leaf's bytes", f"{error}, in {to_hex(data)}") from None
            market.add(where_leaf, leaf)
    return market


def _leaves(chain, where, block, root):
    """The leaves' bytes, which make the root."""
    answer = chain.node.call("joint_leaves", SUBTREE_NAMES[PV_TRADING], to_hex(block.hash))
    expected = {"block": to_hex(block.hash), "number": block.number, "tree": SUBTREE_NAMES[PV_TRADING],
                "root": to_hex(root)}
    found = answer if isinstance(answer, dict) else {}
    for field, value in expected.items():
        if found.get(field) != value:
            raise Mismatch(where, f"joint_leaves's {field}", f"the answer has {found.get(field)}, expected {value}")
    texts = found.get("leaves")
    if not isinstance(texts, list) or len(texts) > MAX_LEAVES:
        raise Mismatch(where, "joint_leaves's leaves", f"the answer has {texts!r:.100}")
    try:
        leaves = [from_hex(text) for text in texts]
    except Malformed as error:
        raise Mismatch(where, "joint_leaves's leaves", str(error)) from None
    built = merkle.root(chain.identity.domain(PV_TRADING), leaves)
    if built != root:
        raise Mismatch(where, "PvTrading root", f"the header has {to_hex(root)}, the tree built of its {len(leaves)} "
                                                f"leaves {to_hex(built)}")
    return leaves


def _hold(where, rule, holds, leaf):
    if not holds:
        raise Mismatch(where, rule, str(leaf))
