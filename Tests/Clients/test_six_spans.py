"""What six spans cost in key presses and clicks, as the README says beside another tool (Tests/Benchmarks/annotators)."""
import re

import six_spans
from conftest import PROJECT
from pages import browser, page  # noqa: F401

WAYS = {
    "by mouse alone": six_spans.by_mouse,
    "by mouse, labels by key": six_spans.by_mouse_and_keys,
    "by keyboard alone": six_spans.by_keys,
}


def test_six_spans_cost_what_the_readme_says_and_no_more_than_elsewhere(page, tmp_path, environment):
    prelabel = six_spans.Prelabel(tmp_path, environment, copies=len(WAYS))
    try:
        counted = dict(zip(WAYS, six_spans.counts(page, prelabel, WAYS.values())))
    finally:
        prelabel.stop()
    assert counted == {"by mouse alone": (0, 13), "by mouse, labels by key": (6, 7), "by keyboard alone": (15, 0)}
    for place in ("README.md", "Tests/Benchmarks/annotators/README.md"):
        rows = re.findall(r"^\| (by [^|]+?) \| ([^|]+?) \| (\d+) keys, (\d+) clicks \|$", (PROJECT / place).read_text(), re.M)
        assert {way: (int(keys), int(clicks)) for way, _, keys, clicks in rows} == counted, place
        for way, theirs, _, _ in rows:
            numbers = [int(number) for number in re.findall(r"\d+", theirs)]
            assert not numbers or sum(counted[way]) <= sum(numbers), (place, way)
    assert page.problems == []
