"""`avenant ask`: a model interviewed on a document and a threat model; its opinion, never an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from avenant.amendments.amendment import Amendment, read_amendment
from avenant.canary import PROJECT_CANARY, canary_line
from avenant.cli.asking import Asking, open_asking, show_answers
from avenant.cli.interview_view import View, as_json, as_text
from avenant.cli.judging import ANSWERS
from avenant.cli.output import check_out, emit, out_option
from avenant.cli.progress import show_progress
from avenant.cli.show import print_text, workspace_mask
from avenant.coverage.catalogue import ThreatModel, find_threat, read_catalogue
from avenant.coverage.excerpt import Excerpt, make_excerpt
from avenant.coverage.interview import (
    REPEATS,
    Question,
    Stage,
    find_new,
    hold_interview,
    make_questions,
    read_interview,
)
from avenant.coverage.matrix import query_of
from avenant.errors import FormatError, SpecError
from avenant.mask import Mask
from avenant.models import context_tokens, estimate_tokens, is_embedded
from avenant.replies import KeptReplies
from avenant.specs.library import Spec, list_releases, list_spec_ids, read_spec
from avenant.text import replace_name
from avenant.workspace import Workspace, find_workspace

_TEMPERATURE = 1.0
"""As models are used: at 0 the repeats would be one and the same answer, and its noise would stay unseen."""
_MAX_TOKENS = 2000
"""Longest reply; a model that thinks first needs most of it for that."""
_EMBEDDED_MAX_TOKENS = 200
_EMBEDDED_ROOM = 1000
"""Tokens of a document that the embedded model is shown."""


@click.command("ask")
@click.argument("threat_id", metavar="THREAT")
@click.argument("spec_id", metavar="[SPEC|LAB]", required=False)
@click.option(
    "--model", metavar="MODEL", help="Who is asked: any Inspect model name. Default: the workspace's subject."
)
@click.option("--amendment", metavar="AMENDMENT", help="Ask as well what this draft's passage asks of the model.")
@click.option(
    "--repeats",
    type=click.IntRange(REPEATS),
    default=REPEATS,
    show_default=True,
    metavar="N",
    help=f"How often each question is asked, at least {REPEATS} times.",
)
@click.option("--document-tokens", type=click.IntRange(50), metavar="N", help="Cut the document to N tokens.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, other replies.")
@click.option("--price", nargs=2, type=click.FloatRange(0), metavar="IN OUT", help="Dollars per million tokens.")
@click.option("--yes", "-y", "is_sure", is_flag=True, help="Ask without a question back.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text: for people; json: for programs.",
)
@out_option("Write to a file.")
def ask_command(
    threat_id: str,
    spec_id: str | None,
    model: str | None,
    amendment: str | None,
    repeats: int,
    document_tokens: int | None,
    seed: int,
    price: tuple[float, float] | None,
    is_sure: bool,
    style: str,
    out: Path | None,
) -> None:
    """Ask a model whether a document covers a threat model: an opinion, never an outcome.

    The model is first asked what guidance would need to say, then shown the document and asked whether it is there and
    what is missing, and with --amendment what its passage asks. Each question is put several times, so that you see
    what it always says and what it said once. Its quotes are looked up. The document is sent as the lab published it;
    replies are kept in answers/, which git does not track, and are not paid for twice.

    Example: avenant ask intelligence-curse

    Example: avenant ask intelligence-curse anthropic --model anthropic/claude-haiku-4-5 --price 1 5

    Example: avenant ask epistemic-erosion --amendment mark-opinions --format json --out interview.json
    """
    workspace = find_workspace(Path.cwd())
    if out is not None:
        # Before the money is spent, not after it.
        check_out(out, workspace)
    draft = read_amendment(workspace.amendment_path(amendment)) if amendment is not None else None
    threat = find_threat(read_catalogue(workspace.folder("threats")), threat_id)
    spec = _choose_spec(workspace, spec_id, draft)
    model = model or workspace.defaults.subject
    excerpt = _make_excerpt(threat, spec, document_tokens or _room(model))
    max_tokens = _EMBEDDED_MAX_TOKENS if is_embedded(model) else _MAX_TOKENS
    asking = Asking(model, "model", max_tokens, temperature=_TEMPERATURE, price=price, is_sure=is_sure)
    passage = _passage_of(draft, spec) if draft else ""
    given = _hold(make_questions(threat, excerpt, passage), asking, workspace, repeats=repeats, seed=seed)
    interview = read_interview(threat, excerpt, given, passage)
    mask, slug = _mask_for(workspace, spec, draft), draft.slug if draft else ""
    _show(View(interview, spec, mask, model, _TEMPERATURE, seed, slug), style, out, workspace)


def _hold(
    questions: Sequence[Question], asking: Asking, workspace: Workspace, *, repeats: int, seed: int
) -> Mapping[Stage, tuple[str, ...]]:
    """Ask what is not answered yet, and give all replies."""
    replies = KeptReplies(workspace.root / ANSWERS)
    # Another temperature or seed is another reply.
    key = f"{asking.model} temperature={asking.temperature:g} seed={seed}"
    new = find_new(questions, replies, model=key, repeats=repeats)
    total = len(questions) * repeats
    with open_asking(asking, workspace, total, new) as ask, show_answers("asking", total) as show:
        return hold_interview(
            questions,
            lambda prompt, repeat: ask(prompt, seed=seed + repeat),
            replies,
            model=key,
            repeats=repeats,
            progress=show,
        )


def _mask_for(workspace: Workspace, spec: Spec, draft: Amendment | None) -> Mask:
    """The mask for all that is shown: a threat model and a reply may name other labs' models as well."""
    names = (*spec.model_names, *workspace_mask(workspace).names)
    return Mask(tuple(dict.fromkeys(names)), draft.placeholder if draft else workspace.defaults.placeholder)


def _choose_spec(workspace: Workspace, wanted: str | None, draft: Amendment | None) -> Spec:
    """The document that is meant: the one that is named, the draft's own, or the only lab's newest.

    Raises:
        SpecError: there is none, none of this id, more than one could be meant, or it has no clause.
    """
    specs = workspace.folder("specs")
    if wanted is None and draft is not None:
        wanted = draft.spec
    if wanted is None:
        labs = list(dict.fromkeys(one.split("/")[0] for one in list_spec_ids(specs)))
        if len(labs) > 1:
            raise SpecError("there is more than one document to ask about", mend=f"name one: {', '.join(labs)}")
        if not labs:
            raise SpecError("there are no documents in this workspace", mend="avenant spec add FILE --as lab/version")
        wanted = labs[0]
    spec = read_spec(specs, wanted if "/" in wanted else list_releases(specs, wanted)[-1])
    if not spec.document.clauses:
        raise SpecError(f"{spec.id} has no clause to ask about", path=spec.path, mend="take in a document with text")
    return spec


def _make_excerpt(threat: ThreatModel, spec: Spec, budget_tokens: int | None) -> Excerpt:
    """What the model is shown of a document; reading it for the ranking takes some seconds the first time."""
    with show_progress("reading the document") as show:
        return make_excerpt(
            spec, query_of(threat), budget_tokens=budget_tokens, count_tokens=estimate_tokens, progress=show
        )


def _passage_of(draft: Amendment, spec: Spec) -> str:
    """The words that a draft adds, under the document's own name for its model.

    Raises:
        FormatError: it adds none.
    """
    passages = [text for edit in draft.edits if (text := draft.passage_of(edit))]
    if not passages:
        raise FormatError(
            "the draft adds no words to ask about",
            path=draft.path,
            line=draft.section_lines.get("Passage"),
            mend="write the passage, or leave --amendment out",
        )
    text = "\n\n".join(dict.fromkeys(passages))
    return replace_name(text, draft.placeholder, spec.manifest.subject)


def _room(model: str) -> int | None:
    return _EMBEDDED_ROOM if is_embedded(model) else context_tokens(model)


def _show(view: View, style: str, out: Path | None, workspace: Workspace) -> None:
    if style == "json":
        emit(as_json(view), out, workspace)
    elif out is None:
        print_text(as_text(view).rstrip("\n"))
    else:
        emit(f"{as_text(view)}\n{canary_line(PROJECT_CANARY)}\n", out, workspace)
