"""Computes the tables of docs/market-books.md and the bill of docs/electricity-market.md again, by rules.py. From the
checkout: python3 -m unittest discover --start-directory scripts/market"""

import math
import re
import unittest
from decimal import Decimal
from pathlib import Path

import rules
from rules import Contract, Feeder, Order, Passed, Terms, Trade

ROOT = Path(__file__).resolve().parents[2]
COIN = 10**12
EITHER = ("midpoint", "payAsClear")
SETTING = re.compile(r"(Midpoint|Pay-as-clear|Either rule), k = ([\d,]+)(?:, lot ([\d,]+) (kWh|MWh))?"
                     r"(?:, bus 3 at ([\d.]+) pu)?\.")
WH = {"kWh": 1_000, "MWh": 1_000_000}


def number(text):
    return Decimal(text.replace(",", "").replace("−", "-"))


def tables(text):
    """All tables of a text: lists of rows of cells, the header first, with where they begin."""
    found = []
    for match in re.finditer(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in line[1:].rsplit("|", 1)[0].split("|")] for line in match[0].splitlines()]
        found.append((match.start(), [rows[0], *rows[2:]]))
    return found


class Books(unittest.TestCase):
    """The books worked by hand."""

    def setUp(self):
        text = (ROOT / "docs/market-books.md").read_text(encoding="utf-8")
        parts = re.split(r"^## (Books? .*)$", text, flags=re.MULTILINE)
        self.shared = text[text.index("## Books 11 to 13"):]
        self.books = [(title, body) for title, body in zip(parts[1::2], parts[2::2]) if title.startswith("Book ")]

    def test_they_are_those_of_the_tests_in_the_same_order(self):
        source = (ROOT / "primitives/market/tests/clearing/worked.rs").read_text(encoding="utf-8")
        names = re.findall(r"fn (book_\w+)\(", source)
        titles = [re.sub(r"\W+", "_", title).lower() for title, _ in self.books]
        self.assertEqual(len(names), 13)
        self.assertEqual(titles, names)

    def test_every_step_is_as_computed(self):
        cases = 0
        for title, body in self.books:
            asks = bids = unit = None
            for place, (header, *rows) in tables(body):
                if header[0] == "ask":
                    unit = header[1]
                    asks, bids = self.orders(header, rows, WH[unit])
                elif header[0] == "step":
                    setting = [*SETTING.finditer(body, 0, place)][-1]
                    following = body[place:].partition("\n\n")[2]
                    cases += self.check(title, (asks, bids), WH[unit], setting, rows, following)
                else:
                    cases += self.check_shares(title, header, rows)
        self.assertEqual(cases, 24)

    @staticmethod
    def orders(header, rows, unit):
        middle = header.index("bid")
        sides = ([row[:middle] for row in rows], [row[middle:] for row in rows])
        return tuple([Order(int(row[0]), int(row[1]) * unit, int(number(row[2])), *map(int, row[3:]))
                      for row in side if row[0]] for side in sides)

    def feeder(self, far_end):
        """The table says, for each bus of injection, what the others gain."""
        _, (_, *columns) = tables(self.shared)[0]
        gains = [[int(cell) for cell in row[1:]] for row in columns]
        rows = [list(row) for row in zip(*gains)]
        base = [10**9, 990_000_000, int(Decimal(far_end) * 10**9)]
        return Feeder(base, rows, 900_000_000, 1_100_000_000, rules.HOUR)

    def check(self, title, orders, unit, setting, rows, following):
        rule, k, lot, lot_unit, far_end = setting.groups()
        chosen = EITHER if rule == "Either rule" else (rule.lower().replace("pay-as-clear", "payAsClear"),)
        lot = int(number(lot)) * WH[lot_unit] if lot else 1_000
        feeder = self.feeder(far_end) if far_end else None
        *steps, end = rows
        self.assertEqual([int(row[0]) for row in rows], list(range(1, len(rows) + 1)), title)
        self.assertEqual(end[1:6], [""] * 5, title)
        for one in chosen:
            with self.subTest(title, rule=one):
                events = rules.clear(*orders, one, int(number(k)), lot, feeder)
                self.assertEqual([self.row(event, unit) for event in events], [self.read(row, unit) for row in steps])
                mean = rules.mean_price([event for event in events if isinstance(event, Trade)])
                if said := re.match(r"Mean price: (\d+)", following):
                    self.assertEqual(mean, int(said[1]))
                if following.startswith("No price."):
                    self.assertIsNone(mean)
        return len(chosen)

    @staticmethod
    def row(event, unit):
        if isinstance(event, Passed):
            return (event.order, None) if event.side == "ask" else (None, event.order)
        # Turnovers of books in MWh are in thousands.
        turnover = Decimal(event.turnover) / (unit // 1_000)
        return event.ask, event.bid, event.quantity, Decimal(event.price) / rules.WHOLE, turnover

    def read(self, row, unit):
        _, ask, bid, quantity, price, turnover, reason = row
        if not quantity:
            self.assertTrue(reason.startswith("passed over: "), reason)
            return (int(ask), None) if ask else (None, int(bid))
        return int(ask), int(bid), int(quantity) * unit, number(price), number(turnover)

    def check_shares(self, title, header, rows):
        if header[0] != "k":
            return 0
        for k, own, marginal in ([int(number(cell)) for cell in row] for row in rows):
            with self.subTest(title, k=k):
                pair = rules.clear([Order(1, 1_000, 100)], [Order(2, 1_000, 300)], "midpoint", k)
                self.assertEqual([trade.turnover for trade in pair], [own])
                pairs = rules.clear([Order(1, 1_000, 100), Order(3, 1_000, 200)],
                                    [Order(2, 1_000, 400), Order(4, 1_000, 300)], "payAsClear", k)
                self.assertEqual([(trade.ask, trade.bid, trade.turnover) for trade in pairs],
                                 [(1, 2, marginal), (3, 4, marginal)])
        return len(rows)


class Bill(unittest.TestCase):
    """The bill worked through."""

    TERMS = Terms(1_000, COIN // 5, COIN * 39 // 100, COIN * 62 // 100)
    FEE = COIN // 20, COIN // 250

    def setUp(self):
        text = (ROOT / "docs/electricity-market.md").read_text(encoding="utf-8")
        self.text = text[text.index("## A bill, worked"):text.index("## When something goes wrong")]
        self.orders, self.trades, self.metered, self.rounds, self.lines, self.sums = [
            rows[1:] for _, rows in tables(self.text)]
        self.placed = {int(row[0]): row for row in self.orders}
        self.cleared = self.clear()

    def clear(self):
        sides = {"ask": [], "bid": []}
        for order, side, _, bus, quantity, limit, _ in self.orders:
            sides[side].append(Order(int(order), int(number(quantity)), coins(limit), int(bus)))
        return rules.clear(sides["ask"], sides["bid"], "payAsClear", 5_000, 10)

    def rate(self, distance):
        return rules.fee_rate(*self.FEE, distance)

    def settle(self):
        """Each site's contracts: those it sells or those it buys, as settled."""
        sides = {}
        actual = {row[0]: int(row[2].split()[1].replace(",", "")) for row in self.metered}
        for side in ("ask", "bid"):
            for site in actual:
                mine = [n for n, trade in enumerate(self.cleared) if self.placed[getattr(trade, side)][2] == site]
                given = rules.allocate([self.cleared[n].quantity for n in mine], actual[site])
                sides.update({(n, side): allocated for n, allocated in zip(mine, given)})
        contracts = {}
        for n, trade in enumerate(self.cleared):
            ends = [self.placed[order] for order in (trade.ask, trade.bid)]
            fee = self.rate(distance(*(int(end[3]) for end in ends)))
            settled = min(sides[n, "ask"], sides[n, "bid"])
            for end in ends:
                contracts.setdefault((end[2], end[1]), []).append(
                    Contract(n, trade.quantity, trade.price, fee, sides[n, end[1]], settled))
        return actual, contracts

    def test_trades_fees_and_holds(self):
        longest = max(distance(a, b) for a in range(1, 34) for b in range(1, a))
        self.assertIn(f"18.633974 Ω apart: {amount(self.rate(longest))}.", self.text)
        self.assertEqual(longest, 18_633_974)
        self.assertEqual(len(self.trades), len(self.cleared))
        for row, trade in zip(self.trades, self.cleared):
            far = distance(*(int(self.placed[order][3]) for order in (trade.ask, trade.bid)))
            expected = [trade.ask, trade.bid, trade.quantity, Decimal(trade.price) / COIN / rules.WHOLE,
                        Decimal(far) / 1_000_000, Decimal(self.rate(far)) / COIN]
            self.assertEqual([number(cell) for cell in row[1:]], expected)
        each = {"ask": lambda _: self.TERMS.penalty,
                "bid": lambda limit: max(limit + self.rate(longest), self.TERMS.penalty)}
        held = {}
        for order, side, _, _, quantity, limit, hold in self.orders:
            held[order] = each[side](coins(limit))
            self.assertEqual(coins(hold), rules.money_up(int(number(quantity)) * held[order]), order)
        kept = rules.money_up(700 * held["4"])
        released = coins(self.placed[4][6]) - kept
        self.assertIn(f"100 Wh of bid 4 are not filled: {amount(released)} is released, {amount(kept)} stays", self.text)

    def test_rounds(self):
        actual, contracts = self.settle()
        both = {(contract.number, side): contract for (_, side), mine in contracts.items() for contract in mine}
        for n, row in enumerate(self.rounds):
            ask, bid = both[n, "ask"], both[n, "bid"]
            expected = [n, ask.quantity, ask.allocated, bid.allocated, ask.settled]
            self.assertEqual([int(number(cell)) for cell in row], expected)
        for site, contracted, metered, unmet, band, fined in self.metered:
            (mine,) = (mine for (owner, _), mine in contracts.items() if owner == site)
            total = sum(contract.quantity for contract in mine)
            missing = total - sum(contract.allocated for contract in mine)
            free = total * self.TERMS.free_band // rules.WHOLE
            self.assertEqual([int(number(cell)) for cell in (contracted, unmet, band, fined)],
                             [total, missing, free, max(missing - free, 0)], site)

    def test_lines_and_sums(self):
        actual, contracts = self.settle()
        lines, net = [], {}
        for (site, side), mine in sorted(contracts.items()):
            for line in rules.bill(side, mine, actual[site], self.TERMS):
                gets = line.item in ("sale", "surplus")
                trade = "" if line.trade is None else str(line.trade)
                lines.append([site, line.item, trade, Decimal(line.quantity), money(line.price),
                              *((money(line.amount), None) if gets else (None, money(line.amount)))])
                own, other = (0, 1) if gets else (1, 0)
                net.setdefault(f"site {site}", [0, 0])[own] += line.amount
                if line.item not in ("sale", "purchase"):
                    net.setdefault("grid", [0, 0])[other] += line.amount
        said = [[*row[:3], *(number(cell) if cell else None for cell in row[3:])] for row in self.lines]
        self.assertEqual(said, lines)
        self.assertEqual({row[0]: [coins(row[1]), coins(row[2])] for row in self.sums}, net)
        self.assertTrue(all(coins(row[3]) == coins(row[1]) - coins(row[2]) for row in self.sums))
        self.assertEqual(sum(coins(row[3]) for row in self.sums), 0)

    def test_late_energy(self):
        """Had site 4's meter been silent, and shown the rest in the next slot."""
        contracts = [Contract(1, 100, self.cleared[1].price, 0, 100, 0),
                     Contract(2, 600, self.cleared[2].price, 0, 600, 600)]
        silent = [(line.item, line.quantity) for line in rules.bill("bid", contracts, None, self.TERMS)]
        self.assertEqual(silent, [("purchase", 600), ("network fee", 600), ("residual", 100)])
        self.assertEqual([rules.set_off(950, 700), rules.set_off(500, 700)], [(250, 0), (0, 200)])
        next_slot = rules.bill("bid", [], 300, self.TERMS, 250)
        self.assertEqual([(line.item, line.quantity, amount(line.amount)) for line in next_slot],
                         [("residual", 300, "0.186"), ("late residual", 250, "0.155")])
        said = " ".join(self.text.split())
        self.assertIn("950 Wh are late. 700 Wh of these are billed already, and set off; 250 Wh are late residual, 0.155, "
                      "on the next slot's bill, besides 300 Wh of residual, 0.186.", said)
        late = rules.bill("ask", [], 0, self.TERMS, 1_000)
        self.assertEqual([(line.item, line.amount) for line in late], [("late surplus", self.TERMS.surplus)])


def coins(text):
    """Money or a price, in units."""
    exact = number(text) * COIN
    assert exact == int(exact), text
    return int(exact)


def money(units):
    return Decimal(units) / COIN


def amount(units):
    return format(money(units).normalize(), "f")


def feeder_lines():
    source = (ROOT / "primitives/market/src/feeder33/mod.rs").read_text(encoding="utf-8")
    rows = re.findall(r"^    \((\d+), (\d+), (\d+)\),$", source, re.MULTILINE)
    assert len(rows) == 32
    # |Z| in millionths of an ohm, rounded down, from ten-thousandths.
    return [(int(start), math.isqrt((int(r) * 100) ** 2 + (int(x) * 100) ** 2)) for start, r, x in rows]


LINES = feeder_lines()


def distance(a, b):
    """Between two buses of the IEEE 33-bus feeder, in millionths of an ohm."""
    far = 0
    while a != b:
        a, b = max(a, b), min(a, b)
        a, impedance = LINES[a - 2]
        far += impedance
    return far


if __name__ == "__main__":
    unittest.main()
