"""The self-test's whole runs: the verification against two nodes in memory, honest and with something spoiled."""

import contextlib
import io
from copy import deepcopy
from typing import NamedTuple

import cut
from expect import expect, refused
from scale import to_hex, u32, u64, uint


class Whole:
    """The whole verification against two nodes in memory, as they are or with something spoiled."""

    def __init__(self, verify, electricity, carbon):
        self.verify, self.electricity, self.carbon = verify, electricity, carbon
        self.lines = io.StringIO()

    def run(self):
        with contextlib.redirect_stdout(self.lines):
            self.verify(self.electricity, self.carbon, 10)

    def spoiled(self, rule, node, method, change):
        """With the node's answers to `method` changed."""
        node.spoil = lambda called, answer: change(answer) if called == method else answer
        try:
            return refused(rule, self.run)
        finally:
            node.spoil = lambda called, answer: answer

    def called(self, rule, node, function, answer):
        """With another answer of a runtime call."""
        honest = node.state_call
        node.state_call = lambda asked, data, at: to_hex(answer) if asked == function else honest(asked, data, at)
        try:
            return refused(rule, self.run)
        finally:
            del node.state_call

    def altered(self, rule, node, change):
        """With the chain's best block another one, whose state is changed."""
        kept = node.lanes, node.blocks[-1], node.states[-1]
        node.lanes = deepcopy(node.lanes)
        change(node.lanes)
        node.recommit()
        try:
            return refused(rule, self.run)
        finally:
            node.lanes, node.blocks[-1], node.states[-1] = kept


def whole(verify, electricity, carbon):
    runs, best = Whole(verify, electricity, carbon), electricity.blocks[-1]
    runs.run()
    expect("electricity: light client: not anchored" in runs.lines.getvalue(), "the line without an anchor")
    electricity.follow(carbon, carbon.blocks[-1])
    for block, branch in ((electricity.blocks[0], "on the chain"), (electricity.blocks[1], "on the chain"),
                          (best, "on the chain"), (electricity.fork(best.number - 1), "on a recent fork")):
        carbon.follow(electricity, block)
        runs.run()
        expect(f"electricity block {block.number}, {branch}" in runs.lines.getvalue(), "the light client's line")
    carbon.follow(electricity, best)
    lines = ("6 sent, 2 settled, 2 received, 0 acknowledged", "3 sent, 1 settled, 5 received, 2 acknowledged",
             "4 receipts of open messages are right", "carbon: claims within their bounds: ",
             "is the highest confirmed", "X = I + a + b - q holds",
             "at 4 blocks: 3 prices, 4 trades of 2 accounts, 2500 Wh settled", "2 books are settled")
    for line in lines:
        expect(line in runs.lines.getvalue(), f"the line {line!r}")
    spoils = (spoiled_answers, spoiled_trading, spoiled_lanes, spoiled_light_clients, spoiled_books)
    return 6 + len(lines) + sum(spoil(runs, electricity, carbon) for spoil in spoils)


def spoiled_answers(runs, electricity, carbon):
    at = to_hex(electricity.blocks[-1].hash)
    samples = {"joint_header": (at,), "joint_lanes": (at,), "joint_receipt": (2, at), "joint_proof": (3, at),
               "joint_ancestor": (to_hex(electricity.blocks[5].hash), at)}
    done = 0
    for method, params in samples.items():
        for field, value in getattr(electricity, method)(*params).items():
            for inner in value if isinstance(value, dict) else (None,):
                name, change = (field, "0x00") if inner is None else (f"{field}.{inner}", {**value, inner: "0x00"})
                done += runs.spoiled(f"{method}'s {name}", electricity, method,
                                     lambda answer: {**answer, field: change})
    third = electricity.joint_proof(3, at)
    done += runs.spoiled("the leaf that was asked for", electricity, "joint_proof", lambda answer: third)
    done += runs.spoiled("the leaf that was asked for", electricity, "joint_lanes", lambda answer: third)
    done += runs.spoiled("joint_header's subtrees", electricity, "joint_header", lambda answer: {
        **answer, "subtrees": [{**tree, "name": "emissions"} for tree in answer["subtrees"]]})
    done += runs.spoiled("block hash", carbon, "chain_getHeader", lambda answer: {
        **answer, **({"stateRoot": "0x" + "11" * 32} if answer["number"] == "0x4" else {})})
    honest = electricity.lanes.messages[1]
    electricity.states[-1].messages[1] = honest._replace(amount=honest.amount + 1)
    done += refused("proof holds", runs.run)
    electricity.states[-1].messages[1] = honest
    return done


def spoiled_trading(runs, electricity, carbon):
    """Leaves of the market that are not those of the header, or break a rule."""
    def leaves(change):
        return lambda answer: {**answer, "leaves": change(answer["leaves"])}

    def flipped(texts):
        return [f"{text[:-1]}{int(text[-1], 16) ^ 1:x}" for text in texts]

    at = to_hex(electricity.blocks[5].hash)
    done = 0
    for field in electricity.joint_leaves("pvTrading", at):
        done += runs.spoiled(f"joint_leaves's {field}", electricity, "joint_leaves",
                             lambda answer: {**answer, field: "0x00"})
    changes = (flipped, lambda texts: texts[::-1][1:], lambda texts: texts + texts[-1:], lambda texts: [])
    done += sum(runs.spoiled("PvTrading root", electricity, "joint_leaves", leaves(change)) for change in changes)
    done += runs.spoiled("joint_leaves's leaves", electricity, "joint_leaves", leaves(lambda texts: ["0xyz"]))
    # At the best block, which has no leaves.
    done += runs.spoiled("PvTrading root", electricity, "joint_leaves", lambda answer: {
        **answer, "leaves": answer["leaves"] or ["0x00"]})

    best, last = electricity.blocks[-1].number, electricity.trading[9][1]
    following = last._replace(number=1, seller_no=last.seller_no + 1, buyer_no=last.buyer_no + 1, contracted=2000,
                              price=2 * last.price)
    bad = (
        ("a leaf's bytes", Spoiled(b"\2" + last.leaf()[1:])),
        ("a leaf's bytes", Spoiled(following.leaf() + b"\0")),
        ("in the order of their numbers", last),
        ("numbered without gaps", following._replace(seller_no=9)),
        ("mean, rounded down", following._replace(price=0)),
    )
    for rule, leaf in bad:
        electricity.trading[best] = [leaf]
        done += runs.altered(rule, electricity, lambda lanes: None)
    electricity.trading[best] = [following]
    kept = electricity.blocks[-1], electricity.states[-1]
    electricity.recommit()
    carbon.follow(electricity, electricity.blocks[-1])
    runs.run()
    expect("3 books are settled" in runs.lines.getvalue(), "the third book")
    electricity.blocks[-1], electricity.states[-1] = kept
    del electricity.trading[best]
    carbon.follow(electricity, electricity.blocks[-1])
    runs.run()
    return done + 1


class Spoiled(NamedTuple):
    """Bytes in a leaf's place."""
    data: bytes

    def leaf(self):
        return self.data


def spoiled_lanes(runs, electricity, carbon):
    """A chain that commits lanes which break a rule."""
    def message(at, **fields):
        def change(lanes):
            lanes.messages[at] = lanes.messages[at]._replace(**fields)
        return change

    def receipt(**fields):
        def change(lanes):
            lanes.receipts[-1] = lanes.receipts[-1]._replace(**fields)
        return change

    def state(**fields):
        def change(lanes):
            lanes.state = lanes.state._replace(**fields)
        return change

    def both(lanes):
        receipt(message=b"\1" * 32)(lanes)
        state(last_received=b"\1" * 32)(lanes)

    zero = carbon.lanes.state
    altered = [
        ("destination", electricity, message(0, destination=bytes(32))),
        ("previous is the hash", electricity, message(1, previous=bytes(32))),
        ("total is the sum", electricity, message(1, total=1)),
        ("message 4: acknowledged", electricity, message(1, acknowledged=4)),
        ("message 6: acknowledged", electricity, message(3, acknowledged=0)),
        ("last_sent is the hash", electricity, state(last_sent=bytes(32))),
        ("sent_total is the total", electricity, state(sent_total=1)),
        ("last_received is what", electricity, state(last_received=bytes(32))),
        ("order of leaves", electricity, lambda lanes: lanes.messages.reverse()),
        ("number of leaves", carbon, lambda lanes: lanes.receipts.reverse()),
        ("number of leaves", carbon, state(sent=1)),
        ("the leaf is open", electricity, state(received=3)),
        ("received does not go back", carbon, lambda lanes: (
            state(received=2)(lanes), lanes.receipts.clear())),
        ("was received as it was sent", carbon, state(received_total=zero.received_total + 1)),
        ("was received as it was sent", carbon, both),
        ("outcome of message 5", carbon, receipt(refusal=0)),
        ("receipt 4 is for the message", carbon, lambda lanes: lanes.receipts.__setitem__(
            1, lanes.receipts[1]._replace(message=bytes(32)))),
    ]
    done = sum(runs.altered(*case) for case in altered)
    # Of what carbon received, electricity has sent one message less.
    cut.PAUSE_SECONDS = 0
    electricity.blocks, blocks = electricity.blocks[:9], electricity.blocks
    done += refused("consistent cut", runs.run)
    electricity.blocks = blocks
    status = carbon.lanes.state.encode() + u64(2) + u64(2) + b"\0\0"
    return done + runs.called("LanesApi_lanes agrees", carbon, "LanesApi_lanes", status)


def spoiled_light_clients(runs, electricity, carbon):
    best, done = electricity.blocks[-1], 0
    honest = carbon.following
    for field in ("work", "target", "time", "solve_time"):
        other = best._replace(**{field: getattr(best, field) + 1})
        carbon.following = honest._replace(branch=[other, *honest.branch[1:]])
        done += refused(f"tip's {field}", runs.run)
    carbon.following = honest._replace(branch=[best._replace(hash=bytes(32)), *honest.branch[1:]])
    done += refused("tip is a block", runs.run)
    for confirmed in (None, honest.ancestor(honest.confirmed.number + 1), honest.ancestor(1)):
        carbon.following = honest._replace(confirmed=confirmed)
        done += refused("confirmed header", runs.run)
    carbon.following = honest._replace(needed=honest.needed + 1)
    done += refused("work that confirms", runs.run)
    carbon.following = honest
    for recorded in (None, honest.ancestor(honest.confirmed.number - 1), honest.confirmed._replace(hash=bytes(32)),
                     best._replace(number=best.number + 1)):
        carbon.recorded = recorded
        done += refused("recorded confirmed header", runs.run)
    carbon.recorded = honest.ancestor(honest.confirmed.number + 1)
    runs.run()
    carbon.recorded = honest.confirmed
    done += runs.called("tip is a block", carbon, "LightClientApi_best", b"\0")
    done += runs.called("a header's fields", carbon, "LightClientApi_header", b"\0")
    conflict = b"\1" + u32(4) + bytes(32) + u32(2) + u32(2)
    done += runs.called("no confirmed header is replaced", carbon, "LightClientApi_conflict", conflict)
    carbon.followed = carbon
    done += refused("anchor", runs.run)
    carbon.followed = electricity
    return done + 1


def spoiled_books(runs, electricity, carbon):
    def coins(by, **totals):
        def change(lanes):
            lanes.coins += by
            for name, more in totals.items():
                lanes.books[name] += more
        return change

    altered = [
        ("X is no less", electricity, coins(-1)),
        ("I is no more", carbon, coins(1)),
        ("received = refused", carbon, coins(0, paid=1)),
        # Books that hold together, but are not those of the lanes.
        ("the peg's books agree", electricity, coins(1, sent=1)),
    ]
    done = sum(runs.altered(*case) for case in altered)
    kept = electricity.states[-1].coins
    electricity.states[-1].coins += 1
    runs.run()
    expect("holds but for 1 units" in runs.lines.getvalue(), "a surplus")
    electricity.states[-1].coins = kept
    state = uint(0, 16) * 11
    return done + 1 + runs.called("PegApi_peg_state agrees", carbon, "PegApi_peg_state", state)
