#!/usr/bin/env python3
"""Which shipped rules fire at the capture files below a folder, and how often: what docs/detection.md judges.

    Fixtures/Making/alerts_of_captures.py ../shared/captures [ringwatch]
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
ENDINGS = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".dmp", ".trace")
MAGIC = {b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a"}


def captures(folder):
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(path, name)
            with open(full, "rb") as file:
                if name.endswith(ENDINGS) or file.read(4) in MAGIC:
                    yield full


def alerts(program, capture, place):
    with open(os.path.join(place, "ringwatch.yaml"), "w") as file:
        file.write("log: {types: [alert]}\n")
    done = subprocess.run(
        [program, "run", "-q", "-r", capture, "-c", file.name, "-S", os.path.join(ROOT, "rules"), "-l", place, "--overwrite"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300)
    if done.returncode not in (0, 1):
        print(f"{capture}: exit code {done.returncode}: {done.stderr.strip()}", file=sys.stderr)
    try:
        with open(os.path.join(place, "eve.json")) as file:
            return [json.loads(line) for line in file]
    except FileNotFoundError:
        return []


def main():
    folder = sys.argv[1]
    program = sys.argv[2] if len(sys.argv) > 2 else os.path.join(ROOT, ".build/release/ringwatch")
    found, files = collections.defaultdict(collections.Counter), 0
    with tempfile.TemporaryDirectory() as place:
        for capture in captures(folder):
            files += 1
            for alert in alerts(program, capture, place):
                found[alert["alert"]["context"]["rule"]][os.path.relpath(capture, folder)] += 1
    for rule in sorted(found):
        print(f"{rule}: {sum(found[rule].values())} in {len(found[rule])} files")
        for capture, count in sorted(found[rule].items()):
            print(f"    {count:4} {capture}")
    print(f"{files} files, {sum(map(lambda each: sum(each.values()), found.values()))} alerts of {len(found)} rules")


if __name__ == "__main__":
    main()
