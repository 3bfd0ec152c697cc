"""SageMaker's labeling jobs on `prelabel serve`: unchanged boto3 code and the `aws` command line."""
import http.server
import json
import re
import threading
import time
import urllib.request

import botocore.exceptions
import pytest
from PIL import Image
from playwright.sync_api import expect

from labeling import BUILT_IN, REGION, TEAM, TEMPLATE, LabelingService, job, put_files, team
from pages import browser, until_true  # noqa: F401
from waiting import until

TOPIC = f"arn:aws:sns:{REGION}:111122223333:"
PUBLIC_TEAM = f"arn:aws:sagemaker:{REGION}:394669845002:workteam/public-crowd/default"


@pytest.fixture(scope="module")
def service(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("labeling")
    put_files(folder / "data")
    service = LabelingService(folder, environment, folder / "data")
    service.client().create_workteam(**team())
    yield service
    service.process.kill()


@pytest.fixture(scope="module")
def sagemaker(service):
    return service.client(parameter_validation=False)


def refusal(call, **members):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**members)
    error = caught.value.response["Error"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return error["Code"], error["Message"]


def wait_for(sagemaker, name, *statuses):
    return until(lambda: sagemaker.describe_labeling_job(LabelingJobName=name), lambda answer: answer["LabelingJobStatus"] in statuses)


def test_a_job_is_created_described_listed_and_stopped(service, sagemaker):
    request = job("Life", Tags=[{"Key": "team", "Value": "nlp"}])
    arn = f"arn:aws:sagemaker:{REGION}:000000000000:labeling-job/life"
    assert sagemaker.create_labeling_job(**request)["LabelingJobArn"] == arn
    answer = wait_for(sagemaker, "Life", "InProgress")
    assert answer["LabelingJobName"] == "Life" and answer["LabelingJobArn"] == arn and answer["JobReferenceCode"]
    for member in ("LabelAttributeName", "InputConfig", "RoleArn", "LabelCategoryConfigS3Uri", "HumanTaskConfig", "Tags"):
        assert answer[member] == request[member], member
    assert answer["OutputConfig"] == {"S3OutputPath": "s3://labels/out/", "KmsKeyId": ""}
    assert answer["LabelCounters"] == {"TotalLabeled": 0, "HumanLabeled": 0, "MachineLabeled": 0, "FailedNonRetryableError": 0, "Unlabeled": 7}
    assert answer["CreationTime"].timestamp() == pytest.approx(time.time(), abs=60)

    (summary,) = sagemaker.list_labeling_jobs(NameContains="LIFE")["LabelingJobSummaryList"]
    assert summary["WorkteamArn"] == TEAM and summary["LabelingJobStatus"] == "InProgress"
    assert summary["PreHumanTaskLambdaArn"] == BUILT_IN + "PRE-TextMultiClass" and summary["InputConfig"] == request["InputConfig"]
    assert summary["AnnotationConsolidationLambdaArn"] == BUILT_IN + "ACS-TextMultiClass"
    (summary,) = sagemaker.list_labeling_jobs_for_workteam(WorkteamArn=TEAM, JobReferenceCodeContains=answer["JobReferenceCode"])["LabelingJobSummaryList"]
    assert summary["LabelingJobName"] == "Life" and summary["WorkRequesterAccountId"] == "000000000000"
    assert summary["LabelCounters"]["Total"] == 7 and summary["NumberOfHumanWorkersPerDataObject"] == 1

    assert sagemaker.stop_labeling_job(LabelingJobName="life")["ResponseMetadata"]["HTTPStatusCode"] == 200
    answer = wait_for(sagemaker, "Life", "Stopped")
    output = answer["LabelingJobOutput"]["OutputDatasetS3Uri"]
    assert output == "s3://labels/out/Life/manifests/output/output.manifest"
    # Nobody labeled anything: the output is the input.
    assert (service.data / output.removeprefix("s3://")).read_bytes() == (service.data / "labels/in.manifest").read_bytes()


def test_the_command_line_creates_describes_lists_and_stops(service):
    request = job("by-command")
    task = request["HumanTaskConfig"]
    arguments = [
        "--labeling-job-name", "by-command", "--label-attribute-name", "kind", "--role-arn", request["RoleArn"],
        "--label-category-config-s3-uri", request["LabelCategoryConfigS3Uri"],
        "--input-config", "DataSource={S3DataSource={ManifestS3Uri=s3://labels/in.manifest}}",
        "--output-config", "S3OutputPath=s3://labels/out/", "--human-task-config", json.dumps(task),
    ]
    arn = service.aws("sagemaker", "create-labeling-job", *arguments)["LabelingJobArn"]
    assert service.aws("sagemaker", "describe-labeling-job", "--labeling-job-name", "by-command")["LabelingJobArn"] == arn
    listed = service.aws("sagemaker", "list-labeling-jobs", "--name-contains", "by-command", "--page-size", "1")
    assert [summary["LabelingJobArn"] for summary in listed["LabelingJobSummaryList"]] == [arn]
    service.aws("sagemaker", "stop-labeling-job", "--labeling-job-name", "by-command")
    assert "ResourceInUse" in service.aws("sagemaker", "create-labeling-job", *arguments, fails=True)


def test_objects_are_named_by_https_too(service, sagemaker):
    request = job(
        "by-https", InputConfig__DataSource__S3DataSource__ManifestS3Uri="https://labels.s3.amazonaws.com/in.manifest",
        OutputConfig__S3OutputPath="https://s3.us-west-2.amazonaws.com/labels/https%20out",
        LabelCategoryConfigS3Uri="https://labels.s3.us-west-2.amazonaws.com/categories.json",
        HumanTaskConfig__UiConfig={"UiTemplateS3Uri": "https://labels.s3.us-west-2.amazonaws.com/template.html"},
    )
    sagemaker.create_labeling_job(**request)
    wait_for(sagemaker, "by-https", "InProgress")
    sagemaker.stop_labeling_job(LabelingJobName="by-https")
    answer = wait_for(sagemaker, "by-https", "Stopped")
    assert answer["InputConfig"] == request["InputConfig"] and answer["OutputConfig"]["S3OutputPath"] == request["OutputConfig"]["S3OutputPath"]
    assert answer["LabelingJobOutput"]["OutputDatasetS3Uri"] == "s3://labels/https out/by-https/manifests/output/output.manifest"
    written = service.data / "labels/https out/by-https/manifests/output/output.manifest"
    assert written.read_bytes() == (service.data / "labels/in.manifest").read_bytes()


def test_defaults_are_described(sagemaker):
    sagemaker.create_labeling_job(**job("defaults", HumanTaskConfig__MaxConcurrentTaskCount=None, HumanTaskConfig__TaskAvailabilityLifetimeInSeconds=None))
    task = sagemaker.describe_labeling_job(LabelingJobName="defaults")["HumanTaskConfig"]
    assert (task["MaxConcurrentTaskCount"], task["TaskAvailabilityLifetimeInSeconds"]) == (1000, 2_592_000)


def test_the_public_team_is_accepted_with_its_price_and_classifiers(sagemaker):
    price = {"AmountInUsd": {"Dollars": 0, "Cents": 3, "TenthFractionsOfACent": 6}}
    classifiers = ["FreeOfAdultContent"]
    request = job(
        "public", HumanTaskConfig__WorkteamArn=PUBLIC_TEAM, HumanTaskConfig__PublicWorkforceTaskPrice=price,
        HumanTaskConfig__TaskAvailabilityLifetimeInSeconds=None, InputConfig__DataAttributes={"ContentClassifiers": classifiers},
    )
    sagemaker.create_labeling_job(**request)
    answer = sagemaker.describe_labeling_job(LabelingJobName="public")
    assert answer["HumanTaskConfig"]["PublicWorkforceTaskPrice"] == price
    assert answer["HumanTaskConfig"]["TaskAvailabilityLifetimeInSeconds"] == 21_600
    assert answer["InputConfig"]["DataAttributes"]["ContentClassifiers"] == classifiers
    jobs = sagemaker.list_labeling_jobs_for_workteam(WorkteamArn=PUBLIC_TEAM)["LabelingJobSummaryList"]
    assert [summary["LabelingJobName"] for summary in jobs] == ["public"]
    too_long = request | {"LabelingJobName": "public-2", "HumanTaskConfig": request["HumanTaskConfig"] | {"TaskAvailabilityLifetimeInSeconds": 43_201}}
    code, message = refusal(sagemaker.create_labeling_job, **too_long)
    assert code == "ValidationException" and "TaskAvailabilityLifetimeInSeconds is 43201" in message


@pytest.mark.parametrize(
    "changes, code, words",
    [
        ({"HumanTaskConfig__PreHumanTaskLambdaArn": BUILT_IN + "PRE-BoundingBox"}, "ValidationException", ["PRE-BoundingBox", "PRE-NamedEntityRecognition"]),
        ({"HumanTaskConfig__AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": BUILT_IN + "ACS-3DPointCloudObjectDetection"}}, "ValidationException", ["ACS-3DPointCloudObjectDetection", "ACS-TextMultiClass"]),
        ({"HumanTaskConfig__WorkteamArn": TEAM + "-none"}, "ResourceNotFound", ["WorkteamArn", "readers-none"]),
        ({"HumanTaskConfig__UiConfig": {}}, "ValidationException", ["UiTemplateS3Uri", "HumanTaskUiArn"]),
        ({"HumanTaskConfig__UiConfig": {"HumanTaskUiArn": f"arn:aws:sagemaker:{REGION}:394669845002:human-task-ui/BoundingBox"}}, "ValidationException", ["HumanTaskUiArn", "NamedEntityRecognition"]),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "s3://labels/none.html"}}, "ValidationException", ["UiTemplateS3Uri", "none.html"]),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "s3://labels/broken.html"}}, "ValidationException", ["UiTemplateS3Uri", "broken.html:1: "]),
        ({"HumanTaskConfig__TaskTimeLimitInSeconds": 28_801}, "ValidationException", ["TaskTimeLimitInSeconds", "28801"]),
        ({"LabelAttributeName": "kind-metadata"}, "ValidationException", ["LabelAttributeName", "-metadata"]),
        ({"LabelCategoryConfigS3Uri": "s3://labels/in.manifest"}, "ValidationException", ["LabelCategoryConfigS3Uri"]),
        ({"LabelCategoryConfigS3Uri": "https://example.com/c.json"}, "ValidationException", ["LabelCategoryConfigS3Uri: `https://example.com/c.json`", "expected s3://BUCKET/KEY or https://BUCKET.s3"]),
        ({"HumanTaskConfig__UiConfig": {"UiTemplateS3Uri": "https://example.com/t"}}, "ValidationException", ["UiTemplateS3Uri: `https://example.com/t`", "expected s3://BUCKET/KEY"]),
        ({"OutputConfig__S3OutputPath": "https://example.com/out"}, "ValidationException", ["OutputConfig.S3OutputPath: `https://example.com/out`"]),
        ({"InputConfig": {"DataSource": {}}}, "ValidationException", ["DataSource", "SnsDataSource"]),
        ({"OutputConfig__KmsKeyId": "alias/labels"}, "ValidationException", ["KmsKeyId", "S3", "--allow-unencrypted"]),
        ({"LabelingJobAlgorithmsConfig": {"LabelingJobAlgorithmSpecificationArn": "arn:aws:sagemaker:x"}}, "ValidationException", ["LabelingJobAlgorithmsConfig"]),
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, "ValidationException", ["Tags", "`a`", "twice"]),
        ({"Tags": [{"Key": "aws:x", "Value": "1"}]}, "ValidationException", ["Tags", "aws:"]),
        ({"InputConfig": {"DataSource": {"SnsDataSource": {"SnsTopicArn": TOPIC + "in.fifo"}}}}, "ValidationException", ["InputConfig.DataSource.SnsDataSource.SnsTopicArn", "in.fifo", "FIFO"]),
        ({"OutputConfig__SnsTopicArn": TOPIC + "out.fifo"}, "ValidationException", ["OutputConfig.SnsTopicArn", "out.fifo", "FIFO"]),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(service, sagemaker, changes, code, words):
    (service.data / "labels/broken.html").write_text("{% for x in %}")
    found, message = refusal(sagemaker.create_labeling_job, **job("refused", **changes))
    assert found == code and all(word in message for word in words), message
    assert refusal(sagemaker.describe_labeling_job, LabelingJobName="refused")[0] == "ResourceNotFound"


@pytest.mark.parametrize(
    "status, code, message",
    [(404, "ResourceNotFoundException", "Function not found: gone"), (403, "AccessDeniedException", "User is not authorized to perform: lambda:InvokeFunction")],
)
def test_a_job_fails_with_the_code_and_words_of_lambda(tmp_path, environment, status, code, message):
    class Lambda(http.server.BaseHTTPRequestHandler):
        """Refuses as AWS Lambda does: the code in a header, the words in the body."""

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"Type": "User", "Message": message}).encode()
            self.send_response(status)
            for name, value in (("Content-Type", "application/json"), ("x-amzn-ErrorType", code), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    put_files(tmp_path / "data")
    endpoint = {"AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    service = LabelingService(tmp_path, environment | endpoint, tmp_path / "data")
    try:
        sagemaker = service.client()
        sagemaker.create_workteam(**team())
        function = f"arn:aws:lambda:{REGION}:111122223333:function:gone"
        sagemaker.create_labeling_job(**job(HumanTaskConfig__PreHumanTaskLambdaArn=function))
        reason = wait_for(sagemaker, "demo", "Failed")["FailureReason"]
        assert f"LambdaErrorCode: {code}." in reason and message in reason, reason
    finally:
        service.stop_and_wait()
        server.shutdown()


def test_a_name_is_taken_whatever_its_case(sagemaker):
    sagemaker.create_labeling_job(**job("Taken"))
    code, message = refusal(sagemaker.create_labeling_job, **job("tAKEN"))
    assert code == "ResourceInUse" and "tAKEN" in message


def test_what_is_not_there_is_not_found(sagemaker):
    for call, members in [
        (sagemaker.describe_labeling_job, {"LabelingJobName": "none"}), (sagemaker.stop_labeling_job, {"LabelingJobName": "none"}),
        (sagemaker.list_labeling_jobs_for_workteam, {"WorkteamArn": TEAM + "-none"}), (sagemaker.describe_workteam, {"WorkteamName": "none"}),
        (sagemaker.delete_workteam, {"WorkteamName": "none"}), (sagemaker.update_workteam, {"WorkteamName": "none"}),
        (sagemaker.describe_workforce, {"WorkforceName": "none"}), (sagemaker.list_tags, {"ResourceArn": TEAM + "-none"}),
    ]:
        code, message = refusal(call, **members)
        assert code == "ResourceNotFound" and "none" in message


def test_several_violations_are_told_at_once_in_the_words_of_aws(sagemaker):
    code, message = refusal(
        sagemaker.create_labeling_job, **job("worded", HumanTaskConfig__NumberOfHumanWorkersPerDataObject=10, HumanTaskConfig__TaskTitle=None))
    assert code == "ValidationException"
    assert message == (
        "2 validation errors detected: Value null at 'humanTaskConfig.taskTitle' failed to satisfy constraint: Member must not be null; "
        "Value '10' at 'humanTaskConfig.numberOfHumanWorkersPerDataObject' failed to satisfy constraint: Member must have value less than or equal to 9")


def test_members_that_the_model_does_not_know_are_passed_over(service):
    status, _, body = service.call("/", json.dumps({"LabelingJobName": "none", "Surprise": 1}).encode(), **{"X-Amz-Target": "SageMaker.DescribeLabelingJob"})
    assert status == 400 and json.loads(body)["__type"] == "ResourceNotFound"


# MARK: Lists


@pytest.fixture(scope="module")
def listing(tmp_path_factory, environment):
    """A service with 25 jobs, of which seven are stopped."""
    folder = tmp_path_factory.mktemp("listing")
    put_files(folder / "data")
    service = LabelingService(folder, environment, folder / "data")
    sagemaker = service.client()
    sagemaker.create_workteam(**team())
    for number in range(25):
        sagemaker.create_labeling_job(**job(f"{'Odd' if number % 2 else 'even'}-{number:02}"))
    for number in range(0, 21, 3):
        name = f"{'Odd' if number % 2 else 'even'}-{number:02}"
        sagemaker.stop_labeling_job(LabelingJobName=name)
        wait_for(sagemaker, name, "Stopped")
    for number in range(25):
        wait_for(sagemaker, f"{'Odd' if number % 2 else 'even'}-{number:02}", "InProgress", "Stopped")
    yield sagemaker
    service.process.kill()


def listed(sagemaker, size=4, **members):
    pages = sagemaker.get_paginator("list_labeling_jobs").paginate(PaginationConfig={"PageSize": size}, **members)
    found = [page["LabelingJobSummaryList"] for page in pages]
    assert all(len(page) <= size for page in found)
    return [summary["LabelingJobName"] for page in found for summary in page]


def test_lists_are_sorted_and_paged(listing):
    by_age = [f"{'Odd' if number % 2 else 'even'}-{number:02}" for number in range(25)]
    assert listed(listing) == by_age
    assert listed(listing, SortBy="CreationTime", SortOrder="Descending") == by_age[::-1]
    assert listed(listing, SortBy="Name") == sorted(by_age, key=str.lower)
    assert listed(listing, SortBy="Name", SortOrder="Descending") == sorted(by_age, key=str.lower, reverse=True)
    stopped = by_age[0:21:3]
    assert listed(listing, SortBy="Status") == [name for name in by_age if name not in stopped] + stopped
    assert len(listing.list_labeling_jobs()["LabelingJobSummaryList"]) == 25
    arn = listing.describe_workteam(WorkteamName="readers")["Workteam"]["WorkteamArn"]
    pages = listing.get_paginator("list_labeling_jobs_for_workteam").paginate(WorkteamArn=arn, SortOrder="Descending", PaginationConfig={"PageSize": 10})
    assert [summary["LabelingJobName"] for page in pages for summary in page["LabelingJobSummaryList"]] == by_age[::-1]


def test_lists_are_filtered(listing):
    assert listed(listing, NameContains="ODD") == [f"Odd-{number:02}" for number in range(1, 25, 2)]
    assert listed(listing, StatusEquals="Stopped", NameContains="even") == ["even-00", "even-06", "even-12", "even-18"]
    times = [summary["CreationTime"] for summary in listing.list_labeling_jobs()["LabelingJobSummaryList"]]
    assert len(listed(listing, CreationTimeAfter=times[9])) == sum(time > times[9] for time in times)
    assert len(listed(listing, CreationTimeBefore=times[9])) == sum(time < times[9] for time in times)
    assert listed(listing, LastModifiedTimeBefore=times[0]) == []
    assert len(listed(listing, LastModifiedTimeAfter=times[0])) == 25


def test_a_token_of_another_list_is_refused(listing):
    token = listing.list_labeling_jobs(MaxResults=1)["NextToken"]
    for members in ({"NextToken": token, "SortBy": "Name"}, {"NextToken": "bm9uZQ=="}, {"NextToken": "none"}):
        code, message = refusal(listing.list_labeling_jobs, **members)
        assert code == "ValidationException" and "NextToken" in message


# MARK: Teams and tags


def test_teams_are_created_described_updated_listed_and_deleted(sagemaker):
    members = [{"CognitoMemberDefinition": {"UserPool": "us-west-2_x1", "UserGroup": "g", "ClientId": "c"}}]
    request = team("Second", MemberDefinitions=members, NotificationConfiguration={"NotificationTopicArn": f"arn:aws:sns:{REGION}:111122223333:news"})
    arn = sagemaker.create_workteam(**request)["WorkteamArn"]
    assert arn == f"arn:aws:sagemaker:{REGION}:000000000000:workteam/private-crowd/Second"
    found = sagemaker.describe_workteam(WorkteamName="second")["Workteam"]
    assert found["WorkteamArn"] == arn and found["MemberDefinitions"] == members and found["Description"] == "Readers"
    assert found["NotificationConfiguration"] == request["NotificationConfiguration"]
    (workforce,) = sagemaker.list_workforces()["Workforces"]
    assert workforce == sagemaker.describe_workforce(WorkforceName=workforce["WorkforceName"])["Workforce"]
    assert found["WorkforceArn"] == workforce["WorkforceArn"]
    assert refusal(sagemaker.create_workteam, **request)[0] == "ResourceInUse"
    mixed = members + [{"OidcMemberDefinition": {"Groups": ["g"]}}]
    for call, more in ((sagemaker.create_workteam, team("mixed")), (sagemaker.update_workteam, {"WorkteamName": "Second"})):
        code, message = refusal(call, **more | {"MemberDefinitions": mixed})
        assert code == "ValidationException" and "CognitoMemberDefinition and OidcMemberDefinition" in message
    updated = sagemaker.update_workteam(WorkteamName="Second", Description="Others")["Workteam"]
    assert updated["Description"] == "Others" and updated["MemberDefinitions"] == members
    assert updated["LastUpdatedDate"] >= updated["CreateDate"] == found["CreateDate"]
    names = lambda **members: [found["WorkteamName"] for found in sagemaker.list_workteams(**members)["Workteams"]]
    assert names() == ["readers", "Second"] and names(SortBy="Name", SortOrder="Descending") == ["Second", "readers"]
    assert names(NameContains="sec") == ["Second"]
    first = sagemaker.list_workteams(MaxResults=1)
    assert names(MaxResults=1, NextToken=first["NextToken"]) == ["Second"]
    assert sagemaker.delete_workteam(WorkteamName="Second")["Success"] is True
    assert names() == ["readers"]


def test_a_team_with_work_is_not_deleted(sagemaker):
    sagemaker.create_workteam(**team("busy"))
    arn = sagemaker.describe_workteam(WorkteamName="busy")["Workteam"]["WorkteamArn"]
    sagemaker.create_labeling_job(**job("busy-job", HumanTaskConfig__WorkteamArn=arn))
    code, message = refusal(sagemaker.delete_workteam, WorkteamName="busy")
    assert code == "ResourceInUse" and "busy-job" in message
    sagemaker.stop_labeling_job(LabelingJobName="busy-job")
    wait_for(sagemaker, "busy-job", "Stopped")
    assert sagemaker.delete_workteam(WorkteamName="busy")["Success"]


def test_tags_are_added_listed_and_deleted(sagemaker):
    arn = sagemaker.create_labeling_job(**job("tagged", Tags=[{"Key": "b", "Value": "1"}]))["LabelingJobArn"]
    added = sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}])["Tags"]
    assert added == [{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}] == sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert sagemaker.describe_labeling_job(LabelingJobName="tagged")["Tags"] == added
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["b", "none"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == added[:1]
    many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    assert refusal(sagemaker.add_tags, ResourceArn=arn, Tags=many)[0] == "ResourceLimitExceeded"
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == added[:1], "a refused call changes nothing"


def test_an_unencrypted_job_says_so(tmp_path, environment):
    put_files(tmp_path / "data")
    service = LabelingService(tmp_path, environment, tmp_path / "data", "--allow-unencrypted")
    try:
        sagemaker = service.client()
        sagemaker.create_workteam(**team())
        arn = sagemaker.create_labeling_job(**job("secret", OutputConfig__KmsKeyId="alias/labels"))["LabelingJobArn"]
        answer = sagemaker.describe_labeling_job(LabelingJobName="secret")
        assert answer["OutputConfig"]["KmsKeyId"] == "alias/labels"
        assert answer["Tags"] == [{"Key": "prelabel:encryption", "Value": "none"}]
        copied = ["LabelAttributeName", "InputConfig", "OutputConfig", "RoleArn", "LabelCategoryConfigS3Uri", "HumanTaskConfig", "Tags"]
        sagemaker.create_labeling_job(LabelingJobName="copy", **{member: answer[member] for member in copied})
        assert sagemaker.describe_labeling_job(LabelingJobName="copy")["Tags"] == answer["Tags"]
        other = job("other", Tags=answer["Tags"] + [{"Key": "a", "Value": "1"}])
        sagemaker.create_labeling_job(**other)
        assert sagemaker.describe_labeling_job(LabelingJobName="other")["Tags"] == [{"Key": "a", "Value": "1"}], "nothing to say of a job without a key"
        code, message = refusal(sagemaker.add_tags, ResourceArn=arn, Tags=answer["Tags"])
        assert code == "ValidationException" and "prelabel:" in message
        code, message = refusal(sagemaker.delete_tags, ResourceArn=arn, TagKeys=["prelabel:encryption"])
        assert code == "ValidationException" and "reserved" in message
    finally:
        service.process.kill()


# MARK: Templates


def test_a_template_is_rendered(sagemaker):
    role = "arn:aws:iam::111122223333:role/gt-exec"
    task = {"Input": json.dumps({"labels": ["a", "b"], "taskObject": "x < y"})}
    answer = sagemaker.render_ui_template(UiTemplate={"Content": TEMPLATE}, Task=task, RoleArn=role)
    assert answer["Errors"] == [] and "<strong>x &lt; y</strong>" in answer["RenderedContent"] and "assets.crowd.aws" not in answer["RenderedContent"]
    for content, words in (("{{ task.input.labels | shine }}", "shine"), ("{% if %}", "")):
        (error,) = sagemaker.render_ui_template(UiTemplate={"Content": content}, Task=task, RoleArn=role)["Errors"]
        assert error["Code"] and words in error["Message"]
    (error,) = sagemaker.render_ui_template(UiTemplate={"Content": "x"}, Task={"Input": "{'a': 1}"}, RoleArn=role)["Errors"]
    assert "Task.Input" in error["Message"]
    entities = f"arn:aws:sagemaker:{REGION}:394669845002:human-task-ui/NamedEntityRecognition"
    answer = sagemaker.render_ui_template(HumanTaskUiArn=entities, Task={"Input": json.dumps({"taskObject": "Oslo", "labels": [{"label": "PLACE"}]})}, RoleArn=role)
    assert answer["Errors"] == [] and 'text="Oslo"' in answer["RenderedContent"]
    assert refusal(sagemaker.render_ui_template, Task=task, RoleArn=role)[0] == "ValidationException"


def test_a_rendered_template_is_a_page_that_can_be_saved(service, sagemaker, browser, tmp_path):
    Image.new("RGB", (1, 1)).save(service.data / "labels/a b.png")
    content = TEMPLATE + '<img src="{{ task.input.image | grant_read_access }}">'
    task = {"Input": json.dumps({"labels": ["a", "b"], "taskObject": "x < y", "image": "s3://labels/a b.png"})}
    role = "arn:aws:iam::111122223333:role/gt-exec"
    page = sagemaker.render_ui_template(UiTemplate={"Content": content}, Task=task, RoleArn=role)["RenderedContent"]
    assert f'src="{service.url}/assets/crowd/crowd-html-elements.js"' in page and f'<img src="{service.url}/objects/labels/a%20b.png?' in page
    saved = tmp_path / "page.html"
    saved.write_text(page)
    shown = browser.new_page()
    shown.goto(saved.as_uri())
    until_true(shown, "!document.querySelector(':not(:defined)')")
    expect(shown.get_by_text("x < y")).to_be_visible()
    assert shown.evaluate("document.querySelector('img').decode().then(() => document.querySelector('img').naturalWidth)") == 1
    shown.close()


def test_a_rendered_template_has_the_address_by_which_its_caller_came(service, tmp_path, environment):
    def addresses(service, **headers):
        members = {"UiTemplate": {"Content": TEMPLATE}, "Task": {"Input": "{}"}, "RoleArn": "arn:aws:iam::111122223333:role/gt-exec"}
        request = urllib.request.Request(
            service.url, data=json.dumps(members).encode(),
            headers={"X-Amz-Target": "SageMaker.RenderUiTemplate", "Content-Type": "application/x-amz-json-1.1"} | headers)
        page = json.load(urllib.request.urlopen(request, timeout=60))["RenderedContent"]
        return re.search(r'src="([^"]*)/assets/crowd/', page)[1]

    port = service.url.rsplit(":", 1)[1]
    assert addresses(service, Host=f"labels.localhost:{port}") == f"http://labels.localhost:{port}"
    assert addresses(service, **{"X-Forwarded-Proto": "https"}) == f"https://127.0.0.1:{port}"
    public = LabelingService(tmp_path, environment, service.data, "--jobs", tmp_path / "jobs.sqlite", "--public-url", "https://labels.example")
    try:
        assert addresses(public) == "https://labels.example"
    finally:
        public.stop_and_wait()
