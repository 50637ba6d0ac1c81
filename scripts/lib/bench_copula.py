#!/usr/bin/env python3
"""Times the selection among copulas beside pyvinecopulib's, on the same data, in one run, on one processor.

Usage: bench_copula.py SELECT   (the built example `select` of gridpeg-copula)

Data: pseudo-observations of a Student-t copula, rho 0.5, nu 4, from a fixed seed. Both select by AIC among independence,
Gaussian, Student-t, Clayton, Gumbel, Frank and Joe with their rotations. Wall time; both are pinned to one processor and
take turns, so that what else the machine does hits both.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import pyvinecopulib

RHO, NU, SEED = 0.5, 4, 20_240_607
# Pairs, and how often each side is timed.
SIZES = ((250, 31), (1_000, 21), (4_000, 11), (16_000, 5))
ROUNDS = 3
FAMILIES = ("indep", "gaussian", "student", "clayton", "gumbel", "frank", "joe")


def student_pairs(n, generator):
    normal = generator.standard_normal((n, 2))
    normal[:, 1] = RHO * normal[:, 0] + numpy.sqrt(1 - RHO * RHO) * normal[:, 1]
    values = normal * numpy.sqrt(NU / generator.chisquare(NU, n))[:, None]
    return (values.argsort(0).argsort(0) + 1) / (n + 1)


def theirs(data, repeats):
    controls = pyvinecopulib.FitControlsBicop(
        family_set=[getattr(pyvinecopulib.BicopFamily, name) for name in FAMILIES],
        selection_criterion="aic", num_threads=1)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        best = pyvinecopulib.Bicop.from_data(data, controls=controls)
        times.append((time.perf_counter() - begin) * 1e3)
    return times, best


def ours(program, file, repeats):
    output = subprocess.run([program, file, str(repeats)], check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def compare(program, folder, n, repeats):
    data = student_pairs(n, numpy.random.Generator(numpy.random.PCG64(SEED + n)))
    file = Path(folder) / f"{n}.csv"
    numpy.savetxt(file, data, delimiter=",", header="u,v", comments="", fmt="%.17g")
    their_times, our_results = [], []
    for _ in range(ROUNDS):
        times, best = theirs(data, repeats)
        their_times += times
        our_results.append(ours(program, file, repeats))
    least = min(result["min_ms"] for result in our_results)
    median = numpy.median([result["median_ms"] for result in our_results])
    family, rotation = str(best.family).rsplit(".", maxsplit=1)[-1], best.rotation
    return (n, min(their_times), numpy.median(their_times), least, median, min(their_times) / least,
            numpy.median(their_times) / median, our_results[0]["loglik"] - best.loglik(data),
            f"{family} {rotation}", f"{our_results[0]['family']} {our_results[0]['rotation']}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    # The last, because the first takes most interrupts; the programs that this one starts inherit it.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"pyvinecopulib {pyvinecopulib.__version__}, numpy {numpy.__version__}; ms, one processor")
    print("     n  theirs min  median   ours min  median   times faster  (median)  log-likelihood  theirs, ours")
    with tempfile.TemporaryDirectory() as folder:
        for n, repeats in SIZES:
            row = compare(sys.argv[1], folder, n, repeats)
            print("{:6}  {:10.2f} {:7.2f} {:10.2f} {:7.2f} {:14.2f} {:9.2f} {:+15.6f}  {}, {}".format(*row), flush=True)
    print("log-likelihood: ours less theirs, of what each has selected")


if __name__ == "__main__":
    main()
