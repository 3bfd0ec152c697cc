"""Damaged and hostile files: each fails by name in bounded time and memory, and the good page beside them is read all the same."""
import json
import os
import signal
import subprocess
import threading
import time

import boto3
import botocore.config
import botocore.exceptions
import pytest

import bad_input
from conftest import BINARY, FIXTURES
from processes import MemoryWatch, descendants
from test_functions import Service
from waiting import until

PAGE = FIXTURES / "pages/typeset/article-0-002.png"
SMALL_PAGE = FIXTURES / "pages/typeset/spaced-0-008.png"
START = "In this article, we present a real-time 3D hybrid beamforming approach"
MEGABYTE = 1_000_000
# What is refused or read of a file takes this long at most; processor time, since other programs may run.
SECONDS = 20
MEMORY = 700 * MEGABYTE
long = pytest.mark.skipif(not os.environ.get("PRELABEL_LONG_TESTS"), reason="takes minutes; make soak runs it")


class Run:
    """One `prelabel ocr` over files and a good page: outcome by file name, processor seconds and peak memory of all its processes."""

    def __init__(self, folder, environment, files):
        for name, body in files.items():
            (folder / name).write_bytes(body)
        (folder / "good.png").write_bytes(PAGE.read_bytes())
        before = os.times()
        run = subprocess.Popen(
            [BINARY, "ocr", *files, "good.png", "--output", "out", "--workers", "1"], cwd=folder, env=environment, stderr=subprocess.PIPE)
        with MemoryWatch(run.pid) as memory:
            self.stderr = run.communicate(timeout=900)[1].decode()
        after = os.times()
        self.code, self.peak = run.returncode, memory.peak
        self.seconds = after.children_user + after.children_system - before.children_user - before.children_system
        self.pages = {}
        for line in (folder / "out/input.manifest").read_text(encoding="utf-8").splitlines():
            line = json.loads(line)
            name = line.get("source-document", line["source-ref"]).rsplit("/", 1)[1]
            self.pages.setdefault(name, line["text-file-s3-uri-metadata"])
        self.text = (folder / "out/good.png.txt").read_text(encoding="utf-8")

    def check(self, reads=()):
        """The good page is read; all others but `reads` failed with a reason that stands on stderr, too."""
        assert self.code == 1 and self.text.startswith(START)
        assert self.pages.pop("good.png")["status"] == "found"
        for name, facts in self.pages.items():
            if name in reads:
                assert facts["status"] in ("found", "not-found"), (name, facts)
            else:
                assert facts["status"] == "failed" and len(facts["failure-reason"]) > 10, (name, facts)
                assert f"{name}: {facts['failure-reason']}" in self.stderr


@pytest.fixture
def run(tmp_path, environment):
    return lambda files: Run(tmp_path, environment, files)


def test_bombs_are_defused(run):
    files = bad_input.bombs(PAGE)
    result = run(files)
    assert set(result.pages) == {*files, "good.png"}
    # Blank sheets, once drawn.
    result.check(reads={"packed.pdf", "image.pdf", "nested.pdf"})
    for name in ("claim.png", "claim.tif", "claim.jpg", "bomb.png", "bomb.tif"):
        assert "60000 x 60000" in result.pages[name]["failure-reason"]
    assert "65535 x 65535" in result.pages["limit.jpg"]["failure-reason"] and "5000 pages" in result.pages["many.pdf"]["failure-reason"]
    assert result.peak < MEMORY, f"{result.peak / MEGABYTE:.0f} MB"
    assert result.seconds < 2 * SECONDS, f"{result.seconds:.0f} s for {len(files)} files"


def test_damaged_files_fail_by_name(run):
    files = bad_input.damaged(SMALL_PAGE)
    # A PDF reader mends what it can of a shaken file.
    shaken = files.pop("shaken.pdf")
    result = run(files)
    assert set(result.pages) == {*files, "good.png"}
    result.check()
    assert result.peak < MEMORY and result.seconds < SECONDS
    assert run({"shaken.pdf": shaken}).seconds < SECONDS


def test_formats_that_are_not_read_are_named(run):
    result = run(bad_input.foreign(SMALL_PAGE))
    result.check()
    assert all("neither JPEG, PNG nor TIFF" in facts["failure-reason"] for facts in result.pages.values())


@long
@pytest.mark.xfail(strict=True, reason="a page of 100 megapixels in colour is unpacked whole: 1.4 GB")
def test_the_largest_pages_in_colour_stay_in_bounds(run):
    result = run(bad_input.heavy())
    assert result.seconds < 2 * SECONDS and result.peak < MEMORY


@long
@pytest.mark.xfail(strict=True, reason="pdftoppm may draw for 60 s, and a reader read for 120 s")
@pytest.mark.parametrize("name", ["strokes.pdf", "scans.jpg"])
def test_what_never_ends_is_ended_by_name(run, name):
    result = run({name: bad_input.slow()[name]})
    result.check()
    assert "time" in result.pages[name]["failure-reason"] or "within" in result.pages[name]["failure-reason"]
    assert result.seconds < SECONDS


# The service


@pytest.fixture
def service(tmp_path, environment, data):
    service = Service(tmp_path, environment, "--data", data)
    yield service
    service.process.kill()


@pytest.fixture
def textract(service):
    return boto3.client(
        "textract", endpoint_url=service.url, region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="y",
        config=botocore.config.Config(retries={"max_attempts": 0}, read_timeout=150),
    )


def detect(textract, body):
    """The error's code, or the text."""
    try:
        answer = textract.detect_document_text(Document={"Bytes": body})
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return " ".join(block["Text"] for block in answer["Blocks"] if block["BlockType"] == "LINE")


def test_the_service_survives_poisonous_bytes(textract, service, data):
    files = bad_input.bombs(PAGE) | bad_input.damaged(SMALL_PAGE)
    (data / "papers/packed.pdf").write_bytes(files["packed.pdf"])
    with MemoryWatch(service.process.pid) as memory:
        for name, body in files.items():
            if name.endswith("pdf"):
                continue  # one page at a time is asked with StartDocumentTextDetection
            expected = {"UnsupportedDocumentException", "BadDocumentException", "DocumentTooLargeException"}
            if not body:
                expected = {"InvalidParameterException", "BadDocumentException", "UnsupportedDocumentException"}
            assert detect(textract, body) in expected, name
        job = textract.start_document_text_detection(DocumentLocation={"S3Object": {"Bucket": "papers", "Name": "packed.pdf"}})["JobId"]
        assert START in detect(textract, PAGE.read_bytes())
        while (answer := textract.get_document_text_detection(JobId=job))["JobStatus"] == "IN_PROGRESS":
            time.sleep(0.2)
    assert answer["JobStatus"] == "SUCCEEDED" and [block["BlockType"] for block in answer["Blocks"]] == ["PAGE"]
    assert memory.peak < MEMORY


def test_a_killed_reader_costs_the_service_one_answer(textract, service):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(detect(textract, PAGE.read_bytes())))
    asking.start()
    reader = until(lambda: descendants(service.process.pid), lambda processes: len(processes) > 1)[1]
    time.sleep(0.4)
    os.kill(reader, signal.SIGKILL)
    asking.join(120)
    assert answers and START not in answers[0] and answers[0].endswith(("Exception", "Error")), answers
    assert START in detect(textract, PAGE.read_bytes())
    code, _ = service.stop()
    assert code == 0
