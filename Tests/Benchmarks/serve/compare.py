#!/usr/bin/env python3
"""Compare `prelabel serve` with a Python service on POST /pre-annotation, under wrk; prints a Markdown table.

usage: compare.py [--objects 10000] [--seconds 15] [--connections 16] [--server-core 0] [--wrk-core 1]

Each server has one core; wrk, on another, asks for distinct objects in turn, whose texts lie in a data folder.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "Helpers"))
from processes import BINARY, PROJECT, free_port, memory_of  # noqa: E402

SENTENCE = "Number %d: the seventh trial of 40 mg aspirin a day in Oslo ended without a finding. "

SCRIPT = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local next = 0
request = function()
  next = next %% #bodies + 1
  return wrk.format("POST", "/pre-annotation", {["Content-Type"] = "application/json"}, bodies[next])
end
"""


def make_objects(folder, count):
    """Texts of an abstract's length, and one event a line."""
    (folder / "data/papers/text").mkdir(parents=True)
    with (folder / "events").open("w") as events:
        for number in range(count):
            name = f"text/p{number:06d}.txt"
            (folder / "data/papers" / name).write_text(SENTENCE % number * 14)
            line = {"source-ref": f"s3://papers/pages/p{number:06d}.png", "text-file-s3-uri": f"s3://papers/{name}", "metadata": {"year": 2020}}
            events.write(json.dumps({"version": "2018-10-16", "labelingJobArn": "arn:aws:sagemaker:us-west-2:111122223333:labeling-job/j",
                                     "dataObject": line}) + "\n")
    (folder / "wrk.lua").write_text(SCRIPT % (folder / "events"))


def ask(port, event):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/pre-annotation", event.encode(), timeout=5) as answer:
        return json.loads(answer.read())["taskInput"]["text"]


def when_up(port, event):
    for _ in range(200):
        try:
            return ask(port, event)
        except OSError:
            time.sleep(0.05)
    sys.exit("a server did not start")


def milliseconds(text):
    value, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure(name, command, port, folder, options):
    server = subprocess.Popen(
        ["taskset", "-c", str(options.server_core), *command], cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"PRELABEL_DATA": str(folder / "data"), "PRELABEL_HOME": str(PROJECT)})
    try:
        event = (folder / "events").read_text().splitlines()[7]
        first = when_up(port, event)
        # A text that is replaced shows in the next call.
        text = folder / "data/papers/text/p000007.txt"
        text.write_text("Replaced.")
        assert (first, ask(port, event)) == (SENTENCE % 7 * 14, "Replaced.")
        text.write_text(first)
        wrk = ["taskset", "-c", str(options.wrk_core), "wrk", "-t1", f"-c{options.connections}", "--latency", "-s", folder / "wrk.lua",
               f"http://127.0.0.1:{port}"]
        subprocess.run([*wrk, "-d3s"], check=True, capture_output=True)
        said = subprocess.run([*wrk, f"-d{options.seconds}s"], check=True, capture_output=True, text=True).stdout
        memory = memory_of(server.pid) / 1e6
    finally:
        server.kill()
        server.wait()
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    rate = float(re.search(r"Requests/sec: +([0-9.]+)", said)[1])
    half, most = (milliseconds(re.search(rf"^ +{share}% +(\S+)$", said, re.M)[1]) for share in (50, 99))
    print(f"| {name} | {rate:,.0f} | {half:.2f} | {most:.2f} | {memory:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--wrk-core", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_objects(folder, options.objects)
        ports = [free_port(), free_port()]
        print(f"{options.objects} objects, {options.connections} connections, one core for the server\n")
        print("| service | requests a second | median, ms | p99, ms | resident MB |\n|---|---|---|---|---|", flush=True)
        measure("`prelabel serve`", [BINARY, "serve", "--port", str(ports[0])], ports[0], folder, options)
        measure("FastAPI, uvicorn", [sys.executable, "-m", "uvicorn", "python_service:app", "--port", str(ports[1]), "--no-access-log"],
                ports[1], folder, options)


if __name__ == "__main__":
    main()
