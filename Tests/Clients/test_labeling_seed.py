"""The published example of a page of one's own with the built-in functions: its command, its files, and what comes out."""
import json
import re

import pytest

from labeling import BUILT_IN, LABELS, REGION, SENTENCES, TEAM, LabelingService, job, put_files
from waiting import until

# A page of the example's kind: a button of its own inside the classifier's shadow root, and keys that submit and reset.
PAGE = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
  <crowd-classifier name="crowd-classifier" categories="{{ task.input.labels | to_json | escape }}" header="What is the sentence about?">
    <classification-target><strong>{{ task.input.taskObject }}</strong></classification-target>
    <full-instructions header="Instructions"><p>Choose the label that fits.</p></full-instructions>
    <short-instructions>Choose the label that fits.</short-instructions>
  </crowd-classifier>
</crowd-form>
<script>
  document.addEventListener("all-crowd-elements-ready", () => {
    const form = document.querySelector("crowd-form");
    const root = document.querySelector("crowd-classifier").shadowRoot;
    const button = document.createElement("button");
    button.className = "awsui-button awsui-button-variant-primary";
    button.textContent = "Send";
    button.addEventListener("click", () => form.submit());
    root.querySelector(".category-picker-wrapper").appendChild(button);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter") form.submit();
      if (event.key === "r") form.reset();
    });
  });
</script>
"""
CHOICES = ["person", "animal", "plant", "person", "animal", "plant", "person"]


@pytest.fixture(scope="module")
def service(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("seed")
    put_files(folder / "data")
    (folder / "data/labels/template.html").write_text(PAGE)
    service = LabelingService(folder, environment, folder / "data", "--allow-unencrypted")
    yield service
    service.process.kill()


@pytest.fixture(scope="module")
def workers(service, environment):
    """The tokens of three workers of the team."""
    mails = [f"{name}@example.org" for name in ("ann", "ben", "cis")]
    return service.make_team("readers", mails, environment)


def ask(service, token, path, body=None):
    status, _, answer = service.call(path, None if body is None else json.dumps(body).encode(), Authorization=f"Bearer {token}", **{"Content-Type": "application/json"})
    assert status == 200, answer
    return json.loads(answer)


def take(service, token, name):
    """The worker's next task, once there is one."""
    return until(lambda: ask(service, token, f"/tasks/{name}", {})["task"])


def answer_all(service, name, token, choice):
    """Answers every object that the worker can take; gives their numbers."""
    numbers, task = [], take(service, token, name)
    while task:
        ask(service, token, f"/tasks/{name}/{task['number']}/answer", {"answer": {"crowd-classifier": {"label": choice(task["number"])}}})
        numbers.append(task["number"])
        task = ask(service, token, f"/tasks/{name}", {})["task"]
    return numbers


def wait(service, name, *statuses):
    def is_there(answer):
        assert answer["LabelingJobStatus"] != "Failed", answer
        return answer["LabelingJobStatus"] in statuses

    return until(lambda: service.aws("sagemaker", "describe-labeling-job", "--labeling-job-name", name), is_there)


def create(service, name, workers=1):
    return service.aws(
        "sagemaker", "create-labeling-job", "--labeling-job-name", name, "--label-attribute-name", "aws-blog-demo",
        "--label-category-config-s3-uri", "s3://labels/categories.json", "--role-arn", "arn:aws:iam::111122223333:role/gt-exec",
        "--input-config", json.dumps({"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://labels/in.manifest"}}}),
        "--output-config", "S3OutputPath=s3://labels/out,KmsKeyId=alias/labels", "--human-task-config",
        ",".join([
            f"AnnotationConsolidationConfig={{AnnotationConsolidationLambdaArn={BUILT_IN}ACS-TextMultiClass}}", f"PreHumanTaskLambdaArn={BUILT_IN}PRE-TextMultiClass",
            "TaskAvailabilityLifetimeInSeconds=21600", "TaskTimeLimitInSeconds=3600", f"NumberOfHumanWorkersPerDataObject={workers}",
            "MaxConcurrentTaskCount=1000", f"WorkteamArn={TEAM}", "TaskDescription=Choose what it is about", "TaskTitle=Person or animal or plant",
            "UiConfig={UiTemplateS3Uri=s3://labels/template.html}",
        ]))


def test_the_example_s_command_runs_to_the_output_manifest(service, workers):
    assert create(service, "Example")["LabelingJobArn"] == f"arn:aws:sagemaker:{REGION}:000000000000:labeling-job/example"
    wait(service, "Example", "InProgress")
    assert sorted(answer_all(service, "Example", workers[0], CHOICES.__getitem__)) == list(range(7))
    answer = wait(service, "Example", "Completed")
    assert answer["LabelCounters"] == {"TotalLabeled": 7, "HumanLabeled": 7, "MachineLabeled": 0, "FailedNonRetryableError": 0, "Unlabeled": 0}
    output = service.data / answer["LabelingJobOutput"]["OutputDatasetS3Uri"].removeprefix("s3://")
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    assert [line["source"] for line in lines] == SENTENCES
    for line, choice in zip(lines, CHOICES):
        assert set(line) == {"source", "aws-blog-demo", "aws-blog-demo-metadata"} and line["aws-blog-demo"] == LABELS.index(choice)
        metadata = line["aws-blog-demo-metadata"]
        date = metadata.pop("creation-date")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", date)
        assert metadata == {"class-name": choice, "confidence": 0.0, "human-annotated": "yes", "job-name": "labeling-job/example", "type": "groundtruth/text-classification"}


def test_the_output_tree_has_every_answer(service, workers):
    folder = service.data / "labels/out/Example"
    stamped = r"\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d\.json"
    for number, choice in enumerate(CHOICES):
        (response,) = (folder / f"annotations/worker-response/iteration-1/{number}").iterdir()
        assert re.fullmatch(stamped, response.name)
        (entry,) = json.loads(response.read_text())["answers"]
        assert set(entry) == {"acceptanceTime", "answerContent", "submissionTime", "timeSpentInSeconds", "workerId", "workerMetadata"}
        assert entry["answerContent"] == {"crowd-classifier": {"label": choice}}
        assert re.fullmatch(r"private\.us-west-2\.[0-9a-f]{16}", entry["workerId"])
        assert "example.org" not in response.read_text(), "mail addresses never get into outputs"
    asked, answered = {}, {}
    for kind, found in (("request", asked), ("response", answered)):
        for file in (folder / f"annotations/consolidated-annotation/consolidation-{kind}/iteration-1").iterdir():
            assert re.fullmatch(stamped, file.name)
            found |= {element["datasetObjectId"]: element for element in json.loads(file.read_text())}
    assert set(asked) == set(answered) == {str(number) for number in range(7)}
    for number, choice in enumerate(CHOICES):
        element = asked[str(number)]
        assert set(element) == {"datasetObjectId", "dataObject", "annotations"} and element["dataObject"] == {"content": SENTENCES[number]}
        assert json.loads(element["annotations"][0]["annotationData"]["content"]) == {"crowd-classifier": {"label": choice}}
        content = answered[str(number)]["consolidatedAnnotation"]["content"]
        assert content["aws-blog-demo"] == LABELS.index(choice) and content["aws-blog-demo-metadata"]["class-name"] == choice


def test_every_output_object_names_the_key(service, workers):
    s3 = service.client("s3")
    found = s3.list_objects_v2(Bucket="labels", Prefix="out/Example/")["Contents"]
    assert len(found) >= 10
    for entry in found:
        head = s3.head_object(Bucket="labels", Key=entry["Key"])
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "alias/labels"), entry["Key"]


def test_three_workers_are_weighed(service, workers):
    create(service, "three", workers=3)
    wait(service, "three", "InProgress")
    answer_all(service, "three", workers[0], CHOICES.__getitem__)
    answer_all(service, "three", workers[1], CHOICES.__getitem__)
    answer_all(service, "three", workers[2], lambda number: "plant")
    answer = wait(service, "three", "Completed")
    output = service.data / answer["LabelingJobOutput"]["OutputDatasetS3Uri"].removeprefix("s3://")
    lines = [json.loads(line) for line in output.read_text().splitlines()]
    assert [line["aws-blog-demo-metadata"]["class-name"] for line in lines] == CHOICES
    assert all(0.5 < line["aws-blog-demo-metadata"]["confidence"] <= 1 for line in lines)


def test_the_worker_s_page_is_the_example_s(service, workers):
    create(service, "page")
    wait(service, "page", "InProgress")
    task = take(service, workers[0], "page")
    assert task["input"]["taskObject"] == SENTENCES[task["number"]] and task["input"]["labels"] == LABELS
    status, _, frame = service.call(f"/tasks/page/{task['number']}/frame", Authorization=f"Bearer {workers[0]}")
    assert status == 200 and SENTENCES[task["number"]].encode() in frame and b"category-picker-wrapper" in frame


def test_a_job_of_the_same_attribute_labels_what_the_first_left(service, workers):
    """Resuming: the output manifest of a stopped job is the input of the next one."""
    create(service, "first")
    wait(service, "first", "InProgress")
    task = take(service, workers[1], "first")
    ask(service, workers[1], f"/tasks/first/{task['number']}/answer", {"answer": {"crowd-classifier": {"label": "plant"}}})
    service.aws("sagemaker", "stop-labeling-job", "--labeling-job-name", "first")
    manifest = wait(service, "first", "Stopped")["LabelingJobOutput"]["OutputDatasetS3Uri"]
    request = job("next", LabelAttributeName="aws-blog-demo", InputConfig__DataSource={"S3DataSource": {"ManifestS3Uri": manifest}})
    service.client().create_labeling_job(**request)
    answer = wait(service, "next", "InProgress")
    assert answer["LabelCounters"]["Unlabeled"] == 6
