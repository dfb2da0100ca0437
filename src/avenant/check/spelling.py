"""The ways to write a name's letters, and whether letters that stand in a text are the name or met by chance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from avenant.check.bare import MARKUP, plain_characters
from avenant.check.senses import is_other_word
from avenant.specs.library import Need, known_model_names, known_needs

_SQUEEZED = {
    **{code: None for code in range(128) if not chr(code).isalnum()},
    **str.maketrans("i0123456789", "lolzeasgtbg"),
}
"""Letters that are taken for each other, and digits for the letters that they are put for; the rest goes."""

_PAIRS = {"m": "rn", "w": "vv", "d": "cl"}
"""Letters that two others look like."""

_AT_SEAM = re.compile(rf"[-_.*`~/+{MARKUP}]{{0,3}}[ \t]?\n?[\t >#]{{0,4}}[-_*`{MARKUP}]{{0,2}}")
_BEFORE_DIGIT = re.compile(r"[-_ .]?")
_OF_MARKUP = re.compile(rf"[{MARKUP}*_`~^\\{{}}\[\]=]+|[-\\][ \t]*\r?\n[\s>#*/|]*|[\"'`]\s?[+.,&]?\s?[\"'`]")
_OF_SEPARATORS = re.compile(r"[^\w\s]{1,5}|[ \t]?[-·•*_/\\|+~'^=][ \t]?|[ \t]|_")
_BLOB = re.compile(r"(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])[A-Za-z0-9+/]{24}")
"""Letters and digits without end, of both cases, as in encoded data."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a name's letters."""

    name: str
    letters: str
    """Letters and digits in lower case."""
    needle: str
    """The same, squeezed."""
    within: str
    """Another spelling's needle that this one's has in it; where that is not, this one is not either."""
    capitals: tuple[int, ...]
    """Numbers of the letters that are capitals in the name, from 0."""
    seams: frozenset[int]
    """Numbers of the letters before which the name's own words part."""
    need: Need | None
    """What the name needs to be a model's."""
    can_join: bool
    """Whether no word has these letters in it by chance, but for those listed."""


def squeeze(text: str) -> str:
    """The letters and digits of a text in lower case, those that are taken for each other made one."""
    return (text if text.isascii() else "".join(filter(str.isalnum, text))).translate(_SQUEEZED)


@lru_cache(maxsize=16)
def spell_names(names: tuple[str, ...]) -> tuple[Spelling, ...]:
    """All ways to write the letters of some names."""
    needs = known_needs()
    known = set(known_model_names())
    written = [(name, *one) for name in dict.fromkeys(names) for one in _write(plain_characters(name))]
    needles = sorted({squeeze(letters) for _, letters, *_ in written}, key=len)
    return tuple(
        Spelling(
            name,
            letters,
            needle := squeeze(letters),
            next((other for other in needles if other in needle and other != needle), ""),
            capitals,
            seams,
            needs.get(name),
            name in known and name not in needs and _can_join(letters, seams),
        )
        for name, letters, capitals, seams in sorted(written, key=lambda one: len(one[1]))
    )


def _can_join(letters: str, seams: frozenset[int]) -> bool:
    # A part of one letter is met at the end of many a word: "pedalled" has DALL-E in it.
    return len(letters) - 1 not in seams and (len(letters) > 4 or set(letters).isdisjoint("aeiouy"))


def _write(name: str) -> Iterator[tuple[str, tuple[int, ...], frozenset[int]]]:
    """The name's letters, and again with pairs for letters that look like them; their capitals and seams."""
    numbers = [number for number, char in enumerate(name) if char.isalnum()]
    pairs = [number for number in numbers if name[number].lower() in _PAIRS and len(numbers) > 4][:3]
    for chosen in product((False, True), repeat=len(pairs)):
        paired = {number for number, is_paired in zip(pairs, chosen, strict=True) if is_paired}
        letters = ""
        capitals = []
        seams = []
        for number in numbers:
            char = name[number]
            before = name[number - 1 : number]
            if letters and (not before.isalnum() or (before.islower() and char.isupper())):
                seams.append(len(letters))
            if char.isupper():
                capitals.append(len(letters))
            letters += _PAIRS[char.lower()] if number in paired else char.lower()
        if letters:
            yield letters, tuple(capitals), frozenset(seams)


def stands_as_name(text: str, spelling: Spelling, places: Sequence[int]) -> bool:
    """Whether letters of a bare text are one name, by themselves, by what is between them and what is about them.

    Args:
        text: a bare text.
        spelling: whose letters they are.
        places: offset of each letter.
    """
    first, last = places[0], places[-1]
    if last - first > 8 * len(places):
        return False
    if len(places) < 3:
        return _stands_as_written(text, spelling.name, first, last + 1)
    gaps = _gaps(text, spelling, places)
    if gaps is None:
        return False
    is_whole = last - first + 1 == len(places)
    if gaps:
        is_place = _is_word(text, first, last, is_strict=True) and _is_split(text, spelling, places, gaps)
    else:
        is_place = _is_word(text, first, last) or (is_whole and spelling.can_join and _is_joined(text, first, last))
    return (
        is_place
        and _has_letters(text, spelling, places)
        and not (is_whole and _is_other_word(text, first, last))
        and (len(places) > 4 or _is_writing(text, spelling, places))
    )


def _stands_as_written(text: str, name: str, start: int, end: int) -> bool:
    """Whether a name of one or two letters stands on its own, in its own case."""
    # Variables of program text are not meant: "pack(o1) = pack(o2)".
    return (
        text[start:end] == name
        and re.search(r"(?:^|[\w,;:.!?)\"'-]\s+|\n\s*|^\s+|[\s(][\"'*`_(]{1,3})$", text[max(0, start - 4) : start])
        is not None
        and re.match(r"\w|\s?\)?\s?[=<>+*/&|%\[({]|[-.@:)]\w", text[end : end + 4]) is None
    )


def _is_other_word(text: str, first: int, last: int) -> bool:
    """Whether the letters are, or are part of, a listed word of another meaning."""
    run = _run_about(text, first, last)
    is_all = len(run) == last + 1 - first
    # "dalle" is a slab, but neither "DALLE" nor "dalle-2" is.
    if is_all and (run.isupper() or re.match(r"[-_]?\d|[-_][a-z]", text[last + 1 : last + 3])):
        return False
    return is_other_word(run)


def _is_writing(text: str, spelling: Spelling, places: Sequence[int]) -> bool:
    """Whether a short name's letters are in one case or in the name's own, and in no blob such as base64."""
    letters = "".join(text[place] for place in places if text[place].isalpha())
    own = all(text[places[number]].isupper() for number in spelling.capitals)
    is_even = letters.islower() or letters.isupper() or letters.istitle()
    return (is_even or own) and not _BLOB.search(text, max(0, places[0] - 24), places[-1] + 25)


def _has_letters(text: str, spelling: Spelling, places: Sequence[int]) -> bool:
    """Whether enough of the letters are the name's own, and the others are there to look like them."""
    count = len(places)
    pairs = [(letter, text[place]) for letter, place in zip(spelling.letters, places, strict=True)]
    swapped = [(letter, char) for letter, char in pairs if char.lower() != letter]
    if not swapped:
        return True
    if count < 4 or len(swapped) * 3 > count * 2 or (count == 4 and len(swapped) > 1):
        return False
    # A name with a version in it would be met in any number.
    if any(letter.isdigit() for letter, _ in pairs):
        return False
    first, last = places[0], places[-1]
    is_whole = last - first + 1 == count
    if not is_whole:
        # Formulas have single digits and letters in any order, and words an i for an l.
        is_few = len(swapped) * 3 <= count
        return is_few and spelling.need is None and all(char.isdigit() or char.isupper() for _, char in swapped)
    if all(char.isdigit() for _, char in swapped):
        return True
    # Within a longer word an i for an l is what words are made of: "godliest".
    is_alone = _is_word(text, first, last, is_strict=True)
    return is_alone and (spelling.need is None or all(char != "i" for _, char in swapped))


def _gaps(text: str, spelling: Spelling, places: Sequence[int]) -> list[str] | None:
    """What stands between letters where nothing would stand in a name; None where a version stands apart."""
    gaps = []
    for number in range(1, len(places)):
        gap = text[places[number - 1] + 1 : places[number]]
        is_version = spelling.letters[number].isdigit()
        seam = _BEFORE_DIGIT if is_version else _AT_SEAM
        if gap and not (number in spelling.seams and seam.fullmatch(gap)):
            if is_version:
                return None
            gaps.append(gap)
    return gaps


def _is_word(text: str, first: int, last: int, *, is_strict: bool = False) -> bool:
    """Whether a name begins and ends where words do; unless strict, words of an identifier too."""
    before, after = text[max(0, first - 1) : first], text[last + 1 : last + 2]
    begins = not _is_latin(before) or text[max(0, first - 2) : first - 1] == "\\"
    ends = not _is_latin(after) or re.match(r"[sdSD](?![A-Za-z])", text[last + 1 : last + 3]) is not None
    if text[last].isdigit() and after.isdigit():
        ends = False
    if is_strict:
        return begins and not before.isdigit() and ends and not after.isdigit()
    if not begins:
        begins = text[first].isupper() and (before.islower() or text[first + 1].islower())
    if not ends:
        ends = after.isupper() and (text[last].islower() or text[last + 2 : last + 3].islower())
    return begins and ends


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _is_joined(text: str, first: int, last: int) -> bool:
    """Whether a name is part of a word that somebody made with it: "claudebot".

    One letter more makes another name or a slip of the pen ("Claudel", "egpt"), and blobs of letters have everything
    in them.
    """
    extra = len(_run_about(text, first, last)) - (last + 1 - first)
    return 2 <= extra <= 20


def _run_about(text: str, first: int, last: int) -> str:
    """The run of letters that these characters are part of."""
    start, end = first, last + 1
    low, high = max(0, first - 30), min(len(text), last + 30)
    while start > low and _is_latin(text[start - 1]):
        start -= 1
    while end < high and _is_latin(text[end]):
        end += 1
    return text[start:end]


def _is_split(text: str, spelling: Spelling, places: Sequence[int], gaps: list[str]) -> bool:
    """Whether what stands between the letters was put there to part them."""
    count = len(spelling.letters)
    is_spaced = all(places[number] - places[number - 1] > 1 for number in range(1, count))
    if all(_OF_MARKUP.fullmatch(gap) for gap in gaps) and (count > 3 or not is_spaced or MARKUP in gaps[0]):
        return True
    if is_spaced:
        if count > 3:
            return all(len(gap) <= 6 for gap in gaps)
        # Three letters in a row are somebody's initials, or variables.
        return len(set(gaps)) == 1 and len(gaps[0]) == 1 and not _goes_on(text, places, gaps[0])
    if count < 4 or not all(_OF_SEPARATORS.fullmatch(gap) for gap in gaps):
        return False
    return (spelling.need is None and count > 4) or not any(gap.isspace() for gap in gaps)


def _goes_on(text: str, places: Sequence[int], gap: str) -> bool:
    """Whether further single letters stand before or behind in the same way."""
    before = text[max(0, places[0] - 3) : places[0]]
    after = text[places[-1] + 1 : places[-1] + 4]
    separator = re.escape(gap)
    return bool(
        re.search(rf"(?:^|[^A-Za-z])[A-Za-z]{separator}$", before)
        or re.match(rf"{separator}[A-Za-z](?![A-Za-z])", after)
    )
