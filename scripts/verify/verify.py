#!/usr/bin/env python3
"""Verifies two running Gridpeg chains from docs/protocol.md alone: shares no code with the nodes.

Exit code 0: every check held. 1: a rule is broken. 2: a node cannot be asked.
"""

import argparse
import sys

import selftest
from chain import Chain
from errors import Mismatch, Unreachable
from light_client import check_tip
from messages import check_proofs
from rpc import Node, state_call
from scale import to_hex

SUBTREES = {"electricity": (1, 4), "carbon": (2, 3, 4)}


def verify_headers(chain, blocks):
    parameters = ", ".join(f"{key} {value:#x}" if key == "initial_target" else f"{key} {value}"
                           for key, value in chain.identity.parameters._asdict().items())
    print(f"{chain.name}: genesis {to_hex(chain.identity.genesis)}, {parameters}")
    for group, count in chain.check_headers().items():
        print(f"{chain.name}: {group}: {count} held")
    print(f"{chain.name}: joint_header agrees: {chain.compare_joint_headers(blocks)} blocks")


def verify_messages(chain, destination):
    name, best = chain.name, chain.best
    sent = state_call(chain.node, "LanesApi_sent", lambda reader: reader.u64(), to_hex(best.hash))
    print(f"{name}: cross-chain roots: {best.number} held, {chain.check_cross_chain_roots(sent)} of them empty")
    if not sent:
        print(f"{name}: messages: none sent")
        return 0
    proofs, changed = check_proofs(chain, destination, sent)
    print(f"{name}: messages: {sent} sent, {proofs} proofs hold at block {best.number}, {changed} changed ones do not")
    return proofs


def verify_light_client(chain, followed):
    block = check_tip(chain, followed)
    if block is None:
        print(f"{chain.name}: light client: not anchored")
        return
    replaced = block.number <= followed.best.number and followed.canonical[block.number] is not block
    print(f"{chain.name}: light client: its tip is {followed.name} block {block.number}, "
          f"{'on a recent fork' if replaced else 'on the chain'}, work {block.work}")


def verify(electricity_node, carbon_node, blocks):
    electricity, carbon = (Chain(node.name, node, SUBTREES[node.name]) for node in (electricity_node, carbon_node))
    proofs = 0
    for chain, other in ((electricity, carbon), (carbon, electricity)):
        verify_headers(chain, blocks)
        proofs += verify_messages(chain, other.identity.genesis)
    verify_light_client(carbon, electricity)
    verify_light_client(electricity, carbon)
    print(f"verified: electricity to block {electricity.best.number}, carbon to block {carbon.best.number}, "
          f"{proofs} message proofs")


def main():
    parser = argparse.ArgumentParser(description="Verify two running Gridpeg chains independently of their code.")
    parser.add_argument("--electricity", metavar="URL", help="RPC of an electricity node (ws:// or http://)")
    parser.add_argument("--carbon", metavar="URL", help="RPC of a carbon node (ws:// or http://)")
    parser.add_argument("--blocks", type=int, default=20, metavar="N",
                        help="how many of the newest blocks to compare with joint_header (default 20); "
                             "all headers are checked in any case")
    parser.add_argument("--self-test", action="store_true", help="check the verifier itself, without nodes")
    options = parser.parse_args()
    try:
        if options.self_test:
            selftest.run(verify)
            return 0
        if not options.electricity or not options.carbon or options.blocks < 0:
            parser.error("give --electricity URL and --carbon URL (and --blocks of 0 or more), or --self-test")
        verify(Node("electricity", options.electricity), Node("carbon", options.carbon), options.blocks)
    except Mismatch as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 1
    except Unreachable as error:
        print(f"cannot verify: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
