"""The crowd elements: what each answers, and that templates written for them run (contracts, sections 7 and 22)."""
import hashlib
import json

import pytest
from playwright.sync_api import expect

from pages import CROWD_SCRIPT, assert_accessible, browser, page, painted, picture, place, rendered, server, settled, until_true, watched  # noqa: F401

NASTY = "Caf\u00e9 e\u0301 \U0001f9ea joined\nLumen  Labs \U0001f469\u200d\U0001f52c in\tOslo <b>&amp;\n\nEnd."
PROBE = "<img src=x onerror=executed('img')><script>executed('script')</script>\" onfocus=executed('attr') autofocus x=\""


def utf16(text, part, occurrence=0):
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(part, start + 1)
    units = lambda piece: len(piece.encode("utf-16-le")) // 2
    return units(text[:start]), units(text[:start]) + units(part)


def open_crowd(page, server, body, head=""):
    document = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Task</title><meta name="prelabel-submit" content="/submit">{head}<script src="{CROWD_SCRIPT}"></script></head><body><main>{body}</main><script>document.addEventListener("all-crowd-elements-ready", () => {{ window.isReady = true; }})</script></body></html>'
    page.goto(server.put("/task.html", document))
    until_true(page, "window.isReady")
    if "crowd-form" in body or "crowd-entity-annotation" in body:
        settled(page)


def answer(page, server, submit=True):
    if submit:
        page.evaluate("document.querySelector('crowd-form').submit()")
    page.get_by_text("The answer was sent.").wait_for()
    return server.sent("/submit")[-1]["answer"]


@pytest.mark.parametrize(
    "body, expected",
    [
        ('<crowd-input name="a" label="A"></crowd-input>', {}),
        ('<crowd-input name="a" label="A" value="x"></crowd-input>', {"a": "x"}),
        ('<crowd-text-area name="t" label="T" value="two\nlines"></crowd-text-area>', {"t": "two\nlines"}),
        ('<input name="p" value="plain"><input type="hidden" name="h" value="{&quot;a&quot;:1}"><textarea name="t">x\ny</textarea>', {"p": "plain", "h": '{"a":1}', "t": "x\ny"}),
        ('<select name="s"><option>One<option selected>Two</select>', {"s": "Two"}),
        ('<input type="checkbox" name="c" value="a" checked><input type="checkbox" name="c" value="b"><input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked>', {"c": {"a": True, "b": False}, "r": {"x": False, "y": True}}),
        ('<crowd-checkbox name="one">On</crowd-checkbox>', {"one": {"on": False}}),
        ('<crowd-checkbox name="g" value="a" checked>A</crowd-checkbox><crowd-checkbox name="g" value="b">B</crowd-checkbox>', {"g": {"a": True, "b": False}}),
        ('<crowd-checkbox name="g" value="__proto__" checked>A</crowd-checkbox>', {"g": {"__proto__": True}}),
        ('<crowd-radio-group><crowd-radio-button name="btn1" value="yes" checked>Yes</crowd-radio-button><crowd-radio-button name="btn2" value="no">No</crowd-radio-button></crowd-radio-group>', {"btn1": {"yes": True}, "btn2": {"no": False}}),
        ('<crowd-toggle-button name="theToggler" checked></crowd-toggle-button>', {"theToggler": {"on": True}}),
        ('<crowd-slider name="howMuch" min="1" max="10" step="1" value="4" pin></crowd-slider>', {"howMuch": 4}),
        ('<crowd-tabs><crowd-tab header="One">1</crowd-tab><crowd-tab header="Two"><crowd-input name="inTab" value="kept"></crowd-input></crowd-tab></crowd-tabs>', {"inTab": "kept"}),
        ('<crowd-card heading="H"><crowd-input name="inCard" value="v"></crowd-input></crowd-card>', {"inCard": "v"}),
        ('<crowd-input name="off" value="x" disabled></crowd-input><input value="nameless">', {}),
    ],
)
def test_each_control_answers_as_documented(page, server, body, expected):
    open_crowd(page, server, f"<crowd-form>{body}</crowd-form>")
    assert answer(page, server) == expected
    assert page.problems == []


@pytest.mark.parametrize("categories", ['["positive","negative"]', "['positive', 'negative',]", "[{label: 'positive'}, {label: 'negative'}]"])
def test_a_classifier_takes_lenient_json_and_answers_one_label(page, server, categories):
    attribute = categories.replace('"', "&quot;")
    open_crowd(page, server, f'<crowd-form><crowd-classifier name="mood" header="Mood?" categories="{attribute}"><classification-target>Fine.</classification-target></crowd-classifier></crowd-form>')
    page.evaluate("document.querySelector('crowd-form').submit()")
    page.get_by_text("Choose a category first.").wait_for()
    assert server.received == []
    page.get_by_label("negative").check()
    assert answer(page, server) == {"mood": {"label": "negative"}}


def test_a_multi_select_keeps_the_exclusion_alone(page, server):
    open_crowd(page, server, """<crowd-form><crowd-classifier-multi-select name="m" header="Which?" categories="['a', 'b']" exclusion-category="{ text: 'None of these' }">x</crowd-classifier-multi-select></crowd-form>""")
    page.get_by_role("checkbox", name="a", exact=True).check()
    page.get_by_label("None of these").check()
    expect(page.get_by_role("checkbox", name="a", exact=True)).not_to_be_checked()
    page.keyboard.press("2")
    page.keyboard.press("1")
    assert answer(page, server) == {"m": {"labels": ["a", "b"]}}


def test_required_fields_hold_the_answer_back(page, server):
    open_crowd(page, server, '<crowd-form><crowd-input name="a" label="Name" required></crowd-input></crowd-form>')
    page.get_by_text("Submit", exact=True).click()
    assert server.received == [] and page.evaluate("document.activeElement.localName") == "crowd-input"
    page.keyboard.type("Ada")
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"a": "Ada"}


def test_submit_and_reset_from_outside_with_an_assigned_handler(page, server):
    open_crowd(page, server, """
      <crowd-form id="f"><crowd-input name="a" value="first"></crowd-input><input type="hidden" name="h" id="h"><crowd-button form-action="submit" style="display:none"></crowd-button></crowd-form>
      <crowd-button id="go">Go</crowd-button><crowd-button form-action="reset">Reset</crowd-button>
      <script>const f = document.getElementById("f"); let tries = 0;
        f.onsubmit = (event) => { document.getElementById("h").value = "from onsubmit"; if (tries++ === 0) event.preventDefault(); };
        document.getElementById("go").onclick = () => f.submit();</script>""")
    expect(page.locator("crowd-form crowd-button")).to_have_count(1)
    page.evaluate("document.querySelector('crowd-input').value = 'changed'")
    page.locator("#go").click()
    assert server.received == []
    page.get_by_text("Reset").click()
    page.locator("#go").click()
    assert answer(page, server, submit=False) == {"a": "first", "h": "from onsubmit"}
    page.locator("#go").click()
    page.wait_for_timeout(100)
    assert len(server.received) == 1


def test_a_refused_answer_is_said_and_can_be_sent_again(page, server):
    server.replies["/submit"] = (409, {"detail": "the task has expired"})
    open_crowd(page, server, '<crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>')
    page.get_by_text("Submit", exact=True).click()
    page.get_by_text("the task has expired").wait_for()
    del server.replies["/submit"]
    assert answer(page, server) == {"a": "x"}


def test_a_sandboxed_frame_hands_its_answer_to_the_page_around_it(page, server):
    server.put("/inner.html", f'<script src="{CROWD_SCRIPT}"></script><crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>')
    page.goto(server.put("/outer.html", """<iframe sandbox="allow-scripts allow-forms" src="/inner.html"></iframe><script>
      window.heard = []; addEventListener("message", (event) => { heard.push(event.data);
        if (event.data.type === "prelabel-submit") event.source.postMessage({ type: "prelabel-submitted", ok: true }, "*"); });</script>"""))
    frame = page.frame_locator("iframe")
    settled(frame)
    frame.get_by_text("Submit", exact=True).click()
    frame.get_by_text("The answer was sent.").wait_for()
    assert page.evaluate("heard") == [{"type": "prelabel-ready"}, {"type": "prelabel-submit", "answer": {"a": "x"}}]


def test_a_page_alone_shows_what_it_would_send(page, server):
    page.goto(server.put("/alone.html", f'<script src="{CROWD_SCRIPT}"></script><crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>'))
    settled(page)
    page.get_by_text("Submit", exact=True).click()
    page.get_by_text('"a": "x"').wait_for()


@pytest.mark.parametrize("name", ["crowd-bounding-box", "crowd-polygon", "crowd-semantic-segmentation", "crowd-keypoint"])
def test_image_regions_say_that_they_are_not_supported(page, server, name):
    open_crowd(page, server, f'<crowd-form><{name} name="x" labels="[]"></{name}></crowd-form>')
    expect(page.get_by_text(f"<{name}> is not supported here.")).to_be_visible()
    page.evaluate("document.querySelector('crowd-form').submit()")
    page.wait_for_timeout(50)
    assert server.received == []


def test_windows_messages_and_the_rest_open_and_close(page, server):
    open_crowd(page, server, """<crowd-form>
      <crowd-instructions link-text="View instructions" link-type="button"><short-summary>Short</short-summary><detailed-instructions>Long</detailed-instructions><positive-example>Good</positive-example></crowd-instructions>
      <crowd-modal link-text="See examples">Inside</crowd-modal>
      <crowd-alert type="warning" dismissible>Careful</crowd-alert><crowd-toast opened duration="400">Hello</crowd-toast>
      <p id="subject" tabindex="0">Subject</p><crowd-tooltip for="subject">Told</crowd-tooltip><crowd-badge for="subject" label="3"></crowd-badge>
      <crowd-icon-button icon="search" title="Search"></crowd-icon-button><crowd-icon icon="star"></crowd-icon><crowd-spinner></crowd-spinner><crowd-fab icon="report-problem" title="Report"></crowd-fab>
      <crowd-button><iron-icon icon="search"></iron-icon>Find</crowd-button></crowd-form>""")
    page.get_by_role("button", name="View instructions").click()
    page.get_by_role("tab", name="Examples").click()
    expect(page.get_by_text("Good", exact=True)).to_be_visible()
    expect(page.get_by_text("Long")).to_be_hidden()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="See examples").click()
    expect(page.get_by_text("Inside")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close this message").click()
    expect(page.get_by_text("Careful")).to_be_hidden()
    page.locator("#subject").focus()
    expect(page.get_by_text("Told")).to_be_visible()
    page.get_by_text("Hello").wait_for(state="hidden")
    for name in ("Search", "Report"):
        expect(page.get_by_role("button", name=name)).to_be_visible()


LABELS = "[{'label': 'ORG', 'shortDisplayName': 'org', 'fullDisplayName': 'Organization'}, {'label': 'GPE', 'shortDisplayName': 'gpe', 'fullDisplayName': 'Place'}]"


def annotation(text, extra="", name="crowd-entity-annotation"):
    escaped = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<crowd-entity-annotation name="{name}" header="Mark names" labels="{LABELS}" text="{escaped}" {extra}><short-instructions>Mark.</short-instructions></crowd-entity-annotation>'


def press_submit(page):
    page.get_by_text("Submit", exact=True).click()


def select_by_mouse(page, start, end):
    """Drags over the text from one UTF-16 offset to another."""
    box = """([offset, isEnd]) => { let at = 0; for (const chunk of document.querySelectorAll('.pl-chunk')) {
      const node = [...chunk.childNodes].find((child) => child.nodeType === 3); if (offset - at <= node.length) { const range = document.createRange();
        const inner = offset - at; range.setStart(node, isEnd ? inner - 1 : inner); range.setEnd(node, isEnd ? inner : inner + 1);
        const rect = [...range.getClientRects()].at(isEnd ? -1 : 0); return [isEnd ? rect.right - 1 : rect.left + 1, (rect.top + rect.bottom) / 2]; } at += node.length; } }"""
    first, last = page.evaluate(box, [start, False]), page.evaluate(box, [end, True])
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move((first[0] + last[0]) / 2, last[1])
    page.mouse.move(*last)
    page.mouse.up()
    painted(page)


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
    expect(page.get_by_label("plant")).not_to_be_checked()
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


def test_hostile_content_stays_text(page, server):
    task = {"text": PROBE, "text-sha256": PROBE, "taskObject": PROBE, "metadata": PROBE, "labels": [PROBE, "b"], "initial-value": [{"label": PROBE, "startOffset": 0, "endOffset": 3}]}
    for template in ("abstract-ner.liquid.html", "classifier-page.liquid.html", "custom-page.liquid.html"):
        page.goto(server.put("/hostile.html", '<!DOCTYPE html><meta charset="utf-8">' + rendered(template, task)))
        page.wait_for_timeout(400)
        assert page.evaluate("probe") == [], template
    open_crowd(page, server, '<crowd-form><crowd-button href="javascript:executed(1)">Link</crowd-button></crowd-form>')
    expect(page.locator("crowd-button a")).to_have_count(0)


def test_nothing_serious_for_axe(page, server):
    open_crowd(page, server, "<h1>Task</h1>" + annotation("Some text here.", "initial-value=\"[{label:'ORG',startOffset:0,endOffset:4}]\""))
    assert_accessible(page, "entities")
    open_crowd(page, server, """<h1>Task</h1><crowd-form><crowd-classifier name="c" header="Mood?" categories="['a','b']">Fine.<short-instructions>Read.</short-instructions></crowd-classifier>
      <crowd-input name="i" label="Name"></crowd-input><crowd-text-area name="t" label="Text"></crowd-text-area><crowd-slider name="s" label="How much"></crowd-slider><crowd-checkbox name="b">Box</crowd-checkbox>
      <crowd-radio-group aria-label="Sure?"><crowd-radio-button name="y">Yes</crowd-radio-button></crowd-radio-group><crowd-toggle-button name="g">Switch</crowd-toggle-button><crowd-tabs><crowd-tab header="One">1</crowd-tab></crowd-tabs>
      <crowd-alert>Told</crowd-alert></crowd-form>""")
    assert_accessible(page, "controls")


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


# MARK: presses, keys and places that could mislead

def test_a_second_click_does_not_send_the_next_task_untouched(page, server):
    # The clock stands in the moment when the page comes: the press comes from the task before, where the same button stood.
    page.add_init_script("{ const now = performance.now.bind(performance); window.isFrozen = true; performance.now = () => window.isFrozen ? 100 : now(); }")
    document = f'<!DOCTYPE html><meta name="prelabel-submit" content="/submit"><script src="{CROWD_SCRIPT}"></script><crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>'
    page.goto(server.put("/task.html", document))
    page.get_by_text("Submit", exact=True).click()
    page.wait_for_timeout(100)
    assert server.received == []
    page.evaluate("window.isFrozen = false")
    settled(page)
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"a": "x"}


def test_an_enter_that_is_held_does_not_send_the_next_task(page, server):
    open_crowd(page, server, """<crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>
      <script>addEventListener("keydown", (event) => { if (event.key === "Enter") document.querySelector("crowd-form").submit(); });</script>""")
    client = page.context.new_cdp_session(page)
    held = {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "autoRepeat": True}
    for _ in range(3):
        client.send("Input.dispatchKeyEvent", held)
    page.wait_for_timeout(100)
    assert server.received == []
    client.send("Input.dispatchKeyEvent", held | {"type": "keyUp", "autoRepeat": False})
    page.keyboard.press("Enter")
    assert answer(page, server, submit=False) == {"a": "x"}


def test_scripts_submit_whenever_they_want(page, server):
    document = f"""<!DOCTYPE html><meta name="prelabel-submit" content="/submit"><script src="{CROWD_SCRIPT}"></script><crowd-form><crowd-input name="a" value="x"></crowd-input></crowd-form>
      <script>document.addEventListener("all-crowd-elements-ready", () => document.querySelector("crowd-form").submit())</script>"""
    page.goto(server.put("/task.html", document))
    assert answer(page, server, submit=False) == {"a": "x"}


TWO_AND_ONE = """<crowd-form><crowd-classifier name="a" header="A?" categories="['one', 'two']">x</crowd-classifier><crowd-classifier name="b" header="B?" categories="['three', 'four']">x</crowd-classifier>
  <crowd-classifier-multi-select name="c" header="C?" categories="['five', 'six']">x</crowd-classifier-multi-select></crowd-form>"""


def chosen(page):
    return page.evaluate("[...document.querySelectorAll('crowd-classifier, crowd-classifier-multi-select')].map((one) => one.chosen.join())")


def test_a_digit_answers_one_classifier_only(page, server, tmp_path):
    open_crowd(page, server, TWO_AND_ONE)
    keys = page.locator("kbd")
    page.keyboard.press("1")
    assert chosen(page) == ["", "", ""]
    expect(keys.first).to_be_hidden()
    page.get_by_label("three").focus()
    page.keyboard.press("2")
    assert chosen(page) == ["", "four", ""]
    assert [keys.nth(index).is_visible() for index in range(6)] == [False, False, True, True, False, False]
    picture(page, "crowd-classifiers", tmp_path)


def test_a_digit_that_marks_text_chooses_no_category(page, server):
    open_crowd(page, server, f"""<crowd-form>{annotation("New York met.")}<crowd-classifier name="kind" header="Kind?" categories="['one', 'two']">x</crowd-classifier></crowd-form>""")
    page.locator(".pl-scroller").focus()
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("2")
    assert chosen(page) == [""] and len(page.evaluate("document.querySelector('crowd-entity-annotation').value.entities")) == 1
    page.locator("h2", has_text="Kind?").click()
    page.keyboard.press("2")
    assert chosen(page) == ["two"]


def test_a_digit_chooses_nothing_where_nobody_sees_it(page, server):
    open_crowd(page, server, """<crowd-form><crowd-tabs><crowd-tab header="First">1</crowd-tab><crowd-tab header="Second"><crowd-classifier name="a" header="A?" categories="['one', 'two']">x</crowd-classifier></crowd-tab></crowd-tabs></crowd-form>""")
    page.keyboard.press("1")
    assert chosen(page) == [""]
    page.get_by_role("tab", name="Second").click()
    page.keyboard.press("1")
    assert chosen(page) == ["one"]


@pytest.mark.parametrize("field, message, focused", [
    ('<crowd-input name="a" label="Name" required></crowd-input>', "Please fill out this field.", "crowd-input"),
    ('<input name="a" aria-label="Name" required>', None, "input"),
    ("""<crowd-classifier name="a" header="A?" categories="['one', 'two']">x</crowd-classifier>""", "Choose a category first.", "crowd-classifier"),
])
@pytest.mark.parametrize("place", ["<crowd-tabs><crowd-tab header='First'>1</crowd-tab><crowd-tab header='Second'>{}</crowd-tab></crowd-tabs>", "<crowd-modal link-text='More'>{}</crowd-modal>", "<details><summary>More</summary>{}</details>"])
def test_what_is_missing_is_shown_where_it_stands(page, server, place, field, message, focused):
    open_crowd(page, server, f"<crowd-form>{place.format(field)}</crowd-form>")
    page.get_by_text("Submit", exact=True).click()
    control = page.locator("[name=a]").first
    expect(control).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == focused
    assert server.received == []
    if message:
        expect(page.get_by_text(message)).to_be_visible()


def test_what_cannot_be_shown_is_named_at_the_button(page, server):
    open_crowd(page, server, '<crowd-form><div style="display: none"><crowd-input name="lost" required></crowd-input></div></crowd-form>')
    page.get_by_text("Submit", exact=True).click()
    expect(page.get_by_text("\u201clost\u201d has to be filled in")).to_be_visible()


def test_one_of_a_group_is_enough_where_each_button_is_required(page, server):
    open_crowd(page, server, """<crowd-form><crowd-radio-group><crowd-radio-button name="y" value="yes" required>Yes</crowd-radio-button><crowd-radio-button name="n" value="no" required>No</crowd-radio-button></crowd-radio-group></crowd-form>""")
    page.get_by_text("Submit", exact=True).click()
    expect(page.get_by_text("One of these has to be chosen.")).to_be_visible()
    assert server.received == []
    page.get_by_text("No", exact=True).click()
    expect(page.get_by_text("One of these has to be chosen.")).to_be_hidden()
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"y": {"yes": False}, "n": {"no": True}}


def test_a_disabled_fieldset_is_left_out_and_lets_nothing_be_filled_in(page, server):
    fields = """<input name="a" value="x"><crowd-input name="b" value="x" required></crowd-input><crowd-checkbox name="c">Box</crowd-checkbox><crowd-slider name="d" value="3"></crowd-slider>
      <crowd-classifier name="e" header="E?" categories="['one']">x</crowd-classifier>"""
    open_crowd(page, server, f"<crowd-form><fieldset disabled>{fields}</fieldset></crowd-form>")
    assert page.locator("crowd-form fieldset :is(input:not([type=submit]))").evaluate_all("(found) => found.map((field) => field.matches(':disabled'))") == [True] * 5
    assert answer(page, server) == {}


def test_a_fieldset_that_is_enabled_again_counts(page, server):
    open_crowd(page, server, '<crowd-form><fieldset disabled><crowd-checkbox name="c">Box</crowd-checkbox></fieldset></crowd-form>')
    page.evaluate("document.querySelector('fieldset').disabled = false")
    page.get_by_text("Box").click()
    assert answer(page, server) == {"c": {"on": True}}


@pytest.mark.parametrize("button", ["<button>Send</button>", '<button type="submit">Send</button>', '<input type="submit" value="Send">', '<button type="wrong"><b>Send</b></button>'])
def test_plain_buttons_submit_and_no_other_is_added(page, server, button):
    open_crowd(page, server, f'<crowd-form><crowd-input name="a" value="x"></crowd-input>{button}</crowd-form>')
    expect(page.locator("crowd-form crowd-button")).to_have_count(0)
    page.locator("crowd-form button, crowd-form input[type=submit]").last.click()
    assert answer(page, server, submit=False) == {"a": "x"}


def test_buttons_for_scripts_do_not_submit(page, server):
    open_crowd(page, server, '<crowd-form><button type="button">More</button><crowd-alert dismissible>Told</crowd-alert><crowd-input name="a" value="x"></crowd-input></crowd-form>')
    expect(page.locator("crowd-form > crowd-button")).to_have_count(1)
    page.get_by_text("More").click()
    page.get_by_label("Close this message").click()
    assert server.received == []


def test_what_is_chosen_is_seen_in_forced_colors(browser, server, tmp_path):
    context = browser.new_context(viewport={"width": 900, "height": 700}, forced_colors="active")
    page = watched(context.new_page())
    open_crowd(page, server, """<crowd-form><crowd-toggle-button name="off">Off</crowd-toggle-button><crowd-toggle-button name="on" checked>On</crowd-toggle-button>
      <crowd-tabs><crowd-tab header="One">1</crowd-tab><crowd-tab header="Two">2</crowd-tab></crowd-tabs>
      <crowd-classifier name="c" header="Mood?" categories="['a','b']">Fine.</crowd-classifier>
      <crowd-radio-group><crowd-radio-button name="y" checked>Yes</crowd-radio-button><crowd-radio-button name="n">No</crowd-radio-button></crowd-radio-group>
      <crowd-checkbox name="x" checked>Box</crowd-checkbox><crowd-slider name="s" value="40" pin></crowd-slider><crowd-spinner></crowd-spinner></crowd-form>""" + annotation("Some text."))
    page.get_by_role("radio", name="b", exact=True).check()
    page.get_by_role("button", name="Organization").click()
    picture(page, "crowd-forced-colors", tmp_path)
    page.screenshot(path=tmp_path / "whole.png", full_page=True)
    style = lambda locator, *names: [locator.evaluate("(node, name) => getComputedStyle(node)[name]", name) for name in names]
    off, on = (page.locator(f"crowd-toggle-button[name={name}] input") for name in ("off", "on"))
    assert style(off, "borderTopWidth") == ["2px"] and style(off, "backgroundColor") != style(on, "backgroundColor")
    one, two = page.get_by_role("tab").all()
    assert style(one, "backgroundColor") != style(two, "backgroundColor")
    first, second = page.locator(".categories label").all()
    assert style(first, "outlineStyle") == ["none"] and style(second, "outlineStyle", "outlineWidth") == ["solid", "3px"]
    assert style(page.locator(".labels button[aria-pressed=true]"), "outlineWidth") == ["3px"]
    context.close()


def test_tabs_and_radio_groups_are_one_stop_each(page, server):
    open_crowd(page, server, """<crowd-form><crowd-tabs><crowd-tab header="One">1</crowd-tab><crowd-tab header="Two">2</crowd-tab><crowd-tab header="Three">3</crowd-tab></crowd-tabs>
      <crowd-radio-group><crowd-radio-button name="a">A</crowd-radio-button><crowd-radio-button name="b">B</crowd-radio-button><crowd-radio-button name="c">C</crowd-radio-button></crowd-radio-group></crowd-form>""")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Three")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    selected = page.get_by_role("tab", selected=True)
    expect(selected).to_have_text("One")
    assert selected.evaluate("(tab) => tab.ariaControlsElements[0].textContent") == "1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('name')") == "a"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('name')") == "b"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.localName") == "crowd-button"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('name')") == "b"


def test_icons_are_pictures_and_unknown_ones_have_a_name(page, server, tmp_path):
    names = ["favorite", "pan-tool", "close", "thumb-up", "thumb-down", "visibility", "visibility-off", "zoom-in", "zoom-out", "refresh", "save", "lock", "home", "flag", "bookmark", "cancel",
             "check-circle", "chevron-left", "chevron-right", "expand-more", "expand-less", "more-vert", "more-horiz", "open-in-new", "schedule", "list", "link", "block", "file-download"]
    icons = "".join(f'<crowd-icon-button icon="{name}"></crowd-icon-button>' for name in names)
    open_crowd(page, server, f'<crowd-form>{icons}<iron-icon icon="icons:never-heard-of"></iron-icon><crowd-fab icon="hardware:unknown" title="Raise a hand"></crowd-fab></crowd-form>')
    picture(page, "crowd-icons", tmp_path)
    paths = page.locator("crowd-icon-button path").evaluate_all("(found) => found.map((path) => path.getTotalLength())")
    assert len(paths) == len(names)
    assert min(paths) > 0.1
    expect(page.locator("crowd-icon-button svg[role=img]")).to_have_count(0)
    expect(page.get_by_role("img", name="never-heard-of")).to_have_count(1)
    expect(page.get_by_role("button", name="Raise a hand")).to_have_text("")
