"""The page record's word boxes: each word recognised alone in its box is that word. Larger samples: Tests/Benchmarks/ocr/boxes.py."""
import pytest
from PIL import Image

from conftest import FIXTURES
from word_boxes import read_record, uncovered, untrue_boxes

TYPESET = FIXTURES / "pages/typeset/twocol-1-013.jpg"
REAL = FIXTURES / "pages/real/pmc-PMC5771181.jpg"


def share_of_true_boxes(prelabel, tmp_path, page, turned=0):
    prelabel("ocr", page, "--output", "out", "--workers", "1")
    record, text = read_record(tmp_path / "out", page.name)
    assert uncovered(record, text) == []
    count, untrue = untrue_boxes(page, record, text, turned=turned, every=2)
    assert count > 50
    return 1 - len(untrue) / count, untrue


@pytest.mark.parametrize("page", [TYPESET, REAL], ids=["typeset", "real"])
def test_a_word_s_box_alone_gives_the_word(prelabel, tmp_path, page):
    share, untrue = share_of_true_boxes(prelabel, tmp_path, page)
    assert share >= 0.97, untrue


@pytest.mark.parametrize("degrees", [90, 180, 4])
def test_so_it_does_on_turned_and_skewed_pages(prelabel, tmp_path, degrees):
    page = tmp_path / "page.png"
    Image.open(TYPESET).convert("L").rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255).save(page)
    share, untrue = share_of_true_boxes(prelabel, tmp_path, page, turned=degrees if degrees % 90 == 0 else 0)
    assert share >= 0.90, untrue
