"""Waiting for what others do at their own pace: never for a span of time that they ought to need."""
import time

from playwright.sync_api import Error

SECONDS = 60
# What a page's script is cut off with while the next page comes.
LEAVING = ("Execution context was destroyed", "Cannot find context")


def until(look, is_there=bool, what="nothing came"):
    """What `look` finds, once `is_there` says that it is what is waited for."""
    deadline = time.monotonic() + SECONDS
    while not is_there(found := look()):
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.05)
    return found


def until_true(page, expression):
    """Waits for a JavaScript expression of a page or frame. Playwright's own way evaluates in the page, which our policy forbids."""

    def look():
        try:
            return page.evaluate(expression)
        except Error as error:
            if any(words in str(error) for words in LEAVING):
                return None
            raise

    return until(look, what=expression)


def painted(page):
    """Waits until what was pressed or typed is shown."""
    page.evaluate("() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))")
