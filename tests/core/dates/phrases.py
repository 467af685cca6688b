"""Typed dates and what they mean: one block for each "now", one entry a line.

Left what a rep types, right what it means: the day, the clock in the rep's zone, the length, the
kind, the words left in quotes, the rule of a recurring one. ``no date`` is an ordinary sentence;
``?`` is followed by what is said when something looks like a date and is none.
Where the change of clocks matters, the instant in UTC stands behind ``=``.
"""

from __future__ import annotations

from typing import NamedTuple


class Block(NamedTuple):
    now: str
    zone: str
    locale: str
    rows: str


MONDAY = "2026-11-23 09:12"
"""The Monday of the pictures."""

BLOCKS = (
    Block(
        MONDAY,
        "Europe/Madrid",
        "en",
        """
        +3d                             | 2026-11-26
        +2w                             | 2026-12-07
        +1m                             | 2026-12-23
        +1y                             | 2027-11-23
        +0d                             | 2026-11-23
        + 3 d                           | 2026-11-26
        +3 days                         | 2026-11-26
        +3d 9:30                        | 2026-11-26 09:30
        +3d call Anna                   | 2026-11-26 call "Anna"
        3d                              | 2026-11-26
        3 days                          | 2026-11-26
        2 weeks 10:00                   | 2026-12-07 10:00
        3h                              | 2026-11-23 12:12
        +3h                             | 2026-11-23 12:12
        in 5 hours                      | 2026-11-23 14:12
        30m                             | 2026-11-23 09:42
        +30m                            | 2026-11-23 09:42
        30 min                          | 2026-11-23 09:42
        30m call back                   | 2026-11-23 09:42 call ""
        +1h30                           | 2026-11-23 10:42
        24h                             | 2026-11-24 09:12
        in 3 days                       | 2026-11-26
        in a week                       | 2026-11-30
        in two weeks 10 visit the plant | 2026-12-07 10:00 visit "the plant"
        en 3 días                       | 2026-11-26
        dentro de 2 semanas             | 2026-12-07
        dans 3 j                        | 2026-11-26
        dans une semaine                | 2026-11-30
        in 3 tagen                      | 2026-11-26
        today                           | 2026-11-23
        hoy                             | 2026-11-23
        aujourd'hui                     | 2026-11-23
        aujourd’hui 15h                 | 2026-11-23 15:00
        heute 16 Uhr                    | 2026-11-23 16:00
        today 18                        | 2026-11-23 18:00
        this afternoon                  | 2026-11-23 15:00
        tomorrow                        | 2026-11-24
        TOMORROW 9                      | 2026-11-24 09:00
        tomorrow 9am                    | 2026-11-24 09:00
        tomorrow 9 pm                   | 2026-11-24 21:00
        tomorrow at 12am                | 2026-11-24 00:00
        tomorrow at noon                | 2026-11-24 12:00
        tomorrow morning                | 2026-11-24 09:00
        tomorrow 9-10 meeting           | 2026-11-24 09:00 60m meeting ""
        tomorrow, 9:30, call Anna       | 2026-11-24 09:30 call "Anna"
        tmrw 9                          | 2026-11-24 09:00
        day after tomorrow 9            | 2026-11-25 09:00
        mañana                          | 2026-11-24
        mañana 9h30                     | 2026-11-24 09:30
        manana a las 4 de la tarde      | 2026-11-24 16:00
        mañana a mediodía               | 2026-11-24 12:00
        pasado mañana 10                | 2026-11-25 10:00
        demain 9h                       | 2026-11-24 09:00
        demain à 9h30 appeler Hélène    | 2026-11-24 09:30 call "Hélène"
        demain après-midi               | 2026-11-24 15:00
        après-demain                    | 2026-11-25
        morgen 9                        | 2026-11-24 09:00
        übermorgen 14 Uhr 30            | 2026-11-25 14:30
        fri                             | 2026-11-27
        fri @9                          | 2026-11-27 09:00
        fri!                            | 2026-11-27
        viernes tarde                   | 2026-11-27 15:00
        tuesday next week 10            | 2026-12-01 10:00
        next week tue 10                | 2026-12-01 10:00
        martes de la semana que viene   | 2026-12-01
        mardi de la semaine prochaine   | 2026-12-01
        on friday                       | 2026-11-27
        fri 9:30 20m call Anna          | 2026-11-27 09:30 20m call "Anna"
        fri 9:30 1h30 visit             | 2026-11-27 09:30 90m visit ""
        fri 9.30                        | 2026-11-27 09:30
        fri 9:30-10:15 rdv Delorme      | 2026-11-27 09:30 45m meeting "Delorme"
        fri 20m call                    | 2026-11-27 20m call ""
        fri 9 for 45 min                | 2026-11-27 09:00 45m
        fri,9:30                        | 2026-11-27 09:30
        fri send quote                  | 2026-11-27 "send quote"
        fri 2 pallets                   | 2026-11-27 "2 pallets"
        fri 27                          | 2026-11-27
        fri 27 nov 10                   | 2026-11-27 10:00
        friday the 27th at 10           | 2026-11-27 10:00
        9 fri                           | 2026-11-27 09:00
        9:30 tomorrow call Anna         | 2026-11-24 09:30 call "Anna"
        mon                             | 2026-11-30
        mon 9                           | 2026-11-30 09:00
        tue 10 nach dem Jour fixe       | 2026-11-24 10:00 "nach dem Jour fixe"
        tue 10 20m call Anna about it   | 2026-11-24 10:00 20m call "Anna about it"
        sat                             | 2026-11-28
        next fri                        | 2026-12-04
        next mon                        | 2026-11-30
        next week                       | 2026-11-30
        next week 9                     | 2026-11-30 09:00
        next month                      | 2026-12-01
        la semana que viene             | 2026-11-30
        semaine prochaine               | 2026-11-30
        nächste Woche                   | 2026-11-30
        viernes que viene               | 2026-11-27
        vendredi prochain               | 2026-12-04
        nächsten Freitag                | 2026-12-04
        eow                             | 2026-11-27
        eom                             | 2026-11-30
        eom call Ana                    | 2026-11-30 call "Ana"
        end of month                    | 2026-11-30
        fin de mes                      | 2026-11-30
        fin du mois                     | 2026-11-30
        eoq                             | 2026-12-31
        eoy                             | 2026-12-31
        12 dec                          | 2026-12-12
        dec 12                          | 2026-12-12
        12dec                           | 2026-12-12
        12th of December                | 2026-12-12
        december 12, 2027 10am          | 2027-12-12 10:00
        12 dec 14                       | 2026-12-12 14:00
        12 de diciembre de 2027         | 2027-12-12
        el 12 de diciembre a las 10     | 2026-12-12 10:00
        1er décembre                    | 2026-12-01
        le 1 août 9h                    | 2027-08-01 09:00
        12. Dezember 14 Uhr             | 2026-12-12 14:00
        1 dec 14h                       | 2026-12-01 14:00
        the 12th                        | 2026-12-12
        el 12 a las 10                  | 2026-12-12 10:00
        le 12 à 9h                      | 2026-12-12 09:00
        3 nov                           | 2027-11-03
        23 nov                          | 2026-11-23
        23 nov 9                        | 2027-11-23 09:00
        29 feb                          | 2028-02-29
        12/1                            | 2027-01-12
        31/12                           | 2026-12-31
        12.1.                           | 2027-01-12
        12.1.2028                       | 2028-01-12
        12/1/2027                       | 2027-01-12
        12/1/27 9:00                    | 2027-01-12 09:00
        2026-12-01                      | 2026-12-01
        2026-12-01 14:00                | 2026-12-01 14:00
        2026-12-01T14:00                | 2026-12-01 14:00
        2020-12-01                      | 2020-12-01
        9                               | 2026-11-24 09:00
        10                              | 2026-11-23 10:00
        9 call Anna                     | 2026-11-24 09:00 call "Anna"
        9 20m                           | 2026-11-24 09:00 20m
        9:30                            | 2026-11-23 09:30
        9:12                            | 2026-11-24 09:12
        9h30                            | 2026-11-23 09:30
        14h                             | 2026-11-23 14:00
        3pm                             | 2026-11-23 15:00
        at 3pm                          | 2026-11-23 15:00
        a las 9                         | 2026-11-24 09:00
        à 9h                            | 2026-11-24 09:00
        noon                            | 2026-11-23 12:00
        mediodía                        | 2026-11-23 12:00
        midi                            | 2026-11-23 12:00
        call fri 9                      | 2026-11-27 09:00 call ""
        llamar mañana 9 a Luis          | 2026-11-24 09:00 call "a Luis"
        lun 10                          | 2026-11-30 10:00
        lundi                           | 2026-11-30
        Montag 9 Anruf Vogel            | 2026-11-30 09:00 call "Vogel"
        miércoles 12                    | 2026-11-25 12:00
        10 mar                          | 2027-03-10
        mar 10                          | 2027-03-10
        mar 10:30                       | 2026-11-24 10:30
        every day                       | 2026-11-24 FREQ=DAILY
        every day 9                     | 2026-11-24 09:00 FREQ=DAILY
        every day 10                    | 2026-11-23 10:00 FREQ=DAILY
        every week                      | 2026-11-30 FREQ=WEEKLY
        every 2w                        | 2026-12-07 FREQ=WEEKLY;INTERVAL=2
        every other week                | 2026-12-07 FREQ=WEEKLY;INTERVAL=2
        every 2w mon 9                  | 2026-11-30 09:00 FREQ=WEEKLY;INTERVAL=2;BYDAY=MO
        every 2w from fri 9 call Anna   | 2026-11-27 09:00 call "Anna" FREQ=WEEKLY;INTERVAL=2
        every mon 9                     | 2026-11-30 09:00 FREQ=WEEKLY;BYDAY=MO
        every mon and thu 10            | 2026-11-26 10:00 FREQ=WEEKLY;BYDAY=MO,TH
        every weekday 9:30 call         | 2026-11-23 09:30 call "" FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
        every month                     | 2026-12-23 FREQ=MONTHLY;BYMONTHDAY=23
        every month 1                   | 2026-12-01 FREQ=MONTHLY;BYMONTHDAY=1
        every month 1 9:30              | 2026-12-01 09:30 FREQ=MONTHLY;BYMONTHDAY=1
        every month 31                  | 2026-11-30 FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
        every end of month              | 2026-11-30 FREQ=MONTHLY;BYMONTHDAY=-1
        every quarter                   | 2027-02-23 FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=23
        every 3 months 1                | 2026-12-01 FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1
        every 12 dec                    | 2026-12-12 FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=12
        cada lunes 10                   | 2026-11-30 10:00 FREQ=WEEKLY;BYDAY=MO
        todos los martes                | 2026-11-24 FREQ=WEEKLY;BYDAY=TU
        chaque lundi 9h                 | 2026-11-30 09:00 FREQ=WEEKLY;BYDAY=MO
        tous les mois                   | 2026-12-23 FREQ=MONTHLY;BYMONTHDAY=23
        jeden Montag 9 Uhr              | 2026-11-30 09:00 FREQ=WEEKLY;BYDAY=MO
        alle 2 Wochen                   | 2026-12-07 FREQ=WEEKLY;INTERVAL=2
        send the quote                  | no date "send the quote"
        2 pallets of X                  | no date "2 pallets of X"
        3d printer for Acme             | no date "3d printer for Acme"
        12.5 tons                       | no date "12.5 tons"
        9 Anna                          | no date "9 Anna"
        call Anna                       | no date call "Anna"
        call Anna tomorrow 9            | 2026-11-24 09:00 call "Anna"
        visit Mar del Plata             | no date visit "Mar del Plata"
        every customer wants one        | no date "every customer wants one"
        next steps with Ana             | no date "next steps with Ana"
        Sam wants a quote               | no date "Sam wants a quote"
        tom 9 am                        | 2026-11-24 09:00
        sat at 11                       | 2026-11-28 11:00
        sam 9h30                        | 2026-11-28 09:30
        Tom wants a quote               | no date "Tom wants a quote"
        Morgan wants a quote            | no date "Morgan wants a quote"
        banana 9                        | no date "banana 9"
        +34 600 123 456                 | no date "+34 600 123 456"
        , and so on                     | no date ", and so on"
        tuez                            | ? “tuez” is no day
        tuez 10                         | ? “tuez” is no day
        firday call Anna                | ? “firday” is no day
        tomorow send the quote          | ? “tomorow” is no day
        next tuez                       | ? “tuez” is no day
        every tuez                      | ? “tuez” is no day
        every 3h                        | ? “3h” is too short: a day at least
        12 decembr                      | ? “decembr” is no month
        mar                             | ? “mar” may be March or Tuesday
        mon 27 nov                      | ? the weekday does not fit, that day is Fri 27 Nov
        31/2                            | ? “31/2” is no date
        30 feb                          | ? “30 feb” is no date
        13/13                           | ? “13/13” is no date
        2026-13-01                      | ? “2026-13-01” is no date
        2027-02-29                      | ? “2027-02-29” is no date
        9.30                            | ? “9.30” may be a time, a date or a number
        every 2                         | ? “2” what? “every 2w”, “every mon 9”, “every month 1”
        25:00                           | ? “25:00” is no time
        fri 9:75                        | ? “9:75” is no time
        tomorrow 45                     | ? “45” is no time
        13am                            | ? “13am” is no time
        +3x                             | ? “+3x” is no date
        +99999d                         | ? “+99999d” is too far off
        -3d                             | ? “-3d” is past
        yesterday                       | ? “yesterday” is past
        today 9                         | ? Mon 23 Nov 09:00 is past
        fri 9 3000m                     | ? “3000m” is no length of a day's work
        """,
    ),
    Block(
        MONDAY,
        "Europe/Madrid",
        "es",
        """
        mar 10                          | 2026-11-24 10:00
        mar                             | 2026-11-24
        mar llamar a Ana                | 2026-11-24 call "a Ana"
        mar 31                          | 2027-03-31
        10 mar                          | 2027-03-10
        12/1                            | 2027-01-12
        9h                              | 2026-11-24 09:00
        3h                              | 2026-11-23 12:12
        vie enviar la oferta            | 2026-11-27 "enviar la oferta"
        mon projet                      | no date "mon projet"
        mon 9                           | 2026-11-30 09:00
        """,
    ),
    Block(
        MONDAY,
        "Europe/Paris",
        "fr_FR",
        """
        mar 10                          | 2026-11-24 10:00
        10h                             | 2026-11-23 10:00
        9 heures 30                     | 2026-11-23 09:30
        ven 9h appeler Hélène           | 2026-11-27 09:00 call "Hélène"
        sam                             | 2026-11-28
        mon devis                       | no date "mon devis"
        fin décembre                    | 2026-12-31
        """,
    ),
    Block(
        MONDAY,
        "America/New_York",
        "en_US",
        """
        12/1                            | 2026-12-01
        1/12                            | 2027-01-12
        12/1/2027                       | 2027-12-01
        31/12                           | 2026-12-31
        12.1.                           | 2027-01-12
        """,
    ),
    Block(
        MONDAY,
        "Europe/London",
        "en_GB.UTF-8",
        """
        12/1                            | 2027-01-12
        """,
    ),
    Block(
        MONDAY,
        "Europe/Berlin",
        "de",
        """
        mo 9                            | 2026-11-30 09:00
        Fr 14 Uhr Anruf                 | 2026-11-27 14:00 call ""
        Di um 9 Termin                  | 2026-11-24 09:00 meeting ""
        so ein Angebot                  | no date "so ein Angebot"
        12/1                            | 2027-01-12
        """,
    ),
    # A Friday, late in the evening.
    Block(
        "2026-11-20 22:30",
        "Europe/Madrid",
        "en",
        """
        fri                             | 2026-11-27
        fri 23:00                       | 2026-11-27 23:00
        next fri                        | 2026-11-27
        viernes que viene               | 2026-11-27
        next week                       | 2026-11-23
        eow                             | 2026-11-20
        eow 9                           | 2026-11-27 09:00
        23:00                           | 2026-11-20 23:00
        22:30                           | 2026-11-21 22:30
        9                               | 2026-11-21 09:00
        2h                              | 2026-11-21 00:30
        tomorrow                        | 2026-11-21
        every fri 9                     | 2026-11-27 09:00 FREQ=WEEKLY;BYDAY=FR
        every weekday 9                 | 2026-11-23 09:00 FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
        """,
    ),
    # The last day of a year.
    Block(
        "2026-12-31 10:00",
        "Europe/Madrid",
        "es",
        """
        eom                             | 2026-12-31
        eom 9                           | 2027-01-31 09:00
        fin de año                      | 2026-12-31
        mañana                          | 2027-01-01
        12 dic                          | 2027-12-12
        31 dic                          | 2026-12-31
        1/1                             | 2027-01-01
        +1m                             | 2027-01-31
        +2m                             | 2027-02-28
        cada mes                        | 2027-01-31 FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
        el 30                           | 2027-01-30
        """,
    ),
    # A leap day.
    Block(
        "2028-02-29 12:00",
        "Europe/Madrid",
        "fr",
        """
        29 févr                         | 2028-02-29
        29 févr 9h                      | 2032-02-29 09:00
        dans un an                      | 2029-02-28
        dans 1 mois                     | 2028-03-29
        fin du mois                     | 2028-02-29
        demain                          | 2028-03-01
        tous les ans                    | 2029-02-28 \
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1
        """,
    ),
    # The evening before clocks go forward in Madrid (28 March 2027, 02:00 -> 03:00).
    Block(
        "2027-03-27 20:00",
        "Europe/Madrid",
        "en",
        """
        tomorrow 9                      | 2027-03-28 09:00 = 07:00Z
        tomorrow 1:30                   | 2027-03-28 01:30 = 00:30Z
        tomorrow 2:30                   | 2027-03-28 03:00 = 01:00Z
        tomorrow 3:00                   | 2027-03-28 03:00 = 01:00Z
        mon 9                           | 2027-03-29 09:00 = 07:00Z
        12h                             | 2027-03-28 09:00 = 07:00Z
        in 6 hours                      | 2027-03-28 03:00 = 01:00Z
        """,
    ),
    # The evening before they go back (31 October 2027, 03:00 -> 02:00): 02:30 comes twice.
    Block(
        "2027-10-30 20:00",
        "Europe/Madrid",
        "en",
        """
        tomorrow 9                      | 2027-10-31 09:00 = 08:00Z
        tomorrow 2:30                   | 2027-10-31 02:30 = 00:30Z
        12h                             | 2027-10-31 07:00 = 06:00Z
        fri 9                           | 2027-11-05 09:00 = 08:00Z
        """,
    ),
    # The same in New York: forward on 14 March 2027, back on 7 November 2027.
    Block(
        "2027-03-13 20:00",
        "America/New_York",
        "en_US",
        """
        tomorrow 2:30                   | 2027-03-14 03:00 = 07:00Z
        tomorrow 9am                    | 2027-03-14 09:00 = 13:00Z
        """,
    ),
    Block(
        "2027-11-06 20:00",
        "America/New_York",
        "en_US",
        """
        tomorrow 1:30am                 | 2027-11-07 01:30 = 05:30Z
        tomorrow 9am                    | 2027-11-07 09:00 = 14:00Z
        +12h                            | 2027-11-07 07:00 = 12:00Z
        """,
    ),
)
