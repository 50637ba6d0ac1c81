"""The hash functions: those of the protocol, and the one by which Substrate names storage."""

import hashlib

_PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
_WORD = (1 << 64) - 1


def blake2b_256(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def blake2b_128(data):
    return hashlib.blake2b(data, digest_size=16).digest()


def sha256_twice(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def twox_128(name):
    """XXH64 with the seeds 0 and 1. The name has less than 32 bytes, so that the loop for long input is not needed."""
    if len(name) >= 32:
        raise ValueError(f"{name!r} is too long")
    return _xxh64(name, 0) + _xxh64(name, 1)


def _xxh64(data, seed):
    first, second, third, fourth, fifth = _PRIMES
    value, at = seed + fifth + len(data), 0
    while at + 8 <= len(data):
        word = _rotate(_little(data, at, 8) * second, 31) * first & _WORD
        value, at = _rotate(value ^ word, 27) * first + fourth & _WORD, at + 8
    if at + 4 <= len(data):
        value, at = _rotate(value ^ _little(data, at, 4) * first & _WORD, 23) * second + third & _WORD, at + 4
    for byte in data[at:]:
        value = _rotate(value ^ byte * fifth & _WORD, 11) * first & _WORD
    value = (value ^ value >> 33) * second & _WORD
    value = (value ^ value >> 29) * third & _WORD
    return (value ^ value >> 32).to_bytes(8, "little")


def _rotate(value, by):
    value &= _WORD
    return (value << by | value >> 64 - by) & _WORD


def _little(data, at, size):
    return int.from_bytes(data[at:at + size], "little")
