#!/usr/bin/env python3
"""Writes the point sets of Fixtures/Anomaly with the labels that scikit-learn's DBSCAN gives them.
usage: point_sets.py FOLDER   (needs numpy and scikit-learn; made with scikit-learn 1.9.1)

Each file is a table of points with a last column `label`. Its name is NAME_EPS_MINSAMPLES.csv. The coordinates
are on grids of powers of two where distances tie with eps, so that no rounding decides."""
import sys
from pathlib import Path

import numpy as np
from sklearn.cluster import DBSCAN

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(20081)


def write(name, points, eps, min_samples):
    points = np.asarray(points, dtype=float)
    if points.ndim == 1:
        points = points.reshape(-1, 1)
    labels = DBSCAN(eps=eps, min_samples=min_samples).fit_predict(points)
    header = ",".join([f"x{i}" for i in range(points.shape[1])] + ["label"])
    rows = [",".join([repr(float(v)) for v in row] + [str(label)]) for row, label in zip(points, labels)]
    (folder / f"{name}_{eps}_{min_samples}.csv").write_text("\n".join([header] + rows) + "\n")


def shuffled(points):
    points = np.asarray(points, dtype=float)
    return points[random.permutation(len(points))]


grid = [(x, y) for x in range(9) for y in range(9)]
blobs = np.concatenate([random.normal(c, 0.3, (40, 2)) for c in [(0, 0), (3, 3), (0, 4)]])
angles = np.linspace(0, np.pi, 60)
moons = np.concatenate([
    np.column_stack([np.cos(angles), np.sin(angles)]),
    np.column_stack([1 - np.cos(angles), 0.5 - np.sin(angles)])])

# Distances that are exactly eps.
write("grid-ties", grid, 1.0, 5)
write("grid-ties-all-core", grid, 1.0, 3)
write("grid-ties-none-core", grid, 1.0, 6)
write("grid-diagonal", shuffled(grid), 5.0, 20)
write("line-ties", np.arange(12), 1.0, 3)
write("quarter-steps", shuffled(np.arange(40) / 4), 0.25, 3)
write("just-too-far", [0, 1, 2, 3.0000000001, 4, 5], 1.0, 2)
# Chains: clusters that are long and thin.
write("chain", shuffled(np.column_stack([np.arange(80) / 2, np.zeros(80)])), 0.5, 2)
write("chain-broken", shuffled([x / 2 for x in range(60) if x not in (20, 40, 41)]), 0.5, 2)
write("chain-thin-bridge", list(np.arange(5) / 4) + [2.0] + list(3 + np.arange(5) / 4), 1.0, 4)
write("moons", shuffled(moons + random.normal(0, 0.04, moons.shape)), 0.2, 4)
write("spiral", shuffled(np.column_stack([t * np.cos(t) for t in [np.linspace(1, 12, 150)]]
                                         + [t * np.sin(t) for t in [np.linspace(1, 12, 150)]])), 1.0, 3)
# Rows that are the same.
write("duplicates", shuffled([(0, 0)] * 6 + [(1, 1)] * 4 + [(9, 9)] * 5 + [(20, 20)]), 0.5, 5)
write("duplicates-of-one", [(3, 4)] * 30, 0.5, 30)
write("duplicates-too-few", [(3, 4)] * 29, 0.5, 30)
# Borders: rows near two clusters, with the cluster that comes later in the table first in space and vice versa.
write("border-disputed", [0, 0.25, 0.5, 0.75, 1.75, 2.75, 3.0, 3.25, 3.5], 1.0, 4)
write("border-disputed-reversed", [3.5, 3.25, 3.0, 2.75, 1.75, 0.75, 0.5, 0.25, 0], 1.0, 4)
write("border-first", [1.75, 3.5, 0, 3.25, 0.25, 3.0, 0.5, 2.75, 0.75], 1.0, 4)
write("border-cross", shuffled([(x * (2 + k / 4), y * (2 + k / 4)) for x, y in [(-1, 0), (1, 0), (0, -1), (0, 1)]
                                for k in range(6)] + [(0, 0)]), 2.0, 6)
# A row that is no core leads no further.
write("no-spread", [0, 0, 0, 1, 2, 3], 1.0, 4)
write("no-spread-star", [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (2, 0), (3, 0), (0, 2)], 1.0, 5)
# Noise and nothing else, a single row, everything one cluster.
write("noise", np.arange(10) * 10, 1.0, 2)
write("one-row", [[1, 2, 3]], 1.0, 1)
write("one-row-noise", [[1, 2, 3]], 1.0, 2)
write("each-its-own", np.arange(10) * 10, 1.0, 1)
write("far-out", [1e150, 1e150, -1e150, 0, 1, 2], 1.0, 2)
# Clouds in few and in many dimensions.
write("blobs", shuffled(blobs), 0.4, 5)
write("blobs-sparse", shuffled(blobs), 0.15, 5)
write("uniform", random.uniform(0, 10, (250, 2)), 0.7, 5)
write("uniform-3d", random.uniform(0, 4, (250, 3)), 0.7, 5)
write("integers-5d", random.integers(0, 4, (300, 5)), 1.0, 4)
write("integers-12d", random.integers(0, 2, (200, 12)), 1.0, 3)
write("cloud-29d", np.concatenate([random.normal(0, 1, (120, 29)), random.normal(2, 0.6, (80, 29))]), 6.0, 6)
