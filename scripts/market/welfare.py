#!/usr/bin/env python3
"""Compares the welfare of cleared books with the best there is, by linear programming.

Usage: welfare.py BOOKS   (the built example `books` of gridpeg-market, which writes 200 of them)

Welfare is the sum of (bid - ask) times quantity over the trades: what buyers and sellers gain together, whatever the
prices. The program's variables are the quantities of all pairs with bid >= ask, as no other pair has a price that both
accept. No order trades more than it has. With a network, no voltage ends outside the limits, nor further outside than it
is without trades; the clearing's rule demands that of every step, so the optimum bounds it from above.

Without a network the clearing must reach the optimum of every book, to the unit. That is proven in integers: the solver's
multipliers, rounded, bound every feasible welfare from above, and the clearing's is that bound. With a network it reads
each order once and passes over what the voltages stop, so it falls short of the optimum where they do: how far is
printed. The books are always the same, so MEAN and LEAST are set a little below what is found: no change of the rules may
cost more.

Needs NumPy and SciPy: scripts/market/welfare installs them. Exit code 0: all of that is so. 1: it is not.
"""

import json
import math
import os
import subprocess
import sys
from typing import NamedTuple

import numpy
import scipy
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from rules import WHOLE, Feeder, Order

# Of the ratio on the feeder: the mean over all books, the least of those with orders up to so many Wh.
MEAN, LEAST = 0.95, {20_000: 0.98, 60_000: 0.57, 200_000: 0.14}


class Book(NamedTuple):
    number: int
    network: bool
    largest: int
    asks: dict
    bids: dict
    trades: list  # ask, bid, Wh, fine price

    @classmethod
    def read(cls, line):
        given = json.loads(line)
        asks, bids = ({row[0]: Order(*row) for row in given[side]} for side in ("asks", "bids"))
        trades = [(ask, bid, quantity, int(price)) for ask, bid, quantity, price in given["trades"]]
        return cls(given["book"], given["network"], given["largest"], asks, bids, trades)

    def gain(self, ask, bid):
        return self.bids[bid].limit - self.asks[ask].limit

    def welfare(self):
        """In 10^-15 coin."""
        return sum(self.gain(ask, bid) * quantity for ask, bid, quantity, _ in self.trades)

    def pairs(self):
        return [(ask, bid) for ask in self.asks for bid in self.bids if self.gain(ask, bid) >= 0]

    def unit(self):
        """The greatest common divisor of all limits: the solver gets gains of a few hundred."""
        return math.gcd(*(order.limit for side in (self.asks, self.bids) for order in side.values()))

    def fault(self, feeder):
        """Why the trades are no outcome that the rules allow, or None."""
        left = {order: order.quantity for side in (self.asks, self.bids) for order in side.values()}
        for ask, bid, quantity, price in self.trades:
            ask, bid = self.asks[ask], self.bids[bid]
            left[ask] -= quantity
            left[bid] -= quantity
            if quantity <= 0 or min(left[ask], left[bid]) < 0:
                return f"ask {ask.id} and bid {bid.id} trade {quantity} Wh, more than they have"
            if not ask.limit * WHOLE <= price <= bid.limit * WHOLE:
                return f"ask {ask.id} and bid {bid.id} trade at a price outside their limits"
        if not self.network:
            return None
        moved = [(self.asks[ask].bus, self.bids[bid].bus, quantity) for ask, bid, quantity, _ in self.trades]
        lower, upper = feeder.limits()
        for bus, (before, after) in enumerate(zip(feeder.voltages([]), feeder.voltages(moved)), 1):
            if not min(lower, before) <= after <= max(upper, before):
                return f"the voltage of bus {bus} ends outside its limits"
        return None


class Optimum(NamedTuple):
    welfare: float  # in units of the book times Wh
    bound: int  # the same, rounded up to what is proven; without a network only


def optimum(book, feeder):
    """The best that any set of trades can do; with the feeder, or None."""
    pairs, unit = book.pairs(), book.unit()
    if not pairs:
        return Optimum(0.0, 0)
    gains = [book.gain(*pair) // unit for pair in pairs]
    orders = [*book.asks.values(), *book.bids.values()]
    asks = {order: row for row, order in enumerate(book.asks)}
    bids = {order: row for row, order in enumerate(book.bids, len(asks))}
    rows = [row for ask, bid in pairs for row in (asks[ask], bids[bid])]
    columns = numpy.repeat(numpy.arange(len(pairs)), 2)
    matrix = coo_array((numpy.ones(len(rows)), (rows, columns)), shape=(len(orders), len(pairs)))
    most = [order.quantity for order in orders]
    if feeder:
        # In 10^-9 pu, and per Wh.
        scale = 1_000 * feeder.slot_length
        ends = [(book.asks[ask].bus, book.bids[bid].bus) for ask, bid in pairs]
        slopes = numpy.array([[feeder.slope(bus, end) / scale for end in ends] for bus in range(len(feeder.base))])
        lower, upper = (limit // scale for limit in feeder.limits())
        matrix = vstack([matrix, slopes, -slopes])
        most += [max(upper - voltage, 0) for voltage in feeder.base]
        most += [max(voltage - lower, 0) for voltage in feeder.base]
    result = linprog([-gain for gain in gains], A_ub=matrix.tocsr(), b_ub=most, method="highs-ds")
    if result.status != 0:
        sys.exit(f"book {book.number}: HiGHS: {result.message}")
    return Optimum(-result.fun, 0 if feeder else certified(book, unit, asks, bids, -result.ineqlin.marginals))


def certified(book, unit, asks, bids, multipliers):
    """What no set of trades can surpass, in integers, whatever the multipliers are: if every Wh of a bid is given a value
    of v >= 0 and every Wh of an ask one of u >= 0 with u + v >= gain for each pair, all welfare is at most their sum over
    the orders. The values of the bids are taken from the solver, those of the asks are the least that go with them."""
    values = {bid: max(round(multipliers[row]), 0) for bid, row in bids.items()}
    total = sum(book.bids[bid].quantity * value for bid, value in values.items())
    for ask in asks:
        least = max([book.gain(ask, bid) // unit - value for bid, value in values.items() if book.gain(ask, bid) >= 0],
                    default=0)
        total += book.asks[ask].quantity * max(least, 0)
    return total


class Result(NamedTuple):
    largest: int
    network: bool
    ratio: float
    equal: bool
    stopped: bool  # the optimum with the network is below that without


def compare(book, feeder):
    """The clearing beside the optimum; also what is wrong, or None."""
    fault = book.fault(feeder)
    welfare, unit = book.welfare(), book.unit()
    free = optimum(book, None)
    best = optimum(book, feeder) if book.network else free
    equal = welfare == free.bound * unit if not book.network else abs(welfare / unit - best.welfare) < 0.5
    ratio = welfare / unit / best.welfare if best.welfare > 0.5 else 1.0
    if not book.network and not equal:
        fault = fault or f"welfare is {welfare}, the optimum is {free.bound * unit}"
    if ratio > 1 + 1e-6:
        fault = fault or f"welfare is {ratio} of the optimum: the program is wrong"
    if book.network and ratio < LEAST[book.largest]:
        fault = fault or f"welfare is {ratio} of the optimum, less than {LEAST[book.largest]}"
    return Result(book.largest, book.network, ratio, equal, best.welfare < free.welfare - 0.5), fault


def read(program):
    output = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    first, *lines = output.splitlines()
    tables = json.loads(first)
    feeder = Feeder(tables["base"], tables["sensitivities"], tables["lower"], tables["upper"], tables["slotLength"])
    return feeder, [Book.read(line) for line in lines]


def row(name, results):
    ratios = [result.ratio for result in results]
    return (f"{name:34} {len(results):6} {numpy.mean(ratios):9.6f} {min(ratios):9.6f} "
            f"{sum(result.equal for result in results):7} {sum(result.stopped for result in results):8}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    feeder, books = read(sys.argv[1])
    results, faults = [], []
    for book in books:
        result, fault = compare(book, feeder)
        results.append(result)
        if fault:
            faults.append(f"book {book.number}: {fault}")
    plain, fed = ([result for result in results if result.network is network] for network in (False, True))
    lines = [f"welfare of {len(books)} random books, as a share of the optimum by HiGHS in SciPy {scipy.__version__}",
             f"{'':34} {'books':>6} {'mean':>9} {'least':>9} {'equal':>7} {'stopped':>8}",
             row("without a network", plain), row("on the IEEE 33-bus feeder", fed)]
    for largest in LEAST:
        some = [result for result in fed if result.largest == largest]
        if some:
            lines.append(row(f"  orders up to {largest // 1_000} kWh a slot", some))
    lines.append("equal: to the unit. stopped: the voltages stop part of what would be best without a network")
    print("\n".join(lines), flush=True)
    mean = numpy.mean([result.ratio for result in fed])
    if mean < MEAN:
        faults.append(f"the mean on the feeder is {mean}, less than {MEAN}")
    if report := os.environ.get("GRIDPEG_REPORT"):
        with open(report, "a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
