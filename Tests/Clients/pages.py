"""What the tests of the pages share: a small server in the place of `prelabel serve`, and a browser."""
import html
import http.server
import json
import os
import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from conftest import FIXTURES, PROJECT
from waiting import until

ASSETS = PROJECT / "Sources" / "Service" / "Assets"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8", ".json": "application/json", ".jpg": "image/jpeg", ".png": "image/png", ".svg": "image/svg+xml"}
# What the annotator has to do with; the service sends the same.
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
MILLISECONDS = 30_000
expect.set_options(timeout=MILLISECONDS)
# What a script is cut off with while the next page comes.
LEAVING = ("Execution context was destroyed", "Cannot find context")
# PRELABEL_SLOW_PAGES=200 makes pages late by as many milliseconds, as a busy machine may: tests that look too early fail then, each time.
SLOWER = os.environ.get("PRELABEL_SLOW_PAGES")
SLOW_PAGE = PROJECT / "Tests" / "Helpers" / "slow_page.js"
CROWD_SCRIPT = "/assets/crowd/crowd-html-elements.js"


class PageServer:
    """Assets below /assets/, what a test put into `pages` (path to (type, body)), and every body sent to it in `received`."""

    def __init__(self):
        self.pages, self.received, self.replies = {}, [], {}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.split("?")[0]
                if path.startswith("/assets/"):
                    file = ASSETS / path.removeprefix("/assets/")
                    self.answer(200, TYPES[file.suffix], file.read_bytes()) if file.is_file() else self.answer(404, "text/plain", b"")
                elif path in owner.pages:
                    self.answer(200, *owner.pages[path])
                else:
                    self.answer(200 if path == "/favicon.ico" else 404, "text/plain", b"")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.received.append((self.command, self.path, json.loads(body)))
                status, reply = owner.replies.get(self.path, (200, {}))
                self.answer(status, "application/json", json.dumps(reply).encode())

            do_PUT = do_POST

            def answer(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                # A template runs in a sandboxed frame, whose origin is opaque; modules are fetched with CORS.
                self.send_header("Access-Control-Allow-Origin", "*")
                if self.path.startswith("/assets/annotator/"):
                    self.send_header("Content-Security-Policy", STRICT)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path, body, kind="text/html; charset=utf-8"):
        self.pages[path] = (kind, body.encode() if isinstance(body, str) else body)
        return self.url + path

    def sent(self, path):
        return [body for _, where, body in self.received if where == path]


@pytest.fixture
def server():
    server = PageServer()
    yield server
    server.server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"], timeout=4 * MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = watched(context.new_page())
    yield page
    context.close()


def watched(page):
    """A page that notes errors, and every sign that something of a probe ran."""
    page.problems = []
    page.set_default_timeout(MILLISECONDS)
    page.on("console", lambda message: page.problems.append(f"{message.text} ({message.location.get('url')})") if message.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("dialog", lambda dialog: (page.problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
    if SLOWER:
        slow_down(page, int(SLOWER))
    page.add_init_script("window.probe = []; window.executed = (name) => window.probe.push(name);")
    return page


def slow_down(page, milliseconds):
    """Makes what a page does of itself late, from its next document on, and the network."""
    page.add_init_script(SLOW_PAGE.read_text(encoding="utf-8").replace("MILLISECONDS", str(milliseconds)))
    network = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", network)


def until_true(page, expression):
    """Waits for a JavaScript expression of a page or frame. Playwright's own way evaluates in the page, which our policy forbids."""

    def look():
        try:
            return page.evaluate(expression)
        except Error as error:
            if any(words in str(error) for words in LEAVING):
                return None
            raise

    until(look, what=expression)


def held(page, pattern):
    """Requests of a page that nobody answers until the test does: a list that grows."""
    routes = []
    page.route(pattern, lambda route: routes.append(route))
    return routes


def until_held(page, routes, count=1):
    # Playwright tells of requests while it waits itself.
    until(lambda: page.wait_for_timeout(20) or len(routes) >= count)


def painted(page):
    """Waits until what was pressed or typed is shown."""
    page.evaluate("() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))")


def place(where):
    """The box of an element once it stays for a frame: what is painted anew has none for a moment."""

    def look():
        box = where.bounding_box()
        painted(where.page)
        return box if box == where.bounding_box() else None

    return until(look, what=f"nothing is shown of {where}")


def submit_untouched(page):
    """Submits a task that nobody touched, which the annotator asks about."""
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Submit anyway").click()


def picture(page, name, tmp_path):
    """Keeps what the page looks like, in PRELABEL_SCREENSHOTS or among the test's own files."""
    folder = Path(os.environ.get("PRELABEL_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def rendered(template, task_input):
    """A template of Fixtures/templates with its few Liquid forms filled in, everything escaped once; and with our crowd elements."""
    source = (FIXTURES / "templates" / template).read_text(encoding="utf-8")

    def value(expression):
        path, *filters = [part.strip() for part in expression.split("|")]
        found = task_input.get(path.removeprefix("task.input."))
        text = json.dumps(found) if "to_json" in filters else "" if found is None else found if isinstance(found, str) else json.dumps(found)
        return html.escape(text, quote=True)

    source = re.sub(r"\{% if (.*?) %\}(.*?)\{% endif %\}", lambda match: match[2] if task_input.get(match[1].removeprefix("task.input.")) else "", source, flags=re.S)
    source = re.sub(r"\{\{(.*?)\}\}", lambda match: value(match[1]), source)
    return source.replace("https://assets.crowd.aws/crowd-html-elements.js", CROWD_SCRIPT)


def settled(where):
    """Waits until a press of Submit counts in a page or frame where nothing was filled in; before, it may be meant for the task before."""
    where.locator("crowd-form").first.evaluate("async (form) => { while (!form.isSettled) await new Promise((next) => setTimeout(next, 20)); }")


def assert_accessible(page, name):
    """axe finds nothing serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    # axe puts styles into the page and loads sheets from elsewhere: what the browser then says is not the page's.
    noted = list(getattr(page, "problems", []))
    violations = Axe().run(page).response["violations"]
    page.problems = noted
    grave = [f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]}" for item in violations if item["impact"] in ("serious", "critical")]
    assert grave == [], f"{name}: {grave}"
