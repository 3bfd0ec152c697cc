"""What the tests of labeling jobs share: a service with a data folder, clients for it, and a job's files."""
import json
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import botocore.config

from conftest import BINARY
from test_functions import Service

REGION = "us-west-2"
# The one that the requirements install, else the machine's own.
AWS = shutil.which("aws", path=str(Path(sys.executable).parent)) or shutil.which("aws")
TEAM = f"arn:aws:sagemaker:{REGION}:000000000000:workteam/private-crowd/readers"
BUILT_IN = f"arn:aws:lambda:{REGION}:081040173940:function:"
LABELS = ["person", "animal", "plant"]
SENTENCES = [
    "The gardener waters the roses.", "A fox crossed the road.", "Moss covers the stones.", "The baker sings.",
    "Two herons stood in the reeds.", "An old oak fell.", "Her uncle repairs clocks.",
]
TEMPLATE = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form><crowd-classifier name="crowd-classifier" categories="{{ task.input.labels | to_json | escape }}" header="What is it about?">
<classification-target><strong>{{ task.input.taskObject }}</strong></classification-target>
<full-instructions header="How to choose">Choose one.</full-instructions><short-instructions>Choose one.</short-instructions>
</crowd-classifier></crowd-form>
"""


def put_files(data, bucket="labels", sentences=SENTENCES, labels=LABELS):
    """A manifest, categories and a template in a bucket of the data folder."""
    folder = data / bucket
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "in.manifest").write_text("".join(json.dumps({"source": sentence}) + "\n" for sentence in sentences))
    (folder / "categories.json").write_text(json.dumps({"document-version": "2018-11-28", "labels": [{"label": label} for label in labels]}))
    (folder / "template.html").write_text(TEMPLATE)


def job(name="demo", **changes):
    """A request of the kind that classifies text with the built-in functions and a page of one's own."""
    request = {
        "LabelingJobName": name,
        "LabelAttributeName": "kind",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://labels/in.manifest"}}},
        "OutputConfig": {"S3OutputPath": "s3://labels/out/"},
        "RoleArn": "arn:aws:iam::111122223333:role/gt-exec",
        "LabelCategoryConfigS3Uri": "s3://labels/categories.json",
        "HumanTaskConfig": {
            "WorkteamArn": TEAM,
            "UiConfig": {"UiTemplateS3Uri": "s3://labels/template.html"},
            "PreHumanTaskLambdaArn": BUILT_IN + "PRE-TextMultiClass",
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": BUILT_IN + "ACS-TextMultiClass"},
            "TaskTitle": "Person, animal or plant",
            "TaskDescription": "Choose what the sentence is about",
            "NumberOfHumanWorkersPerDataObject": 1,
            "TaskTimeLimitInSeconds": 3600,
            "TaskAvailabilityLifetimeInSeconds": 21600,
            "MaxConcurrentTaskCount": 1000,
        },
    }
    for path, value in changes.items():
        *holders, member = path.split("__")
        target = request
        for holder in holders:
            target = target[holder]
        if value is None:
            del target[member]
        else:
            target[member] = value
    return request


def team(name="readers", **changes):
    return {"WorkteamName": name, "Description": "Readers", "MemberDefinitions": [{"OidcMemberDefinition": {"Groups": ["readers"]}}]} | changes


class LabelingService(Service):
    def __init__(self, folder, environment, data, *arguments):
        super().__init__(folder, environment | {"AWS_REGION": REGION}, "--data", data, *arguments)
        self.data = data

    def stop_and_wait(self):
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0

    def make_team(self, name, mails, environment):
        """Makes a team by the command line; gives its members' tokens."""
        command = [BINARY, "team", "create", name, "--member", *mails, "--data", self.data]
        result = subprocess.run(command, env=environment | {"AWS_REGION": REGION}, capture_output=True, check=True, timeout=60)
        links = dict(line.split("\t") for line in result.stdout.decode().splitlines())
        return [links[mail].split("#")[1] for mail in mails]

    def client(self, service="sagemaker", key="x", secret="y", **config):
        return boto3.client(
            service, endpoint_url=self.url, region_name=REGION, aws_access_key_id=key, aws_secret_access_key=secret,
            config=botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60, **config),
        )

    def aws(self, *arguments, fails=False, env=None):
        """Runs the `aws` command line against the service; gives its answer, or what it says when it is to fail."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.data), "AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": REGION} | {
            "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_EC2_METADATA_DISABLED": "true",
        } | (env or {})
        result = subprocess.run([AWS, *map(str, arguments)], env=environment, capture_output=True, timeout=120)
        assert bool(result.returncode) == fails, f"exit {result.returncode}: {result.stderr.decode()}"
        return json.loads(result.stdout) if result.stdout.strip() else result.stderr.decode()

