from __future__ import annotations

from avenant.check.rules.other_amendment import find_other_amendment
from tests.check.scenario_files import find_in, make_scenario


def test_a_file_for_another_draft_is_found_at_its_key() -> None:
    assert find_in(find_other_amendment, make_scenario("one"), canary=None, amendment="ask-last") == [
        (1, "the file says that it is for 'ask-last'; by its name it is for 'ask-first'")
    ]


def test_its_own_draft_or_none_is_no_fault() -> None:
    assert find_in(find_other_amendment, make_scenario("one")) == []
    assert find_in(find_other_amendment, make_scenario("one"), amendment=None) == []
