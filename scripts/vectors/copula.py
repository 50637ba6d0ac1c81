#!/usr/bin/env python3
"""Writes the test vectors of primitives/copula: densities, h-functions and statistics in arithmetic of 50 digits.

Shares no code with the crate: every formula here is the textbook's, without any of the rearrangements that double
precision needs. Needs mpmath and numpy (which only draws the sets); writes sets.json and pointwise.json.

    python3 -m venv venv && venv/bin/pip install mpmath numpy
    venv/bin/python scripts/vectors/copula.py primitives/copula/tests/vectors

Every u is given as the integer q with u = q / 2^32, as the chain keeps it, so that no decimal is rounded on its way.
Rotations: c90(u, v) = c(1 - u, v), c180 = c(1 - u, 1 - v), c270 = c(u, 1 - v).
"""

import argparse
import json
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy
from mpmath import mp, mpf

mp.dps = 50
ONE = 1 << 32
NAMES = ("independence", "gaussian", "student", "clayton", "gumbel", "frank", "joe")
ROTATES = ("clayton", "gumbel", "joe")
PARAMETERS = {"independence": 0, "student": 2}
AIC_UNIT = 1 << 20
PAIRS = 60


# Quantiles and distributions.

def normal_quantile(p):
    return -mp.sqrt(2) * mp.erfinv(1 - 2 * p)


def student_distribution(x, nu):
    tail = mp.betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + x * x), regularized=True) / 2
    return 1 - tail if x > 0 else tail


def student_density(x, nu):
    return mp.gamma((nu + 1) / 2) / (mp.sqrt(nu * mp.pi) * mp.gamma(nu / 2)) * (1 + x * x / nu) ** (-(nu + 1) / 2)


@lru_cache(maxsize=None)
def student_quantile(p, nu):
    if p == mpf(1) / 2:
        return mpf(0)
    if p > mpf(1) / 2:
        return -student_quantile(1 - p, nu)
    # Bisection in asinh x, in which the tails are short, then Newton to full precision.
    low, high = mpf(-60), mpf(0)
    for _ in range(40):
        middle = (low + high) / 2
        if student_distribution(mp.sinh(middle), nu) < p:
            low = middle
        else:
            high = middle
    x = mp.sinh(high)
    for _ in range(4):
        x -= (student_distribution(x, nu) - p) / student_density(x, nu)
    return x


# Log densities, h-functions h(u, v) = dC/du, and C itself, of the copulas that are not rotated.

def log_density(family, parameters, u, v):
    if family == "independence":
        return mpf(0)
    if family == "gaussian":
        rho, x, y = parameters[0], normal_quantile(u), normal_quantile(v)
        gap = 1 - rho * rho
        return -mp.log(gap) / 2 - (rho * rho * (x * x + y * y) - 2 * rho * x * y) / (2 * gap)
    if family == "student":
        rho, nu = parameters
        x, y = student_quantile(u, nu), student_quantile(v, nu)
        gap = 1 - rho * rho
        joint = (-mp.log(2 * mp.pi) - mp.log(gap) / 2
                 - (nu + 2) / 2 * mp.log(1 + (x * x + y * y - 2 * rho * x * y) / (nu * gap)))
        return joint - mp.log(student_density(x, nu)) - mp.log(student_density(y, nu))
    theta = parameters[0]
    if family == "clayton":
        return (mp.log(1 + theta) - (1 + theta) * mp.log(u * v)
                - (2 + 1 / theta) * mp.log(u ** -theta + v ** -theta - 1))
    if family == "gumbel":
        x, y = -mp.log(u), -mp.log(v)
        s = x ** theta + y ** theta
        root = s ** (1 / theta)
        return (-root + x + y + (theta - 1) * mp.log(x * y) + (1 / theta - 2) * mp.log(s)
                + mp.log(root + theta - 1))
    if family == "frank":
        if theta == 0:
            return mpf(0)
        gap = 1 - mp.exp(-theta)
        denominator = gap - (1 - mp.exp(-theta * u)) * (1 - mp.exp(-theta * v))
        return mp.log(theta * gap) - theta * (u + v) - 2 * mp.log(abs(denominator))
    a, b = (1 - u) ** theta, (1 - v) ** theta
    s = a + b - a * b
    return (1 / theta - 2) * mp.log(s) + (theta - 1) * mp.log((1 - u) * (1 - v)) + mp.log(theta - 1 + s)


def h(family, parameters, u, v):
    if family == "independence":
        return v
    if family == "gaussian":
        rho = parameters[0]
        return mp.ncdf((normal_quantile(v) - rho * normal_quantile(u)) / mp.sqrt(1 - rho * rho))
    if family == "student":
        rho, nu = parameters
        x, y = student_quantile(u, nu), student_quantile(v, nu)
        return student_distribution((y - rho * x) / mp.sqrt((nu + x * x) * (1 - rho * rho) / (nu + 1)), nu + 1)
    theta = parameters[0]
    if family == "clayton":
        return u ** (-theta - 1) * (u ** -theta + v ** -theta - 1) ** (-1 / theta - 1)
    if family == "gumbel":
        x, y = -mp.log(u), -mp.log(v)
        s = x ** theta + y ** theta
        return mp.exp(-s ** (1 / theta)) / u * x ** (theta - 1) * s ** (1 / theta - 1)
    if family == "frank":
        if theta == 0:
            return v
        gu, gv, g1 = mp.expm1(-theta * u), mp.expm1(-theta * v), mp.expm1(-theta)
        return mp.exp(-theta * u) * gv / (g1 + gu * gv)
    a, b = (1 - u) ** theta, (1 - v) ** theta
    return (a + b - a * b) ** (1 / theta - 1) * (1 - u) ** (theta - 1) * (1 - b)


def distribution(family, parameters, u, v):
    if family == "independence":
        return u * v
    if family == "gaussian":
        rho, x, y = parameters[0], normal_quantile(u), normal_quantile(v)

        def plackett(r):
            gap = 1 - r * r
            return mp.exp(-(x * x + y * y - 2 * r * x * y) / (2 * gap)) / (2 * mp.pi * mp.sqrt(gap))
        return u * v + mp.quad(plackett, [0, rho / 2, rho])
    if family == "student":
        # Near |rho| = 1 the integrand is a step, at v or 1 - v: the panels get small there.
        step = v if parameters[0] > 0 else 1 - v
        near = [step + sign * mp.mpf(10) ** -k for sign in (-1, 1) for k in range(1, 8)]
        panels = sorted({0, u / 64, u / 2, u, *(s for s in [step, *near] if 0 < s < u)})
        with mp.workdps(20):
            return mp.quad(lambda s: h(family, parameters, s, v), panels)
    theta = parameters[0]
    if family == "clayton":
        return (u ** -theta + v ** -theta - 1) ** (-1 / theta)
    if family == "gumbel":
        return mp.exp(-(((-mp.log(u)) ** theta + (-mp.log(v)) ** theta) ** (1 / theta)))
    if family == "frank":
        if theta == 0:
            return u * v
        return -mp.log1p(mp.expm1(-theta * u) * mp.expm1(-theta * v) / mp.expm1(-theta)) / theta
    a, b = (1 - u) ** theta, (1 - v) ** theta
    return 1 - (a + b - a * b) ** (1 / theta)


# The same, rotated. All families are exchangeable, so dC/dv(u, v) = h(v, u).

def turned(rotation, u, v):
    return (1 - u if rotation in (90, 180) else u), (1 - v if rotation in (180, 270) else v)


def rotated_log_density(family, rotation, parameters, u, v):
    return log_density(family, parameters, *turned(rotation, u, v))


def rotated_h(family, rotation, parameters, u, v):
    a, b = turned(rotation, u, v)
    h1, h2 = h(family, parameters, a, b), h(family, parameters, b, a)
    return (1 - h1 if rotation in (180, 270) else h1), (1 - h2 if rotation in (90, 180) else h2)


def rotated_distribution(family, rotation, parameters, u, v):
    inner = distribution(family, parameters, *turned(rotation, u, v))
    return {0: inner, 90: v - inner, 180: u + v - 1 + inner, 270: u - inner}[rotation]


# pointwise.json

def q32(value):
    return int(mpf(value) * ONE)


LEAST, MOST, SMALL = 1, ONE - 1, q32("1e-6")
INTERIOR = [(q32(u), q32(v)) for u, v in (
    ("0.03", "0.03"), ("0.03", "0.97"), ("0.25", "0.75"), ("0.25", "0.25"), ("0.5", "0.5"), ("0.75", "0.9"),
    ("0.97", "0.25"), ("0.97", "0.985"))]
EDGES = [
    (LEAST, LEAST), (MOST, MOST), (LEAST, MOST), (MOST, LEAST), (LEAST, ONE // 2), (ONE // 2, MOST),
    (SMALL, SMALL), (SMALL, ONE - SMALL), (ONE - SMALL, q32("0.999"))]
CONDITIONAL = [INTERIOR[i] for i in (1, 2, 5, 7)]
TOP = 1 - 2.0 ** -16
POINTWISE = {
    "independence": [()],
    "gaussian": [(-TOP,), (-0.9,), (-0.3,), (0.0078125,), (0.5,), (0.95,), (TOP,)],
    "student": [(0.0, 2.0), (0.5, 4.0), (-0.9, 3.5), (0.5, 50.0), (-TOP, 2.0), (TOP, 30.0), (0.25, 12.3125)],
    "clayton": [(1e-10,), (2.0 ** -16,), (0.5,), (2.0,), (8.0,), (28.0,)],
    "gumbel": [(1.0,), (1 + 2.0 ** -16,), (1.5,), (3.0,), (12.0,), (50.0,)],
    "frank": [(-35.0,), (-5.0,), (-1e-6,), (0.0,), (1e-6,), (5.0,), (35.0,)],
    "joe": [(1.0,), (1 + 2.0 ** -16,), (1.5,), (3.0,), (12.0,), (30.0,)],
}


def exactly(pair):
    return tuple(mpf(q) / ONE for q in pair)


def pointwise_entry(family, rotation, parameters):
    exact = [mpf(parameter) for parameter in parameters]
    entry = {"family": family, "rotation": rotation, "parameters": list(parameters)}
    entry["log_density"] = [
        [*pair, float(rotated_log_density(family, rotation, exact, *exactly(pair)))] for pair in INTERIOR + EDGES]
    entry["h1_h2_distribution"] = [
        [*pair, *(float(value) for value in rotated_h(family, rotation, exact, *exactly(pair))),
         float(rotated_distribution(family, rotation, exact, *exactly(pair)))] for pair in CONDITIONAL]
    return entry


def pointwise():
    for family in NAMES:
        for rotation in (0, 90, 180, 270) if family in ROTATES else (0,):
            for parameters in POINTWISE[family] if rotation == 0 else POINTWISE[family][3:5]:
                yield pointwise_entry(family, rotation, parameters)


# sets.json

def ranks(values):
    """From 1; ties share their mean."""
    order = sorted(values)
    first, last = {}, {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
        last[value] = place
    return [Fraction(first[value] + last[value], 2) for value in values]


def pearson(x, y):
    n = len(x)
    mx, my = Fraction(sum(x), n), Fraction(sum(y), n)
    cross = sum((a - mx) * (b - my) for a, b in zip(x, y))
    square = sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y)
    return fraction(cross) / mp.sqrt(fraction(square))


def fraction(value):
    return mpf(value.numerator) / value.denominator


def kendall(x, y):
    """tau-b: over pairs of observations, by definition."""
    def sign(d):
        return (d > 0) - (d < 0)
    places = [(i, j) for i in range(len(x)) for j in range(i)]
    signs = [(sign(x[i] - x[j]), sign(y[i] - y[j])) for i, j in places]
    return sum(a * b for a, b in signs) / mp.sqrt(sum(a * a for a, _ in signs) * sum(b * b for _, b in signs))


def drawn():
    """Sets of q-values: three without ties and one with many. The generator is numpy's PCG64, the dependence is ours."""
    generator = numpy.random.Generator(numpy.random.PCG64(20_240_501))
    common = generator.standard_normal(PAIRS)
    positive = (common + 0.8 * generator.standard_normal(PAIRS), common + 0.8 * generator.standard_normal(PAIRS))
    scale = numpy.sqrt(4 / generator.chisquare(4, PAIRS))
    x = generator.standard_normal(PAIRS)
    negative = (x * scale, (-0.7 * x + 0.7 * generator.standard_normal(PAIRS)) * scale)
    frailty = generator.gamma(0.5, size=PAIRS)
    lower = tuple((1 + generator.exponential(size=PAIRS) / frailty) ** -0.5 for _ in range(2))
    coarse = tuple(generator.integers(1, 8, PAIRS) for _ in range(2))
    for name, columns in (("positive", positive), ("negative", negative), ("lower tail", lower), ("ties", coarse)):
        columns = [[rank / (PAIRS + 1) for rank in ranks([float(value) for value in column])] for column in columns]
        yield name, [tuple(int(u * ONE) for u in pair) for pair in zip(*columns)]


GIVEN = {
    "independence": [()],
    "gaussian": [(0.5,), (-0.625,), (0.998046875,)],
    "student": [(0.5, 4.0), (-0.625, 2.5), (0.125, 30.0)],
    "clayton": [(0.75,), (3.5,)],
    "gumbel": [(1.375,), (2.5,)],
    "frank": [(4.0,), (-6.5,), (2.0 ** -16,)],
    "joe": [(1.5,), (2.75,)],
}


def evaluate(family, rotation, parameters, pairs):
    exact = [mpf(parameter) for parameter in parameters]
    log_likelihood = mp.fsum(
        rotated_log_density(family, rotation, exact, *exactly(pair)) for pair in pairs)
    aic = (2 * PARAMETERS.get(family, 1) - 2 * log_likelihood) * AIC_UNIT
    if family != "independence" and abs(aic - mp.nint(aic)) < mpf("1e-3"):
        raise SystemExit(f"{family} {parameters}: the AIC is too near to a step of its grid; change the parameters")
    return log_likelihood, int(mp.ceil(aic))


def q16(value):
    scaled = mpf(value) * 65536
    if abs(scaled - mp.floor(scaled) - mpf(1) / 2) < mpf("1e-6"):
        raise SystemExit(f"{value} is too near to the middle of two steps of Q16.16")
    return int(mp.nint(scaled))


def reference(rho_s, pairs):
    bound = 65536 - 64
    rho = max(-bound, min(bound, q16(2 * mp.sin(mp.pi * rho_s / 6))))
    _, aic = evaluate("gaussian", 0, (mpf(rho) / 65536,), pairs)
    return {"family": "gaussian", "rho": rho, "aic": aic} if aic < 0 else {"family": "independence", "rho": 0, "aic": 0}


def gain(reference_aic, aic):
    return max(0, 16 * (reference_aic - aic - 4 * AIC_UNIT) // AIC_UNIT)


def set_entry(name, pairs):
    x, y = zip(*pairs)
    rho_s = pearson(ranks(x), ranks(y))
    best_possible = reference(rho_s, pairs)
    given = []
    for family in NAMES:
        for rotation in (0, 90, 180, 270) if family in ROTATES else (0,):
            for parameters in GIVEN[family]:
                log_likelihood, aic = evaluate(family, rotation, parameters, pairs)
                given.append({
                    "family": family, "rotation": rotation, "claim": [q16(parameter) for parameter in parameters],
                    "log_likelihood": float(log_likelihood), "aic": aic, "gain": gain(best_possible["aic"], aic)})
    return {
        "name": name, "pairs": pairs, "pearson": float(pearson([Fraction(v) for v in x], [Fraction(v) for v in y])),
        "spearman": float(rho_s), "kendall": float(kendall(x, y)), "gaussian_rho": float(2 * mp.sin(mp.pi * rho_s / 6)),
        "reference": best_possible, "given": given}


def write(path, note, name, entries):
    """One entry a line, so that a change shows as one."""
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    path.write_text(f'{{"note":{json.dumps(note)},\n"{name}":[\n{lines}\n]}}\n')
    print(f"{path}: {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write sets.json and pointwise.json")
    folder = parser.parse_args().folder
    write(folder / "pointwise.json", "By scripts/vectors/copula.py. log_density: [q_u, q_v, ln c]; h1_h2_distribution: "
          "[q_u, q_v, dC/du, dC/dv, C]; u = q_u / 2^32.", "copulas", pointwise())
    write(folder / "sets.json", "By scripts/vectors/copula.py. pairs: [q_u, q_v]; claim: Q16.16; aic: in 2^-20, rounded up; "
          "gain: in sixteenths; reference: the AIC that a claim must not exceed.", "sets",
          (set_entry(*drawn_set) for drawn_set in drawn()))


if __name__ == "__main__":
    main()
