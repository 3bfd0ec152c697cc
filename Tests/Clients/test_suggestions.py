"""Training and suggesting through the program: files, exit codes, determinism, and the models that come with it."""
import gzip
import json
import time

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
    assert b"1 records without labels" in prelabel("train", "spans.jsonl", "--output", "model").stderr
    (tmp_path / "spans.jsonl").write_text(lines(record(number) for number in range(20)) + '{"text":"x","entities":5}\n')
    result = prelabel("train", "spans.jsonl", "--output", "model", code=1)
    assert b"bad-record" in result.stderr and (tmp_path / "model/model").exists()
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
    "name, data, least", [("roles-computer-science", "roles-csabstruct", 0.68), ("roles-biomedical", "roles-jats", 0.91)]
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


def test_without_a_name_the_roles_of_computer_science_are_suggested(prelabel, tmp_path):
    (tmp_path / "new.jsonl").write_text('{"text":"We propose a method. Results show a gain of 9%."}\n')
    result = prelabel("suggest", "new.jsonl")
    suggestions = json.loads(result.stdout)["suggestions"]
    assert [s["source"] for s in suggestions] == ["roles-computer-science"] * 2
    assert b"can never propose Conclusions, Limitations" in result.stderr
    mapped = prelabel("suggest", "new.jsonl", "--labels", "Methods,Results,Aims")
    assert {s["label"] for s in json.loads(mapped.stdout)["suggestions"]} <= {"Methods", "Results", "Aims"}
    assert b"never" not in mapped.stderr


def test_pre_annotation_suggests_when_asked_and_only_then(prelabel, tmp_path):
    text = "\U0001f600 We propose a method. Results show a gain of 9%."
    event = json.dumps({"version": "2018-10-16", "dataObject": {"source": text}}).encode()
    plain = prelabel("pre-annotate", "-", input=event).stdout
    assert b"suggest" not in plain and b"initial-value" not in plain
    for arguments, env in ((["--suggest"], {}), ([], {"PRELABEL_SUGGEST": "1"})):
        task = json.loads(prelabel("pre-annotate", "-", *arguments, input=event, env=env).stdout)["taskInput"]
        utf16 = text.encode("utf-16-le")
        slices = [utf16[2 * s["startOffset"] : 2 * s["endOffset"]].decode("utf-16-le") for s in task["initial-value"]]
        assert slices == ["\U0001f600 We propose a method.", "Results show a gain of 9%."]
        assert [{k: s[k] for k in ("startOffset", "endOffset", "label")} for s in task["suggestions"]] == task["initial-value"]
        assert task["never-suggested"] == ["Conclusions", "Limitations"]
    prelabel("pre-annotate", "-", "--suggest", "--suggestion-model", "absent", input=event, code=66)


def test_tasks_are_ordered_by_what_they_would_teach(prelabel, tmp_path):
    known = "We propose a method. Results show a gain."
    manifest = [{"source": known}, {"source": known, "note": 1.0}, {"source-ref": "s3://b/k"}, {"source": "Frogs? Kites of Oslo went under. 12 of 9."}]
    (tmp_path / "input.manifest").write_text(lines(manifest))
    result = prelabel("suggest", "input.manifest", "--order", "--output", "ordered.manifest", code=1)
    assert b"input.manifest:3: no-text" in result.stderr
    ordered = (tmp_path / "ordered.manifest").read_text().splitlines(keepends=True)
    assert sorted(ordered) == sorted(lines([line]) for line in manifest)
    assert ordered[0] == lines([manifest[3]]) and ordered[3] == lines([manifest[2]])


def test_suggestions_count_as_a_worker_when_asked(prelabel, tmp_path):
    span = {"startOffset": 0, "endOffset": 4, "label": "A"}
    records = [
        {"id": "a", "text": "Oslo is", "annotations": [{"worker-id": w, "entities": [span] if w == "w1" else []} for w in ("w1", "w2")], "suggestions": [span]},
        {"id": "b", "text": "Oslo is", "annotations": [{"worker-id": w, "entities": [span] if w == "w1" else []} for w in ("w1", "w2")]},
    ]
    (tmp_path / "spans.jsonl").write_text(lines(records))
    plain = [json.loads(line) for line in prelabel("consolidate", "--spans", "spans.jsonl", "--method", "majority").stdout.splitlines()]
    assert [line["entities"] for line in plain] == [[], []]
    counted = prelabel("consolidate", "--spans", "spans.jsonl", "--method", "majority", "--suggestions-as-worker", "model").stdout
    entities = [json.loads(line)["entities"] for line in counted.splitlines()]
    assert [len(found) for found in entities] == [1, 0] and entities[0][0]["support"] == ["model", "w1"]
    clash = prelabel("consolidate", "--spans", "spans.jsonl", "--suggestions-as-worker", "w1", code=1)
    assert b"spans.jsonl:1: duplicate-worker" in clash.stderr
    prelabel("consolidate", "--suggestions-as-worker", "model", input=b"{}", code=64)


def test_a_model_is_trained_from_an_output_manifest(prelabel, tmp_path):
    rows = []
    for entry in map(record, range(20)):
        annotations = {"annotations": {"entities": entry["entities"], "labels": [{"label": "background"}]}}
        rows.append({"source": entry["text"], "roles": annotations, "roles-metadata": {"type": "groundtruth/custom", "job-name": "j"}})
    (tmp_path / "output.manifest").write_text(lines(rows))
    (tmp_path / "spans.jsonl").write_text(lines(map(record, range(20))))
    prelabel("train", "output.manifest", "--output", "a/roles", "--label-attribute", "roles")
    prelabel("train", "spans.jsonl", "--output", "b/roles")
    assert (tmp_path / "a/roles/model").read_bytes() == (tmp_path / "b/roles/model").read_bytes()


def test_sure_texts_are_left_to_the_model_within_a_budget(prelabel, tmp_path):
    (tmp_path / "spans.jsonl").write_text(lines(record(number) for number in range(200)))
    prelabel("train", "spans.jsonl", "--output", "roles")
    assert "at most 5.0 % wrong: 100.0 % of the texts" in (tmp_path / "roles/README.md").read_text()
    event = json.dumps({"version": "2018-10-16", "dataObject": {"source": record(7)["text"]}}).encode()
    model = ["--suggest", "--suggestion-model", "roles", "--suggestion-labels", "Background,Methods,Results"]
    response = json.loads(prelabel("pre-annotate", "-", *model, input=event).stdout)
    assert response["isHumanAnnotationRequired"] is True
    result = prelabel("pre-annotate", "-", *model, "--suggestion-error-budget", "0.05", input=event)
    left = json.loads(result.stdout)
    assert left["isHumanAnnotationRequired"] is False and left["taskInput"] == response["taskInput"]
    result = prelabel("pre-annotate", "-", *model[:3], "--suggestion-error-budget", "0.05", input=event)
    assert json.loads(result.stdout)["isHumanAnnotationRequired"] is True and b"no task is left to the model" in result.stderr
    prelabel("pre-annotate", "-", *model, "--suggestion-error-budget", "5", input=event, code=64)


def test_a_hidden_share_of_the_tasks_is_shown_no_suggestions_and_reported(prelabel, tmp_path):
    rows = []
    for number in range(12):
        text = record(number)["text"]
        event = json.dumps({"version": "2018-10-16", "dataObject": {"source": text}}).encode()
        env = {"PRELABEL_SUGGEST": "1", "PRELABEL_SUGGESTION_BLIND_SHARE": "0.5"}
        task = json.loads(prelabel("pre-annotate", "-", input=event, env=env).stdout)["taskInput"]
        again = json.loads(prelabel("pre-annotate", "-", "--suggest", "--suggestion-blind-share", "0.5", input=event).stdout)["taskInput"]
        assert task == again and ("suggestions-withheld" in task) != ("suggestions" in task)
        rows.append((text, "suggestions-withheld" in task))
    assert 0 < sum(withheld for _, withheld in rows) < 12
    span = {"startOffset": 0, "endOffset": 4, "label": "A"}
    records = [{"text": text, "annotations": [{"worker-id": "w1", "entities": [span]}], "suggestions": [span]} for text, _ in rows]
    (tmp_path / "spans.jsonl").write_text(lines(records))
    prelabel("consolidate", "--spans", "spans.jsonl", "--output", "out.jsonl", "--report", "report.json", "--blind-share", "0.5")
    report = json.loads((tmp_path / "report.json").read_text())["suggestions"]
    blind = sum(withheld for _, withheld in rows)
    assert report["withheld"]["answers"] == blind and report["shown"]["answers"] == report["shown"]["accepted"] == 12 - blind
    prelabel("consolidate", "--spans", "spans.jsonl", "--output", "out.jsonl", "--report", "plain.json")
    assert "suggestions" not in json.loads((tmp_path / "plain.json").read_text())


@pytest.mark.parametrize("name", ["roles-computer-science", "roles-biomedical"])
def test_texts_that_are_no_abstracts_take_bounded_time(prelabel, tmp_path, name):
    sentence = "We propose a method that finds 3 of 4 errors (e.g. in maps), cf. Fig. 2. "
    texts = [
        "", " \n\n ", "\ufeff", "...", "12 345", "no sentence at all", "\u6211\u4eec\u63d0\u51fa\u4e00\u79cd\u65b9\u6cd5\u3002\u7ed3\u679c\u5f88\u597d\u3002", "\u0627\u0644\u0646\u062a\u0627\u0626\u062c.", "\U0001f600" * 50,
        sentence * (1_000_000 // len(sentence)), "a" * 1_000_000, "A. " * 333_333, "\n" * 1_000_000, "(" * 1_000_000, "\u0301" * 300_000,
    ]
    (tmp_path / "texts.jsonl").write_text(lines({"text": text} for text in texts))
    start = time.monotonic()
    result = prelabel("suggest", "texts.jsonl", "--model", name)
    assert time.monotonic() - start < 60
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["text"] for row in found] == texts
    assert all(0 <= s["startOffset"] < s["endOffset"] <= len(row["text"]) for row in found for s in row["suggestions"])
    assert [len(row["suggestions"]) for row in found[:2]] == [0, 0] and len(found[6]["suggestions"]) == 2 and len(found[9]["suggestions"]) == 2_000


def test_what_became_of_suggestions_is_imported_and_reported(prelabel, tmp_path):
    text = "Oslo is cold."
    entity = {"startOffset": 0, "endOffset": 4, "label": "CITY"}

    def answer(worker, suggestions, entities):
        content = {"crowd-entity-annotation": {"entities": entities}, "suggestions": suggestions}
        return {"workerId": worker, "annotationData": {"content": json.dumps(content)}}

    outcomes = [{**entity, "outcome": "accepted"}, {**entity, "outcome": "rejected"}, {**entity, "outcome": "odd"}]
    answers = [
        [answer("w1", {"added": 0, "outcomes": outcomes}, [entity]), answer("w2", {"added": 1, "outcomes": []}, [entity])],
        [answer("w1", {"added": 1, "withheld": True}, [entity]), answer("w2", {"added": "x"}, [entity])],
    ]
    rows = [
        {"source": text + "!" * number, "ner": {"annotationsFromAllWorkers": given}, "ner-metadata": {"type": "groundtruth/custom"}}
        for number, given in enumerate(answers)
    ]
    (tmp_path / "output.manifest").write_text(lines(rows))
    prelabel("import", "--format", "ground-truth", "output.manifest", "--output", "spans.jsonl")
    records = [json.loads(line) for line in (tmp_path / "spans.jsonl").read_text().splitlines()]
    assert [a.get("suggestions") for record in records for a in record["annotations"]] == [
        {"accepted": 1, "added": 0, "fixed": 0, "rejected": 1, "undecided": 1}, {"accepted": 0, "added": 1, "fixed": 0, "rejected": 0, "undecided": 0},
        {"added": 1, "withheld": True}, None,
    ]
    for form in ("json", "txt", "html"):
        prelabel("consolidate", "--spans", "spans.jsonl", "--output", "out.jsonl", "--report", f"report.{form}")
    report = json.loads((tmp_path / "report.json").read_text())["suggestions"]
    assert (report["shown"]["answers"], report["withheld"]["answers"], report["edits-saved"]) == (2, 1, 0)
    assert report["bias"] is None
    assert "Suggestions: 0 edits saved" in (tmp_path / "report.txt").read_text()
    assert '"suggestions":{"bias":null' in (tmp_path / "report.html").read_text()
