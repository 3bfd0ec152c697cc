#!/usr/bin/env python3
"""Measure, on judgements with a known truth, whether confidences, worker report and list of disputes can be trusted.

usage: trust.py CROWD.jsonl[.gz] [--figure FILE.svg]

CROWD as for compare.py. Prints the expected calibration error and the AUROC of confidences (documents with an odd number, since those
with an even one tuned the weights), the rank correlation of reported with true worker F1, who is named as suspicious, and what settling
disputes brings. Exits with 1 when a goal is missed: 0.05, 0.75, 0.9 and twice as much as at random.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from compare import BINARY, read, scores, span_lines

FEWEST_DOCUMENTS = 10
BINS = 10


def consolidate(documents, folder, arrangement):
    """Consolidated spans by document, the report, and the bytes of both, from documents and workers in some order."""
    path, output, report = folder / "spans.jsonl", folder / "out.jsonl", folder / "report.json"
    arranged = arrangement(documents)
    path.write_text("".join(f"{line}\n" for line in span_lines(arranged)), encoding="utf-8")
    subprocess.run([BINARY, "consolidate", "--spans", path, "--output", output, "--report", report], check=True, capture_output=True)
    found = {}
    for line in output.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found[record["id"]] = record["entities"]
    return found, json.loads(report.read_text())


def shuffled(documents):
    """Documents and workers in another order."""
    generator = random.Random(5)
    documents = [{**document, "workers": dict(generator.sample(list(document["workers"].items()), len(document["workers"])))} for document in documents]
    generator.shuffle(documents)
    return documents


def span(entity):
    return entity["startOffset"], entity["endOffset"], entity["label"]


def calibration(pairs):
    """Bins as (mean confidence, share right, count), the expected calibration error, and the AUROC."""
    bins = []
    for number in range(BINS):
        inside = [(p, right) for p, right in pairs if number <= p * BINS < number + 1 or p == 1 and number == BINS - 1]
        if inside:
            bins.append((sum(p for p, _ in inside) / len(inside), sum(right for _, right in inside) / len(inside), len(inside)))
    error = sum(count * abs(p - share) for p, share, count in bins) / len(pairs)
    right, wrong = [p for p, is_right in pairs if is_right], [p for p, is_right in pairs if not is_right]
    above = sum((p > q) + 0.5 * (p == q) for p in right for q in wrong)
    return bins, error, above / (len(right) * len(wrong))


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    place = 0
    while place < len(order):
        end = place
        while end + 1 < len(order) and values[order[end + 1]] == values[order[place]]:
            end += 1
        for index in order[place:end + 1]:
            found[index] = (place + end) / 2
        place = end + 1
    return found


def spearman(left, right):
    left, right = ranks(left), ranks(right)
    mean = (len(left) - 1) / 2
    common = sum((x - mean) * (y - mean) for x, y in zip(left, right))
    return common / (sum((x - mean) ** 2 for x in left) * sum((y - mean) ** 2 for y in right)) ** 0.5


def worker_f1(documents, worker):
    answered = [document for document in documents if worker in document["workers"]]
    return scores(answered, [list(map(tuple, document["workers"][worker])) for document in answered])[2], len(answered)


def settled_f1(documents, found, disputes):
    """F1 when the stretches of these disputes are as in the gold."""
    final = {identifier: set(map(span, entities)) for identifier, entities in found.items()}
    gold = {document["id"]: set(map(tuple, document["gold"])) for document in documents}
    for dispute in disputes:
        start = min(reading["startOffset"] for reading in dispute["readings"])
        end = max(reading["endOffset"] for reading in dispute["readings"])
        inside = {s for s in final[dispute["id"]] if s[0] < end and s[1] > start}
        final[dispute["id"]] = final[dispute["id"]] - inside | {s for s in gold[dispute["id"]] if s[0] < end and s[1] > start}
    return scores(documents, [final[document["id"]] for document in documents])[2]


def draw(bins, path):
    """A reliability diagram: a dot a bin, its area the count; on the line confidences are true."""
    dots = "".join(
        f'<circle cx="{40 + 240 * p:.1f}" cy="{260 - 240 * share:.1f}" r="{1.2 * count ** 0.5:.1f}"><title>{count} spans: {p:.2f}, {share:.2f} right</title></circle>'
        for p, share, count in bins)
    ticks = "".join(
        f'<text x="{40 + 240 * v:.0f}" y="276" text-anchor="middle">{v:g}</text><text x="34" y="{264 - 240 * v:.0f}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.5, 1))
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" width="450" height="450" font-family="sans-serif" font-size="10">'
        '<rect width="300" height="300" fill="white"/><rect x="40" y="20" width="240" height="240" fill="none" stroke="#888"/>'
        f'<path d="M40 260L280 20" stroke="#888" stroke-dasharray="4 3"/><g fill="#2563a8" fill-opacity="0.75">{dots}</g>{ticks}'
        '<text x="160" y="292" text-anchor="middle">confidence</text>'
        '<text x="12" y="140" text-anchor="middle" transform="rotate(-90 12 140)">share that is right</text></svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crowd", type=Path)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    documents = read(options.crowd)
    gold = {document["id"]: set(map(tuple, document["gold"])) for document in documents}
    with tempfile.TemporaryDirectory() as temporary:
        found, report = consolidate(documents, Path(temporary), lambda documents: documents)
        again, other_report = consolidate(documents, Path(temporary), shuffled)
    is_same = found == again and report == other_report

    pairs = [(entity["confidence"], span(entity) in gold[document["id"]]) for document in documents[1::2] for entity in found[document["id"]]]
    bins, error, area = calibration(pairs)
    if options.figure:
        draw(bins, options.figure)
    print(f"confidence: {len(pairs)} spans, expected calibration error {error:.3f}, AUROC {area:.3f}")

    reported, true = [], []
    for worker in report["workers"]:
        f1, count = worker_f1(documents, worker["worker-id"])
        if count >= FEWEST_DOCUMENTS:
            reported.append(worker["agreement"]["f1"])
            true.append(f1)
    correlation = spearman(reported, true)
    named = {worker["worker-id"]: worker["suspicions"] for worker in report["workers"] if worker["suspicions"]}
    print(f"workers: {len(true)} with {FEWEST_DOCUMENTS} or more documents, rank correlation of reported with true F1 {correlation:.3f}")
    for worker, suspicions in named.items():
        print(f"  named: {worker}, true F1 {worker_f1(documents, worker)[0]:.1f}: {json.dumps(suspicions)}")

    disputes = report["disputes"]
    tenth = max(1, len(disputes) // 10)
    before = settled_f1(documents, found, [])
    first = settled_f1(documents, found, disputes[:tenth]) - before
    at_random = sum(settled_f1(documents, found, random.Random(seed).sample(disputes, tenth)) - before for seed in range(20)) / 20
    print(f"disputes: {len(disputes)}; settling the first {tenth} raises F1 from {before:.1f} by {first:.2f}, a random {tenth} by {at_random:.2f} (mean of 20)")
    print(f"another order of documents and workers: {'the same' if is_same else 'DIFFERENT'}")
    sys.exit(not (error <= 0.05 and area >= 0.75 and correlation >= 0.9 and first >= 2 * at_random and is_same))


if __name__ == "__main__":
    main()
