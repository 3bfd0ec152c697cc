"""The demo, and its report in a browser."""
import json
import re
import shutil
import subprocess

import pytest
from playwright.sync_api import expect, sync_playwright

from conftest import BINARY, FIXTURES
from pages import place


def made(folder):
    """Every file that the demo wrote, creation dates masked."""
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        files[str(path.relative_to(folder))] = re.sub(rb'creation-date(\\?)":\\?"[^"\\]*', b"creation-date", path.read_bytes())
    return files


@pytest.fixture(scope="module")
def demo(tmp_path_factory, environment):
    folder = tmp_path_factory.mktemp("demo")
    run = subprocess.run([BINARY, "demo"], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return folder, run.stdout


def test_two_runs_make_identical_bytes(demo, prelabel, tmp_path):
    folder, table = demo
    prelabel("demo")
    first, second = made(folder / "demo-output"), made(tmp_path / "demo-output")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    prelabel("demo")
    assert made(tmp_path / "demo-output") == second


def test_every_sample_answer_is_used(demo):
    folder, table = demo
    assert "3 workers, 8 pages" in table and "8 labeled" in table
    lines = [json.loads(line) for line in (folder / "demo-output/data/demo/output.manifest").read_text(encoding="utf-8").splitlines()]
    labeled = [line for line in lines if "roles" in line]
    assert len(lines) == 11 and len(labeled) == 8
    for line in labeled:
        assert line["roles"]["annotations"]["entities"] and line["roles"]["consolidation"]["rejected"] == []
        assert len(line["roles"]["annotationsFromAllWorkers"]) == 3 and line["roles-metadata"]["type"] == "groundtruth/custom"


def test_every_named_file_is_there_and_the_next_command_works(demo, environment):
    folder, table = demo
    for line in table.splitlines():
        if "  demo-output/" in line and not line.startswith("  "):
            assert (folder / line.split("  ")[-1].strip()).exists(), line
    command = table.splitlines()[-1].strip()
    run = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert (folder / "demo-output/split/train.conll").stat().st_size > 0


def test_answers_for_another_text_are_left_out_and_named(environment, tmp_path):
    shutil.copytree(FIXTURES, tmp_path / "home/Fixtures")
    answers = tmp_path / "home/Fixtures/answers/answers.jsonl"
    answers.write_text(re.sub('"text-sha256": "....', '"text-sha256": "0000', answers.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    run = subprocess.run([BINARY, "demo"], cwd=tmp_path, env=environment | {"PRELABEL_HOME": str(tmp_path / "home")}, capture_output=True, text=True)
    assert run.returncode == 0 and "its text is not the one the sample answers were made for" in run.stderr
    assert "3 workers, 7 pages" in run.stdout


def test_one_s_own_scans_go_up_to_the_answers(prelabel, tmp_path):
    (tmp_path / "scans/a").mkdir(parents=True)
    shutil.copy(FIXTURES / "pages/typeset/spaced-0-008.png", tmp_path / "scans/a/p1.png")
    table = prelabel("demo", "scans").stdout.decode()
    assert "1 found, 0 not, 0 failed" in table and "simulated" not in table
    assert (tmp_path / "demo-output/data/demo/text/a/p1.png.txt").exists()
    report = (tmp_path / "demo-output/report.html").read_text(encoding="utf-8")
    assert '"simulated":false' in report
    prelabel("demo", "nowhere", code=66)


@pytest.fixture
def browser_page():
    """A page that keeps what goes wrong on it, and every request that leaves it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else page.problems.append(request.url))
        yield page
        browser.close()


@pytest.fixture
def page(demo, browser_page):
    browser_page.goto((demo[0] / "demo-output/report.html").as_uri())
    return browser_page


def test_the_report_frames_abstracts_and_says_that_answers_are_simulated(page):
    assert page.problems == []
    assert "simulated" in page.inner_text("#simulated")
    assert page.locator("article").count() == 11 and page.locator(".frame").count() >= 11
    first = page.locator("article").first
    assert first.locator(".chip").count() >= 3 and re.search(r"Background [01]\.\d\d", first.inner_text())


def test_hovering_a_word_lights_it_on_the_page(page):
    article = page.locator("article").first
    picture = place(article.locator(".page"))
    frame = place(article.locator(".frame").first)
    word = article.locator(".text span", has_text=re.compile("^hybrid$")).first
    word.hover()
    lit = article.locator(".word")
    expect(lit).to_have_count(1)
    box = place(lit)
    assert frame["x"] - 2 <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] + 2
    assert frame["y"] - 2 <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"] + 2
    # "hybrid" stands in the right half of the abstract's first line.
    assert box["y"] < frame["y"] + frame["height"] / 5 and box["x"] > picture["x"] + picture["width"] / 2
    page.mouse.move(0, 0)
    assert lit.count() == 0


def test_a_hostile_text_stays_text(environment, tmp_path):
    shutil.copytree(FIXTURES, tmp_path / "home/Fixtures")
    shutil.rmtree(tmp_path / "home/Fixtures/pages")
    (tmp_path / "scans").mkdir()
    hostile = "</script><img src=x onerror=alert(1)>.png"
    shutil.copy(FIXTURES / "pages/typeset/spaced-0-008.png", tmp_path / "scans" / hostile.replace("/", "\u2215"))
    run = subprocess.run([BINARY, "demo", "scans"], cwd=tmp_path, env=environment | {"PRELABEL_HOME": str(tmp_path / "home")}, capture_output=True)
    assert run.returncode == 0, run.stderr
    data = (tmp_path / "demo-output/report.html").read_text(encoding="utf-8").split('id="data">')[1].split("</script>")[0]
    assert json.loads(data)["pages"][0]["name"].endswith(".png") and "<" not in data


def test_a_finished_job_becomes_a_report_on_workers_disputes_and_changes(demo, browser_page, prelabel, tmp_path):
    data = demo[0] / "demo-output/data"
    arguments = ("import", "s3://demo/output.manifest", "--format", "ground-truth", "--output", tmp_path / "spans.jsonl", "--data", data)
    prelabel(*arguments, "--report", tmp_path / "crowd.html")
    page = browser_page
    page.goto((tmp_path / "crowd.html").as_uri())
    assert page.problems == []
    assert "11 documents, 3 workers" in page.inner_text("#intro")
    expect(page.locator("#workers tbody tr")).to_have_count(3)
    changes = [row.inner_text().split() for row in page.locator("#changes tbody tr").all()]
    assert {row[0] for row in changes} >= {"Background", "Methods"} and sum(int(row[1]) for row in changes) > 0
    first = page.locator("article").first
    assert first.locator("img").evaluate("image => image.naturalWidth") > 500
    assert first.locator(".disputes .chosen").count() >= 1
    first.locator(".text span:not(.chip)").filter(has_text=re.compile(r"^\w+$")).first.hover()
    assert first.locator(".page .word").count() >= 1
    prelabel(*arguments, "--report", tmp_path / "crowd.json")
    assert {"disputes", "workers"} == json.loads((tmp_path / "crowd.json").read_text()).keys()
