"""`prelabel label`: scans in, workers' links out, and all of it again after the end of the program."""
import json
import shutil
import signal
import subprocess
import urllib.request

import pytest

from conftest import BINARY, FIXTURES
from processes import free_port
from waiting import until


class Label:
    """The program in a folder with one scan, once its service listens; `link` is what it prints for its worker."""

    def __init__(self, folder, environment, port):
        with open(folder / "said", "ab") as said:
            self.process = subprocess.Popen(
                [BINARY, "label", "scans", "--labels", "Background,Methods", "--port", str(port), "--name", "papers"], cwd=folder,
                env=environment, stdout=subprocess.PIPE, stderr=said)
        self.link = self.process.stdout.readline().decode().strip().split("\t")[-1]
        assert json.loads(self.process.stdout.readline()) == {"listening": f"http://127.0.0.1:{port}"}
        self.url = f"http://127.0.0.1:{port}"

    def call(self, method, path, **body):
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), method=method,
            headers={"Authorization": f"Bearer {self.link.split('#')[1]}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "scans").mkdir()
    shutil.copy(FIXTURES / "pages/typeset/article-0-002.png", tmp_path / "scans")
    return tmp_path


def take(label):
    """The first task, once the job's objects are out."""
    return until(lambda: label.call("POST", "/tasks/papers")["task"])


def test_scans_become_tasks_under_a_link_and_a_second_run_goes_on(folder, environment):
    port = free_port()
    first = Label(folder, environment, port)
    task = take(first)
    assert "text" in task["input"]
    first.call("PUT", f"/tasks/papers/{task['number']}/draft", notes="half done")
    first.stop()

    second = Label(folder, environment, port)
    assert second.link == first.link
    again = take(second)
    assert (again["number"], again["draft"]) == (task["number"], {"notes": "half done"})
    entity = {"startOffset": 0, "endOffset": 4, "label": "Methods"}
    second.call("POST", f"/tasks/papers/{task['number']}/answer", answer={"crowd-entity-annotation": {"entities": [entity]}})
    output = folder / "prelabel-data/labeling/jobs/papers/manifests/output/output.manifest"
    label = until(lambda: json.loads(output.read_text()).get("papers"))
    assert label["annotations"]["entities"] == [entity]
    until(lambda: '"job ended"' in (folder / "said").read_text())
    second.stop()
    said = (folder / "said").read_text()
    assert "the job papers goes on: 0 of 1 pages are labeled" in said
    # No line for each request, and a stop is not said to be one of the reading, which was over.
    assert '"request"' not in said and "stopping after the pages" not in said


def test_scans_that_are_not_there_are_named(prelabel):
    result = prelabel("label", "nowhere", "--labels", "A", code=66)
    assert b"nowhere" in result.stderr
