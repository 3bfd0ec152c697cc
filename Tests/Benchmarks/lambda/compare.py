"""Compares `bootstrap` with the equivalent Python handler under awslambdaric: start, warm calls, memory, package size.

Both run against the same test Runtime API and the same S3 server (rclone), one after the other, in this order over several rounds.
"""
import argparse
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "Helpers"))
from processes import PROJECT, free_port  # noqa: E402
from stopwatch import Stopwatch  # noqa: E402

KEYS = {"AWS_ACCESS_KEY_ID": "benchmarkkey", "AWS_SECRET_ACCESS_KEY": "benchmarksecret", "AWS_REGION": "us-west-2"}
TEXT = "Background: a sentence of an abstract that is read from S3, again and again. " * 18


class Function:
    def __init__(self, command, handler, environment):
        self.api = Stopwatch()
        variables = environment | {"AWS_LAMBDA_RUNTIME_API": self.api.address, "_HANDLER": handler, "PATH": os.environ["PATH"]}
        self.start = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=HERE, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def call(self, event):
        """The function's answer, and the milliseconds it took."""
        path, body, seconds = self.api.call(json.dumps(event).encode())
        assert path.endswith("/response"), body
        return json.loads(body), seconds * 1000

    def resident_megabytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024

    def stop(self):
        self.process.kill()
        self.process.wait()


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def warm(function, event, count):
    for _ in range(20):
        function.call(event)
    return [function.call(event)[1] for _ in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", default=PROJECT / ".build/dist/functions/bootstrap")
    parser.add_argument("--package", default=PROJECT / ".build/dist/functions.zip")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=400)
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "texts").mkdir()
    (folder / "texts" / "p1.txt").write_text(TEXT)
    port = free_port()
    rclone = pathlib.Path(sys.executable).with_name("rclone")
    server = subprocess.Popen(
        [rclone, "serve", "s3", "--auth-key", f"{KEYS['AWS_ACCESS_KEY_ID']},{KEYS['AWS_SECRET_ACCESS_KEY']}", "--addr", f"127.0.0.1:{port}", folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    environment = KEYS | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "us-west-2"}
    ways = {
        "bootstrap": ([str(arguments.bootstrap)], "pre-annotation"),
        "Python, awslambdaric": ([sys.executable, "-m", "awslambdaric", "python_functions.handler"], "python_functions.handler"),
    }
    inline = {"version": "2018-10-16", "dataObject": {"source": "Aim: test 40 mg aspirin."}}
    stored = {"version": "2018-10-16", "dataObject": {"source-ref": "s3://pages/p1.jpg", "text-file-s3-uri": "s3://texts/p1.txt"}}
    starts = {name: [] for name in ways}
    rows = {}
    try:
        for _ in range(arguments.rounds):
            for name, (command, handler) in ways.items():
                function = Function(command, handler, environment)
                function.call(inline)
                starts[name].append((time.perf_counter() - function.start) * 1000)
                function.stop()
        for name, (command, handler) in ways.items():
            function = Function(command, handler, environment)
            without = warm(function, inline, arguments.calls)
            with_text = warm(function, stored, arguments.calls)
            assert function.call(stored)[0]["taskInput"]["text"] == TEXT
            rows[name] = (without, with_text, function.resident_megabytes())
            function.stop()
        # What the S3 server itself takes: a GET on a connection that stays open, signed beforehand.
        import boto3

        url = boto3.client("s3", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name="us-west-2", aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
                           aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"]).generate_presigned_url("get_object", Params={"Bucket": "texts", "Key": "p1.txt"})
        connection = http.client.HTTPConnection("127.0.0.1", port)
        bare = []
        for _ in range(arguments.calls):
            start = time.perf_counter()
            connection.request("GET", url[url.index("/", 8):])
            assert connection.getresponse().read()
            bare.append((time.perf_counter() - start) * 1000)
    finally:
        server.kill()
    print(f"bare keep-alive GET of the text: median {statistics.median(bare):.2f} ms\n")
    print("| way | start to first response, ms | warm without text: median, p99 ms | warm with text from S3: median, p99 ms | above the bare GET, ms | resident MB |")
    print("|---|---|---|---|---|---|")
    for name, (without, with_text, resident) in rows.items():
        print(
            f"| {name} | {statistics.median(starts[name]):.1f} | {statistics.median(without):.2f}, {quantile(without, 0.99):.2f} "
            f"| {statistics.median(with_text):.2f}, {quantile(with_text, 0.99):.2f} | {statistics.median(with_text) - statistics.median(bare):.2f} | {resident:.1f} |")
    if pathlib.Path(arguments.package).exists():
        print(f"\npackage: {pathlib.Path(arguments.package).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
