"""What a query of the dashboard or an alert's expression is made of: Grafana's variables and the metrics' names."""

import re

from errors import Malformed

# What Grafana puts in, with "All" chosen and a panel of a few minutes.
VARIABLES = {"__rate_interval": "15s", "chain": ".*", "instance": ".*", "relayer": ".*"}
VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")
STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`')
SELECTOR = re.compile(r"\{[^}]*\}|\[[^\]]*\]|#[^\n]*")
LABELS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
# Not a function, which has a parenthesis after it, nor the unit of a duration, which has a digit before it.
NAME = re.compile(r"(?<![\w.:])[A-Za-z_:][\w:]*(?![\w:]|\s*\()")
WORDS = {"and", "or", "unless", "bool", "offset", "group_left", "group_right", "inf", "nan"}
HISTOGRAM = re.compile(r"_(?:bucket|sum|count)$")
# A metric in the sources; a labelled one has no series before its first value.
DECLARED = re.compile(r'((?:Counter|Gauge)Vec(?:::<\w+>)?::new\(\s*Opts::new\(\s*)?"((?:gridpeg|relayer)_\w+)"')


def substitute(text):
    """The text with Grafana's variables put in."""
    def value(match):
        name = match[1] or match[2]
        if name not in VARIABLES:
            raise Malformed(f"${name} is no variable of the dashboard")
        return VARIABLES[name]
    return VARIABLE.sub(value, text)


def names(expression):
    """The metrics that an expression reads."""
    for pattern in (STRING, SELECTOR, LABELS):
        expression = pattern.sub(" ", expression)
    return {name for name in NAME.findall(expression) if name.lower() not in WORDS}


def declared(sources):
    """The metrics that Rust sources declare, and those of them that may have no series yet."""
    found = [match.groups() for source in sources for match in DECLARED.finditer(source)]
    return {name for _, name in found}, {name for labelled, name in found if labelled}


def family(name, known):
    """The metric that a series belongs to: a histogram has three series."""
    return name if name in known else HISTOGRAM.sub("", name)


def self_test():
    examples = {
        "time() - a_b{c=\"}d\", e=~'f'} > 10 * g": {"a_b", "g"},
        "sum by (le) (rate(h_bucket[5m] offset 1d)) or i:j:k unless on (z) group_left () l": {"h_bucket", "i:j:k", "l"},
        "increase(m[1h:15s]) >= bool 1e5 # n\n and ignoring(o) p == 0": {"m", "p"},
        "histogram_quantile(0.5, q) / Inf + max without (r) (s) ^ .5": {"q", "s"},
        "count (up) by (instance)": {"up"},
    }
    for expression, expected in examples.items():
        if names(expression) != expected:
            raise Malformed(f"{expression}: {names(expression)} are not its metrics")
    if substitute('a{b=~"$chain"}[$__rate_interval] + ${instance:regex}') != 'a{b=~".*"}[15s] + .*':
        raise Malformed("variables are not put in")
    try:
        substitute("$other")
    except Malformed:
        pass
    else:
        raise Malformed("an unknown variable is put in")
    sources = ['Gauge::new("relayer_a", "A relayer_b")', 'CounterVec::new(\n Opts::new("gridpeg_c", "C"), &["d"])',
               'GaugeVec::<U64>::new(Opts::new("gridpeg_e", "E"), &["d"])']
    if declared(sources) != ({"relayer_a", "gridpeg_c", "gridpeg_e"}, {"gridpeg_c", "gridpeg_e"}):
        raise Malformed(f"{declared(sources)} are not what the sources declare")
    if family("a_count", {"a_count"}) != "a_count" or family("a_count", {"a"}) != "a":
        raise Malformed("a histogram's series are not its own")
    return len(examples) + 5
