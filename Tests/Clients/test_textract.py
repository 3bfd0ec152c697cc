"""Textract's text detection on `prelabel serve`, by unchanged boto3 code, the response parser and Textractor."""
import json
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest
import trp
from PIL import Image
from textractor import Textractor

from conftest import FIXTURES
from test_functions import Service
from waiting import until

PAGE = FIXTURES / "pages/typeset/twocol-1-013.jpg"


@pytest.fixture(scope="module")
def service(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("textract")
    scans = folder / "data/papers"
    scans.mkdir(parents=True)
    (scans / "page.jpg").write_bytes(PAGE.read_bytes())
    sheets = [Image.open(PAGE).convert("L"), Image.open(FIXTURES / "pages/typeset/summary-0-009.jpg").convert("L")]
    sheets[0].save(scans / "paper.pdf", save_all=True, append_images=sheets[1:], resolution=200)
    service = Service(folder, environment, "--data", folder / "data")
    yield service
    service.process.kill()


@pytest.fixture(scope="module")
def textract(service):
    return boto3.client(
        "textract", endpoint_url=service.url, region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="y",
        config=botocore.config.Config(retries={"max_attempts": 1}, parameter_validation=False),
    )


@pytest.fixture
def textractor(service, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_TEXTRACT", service.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    return Textractor(region_name="us-west-2")


def code(call, **members):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**members)
    assert caught.value.response["Error"]["Message"]
    return caught.value.response["Error"]["Code"]


def s3(name):
    return {"S3Object": {"Bucket": "papers", "Name": name}}


def test_bytes_and_objects_give_the_same_blocks_in_reading_order(textract):
    answer = textract.detect_document_text(Document={"Bytes": PAGE.read_bytes()})
    assert answer["Blocks"] == textract.detect_document_text(Document=s3("page.jpg"))["Blocks"]
    assert answer["DocumentMetadata"] == {"Pages": 1} and answer["DetectDocumentTextModelVersion"]
    (page,) = trp.Document(answer).pages
    text = [line.text for line in page.lines]
    columns = ["left" if line.geometry.boundingBox.left < 0.45 else "right" for line in page.lines if line.geometry.boundingBox.width < 0.45]
    assert columns.count("left") > 20 and columns.count("right") > 20
    switches = sum(before != after for before, after in zip(columns, columns[1:]))
    assert switches <= 6, "lines of the two columns are mixed"
    assert any("Introduction" in line for line in text)
    blocks = {block["Id"]: block for block in answer["Blocks"]}
    assert len(blocks) == len(answer["Blocks"])
    for block in answer["Blocks"]:
        for relation in block.get("Relationships", []):
            kinds = {blocks[child]["BlockType"] for child in relation["Ids"]}
            assert kinds == {{"PAGE": "LINE", "LINE": "WORD"}[block["BlockType"]]}
        if block["BlockType"] != "PAGE":
            assert 0 <= block["Confidence"] <= 100 and block["Text"]


def ended(textract, job, **paging):
    return until(lambda: textract.get_document_text_detection(JobId=job, **paging), lambda answer: answer["JobStatus"] != "IN_PROGRESS")


def test_an_asynchronous_job_is_paged_through(textract):
    start = lambda token: textract.start_document_text_detection(DocumentLocation=s3("paper.pdf"), ClientRequestToken=token, JobTag="run-1")["JobId"]
    job = start("token-1")
    assert start("token-1") == job
    assert code(textract.start_document_text_detection, DocumentLocation=s3("page.jpg"), ClientRequestToken="token-1") == "IdempotentParameterMismatchException"
    answer = ended(textract, job, MaxResults=100)
    assert answer["JobStatus"] == "SUCCEEDED" and answer["DocumentMetadata"] == {"Pages": 2}
    blocks = answer["Blocks"]
    while "NextToken" in answer:
        assert len(answer["Blocks"]) == 100
        answer = textract.get_document_text_detection(JobId=job, MaxResults=100, NextToken=answer["NextToken"])
        blocks += answer["Blocks"]
    assert len({block["Id"] for block in blocks}) == len(blocks) > 500
    assert {block["Page"] for block in blocks} == {1, 2} and [block["BlockType"] for block in blocks].count("PAGE") == 2
    assert code(textract.get_document_text_detection, JobId=job, NextToken="x") == "InvalidParameterException"


def test_the_end_of_a_job_is_published_on_its_topic(service, textract):
    settings = {"endpoint_url": service.url, "region_name": "us-west-2", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
    sns, sqs = boto3.client("sns", **settings), boto3.client("sqs", **settings)
    topic = sns.create_topic(Name="pages")["TopicArn"]
    queue = sqs.create_queue(QueueName="pages")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    channel = {"SNSTopicArn": topic, "RoleArn": "arn:aws:iam::111122223333:role/textract"}
    for name, status in [("page.jpg", "SUCCEEDED"), ("no.pdf", "FAILED")]:
        job = textract.start_document_text_detection(DocumentLocation=s3(name), NotificationChannel=channel, JobTag="run")["JobId"]
        messages = until(lambda: sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages"))
        message = json.loads(messages[0]["Body"])
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=messages[0]["ReceiptHandle"])
        assert message.pop("Timestamp") / 1000 == pytest.approx(time.time(), abs=120)
        assert message == {
            "JobId": job, "Status": status, "API": "StartDocumentTextDetection", "JobTag": "run",
            "DocumentLocation": {"S3Bucket": "papers", "S3ObjectName": name}}
    assert code(textract.start_document_text_detection, DocumentLocation=s3("page.jpg"), NotificationChannel={"RoleArn": "r"}) == "InvalidParameterException"


def in_order(text, *pieces):
    places = [text.find(piece) for piece in pieces]
    return -1 not in places and places == sorted(places)


def lines_of(blocks):
    return [block["Text"] for block in blocks if block["BlockType"] == "LINE"]


def test_textractor_reads_two_columns_in_order(textractor):
    document = textractor.detect_document_text(str(PAGE))
    (page,) = document.pages
    blocks = document.response["Blocks"]
    assert len(page.words) == sum(block["BlockType"] == "WORD" for block in blocks) > 500
    assert [line for line in document.text.splitlines() if line] == lines_of(blocks)
    left, right = ["An Automated Teller Machine", "1 Introduction", "In real-world crowd counting"], ["detection architecture for the", "We present a new deep"]
    assert in_order(document.text, "Specifically We Investigate", "Abstract", *left, *right)
    assert page.get_text().startswith("Specifically We Investigate")


def test_textractor_reads_an_asynchronous_job(textract, textractor):
    document = textractor.start_document_text_detection("s3://papers/paper.pdf", save_image=False)
    assert [page.page_num for page in document.pages] == [1, 2]
    assert in_order(document.pages[0].text, "Abstract", "An Automated Teller Machine", "1 Introduction", "We present a new deep")
    blocks = textract.get_document_text_detection(JobId=document.job_id, MaxResults=1000)["Blocks"]
    assert [block["BlockType"] for block in document.response["Blocks"]][: len(blocks)] == [block["BlockType"] for block in blocks]


def test_a_job_about_a_missing_object_fails_with_the_reason(textract):
    job = textract.start_document_text_detection(DocumentLocation=s3("no.pdf"))["JobId"]
    answer = ended(textract, job)
    assert answer["JobStatus"] == "FAILED" and "no.pdf does not exist" in answer["StatusMessage"]


def test_errors_have_textract_s_names(textract):
    detect = textract.detect_document_text
    assert code(detect, Document={}) == "InvalidParameterException"
    assert code(detect, Document=s3("no.jpg")) == "InvalidS3ObjectException"
    assert code(detect, Document=s3("../../etc/passwd")) == "InvalidS3ObjectException"
    assert code(detect, Document={"Bytes": b"no image"}) == "UnsupportedDocumentException"
    assert code(detect, Document={"Bytes": PAGE.read_bytes()[:5000]}) == "BadDocumentException"
    assert code(detect, Document=s3("paper.pdf")) == "UnsupportedDocumentException"
    assert code(detect, Document={"Bytes": b"x" * (10 * 1024 * 1024 + 1)}) == "DocumentTooLargeException"
    assert code(textract.get_document_text_detection, JobId="0" * 8) == "InvalidJobIdException"
    assert code(textract.get_document_text_detection, JobId="x", MaxResults=1001) == "InvalidParameterException"
    assert code(textract.analyze_document, Document=s3("page.jpg"), FeatureTypes=["TABLES"]) == "UnknownOperationException"
