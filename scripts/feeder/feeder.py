#!/usr/bin/env python3
"""Solves a feeder's power flow and makes the table from which the chain tests voltages and counts distances.

Prints losses, the lowest voltage and how good the linear model is. Needs nothing but Python. docs/feeder.md has method,
units and figures.

Exit code 0: done. 1: a published figure is not met (--check). 2: the file cannot be solved or written.
"""

import argparse
import os
import sys
from pathlib import Path

import published
import table
from case import CaseError, read
from flow import Flow


def default_case():
    given = os.environ.get("GRIDPEG_DATA")
    data = Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared"
    return data / "data" / "grid" / "case33bw.m"


def linear_error(flow, base, matrix, watts):
    """The largest error of the linear model, over all trades of this size between two buses and all voltages; per unit,
    with seller and buyer. Also, the largest rise or drop itself."""
    voltages = base.magnitudes()
    worst, largest = (0.0, None, None), 0.0
    numbers = [bus.number for bus in flow.case.buses if bus.number != flow.case.reference]
    for seller in numbers:
        for buyer in numbers:
            if seller == buyer:
                continue
            after = flow.solve({seller: watts, buyer: -watts}).magnitudes()
            for row, before, now in zip(matrix, voltages, after):
                error = abs(before + (row[seller - 1] - row[buyer - 1]) * watts / table.PICO - now)
                worst = max(worst, (error, seller, buyer), key=lambda entry: entry[0])
                largest = max(largest, abs(now - before))
    return worst, largest


def show(flow, base, made):
    voltages = base.magnitudes()
    bus = min(range(len(voltages)), key=voltages.__getitem__)
    print(f"{flow.case.name}: {len(voltages)} buses, {base.sweeps} sweeps")
    print(f"losses {base.losses.real / 1e3:.3f} kW, {base.losses.imag / 1e3:.3f} kvar")
    print(f"lowest voltage {voltages[bus]:.5f} pu at bus {bus + 1}")
    for watts in (10_000, 100_000):
        (error, seller, buyer), largest = linear_error(flow, base, made["sensitivities"], watts)
        print(f"trades of {watts // 1000} kW between any two buses: voltages move by up to {largest:.6f} pu; the table "
              f"is wrong by up to {error:.6f} pu (from bus {seller} to {buyer})")


def check(flow, base):
    rows = published.compare(flow, base)
    for what, expected, found in rows:
        print(f"{what:42} published {expected:8} found {found:8} {'held' if expected == found else 'NOT MET'}")
    return all(expected == found for _, expected, found in rows)


def positive(text):
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return value


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("case", nargs="?", type=Path, help="MATPOWER case file; $GRIDPEG_DATA/data/grid/case33bw.m if left out")
    add("--output", type=Path, metavar="FILE",
        help="write the table there, as JSON; - is standard output, and then nothing else is printed there")
    add("--step", type=positive, default=table.STEP, metavar="W",
        help="injection by which sensitivities are measured (%(default)s)")
    add("--check", action="store_true", help="compare with what is published of case33bw; fail otherwise")
    options = parser.parse_args(arguments)
    if options.check and options.output == Path("-"):
        parser.error("--check prints to standard output; give --output a file")
    try:
        flow = Flow(read(options.case or default_case()))
        base = flow.solve()
        made = table.make(flow, base, options.step)
        if options.output == Path("-"):
            sys.stdout.write(table.to_json(made))
        else:
            show(flow, base, made)
            if options.output:
                options.output.write_text(table.to_json(made), encoding="utf-8")
        held = not options.check or check(flow, base)
    except (CaseError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
