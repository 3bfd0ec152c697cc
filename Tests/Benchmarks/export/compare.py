#!/usr/bin/env python3
"""Compare `prelabel export` with plain Python scripts that do the same, on one core; prints a Markdown table.

usage: compare.py [--lines N] [--formats NAME,...] [--core N] [--keep FOLDER]

Makes an output manifest of N lines (abstracts of 120 to 240 words, six labels, UTF-16 offsets, an emoji now and then) and exports it.
See README.md.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Helpers"))
from processes import BINARY, MemoryWatch  # noqa: E402

LABELS = ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"]
TOKENS = re.compile(r"\w+|[^\w\s]")


def make_manifest(path, lines):
    """Lines as a labeling job for named entities writes them."""
    chance = random.Random(1)
    words = ["".join(chance.choice("abcdefghijklmnoprstuvwy") for _ in range(chance.randint(2, 10))) for _ in range(4000)] + ["caf\u00e9", "\U0001f9ea"]
    with open(path, "w", encoding="utf-8") as file:
        for number in range(lines):
            text = " ".join(chance.choices(words, k=chance.randint(120, 240))) + "."
            entities, position = [], 0
            for label in LABELS:
                start = text.find(" ", position + chance.randint(20, 80)) + 1
                end = text.find(" ", start + chance.randint(10, 60))
                if start <= 0 or end < 0:
                    break
                unit = lambda offset: len(text[:offset].encode("utf-16-le")) // 2
                entities.append({"startOffset": unit(start), "endOffset": unit(end), "label": label})
                position = end
            line = {"source": text, "page": number, "roles": {"annotations": {"entities": entities, "labels": [{"label": label} for label in LABELS]}}}
            line["roles-metadata"] = {"entities": [{"confidence": 0.75}] * len(entities), "type": "groundtruth/text-span", "human-annotated": "yes"}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


# The scripts: what people write, with the checks that keep offsets right. Each reads and writes a line at a time.


def documents(manifest):
    with open(manifest, encoding="utf-8") as file:
        for number, raw in enumerate(file, 1):
            line = json.loads(raw)
            text, spans = line["source"], []
            wide = [index for index, character in enumerate(text) if ord(character) > 0xFFFF]
            scalar = lambda offset: offset - sum(1 for place, index in enumerate(wide) if index + place < offset)
            for entity in line["roles"]["annotations"]["entities"]:
                start, end = scalar(entity["startOffset"]), scalar(entity["endOffset"])
                if not 0 <= start < end <= len(text):
                    raise ValueError(f"{number}: {entity}")
                spans.append((start, end, entity["label"]))
            yield number, text, sorted(spans)


def spacy_jsonl(manifest, output):
    with open(output / "all.jsonl", "w", encoding="utf-8") as file:
        for number, text, spans in documents(manifest):
            file.write(json.dumps({"entities": spans, "id": f"line-{number}", "text": text}, ensure_ascii=False) + "\n")


def tagged(text, spans):
    tokens = [match.span() for match in TOKENS.finditer(text)]
    tags, place = [], 0
    for start, end in tokens:
        while place < len(spans) and spans[place][1] <= start:
            place += 1
        inside = place < len(spans) and spans[place][0] <= start
        tags.append(("B-" if start == spans[place][0] else "I-") + spans[place][2] if inside else "O")
    return tokens, tags


def conll(manifest, output):
    with open(output / "all.conll", "w", encoding="utf-8") as file, open(output / "all.tokens.jsonl", "w", encoding="utf-8") as places:
        for number, text, spans in documents(manifest):
            tokens, tags = tagged(text, spans)
            file.write("-DOCSTART- -X- O O\n\n")
            for (start, end), tag in zip(tokens, tags):
                file.write(f"{text[start:end]} -X- _ {tag}\n")
            file.write("\n")
            places.write(json.dumps({"id": f"line-{number}", "scheme": "BIO2", "text": text, "tokens": tokens}, ensure_ascii=False) + "\n")


def hf(manifest, output):
    classes = {"O": 0}
    with open(output / "all.jsonl", "w", encoding="utf-8") as file:
        for number, text, spans in documents(manifest):
            tokens, tags = tagged(text, spans)
            for _, _, label in spans:
                for tag in (f"B-{label}", f"I-{label}"):
                    classes.setdefault(tag, len(classes))
            starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
            row = {"end": ends, "id": f"line-{number}", "ner_tags": [classes[tag] for tag in tags], "start": starts, "text": text}
            row["tokens"] = [text[start:end] for start, end in tokens]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def spacy_docbin(manifest, output):
    """spaCy's own way: blank tokenizer, character spans, one DocBin."""
    import spacy
    from spacy.tokens import DocBin

    nlp, bin = spacy.blank("en"), DocBin()
    for _, text, spans in documents(manifest):
        document = nlp.make_doc(text)
        document.ents = [span for start, end, label in spans if (span := document.char_span(start, end, label=label))]
        bin.add(document)
    bin.to_disk(output / "all.spacy")


SCRIPTS = {"spacy-jsonl": spacy_jsonl, "conll": conll, "hf": hf, "spacy": spacy_docbin}


# Measuring: one process, one core, its memory taken every 20 ms.


def measure(command, core):
    begin, start = time.perf_counter(), os.times()
    process = subprocess.Popen(["taskset", "-c", str(core), *map(str, command)], stderr=subprocess.PIPE)
    with MemoryWatch(process.pid) as watch:
        errors = process.stderr.read().decode()
        process.wait()
    if process.returncode:
        sys.exit(f"{command}: {errors}")
    end = os.times()
    cpu = end.children_user + end.children_system - start.children_user - start.children_system
    return time.perf_counter() - begin, cpu, round(watch.peak / 1e6)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--formats", default="spacy-jsonl,conll,hf,spacy")
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--keep")
    parser.add_argument("--script", nargs=3, metavar=("FORMAT", "MANIFEST", "OUTPUT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.script:
        form, manifest, output = arguments.script
        return SCRIPTS[form](manifest, Path(output))
    folder = Path(arguments.keep or tempfile.mkdtemp(prefix="prelabel-export-"))
    folder.mkdir(exist_ok=True)
    manifest = folder / f"output-{arguments.lines}.manifest"
    if not manifest.exists():
        make_manifest(manifest, arguments.lines)
    size = manifest.stat().st_size / 1e6
    print(f"{date.today()}, {arguments.lines} lines, {size:.0f} MB\n")
    print("| format | way | CPU s | wall s | lines a second | peak MB |\n|---|---|---|---|---|---|")
    for form in arguments.formats.split(","):
        for way in ("prelabel", "python"):
            output = folder / f"{form}-{way}"
            output.mkdir(exist_ok=True)
            if way == "prelabel":
                command = [BINARY, "export", manifest, "--format", form, "--output", output]
            else:
                command = [sys.executable, __file__, "--script", form, manifest, output]
            wall, cpu, peak = measure(command, arguments.core)
            name = "`prelabel export`" if way == "prelabel" else "spaCy" if form == "spacy" else "Python script"
            print(f"| {form} | {name} | {cpu:.1f} | {wall:.1f} | {arguments.lines / cpu:.0f} | {peak} |", flush=True)


main()
