"""`prelabel ocr` on good and bad pages."""
import json
import os
import signal
import struct
import subprocess
import time
import zlib

import pexpect
import pytest
from PIL import Image

from conftest import BINARY, FIXTURES
from waiting import until

PAGE = FIXTURES / "pages" / "typeset" / "article-0-002.png"
START = "In this article, we present a real-time 3D hybrid beamforming approach"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def facts(line):
    return line["text-file-s3-uri-metadata"]


def put(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(PAGE.read_bytes())


def png_claiming(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_names_manifest_and_record_are_as_designed(prelabel, data):
    put(data / "papers" / "pages", "b.png", "a/p1.png")
    (data / "papers" / "pages" / "notes.txt").write_text("no page")
    result = prelabel("ocr", "s3://papers/pages", "--output", "s3://papers/text", "--data", data)
    assert b"1 other file skipped" in result.stderr and result.stdout == b""
    text = data / "papers" / "text"
    first, second = lines(text / "input.manifest")
    assert [first["source-ref"], second["source-ref"]] == ["s3://papers/pages/a/p1.png", "s3://papers/pages/b.png"]
    assert first["text-file-s3-uri"] == "s3://papers/text/a/p1.png.txt" and "metadata" not in first
    assert list(first) == ["source-ref", "text-file-s3-uri", "text-file-s3-uri-metadata"]
    body = (text / "a/p1.png.txt").read_text(encoding="utf-8")
    assert body.startswith(START) and not body.endswith("\n")
    assert facts(first)["status"] == "found" and facts(first)["characters"] == len(body)
    assert facts(first)["page-record"] == "s3://papers/text/a/p1.png.page.json"
    assert 0 <= facts(first)["confidence"] <= 1 and facts(first)["engine"].startswith("tesseract 5") and facts(first)["language"] == "eng"


def test_the_record_maps_every_character_to_a_word(prelabel, tmp_path):
    prelabel("ocr", PAGE, "--output", "out")
    record = json.loads((tmp_path / "out" / f"{PAGE.name}.page.json").read_text())
    text = (tmp_path / "out" / f"{PAGE.name}.txt").read_text(encoding="utf-8")
    blocks = {block["Id"]: block for block in record["Blocks"]}
    covered = set()
    for word in record["TextMap"]["Words"]:
        covered.update(range(word["StartOffset"], word["EndOffset"]))
        piece = text[word["StartOffset"] : word["EndOffset"]]
        assert blocks[word["BlockId"]]["Text"].startswith(piece)
    assert all(index in covered for index, character in enumerate(text) if not character.isspace())
    page = next(block for block in record["Blocks"] if block["BlockType"] == "PAGE")
    words = [word for line in page["Relationships"][0]["Ids"] for word in blocks[line]["Relationships"][0]["Ids"]]
    assert words == [word["BlockId"] for word in record["TextMap"]["Words"]]
    for block in record["Blocks"]:
        box = block["Geometry"]["BoundingBox"]
        assert 0 <= box["Left"] <= box["Left"] + box["Width"] <= 1.001 and 0 <= box["Top"] <= box["Top"] + box["Height"] <= 1.001


def test_two_runs_write_identical_bytes(prelabel, tmp_path):
    for output in ("one", "two"):
        prelabel("ocr", FIXTURES / "pages" / "typeset" / "spaced-0-008.png", PAGE, "--output", output, "--manifest", f"{output}.manifest")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 4
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_second_run_reads_nothing_again_and_changed_pages_are_read(prelabel, tmp_path):
    put(tmp_path / "scans", "p1.png", "p2.png")
    run = lambda *more: prelabel("ocr", "scans", "--output", "out", *more).stderr.decode()
    assert "of them read before" not in run()
    before = (tmp_path / "out" / "input.manifest").read_bytes()
    assert "2 of them read before" in run()
    assert (tmp_path / "out" / "input.manifest").read_bytes() == before
    assert "of them read before" not in run("--region", "page")
    assert "of them read before" not in run("--force")
    (tmp_path / "scans" / "p1.png").write_bytes((FIXTURES / "pages/typeset/spaced-0-008.png").read_bytes())
    (tmp_path / "out" / "p2.png.txt").unlink()
    assert "of them read before" not in run()


def test_other_lines_and_keys_of_the_manifest_stay(prelabel, tmp_path):
    put(tmp_path / "scans", "p1.png", "p2.png")
    reference = (tmp_path / "scans" / "p2.png").as_uri()
    foreign = '{"source-ref":"s3://elsewhere/x.jpg","weight":1.0}'
    (tmp_path / "my.manifest").write_text(f'{foreign}\n{{"source-ref":"{reference}","labels":{{"n":1e3}},"text-file-s3-uri":"old"}}\n')
    prelabel("ocr", "scans", "--output", "out", "--manifest", "my.manifest")
    written = (tmp_path / "my.manifest").read_text().splitlines()
    assert written[0] == foreign
    assert written[1].startswith(f'{{"source-ref":"{reference}","labels":{{"n":1e3}},"text-file-s3-uri":"file:')
    assert json.loads(written[2])["source-ref"] == (tmp_path / "scans" / "p1.png").as_uri() and len(written) == 3


def test_jsonl_has_the_manifest_line_and_seconds(prelabel, tmp_path):
    result = prelabel("ocr", PAGE, "--output", "out", "--jsonl")
    (line,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert line.pop("seconds") > 0
    assert line == lines(tmp_path / "out" / "input.manifest")[0]


def test_metadata_comes_from_csv_by_path_and_from_json_lines_by_base_name(prelabel, tmp_path):
    put(tmp_path / "scans", "a/p1.png")
    (tmp_path / "meta.csv").write_text('file,Author\r\na/p1.png,"Née, A."\r\nother.png,B\r\n', encoding="utf-8")
    result = prelabel("ocr", "scans", "--output", "out", "--metadata", "meta.csv")
    assert b"1 row about no page" in result.stderr
    assert lines(tmp_path / "out" / "input.manifest")[0]["metadata"] == {"Author": "Née, A."}
    (tmp_path / "meta.jsonl").write_text('{"file":"p1.png","year":1.0}\n')
    prelabel("ocr", "scans", "--output", "out", "--metadata", "meta.jsonl")
    assert '"metadata":{"year":1.0}' in (tmp_path / "out" / "input.manifest").read_text()


def test_standard_input_takes_paths_uris_and_manifest_lines(prelabel, data):
    put(data / "papers" / "pages", "p1.png", "p2.png")
    given = '{"source-ref":"s3://papers/pages/p2.png","label":1.0,"text-file-s3-uri":"old"}'
    bad = '{"source-ref":"file:///etc/passwd"}'
    result = prelabel("ocr", "-", "--output", "s3://papers/text", "--data", data, code=1, input=f"s3://papers/pages/p1.png\n{given}\n{bad}\n".encode())
    assert b"standard input, line 3" in result.stderr and b"may name s3://BUCKET/KEY only" in result.stderr
    first, second = (data / "papers/text/input.manifest").read_text().splitlines()
    assert json.loads(first)["source-ref"] == "s3://papers/pages/p1.png"
    assert second.startswith('{"source-ref":"s3://papers/pages/p2.png","label":1.0,"text-file-s3-uri":"s3://papers/text/p2.png.txt"')


def test_two_sources_for_one_name_are_refused_and_a_root_parts_them(prelabel, tmp_path):
    put(tmp_path / "x", "p.png")
    put(tmp_path / "y", "p.png")
    result = prelabel("ocr", "x/p.png", "y/p.png", "--output", "out", code=64)
    assert b"two sources for one output name" in result.stderr and not (tmp_path / "out").exists()
    prelabel("ocr", "x/p.png", "y/p.png", "--root", ".", "--output", "out")
    assert (tmp_path / "out" / "x" / "p.png.txt").exists() and (tmp_path / "out" / "y" / "p.png.txt").exists()


def test_a_tiff_gets_an_image_that_browsers_show(prelabel, tmp_path):
    Image.open(PAGE).save(tmp_path / "p1.tif", compression="group4")
    for again in ("", "1 of them read before"):
        assert again in prelabel("ocr", "p1.tif", "--output", "out").stderr.decode()
    (line,) = lines(tmp_path / "out" / "input.manifest")
    assert line["source-ref"].endswith("/out/p1.tif.p0001.png") and line["source-document"].endswith("/p1.tif") and line["page"] == 1
    assert line["text-file-s3-uri"] == line["source-ref"] + ".txt"
    shown = Image.open(tmp_path / "out" / "p1.tif.p0001.png")
    assert shown.format == "PNG" and shown.size == Image.open(PAGE).size
    # The image lies among the inputs of a run over its own output, and is no page of it.
    (tmp_path / "out" / "p1.tif").write_bytes((tmp_path / "p1.tif").read_bytes())
    assert "1 page:" in prelabel("ocr", "out", "--output", "again").stderr.decode()


def test_regions_are_read_as_asked(prelabel, tmp_path):
    prelabel("ocr", PAGE, "--output", "page", "--region", "page")
    page = (tmp_path / "page" / f"{PAGE.name}.txt").read_text(encoding="utf-8")
    assert "Both Common Mistakes And The Way They Are Overcome" in page and "1 Introduction" in page and START in page.replace("\n", " ")
    prelabel("ocr", PAGE, "--output", "box", "--region", "0.1,0.1,0.8,0.1")
    assert (tmp_path / "box" / f"{PAGE.name}.txt").read_text().startswith("Both Common Mistakes")
    prelabel("ocr", PAGE, "--output", "box", "--region", "0.5,0.5,0.8,0.1", code=64)


@pytest.fixture
def bad_pages(tmp_path):
    folder = tmp_path / "scans"
    put(folder, "good.png")
    jpeg = (FIXTURES / "pages/typeset/lncs-1-016.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "huge.png").write_bytes(png_claiming(20_000, 20_000))
    (folder / "random.png").write_bytes(os.urandom(1000))
    Image.new("L", (1, 1)).save(folder / "dot.png")
    return folder


def test_each_bad_page_fails_by_name_and_the_others_are_read(prelabel, tmp_path, bad_pages):
    result = prelabel("ocr", "scans", "nowhere", "--output", "out", code=66)
    assert b"nowhere does not exist" in result.stderr
    outcomes = {line["source-ref"].rsplit("/", 1)[1]: facts(line) for line in lines(tmp_path / "out" / "input.manifest")}
    assert outcomes.pop("good.png")["status"] == "found"
    assert set(outcomes) == {"cut.jpg", "empty.jpg", "huge.png", "random.png", "dot.png"}
    reasons = {"cut.jpg": "cut short", "empty.jpg": "no bytes", "huge.png": "20000 x 20000", "random.png": "neither JPEG, PNG nor TIFF", "dot.png": "1 x 1"}
    for name, outcome in outcomes.items():
        assert outcome["status"] == "failed" and reasons[name] in outcome["failure-reason"], (name, outcome)
        assert name in result.stderr.decode()
    prelabel("ocr", "scans", "--output", "out", code=1)


def test_a_failed_page_leaves_no_earlier_text_behind(prelabel, tmp_path):
    put(tmp_path / "scans", "p.png")
    prelabel("ocr", "scans", "--output", "out")
    (tmp_path / "scans" / "p.png").write_bytes(b"")
    prelabel("ocr", "scans", "--output", "out", code=1)
    assert not (tmp_path / "out" / "p.png.txt").exists()
    assert "text-file-s3-uri" not in lines(tmp_path / "out" / "input.manifest")[0]
    put(tmp_path / "scans", "p.png")
    prelabel("ocr", "scans", "--output", "out")
    assert facts(lines(tmp_path / "out" / "input.manifest")[0])["status"] == "found"


def test_a_blank_page_is_not_found_and_no_failure(prelabel, tmp_path):
    Image.new("L", (1700, 2200), 255).save(tmp_path / "blank.png")
    prelabel("ocr", "blank.png", "--output", "out")
    (line,) = lines(tmp_path / "out" / "input.manifest")
    assert facts(line)["status"] == "not-found" and facts(line)["characters"] == 0
    assert (tmp_path / "out" / "blank.png.txt").read_bytes() == b""


def test_a_missing_language_is_one_error(prelabel):
    result = prelabel("ocr", PAGE, "--output", "out", "--language", "xyz", code=78)
    assert b"xyz" in result.stderr


def test_a_crash_of_the_reader_costs_one_page(tmp_path, environment):
    put(tmp_path / "scans", *[f"p{number}.png" for number in range(6)])
    run = subprocess.Popen([BINARY, "ocr", "scans", "--output", "out", "--workers", "1"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
    children = lambda: subprocess.run(["ps", "--ppid", str(run.pid), "-o", "pid="], capture_output=True, text=True).stdout.split()
    reader = until(children)[0]
    time.sleep(0.4)
    os.kill(int(reader), signal.SIGSEGV)
    _, stderr = run.communicate(timeout=60)
    statuses = [facts(line)["status"] for line in lines(tmp_path / "out" / "input.manifest")]
    assert run.returncode == 1 and b"the page reader crashed on this page (signal 11)" in stderr
    assert sorted(statuses) == ["failed"] + ["found"] * 5


def test_a_killed_run_goes_on_where_it_stopped(prelabel, tmp_path, environment):
    put(tmp_path / "scans", *[f"p{number}.png" for number in range(8)])
    prelabel("ocr", "scans", "--output", "undisturbed", "--manifest", "undisturbed.manifest")
    run = subprocess.Popen([BINARY, "ocr", "scans", "--output", "out", "--workers", "1", "--jsonl"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
    for _ in range(3):
        run.stdout.readline()
    run.kill()
    run.wait()
    done = len(list((tmp_path / "out").glob("*.page.json")))
    assert 3 <= done < 8 and not (tmp_path / "out/input.manifest").exists()
    assert f"{done} of them read before" in prelabel("ocr", "scans", "--output", "out").stderr.decode()
    for path in (tmp_path / "undisturbed").iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name
    expected = (tmp_path / "undisturbed.manifest").read_text().replace("/undisturbed/", "/out/")
    assert (tmp_path / "out/input.manifest").read_text() == expected


def test_progress_is_shown_on_a_terminal_only(tmp_path, environment, prelabel):
    child = pexpect.spawn(str(BINARY), ["ocr", str(PAGE), "--output", "out"], cwd=tmp_path, env=environment, timeout=60)
    child.expect("1/1 pages")
    child.expect(pexpect.EOF)
    assert b"/1 pages" not in prelabel("ocr", PAGE, "--output", "out", "--force").stderr


def test_the_shared_typeset_pages_are_found(prelabel, tmp_path, shared_data):
    from rapidfuzz.distance import Levenshtein

    pages = shared_data / "pages-typeset"
    prelabel("ocr", pages, "--output", "out")
    found = 0
    for gold in pages.glob("*.abstract.txt"):
        truth = " ".join(gold.read_text(encoding="utf-8").split())
        text = (tmp_path / "out" / gold.name.replace(".abstract.txt", ".jpg.txt")).read_text(encoding="utf-8")
        found += Levenshtein.distance(truth, " ".join(text.split())) <= 0.05 * len(truth)
    assert found >= 30
