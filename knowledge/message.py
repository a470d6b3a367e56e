"""A message cut up: what in it greets, tells and asks, and where one question follows another.

Reads marks and question words alone; it knows no store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from knowledge.article import sentences
from knowledge.kinds import is_tag, kind_of, opener_and_rest, split_setting
from knowledge.model import QuestionKind
from knowledge.text import fold, only_polite

_MARKS = "?؟"
_MARK = re.compile(f"[{_MARKS}]")
_STOPS = f".!{_MARKS} "
_LEADS = r"(?:(?:on|in|at|by|to|from|for|of|with|under|about) )?"
_ASKED_FOR = (
    r"(?:name|date|day|time|place|location|number|amount|sum|reason|purpose|topic|subject|toll)s? "
    r"(?:of|for)\b"
)
"""What (folded) is asked for by its own name, without a question word."""
_NAMED = re.compile(rf"(?:(?:the|its|his|her|their) |full |(?=names )){_ASKED_FOR}")
_PARTS = re.compile(
    r"(?:,|;| -|\.)? (?:and|but|or|plus|(?:also|then)(?! (?:do|did|has|have|had)\b)),? "
    rf"(?=(?:also )?{_LEADS}"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had)\b"
    rf"|(?:the|its|his|her|their) {_ASKED_FOR})"
    rf"|, (?={_LEADS}(?:who|whom|what|which|when|where|why|how)\b)"
    r"|,? et (?=(?:(?:à|a|de|avec|par|pour|dans|en) )?"
    r"(?:qui|quand|où|combien|pourquoi|comment|quoi|quel(?:le)?s?|est-ce)\b)"
    r"|,? ed? (?=(?:(?:a|di|con|da|per|in) )?"
    r"(?:chi|quando|dove|quant[oiae]|perch[eé]|come|cosa|qual[ei]?)\b)"
    r"|[,،]? و(?=(?:كم|متى|متي|أين|اين|وين|لماذا|كيف|ماذا|هل|قداش|امتى|علاش|شن|شنو|من هو|من هي)\b)",
    re.IGNORECASE,
)
"""Where one question ends and the next of the same sentence begins."""
_HEADING = re.compile(
    rf"(?:: | - | – )(?={_LEADS}(?:who|whom|whose|what|which|when|where|why|how)\b)", re.IGNORECASE
)
"""Where what a sentence is about ends and its first question begins."""
_TOPIC = re.compile(
    r"(?:the|an?|his|her|its|their|this|that|these|those) (?:[\w'’-]+ ){1,4}"
    r"(?:who|whom|whose|which|that|where)\b",
    re.IGNORECASE,
)
"""How what is named before a question opens, where a question word only says which is meant."""
_ASIDE = re.compile(
    r"(?:besides|apart from|aside from|other than|in addition to|along with)\b", re.IGNORECASE
)
"""How what is known already opens, where more is asked for."""
_RELATIONS = "on|in|to|about|for|at|with|from|by|after|before|during|of|the ones?"
_JOINT = re.compile(
    rf"(?P<joins>,? and (?:then )?|, )(?=(?P<opens>{_RELATIONS}) "
    r"(?!wh|particular|general|fact|turn|addition|short|return\b))",
    re.IGNORECASE,
)
"""Where of two things that one question asks about side by side the next begins."""
_END = re.compile(r"\.?$|[?؟:,;]|\. | - ")
"""What ends the last of several things."""
_WITHIN = re.compile(r"[?؟:;]|\. | - ")
"""What none of them has in it."""
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_LONGEST_THING = 100
"""Characters in which the opening of the first one is looked for."""
_MOST_THINGS = 6
_MOST_JOINTS = 24
"""Joints from which on a message lists something else."""
_MOST_WORDS, _MOST_LAST_WORDS = 8, 6
"""Words that one of them has, and that the last has: what follows it may belong to all."""
_AS_ONE = re.compile(
    r"\b(?:same|differ(?:ent|s)?|difference (?:in|of)|between|both|in common|\w+er than|longer"
    r"|shorter|larger|bigger)\b",
    re.IGNORECASE,
)
"""Words with which things are asked about together, not one by one."""
_EACH = re.compile(
    r"\b(?P<of>(?:on|in|at|for|to|by|with|from) )?each"
    r"(?: (?:of (?:them|these|those|the two|the three)(?: \w+)?|one|time|case|day|man|side))?\b",
    re.IGNORECASE,
)
"""What stands in a question for one after the other of several things."""
_LISTED = re.compile(
    rf"(?P<things>[^?؟:;.]+?)(?:,|:| -) (?P<asks>[^:;,]*{_EACH.pattern}[^:;,]*)$", re.IGNORECASE
)
"""Several things, and what is asked of each."""
_AND = re.compile(r",? and |, ", re.IGNORECASE)
_RELATION = re.compile(rf"(?:{_RELATIONS}) ", re.IGNORECASE)
_ORDERS = re.compile(
    r"(?:please )?(?:(?:give|describe|explain)\b"
    r"|(?:name|list|state|show|tell|say) (?:me|us|the|an?|all|any|every|each|both|one|some\w*|more"
    r"|this|that|these|those|its|his|her|their|our|your|who\w*|what|which|when|where|why|how"
    r"|if|whether|about|at least|two|three|four|five|\d+)\b)"
)
"""How (folded) a sentence opens that asks without a question word.

"State TV said so" and "Name calling went on" open with a noun, and tell."""


def orders(text: str) -> bool:
    """Whether *text* orders to tell, or is the name of what is wanted ("the date of the vote")."""
    folded = fold(text)
    return bool(_ORDERS.match(folded) or _NAMED.match(folded))


def without_greetings(text: str) -> str:
    """*text* without the sentences that only greet or plead; as it is if there are no others."""
    said = _sentences(text)
    kept = [s for s in said if not only_polite(fold(s))]
    return " ".join(kept) if kept and len(kept) < len(said) else text


def asking_and_telling(text: str) -> tuple[str, str]:
    """The sentences of *text* that ask, and the rest; all ask where none does so clearly."""
    said = _sentences(text)
    asking = _asking(said)
    rest = [s for s in said if s not in asking]
    return (" ".join(s for s in said if s in asking), " ".join(rest)) if rest else (text, "")


def heading_and_questions(text: str, most: int) -> tuple[str, list[str]]:
    """What stands in *text* before its questions and says what they are about, and these.

    At most *most* questions are cut off; the heading, which is none itself, may be empty.
    """
    asking = _MARK.split(_asking_and_orders(text))
    setting, asking[0] = split_setting(asking[0])
    head, *rest = _HEADING.split(asking[0], maxsplit=1)
    told = (asking_and_telling(text)[1], head.strip() if rest else "", setting.strip(" ,"))
    heading = " ".join(filter(None, told))
    bodies = [_HEADING.split(one, maxsplit=1)[-1] for one in asking]
    if not any(map(_PARTS.search, bodies)):
        bodies = asking
    found: list[str] = []
    for body in bodies:
        parts = [part.strip(" ,،;") for part in _PARTS.split(body)]
        while len(parts) > 1 and not _is_asked(parts[0]):
            heading = f"{heading} {parts.pop(0)}".strip()
        found += filter(None, parts)
    return heading, _completed(found[:most])


def _is_asked(part: str) -> bool:
    """Whether *part* of a sentence asks, and does not only name what the next one asks about.

    "The fighter who was kidnapped, what is his unit?" asks one thing.
    """
    only_named = "," not in part and (_TOPIC.match(part) or _ASIDE.match(part))
    return orders(part) or (kind_of(part) is not None and not only_named)


def of_each(text: str) -> list[str]:
    """*text* asked of each of the things that it asks about side by side; [] where it does not.

    Told by a preposition said again before each ("to whom and to what"), by "the one ... and the
    one ...", or by "each" after their names ("Ines and Tom, what did each say?"): two names with
    one preposition may be a single thing. A Yes or No without "each" is one to all.
    """
    listed = _LISTED.match(text)
    if listed and (found := _of_listed(listed["things"], listed["asks"])):
        return found
    if _AS_ONE.search(text) or kind_of(text) is QuestionKind.WHETHER:
        return []
    joints = list(_JOINT.finditer(text))
    if len(joints) > _MOST_JOINTS:
        return []
    for at in range(len(joints) - 1, -1, -1):
        if "and" in joints[at]["joins"] and (places := _things(text, joints[: at + 1])):
            things = [text[start:end] for start, end in places]
            return [f"{text[: places[0][0]]}{thing}{text[places[-1][1] :]}" for thing in things]
    return []


def _of_listed(things: str, asks: str) -> list[str]:
    """*asks*, in which "each" stands, of each of *things*, as they are listed; [] if it is one.

    Nor are they listed by name where a question word says when it was, or a preposition stands
    before a further one: "The mayor on the bridge and on the barrier".
    """
    names = [name.strip() for name in _AND.split(things) if name.strip()]
    if not 2 <= len(names) <= _MOST_THINGS or max(len(n.split()) for n in names) > _MOST_WORDS:
        return []
    if kind_of(things) is not None or any(map(_RELATION.match, names[1:])):
        return []
    return [_EACH.sub(partial(_instead, name), asks) for name in names]


def _instead(name: str, each: re.Match[str]) -> str:
    """*name* for "each", with the preposition that this has, once."""
    return each["of"] + _RELATION.sub("", name, count=1) if each["of"] else name


def _things(text: str, joints: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """From where to where in *text* the things stand that *joints* part, up to the last of these.

    All open with the same word; none is long. [] if it is not so.
    """
    opens = _opens(joints[-1])
    begins, ends = [joints[-1].end()], [joints[-1].start()]
    for joint in reversed(joints[:-1]):
        if _opens(joint) != opens or len(text[joint.end() : ends[0]].split()) > _MOST_WORDS:
            break
        begins.insert(0, joint.end())
        ends.insert(0, joint.start())
    before = text[max(0, ends[0] - _LONGEST_THING) : ends[0]]
    first = list(re.finditer(rf"\b{opens}s? ", before, re.IGNORECASE))
    end = _END.search(text, begins[-1])
    if first:
        begins.insert(0, ends[0] - len(before) + first[-1].start())
    else:
        del ends[0]
    if len(begins) < 2 or end is None or (opens == "to" and _FROM.search(text)):
        return []
    places = list(zip(begins, [*ends, end.start()], strict=True))
    sizes = [len(text[start:until].split()) for start, until in places]
    if max(sizes) > _MOST_WORDS or sizes[-1] > _MOST_LAST_WORDS or len(sizes) > _MOST_THINGS:
        return []
    return [] if any(_WITHIN.search(text, *place) for place in places) else places


def _opens(joint: re.Match[str]) -> str:
    return joint["opens"].casefold().removesuffix("s")


def _sentences(text: str) -> list[str]:
    """The sentences of *text*; one that only asks whether it is so goes with the one before."""
    found: list[str] = []
    for sentence in (s for line in text.splitlines() for s in sentences(line)):
        if found and is_tag(sentence):
            found[-1] = f"{found[-1].rstrip(_STOPS)}, {sentence}"
        else:
            found.append(sentence)
    return found


def _asking(said: Sequence[str]) -> set[str]:
    """Those of the sentences *said* that ask; all where none does so clearly."""
    marked = {s for s in said if s.rstrip().endswith(tuple(_MARKS))}
    return marked or {s for s in said if kind_of(s) is not None} or {*said}


def _asking_and_orders(text: str) -> str:
    """The sentences of *text* that ask or order to tell, the latter with a question mark."""
    said = _sentences(text)
    ordering = {s for s in said if _ORDERS.match(fold(s))}
    if not ordering:
        return asking_and_telling(text)[0]
    wanted = _asking(said) | ordering
    return " ".join(f"{s.rstrip(_STOPS)}?" for s in said if s in wanted)


def _completed(texts: Sequence[str]) -> list[str]:
    """*texts*; one that is a question word alone asks what the next one does."""
    found: list[str] = []
    rest = ""
    for text in reversed(texts):
        opener, said = opener_and_rest(text)
        if opener and not said and rest:
            found.append(f"{opener} {rest}")
        else:
            found.append(text)
            rest = said if opener else ""
    return found[::-1]
