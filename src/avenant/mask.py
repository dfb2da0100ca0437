"""The mask: the placeholder wherever a text or an id names a lab's models."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from avenant.specs.library import Spec
from avenant.text import UNTITLED, mask_names, slugify


@dataclass(frozen=True, slots=True)
class Mask:
    """Puts the placeholder where a model is named; called with a text, it gives the text that may be shown."""

    names: tuple[str, ...]
    """Real names of models, products and families."""
    placeholder: str
    kept: tuple[str, ...] = ()
    """What stays as it is though a name stands in it, such as a model's address in an error."""

    def __call__(self, text: str) -> str:
        """The text with the placeholder for every name, written with accents or without."""
        return self._apply(text, tuple(form for name in self.names for form in _spellings(name)), self.placeholder)

    def id(self, text: str) -> str:
        """The id of a section, a clause or a draft, in which names are written as ids have them."""
        slugs = tuple(slug for name in self.names if (slug := slugify(name)) != UNTITLED)
        return self(self._apply(text, slugs, slugify(self.placeholder)))

    def _apply(self, text: str, names: tuple[str, ...], placeholder: str) -> str:
        # What holds no name must not cut one in two.
        kept = [re.escape(one) for one in self.kept if mask_names(one, names, placeholder) != one]
        if not kept:
            return mask_names(text, names, placeholder)
        parts = re.split(f"({'|'.join(kept)})", text)
        return "".join(
            part if number % 2 else mask_names(part, names, placeholder) for number, part in enumerate(parts)
        )


def mask_for(spec: Spec, placeholder: str, *others: Spec) -> Mask:
    """The mask for what is shown of a document.

    Args:
        spec: the document.
        placeholder: the name that stands for its model.
        others: further releases whose words are shown beside it.
    """
    specs = (spec, *others)
    names = tuple(dict.fromkeys(name for one in specs for name in one.model_names))
    return Mask(names, placeholder)


def _spellings(name: str) -> tuple[str, ...]:
    """A name with its accents as one character, as two, and without them; a blank in it may be a hyphen."""
    composed, apart = (unicodedata.normalize(form, name) for form in ("NFC", "NFKD"))
    plain = apart.encode("ascii", "ignore").decode()
    # Of a name in another script nothing would be left, or a part that is no name.
    forms = (composed, apart, *((plain,) if len(plain) == len(composed) else ()))
    return tuple(dict.fromkeys(form.replace(" ", "-") for form in forms))
