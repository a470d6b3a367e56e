"""The shell of Briefing Bot: it receives, asks the library, renders, sends and remembers."""

__version__ = "0.1.0"
