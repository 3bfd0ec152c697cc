"""The program on S3: two servers that others wrote, and small ones that misbehave."""
import json
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import s3_servers
from conftest import BINARY, FIXTURES
from processes import free_port
from s3_servers import KEY_ID, SECRET, scripted

PAGE = (FIXTURES / "pages" / "typeset" / "article-0-002.png").read_bytes()
START = "In this article, we present a real-time 3D hybrid beamforming approach"
PRINTED = []


@pytest.fixture(scope="module")
def rclone(tmp_path_factory):
    with s3_servers.rclone(tmp_path_factory.mktemp("rclone")) as server:
        yield server


@pytest.fixture(scope="module")
def moto():
    with s3_servers.moto() as server:
        yield server


@pytest.fixture(params=["rclone", "moto"])
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def bucket(server, request):
    """A bucket of its own for a test."""
    name = "t" + "".join(character for character in request.node.name.lower() if character.isalnum())[:50]
    return server.bucket(name)


@pytest.fixture
def run(prelabel):
    """Runs the program against a server, and keeps what it printed."""

    def run(server, *arguments, env=None, **more):
        result = prelabel(*arguments, env=server.environment | (env or {}), **more)
        PRINTED.append(result.stdout + result.stderr)
        return result

    return run


def put(server, bucket, **objects):
    for key, body in objects.items():
        server.client().put_object(Bucket=bucket, Key=key, Body=body)


def get(server, bucket, key):
    return server.client().get_object(Bucket=bucket, Key=key)["Body"].read()


def event(line):
    return json.dumps({"version": "2018-10-16", "labelingJobArn": "arn:aws:sagemaker:eu-central-1:111122223333:labeling-job/j", "dataObject": line}).encode()


def answers(uri, **more):
    event = {"version": "2018-10-16", "labelingJobArn": "arn:j", "labelAttributeName": "doses", "payload": {"s3Uri": uri}}
    return json.dumps(event | more).encode()


def payload(source_ref, start, end):
    content = json.dumps({"crowd-entity-annotation": {"entities": [{"startOffset": start, "endOffset": end, "label": "KIND"}]}})
    workers = [{"workerId": worker, "annotationData": {"content": content}} for worker in ("w1", "w2")]
    return json.dumps([{"datasetObjectId": "0", "dataObject": {"s3Uri": source_ref}, "annotations": workers}]).encode()


# The whole way


def test_pages_become_labels_on_s3(run, server, bucket):
    page = "pages/a b/p+1 é.png"
    put(server, bucket, **{page: PAGE, "pages/notes.txt": b"no page"})
    result = run(server, "ocr", f"s3://{bucket}/pages", "--output", f"s3://{bucket}/text")
    assert b"1 page: 1 found" in result.stderr and b"1 other file skipped" in result.stderr
    (line,) = [json.loads(line) for line in get(server, bucket, "text/input.manifest").splitlines()]
    assert line["source-ref"] == f"s3://{bucket}/{page}" and line["text-file-s3-uri"] == f"s3://{bucket}/text/a b/p+1 é.png.txt"
    text = get(server, bucket, "text/a b/p+1 é.png.txt").decode()
    assert text.startswith(START) and json.loads(get(server, bucket, "text/a b/p+1 é.png.page.json"))["Blocks"]
    head = server.client().head_object(Bucket=bucket, Key="text/a b/p+1 é.png.txt")
    assert head["ContentType"] == "text/plain; charset=utf-8"

    # A second run reads nothing anew and writes the same manifest.
    again = run(server, "ocr", f"s3://{bucket}/pages/", "--output", f"s3://{bucket}/text/")
    assert b"1 of them read before" in again.stderr
    assert [json.loads(line) for line in get(server, bucket, "text/input.manifest").splitlines()] == [line]

    # The manifest of image and text is built from the two prefixes, and Ground Truth takes it.
    run(server, "manifest", "build", "--images", f"s3://{bucket}/pages", "--texts", f"s3://{bucket}/text", "--output", f"s3://{bucket}/built.manifest")
    (built,) = [json.loads(line) for line in get(server, bucket, "built.manifest").splitlines()]
    assert built == {key: line[key] for key in ("source-ref", "text-file-s3-uri")}
    for manifest in ("text/input.manifest", "built.manifest"):
        run(server, "manifest", "validate", f"s3://{bucket}/{manifest}")

    # The two functions.
    response = json.loads(run(server, "pre-annotate", "-", input=event(line)).stdout)
    assert response["taskInput"]["text"] == text and response["isHumanAnnotationRequired"]
    put(server, bucket, **{"payload/2026-01-01_00:00:00.json": payload(line["source-ref"], 8, 15)})
    uri = f"s3://{bucket}/payload/2026-01-01_00:00:00.json"
    result = run(server, "consolidate", "-", "--manifest", f"s3://{bucket}/text/input.manifest", input=answers(uri))
    annotation = json.loads(result.stdout)[0]["consolidatedAnnotation"]["content"]["doses"]
    assert annotation["annotations"]["entities"] == [{"startOffset": 8, "endOffset": 15, "label": "KIND"}]

    # Training data, from S3 to S3.
    labeled = line | {"doses": annotation, "doses-metadata": {"type": "groundtruth/custom", "human-annotated": "yes", "job-name": "j"}}
    put(server, bucket, **{"output.manifest": json.dumps(labeled).encode()})
    run(server, "export", f"s3://{bucket}/output.manifest", "--format", "spacy-jsonl", "--output", f"s3://{bucket}/export")
    assert b'"KIND"' in get(server, bucket, "export/all.jsonl")


def test_the_service_answers_from_s3(server, bucket, environment, tmp_path):
    put(server, bucket, **{"t.txt": b"We test 40 mg."})
    command = [BINARY, "serve", "--port", "0", "--workers", "1"]
    service = subprocess.Popen(command, cwd=tmp_path, env=environment | server.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        url = json.loads(service.stdout.readline())["listening"]
        line = {"source-ref": f"s3://{bucket}/p.png", "text-file-s3-uri": f"s3://{bucket}/t.txt"}
        with urllib.request.urlopen(urllib.request.Request(f"{url}/pre-annotation", data=event(line), method="POST")) as response:
            assert json.load(response)["taskInput"]["text"] == "We test 40 mg."
        assert urllib.request.urlopen(f"{url}/health/ready").status == 200
        line["text-file-s3-uri"] = f"s3://{bucket}/none.txt"
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(urllib.request.Request(f"{url}/pre-annotation", data=event(line), method="POST"))
        assert error.value.code == 422 and json.load(error.value)["code"] == "unreadable-text"
    finally:
        service.terminate()
        PRINTED.append(b"".join(service.communicate(timeout=60)))


def test_a_listing_of_2500_objects_is_read_to_its_end(run, server, bucket):
    names = [f"pages/{number:04}.txt" for number in range(2498)] + ["pages/0000.png", "pages/zzzz.png"]
    if server.folder:
        (server.folder / bucket / "pages").mkdir(parents=True)
        for name in names:
            (server.folder / bucket / name).write_bytes(PAGE if name.endswith(".png") else b"x")
    else:
        client = server.client()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: client.put_object(Bucket=bucket, Key=name, Body=PAGE if name.endswith(".png") else b"x"), names))
    result = run(server, "ocr", f"s3://{bucket}/pages", "--output", f"s3://{bucket}/text")
    assert b"2 pages: 2 found" in result.stderr and b"2498 other files skipped" in result.stderr
    lines = [json.loads(line) for line in get(server, bucket, "text/input.manifest").splitlines()]
    assert [line["source-ref"].rsplit("/")[-1] for line in lines] == ["0000.png", "zzzz.png"]


NASTY = ["plain.png", "a b/c+d.png", "%41%2F.png", "100%.png", "e\u0301.png", "日本語/🧪.png", "q?x=1&y=2#z.png", "'q\"`$(x).png", "a:b;c,d=e@f.png", "~t!*().png"]
FOLDED = ["a//b.png", "./c.png", "x/../d.png", "e/./f.png", "/g.png", "plain.png/below.png"]


@pytest.mark.parametrize("server, keys", [("rclone", NASTY), ("moto", NASTY + FOLDED)], indirect=["server"])
def test_nasty_keys_are_read_and_written_as_they_are(run, server, bucket, keys):
    put(server, bucket, **{f"in/{key}": key.encode() for key in keys})
    if server.name == "moto":
        put(server, bucket, **{"in/": b"", "in/folder/": b"", "in": b"an object of the prefix's name"})
    result = run(server, "ocr", f"s3://{bucket}/in", "--output", f"s3://{bucket}/out", code=1)
    assert f"{len(keys)} pages: 0 found, 0 not found, {len(keys)} failed".encode() in result.stderr
    lines = [json.loads(line) for line in get(server, bucket, "out/input.manifest").decode().splitlines()]
    assert [line["source-ref"] for line in lines] == [f"s3://{bucket}/in/{key}" for key in sorted(keys, key=str.encode)]
    for line in lines:
        # These are no images, so each page failed for that reason, and its record is where its name says.
        facts = line["text-file-s3-uri-metadata"]
        assert "neither JPEG, PNG nor TIFF" in facts["failure-reason"]
        key = line["source-ref"].removeprefix(f"s3://{bucket}/in/")
        assert facts["page-record"] == f"s3://{bucket}/out/{key}.page.json"
        assert json.loads(get(server, bucket, f"out/{key}.page.json"))


def test_what_is_written_can_be_encrypted_with_a_key(run, moto):
    bucket = moto.bucket("encrypted")
    put(moto, bucket, **{"pages/p.png": PAGE})
    key = moto.client("kms").create_key()["KeyMetadata"]["Arn"]
    run(moto, "ocr", f"s3://{bucket}/pages", "--output", f"s3://{bucket}/text", env={"PRELABEL_KMS_KEY_ID": key})
    for name in ("text/p.png.txt", "text/p.png.page.json", "text/input.manifest"):
        head = moto.client().head_object(Bucket=bucket, Key=name)
        assert head["ServerSideEncryption"] == "aws:kms" and head["SSEKMSKeyId"] == key
    result = run(moto, "manifest", "validate", "x", "--data", ".", env={"PRELABEL_KMS_KEY_ID": key}, code=78)
    assert b"a data folder cannot encrypt" in result.stderr


def test_an_events_role_is_taken_on(run, moto):
    bucket, role = moto.bucket("roles"), "arn:aws:iam::111122223333:role/labeling"
    put(moto, bucket, **{"payload.json": payload("s3://roles/p.png", 0, 2)})
    result = run(moto, "consolidate", "-", input=answers("s3://roles/payload.json", roleArn=role), env={"PRELABEL_ASSUME_EVENT_ROLE": "1"})
    assert json.loads(result.stdout)[0]["datasetObjectId"] == "0"

    def deny(request):
        request.fail(403, "AccessDenied")

    with scripted(deny) as sts:
        result = run(
            moto, "consolidate", "-", input=answers("s3://roles/payload.json", roleArn=role), code=66,
            env={"PRELABEL_ASSUME_EVENT_ROLE": "1", "AWS_ENDPOINT_URL_STS": sts.endpoint, "AWS_ENDPOINT_URL_S3": moto.endpoint},
        )
        assert role.encode() in result.stderr and b"AccessDenied" in result.stderr
        assert "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Flabeling" in sts.requests[0].body.decode()


# What goes wrong


@pytest.mark.parametrize("change, word", [({"AWS_SECRET_ACCESS_KEY": "wrong"}, b"SignatureDoesNotMatch"), ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWN"}, b"AccessKeyId")])
def test_wrong_credentials_are_named(run, rclone, change, word):
    result = run(rclone, "ocr", "s3://papers/pages", "--output", "s3://papers/text", env=change, code=78)
    assert word in result.stderr and b"--data DIR" in result.stderr


def test_no_credentials_are_named(run, rclone):
    result = run(rclone, "manifest", "validate", "s3://papers/x", env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, code=78)
    assert b"no AWS credentials" in result.stderr and b"--data DIR" in result.stderr


def test_missing_buckets_and_objects_are_missing_input(run, server, bucket):
    result = run(server, "ocr", "s3://no-such-bucket/pages", "--output", f"s3://{bucket}/text", code=66)
    assert b"s3://no-such-bucket/pages does not exist" in result.stderr
    result = run(server, "manifest", "validate", f"s3://{bucket}/none.manifest", code=66)
    assert f"s3://{bucket}/none.manifest does not exist".encode() in result.stderr
    line = {"source-ref": f"s3://{bucket}/p.png", "text-file-s3-uri": f"s3://{bucket}/none.txt"}
    assert b"none.txt does not exist" in run(server, "pre-annotate", "-", input=event(line), code=66).stderr


def test_buckets_that_are_not_named_are_refused(run, rclone):
    line = {"source-ref": "s3://papers/p.png", "text-file-s3-uri": "s3://private/t.txt"}
    result = run(rclone, "pre-annotate", "-", input=event(line), env={"PRELABEL_BUCKETS": "papers"}, code=66)
    assert b"PRELABEL_BUCKETS" in result.stderr


LINE = {"source-ref": "s3://papers/p.png", "text-file-s3-uri": "s3://papers/t.txt"}
TEXT = b"We test 40 mg of a substance." * 1000


def ranged(request, body):
    start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
    return (206 if "Range" in request.headers else 200), body[start:]


def test_a_busy_server_is_asked_again(run):
    def busy(request):
        if request.number < 2:
            request.fail(503, "SlowDown")
        else:
            request.reply(200, TEXT)

    with scripted(busy) as server:
        response = json.loads(run(server, "pre-annotate", "-", input=event(LINE)).stdout)
        assert response["taskInput"]["text"] == TEXT.decode() and len(server.requests) == 3
    with scripted(lambda request: request.fail(503, "SlowDown")) as server:
        result = run(server, "manifest", "validate", "s3://papers/m", code=69, env={"AWS_MAX_ATTEMPTS": "3"})
        assert b"SlowDown" in result.stderr and b"tried 3 times" in result.stderr and len(server.requests) == 3


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 %d OK\r\nContent-Length: 100\r\n\r\nbegin"], ids=["silent", "stuck"])
def test_a_hanging_server_ends_at_the_deadline(run, beginning):
    def hang(request):
        request.wfile.write(beginning % (206 if "Range" in request.headers else 200) if beginning else b"")
        time.sleep(20)

    with scripted(hang) as server:
        start = time.monotonic()
        env = {"PRELABEL_STORE_TIMEOUT_SECONDS": "1.5", "AWS_MAX_ATTEMPTS": "2"}
        result = run(server, "manifest", "validate", "s3://papers/m", code=69, env=env)
        assert time.monotonic() - start < 8 and b"nothing moved" in result.stderr


def test_a_server_that_nobody_runs_is_unavailable(run, rclone):
    env = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}", "PRELABEL_STORE_TIMEOUT_SECONDS": "1"}
    assert b"connect" in run(rclone, "manifest", "validate", "s3://papers/m", code=69, env=env).stderr


def test_a_body_cut_short_is_noticed_and_read_on(run):
    def cut(request, times):
        status, body = ranged(request, TEXT)
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", '"e"')
        request.end_headers()
        request.wfile.write(body[:10_000] if request.number < times else body)
        request.close_connection = True

    with scripted(lambda request: cut(request, 2)) as server:
        response = json.loads(run(server, "pre-annotate", "-", input=event(LINE)).stdout)
        assert response["taskInput"]["text"] == TEXT.decode()
        assert [request.headers["Range"] for request in server.requests] == [None, "bytes=10000-", "bytes=20000-"]
        assert [request.headers["If-Match"] for request in server.requests] == [None, '"e"', '"e"']
    with scripted(lambda request: cut(request, 100)) as server:
        result = run(server, "manifest", "validate", "s3://papers/m", code=69, env={"AWS_MAX_ATTEMPTS": "2"})
        assert b"tried 2 times" in result.stderr


def test_a_bucket_in_another_region_is_found_there(run):
    def elsewhere(request):
        if "/us-west-2/s3/" in request.headers["Authorization"]:
            return request.reply(200, b"We test.")
        request.fail(301, "PermanentRedirect", [("x-amz-bucket-region", "us-west-2")])

    with scripted(elsewhere) as server:
        assert json.loads(run(server, "pre-annotate", "-", input=event(LINE)).stdout)["taskInput"]["text"] == "We test."
        assert len(server.requests) == 2


def test_signed_requests_go_to_nobody_else(run):
    with scripted(lambda request: request.reply(200, b"caught")) as thief:
        location = thief.endpoint.replace("127.0.0.1", "localhost")
        with scripted(lambda request: request.fail(307, "TemporaryRedirect", [("Location", location)])) as server:
            result = run(server, "pre-annotate", "-", input=event(LINE), code=66)
            assert b"credentials are not sent" in result.stderr and not thief.requests


# The network


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command + files, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_authorities_to_trust_can_be_named(run, certificate, variable):
    path, context = certificate
    others = {"AWS_CA_BUNDLE": "", "SSL_CERT_FILE": ""}
    with scripted(lambda request: request.reply(200, b"We test."), context) as server:
        assert run(server, "pre-annotate", "-", input=event(LINE), env=others | {variable: str(path)}).stdout
        result = run(server, "manifest", "validate", "s3://papers/m", env=others, code=78)
        assert b"certificate" in result.stderr
        result = run(server, "manifest", "validate", "s3://papers/m", env=others | {variable: "/nowhere.pem"}, code=78)
        assert b"/nowhere.pem" in result.stderr


def test_the_proxy_that_the_environment_names_is_used(run):
    with scripted(lambda request: request.reply(200, b"We test.")) as proxy:
        env = {"AWS_ENDPOINT_URL": "http://s3.example.org", "http_proxy": proxy.endpoint, "NO_PROXY": "", "no_proxy": ""}
        assert run(proxy, "pre-annotate", "-", input=event(LINE), env=env).stdout
        assert proxy.requests[0].path == "http://s3.example.org/papers/t.txt"
        env |= {"AWS_ENDPOINT_URL": proxy.endpoint, "no_proxy": "127.0.0.1"}
        assert run(proxy, "pre-annotate", "-", input=event(LINE), env=env).stdout
        assert proxy.requests[1].path == "/papers/t.txt"


def test_a_presigned_url_opens_for_anybody(prelabel, rclone):
    bucket = rclone.bucket("presigned")
    put(rclone, bucket, **{"a b/é+%.txt": b"text"})
    url = prelabel("presign", f"s3://{bucket}/a b/é+%.txt", "--seconds", "60", env=rclone.environment).stdout.decode().strip()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert opener.open(url).read() == b"text" and SECRET not in url
    with pytest.raises(urllib.error.HTTPError) as error:
        opener.open(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"))
    assert error.value.code == 403


# Settings


def settings(result):
    return {row["name"]: (row["value"], row["origin"]) for row in json.loads(result.stdout)["settings"]}


def test_config_says_what_holds_and_where_it_comes_from(run, rclone, tmp_path):
    (tmp_path / "settings").write_text("# ours\nbuckets = papers,scans\nmanifest=s3://papers/m\napi-keys = a-very-secret-api-key\n")
    env = {"PRELABEL_CONFIG": str(tmp_path / "settings"), "PRELABEL_MANIFEST": "s3://papers/other"}
    result = run(rclone, "config", "--json", "--data", "d", env=env)
    rows = settings(result)
    assert rows["data"] == ("d", "flag --data") and rows["manifest"] == ("s3://papers/other", "environment PRELABEL_MANIFEST")
    assert rows["buckets"] == ("papers,scans", f"file {tmp_path}/settings") and rows["method"][1] == "default"
    assert rows["api-keys"] == ("***", f"file {tmp_path}/settings") and b"a-very-secret" not in result.stdout
    assert rows["aws-region"] == ("eu-central-1", "environment AWS_REGION")
    assert rows["aws-endpoint-s3"] == (rclone.endpoint, "environment AWS_ENDPOINT_URL")
    assert rows["aws-access-key-id"] == ("AKIA****NTS1", "environment")
    assert b"AKIA****NTS1" in run(rclone, "config").stdout
    # What the file says holds for the commands.
    line = {"source-ref": "s3://papers/p.png", "text-file-s3-uri": "s3://private/t.txt"}
    assert b"PRELABEL_BUCKETS" in run(rclone, "pre-annotate", "-", input=event(line), env=env, code=66).stderr


def test_config_reads_profiles(run, rclone, tmp_path):
    (tmp_path / "config").write_text("[profile work]\nregion = eu-west-3\nendpoint_url = http://127.0.0.1:1\n")
    (tmp_path / "credentials").write_text(f"[work]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n")
    env = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "AWS_PROFILE": "work"}
    empty = dict.fromkeys(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"], "")
    rows = settings(run(rclone, "config", "--json", env=env | empty))
    origin = f"profile work of {tmp_path}/config"
    assert rows["aws-region"] == ("eu-west-3", origin) and rows["aws-endpoint-s3"] == ("http://127.0.0.1:1", origin)
    assert rows["aws-access-key-id"] == ("AKIA****NTS1", origin)


@pytest.mark.parametrize("text", ["nothing", "unknown = 1", "data"])
def test_a_configuration_file_that_cannot_be_used_is_named_by_its_line(run, rclone, tmp_path, text):
    (tmp_path / "settings").write_text(f"\n{text}\n")
    assert b"settings:2: expected NAME = VALUE" in run(rclone, "config", env={"PRELABEL_CONFIG": str(tmp_path / "settings")}, code=78).stderr


def test_files_need_no_aws(prelabel, tmp_path):
    (tmp_path / "m.manifest").write_text('{"source":"text"}\n')
    prelabel("manifest", "validate", "m.manifest", env={"AWS_PROFILE": "missing", "AWS_ENDPOINT_URL": "nonsense"})


def test_no_secret_was_printed():
    printed = b"".join(PRINTED)
    assert len(PRINTED) > 20 and len(printed) > 5_000
    for secret in (SECRET, KEY_ID):
        assert secret.encode() not in printed
    assert b"Signature=" not in printed and b"Security-Token" not in printed
