/// Names of months, weekdays and numbers in the languages that replies come in, folded.
enum CalendarWords {
    static let months: [String: Int] = table([
        "january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari stycznia styczen styczniu",
        "february feb februar fevrier fevr fev febrero febbraio fevereiro februari lutego luty lutym",
        "march mar marz maerz mrz mars marzo marco maart marts marca marzec marcu",
        "april apr avril avr abril aprile kwietnia kwiecien kwietniu",
        "may mai mayo maggio mag maio mei maj maja maju",
        "june jun juni juin junio giugno giu junho czerwca czerwiec czerwcu",
        "july jul juli juillet juil julio luglio lug julho lipca lipiec lipcu",
        "august aug aout agosto ago augustus augusti sierpnia sierpien sierpniu",
        "september sep sept septembre septiembre settembre set setembro wrzesnia wrzesien wrzesniu",
        "october oct oktober okt octobre octubre ottobre ott outubro pazdziernika pazdziernik pazdzierniku",
        "november nov novembre noviembre novembro listopada listopad listopadzie",
        "december dec dezember dez decembre diciembre dic dicembre dezembro december grudnia grudzien grudniu",
    ])

    /// 1 for Monday.
    static let weekdays: [String: Int] = table([
        "monday mon montag lundi lunes lunedi segunda maandag mandag poniedzialek poniedzialku mandagen",
        "tuesday tue tues dienstag mardi martes martedi terca dinsdag tisdag tirsdag wtorek wtorku",
        "wednesday wed mittwoch mercredi miercoles mercoledi quarta woensdag onsdag sroda srode srody",
        "thursday thu thur thurs donnerstag jeudi jueves giovedi quinta donderdag torsdag czwartek czwartku",
        "friday fri freitag vendredi viernes venerdi sexta vrijdag fredag piatek piatku",
        "saturday sat samstag samedi sabado sabato zaterdag lordag sobota sobote",
        "sunday sun sonntag dimanche domingo domenica zondag sondag niedziela niedziele",
    ])

    static let numbers: [String: Int] = table([
        "one a an ein eine einem einen einer un une uno una um uma een en ett et jeden",
        "two couple zwei deux dos due dois duas twee tva to dwa dwoch",
        "three few drei trois tres tre drie tre trzy trzech ein-paar",
        "four vier quatre cuatro quattro quatro fyra fire cztery",
        "five funf fuenf cinq cinco cinque vijf fem piec",
        "six sechs seis sei zes sex seks szesc",
        "seven sieben sept siete sette sete zeven sju syv siedem",
        "eight acht huit ocho otto oito atta otte osiem",
        "nine neun neuf nueve nove negen nio ni",
        "ten zehn dix diez dieci dez tien tio ti",
        "eleven elf onze once", "twelve zwolf zwoelf douze doce dodici doze twaalf tolv",
    ])

    enum Unit { case day, week, month, quarter, year }

    static let units: [String: Unit] = {
        var units: [String: Unit] = [:]
        let words: [(Unit, String)] = [
            (.day, "day days tag tage tagen jour jours dia dias giorno giorni dag dagen dagar dage dni"),
            (
                .week,
                """
                week weeks woche wochen semaine semaines semana semanas settimana settimane weken vecka veckor uge uger \
                tydzien tygodnie tygodni
                """
            ),
            (
                .month,
                """
                month months monat monate monaten monats mois mes meses mese mesi meses maand maanden manad manader maned \
                maneder miesiac miesiace miesiecy
                """
            ),
            (
                .quarter,
                "quarter quarters quartal quartals quartale trimestre trimestres kwartaal kvartal kwartal kwartale"
            ),
            (
                .year,
                "year years jahr jahre jahren jahres an ans annee annees ano anos anno anni jaar ar aret lata rok roku"
            ),
        ]
        for (unit, names) in words { for name in names.split(separator: " ") { units[String(name)] = unit } }
        return units
    }()

    static let next: Set<String> = [
        "next", "nachste", "nachsten", "nachster", "nachstes", "naechste", "naechsten", "naechstes",
        "kommende",
        "kommenden", "kommendes", "kommender", "prochain", "prochaine", "proximo", "proxima", "prossimo",
        "prossima",
        "volgend", "volgende", "nasta", "naeste", "neste", "przyszly", "przyszlym", "following", "coming",
        "upcoming",
    ]

    /// The first day of a season's business, as month and day.
    static let seasons: [String: (month: Int, day: Int)] = {
        var seasons: [String: (month: Int, day: Int)] = [:]
        let words: [(String, Int)] = [
            (
                "spring fruhjahr fruhling fruehjahr fruehling printemps primavera voorjaar var foraret wiosna wiosne",
                3
            ),
            ("summer sommer ete verano estate verao zomer sommar sommeren lato latem", 6),
            (
                "autumn fall herbst automne otono autunno outono herfst host hosten efteraret jesien jesienia",
                9
            ),
            ("winter hiver invierno inverno", 12),
        ]
        for (names, month) in words {
            for name in names.split(separator: " ") { seasons[String(name)] = (month, 1) }
        }
        return seasons
    }()

    static let christmas: Set<String> = [
        "christmas", "xmas", "weihnachten", "noel", "navidad", "natale", "natal", "kerst", "kerstmis", "jul",
        "julen",
        "holidays", "feiertagen", "feiertage", "fetes",
    ]
    static let easter: Set<String> = [
        "easter", "ostern", "paques", "pascua", "pasqua", "pascoa", "pasen", "pask", "paske",
    ]
    static let tomorrow: Set<String> = [
        "tomorrow", "morgen", "demain", "manana", "domani", "amanha", "imorgon", "jutro",
    ]

    private static func table(_ rows: [String]) -> [String: Int] {
        var table: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            for name in row.split(separator: " ") where table[String(name)] == nil {
                table[String(name)] = index + 1
            }
        }
        return table
    }
}
