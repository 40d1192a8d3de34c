#!/usr/bin/env python3
"""Judges the lab.

judge.py scenario EXPECTATIONS RESULTS NAME BEGAN BROKEN: one scenario, from the logs of its live and its file run.
judge.py table EXPECTATIONS RESULTS: the table of all; exit code 1 when an expectation failed.
"""
import configparser
import datetime
import json
import os
import sys

SEVERITIES = {1: "high", 2: "medium", 3: "low", 4: "info"}


def expectation(path, name):
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.read(path, encoding="utf-8")
    section = parser[name]
    allowed = dict(line.split(": ", 1) for line in section.get("allow", "").strip().splitlines())
    return {"name": name, "what": section["what"], "benign": section.get("kind") == "benign", "allow": allowed,
            "expect": section.get("expect", "").split(), "shows": section.get("shows", "").split(),
            "blame": section.get("blame")}


def seconds(timestamp):
    return datetime.datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp()


def alerts(folder):
    """Each alert of a log: rule, severity, time, the addresses it names, and what must agree between two runs."""
    found = []
    with open(os.path.join(folder, "eve.json"), encoding="utf-8") as log:
        for line in log:
            event = json.loads(line)
            if event["event_type"] != "alert":
                continue
            context = event["alert"]["context"]
            group = context.get("group", {})
            names = {str(value) for value in group.values()} | {event.get("src_ip"), event.get("dest_ip")}
            group.pop("call.id", None)                 # a number that each run draws anew
            same = [context["rule"], event["timestamp"], event.get("src_ip"), event.get("dest_ip"), group, context.get("count")]
            found.append({"rule": context["rule"], "severity": SEVERITIES[event["alert"]["severity"]],
                          "time": seconds(event["timestamp"]), "names": names, "same": json.dumps(same, sort_keys=True)})
    return found


def attack_began(folder, began):
    """When the attackers' first packet after `began` passed: starting a tool is no time to detect. Forged addresses
    cannot be told, so `began` is taken then."""
    times = []
    with open(os.path.join(folder, "eve.json"), encoding="utf-8") as log:
        for event in map(json.loads, log):
            if event.get("src_ip", "").startswith(("198.51.100.", "198.18.")):
                times.append(seconds(event["flow"]["start"] if event["event_type"] == "flow" else event["timestamp"]))
    return min((time for time in times if time >= began), default=began)


def happened(folder):
    """What a log says of calls, registrations and media, as `call.held` and `call.cause=busy`."""
    seen = set()
    with open(os.path.join(folder, "eve.json"), encoding="utf-8") as log:
        for event in map(json.loads, log):
            kind = event["event_type"]
            if kind in ("call", "registration", "rtp"):
                seen.add(f"{kind}.{event[kind]['event']}")
                seen.update(f"{kind}.{key}={event[kind][key]}" for key in ("cause", "reason") if key in event[kind])
    return seen


def packets(folder):
    with open(os.path.join(folder, "eve.json"), encoding="utf-8") as log:
        stats = [event for event in map(json.loads, log) if event["event_type"] == "stats"]
    return stats[-1]["stats"]["decoder"]["pkts"]


def faults(wanted, live, file, seen, broken):
    """Everything that is not as it must be, in words."""
    fired = {alert["rule"] for alert in live}
    for rule in wanted["expect"]:
        if rule not in fired:
            yield f"{rule} did not fire"
        elif wanted["blame"] and not any(wanted["blame"] in a["names"] for a in live if a["rule"] == rule):
            yield f"{rule} does not name {wanted['blame']}"
    for rule in sorted(fired - set(wanted["expect"]) - set(wanted["allow"])):
        yield f"{rule} fired unasked"
    if wanted["benign"]:
        for alert in live:
            if alert["severity"] in ("high", "medium"):
                yield f"{alert['rule']} is {alert['severity']}"
    for word in wanted["shows"]:
        if word not in seen:
            yield f"{word} was not seen, so the scenario shows nothing"
    if sorted(a["same"] for a in live) != sorted(a["same"] for a in file):
        yield "live and file differ"
    if broken:
        yield f"the parties failed in {broken}"


def judge(expectations, results, name, began, broken):
    wanted = expectation(expectations, name)
    folder = os.path.join(results, name)
    live, file = alerts(os.path.join(folder, "live")), alerts(os.path.join(folder, "file"))
    what_broke = " ".join(sorted(set(open(broken).read().split()))) if os.path.exists(broken) else ""
    first, start = {}, attack_began(os.path.join(folder, "file"), float(began))
    for alert in live:
        entry = first.setdefault(alert["rule"], {"severity": alert["severity"], "count": 0, "after": alert["time"] - start})
        entry["count"] += 1
        entry["after"] = min(entry["after"], alert["time"] - start)
    verdict = {"name": name, "packets": packets(os.path.join(folder, "file")), "fired": first,
               "same": sorted(a["same"] for a in live) == sorted(a["same"] for a in file),
               "faults": sorted(set(faults(wanted, live, file, happened(os.path.join(folder, "file")), what_broke)))}
    with open(os.path.join(folder, "verdict.json"), "w", encoding="utf-8") as file:
        json.dump(verdict, file, indent=1)
    print(f"{'ok    ' if not verdict['faults'] else 'FAILED'} {name}: {'; '.join(verdict['faults']) or fired_text(first, wanted)}", flush=True)


def fired_text(fired, wanted):
    """Rules in the order in which they fired, each with the seconds that it took; those only allowed in brackets."""
    texts = []
    for rule, entry in sorted(fired.items(), key=lambda item: item[1]["after"]):
        text = f"{rule} {max(entry['after'], 0):.2f} s"
        texts.append(text if rule in wanted["expect"] else f"({text})")
    return ", ".join(texts) or "silent"


def table(expectations, results):
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.read(expectations, encoding="utf-8")
    lines, failed, reasons, benign_alerts = [], 0, {}, 0
    lines += ["| scenario | what happens | packets | must fire | fired, after | live = file | verdict |",
              "|---|---|---:|---|---|---|---|"]
    for name in parser.sections():
        path = os.path.join(results, name, "verdict.json")
        if not os.path.exists(path):
            continue
        wanted = expectation(expectations, name)
        with open(path, encoding="utf-8") as file:
            verdict = json.load(file)
        failed += bool(verdict["faults"])
        for rule in verdict["fired"]:
            if rule in wanted["allow"]:
                reasons[f"{name}, {rule}"] = wanted["allow"][rule]
        benign_alerts += wanted["benign"] and sum(entry["count"] for entry in verdict["fired"].values())
        lines.append(f"| {name} | {wanted['what']} | {verdict['packets']} | {' '.join(wanted['expect']) or 'nothing'} | "
                     f"{fired_text(verdict['fired'], wanted)} | {'yes' if verdict['same'] else 'NO'} | "
                     f"{'ok' if not verdict['faults'] else 'FAILED: ' + '; '.join(verdict['faults'])} |")
    lines += ["", f"{len(lines) - 2} scenarios, {failed} failed; {benign_alerts} alerts in ordinary traffic."]
    if reasons:
        lines += ["", "Alerts in brackets were not asked for and are allowed:"]
        lines += [f"- {place}: {reason}" for place, reason in reasons.items()]
    text = "\n".join(lines) + "\n"
    with open(os.path.join(results, "summary.md"), "w", encoding="utf-8") as file:
        file.write(text)
    print("\n" + text, end="")
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1] == "scenario":
        judge(*sys.argv[2:])
    else:
        raise SystemExit(table(*sys.argv[2:]))
