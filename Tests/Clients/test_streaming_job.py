"""A streaming labeling job, fed and read by unchanged boto3 code: on the service's one endpoint, and with S3, SNS, SQS and STS of moto."""
import contextlib
import hashlib
import hmac
import http.server
import json
import subprocess
import threading
import urllib.error
import urllib.request

import boto3
import pytest

from conftest import BINARY
from labeling import BUILT_IN, LABELS, REGION, TEAM, TEMPLATE, LabelingService
from s3_servers import moto
from test_functions import Service
from waiting import until

KEY_ARN = f"arn:aws:kms:{REGION}:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TEXTS = ["The gardener waters the roses.", "A fox crossed the road.", "Moss covers the stones."]


class Place:
    """Where a script's calls go: the labeling jobs to the service, all else to the service too, or to another server."""

    def __init__(self, service, store_arguments, other=None):
        self.service, self.store_arguments, self.other = service, store_arguments, other

    def client(self, name):
        if name == "sagemaker" or not self.other:
            return self.service.client(name)
        return boto3.client(
            name, endpoint_url=self.other, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="y")

    def run(self, *arguments):
        return subprocess.run(
            [BINARY, *map(str, arguments), *map(str, self.store_arguments)], env=self.service.environment, check=True, capture_output=True
        ).stdout.decode()

    def worker(self):
        """The token of the only member of the team."""
        line = self.run("team", "create", "readers", "--url", self.service.url, "--member", "ann@example.org").splitlines()[0]
        return line.split("#")[1].strip()

    def ask(self, method, path, body=None, token=None, **headers):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}) | headers
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.service.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def answer(self, job, token, count, label="plant"):
        """Answers as many objects as come."""
        for _ in range(count):
            _, reply = until(lambda: self.ask("POST", f"/tasks/{job}", {}, token), lambda found: found[0] == 200 and found[1]["task"])
            status, reply = self.ask(
                "POST", f"/tasks/{job}/{reply['task']['number']}/answer", {"answer": {"crowd-classifier": {"label": label}}}, token)
            assert status == 200, reply


class StreamingService(LabelingService):
    def __init__(self, folder, environment, *arguments):
        Service.__init__(self, folder, environment, *arguments)
        self.environment = environment


@contextlib.contextmanager
def serving(folder, environment, *arguments, other=None, **variables):
    folder.mkdir(exist_ok=True)
    environment = environment | {"AWS_REGION": REGION, "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"} | variables
    service = StreamingService(folder, environment, *arguments)
    try:
        yield Place(service, arguments[:2], other)
    finally:
        service.process.terminate()
        service.process.wait(timeout=30)


@pytest.fixture(params=["one endpoint", "moto"])
def place(request, tmp_path, environment):
    if request.param == "one endpoint":
        (tmp_path / "data").mkdir()
        with serving(tmp_path / "service", environment, "--data", tmp_path / "data", "--allow-unencrypted") as place:
            yield place
        return
    with moto() as server:
        keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_ENDPOINT_URL": server.endpoint, "NO_PROXY": "127.0.0.1"}
        with serving(tmp_path / "service", environment, "--jobs", tmp_path / "jobs.sqlite", other=server.endpoint, **keys) as place:
            yield place


def wait_for(sagemaker, name, condition):
    def is_there(answer):
        assert condition(answer) or answer["LabelingJobStatus"] != "Failed", answer["FailureReason"]
        return condition(answer)

    return until(lambda: sagemaker.describe_labeling_job(LabelingJobName=name), is_there)


def prepare(place, name, **output):
    """The steps before a job is created, and the job."""
    s3, sns = place.client("s3"), place.client("sns")
    s3.create_bucket(Bucket="papers", CreateBucketConfiguration={"LocationConstraint": REGION})
    region = s3.head_bucket(Bucket="papers")["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"]
    assert region == REGION
    assert place.client("sts").get_caller_identity()["Account"]
    s3.put_object(
        Bucket="papers", Key="categories.json",
        Body=json.dumps({"document-version": "2018-11-28", "labels": [{"label": label} for label in LABELS]}))
    s3.put_object(Bucket="papers", Key="template.html", Body=TEMPLATE)
    topics = [sns.create_topic(Name=f"{name}-{end}")["TopicArn"] for end in ("Input", "Output")]
    place.client("sagemaker").create_labeling_job(
        LabelingJobName=name, LabelAttributeName="kind", RoleArn="arn:aws:iam::111122223333:role/gt-exec",
        InputConfig={"DataSource": {"SnsDataSource": {"SnsTopicArn": topics[0]}}},
        OutputConfig={"S3OutputPath": "s3://papers/out/", "SnsTopicArn": topics[1]} | output,
        LabelCategoryConfigS3Uri="s3://papers/categories.json",
        HumanTaskConfig={
            "WorkteamArn": TEAM, "UiConfig": {"UiTemplateS3Uri": "s3://papers/template.html"},
            "PreHumanTaskLambdaArn": BUILT_IN + "PRE-TextMultiClass",
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": BUILT_IN + "ACS-TextMultiClass"},
            "TaskTitle": "t", "TaskDescription": "d", "NumberOfHumanWorkersPerDataObject": 1, "TaskTimeLimitInSeconds": 3600,
            "TaskAvailabilityLifetimeInSeconds": 21600})
    return topics


def manifest(place, name):
    text = place.client("s3").get_object(Bucket="papers", Key=f"out/{name}/manifests/output/output.manifest")["Body"].read().decode()
    return [json.loads(line) for line in text.splitlines()]


def test_the_notebook_s_steps(place):
    token = place.worker()
    sagemaker, sns, sqs, s3 = (place.client(name) for name in ("sagemaker", "sns", "sqs", "s3"))
    topic, output_topic = prepare(place, "Demo-1", KmsKeyId=KEY_ARN)
    listener = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=listener, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=output_topic, Protocol="sqs", Endpoint=arn)
    wait_for(sagemaker, "Demo-1", lambda job: job["LabelingJobStatus"] == "InProgress")
    queue = sqs.get_queue_url(QueueName="GroundTruth-" + "Demo-1".lower())["QueueUrl"]
    assert "ApproximateNumberOfMessages" in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]

    # As the notebook does it: the text of a Python dict.
    ids = [sns.publish(TopicArn=topic, Message=str({"source": text}))["MessageId"] for text in TEXTS]
    answer = wait_for(sagemaker, "Demo-1", lambda job: job["LabelCounters"]["Unlabeled"] == 3)
    assert answer["InputConfig"]["DataSource"]["SnsDataSource"] == {"SnsTopicArn": topic}
    place.answer("Demo-1", token, 3)
    wait_for(sagemaker, "Demo-1", lambda job: job["LabelCounters"]["HumanLabeled"] == 3)
    sagemaker.stop_labeling_job(LabelingJobName="Demo-1")
    wait_for(sagemaker, "Demo-1", lambda job: job["LabelingJobStatus"] == "Stopped")

    lines = manifest(place, "Demo-1")
    assert sorted(line["source"] for line in lines) == sorted(TEXTS)
    for line in lines:
        assert line["dataset-objectid-attribute-name"] == "$kind-object-id"
        assert line["$kind-object-id"] == ids[TEXTS.index(line["source"])]
        assert line["kind-metadata"]["class-name"] == "plant" and line["kind-metadata"]["type"] == "groundtruth/text-classification"
    published = []

    def receive():
        for message in sqs.receive_message(QueueUrl=listener, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            published.append(json.loads(json.loads(message["Body"])["Message"]))
        return published

    until(receive, lambda messages: len(messages) >= 3)
    # The last fit of the workers' reliability may move a confidence; everything else is what the manifest has.
    def plain(line):
        return {key: value for key, value in line.items() if key != "kind-metadata"}

    assert sorted(map(json.dumps, map(plain, published))) == sorted(map(json.dumps, map(plain, lines)))

    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers", Prefix="out/Demo-1/")["Contents"]]
    assert len(keys) >= 5
    for key in keys:
        head = s3.head_object(Bucket="papers", Key=key)
        assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", KEY_ARN), key
    listed = [json.loads(line) for line in place.run("job", "objects", "Demo-1").splitlines()]
    assert all(entry["warning"].startswith("python-quoting") for entry in listed) and len(listed) == 3


def test_a_queue_that_vanishes_fails_the_job_by_name(place):
    sagemaker, sqs = place.client("sagemaker"), place.client("sqs")
    place.worker()
    prepare(place, "gone")
    wait_for(sagemaker, "gone", lambda job: job["LabelingJobStatus"] == "InProgress")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="GroundTruth-gone")["QueueUrl"])
    job = wait_for(sagemaker, "gone", lambda job: job["LabelingJobStatus"] == "Failed")
    assert "queue" in job["FailureReason"] and "gone" in job["FailureReason"]


class Webhook:
    """Keeps what is posted; fails as often as told."""

    def __init__(self, failures):
        self.received, hook = [], self
        self.failures = failures

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.failures -= 1
                self.send_response(500 if hook.failures >= 0 else 204)
                self.end_headers()
                if hook.failures < 0:
                    hook.received.append((dict(self.headers), body))

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_objects_over_http_and_webhooks_need_no_topic_of_anybody(tmp_path, environment):
    hook = Webhook(failures=2)
    secret = "the secret of a webhook"
    (tmp_path / "data").mkdir()
    with serving(
        tmp_path / "service", environment, "--data", tmp_path / "data", PRELABEL_WEBHOOKS=hook.url, PRELABEL_WEBHOOK_SECRET=secret
    ) as place:
        token = place.worker()
        sagemaker = place.client("sagemaker")
        prepare(place, "direct")
        wait_for(sagemaker, "direct", lambda job: job["LabelingJobStatus"] == "InProgress")
        body = "\n".join([json.dumps({"source": "one"}), "", "oops", str({"source": "two"})]).encode()
        status, reply = place.ask("POST", "/jobs/direct/objects", body, **{"Idempotency-Key": "batch-1"})
        assert status == 200 and (reply["accepted"], reply["duplicates"], reply["rejectedCount"]) == (2, 0, 1), reply
        assert reply["rejected"][0]["line"] == 3
        status, reply = place.ask("POST", "/jobs/direct/objects", body, **{"Idempotency-Key": "batch-1"})
        assert (reply["accepted"], reply["duplicates"]) == (0, 2)
        folder = tmp_path / "data/papers/out/direct/incoming"
        folder.mkdir(parents=True)
        (folder / "more.jsonl").write_text(json.dumps({"source": "three"}) + "\n")
        wait_for(sagemaker, "direct", lambda job: job["LabelCounters"]["Unlabeled"] == 3)
        place.answer("direct", token, 3)
        until(lambda: hook.received, lambda received: len(received) >= 3)
        for headers, body in hook.received:
            signed = headers["X-Prelabel-Timestamp"].encode() + b"." + body
            assert headers["X-Prelabel-Signature"] == "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        assert sorted(json.loads(body)["source"] for _, body in hook.received) == ["one", "three", "two"]
        stream = until(lambda: place.ask("GET", "/jobs/direct/stream")[1], lambda stream: not stream["notices"]["waiting"])
        assert stream["duplicates"] == 2 and stream["notices"] == {"failed": [], "waiting": 0}
        assert [entry["body"] for entry in stream["rejected"]] == ["oops"] and stream["queue"] == "GroundTruth-direct"
        refused = [json.loads(line) for line in place.run("job", "objects", "direct", "--refused").splitlines()]
        assert [entry["body"] for entry in refused] == ["oops"]
        assert place.ask("POST", "/jobs/none/objects", b"{}")[0] == 404
        sagemaker.stop_labeling_job(LabelingJobName="direct")
        wait_for(sagemaker, "direct", lambda job: job["LabelingJobStatus"] == "Stopped")
        assert place.ask("POST", "/jobs/direct/objects", b"{}")[0] == 409


def test_webhooks_need_a_secret(prelabel, data):
    result = prelabel("serve", "--data", data, "--port", "0", code=78, env={"PRELABEL_WEBHOOKS": "http://127.0.0.1:1/"})
    assert b"PRELABEL_WEBHOOK_SECRET" in result.stderr
