#!/usr/bin/env python3
"""Writes how well scikit-learn's Isolation Forest tells labelled rows apart, for comparison.
usage: forest_auc.py FOLDER > forest-auc.csv   (FOLDER has tables with a last column `label`; needs numpy and
scikit-learn; made with scikit-learn 1.9.1)

One row for each table and sample size: mean and standard deviation of the area under the ROC curve over eight
seeds with 200 trees each."""
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

print("table,sample,mean,deviation")
for path in sorted(Path(sys.argv[1]).glob("*.csv")):
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    rows, labels = table[:, :-1], table[:, -1]
    for sample in [256, 4096]:
        areas = []
        for seed in range(8):
            forest = IsolationForest(
                n_estimators=200, max_samples=min(sample, len(rows)), random_state=1 + 1_000_003 * seed)
            areas.append(roc_auc_score(labels, -forest.fit(rows).score_samples(rows)))
        print(f"{path.stem},{sample},{np.mean(areas):.6f},{np.std(areas, ddof=1):.6f}")
