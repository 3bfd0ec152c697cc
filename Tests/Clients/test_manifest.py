"""`prelabel manifest` on the command line."""
import ast
import json
import resource
import subprocess

from conftest import BINARY

SEED_LINE = (
    "{'source-ref': 's3://papers/pages/p-01.jpg', 'text-file-s3-uri': 's3://papers/text/p-01.jpg.csv', "
    "'metadata': {'Author': \"O'Neil\", 'ISBN': None, 'open': True, 'share': 1e-05, 'name': 'caf\\xe9 \\u2028'}}"
)


def test_findings_name_file_line_and_code(prelabel, tmp_path):
    (tmp_path / "m").write_bytes(
        b'\xef\xbb\xbf{"source":"a"}\r\n'  # byte order mark; CR LF is legal
        + SEED_LINE.encode() + b"\n"
        b'{"source":"a","source-ref":"s3://b/k"}\n'
        b'{"metadata":1}\n'
        b'{"source":""}\n'
        b'{"source":"x","a":1,"a":2}\n'
        b'{"source":"x","$k":1}\n'
        b"\n"
        b'{"source-ref":"file:///tmp/x.jpg"}\n'
        b'{"source-ref":7}\n'
        b'{"source":"' + b"x" * 20_001 + b'"}\n'
        b'{"source":"x","t":' + b'["' + b"y" * 99_999 + b'"]}\n'
        b'["source"]\n'
        b'{"source":"a"\n'
        b'{"source":"\xff"}\n'
        b'{"source":"lone \xe2\x80\xa8 separator"}'
    )
    result = prelabel("manifest", "validate", "m", code=1)
    found = [tuple(line.split(": ", 2)[:2]) for line in result.stdout.decode().splitlines()]
    assert found == [
        ("m:1", "byte-order-mark"), ("m:2", "python-quoting"), ("m:3", "both-sources"), ("m:4", "no-source"), ("m:5", "empty-source"),
        ("m:6", "duplicate-key"), ("m:7", "reserved-key"), ("m:8", "blank-line"), ("m:9", "not-s3"), ("m:10", "not-a-string"),
        ("m:11", "attribute-too-long"), ("m:12", "line-too-long"), ("m:12", "attribute-too-long"), ("m:13", "not-an-object"),
        ("m:14", "not-json"), ("m:15", "not-json"), ("m:16", "missing-final-newline"),
    ]


def test_the_seed_s_own_manifest_is_repaired_without_loss_or_refused_by_name(prelabel, tmp_path):
    kept = '{"source-ref":"s3://b/k",  "n":1.0}'
    refused = "{'source-ref': 's3://b/k', 'pair': (1, 2)}"
    unquoted = "{'source-ref': 's3://b/k', 'title': Some words}"
    (tmp_path / "m").write_text("\n".join([SEED_LINE, kept, refused, unquoted]) + "\n")
    result = prelabel("manifest", "validate", "m", "--repair", "out", code=1)
    assert [line.split(": ")[:2] for line in result.stdout.decode().splitlines()] == [["m:3", "repair-refused"], ["m:4", "repair-refused"]]
    assert "tuple" in result.stdout.decode() and "unquoted word `Some`" in result.stdout.decode()
    first, second, rest = (tmp_path / "out").read_text(encoding="utf-8").split("\n")
    assert second == kept and rest == ""
    assert json.loads(first) == ast.literal_eval(SEED_LINE) and '"share":1e-05' in first
    prelabel("manifest", "validate", "out")


def test_build_pairs_by_full_path_and_names_what_has_no_partner(prelabel, data):
    for name in ("pages/a/p.jpg", "pages/b/p.jpg", "pages/c.jpg", "text/a/p.jpg.csv", "text/b/p.jpg.csv", "text/d.jpg.csv"):
        (data / "papers" / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "papers" / name).write_text("x")
    result = prelabel(
        "manifest", "build", "--images", "s3://papers/pages", "--texts", "s3://papers/text", "--text-suffix", ".csv", "--output", "s3://papers/m",
        "--data", data, code=1,
    )
    assert (data / "papers/m").read_text().splitlines() == [
        '{"source-ref":"s3://papers/pages/a/p.jpg","text-file-s3-uri":"s3://papers/text/a/p.jpg.csv"}',
        '{"source-ref":"s3://papers/pages/b/p.jpg","text-file-s3-uri":"s3://papers/text/b/p.jpg.csv"}',
    ]
    assert [line.split(":")[0] for line in result.stdout.decode().splitlines()] == ["no-text", "no-image"]


def test_merge_unites_attributes_and_reports_conflicts_unless_one_file_wins(prelabel, tmp_path):
    (tmp_path / "a").write_text('{"source-ref":"s3://b/1","x":1.0,"n":{"k":1, "j":2}}\n{"source-ref":"s3://b/2"}\n')
    (tmp_path / "b").write_text('{"source-ref":"s3://b/3"}\n{"n":{"j":2,"k":1},"source-ref":"s3://b/1","y":1e3,"x":2}\n')
    result = prelabel("manifest", "merge", "a", "b", "--output", "out", code=1)
    assert result.stdout.decode().startswith("b:2: conflict: `x` is 2, a:1 has 1.0")
    assert (tmp_path / "out").read_text() == (
        '{"source-ref":"s3://b/1","x":1.0,"n":{"k":1, "j":2},"y":1e3}\n{"source-ref":"s3://b/2"}\n{"source-ref":"s3://b/3"}\n'
    )
    prelabel("manifest", "merge", "a", "b", "--output", "out", "--prefer", "b")
    assert json.loads((tmp_path / "out").read_text().splitlines()[0])["x"] == 2


def test_a_long_manifest_is_checked_in_constant_memory(tmp_path, environment):
    line = json.dumps({"source-ref": "s3://papers/p.jpg", "metadata": "x" * 15_000}) + "\n"
    with open(tmp_path / "m", "w") as file:
        for _ in range(20_000):  # 300 MB
            file.write(line)
    limit = 200 << 20
    run = subprocess.run(
        [BINARY, "manifest", "validate", "m"], cwd=tmp_path, env=environment, capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert run.returncode == 0, run.stderr
