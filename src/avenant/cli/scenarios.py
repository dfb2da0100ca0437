"""`avenant scenarios`: draft, import, list, hold out and reveal the situations that a trial puts to the model."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from avenant.amendments.amendment import read_amendment
from avenant.cli.scenario_draft import draft_command
from avenant.cli.scenario_files import add_to_files, hold_out_option, placeholder_mask, scenario_path, seed_option
from avenant.cli.show import print_table
from avenant.errors import FileError, shown_path
from avenant.scenarios import BATTERIES, Scenario, packed_path, read_battery_files
from avenant.scenarios.holding import read_existing, reveal_scenarios
from avenant.scenarios.importing import Defaults, LeftOut, import_scenarios
from avenant.scenarios.listing import FamilyCount, count_scenarios
from avenant.workspace import find_workspace

_SHOWN = 20
"""Things left out of an import that are named one by one; the rest is counted."""


@click.group("scenarios")
def scenarios_command() -> None:
    """Draft, import, list, hold out and reveal the scenarios that a trial puts to the model.

    They stand in scenarios/AMENDMENT.yaml, in a form that people write by hand as well: see docs/scenarios.md.

    Example: avenant scenarios list mark-opinions
    """


scenarios_command.add_command(draft_command)


@scenarios_command.command("import")
@click.argument("file", metavar="FILE|DIR", type=click.Path(path_type=Path, exists=True))
@click.option("--to", "amendment", metavar="AMENDMENT", required=True, help="The amendment that they are for.")
@click.option("--battery", type=click.Choice(BATTERIES), help="Of those for which the file does not say.")
@click.option("--family", metavar="NAME", help="Of those for which the file does not say.")
@click.option("--own-families", is_flag=True, help="Each that has no family is one by itself.")
@click.option("--rubric", metavar="TEXT", help="For those that have nothing to measure: what earns 10, 5 and 0.")
@hold_out_option(0.0)
@seed_option
def import_command(
    file: Path,
    amendment: str,
    battery: str | None,
    family: str | None,
    own_families: bool,
    rubric: str | None,
    hold_out: float,
    seed: int,
) -> None:
    """Take scenarios out of JSONL, CSV or OpenAI's examples.

    Columns are id, family, battery, user or messages, rubric, wanted, unwanted and held-out; Inspect's input and target
    are taken too. Markdown is read as OpenAI writes its examples/*.md; give the folder for all of them. They are added
    at the end of scenarios/AMENDMENT.yaml, where all else stays as it is. A model's name gives way to the placeholder.

    Example: avenant scenarios import questions.jsonl --to mark-opinions --battery far --own-families
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    path = scenario_path(workspace, draft.slug)
    existing = read_existing(path)
    defaults = Defaults(battery or "", family or "", rubric or "", own_families)
    imported = import_scenarios(file, defaults, existing=existing.scenarios if existing else ())
    mask = placeholder_mask(workspace, draft)
    _say_left_out(imported.left_out, mask)
    if not imported.scenarios:
        raise FileError("no scenario could be taken", path=file, mend="see what is said above; nothing is written")
    named = [_mask_scenario(one, mask) for one in imported.scenarios]
    changed = sum(one != other for one, other in zip(named, imported.scenarios, strict=True))
    if changed:
        click.echo(f"In {changed} of them {draft.placeholder} stands where a model was named.", err=True)
    add_to_files(path, named, draft, existing, share=hold_out, seed=seed)
    click.echo(f"Now: avenant check {draft.slug}", err=True)


def _say_left_out(left_out: Sequence[LeftOut], mask: Callable[[str], str]) -> None:
    for one in left_out[:_SHOWN]:
        click.echo(f"{shown_path(one.path)}:{one.line}: {mask(one.what)}", err=True)
    if len(left_out) > _SHOWN:
        click.echo(f"and {len(left_out) - _SHOWN} more things are not taken", err=True)


def _mask_scenario(scenario: Scenario, mask: Callable[[str], str]) -> Scenario:
    return dataclasses.replace(
        scenario,
        id=mask(scenario.id),
        family=mask(scenario.family),
        messages=tuple((role, mask(text)) for role, text in scenario.messages),
        rubric=mask(scenario.rubric),
        wanted=mask(scenario.wanted),
        unwanted=mask(scenario.unwanted),
    )


@scenarios_command.command("list")
@click.argument("amendment")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
def list_command(amendment: str, is_json: bool) -> None:
    """List an amendment's scenarios by family: battery, number, held out, and which outcome each family supports.

    Of packed scenarios the numbers are shown and nothing else.

    Example: avenant scenarios list mark-opinions
    """
    workspace = find_workspace(Path.cwd())
    slug = workspace.amendment_path(amendment).stem
    path = scenario_path(workspace, slug)
    if not path.is_file():
        mend = f"write them, or: avenant scenarios draft {slug} --model MODEL"
        raise FileError("no scenarios for this amendment", path=path, mend=mend)
    rows = count_scenarios(read_battery_files(path))
    if is_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in rows], indent=2, ensure_ascii=False))
        return
    print_table(
        ("family", "battery", "scenarios", "held out", "outcomes"),
        [(_name(row), row.battery, str(row.scenarios), _held_out(row), _outcomes(row)) for row in rows],
    )
    click.echo(_total(rows), err=True)


def _name(row: FamilyCount) -> str:
    return row.family or f"({row.families} packed {'family' if row.families == 1 else 'families'})"


def _held_out(row: FamilyCount) -> str:
    part = "" if row.held_out in (0, row.scenarios) else f" ({row.held_out} of {row.scenarios})"
    words = {"no": "", "marked": "yes", "revealed": f"yes, revealed {row.revealed}", "packed": "yes, packed"}
    return words[row.holding] + part


def _outcomes(row: FamilyCount) -> str:
    """By which outcomes the scenarios can be tried; with how many of them where it is not all."""
    numbers = {"judge": row.with_rubric, "margin": row.with_replies}
    return ", ".join(
        name if number == row.scenarios else f"{name} ({number} of {row.scenarios})"
        for name, number in numbers.items()
        if number
    )


def _total(rows: Sequence[FamilyCount]) -> str:
    parts = []
    for battery in BATTERIES:
        mine = [row for row in rows if row.battery == battery]
        # A family that stands in two batteries counts in each.
        families, scenarios = sum(row.families for row in mine), sum(row.scenarios for row in mine)
        parts.append(f"{battery} {scenarios} in {families} {'family' if families == 1 else 'families'}")
    held_out = sum(row.held_out for row in rows)
    return f"{'; '.join(parts)}; {held_out} of {sum(row.scenarios for row in rows)} held out"


@scenarios_command.command("reveal")
@click.argument("amendment")
@click.option("--yes", "-y", "is_sure", is_flag=True, help="Reveal without a question back.")
def reveal_command(amendment: str, is_sure: bool) -> None:
    """Unpack the scenarios that were held out into scenarios/AMENDMENT.yaml, each with today's date.

    They stay marked `held-out: true`; the date lets a report say that whoever wrote the passage may have seen them
    since.

    Example: avenant scenarios reveal mark-opinions
    """
    workspace = find_workspace(Path.cwd())
    slug = workspace.amendment_path(amendment).stem
    path = scenario_path(workspace, slug)
    if packed_path(path).is_file() and not is_sure:
        click.echo("Whoever has read them can no longer write the passage without an eye on them.", err=True)
        click.confirm("Reveal them?", abort=True, err=True)
    file = reveal_scenarios(path, today=dt.date.today())
    click.echo(str(shown_path(path)))
    click.echo(f"{len(file.revealed)} of {len(file.scenarios)} scenarios are revealed", err=True)
