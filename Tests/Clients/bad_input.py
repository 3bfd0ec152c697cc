"""Files that hurt a reader: damaged ones, ones that claim to be huge, and ones that become huge; bytes by name."""
import functools
import io
import random
import struct
import zlib

from PIL import Image

SIDE = 60_000


def good_page(page, kind, **options):
    file = io.BytesIO()
    Image.open(page).convert("L").save(file, kind, **options)
    return file.getvalue()


# PNG


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def zeros(count, level=6):
    """Compressed, a megabyte at a time."""
    squeezer, pieces = zlib.compressobj(level), []
    for start in range(0, count, 1 << 20):
        pieces.append(squeezer.compress(bytes(min(1 << 20, count - start))))
    return b"".join(pieces) + squeezer.flush()


def png(width, height, compressed, depth=8, colour=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", compressed) + png_chunk(b"IEND", b"")


# TIFF


def tiff(width, height, data=b"\0" * 8, compression=1, bits=1, samples=1):
    """One strip; compression 1 is none, 8 Deflate."""
    colour = 1 if samples == 1 else 2
    entries = {256: width, 257: height, 258: bits, 259: compression, 262: colour, 273: 8, 277: samples, 278: height, 279: len(data)}
    directory = struct.pack("<H", len(entries))
    for tag, value in sorted(entries.items()):
        directory += struct.pack("<HHII", tag, 4, 1, value)
    data += b"\0" * (len(data) % 2)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + b"\0\0\0\0"


# JPEG


def jpeg_claiming(jpeg, width, height):
    """The same data under another size."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def jpeg_of_many_scans(side, scans):
    """A progressive file that repeats an empty refinement of every block."""
    file = io.BytesIO()
    Image.new("L", (side, side), 255).save(file, "JPEG", progressive=True)
    jpeg = file.getvalue()
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * scans + b"\xff\xd9"


# PDF


def pdf(*objects):
    """Objects 1…n, of which 1 is the catalogue; without a cross-reference table, which readers rebuild."""
    body = b"%PDF-1.7\n"
    for number, item in enumerate(objects, start=1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item if isinstance(item, bytes) else item.encode())
    return body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def stream(body, entries="", filters="/FlateDecode"):
    return f"<</Length {len(body)}/Filter {filters}{entries}>>stream\n".encode() + body + b"\nendstream"


def one_page(content, resources="", more=(), box="0 0 612 792"):
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<<{resources}>>>>"
    return pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, *more)


def many_pages(count):
    kids = " ".join(f"{number + 3} 0 R" for number in range(count))
    return pdf("<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {count}>>", *["<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"] * count)


@functools.cache
def bombs(page):
    """Each is refused or read within a few seconds."""
    jpeg, gigabits = good_page(page, "JPEG"), zeros(SIDE * SIDE // 8)
    one_bit = f"/Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}/BitsPerComponent 1/ColorSpace/DeviceGray"
    form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    return {
        # They claim 3.6 gigapixels …
        "claim.png": png(SIDE, SIDE, zlib.compress(b"\0")),
        "claim.tif": tiff(SIDE, SIDE),
        "claim.jpg": jpeg_claiming(jpeg, SIDE, SIDE),
        "limit.jpg": jpeg_claiming(jpeg, 65_535, 65_535),
        # … or really have them, half a gigabyte once unpacked.
        "bomb.png": png(SIDE, SIDE, zeros(SIDE * (SIDE // 8 + 1)), depth=1),
        "bomb.tif": tiff(SIDE, SIDE, gigabits, compression=8),
        "lying.tif": tiff(5_000, 5_000, zeros(1000), compression=8),
        "scans.jpg": jpeg_of_many_scans(1_000, 2_000),
        "many.pdf": many_pages(5_000),
        "wall.pdf": one_page(stream(zlib.compress(b"")), box="0 0 200000 200000"),
        "packed.pdf": one_page(stream(zlib.compress(zeros(1 << 28), 9), filters="[/FlateDecode/FlateDecode]")),
        "image.pdf": one_page(stream(zlib.compress(b"612 0 0 792 0 0 cm /I Do")), "/XObject<</I 5 0 R>>", [stream(gigabits, one_bit)]),
        "nested.pdf": one_page(stream(zlib.compress(b"/F Do")), "/XObject<</F 5 0 R>>", [stream(zlib.compress(b"/F Do /F Do"), form)]),
        "loop.pdf": pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]/Count 9>>"),
        "deep.pdf": pdf("<</Type/Catalog/Pages 2 0 R>>", "[" * 200_000 + "]" * 200_000),
    }


def heavy():
    """As many pixels as are allowed, each as heavy as the format allows: 800 and 400 MB unpacked."""
    return {
        "heavy.png": png(10_000, 10_000, zeros(10_000 * 80_001, level=1), depth=16, colour=6),
        "heavy.tif": tiff(10_000, 10_000, zeros(10_000 * 10_000 * 4, level=1), compression=8, bits=8, samples=4),
    }


def slow():
    """A drawing program of three million strokes, and an image that is painted over 2,000 times."""
    strokes = b"0 0 m 612 792 l 0 792 l 612 0 l 300 9 l f* " * 3_000_000
    return {"strokes.pdf": one_page(stream(zlib.compress(strokes))), "scans.jpg": jpeg_of_many_scans(9_000, 2_000)}


def damaged(page):
    """Every accepted format cut short and with its bytes shaken, and bytes without any order behind its first ones."""
    noise = random.Random(7)
    whole = {
        "jpg": good_page(page, "JPEG"), "png": good_page(page, "PNG"), "tif": good_page(page, "TIFF", compression="tiff_lzw"),
        "pdf": good_page(page, "PDF", resolution=300),
    }
    files = {}
    for kind, body in whole.items():
        for share in (2, 50, 90):
            files[f"cut{share}.{kind}"] = body[: len(body) * share // 100]
        shaken = bytearray(body)
        for _ in range(len(body) // 500):
            shaken[noise.randrange(len(body) // 20, len(body))] = noise.randrange(256)
        files[f"shaken.{kind}"] = bytes(shaken)
        files[f"random.{kind}"] = body[:8] + noise.randbytes(20_000)
        files[f"noise.{kind}"] = noise.randbytes(20_000)
        files[f"empty.{kind}"] = b""
    return files


def foreign(page):
    """Good pages in formats that are not read, under their own names and under a page's."""
    return {
        f"{kind}.{ending}": good_page(page, kind.upper().replace("JP2", "JPEG2000"))
        for kind in ("gif", "bmp", "webp", "jp2") for ending in (kind, "png")
    }
