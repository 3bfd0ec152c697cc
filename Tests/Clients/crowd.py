"""What the tests of the crowd elements share: pages that hold some of them, and a mouse that selects text."""
from pages import CROWD_SCRIPT, painted, settled, until_true

NASTY = "Caf\u00e9 e\u0301 \U0001f9ea joined\nLumen  Labs \U0001f469\u200d\U0001f52c in\tOslo <b>&amp;\n\nEnd."
PROBE = "<img src=x onerror=executed('img')><script>executed('script')</script>\" onfocus=executed('attr') autofocus x=\""
LABELS = "[{'label': 'ORG', 'shortDisplayName': 'org', 'fullDisplayName': 'Organization'}, {'label': 'GPE', 'shortDisplayName': 'gpe', 'fullDisplayName': 'Place'}]"


def utf16(text, part, occurrence=0):
    start = -1
    for _ in range(occurrence + 1):
        start = text.index(part, start + 1)
    units = lambda piece: len(piece.encode("utf-16-le")) // 2
    return units(text[:start]), units(text[:start]) + units(part)


def open_crowd(page, server, body, head=""):
    document = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Task</title><meta name="prelabel-submit" content="/submit">{head}<script src="{CROWD_SCRIPT}"></script></head><body><main>{body}</main><script>document.addEventListener("all-crowd-elements-ready", () => {{ window.isReady = true; }})</script></body></html>'
    page.goto(server.put("/task.html", document))
    until_true(page, "window.isReady")
    if "crowd-form" in body or "crowd-entity-annotation" in body:
        settled(page)


def answer(page, server, submit=True):
    if submit:
        page.evaluate("document.querySelector('crowd-form').submit()")
    page.get_by_text("The answer was sent.").wait_for()
    return server.sent("/submit")[-1]["answer"]


def annotation(text, extra="", name="crowd-entity-annotation"):
    escaped = text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<crowd-entity-annotation name="{name}" header="Mark names" labels="{LABELS}" text="{escaped}" {extra}><short-instructions>Mark.</short-instructions></crowd-entity-annotation>'


def press_submit(page):
    page.get_by_text("Submit", exact=True).click()


def select_by_mouse(page, start, end):
    """Drags over the text from one UTF-16 offset to another."""
    box = """([offset, isEnd]) => { let at = 0; for (const chunk of document.querySelectorAll('.pl-chunk')) {
      const node = [...chunk.childNodes].find((child) => child.nodeType === 3); if (offset - at <= node.length) { const range = document.createRange();
        const inner = offset - at; range.setStart(node, isEnd ? inner - 1 : inner); range.setEnd(node, isEnd ? inner : inner + 1);
        const rect = [...range.getClientRects()].at(isEnd ? -1 : 0); return [isEnd ? rect.right - 1 : rect.left + 1, (rect.top + rect.bottom) / 2]; } at += node.length; } }"""
    first, last = page.evaluate(box, [start, False]), page.evaluate(box, [end, True])
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move((first[0] + last[0]) / 2, last[1])
    page.mouse.move(*last)
    page.mouse.up()
    painted(page)
