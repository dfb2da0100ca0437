"""What a person read in both releases where `anchors_oracle` was wrong: old paragraph -> the new ones that it became.

Every paragraph that the method called edited or gone was read beside the new release, in all pairs of releases: 64 in
2025-04-11 -> 2025-09-12 and 83 in 2025-02-12 -> 2025-12-18.r2 among them. The rule: a paragraph became another where
the new one makes the same statement in the same role, in whatever words; where nothing in the new release does, it is
gone, even if a footnote tag of it lives on elsewhere. Paragraphs go by the first 12 digits of the SHA-256 of their
words (`anchors_blocks.Block.sha`); the documents themselves are not part of this repository.
"""

from __future__ import annotations

from collections.abc import Mapping

BY_EYE: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("2025-02-12", "2025-04-11"): {
        # The exception for white lies, turned round and moved below the examples.
        "540731cc5a69": ("2fd9ff289d6b",),
    },
    ("2025-04-11", "2025-09-12"): {
        # Its second sentence went into the next paragraph.
        "399ec1ff4ad6": ("6350e9a4df07", "266c627be9a1"),
        # One level of authority became two.
        "70acbef0e5fc": ("5ffbd19cab92", "d4695583abd3"),
        # Compliance with law, in new words.
        "cf4ccc6acc9c": ("fcd360e88617",),
        # Not split: the method took a short line elsewhere for a part.
        "853b8ea0b4e1": ("032d133ccc13",),
        # What may be shared went to one paragraph, what may not to another.
        "606fcfe3e059": ("7aafe72ba2bc", "bfd3a4ac47ab"),
        # The section on clarifying questions, rewritten paragraph by paragraph.
        "93a27ea0886b": ("62e23f5e981e",),
        "781ca7f3f0ba": ("48f059027bae",),
        "37eafc818378": ("ee3102d4dae6",),
        "90e29010fed8": ("e3bd73fe6476",),
        # Conversational questions, in new words in another section.
        "6b2faf57aafd": ("95005a4e45dc",),
    },
    ("2025-10-27", "2025-12-18"): {
        # The last sentence went into a new paragraph.
        "28b4761b17f3": ("d27818129291", "76ab16169b54"),
        # Pleasantries in one paragraph, white lies in the next.
        "64adee14f73b": ("b1b48d1fa6a3", "bc77c4b1f7e2"),
    },
    ("2025-02-12", "2025-12-18.r2"): {
        "399ec1ff4ad6": ("6350e9a4df07", "266c627be9a1"),
        "70acbef0e5fc": ("5ffbd19cab92", "d4695583abd3"),
        "cf4ccc6acc9c": ("fcd360e88617",),
        "853b8ea0b4e1": ("032d133ccc13",),
        "606fcfe3e059": ("7aafe72ba2bc", "a81cb97a85db"),
        # Merged into that paragraph, its end reworded.
        "2428e97d5417": ("a81cb97a85db",),
        "20d9ad931eb0": ("d27818129291", "76ab16169b54"),
        "540731cc5a69": ("b1b48d1fa6a3", "bc77c4b1f7e2"),
        "93a27ea0886b": ("62e23f5e981e",),
        "781ca7f3f0ba": ("48f059027bae",),
        "37eafc818378": ("ee3102d4dae6",),
        "90e29010fed8": ("e3bd73fe6476",),
        "6b2faf57aafd": ("95005a4e45dc",),
    },
}
"""By pair of releases: `sha` of an old paragraph -> of the new ones, none where it is gone."""
