#!/usr/bin/env python3
"""Measure whether page records' word boxes are true: each word's box recognised alone gives that word; prints a Markdown table.

usage: boxes.py PAGES... [--limit N] [--every N] [--kinds NAME,...]

PAGES are folders with NAME.png or NAME.jpg and NAME.abstract.txt. The rule stands in Tests/Helpers/word_boxes.py. Exits with 1 when
a character of a text belongs to no word, or fewer than 97 % of the boxes of clean pages, or 90 % of turned and skewed ones, are true.
"""
import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from degrade import KINDS, degrade
from scoring import pages_with_truth, rows_of, sample
from processes import BINARY
from word_boxes import read_record, uncovered, untrue_boxes

TURNED = {"turned-90": 90, "turned-180": 180, "turned-270": 270}


def measure(folder, kind, options):
    """Pages, words, (page, word, reading alone) of untrue boxes, and characters without a word."""
    pages = sample(pages_with_truth(folder), options.limit)
    # Pages that lie on their side or head to begin with say so in manifest.tsv.
    read, words, untrue, bare, rows = 0, 0, [], 0, rows_of(folder)
    with tempfile.TemporaryDirectory() as temporary:
        scans, texts = Path(temporary) / "pages", Path(temporary) / "texts"
        scans.mkdir()
        if kind == "clean":
            for page in pages:
                shutil.copy(page, scans)
        else:
            degrade(pages, kind, scans)
        environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
        subprocess.run([BINARY, "ocr", scans, "--output", texts, "--workers", "1"], env=environment, capture_output=True, check=True)
        for scan in sorted(scans.iterdir()):
            record, text = read_record(texts, scan.name)
            bare += len(uncovered(record, text))
            fault = rows.get(scan.stem, {}).get("fault", "")
            turned = (TURNED.get(kind, 0) + TURNED.get(fault, 0)) % 360
            count, wrong = untrue_boxes(scan, record, text, turned=turned, every=options.every)
            read, words = read + 1, words + count
            untrue += [(scan.stem, word, alone) for word, alone in wrong]
    return read, words, untrue, bare


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("--limit", type=int, help="so many pages of each folder, evenly chosen")
    parser.add_argument("--every", type=int, default=1, help="look at each so many-th word only (default 1)")
    parser.add_argument("--kinds", default="clean,skew-2,skew-4,turned-90,turned-180", help="of " + ", ".join(KINDS))
    options = parser.parse_args()
    print("| pages | as | words | boxes true | characters without a word |\n|---|---|---|---|---|", flush=True)
    seen, failed = [], False
    for folder in options.pages:
        for kind in options.kinds.split(","):
            pages, words, untrue, bare = measure(folder, kind, options)
            share = 1 - len(untrue) / words
            print(f"| {pages} of {folder.name} | {KINDS[kind][0]} | {words} | {100 * share:.1f} % | {bare} |", flush=True)
            failed |= bare > 0 or share < (0.97 if kind == "clean" else 0.90)
            seen += [(folder.name, kind, *row) for row in untrue]
    for folder, kind, page, word, alone in seen:
        print(f"{folder}, {kind}: {page}: {word!r} alone reads {alone!r}")
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
