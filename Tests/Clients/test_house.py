"""Rules of the house that a compiler does not check."""
import re

from conftest import PROJECT

LEAN = ["Annotations", "GroundTruth", "Consolidation", "Suggestions", "Transport", "AWS", "Storage", "Functions"]


def test_what_a_lambda_will_hold_imports_foundation_essentials_only():
    for target in LEAN:
        for path in (PROJECT / "Sources" / target).rglob("*.swift"):
            imports = re.findall(r"^(?:\w+ )?import (\w+)", path.read_text(), re.M)
            assert not {"Foundation", "FoundationNetworking"} & set(imports), path


def test_help_is_shown_for_every_command(prelabel):
    for command in ("ocr", "manifest", "pre-annotate", "consolidate", "export", "import", "check", "train", "suggest", "serve", "lambda", "config", "demo"):
        for arguments in ((command, "--help"), ("help", command)):
            assert b"USAGE: prelabel " in prelabel(*arguments).stdout
    assert b"SUBCOMMANDS" in prelabel("--help").stdout and prelabel("--version").stdout
    prelabel("bogus", code=64)


def test_pages_of_the_fixtures_are_small():
    for path in (PROJECT / "Fixtures" / "pages").rglob("*.*"):
        assert path.stat().st_size < 600_000, path
