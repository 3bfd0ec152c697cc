"""The pages of a folder, and when an abstract counts as found, for all measurements here."""
import csv
import re
import sys
import unicodedata
from pathlib import Path

from rapidfuzz.distance import Levenshtein

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Helpers"))

FOLD = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00ad": ""})
FOUND = 0.05


def normalized(text):
    text = unicodedata.normalize("NFKC", text).translate(FOLD).replace("---", "-").replace("--", "-")
    return re.sub(r"\s+", " ", text).strip()


def error_rate(truth, text):
    """Character edit distance as a share of the true text; at most FOUND is found."""
    truth = normalized(truth)
    return Levenshtein.distance(truth, normalized(text)) / max(1, len(truth))


def pages_with_truth(folder):
    """The images of a folder beside which NAME.abstract.txt lies."""
    images = sorted(path for path in folder.iterdir() if path.suffix in (".png", ".jpg"))
    return [path for path in images if truth_of(path).exists()]


def truth_of(page):
    return page.with_name(f"{page.stem}.abstract.txt")


def sample(pages, count):
    """So many pages, evenly chosen; all for none."""
    return pages if not count or count >= len(pages) else [pages[index * len(pages) // count] for index in range(count)]


def rows_of(folder):
    """The lines of manifest.tsv by name; none without it."""
    table = folder / "manifest.tsv"
    rows = csv.DictReader(table.open(encoding="utf-8"), delimiter="\t") if table.exists() else []
    return {row["name"]: row for row in rows}
