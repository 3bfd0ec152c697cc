"""What the client tests share: the built program, run as its users run it."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Helpers"))

from processes import BINARY, PROJECT  # noqa: E402  (tests import them from here)

FIXTURES = PROJECT / "Fixtures"


@pytest.fixture(scope="session")
def environment():
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PRELABEL_")}
    return kept | {"PRELABEL_HOME": str(PROJECT), "NO_COLOR": "1"}


@pytest.fixture
def prelabel(tmp_path, environment):
    """Runs the program in an empty folder; `code` is the exit code that is expected."""

    def run(*arguments, code=0, input=None, env=None):
        result = subprocess.run(
            [BINARY, *map(str, arguments)], cwd=tmp_path, env=environment | (env or {}), input=input, capture_output=True, timeout=300
        )
        assert result.returncode == code, f"exit {result.returncode}, expected {code}: {result.stderr.decode()}"
        return result

    return run


@pytest.fixture
def data(tmp_path):
    """A data folder with the bucket `papers`."""
    folder = tmp_path / "data"
    (folder / "papers").mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def shared_data():
    folder = os.environ.get("PRELABEL_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("the larger data sets are not on this machine (PRELABEL_TEST_DATA names their folder)")
    return Path(folder)
