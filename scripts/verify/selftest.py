"""Checks of the verifier itself: small examples worked out from the document, and two chains in memory."""

from collections import Counter
from itertools import product

import ancestors
import ancestry
import cut
import market
import merkle
import supply
import vectors
from errors import Mismatch, NotOpen, Unreachable
from expect import expect, refused
from hashing import blake2b_256, twox_128
from header import Analysis, Claim
from messages import ESCROW, LaneState, LeafProof, Message, Receipt, check_changes
from rpc import refusal
from rules import check, genesis_block, next_peak
from sample import CLAIMED, PARAMETERS, START, author, claimed, pair, sell
from scale import Reader, compact, decode, u32, u64, u256, uint
from whole import whole
from work import C, MAX_TARGET, MIN_TARGET, Parameters, base_work, bonus, meets, next_target

NOW = START + 10**9
HONEST, WORTH = Claim(1, 0, (32_768, 0)), Analysis(1024, -(1 << 40), 3)
# Of each family: how many rotations, least and greatest parameters.
CLAIMS = (
    (1, (0, 0), (0, 0)),
    (1, (1 - 2**16, 2**16 - 1), (0, 0)),
    (1, (1 - 2**16, 2**16 - 1), (2 << 16, 50 << 16)),
    (4, (1, 28 << 16), (0, 0)),
    (4, (1 << 16, 50 << 16), (0, 0)),
    (1, (-35 << 16, 35 << 16), (0, 0)),
    (4, (1 << 16, 30 << 16), (0, 0)),
)


def scale():
    examples = {0: "00", 63: "fc", 64: "0101", 16383: "fdff", 16384: "02000100", (1 << 30) - 1: "feffffff",
                1 << 30: "0300000040", (1 << 40) - 1: "07ffffffffff"}
    for value, text in examples.items():
        expect(compact(value).hex() == text, f"compact {value}")
        expect(decode(bytes.fromhex(text), Reader.compact) == value, f"compact {value} read back")
    bad = ("01", "0100", "02000000", "030000003f", "07ffffffff00", "0000")
    for text in bad:
        refused("", lambda: decode(bytes.fromhex(text), Reader.compact))
    refused("option", lambda: decode(b"\2", lambda r: r.option(r.u8)))
    return len(examples) + len(bad) + 1


def constants():
    expect(C[0] == 26087635650665564424, "c_0 = floor(2^64 · sqrt 2)")
    for i in range(12):
        power = 1 << i + 1
        expect(C[i] ** power <= 1 << 64 * power + 1 < (C[i] + 1) ** power, f"c_{i} by its definition")
    # For the later ones: the square of each encloses the one before.
    for i in range(1, 32):
        expect(C[i] ** 2 >> 64 <= C[i - 1] <= (C[i] + 1) ** 2 >> 64, f"c_{i} squared is c_{i - 1}")
    return len(C)


def retarget():
    p = Parameters(1000, 5, 1 << 240, 5, 6)
    one = p._replace(half_life=1)
    target = 12345 << 200
    cases = [
        (p, target, None, p.initial_target, "a block without a solve time"),
        (p, target, 1000, target, "on time"),
        (p, target, 6000, 2 * target, "6T at h = 5 doubles"),
        (p, target, 10**9, 2 * target, "longer than 6T counts as 6T"),
        (one, target, 6000, 32 * target, "6T at h = 1: five doublings"),
        (one, target, 1500, target * C[0] >> 64, "half a doubling"),
        (one, target, 500, target * C[0] >> 65, "half a halving"),
        (one, target, 1750, target * (C[0] * C[1] >> 64) >> 64, "three quarters of a doubling"),
        (one, MAX_TARGET - 1, 6000, MAX_TARGET, "the upper clamp"),
        (one, MIN_TARGET, 1, MIN_TARGET, "the lower clamp"),
        (p, MIN_TARGET + 1, 1, MIN_TARGET, "the lower clamp from above"),
    ]
    for parameters, before, solve_time, after, what in cases:
        expect(next_target(parameters, before, solve_time) == after, f"retarget: {what}")
    previous = 0
    for solve_time in range(1, 7000, 7):
        current = next_target(one, target, solve_time)
        exact = target * 2.0 ** ((min(solve_time, 6000) - 1000) / 1000)
        expect(current >= previous and abs(current / exact - 1) < 1e-8, f"retarget near 2^x at {solve_time}")
        previous = current
    expect(base_work(1 << 252) == 16 and base_work((1 << 252) - 1) == 16 and base_work(3) == (1 << 256) // 3,
           "base work")
    expect(bonus(1000, None) == 0 and bonus(1000, Analysis(30, 0, 0)) == 0, "no bonus")
    # G = 8T/25 gives half of the most, which is a quarter: T = 50, G = 16.
    expect(bonus(1000, Analysis(50, -1, 16)) == 125, "the bonus at half")
    expect(meets(u32(0) + b"\xff" * 28, (1 << 224) - 1, None) and not meets(u256(1), 1, None), "big-endian work hash")
    return len(cases) + 1000 + 4


def parameters():
    good = u64(1000) + u32(2) + u256(1 << 252) + u32(5) + u32(6)
    expect(decode(good, Parameters.read) == PARAMETERS, "parameters")
    bad = (u64(99) + good[8:], good[:8] + u32(0) + good[12:], good[:44] + u32(0) + u32(6),
           good[:44] + u32(7) + u32(6), good + b"\0", good[:-1])
    return 1 + sum(refused("", lambda: decode(data, Parameters.read)) for data in bad)


def _naive_root(dom, hashes):
    """The tree by recursion: the left side is the largest power of two below the number of leaves."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return merkle.node_hash(dom, _naive_root(dom, hashes[:split]), _naive_root(dom, hashes[split:]))


def trees():
    dom = merkle.domain(4, bytes(range(32)))
    expect(len(dom) == 33 and merkle.root(dom, []) == blake2b_256(b"\3\4" + bytes(range(32))), "the empty tree")
    entries = [LaneState(4, b"\1" * 32, 10, 4, b"\2" * 32, 3), *(Receipt(i, b"\3" * 32, i % 3 - 1 if i % 3 else None)
                                                                  for i in range(1, 5))]
    entries += [Message(bytes([7]) * 32, i, bytes([i]) * 32, 1, bytes([8]) * 32, bytes(32), i, 2 * i)
                for i in range(1, 5)]
    proofs = changed = 0
    for count in range(1, len(entries) + 1):
        leaves = [entry.leaf() for entry in entries[:count]]
        root = merkle.root(dom, leaves)
        top = _naive_root(dom, [merkle.leaf_hash(dom, leaf) for leaf in leaves])
        expect(root == blake2b_256(b"\2" + dom + uint(count, 4) + top), f"the tree of {count} leaves")
        for index, entry in enumerate(entries[:count]):
            proof = LeafProof(entry, index, count, merkle.siblings(dom, leaves, index))
            expect(decode(proof.encode(), LeafProof.read) == proof, "a proof read back")
            expect(proof.holds(dom, root), f"proof {index} of {count}")
            changed += check_changes("self-test", dom, root, proof)
            paths = [proof.siblings + [bytes(32)]] + ([proof.siblings[:-1]] if proof.siblings else [])
            for path in paths:
                expect(not proof._replace(siblings=path).holds(dom, root), f"proof {index} of {count}, another path")
            for other in (merkle.domain(3, bytes(range(32))), merkle.domain(4, bytes(32))):
                expect(not proof.holds(other, root), "a proof in another domain")
            expect(not proof.holds(dom, bytes(32)) and not proof.holds(dom, merkle.empty_root(dom)), "a proof of none")
            proofs += 1
    return proofs + changed


def leaves():
    """Encodings as the document writes them, and what is none."""
    message = Message(b"\1" * 32, 2, b"\3" * 32, 4, b"\5" * 32, b"\6" * 32, 7, 8)
    encodings = {
        message: (b"\0" + b"\1" * 32 + u64(2) + b"\3" * 32 + u64(4)
                  + b"\0" + b"\5" * 32 + b"\6" * 32 + uint(7, 16) + uint(8, 16)),
        Receipt(9, b"\2" * 32, None): b"\1" + u64(9) + b"\2" * 32 + b"\0",
        Receipt(9, b"\2" * 32, 0): b"\1" + u64(9) + b"\2" * 32 + b"\1\0",
        Receipt(9, b"\2" * 32, 1): b"\1" + u64(9) + b"\2" * 32 + b"\1\1",
        LaneState(1, b"\2" * 32, 3, 4, b"\5" * 32, 6): (b"\2" + u64(1) + b"\2" * 32 + uint(3, 16)
                                                      + u64(4) + b"\5" * 32 + uint(6, 16)),
    }
    for leaf, encoded in encodings.items():
        expect(leaf.leaf() == encoded, f"the encoding of {leaf}")
    ancestor = ancestors.Ancestor(b"\1\2\3", b"\7" * 32, 6, [ancestry.Node(b"\x08" * 32, 9)])
    encoded = b"\1\x0c\1\2\3" + b"\7" * 32 + u32(6) + b"\4" + b"\x08" * 32 + u256(9)
    expect(ancestor.encode() == encoded and decode(encoded, ancestors.Ancestor.read) == ancestor, "an ancestor's bytes")
    expect(message.hash() == blake2b_256(message.leaf()[1:]), "a message's hash")
    expect(message.refusal() == 1 and message._replace(amount=10**6).refusal() is None
           and message._replace(recipient=ESCROW).refusal() == 0, "what is refused")
    end = u32(0) + u32(1) + b"\0"
    bytes_, receipt = message.leaf(), b"\1" + u64(9) + bytes(32)
    bad = (b"\3" + end, bytes_[:81] + b"\1" + bytes_[82:] + end, receipt + b"\1\2" + end, receipt + b"\2" + end,
           bytes_ + end + b"\0", bytes_ + end[:-1])
    return len(encodings) + 6 + sum(refused("", lambda: decode(data, LeafProof.read)) for data in bad)


def trading():
    """Leaves of the market as the document writes them, what is none, and leaves that contradict each other."""
    price, trade = market.Price(1, 2, 3, None, 4), market.Trade(1, 2, 3, b"\7" * 32, 4, b"\x08" * 32, 5, 6, 5, 9, True)
    fixed = b"\1\0\0\0\2\0\0\0"
    encodings = {
        price: b"\0" + fixed + b"\3" + bytes(15) + b"\0" + b"\4" + bytes(15),
        price._replace(uniform=5): b"\0" + fixed + b"\3" + bytes(15) + b"\1\5" + bytes(15) + b"\4" + bytes(15),
        trade: (b"\1" + fixed + b"\3\0\0\0" + b"\7" * 32 + b"\4" + bytes(7) + b"\x08" * 32 + b"\5" + bytes(7) + b"\6"
                + bytes(7) + b"\5" + bytes(7) + b"\t" + bytes(15) + b"\1"),
    }
    for leaf, encoded in encodings.items():
        expect(leaf.leaf() == encoded and decode(encoded, market.read_leaf) == leaf, f"the encoding of {leaf}")
    bad = [b"", b"\2" + bytes(41), price.leaf()[:-1], price.leaf() + b"\0",
           b"\0" + fixed + bytes(16) + b"\2" + bytes(32), trade.leaf()[:-1] + b"\2"]
    done = sum(refused("", lambda: decode(data, market.read_leaf)) for data in bad)
    return len(encodings) + done + contradictions()


def contradictions():
    """Rules that leaves keep together, and leaves each of which breaks one."""
    price, (first, second) = sell(7, (4 * 10**15, 3 * 10**15 + 1), 1)
    one_price, (same,) = sell(8, (5 * 10**15,), 1, uniform=5 * 10**15)

    def say(*leaves):
        found = market.Market()
        for leaf in leaves:
            found.add("self-test", leaf)
        return found

    # Mean: (1000 · 4e15 + 2000 · (3e15 + 1)) / 3000 is 3.33e15, in 10^-12: rounded down.
    expect(price.price == 333_333_333_333, "a mean price")
    found = say(price, first, second)
    expect((found.trades, found.settled, len(found.numbers)) == (2, 1500, 2), "two trades")
    expect(found.books[7, 0].is_settled and not say(price, first).books[7, 0].is_settled, "a settled book")
    expect(say(one_price, same).trades == 1, "a book with one price")
    bad = [
        ("cleared once", price, price),
        ("something that traded", price._replace(energy=0)),
        ("with one price is that price", one_price._replace(price=one_price.price + 1)),
        ("after its book", first),
        ("after its book", price, first._replace(feeder=1)),
        ("order of their numbers", price, second),
        ("order of their numbers", price, first, first),
        ("trades with himself", price, first._replace(buyer=first.seller)),
        ("no more is settled", price, first._replace(settled=first.contracted + 1)),
        ("no more is settled", price, first._replace(contracted=0, settled=0)),
        ("have that price", one_price, same._replace(price=same.price + 1)),
        ("without gaps", price, first._replace(seller_no=2)),
        ("without gaps", price, first, second._replace(buyer_no=3)),
        ("without gaps", price, first, second._replace(buyer_no=1)),
        ("no more than its energy", price, first, second._replace(contracted=2001)),
        ("mean, rounded down", price, first, second._replace(price=second.price + 10**5)),
    ]
    return 4 + sum(refused(rule, lambda: say(*leaves)) for rule, *leaves in bad)


def names():
    """How Substrate names its storage, by values that are well known."""
    known = {"System": "26aa394eea5630e07c48ae0c9558cef7", "Account": "b99d880ec681799c0cf30e8886371da9",
             "Balances": "c2261276cc9d1f8598ea4b6a74b15c2f", "TotalIssuance": "57c875e4cff74148e4628f264b974c80"}
    for name, hashed in known.items():
        expect(twox_128(name.encode()).hex() == hashed, f"twox_128 of {name}")
    expect(ESCROW.hex() == "6d6f646c67702f657363726f" + 20 * "00", "the escrow account")
    return len(known) + 1


def _perfect(nodes):
    if len(nodes) == 1:
        return nodes[0]
    half = len(nodes) // 2
    return ancestry.parent(_perfect(nodes[:half]), _perfect(nodes[half:]))


def _naive_range(nodes):
    """The bag of a range: the largest perfect tree on the left, the bag of the rest hashed before it."""
    size = 1 << len(nodes).bit_length() - 1
    first = _perfect(nodes[:size])
    return ancestry.parent(_naive_range(nodes[size:]), first) if nodes[size:] else first


def ranges():
    nodes, grown, proofs, changed = [], ancestry.Range(), 0, 0
    for count in range(1, 41):
        work = 0 if count == 1 else 1000 + count
        node = ancestry.leaf(blake2b_256(u32(count)), work)
        expect(node.hash == blake2b_256(b"\x10" + blake2b_256(u32(count)) + work.to_bytes(32, "little")), "a leaf")
        nodes.append(node)
        grown = grown.add(node)
        bagged = _naive_range(nodes)
        expect(bagged.work == sum(each.work for each in nodes), "the work of a range")
        expect(grown.root() == blake2b_256(b"\x12" + u32(count) + bagged.hash + u256(bagged.work)),
               f"the range of {count} blocks")
        for index in range(count):
            place = grown.root(), count, index, nodes[index]
            proof = ancestry.proof(nodes, index)
            expect(ancestry.verify(*place, proof), f"block {index} of {count}")
            if count in (1, 2, 7, 19):
                changed += ancestors.check_changes("self-test", place, proof)
            proofs += 1
    # Block 4 of 7: the peak of 4 blocks to the left, its one sibling, the single block to the right.
    path = ancestry.proof(nodes[:7], 4)
    expect(path == [_perfect(nodes[:4]), nodes[5], nodes[6]], "the order of a proof's nodes")
    right = ancestry.parent(nodes[6], _perfect(nodes[4:6]))
    expect(ancestry.proof(nodes[:7], 1) == [nodes[0], _perfect(nodes[2:4]), right], "the right peaks as one node")
    return len(nodes) + proofs + changed + 2


def headers(node, other):
    """Every rule of a header refuses the header that breaks only it."""
    identity, parent, block = node.identity, node.blocks[6], node.blocks[7]

    def attempt(header, on=parent):
        return check(identity, on, header, header.hash(), NOW, Counter())

    def attempt_other(root):
        trees = [(2, root), *other.blocks[7].digest.subtrees[1:]]
        header = author(other.identity, other.blocks[6], [LaneState()], subtrees=trees)
        return check(other.identity, other.blocks[6], header, header.hash(), NOW, Counter())

    def changed(**changes):
        return lambda: attempt(author(identity, parent, [LaneState()], **changes))

    def logs(change):
        return lambda: attempt(block.header._replace(logs=change(list(block.header.logs))))

    expect(attempt(block.header) == block, "an honest header")
    expect(attempt(node.blocks[1].header, genesis_block(identity)) == node.blocks[1], "an honest first block")
    roots = block.digest.subtrees
    claim, analysis = CLAIMED["claim"], CLAIMED["analysis"]
    attempts = [
        ("parent hash", changed(parent_hash=bytes(32))),
        ("number", changed(number=9)),
        ("target", changed(target=block.target + 1)),
        ("cumulative work", changed(work=block.work + 1)),
        ("time above", changed(time=parent.time)),
        ("time not ahead", changed(time=NOW + 6001)),
        ("work hash", changed(reaches="nothing")),
        ("work hash", changed(reaches="nothing", **CLAIMED)),
        ("work hash", changed(reaches="bonus", **{**CLAIMED, "claim": b"\0", "analysis": b"\0"})),
        ("ancestry root", changed(ancestry=node.blocks[5].history.root())),
        ("subtree ids", changed(subtrees=roots + [(5, bytes([1]) * 32)])),
        ("root of empty subtree 2", lambda: attempt_other(b"\1" * 32)),
        ("the cross-chain tree has a leaf", lambda: attempt(author(identity, parent, []))),
        ("digest structure", changed(subtrees=roots[::-1])),
        ("digest structure", changed(subtrees=roots[:1])),
        ("digest structure", changed(subtrees=[(1, bytes(32)), roots[1]])),
        ("digest structure", changed(claim=claim)),
        ("digest structure", changed(claim=b"\0\0")),
        ("digest structure", changed(analysis=analysis)),
        ("digest structure", changed(**claimed(HONEST, Analysis(29, 0, 0)))),
        ("digest structure", changed(**claimed(HONEST, Analysis(1025, 0, 0)))),
        ("digest structure", changed(claim=claim[:-1], analysis=analysis)),
        ("digest structure", changed(extra=[b"\x08", b"\x08"])),
        ("digest structure", logs(lambda items: items[:2])),
        ("digest structure", logs(lambda items: items[1:] + items[:1])),
        ("digest structure", logs(lambda items: items + items[-1:])),
        ("digest structure", logs(lambda items: [b"\x08"] + items)),
        ("digest structure", logs(lambda items: items[:2] + [items[2] + b"\0"])),
        ("digest structure", logs(lambda items: items[:2] + [b"\5pow_" + compact(9) + bytes(9)])),
        ("digest structure", logs(lambda items: items[:2] + [b"\5pow_\x21\0" + bytes(8)])),
        ("digest structure", logs(lambda items: [b"\6xyz_" + items[0][5:]] + items[1:])),
        ("digest structure", logs(lambda items: items + [b"\0" + compact(1000) + bytes(1000)])),
        ("block hash", lambda: check(identity, parent, block.header, bytes(32), NOW, Counter())),
    ]
    latest = author(identity, parent, [LaneState()], time=NOW + 6000)
    expect(attempt(latest).time == NOW + 6000, "the latest time allowed")
    return 3 + sum(refused(rule, action) for rule, action in attempts)


def claims(node):
    """Every family at its bounds, which are those of the document, and one step beyond."""
    identity, parent = node.identity, node.blocks[6]
    attempts = 0

    def attempt(family, rotation, parameters):
        header = author(identity, parent, [LaneState()], **claimed(Claim(family, rotation, parameters), WORTH))
        return check(identity, parent, header, header.hash(), NOW, Counter()).digest

    for family, (rotations, first, second) in enumerate(CLAIMS):
        for rotation in range(rotations):
            for parameters in product(first, second):
                claim = Claim(family, rotation, parameters)
                expect(attempt(*claim).claim == claim, f"{claim} at its bounds")
                attempts += 1
        inside = first[0], second[0]
        bad = [(family, rotations, inside), (family, 255, inside)]
        bad += [(family, 0, (value, second[0])) for value in (first[0] - 1, first[1] + 1)]
        bad += [(family, 0, (first[0], value)) for value in (second[0] - 1, second[1] + 1)]
        attempts += sum(refused("digest structure", lambda: attempt(*claim)) for claim in bad)
    for family in (len(CLAIMS), 255):
        attempts += refused("digest structure", lambda: attempt(family, 0, (0, 0)))
    digest = attempt(5, 0, (-7, 0))
    expect((digest.claim.parameters, digest.analysis) == ((-7, 0), WORTH), "a claim and its analysis read back")
    # The work that only a gain makes enough.
    header = author(identity, parent, [LaneState()], reaches="bonus", **CLAIMED)
    done = Counter()
    expect(check(identity, parent, header, header.hash(), NOW, done).digest.analysis == CLAIMED["worth"], "eased work")
    expect(done["claims within their bounds"] == 1, "a claim is counted")
    return attempts + 3


def errors():
    """The error codes of section 7 that mean a node cannot be asked, and others."""
    meanings = {-32100: Unreachable, -32101: Mismatch, -32102: NotOpen, -32103: Unreachable, -32104: Unreachable}
    for code, meaning in meanings.items():
        found = refusal("self-test", "joint_proof", (1,), {"code": code, "message": "", "data": None})
        expect(isinstance(found, meaning), f"error code {code}")
    expect(isinstance(refusal("self-test", "joint_proof", (1,), "an error"), Mismatch), "an error without a code")
    return len(meanings) + 1


def document():
    """The document's own vectors hold; changed, dropped, doubled and unknown ones do not."""
    text = vectors.document()
    count = vectors.check(text)
    # With the rows that may be missing.
    receipt = Receipt(7, vectors.MESSAGE.hash(), 1)
    readable = {"Receipt leaf": receipt.leaf(), "State leaf": LaneState(received=7).leaf(),
                "LeafProof": LeafProof(receipt, 1, 3, [b"\1" * 32, b"\2" * 32]).encode()}
    for name, value in readable.items():
        if f"\n| {name} | " not in text:
            text = text.rstrip("\n") + f"\n| {name} | `{value.hex()}` |\n"
    rows = [match for match in map(vectors.ROW.fullmatch, text.splitlines()) if match]
    expect(len(rows) == vectors.check(text), "all rows of bytes are in section 9")
    for row in rows:
        line, name, value = row[0], row[1], row[2]
        changed = f"{value}00" if name in readable else f"{value[:-1]}{int(value[-1], 16) ^ 1:x}"
        refused(name, lambda: vectors.check(text.replace(f"`{value}`", f"`{changed}`")))
        if name not in readable:
            refused("missing row", lambda: vectors.check(text.replace(f"{line}\n", "")))
        refused("unknown row", lambda: vectors.check(text.replace(line, f"{line}\n| another | `00` |")))
        refused("a new name", lambda: vectors.check(text.replace(line, f"{line}\n{line}")))
    return count


def peaks():
    """The recent peak rises at once and fades by 1/256 a block."""
    cases = [(0, 1 << 252, 16), (1000, 1 << 252, 997), (255, 1 << 252, 255), (256, 1 << 252, 255), (16, 1 << 251, 32)]
    for peak, target, after in cases:
        expect(next_peak(peak, target) == after, f"the peak after {peak} and target {target:#x}")
    return len(cases)


def cuts():
    """What belongs to one moment, and what does not."""
    sender, receiver = cut.Counters(5, 2, 2, 1), cut.Counters(2, 1, 4, 2)
    expect(cut.is_cut(sender, receiver) and cut.is_cut(receiver, sender), "a consistent cut")
    for change in ({"received": 6}, {"received": 1}, {"acknowledged": 3}, {"sent": 1}, {"settled": 0}, {"settled": 3}):
        expect(not cut.is_cut(sender, receiver._replace(**change)), f"no cut with {change}")
    return 7


def books():
    """The supply equation, and books that break it."""
    counters = cut.Counters(0, 0, 0, 0)
    electricity = supply.Books("E", 395, 300, 150, 30, 0, 30, 0, 0, 25, 0, counters)
    carbon = supply.Books("C", 370, 300, 30, 150, 50, 100, 0, 0, 0, 0, counters)
    found = supply.check(electricity, carbon)
    expect(found == (395, 370, 25, 0, 0, 0) and "holds" in found.verdict(), "the supply equation")
    above = supply.check(electricity._replace(coins=400), carbon)
    expect(above.surplus == 5 and "in excess" in above.verdict(), "a surplus")
    bad = [
        ("X is no less", electricity._replace(coins=394), carbon),
        ("I is no more", electricity, carbon._replace(coins=371)),
        ("received = refused", electricity._replace(paid=29), carbon),
        ("received = refused", electricity, carbon._replace(queued=1)),
        ("the genesis escrow", electricity._replace(genesis=301), carbon),
        ("no more is received", electricity._replace(sent=149), carbon),
        ("no more is received", electricity._replace(returned=51), carbon),
        ("no more comes back", electricity, carbon._replace(unreturned=31)),
    ]
    return 3 + sum(refused(rule, lambda: supply.check(*sides)) for rule, *sides in bad)


def run(verify):
    electricity, carbon = pair()
    groups = (
        ("SCALE", scale), ("constants", constants), ("retarget, work and bonus", retarget),
        ("parameters", parameters), ("leaves", leaves), ("leaves of the market", trading), ("storage names", names),
        ("merkle trees, proofs and changed proofs", trees), ("ancestry ranges, proofs and changed proofs", ranges),
        ("header rules", lambda: headers(electricity, carbon)), ("claims", lambda: claims(electricity)),
        ("recent peaks", peaks), ("cuts", cuts), ("books", books), ("error codes", errors),
        ("whole runs, honest and spoiled", lambda: whole(verify, electricity, carbon)),
    )
    for name, group in groups:
        print(f"self-test: {name}: {group()} checks")
    print(f"self-test: document vectors: {document()} hold")
    print("verified: self-test")
