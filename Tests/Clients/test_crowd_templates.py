"""Templates that were written for the crowd elements run: marks in a text, and pages that build on an element's parts."""
import hashlib
import json

import pytest
from playwright.sync_api import expect

from crowd import NASTY, annotation, answer, open_crowd, press_submit, select_by_mouse, utf16
from pages import browser, page, picture, place, rendered, server, settled, until_true  # noqa: F401


def test_entities_by_mouse_count_utf16_and_the_text_is_shown_as_it_is(page, server, tmp_path):
    open_crowd(page, server, annotation(NASTY))
    assert page.evaluate("[...document.querySelectorAll('.pl-chunk')].map(chunk => [...chunk.childNodes].find(n => n.nodeType === 3).data).join('')") == NASTY
    spans = [("Lumen  Labs", "Organization", "ORG"), ("Oslo", "Place", "GPE"), ("\U0001f469\u200d\U0001f52c", "Place", "GPE")]
    for part, name, _ in spans:
        select_by_mouse(page, *utf16(NASTY, part))
        page.get_by_role("button", name=name).click()
        page.mouse.click(5, 5)
    picture(page, "crowd-entity-annotation", tmp_path)
    press_submit(page)
    expected = sorted(({"startOffset": utf16(NASTY, part)[0], "endOffset": utf16(NASTY, part)[1], "label": label} for part, _, label in spans), key=lambda span: span["startOffset"])
    assert answer(page, server, submit=False) == {"crowd-entity-annotation": {"entities": expected}}
    assert page.problems == []


def test_entities_by_keyboard_overlapping_identical_and_removed(page, server):
    text = "New York City Council met."
    open_crowd(page, server, annotation(text))
    page.locator(".pl-scroller").focus()
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("Control+Home")
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("End")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("1")
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+Shift+z")
    press_submit(page)
    entities = answer(page, server, submit=False)["crowd-entity-annotation"]["entities"]
    marked = [(text[span["startOffset"] : span["endOffset"]], span["label"]) for span in entities]
    assert marked == [("New York City Council", "ORG"), ("New York City", "GPE"), ("New York City", "ORG")]


def test_initial_values_are_shown_and_bad_ones_named(page, server):
    initial = "[{label: 'ORG', startOffset: 11, endOffset: 14}, {label: 'GPE', startOffset: 5, endOffset: 99}, {label: 'OTHER', startOffset: 0, endOffset: 4}]"
    open_crowd(page, server, annotation("Caf\u00e9 Nord and Oslo", f'initial-value="{initial}"'))
    expect(page.locator(".pl-tag")).to_have_count(2)
    press_submit(page)
    assert answer(page, server, submit=False)["crowd-entity-annotation"]["entities"] == [{"endOffset": 4, "label": "OTHER", "startOffset": 0}, {"endOffset": 14, "label": "ORG", "startOffset": 11}]
    assert len(page.problems) == 1 and "5 to 99" in page.problems[0]


def test_extra_questions_stand_beside_the_entities(page, server):
    body = annotation("Some text.").replace("</crowd-entity-annotation>", """<div id="more"><crowd-radio-group><crowd-radio-button name="tech" value="tech">Technology</crowd-radio-button><crowd-radio-button name="politics" value="politics">Politics</crowd-radio-button></crowd-radio-group></div></crowd-entity-annotation>
      <script>document.addEventListener("all-crowd-elements-ready", () => document.querySelector("crowd-entity-annotation").shadowRoot.querySelector("crowd-form").form.appendChild(more));</script>""")
    open_crowd(page, server, body)
    page.get_by_text("Politics").click()
    press_submit(page)
    assert answer(page, server, submit=False) == {"crowd-entity-annotation": {"entities": []}, "tech": {"tech": False}, "politics": {"politics": True}}


def test_the_older_custom_page_submits_token_spans(page, server):
    source = rendered("custom-page.liquid.html", {"text": "Aim: test 40 mg aspirin.", "taskObject": "/p.jpg", "metadata": {"Author": "n/a"}})
    page.goto(server.put("/s1.html", '<meta name="prelabel-submit" content="/submit">' + source))
    until_true(page, "!document.querySelector(':not(:defined)')")
    settled(page)
    page.get_by_text("40", exact=True).click()
    page.get_by_text("Submit", exact=True).click()
    state = json.loads(answer(page, server, submit=False)["annotations"])
    assert state["value"] == [{"start": 2, "end": 3, "tokens": ["40"], "tag": "METHODS", "color": "#00ffa2"}] and state["metadata"] == '{"Author": "n/a"}'


@pytest.mark.parametrize("how", ["button", "enter"])
def test_the_page_that_extends_the_classifier_runs(page, server, how, tmp_path):
    source = rendered("classifier-page.liquid.html", {"taskObject": "The fox ate the berries.", "labels": ["person", "animal", "plant"]})
    page.goto(server.put("/s2.html", '<!DOCTYPE html><meta name="prelabel-submit" content="/submit">' + source))
    page.get_by_role("button", name="Send and go on").wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('crowd-classifier').shadowRoot.querySelector('.annotation-area.target')).wordBreak") == "break-word"
    page.get_by_label("plant").check()
    page.keyboard.press("r")
    assert not page.get_by_label("plant").is_checked()
    page.get_by_label("animal").check()
    picture(page, "classifier-page", tmp_path)
    if how == "enter":
        page.locator("body").press("Enter")
    else:
        page.get_by_role("button", name="Send and go on").click()
    assert answer(page, server, submit=False) == {"crowd-classifier": {"label": "animal"}}


@pytest.mark.parametrize("text", ["Aim: test 40 mg.\r\nMethods: \U0001f9ea \"double\" <blind> & more.", "Plain text."])
def test_the_template_for_abstracts_echoes_the_text_it_showed(page, server, text, tmp_path):
    digest = hashlib.sha256(text.encode()).hexdigest()
    task = {"text": text, "text-sha256": digest, "taskObject": "/page.png", "metadata": {"Author": "A. <b>N</b>"}, "initial-value": [{"label": "Background", "startOffset": 0, "endOffset": 3}]}
    server.put("/page.png", b"", "image/png")
    page.goto(server.put("/ner.html", '<!DOCTYPE html><meta charset="utf-8"><meta name="prelabel-submit" content="/submit">' + rendered("abstract-ner.liquid.html", task)))
    page.get_by_text("Submit", exact=True).wait_for()
    page.get_by_label("Yes").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Notes").fill("line 1\nline 2")
    picture(page, "template-abstract", tmp_path)
    page.get_by_text("Submit", exact=True).click()
    sent = answer(page, server, submit=False)
    assert sent == {"crowd-entity-annotation": {"entities": [{"startOffset": 0, "endOffset": 3, "label": "Background"}]}, "notes": "line 1\nline 2", "isGoodAbstract": "no", "text": text, "text-sha256": digest}


def test_a_page_that_builds_on_the_classifiers_parts_runs(page, server):
    """The handles that published pages take: what lies in what, AWS's names for the instructions, the value, categories that a script assigns."""
    open_crowd(page, server, """
      <crowd-form><crowd-classifier name="grade" categories="['low', 'high']" header="How good?"><classification-target>A text.</classification-target>
        <short-instructions>Choose.</short-instructions><full-instructions header="All">Choose well.</full-instructions></crowd-classifier><div id="reasons"></div></crowd-form>
      <script>document.addEventListener("all-crowd-elements-ready", () => {
        const grade = document.querySelector("crowd-classifier");
        const picker = grade.shadowRoot.querySelector(".annotation-area .category-picker-wrapper");
        grade.shadowRoot.querySelector(".awsui-app-layout__navigation").style.width = "400px";
        grade.shadowRoot.querySelector(".awsui-modal-dialog").style.maxWidth = "90%";
        grade.categories = ["bad", "good", "best"];
        const card = document.createElement("crowd-card");
        picker.insertAdjacentElement("afterend", card);
        grade.addEventListener("change", (event) => {
          card.textContent = `Why ${event.target.value}?`;
          reasons.innerHTML = `<input type="checkbox" name="reason" value="clear" checked hidden><input type="checkbox" name="reason" value="short" hidden>`;
        });
      })</script>""")
    expect(page.get_by_role("radio")).to_have_count(3)
    page.get_by_label("good").check()
    page.get_by_text("Why good?").wait_for()
    pane, target, picker, card = (place(page.locator(name)) for name in (".instructions", ".target", ".category-picker-wrapper", "crowd-card"))
    assert pane["width"] == 400 and pane["x"] + pane["width"] <= target["x"] and target["x"] + target["width"] <= picker["x"]
    assert card["x"] == picker["x"] and card["y"] >= picker["y"] + picker["height"]
    assert answer(page, server) == {"grade": {"label": "good"}, "reason": {"clear": True, "short": False}}
    assert page.problems == []


def test_a_page_s_own_click_handler_runs_before_the_button_submits(page, server):
    open_crowd(page, server, """
      <crowd-form><input type="hidden" name="note" id="note" value="nothing">
        <crowd-button form-action="submit" onclick="note.value = 'collected'">Send</crowd-button></crowd-form>""")
    page.get_by_text("Send", exact=True).click()
    assert answer(page, server, submit=False) == {"note": "collected"}


def test_buttons_that_a_script_disables_can_be_pressed_again(page, server):
    """A published page lets workers choose by buttons that it disables, and reads which ones are disabled when it submits."""
    open_crowd(page, server, """
      <crowd-form><full-instructions>Read.</full-instructions><p>The text.</p><input type="hidden" name="labels" id="labels" value="[]">
        <side-content><crowd-button>Dog</crowd-button><crowd-button>Cat</crowd-button></side-content></crowd-form>
      <script>
        const choices = [...document.querySelectorAll("side-content crowd-button")];
        for (const button of choices) button.onmouseup = () => { button.disabled = !button.disabled; };
        document.querySelector("crowd-form").onsubmit = () => {
          labels.value = JSON.stringify(choices.filter((button) => button.disabled).map((button) => button.textContent.trim()));
        };
      </script>""")
    for name in ("Dog", "Cat", "Dog"):
        box = place(page.locator("crowd-button", has_text=name))
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"labels": '["Cat"]'}
