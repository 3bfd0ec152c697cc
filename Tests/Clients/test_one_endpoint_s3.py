"""S3 on the service's own port, called by boto3."""
import base64
import hashlib
import time
import urllib.error
import urllib.request
import zlib

import pytest
from botocore.exceptions import ClientError

from one_endpoint import KEY_ARN, code, endpoint, raw_put, s3, serving  # noqa: F401


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


def test_the_store_s_own_encryption_is_shown_as_a_key_is(s3):
    written = s3.put_object(Bucket="papers", Key="a.json", Body=b"{}", ServerSideEncryption="AES256")
    for answer in (written, s3.head_object(Bucket="papers", Key="a.json"), s3.get_object(Bucket="papers", Key="a.json")):
        assert answer["ServerSideEncryption"] == "AES256" and "SSEKMSKeyId" not in answer
    s3.put_object(Bucket="papers", Key="a.json", Body=b"{}")
    assert "ServerSideEncryption" not in s3.head_object(Bucket="papers", Key="a.json")
    with pytest.raises(ClientError, match="aws:kms:dsse") as error:
        s3.put_object(Bucket="papers", Key="a.json", Body=b"{}", ServerSideEncryption="aws:kms:dsse")
    assert code(error) == "NotImplemented"


def test_without_the_flag_no_encryption_is_promised(data, environment):
    with serving(data, environment) as endpoint:
        s3 = endpoint.client("s3")
        with pytest.raises(ClientError) as error:
            s3.put_object(Bucket="papers", Key="a", Body=b"x", ServerSideEncryption="AES256")
        assert code(error) == "NotImplemented" and "folder" in str(error.value) and "AES256" in str(error.value)
        assert not (data / "papers" / "a").exists()


def test_without_the_flag_a_key_is_refused(data, environment):
    with serving(data, environment) as endpoint:
        s3 = endpoint.client("s3")
        with pytest.raises(ClientError) as error:
            s3.put_object(Bucket="papers", Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=KEY_ARN)
        assert code(error) == "NotImplemented" and "folder" in str(error.value)
        assert not (data / "papers" / "a").exists()


def test_an_object_and_a_prefix_cannot_have_one_name(s3):
    s3.put_object(Bucket="papers", Key="ord/a.txt", Body=b"x")
    for key in ("ord/a.txt/c", "ord/a.txt/c/d", "ord"):
        with pytest.raises(ClientError, match=key) as error:
            s3.put_object(Bucket="papers", Key=key, Body=b"x")
        assert code(error) == "InvalidArgument" and error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket="papers")["Contents"]] == ["ord/a.txt"]


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
    assert urllib.request.urlopen(request, timeout=60).status == 200
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "papers", "Key": "a b.txt"}, ExpiresIn=60)
    assert urllib.request.urlopen(get, timeout=60).read() == b"presigned"


def test_buckets_are_found_by_host_name(s3, endpoint):
    s3.put_object(Bucket="papers", Key="a b.txt", Body=b"by path")
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "papers", "Key": "a b.txt"}, ExpiresIn=60)
    port = endpoint.url.rsplit(":", 1)[1]
    request = urllib.request.Request(get.replace("/papers/", "/"), headers={"Host": f"papers.localhost:{port}"})
    assert urllib.request.urlopen(request, timeout=60).read() == b"by path"


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
