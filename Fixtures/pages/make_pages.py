#!/usr/bin/env python3
"""Make the demo's pages from the full-size originals; see README.md for their origin and licences.

usage: make_pages.py ORIGINALS     (a folder with pages/ and pages-typeset/)

Pages become 200 dpi grey JPEG, or 1-bit PNG where the original is clean, each under 600 kB. Needs Pillow (PyPI).
"""
import csv, sys
from pathlib import Path
from PIL import Image

HERE = Path(__file__).parent
TYPESET = ["article-0-002", "elsevier-1-015", "ieee-2-020", "lncs-1-016", "revtex-0-004", "spaced-0-008", "summary-0-009", "twocol-1-013"]
REAL = ["acl-2023.eacl-main.121", "pmc-PMC5771181", "pmlr-v121-shaw20a"]
ONE_BIT = {"article-0-002", "spaced-0-008"}


def dpi_of(folder):
    with open(folder / "manifest.tsv", encoding="utf-8") as table:
        return {row["name"]: int(row["dpi"]) for row in csv.DictReader(table, delimiter="\t")}


def make(source, dpi, target):
    image = Image.open(source).convert("L")
    if target.name in ONE_BIT:
        image.point(lambda level: 255 if level > 160 else 0).convert("1").save(f"{target}.png", optimize=True, dpi=(dpi, dpi))
        return
    if dpi > 200:
        image = image.resize((round(image.width * 200 / dpi), round(image.height * 200 / dpi)), Image.LANCZOS)
    image.save(f"{target}.jpg", quality=60, optimize=True, dpi=(200, 200))


def main():
    originals = Path(sys.argv[1])
    for names, folder, suffix, target in [(TYPESET, "pages-typeset", ".jpg", "typeset"), (REAL, "pages", ".png", "real")]:
        (HERE / target).mkdir(exist_ok=True)
        dpi = dpi_of(originals / folder)
        for name in names:
            make(originals / folder / (name + suffix), dpi[name], HERE / target / name)


main()
