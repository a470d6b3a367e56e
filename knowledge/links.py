"""Links into a source: a text fragment makes the page open at the quoted words.

Knows the fragment's syntax (WICG Scroll To Text Fragment), nothing of Telegram or HTML.
"""

from __future__ import annotations

from urllib.parse import quote

from knowledge.model import AnyCitation, Briefing, Citation

_WHOLE = 8
"""Words up to which a quote stands whole in the link; longer ones by their two ends."""
_END = 4


def source_link(briefing: Briefing, citation: AnyCitation) -> str:
    """The source's address, opening at the quote; the bare address for front matter."""
    url = briefing.article.front.source_url
    if not isinstance(citation, Citation):
        return url
    words = citation.quote.split()
    if len(words) <= _WHOLE:
        return f"{url}#:~:text={_encode(words)}"
    return f"{url}#:~:text={_encode(words[:_END])},{_encode(words[-_END:])}"


def _encode(words: list[str]) -> str:
    # A hyphen, comma or ampersand is syntax within a text fragment, so they are encoded too.
    return quote(" ".join(words), safe="").replace("-", "%2D")
