"""Checks of the verifier itself: small examples worked out from the document, and two chains in memory."""

import contextlib
import io
from collections import Counter

import ancestry
import merkle
import vectors
from errors import Malformed, Mismatch, Unreachable
from hashing import blake2b_256
from header import Analysis
from messages import Message, Proof, check_changes
from rpc import refusal
from rules import check, genesis_block
from sample import PARAMETERS, START, SampleNode, author
from scale import Reader, compact, decode, option, to_hex, u32, u64, u256, uint
from work import C, MAX_TARGET, MIN_TARGET, Parameters, base_work, bonus, meets, next_target

NOW = START + 10**9


def expect(holds, what):
    if not holds:
        raise Mismatch("self-test", what, "it does not hold")


def refused(rule, action):
    try:
        action()
    except (Malformed, Mismatch) as error:
        text = getattr(error, "rule", str(error))
        expect(rule in text, f"refused for {rule!r}, not for {text!r}")
        return 1
    raise Mismatch("self-test", rule, "it was not refused")


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
    proofs = changed = 0
    for count in range(1, 10):
        messages = [Message(bytes([7]) * 32, i + 1, bytes([i]) * 32, bytes(32), i) for i in range(count)]
        leaves = [message.leaf() for message in messages]
        root = merkle.root(dom, leaves)
        top = _naive_root(dom, [merkle.leaf_hash(dom, leaf) for leaf in leaves])
        expect(root == blake2b_256(b"\2" + dom + uint(count, 4) + top), f"the tree of {count} leaves")
        for index, message in enumerate(messages):
            proof = Proof(message, index, count, merkle.siblings(dom, leaves, index))
            expect(decode(proof.encode(), Proof.read) == proof, "a proof read back")
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
    nodes, grown = [], ancestry.Range()
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
    return len(nodes)


def headers(node):
    """Every rule of a header refuses the header that breaks only it."""
    identity, parent, block = node.identity, node.blocks[6], node.blocks[7]

    def attempt(header, on=parent):
        return check(identity, on, header, header.hash(), NOW, Counter())

    def changed(**changes):
        return lambda: attempt(author(identity, parent, [], **changes))

    def logs(change):
        return lambda: attempt(block.header._replace(logs=change(list(block.header.logs))))

    expect(attempt(block.header) == block, "an honest header")
    expect(attempt(node.blocks[1].header, genesis_block(identity)) == node.blocks[1], "an honest first block")
    roots = block.digest.subtrees
    claim, analysis = option(b"\1\0" + bytes(8)), option(u32(30) + bytes(12))
    attempts = [
        ("parent hash", changed(parent_hash=bytes(32))),
        ("number", changed(number=9)),
        ("target", changed(target=block.target + 1)),
        ("cumulative work", changed(work=block.work + 1)),
        ("time above", changed(time=parent.time)),
        ("time not ahead", changed(time=NOW + 6001)),
        ("work hash", changed(good=False)),
        ("ancestry root", changed(ancestry=node.blocks[5].history.root())),
        ("subtree ids", changed(subtrees=roots + [(5, bytes([1]) * 32)])),
        ("root of empty subtree 1", changed(subtrees=[(1, bytes([1]) * 32), roots[1]])),
        ("digest structure", changed(subtrees=roots[::-1])),
        ("digest structure", changed(subtrees=roots[:1])),
        ("digest structure", changed(subtrees=[(1, bytes(32)), roots[1]])),
        ("digest structure", changed(claim=claim)),
        ("digest structure", changed(claim=b"\0\0")),
        ("digest structure", changed(analysis=analysis)),
        ("claim", changed(claim=claim, analysis=analysis)),
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
    expect(attempt(author(identity, parent, [], time=NOW + 6000)).time == NOW + 6000, "the latest time allowed")
    return 3 + sum(refused(rule, action) for rule, action in attempts)


def errors():
    """The error codes of section 7 that mean a node cannot be asked, and others."""
    meanings = {-32100: Unreachable, -32101: Mismatch, -32102: Mismatch, -32103: Unreachable, -32104: Unreachable}
    for code, meaning in meanings.items():
        found = refusal("self-test", "joint_proof", (1,), {"code": code, "message": "", "data": None})
        expect(isinstance(found, meaning), f"error code {code}")
    expect(isinstance(refusal("self-test", "joint_proof", (1,), "an error"), Mismatch), "an error without a code")
    return len(meanings) + 1


def document():
    """The document's own vectors hold; changed, dropped, doubled and unknown ones do not."""
    text = vectors.document()
    count = vectors.check(text)
    rows = [match for match in map(vectors.ROW.fullmatch, text.splitlines()) if match]
    expect(len(rows) == count, "all rows of bytes are in section 8")
    for row in rows:
        line, name, value = row[0], row[1], row[2]
        changed = f"{value[:-1]}{int(value[-1], 16) ^ 1:x}"
        refused(name, lambda: vectors.check(text.replace(f"`{value}`", f"`{changed}`")))
        refused("missing row", lambda: vectors.check(text.replace(f"{line}\n", "")))
        refused("unknown row", lambda: vectors.check(text.replace(line, f"{line}\n| another | `00` |")))
        refused("a new name", lambda: vectors.check(text.replace(line, f"{line}\n{line}")))
    return count


def whole(verify, electricity, carbon):
    """The whole verification against two nodes in memory, honest and with one answer spoiled."""
    lines = io.StringIO()

    def run_once(node=electricity):
        with contextlib.redirect_stdout(lines):
            verify(node, carbon, 10)

    for block, branch in ((electricity.blocks[0], "on the chain"), (electricity.blocks[1], "on the chain"),
                          (electricity.blocks[20], "on the chain"), (electricity.fork(19), "on a recent fork")):
        carbon.follow(block)
        run_once()
        expect(f"electricity block {block.number}, {branch}" in lines.getvalue(), "the light client's line")
    expect("7 sent, 5 proofs hold" in lines.getvalue(), "the messages' line")

    def spoiled(rule, node, method, change):
        def spoil(called, answer):
            return change(answer) if called == method else answer
        node.spoil = spoil
        try:
            return refused(rule, run_once)
        finally:
            node.spoil = lambda called, answer: answer

    first = electricity.joint_proof(2, to_hex(electricity.blocks[-1].hash))
    answers = [(f"joint_header's {field}", "joint_header", {field: "0x00"}) for field in
               electricity.joint_header(to_hex(electricity.blocks[5].hash))]
    answers += [(f"joint_proof's {field}", "joint_proof", {field: None}) for field in
                ("block", "number", "root", "index", "count", "siblings", "leaf", "encoded")]
    answers += [("nonce", "joint_proof", first)]
    done = sum(spoiled(rule, electricity, method, lambda answer: {**answer, **change})
               for rule, method, change in answers)
    done += spoiled("joint_header's subtrees", electricity, "joint_header", lambda answer: {
        **answer, "subtrees": [{**tree, "name": "emissions"} for tree in answer["subtrees"]]})
    done += spoiled("cross-chain root", electricity, "state_call",
                    lambda answer: to_hex(u64(0)) if len(answer) == 18 else answer)
    honest = electricity.outboxes[-1][6]
    electricity.outboxes[-1][6] = honest._replace(amount=honest.amount + 1)
    done += refused("proof holds", run_once)
    electricity.outboxes[-1][6] = honest
    emptied = SampleNode("electricity", (1, 4), 6, carbon.identity.genesis, {2: 1, 4: -1, 5: 1})
    done += refused("cross-chain root", lambda: run_once(emptied))
    done += spoiled("block hash", carbon, "chain_getHeader", lambda answer: {**answer, "stateRoot": "0x" + "11" * 32}
                    if answer["number"] == "0x4" else answer)
    for field in ("work", "target", "time", "solve_time"):
        block = electricity.blocks[12]
        carbon.follow(block._replace(**{field: getattr(block, field) + 1}))
        done += refused(f"tip's {field}", run_once)
    carbon.follow(electricity.blocks[12]._replace(hash=bytes(32)))
    done += refused("tip is a block", run_once)
    return done + 4


def run(verify):
    carbon = SampleNode("carbon", (2, 3, 4), 12, bytes(32), {})
    electricity = SampleNode("electricity", (1, 4), 25, carbon.identity.genesis, {9: 1, 11: 2, 20: 4})
    groups = (
        ("SCALE", scale), ("constants", constants), ("retarget, work and bonus", retarget),
        ("parameters", parameters), ("merkle trees, proofs and changed proofs", trees),
        ("ancestry ranges", ranges), ("header rules", lambda: headers(electricity)),
        ("error codes", errors),
        ("whole runs, honest and spoiled", lambda: whole(verify, electricity, carbon)),
    )
    for name, group in groups:
        print(f"self-test: {name}: {group()} checks")
    print(f"self-test: document vectors: {document()} hold")
    print("verified: self-test")
