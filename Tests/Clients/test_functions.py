"""Pre- and post-annotation on the command line and over HTTP, with real processes."""
import hashlib
import json
import os
import signal
import subprocess
import urllib.error
import urllib.request

import pytest

from conftest import BINARY, FIXTURES

# A byte order mark, CR LF, a decomposed accent, emoji with joiners, a line separator, a flag.
NASTY = "\ufeffCafe\u0301 N\u00f8rd \U0001f9ea joined\r\nLumen Labs \U0001f469\u200d\U0001f52c in\u2028Oslo \U0001f1f3\U0001f1f4."


def event(**data_object):
    return json.dumps({"version": "2018-10-16", "labelingJobArn": "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo", "dataObject": data_object}).encode()


def text_object(data, text, name="p1.jpg.csv"):
    body = text if isinstance(text, bytes) else text.encode()
    (data / "papers" / name).write_bytes(body)
    return f"s3://papers/{name}"


class Service:
    def __init__(self, folder, environment, *arguments):
        """What it logs goes to a file: a pipe that nobody empties would hold it up once it is full."""
        self.log = folder / "serve.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--port", "0", *map(str, arguments)], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log)
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        self.url = json.loads(line)["listening"]

    def call(self, path, body=None, **headers):
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60), self.log.read_bytes()


@pytest.fixture
def service(tmp_path, environment, data):
    service = Service(tmp_path, environment, "--data", data)
    yield service
    service.process.kill()


def test_the_seed_s_request_gets_the_seed_s_response(prelabel, data):
    uri = text_object(data, "Aim: test 40 mg aspirin.")
    request = event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": uri, "metadata": {"Author": "n/a", "ISBN": "000-0"}})
    response = prelabel("pre-annotate", "--string-booleans", "--data", data, input=request).stdout
    assert response.endswith(b"}\n")
    digest = hashlib.sha256(b"Aim: test 40 mg aspirin.").hexdigest()
    assert json.loads(response) == {
        "taskInput": {
            "taskObject": "s3://papers/p1.jpg", "text": "Aim: test 40 mg aspirin.", "text-sha256": digest,
            "metadata": {"Author": "n/a", "ISBN": "000-0", "text_file_s3_uri": uri},
        },
        "isHumanAnnotationRequired": "true",
    }
    response = json.loads(prelabel("pre-annotate", "--text-uri-in-metadata", "no", "--data", data, input=request).stdout)
    assert response["taskInput"]["metadata"] == {"Author": "n/a", "ISBN": "000-0"} and response["isHumanAnnotationRequired"] is True
    response = prelabel("pre-annotate", "--data", data, input=request, env={"PRELABEL_STRING_BOOLEANS": "1", "PRELABEL_TEXT_URI_IN_METADATA": "0"}).stdout
    assert json.loads(response)["isHumanAnnotationRequired"] == "true" and b"text_file_s3_uri" not in response


@pytest.mark.parametrize("status, word", [("not-found", "no abstract was found"), ("failed", "could not be read")])
def test_pages_without_text_go_to_no_worker_and_the_reason_is_logged(prelabel, data, status, word):
    line = {"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri-metadata": {"status": status}}
    if status == "not-found":
        line["text-file-s3-uri"] = text_object(data, "")
    result = prelabel("pre-annotate", "--data", data, input=event(**line))
    assert json.loads(result.stdout)["isHumanAnnotationRequired"] is False and word in result.stderr.decode()
    result = prelabel("pre-annotate", "--annotate-empty-texts", "--data", data, input=event(**line))
    assert json.loads(result.stdout)["isHumanAnnotationRequired"] is True


def test_texts_that_cannot_be_read_are_errors_that_name_them(prelabel, data, tmp_path):
    def fails(uri, code, word, **more):
        result = prelabel("pre-annotate", "--data", data, input=event(**{"source-ref": "s3://papers/p.jpg", "text-file-s3-uri": uri}, **more), code=code)
        assert result.stdout == b"" and word in result.stderr.decode(), result.stderr

    (tmp_path / "secret").write_text("secret")
    (data / "papers" / "link").symlink_to(tmp_path / "secret")
    fails("s3://papers/missing.txt", 66, "s3://papers/missing.txt does not exist")
    fails(text_object(data, b"caf\xe9"), 65, "byte 3 is not UTF-8")
    fails((tmp_path / "secret").as_uri(), 66, "may name s3://BUCKET/KEY only")
    fails("/etc/passwd", 66, "may name s3://BUCKET/KEY only")
    fails("s3://papers/../../secret", 66, "the segment `..`")
    fails("s3://papers/link", 66, "link out of the data folder")
    fails(text_object(data, "new text"), 65, "changed since it was read", **{"text-file-s3-uri-metadata": {"text-sha256": "0" * 64}})
    fails(text_object(data, "x" * 128_000), 65, "128000")
    for body, word in [(b"", "not JSON"), (b"{'version': 1}", "not JSON"), (b"[]", "expected an object"), (b'{"dataObject":[]}', "expected an object")]:
        assert word in prelabel("pre-annotate", input=body, code=65).stderr.decode()


def test_the_service_answers_the_bytes_of_the_command_line(prelabel, data, service):
    uri = text_object(data, NASTY)
    request = event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": uri, "metadata": {"n": 1.0}}).replace(b"1.0", b"1.00")
    printed = prelabel("pre-annotate", "--data", data, input=request).stdout
    status, headers, body = service.call("/pre-annotation", request)
    assert (status, headers["content-type"], body) == (200, "application/json", printed)
    assert json.loads(body)["taskInput"]["text"] == NASTY and b'"n": 1.00' in body
    request = (FIXTURES / "events/post-annotation.json").read_bytes()
    assert service.call("/post-annotation", request)[2] == prelabel("consolidate", "--data", data, input=request).stdout


def test_http_errors_are_problem_documents(service, data):
    cases = [
        ("/pre-annotation", b"{", 400, "bad-event"),
        ("/pre-annotation", event(**{"source-ref": "s3://papers/p.jpg", "text-file-s3-uri": "s3://papers/no.txt"}), 422, "unreadable-text"),
        ("/pre-annotation", event(**{"source-ref": "s3://papers/p.jpg", "text-file-s3-uri": "file:///etc/passwd"}), 422, "unreadable-text"),
        ("/pre-annotation", b"x" * (6 << 20) + b"x", 413, "content-too-large"),
        ("/nowhere", b"{}", 404, "not-found"),
    ]
    for path, body, status, code in cases:
        found, headers, problem = service.call(path, body)
        problem = json.loads(problem)
        assert (found, headers["content-type"], problem["code"], problem["status"]) == (status, "application/problem+json", code, status)
        assert problem["instance"] == path and problem["type"] and problem["title"] and problem["detail"]


def test_health_and_request_ids(service, data):
    assert service.call("/health/live")[0] == 200
    assert service.call("/health/ready", **{"X-Request-ID": "mine-1"})[1]["x-request-id"] == "mine-1"
    made = service.call("/health/live", **{"X-Request-ID": "not plain!"})[1]["x-request-id"]
    assert made and made != "not plain!"
    data.rename(data.with_name("elsewhere"))
    assert service.call("/health/ready")[0] == 503 and service.call("/health/live")[0] == 200


def test_sigterm_ends_the_service_gracefully(service):
    service.call("/health/live", **{"X-Request-ID": "last"})
    code, stderr = service.stop()
    assert code == 0 and b'"request.id":"last"' in stderr


def test_other_machines_are_served_with_keys_only(prelabel, tmp_path, environment):
    result = prelabel("serve", "--host", "0.0.0.0", "--port", "0", code=78)
    assert b"PRELABEL_API_KEYS" in result.stderr
    prelabel("serve", "--host", "0.0.0.0", "--port", "0", code=78, env={"PRELABEL_API_KEYS": "short"})
    key = "0123456789abcdef-key"
    service = Service(tmp_path, environment | {"PRELABEL_API_KEYS": f"another-key-of-ours-1,{key}"}, "--host", "0.0.0.0")
    service.url = service.url.replace("0.0.0.0", "127.0.0.1")
    request = (FIXTURES / "events/post-annotation.json").read_bytes()
    try:
        assert service.call("/health/live")[0] == 200
        assert service.call("/post-annotation", request)[0] == 401
        assert service.call("/post-annotation", request, Authorization="Bearer wrong")[0] == 401
        assert service.call("/post-annotation", request, Authorization=f"Bearer {key}")[0] == 200
        assert key.encode() not in service.stop()[1]
    finally:
        service.process.kill()


def test_a_closed_pipe_ends_the_program_quietly(environment, tmp_path):
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run([BINARY, "consolidate", FIXTURES / "events/post-annotation.json"], cwd=tmp_path, env=environment, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (run.returncode, run.stderr) == (0, b"")


def test_one_bad_answer_costs_that_answer_and_one_bad_object_that_object(prelabel):
    content = json.dumps({"crowd-entity-annotation": {"entities": [{"label": "A", "startOffset": 0, "endOffset": 2}, {"label": "A", "startOffset": 2, "endOffset": 99}]}})
    good = {"workerId": "w1", "annotationData": {"content": content}}
    bad = {"workerId": "w2", "annotationData": {"content": "{not json"}}
    payload = [
        {"datasetObjectId": "0", "dataObject": {"content": "We test."}, "annotations": [good, bad]},
        {"datasetObjectId": "1", "dataObject": {"content": "We test."}, "annotations": [bad]},
    ]
    request = json.dumps({"labelAttributeName": "spans", "payload": payload}).encode()
    result = prelabel("consolidate", input=request, code=1)
    assert b"object 1: no answer could be read" in result.stderr
    first, second = [element["consolidatedAnnotation"]["content"]["spans"] for element in json.loads(result.stdout)]
    assert first["annotations"]["entities"] == [{"endOffset": 2, "label": "A", "startOffset": 0}]
    rejected = {rejection["workerId"]: rejection["reason"] for rejection in first["consolidation"]["rejected"]}
    assert "ends past the text" in rejected["w1"] and "not JSON" in rejected["w2"]
    assert first["annotationsFromAllWorkers"] == [good, bad]
    assert "annotations" not in second and "failure-reason" in second["consolidation"] and second["annotationsFromAllWorkers"] == [bad]
