"""An owner with the two published examples: entities by the form, a page of one's own by the command line; both listed, previewed and downloaded."""
import json
import subprocess

import pytest
from playwright.sync_api import expect

from conftest import BINARY
from crowd import select_by_mouse
from labeling import LABELS as KINDS
from labeling import REGION, SENTENCES, LabelingService, put_files
from pages import assert_accessible, browser, page, picture, place, submit_untouched, watched  # noqa: F401
from portal_service import LABELS, page_manifest
from test_labeling_seed import CHOICES, PAGE, create, wait


@pytest.fixture
def service(tmp_path, environment):
    put_files(tmp_path / "data")
    (tmp_path / "data/labels/template.html").write_text(PAGE)
    service = LabelingService(tmp_path, environment, tmp_path / "data", "--allow-unencrypted", "--workers", "1")
    yield service
    service.stop_and_wait()


def command(service, environment):
    """Runs the program beside the service, over the same data."""
    def run(*arguments):
        return subprocess.run(
            [BINARY, *map(str, arguments), "--data", service.data], env=environment | {"AWS_REGION": REGION}, check=True, capture_output=True).stdout.decode()
    return run


def by_form(page, service, manifest):
    page.goto(service.url + "/portal/owner/new")
    page.get_by_label("Name", exact=True).wait_for()
    for label, text in {
        "Name": "abstracts", "Title": "Mark the parts of the abstract", "Description": "Six parts.", "Input manifest": manifest, "Output folder": "s3://papers/out",
        "Label attribute": "parts", "Labels": "\n".join(LABELS), "Answers an object": "1", "Instructions": "<p>Mark every part.</p>",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Create the job").click()
    page.wait_for_url("**/portal/owner/jobs/abstracts")
    page.get_by_text("Batch 1 is open").wait_for()


def preview(page, service, name):
    """The page of `name` as a worker would see it, opened from the list of jobs."""
    page.goto(service.url + "/portal/owner")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="View labeling tool").click()
    page.wait_for_url(f"**/jobs/{name}/preview/0")


def download(page, service, name):
    page.goto(f"{service.url}/portal/owner/jobs/{name}")
    expect(page.locator("#status")).to_contain_text("Completed")
    with page.expect_download() as found:
        page.get_by_role("link", name="Download output").click()
    return [json.loads(line) for line in found.value.path().read_text().splitlines()]


def answer_pages(worker, count):
    """Marks the beginning of each abstract as Background, says yes, and submits, until the job is done."""
    for number in range(count):
        worker.wait_for_url(f"**/jobs/abstracts/tasks/{number}")
        worker.locator(".pl-chunk").first.wait_for()
        select_by_mouse(worker, 0, 30)
        worker.keyboard.press("1")
        worker.get_by_label("Yes").check()
        worker.get_by_role("button", name="Submit").click()
    worker.get_by_text("Thank you.").wait_for()


def answer_sentences(worker, name):
    for number, choice in enumerate(CHOICES):
        worker.wait_for_url(f"**/jobs/{name}/tasks/{number}")
        frame = worker.frame_locator("iframe[title=Task]")
        expect(frame.locator("classification-target")).to_have_text(SENTENCES[number])
        frame.get_by_label(choice).check()
        frame.get_by_role("button", name="Send", exact=True).click()
    worker.get_by_text("Thank you.").wait_for()


def test_both_examples_from_their_creation_to_their_outputs(service, page, browser, environment, tmp_path):
    run = command(service, environment)
    (token,) = service.make_team("readers", ["ann@example.org"], environment)
    by_form(page, service, page_manifest(run, service.data))
    create(service, "aws-example")
    wait(service, "aws-example", "InProgress")
    run(
        "job", "create", "by-command", "--manifest", "s3://labels/in.manifest", "--labels", "s3://labels/categories.json", "--template", "s3://labels/template.html",
        "--task", "TextMultiClass", "--workers-per-object", "1")
    names = ["abstracts", "aws-example", "by-command"]
    for name in names:
        wait(service, name, "InProgress")

    page.goto(service.url + "/portal/owner")
    for name in names:
        expect(page.get_by_role("row", name=name)).to_contain_text("In progress")
    assert_accessible(page, "three jobs")
    picture(page, "owner-jobs-running", tmp_path)

    preview(page, service, "abstracts")
    page.locator(".pl-chunk").first.wait_for()
    submit_untouched(page)
    page.get_by_text("This is a preview: nothing was sent.").wait_for()
    for name in names[1:]:
        preview(page, service, name)
        frame = page.frame_locator("iframe[title=Task]")
        expect(frame.locator("classification-target")).to_have_text(SENTENCES[0])
        frame.get_by_label("plant").check()
        frame.get_by_role("button", name="Send", exact=True).click()
        page.locator("#bar").get_by_text("This is a preview: nothing was sent.").wait_for()

    worker = watched(browser.new_context(viewport={"width": 1280, "height": 720}).new_page())
    worker.goto(f"{service.url}/portal/enter#{token}")
    worker.get_by_role("heading", name="Your jobs").wait_for()
    for name in names:
        worker.goto(f"{service.url}/portal/jobs/{name}/next")
        answer_pages(worker, 2) if name == "abstracts" else answer_sentences(worker, name)
        wait(service, name, "Completed")
    worker.context.close()

    for line in download(page, service, "abstracts"):
        (entity,) = line["parts"]["annotations"]["entities"]
        assert entity["label"] == "Background" and entity["startOffset"] == 0 and line["source-ref"].startswith("s3://papers/pages/")
    classified = download(page, service, "aws-example")
    assert [(line["source"], line["aws-blog-demo-metadata"]["class-name"], line["aws-blog-demo"]) for line in classified] == [
        (sentence, choice, KINDS.index(choice)) for sentence, choice in zip(SENTENCES, CHOICES)]
    by_command = download(page, service, "by-command")
    assert [line["by-command-metadata"]["class-name"] for line in by_command] == CHOICES
    assert worker.problems == [] and page.problems == []


def test_a_word_and_its_place_on_a_read_page_light_each_other(service, page, environment):
    """By pixel position on a page as `ocr` read it: the box of the page record, within two pixels."""
    run = command(service, environment)
    (token,) = service.make_team("readers", ["ann@example.org"], environment)
    by_form(page, service, page_manifest(run, service.data))
    record = json.loads((service.data / "papers/text/article-0-002.png.page.json").read_text())
    boxes = {block["Id"]: block["Geometry"]["BoundingBox"] for block in record["Blocks"] if block["BlockType"] == "WORD"}
    words = record["TextMap"]["Words"]
    page.goto(f"{service.url}/portal/enter#{token}")
    page.get_by_role("heading", name="Your jobs").wait_for()
    page.goto(f"{service.url}/portal/jobs/abstracts/next")
    page.locator(".pl-chunk").first.wait_for()
    page.locator(".pa-sheet img").evaluate("(image) => image.decode()")
    middle = """offset => { const node = [...document.querySelector(".pl-chunk").childNodes].find((n) => n.nodeType === Node.TEXT_NODE);
      const range = document.createRange(); range.setStart(node, offset); range.setEnd(node, offset + 1); const rect = range.getBoundingClientRect();
      return [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2]; }"""

    def on_image(word):
        """A word's box in the window's pixels."""
        sheet, box = place(page.locator(".pa-sheet")), boxes[word["BlockId"]]
        return [sheet["x"] + box["Left"] * sheet["width"], sheet["y"] + box["Top"] * sheet["height"], box["Width"] * sheet["width"], box["Height"] * sheet["height"]]

    view = place(page.locator(".pa-viewport"))
    is_shown = lambda box: view["x"] <= box[0] and box[0] + box[2] <= view["x"] + view["width"] and view["y"] <= box[1] and box[1] + box[3] <= view["y"] + view["height"]
    tried = 0
    for word in words[:60:6]:
        page.mouse.move(*page.evaluate(middle, word["StartOffset"] + 1))
        lit = page.locator(".pa-lit")
        expect(lit).to_have_count(1)
        wanted = on_image(word)
        found = [place(lit)[side] for side in ("x", "y", "width", "height")]
        assert all(abs(one - other) < 2 for one, other in zip(found, wanted)), (word, found, wanted)
        if is_shown(wanted):
            tried += 1
            page.mouse.click(wanted[0] + wanted[2] / 2, wanted[1] + wanted[3] / 2)
            caret = page.evaluate("document.querySelector('prelabel-annotator').editor.focus")
            assert word["StartOffset"] <= caret <= word["EndOffset"], (word, caret)
    assert tried >= 5 and page.problems == []
