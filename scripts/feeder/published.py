"""What is known of the 33-bus feeder of Baran and Wu (MATPOWER's case33bw), and whether the tool finds it."""

from table import STEP, rises

LOSSES = "202.677"  # kW
LOWEST, LOWEST_BUS = "0.91309", 18  # per unit
# Rise of the own bus's voltage for +100 kW, per unit.
OWN_BUS = {6: "0.00148", 14: "0.00552", 18: "0.00790", 20: "0.00111", 24: "0.00126", 32: "0.00451"}
# By how much R/V^2 (LinDistFlow) is below the power flow at those buses, whole percent: least and most.
LINEAR = (1, 13)


def linear_rise(flow, bus, watts):
    """LinDistFlow: injected power times the resistance to the substation, over the base voltage squared; per unit."""
    ohms = float(sum(branch.r for branch in flow.tree.path(bus, flow.case.reference)))
    return watts * ohms / float(flow.case.volts) ** 2


def compare(flow, base):
    """Rows of (what, published, found), both as text in the published digits."""
    voltages = base.magnitudes()
    bus = min(range(len(voltages)), key=voltages.__getitem__)
    matrix = rises(flow, voltages)
    rows = [
        ("losses, kW", LOSSES, f"{base.losses.real / 1e3:.3f}"),
        ("lowest voltage, pu", LOWEST, f"{voltages[bus]:.5f}"),
        ("at bus", str(LOWEST_BUS), str(bus + 1)),
    ]
    below = []
    for number, published in OWN_BUS.items():
        # A feeder that lacks the bus is another feeder.
        found = matrix[number - 1][number - 1] if number <= len(matrix) else None
        rows.append((f"rise at bus {number} for +100 kW there, pu", published,
                     "no such bus" if found is None else f"{found:.5f}"))
        if found:
            below.append(round(100 * (1 - linear_rise(flow, number, STEP) / found)))
    rows.append(("R/V^2 is below that by, %", "{} to {}".format(*LINEAR),
                 f"{min(below)} to {max(below)}" if below else "-"))
    return rows
