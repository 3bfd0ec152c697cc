"""Work in the portal that is never lost: servers and browsers that are killed, drafts on their way, tasks that end once."""
import os
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from crowd import select_by_mouse, utf16
from pages import browser, held, page, submit_untouched, until_held  # noqa: F401
from portal_pages import TEXT, another_page, labels, sentences, service, sign_in, start, surfaces  # noqa: F401


def test_a_draft_survives_a_killed_server(service, page, another_page):
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    start(page)
    select_by_mouse(page, *utf16(TEXT, "We test 40 mg aspirin in mice."))
    labels(page, "Methods").click()
    page.locator(".pa-saved").get_by_text("on the server").wait_for()
    service.kill()
    page.get_by_label("Notes").fill("written while the server was away")
    expect(page.locator(".pa-saved")).to_contain_text("The server does not answer.")
    service.start()
    expect(page.locator(".pa-saved")).not_to_contain_text("does not answer")
    # Another browser of the same worker has the draft from the server.
    other = another_page()
    sign_in(other, links["ada"])
    start(other, "Continue")
    expect(other.get_by_label("Notes")).to_have_value("written while the server was away")
    other.get_by_role("button", name="Submit").click()
    other.get_by_text("Thank you.").wait_for()
    service.wait("sentences", "Completed")
    assert surfaces(service.output("sentences")[0]["parts"]["annotations"]["entities"]) == [("We test 40 mg aspirin in mice.", "Methods")]


@pytest.mark.parametrize("button, ending", [("Submit", "answer"), ("Give back", "release")])
def test_a_draft_on_its_way_does_not_follow_the_end_of_its_task(service, page, button, ending):
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    start(page)
    drafts, endings = held(page, "**/draft"), held(page, f"**/{ending}")
    page.get_by_label("Notes").fill("nearly done")
    until_held(page, drafts)
    # While the end is still on its way, the page itself would break the draft off only by leaving.
    with page.expect_event("requestfailed") as broken:
        page.get_by_role("button", name=button).click()
    until_held(page, endings)
    assert broken.value.url.endswith("/draft")
    with page.expect_navigation():
        endings[0].continue_()
    assert len(drafts) == 1 and page.problems == []


def test_one_draft_at_a_time_is_on_its_way(service, page):
    """Of two the older could come last."""
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    start(page)
    page.clock.install()
    drafts = held(page, "**/draft")
    page.get_by_label("Notes").fill("first")
    until_held(page, drafts)
    page.get_by_label("Notes").fill("second")
    page.clock.run_for(20_000)
    assert len(drafts) == 1
    # A server that says nothing for half a minute is asked again.
    page.clock.run_for(15_000)
    until_held(page, drafts, 2)
    assert drafts[1].request.post_data_json["notes"] == "second"
    drafts[1].continue_()
    page.locator(".pa-saved").get_by_text("on the server").wait_for()


def test_a_task_is_ended_once_however_often_buttons_are_pressed(service, page):
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    start(page)
    releases, answers = held(page, "**/release"), held(page, "**/answer")
    page.get_by_role("button", name="Give back").dblclick()
    submit_untouched(page)
    until_held(page, releases)
    page.wait_for_timeout(200)
    assert len(releases) == 1 and answers == []
    releases[0].continue_()
    page.get_by_role("heading", name="Your jobs").wait_for()
    assert page.problems == []


def test_drafts_go_on_when_the_answer_was_not_taken(service, page):
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    start(page)
    page.route("**/answer", lambda route: route.fulfill(status=503, json={"detail": "The disk is full."}))
    submit_untouched(page)
    page.get_by_text("Not sent: The disk is full. Your work is still here.").wait_for()
    page.get_by_label("Notes").fill("once more")
    page.locator(".pa-saved").get_by_text("on the server").wait_for()
    page.unroute("**/answer")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Thank you.").wait_for()


def test_a_draft_survives_a_killed_browser(service, browser, tmp_path):
    links = service.make_team("ada")
    sentences(service, TEXT)
    profile = tmp_path / "profile"

    def launch():
        context = browser.browser_type.launch_persistent_context(
            profile, executable_path="/usr/bin/chromium", args=["--no-sandbox"], viewport={"width": 1280, "height": 720})
        return context, context.pages[0]

    context, page = launch()
    sign_in(page, links["ada"])
    start(page)
    page.get_by_label("Notes").fill("before the end")
    page.locator(".pa-saved").get_by_text("on this device").wait_for()
    found = subprocess.run(["pgrep", "-f", str(profile)], capture_output=True, text=True).stdout.split()
    for process in map(int, found):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    context, page = launch()
    sign_in(page, links["ada"])
    start(page, "Continue")
    expect(page.get_by_label("Notes")).to_have_value("before the end")
    context.close()
