#!/usr/bin/env python3
"""Makes a population of sources with attackers among them, as hourly feature rows.

  population.py --seed 1 --output rows.csv --labels labels.csv [--sources 2000 --days 14]

rows.csv is what `ringwatch anomaly stream` reads; labels.csv has one line an attack episode
(src,kind,first_hour,last_hour). Hour 0 is Monday 00:00. Needs numpy.

Eight kinds of users: homes, small offices, large offices, call centres, round-the-clock houses (hospitals,
hotels), trunks, mobile softphones, machines (alarms, fax, monitors). They have days and weekends, a holiday,
campaigns, two outages, new hires, sources that come later. 2 % attack: toll fraud at night, wangiri,
password guessing and scanning both fast and slow, slow low-rate fraud, account takeover, trunk fraud.
"""
import argparse
import csv

import numpy as np

FEATURES = (
    "sip_msgs invites registers options auth_fail resp_404 fail_5xx minutes rtp_pkts distinct_callees "
    "distinct_prefixes prefix_entropy intl_share premium_share asr ner acd short_share cancel_share "
    "newcallee_share max_concurrent iat_cv pdd_ms ua_count new_ua new_country oneway_share rtp_sip_log "
    "auth_fail_ratio"
).split()

# kind: share of sources, calls in a busy hour (median, sigma), profile, registers an hour, options an hour,
# answered, network failures, international, premium, seconds a call, short, cancelled, new callees
KINDS = {
    "home": (0.40, 0.5, 0.7, "evening", 1.0, 0.0, 0.72, 0.015, 0.03, 0.002, 180, 0.10, 0.10, 0.15),
    "small office": (0.20, 4, 0.6, "office", 2.0, 0.0, 0.70, 0.02, 0.04, 0.001, 150, 0.10, 0.08, 0.20),
    "large office": (0.10, 60, 0.8, "office", 20.0, 4.0, 0.68, 0.02, 0.06, 0.001, 140, 0.12, 0.08, 0.15),
    "call centre": (0.04, 250, 0.7, "shift", 30.0, 4.0, 0.45, 0.04, 0.02, 0.000, 90, 0.25, 0.15, 0.60),
    "round the clock": (0.06, 12, 0.7, "flat", 6.0, 2.0, 0.75, 0.02, 0.05, 0.001, 120, 0.12, 0.07, 0.25),
    "trunk": (0.03, 500, 0.9, "trunk", 0.0, 60.0, 0.60, 0.05, 0.15, 0.003, 160, 0.15, 0.12, 0.30),
    "mobile": (0.12, 1.0, 0.8, "evening", 8.0, 0.0, 0.65, 0.04, 0.08, 0.002, 130, 0.12, 0.12, 0.25),
    "machine": (0.05, 2, 0.6, "flat", 1.0, 12.0, 0.90, 0.01, 0.00, 0.000, 25, 0.20, 0.02, 0.02),
}


def profiles():
    hour = np.arange(24)
    bump = lambda middle, width: np.exp(-0.5 * ((hour - middle) / width) ** 2)
    office = np.where((hour >= 7) & (hour < 19), 0.15 + bump(10.5, 1.6) + 0.9 * bump(14.8, 1.8), 0.004)
    shift = np.where((hour >= 8) & (hour < 21), 0.7 + 0.3 * bump(14, 4), 0.002)
    evening = 0.02 + 0.5 * bump(12, 3) + 0.9 * bump(19, 2.2)
    trunk = 0.06 + 0.8 * bump(11, 2.5) + 0.8 * bump(16.5, 3)
    flat = 0.55 + 0.4 * bump(13, 5)
    weekend = dict(office=0.04, shift=0.45, evening=1.15, trunk=0.35, flat=0.85)
    days = dict(office=office, shift=shift, evening=evening, trunk=trunk, flat=flat)
    return {name: (day / day.max(), day / day.max() * weekend[name]) for name, day in days.items()}


class Population:
    def __init__(self, seed, sources=2000, days=14, attack_from=4):
        self.rng = np.random.default_rng(seed)
        self.N, self.H, self.days = sources, days * 24, days
        self.attack_from = attack_from
        self.make_users()
        self.make_traffic()
        self.make_attacks()
        self.finish()

    def make_users(self):
        rng, N = self.rng, self.N
        names = list(KINDS)
        self.kind = rng.choice(len(names), N, p=[KINDS[k][0] for k in names])
        column = lambda i: np.array([KINDS[k][i] for k in names], dtype=float)[self.kind]
        self.level = column(1) * np.exp(column(2) * rng.standard_normal(N))
        self.registers_rate = column(4) * np.exp(0.5 * rng.standard_normal(N))
        self.options_rate = column(5) * np.exp(0.4 * rng.standard_normal(N))
        # Some phones have keep-alive OPTIONS, as their makers set them.
        chatty = rng.random(N) < 0.08
        self.options_rate = self.options_rate + chatty * rng.choice([2, 12, 60], N)
        logit = lambda p, spread: 1 / (1 + np.exp(-(np.log(p / (1 - p)) + spread * rng.standard_normal(N))))
        self.answered_share = logit(np.clip(column(6), 0.01, 0.99), 0.4)
        self.failure_share = logit(np.clip(column(7), 1e-3, 0.9), 0.6)
        self.international = logit(np.clip(column(8), 2e-3, 0.9), 1.2)
        self.premium = logit(np.clip(column(9), 3e-4, 0.9), 1.0)
        self.seconds = column(10) * np.exp(0.3 * rng.standard_normal(N))
        self.short = logit(column(11), 0.4)
        self.cancelled = logit(column(12), 0.4)
        self.newcomers = logit(column(13), 0.5)
        self.pdd = 1800 * np.exp(0.35 * rng.standard_normal(N))
        self.first = np.where(rng.random(N) < 0.06, rng.integers(24, max(self.H - 24, 25), N), 0)
        # Mobile sources change address: they live for a while only.
        self.last = np.full(N, self.H)
        roaming = (self.kind == 6) & (rng.random(N) < 0.3)
        self.first[roaming] = rng.integers(0, self.H, roaming.sum())
        self.last[roaming] = self.first[roaming] + rng.geometric(1 / 30, roaming.sum())
        self.mistyper = np.where(rng.random(N) < 0.03, 0.3, 0.01)

    def season(self):
        rng, N, H = self.rng, self.N, self.H
        table = profiles()
        names = [KINDS[k][3] for k in KINDS]
        hours = np.arange(H)
        day, hour_of_day = hours // 24, hours % 24
        weekend = (day % 7) >= 5
        self.holiday = int(rng.choice([d for d in range(5, self.days) if d % 7 < 5]))
        shape = np.zeros((N, H))
        for k, name in enumerate(names):
            workday, free = table[name]
            row = np.where(weekend | (day == self.holiday), free[hour_of_day], workday[hour_of_day])
            shape[self.kind == k] = row
        # Everybody keeps hours of their own, and has good and bad days and hours.
        shift = rng.integers(-1, 2, N)
        for s in (-1, 1):
            shape[shift == s] = np.roll(shape[shift == s], s, axis=1)
        daily = np.exp(0.25 * rng.standard_normal((N, self.days)))[:, day]
        hourly = rng.gamma(3.0, 1 / 3.0, (N, H))
        return shape * daily * hourly

    def make_traffic(self):
        rng, N, H = self.rng, self.N, self.H
        hours = np.arange(H)
        rate = self.level[:, None] * self.season()
        # Campaigns: a few sources call several times as much for some hours of some days, to new callees.
        self.campaign = np.zeros((N, H), bool)
        for source in rng.choice(np.flatnonzero(np.isin(self.kind, [1, 2, 3])), max(N // 50, 1)):
            start = rng.integers(24, H - 12)
            for repeat in range(rng.integers(1, 4)):
                span = slice(start + 24 * repeat, start + 24 * repeat + rng.integers(3, 9))
                self.campaign[source, span] = True
        rate = np.where(self.campaign, rate * 3 + 0.3 * self.level[:, None], rate)
        # One campaign that half of all sources answer: an hour or two of a televote.
        self.vote = int(rng.integers(self.days // 2, self.days - 1)) * 24 + 20
        voters = rng.random(N) < 0.5
        rate[voters, self.vote : self.vote + 2] = rate[voters, self.vote : self.vote + 2] * 3 + 1.5
        # New hires: a level that grows within a few days and stays.
        for source in rng.choice(N, max(N // 40, 1), replace=False):
            start, growth = rng.integers(24, H), rng.uniform(1.3, 2.5)
            rate[source] *= 1 + (growth - 1) * np.clip((hours - start) / 48, 0, 1)
        alive = (hours >= self.first[:, None]) & (hours < self.last[:, None])
        self.alive = alive
        rate = rate * alive
        n = rng.poisson(rate)
        # Outages: the network fails, then everybody registers again.
        self.failing = np.zeros(H)
        self.storm = np.ones(H)
        for start in rng.choice(np.arange(60, H - 6), 2, replace=False):
            length = int(rng.integers(1, 4))
            self.failing[start : start + length] = rng.uniform(0.5, 0.95)
            self.storm[start : start + length + 1] = 5
        hit = rng.random((N, 1)) < 0.7
        failing = np.where(hit, self.failing[None], 0)
        share = lambda p, noise=0.35: np.clip(p[:, None] * np.exp(noise * rng.standard_normal((N, H))), 0, 0.98)
        failures = rng.binomial(n, np.maximum(np.minimum(share(self.failure_share, 0.8), 0.5), failing))
        cancelled = rng.binomial(n - failures, share(self.cancelled))
        rest = n - failures - cancelled
        answered = rng.binomial(rest, np.clip(share(self.answered_share, 0.1) * 1.12, 0, 0.97))
        self.raw = dict(
            invites=n, failures=failures, cancelled=cancelled, answered=answered,
            international=rng.binomial(n, share(self.international, 0.5)),
            premium=rng.binomial(n, share(self.premium, 0.5)),
            short=rng.binomial(answered, share(self.short)),
            fresh=rng.binomial(n, np.clip(share(self.newcomers) + 0.5 * self.campaign, 0, 0.97)),
            oneway=rng.binomial(answered, 0.01),
        )
        registers = rng.poisson(self.registers_rate[:, None] * np.where(hit, self.storm, 1) * alive)
        # Phones restart now and then.
        restart = (rng.random((N, H)) < 0.002) & alive
        registers += restart * rng.poisson(4, (N, H))
        mistakes = rng.poisson((self.mistyper[:, None] * (registers > 0)) * 0.5)
        mistakes += (rng.random((N, H)) < 0.0008) * rng.poisson(6, (N, H)) * alive
        self.raw.update(
            registers=registers, mistakes=mistakes,
            options=rng.poisson(self.options_rate[:, None] * alive),
            unknown=rng.binomial(n, 0.015) + (rng.random((N, H)) < 0.001) * rng.poisson(3, (N, H)) * alive,
            seconds=np.zeros((N, H)), new_ua=(rng.random((N, H)) < 0.0006) & alive,
            new_country=(rng.random((N, H)) < np.where(self.kind == 6, 0.004, 0.0001)[:, None]) & alive,
            extra_ua=rng.binomial(1, np.where(self.kind == 5, 0.3, 0.01)[:, None], (N, H)) * alive,
        )
        self.pool = np.maximum(self.level * 3, 3)
        self.raw["seconds"] = answered * self.seconds[:, None] * rng.gamma(
            np.maximum(answered, 1) * 0.9, 1 / (np.maximum(answered, 1) * 0.9))
        self.concentration = np.ones((N, H))

    def make_attacks(self):
        rng, N, H = self.rng, self.N, self.H
        self.episodes = []
        attackers = rng.choice(N, max(int(0.02 * N), 1), replace=False)
        kinds = ["toll fraud", "wangiri", "guess fast", "guess slow", "scan fast", "scan slow", "fraud slow",
                 "takeover", "trunk fraud"]
        trunks = [s for s in np.flatnonzero(np.isin(self.kind, [2, 3, 5])) if s not in set(attackers)]
        for i, source in enumerate(attackers):
            kind = kinds[i % len(kinds)]
            if kind == "trunk fraud" and trunks:
                source = trunks[int(rng.integers(len(trunks)))]
            foreign = kind in ("guess fast", "guess slow", "scan fast", "scan slow") and rng.random() < 0.6
            if foreign:  # an address that was never seen as a user
                for name in self.raw:
                    self.raw[name][source] = 0
            self.first[source], self.last[source] = 0, H
            for _ in range(rng.integers(1, 4)):
                start = int(rng.integers(self.attack_from * 24, H - 12))
                self.attack(kind, int(source), start)

    def attack(self, kind, s, start):
        rng, raw, H = self.rng, self.raw, self.H
        hours = {"toll fraud": rng.integers(2, 7), "wangiri": rng.integers(2, 8), "guess fast": rng.integers(1, 5),
                 "guess slow": rng.integers(24, 96), "scan fast": rng.integers(1, 4),
                 "scan slow": rng.integers(24, 96), "fraud slow": rng.integers(36, 120),
                 "takeover": rng.integers(4, 24), "trunk fraud": rng.integers(4, 16)}[kind]
        if kind in ("toll fraud", "trunk fraud"):
            start = start // 24 * 24 + int(rng.integers(21, 27))
        span = range(start, min(start + int(hours), H))
        if len(span) == 0:
            return
        self.episodes.append((s, kind, span[0], span[-1]))
        scan_method = rng.random() < 0.5
        for position, h in enumerate(span):
            if kind == "toll fraud":
                self.calls(s, h, rng.poisson(rng.uniform(10, 60)), 0.85, 0.9, rng.uniform(0.3, 0.9), 240, 0.6, 0.3)
            elif kind == "trunk fraud":
                n = rng.poisson(max(0.25 * self.level[s], 15))
                self.calls(s, h, n, 0.8, 0.8, 0.5, 220, 0.5, 0.2)
            elif kind == "wangiri":
                n = rng.poisson(rng.uniform(40, 200))
                self.calls(s, h, n, 0.1, 0.3, 0.0, 3, 1.0, 1.0, short=0.95, cancelled=0.8)
            elif kind == "fraud slow":
                self.calls(s, h, rng.poisson(2.5), 0.85, 0.9, 0.7, 300, 0.5, 0.5)
            elif kind == "takeover":
                if position == 0:
                    raw["new_ua"][s, h] = raw["new_country"][s, h] = True
                raw["extra_ua"][s, h] = 1
                raw["registers"][s, h] += rng.poisson(2)
                self.calls(s, h, rng.poisson(6), 0.8, 0.85, 0.4, 240, 0.7, 0.4)
            elif kind == "guess fast":
                n = rng.poisson(rng.uniform(100, 1500))
                raw["registers"][s, h] += n
                raw["mistakes"][s, h] += n
            elif kind == "guess slow":
                n = rng.poisson(rng.uniform(4, 10))
                raw["registers"][s, h] += n
                raw["mistakes"][s, h] += n
            elif kind == "scan fast":
                n = rng.poisson(rng.uniform(150, 1500))
                if scan_method:
                    raw["options"][s, h] += n
                else:
                    raw["registers"][s, h] += n
                    raw["unknown"][s, h] += n
            elif kind == "scan slow":
                n = rng.poisson(rng.uniform(4, 12))
                if scan_method:
                    raw["options"][s, h] += n
                else:
                    self.calls(s, h, n, 0.0, 0.1, 0.0, 1, 1.0, 1.0)
                    raw["unknown"][s, h] += n

    def calls(self, s, h, n, answer, international, premium, seconds, fresh, spread, short=0.05, cancelled=0.05):
        rng, raw = self.rng, self.raw
        answered = rng.binomial(n, answer)
        raw["invites"][s, h] += n
        raw["answered"][s, h] += answered
        raw["cancelled"][s, h] += rng.binomial(n - answered, cancelled)
        raw["international"][s, h] += rng.binomial(n, international)
        raw["premium"][s, h] += rng.binomial(n, premium)
        raw["short"][s, h] += rng.binomial(answered, short)
        raw["fresh"][s, h] += rng.binomial(n, fresh)
        raw["seconds"][s, h] += answered * seconds * rng.gamma(4, 0.25)
        self.concentration[s, h] = spread

    def finish(self):
        rng, raw = self.rng, self.raw
        n = raw["invites"].astype(float)
        registers, mistakes = raw["registers"].astype(float), raw["mistakes"].astype(float)
        with np.errstate(all="ignore"):
            pool = np.where(raw["fresh"] > 0, raw["fresh"], 0)
            known = n - raw["fresh"]
            distinct = pool + np.where(known > 0, self.pool[:, None] * (1 - np.exp(-known / self.pool[:, None])), 0)
            distinct = np.where(n > 0, np.maximum(np.rint(distinct), 1), 0)
            breadth = np.minimum(distinct, 4 + 12 * np.log1p(distinct / 8)) * self.concentration
            prefixes = np.where(n > 0, np.clip(np.rint(breadth * rng.uniform(0.5, 1.0, n.shape)), 1, distinct), 0)
            entropy = np.where(n > 0, np.log2(np.maximum(prefixes, 1)) * rng.uniform(0.75, 1, n.shape), np.nan)
            unanswered = n - raw["answered"]
            failures = raw["failures"] + (rng.random(n.shape) < 0.002) * 1
            messages = 7 * n + raw["answered"] * 3 + 2 * registers + 2 * mistakes + 2 * raw["options"]
            messages = np.rint(messages * rng.uniform(0.95, 1.1, n.shape))
            minutes = raw["seconds"] / 60
            packets = np.rint(minutes * 6000 * rng.uniform(0.9, 1.02, n.shape))
            load = minutes / 60
            concurrent = np.where(raw["answered"] > 0, 1 + rng.poisson(load * 1.6), np.minimum(n, 1))
            auth = mistakes.copy()
            values = {
                "sip_msgs": messages, "invites": n, "registers": registers, "options": raw["options"],
                "auth_fail": auth, "resp_404": raw["unknown"], "fail_5xx": failures, "minutes": minutes,
                "rtp_pkts": packets, "distinct_callees": distinct, "distinct_prefixes": prefixes,
                "prefix_entropy": entropy, "intl_share": raw["international"] / n,
                "premium_share": raw["premium"] / n, "asr": raw["answered"] / n,
                "ner": (n - np.minimum(raw["failures"], n)) / n, "acd": raw["seconds"] / raw["answered"],
                "short_share": raw["short"] / raw["answered"], "cancel_share": raw["cancelled"] / n,
                "newcallee_share": raw["fresh"] / n, "max_concurrent": concurrent,
                "iat_cv": np.where(n > 3, rng.gamma(20, 0.05, n.shape), np.nan),
                "pdd_ms": np.where(n - raw["failures"] > 0, self.pdd[:, None] * np.exp(
                    rng.standard_normal(n.shape) * 0.5 / np.sqrt(np.maximum(n, 1))), np.nan),
                "ua_count": 1 + raw["extra_ua"], "new_ua": raw["new_ua"] * 1, "new_country": raw["new_country"] * 1,
                "oneway_share": raw["oneway"] / raw["answered"],
                "rtp_sip_log": np.log10((200 * packets + 1) / (500 * messages + 1)),
                "auth_fail_ratio": auth / (registers + n + auth),
            }
        stacked = np.stack([np.broadcast_to(values[f], n.shape) for f in FEATURES], axis=2).astype(float)
        present = messages > 0
        self.hour, self.src = np.nonzero(present.T)
        self.X = stacked[self.src, self.hour]
        self.X[~np.isfinite(self.X)] = np.nan
        order = ["invites", "answered", "cancelled", "failures", "international", "premium", "short", "fresh",
                 "oneway", "registers", "mistakes"]
        self.counts = np.stack([raw[name] for name in order], axis=2)[self.src, self.hour].astype(float)

    def write(self, rows, labels):
        with open(rows, "w") as file:
            file.write("src,hour," + ",".join(FEATURES) + "\n")
            for source, hour, values in zip(self.src, self.hour, self.X):
                cells = ["" if v != v else f"{v:.6g}" for v in values]
                file.write(f"10.{source >> 16}.{source >> 8 & 255}.{source & 255},{hour},{','.join(cells)}\n")
        with open(labels, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["src", "kind", "first_hour", "last_hour"])
            for source, kind, first, last in self.episodes:
                writer.writerow([f"10.{source >> 16}.{source >> 8 & 255}.{source & 255}", kind, first, last])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--attack-from", type=int, default=4, help="first day with attacks")
    parser.add_argument("--output", required=True)
    parser.add_argument("--labels", required=True)
    options = parser.parse_args()
    population = Population(options.seed, options.sources, options.days, options.attack_from)
    population.write(options.output, options.labels)
