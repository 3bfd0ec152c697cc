"""A person's hands on a page of a browser, and how often they press something."""
from collections import Counter

# Counted where it arrives: keys that are held down repeat, and what scripts send is nobody's press.
COUNT = """for (const kind of ["keydown", "mousedown"])
  addEventListener(kind, (event) => { if (event.isTrusted && !event.repeat) counted(kind); }, true);"""

# Where the characters of an element's text stand, after what is not in view was scrolled into view. A <br> is one character.
EDGES = """([selector, start, end]) => {
  const root = document.querySelector(selector);
  const isText = (node) => node.nodeName === "BR" || (node.nodeType === Node.TEXT_NODE && !node.parentElement.closest("[aria-hidden]"));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL, (node) => isText(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const places = [];
  let passed = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const length = node.nodeName === "BR" ? 1 : node.length;
    for (const wanted of [start, end - 1]) if (wanted >= passed && wanted < passed + length) places.push([node, wanted - passed]);
    passed += length;
  }
  const rect = ([node, index]) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + 1);
    return range.getBoundingClientRect();
  };
  const scrolls = (element) => element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY);
  let view = root;
  while (view.parentElement && !scrolls(view)) view = view.parentElement;
  const bounds = view.getBoundingClientRect();
  const [top, bottom] = [rect(places[0]).top, rect(places[1]).bottom];
  if (top < bounds.top || bottom > Math.min(bounds.bottom, innerHeight)) view.scrollTop += (top + bottom) / 2 - (bounds.top + bounds.bottom) / 2;
  const [first, last] = places.map(rect);
  return [[first.left + 1, (first.top + first.bottom) / 2], [last.right - 1, (last.top + last.bottom) / 2]];
}"""


class Hands:
    """Mouse and keyboard of a page that has not been opened yet."""

    def __init__(self, page):
        self.page = page
        self.arrived = Counter()
        page.expose_function("counted", lambda kind: self.arrived.update([kind]))
        page.add_init_script(COUNT)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, target):
        target.click()

    def drag(self, selector, start, end):
        """Selects characters of the text of an element, from the left of the first to the right of the last."""
        begin, stop = self.page.evaluate(EDGES, [selector, start, end])
        self.page.mouse.move(*begin)
        self.page.mouse.down()
        self.page.mouse.move(*stop, steps=12)
        self.page.mouse.up()

    def count(self):
        """`(key presses, presses of a mouse button)` since the last count: each key of a chord is one, and so is a drag."""
        self.page.evaluate("0")
        counted = self.arrived["keydown"], self.arrived["mousedown"]
        self.arrived.clear()
        return counted
