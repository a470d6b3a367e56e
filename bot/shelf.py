"""The library that answers now, and what draws its answers; both change at once."""

from __future__ import annotations

from collections.abc import Callable

from bot.render import Renderer
from knowledge import Library


class Shelf:
    """Holds the current library. Ask for it anew after each await."""

    def __init__(self, library: Library, renderer_for: Callable[[Library], Renderer]) -> None:
        self._renderer_for = renderer_for
        self._renderer = renderer_for(library)

    @property
    def library(self) -> Library:
        """What answers."""
        return self._renderer.library

    @property
    def renderer(self) -> Renderer:
        """What draws the answers of `library`."""
        return self._renderer

    def replace(self, library: Library) -> None:
        """Nothing; from here on *library* answers."""
        self._renderer = self._renderer_for(library)
