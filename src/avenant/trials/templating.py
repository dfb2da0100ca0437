"""The templates of pages and markdown that trials write."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@lru_cache(maxsize=2)
def open_templates(*, is_html: bool) -> Environment:
    """The templates; in HTML what comes from outside is escaped, in markdown the templates escape or fence it.

    Args:
        is_html: whether to escape.
    """
    return Environment(
        autoescape=is_html,
        loader=PackageLoader("avenant.trials"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
