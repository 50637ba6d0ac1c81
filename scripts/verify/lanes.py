"""The lanes (section 5): what `joint_lanes`, `joint_receipt` and `joint_proof` prove at a block, and both chains' lanes
against each other."""

from typing import List, NamedTuple

import merkle
from cut import Counters, take_cut
from errors import Malformed, Mismatch, NotOpen
from header import CROSS_CHAIN
from messages import REFUSALS, LaneState, LeafProof, Message, Receipt, check_changes
from rpc import state_call
from scale import decode, from_hex, to_hex

MOST_CHANGED = 5


class Outbox(NamedTuple):
    """All leaves of one block's cross-chain tree, in order."""

    where: str
    state: LaneState
    receipts: List[Receipt]
    messages: List[Message]
    proofs: List[LeafProof]

    @property
    def counters(self):
        sent, received = self.state.sent, self.state.received
        return Counters(sent, sent - len(self.messages), received, received - len(self.receipts))

    @property
    def settled(self):
        return self.counters.settled

    def message(self, nonce):
        """The open message with this nonce."""
        return self.messages[nonce - self.settled - 1]


def read_outbox(chain, block):
    """Asks for every leaf at a block. Each is proven; together they make the tree whose root the header commits."""
    where = f"{chain.name} block {block.number} ({to_hex(block.hash)})"
    proofs = [_ask(chain, where, block, "joint_lanes")]
    state, count = proofs[0].leaf, proofs[0].count
    # The last receipt's index says how many there are; what is left are messages.
    last = _last_receipt(chain, where, block, state.received)
    receipts = last.index if last else 0
    messages = count - 1 - receipts
    for kind, number, top in (("receipts", receipts, state.received), ("messages", messages, state.sent)):
        if not 0 <= number <= top:
            raise Mismatch(where, "number of leaves", f"there are {number} {kind}, the last nonce is {top}")
    for method, number, top in (("joint_receipt", receipts, state.received), ("joint_proof", messages, state.sent)):
        for nonce in range(top - number + 1, top + 1):
            proofs.append(_ask(chain, where, block, method, nonce))
    for index, proof in enumerate(proofs):
        if (proof.index, proof.count) != (index, count):
            raise Mismatch(where, "order of leaves (state, receipts, messages)",
                           f"leaf {index} of {count} is proven as leaf {proof.index} of {proof.count}")
    root, domain = block.digest.root(CROSS_CHAIN), chain.identity.domain(CROSS_CHAIN)
    if merkle.root(domain, [proof.leaf.leaf() for proof in proofs]) != root:
        raise Mismatch(where, "cross-chain root", "the tree built of all leaves has another root")
    leaves = [proof.leaf for proof in proofs]
    return Outbox(where, state, leaves[1:receipts + 1], leaves[receipts + 1:], proofs)


def check_changed_proofs(chain, block, outbox):
    """Proofs of a block with one bit changed do not hold. Returns how many."""
    root, domain = block.digest.root(CROSS_CHAIN), chain.identity.domain(CROSS_CHAIN)
    step = max(1, len(outbox.proofs) // MOST_CHANGED)
    return sum(check_changes(outbox.where, domain, root, proof) for proof in outbox.proofs[::step])


def _last_receipt(chain, where, block, received):
    try:
        return _ask(chain, where, block, "joint_receipt", received) if received else None
    except NotOpen:
        return None


def _ask(chain, where, block, method, *nonce):
    answer = chain.node.call(method, *nonce, to_hex(block.hash))
    where = f"{where}, {method}{nonce[0] if nonce else ''}"
    try:
        proof = decode(from_hex(answer["encoded"]), LeafProof.read)
    except (KeyError, TypeError, Malformed) as error:
        raise Mismatch(where, f"{method}'s encoded", str(error)) from None
    wanted = {"joint_lanes": LaneState, "joint_receipt": Receipt, "joint_proof": Message}[method]
    if not isinstance(proof.leaf, wanted) or (nonce and proof.leaf.nonce != nonce[0]):
        raise Mismatch(where, "the leaf that was asked for", f"it is {proof.leaf}")
    root = block.digest.root(CROSS_CHAIN)
    _compare(where, method, answer, block, root, proof)
    if not proof.holds(chain.identity.domain(CROSS_CHAIN), root):
        raise Mismatch(where, "proof holds", f"it does not lead to the header's cross-chain root {to_hex(root)}")
    return proof


def _compare(where, method, answer, block, root, proof):
    inner = answer.get("leaf")
    found = {**answer, **{f"leaf.{key}": value for key, value in (inner if isinstance(inner, dict) else {}).items()}}
    expected = {
        "block": to_hex(block.hash),
        "number": block.number,
        "root": to_hex(root),
        "index": proof.index,
        "count": proof.count,
        "siblings": [to_hex(sibling) for sibling in proof.siblings],
        **{f"leaf.{key}": value for key, value in shown(proof.leaf).items()},
    }
    for field, value in expected.items():
        if found.get(field) != value:
            raise Mismatch(where, f"{method}'s {field}", f"the answer has {found.get(field)}, expected {value}")


def shown(leaf):
    """A leaf as the joint methods show it: amounts in decimal text."""
    if isinstance(leaf, Message):
        fields = {"kind": "message", "hash": leaf.hash(), "nonce": leaf.nonce, "destination": leaf.destination,
                  "previous": leaf.previous, "acknowledged": leaf.acknowledged,
                  "transfer": {"sender": to_hex(leaf.sender), "recipient": to_hex(leaf.recipient),
                               "amount": str(leaf.amount), "total": str(leaf.total)}}
    elif isinstance(leaf, Receipt):
        fields = {"kind": "receipt", "nonce": leaf.nonce, "message": leaf.message,
                  "outcome": "accepted" if leaf.refusal is None else "refused",
                  "refusal": None if leaf.refusal is None else REFUSALS[leaf.refusal]}
    else:
        fields = {"kind": "state", "sent": leaf.sent, "lastSent": leaf.last_sent, "sentTotal": str(leaf.sent_total),
                  "received": leaf.received, "lastReceived": leaf.last_received,
                  "receivedTotal": str(leaf.received_total)}
    fields["encoded"] = leaf.leaf()
    return {name: to_hex(value) if isinstance(value, bytes) else value for name, value in fields.items()}


def check_outbox(outbox, destination):
    """One chain's leaves against each other: nonces, destination, the chain of hashes, totals, acknowledgements."""
    state, where = outbox.state, outbox.where

    def equal(rule, found, expected):
        if found != expected:
            raise Mismatch(where, rule, f"{_text(found)}, expected {_text(expected)}")

    for side, nonce, last, total in (("sent", state.sent, state.last_sent, state.sent_total),
                                     ("received", state.received, state.last_received, state.received_total)):
        if nonce == 0:
            equal(f"nothing {side} yet", (last, total), (bytes(32), 0))
    # What is known of the message before: nothing, unless there is none.
    hash_, total, acknowledged = (None, None, 0) if outbox.settled else (bytes(32), 0, 0)
    for message in outbox.messages:
        name = f"message {message.nonce}"
        equal(f"{name}: destination", message.destination, destination)
        if hash_ is not None:
            equal(f"{name}: previous is the hash of the message before", message.previous, hash_)
            equal(f"{name}: total is the sum up to it", message.total, total + message.amount)
        if not acknowledged <= message.acknowledged <= min(outbox.settled, message.nonce - 1):
            raise Mismatch(where, f"{name}: acknowledged", f"{message.acknowledged}, after {acknowledged}; "
                           f"{outbox.settled} messages are settled")
        hash_, total, acknowledged = message.hash(), message.total, message.acknowledged
    if outbox.messages:
        equal("last_sent is the hash of the last message", state.last_sent, hash_)
        equal("sent_total is the total of the last message", state.sent_total, total)
    if outbox.receipts:
        equal("last_received is what the last receipt is for", state.last_received, outbox.receipts[-1].message)


def check_status(chain, block, outbox):
    """What `LanesApi_lanes` says, as far as the leaves show it too. Returns the height at which a pause ends, and the
    deficit; None where there is none."""
    def read(reader):
        return LaneState.read(reader), reader.u64(), reader.u64(), reader.option(reader.u32), reader.option(reader.u128)
    state, settled, acknowledged, paused, deficit = state_call(chain.node, "LanesApi_lanes", read, to_hex(block.hash))
    counters = Counters(state.sent, settled, state.received, acknowledged)
    found, expected = (state, counters), (outbox.state, outbox.counters)
    if found != expected:
        raise Mismatch(outbox.where, "LanesApi_lanes agrees with the leaves", f"{found}, the leaves say {expected}")
    return paused, deficit


def check_books(outbox, books):
    """The books in the storage of the same block against the leaves."""
    found = books.counters, books.sent, books.received
    expected = outbox.counters, outbox.state.sent_total, outbox.state.received_total
    if found != expected:
        raise Mismatch(outbox.where, "the peg's books agree with the leaves", f"{found}, the leaves say {expected}")


def take_outboxes(first, second):
    """Both chains' outboxes at their best blocks, as soon as these are a consistent cut."""
    def read():
        for chain in (first, second):
            chain.advance()
        return [read_outbox(chain, chain.best) for chain in (first, second)]
    return take_cut(read)


def check_lane(sender, receiver):
    """One lane on a consistent cut: what was received is what was sent. Returns how many receipts were compared."""
    sent, got, where = sender.state, receiver.state, f"{receiver.where} and {sender.where}"
    if got.received == sent.sent:
        expected = sent.last_sent, sent.sent_total
    else:
        # Not received, so not settled: it is open.
        following = sender.message(got.received + 1)
        expected = following.previous, following.total - following.amount
    if (got.last_received, got.received_total) != expected:
        raise Mismatch(where, f"message {got.received} was received as it was sent",
                       f"received {_text((got.last_received, got.received_total))}, sent {_text(expected)}")
    compared = 0
    for receipt in receiver.receipts:
        if not sender.settled < receipt.nonce <= sent.sent:
            continue
        message = sender.message(receipt.nonce)
        if receipt.message != message.hash():
            raise Mismatch(where, f"receipt {receipt.nonce} is for the message with its nonce",
                           f"{to_hex(receipt.message)}, the message is {to_hex(message.hash())}")
        if receipt.refusal != message.refusal():
            raise Mismatch(where, f"outcome of message {receipt.nonce}",
                           f"{_outcome(receipt.refusal)}, by the rule {_outcome(message.refusal())}")
        compared += 1
    return compared


def check_growth(outboxes):
    """What a chain's lanes say at one block after another, oldest first: nothing goes back."""
    for before, after in zip(outboxes, outboxes[1:]):
        earlier, later = ({**outbox.counters._asdict(), "sent_total": outbox.state.sent_total,
                           "received_total": outbox.state.received_total} for outbox in (before, after))
        for name, value in earlier.items():
            if later[name] < value:
                raise Mismatch(after.where, f"{name} does not go back", f"{later[name]}, {before.where} has {value}")


def _outcome(refusal):
    return "accepted" if refusal is None else f"refused ({REFUSALS[refusal]})"


def _text(value):
    if isinstance(value, tuple):
        return " ".join(map(_text, value))
    return to_hex(value) if isinstance(value, bytes) else str(value)
