#!/usr/bin/env python3
"""Turns the household profiles in $GRIDPEG_DATA/data/pv_citylearn into one day on the market, as JSON.

Six buildings on the 33-bus feeder: sites, meters, readings by the quarter of an hour, orders. The same options give the
same file. Needs nothing but Python. docs/feeder.md has the rules and the format.

Exit code 0: done. 2: the profiles cannot be read, or an option does not fit them.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import households
import market_day
from households import ProfileError


def default_folder():
    given = os.environ.get("GRIDPEG_DATA")
    data = Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared"
    return data / "data" / "pv_citylearn"


def slots(text):
    first, dash, last = text.partition("-")
    return int(first), int(last if dash else first)


def numbers(text):
    return tuple(int(part) for part in text.split(",") if part)


def silent(text):
    if text.count(":") == 1:
        text = f"{text}:0-{market_day.SLOTS - 1}"
    building, direction, when = text.split(":")
    return market_day.Silent(int(building), direction.capitalize(), *slots(when))


def under(text):
    building, colon, percent = text.partition(":")
    return int(building), int(percent) if colon else 50


def mode(text):
    building, _, name = text.partition(":")
    if name not in market_day.MODES:
        raise argparse.ArgumentTypeError(f"modes are {', '.join(market_day.MODES)}")
    return int(building), market_day.MODES[name]


def arguments_parser():
    defaults = market_day.Options._field_defaults
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, metavar="FOLDER", help="the profiles' folder, if not the one below GRIDPEG_DATA")
    add("--output", type=Path, metavar="FILE", help="where to write; standard output if left out")
    add("--day", default="04-15", metavar="MM-DD", help="%(default)s if left out; 07-31 is not whole")
    add("--seed", type=int, default=defaults["seed"], help="%(default)s if left out")
    add("--silent", type=silent, action="append", default=[], metavar="BUILDING:DIRECTION[:FIRST-LAST]",
        help="a meter that sends nothing for these slots (all day): import, export or generation; may be repeated")
    add("--under-deliver", type=under, action="append", default=[], metavar="BUILDING[:PERCENT]",
        help="a prosumer whose plant gives as much less (50) than its orders expect; may be repeated")
    add("--consumers", type=numbers, default=defaults["consumers"], metavar="N,N",
        help="buildings without a plant (4,5,6)")
    add("--mode", type=mode, action="append", default=[], metavar="BUILDING:MODE",
        help="self-use or all-to-grid instead of market; may be repeated")
    add("--green", type=numbers, default=defaults["green"], metavar="N,N",
        help="buildings that sell as green energy (1)")
    add("--slots", type=slots, default=(0, market_day.SLOTS - 1), metavar="FIRST-LAST",
        help="only a part of the day's 0-95")
    add("--slot-length", type=int, default=defaults["slot_length"], metavar="MS",
        help="of the chain that replays it, for the meters' capacity (%(default)s)")
    add("--lot", type=int, default=defaults["lot"], metavar="WH", help="no order is smaller (%(default)s)")
    add("--feed-in", type=int, default=defaults["feed_in"], metavar="PRICE", help="10^-12 coin per kWh (%(default)s)")
    add("--tariff", type=int, default=defaults["tariff"], metavar="PRICE", help="10^-12 coin per kWh (%(default)s)")
    return parser


def to_json(made):
    """As JSON with one line for each entry of a list."""
    parts = []
    for key, value in made.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(f"    {json.dumps(row)}" for row in value)
            parts.append(f'  "{key}": [\n{rows}\n  ]')
        else:
            parts.append(f'  "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(arguments=None):
    given = arguments_parser().parse_args(arguments)
    options = market_day.Options(
        day=given.day, seed=given.seed, consumers=given.consumers, modes=dict(given.mode), green=given.green,
        silent=tuple(given.silent), under=dict(given.under_deliver), first=given.slots[0], last=given.slots[1],
        slot_length=given.slot_length, lot=given.lot, feed_in=given.feed_in, tariff=given.tariff)
    try:
        text = to_json(market_day.make(households.read(given.data or default_folder()), options))
        if given.output:
            given.output.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    except (ProfileError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
