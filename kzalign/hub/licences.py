"""The licences that a source may name: the Hub's identifiers, and Creative Commons' others.

The Hub refuses a card whose `license` is not in its list (huggingface_hub, issue 4218); licences of models and families
without a version are left out here, for they say nothing about a text.
"""

import difflib
import re
from collections.abc import Mapping

OTHER = "other"
UNKNOWN = "unknown"
MIXED = "mixed"

HUB = frozenset(
    """
    apache-2.0 mit afl-3.0 artistic-2.0 bsl-1.0 bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc0-1.0 cc-by-2.0 cc-by-2.5
    cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0
    cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0
    wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl-2.0 gpl-3.0 isc lgpl-2.1 lgpl-3.0 lppl-1.3c
    ms-pl mpl-2.0 odc-by odbl osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr
    """.split()
)
"""The Hub's identifiers as of May 2026."""

CREATIVE_COMMONS = {
    f"cc-{kind}-{version}": f"https://creativecommons.org/licenses/{kind}/{version}/"
    for kind in ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
    for version in ("2.0", "2.5", "3.0", "4.0")
} | {"cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/"}
"""Address of each; those that the Hub does not list are `other` in a card."""

SPDX = {"odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl", "c-uda-1.0": "c-uda", "lgpllr": "lgpl-lr"}
"""SPDX identifiers, in small letters, that the Hub writes otherwise."""


def identifier(name: str) -> str | None:
    """Returns the identifier, as the Hub writes it, of a licence that an SPDX or Hub identifier names; None if none does."""
    small = name.strip().lower()
    found = SPDX.get(small, small)
    return found if found in HUB or found in CREATIVE_COMMONS or found == OTHER else None


STATED = re.compile(
    r"creativecommons\.org/licenses/(?P<url>by(?:-nc)?(?:-nd|-sa)?)/(?P<at>\d\.\d)|(?P<zero>\bCC0\b|publicdomain/zero)|"
    r"\bCC[\s-]?BY(?P<short>(?:[\s-](?:NC|ND|SA))*)[\s-](?P<number>\d\.\d)|"
    r"Creative\s+Commons\W+Attribution(?P<long>[^\d]{0,60}?)\s*(?P<version>\d\.\d)",
    re.I,
)
"""How documents name a Creative Commons licence; without its version no licence is meant for sure."""

TERMS = (("nc", r"non[\s-]?commercial|\bnc\b"), ("nd", r"no[\s-]?deriv|\bnd\b"), ("sa", r"share[\s-]?alike|\bsa\b"))


def stated(text: str) -> str | None:
    """Returns the identifier of the Creative Commons licence that a text names with its version, None if it names none."""
    match = STATED.search(text)
    if not match:
        return identifier(text)
    if match["zero"]:
        return "cc0-1.0"
    terms = match["url"] or "-".join(
        ["by", *(name for name, word in TERMS if re.search(word, match["short"] or match["long"] or "", re.I))]
    )
    name = f"cc-{terms}-{match['at'] or match['number'] or match['version']}".lower()
    return name if name in CREATIVE_COMMONS else None


def nearest(name: str) -> str | None:
    """Returns the known identifier that is most like a name, None if none is."""
    near = difflib.get_close_matches(name.strip().lower(), sorted(HUB | CREATIVE_COMMONS.keys()), n=1, cutoff=0.6)
    return near[0] if near else None


def named(source: Mapping[str, str]) -> tuple[str, str]:
    """Returns the name of a source's licence and the address of its text; empty where the source does not say."""
    licence = source.get("licence", "")
    if licence == OTHER:
        return source.get("licence_name", OTHER), source.get("licence_url", "")
    return licence, CREATIVE_COMMONS.get(licence, "")
