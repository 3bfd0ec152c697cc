"""The crowd elements: what each answers, and what it looks like (contracts, sections 7 and 22)."""
import pytest
from playwright.sync_api import expect

from crowd import PROBE, annotation, answer, open_crowd
from pages import CROWD_SCRIPT, assert_accessible, browser, page, picture, rendered, server, settled, watched  # noqa: F401


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
    assert not page.get_by_role("checkbox", name="a", exact=True).is_checked()
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
    assert not page.get_by_text("Long").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="See examples").click()
    expect(page.get_by_text("Inside")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Close this message").click()
    assert not page.get_by_text("Careful").is_visible()
    page.locator("#subject").focus()
    expect(page.get_by_text("Told")).to_be_visible()
    page.get_by_text("Hello").wait_for(state="hidden")
    for name in ("Search", "Report"):
        expect(page.get_by_role("button", name=name)).to_be_visible()


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
    assert page.locator("crowd-form crowd-button").count() == 0
    page.locator("crowd-form button, crowd-form input[type=submit]").last.click()
    assert answer(page, server, submit=False) == {"a": "x"}


def test_buttons_for_scripts_do_not_submit(page, server):
    open_crowd(page, server, '<crowd-form><button type="button">More</button><crowd-alert dismissible>Told</crowd-alert><crowd-input name="a" value="x"></crowd-input></crowd-form>')
    expect(page.locator("crowd-form > crowd-button")).to_have_count(1)
    page.get_by_text("More").click()
    page.get_by_label("Close this message").click()
    assert server.received == []


def test_hostile_content_stays_text(page, server):
    task = {"text": PROBE, "text-sha256": PROBE, "taskObject": PROBE, "metadata": PROBE, "labels": [PROBE, "b"], "initial-value": [{"label": PROBE, "startOffset": 0, "endOffset": 3}]}
    for template in ("abstract-ner.liquid.html", "classifier-page.liquid.html", "custom-page.liquid.html"):
        page.goto(server.put("/hostile.html", '<!DOCTYPE html><meta charset="utf-8">' + rendered(template, task)))
        page.wait_for_timeout(400)
        assert page.evaluate("probe") == [], template
    open_crowd(page, server, '<crowd-form><crowd-button href="javascript:executed(1)">Link</crowd-button></crowd-form>')
    assert page.locator("crowd-button a").count() == 0


def test_nothing_serious_for_axe(page, server):
    open_crowd(page, server, "<h1>Task</h1>" + annotation("Some text here.", "initial-value=\"[{label:'ORG',startOffset:0,endOffset:4}]\""))
    assert_accessible(page, "entities")
    open_crowd(page, server, """<h1>Task</h1><crowd-form><crowd-classifier name="c" header="Mood?" categories="['a','b']">Fine.<short-instructions>Read.</short-instructions></crowd-classifier>
      <crowd-input name="i" label="Name"></crowd-input><crowd-text-area name="t" label="Text"></crowd-text-area><crowd-slider name="s" label="How much"></crowd-slider><crowd-checkbox name="b">Box</crowd-checkbox>
      <crowd-radio-group aria-label="Sure?"><crowd-radio-button name="y">Yes</crowd-radio-button></crowd-radio-group><crowd-toggle-button name="g">Switch</crowd-toggle-button><crowd-tabs><crowd-tab header="One">1</crowd-tab></crowd-tabs>
      <crowd-alert>Told</crowd-alert></crowd-form>""")
    assert_accessible(page, "controls")


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
    assert page.locator("crowd-icon-button svg[role=img]").count() == 0
    expect(page.get_by_role("img", name="never-heard-of")).to_have_count(1)
    expect(page.get_by_role("button", name="Raise a hand")).to_have_text("")
