"""The rules of the electricity market once more, slow and without regard to cost, as docs/electricity-market.md states
them: the documents' examples are checked against these, not against the code that the chain runs.

Energy in Wh, prices in units (10^-12 coin) per kWh, money in units. Whole numbers only; fine prices are 10,000 times as
fine as prices, so that a pair's price is exact.
"""

from typing import NamedTuple

HIGHEST_PRICE = 10**18
WHOLE = 10_000  # of k, and of the free band
HOUR = 3_600_000  # ms


class Order(NamedTuple):
    id: int
    quantity: int
    limit: int
    bus: int = 1


class Trade(NamedTuple):
    ask: int
    bid: int
    quantity: int
    price: int  # fine

    @property
    def turnover(self):
        return self.quantity * self.price // (1_000 * WHOLE)


class Passed(NamedTuple):
    """An order that is passed over without a trade."""
    side: str
    order: int


class Feeder(NamedTuple):
    base: list  # 10^-9 pu, of bus 1, 2, ...
    sensitivities: list  # rows, 10^-12 pu per W
    lower: int
    upper: int
    slot_length: int  # ms

    def slope(self, bus, trade):
        """What a trade of 1 Wh adds to the voltage of a bus, in 10^-12 pu times the slot's length in ms."""
        row = self.sensitivities[bus]
        seller, buyer = trade
        return (row[seller - 1] - row[buyer - 1]) * HOUR

    def voltages(self, moved):
        """After trades of (seller's bus, buyer's bus, Wh), in 10^-12 pu times the slot's length in ms: exact."""
        return [base * 1_000 * self.slot_length + sum(self.slope(bus, trade[:2]) * trade[2] for trade in moved)
                for bus, base in enumerate(self.base)]

    def limits(self):
        return tuple(limit * 1_000 * self.slot_length for limit in (self.lower, self.upper))

    def most(self, moved, trade):
        """The most that a trade may have on top of others, and the side that is in the way of more."""
        found = None, None
        lower, upper = self.limits()
        for bus, now in enumerate(self.voltages(moved)):
            slope = self.slope(bus, trade)
            if slope == 0:
                continue
            side, margin = ("ask", upper - now) if slope > 0 else ("bid", now - lower)
            most = max(margin, 0) // abs(slope)
            if found[0] is None or (most, side) < found:
                found = most, side
        return found


def between(ask, bid, k):
    """The fine price of a pair."""
    return ask * (WHOLE - k) + bid * k


def clear(asks, bids, rule, k, lot=1, feeder=None):
    """Trades and orders passed over, in order; `rule` is "midpoint" or "payAsClear"."""
    def usable(order):
        return order.quantity > 0 and order.limit <= HIGHEST_PRICE
    queues = {"ask": sorted(asks, key=lambda order: (order.limit, order.id)),
              "bid": sorted(bids, key=lambda order: (-order.limit, order.id))}
    events, moved, pairs = [], [], []
    while True:
        for side in ("ask", "bid"):
            while queues[side] and not usable(queues[side][0]):
                events.append(Passed(side, queues[side].pop(0).id))
            if not queues[side]:
                break
        if not all(queues.values()):
            break
        ask, bid = queues["ask"][0], queues["bid"][0]
        if bid.limit < ask.limit:
            break
        wanted = min(ask.quantity, bid.quantity)
        most, side = feeder.most(moved, (ask.bus, bid.bus)) if feeder else (None, None)
        limited = most is not None and most < wanted
        quantity = most if limited else wanted
        if limited and quantity < lot:
            events.append(Passed(side, queues[side].pop(0).id))
            continue
        events.append((ask.id, bid.id, quantity))
        pairs.append((ask.limit, bid.limit))
        moved.append((ask.bus, bid.bus, quantity))
        for name in queues:
            first = queues[name][0]
            left = first.quantity - quantity
            queues[name][:1] = [first._replace(quantity=left)] if left and not (limited and name == side) else []
    prices = [between(*pair, k) for pair in pairs]
    if rule == "payAsClear":
        prices = prices[-1:] * len(prices)
    prices = iter(prices)
    return [event if isinstance(event, Passed) else Trade(*event, next(prices)) for event in events]


def mean_price(trades):
    energy = sum(trade.quantity for trade in trades)
    return sum(trade.quantity * trade.price for trade in trades) // (energy * WHOLE) if energy else None


def money_up(product):
    """Wh times price to money, rounded up."""
    return -(-product // 1_000)


def fee_rate(base, per_ohm, distance):
    """The network fee per kWh at a distance in millionths of an ohm."""
    return base - (-per_ohm * distance // 1_000_000)


class Contract(NamedTuple):
    """A trade as one side sees it: fine price, and what this side's round and both sides' rounds have left of it."""
    number: int
    quantity: int
    price: int
    fee: int
    allocated: int
    settled: int


class Terms(NamedTuple):
    free_band: int
    penalty: int
    surplus: int
    residual: int


class Line(NamedTuple):
    item: str
    trade: int  # its number, or None
    quantity: int
    price: int
    amount: int


def allocate(contracts, actual):
    """First in, first out; without a reading every contract counts as met."""
    given = []
    for contract in contracts:
        taken = contract if actual is None else min(contract, actual - sum(given))
        given.append(taken)
    return given


def set_off(late, assumed):
    """What is left to bill of late imports, and what is left of the energy billed as contracted without a reading."""
    paid = min(late, assumed)
    return late - paid, assumed - paid


def bill(side, contracts, actual, terms, late=0):
    """The lines of one side of a site's slot. `late`: what a counter shows of earlier slots, and is billed now."""
    lines, owed = [], 0

    def owe(item, trade, quantity, price):
        nonlocal owed
        before, owed = money_up(owed), owed + quantity * price
        if quantity:
            lines.append(Line(item, trade, quantity, price, money_up(owed) - before))

    for contract in contracts:
        if contract.settled:
            amount = contract.settled * contract.price // (1_000 * WHOLE)
            item = "sale" if side == "ask" else "purchase"
            lines.append(Line(item, contract.number, contract.settled, contract.price // WHOLE, amount))
            if side == "bid":
                owe("network fee", contract.number, contract.settled, contract.fee)
    contracted = sum(contract.quantity for contract in contracts)
    unmet = contracted - sum(contract.allocated for contract in contracts) - contracted * terms.free_band // WHOLE
    owe("penalty", None, max(unmet, 0), terms.penalty)
    rest = (contracted if actual is None else actual) - sum(contract.settled for contract in contracts)
    if side == "bid":
        owe("residual", None, max(rest, 0), terms.residual)
        owe("late residual", None, late, terms.residual)
    else:
        for item, quantity in (("surplus", rest), ("late surplus", late)):
            if quantity > 0:
                lines.append(Line(item, None, quantity, terms.surplus, quantity * terms.surplus // 1_000))
    return lines
