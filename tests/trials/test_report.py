from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from avenant.canary import canary_line, find_canaries
from avenant.trials.design import Trial, read_trial
from avenant.trials.logs import finished_logs
from avenant.trials.report import render_report, write_report
from avenant.trials.results import Result, read_result
from tests.trials.materials import (
    AMENDMENT,
    DOCUMENT,
    make_amendment,
    make_trial,
    scenario_items,
    scenario_source,
    store_trial,
    with_edits,
)
from tests.trials.running import Run, run
from tests.trials.test_design import INSERTIONS

TITLE = "Mark <u>Odile's</u> views & tastes"
CANARY = "5e1c3f4e-7a9b-4b7e-9c55-0f2c6f3d8a11"


class Page(HTMLParser):
    """A page as a browser would take it apart."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """(tag, attribute, value)."""
        self.styles = ""
        self.text = ""
        self.added = ""
        """Text inside of <ins>."""
        self.taken = ""
        """Text inside of <del>."""
        self.head = ""
        """Text of the page's <header>."""
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in ("meta", "rect", "line", "circle"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            assert self._open[-1] == tag, f"<{self._open[-1]}> is closed by </{tag}>"
            self._open.pop()
        self.text += " " if tag in ("td", "th") else ""

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            self.styles += data
            return
        self.text += data
        self.added += data if "ins" in self._open else ""
        self.taken += data if "del" in self._open else ""
        self.head += data if "header" in self._open else ""


@pytest.fixture(scope="module")
def _hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trial, Result]:
    items = [item | {"family": f"{item['family']}<img src=x>"} for item in scenario_items()]
    for item in items:
        item["messages"] = [{"user": f"<b onclick='x'>Odile</b>, {turn['user']}"} for turn in item["messages"]]  # type: ignore[attr-defined]
    amendment = AMENDMENT.replace("title: Mark views as views", f'title: "{TITLE}"')
    source = scenario_source(items)
    trial = make_trial(
        tmp_path_factory.mktemp("hostile"), "scripted/hostile", amendment=amendment, scenarios=source, block_size=5
    )
    ran = run(store_trial(trial, amendment=amendment, scenarios=source))
    return ran.trial, ran.result


@pytest.fixture
def trial(_hostile: tuple[Trial, Result]) -> Trial:
    """A finished trial whose subject replies with markup, on scenarios and under a title that hold some."""
    return _hostile[0]


@pytest.fixture
def result(_hostile: tuple[Trial, Result]) -> Result:
    return _hostile[1]


@pytest.fixture
def source(trial: Trial, result: Result) -> str:
    return render_report(trial, result)


@pytest.fixture
def page(source: str) -> Page:
    return Page(source)


def test_nothing_in_the_page_refers_to_the_network(page: Page) -> None:
    assert not {"script", "img", "link", "iframe", "object", "embed", "base", "form", "a"} & set(page.tags)
    referring = [
        a for a in page.attributes if a[1] in ("src", "href", "srcset", "action", "data", "style", "xlink:href")
    ]
    assert referring == []
    addresses = [value for _, name, value in page.attributes if "//" in value and name != "xmlns"]
    assert addresses == []
    assert not re.search(r"url\(|@import|//", page.styles)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]


def test_markup_in_replies_scenarios_families_and_title_is_shown_as_text(source: str, page: Page) -> None:
    hostile = '<script>alert("x")</script><img src="http://evil.example/a.png">'

    assert hostile in page.text
    assert hostile not in source
    assert "names<img src=x>" in page.text
    assert "<b onclick='x'>Clément</b>, About" in page.text
    assert "Mark <u>Clément's</u> views & tastes" in page.head
    assert not {"u", "script", "img"} & set(page.tags)


def test_the_model_is_called_by_the_placeholder_alone(source: str, page: Page) -> None:
    assert not re.search("odile", source, re.IGNORECASE)
    assert "How Clément conducts itself > Talking with people" in page.head
    assert "When people ask for a view, Clément may give one" in page.text


def test_the_first_lines_have_the_verdict_with_its_reason_and_number(page: Page, result: Result) -> None:
    target = result.verdict.target

    assert page.head.index("Helps") < page.head.index("The target behaviour rises")
    assert f"On 6 target scenarios in 6 families the effect is {target.mean:+.3f}" in page.head
    assert f"(95% interval {target.ci_low:+.3f} to {target.ci_high:+.3f})" in page.head
    assert "A model that is trained on an amended document may behave otherwise" in page.head


def test_every_effect_and_every_arm_stands_with_its_numbers(page: Page, result: Result) -> None:
    for contrast in result.verdict.contrasts:
        estimate = contrast.estimate
        assert contrast.label in page.text
        assert f"{estimate.mean:+.3f} [{estimate.ci_low:+.3f}, {estimate.ci_high:+.3f}]" in page.text
    rows = " ".join(page.text.split())
    assert "baseline the document as it is 0.33 (6) 1.00 (4)" in rows
    assert "amended with the passage 1.00 (6) 1.00 (4)" in rows
    assert "control positive control: a plain rule 1.00 (8) not asked" in rows
    assert "scripted/hostile 4,400 0 308" in rows, "tokens read, from a cache, written"
    assert "scripted/judge 3,600 0 252" in rows


def test_method_and_origin_are_told(page: Page, trial: Trial) -> None:
    protocol = trial.protocol

    for line in protocol.rule:
        assert line in page.text
    for told in (protocol.subject, protocol.judge, protocol.spec, protocol.spec_sha256[:16], f"seed {protocol.seed}"):
        assert told in page.text
    assert "avenant try mark-views --subject scripted/hostile --judge scripted/judge" in page.text


def test_the_canary_is_in_the_page_and_crawlers_are_asked_to_leave(source: str, page: Page) -> None:
    assert f"{canary_line(CANARY)}\n" in page.text
    assert ("meta", "content", canary_line(CANARY)) in page.attributes
    assert find_canaries(source) == (CANARY,)
    assert ("meta", "content", "noindex, noai, noimageai") in page.attributes


def test_replies_stand_side_by_side_with_their_grades(page: Page, result: Result) -> None:
    first = result.transcripts[0].scenario
    shown = [t for t in result.transcripts if t.scenario == first]

    assert {"baseline", "amended", "placebo"} <= {t.arm for t in shown}
    for transcript in shown:
        assert f"{transcript.arm} · {transcript.value:.1f}{transcript.reply.replace('Odile', 'Clément')}" in page.text


def test_the_passage_stands_marked_in_its_place(page: Page) -> None:
    assert page.added.strip() == make_amendment().passage
    before, _, after = page.text.partition(page.added)
    assert before.rstrip().endswith("in as few words as the matter allows.")
    assert after.lstrip().startswith("Clément corrects its own mistakes")


@pytest.mark.parametrize("start", ["When someone errs, Odile", "What Odile"])
def test_the_passage_is_marked_whole_before_a_paragraph_that_begins_alike(
    start: str, tmp_path: Path, result: Result
) -> None:
    document = DOCUMENT.replace("Odile corrects", f"{start} corrects")
    page = Page(render_report(make_trial(tmp_path, document=document), result))

    assert page.added.strip() == make_amendment().passage


@pytest.mark.parametrize("shown", [{}, {"document_tokens": 200}, {"document_tokens": 200, "cut": "before"}])
@pytest.mark.parametrize("edit", INSERTIONS.values(), ids=INSERTIONS)
def test_an_inserted_passage_is_marked_wherever_it_goes(
    edit: dict[str, dict[str, str]], shown: dict[str, Any], tmp_path: Path, result: Result
) -> None:
    page = Page(render_report(make_trial(tmp_path, amendment=with_edits(edit), **shown), result))

    assert page.added.strip() == make_amendment().passage
    assert page.taken == ""


@pytest.mark.parametrize("shown", [{}, {"document_tokens": 200}, {"document_tokens": 200, "cut": "before"}])
@pytest.mark.parametrize(
    "quote",
    [
        "explains the others where they first stand in a reply",
        "Clément keeps to plain words, and explains the others where they first stand in a reply.",
        "This document is revised every autumn by the people who look after Clément.",
    ],
    ids=["words", "a clause", "the last clause"],
)
@pytest.mark.parametrize("action", ["replace", "delete"])
def test_words_that_are_taken_out_are_marked(
    action: str, quote: str, shown: dict[str, Any], tmp_path: Path, result: Result
) -> None:
    source = scenario_source(placebos=["Other words."])
    amendment = with_edits({action: {"quote": quote}})
    page = Page(render_report(make_trial(tmp_path, amendment=amendment, scenarios=source, **shown), result))

    assert "Clément is an assistant that helps people" not in page.text, "only what is near is shown"
    if action == "delete":
        assert " ".join(page.taken.split()) == quote
        assert page.added.strip() == ""
    else:
        kept = [word for word in quote.split() if word not in page.taken]
        assert len(kept) <= 4, "a word that both texts have may stay"
        assert "Readers can then tell a view from a fact" in page.added


def test_the_placebo_is_shown_whole_before_a_paragraph_that_begins_alike(tmp_path: Path, result: Result) -> None:
    source = scenario_source(placebos=["Odile corrects nothing here."])
    page = Page(render_report(make_trial(tmp_path, scenarios=source), result))

    assert "Placebo, for example: “Clément corrects nothing here.”" in page.text


def test_an_unfinished_trial_says_so_in_its_first_lines(finished: Trial) -> None:
    for block in ("block-2", "block-3"):
        finished_logs(finished)[block].unlink()

    page = Page(render_report(finished, read_result(finished)))

    assert "Unfinished: 1 of 3 blocks are done." in page.head
    assert "--resume" in page.head
    assert "1 of 3 blocks finished" in page.text


def test_a_finished_trial_does_not_say_that_it_is_unfinished(page: Page) -> None:
    assert "Unfinished" not in page.text
    assert "2 of 2 blocks finished" in page.text


def test_the_report_made_again_has_the_same_bytes(finished: Trial) -> None:
    first = write_report(finished, read_result(finished)).read_bytes()

    trial = read_trial(finished.folder)
    again = write_report(trial, read_result(trial))

    assert again == finished.folder / "report.html"
    assert again.read_bytes() == first


def test_what_was_not_measured_is_not_a_number(run_scripted: Run) -> None:
    ran = run_scripted("refusing", block_size=100)
    page = Page(render_report(ran.trial, ran.result))
    rows = " ".join(page.text.split())

    assert "This trial cannot tell" in page.head
    assert "Nothing was measured." in page.head
    assert "amended with the passage cannot tell (6) cannot tell (4)" in rows
    assert "Arm Replies no reply refused truncated judge failed failed" in rows
    assert "amended 10 0 10 0 0 0" in rows


def test_where_every_reply_has_a_score_it_says_so(page: Page) -> None:
    assert "Every reply has a score." in page.text
    assert "What became of" not in page.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"is_whole": False, "shown_from": 3, "shown_to": 9}, "the subject saw lines 3 to 9 of atelier/2026-09-01"),
        ({"subject": "embedded/smollm2-135m-instruct"}, "Helps, on the embedded model"),
        ({"subject": "embedded/smollm2-135m-instruct"}, "It is far too small to speak for any lab's model"),
        ({"outcome": "margin"}, "No reply was judged."),
    ],
)
def test_what_a_reader_must_know_first_stands_in_the_first_lines(
    change: dict[str, object], told: str, trial: Trial, result: Result, page: Page
) -> None:
    other = dataclasses.replace(trial, protocol=dataclasses.replace(trial.protocol, **change))  # type: ignore[arg-type]

    assert told in Page(render_report(other, result)).head
    assert told not in page.head


def test_every_word_of_the_verdict_has_its_own_heading(trial: Trial, result: Result) -> None:
    def heading(word: str) -> str:
        verdict = dataclasses.replace(result.verdict, word=word)  # type: ignore[arg-type]
        found = re.search(
            r'<p class="word">(.*?)</p>', render_report(trial, dataclasses.replace(result, verdict=verdict))
        )
        assert found is not None
        return found[1]

    words = ("helps", "harms", "no meaningful effect", "cannot tell")
    assert [heading(word) for word in words] == ["Helps", "Harms", "No meaningful effect", "This trial cannot tell"]
