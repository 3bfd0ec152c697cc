"""`prelabel validate-job`: what would make a job fail, before it starts."""
import json

import pytest

from labeling import BUILT_IN, LabelingService, job, put_files, team

PRE = "arn:aws:lambda:us-west-2:111122223333:function:"


@pytest.fixture
def validate(prelabel, data, tmp_path, environment):
    """Validates a request; gives the findings as pairs of an error and a message."""
    put_files(data)
    service = LabelingService(tmp_path, environment, data)
    service.client().create_workteam(**team())
    service.stop_and_wait()

    def validate(request, *arguments):
        (tmp_path / "job.json").write_text(request if isinstance(request, str) else json.dumps(request))
        code = int(arguments[0] if arguments else 1)
        output = prelabel("validate-job", "job.json", "--data", data, code=code, env={"AWS_REGION": "us-west-2"}).stdout.decode()
        return [tuple(line.split(": ", 1)) for line in output.splitlines()]

    return validate


def test_a_job_that_will_run_has_no_findings(validate):
    assert validate(job(), 0) == []
    own = job(HumanTaskConfig__PreHumanTaskLambdaArn=PRE + "pre-annotation", HumanTaskConfig__AnnotationConsolidationConfig={"AnnotationConsolidationLambdaArn": PRE + "SageMaker-PostAnnotation"})
    assert validate(own, 0) == []


@pytest.mark.parametrize(
    "changes, error, words",
    [
        ({"HumanTaskConfig__NumberOfHumanWorkersPerDataObject": 0}, "ValidationException", "Value '0' at 'humanTaskConfig.numberOfHumanWorkersPerDataObject'"),
        ({"HumanTaskConfig__TaskTitle": 5}, "SerializationException", "'humanTaskConfig.taskTitle'"),
        ({"HumanTaskConfig__WorkteamArn": "arn:aws:sagemaker:us-west-2:000000000000:workteam/private-crowd/none"}, "ResourceNotFound", "WorkteamArn"),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "s3://labels/fields.html"}}, "ValidationException", "fields.html:1: no-control"),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "s3://labels/divides.html"}}, "ValidationException", "with the first line of the manifest"),
        ({"HumanTaskConfig__PreHumanTaskLambdaArn": BUILT_IN + "PRE-VideoMultiClass"}, "ValidationException", "PRE-VideoMultiClass"),
        ({"HumanTaskConfig__PreHumanTaskLambdaArn": PRE + "elsewhere"}, "warning", "elsewhere"),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "s3://labels/other.html"}}, "warning", "no control called `crowd-classifier`"),
        ({"HumanTaskConfig__PreHumanTaskLambdaArn": BUILT_IN + "PRE-NamedEntityRecognition"}, "warning", "another type than ACS-TextMultiClass"),
        ({"LabelCategoryConfigS3Uri": "s3://labels/one.json"}, "ValidationException", "at least 2"),
        ({"InputConfig__DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://labels/none.manifest"}}}, "ClientError", "none.manifest"),
        ({"InputConfig__DataSource": {"S3DataSource": {"ManifestS3Uri": "s3://labels/python.manifest"}}}, "ClientError", "python.manifest:2: python-quoting"),
    ],
)
def test_each_fault_is_named_with_the_error_that_it_becomes(validate, data, changes, error, words):
    folder = data / "labels"
    (folder / "fields.html").write_text("<crowd-form><p>{{ task.input.taskObject }}</p></crowd-form>")
    (folder / "divides.html").write_text('<crowd-form><crowd-input name="a"></crowd-input>{{ 1 | divided_by: task.input.none }}</crowd-form>')
    (folder / "other.html").write_text('<crowd-form><crowd-input name="kind"></crowd-input>{{ task.input.taskObject }}</crowd-form>')
    (folder / "one.json").write_text('{"document-version":"2018-11-28","labels":[{"label":"a"}]}')
    (folder / "python.manifest").write_text('{"source":"a"}\n{\'source\': \'b\'}\n')
    findings = validate(job(**changes))
    assert any(found == error and words in message for found, message in findings), findings
    assert all("ValidationException" != found or error == found for found, _ in findings), findings


def test_all_faults_are_told(validate):
    findings = validate(job(
        LabelAttributeName="kind-ref", HumanTaskConfig__UiConfig={"UiTemplateS3Uri": "https://example.org/x"}, OutputConfig__KmsKeyId="alias/k",
        Tags=[{"Key": "aws:a", "Value": ""}]))
    for words in ("LabelAttributeName", "UiTemplateS3Uri", "KmsKeyId", "aws:"):
        assert any(words in message for _, message in findings), words


def test_what_is_no_request_is_bad_data(prelabel, data, tmp_path):
    (tmp_path / "job.json").write_text("{'LabelingJobName': 'x'}")
    assert b"job.json is not JSON" in prelabel("validate-job", "job.json", "--data", data, code=65).stderr
    prelabel("validate-job", "none.json", "--data", data, code=66)
    prelabel("validate-job", "job.json", code=78)
