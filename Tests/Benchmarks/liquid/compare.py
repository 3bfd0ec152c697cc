"""Renderings a second of CPU time of one worker template: Prelabel's Liquid, python-liquid and ruby-liquid, side by side."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TEMPLATE = HERE / "named-entities.liquid.html"
DATA = HERE / "task.json"


def signed(uri):
    return f"https://objects.example/{uri[5:]}?expires=600&signature=0a1b2c"


def python_liquid():
    """A function that renders once; parsing is done."""
    from liquid import Environment

    environment = Environment(autoescape=True)
    environment.filters["to_json"] = lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    environment.filters["grant_read_access"] = signed
    template = environment.from_string(TEMPLATE.read_text())
    data = json.loads(DATA.read_text())
    return lambda: template.render(**data)


def run_python(seconds):
    render = python_liquid()
    render()
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for _ in range(10):
            render()
        count += 10
    return count / (time.process_time() - start)


def build():
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", HERE, "--scratch-path", HERE / ".build"], check=True, stdout=sys.stderr)
    return HERE / ".build" / "release" / "Benchmark"


def run_prelabel(binary, seconds):
    line = subprocess.run([binary, TEMPLATE, DATA, str(seconds)], check=True, capture_output=True, text=True).stdout
    result = json.loads(line)
    return result["renderings"] / result["seconds"]


def run_ruby(seconds):
    command = ["ruby", HERE / "ruby_liquid.rb", TEMPLATE, DATA, str(seconds)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return result["renderings"] / result["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="CPU seconds each one renders, three times")
    parser.add_argument("--core", type=int, help="bind everything to this core")
    arguments = parser.parse_args()
    binary = build()
    if arguments.core is not None:
        os.sched_setaffinity(0, {arguments.core})

    ours = subprocess.run([binary, TEMPLATE, DATA, "0"], check=True, capture_output=True, text=True).stdout
    theirs = python_liquid()()
    # markupsafe writes the double quote as &#34;; that is all that may differ.
    if ours.replace("&quot;", "&#34;") != theirs:
        sys.exit("the renderings differ")

    runs = {"Prelabel": [], "python-liquid": []}
    if shutil.which("ruby"):
        runs["ruby-liquid, without autoescape"] = []
    # In turns, so that what else the machine does meets all of them alike.
    for _ in range(3):
        runs["Prelabel"].append(run_prelabel(binary, arguments.seconds))
        runs["python-liquid"].append(run_python(arguments.seconds))
        if "ruby-liquid, without autoescape" in runs:
            runs["ruby-liquid, without autoescape"].append(run_ruby(arguments.seconds))
    slowest_of_ours = min(runs["Prelabel"])
    print("| engine | renderings a CPU second, median of three | lowest | highest | Prelabel's rate to this |")
    print("|---|---|---|---|---|")
    for name, rates in runs.items():
        rates.sort()
        print(f"| {name} | {rates[1]:,.0f} | {rates[0]:,.0f} | {rates[2]:,.0f} | {sorted(runs['Prelabel'])[1] / rates[1]:.1f} |")
    if slowest_of_ours < 10 * max(runs["python-liquid"]):
        sys.exit("less than ten times python-liquid's rate")


if __name__ == "__main__":
    main()
