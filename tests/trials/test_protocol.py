from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avenant.errors import FormatError
from avenant.trials.protocol import Outcome, Protocol, Stopping, read_protocol, verdict_rule, write_protocol
from tests.trials.materials import make_trial

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    return make_trial(tmp_path_factory.mktemp("protocol")).protocol


@given(
    title=TEXTS,
    names=st.lists(TEXTS, max_size=3),
    blocks=st.lists(st.lists(TEXTS, max_size=3), max_size=3),
    margin=st.floats(1e-9, 1e9),
    seed=st.integers(-(2**63), 2**63 - 1),
)
def test_a_protocol_reads_back_as_it_was_written(
    protocol: Protocol, title: str, names: list[str], blocks: list[list[str]], margin: float, seed: int
) -> None:
    given = dataclasses.replace(protocol, title=title, model_names=names, blocks=blocks, margin=margin, seed=seed)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "protocol.toml"
        write_protocol(path, given)
        assert read_protocol(path) == given


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [("seed = 1\n", "", "seed"), ("seed = 1\n", "seed = 1\nsede = 2\n", "sede")],
    ids=["missing", "unknown"],
)
def test_a_protocol_with_a_key_missing_or_unknown_is_refused(
    old: str, new: str, key: str, protocol: Protocol, tmp_path: Path
) -> None:
    path = tmp_path / "protocol.toml"
    write_protocol(path, protocol)
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new), encoding="utf-8")

    with pytest.raises(FormatError, match=f"keys missing or unknown: {key}\n") as caught:
        read_protocol(path)
    assert caught.value.faults[0].path == path


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("seed = 1\n", 'seed = "1"\n', "seed"),
        ("margin = 0.05\n", "margin = true\n", "margin"),
        ("is_whole = true\n", "is_whole = 1\n", "is_whole"),
        ('outcome = "judge"\n', "outcome = []\n", "outcome"),
    ],
)
def test_a_protocol_with_a_value_of_the_wrong_kind_is_refused(
    old: str, new: str, key: str, protocol: Protocol, tmp_path: Path
) -> None:
    path = tmp_path / "protocol.toml"
    write_protocol(path, protocol)
    before = path.read_text(encoding="utf-8")
    assert f"\n{old}" in before
    path.write_text(before.replace(f"\n{old}", f"\n{new}"), encoding="utf-8")

    with pytest.raises(FormatError, match=f"{key} is no "):
        read_protocol(path)


def test_the_rule_in_words_is_that_of_the_outcome() -> None:
    judged, margin = (" ".join(verdict_rule(outcome, 0.05, 0.1)) for outcome in ("judge", "margin"))

    assert "share of replies that obey the control" in judged
    assert "inverted" not in judged
    assert "amended minus inverted" in margin
    assert "nats per token" in margin
    assert "repeated scores differ" in margin


@pytest.mark.parametrize("stopping", ["fixed", "betting", "group-sequential"])
@pytest.mark.parametrize("outcome", ["judge", "preference"])
def test_every_judged_rule_says_that_broken_blinding_voids_a_rise(outcome: Outcome, stopping: Stopping) -> None:
    rule = verdict_rule(outcome, 0.05, 0.05, stopping)

    [at] = [at for at, line in enumerate(rule) if "blinding broken" in line]
    assert rule[at - 1].startswith("harms: the 95 % interval of the target")
    assert rule[at + 1].startswith("helps")
    assert not any("blinding" in line for line in verdict_rule("margin", 0.05, 0.1))
