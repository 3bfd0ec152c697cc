#!/usr/bin/env python3
"""Make the demo's sample answers: SYNTHETIC workers who mark the sentence roles of the typeset pages, with seeded errors.

usage: make_answers.py ORIGINALS TEXTS     (the folder with pages-typeset/, the output folder of `prelabel ocr Fixtures/pages`)

The truth is the role of each sentence (NAME.roles.json of the originals), found again in the text that was read off the page. Three workers
mark it: one careful, one average, one hasty. They miss sentences, take one role for another, and start or end a word early or late. Two
answer as crowd-entity-annotation does (UTF-16 offsets), the third as the seed's own page does (token spans, a string inside a string).
Writes answers.jsonl beside this script; the text's SHA-256 says which text the offsets are for. Needs nothing but Python.
"""
import difflib, hashlib, json, random, sys
from pathlib import Path

HERE = Path(__file__).parent
PAGES = HERE.parent / "pages"
LABELS = {"background": "Background", "objective": "Objectives", "method": "Methods", "result": "Results"}
WORKERS = [  # id, chance of a miss, of a wrong role, of a shifted edge
    ("private.us-west-2.00000000000000a1", 0.02, 0.04, 0.04),
    ("private.us-west-2.00000000000000b2", 0.06, 0.10, 0.12),
    ("private.us-west-2.00000000000000c3", 0.15, 0.15, 0.25),
]


def sentences_in(text, roles):
    """(start, end, label) of each sentence that has one of the labels, in code points of the text read."""
    truth = " ".join(roles["sentences"])
    offsets = {}
    for block in difflib.SequenceMatcher(None, truth, text, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            offsets[block.a + step] = block.b + step
    spans, position = [], 0
    for sentence, role in zip(roles["sentences"], roles["labels"]):
        inside = [offsets[i] for i in range(position, position + len(sentence)) if i in offsets]
        position += len(sentence) + 1
        if role in LABELS and len(inside) > 0.8 * len(sentence):
            spans.append((inside[0], inside[-1] + 1, LABELS[role]))
    return spans


def shifted(text, start, end, dice):
    """The span with one word less or more at one edge."""
    if dice.random() < 0.5:
        space = text.rfind(" ", start, end)
        return (start, space) if space > start else (start, end)
    space = text.find(" ", start, end)
    return (space + 1, end) if 0 < space + 1 < end else (start, end)


def marks(text, truth, worker, page):
    name, miss, confuse, shift = worker
    dice = random.Random(f"{page}/{name}")
    spans = []
    for start, end, label in truth:
        if dice.random() < miss:
            continue
        if dice.random() < confuse:
            label = dice.choice(sorted(set(LABELS.values()) - {label}))
        if dice.random() < shift:
            start, end = shifted(text, start, end, dice)
        spans.append((start, end, label))
    return spans


def utf16(text, offset):
    return len(text[:offset].encode("utf-16-le")) // 2


def crowd_answer(text, spans):
    entities = [{"endOffset": utf16(text, e), "label": l, "startOffset": utf16(text, s)} for s, e, l in spans]
    return {"crowd-entity-annotation": {"entities": entities}}


def seed_answer(text, spans):
    tokens = text.split(" ")
    value = []
    for start, end, label in spans:
        first, last = text[:start].count(" "), text[:end].count(" ") + 1
        value.append({"start": first, "end": last, "tokens": tokens[first:last], "tag": label, "color": "#84d2ff"})
    state = {"value": value, "tag": "Background", "claimResult": True, "notes": "", "metadata": "", "numPages": 1, "pageNumber": 1}
    return {"annotations": json.dumps(state, ensure_ascii=False)}


def main():
    originals, texts = Path(sys.argv[1]) / "pages-typeset", Path(sys.argv[2])
    with open(HERE / "answers.jsonl", "w", encoding="utf-8") as out:
        for page in sorted(p for p in (PAGES / "typeset").iterdir() if p.suffix in {".jpg", ".png"}):
            relative = f"typeset/{page.name}"
            data = (texts / (relative + ".txt")).read_bytes()
            text = data.decode("utf-8")
            truth = sentences_in(text, json.loads((originals / f"{page.stem}.roles.json").read_text(encoding="utf-8")))
            answers = []
            for number, worker in enumerate(WORKERS):
                spans = marks(text, truth, worker, relative)
                content = seed_answer(text, spans) if number == 2 else crowd_answer(text, spans)
                answers.append({"workerId": worker[0], "annotationData": {"content": json.dumps(content, ensure_ascii=False)}})
            line = {"page": relative, "text-sha256": hashlib.sha256(data).hexdigest(), "annotations": answers}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


main()
