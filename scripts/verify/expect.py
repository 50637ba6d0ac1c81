"""What the self-test expects."""

from errors import Malformed, Mismatch


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
