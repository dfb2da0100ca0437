"""`avenant`: commands are loaded only when called, so that `--help` answers at once."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click

from avenant import __version__
from avenant.errors import AvenantError

_COMMANDS = {
    "init": ("avenant.cli.workspace", "Make a workspace: a folder of plain files."),
    "spec": ("avenant.cli.spec", "Take in and read the documents that labs publish."),
    "new": ("avenant.cli.amendment", "Write a new amendment, anchored, ready to fill."),
    "threats": ("avenant.cli.threats", "List the threat models, or show one in full."),
    "gaps": ("avenant.cli.gaps", "Show which threat models documents address, and which they leave open."),
    "find": ("avenant.cli.find", "Find what documents say on something, or count words in them."),
    "compare": ("avenant.cli.compare", "Put two documents side by side, by threat model and by topic."),
    "port": ("avenant.cli.port", "Draft an amendment to one document from a passage of another."),
    "stance": ("avenant.cli.stance", "Tell whether documents have formed a judgement on a claim."),
    "ask": ("avenant.cli.ask", "Ask a model whether a document covers a threat model: an opinion."),
    "check": ("avenant.cli.check", "Check drafts and their scenarios: names, anchors, form, substance."),
    "anchor": ("avenant.cli.anchor", "Choose where an edit goes, and write its anchor."),
    "diff": ("avenant.cli.change", "Show what an amendment changes."),
    "apply": ("avenant.cli.change", "Write the amended document."),
    "conflicts": ("avenant.cli.change", "Find drafts that get in each other's way, and combine the others."),
    "rebase": ("avenant.cli.rebase", "Carry drafts to a newer release of their document."),
    "adopted": ("avenant.cli.adopted", "See whether a newer release took a draft's words or idea."),
    "dossier": ("avenant.cli.dossier", "Gather an amendment into a folder: for the open web, or for the lab."),
    "log": ("avenant.cli.history", "Show how a lab's document changed from release to release."),
    "scenarios": ("avenant.cli.scenarios", "Draft, import, list, hold out and reveal scenarios."),
    "try": ("avenant.cli.trial", "Try an amendment: run the trial and reach a verdict."),
    "report": ("avenant.cli.trial", "Make a trial's report again from its stored results."),
    "trials": ("avenant.cli.trials", "List the trials, with verdicts and effects."),
    "meta": ("avenant.cli.trials", "Pool the trials of one amendment over subjects and seeds."),
    "label": ("avenant.cli.label", "Have people grade a trial's replies, blind, and correct the effect."),
    "model": ("avenant.cli.model", "Install the small model that Avenant embeds."),
    "demo": ("avenant.cli.demo", "Walk through everything on the example workspace."),
}


class _LazyGroup(click.Group):
    """A group whose commands' modules are imported when a command is called or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from rapidfuzz import process

            near = process.extractOne(args[0], list(_COMMANDS), score_cutoff=60)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="avenant")
def cli() -> None:
    """Improve the documents that say how AI models should behave.

    Draft an amendment under another name, anchor it in a lab's published document, and try it: a small, honest,
    randomised trial of a model with the document as it is and as amended.

    \b
    Begin with the example:    avenant demo my-demo
    Or with your own:          avenant init proposals
    Shell completion (bash):   eval "$(_AVENANT_COMPLETE=bash_source avenant)"
    """


def main() -> None:
    """Run the command line; errors are shown with their mend, without a traceback."""
    try:
        code = cli(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except AvenantError as error:
        from avenant.cli.show import mask_here

        click.echo(f"{'' if error.exit_code == 130 else 'error: '}{mask_here(str(error))}", err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        from avenant.cli.show import mask_here

        shown = io.StringIO()
        error.show(shown)
        click.echo(mask_here(shown.getvalue()), nl=False, err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
