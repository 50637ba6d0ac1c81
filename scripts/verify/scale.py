"""SCALE: a strict reader and the few encoders that are needed. Integers are little-endian."""

from errors import Malformed


def uint(value, size):
    return value.to_bytes(size, "little")


def u32(value):
    return uint(value, 4)


def u64(value):
    return uint(value, 8)


def u256(value):
    return uint(value, 32)


def compact(value):
    if value < 1 << 6:
        return uint(value << 2, 1)
    if value < 1 << 14:
        return uint(value << 2 | 1, 2)
    if value < 1 << 30:
        return uint(value << 2 | 2, 4)
    size = max(4, (value.bit_length() + 7) // 8)
    return uint(size - 4 << 2 | 3, 1) + uint(value, size)


def vector(items):
    return compact(len(items)) + b"".join(items)


def byte_vector(data):
    return compact(len(data)) + data


def option(encoded):
    return b"\0" if encoded is None else b"\1" + encoded


def from_hex(text, size=None):
    """The bytes of `0x…` hex; `size` bytes if given."""
    if not isinstance(text, str) or not text.startswith("0x"):
        raise Malformed(f"not 0x hex: {text!r}")
    try:
        data = bytes.fromhex(text[2:])
    except ValueError:
        raise Malformed(f"not 0x hex: {text!r}") from None
    if 2 * len(data) != len(text) - 2:
        raise Malformed(f"not 0x hex: {text!r}")
    if size is not None and len(data) != size:
        raise Malformed(f"{len(data)} bytes of hex where {size} belong: {text}")
    return data


def to_hex(data):
    return "0x" + data.hex()


class Reader:
    """Reads SCALE from bytes. Refuses what is cut short, left over or not canonical."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise Malformed(f"cut short: {size} bytes wanted, {len(self.data) - self.at} left")
        self.at += size
        return self.data[self.at - size:self.at]

    def uint(self, size):
        return int.from_bytes(self.take(size), "little")

    def u8(self):
        return self.uint(1)

    def u32(self):
        return self.uint(4)

    def u64(self):
        return self.uint(8)

    def u128(self):
        return self.uint(16)

    def u256(self):
        return self.uint(32)

    def int(self, size):
        return int.from_bytes(self.take(size), "little", signed=True)

    def h256(self):
        return self.take(32)

    def compact(self):
        start = self.at
        first = self.u8()
        mode = first & 3
        if mode < 3:
            size = 1 << mode
            value = (first | self.uint(size - 1) << 8) >> 2
        else:
            value = self.uint((first >> 2) + 4)
        if compact(value) != self.data[start:self.at]:
            raise Malformed("a compact integer that is not in its shortest form")
        return value

    def option(self, read):
        flag = self.u8()
        if flag > 1:
            raise Malformed(f"an option that starts with {flag:#04x}")
        return read() if flag else None

    def vector(self, read, limit):
        count = self.compact()
        if count > limit:
            raise Malformed(f"a vector of {count} items where at most {limit} are allowed")
        return [read() for _ in range(count)]

    def byte_vector(self):
        return self.take(self.compact())

    def end(self):
        if self.at != len(self.data):
            raise Malformed(f"{len(self.data) - self.at} bytes left over")


def decode(data, read):
    """`read(reader)` over all of `data`."""
    reader = Reader(data)
    value = read(reader)
    reader.end()
    return value
