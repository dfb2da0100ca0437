from __future__ import annotations

import pytest

from avenant.cli.progress import show_progress


def test_where_nobody_sees_the_bar_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("counting") as show:
        show(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with show_progress("counting") as show:
        show(2, 2)
    assert "counting" in capsys.readouterr().err
