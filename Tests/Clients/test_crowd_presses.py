"""Presses, keys and places in a page of crowd elements that could mislead."""
import pytest
from playwright.sync_api import expect

from crowd import annotation, answer, open_crowd
from pages import CROWD_SCRIPT, browser, page, picture, server, settled, slow_down, until_true  # noqa: F401


@pytest.mark.parametrize("prefilled", ["", """<input type="checkbox" name="b"><script>document.addEventListener("all-crowd-elements-ready", () => document.querySelector("[name=b]").click())</script>"""])
def test_a_second_click_does_not_send_the_next_task_untouched(page, server, prefilled):
    # The clock stands in the moment when the page comes: the press comes from the task before, where the same button stood.
    page.add_init_script("{ const now = performance.now.bind(performance); window.isFrozen = true; performance.now = () => window.isFrozen ? 100 : now(); }")
    document = f'<!DOCTYPE html><meta name="prelabel-submit" content="/submit"><script src="{CROWD_SCRIPT}"></script><crowd-form><crowd-input name="a" value="x"></crowd-input>{prefilled}</crowd-form>'
    page.goto(server.put("/task.html", document))
    page.get_by_text("Submit", exact=True).click()
    page.wait_for_timeout(100)
    assert server.received == []
    page.evaluate("window.isFrozen = false")
    settled(page)
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False)["a"] == "x"


def test_a_choice_made_while_the_page_comes_up_counts(page, server):
    slow_down(page, 400)
    document = f"""<!DOCTYPE html><meta name="prelabel-submit" content="/submit"><script src="{CROWD_SCRIPT}"></script>
      <crowd-form><crowd-classifier name="a" header="A?" categories="['one', 'two']">x</crowd-classifier></crowd-form>"""
    page.goto(server.put("/task.html", document), wait_until="commit")
    page.get_by_label("one").check()
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"a": {"label": "one"}}
    # The page around hears of it, too.
    server.put("/inner.html", document.replace("prelabel-submit", "nobody"))
    page.goto(server.put("/outer.html", """<iframe sandbox="allow-scripts allow-forms" src="/inner.html"></iframe><script>
      window.heard = []; addEventListener("message", (event) => heard.push(event.data));</script>"""), wait_until="commit")
    page.frame_locator("iframe").get_by_label("one").check()
    until_true(page, """heard.some(({ type, values }) => type === "prelabel-draft" && values.a.label === "one")""")


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
    assert not keys.first.is_visible()
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
    assert not page.get_by_text("One of these has to be chosen.").is_visible()
    page.get_by_text("Submit", exact=True).click()
    assert answer(page, server, submit=False) == {"y": {"yes": False}, "n": {"no": True}}
