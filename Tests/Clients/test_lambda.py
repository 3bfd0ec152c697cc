"""The functions as Lambda runs them: `bootstrap` and `prelabel lambda` under a Runtime API."""
import json
import subprocess

import pytest

from conftest import BINARY, FIXTURES
from lambda_runtime import RuntimeAPI
from test_functions import NASTY, event, text_object

BOOTSTRAP = BINARY.with_name("bootstrap")
PAGE = FIXTURES / "pages/typeset/twocol-1-013.jpg"


class Function:
    def __init__(self, command, handler, environment, folder, **settings):
        self.api = RuntimeAPI()
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment | {"AWS_LAMBDA_RUNTIME_API": self.api.address, "_HANDLER": handler} | {key: str(value) for key, value in settings.items()},
        )

    def call(self, event, **arguments):
        kind, body, headers = self.api.invoke(event, **arguments)
        return kind, json.loads(body), headers

    def stop(self):
        self.process.kill()
        self.api.stop()
        return self.process.communicate()[1].decode()


@pytest.fixture(params=["bootstrap", "prelabel lambda"])
def start(request, environment, tmp_path, data):
    functions = []
    command = [BOOTSTRAP] if request.param == "bootstrap" else [BINARY, "lambda"]

    def start(handler, **settings):
        functions.append(Function(command, handler, environment, tmp_path, PRELABEL_DATA=data, **settings))
        return functions[-1]

    yield start
    for function in functions:
        function.stop()


def test_pre_annotation_answers_call_after_call(start, data):
    function = start("pre-annotation")
    for text in ("Aim: test 40 mg aspirin.", NASTY):
        uri = text_object(data, text)
        kind, body, _ = function.call(event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": uri}))
        assert kind == "response" and body["taskInput"]["text"] == text and body["isHumanAnnotationRequired"] is True


def test_settings_come_from_the_environment(start, data):
    function = start("pre-annotation", PRELABEL_STRING_BOOLEANS="1", PRELABEL_TEXT_URI_IN_METADATA="no")
    _, body, _ = function.call(event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": text_object(data, "Aim.")}))
    assert body["isHumanAnnotationRequired"] == "true" and "metadata" not in body["taskInput"]


def test_post_annotation_answers_every_object(start):
    answer = json.dumps({"crowd-entity-annotation": {"entities": [{"startOffset": 0, "endOffset": 3, "label": "A"}]}})
    payload = [
        {"datasetObjectId": "0", "dataObject": {"content": "Aim"}, "annotations": [{"workerId": "w1", "annotationData": {"content": answer}}]},
        {"datasetObjectId": "1", "dataObject": {"content": "Aim"}, "annotations": [{"workerId": "w1", "annotationData": {"content": "{"}}]},
    ]
    kind, body, _ = start("post-annotation").call({"labelAttributeName": "demo", "payload": payload})
    assert kind == "response" and [element["datasetObjectId"] for element in body] == ["0", "1"]
    good, bad = (element["consolidatedAnnotation"]["content"]["demo"] for element in body)
    assert len(good["annotations"]["entities"]) == 1 and "failure-reason" in bad["consolidation"]


def test_an_error_is_json_with_a_type_and_the_next_call_goes_well(start, data):
    function = start("pre-annotation")
    kind, body, headers = function.call(event(**{"text-file-s3-uri": 's3://papers/missing "\n\u0001'}))
    assert kind == "error" and body["errorType"] == "Function.UnreadableText" and body["stackTrace"] == []
    assert headers["Lambda-Runtime-Function-Error-Type"] == "Function.UnreadableText"
    kind, body, _ = function.call(b"not json")
    assert kind == "error" and body["errorType"] == "Function.BadEvent"
    assert function.call(event(source="Aim"))[0] == "response"


def test_a_response_beyond_lambda_s_limit_is_named(start, data):
    (data / "papers" / "answer.json").write_text(json.dumps({"notes": "x" * (7 << 20)}))
    annotations = [{"workerId": "w1", "annotationData": {"content": json.dumps({"annotations": "y" * (7 << 20)})}}]
    (data / "papers" / "payload.json").write_text(json.dumps([{"datasetObjectId": "0", "dataObject": {"content": "Aim"}, "annotations": annotations}]))
    kind, body, _ = start("post-annotation").call({"labelAttributeName": "demo", "payload": {"s3Uri": "s3://papers/payload.json"}})
    assert kind == "error" and body["errorType"] == "Function.ResponseTooLarge"


@pytest.mark.parametrize("handler, settings, word", [
    ("index.handler", {}, "index.handler"), ("", {}, "handler"), ("pre-annotation", {"PRELABEL_STRING_BOOLEANS": "maybe"}, "PRELABEL_STRING_BOOLEANS"),
    ("post-annotation", {"PRELABEL_MANIFEST": "/etc/passwd"}, "PRELABEL_MANIFEST"),
])
def test_a_start_that_fails_is_told(start, handler, settings, word):
    function = start(handler, **settings)
    body, headers = function.api.initialization_errors.get(timeout=60)
    assert word in body["errorMessage"] and headers["Lambda-Runtime-Function-Error-Type"].startswith("Runtime.")
    assert function.process.wait(timeout=60) == 1


def test_logs_are_json_with_the_request_and_without_texts(start, data):
    function = start("pre-annotation")
    uri = text_object(data, "A secret abstract.")
    function.call(event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": uri}))
    function.call(event(**{"text-file-s3-uri": "s3://papers/missing"}))
    lines = [json.loads(line) for line in function.stop().splitlines()]
    assert any(line["message"] == "call failed" and line["requestId"] for line in lines)
    assert "secret" not in json.dumps(lines)


@pytest.fixture
def ocr(environment, tmp_path, data):
    function = Function([BINARY, "lambda"], "ocr", environment, tmp_path, PRELABEL_DATA=data, PRELABEL_OUTPUT="s3://texts/out")
    (data / "papers" / "scans").mkdir()
    (data / "papers" / "scans" / "page 1+é.jpg").write_bytes(PAGE.read_bytes())
    yield function
    function.stop()


def test_ocr_reads_one_page_and_returns_its_manifest_line(ocr, data, prelabel):
    kind, line, _ = ocr.call({"source-ref": "s3://papers/scans/page 1+é.jpg", "mine": [1.0]})
    facts = line["text-file-s3-uri-metadata"]
    assert kind == "response" and line["mine"] == [1.0] and facts["status"] == "found"
    text = (data / "texts/out/scans/page 1+é.jpg.txt").read_text()
    assert len(text) == facts["characters"] > 100 and (data / "texts/out/scans/page 1+é.jpg.page.json").exists()
    result = prelabel("ocr", "s3://papers/scans", "--root", "s3://papers", "--output", "s3://texts/out", "--data", data)
    assert b"1 of them read before" in result.stderr, "the command line goes on where the function stopped"


def test_ocr_reads_what_a_notification_names(ocr, data):
    def notification(key):
        return {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "papers"}, "object": {"key": key}}}]}

    kind, body, _ = ocr.call(notification("scans/page+1%2B%C3%A9.jpg"))
    assert kind == "response" and [line["text-file-s3-uri-metadata"]["status"] for line in body["lines"]] == ["found"]
    messages = {"Records": [{"messageId": key, "body": json.dumps(notification(key))} for key in ("scans/page+1%2B%C3%A9.jpg", "scans/missing.png")]}
    assert ocr.call(messages)[1] == {"batchItemFailures": [{"itemIdentifier": "scans/missing.png"}]}


def test_ocr_wants_to_know_where_texts_go(environment, tmp_path, data):
    function = Function([BINARY, "lambda"], "ocr", environment, tmp_path, PRELABEL_DATA=data)
    assert "PRELABEL_OUTPUT" in function.api.initialization_errors.get(timeout=60)[0]["errorMessage"]
    function.stop()
