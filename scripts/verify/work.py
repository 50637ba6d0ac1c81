"""Parameters, work and targets (section 2), in exact integer arithmetic."""

from math import isqrt
from typing import NamedTuple

from errors import Malformed
from hashing import sha256_twice

MIN_TARGET, MAX_TARGET = 1 << 32, 1 << 252


class Parameters(NamedTuple):
    block_time: int
    half_life: int
    initial_target: int
    finality_depth: int
    confirmations: int

    @classmethod
    def read(cls, reader):
        parameters = cls(reader.u64(), reader.u32(), reader.u256(), reader.u32(), reader.u32())
        bounds = (
            ("block_time", 100, 3_600_000),
            ("half_life", 1, 100_000),
            ("initial_target", MIN_TARGET, MAX_TARGET),
            ("finality_depth", 1, 127),
            ("confirmations", parameters.finality_depth, 10_000),
        )
        for name, low, high in bounds:
            if not low <= getattr(parameters, name) <= high:
                raise Malformed(f"the parameter {name} = {getattr(parameters, name)} is not in {low}..{high}")
        return parameters


def _roots_of_two(precision=512):
    """c_i = floor(2^64 · 2^(2^-(i+1))) for i = 0..31, from bounds on both sides of each square root."""
    low = high = 2 << precision
    table = []
    for _ in range(32):
        low, high = isqrt(low << precision), isqrt(high << precision) + 1
        if low >> precision - 64 != high >> precision - 64:
            raise ArithmeticError("the precision does not decide a constant")
        table.append(low >> precision - 64)
    return table


C = _roots_of_two()


def next_target(parameters, target, solve_time):
    """The target of the block after one with this target and solve time (None: it has none)."""
    if solve_time is None:
        return parameters.initial_target
    block_time = parameters.block_time
    over = min(solve_time, 6 * block_time) - block_time
    # Python's // rounds towards minus infinity and >> and & agree with it.
    exponent = (over << 32) // (parameters.half_life * block_time)
    whole, fraction = exponent >> 32, exponent & 0xFFFF_FFFF
    power = 1 << 64
    for i in range(32):
        if fraction >> 31 - i & 1:
            power = power * C[i] >> 64
    return min(max(target * power >> 64 - whole, MIN_TARGET), MAX_TARGET)


def base_work(target):
    return (1 << 256) // target


def bonus(target, analysis):
    if analysis is None:
        return 0
    gain = 25 * analysis.gain
    return target * gain // (4 * (gain + 8 * analysis.observations))


def work_hash(pre_hash, nonce):
    return sha256_twice(b"gridpeg-pow" + b"\x02" + pre_hash + nonce)


def meets(hash_bytes, target, analysis):
    return int.from_bytes(hash_bytes, "big") <= target + bonus(target, analysis)
