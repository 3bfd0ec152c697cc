"""The commands of `job` do the same on a data folder and at a service."""
import json

from labeling import TEAM
from owner_caller import KEY, TEXTS, Caller, answer, caller, lines, service  # noqa: F401
from portal_service import categories, job_request, token
from test_streaming_job import Webhook, serving
from waiting import until


def test_a_job_is_created_of_local_files_alike(caller, tmp_path):
    """The manifest, the label file and the template lie here; the service's machine has none of them."""
    url = ("--url", "https://labels.example.org")
    caller.there("team", "create", "readers", "--member", "ada@example.org", *url)
    manifest = "".join(json.dumps({"source": f"{text} {'Nothing else is known. ' * 20}"}) + "\n" for text in TEXTS * 3000)
    (tmp_path / "my.manifest").write_text(manifest)
    (tmp_path / "labels.json").write_text(categories(["Drug", "Animal"]))
    (tmp_path / "page.html").write_text(
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form>'
        '<crowd-entity-annotation name="crowd-entity-annotation" labels="{{ task.input.labels | to_json | escape }}" '
        'text="{{ task.input.taskObject }}" header="h"><full-instructions header="i">i</full-instructions>'
        "<short-instructions>s</short-instructions></crowd-entity-annotation></crowd-form>")

    def create(name, labels="Drug,Animal", *more):
        return ("job", "create", name, "--manifest", "my.manifest", "--labels", labels, "--workers-per-object", "2", *url, *more)

    out, err = caller.same(*create("dry"), "--dry-run")
    lonely, told = err.split("\n", 1)
    assert lonely.startswith("prelabel: the team readers has 1 member, and each object wants answers of 2 different people")
    caller.there("team", "add", "readers", "--member", "bob@example.org")
    assert caller.same(*create("dry"), "--dry-run") == (out, told)
    assert out == "" and told == "prelabel: 9000 objects × 2 = 18000 answers, about 600.0 hours of work (two minutes an answer, a guess); nothing was created\n"
    assert caller.same("job", "list") == ("", "")
    out, err = caller.twins(lambda name: create(name, "labels.json", "--template", "page.html"))
    assert err == (
        "prelabel: warning: page.html:1: nested-form: <crowd-entity-annotation> has a form and a submit button of its own; take it out of "
        "<crowd-form>\nprelabel: created arn:aws:sagemaker:us-east-1:000000000000:labeling-job/twin-b: 9000 objects, 18000 answers. "
        "`prelabel serve` shows the tasks under these links:\n")
    assert out.startswith("ada@example.org\thttps://labels.example.org/portal/enter#")
    caller.twins(lambda name: create(name), name="plain")
    caller.twins(lambda name: create(name, "Drug,Animal", "--task", "TextMultiClass"), name="task")
    folder = caller.service.data / "labeling" / "jobs"
    plain = ["categories.json", "input.manifest"]
    for pair, files in [("twin", plain + ["template.liquid.html"]), ("plain", plain), ("task", plain)]:
        for name in [f"{pair}-a", f"{pair}-b"]:
            assert sorted(path.name for path in (folder / name / "input").iterdir()) == files
            caller.service.wait(name, "InProgress", KEY)
        for file in files:
            assert (folder / f"{pair}-a/input/{file}").read_bytes() == (folder / f"{pair}-b/input/{file}").read_bytes()
        assert (folder / f"{pair}-b/input/input.manifest").read_text() == manifest
        requests = [caller.service.ask("GET", f"/portal/api/jobs/{pair}-{twin}", token=KEY)[1]["request"] for twin in "ab"]
        assert json.dumps(requests[0]).replace(f"{pair}-a", f"{pair}-b") == json.dumps(requests[1])
    # A name that is taken costs the job that has it nothing.
    (tmp_path / "my.manifest").write_text('{"source":"another"}\n')
    assert "there is a job twin-b" in caller.same(*create("twin-b"), code=65)[1]
    assert (folder / "twin-b/input/input.manifest").read_text() == manifest


def test_objects_of_the_service_s_store_are_named_as_they_are(caller):
    caller.there("team", "create", "readers", "--member", "ada@example.org")
    url = ("--url", "https://labels.example.org")
    arguments = ("--manifest", "s3://papers/in.manifest", "--labels", "s3://papers/categories.json", "--output", "s3://papers/out", *url)
    assert "3 objects × 3 = 9 answers" in caller.same("job", "create", "dry", *arguments, "--dry-run")[1]
    caller.twins(lambda name: ("job", "create", name, *arguments))
    request = caller.service.wait("twin-b", "InProgress", KEY)["request"]
    assert request["LabelCategoryConfigS3Uri"] == "s3://papers/categories.json"
    assert request["InputConfig"]["DataSource"]["S3DataSource"]["ManifestS3Uri"] == "s3://papers/in.manifest"
    assert not (caller.service.data / "papers" / "out" / "twin-b" / "input").exists()


def test_what_is_refused_of_jobs_is_refused_alike(caller, tmp_path):
    caller.service.put("papers/empty.manifest", "\n")
    caller.service.put("papers/files.manifest", [{"source": "a"}, {"source-ref": "file:///tmp/p.png"}])
    caller.service.put("papers/bad.json", "{}")
    (tmp_path / "broken.manifest").write_text('{"source":"a"}\nno json\n')
    (tmp_path / "good.manifest").write_text('{"source":"a"}\n')
    (tmp_path / "page.html").write_text("{% if %}")
    (tmp_path / "large.html").write_text(" " * ((1 << 20) + 1))

    def create(name="demo", manifest="s3://papers/in.manifest", labels="A,B", *more):
        return ("job", "create", name, "--manifest", manifest, "--labels", labels, *more)

    assert "there is no team: prelabel team create" in caller.same(*create(), code=66)[1]
    caller.there("team", "create", "readers")
    for arguments, code, words in [
        (create(manifest="s3://papers/none.manifest"), 66, "s3://papers/none.manifest"),
        (create(manifest="none.manifest"), 66, "none.manifest"),
        (create(manifest="broken.manifest"), 65, "broken.manifest:2: "),
        (create(manifest="s3://papers/empty.manifest"), 65, "s3://papers/empty.manifest has no objects"),
        (create(manifest="s3://papers/files.manifest"), 65, "s3://papers/files.manifest:2: `source-ref` is file:///tmp/p.png"),
        (create(manifest="s3://BAD!/x"), 64, "is no bucket name"),
        (create(name="no spaces"), 65, "failed to satisfy constraint"),
        (create(name="../x", manifest="good.manifest"), 65, "failed to satisfy constraint"),
        (create(labels="s3://papers/bad.json"), 65, "LabelCategoryConfigS3Uri"),
        (create(labels=","), 65, "label"),
        (create(manifest="good.manifest", labels="page.html"), 65, "label"),
        (create("demo", "s3://papers/in.manifest", "A", "--template", "page.html"), 65, "page.html:1: "),
        (create("demo", "s3://papers/in.manifest", "A", "--template", "page.html", "--dry-run"), 65, "page.html:1: "),
        (create("demo", "s3://papers/in.manifest", "page.html", "--dry-run"), 65, "label"),
        (create("demo", "s3://papers/in.manifest", "A", "--template", "large.html"), 65, "large.html"),
        (create("demo", "s3://papers/in.manifest", "A", "--team", "none"), 66, "there is no team none; there are: readers"),
        (create("demo", "s3://papers/in.manifest", "A", "--output", "/tmp/x"), 66, "/tmp/x"),
        (create("demo", "s3://papers/in.manifest", "A", "--workers-per-object", "10"), 64, "--workers-per-object"),
        (create("demo", "s3://papers/in.manifest", "A", "--task", "TextMultiClass", "--method", "best"), 64, "--method: the functions of --task"),
        (("job", "describe", "none"), 66, "No labeling job found with the name none"),
        (("job", "stop", "none"), 66, "none"),
        (("job", "objects", "none"), 66, "none"),
        (("job", "objects", "none", "--state", "lost"), 64, "available"),
        (("job", "objects", "none", "--refused"), 66, "none"),
        (("job", "notices", "none"), 66, "none"),
        (("job", "notices", "none", "--revive"), 66, "none"),
        (("job", "exclude-worker", "none", "w"), 66, "none"),
        (("job", "more-answers", "none"), 66, "none"),
        (("job", "more-answers", "none", "--count", "10"), 64, "--count: expected 1 to 9"),
    ]:
        assert words in caller.same(*arguments, code=code)[1], arguments
    code, _, err = caller.here(*create("demo", "s3://papers/in.manifest", "s3://papers/bad.json", "--dry-run"))
    assert code == 65 and "label" in err
    caller.there("team", "create", "others")
    assert "--team: say which; there are others, readers" in caller.same(*create(), code=64)[1]
    assert caller.same("job", "list") == ("", "")


def test_a_running_job_is_told_of_and_stopped_alike(caller):
    links = caller.service.make_team("ada", "bob", "eve")
    for name in ["twin-a", "twin-b"]:
        caller.service.create(job_request(name, "s3://papers/in.manifest", workers=2), key=KEY)
        for person in ["ada", "bob"]:
            answer(caller.service, name, links[person], 2)
        until(lambda: caller.service.ask("GET", f"/portal/api/jobs/{name}", token=KEY)[1]["counters"], lambda it: it["labeled"] == 2, name)
    assert caller.same("job", "list")[0] == "twin-a\tInProgress\t2\t0\t1\ntwin-b\tInProgress\t2\t0\t1\n"
    out, _ = caller.same("job", "describe", "twin-b")
    assert "\nlabeled            2 of 3\n" in out and "\nstill to do        1, 1 of them with workers\n" in out
    assert "\nanswers an object  2\noutput             s3://papers/out/twin-b/manifests/output/output.manifest\n" in out
    objects = lines(caller.same("job", "objects", "twin-a")[0])
    assert [(entry["number"], entry["state"], entry["answers"], entry["wanted"], entry["source"]) for entry in objects] == [
        (0, "labeled", 2, 2, TEXTS[0]), (1, "labeled", 2, 2, TEXTS[1]), (2, "available", 0, 2, TEXTS[2])]
    assert [entry["number"] for entry in lines(caller.same("job", "objects", "twin-a", "--state", "available")[0])] == [2]
    assert caller.same("job", "objects", "twin-a", "--refused") == ("", "")
    assert caller.same("job", "notices", "twin-a") == ("", "prelabel: 0 notices of twin-a given up, 0 still to be sent\n")

    worker = token(links["bob"]).rsplit(".", 2)[0]
    assert caller.twins(lambda name: ("job", "exclude-worker", name, worker)) == ("", f"prelabel: 2 answers of {worker} left out of twin-b\n")
    assert "there is no worker nobody/at all" in caller.same("job", "exclude-worker", "twin-a", "nobody/at all", code=66)[1]
    for name in ["twin-a", "twin-b"]:
        until(lambda: caller.service.ask("GET", f"/portal/api/jobs/{name}", token=KEY)[1]["counters"], lambda it: it["labeled"] == 2, name)
    more = lambda name: ("job", "more-answers", name, "--count", "2", "--object", "0", "--object", "1")
    assert caller.twins(more) == ("", "prelabel: 2 objects of twin-b went out again\n")
    assert [entry["wanted"] for entry in lines(caller.same("job", "objects", "twin-b")[0])][:2] == [4, 4]
    assert [entry["state"] for entry in lines(caller.same("job", "objects", "twin-b")[0])] == ["available"] * 3

    assert caller.twins(lambda name: ("job", "stop", name)) == ("", "prelabel: twin-b is Stopping; `prelabel serve` ends it\n")
    for name in ["twin-a", "twin-b"]:
        caller.service.wait(name, "Stopped", KEY)
    assert "twin-b is Stopped: its answers are in" in caller.same("job", "more-answers", "twin-b", code=65)[1]
    assert caller.same("job", "stop", "twin-b")[1] == "prelabel: twin-b is Stopped; `prelabel serve` ends it\n"


def test_a_list_of_more_than_a_page_comes_whole(caller):
    caller.service.make_team("ada")
    caller.service.put("papers/long.manifest", [{"source": f"Text {number}."} for number in range(2500)])
    caller.service.create(job_request("long", "s3://papers/long.manifest"), key=KEY)
    numbers = lambda said: [entry["number"] for entry in lines(said)]
    new = ("job", "objects", "long", "--state", "new")
    # A thousand go to the workers; both ways are asked once that has been done.
    until(lambda: numbers(caller.here(*new)[1]), lambda found: found == list(range(1000, 2500)))
    assert numbers(caller.same(*new)[0]) == list(range(1000, 2500))
    assert numbers(caller.same("job", "objects", "long")[0]) == list(range(2500))


def test_notices_that_were_given_up_are_listed_and_tried_once_more(tmp_path, environment, data):
    """A webhook that is taken out of the configuration has its notices given up; once it is back, they can be sent after all."""
    hook = Webhook(failures=1_000_000)
    (data / "papers" / "categories.json").write_text(categories())
    (data / "papers" / "in.manifest").write_text("".join(json.dumps({"source": text}) + "\n" for text in TEXTS))
    arguments, secret = (tmp_path, environment, "--data", data), {"PRELABEL_WEBHOOK_SECRET": "sixteen-characters"}
    with serving(*arguments, PRELABEL_WEBHOOKS=hook.url, **secret) as place:
        caller = Caller(place.service, data, tmp_path, environment)
        link = caller.there("team", "create", "readers", "--member", "ada@example.org")[1].split("\t")[1].strip()
        status, reply = place.ask("POST", "/portal/api/jobs", job_request("demo", "s3://papers/in.manifest", team=TEAM))
        assert status == 201, reply
        until(lambda: caller.there("job", "objects", "demo", "--state", "available")[1], bool, "tasks")
        answer(place, "demo", link, 2)
        until(lambda: caller.there("job", "notices", "demo")[2], lambda said: "0 notices of demo given up, 2 still to be sent" in said, "they wait")
    with serving(*arguments) as place:
        caller.service = place.service
        found = until(lambda: caller.there("job", "notices", "demo"), lambda it: "2 notices of demo given up, 0 still to be sent" in it[2], "given up")
        assert caller.here("job", "notices", "demo") == found
        assert [(entry["object"], entry["target"], entry["reason"]) for entry in lines(found[1])] == [
            (number, hook.url, "the webhook is no longer configured") for number in (0, 1)]
    hook.failures = 0
    with serving(*arguments, PRELABEL_WEBHOOKS=hook.url, **secret) as place:
        caller.service = place.service
        assert caller.there("job", "notices", "demo", "--revive") == (0, "", "prelabel: 2 notices of demo will be tried once more\n")
        until(lambda: hook.received, lambda received: len(received) == 2, "they arrive")
        until(lambda: caller.there("job", "notices", "demo")[2], lambda said: "0 notices of demo given up, 0 still to be sent" in said, "none is left")
        assert caller.same("job", "notices", "demo", "--revive")[1] == "prelabel: 0 notices of demo will be tried once more\n"
