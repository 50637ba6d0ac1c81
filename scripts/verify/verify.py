#!/usr/bin/env python3
"""Verifies two running Gridpeg chains from docs/protocol.md alone: shares no code with the nodes.

Exit code 0: every check held. 1: a rule is broken. 2: a node cannot be asked.
"""

import argparse
import sys

import ancestors
import lanes
import light_client
import market
import selftest
import supply
from chain import Chain
from errors import Mismatch, Unreachable
from rpc import Node
from scale import to_hex

SUBTREES = {"electricity": (1, 4), "carbon": (2, 3, 4)}
# Blocks, besides the best, at which the cross-chain tree is rebuilt.
SAMPLED_BLOCKS = 5


def verify_headers(chain, blocks):
    parameters = ", ".join(f"{key} {value:#x}" if key == "initial_target" else f"{key} {value}"
                           for key, value in chain.identity.parameters._asdict().items())
    print(f"{chain.name}: genesis {to_hex(chain.identity.genesis)}, {parameters}")
    for group, count in chain.check_headers().items():
        print(f"{chain.name}: {group}: {count} held")
    if not chain.best.number:
        raise Unreachable(f"{chain.name}: there is only the genesis block yet; wait for a block")
    print(f"{chain.name}: joint_header agrees: {chain.compare_joint_headers(blocks)} blocks")


def verify_market(chain):
    """The market's leaves of all blocks. Returns how many trades there are."""
    found = market.check(chain)
    whole = sum(book.is_settled for book in found.books.values())
    print(f"{chain.name}: PvTrading roots: rebuilt from their leaves at {found.blocks} blocks: {len(found.books)} "
          f"prices, {found.trades} trades of {len(found.numbers)} accounts, {found.settled} Wh settled")
    print(f"{chain.name}: accounts' trades are numbered without gaps; {whole} books are settled, at the price that was "
          "committed")
    return found.trades


def verify_lanes(chain, outbox, destination):
    """One chain's lanes at its best block, and at blocks all over the chain. Returns how many proofs hold."""
    name, best = chain.name, chain.best
    sampled = chain.sample(SAMPLED_BLOCKS)
    earlier = [lanes.read_outbox(chain, block) for block in sampled if block is not best]
    for each in (*earlier, outbox):
        lanes.check_outbox(each, destination)
    lanes.check_growth([*earlier, outbox])
    paused, deficit = lanes.check_status(chain, best, outbox)
    changed = lanes.check_changed_proofs(chain, best, outbox)
    proofs = sum(len(each.proofs) for each in (*earlier, outbox))
    counters = ", ".join(f"{value} {key}" for key, value in outbox.counters._asdict().items())
    print(f"{name}: lanes at block {best.number}: {counters}"
          f"{'' if paused is None else f', paused until block {paused}'}"
          f"{'' if deficit is None else f', a deficit of {deficit} units'}")
    print(f"{name}: cross-chain roots: rebuilt from their leaves at {len(earlier) + 1} blocks, {proofs} proofs hold, "
          f"{changed} changed ones do not")
    return proofs


def verify_light_client(chain, followed):
    following = light_client.check(chain, followed)
    if following is None:
        print(f"{chain.name}: light client: not anchored")
        return followed.best
    tip, confirmed = following.tip, following.confirmed
    replaced = tip.number <= followed.best.number and followed.canonical[tip.number] is not tip
    print(f"{chain.name}: light client: its tip is {followed.name} block {tip.number}, "
          f"{'on a recent fork' if replaced else 'on the chain'}, work {tip.work}")
    if confirmed is None:
        print(f"{chain.name}: light client: no header has the work above it, {following.needed}, that confirms it")
        return followed.best
    print(f"{chain.name}: light client: {followed.name} block {confirmed.number} is the highest confirmed: work above "
          f"{tip.work - confirmed.work}, needed {following.needed}")
    # Of a block on a fork this verifier has no ancestors at hand.
    return confirmed if followed.canonical[confirmed.number] is confirmed else followed.best


def verify_ancestors(chain, of):
    """Proofs against a header that the other chain has confirmed, as they would be delivered there."""
    proofs, changed = ancestors.check_ancestors(chain, of)
    print(f"{chain.name}: ancestors of block {of.number}: {proofs} proofs hold, {changed} changed ones do not")
    return proofs


def print_supply(electricity, carbon, terms):
    print("\n".join(terms.lines()))
    print(f"supply: {terms.verdict()}, at {electricity.where} and {carbon.where}")


def verify_supply(electricity, carbon):
    """The books of the two chains at their best blocks, which are a consistent cut."""
    books = []
    for chain, escrow in ((electricity, True), (carbon, False)):
        books.append(supply.read_books(chain.node, chain.best.hash, chain.best.number, escrow))
        supply.check_peg_state(chain.node, chain.best.hash, books[-1], escrow)
    print_supply(*books, supply.check(*books))
    return books


def open_chain(node):
    return Chain(node.name, node, SUBTREES[node.name])


def verify_electricity(node, blocks, least_trades):
    """The electricity chain alone: headers and market."""
    chain = open_chain(node)
    verify_headers(chain, blocks)
    trades = verify_market(chain)
    if trades < least_trades:
        raise Mismatch(chain.name, "trades that must be there", f"{trades} are committed, not {least_trades}")
    print(f"verified: electricity to block {chain.best.number}, {trades} trades")


def verify(electricity_node, carbon_node, blocks):
    electricity, carbon = map(open_chain, (electricity_node, carbon_node))
    for chain in (electricity, carbon):
        verify_headers(chain, blocks)
    trades = verify_market(electricity)
    outboxes = lanes.take_outboxes(electricity, carbon)
    proofs = 0
    for chain, other, outbox in zip((electricity, carbon), (carbon, electricity), outboxes):
        proofs += verify_lanes(chain, outbox, other.identity.genesis)
    compared = sum(lanes.check_lane(*pair) for pair in (outboxes, outboxes[::-1]))
    print(f"lanes: what is received is what was sent, both ways; {compared} receipts of open messages are right")
    for chain, followed in ((carbon, electricity), (electricity, carbon)):
        proofs += verify_ancestors(followed, verify_light_client(chain, followed))
    for chain, outbox, books in zip((electricity, carbon), outboxes, verify_supply(electricity, carbon)):
        lanes.check_books(outbox, books)
    print(f"verified: electricity to block {electricity.best.number}, carbon to block {carbon.best.number}, "
          f"{proofs} proofs, {trades} trades, the supply equation")


def main():
    parser = argparse.ArgumentParser(description="Verify two running Gridpeg chains independently of their code.")
    parser.add_argument("--electricity", metavar="URL", help="RPC of an electricity node (ws:// or http://)")
    parser.add_argument("--carbon", metavar="URL", help="RPC of a carbon node (ws:// or http://)")
    parser.add_argument("--blocks", type=int, default=20, metavar="N",
                        help="how many of the newest blocks to compare with joint_header (default 20); "
                             "all headers are checked in any case")
    parser.add_argument("--supply", action="store_true",
                        help="only the supply equation, from raw storage at both best blocks")
    parser.add_argument("--market", type=int, metavar="TRADES",
                        help="only the electricity chain, without --carbon: its headers and the market's leaves, at "
                             "least so many trades among them")
    parser.add_argument("--self-test", action="store_true", help="check the verifier itself, without nodes")
    options = parser.parse_args()
    try:
        if options.self_test:
            selftest.run(verify)
            return 0
        if options.market is not None and options.electricity and not options.carbon and options.blocks >= 0:
            verify_electricity(Node("electricity", options.electricity), options.blocks, options.market)
            return 0
        if not options.electricity or not options.carbon or options.blocks < 0 or options.market is not None:
            parser.error("give --electricity URL and --carbon URL (and --blocks of 0 or more), or --electricity URL "
                         "and --market TRADES, or --self-test")
        nodes = Node("electricity", options.electricity), Node("carbon", options.carbon)
        if options.supply:
            print_supply(*supply.read_supply(*nodes))
        else:
            verify(*nodes, options.blocks)
    except Mismatch as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 1
    except Unreachable as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
