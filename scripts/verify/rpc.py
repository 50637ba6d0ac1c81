"""JSON-RPC over HTTP POST, which a Substrate node answers on the port of its WebSocket."""

import http.client
import json
import urllib.request

from errors import Malformed, Mismatch, NotOpen, Unreachable
from hashing import twox_128
from scale import decode, from_hex, to_hex

TIMEOUT_SECONDS = 30
SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}

# The error codes of the joint methods that say nothing about the chain, and what to do.
NO_ANSWER = {
    -32100: "the block is unknown to the node; wait for it to be synced",
    -32103: "the node has not kept the block's leaves; ask one that was there when the block was new",
    -32104: "the node failed; see its log",
}
NOT_OPEN = -32102


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
    code = error.get("code") if isinstance(error, dict) else None
    advice = NO_ANSWER.get(code)
    if advice is None:
        return (NotOpen if code == NOT_OPEN else Mismatch)(name, f"{method} answers", asked)
    return Unreachable(f"{name}: {method}: {advice}: {asked}")


def state_call(node, function, read, block_hash, arguments="0x"):
    """The SCALE answer of a runtime call in the state after a block."""
    return _decoded(node, function, node.call("state_call", function, arguments, block_hash), read)


def storage(node, pallet, item, read, block_hash, key=b""):
    """A value in the state after a block; None where there is none. `key` is a map's key, hashed already."""
    place = to_hex(twox_128(pallet.encode()) + twox_128(item.encode()) + key)
    answer = node.call("state_getStorage", place, block_hash)
    return None if answer is None else _decoded(node, f"{pallet}.{item}", answer, read)


def _decoded(node, what, answer, read):
    try:
        return decode(from_hex(answer), read)
    except Malformed as error:
        raise Mismatch(node.name, f"{what} decodes", f"{error}, in {answer}") from None
