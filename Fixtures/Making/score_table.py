#!/usr/bin/env python3
"""Shows how well the online score finds attacks in simulated populations, and how well it is calibrated.

  score_table.py --seeds 1 2 [--ringwatch .build/release/ringwatch --folder ringwatch-out/scores]

Makes the population of each seed with population.py, scores it with `ringwatch anomaly stream`, and prints a table.
Days are those of sources from the first attacks on. A false alarm is a day of a source without an attack, its 24 hours
after included; an episode is found by its strangest hour. FA are false alarms a day at the threshold that finds 90 % of
the episodes, R5 and R3 the episodes found at five and three a day. Needs numpy and a minute for each seed.
"""
import argparse
import collections
import csv
import os
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
HOURS_BEFORE_ATTACKS = 96
PROMISED = (0.01, 0.0025, 0.001)


def make(seed, program, folder, more):
    """Rows, labels and scores of a seed, made unless they are there."""
    paths = [os.path.join(folder, f"{name}-{seed}.csv") for name in ("rows", "labels", "scores")]
    rows, labels, scores = paths
    if not os.path.exists(rows):
        subprocess.run([sys.executable, os.path.join(HERE, "population.py"), "--seed", str(seed), "--output", rows,
                        "--labels", labels], check=True)
    subprocess.run([program, "anomaly", "stream", "--input", rows, "--scores", scores, *more], check=True)
    return paths


def read(rows, labels, scores):
    names, sources, hours = {}, [], []
    with open(rows) as file:
        next(file)
        for line in file:
            name, hour, _ = line.split(",", 2)
            sources.append(names.setdefault(name, len(names)))
            hours.append(int(hour))
    with open(labels) as file:
        episodes = [(names.get(row["src"], -1), row["kind"], int(row["first_hour"]), int(row["last_hour"]))
                    for row in csv.DictReader(file)]
    return np.array(sources), np.array(hours), np.loadtxt(scores, skiprows=1), episodes


def judge(sources, hours, scores, episodes):
    days = hours.max() // 24 + 1
    strangest = np.full((sources.max() + 1, days), -1.0)
    used = hours >= HOURS_BEFORE_ATTACKS
    np.maximum.at(strangest, (sources[used], hours[used] // 24), scores[used])
    attacked, shadowed = np.zeros(strangest.shape, bool), np.zeros(strangest.shape, bool)
    found = []
    for source, kind, first, last in episodes:
        attacked[source, first // 24 : last // 24 + 1] = True
        shadowed[source, first // 24 : (last + 23) // 24 + 1] = True
        hit = (sources == source) & (hours >= first) & (hours <= last)
        found.append(scores[hit].max() if hit.any() else -1)
    found, seen = np.array(found), strangest >= 0
    benign = np.sort(strangest[seen & ~shadowed])[::-1]
    length = days - HOURS_BEFORE_ATTACKS // 24
    threshold = np.sort(found)[len(found) // 10]
    missed = collections.Counter(kind for (_, kind, _, _), score in zip(episodes, found) if score <= benign[5 * length])
    return {
        "episodes": len(episodes), "auc": area(strangest[seen & attacked], benign),
        "fa": (benign >= threshold).sum() / length,
        "r5": (found > benign[5 * length]).mean(), "r3": (found > benign[3 * length]).mean(),
        "promised": [(benign > 1 - share).mean() / share for share in PROMISED], "missed": missed,
    }


def area(attacked, benign):
    ordered = np.sort(benign)
    below = np.searchsorted(ordered, attacked, "left") + np.searchsorted(ordered, attacked, "right")
    return below.mean() / 2 / len(ordered)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--ringwatch", default=os.path.join(ROOT, ".build/release/ringwatch"), help="the program")
    parser.add_argument("--folder", default=os.path.join(ROOT, "ringwatch-out/scores"), help="for rows and scores")
    parser.add_argument("stream", nargs="*", help="more options of `anomaly stream`, after --")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    above = " | ".join(f"above {1 - share}" for share in PROMISED)
    print(f"| seed | episodes | AUC of days | FA | R5 | R3 | {above} | missed at five a day |\n|" + "---|" * 10)
    for seed in options.seeds:
        result = judge(*read(*make(seed, options.ringwatch, options.folder, options.stream)))
        times = " | ".join(f"{value:.2f}" for value in result["promised"])
        missed = ", ".join(f"{count} {kind}" for kind, count in sorted(result["missed"].items())) or "none"
        print(f"| {seed} | {result['episodes']} | {result['auc']:.3f} | {result['fa']:.1f} | {result['r5']:.2f} | "
              f"{result['r3']:.2f} | {times} | {missed} |", flush=True)


if __name__ == "__main__":
    main()
