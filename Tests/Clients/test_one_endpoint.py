"""SNS, SQS and STS on the service's own port by boto3, and all of it by the aws command line."""
import hashlib
import json
import re
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from one_endpoint import KEY_ARN, code, endpoint, raw_put, serving  # noqa: F401


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
    (message,) = sqs.receive_message(QueueUrl=raw, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == '{"source":"a"}' and "MessageAttributes" not in message


def test_no_attribute_is_dropped_and_each_counts(topic):
    sns, sqs, arn, url, _ = topic
    attributes = {f"a{number:02}": {"DataType": "String", "StringValue": "x" * 100} for number in range(12)}
    sns.publish(TopicArn=arn, Message="m", MessageAttributes=attributes)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert json.loads(message["Body"])["MessageAttributes"].keys() == attributes.keys()
    with pytest.raises(ClientError, match="262145 bytes; a message may have 262144"):
        sns.publish(TopicArn=arn, Message="m" * (262_144 - 12 * 109 + 1), MessageAttributes=attributes)
    queue = sqs.get_queue_attributes(QueueUrl=sqs.create_queue(QueueName="raw")["QueueUrl"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    with pytest.raises(ClientError, match="there are 12; the raw subscription .* takes 10"):
        sns.publish(TopicArn=arn, Message="m", MessageAttributes=attributes)


def test_a_raw_subscription_gets_the_attributes_beside_the_message(topic):
    sns, sqs, arn, url, _ = topic
    raw = sqs.create_queue(QueueName="raw")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=raw, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    attributes = {
        "kind.one": {"DataType": "String", "StringValue": "zwölf"}, "kind.two": {"DataType": "Number", "StringValue": "12"},
        "bytes": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"},
    }

    def digest(wanted):
        """As the SQS developer guide has it: by name; name, type and value behind their lengths, a byte for the kind."""
        counted = lambda data: struct.pack(">I", len(data)) + data
        parts = b""
        for name, value in sorted(wanted.items()):
            kind, data = (b"\x02", value["BinaryValue"]) if "BinaryValue" in value else (b"\x01", value["StringValue"].encode())
            parts += counted(name.encode()) + counted(value["DataType"].encode()) + kind + counted(data)
        return hashlib.md5(parts).hexdigest()

    def receive(*names):
        (message,) = sqs.receive_message(QueueUrl=raw, VisibilityTimeout=0, WaitTimeSeconds=5, MessageAttributeNames=list(names))["Messages"]
        assert message["Body"] == "m"
        assert message.get("MD5OfMessageAttributes") == (digest(message["MessageAttributes"]) if "MessageAttributes" in message else None)
        return message.get("MessageAttributes")

    sns.publish(TopicArn=arn, Message="m", MessageAttributes=attributes)
    assert receive("All") == receive(".*") == attributes
    assert receive("kind.*") == {name: value for name, value in attributes.items() if name.startswith("kind.")}
    assert receive("bytes", "none") == {"bytes": attributes["bytes"]}
    assert receive() is receive("none") is None
    (enveloped,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert "MessageAttributes" not in enveloped
    assert json.loads(enveloped["Body"])["MessageAttributes"]["bytes"] == {"Type": "Binary.png", "Value": "AP8="}


def test_the_envelope_s_links_are_whole_and_a_subject_is_short(topic, endpoint):
    sns, sqs, arn, url, subscription = topic
    sns.publish(TopicArn=arn, Message="m", Subject="x" * 100)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    envelope = json.loads(message["Body"])
    assert envelope["UnsubscribeURL"] == f"{endpoint.url}/?Action=Unsubscribe&SubscriptionArn={subscription}"
    for subject in ("x" * 101, "two\nlines"):
        with pytest.raises(sns.exceptions.InvalidParameterException, match="Subject"):
            sns.publish(TopicArn=arn, Message="m", Subject=subject)


def test_a_message_comes_again_until_it_is_deleted(topic):
    _, sqs, _, url, _ = topic
    sent = sqs.send_message(QueueUrl=url, MessageBody="again")["MessageId"]
    first = sqs.receive_message(QueueUrl=url, VisibilityTimeout=5)["Messages"][0]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    second = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
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
        assert urllib.request.urlopen(get, timeout=60).read() == b"signed"
        put = s3.generate_presigned_url("put_object", Params={"Bucket": "papers", "Key": "other"}, ExpiresIn=60)
        assert urllib.request.urlopen(urllib.request.Request(put, data=b"x", method="PUT"), timeout=60).status == 200
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(get.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), timeout=60)
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
    listed = run("s3", "ls").splitlines()
    assert [line.split()[-1] for line in listed] == ["fresh", "papers"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+", line) for line in listed), listed
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
