"""`prelabel serve` learns from its own labeling jobs: a model trained in the background takes the old one's place."""
import json
import urllib.request

from labeling import REGION, LabelingService, job, put_files
from waiting import until

LABELS = ["Background", "Methods", "Results"]
THINGS = ["lamps", "rivers", "maps", "pumps"]
FUNCTION = f"arn:aws:lambda:{REGION}:111122223333:function:SageMaker-Prelabel-"


def sentences(number):
    thing = THINGS[number % 4]
    return [f"Many use {thing} number {number}.", f"We propose a method for {thing}.", f"Results gain {number}%."]


def entities(number):
    """The roles of the sentences, as a worker marks them."""
    marks, position = [], 0
    for sentence, label in zip(sentences(number), LABELS):
        marks.append({"startOffset": position, "endOffset": position + len(sentence), "label": label})
        position += len(sentence) + 1
    return marks


def post(service, path, body, token=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(urllib.request.Request(service.url + path, json.dumps(body).encode(), headers), timeout=30) as answer:
        return json.loads(answer.read())


def suggesting_model(service):
    event = {"version": "2018-10-16", "dataObject": {"source": " ".join(sentences(1))}}
    (source,) = {suggestion["source"] for suggestion in post(service, "/pre-annotation", event)["taskInput"]["suggestions"]}
    return source


def test_a_model_learns_from_a_job_and_is_used_from_then_on(tmp_path, environment):
    count = 24
    data = tmp_path / "data"
    put_files(data, sentences=[" ".join(sentences(number)) for number in range(count)], labels=LABELS)
    arguments = ["--suggest", "--retrain-after", count, "--suggestion-folder", "s3://labels/models"]
    service = LabelingService(tmp_path, environment, data, *arguments)
    try:
        (token,) = service.make_team("readers", ["w1@example.org"], environment)
        assert suggesting_model(service) == "roles-computer-science"
        service.client().create_labeling_job(
            **job(
                "Roles", LabelAttributeName="roles", HumanTaskConfig__PreHumanTaskLambdaArn=FUNCTION + "PreAnnotation",
                HumanTaskConfig__AnnotationConsolidationConfig={"AnnotationConsolidationLambdaArn": FUNCTION + "PostAnnotation"}))
        for _ in range(count):
            task = until(lambda: post(service, "/tasks/Roles", {}, token)["task"])
            answer = {"crowd-entity-annotation": {"entities": entities(task["number"])}}
            post(service, f"/tasks/Roles/{task['number']}/answer", {"answer": answer}, token)
        until(service.log.read_text, lambda text: "a new model suggests" in text)
        assert suggesting_model(service) == "learned-0001"
        assert sorted(path.name for path in (data / "labels/models/0001").iterdir()) == ["README.md", "model", "training.json"]
        assert "s3://labels/out/Roles/manifests/output/output.manifest" in (data / "labels/models/0001/README.md").read_text()
        service.stop_and_wait()
        service = LabelingService(tmp_path, environment, data, *arguments)
        assert suggesting_model(service) == "learned-0001"
        service.stop_and_wait()
    finally:
        service.process.kill()


def test_retraining_needs_a_model_and_a_folder(prelabel):
    for arguments in (["--retrain-after", "5"], ["--suggest", "--retrain-after", "5"], ["--suggest", "--retrain-after", "0", "--suggestion-folder", "s3://a/b"]):
        assert b"--retrain-after needs" in prelabel("serve", "--port", "0", *arguments, code=64).stderr
