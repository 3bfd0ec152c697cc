"""SigV4 of callers, as botocore signs: `prelabel serve` with access keys takes what they signed and nothing else."""
import datetime
import hashlib
import http.client
import json
import urllib.parse
import urllib.request
from unittest import mock

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import pytest

from labeling import REGION, LabelingService, job, put_files, team

KEY, SECRET = "PRELABELTESTKEY", "s3cret/with+signs=and-more"
BEARER = "a-bearer-key-of-24-chars"


@pytest.fixture(scope="module")
def service(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("signatures")
    put_files(folder / "data")
    keys = {"PRELABEL_ACCESS_KEYS": f"OTHERKEY:another-secret-entirely, {KEY}:{SECRET}", "PRELABEL_API_KEYS": BEARER}
    service = LabelingService(folder, environment | keys, folder / "data")
    yield service
    service.process.kill()
    assert SECRET not in service.log.read_text()


def signed(url, body=b"", method="POST", service="sagemaker", headers=None, key=KEY, secret=SECRET, later=0, auth=botocore.auth.SigV4Auth, **options):
    """A request as botocore signs it."""
    request = botocore.awsrequest.AWSRequest(method=method, url=url, data=body, headers=headers or {})
    moment = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=later)
    with mock.patch("botocore.auth.get_current_datetime", lambda: moment):
        auth(botocore.credentials.Credentials(key, secret), service, REGION, **options).add_auth(request)
    return request.prepare()


def send(request, body=None, **changes):
    url = urllib.parse.urlsplit(request.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()} | changes
    connection.request(request.method, f"{url.path}{'?' + url.query if url.query else ''}", request.body if body is None else body, headers)
    response = connection.getresponse()
    return response.status, response.headers, response.read()


TARGET = {"X-Amz-Target": "SageMaker.ListWorkteams", "Content-Type": "application/x-amz-json-1.1"}


def test_a_client_with_the_key_is_served_and_others_are_not(service):
    sagemaker = service.client(key=KEY, secret=SECRET)
    sagemaker.create_workteam(**team())
    sagemaker.create_labeling_job(**job("signed"))
    assert sagemaker.describe_labeling_job(LabelingJobName="signed")["LabelingJobName"] == "signed"
    env = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    assert service.aws("sagemaker", "list-workteams", env=env)["Workteams"]
    for key, secret, code in ((KEY, "another-secret-entirely", "InvalidSignatureException"), ("NONE", SECRET, "UnrecognizedClientException")):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            service.client(key=key, secret=secret).list_workteams()
        assert caught.value.response["Error"]["Code"] == code and caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    status, _, body = service.call("/", b"{}", **TARGET)
    assert status == 401 and "sign the request" in json.loads(body)["detail"]
    assert service.call("/", b"{}", **TARGET, Authorization=f"Bearer {BEARER}")[0] == 200
    assert service.call("/health/live")[0] == 200


def test_access_keys_alone_close_the_owner_s_pages_too(tmp_path, environment, data):
    service = LabelingService(tmp_path, environment | {"PRELABEL_ACCESS_KEYS": f"{KEY}:{SECRET}"}, data)
    try:
        for path in ("/portal/api/jobs", "/pre-annotation", "/"):
            assert service.call(path)[0] == 401, path
        assert service.client(key=KEY, secret=SECRET).list_workteams()["Workteams"] == []
    finally:
        service.process.kill()


def test_lambda_s_paths_are_signed_as_they_are_encoded(service):
    function = "arn:aws:lambda:us-west-2:111122223333:function:pre-annotation"
    event = json.dumps({"version": "2018-10-16", "labelingJobArn": "arn:x", "dataObject": {"source": "x"}}).encode()
    answer = service.client("lambda", key=KEY, secret=SECRET).invoke(FunctionName=function, Payload=event)
    assert answer["StatusCode"] == 200 and json.loads(answer["Payload"].read())["taskInput"]["text"] == "x"
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        service.client("lambda", key=KEY, secret="another-secret-entirely").invoke(FunctionName=function, Payload=event)
    assert caught.value.response["Error"]["Code"] == "InvalidSignatureException"


def test_what_is_changed_after_signing_is_refused(service):
    request = signed(service.url + "/", b'{"MaxResults":1}', headers=TARGET)
    assert send(request)[0] == 200
    for changed in (send(request, b'{"MaxResults":2}'), send(request, **{"X-Amz-Target": "SageMaker.ListWorkforces"})):
        assert changed[0] == 403 and json.loads(changed[2])["__type"] == "InvalidSignatureException"
        assert changed[1]["X-Amzn-ErrorType"] == "InvalidSignatureException"
    status, _, body = send(request, **{"X-Amz-Extra": "1"})
    assert status == 403 and "x-amz-extra" in json.loads(body)["message"]


def test_a_body_without_the_hash_that_was_signed_is_refused(service):
    body = b'{"MaxResults":1}'
    request = signed(service.url + "/", body, headers=TARGET | {"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()})
    assert send(request)[0] == 200
    status, _, answer = send(request, b'{"MaxResults":2}')
    assert status == 400 and json.loads(answer)["__type"] == "XAmzContentSHA256Mismatch"


@pytest.mark.parametrize("later, status", [(-880, 200), (880, 200), (-920, 403), (920, 403)])
def test_clocks_may_differ_by_a_quarter_of_an_hour(service, later, status):
    found, _, body = send(signed(service.url + "/", b"{}", headers=TARGET, later=later))
    assert found == status, body
    if status == 403:
        assert "15 minutes" in json.loads(body)["message"]


def test_s3_is_served_to_who_has_the_key(service):
    s3 = service.client("s3", key=KEY, secret=SECRET)
    s3.put_object(Bucket="labels", Key="a b+c/ü", Body=b"text")
    assert s3.get_object(Bucket="labels", Key="a b+c/ü")["Body"].read() == b"text"
    for key, secret, code in ((KEY, "another-secret-entirely", "SignatureDoesNotMatch"), ("NONE", SECRET, "InvalidAccessKeyId")):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            service.client("s3", key=key, secret=secret).put_object(Bucket="labels", Key="other", Body=b"text")
        assert caught.value.response["Error"]["Code"] == code
    for other in ("sns", "sts"):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            client = service.client(other, key=KEY, secret="another-secret-entirely")
            client.list_topics() if other == "sns" else client.get_caller_identity()
        assert caught.value.response["Error"]["Code"] == "SignatureDoesNotMatch"
    assert not (service.data / "labels/other").exists()


def put(service, body=b"text", sent=None, key="object", form=None, **options):
    """Signs a PUT for S3 with what the body's hash is said to be; gives status and answer."""
    hashed = form or hashlib.sha256(body).hexdigest()
    with mock.patch.object(botocore.auth.S3SigV4Auth, "payload", lambda self, request: hashed):
        request = signed(f"{service.url}/labels/{key}", body, "PUT", "s3", auth=botocore.auth.S3SigV4Auth, **options)
    status, _, answer = send(request, sent)
    return status, answer


def test_s3_s_forms_of_signed_bodies_are_known(service):
    assert put(service)[0] == put(service, form="UNSIGNED-PAYLOAD")[0] == 200
    pieces = b"4\r\ntext\r\n0\r\nx-amz-checksum-crc32:O4unxw==\r\n\r\n"
    headers = {"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": "4", "X-Amz-Trailer": "x-amz-checksum-crc32"}
    status, answer = put(service, pieces, key="pieces", form="STREAMING-UNSIGNED-PAYLOAD-TRAILER", headers=headers)
    assert status != 403, answer
    status, answer = put(service, form="hash")
    assert status == 403 and b"<Code>AuthorizationHeaderMalformed</Code>" in answer
    status, answer = put(service, secret="another-secret-entirely")
    assert status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in answer


def test_an_object_without_the_hash_that_was_signed_is_not_kept(service):
    status, answer = put(service, b"text", sent=b"evil", key="changed")
    assert status == 400, answer
    assert not (service.data / "labels/changed").exists()


def test_presigned_urls_open_as_long_as_they_say(service):
    (service.data / "labels/read").write_bytes(b"text")

    def get(later=0, path="/labels/read", **options):
        request = signed(service.url + path, method="GET", service="s3", later=later, auth=botocore.auth.S3SigV4QueryAuth, expires=60, **options)
        return send(request)

    assert get()[2] == get(later=-50)[2] == b"text"
    status, _, body = get(later=-120)
    assert status == 403 and b"<Code>AccessDenied</Code>" in body and b"expired" in body
    assert get(later=1000)[0] == 403
    status, _, body = get(secret="another-secret-entirely")
    assert status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in body
    url = service.client("s3", key=KEY, secret=SECRET, signature_version="s3v4").generate_presigned_url("get_object", {"Bucket": "labels", "Key": "read"}, ExpiresIn=60)
    path = url.removeprefix(service.url)
    assert service.call(path)[2] == b"text"
    assert service.call(path.replace("/read", "/template.html"))[0] == 403


def test_presigned_urls_of_the_older_version_open_what_they_say(service):
    """What boto3 makes by default for the regions that S3 had before 2014."""
    (service.data / "labels/a b+é.txt").write_bytes(b"text")
    client = service.client("s3", key=KEY, secret=SECRET)

    def presigned(method, key="a b+é.txt", expires=60, client=client, **parameters):
        return client.generate_presigned_url(method, {"Bucket": "labels", "Key": key} | parameters, ExpiresIn=expires).removeprefix(service.url)

    path = presigned("get_object")
    assert "AWSAccessKeyId=" in path and "X-Amz-" not in path
    assert service.call(path)[2] == b"text"
    status, headers, _ = service.call(presigned("get_object", ResponseContentType="text/x-mine"))
    assert status == 200 and headers["Content-Type"] == "text/x-mine"
    for changed, code in {
        path.replace("/labels/a", "/labels/b"): b"SignatureDoesNotMatch", path.replace("Expires=", "Expires=9"): b"SignatureDoesNotMatch",
        path + "&response-content-type=text%2Fhtml": b"SignatureDoesNotMatch", path + "&Expires=99999999999": b"AuthorizationHeaderMalformed",
        path + "&X-Amz-Credential=a%2F20240301%2Fr%2Fsqs%2Faws4_request": b"AuthorizationHeaderMalformed",
        presigned("get_object", expires=-1): b"AccessDenied",
        presigned("get_object", client=service.client("s3", key=KEY, secret="another-secret-entirely")): b"SignatureDoesNotMatch",
        presigned("get_object", client=service.client("s3", key="stranger", secret=SECRET)): b"InvalidAccessKeyId",
        presigned("put_object"): b"SignatureDoesNotMatch",
    }.items():
        status, _, body = service.call(changed)
        assert status == 403 and b"<Code>" + code in body, (changed, status, body)
    # A header that claims to be for another service takes the proof of the query nowhere.
    claim = "AWS4-X Credential=a/20260101/us-east-1/sns/aws4_request"
    newer = service.client("s3", key=KEY, secret=SECRET, signature_version="s3v4")
    for url in (path, presigned("get_object", client=newer)):
        for authorization in (claim, claim.replace("AWS4-X", "AWS4-HMAC-SHA256"), "Basic x"):
            status, _, body = service.call(url, b"Action=CreateTopic&Name=stolen", Authorization=authorization)
            assert status == 403 and b"CreateTopicResult" not in body, (url, authorization, body)
    request = urllib.request.Request(service.url + presigned("put_object", key="new", ContentType="text/plain"), b"new", {"Content-Type": "text/plain"}, method="PUT")
    assert urllib.request.urlopen(request, timeout=60).status == 200
    assert (service.data / "labels/new").read_bytes() == b"new"


@pytest.mark.parametrize("path", ["/objects/a", "/assets/a", "/tasks/a", "/portal/", "/health/live"])
def test_a_signature_is_looked_at_on_every_path(service, path):
    """What pages load needs no key; but a request that is signed for a service goes to that service."""
    assert service.call(path)[0] in (200, 401, 403, 404)
    for query in ("?X-Amz-Credential=a%2F20240301%2Fr%2Fs3%2Faws4_request", "?X%2DAmz-Credential=a", "?X-Amz-Signature=0"):
        status, _, body = service.call(path + query)
        assert status == 403, (status, body)
    bogus = "AWS4-HMAC-SHA256 Credential=a/20240301/r/s3/aws4_request, SignedHeaders=host, Signature=0"
    status, _, body = service.call(path, Authorization=bogus)
    assert status == 403 and b"<Error><Code>" in body


def test_without_keys_signed_requests_of_other_pages_are_refused(tmp_path, environment, data):
    service = LabelingService(tmp_path, environment, data)
    try:
        signed_path = "/bucket/key?X-Amz-Credential=a%2F20240301%2Fr%2Fs3%2Faws4_request"
        assert service.call(signed_path, b"x", Origin="https://elsewhere.example")[0] == 403
        assert service.call(signed_path, b"x", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
        assert service.client().list_workteams()["Workteams"] == []
    finally:
        service.process.kill()


def test_keys_are_checked_at_the_start_and_never_shown(prelabel):
    for keys in ("no-colon-here-at-all", "ID:short", "I D:0123456789abcdef", "A:0123456789abcdef,A:0123456789abcdef"):
        result = prelabel("serve", "--port", "0", code=78, env={"PRELABEL_ACCESS_KEYS": keys})
        assert b"PRELABEL_ACCESS_KEYS" in result.stderr and b"0123456789" not in result.stderr and b"short" not in result.stderr
    shown = prelabel("config", env={"PRELABEL_ACCESS_KEYS": f"{KEY}:{SECRET}"}).stdout.decode()
    (line,) = [line for line in shown.splitlines() if line.startswith("access-keys")]
    assert "***" in line and SECRET not in shown and KEY not in shown
