"""unread-file: a file that is about to go online could not be read, so nobody knows what is in it.

Found by `avenant check --publish` alone: a file that is locked with a password, broken, or too large. It may hold
anything, and a scan that passed it over in silence would promise what it cannot keep.

Example: an archive with a password in the folder of a web site.

Instead: take it out of the folder, or publish what is in it as files that can be read.
"""

from __future__ import annotations

from avenant.check.rule import Rule

RULE = Rule("unread-file", "warning", "it may hold anything, the real name included", text=__doc__)
