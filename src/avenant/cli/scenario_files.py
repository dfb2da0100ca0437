"""Where an amendment's scenarios lie, what is held out of them, and the placeholder in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from avenant.amendments.amendment import Amendment
from avenant.check.names import put_placeholder
from avenant.cli.show import workspace_mask
from avenant.errors import FormatError, shown_path
from avenant.mask import Mask
from avenant.scenarios import Scenario, ScenarioFile, packed_path
from avenant.scenarios.holding import Added, add_scenarios, choose_held_out
from avenant.specs.library import known_model_names
from avenant.workspace import Workspace

seed_option = click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of what is drawn.")


def hold_out_option(share: float) -> Callable[[Any], Any]:
    """The option for the share of families that is held out.

    Args:
        share: where the user does not say.
    """
    return click.option(
        "--hold-out",
        type=click.FloatRange(0, 1, max_open=True),
        default=share,
        show_default=True,
        metavar="SHARE",
        help="Share of the families that is packed into AMENDMENT.held-out.yaml, so that nobody reads it by accident.",
    )


def scenario_path(workspace: Workspace, slug: str) -> Path:
    """The scenario file of an amendment, which need not be there."""
    return workspace.folder("scenarios") / f"{slug}.yaml"


def placeholder_mask(workspace: Workspace, draft: Amendment) -> Callable[[str], str]:
    """A function that puts the draft's placeholder for every model's name that the check would find."""
    mask = Mask(workspace_mask(workspace).names, draft.placeholder)
    known = tuple(dict.fromkeys((*mask.names, *known_model_names())))
    return lambda text: put_placeholder(text, mask, known)


def add_to_files(
    path: Path,
    scenarios: Sequence[Scenario],
    draft: Amendment,
    existing: ScenarioFile | None,
    *,
    share: float,
    seed: int,
) -> Added:
    """Write new scenarios, a share of their families packed, and say what was written where.

    Args:
        path: the scenario file.
        scenarios: at least one.
        draft: that they are for.
        existing: those that there are.
        share: of the families to hold out.
        seed: of what is drawn.

    Raises:
        FormatError: the scenario file is for another amendment, or nothing can be added to it.
        FileError: a file cannot be written.
    """
    if existing and existing.amendment not in ("", draft.slug):
        problem = f"these scenarios are for {existing.amendment!r}, not for {draft.slug!r}"
        raise FormatError(problem, path=path, line=1, mend="correct `amendment:`, or give the file its own name")
    held_out = choose_held_out(scenarios, existing, share=share, seed=seed)
    added = add_scenarios(path, scenarios, held_out, amendment=draft.slug, canary=draft.canary)
    for file, new, where in (
        (path, added.visible, ""),
        (packed_path(path), added.held_out, ", packed: a trial uses them, and they need not be read before its end"),
    ):
        if new:
            families = len({one.family for one in new})
            click.echo(str(shown_path(file)))
            click.echo(f"  {_count(len(new), 'scenario')} in {_count(families, 'family')}{where}", err=True)
    if share and not added.held_out:
        click.echo("  nothing is held out: that takes two new families of a battery", err=True)
    return added


def _count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
