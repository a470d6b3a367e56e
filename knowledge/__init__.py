"""A library of briefings: a question goes in, an outcome with citations comes out.

It has never heard of Telegram, subscribers, a clock or an event loop.
"""

from knowledge.answer import ask, explain, who
from knowledge.library import Library, load_library
from knowledge.links import source_link
from knowledge.problems import ContentError, Problem
from knowledge.rules import show

__all__ = [
    "ContentError",
    "Library",
    "Problem",
    "ask",
    "explain",
    "load_library",
    "show",
    "source_link",
    "who",
]
