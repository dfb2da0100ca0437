"""What all pages share: the templates' environment."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from avenant import __version__
from avenant.canary import canary_line


def render_page(template: str, *, canary: str, **values: Any) -> str:
    """A page as HTML, every value escaped, with its canary in the head and at the foot.

    Args:
        template: name of a file in `templates/`.
        canary: the GUID of the draft, or the project's where the page belongs to none.
        values: what the template shows.
    """
    shown = _environment().get_template(template).render(version=__version__, canary=canary_line(canary), **values)
    return f"{shown}\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=PackageLoader("avenant.pages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
