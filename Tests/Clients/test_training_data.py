"""From workers' answers to training files that spaCy reads, with texts that are hard on offsets."""
import json

import pytest
import spacy
from spacy.training.converters import conll_ner_to_docs

from test_functions import NASTY

SPANS = [("Cafe\u0301 N\u00f8rd", "ORG"), ("Lumen Labs", "ORG"), ("Oslo", "GPE")]


def scalars(surface):
    start = NASTY.index(surface)
    return start, start + len(surface)


def utf16(offset):
    return len(NASTY[:offset].encode("utf-16-le")) // 2


def crowd_content():
    entities = []
    for surface, label in SPANS:
        start, end = scalars(surface)
        entities.append({"startOffset": utf16(start), "endOffset": utf16(end), "label": label})
    return json.dumps({"crowd-entity-annotation": {"entities": entities}})


def seed_content():
    """Token spans as the seed's page makes them: CR LF folded, trimmed (a byte order mark too), split at U+0020."""
    tokens = NASTY.replace("\r\n", "\n").strip(" \ufeff\u2028\n").split(" ")
    value = [{"start": 0, "end": 2, "tokens": tokens[0:2], "tag": "ORG"}, {"start": 4, "end": 6, "tokens": tokens[4:6], "tag": "ORG"}]
    return json.dumps({"annotations": json.dumps({"value": value[:1]})})


@pytest.fixture
def output_manifest(prelabel, data):
    """The output manifest that a labeling job makes of our answer."""

    def make(content):
        (data / "papers/p1.txt").write_bytes(NASTY.encode())
        line = {"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": "s3://papers/p1.txt", "metadata": "kept"}
        (data / "papers/input.manifest").write_text(json.dumps(line) + "\n")
        payload = [{"datasetObjectId": "0", "dataObject": {"s3Uri": "s3://papers/p1.jpg"}, "annotations": [{"workerId": "w1", "annotationData": {"content": content}}]}]
        (data / "papers/payload.json").write_text(json.dumps(payload))
        request = {"labelAttributeName": "spans", "labelCategories": None, "payload": {"s3Uri": "s3://papers/payload.json"}}
        answer = prelabel("consolidate", "--manifest", "s3://papers/input.manifest", "--data", data, input=json.dumps(request).encode())
        content = json.loads(answer.stdout)[0]["consolidatedAnnotation"]["content"]
        metadata = {"spans-metadata": {"type": "groundtruth/custom", "job-name": "labeling-job/j", "human-annotated": "yes", "creation-date": "2026-01-05T10:15:30.123456"}}
        (data / "papers/output.manifest").write_text(json.dumps(line | content | metadata) + "\n")

    return make


def test_offsets_stay_exact_in_every_format(prelabel, data, tmp_path, output_manifest):
    output_manifest(crowd_content())
    export = lambda form: prelabel("export", "s3://papers/output.manifest", "--format", form, "--output", form, "--data", data)
    export("spacy-jsonl")
    record = json.loads((tmp_path / "spacy-jsonl/all.jsonl").read_text(encoding="utf-8"))
    assert record["text"] == NASTY
    assert [(NASTY[start:end], label) for start, end, label in record["entities"]] == SPANS
    export("ground-truth")
    line = json.loads((tmp_path / "ground-truth/all.manifest").read_text(encoding="utf-8"))
    units = NASTY.encode("utf-16-le")
    entities = line["spans"]["annotations"]["entities"]
    assert [(units[2 * e["startOffset"] : 2 * e["endOffset"]].decode("utf-16-le"), e["label"]) for e in entities] == SPANS
    assert line["source"] == NASTY and line["metadata"] == "kept" and line["spans-metadata"]["type"] == "groundtruth/text-span"
    assert line["spans-metadata"]["creation-date"] == "2026-01-05T10:15:30.123456"
    export("conll")
    tokens = json.loads((tmp_path / "conll/all.tokens.jsonl").read_text())["tokens"]
    rows = [row.split(" ") for row in (tmp_path / "conll/all.conll").read_text(encoding="utf-8").split("\n")[2:] if row]
    assert [row[0] for row in rows] == [NASTY[start:end] for start, end in tokens]
    for surface, label in SPANS:
        start, end = scalars(surface)
        tags = [row[3] for row, (s, e) in zip(rows, tokens) if start <= s and e <= end]
        assert tags == [f"B-{label}"] + [f"I-{label}"] * (len(tags) - 1)
    assert not [path for path in tmp_path.glob("*/loss.jsonl") if path.read_text()]


def test_the_seed_page_s_token_spans_become_the_same_characters(prelabel, data, tmp_path, output_manifest):
    output_manifest(seed_content())
    prelabel("export", "s3://papers/output.manifest", "--format", "spacy-jsonl", "--output", "out", "--data", data)
    record = json.loads((tmp_path / "out/all.jsonl").read_text(encoding="utf-8"))
    assert [(NASTY[start:end], label) for start, end, label in record["entities"]] == SPANS[:1]


def test_spacy_trains_on_the_offsets_without_a_warning(prelabel, tmp_path, recwarn):
    text = "Caf\u00e9 N\u00f8rd \U0001f9ea joined Lumen Labs in Oslo."
    entities = [{"startOffset": 0, "endOffset": 9, "label": "ORG"}, {"startOffset": 19, "endOffset": 29, "label": "ORG"}, {"startOffset": 33, "endOffset": 37, "label": "GPE"}]
    (tmp_path / "spans.jsonl").write_text(json.dumps({"id": "p1", "text": text, "entities": entities}) + "\n")
    prelabel("export", "spans.jsonl", "--format", "spacy-jsonl", "--output", "out")
    record = json.loads((tmp_path / "out/all.jsonl").read_text(encoding="utf-8"))
    document = spacy.blank("en")(record["text"])
    spans = [document.char_span(*triple) for triple in record["entities"]]
    assert [span.text for span in spans] == ["Caf\u00e9 N\u00f8rd", "Lumen Labs", "Oslo"]
    # What other tests left unclosed is collected here by chance; spaCy's own warnings are of other kinds.
    assert [warning for warning in recwarn if warning.category is not ResourceWarning] == []
    prelabel("export", "spans.jsonl", "--format", "conll", "--output", "columns")
    (document,) = conll_ner_to_docs((tmp_path / "columns/all.conll").read_text(encoding="utf-8"), n_sents=0, no_print=True)
    assert [(entity.text, entity.label_) for entity in document.ents] == [("Caf\u00e9 N\u00f8rd", "ORG"), ("Lumen Labs", "ORG"), ("Oslo", "GPE")]


def test_labeled_unlabeled_and_failed_lines_are_kept_apart(prelabel, tmp_path):
    labels = {"annotations": {"entities": [], "labels": []}}
    lines = [
        {"source": "Nothing here.", "ner": labels, "ner-metadata": {"type": "groundtruth/text-span"}},
        {"source": "Not yet."},
        {"source": "Expired.", "ner-metadata": {"failure-reason": "ClientError: tasks expired", "human-annotated": "true"}},
        {"source": "Short.", "ner": {"annotations": {"entities": [{"startOffset": 0, "endOffset": 99, "label": "X"}]}}},
    ]
    (tmp_path / "m").write_text("".join(json.dumps(line) + "\n" for line in lines))
    prelabel("export", "m", "--format", "spacy-jsonl", "--output", "out", code=1)
    assert [json.loads(line)["text"] for line in (tmp_path / "out/all.jsonl").read_text().splitlines()] == ["Nothing here."]
    losses = [json.loads(line) for line in (tmp_path / "out/loss.jsonl").read_text().splitlines()]
    assert [(loss["id"], loss["code"]) for loss in losses] == [("line-2", "unlabeled"), ("line-3", "failed"), ("line-4", "bad-span")]


def test_a_split_is_exact_and_does_not_depend_on_order(prelabel, tmp_path):
    records = [{"id": f"p{n}", "text": f"Text {n // 2}.", "entities": []} for n in range(40)]
    parts = {}
    for name, order in (("one", records), ("two", records[::-1])):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in order))
        prelabel("export", f"{name}.jsonl", "--format", "spacy-jsonl", "--output", name, "--split", "80,10,10")
        parts[name] = {part: {json.loads(line)["id"] for line in (tmp_path / name / f"{part}.jsonl").read_text().splitlines()} for part in ("train", "dev", "test")}
    assert parts["one"] == parts["two"] and {part: len(ids) for part, ids in parts["one"].items()} == {"train": 32, "dev": 4, "test": 4}
    for ids in parts["one"].values():
        assert {int(identifier[1:]) ^ 1 for identifier in ids} == {int(identifier[1:]) for identifier in ids}
    prelabel("export", "one.jsonl", "--format", "spacy-jsonl", "--output", "x", "--split", "80,30", code=64)
