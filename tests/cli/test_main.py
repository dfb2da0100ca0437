import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from scripts.write_command_reference import PATH, render

from avenant.cli.main import cli
from tests.cli.runner import avenant


def all_commands() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", command.commands[sub]) for sub in command.commands]
    return found


@pytest.mark.parametrize(("name", "command"), all_commands(), ids=lambda value: str(value))
def test_every_command_says_what_it_does_and_gives_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert command.help.strip().splitlines()[0].endswith(".")
    assert f"Example: avenant {name.split()[0]}" in command.help


def test_the_command_reference_is_the_one_that_the_commands_make() -> None:
    assert PATH.read_text(encoding="utf-8") == render(), "run python scripts/write_command_reference.py"


def test_help_answers_in_well_under_half_a_second() -> None:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "avenant", "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.5


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "try:\n    from avenant.cli.main import cli; cli(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'inspect_ai', 'numpy', 'scipy', 'marko', 'yaml', 'jinja2', 'xllamacpp', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


def test_a_mistyped_command_is_guessed_and_exits_2(tmp_path: Path) -> None:
    done = avenant("chek", cwd=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'check'?" in done.stderr


def test_outside_a_workspace_the_mend_is_shown_without_a_traceback(tmp_path: Path) -> None:
    done = avenant("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "avenant init" in done.stderr
    assert "Traceback" not in done.stderr
