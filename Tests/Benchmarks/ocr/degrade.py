#!/usr/bin/env python3
"""Degrade page scans in the ways scanners and copiers do, and count the abstracts still found; prints a Markdown table.

usage: degrade.py PAGES [--limit N] [--kinds NAME,...] [--allowed-misses 3] [--keep DIR]

PAGES holds NAME.png or NAME.jpg and NAME.abstract.txt, the true text. Exits with 1 when a kind loses more pages than are allowed
against the clean ones. With --keep, DIR/KIND holds the degraded pages, the texts and, of each miss, NAME.explain.png.
"""
import argparse
import io
import json
import os
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path
from statistics import median

import numpy
from PIL import Image, ImageChops, ImageFilter, ImageOps

from scoring import FOUND, error_rate, pages_with_truth, sample, truth_of
from processes import BINARY

PAPER_WIDTH_INCHES = 8.35  # between A4 and letter

# Each takes the page in grey, another page of the folder (what is printed on the back), and a random generator of its own.


def dpi_of(image):
    return image.width / PAPER_WIDTH_INCHES


def skewed(degrees):
    return lambda page, back, random: page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def turned(degrees):
    return lambda page, back, random: page.rotate(degrees, expand=True)


def at_resolution(dpi):
    def scaled(page, back, random):
        factor = dpi / dpi_of(page)
        return page.resize((round(page.width * factor), round(page.height * factor)), Image.Resampling.LANCZOS)

    return scaled


def noisy(page, back, random):
    """Grain of a sensor, and dust: one pixel of 200 black or white."""
    pixels = numpy.asarray(page, dtype=float) + random.normal(0, 25, (page.height, page.width))
    dust = random.random((page.height, page.width))
    pixels[dust < 0.0025] = 0
    pixels[dust > 0.9975] = 255
    return Image.fromarray(pixels.clip(0, 255).astype("uint8"))


def blurred(page, back, random):
    """Out of focus by two pixels at 300 dpi."""
    return page.filter(ImageFilter.GaussianBlur(dpi_of(page) / 150))


def squeezed(page, back, random):
    file = io.BytesIO()
    page.save(file, "JPEG", quality=20)
    return Image.open(file).convert("L")


def bleeding(share):
    """The back of the sheet shines through, mirrored, blurred and at a share of its darkness."""

    def bled(page, back, random):
        back = ImageOps.mirror(back).resize(page.size).filter(ImageFilter.GaussianBlur(dpi_of(page) / 200))
        return ImageChops.multiply(page, back.point(lambda value: round(255 - share * (255 - value))))

    return bled


def bordered(page, back, random):
    """The open lid of a copier: dark bands of 1 to 5 % along all edges, slanting a little, outside the sheet."""
    margin = round(0.05 * page.width)
    sheet = Image.new("L", (page.width + 2 * margin, page.height + 2 * margin), 30)
    slant = random.uniform(-0.6, 0.6)
    mask = Image.new("L", page.size, 255).rotate(slant, expand=False, fillcolor=0)
    sheet.paste(page.rotate(slant, Image.Resampling.BICUBIC, expand=False), (margin, margin), mask)
    left, top, right, bottom = (round(float(share) * margin) for share in random.uniform(0, 0.8, 4))
    return sheet.crop((left, top, sheet.width - right, sheet.height - bottom))


KINDS = {
    "clean": ("as they are", lambda page, back, random: page),
    "skew-2": ("skewed by 2°", skewed(2)),
    "skew-4": ("skewed by 4°, the other way", skewed(-4)),
    "turned-90": ("turned by 90°", turned(90)),
    "turned-180": ("turned by 180°", turned(180)),
    "turned-270": ("turned by 270°", turned(270)),
    "dpi-150": ("150 dpi", at_resolution(150)),
    "dpi-100": ("100 dpi", at_resolution(100)),
    "noise": ("noise (σ 25 of 255) and dust", noisy),
    "blur": ("blurred by 2 pixels at 300 dpi", blurred),
    "jpeg-20": ("JPEG of quality 20", squeezed),
    "bleed-20": ("bleed-through at 20 %", bleeding(0.2)),
    "bleed-30": ("bleed-through at 30 %", bleeding(0.3)),
    "border": ("dark borders", bordered),
}


def degrade(pages, kind, folder):
    for index, path in enumerate(pages):
        page = Image.open(path).convert("L")
        back = Image.open(pages[(index + 1) % len(pages)]).convert("L")
        random = numpy.random.default_rng(zlib.crc32(f"{kind}/{path.stem}".encode()))
        KINDS[kind][1](page, back, random).save(folder / f"{path.stem}.png", compress_level=1)


def read(pages, kind, folder):
    """(page, error rate, what the program said of it) of each page, and CPU seconds."""
    scans, texts = folder / "pages", folder / "texts"
    scans.mkdir(parents=True)
    degrade(pages, kind, scans)
    before = os.times()
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
    run = subprocess.run([BINARY, "ocr", scans, "--output", texts, "--workers", "1"], env=environment, capture_output=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{kind}: exit code {run.returncode}: {run.stderr.decode()}")
    after = os.times()
    said = {}
    for line in (texts / "input.manifest").read_text(encoding="utf-8").splitlines():
        line = json.loads(line)
        said[Path(line["source-ref"]).stem] = line["text-file-s3-uri-metadata"]
    rows = []
    for page in pages:
        text = texts / f"{page.stem}.png.txt"
        rate = error_rate(truth_of(page).read_text(encoding="utf-8"), text.read_text(encoding="utf-8") if text.exists() else "")
        rows.append((page, rate, said[page.stem]))
    return rows, after.children_user + after.children_system - before.children_user - before.children_system


def explain(page, folder):
    scan = folder / "pages" / f"{page.stem}.png"
    picture = folder / f"{page.stem}.explain.png"
    subprocess.run([BINARY, "ocr", scan, "--output", folder / "again", "--explain", picture], capture_output=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--limit", type=int, help="so many pages, evenly chosen")
    parser.add_argument("--kinds", default=",".join(KINDS), help="of " + ", ".join(KINDS))
    parser.add_argument("--allowed-misses", type=int, default=3, help="so many found pages a kind may lose (default 3)")
    parser.add_argument("--keep", type=Path, help="keep pages, texts and explanations of misses here")
    options = parser.parse_args()
    pages = sample(pages_with_truth(options.pages), options.limit)
    print("| pages | found | median CER | not found, failed | CPU s a page |\n|---|---|---|---|---|", flush=True)
    found, misses = {}, []
    for kind in options.kinds.split(","):
        with tempfile.TemporaryDirectory() as temporary:
            folder = (options.keep or Path(temporary)) / kind
            shutil.rmtree(folder, ignore_errors=True)
            rows, cpu = read(pages, kind, folder)
            missed = [row for row in rows if row[1] > FOUND]
            found[kind] = len(rows) - len(missed)
            without = sum(facts["status"] != "found" for _, _, facts in rows)
            print(f"| {KINDS[kind][0]} | {found[kind]} of {len(rows)} | {100 * median(row[1] for row in rows):.2f} % "
                  f"| {without} | {cpu / len(rows):.2f} |", flush=True)
            misses += [(kind, *row) for row in missed]
            if options.keep:
                for page, _, _ in missed:
                    explain(page, folder)
    for kind, page, rate, facts in misses:
        reason = facts.get("failure-reason") or facts.get("reason", "no reason given")
        print(f"{kind}: {page.stem}: {100 * rate:.1f} % wrong, {facts['status']}, {reason}")
    lost = [kind for kind in found if found[kind] < found.get("clean", len(pages)) - options.allowed_misses]
    raise SystemExit(f"more than {options.allowed_misses} pages lost: {', '.join(lost)}" if lost else 0)


if __name__ == "__main__":
    main()
