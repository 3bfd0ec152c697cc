"""The owner's commands, on a data folder and at a service over the same data."""
import json
import subprocess

import pytest

from conftest import BINARY
from portal_service import Service, categories, token

KEY = "0123456789abcdef-key"
TEXTS = ["Aspirin helps.", "Ten mice ran.", "Nothing was found."]


@pytest.fixture
def service(tmp_path, environment):
    data = tmp_path / "data"
    (data / "papers").mkdir(parents=True)
    (data / "papers" / "categories.json").write_text(categories())
    service = Service(data, environment, keys=f"{KEY},another-key-of-ours-1")
    service.put("papers/in.manifest", [{"source": text} for text in TEXTS])
    yield service
    service.stop()


class Caller:
    """Runs the program with the service's key, on its data folder or at its address."""

    def __init__(self, service, data, folder, environment):
        self.service, self.data, self.folder, self.environment = service, data, folder, environment

    def run(self, *arguments, env=None):
        """Exit code, standard output, standard error."""
        result = subprocess.run(
            [BINARY, *map(str, arguments)], cwd=self.folder, env=self.environment | ({"PRELABEL_API_KEYS": KEY} if env is None else env),
            capture_output=True, timeout=120)
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    def here(self, *arguments):
        return self.run(*arguments, "--data", self.data)

    def there(self, *arguments, env=None):
        return self.run(*arguments, "--endpoint", self.service.url, env=env)

    def same(self, *arguments, code=0):
        """What both ways say, which must be the same."""
        here, there = self.here(*arguments), self.there(*arguments)
        assert here == there and here[0] == code
        return here[1], here[2]

    def twins(self, make, name="twin", code=0):
        """What a command that changes something says of one thing in the folder and of another at the service, but for the name."""
        here, there = self.here(*make(f"{name}-a")), self.there(*make(f"{name}-b"))
        assert [part if isinstance(part, int) else part.replace(f"{name}-a", f"{name}-b") for part in here] == list(there)
        assert there[0] == code, there
        return there[1], there[2]


@pytest.fixture
def caller(service, tmp_path, environment):
    return Caller(service, service.data, tmp_path, environment)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def answer(service, job, link, count=1):
    """Answers tasks with no mark; gives the worker's id."""
    for _ in range(count):
        status, reply = service.ask("POST", f"/tasks/{job}", token=token(link))
        assert status == 200 and reply["task"], reply
        body = {"answer": {"crowd-entity-annotation": {"entities": []}}}
        status, reply = service.ask("POST", f"/tasks/{job}/{reply['task']['number']}/answer", body, token=token(link))
        assert status == 200, reply
    return token(link).rsplit(".", 2)[0]
