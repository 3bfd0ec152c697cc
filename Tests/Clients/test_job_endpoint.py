"""`job`, `team` and `worker` with --endpoint: what they do at a service is what they do on its data folder, to the byte."""
import http.server
import json
import socket
import subprocess
import threading
import time

import pytest

from conftest import BINARY
from labeling import REGION, TEAM
from portal_service import Service, categories, job_request, token
from test_streaming_job import Webhook, serving

KEY = "0123456789abcdef-key"
TEXTS = ["Aspirin helps.", "Ten mice ran.", "Nothing was found."]


@pytest.fixture
def service(tmp_path, environment):
    data = tmp_path / "data"
    (data / "papers").mkdir(parents=True)
    (data / "papers" / "categories.json").write_text(categories())
    service = Service(data, environment, keys=f"{KEY},another-key-of-ours-1")
    service.put("papers/in.manifest", [{"source": text} for text in TEXTS])
    yield service
    service.stop()


class Caller:
    """Runs the program with the service's key, on its data folder or at its address."""

    def __init__(self, service, data, folder, environment):
        self.service, self.data, self.folder, self.environment = service, data, folder, environment

    def run(self, *arguments, env=None):
        """Exit code, standard output, standard error."""
        result = subprocess.run(
            [BINARY, *map(str, arguments)], cwd=self.folder, env=self.environment | ({"PRELABEL_API_KEYS": KEY} if env is None else env),
            capture_output=True, timeout=120)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def here(self, *arguments):
        return self.run(*arguments, "--data", self.data)

    def there(self, *arguments, env=None):
        return self.run(*arguments, "--endpoint", self.service.url, env=env)

    def same(self, *arguments, code=0):
        """What both ways say, which must be the same."""
        here, there = self.here(*arguments), self.there(*arguments)
        assert here == there and here[0] == code
        return here[1], here[2]

    def twins(self, make, name="twin", code=0):
        """What a command that changes something says of one thing in the folder and of another at the service, but for the name."""
        here, there = self.here(*make(f"{name}-a")), self.there(*make(f"{name}-b"))
        assert [part if isinstance(part, int) else part.replace(f"{name}-a", f"{name}-b") for part in here] == list(there)
        assert there[0] == code, there
        return there[1], there[2]


@pytest.fixture
def caller(service, tmp_path, environment):
    return Caller(service, service.data, tmp_path, environment)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def answer(service, job, link, count=1):
    """Answers tasks with no mark; gives the worker's id."""
    for _ in range(count):
        status, reply = service.ask("POST", f"/tasks/{job}", token=token(link))
        assert status == 200 and reply["task"], reply
        body = {"answer": {"crowd-entity-annotation": {"entities": []}}}
        status, reply = service.ask("POST", f"/tasks/{job}/{reply['task']['number']}/answer", body, token=token(link))
        assert status == 200, reply
    return token(link).rsplit(".", 2)[0]


def until(look, is_there, what):
    deadline = time.monotonic() + 60
    while not is_there(found := look()):
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.1)
    return found


# Teams.


def test_teams_are_made_filled_listed_and_emptied_alike(caller):
    url = ("--url", "https://labels.example.org/")
    out, err = caller.twins(lambda name: ("team", "create", name, *url))
    assert out == "" and err == f"prelabel: made the team arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/twin-b\n"
    for name, way in [("twin-a", caller.here), ("twin-b", caller.there)]:
        code, out, _ = way("team", "add", name, "--member", "Ada@example.org", "bob@example.org", *url)
        assert code == 0 and [line.split("\t")[0] for line in out.splitlines()] == ["ada@example.org", "bob@example.org"]
        assert all(line.split("\t")[1].startswith("https://labels.example.org/portal/enter#private.us-east-1.") for line in out.splitlines())
    # Links do not change with the way in which they are asked for, and they let in.
    out, _ = caller.same("team", "links", "twin-b", *url)
    link = out.splitlines()[0].split("\t")[1]
    assert caller.service.ask("GET", "/tasks/jobs", token=token(link))[0] == 200
    assert caller.same("team", "links", "twin-b", "--member", "BOB@example.org", *url)[0] == out.splitlines(keepends=True)[1]
    assert caller.same("team", "list")[0].splitlines()[0].startswith("twin-a\t2\tarn:aws:sagemaker:")
    assert [line.split("\t")[0] for line in caller.same("team", "list", "twin-a")[0].splitlines()] == ["ada@example.org", "bob@example.org"]
    assert caller.twins(lambda name: ("team", "remove", name, "--member", "bob@example.org")) == ("", "")
    assert len(caller.same("team", "list", "twin-b")[0].splitlines()) == 1
    assert caller.twins(lambda name: ("team", "delete", name)) == ("", "prelabel: the team twin-b is deleted\n")
    assert caller.same("team", "list") == ("", "")


def test_a_link_is_renewed_and_leads_to_the_endpoint_by_default(caller):
    old = caller.there("team", "create", "readers", "--member", "ada@example.org")[1].split("\t")[1].strip()
    assert old.startswith(caller.service.url + "/portal/enter#")
    new = caller.there("team", "links", "readers", "--renew", "--days", "30")[1].split("\t")[1].strip()
    assert new != old and token(new).split(".")[-2] != "0", "it expires"
    assert [caller.service.ask("GET", "/tasks/jobs", token=token(link))[0] for link in (old, new)] == [401, 200]
    public, _ = caller.same("team", "links", "--public", "--url", "https://labels.example.org")
    assert public.startswith("public\thttps://labels.example.org/portal/enter#public.0.")
    renewed = caller.there("team", "links", "--public", "--renew", "--url", "https://labels.example.org")[1]
    assert renewed != public and caller.same("team", "links", "--public", "--url", "https://labels.example.org")[0] == renewed


def test_what_is_refused_of_teams_is_refused_alike(caller):
    caller.there("team", "create", "readers", "--member", "ada@example.org")
    for arguments, code, words in [
        (("create", "READERS"), 65, "There is a work team READERS already"),
        (("create", "no spaces, please"), 65, "failed to satisfy constraint: Member must satisfy regular expression pattern"),
        (("create", "x" * 64), 65, "length less than or equal to 63"),
        (("add", "none", "--member", "bob@example.org"), 66, "there is no team none"),
        (("add", "readers", "--member", "nobody"), 65, "`nobody` is no mail address"),
        (("add", "readers"), 64, "--member"),
        (("remove", "readers", "--member", "bob@example.org"), 66, "bob@example.org is not in the team readers"),
        (("links", "readers", "--member", "Bob@example.org"), 66, "Bob@example.org is not in the team readers"),
        (("links", "a/b?c#d%20é"), 66, "there is no team a/b?c#d%20é"),
        (("links", "readers", "--days", "0"), 64, "--days: expected 1 to 3650"),
        (("list", "none"), 66, "there is no team none"),
        (("delete", "none"), 66, "There is no work team none"),
        (("create", "unmade", "--member", "notamail"), 65, "`notamail` is no mail address"),
        (("list", "unmade"), 66, "there is no team unmade"),
    ]:
        assert words in caller.same("team", *arguments, code=code)[1], arguments


# Jobs.


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
    assert [entry["number"] for entry in lines(caller.same("job", "objects", "long")[0])] == list(range(2500))
    assert [entry["number"] for entry in lines(caller.same("job", "objects", "long", "--state", "new")[0])] == list(range(1000, 2500))


def test_a_worker_is_forgotten_with_the_same_receipt(caller):
    links = caller.service.make_team("ada", "bob")
    caller.service.create(job_request("demo", "s3://papers/in.manifest", workers=2), key=KEY)
    for person in ["ada", "bob"]:
        answer(caller.service, "demo", links[person], 3)
    caller.service.wait("demo", "Completed", KEY)
    for person, way in [("ada", caller.here), ("bob", caller.there)]:
        worker = token(links[person]).rsplit(".", 2)[0]
        code, out, err = way("worker", "forget", worker)
        assert (code, err) == (0, "") and out.count("\n") == 1
        receipt = json.loads(out)
        assert list(receipt) == ["answers", "date", "files", "jobs", "worker"] and receipt["worker"] == worker
        assert receipt["answers"] == 3 and receipt["jobs"] == ["demo"]
        assert sum(file.startswith("s3://papers/out/demo/annotations/worker-response/") for file in receipt["files"]) == 3
        assert caller.service.ask("GET", "/tasks/jobs", token=token(links[person]))[0] == 401
        until(lambda: json.loads(way("worker", "forget", worker)[1])["files"], lambda files: not files, "nothing is left")
        again = json.loads(way("worker", "forget", worker)[1])
        assert (again["answers"], again["jobs"], again["files"]) == (0, [], [])
    outputs = caller.service.data / "papers" / "out" / "demo" / "annotations"
    assert not [path for path in outputs.rglob("*.json") if "intermediate" not in path.parts and "private.us-east-1." in path.read_text()]



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


# The way there.


def test_a_service_lets_in_who_has_its_key(caller, tmp_path):
    assert caller.there("job", "list", env={})[::2] == (
        78, f"prelabel: error: {caller.service.url}/ asks for a key: set PRELABEL_API_KEYS to one of the service's keys, in the environment "
        "or the configuration file\n")
    code, _, err = caller.there("team", "create", "readers", env={"PRELABEL_API_KEYS": "a-wrong-key-of-old"})
    assert code == 78 and "does not know the key of PRELABEL_API_KEYS" in err and "wrong-key" not in err
    assert caller.there("team", "list", env={"PRELABEL_API_KEYS": " another-key-of-ours-1 , and-more"}) == (0, "", "")
    (tmp_path / "settings").write_text(f"api-keys = {KEY}\nendpoint = {caller.service.url}\n")
    assert caller.run("team", "list", env={"PRELABEL_CONFIG": str(tmp_path / "settings")}) == (0, "", "")
    assert caller.run("team", "list", env={"PRELABEL_API_KEYS": KEY, "PRELABEL_ENDPOINT": caller.service.url + "/"}) == (0, "", "")


def test_the_secret_of_an_access_key_is_a_key(tmp_path, environment, data):
    keys = {"PRELABEL_ACCESS_KEYS": "AKEY:a-secret-of-some-length"}
    with serving(tmp_path, environment, "--data", data, **keys) as place:
        caller = Caller(place.service, data, tmp_path, environment)
        assert caller.there("team", "create", "readers", env=keys)[0] == 0
        assert caller.there("team", "list", env=keys)[1].startswith("readers\t0\t")
        code, _, err = caller.there("team", "list", env={"PRELABEL_ACCESS_KEYS": "AKEY:another-secret-altogether"})
        assert code == 78 and "does not know the key of PRELABEL_ACCESS_KEYS" in err


def test_a_page_of_somebody_else_changes_nothing(tmp_path, environment, data):
    """Without keys whoever is on this machine is the owner, but no page that a browser has from elsewhere."""
    with serving(tmp_path, environment, "--data", data) as place:
        for method, path in [
            ("POST", "teams"), ("POST", "teams/a/add"), ("POST", "teams/a/remove"), ("POST", "teams/a/links"), ("POST", "public-link"),
            ("POST", "jobs/a/exclude"), ("POST", "jobs/a/more-answers"), ("POST", "jobs/a/notices/revive"), ("DELETE", "workers/w"),
            ("PUT", "jobs/a/input/input.manifest?output=s3://papers/out"),
        ]:
            status, problem = place.ask(method, f"/portal/api/{path}", {}, Origin="https://elsewhere.example")
            assert (status, problem["code"]) == (403, "cross-origin"), path
        assert not (data / "papers" / "out").exists()


def test_one_place_is_named(caller, tmp_path):
    for arguments, words in [
        (("--endpoint", caller.service.url, "--data", caller.service.data), "--endpoint and --data: the jobs are at one place; name one"),
        (("--endpoint", caller.service.url, "--jobs", "jobs.sqlite"), "--endpoint and --jobs: the jobs are at one place; name one"),
        (("--endpoint", "labels.example.org"), "no http or https URL"),
        (("--endpoint", caller.service.url + "?a=b"), "a service's address has no `?`"),
    ]:
        for command in [("job", "list"), ("team", "list"), ("worker", "forget", "w")]:
            code, out, err = caller.run(*command, *arguments)
            assert (code, out) == (64, "") and words in err
    code, _, err = caller.run("job", "list")
    assert code == 78 and "Name a data folder with --data, their file with --jobs, or a service with --endpoint" in err
    both = {"PRELABEL_ENDPOINT": caller.service.url, "PRELABEL_DATA": str(caller.service.data), "PRELABEL_API_KEYS": KEY}
    code, _, err = caller.run("job", "list", env=both)
    assert code == 78 and "PRELABEL_ENDPOINT and PRELABEL_DATA are both set" in err
    # What is typed counts before what is set; a data folder is made with its first team.
    other = tmp_path / "other"
    code, _, err = caller.run("team", "list", "--data", other, env=both)
    assert code == 66 and f"there is no data folder {other}" in err and not other.exists()
    assert caller.run("team", "create", "readers", "--data", other, env=both)[0] == 0
    assert caller.run("team", "list", "--data", other, env=both)[1].startswith("readers\t0\t")
    assert caller.run("team", "list", "--endpoint", caller.service.url, env=both) == (0, "", "")


def test_a_service_that_is_not_there_or_is_another_is_named(caller):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        code, _, err = caller.run("job", "list", "--endpoint", f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert code == 69 and err.startswith("prelabel: error: the service is not reached: ") and "127.0.0.1" in err

    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302 if "jobs" in self.path else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{stranger.server_port}"
        for command, status in [(("job", "list"), 302), (("team", "list"), 200)]:
            code, _, err = caller.run(*command, "--endpoint", url)
            assert code == 69 and f"{url}/ answers {status}, and not as `prelabel serve` with labeling jobs does" in err
        stranger.shutdown()


def test_a_key_that_others_could_read_is_warned_of(caller, environment):
    """The name is not this machine's own, so the way there may be long; the proxy stands for it."""
    url = caller.service.url.replace("127.0.0.1", "labels.example.org")
    proxy = {"http_proxy": caller.service.url, "PRELABEL_API_KEYS": KEY}
    code, _, err = caller.run("team", "list", "--endpoint", url, env=proxy)
    assert err.startswith(f"prelabel: warning: the key of PRELABEL_API_KEYS goes to {url}/ unencrypted")
    code, _, err = caller.run("team", "list", "--endpoint", url, env={"http_proxy": caller.service.url})
    assert "warning" not in err
    assert "warning" not in caller.there("team", "list")[2]
