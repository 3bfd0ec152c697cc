"""The archives that run without Swift: each in an empty root folder, where nothing is but the archive."""
import json
import os
import shutil
import subprocess
import tarfile
import zipfile

import pytest

from conftest import FIXTURES, PROJECT
from test_functions import NASTY, event
from test_lambda import Function

CHROOT = shutil.which("chroot", path="/usr/sbin:/sbin:/usr/bin")
DIST = PROJECT / ".build" / "dist"
PAGE = FIXTURES / "pages/typeset/twocol-1-013.jpg"


@pytest.fixture
def root(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can change the root folder")
    root = tmp_path / "root"
    (root / "tmp").mkdir(parents=True)
    return root


def archive(name):
    path = DIST / name
    if not path.exists():
        pytest.skip(f"{name} is not there; `make dist lambda-zip` makes it")
    return path


def unzip(name, folder):
    with zipfile.ZipFile(archive(name)) as file:
        for member in file.infolist():
            path = file.extract(member, folder)
            os.chmod(path, (member.external_attr >> 16) & 0o777 or 0o755)


def function(root, handler, **settings):
    (root / "data/papers").mkdir(parents=True)
    return Function([CHROOT, root, "/var/task/bootstrap"], handler, {}, root, PRELABEL_DATA="/data", PATH="/usr/sbin:/usr/bin:/sbin:/bin", **settings)


def test_the_functions_run_in_an_empty_root(root):
    unzip("functions.zip", root / "var/task")
    assert archive("functions.zip").stat().st_size < 15_000_000
    running = function(root, "pre-annotation")
    (root / "data/papers/p1.txt").write_bytes(NASTY.encode())
    kind, body, _ = running.call(event(**{"source-ref": "s3://papers/p1.jpg", "text-file-s3-uri": "s3://papers/p1.txt"}))
    assert kind == "response" and body["taskInput"]["text"] == NASTY
    assert running.stop() == "", "nothing is to be said"


def test_ocr_runs_in_an_empty_root(root):
    unzip("ocr.zip", root / "var/task")
    assert archive("ocr.zip").stat().st_size < 50_000_000
    running = function(root, "ocr", PRELABEL_OUTPUT="s3://texts/out")
    shutil.copy(PAGE, root / "data/papers/p1.jpg")
    kind, line, _ = running.call({"source-ref": "s3://papers/p1.jpg"})
    assert kind == "response" and line["text-file-s3-uri-metadata"]["status"] == "found", line
    assert len((root / "data/texts/out/p1.jpg.txt").read_text()) > 100
    running.stop()


def test_the_archive_runs_the_demo_in_an_empty_root(root):
    with tarfile.open(archive("prelabel-linux-x86_64.tar.gz")) as file:
        file.extractall(root, filter="tar")
    result = subprocess.run(
        [CHROOT, root, "/prelabel/prelabel", "demo", "--output", "/out"], env={"PATH": os.environ["PATH"]}, capture_output=True, timeout=300)
    assert result.returncode == 0, result.stderr.decode()
    manifest = (root / "out/data/demo/output.manifest").read_text().splitlines()
    assert len(manifest) > 5 and all(json.loads(line) for line in manifest)
    assert (root / "out/report.html").stat().st_size > 10_000


def test_the_archive_reads_pdf_with_its_own_tools(root):
    with tarfile.open(archive("prelabel-linux-x86_64.tar.gz")) as file:
        file.extractall(root, filter="tar")
    from PIL import Image

    Image.open(PAGE).convert("L").save(root / "paper.pdf", resolution=200)
    (root / "proc").mkdir()
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    try:
        result = subprocess.run(
            [CHROOT, root, "/prelabel/prelabel", "ocr", "/paper.pdf", "--output", "/out"], env={"PATH": "/usr/bin"}, capture_output=True, timeout=120)
    finally:
        subprocess.run(["umount", root / "proc"], check=True)
    assert b"1 page: 1 found" in result.stderr, result.stderr.decode()
