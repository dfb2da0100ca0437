from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import marko
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.canary import canary_line, find_canaries
from avenant.trials.contents import gather_contents
from avenant.trials.design import Trial
from avenant.trials.markdown import draw_bars, escape, fence, render_markdown
from avenant.trials.results import Result
from avenant.trials.standing import Look
from tests.trials.made import fixed_trial, made_result, sequential_trial
from tests.trials.materials import make_trial, scenario_items, scenario_source

_HOSTILE = "<script>alert(1)</script> ``` \n# Heading\n[x](http://evil.example) @someone |a|b| Odile"


def _render(trial: Trial, result: Result) -> str:
    return render_markdown(trial, result, gather_contents(trial, result))


def _score(family: str, arm: str) -> float | None:
    if (family, arm) == ("neighbour-3", "placebo"):
        return None
    return 0.8 if arm == "amended" and family.startswith("target") else 0.5


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Trial, Result]:
    """A trial whose family names and replies hold markup."""
    items = [item | {"family": f"{item['family']} <b>|*x* @you"} for item in scenario_items()]
    trial = make_trial(tmp_path, scenarios=scenario_source(items))
    result = made_result(trial, lambda family, arm: 0.8 if arm == "amended" else 0.5)
    replies = tuple(dataclasses.replace(one, reply=_HOSTILE) for one in result.transcripts)
    return trial, dataclasses.replace(result, transcripts=replies)


def test_it_says_what_the_page_says(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    result = made_result(trial, _score)
    text = _render(trial, result)
    contents = gather_contents(trial, result)

    assert text.startswith(f"# {contents.headline}: Mark views as views\n")
    assert f"**{result.verdict.reason}** {contents.effect}" in text
    for standing in result.verdict.standings:
        assert standing.wide.mean is not None
        assert f"| {standing.wide.mean:+.3f} | {standing.wide.ci_low:+.3f} to {standing.wide.ci_high:+.3f} |" in text
    for line in [*contents.sensitivity_lines, *contents.tail_lines, *contents.summary, *contents.cautions]:
        assert escape(line) in text
    for one in contents.families:
        assert f"| {one.family} | {one.battery} | {'cannot tell' if one.mean is None else f'{one.mean:+.3f}'} |" in text
    assert trial.protocol.command in text
    assert f"\n{canary_line(trial.protocol.canary)}\n" in text
    assert find_canaries(text) == (trial.protocol.canary,)


def test_every_table_has_rows_as_wide_as_its_head(tmp_path: Path) -> None:
    trial = sequential_trial(tmp_path)
    text = _render(trial, made_result(trial, _score))
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)

    assert len(tables) >= 5
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table
        assert re.fullmatch(r"\|(?:-+:?\|)+", table.splitlines()[1]), table


def test_no_word_from_outside_is_markup(hostile: tuple[Trial, Result]) -> None:
    text = _render(*hostile)
    page = marko.convert(text)

    assert "<script" not in page
    assert "<b>" not in page
    assert "evil.example&quot;" not in page
    assert 'href="' not in page
    assert page.count("<h1>") == 1
    assert "<em>x</em>" not in page
    assert not re.search(r"@\w", re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)), "nobody is called"


def test_the_model_is_called_by_the_placeholder_alone(hostile: tuple[Trial, Result]) -> None:
    text = _render(*hostile)

    assert "odile" not in text.casefold()
    assert "Clément" in text


@given(st.text(alphabet="ab1 .-+#=*_`~[]()<>|\\&!@:/\n", max_size=40))
def test_escaped_text_comes_out_of_a_markdown_reader_as_it_went_in(text: str) -> None:
    shown = marko.convert(f"- {escape(text)}\n")
    plain = re.sub(r"</?(?:ul|li)>", "", shown)
    for entity, character in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}.items():
        plain = plain.replace(entity, character)

    assert plain.replace("\u200b", "").split() == text.split()


@given(st.text(alphabet="a`~ \n", max_size=60))
def test_a_fence_holds_whatever_stands_in_it(text: str) -> None:
    page = marko.convert(f"{fence(text)}\n\nafter\n")

    assert page.count("<pre>") == 1
    assert page.endswith("<p>after</p>\n")


def test_bars_of_all_batteries_share_their_ends(tmp_path: Path) -> None:
    standings = made_result(sequential_trial(tmp_path), _score).verdict.standings
    means = {"target": (0.1, 0.5), "neighbour": (0.0, -0.2), "far": ()}
    looked = tuple(
        dataclasses.replace(one, looks=tuple(Look("block-1", 4, mean, -1, 1) for mean in means[one.battery]))
        for one in standings
    )

    assert draw_bars(looked) == {"target": "▄█", "neighbour": "▃▁", "far": ""}


def test_a_trial_of_fixed_size_has_no_path(tmp_path: Path) -> None:
    trial = fixed_trial(tmp_path)
    assert "The path" not in _render(trial, made_result(trial, lambda family, arm: 0.5))
