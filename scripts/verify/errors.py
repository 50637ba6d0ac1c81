"""What can go wrong: a chain that breaks a rule, or a node that cannot be asked."""


class Malformed(ValueError):
    """Bytes or JSON that do not have the shape the protocol gives them."""


class Mismatch(Exception):
    """A rule of the protocol that a chain or a node's answer breaks."""

    def __init__(self, where, rule, detail):
        super().__init__(f"{where}: rule broken: {rule}: {detail}")
        self.rule = rule


class NotOpen(Mismatch):
    """A message or receipt that the node says is not among the leaves at a block."""


class Unreachable(Exception):
    """A node that does not answer, or not as a JSON-RPC node."""
