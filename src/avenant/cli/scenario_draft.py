"""`avenant scenarios draft`: a model drafts scenarios from the threat model and the gap, never from the passage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.cli.asking import Asking, say_cost, show_answers
from avenant.cli.judging import ANSWERS, no_reply
from avenant.cli.scenario_files import add_to_files, hold_out_option, placeholder_mask, scenario_path, seed_option
from avenant.coverage.catalogue import find_threat, read_catalogue
from avenant.errors import ModelError
from avenant.models import Ask, check_model_name, is_embedded, open_model
from avenant.replies import KeptReplies, ask_once
from avenant.scenarios import BATTERIES, Battery, ScenarioFile
from avenant.scenarios.draft import Askers, Drafted, Planned, Size, draft_scenarios, plan_questions
from avenant.scenarios.gap import Gap, find_gap
from avenant.scenarios.holding import read_existing
from avenant.specs.library import read_spec
from avenant.workspace import Workspace, find_workspace, ignore_folder

_TEMPERATURE = 1.0
"""Of who drafts: at 0 one idea would lead to the next that is likeliest."""
_MAX_TOKENS = 6000
"""Longest reply of who drafts; a model that thinks first needs much of it for that."""
_JUDGE_MAX_TOKENS = 1000
_EMBEDDED_MAX_TOKENS = 300
_SECTION = 12_000
"""Characters of a section of the document that a model is shown."""
_EMBEDDED_SECTION = 1500


@click.command("draft")
@click.argument("amendment")
@click.option("--model", metavar="MODEL", required=True, help="Who drafts: any Inspect model name.")
@click.option("--filter-model", metavar="MODEL", help="Who says what real people would send. Default: who drafts.")
@click.option(
    "--count", type=click.IntRange(1, 200), default=12, show_default=True, metavar="N", help="Families of each battery."
)
@click.option(
    "--variations",
    type=click.IntRange(1, 10),
    default=2,
    show_default=True,
    metavar="K",
    help="Scenarios of each family.",
)
@click.option("--battery", "batteries", type=click.Choice(BATTERIES), multiple=True, help="Repeatable. Default: all.")
@click.option("--threat", "threats", multiple=True, metavar="ID", help="Default: those that the draft names.")
@hold_out_option(0.3)
@seed_option
@click.option("--price", nargs=2, type=click.FloatRange(0), metavar="IN OUT", help="Dollars per million tokens.")
@click.option("--yes", "-y", "is_sure", is_flag=True, help="Ask without a question back.")
def draft_command(
    amendment: str,
    model: str,
    filter_model: str | None,
    count: int,
    variations: int,
    batteries: tuple[Battery, ...],
    threats: tuple[str, ...],
    hold_out: float,
    seed: int,
    price: tuple[float, float] | None,
    is_sure: bool,
) -> None:
    """Let a model draft scenarios, and hold a share of them out.

    The model is shown the threat model and the section of the document where the passage goes, and not one word of the
    amendment. It names situations, writes messages and a rubric for each, and is asked of each message whether a real
    person would send it and whether it looks like a test. What is dropped is listed with the reason. The rest is added
    to scenarios/AMENDMENT.yaml; the families that are held out go into AMENDMENT.held-out.yaml, packed, for trials to
    use. Replies are kept in answers/, which git does not track, and are not paid for twice.

    Example: avenant scenarios draft mark-opinions --model anthropic/claude-haiku-4-5 --count 20 --price 1 5
    """
    workspace = find_workspace(Path.cwd())
    draft = read_amendment(workspace.amendment_path(amendment))
    path = scenario_path(workspace, draft.slug)
    existing = read_existing(path)
    mask = placeholder_mask(workspace, draft)
    gap = _find_gap(workspace, draft, threats, mask, longest=_EMBEDDED_SECTION if is_embedded(model) else _SECTION)
    size = Size(count, variations, batteries) if batteries else Size(count, variations)
    asking = Asking(
        model, "model", _EMBEDDED_MAX_TOKENS if is_embedded(model) else _MAX_TOKENS, _TEMPERATURE, price, is_sure
    )
    judging = Asking(
        filter_model or model,
        "filter model",
        _EMBEDDED_MAX_TOKENS if is_embedded(filter_model or model) else _JUDGE_MAX_TOKENS,
        price=price if filter_model in (None, model) else None,
        is_sure=is_sure,
    )
    drafted = _draft(gap, size, mask, existing, (asking, judging), workspace, seed=seed)
    if not drafted.scenarios:
        _say_all(drafted, frozenset(), mask)
        raise ModelError(
            f"no scenario came of what {model} replied; nothing is written",
            mend="see above what was wrong with its replies; take a larger model, or another --seed",
        )
    added = add_to_files(path, drafted.scenarios, draft, existing, share=hold_out, seed=seed)
    _say_all(drafted, frozenset(one.family for one in added.held_out), mask)
    click.echo(f"Read and correct them, then: avenant check {draft.slug}", err=True)


def _find_gap(
    workspace: Workspace, draft: Amendment, threats: Sequence[str], mask: Callable[[str], str], *, longest: int
) -> Gap:
    catalogue = read_catalogue(workspace.folder("threats"))
    found = [find_threat(catalogue, one) for one in dict.fromkeys(threats or draft.threats)]
    return find_gap(read_spec(workspace.folder("specs"), draft.spec), draft, found, mask, longest=longest)


def _draft(
    gap: Gap,
    size: Size,
    mask: Callable[[str], str],
    existing: ScenarioFile | None,
    askings: tuple[Asking, Asking],
    workspace: Workspace,
    *,
    seed: int,
) -> Drafted:
    """Ask what is not answered yet, and give what came of all replies."""
    replies = KeptReplies(workspace.root / ANSWERS)
    there = existing.scenarios if existing else ()
    # Another temperature or seed is another reply.
    writer, judge = (f"{one.model} temperature={one.temperature:g} seed={seed}" for one in askings)
    plans = plan_questions(gap, size, replies, mask, existing=there, writer=writer, judge=judge)
    total = sum(plan.count for plan in plans)
    with _open_both(askings, plans, workspace) as (write, judged), show_answers("drafting", total) as show:
        wrote = partial(ask_once, ask=partial(write, seed=seed), replies=replies, model=writer)
        realism = partial(ask_once, ask=partial(judged, seed=seed), replies=replies, model=judge)
        return draft_scenarios(gap, size, Askers(wrote, wrote, realism), mask, existing=there, progress=show)


@contextmanager
def _open_both(askings: Sequence[Asking], plans: Sequence[Planned], workspace: Workspace) -> Iterator[tuple[Ask, Ask]]:
    """Who drafts and who judges, once the user has seen what both may cost and agreed to it.

    A model that has nothing new to be asked is not opened, and needs no key.
    """
    for asking, plan in zip(askings, plans, strict=True):
        check_model_name(asking.model, role=asking.role)
        say_cost(asking, plan.count, plan.new, prices=workspace.prices)
    is_new = any(plan.new for plan in plans)
    if is_new:
        click.echo("At most that: how much is asked depends on the replies, whose length is a guess.", err=True)
    with ExitStack() as opened:
        write, judge = (
            opened.enter_context(
                open_model(one.model, role=one.role, max_tokens=one.max_tokens, temperature=one.temperature)
            )
            if plan.new
            else no_reply
            for one, plan in zip(askings, plans, strict=True)
        )
        costs = any(plan.new and not is_embedded(one.model) for one, plan in zip(askings, plans, strict=True))
        if costs and not askings[0].is_sure:
            click.confirm("Ask?", abort=True, err=True)
        if is_new:
            ignore_folder(workspace.root, ANSWERS)
        yield write, judge


def _say_all(drafted: Drafted, held_out: frozenset[str], mask: Callable[[str], str]) -> None:
    """Say on standard error what is dropped and what of the replies counts for nothing; of held-out ones the numbers.

    Args:
        drafted: what came of the replies.
        held_out: families of which no word is to be shown.
        mask: puts the placeholder where a model is named.
    """
    unusable = sum(one.is_unusable for one in drafted.problems)
    reasons = Counter(one.reason for one in drafted.dropped)
    told = f" ({', '.join(f'{number} {reason}' for reason, number in reasons.most_common())})" if reasons else ""
    click.echo(
        f"{len(drafted.scenarios)} scenarios are taken, {len(drafted.dropped)} dropped{told}; "
        f"unusable replies: {unusable}.",
        err=True,
    )
    for one in drafted.dropped:
        if one.scenario.family not in held_out:
            click.echo(f"  dropped {one.scenario.id}, {one.reason}: {one.why}", err=True)
    for problem in drafted.problems:
        if problem.family not in held_out:
            click.echo(f"  {problem.question}: {mask(problem.problem)}", err=True)
    hidden = sum(one.scenario.family in held_out for one in drafted.dropped)
    hidden += sum(one.family in held_out for one in drafted.problems)
    if hidden:
        click.echo(f"  {hidden} more on families that are held out, not shown", err=True)
