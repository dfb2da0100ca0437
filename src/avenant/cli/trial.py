"""`avenant try` and `avenant report`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.text import Text

from avenant.amendments.amendment import read_amendment
from avenant.check.engine import check_amendments
from avenant.cli.show import console, workspace_mask
from avenant.errors import FileError, TrialError, shown_path
from avenant.mask import Mask
from avenant.models import context_tokens, estimate_tokens, get_model, is_embedded
from avenant.scenarios import read_scenarios
from avenant.specs.library import read_spec
from avenant.trials.design import Options, Trial, design_trial, read_trial, write_trial
from avenant.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from avenant.trials.protocol import Outcome
    from avenant.trials.results import Result


@click.command("try")
@click.argument("amendment")
@click.option("--subject", metavar="MODEL", help="The model under test: any Inspect model name.")
@click.option("--judge", metavar="MODEL", help="The model that grades, blind.")
@click.option(
    "--outcome", type=click.Choice(["margin", "judge"]), help="Default: judge where there is one, else margin."
)
@click.option("--scenarios", metavar="FILE", type=click.Path(path_type=Path), help="Default: scenarios/AMENDMENT.yaml.")
@click.option("--limit", type=click.IntRange(2), metavar="N", help="Use only N scenarios, drawn by the seed.")
@click.option("--block-size", type=click.IntRange(1), default=6, show_default=True, help="Scenarios in a block.")
@click.option("--document-tokens", type=click.IntRange(50), metavar="N", help="Cut the document to N tokens.")
@click.option("--cut", type=click.Choice(["around", "before"]), help="Keep what is around the passage, or before it.")
@click.option("--max-tokens", type=click.IntRange(1), metavar="N", help="Longest reply.")
@click.option("--margin", type=click.FloatRange(min=0, min_open=True), help="Smallest effect worth having.")
@click.option("--side-margin", type=click.FloatRange(min=0, min_open=True), help="Largest fall elsewhere put up with.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--plan", "is_plan", is_flag=True, help="Show what would run, and stop.")
@click.option("--resume", is_flag=True, help="Go on with the newest trial of this amendment.")
@click.option("--yes", "-y", "is_sure", is_flag=True, help="Do not ask before calling a model that costs money.")
def try_command(
    amendment: str,
    subject: str | None,
    judge: str | None,
    outcome: Outcome | None,
    scenarios: Path | None,
    is_plan: bool,
    resume: bool,
    is_sure: bool,
    **chosen: object,
) -> None:
    """Try an amendment: run the trial and reach a verdict.

    The subject replies under the document as it is, as amended, with a neutral passage of the same length, and with a
    plain rule that must show (the positive control). Every finished block of scenarios is kept; after a stop,
    --resume goes on.

    Example: avenant try mark-opinions

    Example: avenant try mark-opinions --subject openai/gpt-4o-mini --judge anthropic/claude-haiku-4-5
    """
    workspace = find_workspace(Path.cwd())
    if resume:
        _refuse_options()
        trial = read_trial(newest_trial(workspace, amendment))
        console(is_error=True).print(f"going on with {shown_path(trial.folder)}")
    else:
        options = Options(
            subject=subject or workspace.defaults.subject,
            judge=judge if judge is not None else workspace.defaults.judge,
            outcome=outcome,
            **chosen,  # type: ignore[arg-type]
        )
        trial = _design(workspace, amendment, scenarios, options, is_plan=is_plan, is_sure=is_sure)
        if is_plan:
            return
    run_and_report(trial)


@click.command("report")
@click.argument("trial")
@click.option("--open", "is_open", is_flag=True, help="Open it in the browser.")
def report_command(trial: str, is_open: bool) -> None:
    """Make a trial's report again from its stored results.

    TRIAL is a trial's folder, or an amendment for its newest trial.

    Example: avenant report trials/mark-opinions/2026-11-24T10-12
    """
    folder = Path(trial)
    if not (folder / "protocol.toml").is_file():
        folder = newest_trial(find_workspace(Path.cwd()), trial)
    path = _report(read_trial(folder))
    if is_open:
        click.launch(str(path))


def _refuse_options() -> None:
    """A trial that goes on has its protocol; other wishes would be ignored in silence."""
    context = click.get_current_context()
    kept = ("amendment", "resume", "is_sure")
    given = [
        option.opts[0]
        for option in context.command.params
        if option.name not in kept
        and context.get_parameter_source(option.name or "") is click.core.ParameterSource.COMMANDLINE
    ]
    if given:
        raise click.UsageError(f"{', '.join(given)} cannot be changed with --resume: begin a new trial instead.")


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


def run_and_report(trial: Trial) -> None:
    """Run what is left of a trial with a progress display, then show its verdict."""
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
            bar.update(task, description="replies scored", completed=progress.done, total=progress.total)

        run_trial(trial, progress=show)
    _report(trial)


def _design(
    workspace: Workspace, name: str, scenarios: Path | None, options: Options, *, is_plan: bool, is_sure: bool
) -> Trial:
    path = workspace.amendment_path(name)
    masked = workspace_mask(workspace)
    for finding in check_amendments(workspace, [path]).findings:
        if finding.is_failing:
            click.echo(f"note: {masked(str(finding))}", err=True)
    draft = read_amendment(path)
    spec = read_spec(workspace.folder("specs"), draft.spec)
    file = scenarios or workspace.folder("scenarios") / f"{draft.slug}.yaml"
    if not file.is_file():
        raise FileError(
            "no scenarios for this amendment", path=file, mend="write them, or give a file: --scenarios FILE"
        )
    scenario_file = read_scenarios(file)
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
    )
    _show_plan(trial)
    costs = any(model and not is_embedded(model) for model in (trial.protocol.subject, trial.protocol.judge))
    if not is_plan:
        if costs and not is_sure:
            click.confirm("Run it?", abort=True, err=True)
        if options.judge:
            get_model(options.judge, role="judge")
        get_model(options.subject, role="subject")
        write_trial(trial, draft, scenario_file)
    return trial


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


def _show_plan(trial: Trial) -> None:
    from avenant.trials.tasks import block_samples

    protocol = trial.protocol
    samples = [sample for index in range(len(protocol.blocks)) for sample in block_samples(trial, index)]
    prompt = sum(
        estimate_tokens(message.text) for sample in samples for message in sample.input if not isinstance(message, str)
    )
    calls = len(samples) * (2 if protocol.outcome == "margin" else 1)
    graded = sum((sample.metadata or {})["arm"] != "control" for sample in samples)
    judged = f", and {graded} calls of the judge {protocol.judge}" if protocol.judge else ""
    shown = "the whole document" if protocol.is_whole else f"lines {protocol.shown_from} to {protocol.shown_to}"
    out = console(is_error=True)
    out.print(
        f"Plan: {len(trial.scenarios)} scenarios in {len(protocol.blocks)} blocks; {len(samples)} samples, "
        f"about {calls} calls of {protocol.subject}{judged}; "
        f"the subject sees {shown} (about {protocol.document_tokens} tokens)."
    )
    if not is_embedded(protocol.subject):
        out.print(
            f"About {prompt / 1e6:.2f} million prompt tokens without a cache and up to "
            f"{len(samples) * protocol.max_tokens / 1e6:.2f} million reply tokens; the price is not known here."
        )


def _report(trial: Trial) -> Path:
    from avenant.trials.report import write_report
    from avenant.trials.results import read_result, write_result

    result = read_result(trial)
    write_result(trial, result)
    path = write_report(trial, result)
    _show_result(trial, result, path)
    return path


def _show_result(trial: Trial, result: Result, path: Path) -> None:
    from avenant.trials.summary import cautions, headline, number, plain_effect

    out = console()
    styles = {"helps": "green", "harms": "red", "no meaningful effect": "blue"}
    text = Text(headline(trial, result), style="bold")
    text.append(f"\n{result.verdict.reason}\n{plain_effect(trial, result)}", style="not bold")
    # Panels and paragraphs are wrapped, tables and paths are not.
    wrapping = Console(highlight=False)
    masked = Mask(tuple(trial.protocol.model_names), trial.protocol.placeholder)
    title = Text(masked(trial.protocol.title))
    wrapping.print(Panel(text, border_style=styles.get(result.verdict.word, "yellow"), title=title))
    for contrast in result.verdict.contrasts:
        out.print(Text(f"  {contrast.label:28} {number(contrast.estimate)}"))
    for line in cautions(trial, result):
        wrapping.print(Padding(Text(f"! {line}", style="dim"), (0, 0, 0, 2)))
    out.print(Text(f"\nReport: {shown_path(path)}"))
    out.print(Text(f"Logs:   inspect view --log-dir {shown_path(trial.logs)}"))
