"""What the tests of the portal share: a service with people, their pages, and the way to a task."""
import pytest

from pages import browser, watched  # noqa: F401
from portal_service import Service, categories, job_request

TEXT = "Aspirin is old. We test 40 mg aspirin in mice.\nThe mice lived. \U0001f9ea Aspirin works in mice."
PROBE = "<img src=x onerror=executed('img')><script>executed('script')</script>"


@pytest.fixture
def service(tmp_path, environment):
    data = tmp_path / "data"
    (data / "papers").mkdir(parents=True)
    (data / "papers" / "categories.json").write_text(categories())
    service = Service(data, environment)
    yield service
    service.stop()


@pytest.fixture
def another_page(browser):
    """Makes pages of further people, each with a browser of their own."""
    contexts = []

    def make():
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 720}))
        return watched(contexts[-1].new_page())

    yield make
    for context in contexts:
        context.close()


def sign_in(page, link):
    page.goto(link)
    page.get_by_role("heading", name="Your jobs").wait_for()


def start(page, action="Start"):
    """From the list of jobs to the next task in the annotator."""
    page.get_by_role("link", name=action).click()
    ready(page)


def ready(page):
    page.locator(".pl-chunk").first.wait_for()


def sentences(service, *texts, **request):
    manifest = service.put("papers/in.manifest", [{"source": text} for text in texts])
    return service.create(job_request("sentences", manifest, **request))


def surfaces(entities, text=TEXT):
    units = text.encode("utf-16-le")
    return [(units[2 * span["startOffset"] : 2 * span["endOffset"]].decode("utf-16-le"), span["label"]) for span in entities]


def labels(page, name):
    return page.get_by_role("toolbar", name="Labels").get_by_role("button", name=name)
