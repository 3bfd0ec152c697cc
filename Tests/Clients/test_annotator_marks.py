"""Marks in the annotator that do what was meant: labels that are held, keys of other keyboards, equal marks, other scripts."""
import re

import pytest
from playwright.sync_api import expect

from crowd import open_crowd, select_by_mouse, utf16
from pages import browser, page, painted, place, server, slow_down, until_true  # noqa: F401
from test_annotator import open_task, press, task

SPANS = "(({ store, text }) => store.spans.map((span) => [text.slice(span.start, span.end), span.label]))(document.querySelector('prelabel-annotator').editor)"
SELECTED = "(({ text, selectionStart, selectionEnd }) => text.slice(selectionStart, selectionEnd))(document.querySelector('prelabel-annotator').editor)"
SELECT = "([start, end]) => document.querySelector('prelabel-annotator').editor.select(start, end)"


def suggested(*spans):
    return [{"startOffset": start, "endOffset": end, "label": label} for start, end, label in spans]


def drafted(*spans):
    return {"savedAt": "2026-01-01T00:00:00.000Z", "entities": suggested(*spans)}


def label(page, name):
    return page.get_by_role("toolbar", name="Labels").get_by_role("button", name=name)


def said(page):
    return page.locator(".pa-said")


def key(page, **event):
    """A key as another keyboard sends it, to the text."""
    page.locator(".pl-scroller").evaluate("(text, event) => text.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...event }))", event)


# MARK: what a label is for

def test_labels_that_are_held_one_after_the_other_mark_one_thing_each(page, server):
    open_task(page, server, task("Hello world, the cat sat."))
    label(page, "Methods").click()
    select_by_mouse(page, *utf16("Hello world, the cat sat.", "world"))
    label(page, "Results").click()
    select_by_mouse(page, *utf16("Hello world, the cat sat.", "sat"))
    assert page.evaluate(SPANS) == [["world", "Methods"], ["sat", "Results"]]
    # A mark that is pressed gets another label; the one that was held stays held.
    page.mouse.click(*page.locator(".pl-mark").first.evaluate("(mark) => { const box = mark.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }"))
    label(page, "Limitations").click()
    assert page.evaluate(SPANS) == [["world", "Limitations"], ["sat", "Results"]]
    assert page.problems == []


def test_a_label_pressed_at_once_goes_to_the_mark_that_was_just_pressed(page, server):
    slow_down(page, 400)
    open_task(page, server, task(draft=drafted((0, 7, "Background"), (11, 14, "Results"))))
    mark = place(page.locator(".pl-mark").nth(1))
    page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2)
    label(page, "Limitations").click()
    assert page.evaluate(SPANS) == [["Aspirin", "Background"], ["old", "Limitations"]]


def test_the_last_mark_is_in_reach_before_the_list_was_painted(page, server):
    slow_down(page, 400)
    text = "One. " * 100
    open_task(page, server, task(text, draft=drafted(*((5 * number, 5 * number + 3, "Methods") for number in range(100)))))
    page.get_by_role("listbox", name="Marks in the text").focus()
    press(page, "End")
    expect(page.locator(".pa-row[aria-selected=true]")).to_have_attribute("aria-posinset", "100")


def test_labels_held_in_the_crowd_element_mark_one_thing_each(page, server):
    open_crowd(page, server, """<crowd-entity-annotation name="c" labels="['A', 'B']" text="One two three"></crowd-entity-annotation>""")
    for name, part in [("A", "One"), ("B", "three")]:
        page.get_by_role("button", name=name, exact=True).click()
        select_by_mouse(page, *utf16("One two three", part))
    assert page.evaluate("document.querySelector('crowd-entity-annotation').value.entities") == [
        {"endOffset": 3, "label": "A", "startOffset": 0}, {"endOffset": 13, "label": "B", "startOffset": 8}]


@pytest.mark.parametrize("keys, expected", [
    (["Shift+Digit2"], [["world", "Background"], ["sat", "Objectives"]]),
    (["Delete"], [["world", "Background"]]),
    (["Backspace", "x"], [["world", "Background"]]),
])
def test_a_selection_is_what_keys_act_on_and_no_mark_beside_it(page, server, keys, expected):
    text = "Hello world, the cat sat."
    open_task(page, server, task(text))
    select_by_mouse(page, *utf16(text, "world"))
    press(page, "1")
    select_by_mouse(page, *utf16(text, "sat"))
    press(page, *keys)
    assert page.evaluate(SPANS) == expected


def test_a_further_label_goes_to_the_sentence_that_was_selected_last(page, server):
    open_task(page, server, task("One here. Two there."))
    press(page, "Control+Home", ".", "1", ".", "Shift+Digit2", "Shift+Digit3")
    assert page.evaluate(SPANS) == [["One here.", "Background"], ["Two there.", "Methods"], ["Two there.", "Objectives"]]


# MARK: keys of other keyboards

def test_the_row_of_digits_labels_on_every_keyboard(page, server):
    open_task(page, server, task())
    page.evaluate(SELECT, [0, 7])
    key(page, key="&", code="Digit1")
    key(page, key="2", code="Digit2", shiftKey=True)
    assert page.evaluate(SPANS) == [["Aspirin", "Background"], ["Aspirin", "Objectives"]]
    # With AltGr a digit's key is another character, and the pad's digits come without Shift.
    page.evaluate(SELECT, [11, 14])
    key(page, key="[", code="Digit5", modifierAltGraph=True)
    key(page, key="3", code="Numpad3")
    assert page.evaluate(SPANS) == [["Aspirin", "Background"], ["Aspirin", "Methods"]]
    page.evaluate(SELECT, [11, 14])
    key(page, key="4", code="Numpad4")
    assert page.evaluate(SPANS)[2:] == [["old", "Results"]]
    # So in a template's element.
    open_crowd(page, server, """<crowd-form><crowd-entity-annotation name="a" text="Aspirin is old." labels="['ORG','GPE']"></crowd-entity-annotation></crowd-form>""")
    page.locator(".pl-scroller").focus()
    press(page, "Control+Shift+ArrowRight")
    key(page, key="\u00e9", code="Digit2")
    assert page.evaluate("document.querySelector('crowd-entity-annotation').value.entities") == [{"endOffset": 7, "label": "GPE", "startOffset": 0}]


def test_caps_lock_changes_no_command(page, server):
    open_task(page, server, task(suggestions=suggested((0, 7, "Methods"), (11, 14, "Results"), (47, 50, "Results"))))
    key(page, key="A", code="KeyA")
    key(page, key="A", code="KeyA")
    pending = "document.querySelector('prelabel-annotator').editor.store.spans.filter((span) => span.isPending).length"
    assert page.evaluate(pending) == 2
    key(page, key="X", code="KeyX")
    assert page.evaluate(pending) == 1 and len(page.evaluate(SPANS)) == 2
    key(page, key="a", code="KeyA", shiftKey=True)
    assert page.evaluate(pending) == 0 and len(page.evaluate(SPANS)) == 2


# MARK: equal marks, suggestions, occurrences

def test_a_mark_that_gets_another_s_label_becomes_one_with_it(page, server):
    open_task(page, server, task(draft=drafted((0, 7, "Background"), (0, 7, "Methods"))))
    press(page, "Control+Home", "]", "3")
    assert page.evaluate(SPANS) == [["Aspirin", "Methods"]]
    expect(said(page)).to_contain_text("It became one with an equal mark.")
    press(page, "Control+z")
    assert page.evaluate(SPANS) == [["Aspirin", "Background"], ["Aspirin", "Methods"]]
    press(page, "Control+Shift+z")
    assert page.evaluate(SPANS) == [["Aspirin", "Methods"]]


def test_an_edge_that_rests_on_an_equal_mark_makes_one_and_one_that_passes_does_not(page, server):
    text = "One two three four"
    open_task(page, server, task(text, draft=drafted((0, 3, "Methods"), (0, 7, "Methods"))))
    both = [["One two", "Methods"], ["One", "Methods"]]
    # The longer one comes first in the text; the shorter grows past it and back.
    press(page, "Control+Home", "]", "]", "e", "ArrowRight", "ArrowRight")
    assert page.evaluate(SPANS) == [["One two three", "Methods"], ["One two", "Methods"]]
    press(page, "ArrowLeft", "Enter")
    assert page.evaluate(SPANS) == [["One two", "Methods"]]
    expect(said(page)).to_contain_text("It became one with an equal mark.")
    press(page, "Control+z")
    assert page.evaluate(SPANS) == both
    # By the pointer, too.
    page.evaluate(SELECT, [1, 1])
    handle = place(page.locator(".pl-handle[data-edge=end]"))
    target = page.evaluate("""() => { const node = [...document.querySelector('.pl-chunk').childNodes].find((child) => child.nodeType === 3);
      const range = document.createRange(); range.setStart(node, 5); range.setEnd(node, 6); const rect = range.getBoundingClientRect(); return [rect.right - 1, (rect.top + rect.bottom) / 2]; }""")
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(*target, steps=4)
    page.mouse.up()
    assert page.evaluate(SPANS) == [["One two", "Methods"]]
    press(page, "Control+z")
    assert page.evaluate(SPANS) == both


def test_suggestions_that_became_equal_are_accepted_as_one(page, server):
    open_task(page, server, task(suggestions=suggested((0, 7, "Methods"), (0, 7, "Methods"), (11, 14, "Results"))))
    press(page, "Shift+A")
    outcomes = "document.querySelector('prelabel-annotator').answer.suggestions"
    assert page.evaluate(SPANS) == [["Aspirin", "Methods"], ["old", "Results"]]
    assert [outcome["outcome"] for outcome in page.evaluate(outcomes)["outcomes"]] == ["accepted"] * 3 and page.evaluate(outcomes)["added"] == 0
    expect(said(page)).to_have_text("3 suggestions accepted. Equal marks became one.")
    press(page, "Control+z")
    assert len(page.evaluate(SPANS)) == 3
    press(page, "n", "a")
    assert page.evaluate(SPANS) == [["Aspirin", "Methods"], ["old", "Results"]]


def test_rejecting_after_the_last_suggestion_was_accepted_takes_nothing_away(page, server):
    open_task(page, server, task(suggestions=suggested((0, 7, "Methods"))))
    press(page, "n", "a", "x")
    assert page.evaluate(SPANS) == [["Aspirin", "Methods"]]


@pytest.mark.parametrize("text, marked, expected", [
    ("aaaa", (1, 3), [[1, 3]]),
    ("aaaa aa", (1, 3), [[1, 3], [5, 7]]),
    ("aaaaaa", (0, 2), [[0, 2], [2, 4], [4, 6]]),
    ("e\u0301e e", (4, 5), [[2, 3], [4, 5]]),
])
def test_occurrences_cross_no_mark_and_no_character(page, server, text, marked, expected):
    open_task(page, server, task(text, draft=drafted((*marked, "Methods"))))
    press(page, "s", "Control+Home", "]", "o")
    assert page.evaluate("document.querySelector('prelabel-annotator').editor.store.spans.map((span) => [span.start, span.end])") == expected


def test_a_whole_word_behind_a_part_of_one_is_found(page, server):
    # The first match begins inside "xa" and lies across the beginning of the one that counts.
    open_task(page, server, task("xa-a-a a-a", draft=drafted((7, 10, "Methods"))))
    press(page, "Control+Home", "]", "o")
    assert page.evaluate("document.querySelector('prelabel-annotator').editor.store.spans.map((span) => [span.start, span.end])") == [[3, 6], [7, 10]]


# MARK: what is said, and other scripts

def test_selecting_by_keys_is_said_and_moving_is_not(page, server):
    text = "Hello world, the cat sat. " + "So it went on " * 20
    open_task(page, server, task(text))
    press(page, "Control+Home", "ArrowRight", "Control+ArrowRight", "ArrowDown", "Control+Home")
    expect(said(page)).to_have_text("")
    press(page, "Control+Shift+ArrowRight")
    expect(said(page)).to_have_text("Selected: Hello")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight")
    expect(said(page)).to_have_text("Selected: Hello w")
    press(page, "Control+a")
    expect(said(page)).to_have_text(re.compile(r"^Selected: Hello world, the cat sat\. So it .{0,20} … .{20,40}$"))
    press(page, "Control+Home", ".")
    expect(said(page)).to_have_text("Selected: Hello world, the cat sat.")


WORDS = [
    ("日本語のテキストです。", ["日本語", "の", "テキスト", "です", "。"]),
    ("เราทดสอบยา 40 mg ในหนู", ["เรา", "ทดสอบ", "ยา", "40", "mg", "ใน", "หนู"]),
    ("我们测试COVID患者 now", ["我们", "测试", "COVID", "患者", "now"]),
    ("가나다 라마 cafe\u0301s N\u00f8rd_1", ["가나다", "라마", "cafe\u0301s", "N\u00f8rd_1"]),
]


@pytest.mark.parametrize("text, words", WORDS)
def test_words_of_scripts_without_blanks_come_from_a_dictionary(page, server, text, words):
    open_task(page, server, task(text))
    press(page, "Control+Home")
    found = []
    for _ in words:
        press(page, "Control+Shift+ArrowRight")
        found.append(page.evaluate(SELECTED).strip())
        press(page, "Escape")
    assert found == words
    back = []
    for _ in words:
        press(page, "Control+Shift+ArrowLeft")
        back.append(page.evaluate(SELECTED).strip())
        press(page, "Escape")
    assert back == words[::-1]


def test_a_double_click_and_a_part_of_a_word_take_one_word_of_japanese(page, server):
    text = "日本語のテキストです。"
    open_task(page, server, task(text))
    start, end = utf16(text, "テキスト")
    select_by_mouse(page, start + 1, end - 1)
    assert page.evaluate(SELECTED) == "テキスト"
    press(page, "1")
    box = place(page.locator(".pl-mark"))
    page.keyboard.press("Escape")
    page.mouse.dblclick(box["x"] + 20, box["y"] + box["height"] / 2)
    until_true(page, "() => document.querySelector('prelabel-annotator').editor.hasSelection")
    assert page.evaluate(SELECTED) == "テキスト"


HEBREW = "בדקנו את התרופה בעכברים"


@pytest.mark.parametrize("text, places", [
    (HEBREW, (0, len(HEBREW))),
    (f"One.\n{HEBREW}\nTwo.", (5, 5 + len(HEBREW))),
    (f"{HEBREW} in 40 mice", (0, len(HEBREW) + 11)),
    (f"We tested {HEBREW} in mice", (0, len(HEBREW) + 18)),
    ("Plain words.\nMore", (0, 12)),
])
def test_home_and_end_go_to_the_ends_of_a_line_that_runs_either_way(page, server, text, places):
    open_task(page, server, task(text))
    focus = "document.querySelector('prelabel-annotator').editor.focus"
    page.evaluate(SELECT, [places[0] + 3] * 2)
    press(page, "Home")
    assert page.evaluate(focus) == places[0]
    press(page, "Shift+End")
    assert page.evaluate(SELECTED) == text[places[0] : places[1]]
    press(page, "End", "Home")
    assert page.evaluate(focus) == places[0]


def test_home_and_end_keep_to_the_row_of_a_long_line(page, server):
    text = f"{HEBREW} " * 40
    open_task(page, server, task(text))
    row = "(offset) => Math.round(document.querySelector('prelabel-annotator').querySelector('.pl-caret').getBoundingClientRect().top)"
    press(page, "Control+Home", "ArrowDown", "ArrowDown", "ArrowRight")
    page.locator(".pl-caret").wait_for()
    tops = []
    focuses = []
    for key_name in ("Home", "End"):
        press(page, key_name)
        painted(page)
        tops.append(page.evaluate(row))
        focuses.append(page.evaluate("document.querySelector('prelabel-annotator').editor.focus"))
    assert tops[0] == tops[1] and 0 < focuses[0] < focuses[1] < len(text)
    assert text[focuses[0] - 1] == " " == text[focuses[1]]
