"""Six spans with six labels on the abstract of a fixture page, marked in Prelabel's annotator in three ways."""
import json
import shutil
import subprocess

from hands import Hands
from processes import BINARY, PROJECT, free_port
from waiting import until

PAGE = PROJECT / "Fixtures" / "pages" / "typeset" / "ieee-2-020.jpg"
LABELS = ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"]
# How each part of the abstract begins and ends, its label, and how many sentences it has.
PARTS = [
    ("In recent years", "solutions.", "Background", 1),
    ("However", "lacking.", "Limitations", 1),
    ("Our paper", "benefits.", "Objectives", 1),
    ("Business process", "e-procurement.", "Methods", 1),
    ("The approach", "levels).", "Results", 2),
    ("Finally", "shown.", "Conclusions", 1),
]
TEXT = ".pl-text"


def spans(text):
    """`(start, end, label)` of each part in the page's text, which has no character beyond U+FFFF."""
    found, place = [], 0
    for first, last, label, _ in PARTS:
        start = text.index(first, place)
        place = text.index(last, start) + len(last)
        found.append((start, place, label))
    return found


def by_mouse(hands, text):
    for start, end, label in spans(text):
        hands.drag(TEXT, start, end)
        hands.click(hands.page.get_by_role("toolbar", name="Labels").get_by_role("button", name=label))
    hands.click(hands.page.get_by_role("button", name="Submit"))


def by_mouse_and_keys(hands, text):
    for start, end, label in spans(text):
        hands.drag(TEXT, start, end)
        hands.press(str(LABELS.index(label) + 1))
    hands.click(hands.page.get_by_role("button", name="Submit"))


def by_keys(hands, _):
    """The caret stands at the beginning; a full stop selects the next sentence, and one more."""
    for _, _, label, sentences in PARTS:
        hands.press(*["."] * sentences, str(LABELS.index(label) + 1))
    hands.press("Control+Enter")


class Prelabel:
    """`prelabel label` on copies of the page, in an empty folder."""

    def __init__(self, folder, environment, copies):
        (folder / "scans").mkdir()
        for number in range(copies):
            shutil.copy(PAGE, folder / "scans" / f"page-{number + 1}{PAGE.suffix}")
        self.output = folder / "prelabel-data/labeling/jobs/abstracts/manifests/output/output.manifest"
        command = [BINARY, "label", "scans", "--labels", ",".join(LABELS), "--name", "abstracts", "--port", str(free_port())]
        with open(folder / "said", "wb") as said:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=said)
        self.link = self.process.stdout.readline().decode().strip().split("\t")[-1]
        self.url = json.loads(self.process.stdout.readline())["listening"]

    def sign_in(self, page):
        """Follows the link as far as the first task, once the job is open."""
        page.goto(self.link)
        page.get_by_role("heading", name="Your jobs").wait_for()

        def is_open():
            page.reload()
            page.get_by_role("heading", name="Your jobs").wait_for()
            return page.get_by_role("link", name="Start").count()

        until(is_open, what="no task to start with")
        page.get_by_role("link", name="Start").click()

    def text(self, page, number):
        """The text of a task, once it is open in the annotator and its image is shown."""
        page.wait_for_url(f"**/tasks/{number}")
        page.locator(".pl-chunk").first.wait_for()
        page.locator(".pa-sheet img").evaluate("(image) => image.decode()")
        return page.evaluate("document.querySelector('prelabel-annotator').editor.text")

    def marked(self, number):
        """The spans that the job put out for an object, as soon as they are there."""

        def label():
            lines = self.output.read_text().splitlines() if self.output.exists() else []
            return json.loads(lines[number]).get("abstracts") if number < len(lines) else None

        entities = until(label, what=f"object {number} is not labeled")["annotations"]["entities"]
        return [(span["startOffset"], span["endOffset"], span["label"]) for span in entities]

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=60)


def counts(page, prelabel, ways):
    """`(key presses, clicks)` of each way from an open task to its submission; the spans that came out are checked."""
    hands = Hands(page)
    prelabel.sign_in(page)
    counted = []
    for number, way in enumerate(ways):
        text = prelabel.text(page, number)
        hands.count()
        way(hands, text)
        if number + 1 < len(ways):
            page.wait_for_url(f"**/tasks/{number + 1}")
        else:
            page.get_by_text("Thank you.").wait_for()
        counted.append(hands.count())
        assert prelabel.marked(number) == sorted(spans(text)), f"{way.__name__}: {prelabel.marked(number)}"
    return counted
