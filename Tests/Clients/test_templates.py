"""Worker templates from the command line: rendered, checked, and previewed with real data in a browser (contracts, sections 6 and 7)."""
import hashlib
import json
import queue
import re
import shutil
import signal
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from conftest import BINARY, FIXTURES
from pages import assert_accessible, browser, page, picture, server, settled, until_true  # noqa: F401

TEMPLATES = FIXTURES / "templates"
TEXT = "Aim: test 40 mg.\r\nMethods: \U0001f9ea \"double\" <blind> & more."
IMAGE = "pages/typeset/article-0-002.png"
PROBE = "<img src=x onerror=executed('img')><script>executed('script')</script>\" onfocus=executed('attr') autofocus x=\"'}}{{ 1 }}"
CATEGORIES = json.dumps({"document-version": "2018-11-28", "labels": [{"label": "person"}, {"label": "animal"}, {"label": "plant"}]})


class Preview:
    """`prelabel template preview` on a free port; `answers` are the lines it writes."""

    def __init__(self, folder, environment, template, manifest, *options):
        self.process = subprocess.Popen(
            [BINARY, "template", "preview", template, "--manifest", manifest, "--data", folder / "data", *map(str, options)],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=open(folder / "preview.log", "wb"))
        self.lines = queue.Queue()
        threading.Thread(target=lambda: [self.lines.put(line) for line in self.process.stdout], daemon=True).start()
        self.url = json.loads(self.lines.get(timeout=60))["listening"]

    def answer(self):
        return json.loads(self.lines.get(timeout=60))

    def get(self, path, **headers):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers)) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def frame(self, page, line=1):
        """Opens a line's page in the browser; the template's frame."""
        page.goto(f"{self.url}/lines/{line}")
        page.frame_locator("iframe").locator("body").wait_for()
        return page.frame_locator("iframe")

    def inner(self, page):
        """The frame for scripts of the test."""
        return page.frames[1]


@pytest.fixture
def papers(data):
    """A page with its image and text, as `ocr` leaves them, and a sentence."""
    shutil.copytree(FIXTURES / "pages", data / "papers" / "pages")
    (data / "papers" / "text.txt").write_bytes(TEXT.encode())
    return data


def lines(folder, *objects):
    path = folder / "lines.manifest"
    path.write_text("".join(json.dumps(line) + "\n" for line in objects))
    return path


PAGE_LINE = {"source-ref": f"s3://papers/{IMAGE}", "text-file-s3-uri": "s3://papers/text.txt", "metadata": {"Author": "A. <b>N</b>"}}


@pytest.fixture
def preview(tmp_path, environment, papers):
    started = []

    def start(template, *objects, options=()):
        if isinstance(template, str):
            (tmp_path / "template.liquid.html").write_text(template)
            template = tmp_path / "template.liquid.html"
        started.append(Preview(tmp_path, environment, template, lines(tmp_path, *(objects or [PAGE_LINE])), *options))
        return started[-1]

    yield start
    for one in started:
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(timeout=60) == 0


# MARK: rendering and checking

def test_render_is_ground_truth_s_liquid(prelabel, tmp_path):
    (tmp_path / "t.html").write_text("<p>{{ task.input.text }}|{{ task.input.list | to_json }}|{{ task.input.image | grant_read_access }}</p>")
    (tmp_path / "d.json").write_text(json.dumps({"task": {"input": {"text": PROBE, "list": ["a", 1.0], "image": "s3://papers/p.jpg"}}}))
    shown = prelabel("template", "render", "t.html", "--data", "d.json").stdout.decode()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "[&quot;a&quot;,1.0]|s3://papers/p.jpg" in shown
    assert not shown.endswith("\n")
    plain = prelabel("template", "render", "t.html", "--plain", code=65)
    assert b"to_json" in plain.stderr and b"t.html:1:" in plain.stderr


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.iterdir()))
def test_lint_finds_nothing_in_our_templates(prelabel, template):
    assert prelabel("template", "lint", TEMPLATES / template).stdout == b""


def test_lint_names_line_and_code_and_hosts(prelabel, tmp_path):
    (tmp_path / "bad.html").write_text('<script src="https://cdn.example/x.js"></script>\n{{ a | upcas }}\n<crowd-form><crowd-inptu name="a"></crowd-inptu></crowd-form>')
    result = prelabel("template", "lint", "bad.html", code=1)
    found = result.stdout.decode()
    assert re.search(r"^bad.html:2: unknown-filter: .*upcase", found, re.M) and re.search(r"^bad.html:3: unknown-element: .*crowd-input", found, re.M)
    assert b"cdn.example" in result.stderr


# MARK: templates that people have

def test_a_custom_page_for_abstracts_submits_token_spans(preview, page, tmp_path):
    shown = preview(TEMPLATES / "custom-page.liquid.html")
    frame = shown.frame(page)
    until_true(shown.inner(page), "!document.querySelector(':not(:defined)')")
    frame.get_by_text("40", exact=True).click()
    settled(frame)
    image = shown.inner(page).evaluate("document.getElementById('document-image').textContent")
    frame.get_by_text("Submit", exact=True).click()
    frame.get_by_text("The answer was sent.").wait_for()
    sent = shown.answer()
    state = json.loads(sent["answer"]["annotations"])
    assert sent["line"] == 1 and list(sent["answer"]) == ["annotations"]
    assert state["value"] == [{"start": 2, "end": 3, "tokens": ["40"], "tag": "METHODS", "color": "#00ffa2"}]
    assert json.loads(state["metadata"]) == {"Author": "A. <b>N</b>", "text_file_s3_uri": "s3://papers/text.txt"}
    assert json.loads(page.locator("#answer-text").inner_text()) == sent["answer"]
    status, headers, body = shown.get(image)
    assert status == 200 and headers["Content-Type"] == "image/png" and body == (FIXTURES / IMAGE).read_bytes()
    picture(page, "preview-custom-page", tmp_path)
    assert page.problems == []


def test_a_page_that_extends_the_classifier_submits_one_label(preview, page, tmp_path):
    (tmp_path / "categories.json").write_text(CATEGORIES)
    shown = preview(TEMPLATES / "classifier-page.liquid.html", {"source": "The fox ate <b>the</b> berries."}, options=["--categories", "categories.json"])
    frame = shown.frame(page)
    frame.get_by_role("button", name="Send and go on").wait_for()
    expect(frame.locator("classification-target strong")).to_have_text("The fox ate <b>the</b> berries.")
    frame.get_by_label("animal").check()
    frame.locator("body").press("Enter")
    assert shown.answer() == {"answer": {"crowd-classifier": {"label": "animal"}}, "line": 1}
    picture(page, "preview-classifier", tmp_path)
    assert page.problems == []


def test_our_template_for_abstracts_shows_the_page_and_echoes_the_text(preview, page, tmp_path):
    shown = preview(TEMPLATES / "abstract-ner.liquid.html")
    frame = shown.frame(page)
    frame.locator(".pl-scroller").focus()
    for _ in range(2):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("3")
    frame.get_by_label("Yes").check()
    frame.get_by_label("Notes").fill("n")
    assert shown.inner(page).evaluate("document.querySelector('#page img').naturalWidth") > 500
    frame.get_by_text("Submit", exact=True).click()
    sent = shown.answer()["answer"]
    (span,) = sent.pop("crowd-entity-annotation")["entities"]
    assert span["label"] == "Methods" and span["startOffset"] == 0
    assert sent == {"isGoodAbstract": "yes", "notes": "n", "text": TEXT, "text-sha256": hashlib.sha256(TEXT.encode()).hexdigest()}
    picture(page, "preview-abstract", tmp_path)
    assert_accessible(page, "preview")
    assert page.problems == []


def test_lines_themselves_can_be_the_task_input(preview, page):
    shown = preview('<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><p>{{ task.input.custom-key }}</p><crowd-input name="a" value="{{ task.input.custom-key }}"></crowd-input></crowd-form>', {"source": "x", "custom-key": "own"}, options=["--without-pre-annotation"])
    frame = shown.frame(page)
    settled(frame)
    frame.get_by_text("Submit", exact=True).click()
    assert shown.answer() == {"answer": {"a": "own"}, "line": 1}


# MARK: the preview itself

def test_edits_show_and_faults_are_told_with_their_place(preview, page, tmp_path):
    shown = preview("<crowd-form>one<crowd-input name=a></crowd-input></crowd-form>", {"source": "first"}, {"source": ""}, {"source": "third"})
    frame = shown.frame(page)
    assert "one" in frame.locator("body").inner_text()
    (tmp_path / "template.liquid.html").write_text("\n  {{ task.input.text | upcas }}")
    page.get_by_role("link", name="Load again").click()
    frame.get_by_text("template.liquid.html:2:24: there is no filter `upcas`; did you mean `upcase`?").wait_for()
    expect(page.get_by_text("unknown-filter")).to_have_count(1)
    (tmp_path / "template.liquid.html").write_text("<crowd-form>{{ task.input.text }}<crowd-input name=a></crowd-input></crowd-form>")
    page.get_by_role("link", name="Next line").click()
    page.get_by_text("no worker would get this object").wait_for()
    page.get_by_role("link", name="Next line").click()
    page.frame_locator("iframe").get_by_text("third").wait_for()
    assert page.get_by_role("link", name="Next line").count() == 0
    assert shown.get("/lines/4")[0] == 404 and shown.get("/lines/0")[0] == 404 and shown.get("/lines/x")[0] == 404


@pytest.mark.parametrize("line, options, code, message", [
    ({"source": "x"}, ["--line", "2"], 64, b"has 1 line"), ("{'source': 'x'}", [], 65, b"lines.manifest:1:"), (None, [], 65, b"has no lines"),
    ({"source": "x"}, ["--hosts", "a;script-src"], 64, b"is invalid for '--hosts"),
])
def test_what_cannot_be_previewed_is_said_at_once(prelabel, tmp_path, line, options, code, message):
    (tmp_path / "lines.manifest").write_text("" if line is None else line if isinstance(line, str) else json.dumps(line))
    result = prelabel("template", "preview", TEMPLATES / "custom-page.liquid.html", "--manifest", "lines.manifest", *options, code=code)
    assert message in result.stderr and result.stdout == b""


def test_answers_come_as_json_objects_only(preview):
    shown = preview("x")

    def post(body, kind):
        request = urllib.request.Request(shown.url + "/lines/1/answer", body, {"Content-Type": kind}, method="POST")
        try:
            return urllib.request.urlopen(request).status
        except urllib.error.HTTPError as error:
            return error.code

    assert post(b'{"answer":{"a":1}}', "text/plain") == 415
    assert post(b'{"answer":[1]}', "application/json") == 400 and post(b"nonsense", "application/json") == 400
    assert post(b'{"answer":{"a":1}}', "application/json") == 204
    assert shown.answer() == {"answer": {"a": 1}, "line": 1}


# MARK: hostile content

SPY = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><input type="hidden" name="found" id="found"></crowd-form><script>
  const found = {};
  const attempt = (name, action) => { try { found[name] = String(action()); } catch (error) { found[name] = error.name; } };
  attempt("origin", () => self.origin);
  attempt("cookie", () => document.cookie);
  attempt("storage", () => localStorage.length);
  attempt("parent document", () => parent.document.title);
  attempt("parent probe", () => { parent.executed("parent"); return "ran"; });
  attempt("top", () => { top.location = "%(other)s/top"; return "led away"; });
  attempt("window", () => String(open("%(other)s/window")));
  attempt("image", () => { new Image().src = "%(other)s/image"; return "asked"; });
  const script = document.createElement("script"); script.src = "%(other)s/script.js"; document.head.append(script);
  fetch("%(other)s/fetch").then(() => { found.fetch = "done"; }, (error) => { found.fetch = error.name; })
    .then(() => fetch("/lines/1")).then(() => { found.read = "done"; }, (error) => { found.read = error.name; })
    .then(() => fetch("/lines/1/answer", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"answer":{}}' }))
    .then(() => { found.post = "done"; }, (error) => { found.post = error.name; })
    .then(() => { document.getElementById("found").value = JSON.stringify(found); window.isDone = true; });
</script>"""


def test_a_template_s_scripts_reach_nothing_outside_of_their_frame(preview, page, server):
    shown = preview(SPY % {"other": server.url})
    asked = []
    page.on("response", lambda response: asked.append(response.url) if response.url.startswith(server.url) else None)
    page.context.add_cookies([{"name": "session", "value": "secret", "url": shown.url}])
    frame = shown.frame(page)
    until_true(shown.inner(page), "window.isDone")
    settled(frame)
    frame.get_by_text("Submit", exact=True).click()
    found = json.loads(shown.answer()["answer"]["found"])
    assert found.pop("origin") == "null" and found.pop("window") == "null"
    # An image is refused in silence; `asked` has what was answered.
    assert found.pop("image") == "asked"
    assert set(found) == {"cookie", "storage", "parent document", "parent probe", "top", "fetch", "read", "post"}
    assert set(found.values()) <= {"SecurityError", "TypeError"}, found
    page.wait_for_timeout(300)
    assert page.evaluate("probe") == [] and page.url == f"{shown.url}/lines/1"
    assert asked == [] and server.received == []


@pytest.mark.parametrize("script", ["location = away", "document.body.innerHTML = `<form action=${away}></form>`; document.forms[0].submit()", "document.body.innerHTML = `<iframe src=${away}></iframe>`", "document.head.insertAdjacentHTML('beforeend', `<meta http-equiv=refresh content='0;url=${away}'>`)"])
def test_a_template_cannot_lead_its_frame_away(preview, page, server, script):
    address = server.put("/away", "away")
    shown = preview(f'<p>before</p><script>setTimeout(() => {{ const away = "{address}"; {script} }}, 100)</script>')
    answered = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(shown.url + "/lines/1")
    page.wait_for_timeout(900)
    assert f"{shown.url}/lines/1/frame" in answered and address not in answered and page.url == f"{shown.url}/lines/1"


def test_a_template_opened_by_its_own_address_has_no_origin_either(preview, page):
    page.goto(preview("Task").url + "/lines/1/frame")
    assert page.evaluate("self.origin") == "null"
    with pytest.raises(Exception, match="SecurityError|sandboxed"):
        page.evaluate("document.cookie")


@pytest.mark.parametrize("template", ["abstract-ner.liquid.html", "classifier-page.liquid.html", "custom-page.liquid.html"])
def test_hostile_data_stays_text(preview, page, tmp_path, papers, template):
    name = "<img src=x onerror=executed('name')>\"'"
    (papers / "papers" / f"{name}.png").write_bytes((FIXTURES / IMAGE).read_bytes())
    (papers / "papers" / "hostile.txt").write_text(PROBE)
    (tmp_path / "categories.json").write_text(json.dumps({"labels": [{"label": PROBE}, {"label": "b"}]}))
    (tmp_path / f"{name}.html").write_text((TEMPLATES / template).read_text())
    line = {"source-ref": f"s3://papers/{name}.png", "text-file-s3-uri": "s3://papers/hostile.txt", "metadata": {PROBE: PROBE}}
    shown = preview(tmp_path / f"{name}.html", line, options=["--categories", "categories.json"])
    shown.frame(page)
    page.wait_for_timeout(500)
    assert page.evaluate("probe") == [] and shown.inner(page).evaluate("probe") == []
    assert page.locator("h1").inner_text().endswith(f"{name}.html")
    # The image has that name and is shown all the same.
    if template == "abstract-ner.liquid.html":
        assert shown.inner(page).evaluate("document.querySelector('#page img').naturalWidth") > 500


def test_hostile_answers_stay_text(preview, page):
    shown = preview('<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><crowd-input name="a" label="A"></crowd-input></crowd-form>')
    frame = shown.frame(page)
    frame.locator("crowd-input input").fill(PROBE)
    frame.get_by_text("Submit", exact=True).click()
    assert shown.answer()["answer"] == {"a": PROBE}
    page.locator("#answer").wait_for()
    assert page.evaluate("probe") == [] and PROBE in json.loads(page.locator("#answer-text").inner_text())["a"]


def test_links_open_one_object_and_nothing_else(preview, papers):
    (papers / "papers" / "secret.html").write_text("<script>executed('object')</script>")
    shown = preview("{{ task.input.taskObject | grant_read_access | skip_autoescape }}\n{{ 's3://papers/secret.html' | grant_read_access | skip_autoescape }}")
    _, _, body = shown.get("/lines/1/frame")
    image, secret = re.findall(r"/objects/\S+", body.decode())
    status, headers, _ = shown.get(image)
    assert status == 200 and headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in headers["Content-Security-Policy"]
    assert "sandbox" in shown.get(secret)[1]["Content-Security-Policy"]
    query = image.split("?")[1]
    for forged in ["/objects/papers/text.txt?" + query, image.replace("expires=1", "expires=2"), image.split("&")[0], "/objects/papers/text.txt",
                   image.replace(IMAGE, "..%2f..%2fetc%2fpasswd"), image[:-1] + ("0" if image[-1] != "0" else "1")]:
        status, _, body = shown.get(forged)
        assert status == 403 and json.loads(body)["code"] == "bad-link", forged


def test_hosts_can_be_narrowed(preview):
    policy = preview("x", options=["--hosts", "cdn.example, *.static.example"]).get("/lines/1/frame")[1]["Content-Security-Policy"]
    assert "https://cdn.example https://*.static.example" in policy and "https:;" not in policy and "https: " not in policy


def test_a_foreign_name_for_this_machine_is_refused(preview):
    shown = preview("x")
    for path in ("/lines/1", "/lines/1/frame", "/assets/crowd/crowd-html-elements.js"):
        status, _, body = shown.get(path, Host="rebound.example")
        assert status == 403 and json.loads(body)["code"] == "foreign-host", path
        assert shown.get(path, Host="localhost")[0] == 200


def test_assets_are_only_what_is_there(preview):
    shown = preview("x")
    status, headers, _ = shown.get("/assets/crowd/crowd-html-elements.js")
    assert status == 200 and headers["Content-Type"].startswith("text/javascript") and headers["Access-Control-Allow-Origin"] == "*"
    assert shown.get("/assets/crowd/crowd-html-elements.js", **{"If-None-Match": headers["ETag"]})[0] == 304
    _, annotator, _ = shown.get("/assets/annotator/annotator.html")
    assert "script-src 'self';" in annotator["Content-Security-Policy"] and "Access-Control-Allow-Origin" not in annotator
    for path in ["README.md", "../HTTPService.swift", "%2e%2e/HTTPService.swift", "crowd/", "", "crowd/nothing.js"]:
        assert shown.get(f"/assets/{path}")[0] in (400, 404), path


def test_presigned_urls_of_s3_are_in_the_page_and_its_policy(environment, tmp_path):
    # No server is asked: signing needs credentials only.
    (tmp_path / "t.html").write_text("{{ task.input.image | grant_read_access }}")
    settings = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    process = subprocess.Popen(
        [BINARY, "template", "preview", "t.html", "--manifest", lines(tmp_path, {"source": "x", "image": "s3://papers/a b.jpg"}), "--without-pre-annotation"],
        cwd=tmp_path, env=environment | settings, stdout=subprocess.PIPE)
    url = json.loads(process.stdout.readline())["listening"]
    with urllib.request.urlopen(url + "/lines/1/frame") as reply:
        body, policy = reply.read().decode(), reply.headers["Content-Security-Policy"]
    process.kill()
    assert "http://127.0.0.1:9/papers/a%20b.jpg?X-Amz-" in body and "&amp;X-Amz-Signature=" in body
    assert re.search(r"img-src [^;]* http://127\.0\.0\.1:9[; ]", policy)


# MARK: files that open from disk

@pytest.mark.parametrize("template", ["abstract-ner.liquid.html", "classifier-page.liquid.html"])
def test_a_standalone_file_opens_from_disk_and_shows_its_answer(prelabel, page, tmp_path, template):
    image = (FIXTURES / IMAGE).as_uri()
    task = {"text": TEXT, "taskObject": image if template.startswith("abstract") else "The fox.", "metadata": {}, "labels": ["animal", "plant"]}
    (tmp_path / "d.json").write_text(json.dumps({"task": {"input": task}}))
    (tmp_path / "page.html").write_bytes(prelabel("template", "render", TEMPLATES / template, "--data", "d.json", "--standalone").stdout)
    asked = []
    page.on("request", lambda request: asked.append(request.url.split(":")[0]))
    page.goto((tmp_path / "page.html").as_uri())
    if template.startswith("abstract"):
        page.locator(".pl-scroller").focus()
        page.keyboard.press("Control+Shift+ArrowRight")
        page.keyboard.press("1")
        page.get_by_text("Submit", exact=True).click()
    else:
        page.get_by_label("plant").check()
        page.get_by_role("button", name="Send and go on").click()
    page.get_by_text("This is a preview").wait_for()
    assert set(asked) <= {"file", "data"}
    assert page.problems == []
    picture(page, f"standalone-{template}", tmp_path)
