"""The README's command examples, run as they stand."""
import os
import re
import shutil
import subprocess

from conftest import BINARY, FIXTURES, PROJECT

MARK = "----done----"


def examples():
    """(command, expected lines) of every console block, in order."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", (PROJECT / "README.md").read_text(encoding="utf-8"), re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def matches(expected, found):
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), found) is not None


def test_every_example_prints_what_the_readme_says(tmp_path, environment):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "prelabel").symlink_to(BINARY)
    shutil.copytree(FIXTURES, tmp_path / "Fixtures")
    shell = subprocess.Popen(
        ["bash"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        env=environment | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"},
    )
    try:
        for command, expected in examples():
            shell.stdin.write(f"{command}\necho '{MARK}'\n")
            shell.stdin.flush()
            found = []
            while MARK not in (line := shell.stdout.readline()):
                assert line, f"the shell ended in: {command}"
                found.append(line.rstrip("\n"))
            if line.strip() != MARK:
                found.append(line.split(MARK)[0])
            assert len(found) == len(expected) and all(map(matches, expected, found)), f"{command}\n" + "\n".join(found)
    finally:
        shell.kill()


def test_the_two_commands_exist():
    makefile = (PROJECT / "Makefile").read_text()
    for target in ("demo", "test", "install"):
        assert re.search(rf"^{target}:", makefile, re.M)
        assert f"make {target}" in (PROJECT / "README.md").read_text()


def test_every_setting_of_the_readme_is_read_somewhere():
    code = "".join(path.read_text() for path in (PROJECT / "Sources").rglob("*.swift"))
    for name in re.findall(r"^\| `PRELABEL_([A-Z_0-9]+)", (PROJECT / "README.md").read_text(), re.M):
        assert f'"{name}"' in code or f'"PRELABEL_{name}"' in code, name
