"""Random-effects meta-analysis: several estimates of one effect, pooled, and how far they disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect over a population of studies, of which those given are a sample."""

    mean: float | None
    """None where nothing was given; with one estimate, that one."""
    ci_low: float | None
    """Of the mean; None with fewer than two estimates: nothing is pooled."""
    ci_high: float | None
    level: float
    n: int
    """Estimates."""
    weights: tuple[float, ...]
    """Share of each estimate in the mean, in the order given; they add up to 1."""
    tau: float | None
    """Standard deviation of true effects between studies, in the effect's own unit; None with fewer than two."""
    i_squared: float | None
    """Share of the spread between estimates that chance within studies does not explain, in [0, 1]."""
    q: float | None
    """Cochran's Q; about n - 1 where all studies have the same effect."""
    q_p_value: float | None
    """Chance of a Q as large where all have the same effect; says little with few studies."""
    prediction_low: float | None
    """Of the interval in which a new study's true effect would lie; None with fewer than three estimates."""
    prediction_high: float | None
    method: str


_METHOD = (
    "random effects, tau by Paule and Mandel; interval by Hartung, Knapp, Sidik and Jonkman, t with {df} df, "
    "never narrower than the plain one"
)
_ONE = "one estimate: nothing is pooled"
_TWO = "; two estimates: the interval has 1 df and is very wide, and how far true effects differ can hardly be told"


def pool_estimates(estimates: Sequence[float], errors: Sequence[float], *, level: float = 0.95) -> Pooled:
    """Pool estimates that are independent of each other.

    The prediction interval is mean +/- t with n - 2 df times sqrt(tau^2 + error^2). It is a rough guide: where true
    effects differ by no more than chance does within a study, it held a new effect in 84 to 95 % of simulated cases at
    a stated 95 %, while the interval of the mean held the mean in 94 to 100 %.

    Sources: Paule and Mandel 1982 (Journal of Research of the National Bureau of Standards 87(5)) for tau; Hartung and
    Knapp 2001 (Statistics in Medicine 20(24)) and Sidik and Jonkman 2002 (21(21)) for the interval, with the guard of
    Knapp and Hartung 2003 (22(17)): the factor is at least 1; Higgins and Thompson 2002 (21(11)) for I squared;
    Higgins, Thompson and Spiegelhalter 2009 (Journal of the Royal Statistical Society A 172(1)) for the prediction
    interval.

    Args:
        estimates: of the same effect in the same unit.
        errors: the standard error of each.
        level: of both intervals.

    Raises:
        ValueError: not as many errors as estimates, or an error that is not above 0.
    """
    if len(estimates) != len(errors):
        raise ValueError(f"{len(estimates)} estimates and {len(errors)} standard errors")
    if not all(0 < error < math.inf for error in errors):
        raise ValueError(f"a standard error is above 0 and finite: {list(errors)}")
    n = len(estimates)
    if n < 2:
        mean = estimates[0] if estimates else None
        method = _ONE if n else "no estimate"
        return Pooled(mean, None, None, level, n, (1.0,) * n, None, None, None, None, None, None, method)
    return _pool(estimates, [error**2 for error in errors], level)


def find_outside(
    estimates: Sequence[float], errors: Sequence[float], *, level: float = 0.95
) -> tuple[bool | None, ...]:
    """Which estimates lie farther from the others than chance and the others' own spread explain.

    Each is compared with the pooled mean of all others, by Student's t with one df fewer than there are others. Of
    estimates that belong together one in twenty is outside all the same, at a level of 0.95.

    Source: the deleted residual of Viechtbauer and Cheung 2010 (Research Synthesis Methods 1(2)), with t in place of
    the normal.

    Args:
        estimates: of the same effect in the same unit.
        errors: the standard error of each.
        level: below which no distance counts.

    Returns:
        One value each; None where there are not at least two others.

    Raises:
        ValueError: as `pool_estimates`.
    """
    n = len(estimates)
    if n < 3:
        return (None,) * n
    from scipy.special import stdtrit

    critical = float(stdtrit(n - 2, 0.5 + level / 2))
    outside = []
    for at in range(n):
        others = pool_estimates([*estimates[:at], *estimates[at + 1 :]], [*errors[:at], *errors[at + 1 :]], level=level)
        assert others.mean is not None
        assert others.ci_high is not None
        assert others.tau is not None
        spread = math.hypot((others.ci_high - others.mean) / critical, others.tau, errors[at])
        outside.append(abs(estimates[at] - others.mean) > critical * spread)
    return tuple(outside)


def _pool(estimates: Sequence[float], variances: Sequence[float], level: float) -> Pooled:
    from scipy.special import chdtrc, stdtrit

    n = len(estimates)
    tau_squared = _paule_mandel(estimates, variances)
    weights, mean, spread = _weighted(estimates, variances, tau_squared)
    error = math.sqrt(max(1.0, spread / (n - 1)) / math.fsum(weights))
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * error
    q = _weighted(estimates, variances, 0.0)[2]
    reach = None if n < 3 else float(stdtrit(n - 2, 0.5 + level / 2)) * math.sqrt(tau_squared + error**2)
    return Pooled(
        mean,
        mean - half,
        mean + half,
        level,
        n,
        tuple(weight / math.fsum(weights) for weight in weights),
        math.sqrt(tau_squared),
        max(0.0, 1 - (n - 1) / q) if q > 0 else 0.0,
        q,
        float(chdtrc(n - 1, q)),
        None if reach is None else mean - reach,
        None if reach is None else mean + reach,
        _METHOD.format(df=n - 1) + (_TWO if n == 2 else ""),
    )


def _paule_mandel(estimates: Sequence[float], variances: Sequence[float]) -> float:
    """The tau squared at which the weighted spread is n - 1, its expectation; 0 where it is less even without."""

    def excess(tau_squared: float) -> float:
        return _weighted(estimates, variances, tau_squared)[2] - (len(estimates) - 1)

    if excess(0.0) <= 0:
        return 0.0
    from scipy.optimize import brentq

    # The weighted spread is at most that around the plain mean over tau squared: here it is below its expectation.
    centre = math.fsum(estimates) / len(estimates)
    most = math.fsum((value - centre) ** 2 for value in estimates) / (len(estimates) - 1)
    return float(brentq(excess, 0.0, most, xtol=1e-15, rtol=1e-14))


def _weighted(
    estimates: Sequence[float], variances: Sequence[float], tau_squared: float
) -> tuple[list[float], float, float]:
    """Weights, weighted mean, and weighted sum of squares around it."""
    weights = [1 / (variance + tau_squared) for variance in variances]
    mean = math.fsum(w * value for w, value in zip(weights, estimates, strict=True)) / math.fsum(weights)
    return weights, mean, math.fsum(w * (value - mean) ** 2 for w, value in zip(weights, estimates, strict=True))
