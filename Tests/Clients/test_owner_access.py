"""The way of the owner's commands to a service: keys, addresses, and what is said when it is not found."""
import http.server
import socket
import threading

from owner_caller import KEY, Caller, caller, service  # noqa: F401
from test_streaming_job import serving


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
