"""The test vectors of the document (section 9), each computed here from the inputs that the section names."""

import re
from pathlib import Path

import ancestry
import merkle
from errors import Malformed, Mismatch
from header import CROSS_CHAIN, ENGINE_POW, PRE_RUNTIME, SEAL, Analysis, Digest, Header
from messages import LaneState, LeafProof, Message, Receipt, read_leaf
from sample import item, runtime_item
from scale import decode, to_hex
from work import Parameters, base_work, bonus, next_target, work_hash

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
HEADING = "\n## 9. Test vectors\n"
TABLE_HEAD = ["| what | value |", "|---|---|"]
ROW = re.compile(r"\| (.+?) \| `((?:[0-9a-f]{2})+)` \|")

NONCE = bytes(range(8))
TARGET = 1 << 240
RETARGET = Parameters(3000, 10, TARGET, 1, 1)
DOMAIN = merkle.domain(CROSS_CHAIN, b"\5" * 32)
DIGEST = Digest(author=b"\7" * 32, claim=None, time=1_700_000_000_000, target=TARGET, analysis=None, work=65_536,
                ancestry=b"\6" * 32, subtrees=[(CROSS_CHAIN, merkle.empty_root(DOMAIN))], nonce=NONCE)
HEADER = Header(b"\1" * 32, 1, b"\2" * 32, b"\3" * 32, [
    item(PRE_RUNTIME, ENGINE_POW, DIGEST.author + b"\0"),
    runtime_item({**DIGEST._asdict(), "analysis": b"\0"}),
    item(SEAL, ENGINE_POW, NONCE),
])
MESSAGE = Message(b"\3" * 32, 7, b"\4" * 32, 5, b"\1" * 32, b"\2" * 32, 10**12, 3 * 10**12)
# Rows that hold all there is to know of them: if they are there, they are read, and written again.
READABLE = {"Receipt leaf": (read_leaf, Receipt), "State leaf": (read_leaf, LaneState),
            "LeafProof": (LeafProof.read, LeafProof)}


def document():
    try:
        return DOCUMENT.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Mismatch("document vectors", "the document is there", str(error)) from None


def check(text):
    """Compares every row of the document's table with its value computed here. Returns the number of rows."""
    rows, computed = _rows(text), _computed()
    computed.update((name, _rewritten(name, rows[name])) for name in READABLE.keys() & rows.keys())
    for what, names in (("unknown row", rows.keys() - computed.keys()), ("missing row", computed.keys() - rows.keys())):
        if names:
            raise Mismatch("document vectors", what, ", ".join(sorted(names)))
    for name, value in computed.items():
        if rows[name] != value:
            raise Mismatch("document vectors", name, f"the document has {to_hex(rows[name])}, computed {to_hex(value)}")
    _read_back("sealed header", HEADER.digest, DIGEST)
    _read_back("Message", lambda: decode(rows["Message"], Message.read), MESSAGE)
    return len(rows)


def _rows(text):
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    if lines[:2] != TABLE_HEAD:
        raise Mismatch("document vectors", "section 9 has a table", f"it starts with {lines[:2]}")
    rows = {}
    for line in lines[2:]:
        match = ROW.fullmatch(line)
        if match is None or match[1] in rows:
            raise Mismatch("document vectors", "a row is a new name and its bytes", line)
        rows[match[1]] = bytes.fromhex(match[2])
    return rows


def _computed():
    pre_hash = HEADER.pre_hash()
    values = {
        "sealed header": HEADER.encode(),
        "R_i": pre_hash,
        "block hash": HEADER.hash(),
        "work hash": work_hash(pre_hash, NONCE),
        "work hash of R_i = 32 × 01 and that nonce": work_hash(b"\1" * 32, NONCE),
        "base work of 2²⁴⁰ − 1": _number(base_work(TARGET - 1)),
        "d_base + d_v for G = 160, D = 500": _number(TARGET + bonus(TARGET, Analysis(500, 0, 160))),
        'leaf "a"': merkle.leaf_hash(DOMAIN, b"a"),
        'root of "a", "b", "c"': merkle.root(DOMAIN, [b"a", b"b", b"c"]),
        "root of no leaves": merkle.root(DOMAIN, []),
        "ancestry root": _ancestry_root(),
        "Message": MESSAGE.encode(),
        "message hash": MESSAGE.hash(),
    }
    for solve_time in (0, 1000, 3000, 7000, 1_000_000):
        values[f"target after st = {solve_time}"] = _number(next_target(RETARGET, TARGET, solve_time))
    return values


def _rewritten(name, data):
    read, kind = READABLE[name]
    try:
        found = decode(data, read)
    except Malformed as error:
        raise Mismatch("document vectors", name, str(error)) from None
    if not isinstance(found, kind):
        raise Mismatch("document vectors", name, f"it reads as {found}")
    return found.encode() if kind is LeafProof else found.leaf()


def _ancestry_root():
    history = ancestry.Range()
    for number, work in enumerate((0, 16, 16, 16, 32), 1):
        history = history.add(ancestry.leaf(bytes([number]) * 32, work))
    return history.root()


def _number(value):
    return value.to_bytes(32, "big")


def _read_back(name, read, expected):
    try:
        found = read()
    except Malformed as error:
        raise Mismatch("document vectors", name, str(error)) from None
    if found != expected:
        raise Mismatch("document vectors", name, f"it reads as {found}")
