"""AC power flow of radial feeders by backward and forward sweeps, in per unit.

Loads and injections have constant power. A sweep sums the buses' currents from the ends to the substation, then takes
the voltage drops from the substation to the ends; it is repeated until nothing changes any more. A result counts only
if it also fulfils the equations of all buses at once (`mismatch`), which the sweeps do not use.
"""

from typing import NamedTuple

from case import need

# Sweeps end when no voltage changes by more than this; per unit.
STILL = 1e-14
SWEEPS = 500
# The largest power that a bus may have too much or too little; per unit of the case's base.
TOLERANCE = 1e-9


class Result(NamedTuple):
    voltages: list  # complex, per unit, in the order of the buses
    losses: complex  # W + j var
    sweeps: int

    def magnitudes(self):
        return [abs(voltage) for voltage in self.voltages]


class Tree:
    """A feeder as a tree: every bus but the substation has one line towards it."""

    def __init__(self, case):
        self.case = case
        neighbours = {bus.number: [] for bus in case.buses}
        for branch in case.branches:
            for here, there in ((branch.start, branch.end), (branch.end, branch.start)):
                need(here in neighbours, f"a branch ends at bus {here}, which there is not")
                neighbours[here].append((there, branch))
        need(len(case.branches) == len(case.buses) - 1, "the feeder is not radial: its lines in service form a loop")
        # From the substation outwards: (bus, the one before it, the line between).
        self.outward = []
        self.depth = {case.reference: 0}
        waiting = [case.reference]
        while waiting:
            here = waiting.pop(0)
            for there, branch in neighbours[here]:
                if there not in self.depth:
                    self.depth[there] = self.depth[here] + 1
                    self.outward.append((there, here, branch))
                    waiting.append(there)
        need(len(self.depth) == len(case.buses), "the feeder is not radial: a bus is not connected")
        self.parents = {bus: (before, branch) for bus, before, branch in self.outward}

    def path(self, first, second):
        """The lines between two buses."""
        lines = []
        while first != second:
            if self.depth[first] < self.depth[second]:
                first, second = second, first
            first, branch = self.parents[first]
            lines.append(branch)
        return lines


class Flow:
    """The power flow of one feeder."""

    def __init__(self, case):
        self.tree = Tree(case)
        self.case = case
        self.power = float(case.power)
        ohms = float(case.volts) ** 2 / self.power
        self.source = complex(float(case.reference_voltage))
        self.root = case.reference - 1
        # Buses by index: bus n is n - 1.
        self.lines = [(bus - 1, before - 1, complex(float(branch.r), float(branch.x)) / ohms)
                      for bus, before, branch in self.tree.outward]
        self.loads = [complex(float(bus.p), float(bus.q)) / self.power for bus in case.buses]

    def solve(self, injections=None):
        """With W injected at buses (number -> W, below 0 if taken out) on top of the loads, at power factor 1."""
        loads = list(self.loads)
        for bus, watts in (injections or {}).items():
            loads[bus - 1] -= watts / self.power
        voltages = [self.source] * len(loads)
        for sweep in range(1, SWEEPS + 1):
            currents = [(load / voltage).conjugate() for load, voltage in zip(loads, voltages)]
            for bus, before, _ in reversed(self.lines):
                currents[before] += currents[bus]
            change = 0.0
            for bus, before, impedance in self.lines:
                voltage = voltages[before] - impedance * currents[bus]
                change = max(change, abs(voltage - voltages[bus]))
                voltages[bus] = voltage
            need(change < 1, "the power flow diverges: the feeder cannot carry this load")
            if change <= STILL:
                need(self.mismatch(loads, voltages) < TOLERANCE, "the power flow does not balance")
                losses = sum(impedance * abs(currents[bus]) ** 2 for bus, _, impedance in self.lines)
                return Result(voltages, losses * self.power, sweep)
        need(False, f"the power flow has not settled after {SWEEPS} sweeps")
        return None

    def mismatch(self, loads, voltages):
        """The largest difference, over all buses but the substation, between a bus's load and what its lines bring."""
        arriving = [0j] * len(loads)
        for bus, before, impedance in self.lines:
            current = (voltages[before] - voltages[bus]) / impedance
            arriving[bus] += voltages[bus] * current.conjugate()
            arriving[before] -= voltages[before] * current.conjugate()
        return max(abs(arriving[bus] - loads[bus]) for bus in range(len(loads)) if bus != self.root)
