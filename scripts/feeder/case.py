"""Reads MATPOWER case files of radial feeders: version 2, one reference bus, loads of constant power.

Whatever the file has beyond that is refused with its reason and never left out in silence. Some files, case33bw among
them, give loads in kW and impedances in ohms and end with MATLAB statements that convert them; others give MW and per
unit. Only these statements tell which, so they are looked for, and every statement that is not known is refused.
"""

import re
from decimal import Decimal
from typing import NamedTuple

# Columns of the file's tables, from 0.
BUS, TYPE, P, Q, GS, BS, BASE_KV, VMAX, VMIN = 0, 1, 2, 3, 4, 5, 9, 11, 12
GEN_BUS, GEN_V, GEN_STATUS = 0, 5, 7
FROM, TO, R, X, B, RATIO, ANGLE, STATUS = 0, 1, 2, 3, 4, 8, 9, 10
LOAD, REFERENCE = 1, 3

TABLE = re.compile(r"mpc\.(\w+)\s*=\s*\[(.*?)\];?", re.DOTALL)
BASE = re.compile(r"mpc\.baseMVA=([0-9.]+);?")
LOADS_IN_KW = "mpc.bus(:,[PD,QD])=mpc.bus(:,[PD,QD])/1e3"
LINES_IN_OHMS = "mpc.branch(:,[BR_RBR_X])=mpc.branch(:,[BR_RBR_X])/(Vbase^2/Sbase)"
# What changes no number by itself: names of columns, and the base that LINES_IN_OHMS divides by.
HARMLESS = (
    re.compile(r"functionmpc=\w+"),
    re.compile(r"mpc\.version='2'"),
    re.compile(r"\[[\w,]+\]=idx_(bus|brch)"),
    re.compile(r"Vbase=mpc\.bus\(1,BASE_KV\)\*1e3"),
    re.compile(r"Sbase=mpc\.baseMVA\*1e6"),
)


class CaseError(Exception):
    """The file is no case that this tool can solve."""


class Bus(NamedTuple):
    number: int
    p: Decimal  # load, W
    q: Decimal  # load, var
    lower: Decimal  # limits of the voltage, per unit
    upper: Decimal


class Branch(NamedTuple):
    start: int
    end: int
    r: Decimal  # ohm
    x: Decimal  # ohm


class Case(NamedTuple):
    name: str
    volts: Decimal  # line to line, of the whole feeder
    power: Decimal  # the file's base of per-unit powers, VA
    reference: int
    reference_voltage: Decimal  # per unit
    buses: list  # of Bus, in the file's order
    branches: list  # of Branch, those in service


def need(held, reason):
    if not held:
        raise CaseError(reason)


def table(name, text, columns):
    # Rows end with a semicolon or their line.
    rows = [row.replace(",", " ").split() for row in re.split(r"[;\n]", text)]
    rows = [row for row in rows if row]
    need(rows, f"mpc.{name} is empty")
    need(all(len(row) >= columns for row in rows), f"mpc.{name} has a row of fewer than {columns} columns")
    try:
        return [[Decimal(value) for value in row] for row in rows]
    except ArithmeticError:
        raise CaseError(f"mpc.{name} has an entry that is no number") from None


def statements(text):
    text = text.replace("...\n", " ")
    return [line for line in ("".join(part.split()) for part in re.split(r"[;\n]", text)) if line]


def split(text):
    """The file's tables, its base in MVA, and which conversions it makes."""
    text = re.sub(r"%.*", "", text)
    tables = dict(TABLE.findall(text))
    base, seen = None, set()
    # A bracket of a table is always after mpc.NAME =, one of column names never.
    for line in statements(TABLE.sub("", text)):
        given = BASE.fullmatch(line)
        if given:
            base = Decimal(given[1])
        elif line in (LOADS_IN_KW, LINES_IN_OHMS):
            need(line not in seen, f"the file converts twice: {line}")
            seen.add(line)
        else:
            need(any(known.fullmatch(line) for known in HARMLESS), f"this statement is not known: {line}")
    need(base, "mpc.baseMVA is missing")
    for name in ("bus", "gen", "branch"):
        need(name in tables, f"mpc.{name} is missing")
    return tables, base, seen


def read_buses(rows, to_watt):
    numbers = [row[BUS] for row in rows]
    need(numbers == [Decimal(n + 1) for n in range(len(rows))], "buses are not numbered 1, 2, 3, ... in this order")
    need(not any(row[GS] or row[BS] for row in rows), "there are shunts at buses")
    need(len({row[BASE_KV] for row in rows}) == 1, "there is more than one voltage level")
    need(all(row[TYPE] in (LOAD, REFERENCE) for row in rows), "there are buses other than loads and the reference")
    reference = [int(row[BUS]) for row in rows if row[TYPE] == REFERENCE]
    need(len(reference) == 1, f"there are {len(reference)} reference buses instead of one")
    return reference[0], [Bus(int(row[BUS]), row[P] * to_watt, row[Q] * to_watt, row[VMIN], row[VMAX]) for row in rows]


def read_branches(rows, to_ohm):
    rows = [row for row in rows if row[STATUS]]
    need(not any(row[B] for row in rows), "there are line capacitances")
    need(not any(row[RATIO] or row[ANGLE] for row in rows), "there are transformers")
    need(all(row[R] >= 0 and row[X] >= 0 and row[R] + row[X] > 0 for row in rows), "a line has no impedance")
    return [Branch(int(row[FROM]), int(row[TO]), row[R] * to_ohm, row[X] * to_ohm) for row in rows]


def read_reference_voltage(rows, reference):
    rows = [row for row in rows if row[GEN_STATUS]]
    need(len(rows) == 1 and rows[0][GEN_BUS] == reference, "there are generators elsewhere than at the reference bus")
    return rows[0][GEN_V]


def parse(name, text):
    """A case from a file's text."""
    tables, base, conversions = split(text)
    bus_rows = table("bus", tables["bus"], VMIN + 1)
    volts = bus_rows[0][BASE_KV] * 1000
    power = base * 10**6
    need(volts > 0 and power > 0, "a base is not above 0")
    to_watt = Decimal(10**3 if LOADS_IN_KW in conversions else 10**6)
    to_ohm = Decimal(1) if LINES_IN_OHMS in conversions else volts * volts / power
    reference, buses = read_buses(bus_rows, to_watt)
    branches = read_branches(table("branch", tables["branch"], STATUS + 1), to_ohm)
    voltage = read_reference_voltage(table("gen", tables["gen"], GEN_STATUS + 1), reference)
    return Case(name, volts, power, reference, voltage, buses, branches)


def read(path):
    """A case from a file."""
    try:
        return parse(path.stem, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path} cannot be read: {error}") from None
