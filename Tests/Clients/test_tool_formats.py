"""The formats of annotation tools and of AWS, as their own readers take them, on texts that are hard on offsets."""
import csv
import json
import re

from training_records import FLAT, OVERLAPPING, export, lines, losses, record, spans, surfaces  # noqa: F401


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
    text, found, sentence = "", {}, []
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
