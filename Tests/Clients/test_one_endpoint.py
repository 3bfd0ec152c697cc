"""S3, SNS, SQS and STS on the service's own port, called by boto3 and by the aws command line."""
import base64
import contextlib
import hashlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from test_functions import Service

KEY_ARN = "arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class Endpoint:
    """A running service, and clients that know nothing but its URL."""

    def __init__(self, url, data):
        self.url, self.data = url, data
        self.environment = {
            "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKIAPRELABELCLIENTS1", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1",
        }

    def client(self, service, **settings):
        return boto3.client(
            service, endpoint_url=self.url, aws_access_key_id="AKIAPRELABELCLIENTS1", aws_secret_access_key="secret",
            region_name="eu-central-1", config=Config(proxies={}, retries={"max_attempts": 1}, **settings),
        )


@contextlib.contextmanager
def serving(data, environment, *arguments):
    service = Service(data.parent, environment, "--data", data, *arguments)
    try:
        yield Endpoint(service.url, data)
    finally:
        service.stop()


@pytest.fixture
def endpoint(data, environment):
    with serving(data, environment, "--allow-unencrypted") as endpoint:
        yield endpoint


@pytest.fixture
def s3(endpoint):
    return endpoint.client("s3")


def code(error):
    return error.value.response["Error"]["Code"]


# S3: buckets


def test_a_bucket_is_made_found_and_refused_by_name(s3, endpoint):
    s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert (endpoint.data / "answers").is_dir()
    head = s3.head_bucket(Bucket="answers")
    assert head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == "eu-central-1"
    assert s3.get_bucket_location(Bucket="answers")["LocationConstraint"] == "eu-central-1"
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["answers", "papers"]
    with pytest.raises(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    with pytest.raises(ClientError) as error:
        s3.head_bucket(Bucket="missing")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.list_objects_v2(Bucket="missing")
    assert not (endpoint.data / "missing").exists()


@pytest.mark.parametrize("key", ["plain.txt", "a b/c+d/é&=?#.json", "deep/er/and/deeper", "percent%20sign", "x'\"<>"])
def test_objects_come_back_as_they_went(s3, endpoint, key):
    body = "Zwölf Boxkämpfer\n".encode() * 1000
    written = s3.put_object(Bucket="papers", Key=key, Body=body)
    assert (endpoint.data / "papers" / key).read_bytes() == body
    read = s3.get_object(Bucket="papers", Key=key)
    assert read["Body"].read() == body
    assert read["ETag"] == written["ETag"] and "-" in read["ETag"], "no MD5, and does not look like one"
    head = s3.head_object(Bucket="papers", Key=key)
    assert (head["ContentLength"], head["ETag"]) == (len(body), read["ETag"])
    assert abs(head["LastModified"].timestamp() - time.time()) < 60
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers")["Contents"]] == [key]
    s3.delete_object(Bucket="papers", Key=key)
    s3.delete_object(Bucket="papers", Key=key)
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="papers", Key=key)


def test_ranges_are_served(s3):
    s3.put_object(Bucket="papers", Key="digits", Body=b"0123456789")

    def part(text):
        answer = s3.get_object(Bucket="papers", Key="digits", Range=text)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
        return answer["Body"].read(), answer["ContentRange"]

    assert part("bytes=2-4") == (b"234", "bytes 2-4/10")
    assert part("bytes=7-") == (b"789", "bytes 7-9/10")
    assert part("bytes=-3") == (b"789", "bytes 7-9/10")
    assert part("bytes=8-99") == (b"89", "bytes 8-9/10")
    with pytest.raises(ClientError) as error:
        part("bytes=10-")
    assert code(error) == "InvalidRange"


def test_the_key_that_an_object_was_written_with_is_shown_until_it_is_replaced(s3, endpoint):
    s3.put_object(Bucket="papers", Key="a.json", Body=b"{}", ServerSideEncryption="aws:kms", SSEKMSKeyId=KEY_ARN)
    for answer in [s3.head_object(Bucket="papers", Key="a.json"), s3.get_object(Bucket="papers", Key="a.json")]:
        assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", KEY_ARN)
        assert answer["ContentType"] == "application/json"
    s3.put_object(Bucket="papers", Key="a.json", Body=b"{ }", ContentType="text/x-own")
    head = s3.head_object(Bucket="papers", Key="a.json")
    assert "SSEKMSKeyId" not in head and head["ContentType"] == "text/x-own"
    s3.delete_object(Bucket="papers", Key="a.json")
    assert not [path for path in (endpoint.data / ".prelabel" / "objects").rglob("*") if path.is_file()], "notes go with their objects"


def test_without_the_flag_a_key_is_refused(data, environment):
    with serving(data, environment) as endpoint:
        s3 = endpoint.client("s3")
        with pytest.raises(ClientError) as error:
            s3.put_object(Bucket="papers", Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=KEY_ARN)
        assert code(error) == "NotImplemented" and "folder" in str(error.value)
        assert not (data / "papers" / "a").exists()


def test_listings_are_paged_in_the_order_of_bytes(s3, endpoint):
    keys = [f"scans/{name}" for name in ("a-1", "a/1", "a/2", "a0", "b/c/d", "B", "é", "\U0001f600")] + ["other"]
    for key in keys:
        path = endpoint.data / "papers" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key)
    expected = sorted((key for key in keys if key.startswith("scans/")), key=lambda key: key.encode())
    for size in (1, 2, 3, 1000):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="papers", Prefix="scans/", PaginationConfig={"PageSize": size})
        assert [entry["Key"] for page in pages for entry in page["Contents"]] == expected
        pages = s3.get_paginator("list_objects").paginate(Bucket="papers", Prefix="scans/", PaginationConfig={"PageSize": size})
        assert [entry["Key"] for page in pages for entry in page["Contents"]] == expected
        pages = s3.get_paginator("list_objects_v2").paginate(
            Bucket="papers", Prefix="scans/", Delimiter="/", PaginationConfig={"PageSize": size})
        found = [(page.get("CommonPrefixes", []), page.get("Contents", [])) for page in pages]
        assert [prefix["Prefix"] for prefixes, _ in found for prefix in prefixes] == ["scans/a/", "scans/b/"]
        assert [entry["Key"] for _, entries in found for entry in entries] == [key for key in expected if key.count("/") == 1]
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers", Prefix="scans/a")["Contents"]] == expected[1:5]
    assert s3.list_objects_v2(Bucket="papers", Prefix="none")["KeyCount"] == 0


def test_a_thousand_objects_take_two_pages(s3, endpoint):
    for number in range(1001):
        (endpoint.data / "papers" / f"{number:04}").touch()
    first = s3.list_objects_v2(Bucket="papers")
    assert (first["KeyCount"], first["IsTruncated"]) == (1000, True)
    second = s3.list_objects_v2(Bucket="papers", ContinuationToken=first["NextContinuationToken"])
    assert [entry["Key"] for entry in second["Contents"]] == ["1000"]


def test_several_objects_are_deleted_at_once(s3):
    for key in ("a", "b/c", "d"):
        s3.put_object(Bucket="papers", Key=key, Body=b"x")
    answer = s3.delete_objects(Bucket="papers", Delete={"Objects": [{"Key": key} for key in ("a", "b/c", "none", "x/../y")]})
    assert [entry["Key"] for entry in answer["Deleted"]] == ["a", "b/c", "none"]
    assert [(entry["Key"], entry["Code"]) for entry in answer["Errors"]] == [("x/../y", "InvalidArgument")]
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers")["Contents"]] == ["d"]


def test_presigned_urls_read_and_write(s3, endpoint):
    put = s3.generate_presigned_url("put_object", Params={"Bucket": "papers", "Key": "a b.txt"}, ExpiresIn=60)
    request = urllib.request.Request(put, data=b"presigned", method="PUT")
    assert urllib.request.urlopen(request, timeout=10).status == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "papers", "Key": "a b.txt"}, ExpiresIn=60)
    assert urllib.request.urlopen(get, timeout=10).read() == b"presigned"


def test_buckets_are_found_by_host_name(s3, endpoint):
    s3.put_object(Bucket="papers", Key="a b.txt", Body=b"by path")
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "papers", "Key": "a b.txt"}, ExpiresIn=60)
    port = endpoint.url.rsplit(":", 1)[1]
    request = urllib.request.Request(get.replace("/papers/", "/"), headers={"Host": f"papers.localhost:{port}"})
    assert urllib.request.urlopen(request, timeout=10).read() == b"by path"


def raw_put(endpoint, key, body, **headers):
    """A PUT whose headers are not boto3's: signed for nothing in particular, which is taken where no keys are set."""
    scope = "AWS4-HMAC-SHA256 Credential=AKIA/20240101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=00"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{endpoint.url}/papers/{key}", data=body, method="PUT", headers={"Authorization": scope} | named)
    try:
        return urllib.request.urlopen(request, timeout=10).status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def chunked(pieces, trailer, signed):
    signature = ";chunk-signature=" + "0" * 64 if signed else ""
    body = b"".join(f"{len(piece):x}{signature}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return body + f"0{signature}\r\n{trailer}\r\n".encode()


@pytest.mark.parametrize("signed", [False, True])
def test_chunked_bodies_are_unpacked_and_their_trailers_checked(endpoint, signed):
    pieces = [b"first\r\n" * 9000, b"0\r\n\r\n", b"last"]
    body = b"".join(pieces)
    right = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    form = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" if signed else "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    headers = {
        "x_amz_content_sha256": form, "x_amz_decoded_content_length": str(len(body)), "content_encoding": "aws-chunked",
        "x_amz_trailer": "x-amz-checksum-crc32",
    }
    trailer = "x-amz-checksum-crc32:{}\r\n"
    assert raw_put(endpoint, "chunked", chunked(pieces, trailer.format(right), signed), **headers) == (200, "")
    assert (endpoint.data / "papers" / "chunked").read_bytes() == body
    status, text = raw_put(endpoint, "chunked", chunked(pieces, trailer.format("AAAAAA=="), signed), **headers)
    assert status == 400 and "<Code>BadDigest</Code>" in text
    status, text = raw_put(endpoint, "chunked", chunked(pieces, "", signed), **headers)
    assert status == 400 and "x-amz-checksum-crc32" in text
    status, text = raw_put(endpoint, "chunked", chunked(pieces[:1], trailer.format(right), signed), **headers)
    assert status == 400 and "<Code>IncompleteBody</Code>" in text
    assert (endpoint.data / "papers" / "chunked").read_bytes() == body, "what is refused replaces nothing"


def test_every_checksum_of_boto3_is_checked(endpoint, s3):
    body = b"The quick brown fox"
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        s3.put_object(Bucket="papers", Key=algorithm, Body=body, ChecksumAlgorithm=algorithm)
    # Check values of the algorithms (CRC RevEng catalogue) over "123456789".
    for name, value in {"crc32": 0xCBF43926, "crc32c": 0xE3069283, "crc64nvme": 0xAE8B14860A799888}.items():
        size = 8 if name == "crc64nvme" else 4
        right = base64.b64encode(value.to_bytes(size, "big")).decode()
        header = f"x_amz_checksum_{name}"
        assert raw_put(endpoint, "sum", b"123456789", **{header: right})[0] == 200
        assert "BadDigest" in raw_put(endpoint, "sum", b"12345678x", **{header: right})[1]
    status, text = raw_put(endpoint, "sum", b"abc", x_amz_content_sha256=hashlib.sha256(b"abd").hexdigest())
    assert status == 400 and "XAmzContentSHA256Mismatch" in text


def test_what_is_not_served_is_refused_by_name(s3, endpoint):
    for call, name in [
        (lambda: s3.get_bucket_versioning(Bucket="papers"), "versioning"),
        (lambda: s3.create_multipart_upload(Bucket="papers", Key="a"), "POST of an object"),
        (lambda: s3.put_object(Bucket="papers", Key="a", Body=b"", Metadata={"k": "v"}), "x-amz-meta-k"),
        (lambda: s3.copy_object(Bucket="papers", Key="a", CopySource="papers/b"), "x-amz-copy-source"),
        (lambda: endpoint.client("sns").list_topics(), "ListTopics"),
        (lambda: endpoint.client("sqs").list_queues(), "ListQueues"),
        (lambda: endpoint.client("sts").get_session_token(), "GetSessionToken"),
        (lambda: endpoint.client("iam").list_users(), "iam"),
        (lambda: endpoint.client("kms").list_keys(), "kms"),
    ]:
        with pytest.raises(ClientError, match=name):
            call()


def test_an_upload_starts_without_waiting(s3):
    start = time.monotonic()
    for number in range(5):
        s3.put_object(Bucket="papers", Key=f"{number}", Body=b"x" * 100_000)
    assert time.monotonic() - start < 3, "a client that asks first (Expect: 100-continue) waits a second for an answer"


# SNS and SQS


@pytest.fixture
def topic(endpoint):
    """A topic with a queue behind it."""
    sns, sqs = endpoint.client("sns"), endpoint.client("sqs")
    arn = sns.create_topic(Name="demo-Input")["TopicArn"]
    url = sqs.create_queue(QueueName="answers", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    subscription = sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, ReturnSubscriptionArn=True)["SubscriptionArn"]
    return sns, sqs, arn, url, subscription


def test_what_is_published_comes_out_of_the_queue(topic):
    sns, sqs, arn, url, subscription = topic
    assert arn == "arn:aws:sns:eu-central-1:000000000000:demo-Input"
    assert sns.create_topic(Name="demo-Input")["TopicArn"] == arn
    text = "{'source': 'Zwölf & \"mehr\" <1>'}\n"
    id = sns.publish(TopicArn=arn, Message=text, Subject="one", MessageAttributes={"kind": {"DataType": "String", "StringValue": "x"}})["MessageId"]
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MessageSystemAttributeNames=["All"])["Messages"][0]
    assert message["MD5OfBody"] == hashlib.md5(message["Body"].encode()).hexdigest()
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    envelope = json.loads(message["Body"])
    assert (envelope["Type"], envelope["MessageId"], envelope["TopicArn"]) == ("Notification", id, arn)
    assert (envelope["Message"], envelope["Subject"]) == (text, "one")
    assert envelope["MessageAttributes"] == {"kind": {"Type": "String", "Value": "x"}}
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (counts["ApproximateNumberOfMessages"], counts["ApproximateNumberOfMessagesNotVisible"]) == ("0", "1")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "0"
    sns.unsubscribe(SubscriptionArn=subscription)
    sns.publish(TopicArn=arn, Message="nobody listens")
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_raw_subscription_gets_the_message_alone(topic):
    sns, sqs, arn, _, _ = topic
    raw = sqs.create_queue(QueueName="raw")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=raw, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    sns.publish(TopicArn=arn, Message='{"source":"a"}')
    assert sqs.receive_message(QueueUrl=raw)["Messages"][0]["Body"] == '{"source":"a"}'


def test_a_message_comes_again_until_it_is_deleted(topic):
    _, sqs, _, url, _ = topic
    sent = sqs.send_message(QueueUrl=url, MessageBody="again")["MessageId"]
    first = sqs.receive_message(QueueUrl=url, VisibilityTimeout=1)["Messages"][0]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    second = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    assert first["MessageId"] == second["MessageId"] == sent
    assert second["Attributes"] == {"ApproximateReceiveCount": "2"}
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"], VisibilityTimeout=0)
    third = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=third["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_queues_are_found_by_name_and_missing_ones_named(topic):
    sns, sqs, arn, url, _ = topic
    assert sqs.get_queue_url(QueueName="answers")["QueueUrl"] == url
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MessageRetentionPeriod": "1209600"})
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["MessageRetentionPeriod"])["Attributes"] == {"MessageRetentionPeriod": "1209600"}
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="none")
    with pytest.raises(ClientError) as error:
        sqs.get_queue_url(QueueName="none")
    assert code(error) == "AWS.SimpleQueueService.NonExistentQueue"
    with pytest.raises(sqs.exceptions.InvalidAttributeName):
        sqs.create_queue(QueueName="fifo", Attributes={"FifoQueue": "true"})
    with pytest.raises(sns.exceptions.NotFoundException):
        sns.publish(TopicArn=arn + "x", Message="m")
    with pytest.raises(sns.exceptions.InvalidParameterException, match="262145"):
        sns.publish(TopicArn=arn, Message="x" * (256 * 1024 + 1))
    sns.publish(TopicArn=arn, Message="é" * (128 * 1024))
    assert len(json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])["Message"]) == 128 * 1024


def test_a_restart_loses_no_message(data, environment):
    with serving(data, environment) as endpoint:
        sns, sqs = endpoint.client("sns"), endpoint.client("sqs")
        arn = sns.create_topic(Name="t")["TopicArn"]
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]["QueueArn"])
        for number in range(3):
            sns.publish(TopicArn=arn, Message=f"{number}")
    with serving(data, environment) as endpoint:
        sqs = endpoint.client("sqs")
        queue = sqs.get_queue_url(QueueName="q")["QueueUrl"]
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        assert [json.loads(message["Body"])["Message"] for message in found] == ["0", "1", "2"]


def test_the_caller_is_a_user_of_the_account(endpoint):
    identity = endpoint.client("sts").get_caller_identity()
    assert identity["Account"] == "000000000000" and identity["Arn"].startswith("arn:aws:iam::000000000000:user/")


def test_with_access_keys_only_signed_requests_are_served(data, environment):
    id, secret = "AKIAPRELABELCLIENTS1", "tHiS/sEcReT+mUsTnEvErBePrInTeD0123456789"

    def client(service, secret=secret, **settings):
        return boto3.client(
            service, endpoint_url=url, aws_access_key_id=id, aws_secret_access_key=secret, region_name="eu-central-1",
            config=Config(proxies={}, retries={"max_attempts": 1}, **settings))

    with serving(data, environment | {"PRELABEL_ACCESS_KEYS": f"{id}:{secret}"}) as endpoint:
        url = endpoint.url
        s3 = client("s3")
        key = "a b/é+.txt"
        s3.put_object(Bucket="papers", Key=key, Body=b"signed")
        assert s3.get_object(Bucket="papers", Key=key)["Body"].read() == b"signed"
        assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers")["Contents"]] == [key]
        get = s3.generate_presigned_url("get_object", Params={"Bucket": "papers", "Key": key}, ExpiresIn=60)
        assert urllib.request.urlopen(get, timeout=10).read() == b"signed"
        put = s3.generate_presigned_url("put_object", Params={"Bucket": "papers", "Key": "other"}, ExpiresIn=60)
        assert urllib.request.urlopen(urllib.request.Request(put, data=b"x", method="PUT"), timeout=10).status == 200
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(get.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), timeout=10)
        assert error.value.code == 403
        arn = client("sns").create_topic(Name="t")["TopicArn"]
        client("sns").publish(TopicArn=arn, Message="signed")
        client("sqs").create_queue(QueueName="q")
        assert client("sts").get_caller_identity()["Arn"].endswith(id)
        for call, expected in [
            (lambda: client("s3", "wrong").get_object(Bucket="papers", Key=key), "SignatureDoesNotMatch"),
            (lambda: client("sns", "wrong").create_topic(Name="u"), "SignatureDoesNotMatch"),
            (lambda: client("sqs", "wrong").create_queue(QueueName="u"), "InvalidSignatureException"),
        ]:
            with pytest.raises(ClientError) as error:
                call()
            assert code(error) == expected
        status, text = raw_put(endpoint, "unsigned", b"x")
        assert status == 403 and "<Error>" in text
        assert not (data / "papers" / "unsigned").exists()


# The command line


def test_the_aws_command_line_works_with_one_variable(endpoint, tmp_path):
    aws = Path(sys.executable).parent / "aws"

    def run(*arguments):
        environment = endpoint.environment | {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        result = subprocess.run([aws, *arguments], env=environment, capture_output=True, timeout=60, cwd=tmp_path)
        assert result.returncode == 0, result.stderr.decode()
        return result.stdout.decode()

    (tmp_path / "folder").mkdir()
    for name in ("one.txt", "zwei.json"):
        (tmp_path / "folder" / name).write_text(name * 1000)
    run("s3", "mb", "s3://fresh")
    run("s3", "cp", "--recursive", "folder", "s3://fresh/in/", "--sse", "aws:kms", "--sse-kms-key-id", KEY_ARN)
    assert json.loads(run("s3api", "head-object", "--bucket", "fresh", "--key", "in/one.txt"))["SSEKMSKeyId"] == KEY_ARN
    assert "one.txt" in run("s3", "ls", "s3://fresh/in/") and "PRE in/" in run("s3", "ls", "s3://fresh/")
    run("s3", "sync", "s3://fresh/in", "back")
    assert (tmp_path / "back" / "zwei.json").read_text() == "zwei.json" * 1000
    run("s3", "rm", "--recursive", "s3://fresh/in/")
    assert run("s3", "ls", "s3://fresh/") == ""
    arn = json.loads(run("sns", "create-topic", "--name", "cli"))["TopicArn"]
    # Version 1 of the command line goes to AWS for queues, whatever the variable says.
    queues = ("--endpoint-url", endpoint.url, "sqs")
    url = json.loads(run(*queues, "create-queue", "--queue-name", "cli"))["QueueUrl"]
    run("sns", "subscribe", "--topic-arn", arn, "--protocol", "sqs", "--notification-endpoint", "arn:aws:sqs:eu-central-1:000000000000:cli")
    run("sns", "publish", "--topic-arn", arn, "--message", "hello")
    assert "hello" in run(*queues, "receive-message", "--queue-url", url, "--wait-time-seconds", "5")
    assert json.loads(run("sts", "get-caller-identity"))["Account"] == "000000000000"
