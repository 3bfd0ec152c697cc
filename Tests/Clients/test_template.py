"""The deployment template: cfn-lint, and a stack on moto's CloudFormation."""
import subprocess
import sys
import zipfile
from pathlib import Path

import boto3
import pytest
import yaml
from moto import mock_aws

from conftest import PROJECT

TEMPLATE = PROJECT / "docker" / "lambda" / "template.yaml"
PARAMETERS = {"CodeBucket": "code", "PagesBucket": "pages", "TextsBucket": "texts", "LabelingBucket": "jobs"}
ROLE = "arn:aws:iam::123456789012:role/labeling"


def test_cfn_lint_finds_nothing():
    result = subprocess.run([Path(sys.executable).with_name("cfn-lint"), TEMPLATE], capture_output=True)
    assert result.returncode == 0, result.stdout.decode()


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, whose arguments are all that matters here."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: (
    loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode)
    else loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node, deep=True)))


def statements(value):
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for inner in value.values():
            yield from statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statements(inner)


def test_no_policy_allows_more_than_its_work():
    found = list(statements(yaml.load(TEMPLATE.read_text(), Loader)))
    assert len(found) > 10
    for statement in found:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any("*" in action for action in actions), statement
        assert statement.get("Resource") != "*", statement


@pytest.mark.parametrize("more", [{}, {"LabelingRoleArn": ROLE}, {"WithOcr": "no", "ManifestUri": "s3://jobs/input.manifest"}])
def test_the_stack_has_both_functions_and_the_role(more, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="code")
        with zipfile.ZipFile(tmp_path / "functions.zip", "w") as archive:
            archive.writestr("bootstrap", "x")
        for name in ("functions.zip", "ocr.zip"):
            s3.upload_file(tmp_path / "functions.zip", "code", f"prelabel/{name}")
        stacks = boto3.client("cloudformation", region_name="us-east-1")
        stacks.create_stack(
            StackName="prelabel", TemplateBody=TEMPLATE.read_text(), Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in (PARAMETERS | more).items()])
        (stack,) = stacks.describe_stacks(StackName="prelabel")["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        functions = {function["FunctionName"]: function for function in boto3.client("lambda", region_name="us-east-1").list_functions()["Functions"]}
        for name in ("PreAnnotation", "PostAnnotation"):
            assert outputs[f"{name}FunctionArn"] == functions[f"SageMaker-Prelabel-{name}"]["FunctionArn"]
        assert ("SageMaker-Prelabel-Ocr" in functions) == (more.get("WithOcr") != "no")
        assert outputs["PostAnnotationRoleArn"] == functions["SageMaker-Prelabel-PostAnnotation"]["Role"]
        variables = functions["SageMaker-Prelabel-PostAnnotation"]["Environment"]["Variables"]
        assert variables["PRELABEL_ASSUME_EVENT_ROLE"] == ("1" if "LabelingRoleArn" in more else "0")
