#!/usr/bin/env python3
"""Compare `prelabel train` with a plain CRF in python-crfsuite on the same data; prints Markdown tables. See README.md.

usage: compare.py TRAIN.jsonl DEV.jsonl [--kind sentences|spans] [--plain-penalty C2] [--roles]
       compare.py TRAIN.jsonl --core --penalty C2 [--kind sentences|spans]

The files are span JSON Lines with entities (convert.py makes them).
"""
import argparse, json, os, re, resource, subprocess, tempfile, time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PRELABEL_BINARY", PROJECT / ".build" / "release" / "prelabel"))
SURE = 0.7


def records(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# The plain features.


def words(text):
    return re.findall(r"\w+|[^\w\s]", re.sub(r"\d+(?:[.,]\d+)*", "0", text.lower()))


def sentence_problem(rows):
    """A document is a sequence; a sentence has its words, pairs of words, and its place."""
    for row in rows:
        parts = [row["text"][entity["startOffset"] : entity["endOffset"]] for entity in row["entities"]]
        items = []
        for index, part in enumerate(parts):
            found = words(part)
            items.append(
                sorted({f"w={word}" for word in found} | {f"b={a} {b}" for a, b in zip(found, found[1:])})
                + [f"p={min(index, 9)}", f"q={min(len(parts) - 1 - index, 9)}", f"r={10 * index // len(parts)}", "bias"]
            )
        yield row, items, [entity["label"] for entity in row["entities"]]


def shape(token):
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", token))))


def span_problem(rows):
    """A sentence (cut at a full stop before white space) is a sequence; a token has its form, affixes, shape and neighbours."""
    for row in rows:
        tokens = [match.span() for match in re.finditer(r"\w+|[^\w\s]", row["text"])]
        tags, taken = ["O"] * len(tokens), set()
        for entity in sorted(row["entities"], key=lambda entity: (entity["startOffset"], -entity["endOffset"])):
            inside = [i for i, (start, end) in enumerate(tokens) if start < entity["endOffset"] and end > entity["startOffset"]]
            if inside and not taken & set(inside):
                taken |= set(inside)
                for place, index in enumerate(inside):
                    tags[index] = ("B-" if place == 0 else "I-") + entity["label"]
        forms = [row["text"][start:end] for start, end in tokens]
        sentence = []
        for index, (start, end) in enumerate(tokens):
            items = [f"w={forms[index].lower()}", f"s={shape(forms[index])}", "bias"]
            items += [f"{n}<{forms[index][:n].lower()}" for n in (2, 3, 4)] + [f"{n}>{forms[index][-n:].lower()}" for n in (2, 3, 4)]
            for offset in (-2, -1, 1, 2):
                other = forms[index + offset].lower() if 0 <= index + offset < len(forms) else "-"
                items.append(f"{offset}={other}")
            items += [f"pair={'|'.join(forms[max(0, index - 1) : index + 1]).lower()}"]
            sentence.append((index, items))
            if forms[index] in ".?!" and (end == len(row["text"]) or row["text"][end : end + 1].isspace()) or index == len(tokens) - 1:
                yield (row, tokens, [i for i, _ in sentence]), [items for _, items in sentence], [tags[i] for i, _ in sentence]
                sentence = []


def problem(kind, rows):
    return list((sentence_problem if kind == "sentences" else span_problem)(rows))


def frequent(train, *others):
    """Features that occur twice, in all parts."""
    counts = Counter(feature for _, items, _ in train for item in items for feature in set(item))
    return [[(owner, [[f for f in item if counts[f] > 1] for item in items], labels) for owner, items, labels in part] for part in (train, *others)]


def crfsuite(train, penalty, path):
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for _, items, labels in train:
        trainer.append(items, labels)
    trainer.set_params({"c1": 0, "c2": penalty, "feature.possible_states": True, "feature.possible_transitions": True})
    start = time.process_time()
    trainer.train(str(path))
    seconds = time.process_time() - start
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger, seconds, trainer.logparser.last_iteration


# Scores.


def plain_suggestions(kind, tagger, dev):
    found = {}
    for owner, items, _ in dev:
        tags = tagger.tag(items)
        if kind == "sentences":
            found[owner["id"]] = [(e["startOffset"], e["endOffset"], tag) for e, tag in zip(owner["entities"], tags)]
            continue
        row, tokens, indices = owner
        spans, start = found.setdefault(row["id"], []), None
        for place, tag in enumerate(tags + ["O"]):
            if start is not None and not tag.startswith("I-"):
                spans.append((tokens[indices[start]][0], tokens[indices[place - 1]][1], tags[start][2:]))
                start = None
            if tag.startswith("B-") or (tag.startswith("I-") and start is None):
                start = place
    return found


def report(kind, rows, found):
    gold, right, proposed, sure, sure_right = Counter(), Counter(), Counter(), 0, 0
    for row in rows:
        suggestions = set(found.get(row["id"], []))
        proposed.update(label for _, _, label in suggestions)
        for entity in row["entities"]:
            key = (entity["startOffset"], entity["endOffset"], entity["label"])
            gold[key[2]] += 1
            right[key[2]] += key in suggestions
            if entity.get("confidence", 0) > SURE:
                sure, sure_right = sure + 1, sure_right + (key in suggestions)
    total = 200 * sum(right.values()) / max(1, sum(gold.values()) + sum(proposed.values()))
    rates = {label: (100 * right[label] / max(1, proposed[label]), 100 * right[label] / gold[label]) for label in sorted(gold)}
    return total, 100 * sure_right / sure if sure else None, rates, gold


def cpu_of(arguments):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(arguments, check=True, env=os.environ | {"PRELABEL_HOME": str(PROJECT)}, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - start


def compare(options):
    dev_rows = records(options.dev)
    print(f"\n{options.train.name}: {options.dev.name}\n")
    print("| way | score | where the crowd is sure | CPU s | model bytes |\n|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        train, dev = frequent(problem(options.kind, records(options.train)), problem(options.kind, dev_rows))
        tagger, seconds, _ = crfsuite(train, options.plain_penalty, folder / "plain")
        line("python-crfsuite, plain features, one fit", report(options.kind, dev_rows, plain_suggestions(options.kind, tagger, dev)), seconds, folder / "plain")
        seconds, _ = cpu_of([BINARY, "train", options.train, "--output", folder / "model", "--kind", options.kind])
        cpu_of([BINARY, "suggest", options.dev, "--model", folder / "model", "--output", folder / "dev.jsonl"])
        found = {row["id"]: [(s["startOffset"], s["endOffset"], s["label"]) for s in row["suggestions"]] for row in records(folder / "dev.jsonl")}
        result = report(options.kind, dev_rows, found)
        line("`prelabel train`, penalty by cross-validation", result, seconds, folder / "model" / "model")
        if options.roles:
            print("\n| label | precision | recall | number |\n|---|---|---|---|")
            for label, (precision, recall) in result[2].items():
                print(f"| {label} | {precision:.1f} | {recall:.1f} | {result[3][label]} |")


def line(name, result, seconds, model):
    sure = f"{result[1]:.1f}" if result[1] is not None else "–"
    print(f"| {name} | {result[0]:.2f} | {sure} | {seconds:.1f} | {model.stat().st_size:,} |", flush=True)


def core(options):
    """Both trainers on the same features, labels and penalty, until each one's own stopping rule ends it."""
    (train,) = frequent(problem(options.kind, records(options.train)))
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "problem"
        file.write_text("".join("".join("\t".join([label, *item]) + "\n" for item, label in zip(items, labels)) + "\n" for _, items, labels in train))
        run = subprocess.run(
            ["swift", "test", "--skip-build", "-c", "release", "-Xswiftc", "-enable-testing", "--filter", "ChainBenchmark"],
            cwd=os.environ.get("PRELABEL_TEST_PACKAGE", PROJECT), capture_output=True, text=True,
            env=os.environ | {"PRELABEL_CRF_PROBLEM": str(file), "PRELABEL_CRF_PENALTY": str(options.penalty)})
        seconds, value, iterations = re.search(r"crf-benchmark (\S+) (\S+) (\S+)", run.stdout).groups()
        _, theirs, last = crfsuite(train, options.penalty, Path(temporary) / "model")
    print("| trainer | CPU s | loss at the end | iterations |\n|---|---|---|---|")
    print(f"| CRFsuite | {theirs:.1f} | {last['loss']:.2f} | {last['num']} |")
    print(f"| Prelabel | {float(seconds):.1f} | {float(value):.2f} | {iterations} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path, nargs="?")
    parser.add_argument("--kind", choices=["sentences", "spans"], default="sentences")
    parser.add_argument("--plain-penalty", type=float, default=1, help="c2 of the plain CRF (default 1)")
    parser.add_argument("--penalty", type=float, default=8, help="c2 of both under --core (default 8)")
    parser.add_argument("--core", action="store_true")
    parser.add_argument("--roles", action="store_true", help="also a table by label")
    options = parser.parse_args()
    if options.core:
        core(options)
    else:
        compare(options)


main()
