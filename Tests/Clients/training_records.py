"""Records of spans that are hard on offsets, and their exports."""
import json

import pytest

from test_functions import NASTY


def record(identifier, text, *marks):
    """A record of spans, each by its surface, which stands once in the text."""
    entities = []
    for surface, label in marks:
        start = text.index(surface)
        entities.append({"startOffset": start, "endOffset": start + len(surface), "label": label, "confidence": 0.75})
    return {"id": identifier, "text": text, "entities": entities}


FLAT = [
    record("p-001", "Caf\u00e9 N\u00f8rd \U0001f9ea joined Lumen Labs in Oslo.", ("Caf\u00e9 N\u00f8rd", "ORG"), ("Lumen Labs", "ORG"), ("Oslo", "GPE")),
    record("nasty", NASTY, ("Cafe\u0301 N\u00f8rd", "ORG"), ("Lumen Labs", "ORG"), ("Oslo", "GPE")),
    record("joined", "\U0001f469\u200d\U0001f52c \U0001f1f3\U0001f1f4 \U0001d400 end", ("\U0001f469\u200d\U0001f52c", "A"), ("\U0001d400", "B"), ("end", "C")),
    record("no-break", "New\u00a0York is\u2003big\u2028yes", ("New\u00a0York", "GPE"), ("yes", "A")),
    record("double", "two  blanks   here  now\r\nand \tmore", ("two  blanks", "A"), ("here  now\r\nand", "B")),
    record("adjacent", "aa bb cc dd", ("aa", "A"), ("bb cc", "A"), ("dd", "B")),
    record("none", "Nothing to see."),
    record("reserved", "ID mark X cc agent det", ("ID", "NUM"), ("mark X", "ORG"), ("agent", "DET")),
    record("quotes", '"quoted", with, commas\nand "lines"', ("with", "A"), ("lines", "B")),
    record("s3://papers/pages/a b.jpg", "ids are odd", ("odd", "A")),
]
OVERLAPPING = [
    record("nested", "the University of Oslo Hospital \U0001f9ea now", ("University of Oslo Hospital", "ORG"), ("Oslo", "GPE")),
    record("crossing", "one two three four", ("one two three", "A"), ("two three four", "B")),
    record("twice", "Oslo is one", ("Oslo", "GPE"), ("Oslo", "ORG")),
]


def surfaces(entry):
    return [(entry["text"][e["startOffset"] : e["endOffset"]], e["label"]) for e in entry["entities"]]


def spans(entry):
    return [(e["startOffset"], e["endOffset"], e["label"]) for e in entry["entities"]]


@pytest.fixture
def export(prelabel, tmp_path):
    """Exports records and gives the folder."""

    def run(form, records, *arguments, code=0):
        (tmp_path / "spans.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in records), encoding="utf-8")
        prelabel("export", "spans.jsonl", "--format", form, "--output", form, *arguments, code=code)
        return tmp_path / form

    return run


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def losses(folder):
    return lines(folder / "loss.jsonl")
