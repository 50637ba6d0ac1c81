"""Tests of the generator. From the checkout: python3 -m unittest discover --start-directory scripts/profiles"""

import contextlib
import io
import json
import os
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

import households
import market_day
import profiles
from households import Building, ProfileError
from market_day import Options, Silent


def building(number, load, generation, nominal=4000):
    """A building of one whole day, 01-01."""
    return Building(number, nominal, {"01-01": 0}, list(zip(load, generation)))


SUN = [0] * 6 + [100, 700, 1500, 2200, 2800, 3100, 3200, 3000, 2600, 1900, 1100, 300] + [0] * 6
BUILDINGS = [building(number, [200 + 37 * number + 11 * hour for hour in range(24)], SUN) for number in range(1, 7)]


def made(**options):
    return market_day.make(BUILDINGS, Options("01-01", **options))


def series(day, name):
    """A meter's readings by slot, in full."""
    meter = next(i for i, meter in enumerate(day["meters"]) if meter["name"] == name)
    return {reading["slot"]: reading for reading in day["readings"] if reading["meter"] == meter}


def energies(day, name):
    return {slot: reading["energy"] for slot, reading in series(day, name).items()}


def orders(day, number):
    return {order["slot"]: order for order in day["orders"] if order["site"] == number - 1}


def run(*arguments):
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = profiles.main([str(argument) for argument in arguments])
    return status, output.getvalue(), errors.getvalue()


class Splitting(unittest.TestCase):
    def test_parts_add_up(self):
        for total in (0, 1, 3, 999, 10**12):
            for weights in ([1, 1, 1, 1], [0, 0, 0, 1], [800, 1200, 1000, 1111]):
                parts = market_day.apportion(total, weights)
                self.assertEqual(sum(parts), total)
                for part, weight in zip(parts, weights):
                    self.assertLess(abs(part - total * weight / sum(weights)), 1)
        self.assertEqual(market_day.apportion(0, [0, 0]), [0, 0])

    def test_generation_rises_and_falls_within_an_hour(self):
        # Before 0, after 1000: the line from 500 at the middle falls to nothing half an hour earlier.
        quarters = market_day.split_generation([500], 0, 1000)
        self.assertEqual(sum(quarters), 500)
        self.assertEqual(quarters, sorted(quarters))
        self.assertLess(quarters[0], quarters[3])
        self.assertEqual(market_day.split_generation([0, 0], 900, 900), [0] * 8)

    def test_draws_depend_on_seed_and_purpose_alone(self):
        self.assertEqual(market_day.draw(1, 1000, "price", 2, 3), market_day.draw(1, 1000, "price", 2, 3))
        drawn = {market_day.draw(seed, 1 << 64, purpose) for seed in range(20) for purpose in ("a", "b")}
        self.assertEqual(len(drawn), 40)
        # On every machine and with every version of Python.
        self.assertEqual(market_day.draw(1, 1 << 32, "price", 2, 3), 2979460169)
        self.assertTrue(all(-8 <= market_day.around(seed, 8, "x") <= 8 for seed in range(200)))


class Day(unittest.TestCase):
    def test_quarters_sum_to_the_hour(self):
        day = made()
        for each in BUILDINGS[:3]:
            generated, taken, given = (energies(day, f"building-{each.number}-{direction}")
                                       for direction in ("generation", "import", "export"))
            for hour, (load, generation) in enumerate(each.rows):
                slots = range(4 * hour, 4 * hour + 4)
                self.assertEqual(sum(generated[slot] for slot in slots), generation)
                self.assertEqual(sum(taken[slot] + generated[slot] - given[slot] for slot in slots), load)
            self.assertFalse(any(taken[slot] and given[slot] for slot in range(96)))
        for each in BUILDINGS[3:]:
            taken = energies(day, f"building-{each.number}-import")
            for hour, (load, _) in enumerate(each.rows):
                self.assertEqual(sum(taken[slot] for slot in range(4 * hour, 4 * hour + 4)), load)

    def test_counters_add_up_and_capacities_hold(self):
        for length in (900_000, 10_000):
            day = made(slot_length=length)
            self.assertEqual(len(day["readings"]), 96 * len(day["meters"]))
            for meter in day["meters"]:
                counter = 0
                for reading in series(day, meter["name"]).values():
                    counter += reading["energy"]
                    self.assertEqual(reading["counter"], counter)
                    self.assertLessEqual(reading["energy"], meter["capacity"] * length // 3_600_000)
        self.assertEqual(made(slot_length=10_000)["meters"][0]["capacity"], 5000 * 90)

    def test_orders(self):
        day = made()
        self.assertEqual([order["slot"] for order in day["orders"]], sorted(order["slot"] for order in day["orders"]))
        sides = set()
        for order in day["orders"]:
            name = day["sites"][order["site"]]["name"]
            selling = order["side"] == "Ask"
            sides.add((order["site"] < 3, selling))
            actual = energies(day, f"{name}-{'export' if selling else 'import'}")[order["slot"]]
            self.assertGreaterEqual(order["quantity"], day["lot"])
            self.assertLessEqual(abs(order["quantity"] - actual), actual * 0.08 + 1)
            # An honest forecast stays within a free band of 10 %, rounded down.
            self.assertLessEqual(order["quantity"] - actual, order["quantity"] // 10)
            limit, low, high = int(order["limit"]), int(day["feedIn"]), int(day["tariff"])
            reach = (high - low) * 6 // 10
            self.assertTrue(low <= limit <= low + reach if selling else high - reach <= limit <= high)
            self.assertEqual(order["green"], selling and order["site"] == 0)
        self.assertEqual(sides, {(True, True), (True, False), (False, False)})
        # One order of a site in a slot.
        self.assertEqual(len({(order["slot"], order["site"]) for order in day["orders"]}), len(day["orders"]))

    def test_only_sites_on_the_market_order(self):
        day = made(modes={2: "AllToGrid", 3: "SelfUse"})
        self.assertEqual([site["mode"] for site in day["sites"]], ["Market", "AllToGrid", "SelfUse"] + ["Market"] * 3)
        self.assertFalse(orders(day, 2) or orders(day, 3))
        self.assertEqual(orders(day, 1), orders(made(), 1))
        self.assertEqual(day["readings"], made()["readings"])

    def test_totals(self):
        for total in made()["totals"]:
            self.assertEqual(total["import"] + total["generation"], total["load"] + total["export"])

    def test_a_silent_meter_counts_on(self):
        plain, day = made(), made(silent=(Silent(1, "Export", 40, 43),))
        sent = series(day, "building-1-export")
        self.assertEqual(set(range(96)) - set(sent), {40, 41, 42, 43})
        self.assertEqual(sent[44], series(plain, "building-1-export")[44])
        self.assertGreater(sent[44]["counter"] - sent[39]["counter"], sent[44]["energy"])
        self.assertEqual(day["orders"], plain["orders"])
        self.assertEqual(day["silent"], [{"meter": 2, "first": 40, "last": 43}])
        self.assertEqual(series(day, "building-1-import"), series(plain, "building-1-import"))

    def test_who_under_delivers_orders_as_before(self):
        plain, day = made(), made(under={2: 60})
        self.assertEqual(day["orders"], plain["orders"])
        less, full = energies(day, "building-2-generation"), energies(plain, "building-2-generation")
        for hour in range(24):
            slots = range(4 * hour, 4 * hour + 4)
            self.assertEqual(sum(less[slot] for slot in slots), sum(full[slot] for slot in slots) * 40 // 100)
        given = energies(day, "building-2-export")
        short = [order for slot, order in orders(day, 2).items()
                 if order["side"] == "Ask" and order["quantity"] - given[slot] > order["quantity"] // 10]
        self.assertGreater(len(short), 20)
        for name in (meter["name"] for meter in day["meters"] if meter["site"] != 1):
            self.assertEqual(series(day, name), series(plain, name))
        self.assertEqual(day["underDelivering"], [{"site": 1, "percent": 60}])
        self.assertEqual(sum(energies(made(under={2: 100}), "building-2-export").values()), 0)

    def test_a_part_of_the_day(self):
        plain, day = made(), made(first=40, last=47, silent=(Silent(1, "Export", 46, 60), Silent(2, "Export", 0, 9)))
        self.assertEqual({reading["slot"] for reading in day["readings"]}, set(range(40, 48)))
        self.assertEqual(day["orders"], [order for order in plain["orders"] if 40 <= order["slot"] <= 47])
        self.assertEqual(day["silent"], [{"meter": 2, "first": 46, "last": 47}])
        first = series(day, "building-1-generation")[40]
        self.assertEqual(first["counter"], first["energy"])

    def test_seeds_differ_in_what_is_drawn_only(self):
        one, other = made(seed=1), made(seed=2)
        self.assertEqual(one, made(seed=1))
        self.assertNotEqual(one["orders"], other["orders"])
        self.assertNotEqual(energies(one, "building-4-import"), energies(other, "building-4-import"))
        self.assertEqual(energies(one, "building-1-generation"), energies(other, "building-1-generation"))
        self.assertEqual([total["load"] for total in one["totals"]], [total["load"] for total in other["totals"]])

    def test_what_does_not_fit_is_refused(self):
        for reason, options in {
            "no building": {"consumers": (4, 7)},
            "no plant": {"under": {4: 50}},
            "neither": {"green": (1, 5)},
            "percent": {"under": {1: 0}},
            "not after": {"first": 5, "last": 4},
            "0 to 95": {"last": 96},
            "not Sideways": {"silent": (Silent(1, "Sideways", 0, 1),)},
            "import meter only": {"silent": (Silent(4, "Export", 0, 1),)},
            "lasts up to": {"slot_length": 900_001},
            "lot": {"lot": 0},
            "tariff": {"feed_in": 2, "tariff": 1},
        }.items():
            with self.subTest(reason), self.assertRaisesRegex(ProfileError, reason):
                made(**options)
        with self.assertRaisesRegex(ProfileError, "no whole day"):
            market_day.make(BUILDINGS, Options("01-02"))
        big = [building(1, [20_000] * 24, SUN), *BUILDINGS[1:]]
        with self.assertRaisesRegex(ProfileError, "more than its Import meter"):
            market_day.make(big, Options("01-01"))


class Reading(unittest.TestCase):
    def test_days_are_counted(self):
        hours = [(1, 24)] + [(1, hour) for hour in range(1, 25)] * 2 + [(2, hour) for hour in range(1, 25)] + [(2, 1)]
        self.assertEqual(households.count_days(hours), {"01-01": 1, "01-02": 25, "02-01": 49})
        with self.assertRaisesRegex(ProfileError, "hour 3 comes after hour 1"):
            households.count_days([(1, 1), (1, 3)])

    def test_energy_is_rounded_down(self):
        self.assertEqual(households.watt_hours("0.85116667", 1000), 851)
        self.assertEqual(households.watt_hours("9.7529096e-08", 1000), 0)
        self.assertEqual(households.watt_hours("976.25", Decimal("4.0")), 3905)
        with self.assertRaises(ProfileError):
            households.watt_hours("-0.1", 1000)


class Public(unittest.TestCase):
    """The public profiles."""

    @classmethod
    def setUpClass(cls):
        folder = profiles.default_folder()
        if not folder.exists():
            if os.environ.get("GRIDPEG_DATA") or os.environ.get("CI") == "true":
                raise AssertionError(f"{folder} is missing: set GRIDPEG_DATA to the folder with the public data")
            raise unittest.SkipTest("set GRIDPEG_DATA to the folder with the public data")
        cls.buildings = households.read(folder)

    def test_whole_days(self):
        for each in self.buildings:
            self.assertEqual(len(each.days), 364)
            self.assertNotIn("07-31", each.days)
            self.assertEqual((each.days["08-01"], each.days["03-01"], len(each.rows)), (1, 5089, 8760))
        self.assertEqual([each.nominal for each in self.buildings], [4000, 4000, 4000, 5000, 4000, 4000])

    def test_every_month(self):
        for month in range(1, 13):
            day = market_day.make(self.buildings, Options(f"{month:02}-15", consumers=(5, 6), seed=month))
            self.assertEqual(len(day["readings"]), 96 * 14)
            sides = {order["side"] for order in day["orders"]}
            self.assertEqual(sides, {"Ask", "Bid"})
            for site, total in enumerate(day["totals"]):
                hours = self.buildings[site].day(day["day"])
                self.assertEqual(total["load"], sum(hours.load))
                self.assertEqual(total["generation"], 0 if site > 3 else sum(hours.generation))

    def test_command(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "day.json"
            options = ("--day", "04-15", "--seed", "7", "--silent", "1:export:40-47", "--under-deliver", "2:60",
                       "--mode", "3:self-use", "--slots", "30-60", "--slot-length", "10000")
            self.assertEqual(run(*options, "--output", file)[0], 0)
            text = file.read_text(encoding="utf-8")
            self.assertEqual(run(*options)[1], text)
            day = json.loads(text)
            self.assertEqual((day["seed"], day["firstSlot"], day["lastSlot"], day["slotLength"]), (7, 30, 60, 10_000))
            self.assertEqual(day["silent"], [{"meter": 2, "first": 40, "last": 47}])
            self.assertEqual(day["underDelivering"], [{"site": 1, "percent": 60}])
            self.assertEqual(day["sites"][2]["mode"], "SelfUse")
            self.assertEqual(run("--day", "07-31")[0], 2)
            self.assertEqual(run("--data", folder)[0], 2)
            for wrong in (("--silent", "1"), ("--silent", "1:export:1-2-3"), ("--slots", "5-"), ("--mode", "1:x")):
                with self.assertRaises(SystemExit):
                    run(*wrong)


if __name__ == "__main__":
    unittest.main()
