"""Words that tell why no briefing can answer a question: another time, the future, an opinion.

Data on English, French, Italian and Arabic, none about any briefing. Patterns are searched in the
folded question.
"""

from __future__ import annotations

import re

from knowledge.outcomes import MissKind

_CUES: tuple[tuple[MissKind, tuple[str, ...]], ...] = (
    (
        MissKind.AFTER_ITS_DATE,
        (
            r"\bnow\W*$",
            r"\b(?:right|by|even|until|till|as of) now\b",
            r"\bnowadays\b",
            r"\btoday\b(?!'s (?:article|briefing))",
            r"\bcurrent(?:ly)?\b",
            r"\bat (?:the moment|present)\b",
            r"\bpresent[- ]day\b",
            r"(?<!\bin )(?<!\beach of )(?<!\ball of )(?<!\bboth of )\bthese days\b",
            r"\bto date\W*$",
            r"\blatest (?:news|situation|update|developments?|on)\b",
            r"\b(?:recent|breaking) news\b",
            r"\b(?:any|anything|something) (?:new|update|news|fresh)\b.*"
            r"\b(?:since|this week|lately)\b",
            r"\bsince (?:the|this|your) (?:briefing|article|report|piece)\b",
            r"\bsince (?:this|it|that) was (?:written|published|reported)\b",
            r"^who (?:was|were) the (?:last|previous|former) (?:[\w'-]+ ){1,8}before\b",
            r"\bin the (?:following|subsequent|coming|next) (?:days|weeks|months|years)\b",
            r"\bend(?:ed)? up \w+ing\b",
            r"\bbefore (?:[\w'-]+ ){1,3}(?:took (?:office|over|power)|came to power|was elected)\b",
            r"\b(?:predecessor|who preceded)\b",
            r"(?<!earlier )(?<!already )\bthis (?:year|month)\b",
            r"\b(?:last|next) (?:year|summer|winter|spring|autumn)\b",
            r"\b(?:yesterday|tomorrow)\W*$",
            r"\bsince then\b",
            r"\bever since\b",
            r"\bin the (?:years|months|weeks|days) (?:since|after|that followed)\b",
            r"\blater (?:that|the same|in the) (?:year|month|week)\b",
            r"\bthe (?:following|next) (?:year|month)\b",
            r"\b(?:years?|months?|weeks?) (?:later|afterwards|after that)\b",
            r"\bwhat (?:\w+ )?(?:happened|came|did \w+ do|was next) "
            r"(?:next|afterwards?|later|then|after(?: (?:that|this|it))?)(?:\W*$| to\b)",
            r"\b(?:eventually|later on)\W*$",
            r"(?<!named )(?<!called )(?<!described )(?<!identified )\bin the end\W*$",
            r"\btook over (?:from|as|the (?:job|post|office))\b",
            r"\b(?:succeeded|successor|who replaced|(?:was|been) replaced)\b",
            r"\bstill (?:alive|in power|in office|in charge|prime minister|president|the)\b",
            r"^(?:(?:so|and|but) )?(?:is|are|isn't|aren't) (?:[\w'-]+ ){1,4}still\b",
            r"\bever (?:return(?:ed)?|c[ao]me back|go back|went back|recover(?:ed)?)\b",
            r"\b(?:after|since) (?:this|that)\W*$",
            r"\bany ?more\W*$",
            r"\b(?:become|became|becomes|elected|voted in|re-?elected) (?:the )?(?:\w+ )?"
            r"(?:president|prime minister|pm|chancellor|king|leader|mayor|premier)\b",
            # French
            r"\baujourd'hui\b",
            r"\b(?:actuellement|desormais|de nos jours|en ce moment|a l'heure actuelle)\b",
            r"\bmaintenant\W*$",
            r"\b(?:depuis lors|par la suite|plus tard|ensuite)\W*$",
            r"\b(?:l'annee|l'an) (?:prochaine?|derniere?|suivante?)\b",
            r"\bcette annee\b",
            r"\b(?:demain|hier)\W*$",
            r"\b(?:successeur|a succede|a remplace|lui a succede)\b",
            r"\bdernieres (?:nouvelles|infos|informations)\b",
            r"\b(?:devenue?|elue?) (?:le |la )?(?:president|premier ministre|chef)\w*\b",
            # Italian
            r"\b(?:oggi|adesso|attualmente|oggigiorno|al giorno d'oggi)\b",
            r"\b(?:in questo momento|al momento(?! d)|da allora|d'ora in poi)\b",
            r"\b(?:in seguito|successivamente|piu tardi|dopo di allora)\W*$",
            r"\bl'anno (?:prossim|scors|dop|seguent)\w*\b",
            r"\b(?:quest'anno|domani\W*$)",
            r"\b(?:successore|e succeduto|ha sostituito|ha preso il posto)\b",
            r"\bultime notizie\b",
            r"\b(?:diventat|elett)[oa] (?:il |la )?(?:president|premier|primo ministro)\w*\b",
            # Arabic, Libyan with it, and its letters in Latin script
            r"(?<!^)\bتوا\b",  # it opens a question as "so" does
            r"\b(?:الان|حاليا|توه|هالايام|هلايام|دلوقتي)\b",
            r"\b(?:هذه|هذي|في هذه) الايام\b",
            r"(?<!نفس )\bاليوم\W*$",
            r"\b(?:حتي|الي|لحد|لغايه) (?:اليوم|يومنا|الان)\b",
            r"\b(?:حدث|حصل|صار|جري) (?:\w+ ){0,2}"
            r"(?:بعد ذلك|بعد هذا|بعدها|بعدين|فيما بعد|لاحقا)\W*$",
            r"\bمنذ ذلك (?:الحين|الوقت)\b",
            r"\b(?:العام|السنه) (?:القادم|القادمه|المقبل|المقبله|التالي|التاليه|"
            r"الجاي|الجايه|الماضي|الماضيه)\b",
            r"\b(?:هذا العام|هذه السنه|السنه هذي|غدا|غدوه|امبارح|البارح)\b",
            r"\b(?:اخر|احدث) (?:الاخبار|التطورات|المستجدات|اخبار)\b",
            r"\b(?:خليفته|خلفا له|خلفا ل\w+|تولي المنصب بعد)\b",
            r"\b(?:اصبح|صار|انتخب) (?:رئيس|رييس)\w*\b",
            r"\b(?:tawa|taw|lyoum|elyoum|7alyan|7aliyan)\W*$",
        ),
    ),
    (
        MissKind.PREDICTION,
        (
            r"\bpredict(?:ion)?s?\b",
            r"\bforecast\b",
            r"\b(?:will (?:[\w'-]+ ){1,4}|(?:is|are) (?:[\w'-]+ ){1,4}going to )"
            r"(?:ever|win|lose|succeed|fail|fall|collapse|survive|return|resign|last|improve"
            r"|strike again|attack again|come back|give (?:up|in)|get (?:better|worse))\b",
            r"\bdo you (?:expect|reckon|foresee)\b",
            r"\bwho(?: will|'ll| is going to|'s going to) (?:win|lose|prevail|come out on top)\b",
            r"\bwhat will happen\b",
            r"\bwill (?:[\w'-]+ ){0,3}(?:attack|hit|strike|target|die|fall) next\W*$",
            r"\bnext (?:target|victim)s?\W*$",
            r"\bgoing to happen\b",
            r"\bin the future\b",
            r"\bhow likely\b",
            r"\bis it likely\b",
            r"\bchances? (?:of|that)\b",
            r"\bjust guess\b",
            r"\btake a guess\b",
            r"\byour guess\b",
            r"\bestimate how\b",
            # French, Italian, Arabic
            r"\b(?:gagnera|vaincra|perdra|va (?:gagner|perdre|vaincre|se passer|arriver))\b",
            r"\b(?:vincera|perdera|succedera)\b",
            r"\b(?:سيفوز|سينتصر|سيربح|سيخسر|سينهزم|سيحدث|سيحصل|تتوقع|تتوقعون)\b",
        ),
    ),
    (
        MissKind.OPINION,
        (
            r"\bdo you (?:think|believe|support|like|trust|agree)\b",
            r"\bwhat do you think\b",
            r"\b(?:your|ur) (?:opinion|view|take)\b",
            r"\bin your (?:opinion|view)\b",
            r"\bis (?!it |that |this )\w+(?: \w+)? (?:a )?"
            r"(?:good|bad|evil|nice|terrible|corrupt)\b",
            r"\bgood (?:man|guy|person|leader)\b",
            r"\bbad (?:man|guy|person|leader)\b",
            r"\bwho is (?:right|wrong|better|worse|to blame)\b",
            r"\bwho(?:'s| is| was| are| were|s) (?:really )?(?:the )?(?:better|best|worse|worst"
            r"|greater) (?:leader|man|person|general|politician|president|ruler|fighter|side"
            r"|choice)\b",
            r"\bwho(?:'s| is| was| are| were|s) (?:really )?(?:the )?(?:[\w'-]+ )?(?:villain|hero"
            r"|criminal|liar|traitor|evil)\b",
            r"\bwho should (?:win|rule|lead|govern)\b",
            r"\b(?:is|was|are|were|been|be) (?:[\w'-]+ ){0,4}?"
            r"(?<!the )(?<!a )(?<!any )(?<!no )(?<!'s )(?<!s' )(?<!their )(?<!his )(?<!her )"
            r"(?<!its )(?<!our )(?<!my )(?<!your )(?<!full )(?<!equal )(?<!legal )"
            r"(?:right|wrong|wise|smart|stupid|brave|cruel|foolish|justified) "
            r"(?:to (?!the\b|an?\b)\w+|(?:in|for) \w+ing)\b",
            r"^(?:(?:so|and|but) )?should (?:we|people|the west|he|she|they)\b",
            r"^(?:(?:so|and|but) )?should (?:[\w'-]+ ){1,5}have \w+(?:ed|en|t|ne|de)\b",
            r"\b(?:deserves?|deserved) (?:to|it|this|that|better|worse)\b",
            r"\bwhose side are you\b",
            r"\bshould (?:i|we|people|the west) (?:trust|support|side|vote|fear|worry|be)\b",
            r"\b(?:morally|unfair|shameful)\b|\b(?:justified|fair)\b(?! to )",
            r"\bwhose fault\b",
            r"^(?:(?:so|and|but) )?(?:is|are|was|were) [^?]*\b(?:braver|nicer|crueller|crueler"
            r"|smarter|wiser|more (?:brave|cruel|honest|corrupt|evil)) than\b",
            r"^(?:(?:so|and|but) )?should (?:\w+[- ]){1,4}"
            r"(?:resign|step down|apologi[sz]e|be (?:punished|blamed|tried|jailed|sanctioned))\b",
            r"\b(?:is|was|are|were) (?:[\w-]+ ){1,3}"
            r"(?:right|wrong|to blame|guilty|a hero|a traitor|a (?:war )?criminal)\W*$",
            r"\bbest (?:side|leader|politician)\b",
            r"^(?:is|was|are|were) (?:[\w'-]+ ){1,3}an? (?:\w+ )?"
            r"(?:criminal|traitor|hero|liar|coward|dictator|tyrant|puppet|monster|thug|saint)\b",
            # French
            r"\b(?:a ton avis|a votre avis|selon (?:toi|vous)|d'apres (?:toi|vous))\b",
            r"\b(?:que|qu'en) (?:penses?-tu|pensez-vous)\b",
            r"\b(?:a|avait|ont|avaient)(?:-t-(?:il|elle)|-(?:il|elle)s?)? (?:eu )?"
            r"(?:raison|tort) de\b",
            r"\best(?:-il|-elle|-ce)? un(?:e)? (?:\w+ )?"
            r"(?:criminel|traitre|heros|menteur|dictateur|lache|bon dirigeant|homme bien)\w*\b",
            # Italian
            r"\b(?:secondo (?:te|voi)|cosa ne pensi|che ne pensi|pensi che|credi che)\b",
            r"\b(?:ha|hanno|aveva|avevano) (?:fatto (?:bene|male)|(?:avuto )?(?:ragione|torto)) "
            r"(?:a|ad|di)\b",
            r"\be (?:\w+ ){0,2}un(?:a)? (?:\w+ )?"
            r"(?:criminale|traditore|eroe|bugiardo|dittatore|vigliacco|brava persona)\b",
            # Arabic
            r"\b(?:رايك|برايك|هل تعتقد|هل تظن|هل تويد|هل تحب)\b",
            r"\bهل (?:\w+ ){1,3}(?:رجل|شخص|انسان|قاءد|قايد)? ?"
            r"(?:جيد|سيي|سيء|طيب|شرير|صالح|مجرم|خاين|بطل|علي حق|محق|مخطي)\b",
        ),
    ),
)
"""By kind of miss, in order of test."""
AFTER_A_DATE = re.compile(
    r"\b(?:after|since|following|apres|depuis|dopo|بعد|منذ) (?:(?:the|le|il|l'|يوم) ?)?(?=\d)"
)
"""What says (folded) that a time after the date that it stands before is asked about."""
_NOW = re.compile(r"\b(?:right |just )?(?:now|today|tawa|taw|maintenant|adesso|ora|الان|توا)\W*$")
_PATTERNS = {kind: re.compile("|".join(f"(?:{p})" for p in patterns)) for kind, patterns in _CUES}


def asks_why_now(folded: str) -> bool:
    """Whether the *folded* question speaks of another time by a closing "now" alone."""
    return cue(_NOW.sub("", folded)) is None


def cue(folded: str) -> MissKind | None:
    """Why no briefing is likely to answer the *folded* question, by its words; else None."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)), None)
