#!/usr/bin/env python3
"""How well the roles of sentences are told from what was read off pages, beside the same from the true texts. See README.md.

usage: through_ocr.py TRAIN.jsonl[.gz] PAGES [--model DIR] [--roles]

TRAIN is a data set that convert.py reads; PAGES holds NAME.jpg or NAME.png with NAME.roles.json, the true sentences and their roles.
`prelabel train` learns from TRAIN without those abstracts, unless a model is given that did; `prelabel ocr` reads the pages; both
texts get suggestions, their sentences found by the program itself. A true sentence is right when the suggestion that holds most of its
letters has its role; texts are aligned by the smallest edit distance. Sentences of a page that was not read are wrong.
"""
import argparse, json, os, subprocess, sys, tempfile
from collections import Counter
from pathlib import Path

from rapidfuzz.distance import Levenshtein

PROJECT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PRELABEL_BINARY", PROJECT / ".build" / "release" / "prelabel"))


def prelabel(*arguments):
    subprocess.run([BINARY, *map(str, arguments)], check=True, env=os.environ | {"PRELABEL_HOME": str(PROJECT)}, stderr=subprocess.DEVNULL)


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def truths(pages):
    """NAME: the image, the sentences with their ranges in the text that they make, and the roles."""
    for roles in sorted(pages.glob("*.roles.json")):
        name = roles.name.removesuffix(".roles.json")
        image = next(path for path in (pages / f"{name}.jpg", pages / f"{name}.png") if path.exists())
        truth = json.loads(roles.read_text(encoding="utf-8"))
        ranges, position = [], 0
        for sentence in truth["sentences"]:
            ranges.append([position, position + len(sentence)])
            position += len(sentence) + 1
        yield name, image, " ".join(truth["sentences"]), ranges, truth["labels"]


def read_pages(images, folder):
    """What `prelabel ocr` makes of each image."""
    prelabel("ocr", *images, "--output", folder)
    return {image.stem: (folder / f"{image.name}.txt").read_text(encoding="utf-8") for image in images}


def suggestions(rows, model, folder, name):
    write(folder / f"{name}.jsonl", rows)
    prelabel("suggest", folder / f"{name}.jsonl", "--model", model, "--output", folder / f"{name}.suggested.jsonl")
    with (folder / f"{name}.suggested.jsonl").open(encoding="utf-8") as lines:
        return {row["id"]: row["suggestions"] for row in map(json.loads, lines)}


def places(truth, text):
    """For each character of the truth its place in the text; `None` where it was lost."""
    found = [None] * len(truth)
    for operation in Levenshtein.opcodes(truth, text):
        if operation.tag in ("equal", "replace"):
            for offset in range(operation.src_end - operation.src_start):
                found[operation.src_start + offset] = operation.dest_start + offset
    return found


def labels_of(truth, ranges, text, proposed):
    """The label that most letters of each true sentence got; `None` without one."""
    owners = [None] * len(text)
    for suggestion in proposed:
        for place in range(suggestion["startOffset"], suggestion["endOffset"]):
            owners[place] = suggestion["label"]
    found = places(truth, text)
    for start, end in ranges:
        votes = Counter(owners[place] for place in found[start:end] if place is not None and owners[place] is not None)
        yield votes.most_common(1)[0][0] if votes else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--model", type=Path, help="a model that never saw these abstracts; without it one is trained")
    parser.add_argument("--roles", action="store_true", help="also a table by role")
    options = parser.parse_args()
    rows = list(truths(options.pages))
    with tempfile.TemporaryDirectory() as temporary:
        folder, model = Path(temporary), options.model
        if not model:
            model = folder / "model"
            convert = Path(__file__).with_name("convert.py")
            subprocess.run([sys.executable, convert, options.train, folder / "train.jsonl", "--without", options.pages], check=True)
            prelabel("train", folder / "train.jsonl", "--output", model)
        read = read_pages([image for _, image, *_ in rows], folder / "pages")
        ways = {
            "true text, true sentences": [{"id": name, "text": text, "sentences": ranges} for name, _, text, ranges, _ in rows],
            "true text": [{"id": name, "text": text} for name, _, text, _, _ in rows],
            "read off the page": [{"id": name, "text": read[name]} for name, *_ in rows],
        }
        print(f"| text | sentences right of {sum(len(labels) for *_, labels in rows)} | accuracy | sentences found |\n|---|---|---|---|")
        by_role = {}
        for number, (way, texts) in enumerate(ways.items()):
            proposed = suggestions(texts, model, folder, str(number))
            right, total = Counter(), Counter()
            for row, (name, _, truth, ranges, labels) in zip(texts, rows):
                for label, found in zip(labels, labels_of(truth, ranges, row["text"], proposed[name]), strict=True):
                    total[label] += 1
                    right[label] += label == found
            by_role[way] = {label: 100 * right[label] / total[label] for label in sorted(total)}
            share = 100 * sum(right.values()) / sum(total.values())
            print(f"| {way} | {sum(right.values())} | {share:.1f} | {sum(map(len, proposed.values()))} |")
        if options.roles:
            print("\n| recall | " + " | ".join(by_role) + " |\n|---|" + "---|" * len(by_role))
            for label in sorted({label for rates in by_role.values() for label in rates}):
                print(f"| {label} | " + " | ".join(f"{rates[label]:.1f}" for rates in by_role.values()) + " |")


main()
