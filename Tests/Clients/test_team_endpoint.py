"""The commands `team` and `worker` do the same on a data folder and at a service."""
import json

from owner_caller import KEY, answer, caller, service  # noqa: F401
from portal_service import job_request, token
from waiting import until


def test_teams_are_made_filled_listed_and_emptied_alike(caller):
    url = ("--url", "https://labels.example.org/")
    out, err = caller.twins(lambda name: ("team", "create", name, *url))
    assert out == "" and err == "prelabel: made the team arn:aws:sagemaker:us-east-1:000000000000:workteam/private-crowd/twin-b\n"
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
        # Each object's, in one file or, where it was consolidated again meanwhile, in two.
        responses = [file for file in receipt["files"] if file.startswith("s3://papers/out/demo/annotations/worker-response/")]
        assert {file.split("/")[-2] for file in responses} == {"0", "1", "2"}
        assert caller.service.ask("GET", "/tasks/jobs", token=token(links[person]))[0] == 401
        until(lambda: json.loads(way("worker", "forget", worker)[1])["files"], lambda files: not files, "nothing is left")
        again = json.loads(way("worker", "forget", worker)[1])
        assert (again["answers"], again["jobs"], again["files"]) == (0, [], [])
    outputs = caller.service.data / "papers" / "out" / "demo" / "annotations"

    def named():
        return [path for path in outputs.rglob("*.json") if "intermediate" not in path.parts and "private.us-east-1." in path.read_text()]

    # What was being written beside the last of it is rewritten after it.
    until(named, lambda paths: not paths)
