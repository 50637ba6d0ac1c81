"""A feeder's table for the chain, in integers, and its JSON.

| | unit | rounding |
|---|---|---|
| voltages, limits | 10^-9 pu | nearest |
| sensitivities | 10^-12 pu per W | nearest |
| resistance, reactance | micro-ohm | nearest; exact for whole micro-ohms |
| impedance of a line | micro-ohm | down, of the root of the rounded r^2 + x^2 |
| distance | micro-ohm | none: a sum of impedances |

So whoever has the lines can form the distances again, bit for bit, without floating point.
"""

import json
from decimal import ROUND_HALF_EVEN, Decimal
from math import isqrt

from case import need

NANO, PICO, MICRO = 10**9, 10**12, 10**6
# W by which a bus's injection is raised to see what it does to the voltages.
STEP = 100_000


def integer(value):
    return int(Decimal(value).to_integral_value(ROUND_HALF_EVEN))


def micro_ohms(branch):
    return integer(branch.r * MICRO), integer(branch.x * MICRO)


def impedance(branch):
    """|Z| of a line in micro-ohm."""
    r, x = micro_ohms(branch)
    return isqrt(r * r + x * x)


def distance(tree, first, second):
    """Electrical distance of two buses: the sum of |Z| of the lines between them, in micro-ohm."""
    return sum(impedance(branch) for branch in tree.path(first, second))


def rises(flow, base, step=STEP):
    """Per unit by which the voltage of bus i rises when `step` W more are injected at bus j: [i][j], buses from 0."""
    columns = []
    for bus in flow.case.buses:
        raised = flow.solve({bus.number: step}).magnitudes()
        columns.append([after - before for before, after in zip(base, raised)])
    return [list(row) for row in zip(*columns)]


def limits(case):
    """Lower and upper limit of all buses but the substation, which holds its voltage."""
    found = {(bus.lower, bus.upper) for bus in case.buses if bus.number != case.reference}
    need(len(found) == 1, "buses have different limits; the chain's table has one pair for all")
    (lower, upper), = found
    need(0 < lower < upper, "the lower limit of the voltage is not below the upper")
    return integer(lower * NANO), integer(upper * NANO)


def make(flow, base, step=STEP):
    """The table. `base` is the flow's result without injections."""
    case, tree = flow.case, flow.tree
    voltages = base.magnitudes()
    lower, upper = limits(case)
    numbers = [bus.number for bus in case.buses]
    branches = []
    for bus, before, branch in sorted(tree.outward, key=lambda line: line[0]):
        # The chain's form of a tree; bus 1 is its root.
        need(before < bus, f"bus {bus} is fed from bus {before}: buses must be numbered from the substation outwards")
        r, x = micro_ohms(branch)
        branches.append([before, bus, r, x, impedance(branch)])
    return {
        "name": case.name,
        "volts": integer(case.volts),
        "buses": len(numbers),
        "substation": case.reference,
        "lower": lower,
        "upper": upper,
        "step": step,
        "losses": integer(base.losses.real),
        "voltages": [integer(voltage * NANO) for voltage in voltages],
        "branches": branches,
        "sensitivities": [[integer(rise * PICO / step) for rise in row] for row in rises(flow, voltages, step)],
        "distances": [[distance(tree, first, second) for second in numbers] for first in numbers],
    }


def to_json(made):
    """As JSON with one line for each key, and for each row of a matrix."""
    parts = []
    for key, value in made.items():
        if isinstance(value, list) and isinstance(value[0], list):
            rows = ",\n".join(f"    {json.dumps(row)}" for row in value)
            parts.append(f'  "{key}": [\n{rows}\n  ]')
        else:
            parts.append(f'  "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"
