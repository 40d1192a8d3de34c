#!/usr/bin/env python3
"""Measures what scores cost for very many sources: CPU time an event, and memory.

  score_cost.py [--sources 1000000 --hours 3 --ringwatch .build/release/ringwatch]

Writes a capture in which each source sends one OPTIONS an hour, with an account of its own, and runs it without
scores, with the limits as they are by default, and with limits for all of them. The difference of the CPU times by
the events (requests) is what scores cost; the closing of the hours is in it. Takes 0.5 GB of disk for a million
sources and three hours, and some minutes.
"""
import argparse
import json
import os
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "..", ".."))
START = 1_772_409_600  # Monday, 2026-03-02 00:00 UTC
BRANCH, USER = b"z9hG4bK-", b"u"


def write(path, sources, hours):
    gap = 3_600_000_000 // sources
    with open(path, "wb", 1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for hour in range(hours):
            for source in range(sources):
                number = b"%d-%d" % (hour, source)
                text = (b"OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=" + BRANCH + number
                        + b"\r\nFrom: <sip:" + USER + b"%d@example.com>;tag=1\r\nTo: <sip:example.com>\r\nCall-ID: " % source
                        + number + b"\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n")
                address = struct.pack("!I", 0x0A000000 + source)
                packet = (b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
                          + struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(text), 0, 0x4000, 64, 17, 0) + address
                          + b"\xc0\0\x02\x0a" + struct.pack("!HHHH", 5060, 5060, 8 + len(text), 0) + text)
                micros = hour * 3_600_000_000 + source * gap
                file.write(struct.pack("<IIII", START + micros // 1_000_000, micros % 1_000_000, len(packet), len(packet)))
                file.write(packet)


def run(program, capture, settings):
    with tempfile.TemporaryDirectory() as folder:
        configuration = os.path.join(folder, "ringwatch.yaml")
        with open(configuration, "w") as file:
            file.write("log: {types: [stats]}\nscores: " + json.dumps(settings) + "\n")
        words = [program, "run", "-q", "-r", capture, "-c", configuration, "-S", "rules", "-l", folder, "--overwrite"]
        process = subprocess.Popen(words, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(words)} failed")
        with open(os.path.join(folder, "eve.json")) as file:
            stats = json.loads(list(file)[-1])["stats"]
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, stats


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1_000_000)
    parser.add_argument("--hours", type=int, default=3)
    parser.add_argument("--ringwatch", default=os.path.join(ROOT, ".build/release/ringwatch"), help="the program")
    parser.add_argument("--capture", default=os.path.join(ROOT, "ringwatch-out/score-cost.pcap"), help="where it goes")
    options = parser.parse_args()
    os.makedirs(os.path.dirname(options.capture), exist_ok=True)
    if not os.path.exists(options.capture):
        write(options.capture, options.sources, options.hours)
    events = options.sources * options.hours
    print("| limits | CPU s | µs an event more | resident MB | entities | their memory MB |\n|---|---|---|---|---|---|")
    cases = [("no scores", {"enabled": False}), ("as by default", {}), (f"{options.sources}", {"entities": options.sources})]
    least = None
    for name, settings in cases:
        cpu, memory, stats = run(options.ringwatch, options.capture, settings)
        least = cpu if least is None else least
        tables = [stats["features"][table] for table in ("sources", "accounts")]
        tables += [stats["scores"][table] for table in ("entities", "day_rows")]
        entities = tables[0]["active"] + tables[1]["active"]
        print(f"| {name} | {cpu:.1f} | {(cpu - least) / events * 1e6:.2f} | {memory:.0f} | {entities} | "
              f"{sum(table['memuse'] for table in tables) / 1e6:.0f} |", flush=True)


if __name__ == "__main__":
    main()
