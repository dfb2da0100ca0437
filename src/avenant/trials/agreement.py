"""How far several judges agree on the replies of a trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from avenant.statistics.agreement import Agreement, krippendorff_alpha

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog


def read_grades(log: EvalLog) -> list[dict[str, float]]:
    """Each graded reply's scores in [0, 1], by judge."""
    scores = [score for sample in log.samples or [] for score in (sample.scores or {}).values()]
    return [grades for score in scores if (grades := (score.metadata or {}).get("grades"))]


def find_agreement(judges: Sequence[str], grades: Iterable[Mapping[str, float]], *, seed: int) -> Agreement | None:
    """Krippendorff's alpha of the judges' grades, taken as distances; None where there is only one judge.

    Args:
        judges: Inspect names.
        grades: of each reply, by judge.
        seed: of the interval's bootstrap.
    """
    if len(judges) < 2:
        return None
    return krippendorff_alpha(
        [[given.get(judge) for judge in judges] for given in grades], metric="interval", seed=seed
    )
