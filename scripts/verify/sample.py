"""A node in memory, for the self-test: it mines a short chain by the document and answers like a node."""

from copy import deepcopy
from itertools import count as naturals

import ancestry
import header as headers
import merkle
from ancestors import Ancestor
from errors import NotOpen
from hashing import blake2b_128, twox_128
from header import (CONSENSUS, CROSS_CHAIN, ENGINE_JOINT, ENGINE_POW, PRE_RUNTIME, PV_TRADING, SEAL, SUBTREE_NAMES,
                    Analysis, Claim, Header)
from lanes import shown
from light_client import Tip, follow
from market import Price, Trade
from messages import ESCROW, LaneState, LeafProof, Message, Receipt
from rules import Block, Identity, genesis_block, next_peak
from scale import byte_vector, compact, option, to_hex, u32, u64, u256, uint, vector
from supply import NONCES, TOTALS
from work import Parameters, base_work, bonus, next_target, work_hash

PARAMETERS = Parameters(1000, 2, 1 << 252, 5, 6)
SOLVE_TIMES = (1000, 400, 9000, 1, 700, 5999, 1300, 1)
START = 1_700_000_000_000
COIN = 10**12
SENDER = b"\7" * 32
# Blocks from this one on have a claim.
CLAIMS_FROM = 8


def item(kind, engine, content):
    return uint(kind, 1) + engine + byte_vector(content)


def runtime_item(fields):
    """The runtime's item; `analysis` is given encoded."""
    trees = vector([uint(subtree, 1) + root for subtree, root in fields["subtrees"]])
    return item(CONSENSUS, ENGINE_JOINT, u64(fields["time"]) + u256(fields["target"]) + fields["analysis"]
                + u256(fields["work"]) + fields["ancestry"] + trees)


def seal(header, above, target):
    """The header with the first nonce whose work hash is above the one and at most the other."""
    open_header = header._replace(logs=header.logs + [b""])
    pre_hash = open_header.pre_hash()
    for number in naturals():
        nonce = u64(number)
        if above < int.from_bytes(work_hash(pre_hash, nonce), "big") <= target:
            return header._replace(logs=header.logs + [item(SEAL, ENGINE_POW, nonce)])


def claimed(claim, analysis):
    """Both items, as `author` takes them."""
    first, second = claim.parameters
    encoded = uint(claim.family, 1) + uint(claim.rotation, 1) + _i32(first) + _i32(second)
    worth = u32(analysis.observations) + analysis.aic.to_bytes(8, "little", signed=True) + u32(analysis.gain)
    return {"claim": option(encoded), "analysis": option(worth), "worth": analysis}


def _i32(value):
    return value.to_bytes(4, "little", signed=True)


# Clayton by a quarter turn, theta = 2, on 50 pairs: half of the most that a gain eases the work by.
CLAIMED = claimed(Claim(3, 1, (131_072, 0)), Analysis(50, -5 << 20, 16))


def author(identity, parent, leaves, trading=(), **changes):
    """A sealed child of `parent`; `changes` replace what the rules ask for.

    `leaves` are those of the lanes, `trading` those of the market. `reaches` is what the work is enough for: "base"
    (the target), "bonus" (only the target eased by `worth`, the analysis) or "nothing".
    """
    after = SOLVE_TIMES[parent.number % len(SOLVE_TIMES)]
    target = next_target(identity.parameters, parent.target, parent.solve_time)
    roots, trees = [], {CROSS_CHAIN: leaves, PV_TRADING: trading}
    for subtree in identity.subtrees:
        data = [leaf.leaf() for leaf in trees.get(subtree, ())]
        roots.append((subtree, merkle.root(identity.domain(subtree), data)))
    fields = dict(parent_hash=parent.hash, number=parent.number + 1, time=(parent.time or START) + after,
                  target=target, work=parent.work + base_work(target), ancestry=parent.history.root(), subtrees=roots,
                  claim=b"\0", analysis=b"\0", worth=None, reaches="base", extra=[])
    fields.update(changes)
    logs = [item(PRE_RUNTIME, ENGINE_POW, bytes(range(32)) + fields["claim"]), *fields["extra"],
            runtime_item(fields)]
    eased = target + bonus(target, fields["worth"])
    work = {"base": (-1, target), "bonus": (target, eased), "nothing": (eased, 1 << 256)}[fields["reaches"]]
    return seal(Header(fields["parent_hash"], fields["number"], bytes(32), bytes(32), logs), *work)


def extend(identity, parent, header):
    """The block of an honest header."""
    digest = header.digest()
    history = parent.history.add(ancestry.leaf(header.hash(), base_work(digest.target)))
    solve_time = digest.time - parent.time if parent.number else None
    return Block(header.hash(), header.number, digest.time, solve_time, digest.target, digest.work,
                 next_peak(parent.peak, digest.target), history, header, digest)


class Lanes:
    """The lanes and the books of one chain: what a block's state has of them."""

    def __init__(self, destination, coins):
        self.destination = destination
        self.state = LaneState()
        self.receipts = []
        self.messages = []
        self.books = {**dict.fromkeys(TOTALS, 0), "genesis": coins}
        self.coins = coins

    def leaves(self):
        return [self.state, *self.receipts, *self.messages]

    def nonces(self):
        sent, received = self.state.sent, self.state.received
        return dict(zip(NONCES, (sent, sent - len(self.messages), received, received - len(self.receipts))))

    def send(self, recipient, amount, sign):
        """A transfer; `sign` is what it does to the coins: 1 in escrow, -1 where it burns."""
        state, settled = self.state, self.state.sent - len(self.messages)
        total = state.sent_total + amount
        message = Message(self.destination, state.sent + 1, state.last_sent, settled, SENDER, recipient, amount, total)
        self.messages.append(message)
        self.state = state._replace(sent=message.nonce, last_sent=message.hash(), sent_total=total)
        self.books["sent"] = total
        self.coins += sign * amount

    def receive(self, message, sign, queue=False):
        """`sign` is what paying out does to the coins."""
        self.receipts = [receipt for receipt in self.receipts if receipt.nonce > message.acknowledged]
        refusal = message.refusal()
        self.receipts.append(Receipt(message.nonce, message.hash(), refusal))
        self.state = self.state._replace(received=message.nonce, last_received=message.hash(),
                                         received_total=message.total)
        self.books["received"] += message.amount
        fate = "refused" if refusal is not None else "queued" if queue else "paid"
        self.books[fate] += message.amount
        if fate == "paid":
            self.coins += sign * message.amount

    def settle(self, receipt, sign):
        message = self.messages.pop(0)
        if receipt.refusal is not None:
            self.books["returned"] += message.amount
            self.coins += sign * message.amount


class SampleNode:
    """Answers like a node; what its chain does is up to who calls `grow`, after changes of `lanes`."""

    def __init__(self, name, subtrees, coins=0):
        self.name = name
        self.genesis = Header(bytes(32), 0, headers.blake2b_256(name.encode()), bytes(32), [])
        self.identity = Identity(name, subtrees, self.genesis.hash(), PARAMETERS)
        self.blocks = [genesis_block(self.identity)]
        self.lanes = Lanes(bytes(32), coins)
        # The market's leaves by the number of the block that makes them.
        self.trading = {}
        self.states = [deepcopy(self.lanes)]
        self.escrow = name == "electricity"
        self.followed = self.following = self.recorded = None
        self.forks = []
        self.spoil = lambda method, answer: answer

    def grow(self, blocks=1):
        for _ in range(blocks):
            extra = [b"\x08"] if len(self.blocks) == 3 else []
            header = self._author(self.blocks[-1], extra=extra)
            self.blocks.append(extend(self.identity, self.blocks[-1], header))
            self.states.append(deepcopy(self.lanes))

    def recommit(self):
        """Replaces the best block by one that commits the lanes as they are now, right or wrong."""
        header = self._author(self.blocks[-2])
        self.blocks[-1] = extend(self.identity, self.blocks[-2], header)
        self.states[-1] = deepcopy(self.lanes)

    def _author(self, parent, **changes):
        claims = {**CLAIMED, "reaches": "bonus"} if parent.number + 1 >= CLAIMS_FROM else {}
        return author(self.identity, parent, self.lanes.leaves(), self.trading.get(parent.number + 1, ()), **claims,
                      **changes)

    def fork(self, number):
        """Another block of this height, known to the node but not on its chain."""
        parent = self.blocks[number - 1]
        header = author(self.identity, parent, self.states[number].leaves(), self.trading.get(number, ()),
                        time=(parent.time or START) + 77)
        self.forks.append(extend(self.identity, parent, header))
        return self.forks[-1]

    def follow(self, other, tip):
        """The light client knows another node's blocks up to this one."""
        self.followed, self.following = other, follow(other, tip)
        self.recorded = self.following.confirmed

    @property
    def known(self):
        return {block.hash: block for block in self.blocks + self.forks}

    def call(self, method, *params):
        return self.spoil(method, getattr(self, method)(*params))

    def chain_getBlockHash(self, which=None):
        if isinstance(which, list):
            return [self.chain_getBlockHash(number) for number in which]
        return to_hex(self.blocks[-1 if which is None else which].hash)

    def chain_getHeader(self, block_hash=None):
        block = self._find(block_hash)
        header = block and (block.header or self.genesis)
        return header and {
            "parentHash": to_hex(header.parent_hash), "number": hex(header.number),
            "stateRoot": to_hex(header.state_root), "extrinsicsRoot": to_hex(header.extrinsics_root),
            "digest": {"logs": [to_hex(log) for log in header.logs]},
        }

    def state_call(self, function, data, block_hash):
        if function.startswith("LightClientApi_"):
            return to_hex(option(self._light_client(function, data)))
        state = block_hash and self._state(block_hash)
        if function == "HybridPowApi_parameters":
            return to_hex(option(_parameters(self.identity.parameters)))
        if function == "LanesApi_lanes":
            nonces = state.nonces()
            return to_hex(state.state.encode() + u64(nonces["Settled"]) + u64(nonces["Acknowledged"]) + b"\0\0")
        coins = (state.coins, 0) if self.escrow else (0, state.coins)
        return to_hex(b"".join(uint(amount, 16) for amount in (*coins, *state.books.values())))

    def state_getStorage(self, key, block_hash):
        state = self._state(block_hash)
        values = {_key("Peg", item): uint(state.books[name], 16) for name, item in TOTALS.items()}
        values.update((_key("Lanes", item), u64(nonce)) for item, nonce in state.nonces().items())
        if self.escrow:
            values[_key("System", "Account") + blake2b_128(ESCROW) + ESCROW] = (
                bytes(16) + uint(state.coins, 16) + bytes(48))
        else:
            values[_key("Balances", "TotalIssuance")] = uint(state.coins, 16)
        if self.recorded:
            values[_key("LightClient", "Confirmed")] = u32(self.recorded.number) + self.recorded.hash
        value = values.get(bytes.fromhex(key[2:]))
        return to_hex(value) if value and any(value) else None

    def _light_client(self, function, data):
        following = self.following
        if following is None or function == "LightClientApi_conflict":
            return None
        if function == "LightClientApi_anchor":
            return self.followed.identity.genesis + _parameters(self.followed.identity.parameters)
        if function == "LightClientApi_best":
            return _tip(following.tip)
        if function == "LightClientApi_confirmed":
            return following.confirmed and _tip(following.confirmed)
        asked = next(block for block in following.branch if to_hex(block.hash) == data)
        return _tip(asked) + option(u256(following.tip.work - asked.work)) + u256(following.needed)

    def joint_header(self, block_hash):
        block = self._find(block_hash)
        header, digest = block.header, block.digest
        claim, analysis = digest.claim, digest.analysis
        return {
            "number": header.number, "hash": to_hex(header.hash()), "parent": to_hex(header.parent_hash),
            "preHash": to_hex(header.pre_hash()), "author": to_hex(digest.author), "time": digest.time,
            "claim": claim and {"family": claim[0], "rotation": claim[1], "parameters": [*claim[2]]},
            "analysis": analysis and {"observations": analysis[0], "aic": analysis[1], "gain": analysis[2]},
            "target": "0x" + u256(digest.target)[::-1].hex(),
            "work": "0x" + u256(digest.work)[::-1].hex(), "ancestry": to_hex(digest.ancestry),
            "subtrees": [{"id": i, "name": SUBTREE_NAMES[i], "root": to_hex(root)} for i, root in digest.subtrees],
            "nonce": to_hex(digest.nonce), "workHash": to_hex(work_hash(header.pre_hash(), digest.nonce)),
            "encoded": to_hex(header.parent_hash + compact(header.number) + bytes(64) + vector(header.logs)),
        }

    def joint_lanes(self, block_hash):
        return self._prove(block_hash, lambda leaf: isinstance(leaf, LaneState))

    def joint_receipt(self, nonce, block_hash):
        return self._prove(block_hash, lambda leaf: isinstance(leaf, Receipt) and leaf.nonce == nonce)

    def joint_proof(self, nonce, block_hash):
        return self._prove(block_hash, lambda leaf: isinstance(leaf, Message) and leaf.nonce == nonce)

    def _prove(self, block_hash, wanted):
        block, leaves = self._find(block_hash), self._state(block_hash).leaves()
        index = next((index for index, leaf in enumerate(leaves) if wanted(leaf)), None)
        if index is None:
            raise NotOpen(self.name, "the leaf is open", "it is not")
        path = merkle.siblings(self.identity.domain(CROSS_CHAIN), [leaf.leaf() for leaf in leaves], index)
        return {
            "block": block_hash, "number": block.number, "root": to_hex(block.digest.root(CROSS_CHAIN)),
            "leaf": shown(leaves[index]), "index": index, "count": len(leaves),
            "siblings": [to_hex(hash_) for hash_ in path],
            "encoded": to_hex(LeafProof(leaves[index], index, len(leaves), path).encode()),
        }

    def joint_leaves(self, tree, block_hash):
        block = self._find(block_hash)
        return {"block": block_hash, "number": block.number, "tree": tree,
                "root": to_hex(block.digest.root(PV_TRADING)),
                "leaves": [to_hex(leaf.leaf()) for leaf in self.trading.get(block.number, ())]}

    def joint_ancestor(self, block_hash, of_hash):
        block, of = self._find(block_hash), self._find(of_hash)
        leaves = [ancestry.leaf(each.hash, base_work(each.target) if each.number else 0)
                  for each in self.blocks[:of.number]]
        nodes = ancestry.proof(leaves, block.number)
        return {
            "block": block_hash, "number": block.number, "of": of_hash, "ofNumber": of.number,
            "header": to_hex(block.header.encode()), "blocks": of.number,
            "nodes": [{"hash": to_hex(node.hash), "work": "0x" + u256(node.work)[::-1].hex()} for node in nodes],
            "encoded": to_hex(Ancestor(block.header.encode(), of.hash, of.number, nodes).encode()),
        }

    def _find(self, block_hash):
        if block_hash is None:
            return self.blocks[-1]
        return next((block for block in self.blocks + self.forks if to_hex(block.hash) == block_hash), None)

    def _state(self, block_hash):
        return self.states[self._find(block_hash).number]


def _key(pallet, item):
    return twox_128(pallet.encode()) + twox_128(item.encode())


def _parameters(p):
    return u64(p.block_time) + u32(p.half_life) + u256(p.initial_target) + u32(p.finality_depth) + u32(p.confirmations)


def _tip(block):
    tip = Tip.of(block)
    return (u32(tip.number) + tip.hash + u64(tip.time) + option(None if tip.solve_time is None else u64(tip.solve_time))
            + u256(tip.target) + u256(tip.work))


def sell(slot, prices, first, seller=b"\5" * 32, buyer=b"\6" * 32, uniform=None):
    """The leaves of a book on feeder 0: its price, and trades of 1, 2, ... kWh at these prices, of which half is
    settled. They are the accounts' trades from number `first` on."""
    energies = [1000 * kilowatt_hours for kilowatt_hours in range(1, len(prices) + 1)]
    value = sum(energy * price for energy, price in zip(energies, prices))
    price = Price(slot, 0, value // (10_000 * sum(energies)), uniform, sum(energies))
    trades = [Trade(slot, 0, number, seller, first + number, buyer, first + number, energy, energy // 2, fine,
                    number > 0)
              for number, (energy, fine) in enumerate(zip(energies, prices))]
    return price, trades


def pair():
    """Two chains that send each other transfers: some open, some settled, one refused each way, one in a queue."""
    electricity = SampleNode("electricity", (1, 4), 300 * COIN)
    carbon = SampleNode("carbon", (2, 3, 4), 300 * COIN)
    for node, other in ((electricity, carbon), (carbon, electricity)):
        node.lanes.destination = other.identity.genesis
    e, c = electricity.lanes, carbon.lanes
    price, trades = sell(7, (4 * 10**15, 3 * 10**15 + 1), 1)
    other_price, other_trades = sell(8, (5 * 10**15,), 3, uniform=5 * 10**15)
    # A third book is cleared, and one of its two trades settled.
    last_price, last_trades = sell(9, (10**15, 2 * 10**15), 4)
    electricity.trading = {2: [price], 5: [other_price, *trades], 6: other_trades, 9: [last_price, last_trades[0]]}
    electricity.grow(8)
    for recipient, amount in ((b"\1" * 32, 100), (ESCROW, 25), (b"\2" * 32, 30), (b"\3" * 32, 40)):
        e.send(recipient, amount * COIN, 1)
    electricity.grow(4)
    carbon.grow(3)
    for message, queue in zip(e.messages[:3], (False, False, True)):
        c.receive(message, 1, queue)
    carbon.grow(2)
    c.send(b"\4" * 32, 10 * COIN, -1)
    c.send(ESCROW, 5 * COIN, -1)
    carbon.grow(7)
    for receipt in c.receipts[:2]:
        e.settle(receipt, -1)
    electricity.grow()
    for message in c.messages:
        e.receive(message, -1)
    e.send(b"\5" * 32, 50 * COIN, 1)
    electricity.grow(10)
    for message in e.messages[1:]:
        c.receive(message, 1)
    c.settle(e.receipts[0], 1)
    c.send(b"\6" * 32, 7 * COIN, -1)
    carbon.grow(2)
    e.send(b"\1" * 32, 1 * COIN, 1)
    electricity.grow(2)
    return electricity, carbon
