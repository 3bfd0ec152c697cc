"""SIGINT and SIGTERM while `prelabel ocr` works: what is done stays done, nothing is left half done, and the same command goes on."""
import json
import os
import re
import signal
import subprocess

import pexpect
import pytest
from PIL import Image

from conftest import BINARY, FIXTURES
from processes import descendants
from waiting import until

SMALL = FIXTURES / "pages/typeset/spaced-0-008.png"
PAGES = 12


@pytest.fixture
def scans(tmp_path):
    """Ten pages, and two in a PDF, which needs temporary files."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (tmp_path / "tmp").mkdir()
    page = Image.open(SMALL)
    page.save(folder / "a.pdf", save_all=True, append_images=[page], resolution=300)
    for number in range(PAGES - 2):
        (folder / f"p{number}.png").write_bytes(SMALL.read_bytes())
    return folder


def start(tmp_path, environment):
    return subprocess.Popen(
        [BINARY, "ocr", "scans", "--output", "out", "--workers", "1", "--jsonl"], cwd=tmp_path,
        env=environment | {"TMPDIR": str(tmp_path / "tmp")}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole_pages(out):
    """Names of pages with text and record. Nothing else lies in the folder but the manifest and pages made of the PDF."""
    names = {path.name for path in out.iterdir()}
    done = {name.removesuffix(".page.json") for name in names if name.endswith(".page.json")}
    for name in done:
        record = json.loads((out / f"{name}.page.json").read_text())
        assert len((out / f"{name}.txt").read_text(encoding="utf-8")) == record["characters"]
    expected = {f"{name}{ending}" for name in done for ending in (".txt", ".page.json")} | {"input.manifest"}
    assert {name for name in names - expected if not re.fullmatch(r"a\.pdf\.p000\d\.png", name)} == set()
    return done


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_after_the_pages_in_work(prelabel, tmp_path, environment, scans, number, code):
    run = start(tmp_path, environment)
    reported = [run.stdout.readline() for _ in range(3)]
    children = descendants(run.pid)[1:]
    run.send_signal(number)
    rest, stderr = run.communicate(timeout=120)
    lines = [json.loads(line) for line in reported + rest.splitlines()]
    assert run.returncode == code, stderr.decode()
    assert re.search(rb"[0-9]+ pages? not read: the same command again goes on from here", stderr)
    done = whole_pages(tmp_path / "out")
    assert 3 <= len(done) == len(lines) < PAGES
    manifest = (tmp_path / "out/input.manifest").read_text().splitlines()
    assert len(manifest) == len(done)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert children and not any(os.path.exists(f"/proc/{child}") for child in children)
    before = {name: (tmp_path / "out" / f"{name}.page.json").stat().st_mtime_ns for name in done}
    assert f"{PAGES} pages: {PAGES} found, 0 not found, 0 failed, {len(done)} of them read before" in prelabel(
        "ocr", "scans", "--output", "out").stderr.decode()
    assert before == {name: (tmp_path / "out" / f"{name}.page.json").stat().st_mtime_ns for name in done}
    assert len(whole_pages(tmp_path / "out")) == PAGES == len((tmp_path / "out/input.manifest").read_text().splitlines())


def test_a_second_signal_ends_it_at_once(tmp_path, environment, scans):
    run = start(tmp_path, environment)
    run.stdout.readline()
    children = descendants(run.pid)[1:]
    run.send_signal(signal.SIGINT)
    while b"once more ends at once" not in run.stderr.readline():
        assert run.poll() is None
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=5) == 130
    assert list((tmp_path / "tmp").iterdir()) == []
    # A reader ends when it finds its owner gone.
    until(lambda: not any(os.path.exists(f"/proc/{child}") for child in children), what="readers outlive their owner")


def test_control_c_in_a_terminal_does_the_same(tmp_path, environment, scans):
    child = pexpect.spawn(str(BINARY), ["ocr", "scans", "--output", "out", "--workers", "1"], cwd=tmp_path, env=environment, timeout=120)
    child.expect(f"2/{PAGES} pages")
    child.sendintr()
    child.expect("stopping after the pages in work")
    child.expect("not read: the same command again goes on from here")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    statuses = {json.loads(line)["text-file-s3-uri-metadata"]["status"] for line in (tmp_path / "out/input.manifest").read_text().splitlines()}
    assert statuses == {"found"}
    whole_pages(tmp_path / "out")
