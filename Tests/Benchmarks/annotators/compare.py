"""Key presses and clicks for six spans on one abstract: Label Studio's page and Prelabel's, both driven in headless Chromium."""
import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Helpers"))

import six_spans  # noqa: E402
from hands import Hands  # noqa: E402
from processes import PROJECT, free_port  # noqa: E402
from waiting import until  # noqa: E402

# The way of Label Studio's documentation: labels have the keys 1 to 6; a label is chosen first, then text is selected with the mouse.
CONFIGURATION = "<View><Labels name='label' toName='text'>{}</Labels><Text name='text' value='$text'/></View>".format(
    "".join(f"<Label value='{label}'/>" for label in six_spans.LABELS))
TEXT = ".lsf-richtext__container"


class LabelStudio:
    """Label Studio with an empty database, one user and one project."""

    def __init__(self, folder, text, copies):
        port = free_port()
        self.url, self.mail, self.password, self.token = f"http://127.0.0.1:{port}", "ada@example.org", secrets.token_hex(12), secrets.token_hex(20)
        environment = os.environ | {
            "LABEL_STUDIO_BASE_DATA_DIR": str(folder), "COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "", "LABEL_STUDIO_HOST": self.url,
        }
        command = [
            Path(sys.executable).with_name("label-studio"), "start", "--no-browser", "--port", str(port), "--username", self.mail, "--password", self.password,
            "--user-token", self.token, "--enable-legacy-api-token",
        ]
        self.log = folder / "label-studio.log"
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=self.log.open("wb"), stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 600
        while True:
            try:
                urllib.request.urlopen(self.url + "/health", timeout=5)
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"Label Studio did not start:\n{self.log.read_text()[-3000:]}")
                time.sleep(0.5)
        self.version = self.call("GET", "/api/version")["release"]
        self.project = self.call("POST", "/api/projects", title="six spans", label_config=CONFIGURATION)["id"]
        self.call("POST", f"/api/projects/{self.project}/import", tasks=[{"text": text}] * copies)

    def call(self, method, path, tasks=None, **body):
        data = None if method == "GET" else json.dumps(tasks or body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data, headers, method=method), timeout=60) as reply:
            return json.loads(reply.read())

    def open(self, page):
        """Signs in and opens the first task of the labeling stream."""
        # What it would load from elsewhere is not needed, and might not be there.
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(self.url) else route.abort())
        page.goto(self.url + "/user/login/")
        page.locator("[name=email]").fill(self.mail)
        page.locator("[name=password]").fill(self.password)
        page.get_by_role("button", name="Log in").click()
        page.goto(f"{self.url}/projects/{self.project}/data")
        page.get_by_role("button", name="Label All Tasks").click()

    def annotations(self):
        """The spans of each task that was submitted, in the order of submission."""
        exported = self.call("GET", f"/api/projects/{self.project}/export?exportType=JSON")
        found = [annotation for task in exported for annotation in task["annotations"]]
        values = lambda annotation: [region["value"] for region in annotation["result"]]
        return [sorted((value["start"], value["end"], value["labels"][0]) for value in values(annotation)) for annotation in sorted(found, key=lambda one: one["id"])]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)


def peer_by_mouse(hands, spans):
    for start, end, label in spans:
        hands.click(hands.page.locator(".lsf-label").filter(has_text=label))
        hands.drag(TEXT, start, end)


def peer_by_mouse_and_keys(hands, spans):
    for start, end, label in spans:
        hands.press(str(six_spans.LABELS.index(label) + 1))
        hands.drag(TEXT, start, end)


def peer_counts(page, peer, text, ways):
    page.set_default_timeout(60_000)
    hands = Hands(page)
    peer.open(page)
    counted = []
    for number, way in enumerate(ways):
        submit = page.locator("button", has_text="Submit").first
        submit.wait_for()
        page.locator(TEXT).first.wait_for()
        hands.count()
        way(hands, six_spans.spans(text))
        hands.click(submit)
        counted.append(hands.count())
        until(lambda: len(peer.annotations()) > number)
        assert peer.annotations()[number] == sorted(six_spans.spans(text)), f"{way.__name__}: {peer.annotations()}"
    return counted


def told(counted):
    return "no keys select text" if counted is None else f"{counted[0]} keys, {counted[1]} clicks"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screenshots", type=Path, help="keep what Label Studio's page looks like in this folder")
    arguments = parser.parse_args()
    environment = os.environ | {"PRELABEL_HOME": str(PROJECT)}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        make_page = lambda: browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        prelabel = six_spans.Prelabel(Path(folder), environment, copies=3)
        try:
            ours = six_spans.counts(make_page(), prelabel, [six_spans.by_mouse, six_spans.by_mouse_and_keys, six_spans.by_keys])
            text = (Path(folder) / "prelabel-data/labeling/texts/abstracts" / f"page-1{six_spans.PAGE.suffix}.txt").read_text()
        finally:
            prelabel.stop()
        (Path(folder) / "peer").mkdir()
        peer = LabelStudio(Path(folder) / "peer", text, copies=2)
        page = make_page()
        try:
            theirs = peer_counts(page, peer, text, [peer_by_mouse, peer_by_mouse_and_keys]) + [None]
        finally:
            if arguments.screenshots:
                page.screenshot(path=arguments.screenshots / "label-studio.png")
            peer.stop()
        browser.close()
    print(f"| six spans, marked and submitted | Label Studio {peer.version} | Prelabel |\n|---|---|---|")
    for way, their, our in zip(["by mouse alone", "by mouse, labels by key", "by keyboard alone"], theirs, ours):
        print(f"| {way} | {told(their)} | {told(our)} |")
    if any(their and sum(our) > sum(their) for their, our in zip(theirs, ours)):
        sys.exit("Prelabel needs more")


if __name__ == "__main__":
    main()
