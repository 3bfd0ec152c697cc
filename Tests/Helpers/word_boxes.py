"""Are a page record's word boxes true? Each mapped word's box is cut out and recognised alone.

The rule: a box is grown by an eighth of its height, so that no stroke is lost, cut out, turned upright where the page is known to lie
on its side or head, and put on white paper; skew stays. `tesseract` reads it as one word (--psm 8) and as one line (--psm 7); the box is true
when one of the two equals the word's characters in the text object, after NFKC and without what is neither letter nor digit at
either end, because a cut may take the neighbour's comma along or lose the own one. Words without any letter or digit are not counted.
"""
import json
import subprocess
import tempfile
import unicodedata
from pathlib import Path

from PIL import Image, ImageOps


def core(text):
    """Without punctuation at either end; dashes and quotes of one kind."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("–—−‐‑’‘", "-----''"))
    while text and not text[0].isalnum():
        text = text[1:]
    while text and not text[-1].isalnum():
        text = text[:-1]
    return text


def uncovered(record, text):
    """Offsets of characters that are no white space and belong to no word of the map."""
    covered = set()
    for word in record["TextMap"]["Words"]:
        covered.update(range(word["StartOffset"], word["EndOffset"]))
    return [offset for offset, character in enumerate(text) if offset not in covered and not character.isspace()]


def cuts(image, record, text, turned):
    """(word as in the text, picture of its box) in the map's order; the page lies turned by so many degrees, counter-clockwise."""
    blocks = {block["Id"]: block for block in record["Blocks"]}
    for word in record["TextMap"]["Words"]:
        expected = core(text[word["StartOffset"] : word["EndOffset"]])
        if not expected:
            continue
        box = blocks[word["BlockId"]]["Geometry"]["BoundingBox"]
        left, top = box["Left"] * image.width, box["Top"] * image.height
        width, height = box["Width"] * image.width, box["Height"] * image.height
        margin = max(2, min(width, height) / 8)
        cut = image.crop(tuple(map(round, (left - margin, top - margin, left + width + margin, top + height + margin))))
        cut = cut.rotate(-turned, expand=True)
        yield expected, ImageOps.expand(cut, border=round(max(12, margin * 4)), fill=255)


def recognized(pictures, mode, folder):
    listing = folder / "listing"
    listing.write_text("".join(f"{picture}\n" for picture in pictures))
    command = ["tesseract", listing, "-", "-l", "eng", "--dpi", "300", "--psm", str(mode)]
    output = subprocess.run(command, capture_output=True, check=True, env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin:/usr/local/bin"})
    return [" ".join(text.split()) for text in output.stdout.decode().split("\f")]


def untrue_boxes(page, record, text, turned=0, every=1):
    """The number of words looked at, and (word, as read alone) of those whose box did not give them.

    Parameters: the page's image as browsers show it, its record and text object; `every` takes each so many-th word only.
    """
    image = Image.open(page).convert("L")
    with tempfile.TemporaryDirectory() as temporary:
        folder, words = Path(temporary), []
        for number, (expected, picture) in enumerate(list(cuts(image, record, text, turned))[::every]):
            picture.save(folder / f"{number}.png", compress_level=1)
            words.append((expected, folder / f"{number}.png"))
        count, untrue = len(words), [(word, picture, "") for word, picture in words]
        for mode in (8, 7):
            readings = recognized([picture for _, picture, _ in untrue], mode, folder) if untrue else []
            untrue = [(word, picture, read) for (word, picture, _), read in zip(untrue, readings) if core(read) != word]
        return count, [(word, read) for word, _, read in untrue]


def read_record(output, name):
    """The page record and the text of the page `name` that `prelabel ocr` wrote into a folder."""
    text = (output / f"{name}.txt").read_bytes().decode("utf-8")
    return json.loads((output / f"{name}.page.json").read_text(encoding="utf-8")), text
