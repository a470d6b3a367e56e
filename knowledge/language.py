"""What every briefing's questions have in common: function words, politeness, number words.

Data about English (with the commonest words of Arabic, French and Italian questions), none about
any briefing. Words are given as `text.fold` leaves them: lower case, without diacritics.
"""

from __future__ import annotations

STOP_WORDS = frozenset(
    """
    a an the this that these those there here it its itself he him his himself she her hers they
    them their theirs we us our you your yours i me my mine one ones some any each
    dont doesnt didnt isnt wasnt arent werent
    is are was were be been being am do does did done doing have has had having will would shall
    should can could may might must of in on at by for from to into onto with without within about
    over under between through during before after since until till against among around near up
    down out off as than then so if or and but because while also too very just even still yet
    again really actually exactly precisely please pls kindly hello hi hey
    who whom whose what which when where why how whether whats whos wheres hows whens
    s t d ll re ve m im ive id thats theres heres lets
    tell know say said says saying mention mentioned mentions give gave given show explain
    describe describes list name names want wanted need needs question ask asked asking answer
    briefing article text report story piece according
    get got getting go going make made take took put let like
    many much several few lot lots kind sort type thing things
    anyone anybody someone somebody something anything everything nothing
    well ok okay yes actually basically quick quickly fast asap urgent
    le la les un une des du de et est sont etait etaient ete a au aux en dans sur par pour avec
    qui que quoi quel quelle quels quelles quand comment combien pourquoi ce cette ces il elle ils
    elles se sa son ses leur leurs d l qu y c n ne pas
    il lo gli i uno di da con su per tra fra e o che chi cosa quale quali quando dove come perche
    quanto quanti quante sono stato stata era erano ha hanno della dello dei delle del nel nella al
    ont avait avaient avoir etre cet donc lors apres avant depuis pendant contre entre chez vers
    ou doit doivent devrait devraient vont peut peuvent selon parmi mais comme lui eux
    jusqu lorsqu puisqu cest sest setait netait netaient nont
    alla allo alle agli dal dalla dallo dalle dagli sul sulla sullo sulle sugli nei negli nelle
    degli deve devono dovrebbe dovrebbero puo possono ad ed ci si anche essere
    aveva avevano avere dopo prima durante suo sua suoi loro
    questo questa questi queste quello quella quelli quelle quel
    من ما ماذا متى متي اين وين كم كيف لماذا علاش ليش هل هو هي هم كان كانت في على علي الى الي عن مع
    ان انه التي الذي الذين اللي هذا هذه هذي ذلك شن شنو منو منهو اي ايش كام قداش لما عند بعد قبل و ال
    كانوا تم تمت قد لقد بين حول خلال حسب ضد منذ حيث هناك وهل ومن وما وفي وعلي وكم وكيف ومتي واين
    فيها فيه فيهم منه منها منهم عنه عنها به بها له لها لهم انها انهم عليه عليها اليه اليها معه معها
    اثناء متاع متاعه متاعها تاع باش وقتاش امتي ايمتي لوين منين كيفاش شكون شني شنهو مين
    chi shkoun shnu wen win mta 3lash kif fi f
    chkoun chnou shnou shini wein wayn emta imta wa9tash waqtash 9addash gaddash kam kifash
    3alash 3lech el elli elly mta3 mta3ha 3la 3ala fel
    """.split()
)
"""Words that carry no subject of their own; dropped from what a candidate must explain.

Words on which a Yes or No can turn (only, both, all, not, ever) are none of them."""

NOUNS_AT_THE_END = frozenset({"son"})
"""Stop words of one language that are nouns of another where nothing follows: not French `his`."""

FRAMES = (
    r"(?:what|which) (?:does|did) (?:the|this|your) (?:briefing|article|text|report|piece) "
    r"(?:say|tell|mention|state|report)(?: us)? (?:about|on|regarding) "
    r"(?=(?:how|who|what|when|where|why|which)\b)",
    r"(?:does|did) (?:the|this|your) (?:briefing|article|text|report|piece) "
    r"(?:say|tell|mention|state|report|explain)(?: us)? "
    r"(?=(?:how|who|what|when|where|why|which)\b)",
    r"according to (?:the|this|your) (?:briefing|article|text|report|piece),? ?",
)
"""Ways to ask that only frame the question proper; cut from it."""

POLITENESS = (
    "good morning",
    "good afternoon",
    "good evening",
    "hello there",
    "hello",
    "hi there",
    "hi",
    "hey",
    "dear bot",
    "sorry but",
    "sorry",
    "excuse me",
    "quick question",
    "one question",
    "a question",
    "please",
    "pls",
    "plz",
    "kindly",
    "thanks in advance",
    "thank you",
    "thanks",
    "thx",
    "can you tell me",
    "could you tell me",
    "can you please tell me",
    "could you please tell me",
    "can you explain",
    "could you explain",
    "would you tell me",
    "tell me",
    "do you know",
    "do you happen to know",
    "does anyone know",
    "i would like to know",
    "i'd like to know",
    "i want to know",
    "i need to know",
    "i was wondering",
    "i wonder",
    "any idea",
    "remind me",
    "just curious",
    "bonjour",
    "s'il vous plait",
    "salut",
    "merci",
    "per favore",
    "buongiorno",
    "ciao",
    "grazie",
    "من فضلك",
    "لو سمحت",
    "السلام عليكم",
    "مرحبا",
    "شكرا",
)
"""Phrases that a question may open or close with and that do not change what is asked."""

NUMBER_WORDS = {
    word: value
    for value, words in enumerate(
        (
            "zero|zeroth",
            "one|first|1st",
            "two|second|2nd|twice",
            "three|third|3rd",
            "four|fourth|4th",
            "five|fifth|5th",
            "six|sixth|6th",
            "seven|seventh|7th",
            "eight|eighth|8th",
            "nine|ninth|9th",
            "ten|tenth|10th",
            "eleven|eleventh|11th",
            "twelve|twelfth|12th",
            "thirteen|thirteenth|13th",
            "fourteen|fourteenth|14th",
            "fifteen|fifteenth|15th",
            "sixteen|sixteenth|16th",
            "seventeen|seventeenth|17th",
            "eighteen|eighteenth|18th",
            "nineteen|nineteenth|19th",
            "twenty|twentieth|20th",
        )
    )
    for word in words.split("|")
}
NUMBER_WORDS |= {
    word: value
    for value, words in {
        2: "deux deuxieme seconda zoz zouz "
        "اثنان اثنين اثنتان اثنتين اتنين زوز ثاني ثانيه الثاني الثانيه",
        3: "trois tre ثلاثه ثلاث تلاته tlata",
        4: "quatre quattro اربعه اربع arb3a",
        5: "cinq cinque خمسه خمس 5amsa khamsa",
        6: "سته setta",
        7: "sette سبعه سبع sab3a",
        8: "huit otto ثمانيه ثماني تمنيه thmanya",
        9: "neuf nove تسعه تسع tes3a",
        10: "dieci عشره 3ashra",
        11: "onze undici حداشر حداش احداش 7dash",
        12: "douze dodici اطناش",
        15: "quinze quindici",
        20: "vingt venti عشرون عشرين 3eshrin",
        21: "ventuno",
        30: "trente trenta ثلاثون ثلاثين",
        1_000: "mille",
    }.items()
    for word in words.split()
}
"""Number words and ordinals with their value, those of French, Italian and Arabic among them that
are no word of another kind in another language (`due`, `sei`)."""
NUMBER_WORDS |= {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}

UNITS = {"m": "million", "mn": "million", "mln": "million", "bn": "billion", "bln": "billion"}
UNITS |= {"k": "thousand", "km": "km", "kms": "km", "kilometre": "km", "kilometres": "km"}
UNITS |= {"kilometer": "km", "kilometers": "km", "€": "euro", "eur": "euro", "euros": "euro"}
"""Spellings of units, folded to one."""

WHO_IS = (
    r"^(?:so |and |but |or |also )?(?:who|what) (?:or what )?(?:is|are|was|were|'s|s) "
    r"(?:(?:a|an|the|this|that) )?",
    r"^(?:so |and |but |or |also )?(?:who|what)(?:'s|s) (?:(?:a|an|the|this|that) )?",
    r"^(?:who|what) (?:does|do) (?=.* (?:stand for|mean)\W*$)",
    r"(?: stand for| mean| exactly| anyway| in this article| in the article| in this briefing)\W*$",
    r"^(?:tell me |info |information |details |something |more )?(?:about|on) ",
    r"^(?:quien|quienes|que) (?:es|son|era) (?:(?:el|la|los|las|un|una) )?",
    r"^(?:wer|was) (?:ist|sind|war) (?:(?:der|die|das|ein|eine) )?",
    r"^(?:qui|c'est qui|c'est quoi|qu'est-ce que c'est que|qu'est-ce que|qu'est ce que) "
    r"(?:est |sont |c'est )?(?:(?:le|la|les|l'|un|une) ?)?",
    r"^(?:chi|che cosa|cos'|cosa) ?(?:e|sono|era|sarebbe|sarebbero) "
    r"(?:(?:il|lo|la|i|gli|le|l'|un|una) ?)?",
    r"^(?:من|ما|منو|شنو|شكون|اش|ايش) (?:هو|هي|هم|هوا|هيا) ",
    r"^(?:من|ما|منو|شنو|شكون|منهو|شني) (?!.*\bفي\b)",
    r"^(?:man|mn|meno|menu|shkoun|chkoun|chkun|shkun|shnu|chnou|chnowa|shinu|shini) "
    r"(?:howa|huwa|hiya|heya|huma|hwa) ",
    r"^(?:mnu|mno|minhu|meno|shkoun|chkoun|chkun|shkun) ",
    r" (?:hada|hadha|hedha|hetha|haza)\W*$",
    r"[,:?]? (?:(?:remind|tell) me )?(?:who|what) (?:that|this|he|she|it) is\W*$",
)
"""How a question that only names somebody or something opens and closes."""

INSIDE = frozenset("in inside within behind under at from dans nel nella dentro في داخل".split())
"""Words that open what is asked about of a thing ("what is in it"), not its name."""

ELIDED = tuple("l d qu un jusqu lorsqu puisqu all dall dell nell sull quell".split())
"""French and Italian words that an apostrophe joins to the next."""

ANAPHORA = frozenset(
    """he him his she her they them their it its that this those these there then one ones same
    former latter both""".split()
)
"""Words that point back to what was said before."""

HAPPENS = frozenset(
    """happen happens happened happening occur occurs occurred take takes took taken place
    arrive arriva passe successo accaduto avvenuto صار صارت حدث حدثت حصل حصلت وقع وقعت""".split()
)
"""Verbs that say no more than that something was."""

JOINTS = frozenset(
    """and et e ed y und today tonight there then mate everyone everybody friend friends folks team
    aujourd'hui oggi اليوم""".split()
)
"""Words that join two pieces of smalltalk, or close one: a time of day, whom it is said to."""

ADDRESSES = frozenset(
    """you your yours yourself youre u ur r ya i im ive me my mine myself we us our
    bot robot machine computer ai human person somebody someone
    tu toi te t vous votre vos ton ta tes je j moi mon ma
    mes tuo tua tue tuoi ti tei voi vi io mi mio mia sono sei
    انت انتي انتا انتم انتو انا نحن احنا بوت روبوت enta enti inta inti nta nti ana""".split()
)
"""Words by which a message speaks of the one who writes it or the one who reads it."""

CONTINUATIONS = ("and ", "or ", "but ", "so ", "what about", "how about", "also ", "then ")
"""How a follow-up opens."""

WHAT_ABOUT = (
    *("what about ", "and what about ", "how about ", "and how about ", "so what about "),
    *("tell me about ", "anything about ", "anything on ", "something about ", "something on "),
    *("info on ", "info about ", "more about ", "more on ", "any news on ", "any news about "),
    *("qu'en est-il d", "et qu'en est-il d", "quoi de neuf sur ", "parle-moi d"),
    *("che mi dici d", "che si dice d", "cosa mi dici d", "parlami d", "e per quanto riguarda "),
    *(
        "ماذا عن ",
        "وماذا عن ",
        "شن اخبار ",
        "شنو اخبار ",
        "شن حكايه ",
        "احكيلي علي ",
        "w shen 3la ",
    ),
)
"""How a question opens that leaves open what it asks of the thing that it names."""
