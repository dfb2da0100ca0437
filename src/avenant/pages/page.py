"""What all pages share: the templates' environment."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from avenant import __version__


def render_page(template: str, **values: Any) -> str:
    """A page as HTML, every value escaped.

    Args:
        template: name of a file in `templates/`.
        values: what the template shows.
    """
    return _environment().get_template(template).render(version=__version__, **values) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=PackageLoader("avenant.pages"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
