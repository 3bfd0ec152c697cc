"""The formats of trainers as spaCy, seqeval, datasets and others take them, on texts that are hard on offsets."""
import json
import os

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example, offsets_to_biluo_tags
from spacy.training.converters import conll_ner_to_docs

from test_functions import NASTY
from training_records import FLAT, OVERLAPPING, export, lines, losses, record, spans, surfaces  # noqa: F401

os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"


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
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = [Example(nlp.make_doc(document.text), document) for document in DocBin().from_disk(tmp_path / "spacy/train.spacy").get_docs(nlp.vocab)]
    assert len(examples) == 16
    nlp.initialize(lambda: examples)
    first = nlp.update(examples)["ner"]
    for _ in range(20):
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
