"""The header: its encoding, its two hashes and its digest (section 1)."""

from typing import List, NamedTuple, Optional, Tuple

from errors import Malformed
from hashing import blake2b_256
from scale import Reader, compact, decode, from_hex, vector

PRE_RUNTIME, CONSENSUS, SEAL, ENVIRONMENT_UPDATED = 6, 4, 5, 8
ENGINE_POW, ENGINE_JOINT = b"pow_", b"jnt_"
MAX_HEADER_BYTES = 1024
MAX_SUBTREES = 8
PV_TRADING, CROSS_CHAIN = 1, 4
# Of each family: the bounds of both parameters in 2^-16, and the rotations.
FAMILIES = (
    ((0, 0), (0, 0), 1),
    ((-65_535, 65_535), (0, 0), 1),
    ((-65_535, 65_535), (131_072, 3_276_800), 1),
    ((1, 1_835_008), (0, 0), 4),
    ((65_536, 3_276_800), (0, 0), 4),
    ((-2_293_760, 2_293_760), (0, 0), 1),
    ((65_536, 1_966_080), (0, 0), 4),
)
SUBTREE_NAMES = {PV_TRADING: "pvTrading", 2: "emissions", 3: "quotaTrading", CROSS_CHAIN: "crossChain"}


class Claim(NamedTuple):
    family: int
    rotation: int
    parameters: Tuple[int, int]


class Analysis(NamedTuple):
    observations: int
    aic: int
    gain: int


class Digest(NamedTuple):
    author: bytes
    claim: Optional[Claim]
    time: int
    target: int
    analysis: Optional[Analysis]
    work: int
    ancestry: bytes
    subtrees: List[Tuple[int, bytes]]
    nonce: bytes

    def root(self, subtree):
        return dict(self.subtrees)[subtree]


class Header(NamedTuple):
    parent_hash: bytes
    number: int
    state_root: bytes
    extrinsics_root: bytes
    logs: List[bytes]

    def encode(self):
        return self._encode(self.logs)

    def hash(self):
        return blake2b_256(self.encode())

    def pre_hash(self):
        """R_i: the hash of the header without its seal, which is the last item."""
        return blake2b_256(self._encode(self.logs[:-1]))

    def _encode(self, logs):
        fixed = self.parent_hash + compact(self.number) + self.state_root + self.extrinsics_root
        return fixed + vector(logs)

    def digest(self):
        """The digest, decoded. Raises `Malformed` for anything that section 1 refuses."""
        size = len(self.encode())
        if size > MAX_HEADER_BYTES:
            raise Malformed(f"the header has {size} bytes, more than {MAX_HEADER_BYTES}")
        items = [decode(log, _item) for log in self.logs]
        kinds = [item[:2] for item in items]
        wanted = [(PRE_RUNTIME, ENGINE_POW), (CONSENSUS, ENGINE_JOINT), (SEAL, ENGINE_POW)]
        if len(kinds) == 4 and kinds[1] == (ENVIRONMENT_UPDATED, None):
            del kinds[1], items[1]
        if kinds != wanted:
            shown = ", ".join(f"{kind:02x} {(engine or b'').decode('ascii', 'replace')}" for kind, engine in kinds)
            raise Malformed(f"the digest's items are [{shown}]")
        author, claim = decode(items[0][2], _author_item)
        runtime = decode(items[1][2], _runtime_item)
        nonce = items[2][2]
        if len(nonce) != 8:
            raise Malformed(f"the seal has {len(nonce)} bytes, not 8")
        digest = Digest(author, claim, *runtime, nonce)
        if (digest.claim is None) != (digest.analysis is None):
            raise Malformed("a claim and an analysis belong together; only one is there")
        return digest


def from_json(answer):
    """The header in a `chain_getHeader` answer."""
    try:
        number = int(answer["number"], 16)
        hashes = [from_hex(answer[name], 32) for name in ("parentHash", "stateRoot", "extrinsicsRoot")]
        logs = [from_hex(log) for log in answer["digest"]["logs"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"not a header in JSON: {error}") from None
    if not 0 <= number < 1 << 32:
        raise Malformed(f"the number {number} is no u32")
    return Header(hashes[0], number, hashes[1], hashes[2], logs)


def _item(reader: Reader):
    kind = reader.u8()
    if kind == ENVIRONMENT_UPDATED:
        return kind, None, b""
    if kind not in (PRE_RUNTIME, CONSENSUS, SEAL):
        raise Malformed(f"a digest item of kind {kind:02x}")
    return kind, reader.take(4), reader.byte_vector()


def _author_item(reader):
    return reader.take(32), reader.option(lambda: _claim(reader))


def _claim(reader):
    claim = Claim(reader.u8(), reader.u8(), (reader.int(4), reader.int(4)))
    if claim.family >= len(FAMILIES):
        raise Malformed(f"a claim of family {claim.family}")
    *bounds, rotations = FAMILIES[claim.family]
    if claim.rotation >= rotations:
        raise Malformed(f"a claim of family {claim.family} with rotation {claim.rotation}")
    if not all(low <= value <= high for value, (low, high) in zip(claim.parameters, bounds)):
        raise Malformed(f"a claim of family {claim.family} with parameters {claim.parameters}")
    return claim


def _runtime_item(reader):
    time, target = reader.u64(), reader.u256()
    analysis = reader.option(lambda: _analysis(reader))
    work, ancestry = reader.u256(), reader.h256()
    subtrees = reader.vector(lambda: (reader.u8(), reader.h256()), MAX_SUBTREES)
    ids = [subtree for subtree, _ in subtrees]
    if ids != sorted(set(ids)):
        raise Malformed(f"the subtree ids {ids} do not ascend strictly")
    if CROSS_CHAIN not in ids:
        raise Malformed(f"the subtree ids {ids} lack {CROSS_CHAIN}")
    if any(root == bytes(32) for _, root in subtrees):
        raise Malformed("a subtree root is zero")
    return time, target, analysis, work, ancestry, subtrees


def _analysis(reader):
    analysis = Analysis(reader.u32(), reader.int(8), reader.u32())
    if not 30 <= analysis.observations <= 1024:
        raise Malformed(f"an analysis of {analysis.observations} observations")
    return analysis
