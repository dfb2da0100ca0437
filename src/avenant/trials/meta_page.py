"""The page of pooled trials, without any reference to the network, and the same as plain data."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from markupsafe import Markup

from avenant import __version__
from avenant.canary import canary_line
from avenant.files import write_text
from avenant.mask import Mask
from avenant.trials.contrasts import Contrast
from avenant.trials.estimate import Estimate
from avenant.trials.meta import BatteryPool, Group, Meta, PooledRow
from avenant.trials.meta_words import describe_cautions, describe_difference, describe_pool
from avenant.trials.picture import draw_effects
from avenant.trials.templating import open_templates

_TITLES = {
    "target": "On the target",
    "neighbour": "On neighbours, where the passage could be over-applied",
    "far": "Far from it, on ordinary requests",
}


def write_meta(path: Path, meta: Meta) -> None:
    """Write the page.

    Raises:
        FileError: it cannot be written.
    """
    write_text(path, render_meta(meta))


def render_meta(meta: Meta) -> str:
    """The page as HTML, under the placeholder's name throughout; `meta` has at least one group."""
    protocol = meta.groups[0].newest.protocol
    return (
        open_templates(is_html=True)
        .get_template("meta.html")
        .render(
            meta=meta,
            protocol=protocol,
            groups=[(group, _difference(meta, group), _sections(group)) for group in meta.groups],
            cautions=describe_cautions,
            masked=Mask(tuple(protocol.model_names), protocol.placeholder),
            canary=canary_line(protocol.canary),
            version=__version__,
        )
    )


def meta_data(meta: Meta, masked: Mask) -> dict[str, Any]:
    """The pooled trials as plain data; what was not measured is None.

    Args:
        meta: the pooled trials.
        masked: the mask for the amendment's name and for what is said of files.
    """
    return {
        "amendment": masked.id(meta.amendment),
        "canary": meta.groups[0].newest.protocol.canary if meta.groups else None,
        "groups": [_group_data(meta, group) for group in meta.groups],
        "left_out": [{"trial": one.folder.name, "reason": masked(one.reason)} for one in meta.left_out],
    }


def _difference(meta: Meta, group: Group) -> str:
    """What keeps a group from being pooled with the first; empty for the first."""
    return "" if group is meta.groups[0] else describe_difference(meta.groups[0], group)


def _sections(group: Group) -> list[tuple[str, Markup, list[str]]]:
    """Title, picture and sentences of each battery."""
    unit = group.newest.protocol.unit
    return [(_TITLES[pool.battery], _draw(group, pool), describe_pool(pool, unit)) for pool in group.pools]


def _draw(group: Group, pool: BatteryPool) -> Markup:
    """Nothing where no trial can be weighed."""
    if not pool.rows:
        return Markup("")
    protocol = group.newest.protocol
    contrasts = [_row_contrast(row) for row in pool.rows]
    notes = {
        row.study.trial.folder.name: f"weight {row.weight:.0%}{', outside' if row.is_outside else ''}"
        for row in pool.rows
    }
    pooled = pool.pooled
    if pooled.ci_low is not None:
        estimate = Estimate(pooled.mean, pooled.ci_low, pooled.ci_high, pooled.level, pooled.n, pooled.n, pooled.method)
        contrasts.append(Contrast(pool.battery, "Pooled", "random effects", estimate))
    if pooled.prediction_low is not None:
        estimate = dataclasses.replace(estimate, ci_low=pooled.prediction_low, ci_high=pooled.prediction_high)
        contrasts.append(Contrast("prediction", "A further trial", "prediction interval", estimate))
    return Markup(
        draw_effects(
            contrasts, margin=protocol.margin, side_margin=protocol.side_margin, unit=protocol.unit, notes=notes
        )
    )


def _row_contrast(row: PooledRow) -> Contrast:
    protocol = row.study.trial.protocol
    about = f"{row.estimate.families} families, {protocol.created[:10]}, {row.study.result.verdict.word}"
    return Contrast(row.study.trial.folder.name, row.study.label, about, row.estimate)


def _group_data(meta: Meta, group: Group) -> dict[str, Any]:
    return {
        "spec": group.spec,
        "spec_sha256": group.spec_sha256,
        "amendment_sha256": group.amendment_sha256,
        "outcome": group.outcome,
        "apart_for": _difference(meta, group) or None,
        "trials": [study.trial.folder.name for study in group.studies],
        "batteries": {pool.battery: _pool_data(pool) for pool in group.pools},
        "cautions": describe_cautions(group) if group.is_pooled else [],
    }


def _pool_data(pool: BatteryPool) -> dict[str, Any]:
    return {
        "pooled": dataclasses.asdict(pool.pooled),
        "trials": [
            {
                "trial": row.study.trial.folder.name,
                "subject": row.study.trial.protocol.subject,
                "judges": row.study.trial.protocol.judges,
                "seed": row.study.trial.protocol.seed,
                "verdict": row.study.result.verdict.word,
                "estimate": dataclasses.asdict(row.estimate),
                "standard_error": row.standard_error,
                "is_assumed": row.is_assumed,
                "weight": row.weight,
                "is_outside": row.is_outside,
            }
            for row in pool.rows
        ],
        "unweighed": list(pool.unweighed),
    }
