"""`prelabel serve` against botocore's model of SageMaker: every rule of it is kept, by requests and by answers."""
import collections
import http.client
import json
import urllib.parse

import botocore.parsers
import pytest

from labeling import REGION, TEAM, TEMPLATE, LabelingService, job, put_files, team
from service_model import MODEL, OPERATIONS, broken_requests, example, faults
from waiting import until


@pytest.fixture(scope="module")
def call(tmp_path_factory, environment):
    """Calls an operation with a request that no client library has looked at; gives status and body."""
    folder = tmp_path_factory.mktemp("conformance")
    put_files(folder / "data")
    service = LabelingService(folder, environment, folder / "data")
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(service.url).netloc, timeout=30)

    def call(operation, request):
        connection.request("POST", "/", json.dumps(request), {"X-Amz-Target": f"SageMaker.{operation}", "Content-Type": "application/x-amz-json-1.1"})
        response = connection.getresponse()
        assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
        return response.status, response.read()

    yield call
    service.process.kill()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_rule_is_kept_and_the_member_named(call, operation):
    kinds = collections.Counter()
    for request, path, words in broken_requests(operation):
        status, body = call(operation, request)
        answer = json.loads(body)
        assert status == 400, f"{path} ({words}): {answer}"
        is_type = words.startswith("can not be converted")
        assert answer["__type"] == ("SerializationException" if is_type else "ValidationException")
        assert f"at '{path}'" in answer["Message"] and words in answer["Message"], f"{path}, {words}: {answer['Message']}"
        assert is_type or answer["Message"].startswith("1 validation error detected: "), answer["Message"]
        kinds[words.split(" ")[0]] += 1
    # Every operation has members with types; all but a few have lengths or patterns.
    assert kinds["can"] >= 2 and sum(kinds.values()) > kinds["can"], kinds


def test_the_rules_are_many(call):
    count = sum(1 for operation in OPERATIONS for _ in broken_requests(operation))
    assert count > 400, count


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_whole_request_breaks_no_rule(call, operation):
    _, body = call(operation, example(MODEL.operation_model(operation).input_shape))
    assert "validation error" not in body.decode() and "SerializationException" not in body.decode()


def test_every_answer_keeps_to_the_model(call):
    answers = []

    def expect(operation, request, error=None):
        status, body = call(operation, request)
        model = MODEL.operation_model(operation)
        parsed = botocore.parsers.create_parser("json").parse({"status_code": status, "headers": {}, "body": body}, model.output_shape)
        if error:
            assert (status, parsed["Error"]["Code"]) == (400, error) and parsed["Error"]["Message"]
            return None
        assert status == 200, body
        if model.output_shape:
            assert list(faults(model.output_shape, json.loads(body), operation)) == []
        answers.append(operation)
        return json.loads(body)

    arn = expect("CreateWorkteam", team(Tags=[{"Key": "a", "Value": "b"}], WorkerAccessConfiguration={"S3Presign": {"IamPolicyConstraints": {"SourceIp": "Enabled"}}}))["WorkteamArn"]
    assert arn == TEAM
    expect("CreateWorkteam", team(), error="ResourceInUse")
    expect("DescribeWorkteam", {"WorkteamName": "readers"})
    expect("UpdateWorkteam", {"WorkteamName": "readers", "Description": "x"})
    expect("ListWorkteams", {})
    expect("ListWorkforces", {})
    expect("DescribeWorkforce", {"WorkforceName": "private-crowd"})
    whole = job(
        Tags=[{"Key": "k", "Value": "v"}], StoppingConditions={"MaxHumanLabeledObjectCount": 5, "MaxPercentageOfInputDatasetLabeled": 50},
        HumanTaskConfig__TaskKeywords=["one", "two words"], InputConfig__DataAttributes={"ContentClassifiers": ["FreeOfAdultContent"]},
    )
    expect("CreateLabelingJob", whole)
    expect("CreateLabelingJob", job("second", Tags=[]))
    expect("CreateLabelingJob", whole, error="ResourceInUse")
    expect("DescribeLabelingJob", {"LabelingJobName": "demo"})
    expect("DescribeLabelingJob", {"LabelingJobName": "none"}, error="ResourceNotFound")
    assert expect("ListLabelingJobs", {"MaxResults": 1})["NextToken"]
    assert expect("ListLabelingJobsForWorkteam", {"WorkteamArn": arn, "MaxResults": 1})["NextToken"]
    job_arn = f"arn:aws:sagemaker:{REGION}:000000000000:labeling-job/demo"
    expect("AddTags", {"ResourceArn": job_arn, "Tags": [{"Key": "l", "Value": ""}]})
    expect("ListTags", {"ResourceArn": job_arn})
    expect("DeleteTags", {"ResourceArn": job_arn, "TagKeys": ["l"]})
    expect("RenderUiTemplate", {"UiTemplate": {"Content": TEMPLATE}, "Task": {"Input": "{}"}, "RoleArn": whole["RoleArn"]})
    expect("RenderUiTemplate", {"UiTemplate": {"Content": "{% x %}"}, "Task": {"Input": "{}"}, "RoleArn": whole["RoleArn"]})
    for name in ("demo", "second"):
        expect("StopLabelingJob", {"LabelingJobName": name})
    for name in ("demo", "second"):
        until(lambda: expect("DescribeLabelingJob", {"LabelingJobName": name}), lambda answer: answer["LabelingJobStatus"] == "Stopped")
    expect("ListLabelingJobs", {"StatusEquals": "Stopped"})
    expect("DeleteWorkteam", {"WorkteamName": "readers"})
    assert set(answers) == set(OPERATIONS)


def test_what_is_no_request_is_refused(call):
    for request in ([], "x", 7, None):
        status, answer = call("ListWorkteams", request)
        assert status == 400 and json.loads(answer)["__type"] == "SerializationException"
    status, answer = call("CreateTrainingJob", {})
    assert status == 400 and json.loads(answer)["__type"] == "UnknownOperationException" and "SageMaker.CreateLabelingJob" in answer.decode()
