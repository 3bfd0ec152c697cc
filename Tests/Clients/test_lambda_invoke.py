"""Lambda's Invoke on `prelabel serve`, by an unchanged boto3 `lambda` client."""
import base64
import json

import boto3
import botocore.config
import pytest

from test_functions import Service, event, text_object

ARN = "arn:aws:lambda:us-west-2:111122223333:function:SageMaker-Prelabel-PreAnnotation"


@pytest.fixture
def functions(tmp_path, environment, data):
    service = Service(tmp_path, environment, "--data", data)
    yield boto3.client(
        "lambda", endpoint_url=service.url, region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="y",
        config=botocore.config.Config(retries={"max_attempts": 1}),
    )
    service.process.kill()


@pytest.mark.parametrize("name", ["pre-annotation", ARN, "gt-prelabel-task-lambda"])
def test_a_function_answers(functions, data, name):
    uri = text_object(data, "Aim: test 40 mg aspirin.")
    answer = functions.invoke(FunctionName=name, Payload=event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": uri}))
    assert answer["StatusCode"] == 200 and answer["ExecutedVersion"] == "$LATEST" and "FunctionError" not in answer
    assert json.loads(answer["Payload"].read())["taskInput"]["text"] == "Aim: test 40 mg aspirin."


def test_a_function_s_error_is_told_as_lambda_tells_it(functions):
    answer = functions.invoke(FunctionName="pre-annotation", LogType="Tail", Payload=event(**{"text-file-s3-uri": "s3://papers/missing"}))
    assert answer["StatusCode"] == 200 and answer["FunctionError"] == "Unhandled"
    error = json.loads(answer["Payload"].read())
    assert error["errorType"] == "Function.UnreadableText" and "s3://papers/missing" in error["errorMessage"]
    assert b"function failed" in base64.b64decode(answer["LogResult"])


def test_a_call_without_an_answer_has_lambda_s_codes(functions):
    assert functions.invoke(FunctionName="post-annotation", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.invoke(FunctionName="other", Payload=b"{}")
    with pytest.raises(functions.exceptions.InvalidRequestContentException):
        functions.invoke(FunctionName="pre-annotation", Payload=b"{'a': 1}")
