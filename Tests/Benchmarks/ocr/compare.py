#!/usr/bin/env python3
"""Compare ways to get the abstract off a page scan, on the same pages and one core; prints a Markdown table.

usage: compare.py PAGES... [--limit N] [--slow-limit N] [--engines NAME,...] [--only COLUMN=VALUE,...] [--core N]

A PAGES folder holds NAME.png or NAME.jpg and NAME.abstract.txt, the true text; with a manifest.tsv that names an `abstract_box`
(left, top, right, bottom in shares of the page) the limit is measured, too: the engine on that box alone. See README.md.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from scoring import FOUND, error_rate, pages_with_truth, rows_of, sample, truth_of
from processes import BINARY, MemoryWatch

TESSDATA = os.environ.get("TESSDATA_PREFIX", "/usr/share/tesseract-ocr/5/tessdata")
ABSTRACT = re.compile(
    r"^\W*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary)\b[\s.:—–-]*(.*?)"
    r"(?=^\W*(?:key\s?-?words|index\s+terms|categories|general\s+terms|ccs\s+concepts|(?:[1I]\.?\s*)?introduction)\b|\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def abstract_of(text):
    """What most scripts do with a whole page: from the heading to the next one, lines joined, hyphens at their ends removed."""
    match = ABSTRACT.search(text)
    return re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", match.group(1)) if match else ""


# The engines. Each reads all pages in one process of its own and writes NAME.txt.


def command_line(pages, output):
    for page in pages:
        run = subprocess.run(["tesseract", page, "-", "-l", "eng"], capture_output=True, check=True)
        (output / f"{page.stem}.txt").write_text(abstract_of(run.stdout.decode()), encoding="utf-8")


def pytesseract_regex(pages, output):
    import pytesseract
    from PIL import Image

    for page in pages:
        text = pytesseract.image_to_string(Image.open(page), lang="eng")
        (output / f"{page.stem}.txt").write_text(abstract_of(text), encoding="utf-8")


def tesserocr_regex(pages, output):
    import tesserocr
    from PIL import Image

    with tesserocr.PyTessBaseAPI(path=TESSDATA, lang="eng") as api:
        for page in pages:
            api.SetImage(Image.open(page))
            (output / f"{page.stem}.txt").write_text(abstract_of(api.GetUTF8Text()), encoding="utf-8")


def rapidocr_regex(pages, output):
    from rapidocr_onnxruntime import RapidOCR

    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    for page in pages:
        lines = engine(str(page))[0] or []
        (output / f"{page.stem}.txt").write_text(abstract_of("\n".join(line[1] for line in lines)), encoding="utf-8")


def prelabel(pages, output):
    folder = output / "run"
    subprocess.run([BINARY, "ocr", *pages, "--output", folder, "--workers", "1"], check=True, capture_output=True)
    for page in pages:
        (output / f"{page.stem}.txt").write_bytes((folder / f"{page.name}.txt").read_bytes())


def limit(pages, output):
    """One process for all pages, no layout analysis; the boxes were cut out before."""
    listing = output / "pages"
    listing.write_text("".join(f"{page}\n" for page in pages))
    subprocess.run(["tesseract", listing, output / "all", "-l", "eng", "--psm", "6"], check=True, capture_output=True)
    for page, text in zip(pages, (output / "all.txt").read_text(encoding="utf-8").split("\f")):
        (output / f"{page.stem}.txt").write_text(re.sub(r"(\w)-\s*\n\s*(\w)", r"\1\2", text), encoding="utf-8")


ENGINES = {
    # name: (label, function, slow, limited to one thread and one core)
    "prelabel": ("`prelabel ocr --workers 1`", prelabel, False, True),
    "limit": ("the limit: Tesseract on the true box alone", limit, False, True),
    "cli": ("`tesseract`, OMP_THREAD_LIMIT=1, and a regular expression", command_line, False, True),
    "pytesseract": ("pytesseract, OMP_THREAD_LIMIT=1, and a regular expression", pytesseract_regex, False, True),
    "tesserocr": ("tesserocr, OMP_THREAD_LIMIT=1, and a regular expression", tesserocr_regex, False, True),
    "rapidocr": ("RapidOCR, one thread, and a regular expression", rapidocr_regex, True, True),
    "cli-default": ("`tesseract`, default threads, all cores", command_line, True, False),
}


def measure(engine, pages, output, core):
    _, _, _, is_limited = ENGINES[engine]
    environment = dict(os.environ)
    environment.pop("OMP_THREAD_LIMIT", None)
    if is_limited:
        environment["OMP_THREAD_LIMIT"] = "1"
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, __file__, "--worker", engine, "--output", output, *pages], env=environment,
        preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if is_limited else None)
    with MemoryWatch(process.pid) as watch:
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return wall, usage.ru_utime + usage.ru_stime, watch.peak, process.returncode


def cut_boxes(folder, pages, output):
    """The abstract boxes as images of their own, with a margin of ten pixels."""
    from PIL import Image

    boxes = {name: row["abstract_box"] for name, row in rows_of(folder).items() if row.get("abstract_box")}
    output.mkdir()
    cuts = []
    for page in pages:
        if page.stem in boxes:
            image = Image.open(page).convert("L")
            left, top, right, bottom = (float(value) for value in boxes[page.stem].split(","))
            box = (left * image.width - 10, top * image.height - 10, right * image.width + 10, bottom * image.height + 10)
            image.crop(tuple(map(round, box))).save(output / f"{page.stem}.png")
            cuts.append(output / f"{page.stem}.png")
    return cuts


def compare(folder, options):
    pages, rows = pages_with_truth(folder), rows_of(folder)
    for condition in options.only:
        column, values = condition.split("=")
        pages = [page for page in pages if rows[page.stem][column] in values.split(",")]
    pages = sample(pages, options.limit)
    print(f"\n{' '.join([folder.name, *options.only])}: {len(pages)} pages, {date.today()}, {os.cpu_count()} cores\n")
    print("| way | pages | found | median CER | CPU s a page | wall s a page | peak MB |\n|---|---|---|---|---|---|---|", flush=True)
    for engine in options.engines.split(","):
        label, _, is_slow, _ = ENGINES[engine]
        chosen = sample(pages, options.slow_limit) if is_slow else pages
        with tempfile.TemporaryDirectory() as temporary:
            output = Path(temporary)
            truths = {page.stem: truth_of(page).read_text(encoding="utf-8") for page in chosen}
            if engine == "limit":
                chosen = cut_boxes(folder, chosen, output / "cuts")
                if not chosen:
                    continue
            wall, cpu, peak, code = measure(engine, chosen, output, options.core)
            if code != 0:
                print(f"| {label} | failed with exit code {code} | | | | | |", flush=True)
                continue
            rates = [error_rate(truths[page.stem], (output / f"{page.stem}.txt").read_text(encoding="utf-8")) for page in chosen]
        found, count = sum(rate <= FOUND for rate in rates), len(chosen)
        print(f"| {label} | {count} | {found} ({100 * found / count:.0f} %) | {100 * median(rates):.2f} % "
              f"| {cpu / count:.2f} | {wall / count:.2f} | {peak / 1e6:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path, nargs="+", help="folders of pages")
    parser.add_argument("--limit", type=int, help="so many pages of each folder, evenly chosen")
    parser.add_argument("--slow-limit", type=int, default=10, help="so many for RapidOCR and default threads (default 10)")
    parser.add_argument("--engines", default=",".join(ENGINES), help="of " + ", ".join(ENGINES))
    parser.add_argument("--only", action="append", default=[], help="pages with one of these values in a column of manifest.tsv")
    parser.add_argument("--core", type=int, default=0, help="the core that is used (default 0)")
    parser.add_argument("--worker", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        ENGINES[options.worker][1](options.pages, options.output)
        return
    for folder in options.pages:
        compare(folder, options)


main()
