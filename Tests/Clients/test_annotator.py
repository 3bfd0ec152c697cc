"""The annotator: a whole task by mouse and by keyboard, drafts, the link between text and image, size, hostile content, axe."""
import base64
import hashlib
import itertools
import json
import os
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from conftest import FIXTURES
from crowd import NASTY, PROBE, select_by_mouse, utf16
from pages import assert_accessible, browser, page, painted, picture, place, server, submit_untouched, until_true, watched  # noqa: F401
from waiting import until

LABELS = [
    {"label": "Background", "shortDisplayName": "bkg", "help": "What was known before."},
    {"label": "Objectives", "shortDisplayName": "obj", "help": "What the work set out to do."},
    {"label": "Methods", "shortDisplayName": "met", "help": "How it was done."},
    {"label": "Results", "shortDisplayName": "res", "help": "What was found."},
    {"label": "Conclusions", "shortDisplayName": "con", "help": "What it means."},
    {"label": "Limitations", "shortDisplayName": "lim", "help": "What speaks against it."},
]
TEXT = "Aspirin is old. We test 40 mg aspirin in mice.\nThe mice lived. Aspirin works in mice."
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


def task(text=TEXT, **more):
    return {
        "task": {"id": "t1", "title": "Mark the parts of the abstract", "position": 3, "total": 40}, "text": text, "text-sha256": hashlib.sha256(text.encode()).hexdigest(),
        "labels": LABELS, "question": {"text": "Is this a good abstract?"}, "instructions": {"short": "<p>Mark <b>every</b> part.</p>"},
        "submitURL": "/submit", "saveURL": "/save", **more,
    }


def open_task(page, server, document):
    server.put("/task.json", json.dumps(document), "application/json")
    page.goto(server.url + "/assets/annotator/annotator.html?task=/task.json")
    page.locator(".pl-scroller").wait_for()
    until_true(page, "document.querySelector('prelabel-annotator').editor && document.querySelector('.pl-chunk')")


def sent(page, server):
    page.get_by_text("The answer was sent.").wait_for()
    return server.sent("/submit")[-1]["answer"]


def surfaces(answer, text=TEXT):
    units = text.encode("utf-16-le")
    return [(units[2 * span["startOffset"] : 2 * span["endOffset"]].decode("utf-16-le"), span["label"]) for span in answer["crowd-entity-annotation"]["entities"]]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_a_whole_task_by_mouse(page, server):
    suggestion = {"startOffset": utf16(TEXT, "The mice lived.")[0], "endOffset": utf16(TEXT, "The mice lived.")[1], "label": "Results", "confidence": 0.8}
    wrong = {"startOffset": 0, "endOffset": 7, "label": "Limitations"}
    open_task(page, server, task(suggestions=[suggestion, wrong]))
    label = lambda name: page.get_by_role("toolbar", name="Labels").get_by_role("button", name=name)
    select_by_mouse(page, *utf16(TEXT, "We test 40 mg aspirin in mice."))
    label("Methods").click()
    # A label that is held marks what is selected next; a selection inside a word takes the whole word.
    page.keyboard.press("Escape")
    label("Objectives").click()
    start, end = utf16(TEXT, "aspirin")
    select_by_mouse(page, start + 2, end - 1)
    press(page, "Escape")
    page.get_by_role("button", name="Previous", exact=True).click()
    page.get_by_role("button", name="Reject", exact=True).click()
    page.get_by_role("button", name="Accept all").click()
    page.get_by_label("Yes").check()
    page.get_by_label("Notes").fill("good")
    page.get_by_role("button", name="Submit").click()
    answer = sent(page, server)
    assert surfaces(answer) == [("We test 40 mg aspirin in mice.", "Methods"), ("aspirin", "Objectives"), ("The mice lived.", "Results")]
    assert answer["isGoodAbstract"] == "yes" and answer["notes"] == "good" and answer["text"] == TEXT and answer["text-sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert [outcome["outcome"] for outcome in answer["suggestions"]["outcomes"]] == ["accepted", "rejected"] and answer["suggestions"]["added"] == 2
    assert page.problems == []


def test_a_whole_task_by_keyboard_alone(page, server, tmp_path):
    suggestion = {"startOffset": utf16(TEXT, "The mice")[0], "endOffset": utf16(TEXT, "The mice")[1], "label": "Results"}
    open_task(page, server, task(suggestions=[suggestion]))
    # The text has the focus. Two spans on each other, one by its key and one by its name.
    press(page, "Control+Home", "Shift+End", "Escape", "Control+Home", *["Control+Shift+ArrowRight"] * 4, "1")
    press(page, "Control+Home", "Control+Shift+ArrowRight", "Enter")
    page.keyboard.type("lim")
    press(page, "Enter")
    # Every occurrence of the word, then one edge of the suggestion moved without marking it anew.
    press(page, "o")
    press(page, "n", "e", "ArrowRight", "ArrowRight", "Enter")
    # The same range once more with another label, taken back and done again.
    press(page, "Shift+Digit5", "Control+z", "Control+Shift+z")
    picture(page, "annotator-keyboard", tmp_path)
    press(page, "F6", "F6")
    assert page.evaluate("document.activeElement.id") == "pa-notes"
    page.keyboard.type("typed a1")
    press(page, "Shift+Tab", "Space")
    press(page, "Control+Enter")
    answer = sent(page, server)
    assert surfaces(answer) == [
        ("Aspirin is old.", "Background"), ("Aspirin", "Limitations"), ("The mice lived.", "Conclusions"), ("The mice lived.", "Results"), ("Aspirin", "Limitations"),
    ]
    assert answer["suggestions"]["outcomes"][0]["outcome"] == "fixed" and answer["notes"] == "typed a1" and answer["isGoodAbstract"] in ("yes", "no")
    assert page.problems == []


def test_sentences_are_selected_by_one_key(page, server):
    text = "Doses (e.g. 40 mg) work. \U0001f9ea Mice lived, vs. 2 that died!  See Fig. 2 for more\nNo full stop here\n\n\u201cQuoted?\u201d End. "
    open_task(page, server, task(text))
    wanted = ["Doses (e.g. 40 mg) work.", "\U0001f9ea Mice lived, vs. 2 that died!", "See Fig. 2 for more", "No full stop here", "\u201cQuoted?\u201d", "End."]
    press(page, "Control+Home")
    for index in range(len(wanted)):
        press(page, ".", str(index % 6 + 1))
    assert page.evaluate("(({ store, text }) => store.spans.map((span) => text.slice(span.start, span.end)))(document.querySelector('prelabel-annotator').editor)") == wanted
    # Nothing follows any more; from inside a sentence the whole of it is taken, and then the next as well.
    press(page, ".")
    selected = "(({ text, selectionStart, selectionEnd }) => text.slice(selectionStart, selectionEnd))(document.querySelector('prelabel-annotator').editor)"
    assert page.evaluate(selected) == ""
    press(page, "Control+Home", "Control+ArrowRight", "Control+ArrowRight", ".")
    assert page.evaluate(selected) == wanted[0]
    press(page, ".")
    assert page.evaluate(selected) == f"{wanted[0]} {wanted[1]}"
    open_task(page, server, task("One.\n  Two is indented. Three."))
    press(page, "Control+Home", "ArrowDown", ".")
    assert page.evaluate(selected) == "Two is indented."
    assert page.problems == []


def test_offsets_survive_whatever_the_text_holds(page, server):
    text = "\ufeffCafe\u0301 N\u00f8rd \U0001f9ea joined\r\nLumen Labs \U0001f469\u200d\U0001f52c in\u2028Oslo \U0001f1f3\U0001f1f4.\n\n" + NASTY
    open_task(page, server, task(text))
    assert page.evaluate("[...document.querySelectorAll('.pl-chunk')].map(chunk => [...chunk.childNodes].find(n => n.nodeType === 3).data).join('')") == text
    wanted = ["Cafe\u0301", "\U0001f9ea", "Labs \U0001f469\u200d\U0001f52c", "\U0001f1f3\U0001f1f4"]
    for part in wanted:
        page.evaluate("([start, end]) => { const editor = document.querySelector('prelabel-annotator').editor; editor.select(start, end); }", list(utf16(text, part)))
        press(page, "3")
    # Without whole words a mark still cuts no character that people see.
    start, end = utf16(text, "\U0001f1f3\U0001f1f4")
    press(page, "s")
    page.evaluate("([start, end]) => document.querySelector('prelabel-annotator').editor.select(start, end)", [start + 1, end - 1])
    press(page, "4")
    page.get_by_role("button", name="Submit").click()
    answer = sent(page, server)
    assert surfaces(answer, text) == [(part, "Methods") for part in wanted] + [("\U0001f1f3\U0001f1f4", "Results")]
    assert answer["text"] == text


def test_an_edge_is_dragged_without_marking_anew(page, server):
    open_task(page, server, task())
    select_by_mouse(page, *utf16(TEXT, "40 mg"))
    press(page, "3")
    handle = place(page.locator(".pl-handle[data-edge=end]"))
    start, end = utf16(TEXT, "aspirin")
    target = page.evaluate("offset => { const node = [...document.querySelector('.pl-chunk').childNodes].find(n => n.nodeType === 3); const range = document.createRange(); range.setStart(node, offset); range.setEnd(node, offset + 1); const rect = range.getBoundingClientRect(); return [rect.left, (rect.top + rect.bottom) / 2] }", end - 2)
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(target[0] - 30, target[1])
    page.mouse.move(*target)
    page.mouse.up()
    spans = "document.querySelector('prelabel-annotator').editor.store.spans.map(span => [span.start, span.end])"
    assert page.evaluate(spans) == [[utf16(TEXT, "40 mg")[0], end]]
    press(page, "Control+z")
    assert page.evaluate(spans) == [list(utf16(TEXT, "40 mg"))]


def test_a_finger_picks_a_mark_and_moves_its_edge_without_dragging(browser, server):
    context = browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = watched(context.new_page())
    open_task(page, server, task(draft={"savedAt": "2026-01-01T00:00:00.000Z", "entities": [{"startOffset": 21, "endOffset": 23, "label": "Methods"}]}))
    assert TEXT[21:23] == "st"
    page.touchscreen.tap(*page.evaluate(WORD, 22))
    page.get_by_role("button", name="Move end").tap()
    page.touchscreen.tap(*page.evaluate(WORD, utf16(TEXT, "aspirin")[0] + 2))
    page.get_by_role("button", name="Move end").tap()
    span = page.evaluate("(({ store, text }) => text.slice(store.spans[0].start, store.spans[0].end))(document.querySelector('prelabel-annotator').editor)")
    assert span == "st 40 mg aspirin" and page.problems == []
    context.close()


def test_undo_and_redo_have_no_end(page, server):
    open_task(page, server, task())
    counts = page.evaluate("""() => { const editor = document.querySelector('prelabel-annotator').editor; const seen = [];
      for (let n = 0; n < 500; n++) { const span = editor.mark(n % 2 ? 'Methods' : 'Results', 0, 7); editor.remove(span); }
      for (let n = 0; n < 1000; n++) editor.undo();
      seen.push(editor.store.spans.length, editor.store.canUndo);
      for (let n = 0; n < 1000; n++) editor.redo();
      seen.push(editor.store.spans.length, editor.store.canRedo); editor.undo(); seen.push(editor.store.spans.length); return seen; }""")
    assert counts == [0, False, 0, False, 1]


def test_a_draft_survives_a_killed_browser_and_its_time_is_said(browser, server, tmp_path):
    profile = tmp_path / "profile"
    start = lambda: browser.browser_type.launch_persistent_context(profile, executable_path="/usr/bin/chromium", args=["--no-sandbox"], viewport={"width": 1280, "height": 720})
    context = start()
    page = watched(context.pages[0])
    open_task(page, server, task(suggestions=[{"startOffset": 0, "endOffset": 7, "label": "Background"}]))
    select_by_mouse(page, *utf16(TEXT, "40 mg"))
    press(page, "3")
    page.get_by_label("Notes").fill("half done")
    expect(page.locator(".pa-saved")).to_contain_text("on this device")
    expect(page.locator(".pa-saved")).to_contain_text("on the server")
    # What is said may be of an earlier change.
    until(lambda: server.sent("/save"), lambda drafts: drafts and drafts[-1]["notes"] == "half done")
    page.wait_for_timeout(400)
    # The whole browser, at once: nothing is told that it ends.
    processes = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True).stdout.split()
    for process in processes:
        try:
            os.kill(int(process), signal.SIGKILL)
        except ProcessLookupError:
            pass
    try:
        context.close()
    except Exception:
        pass
    for lock in profile.glob("Singleton*"):
        lock.unlink()
    context = start()
    page = watched(context.pages[0])
    open_task(page, server, task(suggestions=[{"startOffset": 0, "endOffset": 7, "label": "Background"}]))
    assert "Draft of" in page.locator(".pa-saved").inner_text()
    expect(page.get_by_label("Notes")).to_have_value("half done")
    spans = page.evaluate("document.querySelector('prelabel-annotator').editor.store.spans.map(span => [span.start, span.label, span.isPending])")
    assert spans == [[0, "Background", True], [utf16(TEXT, "40 mg")[0], "Methods", False]]
    context.close()
    draft = server.sent("/save")[-1]
    assert draft["notes"] == "half done" and len(draft["entities"]) == 2 and draft["savedAt"].endswith("Z")


def test_a_server_that_is_away_loses_nothing(page, server):
    server.replies["/save"] = server.replies["/submit"] = (503, {"detail": "the store is away"})
    open_task(page, server, task())
    select_by_mouse(page, *utf16(TEXT, "40 mg"))
    press(page, "3")
    expect(page.locator(".pa-saved")).to_contain_text("the store is away")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".pa-problem")).to_have_text("Not sent: the store is away. Your work is still here.")
    server.replies.clear()
    page.get_by_role("button", name="Submit").click()
    assert surfaces(sent(page, server)) == [("40 mg", "Methods")]


def twice(page, server, *numbers):
    """The pages of two tasks, of which the first leads to the second."""
    for number in numbers:
        server.put(f"/task-{number}.json", json.dumps(task() | {"task": {"id": number}, "submitURL": f"/submit-{number}"}), "application/json")
    where = server.url + "/assets/annotator/annotator.html?task=/task-{}.json"
    server.replies["/submit-one"] = (200, {"next": where.format("two")})
    page.goto(where.format("one"))
    page.locator(".pl-chunk").wait_for()


def test_a_submit_key_held_down_sends_one_task(page, server):
    twice(page, server, "one", "two")
    press(page, "Control+Home", "Control+Shift+ArrowRight", "1")
    page.keyboard.down("Control")
    page.keyboard.down("Enter")
    page.wait_for_url("**task-two.json")
    page.locator(".pl-chunk").wait_for()
    for _ in range(5):
        page.keyboard.down("Enter")
    # A key pressed anew asks, and held down does not answer.
    page.keyboard.up("Enter")
    page.keyboard.down("Enter")
    dialog = page.get_by_role("dialog", name="Nothing is marked")
    dialog.wait_for()
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    page.keyboard.press("Enter")
    page.keyboard.up("Control")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_count(1)
    dialog.get_by_role("button", name="Go on marking").click()
    assert len(server.sent("/submit-one")) == 1 and server.sent("/submit-two") == []
    page.keyboard.press("Control+Enter")
    dialog.get_by_role("button", name="Submit anyway").click()
    page.get_by_text("The answer was sent.").wait_for()
    assert len(server.sent("/submit-two")) == 1 and page.problems == []


@pytest.mark.parametrize("size", [(1280, 720), (820, 1180), (600, 900), (640, 360)])
def test_a_second_press_on_submit_does_not_send_the_task_that_follows(browser, server, tmp_path, size):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = watched(context.new_page())
    open_task(page, server, task())
    button = page.get_by_role("button", name="Submit", exact=True)
    button.scroll_into_view_if_needed()
    box = place(button)
    for _ in range(3):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("dialog", name="Nothing is marked").wait_for()
    picture(page, f"annotator-untouched-{size[0]}", tmp_path)
    other = place(page.get_by_role("button", name="Submit anyway"))
    assert other["y"] >= box["y"] + box["height"] or other["y"] + other["height"] <= box["y"]
    assert other["y"] >= 0 and other["y"] + other["height"] <= size[1]
    assert server.sent("/submit") == [] and page.problems == []
    context.close()


@pytest.mark.parametrize("touch", ["note", "question", "taken back"])
def test_a_task_that_somebody_touched_is_sent_without_asking(page, server, touch):
    open_task(page, server, task())
    if touch == "note":
        page.get_by_label("Notes").fill("There is nothing to mark.")
    elif touch == "question":
        page.get_by_label("No", exact=True).check()
    else:
        press(page, "Control+Home", "Control+Shift+ArrowRight", "1", "Control+z")
    page.get_by_role("button", name="Submit").click()
    assert surfaces(sent(page, server)) == []


def test_a_task_open_in_two_tabs_says_so_in_both(page, server, tmp_path):
    open_task(page, server, task())
    notice = lambda tab: tab.get_by_text("open in another tab")
    expect(notice(page)).to_have_count(0)
    other = watched(page.context.new_page())
    open_task(other, server, task())
    for tab in (page, other):
        expect(notice(tab)).to_be_visible()
        expect(notice(tab)).to_contain_text("What is saved last replaces what the other tab saved")
    assert_accessible(page, "two tabs")
    picture(page, "annotator-two-tabs", tmp_path)
    # Another task is none of theirs, and a tab that went on is gone.
    open_task(other, server, task() | {"task": {"id": "t2"}})
    for tab in (page, other):
        expect(notice(tab)).to_have_count(0)
    open_task(other, server, task())
    expect(notice(page)).to_be_visible()
    other.get_by_label("Notes").fill("done")
    other.get_by_role("button", name="Submit").click()
    sent(other, server)
    expect(notice(page)).to_have_count(0)


def test_a_text_that_is_not_the_task_s_is_refused(page, server):
    server.put("/task.json", json.dumps(task() | {"text-sha256": "0" * 64}), "application/json")
    page.goto(server.url + "/assets/annotator/annotator.html?task=/task.json")
    page.get_by_text("is not the one it was made for").wait_for()
    page.goto(server.url + "/assets/annotator/annotator.html?task=https://example.invalid/x")
    page.get_by_text("not on this server").wait_for()


def test_undecided_suggestions_are_asked_about(page, server):
    open_task(page, server, task(suggestions=[{"startOffset": 0, "endOffset": 7, "label": "Background"}, {"startOffset": 5, "endOffset": 999, "label": "x"}]))
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Submit without them").click()
    answer = sent(page, server)
    assert surfaces(answer) == [] and [outcome["outcome"] for outcome in answer["suggestions"]["outcomes"]] == ["undecided"]


def test_a_task_without_suggestions_on_purpose_says_so_in_its_answer_only(page, server):
    open_task(page, server, task(**{"suggestions-withheld": True}))
    assert page.get_by_role("toolbar", name="Suggestions").count() == 0
    submit_untouched(page)
    assert sent(page, server)["suggestions"] == {"added": 0, "withheld": True}


WORD = "offset => { const node = [...document.querySelector('.pl-chunk').childNodes].find(n => n.nodeType === 3); const range = document.createRange(); range.setStart(node, offset); range.setEnd(node, offset + 1); const rect = range.getBoundingClientRect(); return [(rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2] }"


def page_record(text, words, unit="scalar"):
    """A record with one line of equally wide words, the n-th at 10 % + 8 % n of the page's width."""
    blocks, listed = [], []
    for index, (word, confidence) in enumerate(words):
        start = text.index(word)
        blocks.append({"BlockType": "WORD", "Id": f"word-{index + 1}", "Confidence": confidence, "Text": word, "Geometry": {"BoundingBox": {"Left": 0.1 + 0.08 * index, "Top": 0.3, "Width": 0.06, "Height": 0.02}}})
        listed.append({"BlockId": f"word-{index + 1}", "StartOffset": start, "EndOffset": start + len(word)})
    return {"Blocks": blocks, "TextMap": {"OffsetUnit": unit, "Words": listed, "JoinedHyphens": []}, "regions": [{"Left": 0.08, "Top": 0.28, "Width": 0.84, "Height": 0.1}]}


def test_text_and_image_light_each_other(page, server, tmp_path):
    """By pixel position, with characters outside the Basic Multilingual Plane before the words."""
    from PIL import Image

    text = "\U0001f9ea Alpha beta gamma delta"
    Image.new("RGB", (800, 1000), "white").save(tmp_path / "page.png")
    server.put("/page.png", (tmp_path / "page.png").read_bytes(), "image/png")
    open_task(page, server, task(text, imageURL="/page.png", imageName="p.png", pageRecord=page_record(text, [("Alpha", 99), ("beta", 42), ("gamma", 98), ("delta", 97)])))
    page.locator(".pa-sheet img").evaluate("(image) => image.decode()")
    painted(page)
    sheet = lambda: place(page.locator(".pa-sheet"))
    expected = lambda index: (sheet()["x"] + (0.1 + 0.08 * index) * sheet()["width"], sheet()["y"] + 0.3 * sheet()["height"])
    # Hovering in the text lights the word on the image.
    page.mouse.move(*page.evaluate(WORD, utf16(text, "gamma")[0] + 2))
    lit = page.locator(".pa-lit")
    expect(lit).to_have_count(1)
    box = place(lit)
    assert abs(box["x"] - expected(2)[0]) < 2 and abs(box["y"] - expected(2)[1]) < 2 and abs(box["width"] - 0.06 * sheet()["width"]) < 2
    # So does the caret, moved by keys.
    page.mouse.move(640, 5)
    press(page, "Control+Home", "Control+ArrowRight", "Control+ArrowRight", "Control+ArrowRight")
    until(lambda: place(lit)["x"], lambda left: abs(left - expected(1)[0]) < 2)
    # A click on the image places the caret, and hovering lights the word in the text.
    x, y = expected(3)
    page.mouse.move(x + 5, y + 5)
    word = page.evaluate(WORD, utf16(text, "delta")[0] + 2)
    is_around = lambda box: box["x"] < word[0] < box["x"] + box["width"] and box["y"] < word[1] < box["y"] + box["height"]
    until(lambda: place(page.locator(".pl-linked")), is_around)
    page.mouse.click(x + 5, y + 5)
    editor = "(({ anchor, focus }) => [anchor, focus])(document.querySelector('prelabel-annotator').editor)"
    assert page.evaluate(editor) == [utf16(text, "delta")[0]] * 2
    # A drag over the image selects the words, and a key marks them.
    page.mouse.move(expected(0)[0] + 5, y + 5)
    page.mouse.down()
    page.mouse.move(expected(2)[0] + 8, y + 5)
    page.mouse.up()
    press(page, "4")
    assert page.evaluate("document.querySelector('prelabel-annotator').answer['crowd-entity-annotation'].entities") == [{"startOffset": utf16(text, "Alpha")[0], "endOffset": utf16(text, "gamma")[1], "label": "Results"}]
    # The word that was read badly is marked as such on both sides.
    expect(page.locator(".pl-uncertain")).to_have_count(1)
    expect(page.locator(".pa-doubt")).to_have_count(1)
    press(page, "Escape", "u")
    expect(page.locator(".pa-what")).to_contain_text("42 % certainty")
    assert page.problems == []


@pytest.mark.parametrize("shape", ["paragraphs", "one line"])
def test_a_megabyte_with_5000_spans_opens_in_a_second_and_edits_in_50_ms(page, server, shape, capsys, tmp_path):
    sentence = "We measured the uptake of \u00b5g amounts in 12 volunteers over four weeks and report it here. "
    count = 1_000_000 // len(sentence)
    text = "".join(sentence + ("\n" if shape == "paragraphs" and n % 12 == 11 else "") for n in range(count))
    suggestions = [{"startOffset": int(n * (len(text) - 60) / 5000), "endOffset": int(n * (len(text) - 60) / 5000) + 12 + n % 40, "label": LABELS[n % 6]["label"]} for n in range(5000)]
    document = task(text, draft={"savedAt": "2026-01-01T00:00:00.000Z", "entities": suggestions})
    server.put("/task.json", json.dumps(document), "application/json")
    page.add_init_script("""window.opened = new Promise(done => addEventListener("prelabel-open", () => { const look = () => document.querySelector(".pl-tag") ? done(performance.now()) : requestAnimationFrame(look); look(); }))""")
    page.goto(server.url + "/assets/annotator/annotator.html?task=/task.json")
    opened = page.evaluate("window.opened")
    loaded = page.evaluate("performance.getEntriesByName(location.origin + '/task.json')[0].responseEnd")
    shown = """async (action) => { await new Promise(done => setTimeout(done, 300)); const start = performance.now();
      const text = document.querySelector(".pl-scroller"); const press = (key, more = {}) => text.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
      for (const [key, more] of action) press(key, more);
      return await new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)))); }"""
    edits = {}
    places = itertools.count(500, 200)
    select = lambda: page.evaluate("(start) => document.querySelector('prelabel-annotator').editor.select(start, start + 20)", next(places))
    mark, undo, idle = [["3", {}]], [["z", {"ctrlKey": True}]], lambda: None
    for name, before, keys in [
        ("mark", select, mark), ("undo", lambda: (select(), page.evaluate(shown, mark)), undo), ("caret", idle, [["ArrowRight", {}]]),
        ("row", idle, [["ArrowDown", {}]]), ("remove", idle, [["]", {}], ["Delete", {}]]),
    ]:
        # The best of seven, since other programs may share the machine; the median is printed beside it.
        tries = sorted((before(), page.evaluate(shown, keys))[1] for _ in range(7))
        edits[name] = (tries[0], tries[3])
    page.evaluate("document.querySelector('prelabel-annotator').editor.select(900000, 900020)")
    far = page.evaluate(shown, [["ArrowRight", {"shiftKey": True}], ["3", {}]])
    picture(page, f"annotator-megabyte-{shape.replace(' ', '-')}", tmp_path)
    nodes = page.evaluate("document.querySelectorAll('*').length")
    with capsys.disabled():
        print(f"\n{shape}: open {opened - loaded:.0f} ms after the document came, edits {({name: tuple(map(round, pair)) for name, pair in edits.items()})} ms, far away {far:.0f} ms, {nodes} elements")
    assert opened - loaded < 1000
    assert all(best < 50 for best, _ in edits.values()), edits
    assert nodes < 6000


def test_long_lists_and_far_places_stay_in_step(page, server):
    text = "".join(f"Line {n} has some words.\n" for n in range(20_000))
    entities = [{"startOffset": text.index(f"Line {n} "), "endOffset": text.index(f"Line {n} ") + 4, "label": "Results"} for n in range(0, 20_000, 10)]
    open_task(page, server, task(text, draft={"savedAt": "2026-01-01T00:00:00.000Z", "entities": entities}))
    page.get_by_role("listbox", name="Marks in the text").focus()
    press(page, "End", "Enter")
    view = place(page.locator(".pl-scroller"))
    until(lambda: place(page.locator(".pl-mark.pl-current").first), lambda current: view["y"] <= current["y"] <= view["y"] + view["height"])
    expect(page.locator(".pa-row[aria-selected=true]")).to_have_attribute("aria-posinset", "2000")
    assert page.locator(".pa-row").count() < 40
    press(page, "3", "Control+End", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "4")
    assert page.evaluate("(({ store, text }) => { const span = store.spans.at(-1); return [text.slice(span.start, span.end), span.label]; })(document.querySelector('prelabel-annotator').editor)") == ["words.", "Results"]


def test_hostile_content_stays_text(browser, server):
    # Without the content security policy, so that the pages' own care is what is tested.
    context = browser.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    page = watched(context.new_page())
    hostile = {
        "task": {"id": PROBE, "title": PROBE, "position": 1, "total": 2}, "labels": [{"label": PROBE, "fullDisplayName": PROBE, "shortDisplayName": PROBE, "help": PROBE}],
        "metadata": {PROBE: PROBE}, "imageName": PROBE, "imageURL": "javascript:executed('url')", "question": {"text": PROBE, "name": "__proto__"},
        "instructions": {"short": PROBE + "<a href=\"javascript:executed('a')\">link</a><svg onload=executed('svg')><p onclick=executed('p')>kept</p>", "full": PROBE},
        "suggestions": [{"startOffset": 0, "endOffset": 4, "label": PROBE}], "draft": {"notes": PROBE, "savedAt": "2026-01-01T00:00:00.000Z", "entities": [{"startOffset": 0, "endOffset": 4, "label": PROBE}]},
    }
    open_task(page, server, task(PROBE) | hostile)
    press(page, "i")
    expect(page.get_by_text("kept")).to_be_visible()
    assert page.locator("dialog a, dialog img, dialog svg, dialog script, dialog [onclick]").count() == 0
    press(page, "Escape", "]", "Enter", "Escape", "?")
    page.wait_for_timeout(200)
    assert page.evaluate("probe") == [] and page.problems == []
    assert page.locator("prelabel-annotator img").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (820, 1180), (1024, 768), (600, 900)])
def test_nothing_serious_for_axe_and_all_in_reach(browser, server, tmp_path, scheme, size):
    server.put("/page.jpg", (FIXTURES / "pages/typeset/twocol-1-013.jpg").read_bytes(), "image/jpeg")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, bypass_csp=True)
    page = watched(context.new_page())
    suggestions = [{"startOffset": utf16(TEXT, "The mice lived.")[0], "endOffset": utf16(TEXT, "The mice lived.")[1], "label": "Results"}]
    record = page_record(TEXT, [("Aspirin", 99), ("old", 50)])
    open_task(page, server, task(imageURL="/page.jpg", imageName="twocol-1-013.jpg", pageRecord=record, suggestions=suggestions, metadata={"Author": "n/a"}))
    press(page, "Control+Home", *["Control+Shift+ArrowRight"] * 4, "1")
    painted(page)
    picture(page, f"annotator-{scheme}-{size[0]}", tmp_path)
    assert_accessible(page, f"{scheme} {size}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Submit").scroll_into_view_if_needed()
    box = place(page.get_by_role("button", name="Submit"))
    assert 0 <= box["y"] and box["y"] + box["height"] <= size[1]
    press(page, "?")
    assert_accessible(page, "keys")
    context.close()
