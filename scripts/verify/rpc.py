"""JSON-RPC over HTTP POST, which a Substrate node answers on the port of its WebSocket."""

import http.client
import json
import urllib.request

from errors import Malformed, Mismatch, Unreachable
from scale import decode, from_hex

TIMEOUT_SECONDS = 30
SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}

# The error codes of joint_header and joint_proof that say nothing about the chain, and what to do.
NO_ANSWER = {
    -32100: "the block is unknown to the node; wait for it to be synced",
    -32103: "the block's state is pruned; ask a node with --state-pruning archive",
    -32104: "the node failed; see its log",
}


class Node:
    """One node. `call` raises `Unreachable`, or `Mismatch` if the node answers with an error."""

    def __init__(self, name, url):
        scheme, separator, rest = url.partition("://")
        if not separator or not rest or scheme not in SCHEMES:
            raise Unreachable(f"{name}: {url!r} is no node's URL: it must start with {'://, '.join(SCHEMES)}://")
        self.name = name
        self.url = f"{SCHEMES[scheme]}://{rest}"
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method, *params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        try:
            request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
            with self.opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                answer = json.load(response)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(f"{self.name}: no JSON-RPC answer from {self.url}: {reason}. "
                              "Is the node running and is this its RPC port?") from None
        if not isinstance(answer, dict) or not ("error" in answer or "result" in answer):
            raise Unreachable(f"{self.name}: {self.url} answers, but not as a JSON-RPC node")
        if answer.get("error") is not None:
            raise refusal(self.name, method, params, answer["error"])
        return answer["result"]


def refusal(name, method, params, error):
    """What an error answer means: the node cannot be asked this now, or it breaks the protocol."""
    asked = f"{json.dumps(params)} gave {error}"
    advice = NO_ANSWER.get(error.get("code")) if isinstance(error, dict) else None
    if advice is None:
        return Mismatch(name, f"{method} answers", asked)
    return Unreachable(f"{name}: {method}: {advice}: {asked}")


def state_call(node, function, read, block_hash):
    """The SCALE answer of a runtime call without arguments in the state after a block."""
    answer = node.call("state_call", function, "0x", block_hash)
    try:
        return decode(from_hex(answer), read)
    except Malformed as error:
        raise Mismatch(node.name, f"{function} decodes", f"{error}, in {answer}") from None
