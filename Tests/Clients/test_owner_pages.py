"""The owner's pages: jobs made by the form, watched, previewed, decided about and downloaded; and who may see them."""
import json

from playwright.sync_api import expect

from conftest import FIXTURES
from crowd import utf16
from portal_pages import PROBE, TEXT, another_page, ready, sentences, service, sign_in, start  # noqa: F401
from portal_service import LABELS, Service, categories, job_request, page_manifest, token
from pages import assert_accessible, browser, held, page, picture, server, submit_untouched, until_held, until_true  # noqa: F401
from waiting import until

KEY = "0123456789abcdef-key"


def entities(*marks, text=TEXT):
    spans = [(*utf16(text, part), label) for part, label in marks]
    return {"answer": {"crowd-entity-annotation": {"entities": [{"startOffset": start, "endOffset": end, "label": label} for start, end, label in spans]}}}


def answer(service, link, job, body):
    status, reply = service.ask("POST", f"/tasks/{job}", token=token(link))
    assert status == 200 and reply["task"], reply
    status, reply = service.ask("POST", f"/tasks/{job}/{reply['task']['number']}/answer", body, token=token(link))
    assert status == 200, reply


def test_the_owner_creates_a_job_by_the_form_and_downloads_its_output(service, page, another_page, tmp_path):
    links = service.make_team("ada")
    manifest = page_manifest(service.run, service.data)
    page.goto(service.url + "/portal/owner")
    page.get_by_text("There are no jobs yet.").wait_for()
    page.get_by_role("link", name="New job").first.click()
    page.get_by_label("Name", exact=True).wait_for()
    # What is missing or wrong is said at its field, before anything is sent.
    page.get_by_label("Name", exact=True).fill("no spaces please")
    page.get_by_label("Answers an object").fill("12")
    page.get_by_role("button", name="Create the job").click()
    expect(page.locator("#name-note")).to_contain_text("does not have the form")
    expect(page.locator("#answers-note")).to_contain_text("Expected 1 to 9")
    expect(page.locator("#manifest-note")).to_contain_text("must be filled in")
    assert_accessible(page, "form with complaints")
    for label, text in {
        "Name": "abstracts", "Title": "Mark the parts of the abstract", "Description": "Six parts.", "Input manifest": "s3://papers/none.manifest",
        "Output folder": "s3://papers/out", "Label attribute": "parts-ref", "Labels": "\n".join(LABELS), "Answers an object": "1", "Instructions": "<p>Mark all.</p>",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    # What the service refuses is said at its field too.
    page.get_by_role("button", name="Create the job").click()
    expect(page.locator("#manifest-note")).to_contain_text("none.manifest")
    page.get_by_label("Input manifest").fill(manifest)
    page.get_by_role("button", name="Create the job").click()
    expect(page.locator("#attribute-note")).to_contain_text("LabelAttributeName")
    page.get_by_label("Label attribute").fill("parts")
    picture(page, "owner-new", tmp_path)
    page.get_by_role("button", name="Create the job").click()
    page.wait_for_url("**/portal/owner/jobs/abstracts")
    page.get_by_text("Batch 1 is open: 2 objects with workers").wait_for()
    page.get_by_text("Tasks wait for workers: nobody has taken one.").wait_for()
    assert_accessible(page, "job")
    # A look at the labeling tool takes no task.
    page.get_by_role("link", name="View labeling tool").click()
    ready(page)
    until_true(page, "document.querySelector('.pa-sheet img')?.naturalWidth > 500")
    submit_untouched(page)
    page.get_by_text("This is a preview: nothing was sent.").wait_for()
    page.get_by_role("link", name="Next object").click()
    page.wait_for_url("**/preview/1")
    ready(page)
    # There is nothing behind the last one.
    expect(page.get_by_role("link", name="Next object")).to_have_count(0)
    expect(page.get_by_role("link", name="Object before")).to_be_visible()
    assert service.ask("GET", "/portal/api/jobs/abstracts")[1]["progress"]["held"] == 0
    given = {"answer": {"crowd-entity-annotation": {"entities": [{"startOffset": 0, "endOffset": 10, "label": "Methods"}]}}}
    answer(service, links["ada"], "abstracts", given)
    page.goto(service.url + "/portal/owner/jobs/abstracts")
    expect(page.get_by_role("region", name="Progress")).to_contain_text("1labeled")
    picture(page, "owner-job", tmp_path)
    answer(service, links["ada"], "abstracts", given)
    service.wait("abstracts", "Completed")
    page.goto(service.url + "/portal/owner")
    expect(page.get_by_role("row", name="abstracts")).to_contain_text("Completed")
    assert_accessible(page, "jobs")
    picture(page, "owner-jobs", tmp_path)
    page.get_by_role("link", name="abstracts").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download output").click()
    lines = [json.loads(line) for line in download.value.path().read_text().splitlines()]
    assert lines == service.output("abstracts") and all(line["parts"]["annotations"]["entities"] for line in lines)


def test_the_form_takes_the_name_for_the_label_attribute_and_knows_names_in_any_case(service, page):
    service.make_team("ada")
    manifest = service.put("papers/in.manifest", [{"source": TEXT}])
    service.create(job_request("form-job", manifest))

    def fill(name):
        page.goto(service.url + "/portal/owner/new")
        values = {"Name": name, "Title": "Mark", "Description": "Mark.", "Input manifest": manifest, "Output folder": "s3://papers/out", "Labels": "A\nB"}
        for label, text in values.items():
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Create the job").click()

    fill("Form-Job")
    expect(page.locator("#name-note")).to_contain_text("There is a job form-job already.")
    assert page.evaluate("document.activeElement.id") == "name"
    fill("second-job")
    page.wait_for_url("**/portal/owner/jobs/second-job")
    assert service.ask("GET", "/portal/api/jobs/second-job")[1]["request"]["LabelAttributeName"] == "second-job"


def test_disputed_places_stand_among_whole_words(service, page):
    links = service.make_team("ada", "bob")
    text = "Nobody expected that so many experienced dairymaids were immune. " * 5 + "Aspirin works. " + "Nobody expected that so many experienced dairymaids were immune. " * 5
    sentences(service, text, workers=2)
    answer(service, links["ada"], "sentences", entities(("Aspirin works.", "Methods"), text=text))
    answer(service, links["bob"], "sentences", entities((text[:129], "Background"), ("Aspirin works.", "Results"), text=text))
    service.wait("sentences", "Completed")
    page.goto(service.url + "/portal/owner/jobs/sentences/disputes")
    words = set(text.split())
    for _ in range(2):
        shown = page.locator(".context")
        shown.wait_for()
        assert set(shown.inner_text().split()) - words <= {"\u2026"} and "\u2026" in shown.inner_text()
        for choice in page.locator(".choice > span:not(.support)").all():
            assert set(choice.inner_text().strip("\u201c\u201d").split()) - words <= {"\u2026"}
        page.keyboard.press("s")


def test_a_failed_object_is_shown_with_its_reason(service, page):
    links = service.make_team("ada")
    sentences(service, TEXT, "Second.")
    for _ in range(2):
        service.ask("POST", "/tasks/sentences", token=token(links["ada"]))
        held = service.ask("GET", "/tasks/sentences", token=token(links["ada"]))[1]["held"]["number"]
        service.ask("POST", f"/tasks/sentences/{held}/{'decline' if held else 'answer'}", entities(("Aspirin", "Methods")), token=token(links["ada"]))
    service.wait("sentences", "Completed")
    page.goto(service.url + "/portal/owner/jobs/sentences")
    expect(page.get_by_role("region", name="Failed objects")).to_contain_text("ClientError: Annotation tasks expired.")
    expect(page.locator("#status")).to_contain_text("Completed with labeling errors")


def test_disputed_places_are_decided_by_one_key(service, page, tmp_path):
    links = service.make_team("ada", "bob", "eve")
    sentences(service, TEXT, TEXT + " More.", workers=3)
    for number in range(2):
        answer(service, links["ada"], "sentences", entities(("We test 40 mg aspirin in mice.", "Methods"), ("The mice lived.", "Results")))
        answer(service, links["bob"], "sentences", entities(("We test 40 mg aspirin in mice.", "Objectives"), ("The mice lived.", "Results")))
        answer(service, links["eve"], "sentences", entities(("The mice lived.", "Conclusions" if number else "Results")))
    service.wait("sentences", "Completed")
    page.goto(service.url + "/portal/owner/jobs/sentences")
    page.get_by_role("button", name="Show agreement and workers").click()
    page.get_by_role("heading", name="Agreement between workers").wait_for()
    expect(page.get_by_role("row", name="private.us-east-1")).to_have_count(3)
    assert_accessible(page, "report")
    picture(page, "owner-report", tmp_path)
    page.get_by_role("link", name="Decide disputed places").click()
    page.get_by_role("heading", name="Disputed places").wait_for()
    assert_accessible(page, "disputes")
    picture(page, "owner-disputes", tmp_path)
    shown = page.get_by_role("region", name="Disputed place")
    expect(shown).to_contain_text("We test 40 mg aspirin in mice.")
    expect(shown).to_contain_text("most frequent among similar marks · the label now")
    first = int(shown.inner_text().split("Object ")[1].split(",")[0])
    key = page.get_by_role("button", name="Objectives").locator("kbd").inner_text()
    decisions = held(page, "**/decision")
    # Keys pressed before the next place is shown are not for it.
    for press in (key, "0", "s"):
        page.keyboard.press(press)
    until_held(page, decisions)
    page.wait_for_timeout(200)
    assert len(decisions) == 1
    decisions[0].continue_()
    page.get_by_text("Place 2 of").wait_for()
    page.unroute("**/decision")
    with page.expect_response("**/decision") as reply:
        page.keyboard.press("0")
    assert reply.value.ok
    line = until(lambda: service.output("sentences")[first], lambda line: "adjudications" in line["parts-metadata"])
    start, end = utf16(TEXT, "We test 40 mg aspirin in mice.")
    decided = {"startOffset": start, "endOffset": end, "label": "Objectives"}
    assert [span for span in line["parts"]["annotations"]["entities"] if span["startOffset"] == start] == [decided]
    noted = line["parts-metadata"]["adjudications"][0]
    assert noted["choice"] == decided and noted["decision-date"].endswith("Z") and (noted["startOffset"], noted["endOffset"]) == (start, end)
    assert len(line["parts-metadata"]["entities"]) == len(line["parts"]["annotations"]["entities"])
    # What is decided does not come again.
    page.goto(service.url + "/portal/owner/jobs/sentences/disputes")
    page.locator(".dispute, .panel").first.wait_for()
    assert not (page.get_by_text(f"Object {first},").count() and "We test 40 mg" in page.locator("mark").inner_text())


def test_disputed_places_are_found_in_the_whole_of_a_job(service, page):
    links = service.make_team("ada", "bob")
    sentences(service, *[f"{TEXT} {number}" for number in range(310)], workers=2)
    for name, disputed_label in (("ada", "Methods"), ("bob", "Objectives")):
        for number in range(310):
            label = disputed_label if number in (7, 305) else "Results"
            answer(service, links[name], "sentences", entities(("We test 40 mg aspirin in mice.", label)))
    service.wait("sentences", "Completed")
    page.goto(service.url + "/portal/owner/jobs/sentences/disputes")
    shown = page.get_by_role("region", name="Disputed place")
    expect(shown).to_contain_text("Place 1 of 1 in objects 0 to 299")
    expect(shown).to_contain_text("Object 7,")
    page.keyboard.press("s")
    expect(shown).to_contain_text("Place 1 of 1 in objects 300 to 309")
    expect(shown).to_contain_text("Object 305,")
    with page.expect_response("**/decision") as reply:
        page.keyboard.press("1")
    assert reply.value.ok
    page.get_by_text("1 place decided. The output is written with them. 1 place skipped.").wait_for()
    # Those that were skipped here stand behind the ones that are asked for next.
    given = service.ask("GET", "/portal/api/jobs/sentences/disputes?from=0&skip=1")[1]
    assert given["disputes"] == [] and given["left"] == 0 and (given["last"], given["next"]) == (299, 300)


def show_class_report(service, page, kind, objects, answered):
    """The report of a classification job of two workers; `answered(name, number)` is what each says."""
    links = service.make_team("ada", "bob")
    (service.data / "papers" / "categories.json").write_text(categories(["person", "animal"]))
    template = service.put("papers/page.liquid.html", (FIXTURES / "templates" / "classifier-page.liquid.html").read_text())
    sentences(service, *[f"The fox sleeps {number}." for number in range(objects)], kind=kind, workers=2, template=template)
    for name in links:
        for number in range(objects):
            answer(service, links[name], "sentences", {"answer": answered(name, number)})
    service.wait("sentences", "Completed")
    page.goto(service.url + "/portal/owner/jobs/sentences")
    page.get_by_role("button", name="Show agreement and workers").click()
    return page.get_by_role("row", name="All labels").get_by_role("cell")


def test_a_report_of_several_classes_has_no_kappa_of_all_together(service, page):
    def answered(name, number):
        return {"crowd-classifier-multi-select": {"labels": ["animal"] if (name, number) == ("bob", 3) else ["animal", "person"] if number % 2 else ["person"]}}

    everything = show_class_report(service, page, "TextMultiClassMultiLabel", 4, answered)
    # Of ada's six and bob's five labels five are the same.
    expect(everything.nth(0)).to_contain_text("0.91")
    expect(everything.nth(1)).to_have_text("\u2013")
    expect(page.get_by_role("row", name="person").get_by_role("cell").nth(0)).to_contain_text("0.86")


def test_a_classification_job_has_a_report_of_its_workers(service, page):
    everything = show_class_report(
        service, page, "TextMultiClass", 24,
        lambda name, number: {"crowd-classifier": {"label": "animal" if number < 12 or (name, number) == ("bob", 23) else "person"}})
    # 23 of 24 objects are in one class; of 48 answers 25 say animal and 23 person.
    expected = (25 / 48) ** 2 + (23 / 48) ** 2
    expect(everything.nth(0)).to_contain_text("0.96")
    expect(everything.nth(1)).to_contain_text(f"{(23 / 24 - expected) / (1 - expected):.2f}")
    # Workers who agree about classes copy nobody.
    workers = page.get_by_role("row", name="private.us-east-1").all()
    assert [row.get_by_role("cell").last.inner_text() for row in workers] == ["\u2013"] * 2
    assert page.get_by_role("columnheader", name="Overlap F1").count() == 0
    assert page.get_by_text("Decide disputed places").count() == 0
    assert_accessible(page, "report of a classification job")


def test_texts_off_pages_are_classified_by_their_words(service, page, tmp_path):
    service.make_team("ada")
    manifest = page_manifest(service.run, service.data)
    (service.data / "papers" / "categories.json").write_text(categories(["theory", "experiment"]))
    service.create(job_request("kinds", manifest, kind="TextMultiClass"))
    page.goto(service.url + "/portal/owner/jobs/kinds/preview/0")
    target = page.frame_locator("iframe[title=Task]").locator("classification-target")
    text = (service.data / "papers" / "text" / "article-0-002.png.txt").read_text()
    expect(target.locator("div")).to_have_text(text)
    expect(page.frame_locator("iframe[title=Task]").get_by_role("heading", name="Every sentence of an abstract has one of six parts.")).to_be_visible()
    expect(page.frame_locator("iframe[title=Task]").locator("short-instructions")).to_contain_text("Mark")
    expect(target.get_by_role("img")).to_be_visible()
    assert target.get_by_role("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 500
    picture(page, "classified-page", tmp_path)


def test_a_job_with_a_template_is_previewed_in_its_frame(service, page):
    service.make_team("ada")
    template = service.put("papers/page.liquid.html", (FIXTURES / "templates" / "classifier-page.liquid.html").read_text())
    (service.data / "papers" / "categories.json").write_text(categories(["person", "animal"]))
    sentences(service, "The fox sleeps.", kind="TextMultiClass", template=template)
    page.goto(service.url + "/portal/owner/jobs/sentences/preview/0")
    frame = page.frame_locator("iframe[title=Task]")
    frame.get_by_label("animal").check()
    frame.get_by_role("button", name="Send and go on").click()
    page.locator("#bar").get_by_text("This is a preview: nothing was sent.").wait_for()
    assert service.ask("GET", "/portal/api/jobs/sentences")[1]["progress"]["answers"] == 0
    (service.data / "papers" / "page.liquid.html").write_text("{% if %}")
    page.reload()
    frame.get_by_role("heading", name="There is nothing to show").wait_for()
    for path, reason in [("sentences/preview/none", "objects are numbered from 0"), ("other/preview/0", "No labeling job found with the name other")]:
        assert page.goto(f"{service.url}/portal/owner/jobs/{path}").status == 404
        page.get_by_text(f"There is no such task: {reason}.").wait_for()
    page.get_by_role("link", name="Labeling jobs").click()
    page.wait_for_url("**/portal/owner")


def test_with_keys_the_owner_signs_in(tmp_path, environment, page):
    data = tmp_path / "data"
    (data / "papers").mkdir(parents=True)
    (data / "papers" / "categories.json").write_text(categories())
    service = Service(data, environment, keys=KEY)
    try:
        links = service.make_team("ada")
        manifest = service.put("papers/in.manifest", [{"source": PROBE}])
        service.create(job_request("sentences", manifest, TaskTitle=PROBE), key=KEY)
        page.goto(service.url + "/portal/owner")
        page.get_by_label("Key of the service").fill("not the key, but long")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("this is none of the service's keys").wait_for()
        page.get_by_label("Key of the service").fill(KEY)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="sentences").click()
        page.get_by_text("Batch 1 is open").wait_for()
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        assert cookies["prelabel-owner"]["httpOnly"] and cookies["prelabel-owner"]["sameSite"] == "Strict" and KEY not in cookies["prelabel-owner"]["value"]
        # A worker is no owner, and an owner no worker.
        assert service.ask("GET", "/portal/api/jobs", token=token(links["ada"]))[0] == 401
        assert service.ask("GET", "/tasks/jobs", token=KEY)[0] == 401
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Key of the service").wait_for()
        assert page.evaluate("probe") == [] and [problem for problem in page.problems if "401" not in problem] == []
    finally:
        service.stop()


def test_a_page_of_somebody_else_cannot_act_for_the_owner(service, page, server):
    service.make_team("ada")
    manifest = service.put("papers/in.manifest", [{"source": TEXT}])
    body = json.dumps(job_request("stolen", manifest))
    address = server.put("/evil", f"""<script>
      const body = {json.dumps(body)};
      Promise.allSettled([
        fetch("{service.url}/portal/api/jobs", {{ method: "POST", headers: {{ "Content-Type": "application/json" }}, body }}),
        fetch("{service.url}/portal/api/jobs", {{ method: "POST", mode: "no-cors", headers: {{ "Content-Type": "text/plain" }}, body }}),
      ]).then(() => {{ window.isDone = true; }});
    </script>""")
    page.goto(address)
    until_true(page, "window.isDone")
    assert service.ask("GET", "/portal/api/jobs")[1]["jobs"] == []


def test_the_pages_hold_in_the_dark_and_on_a_tablet(service, browser, tmp_path):
    links = service.make_team("ada")
    manifest = page_manifest(service.run, service.data)
    service.create(job_request("abstracts", manifest))
    context = browser.new_context(viewport={"width": 820, "height": 1180}, color_scheme="dark", has_touch=True)
    try:
        tablet = context.new_page()
        sign_in(tablet, links["ada"])
        assert_accessible(tablet, "list of jobs, dark")
        start(tablet)
        until_true(tablet, "document.querySelector('.pa-sheet img')?.naturalWidth > 500")
        assert_accessible(tablet, "task, dark")
        picture(tablet, "portal-task-dark-tablet", tmp_path)
        for name, path in [("jobs", "owner"), ("job", "owner/jobs/abstracts"), ("new", "owner/new")]:
            tablet.goto(f"{service.url}/portal/{path}")
            tablet.locator("h1").wait_for()
            until_true(tablet, "document.getElementById('main').getAttribute('aria-busy') === 'false'")
            assert_accessible(tablet, f"owner's {name}, dark")
            picture(tablet, f"owner-{name}-dark-tablet", tmp_path)
            # Nothing has to be scrolled sideways but tables in frames of their own.
            assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    finally:
        context.close()
