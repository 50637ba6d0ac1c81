"""The two hash functions of the protocol."""

import hashlib


def blake2b_256(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def sha256_twice(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()
