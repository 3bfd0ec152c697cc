#!/usr/bin/env python3
"""How many answers a model needs, with and without suggestions in the tasks and an order of the tasks. The workers are SIMULATED.

usage: simulate.py POOL.jsonl TEST.jsonl [--rounds N,N,...] [--method M] [--keep-wrong SHARE] [--plot FILE.svg] [--seeds N]

Both files are span JSON Lines with true entities (convert.py makes them). In each round workers answer further tasks of the pool,
`prelabel consolidate` makes entities of their answers, `prelabel train` learns from all of them, and the model is scored on TEST
(strict F1). Four ways: with the last model's suggestions in the tasks or without, and with the tasks in a random order or in the one
that `prelabel suggest --order` gives. Prints a Markdown table, and draws it.

A simulated worker without suggestions finds a span with a chance drawn for the worker (0.55 to 0.85), gets its edges wrong by a
token in 10 % and marks 0.5 wrong stretches in 100 words. A worker with suggestions keeps a right one in 95 %, and a wrong one in
--keep-wrong of the cases, which is the bias that suggestions cause; a wrong one that is not kept and touches a true span is put right in
90 %, else it is removed; what no suggestion touches is found as without them.

Edits are what workers do to a text: a mark made, put right, or removed.
"""
import argparse, json, os, random, re, subprocess, tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("PRELABEL_BINARY", PROJECT / ".build" / "release" / "prelabel"))
ANSWERS_PER_TASK = 3
WORKERS = 12
# Each with whether tasks have suggestions, and whether they are ordered.
WAYS = {
    "random order, no suggestions": (False, False),
    "informative order, no suggestions": (False, True),
    "random order, suggestions": (True, False),
    "informative order, suggestions": (True, True),
}
COLOURS = ["#9ca3af", "#374151", "#60a5fa", "#1d4ed8"]


def prelabel(*arguments):
    # Exit 1 is done with findings: a consolidation may fail for a task that nobody answered.
    run = subprocess.run([BINARY, *map(str, arguments)], stderr=subprocess.PIPE, env=os.environ | {"PRELABEL_HOME": str(PROJECT)})
    if run.returncode not in (0, 1):
        raise SystemExit(run.stderr.decode())


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def key(span):
    return span["startOffset"], span["endOffset"], span["label"]


class Worker:
    def __init__(self, name, chance, keep_wrong):
        self.name, self.recall, self.chance, self.keep_wrong, self.edits = name, chance.uniform(0.55, 0.85), chance, keep_wrong, 0

    def answer(self, row):
        tokens = [match.span() for match in re.finditer(r"\w+|[^\w\s]", row["text"])]
        gold, kept = {key(span) for span in row["entities"]}, set()
        suggested = {key(span) for span in row.get("suggestions", [])}
        for span in sorted(suggested):
            if self.chance.random() < (0.95 if span in gold else self.keep_wrong):
                kept.add(span)
        touched = suggested - gold - kept
        for start, end, label in sorted(gold - suggested):
            if any(start < other[1] and other[0] < end for other in kept):
                continue
            if any(start < other[1] and other[0] < end for other in touched):
                if self.chance.random() < 0.9:
                    kept.add((start, end, label))
                continue
            if self.chance.random() > self.recall:
                continue
            if self.chance.random() < 0.1:
                start, end = self.slip(start, end, tokens)
            kept.add((start, end, label))
        labels = sorted({label for _, _, label in gold}) or ["DISEASE"]
        for _ in tokens:
            if self.chance.random() < 0.005:
                start, end = self.chance.choice(tokens)
                if not any(start < other[1] and other[0] < end for other in kept):
                    kept.add((start, end, self.chance.choice(labels)))
        self.edits += edits(kept, suggested)
        return {"worker-id": self.name, "entities": [{"startOffset": s, "endOffset": e, "label": l} for s, e, l in sorted(kept)]}

    def slip(self, start, end, tokens):
        """One token more to the left, or one less from the right where there are two."""
        before = [token for token in tokens if token[1] <= start]
        inside = [token for token in tokens if start <= token[0] and token[1] <= end]
        if len(inside) > 1 and self.chance.random() < 0.5:
            return start, inside[-2][1]
        return (before[-1][0], end) if before else (start, end)


def edits(marks, suggested):
    """A mark made in the place of a suggestion that it touches is one edit."""
    made, removed = marks - suggested, suggested - marks
    replaced = [old for old in removed if any(old[0] < new[1] and new[0] < old[1] for new in made)]
    return len(made) + len(removed) - min(len(made), len(replaced))


def f1(rows):
    gold = proposed = right = 0
    for row in rows:
        truth, found = {key(s) for s in row["entities"]}, {key(s) for s in row["suggestions"]}
        gold, proposed, right = gold + len(truth), proposed + len(found), right + len(truth & found)
    return 200 * right / max(1, gold + proposed)


def curve(way, pool, test, options, seed, folder):
    """F1 and edits after each round."""
    suggests, orders = WAYS[way]
    chance = random.Random(f"{seed}")
    workers = [Worker(f"w{number:02}", random.Random(f"{seed} {number}"), options.keep_wrong) for number in range(WORKERS)]
    rest = list(pool)
    chance.shuffle(rest)
    answered, points, model = [], [], folder / "model"
    for total in options.rounds:
        if model.exists() and orders:
            write(folder / "rest.jsonl", rest)
            prelabel("suggest", folder / "rest.jsonl", "--model", model, "--order", "--output", folder / "ordered.jsonl")
            rest = read(folder / "ordered.jsonl")
        batch, rest = rest[: total - len(answered)], rest[total - len(answered) :]
        if model.exists() and suggests:
            write(folder / "batch.jsonl", batch)
            prelabel("suggest", folder / "batch.jsonl", "--model", model, "--output", folder / "suggested.jsonl")
            batch = read(folder / "suggested.jsonl")
        for row in batch:
            answers = [worker.answer(row) for worker in chance.sample(workers, ANSWERS_PER_TASK)]
            answered.append({"id": row["id"], "text": row["text"], "annotations": answers})
        write(folder / "answers.jsonl", answered)
        prelabel("consolidate", "--spans", folder / "answers.jsonl", "--output", folder / "entities.jsonl", "--method", options.method)
        prelabel("train", folder / "entities.jsonl", "--output", model, "--kind", "spans")
        write(folder / "test.jsonl", test)
        prelabel("suggest", folder / "test.jsonl", "--model", model, "--output", folder / "scored.jsonl")
        points.append((f1(read(folder / "scored.jsonl")), sum(worker.edits for worker in workers)))
    return points


def answers_for(points, wanted, rounds):
    """Answers at which a curve reaches an F1, between two rounds by a straight line; `None`: it does not."""
    steps = list(zip([count * ANSWERS_PER_TASK for count in rounds], points))
    if steps[0][1] >= wanted:
        return steps[0][0]
    for (x0, y0), (x1, y1) in zip(steps, steps[1:]):
        if y0 < wanted <= y1:
            return round(x0 + (wanted - y0) / (y1 - y0) * (x1 - x0))
    return None


def panel(curves, steps, name, left, low, high):
    """One diagram of 440 by 340: F1 over what is counted, `steps` by way."""
    width, top, bottom = 380, 60, 330
    most = max(values[-1] for values in steps.values())

    def x(count): return left + width * count / most
    def y(score): return bottom - (bottom - top) * (score - low) / (high - low)

    parts = [f'<text x="{left + width / 2}" y="{bottom + 38}" text-anchor="middle">{name}</text>']
    for score in range(low, high + 1, 10):
        parts.append(f'<path d="M{left} {y(score):.1f}h{width}" stroke="#ddd"/><text x="{left - 8}" y="{y(score) + 4:.1f}" text-anchor="end">{score}</text>')
    for part in range(0, 5):
        count = most * part / 4
        parts.append(f'<text x="{x(count):.1f}" y="{bottom + 18}" text-anchor="middle">{count:.0f}</text>')
    for colour, (way, points) in zip(COLOURS, curves.items()):
        line = " ".join(f"{x(count):.1f},{y(score):.1f}" for count, score in zip(steps[way], points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(count):.1f}" cy="{y(score):.1f}" r="3" fill="{colour}"/>' for count, score in zip(steps[way], points)]
    return parts


def plot(curves, work, rounds):
    """F1 over answers, and over edits."""
    low = 10 * int(min(map(min, curves.values())) // 10)
    high = 10 * int(max(map(max, curves.values())) // 10 + 1)
    answers = {way: [count * ANSWERS_PER_TASK for count in rounds] for way in curves}
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 440" font-family="sans-serif" font-size="12">',
        '<rect width="920" height="440" fill="white"/>',
        '<text x="50" y="28" font-size="15">Strict F1 on unseen abstracts of a model that learns from SIMULATED workers</text>']
    parts += panel(curves, answers, "answers", 50, low, high) + panel(curves, work, "edits in these answers", 510, low, high)
    for place, (colour, way) in enumerate(zip(COLOURS, curves)):
        left, top = 50 + 460 * (place % 2), 396 + 20 * (place // 2)
        parts.append(f'<path d="M{left} {top}h24" stroke="{colour}" stroke-width="3"/><text x="{left + 32}" y="{top + 4}">{way}</text>')
    return "\n".join(parts + ["</svg>", ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pool", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument(
        "--rounds", type=lambda text: [int(count) for count in text.split(",")], default=[30, 60, 120, 240],
        help="tasks that are answered after each round (default 30,60,120,240)")
    parser.add_argument("--method", default="best", help="how answers are consolidated (default best)")
    parser.add_argument("--keep-wrong", type=float, default=0.2, help="how often a worker keeps a wrong suggestion (default 0.2)")
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    pool, test = read(options.pool), read(options.test)
    curves, work = {}, {}
    for way in WAYS:
        runs = []
        for seed in range(options.seeds):
            with tempfile.TemporaryDirectory() as temporary:
                runs.append(curve(way, pool, test, options, seed, Path(temporary)))
        curves[way] = [sum(score for score, _ in points) / len(points) for points in zip(*runs)]
        work[way] = [sum(edits for _, edits in points) / len(points) for points in zip(*runs)]
        print(way, [round(score, 1) for score in curves[way]], work[way], flush=True)
    wanted = next(iter(curves.values()))[-1]
    print("\n| way | " + " | ".join(f"{count * ANSWERS_PER_TASK} answers" for count in options.rounds) + f" | answers for F1 {wanted:.1f} | edits in all |")
    print("|---|" + "---|" * (len(options.rounds) + 2))
    for way, points in curves.items():
        needed = answers_for(points, wanted, options.rounds)
        print(f"| {way} | " + " | ".join(f"{score:.1f}" for score in points) + f" | {needed if needed else 'not reached'} | {work[way][-1]:.0f} |")
    if options.plot:
        options.plot.write_text(plot(curves, work, options.rounds))


main()
