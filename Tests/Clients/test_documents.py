"""PDF files and TIFF files of several pages, as `prelabel ocr` takes them."""
import json

import pytest
from PIL import Image

from conftest import FIXTURES

FIRST = FIXTURES / "pages/typeset/article-0-002.png"
SECOND = FIXTURES / "pages/typeset/spaced-0-008.png"
STARTS = ["In this article, we present", "Recommender systems have developed"]


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(params=["tif", "pdf"])
def document(request, tmp_path):
    """Two pages, the first sheet empty of text between them in the PDF's case."""
    path = tmp_path / "scans" / f"paper.{request.param}"
    path.parent.mkdir()
    pages = [Image.open(FIRST), Image.new("1", (1700, 2200), 1), Image.open(SECOND)]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    return path


def test_every_page_gets_an_image_a_text_a_record_and_a_line(prelabel, tmp_path, document):
    result = prelabel("ocr", "scans", "--output", "out")
    assert b"3 pages: 2 found, 1 not found, 0 failed" in result.stderr
    found = lines(tmp_path / "out/input.manifest")
    assert [line["page"] for line in found] == [1, 2, 3]
    assert [line["text-file-s3-uri-metadata"]["status"] for line in found] == ["found", "not-found", "found"]
    for line, number in zip(found, (1, 2, 3)):
        name = f"{document.name}.p000{number}.png"
        assert line["source-ref"] == (tmp_path / "out" / name).as_uri() and line["source-document"] == document.as_uri()
        assert line["text-file-s3-uri"] == (tmp_path / "out" / f"{name}.txt").as_uri()
        assert Image.open(tmp_path / "out" / name).format == "PNG" and (tmp_path / "out" / f"{name}.page.json").exists()
    assert (tmp_path / "out" / f"{document.name}.p0001.png.txt").read_text().startswith(STARTS[0])
    assert (tmp_path / "out" / f"{document.name}.p0003.png.txt").read_text().startswith(STARTS[1])
    assert b"3 of them read before" in prelabel("ocr", "scans", "--output", "out").stderr
    result = prelabel("manifest", "build", "--images", "scans", "--texts", "out", "--output", "built")
    assert [line["source-ref"] for line in lines(tmp_path / "built")] == [line["source-ref"] for line in found]


def test_pages_choose_and_the_others_stay_in_the_manifest(prelabel, tmp_path, document):
    prelabel("ocr", "scans", "--output", "out", "--pages", "3-")
    assert [line["page"] for line in lines(tmp_path / "out/input.manifest")] == [3]
    prelabel("ocr", "scans", "--output", "out", "--pages", "1,3")
    assert [line["page"] for line in lines(tmp_path / "out/input.manifest")] == [3, 1]
    for bad in ("0", "3-1", "x", ""):
        prelabel("ocr", "scans", "--output", "out", "--pages", bad, code=64)


@pytest.mark.parametrize("name, body, reason", [
    ("cut.pdf", b"%PDF-1.4\n", "could not read the PDF"),
    ("empty.pdf", b"", "no bytes"),
    ("words.pdf", b"no PDF at all", "neither JPEG, PNG nor TIFF"),
    ("cut.tif", b"II*\0\x08\0\0\0", "TIFF"),
    ("loop.tif", b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "TIFF"),
])
def test_a_damaged_document_is_one_failed_page(prelabel, tmp_path, name, body, reason):
    (tmp_path / name).write_bytes(body)
    prelabel("ocr", name, FIRST, "--output", "out", code=1)
    failed, good = lines(tmp_path / "out/input.manifest")
    assert reason in failed["text-file-s3-uri-metadata"]["failure-reason"] and failed["page"] == 1
    assert good["text-file-s3-uri-metadata"]["status"] == "found"


def pdf(width, height, pages=1):
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = ["1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>endobj"]
    objects += [f"{number + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]>>endobj" for number in range(pages)]
    return ("%PDF-1.4\n" + "\n".join(objects) + "\ntrailer<</Root 1 0 R>>\n").encode()


def test_pdf_bombs_fail_by_name_in_bounded_time(prelabel, tmp_path):
    (tmp_path / "wall.pdf").write_bytes(pdf(200_000, 200_000))
    (tmp_path / "many.pdf").write_bytes(pdf(612, 792, pages=5000))
    (tmp_path / "poster.pdf").write_bytes(pdf(2384, 3370))
    prelabel("ocr", "wall.pdf", "many.pdf", "poster.pdf", "--output", "out", code=1)
    reasons = [line["text-file-s3-uri-metadata"].get("failure-reason", "") for line in lines(tmp_path / "out/input.manifest")]
    assert "no sheet of paper is so large" in reasons[0] and "5000 pages" in reasons[1] and reasons[2] == ""
    width, height = Image.open(tmp_path / "out/poster.pdf.p0001.png").size
    assert 30_000_000 < width * height <= 40_000_000
