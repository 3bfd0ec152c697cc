"""Workers sign in with an OpenID provider, in a browser; whoever is in no team, or brings an answer that is not theirs, stays outside."""
import json
import re
import sys
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from pages import assert_accessible, browser, page, picture, submit_untouched  # noqa: F401
from portal_service import Service, categories, job_request
from processes import free_port
from s3_servers import running

TEXT = "Aspirin is old. We test 40 mg aspirin in mice."


def person(name, **claims):
    return ["--user-claims", json.dumps({"sub": name, "email": f"{name}@example.org"} | claims)]


@pytest.fixture(scope="module")
def issuer():
    """A provider that knows Ada and Eve, and Bob whose address it has not verified."""
    port = free_port()
    people = [*person("ada", email_verified=True), *person("eve", email_verified=True), *person("bob", email_verified=False)]
    with running([sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port), *people], port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def service(data, environment, issuer):
    (data / "papers" / "categories.json").write_text(categories())
    settings = {"PRELABEL_OIDC_ISSUER": issuer, "PRELABEL_OIDC_CLIENT_ID": "prelabel", "PRELABEL_OIDC_CLIENT_SECRET": "a secret:/+"}
    service = Service(data, environment | settings, port=free_port())
    service.make_team("ada", "bob")
    yield service
    service.stop()


def button(page, issuer):
    return page.get_by_role("link", name=f"Sign in with {issuer.removeprefix('http://')}")


def authorize(page, name):
    """Says on the provider's page who one is."""
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page, service, issuer, name):
    page.goto(f"{service.url}/portal")
    button(page, issuer).click()
    authorize(page, name)


def test_a_member_of_a_team_signs_in_works_and_signs_out(service, issuer, page, tmp_path):
    manifest = service.put("papers/in.manifest", [{"source": TEXT}])
    service.create(job_request("sentences", manifest))
    page.goto(f"{service.url}/portal")
    button(page, issuer).wait_for()
    assert_accessible(page, "sign in")
    picture(page, "portal-sign-in", tmp_path)
    button(page, issuer).click()
    authorize(page, "ada")
    page.get_by_text("1 task to do").wait_for()
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert set(cookies) == {"prelabel-worker"}
    assert cookies["prelabel-worker"]["httpOnly"] and cookies["prelabel-worker"]["sameSite"] == "Strict"
    page.get_by_role("link", name="Start").click()
    page.locator(".pl-chunk").first.wait_for()
    submit_untouched(page)
    page.get_by_text("Thank you.").wait_for()
    service.wait("sentences", "Completed")
    outputs = [path for path in (service.data / "papers" / "out").rglob("*") if path.is_file()]
    assert outputs and not any(b"ada@" in path.read_bytes() for path in outputs)
    answers = next(path for path in outputs if "worker-response" in str(path))
    identity = json.loads(answers.read_text())["answers"][0]["workerMetadata"]["identityData"]
    assert identity["identityProviderType"] == "Oidc" and re.fullmatch(r"private\.us-east-1\.[0-9a-f]{16}", identity["sub"])
    page.goto(f"{service.url}/portal")
    page.get_by_role("button", name="Sign out").click()
    button(page, issuer).wait_for()
    assert page.context.cookies() == []


def test_who_is_in_no_team_is_told_whom_to_ask(service, issuer, page, tmp_path):
    sign_in(page, service, issuer, "eve")
    page.get_by_role("heading", name="You are in no team here").wait_for()
    expect(page.get_by_text("eve@example.org")).to_be_visible()
    expect(page.get_by_text("the owner of the labeling jobs")).to_be_visible()
    assert page.context.cookies() == []
    assert_accessible(page, "stranger")
    picture(page, "portal-stranger", tmp_path)
    assert "eve" not in service.run("team", "list", "readers")
    page.get_by_role("link", name="Sign in as somebody else").click()
    page.wait_for_url(f"{issuer}/**")
    assert parse_qs(urlsplit(page.url).query)["prompt"] == ["select_account"]
    authorize(page, "ada")
    page.get_by_role("heading", name="Your jobs").wait_for()


def test_an_address_that_is_not_verified_opens_nothing(service, issuer, page):
    sign_in(page, service, issuer, "bob")
    page.get_by_role("heading", name="Your mail address is not verified").wait_for()
    assert page.context.cookies() == []


def test_an_answer_counts_only_in_the_browser_that_asked_and_as_it_was_asked(service, issuer, browser, page):
    def callback():
        """The address to which the provider would send the browser back, with a code that is good."""
        page.goto(f"{service.url}/portal")
        button(page, issuer).click()
        page.wait_for_url(f"{issuer}/**")
        answer = page.request.post(page.url, form={"sub": "ada"}, max_redirects=0)
        return answer.headers["location"]

    def refused(page, address):
        page.goto(address)
        page.get_by_role("heading", name="This sign-in does not count").wait_for()
        assert "prelabel-worker" not in {cookie["name"] for cookie in page.context.cookies()}

    refused(page, re.sub("state=[^&]*", "state=other", callback()))
    refused(page, re.sub("state=[^&]*", "", callback()))
    address = callback()
    context = browser.new_context()
    refused(context.new_page(), address)
    context.close()
    # The code itself is good: where it was asked for, it opens.
    page.goto(address)
    page.get_by_role("heading", name="Your jobs").wait_for()
    page.context.clear_cookies()
    refused(page, address)


def test_signing_in_needs_no_script(service, issuer, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, service, issuer, "ada")
    page.wait_for_url(f"{service.url}/portal/")
    assert {cookie["name"] for cookie in context.cookies()} == {"prelabel-worker"}
    context.close()


def test_after_thirty_failures_the_address_waits(service):
    def status(path):
        try:
            request = urllib.request.Request(service.url + path, headers={"Cookie": "prelabel-sign-in=wrong"})
            return urllib.request.urlopen(request, timeout=30).status, {}
        except urllib.error.HTTPError as error:
            return error.code, error.headers

    answers = [status("/portal/oidc/callback?state=a&code=b") for _ in range(31)]
    assert [code for code, _ in answers] == [401] * 30 + [429]
    assert 1 <= int(answers[-1][1]["Retry-After"]) <= 60
    assert status("/portal")[0] == 200


@pytest.mark.parametrize(("settings", "sentence"), [
    (["--oidc-issuer", "http://id.example.org", "--oidc-client-id", "a"], "expected https://"),
    (["--oidc-issuer", "https://id.example.org"], "go together"),
    (["--oidc-issuer", "https://id.example.org", "--oidc-client-id", "a", "--port", "0"], "needs --public-url"),
    (["--oidc-issuer", "https://id.example.org", "--oidc-client-id", "a", "--public-url", "http://labels.example.org"], "expected https://"),
    (["--public-url", "https://labels.example.org/portal"], "expected no path"),
    (["--public-url", "labels.example.org"], "--public-url"),
])
def test_settings_that_cannot_work_are_refused_at_the_start(prelabel, data, settings, sentence):
    result = prelabel("serve", "--data", data, *settings, code=78)
    assert sentence in result.stderr.decode()
