"""The portal: workers sign in by link and do whole tasks by mouse and by keyboard; templates run; people see only their own."""
import json
import re

import pytest
from playwright.sync_api import expect

from conftest import FIXTURES
from crowd import select_by_mouse, utf16
from pages import assert_accessible, browser, page, picture, place, submit_untouched, until_true  # noqa: F401
from portal_pages import PROBE, TEXT, another_page, labels, ready, sentences, service, sign_in, start, surfaces  # noqa: F401
from portal_service import PUBLIC_TEAM, categories, job_request, page_manifest, token


# MARK: whole tasks

def test_a_whole_job_by_mouse_on_pages_with_images(service, page, tmp_path):
    links = service.make_team("ada")
    manifest = page_manifest(service.run, service.data)
    service.create(job_request("abstracts", manifest))
    sign_in(page, links["ada"])
    page.get_by_text("2 tasks to do").wait_for()
    assert_accessible(page, "list of jobs")
    picture(page, "portal-jobs", tmp_path)
    start(page)
    until_true(page, "document.querySelector('.pa-sheet img')?.naturalWidth > 500")
    expect(page.locator("#bar")).to_contain_text(re.compile(r"(59:5\d|1:00:00) left"))
    text = page.evaluate("document.querySelector('prelabel-annotator').answer.text")
    select_by_mouse(page, 0, 40)
    labels(page, "Background").click()
    page.get_by_label("Yes").check()
    page.get_by_label("Notes").fill("read by eye")
    assert_accessible(page, "task")
    picture(page, "portal-task", tmp_path)
    page.get_by_role("button", name="Submit").click()
    # The next task comes by itself.
    page.wait_for_url("**/tasks/1")
    ready(page)
    expect(page.locator(".pa-progress")).to_contain_text("2 of 2")
    submit_untouched(page)
    page.get_by_text("Everything is answered. Thank you.").or_(page.get_by_text("The job has ended. Thank you.")).wait_for()
    service.wait("abstracts", "Completed")
    first, second = service.output("abstracts")
    entities = first["parts"]["annotations"]["entities"]
    assert len(entities) == 1 and entities[0]["label"] == "Background" and entities[0]["startOffset"] == 0
    assert surfaces(entities, text)[0][0].split()[0] == text.split()[0]
    assert second["parts"]["annotations"]["entities"] == []
    assert page.problems == []


def test_a_whole_task_by_keyboard_alone(service, page):
    links = service.make_team("ada")
    sentences(service, TEXT)
    page.goto(links["ada"])
    page.get_by_role("heading", name="Your jobs").wait_for()
    page.get_by_text("1 task to do").wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Start":
            break
    page.keyboard.press("Enter")
    ready(page)
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Thank you.").wait_for()
    service.wait("sentences", "Completed")
    assert surfaces(service.output("sentences")[0]["parts"]["annotations"]["entities"]) == [("Aspirin is old", "Background")]


def test_a_template_of_the_jobs_own_answers_and_submits(service, page, tmp_path):
    links = service.make_team("ada")
    template = service.put("papers/page.liquid.html", (FIXTURES / "templates" / "classifier-page.liquid.html").read_text())
    (service.data / "papers" / "categories.json").write_text(categories(["person", "animal", "plant"]))
    sentences(service, "The fox sleeps.", f"{PROBE} The oak grows.", kind="TextMultiClass", template=template)
    sign_in(page, links["ada"])
    for choice in ["animal", "plant"]:
        page.get_by_role("link", name="Start").click() if choice == "animal" else None
        frame = page.frame_locator("iframe[title=Task]")
        frame.get_by_label(choice).check()
        if choice == "plant":
            assert_accessible(page, "template task")
            picture(page, "portal-template", tmp_path)
        frame.get_by_role("button", name="Send and go on").click()
        if choice == "animal":
            page.wait_for_url("**/tasks/1")
    page.get_by_text("Thank you.").wait_for()
    service.wait("sentences", "Completed")
    assert [line["parts-metadata"]["class-name"] for line in service.output("sentences")] == ["animal", "plant"]
    assert page.evaluate("probe") == []


@pytest.mark.parametrize("width, height", [(640, 360), (390, 800), (600, 900)])
def test_a_task_on_a_low_or_narrow_window_is_scrolled_to_its_end(service, page, tmp_path, width, height):
    links = service.make_team("ada")
    sentences(service, TEXT * 8)
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, links["ada"])
    start(page)
    assert place(page.locator(".pl-scroller"))["height"] >= 200
    bar, work, side = (place(page.locator(name)) for name in (".pa-top", ".pa-work", ".pa-side"))
    assert bar["y"] + bar["height"] <= work["y"] and work["y"] + work["height"] <= side["y"]
    page.keyboard.press("Control+End")
    until_true(page, "() => { const caret = document.querySelector('.pl-caret').getBoundingClientRect(); return caret.top >= 0 && caret.bottom <= innerHeight; }")
    picture(page, f"portal-small-{width}", tmp_path)
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("1")
    page.mouse.move(width / 2, height - 10)
    submit = page.get_by_role("button", name="Submit")
    for _ in range(20):
        page.mouse.wheel(0, 200)
    expect(submit).to_be_in_viewport(ratio=1)
    picture(page, f"portal-small-{width}-end", tmp_path)
    submit.click()
    page.get_by_text("Thank you.").wait_for()


def test_signing_in_is_not_disturbed_by_the_list_that_was_shown_before(service, page):
    links = service.make_team("ada")
    page.clock.install()
    sign_in(page, links["ada"])
    page.get_by_role("button", name="Sign out").click()
    link = page.get_by_label("Your link, or the token in it")
    link.fill(links["ada"])
    page.clock.fast_forward(11_000)
    page.wait_for_timeout(300)
    expect(link).to_have_value(links["ada"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your jobs").wait_for()


# MARK: people

def test_two_workers_on_one_object_do_not_see_each_other(service, page, another_page):
    links = service.make_team("ada", "bob")
    sentences(service, TEXT, workers=2)
    bob = another_page()
    for worker, who in [(page, "ada"), (bob, "bob")]:
        sign_in(worker, links[who])
        start(worker)
    select_by_mouse(page, *utf16(TEXT, "Aspirin is old."))
    labels(page, "Background").click()
    page.get_by_label("Notes").fill("ada's own")
    page.locator(".pa-saved").get_by_text("on the server").wait_for()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Thank you.").or_(page.get_by_text("others have the last ones")).wait_for()
    bob.reload()
    ready(bob)
    expect(bob.get_by_label("Notes")).to_have_value("")
    expect(bob.locator(".pa-count")).to_have_text("0")
    assert "ada" not in bob.content()
    status, task = service.ask("GET", "/tasks/sentences/0", token=token(links["bob"]))
    assert status == 200 and task["answer"] is None and task["draft"] is None


def test_declined_and_released_tasks_go_to_others(service, page, another_page):
    links = service.make_team("ada", "bob", "eve")
    sentences(service, TEXT, "Second.", workers=2)
    sign_in(page, links["ada"])
    start(page)
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("dialog").get_by_role("button", name="Decline").click()
    page.wait_for_url("**/tasks/1")
    page.get_by_role("button", name="Give back").click()
    page.get_by_role("heading", name="Your jobs").wait_for()
    page.get_by_text("1 task to do").wait_for()
    assert service.ask("POST", "/tasks/sentences", token=token(links["bob"]))[1]["task"]["number"] == 0
    assert service.ask("POST", "/tasks/sentences", token=token(links["ada"]))[1]["task"]["number"] == 1


def test_the_page_says_in_words_why_there_is_nothing_to_do(service, page):
    links = service.make_team("ada", "bob")
    sentences(service, "One.", "Two.", "Three.", MaxConcurrentTaskCount=2)
    bob = token(links["bob"])
    service.ask("POST", "/tasks/sentences", token=bob)
    sign_in(page, links["ada"])
    start(page)
    submit_untouched(page)
    page.get_by_text("No tasks now: the batch is being finished.").wait_for()
    # Bob's answer ends the batch, and the page goes on by itself.
    service.ask("POST", "/tasks/sentences/0/answer", {"answer": {"crowd-entity-annotation": {"entities": []}}}, token=bob)
    page.wait_for_url("**/tasks/2")


def test_links_expire_and_are_renewed(service, page):
    links = service.make_team("ada", "bob")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    assert page.url == service.url + "/portal/" and "#" not in page.evaluate("document.referrer")
    line = service.run("team", "links", "readers", "--member", "ada@example.org", "--renew", "--url", service.url)
    assert service.ask("GET", "/tasks/jobs", token=token(links["ada"]))[0] == 401
    assert service.ask("GET", "/tasks/jobs", token=token(links["bob"]))[0] == 200
    page.reload()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.goto(links["ada"])
    page.get_by_text("This link does not open").wait_for()
    # What is typed or pasted is as good as a link that is followed.
    page.goto(service.url + "/portal/")
    page.get_by_label("Your link, or the token in it").fill(line.strip().split("\t")[1])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your jobs").wait_for()


def test_the_open_link_makes_workers_without_a_name(service, page, another_page):
    link = service.run("team", "links", "--public", "--url", service.url).strip().split("\t")[1]
    service.make_team("ada")
    sentences(service, TEXT, workers=2, team=PUBLIC_TEAM, PublicWorkforceTaskPrice={"AmountInUsd": {"Cents": 3}})
    other = another_page()
    for somebody in (page, other):
        sign_in(somebody, link)
        start(somebody)
        submit_untouched(somebody)
        somebody.get_by_text("Thank you.").or_(somebody.get_by_text("others have the last ones")).wait_for()
    # The same browser stays the same worker.
    sign_in(page, link)
    service.wait("sentences", "Completed")
    answers = json.loads(next((service.data / "papers/out/sentences/annotations/worker-response/iteration-1/0").iterdir()).read_text())["answers"]
    assert len({answer["workerId"] for answer in answers}) == 2
    assert all(re.fullmatch(r"public\.us-east-1\.[0-9a-f]{16}", answer["workerId"]) for answer in answers)


def test_hostile_texts_and_labels_stay_text(service, page):
    links = service.make_team("ada")
    (service.data / "papers" / "categories.json").write_text(categories([PROBE, "b"], shortInstruction=PROBE, fullInstruction=PROBE))
    manifest = service.put("papers/in.manifest", [{"source": PROBE + TEXT, "metadata": {PROBE: PROBE}}])
    service.create(job_request("sentences", manifest, TaskTitle=PROBE, TaskDescription=PROBE))
    sign_in(page, links["ada"])
    page.get_by_text("1 task to do").wait_for()
    start(page)
    page.keyboard.press("i")
    page.get_by_role("dialog").wait_for()
    # Chromium tells of handlers in markup that is only read; none of them ran.
    assert page.evaluate("probe") == [] and [problem for problem in page.problems if "dialog" in problem] == []


@pytest.mark.parametrize("place", ["next", "answers"])
def test_pages_without_a_session_lead_to_signing_in(service, page, place):
    service.make_team("ada")
    sentences(service, TEXT)
    page.goto(f"{service.url}/portal/jobs/sentences/{place}")
    page.get_by_text("Your session has ended.").wait_for()
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/portal/")
    assert "Bearer" not in page.content()


def test_tasks_that_are_not_held_offer_nothing(service, page):
    links = service.make_team("ada", "bob")
    sentences(service, TEXT, "Two.", workers=2)
    sign_in(page, links["ada"])
    start(page)
    address = page.url
    page.get_by_role("button", name="Give back").click()
    page.get_by_role("heading", name="Your jobs").wait_for()
    page.goto(address)
    page.get_by_text("This task is not in your hands any more.").wait_for()
    assert page.get_by_text("Opening the task").count() == 0
    for name in ("Give back", "Decline"):
        assert page.get_by_role("button", name=name).count() == 0


@pytest.mark.parametrize("job, number", [("sentences", "zzz"), ("nothing", "0")])
def test_an_address_of_no_task_is_a_page_with_a_sentence(service, page, tmp_path, job, number):
    links = service.make_team("ada")
    sentences(service, TEXT)
    sign_in(page, links["ada"])
    assert page.goto(f"{service.url}/portal/jobs/{job}/tasks/{number}").status == 404
    page.get_by_text("There is no task of yours at this address.").wait_for()
    picture(page, "portal-no-task", tmp_path)
    page.get_by_role("link", name="Your jobs").click()
    page.get_by_role("heading", name="Your jobs").wait_for()


def test_an_own_answer_is_changed_until_it_is_consolidated(service, page):
    links = service.make_team("ada", "bob")
    sentences(service, TEXT, workers=2)
    sign_in(page, links["ada"])
    start(page)
    page.get_by_label("Notes").fill("first thought")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("link", name="Your answers").click()
    assert_accessible(page, "own answers")
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Change the answer").click()
    ready(page)
    expect(page.get_by_label("Notes")).to_have_value("first thought")
    page.get_by_label("Notes").fill("second thought")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("others have the last ones").or_(page.get_by_text("Thank you.")).wait_for()
    assert service.ask("GET", "/tasks/sentences/0", token=token(links["ada"]))[1]["answer"]["notes"] == "second thought"
    assert service.ask("POST", "/tasks/sentences", token=token(links["bob"]))[0] == 200
    service.ask("POST", "/tasks/sentences/0/answer", {"answer": {"crowd-entity-annotation": {"entities": []}}}, token=token(links["bob"]))
    service.wait("sentences", "Completed")
    assert service.ask("POST", "/tasks/sentences/0/reopen", token=token(links["ada"]))[1]["code"] in ("closed", "lease-ended")
    page.goto(service.url + "/portal/jobs/sentences/answers")
    page.get_by_text("Consolidated: it stands").wait_for()
