#!/usr/bin/env python3
"""Read many pages in one run, and once more with `kill -9` in between: memory stays flat, nothing is lost, read twice or different.

usage: ocr.py [--pages 2000] [--kills 3] [--workers 2] [--keep DIR]

The pages are the sample pages over and over, each copy with one pixel changed. Exits with 1 when something does not hold.
"""
import argparse
import filecmp
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Helpers"))
from processes import BINARY, PROJECT, MemoryWatch, descendants  # noqa: E402

ENVIRONMENT = os.environ | {"OMP_THREAD_LIMIT": "1", "PRELABEL_HOME": str(PROJECT)}


def make_pages(folder, count):
    samples = [Image.open(path).convert("L") for path in sorted((PROJECT / "Fixtures/pages").rglob("*")) if path.suffix in (".jpg", ".png")]
    folder.mkdir()
    for number in range(count):
        page = samples[number % len(samples)]
        spot = (number // page.width % page.height, number % page.width)
        before = page.getpixel(spot)
        page.putpixel(spot, 255 - before)
        page.save(folder / f"p{number:06d}.jpg", quality=90)
        page.putpixel(spot, before)


def start(pages, out, workers):
    return subprocess.Popen(
        [BINARY, "ocr", pages, "--output", out, "--workers", str(workers)], env=ENVIRONMENT, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)


def read_undisturbed(pages, out, workers):
    """The memory of the run, sampled from its start to its end, and how long it took."""
    sizes, begin = [], time.monotonic()
    run = start(pages, out, workers)
    with MemoryWatch(run.pid, interval=0.25, note=sizes.append):
        _, said = run.communicate()
    assert run.returncode == 0, said.decode()
    return sizes, time.monotonic() - begin


def records(out):
    return {path.name: path.stat().st_mtime_ns for path in out.glob("*.page.json")}


def read_with_kills(pages, out, count, kills, workers):
    """Ends the run without notice after equal shares of the pages; what was read by then must not be read again."""
    for kill in range(1, kills + 1):
        run = start(pages, out, workers)
        while len(records(out)) < count * kill / (kills + 1):
            assert run.poll() is None, run.stderr.read().decode()
            time.sleep(0.2)
        readers = descendants(run.pid)[1:]
        run.send_signal(signal.SIGKILL)
        run.communicate()
        while any(os.path.exists(f"/proc/{reader}") for reader in readers):
            time.sleep(0.1)
        before = records(out)
        print(f"killed after {len(before)} pages", flush=True)
        yield before
    run = start(pages, out, workers)
    _, said = run.communicate()
    assert run.returncode == 0, said.decode()
    print(said.decode().strip().splitlines()[-1], flush=True)


def differences(one, other):
    """Names that one folder has and the other has not, or with other bytes."""
    names = {path.name for path in one.iterdir()} | {path.name for path in other.iterdir()}
    _, mismatched, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return mismatched + missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a new folder for pages and outputs, instead of a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        pages = folder / "pages"
        make_pages(pages, options.pages)
        print(f"{options.pages} pages made", flush=True)

        # The manifest names where texts are, so both runs write to the same name.
        out, whole = folder / "out", folder / "whole"
        sizes, seconds = read_undisturbed(pages, out, options.workers)
        out.rename(whole)
        quarter = len(sizes) // 4
        second, last = (median(part) / 1e6 for part in (sizes[quarter:2 * quarter], sizes[-quarter:]))
        print(f"undisturbed: {seconds:.0f} s, {options.pages / seconds:.2f} pages a second; resident memory of all processes: "
              f"median of the second quarter {second:.0f} MB, of the last {last:.0f} MB, peak {max(sizes) / 1e6:.0f} MB", flush=True)

        seen = list(read_with_kills(pages, out, options.pages, options.kills, options.workers))
        final = records(out)
        again = [name for before in seen for name, written in before.items() if final.get(name) != written]
        different = differences(whole, out)
        print(f"with {options.kills} kills: {len(final)} pages, {len(again)} read twice, {len(different)} files missing or different")
    failures = [
        "memory grows" if last > 1.1 * second else "",
        f"read twice: {again[:5]}" if again else "",
        f"missing or different: {different[:5]}" if different else "",
        "pages are missing" if len(final) != options.pages else "",
    ]
    sys.exit("; ".join(filter(None, failures)) or None)


if __name__ == "__main__":
    main()
