"""Writes signing-vectors.jsonl: requests as botocore signs them. Needs `pip install botocore`; run it in this folder.

The first line states botocore's version. Each other line has a request, the credentials (invented), the time, and what botocore makes of
them: canonical request, string to sign, signature, and the Authorization header or the presigned URL.
"""
import datetime
import json
import random
from unittest import mock
from urllib.parse import quote

import botocore
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

RANDOM = random.Random(20260101)
KEYS = [
    "p1.jpg", "a/b/c.txt", "a b/c  d.txt", "a+b", "a%2Bb", "100%.txt", "é.txt", "e\u0301.txt", "日本語/ページ.png", "🧪.txt", "a//b", "/a", "a/",
    "a/../b", "./a", "..", "a/./b/", "~tilde", "a&b=c?d", "#hash", "a:b;c,d", "(a)[b]{c}", "'quoted'\"", "back\\slash", "a|b^c`d", "star*bang!",
    "$dollar@at", "2026-01-01_00:00:00.json", "x" * 300, "\u0001\u007f", " lead", "trail ", "a=b", "<tag>", "%", "%zz", "\u00a0nbsp", "\u2028",
]
QUERIES = [
    None, "list-type=2&prefix=a%2Fb&max-keys=1000", "list-type=2&continuation-token=1%2F%2B%3D%3D&encoding-type=url", "uploads", "uploads=",
    "partNumber=1&uploadId=a.b_c-d~e", "versionId=null", "b=2&a=1&a=0&ab=3&A=4", "prefix=%C3%A9%20%2B", "a-b=1&a=2&a.b=3", "delete",
]
TOKENS = [None, None, "short", "IQoJb3JpZ2luX2VjE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ+/=="]
REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2", "cn-north-1"]
HEADERS = [
    {}, {"Content-Type": "text/plain; charset=utf-8"}, {"Range": "bytes=0-99"}, {"x-amz-meta-note": "  two   spaces\tand a tab  "},
    {"If-None-Match": "*", "User-Agent": "unsigned", "Expect": "100-continue"},
    {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:111122223333:key/k"},
    {"X-Amz-Target": "SageMaker.CreateLabelingJob", "Content-Type": "application/x-amz-json-1.1"}, {"x-amz-empty": ""},
    {"X-Amzn-Trace-Id": "Root=1-2-3", "x-amz-b": "2", "X-Amz-A": "1"},
]
BODIES = ["", "", "text", "Action=AssumeRole&Version=2011-06-15", "{\"é\": \"🧪\"}", "x" * 2000]


def credentials():
    return Credentials(
        "AKIA" + "".join(RANDOM.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16)),
        "".join(RANDOM.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", k=40)),
        RANDOM.choice(TOKENS),
    )


def recording(kind):
    class Recorder(kind):
        def signature(self, string_to_sign, request):
            self.string_to_sign_made = string_to_sign
            self.canonical_made = self.canonical_request(request)
            self.signature_made = super().signature(string_to_sign, request)
            return self.signature_made

    return Recorder


def vector(kind, service, method, url, headers, body, expires=None, unsigned=False):
    region, holder = RANDOM.choice(REGIONS), credentials()
    now = datetime.datetime.fromtimestamp(RANDOM.randrange(0, 4_000_000_000), datetime.timezone.utc)
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    if unsigned:
        request.context["has_streaming_input"] = True
        request.headers["Content-MD5"] = "1B2M2Y8AsgTpgAmY7PhCfg=="
        headers = headers | {"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
    more = {} if expires is None else {"expires": expires}
    signer = recording(kind)(holder, service, region, **more)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: now):
        signer.add_auth(request)
    return {
        "accessKeyID": holder.access_key, "secretAccessKey": holder.secret_key, "sessionToken": holder.token, "region": region, "service": service,
        "time": int(now.timestamp()), "method": method, "url": url, "headers": headers, "body": body, "unsigned": unsigned, "expires": expires,
        "canonicalRequest": signer.canonical_made, "stringToSign": signer.string_to_sign_made, "signature": signer.signature_made,
        "result": request.headers["Authorization"] if expires is None else request.url,
    }


def url(base, path, query):
    return base + path + ("" if query is None else "?" + query)


def vectors():
    s3, presign = botocore.auth.S3SigV4Auth, botocore.auth.S3SigV4QueryAuth
    for index, key in enumerate(KEYS):
        path = quote(key, safe="/~")
        for base in ("http://127.0.0.1:9000/papers/", "https://papers.s3.eu-central-1.amazonaws.com/"):
            method = RANDOM.choice(["GET", "PUT", "HEAD", "DELETE"])
            body = RANDOM.choice(BODIES) if method == "PUT" else ""
            yield vector(s3, "s3", method, url(base, path, RANDOM.choice(QUERIES)), RANDOM.choice(HEADERS), body)
        expires = RANDOM.choice([1, 900, 604_800])
        yield vector(presign, "s3", RANDOM.choice(["GET", "PUT"]), url(base, path, None), RANDOM.choice([{}, HEADERS[1]]), "", expires)
    for query in QUERIES:
        for headers in HEADERS[:5]:
            yield vector(s3, "s3", "GET", url("http://localhost:9000", "/papers", query), headers, "")
    for body in BODIES:
        yield vector(s3, "s3", "PUT", "https://papers.s3.us-east-1.amazonaws.com/k", HEADERS[1], body, unsigned=True)
    yield vector(presign, "s3", "GET", "https://h/k?versionId=a%2Fb&response-content-type=text%2Fplain", {}, "", 60)
    plain, plain_query = botocore.auth.SigV4Auth, botocore.auth.SigV4QueryAuth
    for service in ("sts", "sqs", "sns", "lambda", "sagemaker", "execute-api"):
        for path in ("", "/", "/a b/../c//d/", "/2015-03-31/functions/arn:aws:lambda:eu-central-1:111122223333:function:f/invocations", "/é/~x/.", "/.."):
            headers = RANDOM.choice(HEADERS)
            base = f"https://{service}.eu-central-1.amazonaws.com"
            yield vector(plain, service, "POST", url(base, quote(path, safe="/~"), RANDOM.choice([None, "Qualifier=1"])), headers, RANDOM.choice(BODIES))
    for _ in range(5):
        yield vector(plain_query, "sts", "GET", "https://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", {}, "", 60)


with open("signing-vectors.jsonl", "w", encoding="utf-8") as output:
    output.write(json.dumps({"botocore": botocore.__version__}) + "\n")
    for number, made in enumerate(vectors()):
        output.write(json.dumps(made, ensure_ascii=True, separators=(",", ":")) + "\n")
print(number + 1, "vectors")
