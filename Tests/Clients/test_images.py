"""The container images, without a container engine: their steps are taken in a Debian root folder that debootstrap makes.

`make image-test` runs this; it needs root, debootstrap and some minutes, so the ordinary run skips it.
"""
import json
import os
import re
import shlex
import shutil
import subprocess

import pytest

from conftest import FIXTURES, PROJECT

BUILT = PROJECT / ".build" / "static" / "release" / "prelabel"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# How this machine reaches the package archive.
PROXY = {name: value for name, value in os.environ.items() if name.lower() in ("http_proxy", "https_proxy", "no_proxy")}


@pytest.fixture
def debian(tmp_path):
    if not os.environ.get("PRELABEL_IMAGE_TEST"):
        pytest.skip("the images' steps take minutes; `make image-test` runs them")
    root = tmp_path / "root"
    mirror = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, mirror], check=True, capture_output=True)
    for name in ("apt/sources.list", "apt/sources.list.d", "apt/apt.conf.d", "resolv.conf"):
        source = f"/etc/{name}"
        if os.path.isdir(source):
            shutil.copytree(source, root / "etc" / name, dirs_exist_ok=True)
        elif os.path.exists(source):
            shutil.copy(source, root / "etc" / name)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    yield root
    subprocess.run(["umount", root / "proc"], check=True)


class Image:
    """The last stage of a Dockerfile, with its steps taken."""

    def __init__(self, dockerfile, root):
        self.root, self.user, self.environment, self.entrypoint, self.command = root, "root", PROXY | {"PATH": PATH}, [], []
        text = re.sub(r"(?m)^#.*\n", "", (PROJECT / "docker" / dockerfile).read_text()).replace("\\\n", " ")
        image, *steps = re.split(r"(?m)^FROM ", text)[-1].strip().splitlines()
        assert image == "debian:bookworm-slim"
        for step in filter(str.strip, steps):
            word, rest = step.split(maxsplit=1)
            match word:
                case "RUN": self.run(rest)
                case "COPY": self.copy(rest)
                case "USER": self.user = rest.strip()
                case "ENV": self.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
                case "ENTRYPOINT": self.entrypoint = json.loads(rest)
                case "CMD": self.command = json.loads(rest)
                case "VOLUME" | "EXPOSE": pass
                case _: raise AssertionError(f"{word} is not known here")

    def call(self, *command, environment={}):
        identity = [] if self.user == "root" else [f"--userspec={self.user}"]
        return subprocess.run(
            ["/usr/sbin/chroot", *identity, self.root, *command], env=self.environment | environment, capture_output=True, timeout=900)

    def run(self, rest):
        result = self.call("/bin/sh", "-ec", rest, environment={"DEBIAN_FRONTEND": "noninteractive"})
        assert result.returncode == 0, result.stderr.decode()

    def copy(self, rest):
        *options, source, target = shlex.split(rest)
        # The build stage is `swift build` with static Swift, as `make static` has it.
        path = BUILT if "--from=build" in options else PROJECT / source
        destination = self.root / target.lstrip("/")
        destination.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, destination, dirs_exist_ok=True)
        else:
            shutil.copy(path, destination)


@pytest.mark.parametrize("dockerfile, entrypoint, command", [
    ("Dockerfile", ["prelabel"], ["serve", "--host", "0.0.0.0"]), ("Dockerfile.lambda", ["prelabel", "lambda"], ["ocr"]),
])
def test_an_image_s_steps_give_a_program_that_reads_as_its_own_user(debian, dockerfile, entrypoint, command):
    image = Image(dockerfile, debian)
    assert (image.user, image.entrypoint, image.command) == ("prelabel", entrypoint, command)
    pages = debian / "pages"
    shutil.copytree(FIXTURES / "pages" / "typeset", pages, dirs_exist_ok=True)
    result = image.call("sh", "-c", "id -un && prelabel ocr /pages/twocol-1-013.jpg --output /tmp/out-$$ && prelabel --version")
    assert result.returncode == 0 and result.stdout.split()[0] == b"prelabel", result.stderr.decode()
    assert b"1 page: 1 found" in result.stderr
    assert image.call("sh", "-c", "touch /usr/local/bin/x").returncode != 0, "the program's user may not change the image"
