"""Tests of the feeder tool. From the checkout: python3 -m unittest discover --start-directory scripts/feeder"""

import cmath
import contextlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path

import case
import feeder
import published
import table
from case import CaseError
from flow import Flow

# A substation, a line of 1 + j ohm, a load of 100 kW and 50 kvar; 10 kV, so that 1 pu of 10 MVA is 10 ohm.
SMALL = """function mpc = small
mpc.version = '2';
mpc.baseMVA = 10;
%% a comment; with [brackets];
mpc.bus = [  % in MW and Mvar
\t1 3 0 0 0 0 1 1 0 10 1 1 1;
\t2 1 0.1 0.05 0 0 1 1 0 10 1 1.1 0.9
];
mpc.gen = [
\t1 0 0 10 -10 1 100 1 10 0;
];
mpc.branch = [
\t1 2 0.1 0.1 0 0 0 0 0 0 1 -360 360;
\t2 1 9 9 0 0 0 0 0 0 0 -360 360;
];
"""
CONVERTING = """
[PQ, PV, REF, ...
    BUS_I] = idx_bus;
Vbase = mpc.bus(1, BASE_KV) * 1e3;
Sbase = mpc.baseMVA * 1e6;
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
"""


def known_feeder():
    """The 33-bus case, or None where the public data is not at hand."""
    path = feeder.default_case()
    if path.exists():
        return Flow(case.read(path))
    demanded = os.environ.get("GRIDPEG_DATA") or os.environ.get("CI") == "true"
    if demanded:
        raise AssertionError(f"{path} is missing: set GRIDPEG_DATA to the folder with the public data")
    return None


def run(*arguments):
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        status = feeder.main([str(argument) for argument in arguments])
    return status, output.getvalue(), errors.getvalue()


class Reading(unittest.TestCase):
    def test_units_are_the_files_own(self):
        read = case.parse("small", SMALL)
        self.assertEqual((read.volts, read.power, read.reference), (10_000, 10_000_000, 1))
        self.assertEqual((read.buses[1].p, read.buses[1].q), (100_000, 50_000))
        self.assertEqual([(line.r, line.x) for line in read.branches], [(1, 1)])

    def test_conversions_at_the_end_count(self):
        text = SMALL.replace("0.1 0.05", "100 50").replace("1 2 0.1 0.1", "1 2 1 1") + CONVERTING
        converted, plain = case.parse("small", text), case.parse("small", SMALL)
        self.assertEqual(converted, plain)
        lines_only = CONVERTING.replace("mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;", "")
        self.assertEqual(case.parse("small", SMALL.replace("1 2 0.1 0.1", "1 2 1 1") + lines_only), plain)

    def test_what_cannot_be_solved_is_refused(self):
        changes = {
            "not known": (SMALL, SMALL + "mpc.bus(:, PD) = 2 * mpc.bus(:, PD);"),
            "twice": (SMALL, SMALL + CONVERTING + CONVERTING),
            "baseMVA": ("mpc.baseMVA = 10;", ""),
            "mpc.gen is missing": ("mpc.gen", "mpc.genus"),
            "no number": ("0.1 0.05", "0.1 x"),
            "fewer than": ("\t1 0 0 10 -10 1 100 1 10 0;", "1 0;"),
            "numbered": ("\t2 1 0.1", "\t3 1 0.1"),
            "shunts": ("0.1 0.05 0 0", "0.1 0.05 0 1"),
            "voltage level": ("0 10 1 1.1", "0 20 1 1.1"),
            "other than loads": ("\t2 1 0.1", "\t2 2 0.1"),
            "instead of one": ("\t2 1 0.1", "\t2 3 0.1"),
            "capacitances": ("1 2 0.1 0.1 0", "1 2 0.1 0.1 0.2"),
            "transformers": ("0 0 0 0 0 1 -360", "0 0 0 0.9 0 1 -360"),
            "no impedance": ("1 2 0.1 0.1", "1 2 0 0"),
            "generators elsewhere": ("\t1 0 0 10", "\t2 0 0 10"),
        }
        for reason, (old, new) in changes.items():
            with self.subTest(reason):
                self.assertIn(old, SMALL)
                with self.assertRaisesRegex(CaseError, reason):
                    case.parse("small", SMALL.replace(old, new))

    def test_only_radial_feeders_are_solved(self):
        for reason, old, new in (
            ("loop", "9 9 0 0 0 0 0 0 0", "9 9 0 0 0 0 0 0 1"),
            ("not connected", "\t1 2 0.1", "\t2 2 0.1"),
            ("which there is not", "\t1 2 0.1", "\t1 7 0.1"),
        ):
            with self.subTest(reason), self.assertRaisesRegex(CaseError, reason):
                Flow(case.parse("small", SMALL.replace(old, new)))


class TwoBuses(unittest.TestCase):
    """Against the closed form: |V|^2 is a root of a quadratic equation."""

    def setUp(self):
        self.flow = Flow(case.parse("small", SMALL))

    def closed_form(self, p, q):
        r = x = 0.1
        half = 0.5 - (r * p + x * q)
        square = half + (half * half - (r * r + x * x) * (p * p + q * q)) ** 0.5
        return square ** 0.5, (p * p + q * q) / square * r

    def test_voltage_and_losses(self):
        for injected in (0, 100_000, -3_000_000):
            result = self.flow.solve({2: injected})
            voltage, losses = self.closed_form(0.01 - injected / 1e7, 0.005)
            self.assertAlmostEqual(abs(result.voltages[1]), voltage, places=12)
            self.assertAlmostEqual(result.losses.real / 1e7, losses, places=12)
            self.assertEqual(result.voltages[0], 1)

    def test_injection_at_the_substation_changes_nothing(self):
        self.assertEqual(self.flow.solve({1: 10**6}).voltages, self.flow.solve().voltages)

    def test_more_than_the_line_can_carry_is_an_error(self):
        with self.assertRaisesRegex(CaseError, "power flow"):
            self.flow.solve({2: -40_000_000})

    def test_a_wrong_result_does_not_balance(self):
        result = self.flow.solve()
        self.assertLess(self.flow.mismatch(self.flow.loads, result.voltages), 1e-12)
        turned = [result.voltages[0], result.voltages[1] * cmath.exp(1e-6j)]
        self.assertGreater(self.flow.mismatch(self.flow.loads, turned), 1e-6)

    def test_table(self):
        made = table.make(self.flow, self.flow.solve(), 1_000)
        voltage = self.closed_form(0.01, 0.005)[0]
        slope = (self.closed_form(0.01 - 1e-4, 0.005)[0] - voltage) / 1_000
        self.assertEqual(made["sensitivities"], [[0, 0], [0, round(slope * 10**12)]])
        self.assertEqual(made["voltages"], [10**9, round(voltage * 10**9)])
        # Root of 2 in micro-ohm, rounded down.
        self.assertEqual(made["branches"], [[1, 2, 10**6, 10**6, 1_414_213]])
        self.assertEqual(made["distances"], [[0, 1_414_213], [1_414_213, 0]])
        self.assertEqual((made["lower"], made["upper"]), (900_000_000, 1_100_000_000))
        self.assertEqual(json.loads(table.to_json(made)), made)

    def test_a_table_has_its_substation_first(self):
        text = SMALL.replace("1 3 0 0", "1 1 0 0").replace("1 1 1;", "1 1.1 0.9;")
        text = text.replace("2 1 0.1 0.05", "2 3 0 0").replace("\t1 0 0 10", "\t2 0 0 10")
        flow = Flow(case.parse("turned", text))
        with self.assertRaisesRegex(CaseError, "outwards"):
            table.make(flow, flow.solve())


class Known(unittest.TestCase):
    """The 33-bus feeder."""

    @classmethod
    def setUpClass(cls):
        cls.flow = known_feeder()
        if cls.flow is None:
            raise unittest.SkipTest("set GRIDPEG_DATA to the folder with the public data")
        cls.base = cls.flow.solve()
        cls.made = table.make(cls.flow, cls.base)

    def test_published_figures(self):
        for what, expected, found in published.compare(self.flow, self.base):
            self.assertEqual(found, expected, what)

    def test_a_changed_line_is_noticed(self):
        text = feeder.default_case().read_text(encoding="utf-8")
        changed = Flow(case.parse("changed", text.replace("5	6	0.8190", "5	6	0.8191")))
        rows = published.compare(changed, changed.solve())
        self.assertNotEqual(rows[0][1], rows[0][2])

    def test_rows_and_columns(self):
        matrix = self.made["sensitivities"]
        # Bus 22 hangs on bus 2 alone: what is injected at its end moves bus 18 no more than what is injected at bus 2,
        # while an injection at bus 18 moves bus 17 more than bus 3.
        self.assertAlmostEqual(matrix[17][21], matrix[17][1], delta=10)
        self.assertGreater(matrix[16][17], 10 * matrix[2][17])
        self.assertEqual(matrix[17][17], 78_953)
        self.assertTrue(all(value == 0 for value in matrix[0]))
        self.assertTrue(all(value > 0 for row in matrix[1:] for value in row[1:]))

    def test_the_linear_model_is_near(self):
        for watts, bound in ((10_000, 0.000011), (100_000, 0.00019)):
            (error, _, _), _ = feeder.linear_error(self.flow, self.base, self.made["sensitivities"], watts)
            self.assertLess(error, bound)

    def test_distances(self):
        distances = self.made["distances"]
        lines = {(before, bus): impedance for before, bus, _, _, impedance in self.made["branches"]}
        self.assertEqual(len(lines), 32)
        self.assertEqual(lines[1, 2], 103_488)
        for i in range(33):
            self.assertEqual(distances[i][i], 0)
            for j in range(33):
                self.assertEqual(distances[i][j], distances[j][i])
        # Over the fork at bus 3, not by the substation.
        apart = sum(lines[pair] for pair in ((3, 4), (4, 5), (3, 23)))
        self.assertEqual(distances[4][22], apart)

    def test_command(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "table.json"
            status, output, _ = run("--check", "--output", file)
            self.assertEqual(status, 0)
            self.assertIn("losses 202.677 kW", output)
            self.assertIn("lowest voltage 0.91309 pu at bus 18", output)
            self.assertEqual(json.loads(file.read_text(encoding="utf-8")), self.made)
            other = Path(folder) / "small.m"
            other.write_text(SMALL, encoding="utf-8")
            self.assertEqual(run("--output", "-", other)[0], 0)
            status, output, _ = run("--check", other)
            self.assertEqual(status, 1)
            self.assertIn("NOT MET", output)
            self.assertEqual(run(Path(folder) / "none.m")[0], 2)


if __name__ == "__main__":
    unittest.main()
