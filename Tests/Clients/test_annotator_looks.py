"""The annotator for people who see it otherwise: in the system's few colours, and on windows that enlarging made low."""
import pytest

from conftest import FIXTURES
from crowd import utf16
from pages import assert_accessible, browser, painted, picture, place, server, watched  # noqa: F401
from test_annotator import LABELS, TEXT, open_task, page_record, press, task
from waiting import until


def with_page(server, **more):
    server.put("/page.jpg", (FIXTURES / "pages/typeset/twocol-1-013.jpg").read_bytes(), "image/jpeg")
    record = page_record(TEXT, [("Aspirin", 99), ("old", 50)])
    suggestions = [{"startOffset": utf16(TEXT, "The mice lived.")[0], "endOffset": utf16(TEXT, "The mice lived.")[1], "label": "Results"}]
    return task(imageURL="/page.jpg", imageName="twocol-1-013.jpg", pageRecord=record, suggestions=suggestions, **more)


def pixels(image, box, wanted):
    """How many pixels of a box are about of a colour: the system's colours may be thinned."""
    x, y, width, height = (round(box[name]) for name in ("x", "y", "width", "height"))
    counted = image.crop((x, y, x + width, y + height)).convert("RGB").getcolors(1 << 20)
    return sum(count for count, colour in counted if all(abs(one - other) < 60 for one, other in zip(colour, wanted)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_pressed_buttons_are_told_apart_in_the_systems_colours(browser, server, tmp_path, scheme):
    from PIL import Image

    context = browser.new_context(viewport={"width": 1280, "height": 720}, forced_colors="active", color_scheme=scheme)
    page = watched(context.new_page())
    open_task(page, server, with_page(server))
    press(page, "Control+Home", *["Control+Shift+ArrowRight"] * 4, "1", "Escape", "Control+ArrowRight", "Control+ArrowRight")
    page.evaluate("document.querySelector('prelabel-annotator').editor.mark('Methods', 16, 23)")
    page.locator(".pl-mark.pl-current").wait_for()
    painted(page)
    picture(page, f"annotator-forced-{scheme}", tmp_path)
    page.screenshot(path=tmp_path / "forced.png", animations="disabled")
    image = Image.open(tmp_path / "forced.png")
    system = page.evaluate("""() => { const probe = document.createElement("i"); document.body.append(probe); const found = {};
      for (const name of ["Highlight", "Canvas", "CanvasText"]) { probe.style.color = name; found[name] = getComputedStyle(probe).color.match(/[0-9]+/g).slice(0, 3).map(Number); }
      probe.remove(); return found; }""")
    ground, ink, highlight = (tuple(system[name]) for name in ("Canvas", "CanvasText", "Highlight"))
    plain, current = (place(page.locator(f".pl-mark{kind}:not(.pl-pending)").first) for kind in (":not(.pl-current)", ".pl-current"))
    below = lambda box: {**box, "y": box["y"] + box["height"], "height": 3}
    # A line below each mark, a fill behind it, and the current one by the colour of what is chosen.
    assert pixels(image, below(plain), ink) >= plain["width"]
    assert image.getpixel((round(plain["x"]) + 2, round(plain["y"]) + 2))[:3] != ground
    assert pixels(image, below(current), highlight) >= current["width"]
    # Pressed and not pressed: the snapping, a label's button.
    pressed = place(page.get_by_role("button", name="Whole words"))
    assert pixels(image, pressed, highlight) > 0.5 * pressed["width"] * pressed["height"]
    labels = page.get_by_role("toolbar", name="Labels").get_by_role("button")
    for index in range(2, 4):
        box = place(labels.nth(index))
        assert (pixels(image, box, highlight) > 0.3 * box["width"] * box["height"]) == (index == 2)
    # The way done, and the borders of Submit.
    bar = place(page.get_by_role("progressbar"))
    assert pixels(image, bar, ink) > bar["width"] and pixels(image, bar, highlight) > 10
    button = page.get_by_role("button", name="Submit")
    assert button.evaluate("(button) => parseFloat(getComputedStyle(button).borderTopWidth)") >= 1
    # No tag is cut: its letters stand on all of its height.
    tag = place(page.locator(".pl-tag").first)
    upper = {**tag, "height": 8}
    assert pixels(image, upper, ink) > 3
    assert page.problems == []
    context.close()


MANY = LABELS + [{"label": f"Further label {number}"} for number in range(24)]


def reached(element, size):
    """The box of an element that is scrolled into the window; the text may still be coming to its place there."""

    def look():
        element.scroll_into_view_if_needed()
        return place(element)

    return until(look, lambda box: 0 <= box["y"] and box["y"] + box["height"] <= size[1])


@pytest.mark.parametrize("size", [(640, 360), (960, 480), (1280, 400)])
@pytest.mark.parametrize("labels", [LABELS, MANY], ids=["six", "thirty"])
def test_a_window_that_enlarging_made_low_scrolls_as_a_whole(browser, server, tmp_path, size, labels):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    page = watched(context.new_page())
    text = "A line of the text that is marked here.\n" * 40
    open_task(page, server, with_page(server) | {"text": text, "text-sha256": None, "labels": labels, "suggestions": [], "pageRecord": None})
    page.locator(".pa-sheet img").evaluate("(image) => image.decode()")
    painted(page)
    picture(page, f"annotator-low-{size[0]}-{len(labels)}", tmp_path)
    # The text has at least four rows, and no row of the labels is cut where all of them fit.
    pane = place(page.locator(".pl-scroller"))
    row = page.locator(".pl-scroller").evaluate("(text) => parseFloat(getComputedStyle(text).lineHeight)")
    assert pane["height"] >= 4 * row
    bar = page.get_by_role("toolbar", name="Labels")
    bounds, last = place(bar), bar.get_by_role("button").last
    if len(labels) == 6:
        assert place(last)["y"] + place(last)["height"] <= bounds["y"] + bounds["height"]
    box = reached(last, size)
    assert page.evaluate("[document.elementFromPoint(%f, %f)].every((hit) => hit.closest('.pa-label'))" % (box["x"] + 20, box["y"] + box["height"] / 2))
    # The caret stays in the window wherever keys take it, and Submit can be reached.
    page.locator(".pl-scroller").focus()
    for key in ("Control+End", "Control+Home", *["PageDown"] * 3):
        press(page, key)
        until(lambda: place(page.locator(".pl-caret")), lambda caret: 0 <= caret["y"] and caret["y"] + caret["height"] <= size[1], key)
    assert place(page.get_by_label("Notes"))["width"] >= 200
    submit = page.get_by_role("button", name="Submit")
    reached(submit, size)
    picture(page, f"annotator-low-{size[0]}-{len(labels)}-end", tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page, f"{size}")
    context.close()
