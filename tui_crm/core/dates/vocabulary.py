"""The vocabulary of typed dates in English, Spanish, French and German, as data.

Reps mix languages, so every word is understood whatever the locale. The locale decides only what
is ambiguous: the order of ``12/1``, a three-letter weekday that is also a common word, ``9h``.
Phrases stand here as people spell them; :class:`.phrases.Phrases` takes care of accents and case.
"""

from __future__ import annotations

from tui_crm.core.dates.phrases import Phrases, inflected, word_set

# --------------------------------------------------------------------------- days and weekdays

RELATIVE_DAYS = Phrases(
    {
        0: "today|later today|hoy|hoy mismo|más tarde hoy|hoy más tarde|aujourd'hui|aujourdhui"
        "|plus tard aujourd'hui|heute|heute noch|noch heute|später heute",
        1: "tomorrow|tom|tmr|tmrw|tmw|mañana|demain|morgen",
        2: "day after tomorrow|overmorrow|pasado mañana|après-demain|übermorgen|"
        "lendemain de demain",
        3: "überübermorgen",
        7: "de hoy en ocho|de hoy en ocho días|heute über acht tage|sous huitaine|in a week's time",
        8: "de mañana en ocho|de mañana en ocho días",
        14: "de hoy en quince|de hoy en quince días|sous quinzaine",
    }
)
# "today" only where nothing but a time, a length or a kind follows.
NOW = Phrases({True: "now|right now|ahora|ahora mismo|maintenant|jetzt"})
PAST_DAYS = Phrases(
    {
        True: "yesterday|day before yesterday|last night|ayer|anteayer|anoche|hier|avant-hier"
        "|gestern|vorgestern"
    }
)
# German "hier" is here.
NOT_PAST = {"hier": "de"}

WEEKDAYS = Phrases(
    {
        0: "mon|monday|lun|lunes|lundi|montag",
        1: "tue|tues|tuesday|mar|martes|mardi|dienstag",
        2: "wed|weds|wednesday|mie|mié|miér|miércoles|mer|mercredi|mittwoch",
        3: "thu|thur|thurs|thursday|jue|jueves|jeu|jeudi|donnerstag",
        4: "fri|friday|vie|viernes|ven|vendredi|freitag",
        5: "sat|saturday|sab|sábado|sam|samedi|samstag|sonnabend",
        6: "sun|sunday|dom|domingo|dim|dimanche|sonntag",
    }
)
# "mondays", "los lunes", "montags": every Monday.
EVERY_WEEKDAY = Phrases(
    {
        n: "|".join(
            [
                *(f"{english}s", f"on {english}s", f"los {spanish}", f"les {french}s"),
                *(f"le {french} de chaque semaine", f"{german}s"),
            ]
        )
        for n, (english, spanish, french, german) in enumerate(
            (
                ("monday", "lunes", "lundi", "montag"),
                ("tuesday", "martes", "mardi", "dienstag"),
                ("wednesday", "miércoles", "mercredi", "mittwoch"),
                ("thursday", "jueves", "jeudi", "donnerstag"),
                ("friday", "viernes", "vendredi", "freitag"),
                ("saturday", "sábados", "samedi", "samstag"),
                ("sunday", "domingos", "dimanche", "sonntag"),
            )
        )
    }
)
# Two letters that are ordinary words elsewhere ("do", "so"): German reps mean the day where a
# number, a time, a kind or nothing follows, others where they write a clock behind it.
GERMAN_WEEKDAYS = Phrases({0: "mo", 1: "di", 2: "mi", 3: "do", 4: "fr", 5: "sa", 6: "so"})
ENGLISH_WORDS = frozenset({"do", "so"})
# "X 9:30": a Spanish calendar's letters, with a clock behind them.
SPANISH_LETTERS = Phrases({0: "l", 1: "m", 2: "x", 3: "j", 4: "v", 5: "s", 6: "d"})

# Short words that are also something else ("mon devis", "Sam", "vie", "Tom"), with the languages
# that mean the day by them. For other reps they are the day only when a time, a length, a kind
# or nothing follows.
AMBIGUOUS: dict[str, str] = {
    "tom": "",
    "mon": "en",
    "sat": "en",
    "sun": "en",
    "mar": "es fr",
    "mer": "fr",
    "jeu": "fr",
    "ven": "fr",
    "sam": "fr",
    "dim": "fr",
    "mie": "es",
    "vie": "es",
    "sab": "es",
    "dom": "es",
}
# English ones that are left in the words of other reps, with the languages where they are a word.
ENGLISH_DAYS = {"mon": "fr", "sat": "", "sun": ""}
# Weekdays that are no day by themselves, and a given name that is one.
NAMED_BEFORE = word_set(
    "good black cyber palm easter ash shrove casual santo santa ostern don doña señor señora sr"
    " sra mr mrs ms miss dr prof monsieur madame mme mlle herr herrn frau familie"
)
WEEKDAY_NAMES = frozenset({"domingo"})

MONTHS = Phrases(
    {
        1: "jan|january|ene|enero|janv|janvier|januar|jänner|jän",
        2: "feb|february|febrero|fev|fevr|février|februar|feber",
        3: "mar|march|marzo|mars|märz|mär|mrz",
        4: "apr|april|abr|abril|avr|avril",
        5: "may|mayo|mai",
        6: "jun|june|junio|juin|juni",
        7: "jul|july|julio|juil|juill|juillet|juli",
        8: "aug|august|ago|agosto|août",
        9: "sep|sept|september|septiembre|setiembre|septembre",
        10: "oct|october|octubre|octobre|okt|oktober",
        11: "nov|november|noviembre|novembre",
        12: "dec|december|dic|diciembre|décembre|dez|dezember",
    }
)
# Months that are also a word or a given name: without a day's number only "in May" is the month.
MONTH_NAMES = word_set(
    "mar may march mars mai mayo jan april june august julio abril juni juli agosto sept ago"
    " dec dic jun jul set"
)

# ------------------------------------------------------------------ weeks, months and the like

PERIODS = Phrases(
    {
        "week": "week|wk|semana|semaine|woche",
        "month": "month|mes|mois|monat|monats|monates",
        "quarter": "quarter|trimestre|quartal|quartals",
        "year": "year|año|an|année|jahr|jahres",
        "weekend": "weekend|week-end|finde|fin de semana|wochenende|wochenendes",
    }
)
# "next friday" is the Friday of next week in English, French and German; "el próximo viernes",
# "el viernes que viene" and "coming friday" are the coming one. Periods do not need to know.
NEXT = Phrases(
    {
        True: "next|the next|" + inflected("nächst", "e|en|er|es"),
        False: "coming|this coming|upcoming|próximo|próxima|prox|"
        + inflected("kommend", "e|en|er|es"),
    }
)
NEXT_AFTER = Phrases(
    {
        True: "prochain|prochaine",
        False: "que viene|que entra|próximo|próxima|entrante|qui vient|siguiente",
    }
)
AFTER_NEXT = Phrases({True: inflected("übernächst", "e|en|er|es")})
AFTER_NEXT_AFTER = Phrases({True: "after next|d'après"})
THIS = Phrases(
    {
        True: "this|este|esta|ce|cet|cette|en cours|"
        + inflected("dies", "e|en|er|es")
        + "|"
        + inflected("laufend", "e|en|er|es")
    }
)
ARTICLES = Phrases(
    {True: "the|el|la|los|las|le|les|l'|der|die|das|den|dem|des|del|du|de la|de l'|au"}
)
LAST = Phrases(
    {
        True: "last|past|previous|pasado|pasada|último|última|"
        + inflected("letzt|vergangen|vorig", "e|en|er|es")
    }
)
LAST_AFTER = Phrases({True: "pasado|pasada|dernier|dernière|passé|passée"})
# The beginning, the middle and the end of a week, a month, a quarter, a year.
EDGES = Phrases(
    {
        "start": "start of|beginning of|early|early in|a principios|a principios de"
        "|principios|principios de|principio de|a primeros de|primeros de|inicio de|début|début de"
        "|au début de|en début de|anfang|anfangs|zu beginn",
        "middle": "mid|middle of|in the middle of|a mediados|a mediados de|mediados de"
        "|mediados|mi|milieu de|au milieu de|en milieu de|mitte",
        "end": "end|end of|by the end of|late|late in|at the end of|a finales|a finales de|finales"
        "|finales de|final de|al final de|a fin de|fin de|a fines de|fines de|fin|à la fin de"
        "|en fin de|d'ici la fin de|ende|bis ende|am ende|zum ende",
    }
)
EDGE_WORDS = Phrases(
    {
        ("end", "week"): "eow|fin de semana laboral|wochenschluss",
        ("end", "month"): "eom|monatsende|fin de mes",
        ("end", "quarter"): "eoq|quartalsende",
        ("end", "year"): "eoy|year end|jahresende|fin de año",
        ("start", "month"): "monatsanfang|monatsbeginn",
        ("start", "year"): "jahresanfang|jahresbeginn",
        ("start", "week"): "wochenanfang|wochenbeginn",
        ("middle", "month"): "monatsmitte",
        ("middle", "week"): "wochenmitte|midweek",
    }
)
WEEK_NUMBER = Phrases(
    {
        True: "kw|cw|kalenderwoche|calendar week",
        False: "week|wk|week number|week no|sem|semana|semaine|woche",
    }
)
QUARTER_NUMBER = Phrases({True: "quarter|trimestre|quartal"})

# ------------------------------------------------------------------------------ small words

BEFORE_DAY = Phrases(
    {
        True: "on|on this|by|by the|for|until|till|this|el|este|le|ce|am|bis|bis zum|den|diesen"
        "|the|on the|para|para el|para este|hasta el|hasta|pour|pour le|jusqu'à|jusqu'au|d'ici"
        "|d'ici à|d'ici au|für|für den|zum|dès|ab|ab dem|from|starting|starting from|desde|desde el"
        "|a partir de|a partir del|à partir du|week of|week of the|week commencing"
        "|week beginning|w/c|woche vom|semana del|semaine du"
        "|al|au|to|auf den|auf"
    }
)
BEFORE_DAY_NUMBER = Phrases(
    {
        True: "el|el día|día|le|am|the|on the|para el|para el día|pour le|by the|bis zum|zum"
        "|hasta el|jusqu'au|d'ici le|d'ici au|ab dem|desde el|a partir del|à partir du|den"
        "|el próximo|le jour|am tag|week of the|semana del|la semana del|semaine du|la semaine du"
        "|woche vom|in der woche vom"
    }
)
IN_PERIOD = Phrases(
    {
        True: "in|im|in der|en|en la|au mois de|en el mes de|pour|para|für|courant|during|durante"
        "|over|over the|übers"
    }
)
BEFORE_OR_AFTER = Phrases(
    {
        True: "before|after|not before|not after|vor|nach|nicht vor|nicht nach|avant|après"
        "|avant le|après le|pas avant|antes de|antes del|antes de las|después de|después del"
        "|después de las|antes|no antes de las"
    }
)
IN = Phrases(
    {True: "in|within|en|dans|dentro de|d'ici|d'ici à|sous|innerhalb von|binnen|de aquí a"}
)
FROM_NOW = Phrases(
    {
        True: "from now|from today|hence|a partir de hoy|a partir de ahora|à partir d'aujourd'hui"
        "|à compter d'aujourd'hui|ab heute|ab jetzt|ab sofort|later|time"
    }
)
AGO = Phrases({True: "ago"})
AGO_BEFORE = Phrases({True: "hace|il y a|vor"})
SHIFT_FROM = Phrases({True: "on|from|from this|after|from the|ab|nach|a partir de|a partir del"})
# "at nine": True where a bare number behind it is surely a time.
AT = Phrases(
    {
        True: "at|@|at about|at around|a las|a la|a eso de las|sobre las|hacia las|hasta las"
        "|desde las|a partir de las|so um|so gegen|um circa|um ca|um etwa|exactamente a las",
        False: "a|à|um|gegen|vers|around|about|approx|circa|ca|environ|etwa|ungefähr|by|from|ab"
        "|bis|until|till|dès|à partir de|jusqu'à|las|kurz vor|kurz nach",
    }
)
FOR = Phrases({True: "for|durante|pendant|für|lang|por"})
FROM = Phrases({True: "from|starting|desde|desde el|a partir de|a partir du|a partir del|dès|ab"})
OF = Phrases(
    {True: "of|of the|de|de la|de l'|del|du|der|des|d'|in|im|in der|in the|en|en el|vom|von|am"}
)
AND = Phrases({True: "and|y|et|und|&|+"})
OR = Phrases({True: "or|o|ou|oder|u|and|y|et|und|and|&|/"})
TO = Phrases(
    {True: "to|till|until|through|-|–|bis|al|a|à|au|a las|hasta|hasta las|jusqu'à"},
    keep_hyphens=True,
)
BETWEEN = Phrases({True: "between|entre|entre las|entre el|zwischen"})
RANGE_FROM = Phrases({True: "from|de|von|between|entre|entre las|zwischen|de las|desde las|du"})

# -------------------------------------------------------------------------- clocks and lengths

UNITS = Phrases(
    {
        "minute": "min|mins|mn|minute|minutes|minuto|minutos|minuten",
        "hour": "h|hs|hr|hrs|hour|hours|hora|horas|heure|heures|stunde|stunden|std|stdn",
        "day": "d|day|days|día|días|j|jour|jours|tag|tage|tagen",
        "week": "w|wk|wks|week|weeks|sem|sems|semana|semanas|semaine|semaines|woche|wochen|wo",
        "fortnight": "fortnight|fortnights|quincena|quinzaine",
        "month": "mo|mos|month|months|mes|meses|mois|monat|monate|monaten",
        "quarter": "quarter|quarters|trimestre|trimestres|trimestral|quartal|quartale|quartalen",
        "year": "y|yr|yrs|year|years|año|años|an|ans|jahr|jahre|jahren",
    }
)
WORKING_DAYS = Phrases(
    {
        True: "weekday|weekdays|working day|working days|workday|workdays|business day"
        "|business days|día laborable|días laborables|día hábil|días hábiles|jour ouvré"
        "|jours ouvrés|jour ouvrable|jours ouvrables|werktag|werktage|werktagen|arbeitstag"
        "|arbeitstage|arbeitstagen"
    }
)
# Hours by these words may be the clock's ("demain 9 heures"); "hours" and "Stunden" never are.
CLOCK_UNITS = frozenset({"h", "hs", "hora", "horas", "heure", "heures"})
# True where the hour is one of a twelve-hour clock.
OCLOCK = Phrases(
    {
        True: "o'clock|oclock|en punto|pile|sharp|on the dot",
        False: "uhr|horas en punto|exactly|exakt",
    }
)
# Lengths in minutes.
LENGTHS = Phrases(
    {
        15: "quarter of an hour|a quarter of an hour|quarter hour|un cuarto de hora|cuarto de hora"
        "|un quart d'heure|quart d'heure|viertelstunde|eine viertelstunde|einer viertelstunde",
        30: "half an hour|half hour|a half hour|1/2 hour|1/2 h|½ hour|½ h|media hora"
        "|una media hora|une demi-heure|demi-heure|demie heure|une demie heure|halbe stunde"
        "|halben stunde|eine halbe stunde|einer halben stunde|ner halben stunde",
        45: "three quarters of an hour|tres cuartos de hora|trois quarts d'heure|dreiviertelstunde"
        "|eine dreiviertelstunde|einer dreiviertelstunde|dreiviertel stunde|drei viertel stunde"
        "|einer dreiviertel stunde|eine dreiviertel stunde",
        90: "an hour and a half|hour and a half|one and a half hours|una hora y media|hora y media"
        "|une heure et demie|heure et demie|anderthalb stunden|eineinhalb stunden",
        150: "two and a half hours|zweieinhalb stunden",
    }
)
AND_A_HALF = Phrases({True: "and a half|y media|et demie|et demi|einhalb"})

NOON = Phrases(
    {
        True: "noon|12 noon|midday|mediodía|al mediodía|a mediodía|el mediodía|al medio día"
        "|a medio día|midi|à midi|le midi|mittag|mittags"
        "|am mittag|zu mittag|lunchtime|noontime"
    }
)
MIDNIGHT = Phrases({True: "midnight|medianoche|a medianoche|minuit|à minuit|mitternacht"})
# In front of an hour: how many minutes are added to it.
MINUTES_BEFORE = Phrases(
    {
        30: "half past|half",
        -30: "halb",
        15: "quarter past|a quarter past|quarter after|a quarter after|viertel nach"
        "|un cuarto de las",
        -15: "quarter to|a quarter to|quarter of|a quarter of|quarter before|quarter till"
        "|a quarter till|viertel vor|dreiviertel|drei viertel|cuarto para las|cuarto para la"
        "|un cuarto para las|un cuarto para la|un cuarto para|cuarto para",
        -45: "viertel",
    }
)
PAST_HOUR = Phrases({1: "past|after|nach", -1: "to|before|till|vor|para las|para la"})
# Behind an hour.
MINUTES_AFTER = Phrases(
    {
        30: "y media|et demie|et demi|et la demie|and a half|y 1/2",
        15: "y cuarto|y un cuarto|et quart|et un quart|1/4",
        -15: "menos cuarto|menos un cuarto|moins le quart|moins quart|moins un quart",
    }
)
HOUR_PLUS = Phrases({1: "y|et|con|oh", -1: "menos|moins"})
MERIDIAN = Phrases({"am": "am|a.m|a m|a. m", "pm": "pm|p.m|p m|p. m"})

# Parts of the day: which clock times belong to it follows from the name.
PARTS = Phrases(
    {
        "morning": "in the morning|in the mornings|early in the morning|early morning|the morning"
        "|on the morning|first thing|first thing in the morning|por la mañana|de la mañana"
        "|en la mañana|a la mañana|por la mañana temprano|a primera hora"
        "|a primera hora de la mañana"
        "|au matin|du matin|le matin|dans la matinée|en matinée|de bon matin|tôt le matin|la mañana"
        "|à la première heure|dès le matin|am morgen|morgens|vormittags|am vormittag"
        "|frühmorgens|am frühen morgen|in der früh|in der frühe|gleich früh|als erstes",
        "midmorning": "mid-morning|a media mañana|en milieu de matinée|am späten vormittag"
        "|late morning|in the late morning|en fin de matinée|a última hora de la mañana",
        "noon": "at lunchtime|at lunch|over lunch|a la hora de comer|mittags|am mittag"
        "|zu mittag|über mittag",
        "afternoon": "in the afternoon|in the early afternoon|early afternoon|the afternoon"
        "|on the afternoon|por la tarde|de la tarde|en la tarde|a la tarde"
        "|a primera hora de la tarde"
        "|la tarde|après-midi|de l'après-midi|dans l'après-midi|l'après-midi|en début d'après-midi"
        "|en après-midi|d'après-midi|nachmittags|am nachmittag|am frühen nachmittag",
        "after lunch": "after lunch|right after lunch|straight after lunch|después de comer"
        "|después de la comida|después del almuerzo|tras la comida|après déjeuner"
        "|après le déjeuner|après manger|nach dem mittagessen|nach dem essen|nach der mittagspause",
        "late": "late afternoon|in the late afternoon|late in the afternoon|end of day"
        "|end of the day"
        "|at the end of the day|by end of day|eod|by eod|cob|by cob|close of business"
        "|by close of business|end of business|close of play|end of play"
        "|a última hora|a última hora de la tarde"
        "|al final del día|a media tarde|en fin d'après-midi|fin d'après-midi|en fin de journée"
        "|fin de journée|am späten nachmittag|späten nachmittag|ende des tages|am ende des tages"
        "|feierabend|zum feierabend",
        "evening": "in the evening|the evening|on the evening|at night|por la noche|de la noche"
        "|en la noche|a la noche|du soir|le soir|au soir|dans la soirée|en soirée"
        "|en début de soirée"
        "|la noche|de la nuit|abends|am abend|nachts|in der nacht|am frühen abend",
        "night": "de la madrugada|de madrugada|du petit matin|in the early hours",
    }
)
# One word that is a part of the day only beside a day or a clock.
PART_WORDS = Phrases(
    {
        "morning": "morning|matin|matinée|früh|vormittag|early|temprano|tôt|première heure"
        "|primera hora|erste stunde",
        "afternoon": "afternoon|tarde|nachmittag",
        "late": "late|tard|spät|spätnachmittag",
        "evening": "evening|night|noche|soir|soirée|nuit|abend|nacht",
        "noon": "mittag|lunchtime",
    }
)
# Of these the ones that are adjectives too: only where nothing but a time follows.
LOOSE_PARTS = word_set("early late tard spat tot temprano")
# "viernes mañana", "Freitag morgen": behind a weekday these two are the morning.
MORNING_AFTER_WEEKDAY = Phrases({"morning": "mañana|morgen"})
PARTS_OF_TODAY = Phrases(
    {
        "morning": "this morning|esta mañana|ce matin|heute morgen|heute früh|heut früh",
        "afternoon": "this afternoon|esta tarde|cet après-midi|cette après-midi",
        "evening": "this evening|tonight|ce soir|esta noche|cette nuit",
        "noon": "ce midi|este mediodía|heute mittag",
    }
)

# ----------------------------------------------------------------------------- recurrences

EVERY = Phrases(
    {
        True: "every|each|cada|chaque|tous les|toutes les|tous|todos los|todas las|jede|jeden"
        "|jeder|jedes|jedem|alle"
    }
)
FREQUENCIES = Phrases(
    {
        "day": "daily|every day|a diario|diariamente|quotidiennement|täglich",
        "week": "weekly|semanalmente|hebdomadaire|wöchentlich|once a week|una vez por semana"
        "|una vez a la semana|une fois par semaine|einmal pro woche|einmal die woche",
        "fortnight": "fortnightly|biweekly|bi-weekly|quincenalmente|quincenal|bimensuel"
        "|zweiwöchentlich|14-tägig|vierzehntägig|every second week",
        "month": "monthly|mensualmente|mensuel|mensuellement|monatlich|once a month"
        "|una vez al mes|une fois par mois|einmal im monat|einmal pro monat",
        "quarter": "quarterly|trimestralmente|trimestriellement|vierteljährlich|quartalsweise"
        "|once a quarter|una vez por trimestre|une fois par trimestre|einmal im quartal",
        "year": "yearly|annually|anualmente|annuellement|jährlich|once a year|una vez al año"
        "|une fois par an|einmal im jahr",
    }
)
# More often than once a day, or on days that are not named: no rule.
TOO_OFTEN = Phrases(
    {
        True: "hourly|twice a day|twice a week|twice a month|three times a week|dos veces al día"
        "|dos veces por semana|dos veces a la semana|dos veces al mes|deux fois par jour"
        "|deux fois par semaine|deux fois par mois|stündlich|zweimal am tag|zweimal pro woche"
        "|zweimal die woche|zweimal im monat"
    }
)
# "weekdays at 9", without "every".
ON_WORKING_DAYS = Phrases(
    {True: "weekdays|on weekdays|werktags|wochentags|entre semana|en semaine|les jours ouvrés"}
)
SAME_TIME = Phrases(
    {
        True: "same time|the same time|at the same time|this time|a la misma hora|misma hora"
        "|à la même heure|même heure|zur gleichen zeit|gleiche zeit|um die gleiche zeit"
        "|zur selben zeit|selbe zeit"
    }
)
# Days with names, by month and day, or by their distance from Easter Sunday.
HOLIDAYS = Phrases(
    {
        (1, 1): "new year's day|new years day|año nuevo|nouvel an|jour de l'an|neujahr",
        (1, 6): "epiphany|día de reyes|épiphanie|dreikönig|dreikönigstag|heilige drei könige",
        (12, 24): "christmas eve|nochebuena|veille de noël|réveillon de noël|heiligabend",
        (12, 25): "christmas|christmas day|xmas|navidad|el día de navidad|noël|jour de noël"
        "|weihnachten|erster weihnachtstag",
        (12, 26): "boxing day|zweiter weihnachtstag",
        (12, 31): "new year's eve|new years eve|nochevieja|saint-sylvestre|la saint-sylvestre"
        "|silvester",
        (0, -2): "good friday|viernes santo|vendredi saint|karfreitag",
        (0, 0): "easter|easter sunday|domingo de pascua|pâques|ostern|ostersonntag",
        (0, 1): "easter monday|lunes de pascua|lundi de pâques|ostermontag",
        (0, 39): "ascension day|jueves de la ascensión|ascension|l'ascension|christi himmelfahrt",
        (0, 49): "whit sunday|pentecost|pentecostés|pentecôte|la pentecôte|pfingsten",
        (0, 50): "whit monday|lunes de pentecostés|lundi de pentecôte|pfingstmontag",
    }
)
EVERY_PART = Phrases(
    {
        "morning": "morning|mornings|mañana|mañanas|matin|matins|morgen",
        "afternoon": "afternoon|afternoons|tarde|tardes|après-midi|nachmittag|nachmittage",
        "evening": "evening|evenings|night|nights|noche|noches|soir|soirs|abend|abende",
    }
)
OTHER = Phrases({2: "other|second|otro|otra|zweite|zweiten|zweiter|deuxième"})
MONTH_END = Phrases(
    {
        True: "last|last day|the last day|último|el último|último día|dernier|le dernier"
        "|dernier jour|letzter|letzten|letzten tag|am letzten|am letzten tag"
    }
)

KINDS = Phrases(
    {
        "call": "call|phone|callback|call back|llamar|llamada|llama|telefonear|appeler|appel"
        "|rappeler|telephoner|tel|anrufen|anruf|telefonieren",
        "email": "email|e-mail|mail|mailen|correo|courriel|mel",
        "meeting": "meeting|meet|reunion|reunirse|cita|rdv|rendez-vous|rendezvous|rendez vous"
        "|termin|treffen|besprechung",
        "visit": "visit|visita|visitar|visite|visiter|besuch|besuchen",
        "message": "message|msg|sms|whatsapp|mensaje|nachricht",
        "task": "task|todo|to-do|tarea|tache|aufgabe",
    },
    keep_hyphens=True,
)
