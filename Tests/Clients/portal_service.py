"""A service with labeling jobs, as owners and workers meet it: `prelabel serve` over a data folder, teams, jobs, links."""
import json
import signal
import subprocess
import urllib.error
import urllib.request

from conftest import BINARY, FIXTURES
from waiting import until

LABELS = ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"]
FUNCTIONS = "arn:aws:lambda:us-east-1:432418664414:function:"
ENTITIES_PAGE = "arn:aws:sagemaker:us-east-1:394669845002:human-task-ui/NamedEntityRecognition"
TEAM = "arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/readers"
PUBLIC_TEAM = "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"


class Service:
    """`prelabel serve` on a port of its own, which it keeps when it is started again."""

    def __init__(self, data, environment, keys=None, port=0):
        self.data, self.port = data, port
        self.environment = environment | ({"PRELABEL_API_KEYS": keys} if keys else {})
        self.start()

    def start(self):
        self.log = open(self.data.parent / "serve.log", "ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--port", str(self.port), "--workers", "1"], env=self.environment,
            stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        assert line, (self.data.parent / "serve.log").read_text()
        self.url = json.loads(line)["listening"]
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()

    def ask(self, method, path, body=None, token=None):
        """Status and JSON of an answer."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(), headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def run(self, *arguments):
        return subprocess.run([BINARY, *map(str, arguments), "--data", self.data], env=self.environment, check=True, capture_output=True).stdout.decode()

    def make_team(self, *people, name="readers"):
        """The people's links, by the name before the @."""
        lines = self.run("team", "create", name, "--url", self.url, "--member", *[f"{person}@example.org" for person in people]).splitlines()
        return {line.split("@")[0]: line.split("\t")[1] for line in lines}

    def put(self, name, content):
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else "".join(json.dumps(line) + "\n" for line in content), encoding="utf-8")
        return f"s3://{name}"

    def create(self, request, key=None):
        status, reply = self.ask("POST", "/portal/api/jobs", request, token=key)
        assert status == 201, reply
        return self.wait(request["LabelingJobName"], "InProgress", key)

    def wait(self, job, status, key=None):
        """The job, once it has the status and workers can take its tasks."""

        def is_there(found):
            assert found["status"] != "Failed" or status == "Failed", found
            return found["status"] == status and (status != "InProgress" or found["counters"]["pending"])

        return until(lambda: self.ask("GET", f"/portal/api/jobs/{job}", token=key)[1], is_there, f"{job} is not {status}")

    def output(self, job, bucket="papers"):
        text = (self.data / bucket / "out" / job / "manifests" / "output" / "output.manifest").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


def categories(labels=LABELS, **instructions):
    return json.dumps({
        "document-version": "2018-11-28", "labels": [{"label": label} for label in labels],
        "instructions": instructions or {"shortInstruction": "<p>Mark <b>every</b> part.</p>", "fullInstruction": "<p>Mark each part of the abstract once.</p>"}})


def job_request(name, manifest, kind="NamedEntityRecognition", workers=1, template=None, team=TEAM, **human):
    """A CreateLabelingJob request; inputs lie in the bucket `papers`."""
    return {
        "LabelingJobName": name, "LabelAttributeName": "parts", "RoleArn": "arn:aws:iam::111122223333:role/labeling",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": manifest}}}, "OutputConfig": {"S3OutputPath": "s3://papers/out"},
        "LabelCategoryConfigS3Uri": "s3://papers/categories.json",
        "HumanTaskConfig": {
            "WorkteamArn": team, "UiConfig": {"UiTemplateS3Uri": template} if template else {"HumanTaskUiArn": ENTITIES_PAGE},
            "PreHumanTaskLambdaArn": f"{FUNCTIONS}PRE-{kind}", "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": f"{FUNCTIONS}ACS-{kind}"},
            "TaskTitle": "Mark the parts of the abstract", "TaskDescription": "Every sentence of an abstract has one of six parts.",
            "NumberOfHumanWorkersPerDataObject": workers, "TaskTimeLimitInSeconds": 3600, "TaskAvailabilityLifetimeInSeconds": 21600} | human,
    }


def token(link):
    return link.split("#")[1]


def page_manifest(prelabel_run, data):
    """Two typeset pages, read; the manifest's name."""
    pages = data / "papers" / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    for name in ["article-0-002.png", "spaced-0-008.png"]:
        (pages / name).write_bytes((FIXTURES / "pages" / "typeset" / name).read_bytes())
    prelabel_run("ocr", "s3://papers/pages", "--output", "s3://papers/text", "--workers", "1")
    return "s3://papers/text/input.manifest"
