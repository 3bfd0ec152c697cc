#!/usr/bin/env python3
"""Rewrite the data sets that the models are trained on as span JSON Lines, which `prelabel train` reads.

usage: convert.py INPUT.jsonl[.gz] [OUTPUT.jsonl] [--merge LABEL] [--without DIR]

A row with `sentences` and `labels` becomes a text of its sentences, joined by spaces, with `sentences` and an entity for each; `confs` become their
confidence. A row with `text` and `gold` ([start, end, label], Unicode scalars) gets its spans as entities, all with one label under
--merge. --without leaves out the abstracts whose sentences stand in the `NAME.roles.json` files of a folder.
"""
import argparse, gzip, json, sys
from pathlib import Path


def sentences_record(row):
    position, entities = 0, []
    confidences = row.get("confs") or [None] * len(row["sentences"])
    for sentence, label, confidence in zip(row["sentences"], row["labels"], confidences):
        entity = {"startOffset": position, "endOffset": position + len(sentence), "label": label}
        if confidence is not None:
            entity["confidence"] = confidence
        entities.append(entity)
        position += len(sentence) + 1
    sentences = [[entity["startOffset"], entity["endOffset"]] for entity in entities]
    return {"id": row["id"], "text": " ".join(row["sentences"]), "sentences": sentences, "entities": entities}


def spans_record(row, merged):
    entities = [{"startOffset": start, "endOffset": end, "label": merged or label} for start, end, label in row["gold"]]
    return {"id": row["id"], "text": row["text"], "entities": entities}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path, nargs="?")
    parser.add_argument("--merge", metavar="LABEL")
    parser.add_argument("--without", type=Path, metavar="DIR")
    options = parser.parse_args()
    left_out = set()
    if options.without:
        left_out = {tuple(json.loads(path.read_text())["sentences"]) for path in options.without.glob("*.roles.json")}
    opener = gzip.open if options.input.suffix == ".gz" else open
    with opener(options.input, "rt", encoding="utf-8") as rows:
        output = options.output.open("w", encoding="utf-8") if options.output else sys.stdout
        for row in map(json.loads, rows):
            if "sentences" in row and tuple(row["sentences"]) in left_out:
                continue
            record = sentences_record(row) if "sentences" in row else spans_record(row, options.merge)
            output.write(json.dumps(record, ensure_ascii=False) + "\n")


main()
