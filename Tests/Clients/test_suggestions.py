"""Training and suggesting through the program: files, exit codes, determinism, and the models that come with it."""
import gzip
import json

import pytest

from conftest import PROJECT

def record(number):
    thing = ["lamps", "rivers", "maps", "pumps"][number % 4]
    sentences = [f"Many use {thing} number {number}.", f"We propose a method for {thing}.", f"Results gain {number}%."]
    entities, position = [], 0
    for sentence, label in zip(sentences, ["background", "method", "result"]):
        entities.append({"startOffset": position, "endOffset": position + len(sentence), "label": label})
        position += len(sentence) + 1
    return {"id": f"p{number}", "text": " ".join(sentences), "note": 1.0, "entities": entities}


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_model_is_trained_twice_to_the_same_bytes_and_suggests(prelabel, tmp_path):
    (tmp_path / "spans.jsonl").write_text(lines(record(number) for number in range(40)))
    for folder in ("one/roles", "two/roles"):
        prelabel("train", "spans.jsonl", "--output", folder)
    assert (tmp_path / "one/roles/model").read_bytes() == (tmp_path / "two/roles/model").read_bytes()
    card = (tmp_path / "one/roles/README.md").read_text()
    assert "# roles\n" in card and "`prelabel train spans.jsonl --output one/roles`" in card
    assert "Never proposed" in card and "Limitations" in card and "| method | 100.0 |" in card
    (tmp_path / "new.jsonl").write_text('{"text":"\\ud83d\\ude00 We propose a method.  Results gain 9%.","n":1.0}\n')
    line = json.loads(prelabel("suggest", "new.jsonl", "--model", "one/roles").stdout)
    assert line["n"] == 1.0
    assert [line["text"][s["startOffset"] : s["endOffset"]] for s in line["suggestions"]] == ["\U0001f600 We propose a method.", "Results gain 9%."]
    assert [s["label"] for s in line["suggestions"]] == ["method", "result"]
    assert all(0 <= s["confidence"] <= 1 for s in line["suggestions"])


def test_what_cannot_be_used_is_named(prelabel, tmp_path):
    (tmp_path / "few.jsonl").write_text(lines(record(number) for number in range(3)))
    assert b"at least 8" in prelabel("train", "few.jsonl", "--output", "few", code=65).stderr
    prelabel("train", "absent.jsonl", "--output", "few", code=66)
    assert not (tmp_path / "few").exists()
    (tmp_path / "spans.jsonl").write_text(lines(record(number) for number in range(20)) + '{"text":"x"}\n')
    result = prelabel("train", "spans.jsonl", "--output", "model", code=1)
    assert b"line-21: no-entities" in result.stderr and (tmp_path / "model/model").exists()
    result = prelabel("suggest", "spans.jsonl", "--model", "absent", code=66)
    model = tmp_path / "model/model"
    for position, value, message in ((0, b"X", b"does not begin"), (8, b"\x07", b"format 7"), (300, b"\xff\xfe\xfd", b"damaged")):
        damaged = bytearray(model.read_bytes())
        damaged[position : position + len(value)] = value
        (tmp_path / "damaged").mkdir(exist_ok=True)
        (tmp_path / "damaged/model").write_bytes(damaged)
        assert message in prelabel("suggest", "spans.jsonl", "--model", "damaged", code=65).stderr
    (tmp_path / "mixed.jsonl").write_text('{"text":"We propose it."}\nnot json\n')
    result = prelabel("suggest", "mixed.jsonl", "--model", "model", "--output", "out.jsonl", code=1)
    assert b"mixed.jsonl:2: not-json" in result.stderr
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "name, data, least", [("roles-computer-science", "roles-csabstruct", 0.67), ("roles-biomedical", "roles-jats", 0.90)]
)
def test_the_models_that_come_along_label_unseen_abstracts(prelabel, tmp_path, shared_data, name, data, least):
    rows = [json.loads(row) for row in gzip.open(shared_data / data / "dev.jsonl.gz", "rt", encoding="utf-8")]
    records = []
    for row in rows:
        ends = [sum(len(sentence) + 1 for sentence in row["sentences"][: index + 1]) - 1 for index in range(len(row["sentences"]))]
        sentences = [[end - len(sentence), end] for end, sentence in zip(ends, row["sentences"])]
        records.append({"text": " ".join(row["sentences"]), "sentences": sentences})
    (tmp_path / "dev.jsonl").write_text(lines(records))
    output = prelabel("suggest", "dev.jsonl", "--model", PROJECT / "Models" / name).stdout
    labels = [[s["label"] for s in json.loads(line)["suggestions"]] for line in output.splitlines()]
    pairs = [pair for row, found in zip(rows, labels) for pair in zip(row["labels"], found, strict=True)]
    assert sum(truth == found for truth, found in pairs) / len(pairs) >= least


def test_every_model_has_a_card_with_licence_date_and_command():
    folders = [path.parent for path in (PROJECT / "Models").glob("*/model")]
    assert len(folders) >= 2
    for folder in folders:
        card = (folder / "README.md").read_text()
        assert all(word in card for word in ("**Data**", "Licence", "2026", "prelabel train", "| label |", "**Never proposed**")), folder
        assert (folder / "model").stat().st_size < 4_000_000
