"""Words within and beside names that do not tell whom these mean: titles, glue, common nouns.

Data about English, French, Italian and Arabic, none about any briefing. Words are given as
`text.fold` leaves them: lower case, without diacritics.
"""

from __future__ import annotations

from knowledge.model import EntityType

TITLES: dict[EntityType, frozenset[str]] = {
    EntityType.PERSON: frozenset(
        """mr mrs ms dr sir lord general gen colonel col marshal field brigadier major captain
        mister doctor professor prof minister secretary premier senator deputy mp
        person guy man president leader chief envoy spokesman spokesperson commander
        fighter analyst researcher blogger politician
        السيد العقيد اللواء المشير الفريق الجنرال القائد الرئيس
        العميد الدكتور الاستاذ الوزير المبعوث المتحدث الناطق الحاج الشيخ اول
        monsieur general colonel marechal signor generale colonnello presidente
        docteur professeur ministre porte parole envoye emissaire depute dirigeant chercheur
        signore dottor dottore professore ministro portavoce inviato onorevole maresciallo
        ricercatore herr prasident""".split()
    ),
    EntityType.PLACE: frozenset(
        """city town village region area province district country republic state place capital
        kingdom federal territory land island
        مدينه منطقه بلده قريه جمهوريه دوله اقليم ville village republique pays region
        citta paese repubblica regione zona""".split()
    ),
    EntityType.ORGANISATION: frozenset(
        """group organisation organization agency university company body website site blog
        channel broadcaster institution news
        جامعه وكاله منظمه قناه موقع مدونه مؤسسه groupe agence universite chaine
        gruppo agenzia universita sito organizzazione""".split()
    ),
    EntityType.ARMED_GROUP: frozenset(
        """group organisation militia army force forces unit groupe coalition fighters militants
        قوات تنظيم جماعه مجموعه gruppo forze milice milizia unite unita""".split()
    ),
    EntityType.EVENT: frozenset(
        "event incident operation evenement incident evento incidente حدث حادثه عمليه".split()
    ),
    EntityType.DOCUMENT: frozenset("document text paper documento testo وثيقه نص".split()),
    EntityType.OFFICE: frozenset("office post position poste carica منصب السيد".split()),
}
"""Words that stand beside a name of a type without changing who or what it means."""

GLUE = frozenset(
    """a an the of in on at by for from to with and between against article text
    le la les l un une des du de d et en dans au aux sur par pour avec entre contre vers
    il lo gli i uno di da del della dello dei delle dell con su per tra fra e nel nella al
    una contro verso
    في علي الي مع بين عن من و""".split()
)
"""Words that hold a name together and tell nothing of whom it means."""

_IN_ENGLISH = """
attack: attaque attacco assalto assaut raid هجوم هجمه
convoy: convoi convoglio قافله رتل
checkpoint: poste de controle|barrage|posto di blocco|posto di controllo|بوابه|حاجز|نقطه تفتيش
beheading: decapitation decapitations decapitazione decapitazioni قطع رؤوس|قطع الرؤوس|ذبح
abduction: enlevement enlevements rapt rapimento rapimenti sequestro sequestri خطف اختطاف
defeat: defaite sconfitta هزيمه دحر
liberation: liberazione تحرير
battle: bataille battaglia معركه
visit: visite visita viaggio voyage deplacement زياره رحله جوله
meeting: reunion rencontre entretien riunione incontro colloquio اجتماع لقاء
meetings: reunions rencontres entretiens riunioni incontri colloqui اجتماعات لقاءات
summit: sommet vertice قمه
conference: conferenza مؤتمر
session: seance sessione seduta جلسه
crisis: crise crisi ازمه
migrants: migrant migranti migratoire migratoria مهاجرين
migration: migrazione migrazioni هجره
elections: election elezioni elezione انتخابات
ceasefire: cessez le feu|cessate il fuoco|treve|tregua|وقف اطلاق النار|وقف النار|هدنه
reinforcements: renforts renfort rinforzi rinforzo تعزيزات
deployment: deploiement schieramento dispiegamento نشر ارسال
statement: communique declaration comunicato dichiarazione بيان تصريح
joint: commune conjointe congiunta congiunto مشترك
claim: revendication rivendicazione تبني
video: video filmato فيديو شريط مقطع تسجيل
report: rapport reportage rapporto servizio تقرير
agreement: accord accordo اتفاق اتفاقيه
political: politique politico سياسي
roadmap: feuille de route|tabella di marcia|خارطه طريق|خارطه الطريق|خريطه طريق|خريطه الطريق
unveiling: devoilement presentation presentazione كشف اعلان اطلاق طرح عرض
suggestion: proposition suggestion proposta suggerimento اقتراح مقترح
law: droit diritto قانون
commitments: engagements impegni التزامات تعهدات
spokesman: porte parole|portavoce|متحدث|ناطق
commander: commandant comandante قائد امر
leader: dirigeant leader capo زعيم
leaders: dirigeants leaders capi قاده زعماء
envoy: envoye emissaire inviato مبعوث موفد
president: presidente رئيس
minister: ministre ministro وزير
deputy: adjoint vice نائب وكيل
author: auteur autore كاتب مولف
article: articolo مقال مقاله
road: route strada طريق
battalion: bataillon battaglione كتيبه
brigade: brigata لواء
militias: milices milizie ميليشيات مليشيات ميليشيا مليشيا
fighters: combattants combattenti مقاتلين مقاتلي
government: gouvernement governo حكومه
parliament: parlement parlamento برلمان
council: conseil consiglio مجلس
university: universite universita جامعه
agency: agence agenzia وكاله
ports: porti موانئ مواني
installations: impianti installazioni منشات
oil: petroliers petrolieres petroliferi petrolifere نفط نفطيه
region: regione منطقه
south: sud جنوب
north: nord شمال
special: speciale خاصه
national: nationale nationales nazionale nazionali وطني وطنيه
military: militaire militaires militare militari عسكري عسكريه
additional: supplementaires supplementari aggiuntivi اضافيه
new: nouvelle nouveau nuova nuovo جديده
"""
IN_ENGLISH = {
    word.strip(): english
    for english, _, others in (line.partition(":") for line in _IN_ENGLISH.strip().splitlines())
    for word in (others.split("|") if "|" in others else others.split())
}
"""What generic words of French, Italian and Arabic names are in English."""
