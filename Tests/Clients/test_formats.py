"""Every format there and back, and what holds for all exports."""
import json
import random
import unicodedata

import pytest
import spacy
from spacy.tokens import DocBin

from test_functions import NASTY
from training_records import FLAT, OVERLAPPING, export, lines, record, spans, surfaces  # noqa: F401

FORMATS = "ground-truth comprehend spacy-jsonl spacy conll hf gliner prodigy label-studio doccano argilla brat webanno-tsv w3c".split()


# MARK: The way back


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_of_an_import_is_the_same(prelabel, export, tmp_path, form):
    records = FLAT + OVERLAPPING if form != "spacy-jsonl" else FLAT
    folder = export(form, records)
    prelabel("import", form, "--format", form, "--output", "back.jsonl")
    prelabel("export", "back.jsonl", "--format", form, "--output", "again")
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in ("export.json", "loss.jsonl"):
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes(), path
    back = {entry.get("id"): entry for entry in lines(tmp_path / "back.jsonl")}
    for entry in FLAT if form != "comprehend" else []:
        assert sorted(spans(back[entry["id"]])) == sorted(spans(entry)), entry["id"]
        if form not in ("brat", "webanno-tsv"):
            assert back[entry["id"]]["text"] == entry["text"]


def test_offsets_in_another_unit_are_found_out_or_refused(prelabel, tmp_path):
    text = "\U0001f9ea Oslo\r\nand Lumen now"
    value = lambda start, surface: {"type": "labels", "value": {"start": start, "end": start + len(surface), "text": surface, "labels": ["A"]}}
    for name, oslo, lumen, code in (("points", 2, 12, 0), ("utf-16", 3, 13, 0), ("bytes", 5, 15, 0), ("folded", 2, 11, 0), ("mixed", 2, 13, 1)):
        task = [{"data": {"text": text}, "annotations": [{"ground_truth": True, "result": [value(oslo, "Oslo"), value(lumen, "Lumen")]}]}]
        (tmp_path / "x.json").write_text(json.dumps(task))
        result = prelabel("import", "x.json", "--format", "label-studio", code=code)
        if code:
            assert b"x.json:1: offsets: 13..<18 (A) came with `Lumen`" in result.stderr and not result.stdout
        else:
            assert surfaces(json.loads(result.stdout)) == [("Oslo", "A"), ("Lumen", "A")], name
    (tmp_path / "x.jsonl").write_text(json.dumps({"text": text, "label": [[3, 7, "A"]]}) + "\n")
    found = prelabel("import", "x.jsonl", "--format", "doccano", "--offset-unit", "utf-16")
    assert surfaces(json.loads(found.stdout)) == [("Oslo", "A")]


def test_two_annotators_of_one_text_become_one_record(prelabel, tmp_path):
    for folder, name, rows in (
        ("doccano", "ann", [{"id": 1, "text": "Oslo now", "label": [[0, 4, "GPE"]]}]),
        ("doccano", "bob", [{"id": 1, "text": "Oslo now", "label": []}]),
        ("prodigy", "rows", [{"text": "Oslo now", "answer": "accept", "_annotator_id": who, "spans": [{"start": 0, "end": 4, "label": "GPE"}][:n]} for n, who in ((1, "ann"), (0, "bob"))]),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for form in ("doccano", "prodigy"):
        result = prelabel("import", form, "--format", form, "--output", "spans.jsonl")
        (entry,) = lines(tmp_path / "spans.jsonl")
        assert [(answer["worker-id"], len(answer["entities"])) for answer in entry["annotations"]] == [("ann", 1), ("bob", 0)]
        assert b"1 documents have workers' answers only" in result.stderr
        prelabel("consolidate", "--spans", "spans.jsonl", "--output", "consolidated.jsonl")
        prelabel("export", "consolidated.jsonl", "--format", "conll", "--output", f"out-{form}")


def test_a_finished_job_is_read_with_its_workers(prelabel, data, tmp_path):
    job = data / "papers/out/job"
    (data / "papers/p1.txt").write_bytes(NASTY.encode())
    utf16 = lambda offset: len(NASTY[:offset].encode("utf-16-le")) // 2
    start = NASTY.index("Oslo")
    oslo = {"startOffset": utf16(start), "endOffset": utf16(start + 4), "label": "GPE"}
    manifest = [
        {"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": "s3://papers/p1.txt", "year": 1.0, "ner": {"annotations": {"entities": [oslo]}}, "ner-metadata": {"type": "groundtruth/text-span", "entities": [{"confidence": 0.66}]}},
        {"source": "expired", "ner-metadata": {"failure-reason": "ClientError: expired", "human-annotated": "true"}},
    ]
    (job / "manifests/output").mkdir(parents=True)
    (job / "manifests/output/output.manifest").write_text("".join(json.dumps(line) + "\n" for line in manifest))
    for worker, entities in (("private.w1", [oslo]), ("private.w2", [])):
        folder = job / "annotations/worker-response/iteration-1/0"
        folder.mkdir(parents=True, exist_ok=True)
        answer = {"workerId": worker, "submissionTime": "2024-03-01T10:00:45.663Z", "timeSpentInSeconds": 40.5, "answerContent": {"crowd-entity-annotation": {"entities": entities}}}
        (folder / f"2024-03-01_10:00:0{worker[-1]}.json").write_text(json.dumps({"answers": [answer]}))
    for name in ("s3://papers/out/job", "s3://papers/out/job/manifests/output/output.manifest"):
        result = prelabel("import", name, "--format", "ground-truth", "--data", data)
        first, second = map(json.loads, result.stdout.splitlines())
        assert first["text"] == NASTY and surfaces(first) == [("Oslo", "GPE")] and first["entities"][0]["confidence"] == 0.66
        assert first["id"] == "s3://papers/p1.jpg" and first["year"] == 1.0
        assert [(answer["worker-id"], len(answer["entities"])) for answer in first["annotations"]] == [("private.w1", 1), ("private.w2", 0)]
        if name.endswith("job"):
            assert [answer["seconds"] for answer in first["annotations"]] == [40.5, 40.5]
        assert "entities" not in second and second["ner-metadata"]["failure-reason"].startswith("ClientError")


# MARK: Folders, splits, checks


def test_a_folder_holds_one_export(prelabel, export, tmp_path):
    folder = export("conll", [record(f"p{n}", f"Text {n}.") for n in range(10)], "--split", "80,10,10")
    assert (folder / "test.conll").exists()
    export("conll", FLAT)
    assert sorted(path.name for path in folder.iterdir()) == ["all.conll", "all.tokens.jsonl", "export.json", "loss.jsonl"]
    result = prelabel("export", "spans.jsonl", "--format", "hf", "--output", "conll", code=64)
    assert b"holds an export in the format conll" in result.stderr


def test_an_unknown_label_attribute_names_those_there_are(prelabel, tmp_path):
    line = {"source": "Aim", "ner": {"annotations": {"entities": []}}}
    (tmp_path / "m").write_text(json.dumps(line) + "\n")
    result = prelabel("export", "m", "--format", "hf", "--output", "out", "--label-attribute", "nre", code=64)
    assert b"no line has `nre`; labels stand under ner" in result.stderr and not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_copies_with_misread_characters_stay_on_one_side(export, shared_data):
    import gzip

    with gzip.open(shared_data / "ner-ncbi-disease/train.jsonl.gz", "rt", encoding="utf-8") as file:
        abstracts = [json.loads(line)["text"] for line in file]
    chance = random.Random(7)

    def misread(text):
        letters = "abcdefghijklmnopqrstuvwxyz1lI0O"
        swap = lambda c: chance.choice(["", c + chance.choice(letters), chance.choice(letters), chance.choice(letters)])
        return "".join(swap(c) if chance.random() < 0.03 else c for c in text)

    originals = {f"p{n}": text for n, text in enumerate(abstracts)}
    copies = {f"c{n}": misread(abstracts[n]) for n in range(200)}
    folder = export("spacy-jsonl", [record(i, text) for i, text in (originals | copies).items()], "--split", "80,10,10")
    part = {row["id"]: name for name in ("train", "dev", "test") for row in lines(folder / f"{name}.jsonl")}
    assert len(part) == len(originals) + 200
    assert [n for n in range(200) if part[f"c{n}"] != part[f"p{n}"]] == []
    sizes = [list(part.values()).count(name) for name in ("train", "dev", "test")]
    total = len(part)
    assert abs(sizes[0] - 0.8 * total) < 2 and abs(sizes[1] - 0.1 * total) < 2


def test_check_names_what_is_wrong(prelabel, tmp_path):
    bad = [
        record("p1", "Oslo is Oslo", ("Oslo", "GPE")),
        record("p1", "another", ("another", "gpe")),
        {"id": "p3", "text": "\U0001f9ea Oslo", "entities": [{"startOffset": 3, "endOffset": 7, "label": "GPE", "text": "Oslo"}]},
        {"id": "p4", "text": "Oslo now", "entities": [{"startOffset": 0, "endOffset": 5, "label": "ORG"}, {"startOffset": 2, "endOffset": 99, "label": "ORG"}, {"startOffset": 0, "endOffset": 4, "label": "ORG"}]},
    ]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in bad))
    found = prelabel("check", "s.jsonl", code=1).stdout.decode().splitlines()
    assert [line.split(": ")[0] + " " + line.split(": ")[1] for line in found] == [
        "s.jsonl:2 mixed-texts", "s.jsonl:3 offset-unit", "s.jsonl:4 edge-space", "s.jsonl:4 out-of-range", "s.jsonl:4 overlap",
        "s.jsonl:2 label-spelling", "s.jsonl:4 label-conflict",
    ]
    (tmp_path / "good.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in FLAT[:2]))
    assert not prelabel("check", "good.jsonl").stdout
    assert prelabel("check", "-", input=json.dumps(FLAT[0]).encode()).stderr == b"prelabel: no findings\n"


def test_texts_are_never_normalised(export):
    composed, decomposed = unicodedata.normalize("NFC", "e\u0301"), "e\u0301"
    folder = export("spacy", [record("a", composed, (composed, composed)), record("b", decomposed, (decomposed, decomposed))])
    documents = list(DocBin().from_disk(folder / "all.spacy").get_docs(spacy.blank("en").vocab))
    assert [(document.text, document.ents[0].label_) for document in documents] == [(composed, composed), (decomposed, decomposed)]
