#!/usr/bin/env python3
"""The figures that AgreementTests.swift holds against: gamma, Cohen's kappa and span F1 of three annotators, by other libraries.

Made with pygamma-agreement 0.5.9, scikit-learn 1.9.1 and seqeval 1.2.2. The annotators are those of `threeAnnotators` in the tests.
"""
import numpy as np
from pyannote.core import Segment
from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum
from seqeval.metrics import f1_score
from sklearn.metrics import cohen_kappa_score

LENGTH = 80
ANNOTATORS = [
    [(2, 5, "A"), (9, 11, "B"), (15, 16, "A"), (20, 26, "A"), (30, 33, "B"), (41, 44, "A"), (50, 51, "B"), (60, 66, "A"), (70, 72, "A")],
    [(2, 5, "A"), (9, 12, "B"), (20, 26, "B"), (31, 33, "B"), (41, 44, "A"), (46, 47, "A"), (59, 66, "A"), (70, 72, "A")],
    [(3, 5, "A"), (9, 11, "B"), (15, 16, "A"), (21, 25, "A"), (30, 34, "A"), (50, 51, "B"), (60, 66, "A"), (75, 78, "B")],
]


def tags(units):
    result = ["O"] * LENGTH
    for start, end, label in units:
        for position in range(start, end):
            result[position] = ("B-" if position == start else "I-") + label
    return result


continuum = Continuum()
for number, units in enumerate(ANNOTATORS):
    for start, end, label in units:
        continuum.add(f"w{number}", Segment(start, end), label)
np.random.seed(0)
results = [continuum.compute_gamma(CombinedCategoricalDissimilarity(), n_samples=500) for _ in range(3)]
print("observed disorder", results[0].observed_disorder)
print("gamma, three runs of 500 samples", [float(result.gamma) for result in results])
for first, second in [(0, 1), (0, 2), (1, 2)]:
    left, right = tags(ANNOTATORS[first]), tags(ANNOTATORS[second])
    kappa = cohen_kappa_score([tag[-1] for tag in left], [tag[-1] for tag in right])
    print(first, second, "kappa", kappa, "exact F1", f1_score([left], [right]))
