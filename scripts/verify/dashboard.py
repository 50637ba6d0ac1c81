#!/usr/bin/env python3
"""Checks the dashboard and the alerts of monitoring/ against a Prometheus that has loaded them.

Without targets: that every query and every rule evaluates, that alerts say what to do and are tested, that the metrics
are those that node and relayer declare. With targets: also that every query has an answer, and that every metric of an
alert is there. scripts/monitoring-check starts the Prometheus.

Exit code 0: all is well. 1: something is wrong, each on a line. 2: Prometheus or a target cannot be asked.
"""

import argparse
import http.client
import json
import math
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple

import promql
from errors import Malformed, Unreachable

TIMEOUT_SECONDS = 30
# How long targets may take to be scraped three times, and then queries to get their first answer: a counter needs two
# scrapes, a block time two blocks.
PATIENCE_SECONDS = 60
SCRAPES = 3
SEVERITIES = {"critical", "warning"}
# Where node and relayer declare their metrics.
SOURCES = ("node/service/src/metrics.rs", "node/service/src/metrics/*.rs", "bridge-relayer/src/metrics.rs")
# Which job serves a metric, by how its name begins: any node, if by none of these.
SERVED_BY = {"relayer_": "bridge-relayer", "gridpeg_market_": "electricity-node"}
MAY_BE_EMPTY = re.compile(r"may be empty: (\S.*)")
WIDTH = 24


class Query(NamedTuple):
    """A query of the dashboard, with its variables put in."""
    where: str
    expression: str
    # Why it may have no answer; empty if it must have one.
    excuse: str


class Prometheus:
    """Prometheus' HTTP API. Raises `Unreachable`, or `Malformed` if it refuses a query."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path, **parameters):
        try:
            url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
            try:
                with self.opener.open(url, timeout=TIMEOUT_SECONDS) as response:
                    answer = json.load(response)
            except urllib.error.HTTPError as error:
                answer = json.load(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(f"no answer from Prometheus at {self.url}: {error}") from None
        if answer["status"] != "success":
            raise Malformed(answer["error"])
        return answer["data"]

    def query(self, expression):
        """The values of an instant query, without those that are no number (0 / 0: nothing to show)."""
        answer = self.get("query", query=expression)
        samples = [answer["result"]] if answer["resultType"] == "scalar" else [it["value"] for it in answer["result"]]
        return [float(value) for _, value in samples if not math.isnan(float(value))]

    def names_of(self, job, instance):
        """The metrics that a target serves."""
        return set(self.get("label/__name__/values", **{"match[]": f'{{job="{job}", instance="{instance}"}}'}))

    def rules(self):
        """All rules, each evaluated at least once."""
        return wait_for("the rules' first evaluation", self._rules, lambda rules: rules and all(
            rule["health"] != "unknown" for rule in rules))

    def _rules(self):
        return [rule for group in self.get("rules")["groups"] for rule in group["rules"]]


def wait_for(what, ask, ready):
    end = time.monotonic() + PATIENCE_SECONDS
    while not ready(answer := ask()):
        if time.monotonic() > end:
            raise Unreachable(f"waited {PATIENCE_SECONDS} s for {what}; Prometheus says: {answer}")
        time.sleep(0.5)
    return answer


def check_layout(dashboard):
    """What an import into Grafana does not complain about, and a reader of the dashboard would."""
    identifiers, taken, row = set(), {}, None
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    if variables != {"datasource", *promql.VARIABLES} - {"__rate_interval"}:
        yield f"the dashboard's variables are {', '.join(sorted(variables))}"
    for panel in dashboard["panels"]:
        title, place = panel["title"], panel["gridPos"]
        if panel["id"] in identifiers:
            yield f"panel {title!r}: its id {panel['id']} is another one's too"
        identifiers.add(panel["id"])
        cells = [(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])]
        over = {taken[cell] for cell in cells if cell in taken}
        if over or place["x"] + place["w"] > WIDTH:
            yield f"panel {title!r} is over the edge or over {', '.join(sorted(over))}"
        taken.update((cell, title) for cell in cells)
        if panel["type"] == "row":
            row = title
            continue
        if row is None or not panel.get("targets"):
            yield f"panel {title!r} is in no row, or has no query"
        if panel["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
            yield f"panel {title!r} does not take the data source that is chosen"
        if not panel.get("description") or not panel["fieldConfig"]["defaults"].get("unit"):
            yield f"panel {title!r} has no description or no unit"
        if "may be empty" in panel.get("description", "") and not MAY_BE_EMPTY.search(panel["description"]):
            yield f"panel {title!r} may be empty, but does not say why"


def queries_of(dashboard):
    row = None
    for panel in dashboard["panels"]:
        row = panel["title"] if panel["type"] == "row" else row
        excuse = MAY_BE_EMPTY.search(panel.get("description", ""))
        for target in panel.get("targets", []):
            yield Query(f"row {row!r}, panel {panel['title']!r}, query {target['refId']}",
                        promql.substitute(target["expr"]), excuse[1] if excuse else "")
    for variable in dashboard["templating"]["list"]:
        asked = re.fullmatch(r"label_values\((.*), (\w+)\)", variable.get("definition", ""))
        if asked:
            yield Query(f"variable {variable['name']!r}", f"group by ({asked[2]}) ({promql.substitute(asked[1])})", "")
        elif variable["type"] == "query":
            raise Malformed(f"variable {variable['name']!r} is no label_values(metric, label)")


def check_evaluation(prometheus, queries, rules):
    """Queries and rules evaluate. With data there is more that can be wrong, such as many series matching many."""
    for query in queries:
        try:
            prometheus.query(query.expression)
        except Malformed as error:
            yield f"{query.where}: {error}: {query.expression}"
    for rule in rules:
        if rule["health"] != "ok":
            yield f"rule {rule['name']}: {rule.get('lastError', rule['health'])}"


def check_rules(rules, tests):
    """Alerts say how bad it is and what to do, and each is shown firing and not firing."""
    groups = re.split(r"(?m)^  - name: ", "\n".join(tests))
    alerts = [rule for rule in rules if rule["type"] == "alerting"]
    if not alerts:
        yield "there are no alerts"
    for alert in alerts:
        name, annotations = alert["name"], alert["annotations"]
        if alert["labels"].get("severity") not in SEVERITIES:
            yield f"alert {name}: its severity is none of {', '.join(sorted(SEVERITIES))}"
        for annotation in ("summary", "description"):
            if not annotations.get(annotation):
                yield f"alert {name} has no {annotation}"
        fires = f'alertname="{name}"'
        evaluations = [part for group in groups if fires in group for part in group.split("eval_time:")[1:]]
        if not any(fires in part for part in evaluations) or all(fires in part for part in evaluations):
            yield f"alert {name}: no test shows it both firing and not firing; write one in monitoring/alerts_test.yml"


def check_sources(known, queries, rules, text):
    """Our own metrics are those that the programs declare, and the dashboard shows each of them."""
    used = [(query.where, query.expression) for query in queries]
    used += [(f"rule {rule['name']}", rule["query"]) for rule in rules]
    for where, expression in used:
        for name in sorted(promql.names(expression)):
            if re.match("(gridpeg|relayer)_", name) and promql.family(name, known) not in known:
                yield f"{where}: neither node nor relayer declares {name}"
    for name in sorted(known):
        if name not in text:
            yield f"metric {name} is not on the dashboard"


def wait_for_scrapes(prometheus, targets):
    """Every target was scraped three times without an error, and no other is there."""
    def scrapes():
        ups = prometheus.get("query", query="sum_over_time(up[10m])")["result"]
        counts = {target_of(up["metric"]): float(up["value"][1]) for up in ups}
        active = prometheus.get("targets")["activeTargets"]
        errors = {target_of(it["labels"]): it["lastError"] for it in active if it["lastError"]}
        return {**counts, **errors}

    def enough(state):
        return set(state) == set(targets) and all(
            isinstance(count, float) and count >= SCRAPES for count in state.values())
    wait_for(f"{SCRAPES} good scrapes of {', '.join(targets)}", scrapes, enough)


def target_of(labels):
    return f"{labels['job']}={labels['instance']}"


def left_out(expression, targets):
    """Whether nothing that was given can answer: no relayer, no node, or none of the chain that has the metric."""
    wanted = next((job for start, job in SERVED_BY.items() if start in expression), "-node")
    if "bridge-relayer" in expression:
        wanted = "bridge-relayer"
    return not any(wanted in target for target in targets)


def serves(target, name):
    """Whether a metric of this name is one that the target should serve."""
    job = target.partition("=")[0]
    return next((job == server for start, server in SERVED_BY.items() if name.startswith(start)),
                job != "bridge-relayer")


def empty_queries(prometheus, queries):
    """The queries without an answer, asked again until none of them has to have one."""
    end, unanswered = time.monotonic() + PATIENCE_SECONDS, list(queries)
    while True:
        unanswered = [query for query in unanswered if not answered(prometheus, query)]
        if all(query.excuse for query in unanswered) or time.monotonic() > end:
            return unanswered
        time.sleep(1)


def answered(prometheus, query):
    try:
        return bool(prometheus.query(query.expression))
    except Malformed:
        # Is reported as that.
        return True


def absence(prometheus, rules, late, targets):
    """A function that says which metrics of an expression a target should serve and does not."""
    recorded = {rule["name"] for rule in rules if rule["type"] == "recording"}
    served = {target: prometheus.names_of(*target.split("=")) for target in targets}

    def absent(expression):
        wanted = promql.names(expression) - recorded - late
        return [f"{name} at {target}" for target in targets for name in sorted(wanted - served[target])
                if serves(target, name)]
    return absent


def check_answers(prometheus, queries, rules, late, targets):
    asked = [query for query in queries if not left_out(query.expression, targets)]
    empty = empty_queries(prometheus, asked)
    absent = absence(prometheus, rules, late, targets)
    used = [(query.where, query.expression) for query in asked]
    for where, expression in used + [(f"rule {rule['name']}", rule["query"]) for rule in rules]:
        unknown = absent(expression)
        if unknown:
            yield f"{where}: no {', '.join(unknown)}: {' '.join(expression.split())}"
    for query in empty:
        if query.excuse:
            print(f"{query.where}: empty, as it may be: {query.excuse}")
        elif not absent(query.expression):
            yield f"{query.where}: empty, though its metrics are there: {query.expression}"
    yield from check_evaluation(prometheus, asked, prometheus.rules())
    print(f"{len(asked) - len(empty)} queries have an answer, {len(empty)} are empty, "
          f"{len(queries) - len(asked)} left out without a target")


def check(root, prometheus, targets):
    """Prints what was checked; returns what is wrong."""
    text = (root / "monitoring/grafana-dashboard.json").read_text()
    dashboard = json.loads(text)
    queries = list(queries_of(dashboard))
    rules = prometheus.rules()
    tests = [file.read_text() for file in sorted((root / "monitoring").glob("*_test.yml"))]
    sources = [file for pattern in SOURCES for file in sorted(root.glob(pattern))]
    known, late = promql.declared(file.read_text() for file in sources)
    problems = [*check_layout(dashboard), *check_evaluation(prometheus, queries, rules), *check_rules(rules, tests),
                *check_sources(known, queries, rules, text)]
    print(f"{len(queries)} queries of {len(dashboard['panels'])} panels and {len(rules)} rules")
    if problems or not targets:
        return problems
    wait_for_scrapes(prometheus, targets)
    return list(check_answers(prometheus, queries, rules, late, targets))


def main():
    parser = argparse.ArgumentParser(description="Check the dashboard and the alerts against a Prometheus.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2], help="the checkout")
    parser.add_argument("--prometheus", metavar="URL", help="a Prometheus that has loaded monitoring/alerts.yml")
    parser.add_argument("--target", metavar="JOB=HOST:PORT", action="append", default=[],
                        help="what it scrapes; all of it must be given")
    parser.add_argument("--self-test", action="store_true", help="check the reading of queries itself")
    options = parser.parse_args()
    try:
        if options.self_test:
            print(f"self-test: {promql.self_test()} held")
            return 0
        if not options.prometheus:
            parser.error("give --prometheus URL, or --self-test")
        problems = check(options.root, Prometheus(options.prometheus), options.target)
    except Malformed as error:
        problems = [str(error)]
    except (OSError, Unreachable) as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"wrong: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
