"""The native peers: what pandas, scikit-learn and isotree need for the same work.

usage: peers.py FILE RUNS, where FILE is the unpacked KDD'99 ten per cent. Prints one JSON object:
a list of seconds per peer.
"""

import json
import sys
import time

import isotree
import joblib
import numpy
import pandas
from sklearn.ensemble import IsolationForest

TREES, SAMPLE, WORKERS = 100, 256, 2


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def scikit_learn(x, seed):
    forest = IsolationForest(
        n_estimators=TREES, max_samples=SAMPLE, n_jobs=WORKERS, random_state=seed
    )
    forest.fit(x)
    forest.score_samples(x)


def scikit_learn_threaded(x, seed):
    # `n_jobs` is for growing; scoring takes its threads from joblib's context, where there is one.
    with joblib.parallel_config("threading", n_jobs=WORKERS):
        scikit_learn(x, seed)


def iso_tree(x, seed):
    # Liu's forest: one column at a time, drawn evenly, split evenly, depth log2 of the sample.
    forest = isotree.IsolationForest(
        ntrees=TREES, sample_size=SAMPLE, ndim=1, max_depth=8, nthreads=WORKERS,
        missing_action="fail", random_seed=seed,
    )
    forest.fit(x)
    forest.predict(x)


path, runs = sys.argv[1], int(sys.argv[2])
table = pandas.read_csv(path, header=None)
x = numpy.ascontiguousarray(table.select_dtypes("number").to_numpy(dtype=float))
assert x.shape == (494_021, 38), x.shape
scikit_learn(x[:10_000], 0)
iso_tree(x[:10_000], 0)
print(json.dumps({
    "pandas": [seconds(lambda: pandas.read_csv(path, header=None)) for _ in range(runs)],
    "scikit-learn": [seconds(lambda: scikit_learn(x, seed)) for seed in range(runs)],
    "scikit-learn, threaded": [
        seconds(lambda: scikit_learn_threaded(x, seed)) for seed in range(runs)
    ],
    "isotree": [seconds(lambda: iso_tree(x, seed)) for seed in range(1, runs + 1)],
}))
