"""Write docs/commands.md from the commands' own help."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from avenant.cli.main import cli

PATH = Path(__file__).parent.parent / "docs/commands.md"


def render() -> str:
    """The reference as markdown."""
    parts = ["# Commands", "", "Written by `python scripts/write_command_reference.py`; do not edit.", ""]
    # As `main` sets them: a command keeps the help option of the first context that asks it.
    names = cli.context_settings["help_option_names"]
    context = click.Context(
        cli, info_name="avenant", terminal_width=100, max_content_width=100, help_option_names=names
    )
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        parts += _section(command, context, name)
        if isinstance(command, click.Group):
            below = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
            for sub in command.list_commands(below):
                inner = command.get_command(below, sub)
                assert inner is not None
                parts += _section(inner, below, sub)
    return "\n".join(parts)


def _section(command: click.Command, parent: click.Context, name: str) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    return [f"## {context.command_path}", "", "```text", command.get_help(context), "```", ""]


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{PATH}\n")
