"""`prelabel ocr - --jsonl` as a filter under Spark, with an executor killed half-way."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from conftest import BINARY, FIXTURES, PROJECT
from processes import descendants

SMALL = FIXTURES / "pages/typeset/spaced-0-008.png"


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.skipif(not shutil.which("java"), reason="Spark needs Java (Debian: openjdk-17-jre-headless)")
def test_a_lost_executor_costs_nothing(prelabel, tmp_path, environment):
    scans = tmp_path / "scans"
    scans.mkdir()
    for number in range(8):
        (scans / f"p{number}.png").write_bytes(SMALL.read_bytes())
    (scans / "p8.png").write_bytes(b"no image")
    Image.open(SMALL).save(scans / "p9.tif", compression="group4")
    prelabel("ocr", "scans", "--output", "alone", "--manifest", "alone.manifest", code=1)

    (tmp_path / "list").write_text("".join(f"{path}\n" for path in sorted(scans.iterdir())))
    out = tmp_path / "out"
    job = subprocess.Popen(
        [Path(sys.executable).with_name("spark-submit"), "--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false",
         PROJECT / "docker/spark_ocr.py", tmp_path / "list", out, tmp_path / "out.manifest", "--partitions", "4", "--root", scans],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment | {"PRELABEL": str(BINARY), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"})
    output = tmp_path / "spark.log"
    with output.open("wb") as log:
        lost = None
        os.set_blocking(job.stdout.fileno(), False)
        deadline = time.monotonic() + 240
        while job.poll() is None:
            assert time.monotonic() < deadline, output.read_text()
            log.write(job.stdout.read() or b"")
            if lost is None and len(list(out.glob("*.page.json"))) >= 2:
                # The executor under which a page is being read right now.
                for process in descendants(job.pid):
                    if "CoarseGrainedExecutorBackend" in command_of(process) and any(" ocr - " in command_of(child) for child in descendants(process)):
                        os.kill(process, signal.SIGKILL)
                        lost = process
                        break
            time.sleep(0.05)
        log.write(job.stdout.read() or b"")
    said = output.read_text()
    assert job.returncode == 0, said
    assert lost and "Lost executor" in said, said

    assert (tmp_path / "out.manifest").read_text() == (tmp_path / "alone.manifest").read_text().replace("/alone/", "/out/")
    names = sorted(path.name for path in (tmp_path / "alone").iterdir())
    assert names == sorted(path.name for path in out.iterdir())
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name
