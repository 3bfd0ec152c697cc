"""Every format of training data as its own reader takes it, and the way back, on texts that are hard on offsets."""
import csv
import json
import os
import random
import re
import unicodedata

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example, offsets_to_biluo_tags
from spacy.training.converters import conll_ner_to_docs

from test_functions import NASTY

os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"

FORMATS = "ground-truth comprehend spacy-jsonl spacy conll hf gliner prodigy label-studio doccano argilla brat webanno-tsv w3c".split()


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


# MARK: spaCy


def test_spacy_takes_the_offsets_whole(export):
    folder = export("spacy-jsonl", FLAT)
    nlp = spacy.blank("en")
    for row, entry in zip(lines(folder / "all.jsonl"), FLAT):
        assert row["text"] == entry["text"] and [tuple(triple) for triple in row["entities"]] == spans(entry)
        example = Example.from_dict(nlp.make_doc(row["text"]), {"entities": [tuple(triple) for triple in row["entities"]]})
        # spaCy's tokenizer leaves a byte order mark on the first word, where no span can start.
        assert len(example.reference.ents) == len(row["entities"]) - row["text"].startswith("\ufeff")
    tags = offsets_to_biluo_tags(nlp.make_doc(FLAT[0]["text"]), [tuple(triple) for triple in lines(folder / "all.jsonl")[0]["entities"]])
    assert "-" not in tags


def test_spacy_reads_the_docbin(export):
    folder = export("spacy", FLAT + OVERLAPPING)
    documents = list(DocBin().from_disk(folder / "all.spacy").get_docs(spacy.blank("en").vocab))
    assert [document.text for document in documents] == [entry["text"] for entry in FLAT + OVERLAPPING]
    for document, entry in zip(documents, FLAT + OVERLAPPING):
        assert document.user_data["id"] == entry["id"]
        group = document.spans.get("sc")
        found = document.ents if group is None else group
        assert sorted((span.start_char, span.end_char, span.label_) for span in found) == sorted(spans(entry))
        assert (group is not None) == (entry in OVERLAPPING)
    assert {loss["code"] for loss in losses(folder)} == {"span-group"}


def test_spacy_trains_on_the_docbin(export, tmp_path):
    export("spacy", [record(f"p{n}", f"We gave {n} mg of aspirin.", (f"{n} mg", "DOSE")) for n in range(20)], "--split", "80,20")
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [Example(nlp.make_doc(document.text), document) for document in DocBin().from_disk(tmp_path / "spacy/train.spacy").get_docs(nlp.vocab)]
    assert len(examples) == 16
    nlp.initialize(lambda: examples)
    first = nlp.update(examples)["ner"]
    for _ in range(5):
        last = nlp.update(examples)["ner"]
    assert last < first
    assert len(list(DocBin().from_disk(tmp_path / "spacy/dev.spacy").get_docs(nlp.vocab))) == 4


def test_a_docbin_that_spacy_wrote_is_read(prelabel, tmp_path):
    nlp = spacy.blank("en")
    document = nlp(NASTY)
    start = NASTY.index("Lumen")
    document.ents = [document.char_span(start, start + len("Lumen Labs"), label="ORG")]
    document.spans["sc"] = [document.char_span(start, start + 5, label="A"), document.char_span(start, start + len("Lumen Labs"), label="B")]
    other = nlp("Oslo  is ID")
    other.ents = [other.char_span(0, 4, label="GPE"), other.char_span(9, 11, label="MY LABEL")]
    DocBin(docs=[document, other, nlp("")]).to_disk(tmp_path / "x.spacy")
    found = [json.loads(line) for line in prelabel("import", "x.spacy", "--format", "spacy").stdout.splitlines()]
    assert [entry["text"] for entry in found] == [NASTY, "Oslo  is ID", ""]
    assert surfaces(found[0]) == [("Lumen", "A"), ("Lumen Labs", "B")]
    assert surfaces(found[1]) == [("Oslo", "GPE"), ("ID", "MY LABEL")]


# MARK: Tokens


@pytest.mark.parametrize("scheme", ["BIO2", "IOB1"])
def test_spacy_converts_the_columns(export, scheme):
    folder = export("conll", FLAT, "--scheme", scheme)
    documents = conll_ner_to_docs((folder / "all.conll").read_text(encoding="utf-8"), n_sents=0, no_print=True)
    tokens = lines(folder / "all.tokens.jsonl")
    for document, entry, places in zip(documents, FLAT, tokens):
        assert [token.text for token in document] == [entry["text"][start:end] for start, end in places["tokens"]]
        found = [(places["tokens"][span.start][0], places["tokens"][span.end - 1][1], span.label_) for span in document.ents]
        assert found == spans(entry)


@pytest.mark.parametrize(("scheme", "name"), [("BIO2", "IOB2"), ("IOB1", "IOB1"), ("BIOES", "IOBES"), ("BILOU", "BILOU")])
def test_seqeval_reads_every_scheme_strictly(export, scheme, name):
    from seqeval import scheme as schemes
    from seqeval.scheme import Entities

    folder = export("conll", FLAT, "--scheme", scheme)
    blocks = (folder / "all.conll").read_text(encoding="utf-8").split("-DOCSTART- -X- O O\n\n")[1:]
    for block, entry, places in zip(blocks, FLAT, lines(folder / "all.tokens.jsonl")):
        tags = [row.split(" ")[3] for row in block.split("\n") if row]
        found = [(places["tokens"][e.start][0], places["tokens"][e.end - 1][1], e.tag) for e in Entities([tags], getattr(schemes, name)).entities[0]]
        assert found == spans(entry)
        assert places["scheme"] == scheme


def test_datasets_loads_the_folder_with_its_classes(export, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    import datasets
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    folder = export("hf", FLAT)
    rows = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    names = rows.features["ner_tags"].feature.names
    assert names[:5] == ["O", "B-ORG", "I-ORG", "B-GPE", "I-GPE"] and rows.num_rows == len(FLAT)
    tags = [[names[tag] for tag in row["ner_tags"]] for row in rows]
    assert f1_score(tags, tags, mode="strict", scheme=IOB2) == 1.0
    for row, entry in zip(rows, FLAT):
        assert row["tokens"] == [entry["text"][start:end] for start, end in zip(row["start"], row["end"])]
        assert row["text"] == entry["text"] and row["id"] == entry["id"]
        assert sum(names[tag].startswith("B-") for tag in row["ner_tags"]) == len(entry["entities"])
    split = export("hf", [record(f"p{n}", f"Text {n}.") for n in range(20)], "--split", "80,10,10")
    loaded = datasets.load_dataset(str(split), cache_dir=str(tmp_path / "cache"))
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 16, "validation": 2, "test": 2}


def test_gliner_rows_have_inclusive_token_spans(export):
    folder = export("gliner", FLAT + OVERLAPPING)
    rows = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    for row, entry, places in zip(rows, FLAT + OVERLAPPING, lines(folder / "all.tokens.jsonl")):
        assert set(row) == {"tokenized_text", "ner"}
        found = sorted((places["tokens"][first][0], places["tokens"][last][1], label) for first, last, label in row["ner"])
        assert found == sorted(spans(entry))
        assert all(0 <= first <= last < len(row["tokenized_text"]) for first, last, _ in row["ner"])
    long = export("gliner", [record("long", "word " * 400 + "end", ("word " * 13 + "word", "A"))])
    assert sorted(loss["code"] for loss in losses(long)) == ["long-span", "long-text"]


def test_prodigy_rows_rebuild_their_texts(export):
    for row, entry in zip(lines(export("prodigy", FLAT + OVERLAPPING) / "all.jsonl"), FLAT + OVERLAPPING):
        assert row["answer"] == "accept" and row["text"] == entry["text"] and row["meta"]["doc"] == entry["id"]
        for number, token in enumerate(row["tokens"]):
            assert token["id"] == number and row["text"][token["start"] : token["end"]] == token["text"]
            assert token["ws"] == (row["text"][token["end"] : token["end"] + 1] == " ")
        for span in row["spans"]:
            assert row["tokens"][span["token_start"]]["start"] == span["start"] and row["tokens"][span["token_end"]]["end"] == span["end"]
        assert sorted((span["start"], span["end"], span["label"]) for span in row["spans"]) == sorted(spans(entry))


# MARK: Annotation tools


def test_label_studios_converter_reads_the_tasks(export, tmp_path):
    from label_studio_sdk.converter import Converter

    records = FLAT + OVERLAPPING
    folder = export("label-studio", records)
    tasks = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    ids = [result["id"] for task in tasks for result in task["annotations"][0]["result"]]
    assert len(ids) == len(set(ids))
    for number, task in enumerate(tasks):
        task["id"], task["annotations"][0]["id"], task["annotations"][0]["completed_by"] = number, number, 1
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    converter = Converter((folder / "label-config.xml").read_text(encoding="utf-8"), project_dir=None, download_resources=False)
    converter.convert(str(tmp_path / "tasks.json"), str(tmp_path / "min"), "JSON_MIN", is_dir=False)
    rows = json.loads((tmp_path / "min/result.json").read_text(encoding="utf-8"))
    assert len(rows) == len(records)
    for row, entry in zip(rows, records):
        found = [(value["start"], value["end"], label) for value in row.get("label", []) for label in value["labels"]]
        assert row["text"] == entry["text"] and found == spans(entry)
        assert [value["text"] for value in row.get("label", [])] == [surface for surface, _ in surfaces(entry)]
    converter.convert(str(tmp_path / "tasks.json"), str(tmp_path / "conll"), "CONLL2003", is_dir=False)
    assert "Oslo -X- _ B-GPE" in (tmp_path / "conll/result.conll").read_text(encoding="utf-8")


def test_what_label_studios_converter_writes_is_read(prelabel, export, tmp_path):
    from label_studio_sdk.converter import Converter

    folder = export("label-studio", FLAT)
    tasks = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    for number, task in enumerate(tasks):
        task["id"] = task["data"]["id"] = number
        annotation = task["annotations"][0] | {"id": number, "completed_by": 7, "ground_truth": False}
        task["annotations"] = [annotation, annotation | {"id": number + 100, "completed_by": 8, "result": []}]
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    Converter((folder / "label-config.xml").read_text(), project_dir=None, download_resources=False).convert(
        str(tmp_path / "tasks.json"), str(tmp_path / "min"), "JSON_MIN", is_dir=False
    )
    for name in ("tasks.json", "min/result.json"):
        found = [json.loads(line) for line in prelabel("import", name, "--format", "label-studio").stdout.splitlines()]
        assert len(found) == len(FLAT), name
        for entry, original in zip(found, FLAT):
            answers = {answer["worker-id"]: [(e["startOffset"], e["endOffset"], e["label"]) for e in answer["entities"]] for answer in entry["annotations"]}
            assert answers == {"7": spans(original), "8": []}, name


def test_doccanos_rules_hold(export):
    for row, entry in zip(lines(export("doccano", FLAT + OVERLAPPING) / "all.jsonl"), FLAT + OVERLAPPING):
        assert row["text"] == entry["text"] and row["id"] == entry["id"]
        assert all(0 <= start < end <= len(row["text"]) and isinstance(label, str) and len(label) <= 100 for start, end, label in row["label"])
        assert [tuple(triple) for triple in row["label"]] == spans(entry)


def test_argillas_rows_are_suggestions(export):
    for row, entry in zip(lines(export("argilla", FLAT + OVERLAPPING) / "all.jsonl"), FLAT + OVERLAPPING):
        assert [(span["start"], span["end"], span["label"]) for span in row["ner.suggestion"]] == spans(entry)
        assert row["ner.suggestion.agent"] == "prelabel" and len(row.get("ner.suggestion.score", [])) == len(entry["entities"])


TEXT_BOUND = re.compile(r"(T\d+)\t([A-Za-z0-9_-]+) (\d+ \d+(?:;\d+ \d+)*)\t([^\n]*)")


def test_brats_grammar_holds(export):
    records = FLAT + OVERLAPPING
    folder = export("brat", records) / "all"
    assert len(list(folder.glob("*.ann"))) == len(records)
    types = (folder / "annotation.conf").read_text().split("[relations]")[0].split()[1:]
    for entry in records:
        name = entry["id"].replace(":", "=3A").replace("/", "=2F")
        # As brat's server reads it: universal line ends, code points.
        with open(folder / f"{name}.txt", encoding="utf-8") as file:
            text = file.read()
        found = []
        for line in (folder / f"{name}.ann").read_text(encoding="utf-8").split("\n")[:-1]:
            _, label, ranges, surface = TEXT_BOUND.fullmatch(line).groups()
            ranges = [tuple(map(int, part.split(" "))) for part in ranges.split(";")]
            assert " ".join(text[start:end] for start, end in ranges) == surface and label in types
            assert all(first[1] < second[0] for first, second in zip(ranges, ranges[1:]))
            found.append((ranges[0][0], ranges[-1][1], label))
        assert found == spans(entry), entry["id"]


def webanno(path):
    """(text, spans) of a TSV 3.3 file as its documentation says: UTF-16, sentences at their first token, blanks between."""
    text, found, sentence, values = "", {}, [], []
    escapes = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
    unescape = lambda escaped: re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), escaped, flags=re.S)
    length = lambda: len(text.encode("utf-16-le")) // 2
    for line in path.read_bytes().decode("utf-8").split("\n")[2:]:
        if line.startswith("#Text="):
            sentence.append(unescape(line[6:]))
        elif line:
            number, place, surface, value = line.split("\t")
            start, end = map(int, place.split("-"))
            if sentence:
                text += " " * (start - length()) + "\n".join(sentence)
                sentence = []
            units = text.encode("utf-16-le")
            assert units[2 * start : 2 * end].decode("utf-16-le") == surface
            for part in [] if value == "_" else re.split(r"(?<!\\)\|", value):
                label, key = re.fullmatch(r"(.*?)(?:\[(\d+)\])?", part).groups()
                key = key or f"{number}:{label}"
                found[key] = (min(start, found.get(key, (start,))[0]), max(end, found.get(key, (0, end))[1]), unescape(label))
    return text, sorted(found.values())


def test_webanno_counts_utf16(export):
    records = FLAT + OVERLAPPING
    folder = export("webanno-tsv", records) / "all"
    for entry in records:
        name = entry["id"].replace(":", "=3A").replace("/", "=2F")
        text, found = webanno(folder / f"{name}.tsv")
        utf16 = lambda offset: len(entry["text"][:offset].encode("utf-16-le")) // 2
        assert found == sorted((utf16(start), utf16(end), label) for start, end, label in spans(entry)), entry["id"]


def test_web_annotations_select_by_position_and_by_quote(export):
    records = FLAT + OVERLAPPING
    folder = export("w3c", records) / "all"
    for entry in records:
        name = entry["id"].replace(":", "=3A").replace("/", "=2F")
        page = json.loads((folder / f"{name}.jsonld").read_text(encoding="utf-8"))
        found = []
        for item in page["items"]:
            assert item["type"] == "Annotation" and item["motivation"] == "tagging"
            position, quote = item["target"]["selector"]
            text = (folder / f"{name}.txt").read_bytes().decode("utf-8")
            assert text[position["start"] : position["end"]] == quote["exact"]
            assert text.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1
            found.append((position["start"], position["end"], item["body"][0]["value"]))
        assert found == spans(entry)


# MARK: AWS


def test_manifests_count_utf16_and_keep_overlaps(export):
    for line, entry in zip(lines(export("ground-truth", FLAT + OVERLAPPING) / "all.manifest"), FLAT + OVERLAPPING):
        units = line["source"].encode("utf-16-le")
        entities = line["labels"]["annotations"]["entities"]
        assert [(units[2 * e["startOffset"] : 2 * e["endOffset"]].decode("utf-16-le"), e["label"]) for e in entities] == surfaces(entry)
        assert len(line["labels-metadata"]["entities"]) == len(entities) and line["labels-metadata"]["type"] == "groundtruth/text-span"
        assert {label["label"] for label in line["labels"]["annotations"]["labels"]} == {label for _, label in surfaces(entry)}


def test_comprehend_takes_a_document_a_line(export):
    folder = export("comprehend", FLAT)
    text = (folder / "all.txt").read_bytes().decode("utf-8")
    documents = text.splitlines()
    assert len(documents) == len(FLAT) and text.endswith("\n")
    with open(folder / "all.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["File", "Line", "Begin Offset", "End Offset", "Type"]
    found = [(int(row["Line"]), int(row["Begin Offset"]), int(row["End Offset"]), row["Type"]) for row in rows]
    assert found == [(number, *span) for number, entry in enumerate(FLAT) for span in spans(entry)]
    assert all(row["File"] == "all.txt" for row in rows)
    assert {"too-few-annotations", "corpus-size", "line-end"} <= {loss["code"] for loss in losses(folder)}
    large = [record(f"p{n}", f"We gave {n} mg. " * 20, (f"{n} mg", "DOSE")) for n in range(30)] + [record("long", "word " * 1001)]
    folder = export("comprehend", large, code=1)
    assert [(loss["id"], loss["code"]) for loss in losses(folder)] == [("long", "document-size")]


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
