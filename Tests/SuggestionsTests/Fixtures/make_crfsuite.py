#!/usr/bin/env python3
"""Make crfsuite.tsv: what CRFsuite learns from a small random problem, and its marginals (pip install python-crfsuite==0.9.12).

Rows, tab-separated: `train` or `test`, sequence, label, features... (an item); `state` feature label weight; `transition` label label
weight; `marginal` sequence item label probability (of the test items); `loss` value (at the end of training, with the penalty c2).
Features and labels are numbers. Weights are read from the model file, where they are doubles; the text dump rounds them.
"""
import random, struct, tempfile
from pathlib import Path

import pycrfsuite

LABELS, FEATURES, PENALTY = 4, 24, 0.7


def sequence(source):
    label, items = source.randrange(LABELS), []
    for _ in range(source.randrange(1, 9)):
        label = source.choice([label, label, (label + 1) % LABELS, source.randrange(LABELS)])
        own = [5 * label + source.randrange(8) for _ in range(2)]
        noise = [source.randrange(FEATURES) for _ in range(2)]
        items.append((label, sorted(set(feature % FEATURES for feature in own + noise))))
    return items


def main():
    source = random.Random(7)
    train, test = [sequence(source) for _ in range(60)], [sequence(source) for _ in range(6)]
    trainer = pycrfsuite.Trainer(verbose=False)
    for items in train:
        trainer.append([[f"f{feature}" for feature in features] for _, features in items], [f"l{label}" for label, _ in items])
    trainer.set_params({"c1": 0, "c2": PENALTY, "max_iterations": 1000, "feature.possible_states": True, "feature.possible_transitions": True})
    with tempfile.NamedTemporaryFile() as file:
        trainer.train(file.name)
        model = Path(file.name).read_bytes()
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
    rows = [("loss", repr(trainer.logparser.last_iteration["loss"]), PENALTY)]
    for part, sequences in (("train", train), ("test", test)):
        rows += [(part, index, label, *features) for index, items in enumerate(sequences) for label, features in items]
    # The ids inside the model follow the first occurrence in the training data.
    labels = list(dict.fromkeys(label for items in train for label, _ in items))
    features = list(dict.fromkeys(feature for items in train for _, row in items for feature in row))
    info = tagger.info()
    offset, = struct.unpack_from("<I", model, 28)
    count, = struct.unpack_from("<I", model, offset + 8)
    for index in range(count):
        kind, origin, target, weight = struct.unpack_from("<IIId", model, offset + 12 + 20 * index)
        if kind == 0:
            key = (features[origin], labels[target])
            assert abs(info.state_features[(f"f{key[0]}", f"l{key[1]}")] - weight) < 1e-6
            rows.append(("state", *key, repr(weight)))
        else:
            key = (labels[origin], labels[target])
            assert abs(info.transitions[(f"l{key[0]}", f"l{key[1]}")] - weight) < 1e-6
            rows.append(("transition", *key, repr(weight)))
    for index, items in enumerate(test):
        tagger.set([[f"f{feature}" for feature in features] for _, features in items])
        rows += [("marginal", index, item, label, repr(tagger.marginal(f"l{label}", item))) for item in range(len(items)) for label in range(LABELS)]
    Path(__file__).with_name("crfsuite.tsv").write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))


main()
