"""Consolidation of a data set with known truth, through the command line."""
import gzip
import json
import random

import pytest


@pytest.fixture(scope="module")
def crowd(shared_data):
    path = shared_data / "crowd-ncbi-sim" / "crowd.jsonl.gz"
    if not path.is_file():
        pytest.skip("the simulated crowd is not on this machine")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def lines(crowd):
    for document in crowd:
        yield {
            "id": document["id"], "text": document["text"],
            "annotations": [
                {"worker-id": worker, "entities": [{"startOffset": s, "endOffset": e, "label": l} for s, e, l in spans]}
                for worker, spans in document["workers"].items()
            ],
        }


def write(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def f1(crowd, output):
    common = marked = gold = 0
    for document, line in zip(crowd, output.splitlines()):
        truth = {tuple(span) for span in document["gold"]}
        found = {(e["startOffset"], e["endOffset"], e["label"]) for e in json.loads(line)["entities"]}
        common, marked, gold = common + len(truth & found), marked + len(found), gold + len(truth)
    return 200 * common / (marked + gold)


def ranks(values):
    order = sorted(values)
    return [order.index(value) + (order.count(value) - 1) / 2 for value in values]


def correlation(left, right):
    left, right = ranks(left), ranks(right)
    mean_left, mean_right = sum(left) / len(left), sum(right) / len(right)
    both = sum((l - mean_left) * (r - mean_right) for l, r in zip(left, right))
    return both / (sum((l - mean_left) ** 2 for l in left) * sum((r - mean_right) ** 2 for r in right)) ** 0.5


def test_best_finds_most_of_what_is_true(prelabel, crowd, tmp_path):
    path = write(tmp_path / "spans.jsonl", lines(crowd))
    best = f1(crowd, prelabel("consolidate", "--spans", path).stdout)
    assert best >= 77
    for method in ("majority", "ground-truth", "dawid-skene"):
        assert f1(crowd, prelabel("consolidate", "--spans", path, "--method", method).stdout) < best


def test_every_order_gives_the_same_bytes(prelabel, crowd, tmp_path):
    records = list(lines(crowd[:80]))
    plain = prelabel("consolidate", "--spans", write(tmp_path / "plain.jsonl", records)).stdout.decode()
    generator = random.Random(1)
    turned = [{**record, "annotations": generator.sample(record["annotations"], len(record["annotations"]))} for record in records]
    generator.shuffle(turned)
    other = prelabel("consolidate", "--spans", write(tmp_path / "turned.jsonl", turned)).stdout.decode()

    def entities(output):
        return {json.loads(line)["id"]: line.rsplit('"entities":', 1)[1] for line in output.splitlines()}

    assert entities(plain) == entities(other)


def test_the_report_ranks_workers_and_names_those_at_random(prelabel, crowd, tmp_path):
    path, report = write(tmp_path / "spans.jsonl", lines(crowd)), tmp_path / "report.json"
    prelabel("consolidate", "--spans", path, "--output", tmp_path / "out.jsonl", "--report", report)
    found = json.loads(report.read_text())
    told, true = [], []
    for worker in found["workers"]:
        common = both = documents = 0
        for document in crowd:
            if worker["worker-id"] in document["workers"]:
                truth = {tuple(span) for span in document["gold"]}
                spans = {tuple(span) for span in document["workers"][worker["worker-id"]]}
                common, both, documents = common + len(truth & spans), both + len(truth) + len(spans), documents + 1
        if documents >= 10:
            told.append(worker["agreement"]["f1"] or 0)
            true.append(2 * common / both)
    assert correlation(told, true) >= 0.9
    random_ones = [w["worker-id"] for w in found["workers"] if any(s["name"] == "marks-at-random" for s in w["suspicions"])]
    assert random_ones == ["w08", "w30"]
    assert found["disputes"] == sorted(found["disputes"], key=lambda dispute: -dispute["expected-errors"])


def test_agreement_is_reported_with_intervals(prelabel, crowd, tmp_path):
    path = write(tmp_path / "spans.jsonl", lines(crowd[:40]))
    overall = json.loads(prelabel("agreement", "--spans", path, "--json").stdout)["overall"]
    assert set(overall) == {"exact-f1", "fleiss-kappa", "gamma", "label-f1", "overlap-f1", "unitizing-alpha"}
    for estimate in overall.values():
        assert -1 <= estimate["low"] <= estimate["value"] <= estimate["high"] <= 1
    assert b"Krippendorff" in prelabel("agreement", "--spans", path).stdout


def test_a_worker_can_be_left_out(prelabel, tmp_path):
    record = {"id": "a", "text": "40 mg", "annotations": [
        {"worker-id": "w1", "entities": [{"startOffset": 0, "endOffset": 5, "label": "DOSE"}]}, {"worker-id": "w2", "entities": []}]}
    path = write(tmp_path / "spans.jsonl", [record])
    left = json.loads(prelabel("consolidate", "--spans", path, "--exclude-worker", "w1").stdout)
    assert left["entities"] == [] and len(left["annotations"]) == 2
