"""`avenant try` and `avenant report`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.check.engine import check_amendments
from avenant.cli.show import console, workspace_mask
from avenant.errors import FileError, TrialError, shown_path
from avenant.models import context_tokens, estimate_tokens, find_prices, get_model, is_embedded
from avenant.scenarios import ScenarioFile, read_battery_files
from avenant.specs.library import read_spec
from avenant.trials.design import Options, Trial, design_trial, read_trial, write_trial
from avenant.trials.spending import check_budget
from avenant.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from avenant.trials.protocol import Outcome

_NOTES = 4
"""Lines that the check's findings take at most before a trial."""


@click.command("try")
@click.argument("amendment")
@click.option("--subject", metavar="MODEL", help="The model under test: any Inspect model name.")
@click.option("--judge", "judges", metavar="MODEL", multiple=True, help="A model that grades, blind; may be repeated.")
@click.option(
    "--outcome",
    type=click.Choice(["margin", "judge", "preference"]),
    help="Default: judge where there is one, else margin.",
)
@click.option(
    "--stopping",
    type=click.Choice(["fixed", "betting", "group-sequential"]),
    help="When the trial is looked at. Default: after every block where there are 20 target families or more.",
)
@click.option("--scenarios", metavar="FILE", type=click.Path(path_type=Path), help="Default: scenarios/AMENDMENT.yaml.")
@click.option("--limit", type=click.IntRange(2), metavar="N", help="Use only N scenarios, drawn by the seed.")
@click.option("--block-size", type=click.IntRange(1), metavar="N", help="Scenarios in a block (6; sequential: 16).")
@click.option("--replies", type=click.IntRange(1), default=1, show_default=True, help="Replies to each request.")
@click.option(
    "--screen",
    type=click.Choice(["none", "few", "all"]),
    default="few",
    show_default=True,
    help="Target scenarios that a sequential trial first tries for room to rise; all: those without are set aside.",
)
@click.option("--budget-usd", type=click.FloatRange(min=0, min_open=True), metavar="X", help="Spend at most X dollars.")
@click.option("--budget-tokens", type=click.IntRange(1), metavar="N", help="Use at most N tokens.")
@click.option("--document-tokens", type=click.IntRange(50), metavar="N", help="Cut the document to N tokens.")
@click.option("--cut", type=click.Choice(["around", "before"]), help="Keep what is around the passage, or before it.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Longest reply.")
@click.option("--margin", type=click.FloatRange(min=0, min_open=True), help="Smallest effect worth having.")
@click.option("--side-margin", type=click.FloatRange(min=0, min_open=True), help="Largest fall elsewhere put up with.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--plan", "is_plan", is_flag=True, help="Show what would run, and stop.")
@click.option("--json", "is_json", is_flag=True, help="With --plan: for machines.")
@click.option("--batch", is_flag=True, help="Ask in the providers' batch mode: half the price, within a day.")
@click.option("--connections", type=click.IntRange(1), metavar="N", help="Requests under way at once (10).")
@click.option(
    "--resume", is_flag=True, help="Go on with the newest trial of AMENDMENT, or with that in a trial's folder."
)
@click.option("--yes", "-y", "is_sure", is_flag=True, help="Do not ask before calling a model that costs money.")
def try_command(
    amendment: str,
    subject: str | None,
    judges: tuple[str, ...],
    outcome: Outcome | None,
    scenarios: Path | None,
    connections: int | None,
    is_plan: bool,
    is_json: bool,
    resume: bool,
    is_sure: bool,
    **chosen: object,
) -> None:
    """Try an amendment: run the trial and reach a verdict.

    The subject replies under the document as it is, as amended, with a neutral passage of the same length, and with a
    plain rule that must show (the positive control). Every reply is kept; after a stop, --resume goes on.

    Example: avenant try mark-opinions

    Example: avenant try mark-opinions --subject openai/gpt-4o-mini --judge anthropic/claude-haiku-4-5
    """
    if is_json and not is_plan:
        raise click.UsageError("--json goes with --plan.")
    workspace = find_workspace(Path.cwd())
    if resume:
        _refuse_options()
        trial = read_trial(find_trial(workspace, amendment))
        console(is_error=True).print(f"going on with {shown_path(trial.folder)}")
    else:
        options = Options(
            subject=subject or workspace.defaults.subject,
            judges=tuple(filter(None, judges or [workspace.defaults.judge])),
            outcome=outcome,
            **chosen,  # type: ignore[arg-type]
        )
        design = _design(workspace, amendment, scenarios, options)
        trial = design.trial
        if is_plan:
            _print_plan(trial, connections, is_json=is_json)
            return
        _agree(trial, connections, is_sure=is_sure)
        write_trial(trial, design.draft, design.scenarios)
    run_and_report(trial, connections=connections)


@click.command("report")
@click.argument("trial")
@click.option("--open", "is_open", is_flag=True, help="Open it in the browser.")
def report_command(trial: str, is_open: bool) -> None:
    """Make a trial's report again from its stored results.

    TRIAL is a trial's folder, or an amendment for its newest trial.

    Example: avenant report trials/mark-opinions/2026-11-24T10-12
    """
    path = _report(read_trial(find_trial(None, trial)))
    if is_open:
        click.launch(str(path))


def _refuse_options() -> None:
    """A trial that goes on has its protocol; other wishes would be ignored in silence."""
    context = click.get_current_context()
    kept = ("amendment", "resume", "is_sure", "connections")
    given = [
        option.opts[0]
        for option in context.command.params
        if option.name not in kept
        and context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"{', '.join(given)} cannot be changed with --resume: begin a new trial instead.")


def find_trial(workspace: Workspace | None, name: str) -> Path:
    """The folder of a trial that is named by itself, or by its amendment for the newest one.

    Args:
        workspace: where amendments' trials are; None: the one around the current folder, looked for if it is needed.
        name: a trial's folder or an amendment.

    Raises:
        TrialError: there is none.
    """
    if (Path(name) / "protocol.toml").is_file():
        return Path(name)
    return newest_trial(workspace or find_workspace(Path.cwd()), name)


def newest_trial(workspace: Workspace, amendment: str) -> Path:
    """Folder of an amendment's newest trial.

    Raises:
        TrialError: there is none.
    """
    slug = Path(amendment).stem if amendment.endswith(".md") else Path(amendment).name
    if not slug.strip("."):
        raise TrialError(f"{amendment!r} is no trial", mend="give a trial's folder or an amendment")
    folders = sorted(path.parent for path in workspace.folder("trials").glob(f"{slug}/*/protocol.toml"))
    if not folders:
        raise TrialError(f"there is no trial of {amendment!r}", mend=f"avenant try {slug}")
    return folders[-1]


def run_and_report(trial: Trial, *, connections: int | None = None) -> None:
    """Run what is left of a trial with a progress display, then show its verdict."""
    from avenant.trials.passes import check_judges
    from avenant.trials.run import Progress, run_trial

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with ProgressBar(*columns, console=console(is_error=True)) as bar:
        task = bar.add_task("loading the subject", total=None)

        def show(progress: Progress) -> None:
            what = progress.note or "replies scored"
            bar.update(task, description=what, completed=progress.done, total=progress.total)

        def step(what: str) -> Callable[[int, int], None]:
            return lambda done, total: bar.update(task, description=what, completed=done, total=total)

        if trial.protocol.judges:
            check_judges(trial, progress=step("checking the judges by planted replies"))
        run_trial(trial, progress=show, connections=connections)
        if trial.protocol.judges:
            _test_blindness(trial, step("guessing arms, to test the judge's blindness"))
    _report(trial)


def _test_blindness(trial: Trial, progress: Callable[[int, int], None]) -> None:
    """A verdict of an effect has to stand this test; any other would not be changed by it."""
    from avenant.trials.passes import guess_arms
    from avenant.trials.results import matched_pairs, read_result

    result = read_result(trial)
    if result.is_finished and result.blinding is None and result.verdict.word in ("helps", "harms"):
        guess_arms(trial, matched_pairs(trial, result.transcripts), progress=progress)


@dataclass(frozen=True, slots=True)
class _Design:
    trial: Trial
    draft: Amendment
    scenarios: ScenarioFile


def _design(workspace: Workspace, name: str, scenarios: Path | None, options: Options) -> _Design:
    path = workspace.amendment_path(name)
    masked = workspace_mask(workspace)
    _note_findings([masked(str(one)) for one in check_amendments(workspace, [path]).findings if one.is_failing], name)
    draft = read_amendment(path)
    spec = read_spec(workspace.folder("specs"), draft.spec)
    file = scenarios or workspace.folder("scenarios") / f"{draft.slug}.yaml"
    if not file.is_file():
        raise FileError(
            "no scenarios for this amendment",
            path=file,
            mend=f"write them, or: avenant scenarios draft {draft.slug} --model MODEL; or --scenarios FILE",
        )
    scenario_file = read_battery_files(file)
    now = dt.datetime.now()
    trial = design_trial(
        _new_folder(workspace, draft.slug, now),
        spec,
        draft,
        scenario_file,
        options,
        count_tokens=_counter(options.subject),
        context_tokens=None if is_embedded(options.subject) else context_tokens(options.subject),
        now=now,
        prices=find_prices((options.subject, *options.judges), workspace.prices),
    )
    check_budget(trial.protocol)
    return _Design(trial, draft, scenario_file)


def _note_findings(findings: Sequence[str], name: str) -> None:
    """What the check finds, the beginning of it where it is much: it is no reason not to try."""
    shown = findings if len(findings) <= _NOTES else findings[: _NOTES - 1]
    for finding in shown:
        click.echo(f"note: {finding}", err=True)
    if len(findings) > len(shown):
        click.echo(f"note: {len(findings) - len(shown)} more findings; see: avenant check {name}", err=True)


def _new_folder(workspace: Workspace, slug: str, now: dt.datetime) -> Path:
    """A folder of its own for each trial, in time order."""
    name = now.strftime("%Y-%m-%dT%H-%M-%S")
    folder = workspace.folder("trials") / slug / name
    number = 2
    while folder.exists():
        folder = folder.with_name(f"{name}-{number}")
        number += 1
    return folder


def _counter(subject: str) -> Callable[[str], int]:
    """The embedded model counts its own tokens; those of others are estimated, since counting may need the network."""
    if not is_embedded(subject):
        return estimate_tokens
    count: Callable[[str], int] = get_model(subject, role="subject").api.engine.count_tokens  # type: ignore[attr-defined]
    return count


def _print_plan(trial: Trial, connections: int | None, *, is_json: bool) -> None:
    from avenant.cli.plan_view import plan_as_json, show_plan
    from avenant.trials.plan import make_plan

    plan = make_plan(trial, connections=connections)
    if is_json:
        click.echo(plan_as_json(trial, plan), nl=False)
    else:
        show_plan(trial, plan, console())


def _agree(trial: Trial, connections: int | None, *, is_sure: bool) -> None:
    """Say what will run; where it costs money, ask whether it is to. Models that are not ready are refused first."""
    from avenant.cli.plan_view import say_plan, show_plan
    from avenant.trials.plan import make_plan

    protocol = trial.protocol
    for judge in protocol.judges:
        get_model(judge, role="judge")
    get_model(protocol.subject, role="subject")
    plan = make_plan(trial, connections=connections)
    out = console(is_error=True)
    if all(is_embedded(model) for model in (protocol.subject, *protocol.judges)):
        out.print(say_plan(trial, plan))
        return
    show_plan(trial, plan, out)
    if not is_sure:
        click.confirm("Run it?", abort=True, err=True)


def _report(trial: Trial) -> Path:
    from avenant.cli.trial_view import show_result
    from avenant.trials.report import write_report
    from avenant.trials.results import read_result

    result = read_result(trial)
    path = write_report(trial, result)
    show_result(trial, result, path)
    return path
