#!/usr/bin/env python3
"""Shows whether the shipped rules find the simulated attacks, and how often they fire at honest traffic.

Attacks: each company for a day with all attacks, for each seed; the order of the attacks, and so their time of day,
differs from seed to seed. Honest days: each company for a week without attacks. Every capture is made by `ringwatch
simulate`, read by `ringwatch run` and judged by `ringwatch score`; this script only adds up and prints.

    Fixtures/Making/detection_table.py                       all of it (six minutes of one core)
    Fixtures/Making/detection_table.py --seeds 1 --days 1 --companies hotel
    Fixtures/Making/detection_table.py --write docs/detection.md    puts the tables between the marks of a page
"""
import argparse
import collections
import datetime
import os
import re
import resource
import shutil
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
# What an operator would configure: how numbers are dialled there.
COUNTRY_CODES = {"small-office": "49", "office-day": "49", "call-centre": "44", "hotel": "43", "international": "31"}
FIRST_DAY = datetime.date(2026, 3, 2)
# Companies whose media are captured as a whole fill a disk in a week: a capture for each day, with people of its own.
WHOLE_MEDIA = {"small-office"}


class Bench:
    """Runs the program and keeps what it said in a folder; what is there already is not made again."""

    def __init__(self, program, folder, makes_more=True):
        self.program, self.folder, self.makes_more = program, folder, makes_more

    def call(self, *words):
        return subprocess.run([self.program, *words], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout

    def run(self, name, company, *options):
        """Simulates a company and lets the rules look at it; gives the folder with labels, metadata and alerts.
        None when it was not made yet and nothing more is to be made."""
        place = os.path.join(self.folder, name)
        if os.path.exists(os.path.join(place, "done")):
            return place
        if not self.makes_more:
            return None
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        configuration = os.path.join(place, "ringwatch.yaml")
        with open(configuration, "w") as file:
            file.write(f'dial_plan: {{country_code: "{COUNTRY_CODES[company]}", national_prefix: "0"}}\nlog: {{types: [alert]}}\n')
        print(name, flush=True)
        self.call("simulate", "--scenario", company, *options, "-o", place)
        capture = os.path.join(place, "capture.pcap")
        self.call("run", "-q", "-r", capture, "-c", configuration, "-S", "rules", "-l", place, "--overwrite",
                  "--geoip", "Fixtures/geoip/countries.mmdb")
        os.remove(capture)
        open(os.path.join(place, "done"), "w").close()
        return place

    def score(self, places):
        """The three tables of `ringwatch score` as lists of rows without their heads."""
        words = ["score"]
        for place in places:
            words += ["--labels", os.path.join(place, "labels.jsonl"), "--eve", os.path.join(place, "eve.json")]
        tables = []
        for block in self.call(*words).strip().split("\n\n"):
            rows = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in block.split("\n")]
            tables.append((rows[0][0], rows[2:]))
        return dict(tables)


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines) + "\n"


def attack_names(bench):
    listing = bench.call("simulate", "--list")
    return [line.split()[0] for line in listing.split("ATTACKS\n")[1].splitlines() if line.strip()]


def users(company):
    with open(os.path.join(ROOT, "Fixtures", "Scenarios", company + ".yaml")) as file:
        return int(re.search(r"^  users: (\d+)", file.read(), re.MULTILINE).group(1))


def readable(seconds):
    seconds = float(seconds.removesuffix(" s"))
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def attacks(bench, companies, seeds):
    names = attack_names(bench)
    places = {}
    for company in companies:
        for number, seed in enumerate(seeds):
            turn = 5 * number % len(names)
            order = ",".join(names[turn:] + names[:turn])
            # Attacked calls are captured as a whole all the same.
            media = ["--media", "10s"] if company in WHOLE_MEDIA else []
            place = bench.run(
                f"attacks-{company}-{seed}", company, "--duration", "24h", "--seed", str(seed), "--attack", order, *media)
            if place:
                places[company, seed] = place
    found = collections.defaultdict(dict)
    for key, place in places.items():
        for row in bench.score([place])["attack"]:
            found[row[0]][key] = row[3] if row[1].startswith("1 ") else None
    total = {row[0]: row for row in bench.score(places.values())["attack"]}
    text = "Found of how many companies, for each seed; times count from the first packet of the attack.\n\n"
    rows = []
    for name in names:
        cells = []
        for seed in seeds:
            hits = [found[name].get((company, seed)) for company in companies if (company, seed) in places]
            cells.append(f"{sum(hit is not None for hit in hits)} of {len(hits)}")
        row = total[name]
        times = [readable(row[3]), readable(row[4])] if row[3] != "–" else ["–", "–"]
        rows.append([f"`{name}`", *cells, row[2], *times, row[5]])
    text += table(["attack", *[f"seed {seed}" for seed in seeds], "recall", "median", "longest", "found by"], rows)
    rows = []
    for company in companies:
        made = [seed for seed in seeds if (company, seed) in places]
        if not made:
            continue
        row = bench.score([places[company, seed] for seed in made])["scenario"][0]
        missed = sorted({name for name in names for seed in made if found[name].get((company, seed)) is None})
        rows.append([f"`{company}`", len(made), row[4], row[5], f"{100 * int(row[5]) / int(row[4]):.1f} %",
                     ", ".join(missed) or "none"])
    return text + table(["company", "days", "attacks", "found", "recall", "missed"], rows)


def honest_days(bench, companies, days, seed):
    text, rules, rows = "", collections.Counter(), []
    total, thousands = 0, 0.0
    expected = collections.Counter()
    for company in companies:
        pieces = [1] * days if company in WHOLE_MEDIA else [days]
        runs, day = [], FIRST_DAY
        for number, length in enumerate(pieces):
            runs.append(bench.run(
                f"honest-{company}-{day}-{length}d", company, "--benign", "--duration", f"{24 * length}h",
                "--seed", str(seed + number), "--start", f"{day}T00:00:00+01:00"))
            day += datetime.timedelta(days=length)
        runs = [run for run in runs if run]
        if not runs:
            continue
        scored = bench.score(runs)
        row = scored["scenario"][0]
        wrong, count, seen = int(row[7]), users(company), round(float(row[2]))
        for rule in scored.get("rule", []):
            rules[rule[0]] += int(rule[3])
            expected[rule[0]] += int(rule[1])
        total += wrong
        thousands += seen * count / 1000
        rows.append([f"`{company}`", count, seen, row[3], int(row[6]) - wrong, wrong, f"{wrong / seen:.2f}",
                     f"{wrong / seen * 1000 / count:.2f}"])
    rows.append(["all", "", "", "", "", total, "", f"{total / max(thousands, 1e-9):.2f}"])
    text += table(["company", "users", "days", "calls", "right alerts", "false alarms", "a day", "a day and 1,000 users"], rows)
    text += table(["rule", "right (honest trouble)", "false"],
                  [[f"`{name}`", expected[name], rules[name]] for name in sorted(rules)])
    return text


def write(path, name, text):
    """Puts a text between `<!-- name -->` and `<!-- /name -->`."""
    with open(path) as file:
        page = file.read()
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if begin not in page or end not in page:
        sys.exit(f"{path} has no marks {begin.strip()} and {end}")
    page = page[:page.index(begin) + len(begin)] + text + page[page.index(end):]
    with open(path, "w") as file:
        file.write(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ringwatch", default=os.path.join(ROOT, ".build/release/ringwatch"), help="the program")
    parser.add_argument("--out", default=os.path.join(ROOT, "ringwatch-out/detection"), help="folder for labels and logs")
    parser.add_argument("--companies", nargs="*", default=list(COUNTRY_CODES), choices=list(COUNTRY_CODES))
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--days", type=int, default=7, help="honest days; 0 for none")
    parser.add_argument("--made", action="store_true", help="only what was made before; nothing is simulated")
    parser.add_argument("--write", metavar="PAGE", help="page whose tables are made anew")
    arguments = parser.parse_args()
    bench = Bench(os.path.realpath(arguments.ringwatch), os.path.realpath(arguments.out), not arguments.made)
    tables = {}
    if arguments.seeds:
        tables["attacks"] = attacks(bench, arguments.companies, arguments.seeds)
    if arguments.days:
        tables["honest days"] = honest_days(bench, arguments.companies, arguments.days, 100)
    for name, text in tables.items():
        if arguments.write:
            write(arguments.write, name, text)
        print(text)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{usage.ru_utime + usage.ru_stime:.0f} s of processor time", file=sys.stderr)


if __name__ == "__main__":
    main()
