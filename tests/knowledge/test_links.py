"""Links that open a source at the words quoted from it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Library
from knowledge.links import source_link
from knowledge.model import Citation, SentenceRef, items
from tests import factories

URL = "https://example.org/libya?a=1&b=2"
BRIEFING = factories.a_briefing()


def fragment(quote: str) -> str:
    """The text fragment of the link to *quote*."""
    link = source_link(BRIEFING, factories.a_citation(quote=quote))
    assert link.startswith(f"{URL}#:~:text=")
    return link.removeprefix(f"{URL}#:~:text=")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("The barrier will cost", "The%20barrier%20will%20cost"),
        ("one", "one"),
        (
            "one two three four five six seven eight",
            "%20".join("one two three four five six seven eight".split()),
        ),
        ("yes, and no", "yes%2C%20and%20no"),
        ("LNA-affiliated al-Fugaha", "LNA%2Daffiliated%20al%2DFugaha"),
        ("oil & gas", "oil%20%26%20gas"),
        ("€6 billion", "%E2%82%AC6%20billion"),
        ("“badly – for ever.”", "%E2%80%9Cbadly%20%E2%80%93%20for%20ever.%E2%80%9D"),
        ("non\u00a0breaking", "non%20breaking"),
        ("two  spaces", "two%20spaces"),
        ("#tag 50% a/b?c=d", "%23tag%2050%25%20a%2Fb%3Fc%3Dd"),
        ("خليفة", "%D8%AE%D9%84%D9%8A%D9%81%D8%A9"),
    ],
)
def test_a_short_quote_stands_whole_with_its_marks_encoded(quote: str, expected: str) -> None:
    """A comma, hyphen or ampersand is syntax within a text fragment."""
    assert fragment(quote) == expected


def test_a_long_quote_stands_by_its_two_ends() -> None:
    quote = "On 23 August, fighters attacked the LNA-controlled checkpoint, south of Sirte"
    start, end = fragment(quote).split(",")

    assert unquote(start) == "On 23 August, fighters"
    assert unquote(end) == "checkpoint, south of Sirte"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_a_fragment_has_no_bare_syntax_and_can_be_read_back(quote: str) -> None:
    found = fragment(quote)

    assert found.isascii()
    assert not set(found) & set(" &-#'\"<>\n")
    assert found.count(",") <= 1
    split = quote.split()
    if "," in found:
        start, end = (unquote(part).split(" ") for part in found.split(","))
        assert split[: len(start)] == start
        assert split[-len(end) :] == end
    else:
        assert unquote(found) == " ".join(split)


@pytest.mark.parametrize("field", ["published", "author", "publisher"])
def test_front_matter_links_to_the_source_itself(field: str) -> None:
    assert source_link(BRIEFING, factories.a_field_citation(field, "x")) == URL


def test_every_shipped_citation_has_a_link_whose_ends_are_in_its_sentence(libya: Library) -> None:
    for briefing in libya.briefings:
        url = briefing.article.front.source_url
        for item in items(briefing):
            for citation in item.citations:
                link = source_link(briefing, citation)
                assert urlsplit(link).scheme == "https"
                if not isinstance(citation, Citation):
                    assert link == url
                    continue
                text = " ".join(briefing.article.sentences[citation.ref].text.split())
                for part in link.removeprefix(f"{url}#:~:text=").split(","):
                    assert unquote(part) in text


def test_a_link_is_the_same_for_any_sentence_with_the_quote() -> None:
    first = Citation(BRIEFING.id, SentenceRef(1, 1), "fighters")
    second = Citation(BRIEFING.id, SentenceRef(1, 2), "fighters")

    assert source_link(BRIEFING, first) == source_link(BRIEFING, second)
