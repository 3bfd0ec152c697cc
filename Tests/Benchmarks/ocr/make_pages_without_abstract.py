#!/usr/bin/env python3
"""Make pages without an abstract, on which `prelabel ocr` has to find none.

usage: make_pages_without_abstract.py PAGES OUTPUT [--each N]

PAGES holds NAME.abstract.txt and, for the kind `real`, NAME.png with manifest.tsv (columns name, abstract_box). Makes N pages
(default 7) of each of thirteen kinds: body pages of one and two columns, last sections headed Summary, references, contents, covers, letters, tables and figures,
blank and dusty sheets, forms, openings of book chapters, prefaces, and the lower parts of real first pages, below their abstract.
The running text is taken from the abstracts in PAGES and shuffled by sentence; names, titles and numbers are made up here. Fonts:
Liberation and DejaVu (apt: fonts-liberation, fonts-dejavu). The pages are 200 dpi, grey, the same on every run. Needs Pillow.
"""
import argparse, csv, random, re
from pathlib import Path
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, DPI = 1700, 2200, 200
FOLDER = Path("/usr/share/fonts/truetype")
FAMILIES = [
    ("liberation/LiberationSerif-Regular.ttf", "liberation/LiberationSerif-Bold.ttf", "liberation/LiberationSerif-Italic.ttf"),
    ("liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf", "liberation/LiberationSans-Italic.ttf"),
    ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf", "dejavu/DejaVuSerif-Italic.ttf"),
]
NAMES = "Ada Novak,Bruno Costa,Chiara Haddad,Dalia Okafor,Emil Sand,Farah Lind,Goran Petrov,Hana Moreau".split(",")
TITLES = ["Reading Machines And Their Use", "Notes On Rivers Of The North", "A Survey Of Small Engines", "Light In Old Buildings",
          "The Cost Of Keeping Records", "Methods For Sparse Measurements", "Growth Of Plants Under Glass"]
SECTIONS = ["Methods", "Data and Materials", "Results", "Discussion", "Related Work", "Limitations", "Experimental Setup", "Conclusion"]


class Page:
    def __init__(self, sentences, seed):
        self.random = random.Random(seed)
        self.sentences = sentences
        self.image = Image.new("L", (WIDTH, HEIGHT), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.family = FAMILIES[seed % len(FAMILIES)]
        self.size = self.random.choice([26, 28, 30])
        self.y = 180

    def font(self, style=0, scale=1.0):
        return ImageFont.truetype(str(FOLDER / self.family[style]), round(self.size * scale))

    def prose(self, count=5):
        return " ".join(self.random.choice(self.sentences) for _ in range(count))

    def line(self, text, x=170, style=0, scale=1.0, center=False):
        font = self.font(style, scale)
        if center:
            x = (WIDTH - self.draw.textlength(text, font)) / 2
        self.draw.text((x, self.y), text, 0, font)
        self.y += round(1.45 * self.size * scale)

    def paragraph(self, text, left=170, right=WIDTH - 170, indent=0, hanging=0, style=0, scale=1.0, bottom=HEIGHT - 180):
        """Justified; stops at `bottom`."""
        font = self.font(style, scale)
        words, first = text.split(), True
        while words and self.y < bottom:
            start = left + (indent if first else hanging)
            taken = []
            while words and self.draw.textlength(" ".join(taken + [words[0]]), font) <= right - start:
                taken.append(words.pop(0))
            taken = taken or [words.pop(0)]
            widths = [self.draw.textlength(word, font) for word in taken]
            space = self.draw.textlength(" ", font)
            if words and len(taken) > 1:
                space = (right - start - sum(widths)) / (len(taken) - 1)
            x = start
            for word, width in zip(taken, widths):
                self.draw.text((x, self.y), word, 0, font)
                x += width + space
            self.y += round(1.25 * self.size * scale)
            first = False

    def column(self, left, right, headings=True, text=None):
        while self.y < HEIGHT - 260:
            if headings and self.random.random() < 0.4:
                self.y += 20
                self.line(f"{self.random.randint(2, 7)} {self.random.choice(SECTIONS)}", left, 1, 1.15)
                self.y += 8
            self.paragraph(text() if text else self.prose(self.random.randint(3, 8)), left, right, indent=0 if text else 40, hanging=40 if text else 0)
            self.y += 10 if text else 0

    def head(self):
        self.y = 100
        self.line(f"{self.random.choice(NAMES)} et al.: {self.random.choice(TITLES)}", 170, 2, 0.8)
        self.y = 180

    def columns(self, **kinds):
        self.y = top = self.y
        self.column(170, 830, **kinds)
        self.y = top
        self.column(870, WIDTH - 170, **kinds)

    def reference(self):
        number = self.random.randint(1, 99)
        names = ", ".join(f"{name.split()[1]} {name[0]}." for name in self.random.sample(NAMES, 3))
        return f"[{number}] {names} {self.random.choice(TITLES)}. Journal of {self.random.choice(SECTIONS)} {number}, {number * 7}-{number * 7 + 9} ({1960 + number % 60})."

    def title(self, scale=1.8):
        self.line(self.random.choice(TITLES), center=True, style=1, scale=scale)
        self.y += 20
        self.line(", ".join(self.random.sample(NAMES, 2)), center=True)
        self.line("Institute for Data Systems, Lakeview", center=True, style=2)
        self.y += 40


def body(page):
    page.head()
    page.column(170, WIDTH - 170)


def body_columns(page):
    page.head()
    page.columns()


def closing(page):
    """A section of the text that is called what many journals call the abstract."""
    page.head()
    left, right = (170, WIDTH - 170) if page.random.random() < 0.5 else (170, 830)
    page.paragraph(page.prose(page.random.randint(9, 14)), left, right)
    page.y += 30
    page.line("Summary", left, 1, 1.15)
    page.paragraph(page.prose(6), left, right)
    page.y += 30
    page.line("Acknowledgements", left, 1, 1.15)
    page.paragraph(page.prose(2), left, right)
    if right == 830:
        page.y = 180
        page.column(870, WIDTH - 170, headings=False, text=page.reference)


def references(page):
    page.line("References", 170, 1, 1.2)
    page.columns(headings=False, text=page.reference) if page.random.random() < 0.5 else page.column(170, WIDTH - 170, False, page.reference)


def contents(page):
    page.line(page.random.choice(["Contents", "Table of Contents", "Summary of Contents"]), 170, 1, 1.6)
    number = 1
    while page.y < HEIGHT - 300:
        number += page.random.randint(1, 14)
        entry = f"{page.random.choice(SECTIONS)} of {page.random.choice(TITLES).lower()}"
        page.line(f"{entry} " + "." * max(3, 78 - len(entry)) + f" {number}", 170 + 40 * page.random.randint(0, 1))


def cover(page):
    page.y = page.random.randint(300, 700)
    page.title(2.4)
    page.line("Technical Report 2019-17", center=True)
    page.y = HEIGHT - 600
    page.paragraph("Copyright 2019 by the authors. Permission to make copies of all or part of this work for personal or classroom use is granted "
                   "without fee provided that copies are not made for profit and that copies bear this notice and the full citation.", 300, WIDTH - 300, scale=0.85)


def letter(page):
    for text in ("Institute for Data Systems", "12 Harbour Road", "Lakeview", "", "14 March 2016", "", "Dear Professor " + page.random.choice(NAMES).split()[1] + ","):
        page.line(text)
    page.y += 20
    for _ in range(page.random.randint(2, 4)):
        page.paragraph(page.prose(page.random.randint(3, 5)))
        page.y += 25
    for text in ("Yours sincerely,", "", page.random.choice(NAMES)):
        page.line(text)


def tables(page):
    page.head()
    for number in (1, 2):
        page.line(f"Table {number}. {page.random.choice(TITLES)}, by year and place", 170, 1)
        page.draw.line((170, page.y, WIDTH - 170, page.y), 0, 3)
        for row in range(page.random.randint(8, 14)):
            top = page.y
            for column in range(5):
                page.y = top
                page.line(f"Group {row}" if column == 0 else f"{page.random.random() * 100:.2f}", 190 + 280 * column)
        page.draw.line((170, page.y, WIDTH - 170, page.y), 0, 3)
        page.y += 60
    page.draw.rectangle((300, page.y, 1400, page.y + 350), outline=0, width=3)
    page.draw.line([(300 + 100 * i, page.y + page.random.randint(20, 330)) for i in range(12)], 0, 4)
    page.y += 380
    page.paragraph("Figure 3. " + page.prose(2), 250, WIDTH - 250, scale=0.85)


def blank(page):
    for _ in range(page.random.choice([0, 0, 300, 3000])):
        x, y = page.random.randrange(WIDTH), page.random.randrange(HEIGHT)
        page.draw.ellipse((x, y, x + page.random.randint(0, 3), y + page.random.randint(0, 3)), fill=page.random.randint(0, 200))
    page.y = HEIGHT - 150
    if page.random.random() < 0.5:
        page.line("This page is intentionally left blank" if page.random.random() < 0.5 else "17", center=True)


def form(page):
    page.line("Application for Access to Measurements", 170, 1, 1.5)
    page.paragraph("Please fill in all fields in capital letters and return the form to the office named below. Fields marked with a star must be filled in.")
    page.y += 40
    for label in ("Family name *", "First name *", "Institution", "Address", "Telephone", "Purpose *", "Summary of the project *", "Date", "Signature"):
        page.line(label, 190)
        page.draw.rectangle((620, page.y - 50, WIDTH - 190, page.y), outline=0, width=2)
        page.y += 60


def chapter(page):
    page.y = 400
    page.line(f"Chapter {page.random.randint(2, 12)}", 170, 1, 1.3)
    page.line(page.random.choice(TITLES), 170, 1, 2)
    page.y += 100
    page.column(170, WIDTH - 170, headings=page.random.random() < 0.5)


def preface(page):
    page.line(page.random.choice(["Preface", "Editorial", "Foreword", "Acknowledgements"]), center=True, style=1, scale=1.8)
    page.y += 60
    page.column(250, WIDTH - 250, headings=False) if page.random.random() < 0.6 else page.columns(headings=False)


def real_parts(folder):
    """The lower parts of first pages whose abstract ends in their upper half."""
    table = folder / "manifest.tsv"
    rows = csv.DictReader(table.open(encoding="utf-8"), delimiter="\t") if table.exists() else []
    for row in rows:
        bottom = float((row.get("abstract_box") or "0,0,0,1").split(",")[3])
        if bottom < 0.55:
            page = Image.open(folder / f"{row['name']}.png").convert("L")
            part = page.crop((0, round((bottom + 0.02) * page.height), page.width, page.height))
            sheet = Image.new("L", page.size, 255)
            sheet.paste(part, (0, round(0.06 * page.height)))
            yield sheet, row["name"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("pages", type=Path)
    arguments.add_argument("output", type=Path)
    arguments.add_argument("--each", type=int, default=7)
    options = arguments.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    text = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in sorted(options.pages.glob("*.abstract.txt")))
    sentences = [sentence for sentence in re.split(r"(?<=[.!?]) (?=[A-Z])", text) if 60 < len(sentence) < 300]
    kinds = [body, body_columns, closing, references, contents, cover, letter, tables, blank, form, chapter, preface]
    for kind_index, kind in enumerate(kinds):
        for index in range(options.each):
            page = Page(sentences, 100 * kind_index + index)
            kind(page)
            page.image.save(options.output / f"{kind.__name__}-{index:02}.png", dpi=(DPI, DPI))
    for image, name in list(real_parts(options.pages))[: 2 * options.each]:
        image.save(options.output / f"real-{name}.png")


main()
