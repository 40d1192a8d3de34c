#!/usr/bin/env python3
"""What a run allocates for each packet: the whole of a capture less its first half, by call site.

    Tests/Lab/allocations.py .build/release/ringwatch reference.pcap -S rules [-c CONFIG …]

What is allocated at the start and while tables grow for the first time drops out as far as it comes in the first
half; the end of the run is in both. Needs gcc, nm and tcpdump; what stands behind the capture goes to `run`.
"""
import bisect
import collections
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# Frames that only say that memory is taken.
PLUMBING = re.compile(
    r"malloc|calloc|realloc|count|posix_memalign|aligned_alloc|swift_(slow)?[aA]lloc|swift_init|swift::|"
    r"(specialized )?(static )?(_?ContiguousArray|_?ArrayBuffer|Array|_Native|_DictionaryStorage|_StringGuts)")


class Symbols:
    def __init__(self, maps):
        self.maps, self.tables = [], {}
        for line in maps:
            part = line.split()
            if len(part) > 5 and part[5].startswith("/"):
                low, high = (int(number, 16) for number in part[0].split("-"))
                self.maps.append((low, high, low - int(part[2], 16), part[5]))

    def table(self, path):
        if path not in self.tables:
            rows = []
            for flags in (["-n"], ["-n", "-D"]):
                text = subprocess.run(["nm", *flags, path], capture_output=True, text=True).stdout
                rows += [(int(p[0], 16), p[2]) for p in map(str.split, text.splitlines())
                         if len(p) == 3 and p[1] in "tTwWi"]
            rows.sort()
            self.tables[path] = ([row[0] for row in rows], [row[1] for row in rows])
        return self.tables[path]

    def name(self, address):
        for low, high, _, path in self.maps:
            if low <= address < high:
                base = min(entry[2] for entry in self.maps if entry[3] == path)
                starts, names = self.table(path)
                at = bisect.bisect_right(starts, address - 1 - base) - 1
                return names[at] if at >= 0 else path
        return hex(address)


def demangled(names):
    names = sorted(names)
    text = subprocess.run(
        ["swift-demangle", "--compact", "--simplified"], input="\n".join(names), capture_output=True, text=True)
    return dict(zip(names, text.stdout.split("\n")))


def run(shim, program, capture, arguments, folder):
    """Allocations by the three innermost functions that are more than plumbing."""
    out = os.path.join(folder, "allocations")
    environment = dict(os.environ, LD_PRELOAD=shim, ALLOCATIONS=out)
    subprocess.run(
        [program, "run", "-q", "-r", capture, "-l", os.path.join(folder, "log"), "--overwrite", *arguments],
        env=environment, check=True, stderr=subprocess.DEVNULL)
    lines = open(out).read().split("--\n")
    symbols = Symbols(lines[0].splitlines())
    rows = [[int(number, 0) for number in line.split()] for line in lines[1].splitlines()]
    stacks = [(row[0], [symbols.name(address) for address in row[2:]]) for row in rows]
    words = demangled({name for _, stack in stacks for name in stack})
    counts = collections.Counter()
    for count, stack in stacks:
        named = [words[name] for name in stack]
        counts[" < ".join([name for name in named if not PLUMBING.match(name)][:3])] += count
    return counts


def packets(capture):
    text = subprocess.run(["tcpdump", "-nr", capture, "--count"], capture_output=True, text=True)
    return int(re.search(r"\d+", text.stdout + text.stderr.split("\n")[-2])[0])


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, capture, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        shim, half = os.path.join(folder, "allocations.so"), os.path.join(folder, "half.pcap")
        subprocess.run(
            ["gcc", "-O2", "-fno-omit-frame-pointer", "-shared", "-fPIC", "-o", shim,
             os.path.join(HERE, "allocations.c")], check=True)
        number = packets(capture)
        subprocess.run(["tcpdump", "-nr", capture, "-c", str(number // 2), "-w", half],
                       check=True, stderr=subprocess.DEVNULL)
        first = run(shim, program, half, arguments, folder)
        whole = run(shim, program, capture, arguments, folder)
    whole.subtract(first)
    more = sum(count for count in whole.values())
    print(f"{more} allocations for {number - number // 2} packets: {more / (number - number // 2):.4f} each")
    for site, count in sorted(whole.items(), key=lambda entry: -entry[1])[:20]:
        if count > 0:
            print(f"{count:9}  {site}")


main()
