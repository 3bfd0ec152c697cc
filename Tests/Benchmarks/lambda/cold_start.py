"""How much a model of suggestions adds to the start of the pre-annotation function: `bootstrap` with and without one, turn by turn.

Both ways answer the same event without a text to fetch; the time is from the start of the process to the last byte of the first response.
"""
import argparse
import pathlib
import statistics
import time

from compare import Function, PROJECT, quantile

EVENT = {
    "version": "2018-10-16",
    "dataObject": {
        "source": "Many systems label text by hand. In this paper we propose a method that needs fewer answers. "
        "We compare it with two others on three data sets. Results show that it saves a third of the work."
    },
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=pathlib.Path, default=PROJECT / ".build/dist/functions/bootstrap")
    parser.add_argument("--home", type=pathlib.Path, default=PROJECT, help="the folder that holds Models")
    parser.add_argument("--rounds", type=int, default=40)
    arguments = parser.parse_args()
    suggesting = {"PRELABEL_HOME": str(arguments.home), "PRELABEL_SUGGEST": "1"}
    ways = {"without a model": {}} | {
        name: suggesting | {"PRELABEL_SUGGESTION_MODEL": name} for name in ("roles-computer-science", "roles-biomedical")
    }
    environment = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-west-2"}
    starts = {name: [] for name in ways}
    resident = {}
    for _ in range(arguments.rounds):
        for name, variables in ways.items():
            function = Function([str(arguments.bootstrap)], "pre-annotation", environment | variables)
            task = function.call(EVENT)[0]["taskInput"]
            starts[name].append((time.perf_counter() - function.start) * 1000)
            resident[name] = function.resident_megabytes()
            function.stop()
            assert len(task.get("suggestions", [])) == (4 if variables else 0), task
    base = statistics.median(starts["without a model"])
    print("| way | start to first response: median, p90 ms | more than without, ms | resident MB |\n|---|---|---|---|")
    for name, times in starts.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.1f}, {quantile(times, 0.9):.1f} | {median - base:.1f} | {resident[name]:.1f} |")


if __name__ == "__main__":
    main()
