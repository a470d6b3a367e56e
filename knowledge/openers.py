"""Words that tell what kind of thing a question asks for: openers of questions, in six languages.

Data on English, French, Italian, Arabic, Libyan and its letters in Latin script, none about any
briefing. Words are given as `text.fold` leaves them.
"""

from __future__ import annotations

from knowledge.model import QuestionKind

_CAUSES = (
    *("made", "makes", "caused", "causes", "led", "drove", "persuaded", "motivated"),
    *("pushed", "justifies"),
)
"""Verbs with which "what" asks for a reason."""
_MAKINGS = ("makes up", "made up")
"""Verbs that open like one of these and ask for none."""
_PLACES = ("places", "cities", "towns", "areas", "regions", "locations")
QUESTION_OPENERS: tuple[tuple[str, QuestionKind], ...] = (
    ("how many", QuestionKind.HOW_MANY),
    ("how much", QuestionKind.HOW_MANY),
    ("how often", QuestionKind.HOW_MANY),
    ("how far", QuestionKind.HOW_MANY),
    ("how long", QuestionKind.HOW_MANY),
    ("what number", QuestionKind.HOW_MANY),
    ("number of", QuestionKind.HOW_MANY),
    ("what date", QuestionKind.WHEN),
    ("which date", QuestionKind.WHEN),
    ("what day", QuestionKind.WHEN),
    ("which day", QuestionKind.WHEN),
    ("what month", QuestionKind.WHEN),
    ("what year", QuestionKind.WHEN),
    ("what time", QuestionKind.WHEN),
    ("what hour", QuestionKind.WHEN),
    ("which month", QuestionKind.WHEN),
    ("which year", QuestionKind.WHEN),
    ("date of", QuestionKind.WHEN),
    ("when", QuestionKind.WHEN),
    ("what place", QuestionKind.WHERE),
    ("what area", QuestionKind.WHERE),
    ("which area", QuestionKind.WHERE),
    ("what city", QuestionKind.WHERE),
    ("which city", QuestionKind.WHERE),
    ("what town", QuestionKind.WHERE),
    ("which town", QuestionKind.WHERE),
    ("which place", QuestionKind.WHERE),
    ("what location", QuestionKind.WHERE),
    ("which location", QuestionKind.WHERE),
    ("what region", QuestionKind.WHERE),
    ("which region", QuestionKind.WHERE),
    ("whereabouts", QuestionKind.WHERE),
    *((f"{which} {what}", QuestionKind.WHERE) for which in ("what", "which") for what in _PLACES),
    ("location of", QuestionKind.WHERE),
    ("where", QuestionKind.WHERE),
    ("what reason", QuestionKind.WHY),
    ("which reason", QuestionKind.WHY),
    ("reason for", QuestionKind.WHY),
    ("what purpose", QuestionKind.WHY),
    ("purpose of", QuestionKind.WHY),
    *((f"what {verb}", QuestionKind.WHAT) for verb in _MAKINGS),
    *((f"what {verb}", QuestionKind.WHY) for verb in _CAUSES),
    ("how come", QuestionKind.WHY),
    ("what for", QuestionKind.WHY),
    ("on what grounds", QuestionKind.WHY),
    ("why", QuestionKind.WHY),
    ("which person", QuestionKind.WHO),
    ("what person", QuestionKind.WHO),
    ("who", QuestionKind.WHO),
    ("whose", QuestionKind.WHO),
    ("whom", QuestionKind.WHO),
    ("list", QuestionKind.LIST),
    ("which", QuestionKind.WHICH),
    ("what", QuestionKind.WHAT),
    ("how", QuestionKind.HOW),
    ("whens", QuestionKind.WHEN),
    ("wheres", QuestionKind.WHERE),
    ("whos", QuestionKind.WHO),
    ("whats", QuestionKind.WHAT),
    ("hows", QuestionKind.HOW),
    *((f"wen {verb}", QuestionKind.WHEN) for verb in "did was is were do does will has".split()),
    *(
        (opener, kind)
        for kind, openers in (
            (
                QuestionKind.HOW_MANY,
                "كم|قداش|قديش|كام|كم عدد|ما عدد|عدد|ما حصيله|حصيله|ما المسافه|كم مره|"
                "كم يبعد|كم تبعد|"
                "combien|quel nombre|quel est le nombre|quelle distance|quelle est la distance|"
                "quelle est la duree|quelle a ete la duree|quel intervalle|quel delai|nombre de|"
                "quanti|quante|quanto|quanta|qual e il numero|numero di|gaddash|gedash|geddash|"
                "gadesh|gaddesh|gedesh|9addash|9adash|9addesh|9adesh|9adech|kam|kaddash|qaddech",
            ),
            (
                QuestionKind.WHEN,
                "متي|امتي|ايمتي|وقتاش|في اي تاريخ|ما تاريخ|ما التاريخ|ما موعد|موعد|اي تاريخ|"
                "في اي يوم|اي يوم|اي شهر|اي سنه|اي عام|ما اليوم|ما التوقيت|انهو يوم|تاريخ|"
                "quand|quelle date|quelle est la date|quel jour|quel mois|quelle annee|"
                "quel moment|quelle heure|date de|quando|che data|quale data|qual e la data|"
                "quand'e|che giorno|quale giorno|che mese|che anno|data di|data del|"
                "emta|imta|mta|amta|wa9tash|waqtash|wagtash|waktash|wa9tech|wa2tash",
            ),
            (
                QuestionKind.WHERE,
                "اين|وين|فين|منين|لوين|في اي مكان|اي مكان|ما مكان|مكان|ما موقع|اي موقع|"
                "في اي مدينه|اي مدينه|ما المدينه|انهي مدينه|اي منطقه|ما المنطقه|انهي منطقه|"
                "ou|ou est|ou se|d'ou|quelle ville|quel endroit|quel lieu|quelle region|"
                "quel secteur|lieu de|dove|dov'e|quale citta|che citta|quale luogo|che luogo|"
                "quale regione|quale zona|luogo di|"
                "win|wayn|wen|ween|wein|weyn|fin|fein|mneen|menin",
            ),
            (
                QuestionKind.WHY,
                "لماذا|لماذ|علاش|ليش|ليه|لم|ما سبب|سبب|لاي سبب|ما الغايه|ما الهدف|ما الغرض|الغرض|"
                "pourquoi|quelle raison|quel but|quel objectif|quel motif|"
                "perche|quale motivo|che motivo|quale ragione|quale scopo|che scopo|"
                "3lash|3alash|3lech|3lach|3leh|alech|lesh|leesh|lech|lyesh",
            ),
            (
                QuestionKind.WHO,
                "من هو|من هي|من هم|من الذي|من|مين|منو|شكون|منهو|qui|chi|meno|menu|mnu|"
                "shkoun|chkoun|shkun",
            ),
            (
                QuestionKind.WHICH,
                "اي|ايه|انهي|انو|انهو|quel|quelle|quels|quelles|lequel|laquelle|quale|quali|"
                "anhi|anhou",
            ),
            (
                QuestionKind.WHAT,
                "ماذا|ما هو|ما هي|ما|شن|شنو|شني|شنهي|شنهو|que|quoi|qu'est-ce|qu|"
                "che cosa|che|cosa|cos'e|shnu|"
                "shinu|chnou|chnowa|shen|shini",
            ),
            (QuestionKind.HOW, "كيف|كيفاش|comment|come|kif|kifash|keefash"),
        )
        for opener in sorted(openers.split("|"), key=len, reverse=True)
    ),
)
"""What a question asks for by the phrase that opens it."""

WHETHER_OPENERS = tuple(
    """is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|should|shall|may|might|must|
    isn't|aren't|wasn't|weren't|don't|doesn't|didn't|hasn't|haven't|hadn't|won't|wouldn't|can't|
    couldn't|shouldn't|isnt|wasnt|didnt|doesnt|est|etait|a t|y a t|ont ils|ont elles|e vero|
    e corretto|e giusto|هل|hal""".replace("\n    ", "").split("|")
)
"""How a question opens that is to be answered with Yes or No."""

TAGS = (
    r"(?:\b(?:(?:is (?:it|that|this) )?(?:right|correct|true|so)|yes or no|or not|isn't it|"
    r"wasn't it|didn't (?:he|she|they|it)|"
    r"non|n'est[- ]ce pas|c'est ca|c'est bien ca|vero|giusto|no|صح|صحيح|ولا لا|والا لا|ام لا|"
    r"sa7|9a7|s7i7|9a7i7|wella la|walla la|wala la))\W*[?؟]\W*$"
)
"""How a statement closes that asks whether it is so."""
TAG_ENDS = tuple(
    """right correct true so no not it he she they non pas ca vero giusto صح صحيح لا
    sa7 9a7 s7i7 9a7i7 la""".split()
)
"""What stands before the signs at the end of whatever closes so."""

_SAY = (
    r"(?:say|write|state|report|claim|think|assume|conclude|print|believe|suppose|infer"
    r"|tell \w+(?: \w+)?)"
)
SO_OPENS = "so|and|but|ok|okay|well|hi|hey|hello|also|then|now|please"
"""What may stand before a frame of ASKS_IF_SO."""
ASKS_IF_SO = (
    r"is(?:n't|n’t)? it (?:really |actually |also |indeed )?(?:true|correct|right|accurate|the case"
    rf"|a fact|fair|safe|so|known)(?: to {_SAY})?(?: that)?"
    rf"|would it be (?:true|correct|right|accurate|fair|safe|ok|okay)(?: to {_SAY})?(?: that)?"
    rf"|(?:am|are) (?:i|we) (?:right|correct)(?: to {_SAY}| in \w+ing)?(?: that)?"
    r"|(?:can|could|may|would) you (?:please )?confirm(?: that| whether| if)?"
    r"|please confirm(?: that| whether| if)?"
    rf"|(?:can|could|may|should) (?:i|we) (?:safely )?{_SAY}(?: that)?"
    r"|would you say(?: that)?|could it be(?: true)? that"
    r"|is there any truth (?:in|to) (?:the \w+ |it |claims? |reports? )?that"
    r"|(?:do|did) (?:i|we) (?:understand|read|hear|get) (?:it |this |that )?(?:right|correctly)"
    r"[,:]?(?: that)?"
    r"|(?:someone|somebody|a friend|my \w+|people|they|the news)"
    r" (?:told me|tells me|claims?|claimed|says?|said|insists?)(?: that)?"
    r"|i (?:heard|read|thought|understand|was told|am told|assume|take it|gather)(?: that)?"
    r"|i'm told(?: that)?"
    r"|est-ce (?:vrai|exact) qu[e'’]|c'est vrai qu[e'’]|est-il (?:vrai|exact) qu[e'’]"
    r"|(?:è|e'?) (?:vero|corretto|esatto) che"
    r"|هل صحيح (?:أن|ان|أنه|إن)|صحيح (?:أن|ان|إن)|هل من الصحيح (?:أن|ان)"
)
"""How a question opens that frames a claim and asks whether it is so; as it is written."""
SO_TAGS = (
    r"(?:is|was|would) (?:that|this|it) (?:be )?(?:right|correct|true|so|accurate|the case|a fact"
    r"|a fair (?:reading|summary)|fair)"
    r"|am i (?:right|correct)|(?:correct|true|right|yes)(?: or (?:no|not|false|wrong))?"
    r"|yes or no(?: is (?:enough|fine))?|or (?:not|am i wrong|no)"
    r"|as (?:someone|somebody|people|they) (?:told me|say|said)|i (?:believe|think|suppose|guess)"
    r"|(?:did|was|were|is|are|has|have|had|do|does|would|will|could|can)n['’]?t"
    r" (?:he|she|it|they|we|there)"
)
"""How a framed claim closes; as it is written."""

SETTING = (
    r"(?:(?:and|but|so|well|ok),? )?"
    r"(?:when|where|while|after|before|once|since|as|if|because|although|though) "
    r"(?!(?:is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|should|shall|may|"
    r"might|must|isnt|wasnt|didnt|exactly|in|on|at|of|and|or)\b)[^?؟,.!:;]+, "
    r"(?=(?:(?:on|in|at|by|to|from|for|of|with|under|about) )?"
    r"(?:(?:who|whom|whose|what|which|when|where|why|how)\b"
    r"(?! (?:i|you|he|she|it|we|they|the|an?|his|her|its|their|this|that|these|those)\b)"
    r"|(?:is|are|was|were|do|does|did|has|have|had|will)\b))"
)
"""A clause before the question proper that says when, or on what condition; it asks nothing.

"When she had left, who took the chair?" asks who, and "When was it?" when. What follows is no
clause itself: "when she left, what she took"."""

_SAYS = {
    "en": "says?|said|has said|claims?|states|stated|has stated|reports|reported|has reported|"
    "asserts?|asserted|alleges?|alleged|affirms?|affirmed|maintains?|maintained",
    "fr": "dit|affirme|declare|rapporte|soutient|soutenu|pretend|pretendu",
    "it": "dice|detto|afferma|affermato|dichiara|dichiarato|riferisce|riferito|sostiene|sostenuto",
    "ar": "قال|يقول|قالت|تقول|ذكر|ذكرت|صرح|صرحت|افاد|افادت",
}
BY_WHOM = (
    rf"(?:who|which (?:source|side|party|outlet|spokesman|spokesperson|(?:news )?agency)) "
    rf"(?:(?:is|was) it (?:that|who) )?(?:exactly |actually )?(?:{_SAYS['en']})\b(?! what\b)",
    r"whose (?:word|claim|figure|version|statement|wording|phrase) (?:is|was)\b",
    r"whose (?:account|word|authority)\b",
    rf"qui (?:l'|le )?(?:a )?(?:{_SAYS['fr']})\b",
    rf"chi (?:lo |l')?(?:ha )?(?:{_SAYS['it']})\b",
    rf"و?(?:من|شكون|منو|مين) (?:الذي |اللي )?(?:{_SAYS['ar']})\b",
    r"(?:shkoun|chkoun|meno|menu|mnu) (?:elli |li )?(?:gal|gall|9al|qal|ygoul|yegoul)\b",
)
"""How a question opens that asks whose word something is, not who did it."""
ACCORDING = (
    r"according to (?:whom|who|which|what)\b",
    r"(?:d'apres|selon) (?:qui|quel)",
    r"secondo (?:chi|quale)\b",
    r"و?(?:حسب|بحسب|وفقا ل) ?(?:من|مين|منو)\b",
)
"""What asks so wherever it stands."""
BY_WHOM_WORDS = frozenset(
    """who which whose according selon qui chi secondo حسب بحسب وحسب وبحسب وفقا ووفقا
    من ومن مين ومين منو ومنو شكون وشكون shkoun chkoun meno menu mnu""".split()
)
"""One of these stands in whatever asks so."""

ONLY_FIRST = frozenset(
    """win come fin man من ما لم lech عدد سبب مكان موعد حصيله الغرض lieu luogo data numero
    qu cose""".split()
)
"""First words of openers that within a sentence are something else, be it in English."""
FIRST_OR_LAST = frozenset({"ou"})
"""Question words that are something else elsewhere: `c'est ou?`."""
LEADS = frozenset(
    """and but so or then also in on at by to from for of et mais donc en dans a de sur pour par
    avec chez vers entre depuis e ma poi da di per con su tra fra و في فى على علي الى الي عن مع منذ
    ب fi f w u""".split()
)
"""Words that may stand before the one that opens a question."""

ASKING_WORDS = frozenset(
    word.replace("'", "")
    for opener in (*(text for text, _ in QUESTION_OPENERS), *WHETHER_OPENERS)
    for word in opener.split()
)
"""All words with which a question opens."""
