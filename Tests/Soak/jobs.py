#!/usr/bin/env python3
"""Run labeling jobs with simulated workers: one of many objects for time and memory, and one with `kill -9` of the service in between.

usage: jobs.py size [--objects 100000] [--small 10000] [--workers 200] | pace [--workers 200] [--seconds 60] | kills [--objects 2000] [--kills 50]

size   Two jobs with three answers an object, one small, one large: time, memory of the service, size of the store.
pace   Workers who take 0.5 to 1.5 seconds a task: the time until an answer is acknowledged.
kills  The service is killed at random moments; no acknowledged answer may be lost, nothing labeled twice, and the output must be that of an
       undisturbed run but for dates.

The workers are simulated: each answers by a rule over object and worker. Exits with 1 when something does not hold.
"""
import argparse
import asyncio
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Helpers"))
from processes import BINARY, PROJECT  # noqa: E402

ENVIRONMENT = os.environ | {"PRELABEL_HOME": str(PROJECT), "PRELABEL_LOG_LEVEL": "error", "AWS_REGION": "us-west-2"}
LABELS = ["person", "animal", "plant"]
ANSWERS_WANTED = 3


class Service:
    """`prelabel serve` over a data folder, started again on the same port after a kill."""

    def __init__(self, data):
        self.data, self.port = data, 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--port", str(self.port), "--workers", "1"], env=ENVIRONMENT, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        assert line, "the service did not start"
        self.url = json.loads(line)["listening"]
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def memory(self):
        """Resident bytes of the service itself, without its idle page reader."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def sagemaker(self, operation, **members):
        request = urllib.request.Request(
            self.url + "/", json.dumps(members).encode(),
            {"X-Amz-Target": f"SageMaker.{operation}", "Content-Type": "application/x-amz-json-1.1"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read() or b"{}")

    def status(self, job):
        return self.sagemaker("DescribeLabelingJob", LabelingJobName=job)


def make_team(data, count):
    """A team of simulated workers; their tokens."""
    mails = [f"worker{number:03d}@example.org" for number in range(count)]
    told = subprocess.run(
        [BINARY, "team", "create", "readers", "--data", data, "--member", *mails], env=ENVIRONMENT, check=True, capture_output=True)
    return [line.split("#", 1)[1] for line in told.stdout.decode().split("\n") if "#" in line]


def make_job(service, data, name, objects):
    bucket = data / "soak"
    bucket.mkdir(exist_ok=True)
    with open(bucket / f"{name}.manifest", "w") as manifest:
        for number in range(objects):
            manifest.write(json.dumps({"source": f"Sentence {number} of the {name} set is about something.", "number": number}) + "\n")
    (bucket / "categories.json").write_text(json.dumps({"document-version": "2018-11-28", "labels": [{"label": label} for label in LABELS]}))
    (bucket / "page.html").write_text(
        '<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><crowd-classifier name="crowd-classifier" '
        'categories="{{ task.input.labels | to_json | escape }}" header="h"><classification-target>{{ task.input.taskObject }}'
        '</classification-target></crowd-classifier></crowd-form>')
    functions = "arn:aws:lambda:us-west-2:081040173940:function:"
    service.sagemaker(
        "CreateLabelingJob", LabelingJobName=name, LabelAttributeName="kind", RoleArn="arn:aws:iam::000000000000:role/soak",
        InputConfig={"DataSource": {"S3DataSource": {"ManifestS3Uri": f"s3://soak/{name}.manifest"}}},
        OutputConfig={"S3OutputPath": "s3://soak/out/"}, LabelCategoryConfigS3Uri="s3://soak/categories.json",
        HumanTaskConfig={
            "WorkteamArn": "arn:aws:sagemaker:us-west-2:000000000000:workteam/private-crowd/readers",
            "UiConfig": {"UiTemplateS3Uri": "s3://soak/page.html"}, "PreHumanTaskLambdaArn": functions + "PRE-TextMultiClass",
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": functions + "ACS-TextMultiClass"},
            "TaskTitle": "t", "TaskDescription": "d", "NumberOfHumanWorkersPerDataObject": ANSWERS_WANTED, "TaskTimeLimitInSeconds": 3600,
            "MaxConcurrentTaskCount": 1000,
        })


def choice(worker, number):
    """What a simulated worker says: right three times of four."""
    digest = hashlib.sha256(f"{worker}/{number}".encode()).digest()
    return LABELS[number % 3] if digest[0] < 192 else LABELS[digest[1] % 3]


class Connection:
    """One kept-alive HTTP connection; asyncio and nothing else, so that the client costs little."""

    def __init__(self, port, token):
        self.port, self.token, self.streams = port, token, None

    async def post(self, path, body=b""):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write((f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
                      f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        return int(head[9:12]), await reader.readexactly(int(length.group(1)) if length else 0)

    def drop(self):
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def work(port, token, worker, job, is_done, pause=lambda: 0, note=lambda number, answer, seconds: None):
    """Answers tasks until the job is done; a service that is gone for a moment is asked again."""
    connection = Connection(port, token)
    while not is_done():
        try:
            status, body = await connection.post(f"/tasks/{job}")
            assert status == 200, body
            task = json.loads(body)["task"]
            if task is None:
                await asyncio.sleep(0.2)
                continue
            await asyncio.sleep(pause())
            answer = {"crowd-classifier": {"label": choice(worker, task["number"])}}
            begin = time.perf_counter()
            status, body = await connection.post(f"/tasks/{job}/{task['number']}/answer", json.dumps({"answer": answer}).encode())
            assert status == 200, body
            note(task["number"], answer, time.perf_counter() - begin)
        except (OSError, asyncio.IncompleteReadError):
            connection.drop()
            await asyncio.sleep(0.05)


async def run_workers(service, tokens, job, done, **options):
    """All workers until `done` is set by whoever watches the job."""
    await asyncio.gather(*(work(service.port, token, worker, job, done.is_set, **options) for worker, token in enumerate(tokens)))


async def watch(service, job, done, note=lambda status: None):
    while True:
        try:
            status = await asyncio.to_thread(service.status, job)
            note(status)
            if status["LabelingJobStatus"] in ("Completed", "Failed", "Stopped"):
                done.set()
                return status
        except OSError:
            pass
        await asyncio.sleep(1)


def output(data, job):
    return (data / "soak/out" / job / "manifests/output/output.manifest").read_text().splitlines()


# Time and memory

def size(options):
    figures = {}
    for name, objects in (("small", options.small), ("large", options.objects)):
        with tempfile.TemporaryDirectory() as temporary:
            data = Path(temporary)
            service = Service(data)
            tokens = make_team(data, options.workers)
            make_job(service, data, name, objects)
            peak = 0

            def note(status):
                nonlocal peak
                peak = max(peak, service.memory())

            async def run():
                done = asyncio.Event()
                return (await asyncio.gather(watch(service, name, done, note), run_workers(service, tokens, name, done)))[0]

            begin = time.monotonic()
            status = asyncio.run(run())
            seconds = time.monotonic() - begin
            store = sum(path.stat().st_size for path in (data / ".prelabel").glob("jobs.sqlite*"))
            counters, lines = status["LabelCounters"], output(data, name)
            labeled = sum("kind" in json.loads(line) for line in lines)
            figures[name] = peak
            print(f"{name}: {objects} objects, {ANSWERS_WANTED * objects} answers in {seconds:.0f} s "
                  f"({ANSWERS_WANTED * objects / seconds:.0f} a second), peak {peak / 1e6:.0f} MB, store {store / 1e6:.0f} MB, "
                  f"status {status['LabelingJobStatus']}, {counters['HumanLabeled']} labeled", flush=True)
            if (status["LabelingJobStatus"], len(lines), labeled) != ("Completed", objects, objects):
                yield f"{name}: {labeled} labeled of {len(lines)} lines"
            service.stop()
    if figures["large"] > 300e6:
        yield f"the large job took {figures['large'] / 1e6:.0f} MB"
    if figures["large"] > 1.2 * figures["small"]:
        yield f"memory grows: {figures['large'] / figures['small']:.2f} times"


# The time of an answer

def pace(options):
    with tempfile.TemporaryDirectory() as temporary:
        data = Path(temporary)
        service = Service(data)
        tokens = make_team(data, options.workers)
        make_job(service, data, "pace", options.workers * options.seconds)
        times = []

        async def run():
            end = time.monotonic() + options.seconds
            await asyncio.gather(*(
                work(service.port, token, worker, "pace", lambda: time.monotonic() > end, pause=lambda: random.uniform(0.5, 1.5),
                     note=lambda number, answer, seconds: times.append(seconds))
                for worker, token in enumerate(tokens)))

        asyncio.run(run())
        service.stop()
        times.sort()
        median, high = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
        print(f"{options.workers} workers, {len(times)} answers: median {median:.1f} ms, p99 {high:.1f} ms, longest {times[-1] * 1000:.0f} ms")
        if high > 50:
            yield "the p99 is over 50 ms"


# Kills

DATES = re.compile(r"\d{4}-\d\d-\d\d[T_]\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000)?")


def undated(line):
    return DATES.sub("DATE", line)


def kills(options):
    generator = random.Random(7)
    results = {}
    for kind, count in (("undisturbed", 0), ("killed", options.kills)):
        with tempfile.TemporaryDirectory() as temporary:
            data = Path(temporary)
            service = Service(data)
            # As many workers as answers wanted: everybody sees every object.
            tokens = make_team(data, ANSWERS_WANTED)
            make_job(service, data, "kills", options.objects)
            acknowledged = {}

            async def disturb(done):
                for _ in range(count):
                    await asyncio.sleep(generator.uniform(0.05, options.seconds / options.kills))
                    if done.is_set():
                        return
                    await asyncio.to_thread(service.kill)
                    await asyncio.to_thread(service.start)
                    results["kills"] = results.get("kills", 0) + 1

            async def run():
                done = asyncio.Event()
                jobs = [run_one(done, worker, token) for worker, token in enumerate(tokens)]
                return (await asyncio.gather(watch(service, "kills", done), disturb(done), *jobs))[0]

            async def run_one(done, worker, token):
                await work(
                    service.port, token, worker, "kills", done.is_set, pause=lambda: 0.02,
                    note=lambda number, answer, seconds: acknowledged.__setitem__((worker, number), answer))

            status = asyncio.run(run())
            service.stop()
            lines = output(data, "kills")
            results[kind] = [undated(line) for line in lines]
            responses = list((data / "soak/out/kills/annotations/worker-response").glob("iteration-*/*/*.json"))
            stored = {}
            for path in responses:
                number = int(path.parent.name)
                answers = json.loads(path.read_text())["answers"]
                stored.setdefault(number, []).append(sorted(json.dumps(answer["answerContent"]) for answer in answers))
            lost = [
                key for key, answer in acknowledged.items()
                if not any(json.dumps(answer) in answers or json.dumps(answer, separators=(",", ":")) in answers for answers in stored.get(key[1], []))]
            twice = [number for number, files in stored.items() if len(files) > 1]
            print(f"{kind}: {status['LabelingJobStatus']}, {len(lines)} lines, {len(acknowledged)} answers acknowledged, {len(lost)} lost, "
                  f"{len(twice)} objects labeled twice, {results.get('kills', 0) if count else 0} kills", flush=True)
            if count and results.get("kills", 0) < count:
                yield f"the job was over after {results.get('kills', 0)} kills: ask for a smaller --seconds"
            if lost:
                yield f"lost: {lost[:3]}"
            if twice:
                yield f"labeled twice: {twice[:3]}"
    different = [number for number, pair in enumerate(zip(results["undisturbed"], results["killed"])) if pair[0] != pair[1]]
    print(f"{len(different)} lines differ but for dates")
    if different or len(results["undisturbed"]) != len(results["killed"]):
        yield f"lines differ: {different[:3]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("size")
    command.add_argument("--objects", type=int, default=100_000)
    command.add_argument("--small", type=int, default=10_000)
    command.add_argument("--workers", type=int, default=200)
    command.set_defaults(run=size)
    command = commands.add_parser("pace")
    command.add_argument("--workers", type=int, default=200)
    command.add_argument("--seconds", type=int, default=60)
    command.set_defaults(run=pace)
    command = commands.add_parser("kills")
    command.add_argument("--objects", type=int, default=2000)
    command.add_argument("--kills", type=int, default=50)
    command.add_argument("--seconds", type=float, default=60, help="about how long the kills go on")
    command.set_defaults(run=kills)
    options = parser.parse_args()
    failures = list(options.run(options))
    sys.exit("; ".join(failures) or None)


if __name__ == "__main__":
    main()
