"""The native peer of Classify: what scikit-learn's AdaBoost needs for the same rows.

usage: boosting.py NSL KDD, where NSL is the unpacked KDDTrain+ and KDD the unpacked KDD'99 ten per
cent. Prints one JSON object: the seconds of each work, and the accuracy on the test rows.
"""

import json
import sys
import time

import pandas
from sklearn.ensemble import AdaBoostClassifier
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

ROUNDS, CLASS = 114, 41
# Scoring does not ask on which rows a model was fitted, and fitting on all would take minutes.
LEARNT_FROM = 20_000


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_hot(path, normal):
    # Trees compute in 32 bits: from anything else they would make a copy each round.
    table = pandas.read_csv(path, header=None)
    is_attack = (table[CLASS] != normal).to_numpy()
    features = pandas.get_dummies(table[range(CLASS)])
    return features.to_numpy(dtype="float32", copy=True), is_attack


def boost(depth):
    return AdaBoostClassifier(
        DecisionTreeClassifier(max_depth=depth), n_estimators=ROUNDS, random_state=7
    )


nsl, kdd = sys.argv[1:]
said = {}
x, y = one_hot(nsl, "normal")
assert x.shape == (125_973, 122), x.shape
x, x_test, y, y_test = train_test_split(x, y, test_size=0.2, stratify=y, random_state=7)
for depth in [1, 5]:
    model = boost(depth)
    said[f"fit {depth}"] = seconds(lambda: model.fit(x, y))
    assert len(model.estimators_) == ROUNDS
    said[f"accuracy {depth}"] = model.score(x_test, y_test)
x, y = one_hot(kdd, "normal.")
assert len(x) == 494_021, x.shape
few, _, of_few, _ = train_test_split(x, y, train_size=LEARNT_FROM, stratify=y, random_state=7)
model = boost(1).fit(few, of_few)
assert len(model.estimators_) == ROUNDS
said["score"] = seconds(lambda: model.decision_function(x))
print(json.dumps(said))
