"""Tasks of a job's own template: what is filled in is kept and comes back, and a session that ended is said, as in the annotator."""
import re

import pytest
from playwright.sync_api import expect

from pages import browser, held, page, picture, place, settled, until_held, until_true  # noqa: F401
from portal_pages import PROBE, TEXT, another_page, sentences, service, sign_in, start  # noqa: F401
from portal_service import token
from waiting import until

FORM = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><p>{{ task.input.taskObject }}</p>
  <crowd-text-area name="why" label="Why"></crowd-text-area><input type="checkbox" name="sure" value="very" aria-label="Very"><crowd-classifier name="c" header="Which?" categories="['a','b']">x</crowd-classifier></crowd-form>%s"""


def form_job(service, page_text=FORM % "", **request):
    template = service.put("papers/form.liquid.html", page_text)
    sentences(service, "One.", kind="TextMultiClass", template=template, **request)


def open_form(page, action="Start"):
    page.get_by_role("link", name=action).click()
    frame = page.frame_locator("iframe[title=Task]")
    frame.get_by_label("Why").wait_for()
    return frame


# Whether the page could be left without a question.
KEEPS_ALL = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"


def values_of(frame):
    return frame.get_by_label("Why").input_value(), frame.get_by_label("Very").is_checked(), frame.get_by_role("radio", name="b", exact=True).is_checked()


@pytest.mark.parametrize("kept", ["device", "server"])
def test_what_is_filled_in_a_template_is_there_again(service, page, another_page, kept):
    links = service.make_team("ada")
    form_job(service)
    sign_in(page, links["ada"])
    frame = open_form(page)
    if kept == "device":
        page.route("**/draft", lambda route: route.abort())
    frame.get_by_label("Why").fill(PROBE)
    frame.get_by_label("Very").check()
    frame.get_by_role("radio", name="b", exact=True).check()
    page.locator("#bar").get_by_text(f"on this device{' and on the server' if kept == 'server' else ''}").wait_for()
    # What is said may be of an earlier change.
    until_true(page, KEEPS_ALL)
    if kept == "device":
        page.get_by_role("link", name="Your jobs").click()
        page.get_by_role("heading", name="Your jobs").wait_for()
    else:
        page = another_page()
        sign_in(page, links["ada"])
    frame = open_form(page, "Continue")
    expect(frame.get_by_label("Why")).to_have_value(PROBE)
    assert values_of(frame) == (PROBE, True, True)
    assert frame.locator("body").evaluate("window.probe") == []
    page.unroute("**/draft")
    # What was put back is no work on this task since it opened: a second click meant for another does not send it.
    settled(frame)
    frame.get_by_role("button", name="Submit").click()
    page.get_by_text("Thank you.").wait_for()
    assert service.ask("GET", "/tasks/sentences/0", token=token(links["ada"]))[1]["answer"] == {"why": PROBE, "sure": {"very": True}, "c": {"label": "b"}}
    assert [problem for problem in page.problems if "dialog" in problem] == []


def test_a_template_is_shown_once_the_page_around_it_listens(service, page):
    links = service.make_team("ada")
    form_job(service)
    sign_in(page, links["ada"])
    asked = held(page, "**/tasks/sentences/0")
    page.get_by_role("link", name="Start").click()
    until_held(page, asked)
    page.wait_for_timeout(500)
    frame = page.frame_locator("iframe[title=Task]")
    assert frame.get_by_label("Why").count() == 0
    asked[0].continue_()
    frame.get_by_label("Why").fill("x")
    frame.get_by_role("radio", name="b", exact=True).check()
    frame.get_by_role("button", name="Submit").click()
    page.get_by_text("Thank you.").wait_for()


def test_drafts_of_two_workers_in_one_browser_stay_apart(service, page):
    links = service.make_team("ada", "bob")
    form_job(service, workers=2)
    sign_in(page, links["ada"])
    open_form(page).get_by_label("Why").fill("ada's own")
    page.locator("#bar").get_by_text("on this device").wait_for()
    sign_in(page, links["bob"])
    assert values_of(open_form(page)) == ("", False, False)


def test_a_reopened_task_of_a_template_shows_the_answer(service, page):
    links = service.make_team("ada", "bob")
    # A page that submits on every choice does not do so for the one that is put back.
    form_job(service, FORM % """<script>document.addEventListener("all-crowd-elements-ready", () => document.querySelector("crowd-classifier").addEventListener("change", () => document.querySelector("crowd-form").submit()))</script>""", workers=2)
    sign_in(page, links["ada"])
    frame = open_form(page)
    frame.get_by_label("Why").fill("first thought")
    frame.get_by_role("radio", name="b", exact=True).check()
    page.get_by_role("link", name="Your answers").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Change the answer").click()
    frame = page.frame_locator("iframe[title=Task]")
    expect(frame.get_by_label("Why")).to_have_value("first thought")
    assert values_of(frame) == ("first thought", False, True)
    # What was put back is no draft of anybody's: nothing is sent, and nothing is lost by leaving.
    drafts = []
    page.on("request", lambda request: drafts.append(request.url) if request.url.endswith("/draft") else None)
    page.wait_for_timeout(2500)
    assert drafts == [] and page.evaluate(KEEPS_ALL)
    # It is an answer, which stands: there is nothing that others could have.
    for name in ("Give back", "Decline"):
        assert page.get_by_role("button", name=name).count() == 0
    frame.get_by_label("Why").fill("second thought")
    page.locator("#bar").get_by_text("on the server").wait_for()
    page.get_by_role("button", name="Keep the former answer").click()
    page.get_by_role("heading", name="Your jobs").wait_for()
    assert service.ask("GET", "/tasks/sentences/0", token=token(links["ada"]))[1]["state"] == "submitted"
    # What was thought better of does not come back.
    page.get_by_role("link", name="Your answers").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Change the answer").click()
    expect(page.frame_locator("iframe[title=Task]").get_by_label("Why")).to_have_value("first thought")


@pytest.mark.parametrize("button", ["Your jobs", "Give back"])
def test_a_page_whose_script_keeps_the_work_asks_before_it_is_left(service, page, button):
    links = service.make_team("ada")
    form_job(service, FORM % """<span id="token">token</span><script>document.querySelector("crowd-form").onsubmit = () => {};</script>""")
    sign_in(page, links["ada"])
    frame = open_form(page)
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    # A click is heard once the elements are up.
    settled(frame)
    frame.get_by_text("token", exact=True).click()
    # What the frame tells has come once it has been saved.
    page.locator("#bar").get_by_text("on this device").wait_for()
    if button == "Your jobs":
        page.get_by_role("link", name=button).click()
        # Playwright tells of dialogs while it waits itself.
        until(lambda: page.wait_for_timeout(20) or asked)
        assert asked == ["beforeunload"] and "/tasks/" in page.url
    else:
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", name="Your jobs").wait_for()
        assert asked == []


def test_a_page_where_nothing_was_filled_in_is_left_at_once(service, page):
    links = service.make_team("ada")
    form_job(service)
    sign_in(page, links["ada"])
    open_form(page).get_by_text("One.").click()
    page.get_by_role("link", name="Your jobs").click()
    page.get_by_role("heading", name="Your jobs").wait_for()
    assert page.problems == []


@pytest.mark.parametrize("filled, sentence", [("x", "What you filled in stays on this device."), ("", "it goes to somebody else.")])
def test_the_end_of_the_time_says_what_becomes_of_the_work(service, page, filled, sentence):
    links = service.make_team("ada")
    form_job(service)
    sign_in(page, links["ada"])
    page.route("**/tasks/sentences/0", lambda route: route.fulfill(json=route.fetch().json() | {"secondsLeft": 15}))
    frame = open_form(page)
    if filled:
        frame.get_by_label("Why").fill(filled)
    expect(page.locator("#bar .state")).to_have_text(re.compile(f"Your time for this task is over: .*{re.escape(sentence)}$"))
    for name in ("Give back", "Decline"):
        assert page.get_by_role("button", name=name).count() == 0


# MARK: sessions and tasks that are over

@pytest.mark.parametrize("kind", ["annotator", "template"])
def test_a_session_that_has_ended_is_said_with_a_way_to_sign_in(service, page, tmp_path, kind):
    links = service.make_team("ada")
    sentences(service, TEXT) if kind == "annotator" else form_job(service)
    sign_in(page, links["ada"])
    start(page) if kind == "annotator" else open_form(page)
    page.context.clear_cookies()
    field = page.get_by_label("Notes") if kind == "annotator" else page.frame_locator("iframe[title=Task]").get_by_label("Why")
    field.fill("kept")
    bar = page.locator("#bar")
    bar.get_by_text("Your session has ended. Open your personal link again; your work is kept on this device.").wait_for()
    expect(bar.get_by_role("link", name="Sign in")).to_have_attribute("href", "/portal/")
    assert "Bearer" not in page.content()
    if kind == "annotator":
        box = place(page.get_by_role("button", name="Keys"))
        assert box["x"] + box["width"] <= 1280
    picture(page, f"portal-session-ended-{kind}", tmp_path)
    with page.context.expect_page() as opened:
        bar.get_by_role("link", name="Sign in").click()
    opened.value.get_by_role("heading", name="Sign in").wait_for()
    sign_in(opened.value, links["ada"])
    opened.value.close()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bar.locator(".state")).to_have_text("")
