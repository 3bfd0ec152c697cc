#!/usr/bin/env python3
"""Compare ways to consolidate what several workers marked, and to measure how far they agree, on the same judgements.

usage: compare.py CROWD.jsonl[.gz] [--methods NAME,...] [--growth N,...] [--gamma-units N] [--skip-mace]

CROWD has `id`, `text`, `gold` ([start, end, label] in code points) and `workers` {id: spans}. Times are those of the algorithms alone, on
data in memory; reading, making data frames and writing are timed apart. Prints Markdown tables. See README.md.
"""
import argparse
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Helpers"))
from processes import BINARY  # noqa: E402

TOKEN = re.compile(r"\w+|[^\w\s]")
OURS = ["majority", "ground-truth", "dawid-skene", "sequence", "best"]


def read(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def without_words(documents):
    """The same documents with every token a single x."""
    for document in documents:
        tokens = [match.span() for match in TOKEN.finditer(document["text"])]

        def moved(spans):
            for start, end, label in spans:
                inside = [place for place, (first, last) in enumerate(tokens) if first < end and last > start]
                yield [2 * inside[0], 2 * inside[-1] + 1, label]

        yield {
            "id": document["id"], "text": " ".join("x" * len(tokens)), "gold": list(moved(document["gold"])),
            "workers": {worker: list(moved(spans)) for worker, spans in document["workers"].items()},
        }


def span_lines(documents):
    for document in documents:
        yield json.dumps({
            "id": document["id"], "text": document["text"],
            "annotations": [
                {"worker-id": worker, "entities": [{"startOffset": s, "endOffset": e, "label": l} for s, e, l in spans]}
                for worker, spans in document["workers"].items()
            ],
        })


def scores(documents, found):
    common = marked = gold = 0
    for document, spans in zip(documents, found):
        truth, spans = set(map(tuple, document["gold"])), set(spans)
        common, marked, gold = common + len(truth & spans), marked + len(spans), gold + len(truth)
    precision, recall = common / max(1, marked), common / max(1, gold)
    return 100 * precision, 100 * recall, 200 * common / max(1, marked + gold)


def prelabel(path, method):
    """The spans found, and the seconds of the method alone and of the whole run."""
    start = time.time()
    run = subprocess.run([BINARY, "consolidate", "--spans", path, "--method", method], capture_output=True, check=True, text=True)
    whole = time.time() - start
    seconds = float(re.search(r" took ([0-9.e-]+) s", run.stderr).group(1))
    found = [[(e["startOffset"], e["endOffset"], e["label"]) for e in json.loads(line)["entities"]] for line in run.stdout.splitlines()]
    return found, seconds, whole


def judgements(documents):
    """One row for each token and worker, BIO tags: what crowd-kit takes."""
    rows, places = [], []
    for number, document in enumerate(documents):
        tokens = [match.span() for match in TOKEN.finditer(document["text"])]
        places.append(tokens)
        for worker, spans in document["workers"].items():
            tags = ["O"] * len(tokens)
            for start, end, label in sorted(spans):
                inside = [place for place, (first, last) in enumerate(tokens) if first < end and last > start]
                for place in inside:
                    tags[place] = ("B-" if place == inside[0] else "I-") + label
            rows += [(f"{number} {place}", worker, tag) for place, tag in enumerate(tags)]
    return rows, places


def spans_of_tags(documents, places, tags):
    found = []
    for number in range(len(documents)):
        spans, before = [], "O"
        for place, (start, end) in enumerate(places[number]):
            tag = tags[f"{number} {place}"]
            if tag != "O":
                if tag[0] == "B" or before[2:] != tag[2:]:
                    spans.append([start, end, tag[2:]])
                else:
                    spans[-1][1] = end
            before = tag
        found.append([tuple(span) for span in spans])
    return found


def crowd_kit(documents, with_mace):
    import pandas
    from crowdkit.aggregation import MACE, DawidSkene, MajorityVote

    start = time.time()
    rows, places = judgements(documents)
    frame = pandas.DataFrame(rows, columns=["task", "worker", "label"])
    made = time.time() - start
    ways = [("MajorityVote", MajorityVote()), ("DawidSkene", DawidSkene(n_iter=100))]
    if with_mace:
        ways.append(("MACE", MACE(random_state=0)))
    for name, way in ways:
        start = time.time()
        tags = way.fit_predict(frame)
        seconds = time.time() - start
        yield f"crowd-kit `{name}`", scores(documents, spans_of_tags(documents, places, tags.to_dict())), seconds, made


def grown(documents, count):
    """The documents again and again, with new ids, until there are `count` judgements."""
    each = [len(TOKEN.findall(document["text"])) * len(document["workers"]) for document in documents]
    total, number = 0, 0
    while total < count:
        index = number % len(documents)
        yield {**documents[index], "id": f"{number:08d}"}
        total, number = total + each[index], number + 1


def gamma_units(count):
    """Three annotators with `count` units in all, from a seed."""
    generator = random.Random(1)
    annotators = [[] for _ in range(3)]
    for number in range(count // 3):
        for units in annotators:
            start = 20 * number + generator.randint(0, 4)
            units.append((start, start + generator.randint(1, 6), generator.choice("ABC")))
    return annotators


def compare_gamma(count, folder):
    import numpy
    from pyannote.core import Segment
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum

    annotators = gamma_units(count)
    continuum = Continuum()
    for number, units in enumerate(annotators):
        for start, end, label in units:
            continuum.add(f"w{number}", Segment(start, end), label)
    numpy.random.seed(1)
    start = time.time()
    result = continuum.compute_gamma(CombinedCategoricalDissimilarity(), n_samples=30)
    theirs = time.time() - start
    text = "x" * (20 * (count // 3) + 20)
    document = {
        "id": "g", "text": text, "tokens": [[place, place + 1] for place in range(len(text))],
        "annotations": [
            {"worker-id": f"w{number}", "entities": [{"startOffset": s, "endOffset": e, "label": l} for s, e, l in units]}
            for number, units in enumerate(annotators)
        ],
    }
    path = folder / "gamma.jsonl"
    path.write_text(json.dumps(document) + "\n")
    start = time.time()
    run = subprocess.run([BINARY, "agreement", "--spans", path, "--json"], capture_output=True, check=True, text=True)
    ours = time.time() - start
    value = json.loads(run.stdout)["overall"]["gamma"]["value"]
    print(f"\nGamma of 3 annotators and {count} units, 30 samples: pygamma-agreement {float(result.gamma):.3f} in {theirs:.1f} s; "
          f"`prelabel agreement` (the whole command, all measures) {value:.3f} in {ours:.2f} s.", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crowd", type=Path)
    parser.add_argument("--methods", default=",".join(OURS))
    parser.add_argument("--growth", default="10000,100000,1000000,10000000")
    parser.add_argument("--gamma-units", type=int, default=500)
    parser.add_argument("--skip-mace", action="store_true")
    arguments = parser.parse_args()
    documents = read(arguments.crowd)
    count = sum(len(TOKEN.findall(d["text"])) * len(d["workers"]) for d in documents)
    print(f"{date.today()}, {len(documents)} documents, {count} judgements\n")
    print("| way | precision | recall | F1 | seconds | reading and the rest, s |\n|---|---|---|---|---|---|", flush=True)

    def row(name, score, seconds, rest):
        print(f"| {name} | {score[0]:.1f} | {score[1]:.1f} | {score[2]:.1f} | {seconds:.3f} | {rest:.2f} |", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for with_text, data in ((True, documents), (False, list(without_words(documents)))):
            path = folder / f"spans-{with_text}.jsonl"
            path.write_text("\n".join(span_lines(data)) + "\n", encoding="utf-8")
            for method in arguments.methods.split(","):
                if not with_text and method not in ("sequence", "best"):
                    continue
                found, seconds, whole = prelabel(path, method)
                row(f"`prelabel consolidate --method {method}`" + ("" if with_text else ", words hidden"), scores(data, found),
                    seconds, whole - seconds)
        for name, score, seconds, made in crowd_kit(documents, not arguments.skip_mace):
            row(name, score, seconds, made)

        if arguments.growth:
            print("\n| judgements | dawid-skene, s | best, s | best, whole run, s | peak MB |\n|---|---|---|---|---|", flush=True)
            for size in map(int, arguments.growth.split(",")):
                path = folder / "grown.jsonl"
                with path.open("w", encoding="utf-8") as file:
                    for line in span_lines(grown(documents, size)):
                        file.write(line + "\n")
                _, skene, _ = prelabel(path, "dawid-skene")
                _, best, whole = prelabel(path, "best")
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                print(f"| {size:,} | {skene:.2f} | {best:.2f} | {whole:.1f} | {peak:.0f} |", flush=True)
                path.unlink()
        if arguments.gamma_units:
            compare_gamma(arguments.gamma_units, folder)


if __name__ == "__main__":
    main()
