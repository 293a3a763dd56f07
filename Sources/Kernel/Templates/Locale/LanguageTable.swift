extension Language {
    /// The languages whose dates and numbers are known, by their codes.
    static let all: [String: Language] = [
        "en": english, "de": german, "fr": french, "es": spanish, "it": italian, "pt": portuguese,
        "nl": dutch, "pl": polish, "sv": swedish, "da": danish, "nb": norwegian, "ja": japanese, "ar": arabic,
    ]

    private static let english: Language = {
        var habits = Habits("MMMM d, yyyy", "M/d/yyyy", "h:mm a", percent: "%")
        (habits.decimal, habits.group, habits.money) = (".", ",", .before)
        return Language(
            "en",
            months:
                "January February March April May June July August September October November December",
            short: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
            days: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
            shortDays: "Mon Tue Wed Thu Fri Sat Sun", habits, unsubscribe: "Unsubscribe")
    }()

    private static let german = Language(
        "de",
        months: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        short: "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        days: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        shortDays: "Mo Di Mi Do Fr Sa So",
        Habits("d. MMMM yyyy", "dd.MM.yyyy", "HH:mm"), unsubscribe: "Abmelden")

    private static let french: Language = {
        var habits = Habits("d MMMM yyyy", "dd/MM/yyyy", "HH:mm", percent: "\u{202F}%")
        habits.group = "\u{202F}"
        var language = Language(
            "fr",
            months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            short: "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
            days: "lundi mardi mercredi jeudi vendredi samedi dimanche",
            shortDays: "lun. mar. mer. jeu. ven. sam. dim.", habits, unsubscribe: "Se désabonner")
        language.symbols = ["USD": "$US", "GBP": "£GB", "CAD": "$CA"]
        return language
    }()

    private static let spanish: Language = {
        var habits = Habits("d 'de' MMMM 'de' yyyy", "d/M/yyyy", "H:mm")
        habits.groupsFrom = 5
        var language = Language(
            "es",
            months:
                "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            short: "ene feb mar abr may jun jul ago sept oct nov dic",
            days: "lunes martes miércoles jueves viernes sábado domingo",
            shortDays: "lun mar mié jue vie sáb dom", habits, unsubscribe: "Darse de baja")
        language.halves = ("a. m.", "p. m.")
        language.symbols = ["USD": "US$"]
        return language
    }()

    private static let italian: Language = {
        var language = Language(
            "it",
            months:
                "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            short: "gen feb mar apr mag giu lug ago set ott nov dic",
            days: "lunedì martedì mercoledì giovedì venerdì sabato domenica",
            shortDays: "lun mar mer gio ven sab dom",
            Habits("d MMMM yyyy", "dd/MM/yyyy", "HH:mm", percent: "%"), unsubscribe: "Annulla iscrizione")
        language.symbols = ["USD": "USD"]
        return language
    }()

    private static let portuguese: Language = {
        var habits = Habits("d 'de' MMMM 'de' yyyy", "dd/MM/yyyy", "HH:mm", percent: "%")
        habits.money = .beforeSpaced
        var language = Language(
            "pt",
            months:
                "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            short: "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
            days: "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
            shortDays: "seg. ter. qua. qui. sex. sáb. dom.", habits, unsubscribe: "Cancelar inscrição")
        language.symbols = ["USD": "US$"]
        return language
    }()

    private static let dutch: Language = {
        var habits = Habits("d MMMM yyyy", "dd-MM-yyyy", "HH:mm", percent: "%")
        habits.money = .beforeSpacedSign
        var language = Language(
            "nl",
            months: "januari februari maart april mei juni juli augustus september oktober november december",
            short: "jan feb mrt apr mei jun jul aug sep okt nov dec",
            days: "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
            shortDays: "ma di wo do vr za zo", habits, unsubscribe: "Afmelden")
        language.symbols = ["USD": "US$"]
        return language
    }()

    private static let polish: Language = {
        var habits = Habits("d MMMM yyyy", "dd.MM.yyyy", "HH:mm", percent: "%")
        (habits.group, habits.groupsFrom) = ("\u{A0}", 5)
        var language = Language(
            "pl",
            months: "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
                + "listopada grudnia",
            alone: "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad "
                + "grudzień",
            short: "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            days: "poniedziałek wtorek środa czwartek piątek sobota niedziela",
            shortDays: "pon. wt. śr. czw. pt. sob. niedz.", habits, unsubscribe: "Wypisz się")
        language.categories = [.one, .few, .many]
        language.symbols = ["PLN": "zł", "USD": "USD", "GBP": "GBP"]
        return language
    }()

    private static let swedish: Language = {
        var habits = Habits("d MMMM yyyy", "yyyy-MM-dd", "HH:mm")
        (habits.group, habits.minus) = ("\u{A0}", "\u{2212}")
        var language = Language(
            "sv",
            months: "januari februari mars april maj juni juli augusti september oktober november december",
            short: "jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.",
            days: "måndag tisdag onsdag torsdag fredag lördag söndag",
            shortDays: "mån tis ons tors fre lör sön", habits, unsubscribe: "Avsluta prenumerationen")
        language.symbols = ["SEK": "kr", "USD": "US$"]
        return language
    }()

    private static let danish: Language = {
        var language = Language(
            "da",
            months: "januar februar marts april maj juni juli august september oktober november december",
            short: "jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec.",
            days: "mandag tirsdag onsdag torsdag fredag lørdag søndag",
            shortDays: "man. tirs. ons. tors. fre. lør. søn.",
            Habits("d. MMMM yyyy", "dd.MM.yyyy", "HH.mm"), unsubscribe: "Afmeld")
        language.symbols = ["DKK": "kr."]
        return language
    }()

    private static let norwegian: Language = {
        var habits = Habits("d. MMMM yyyy", "dd.MM.yyyy", "HH:mm")
        (habits.group, habits.minus) = ("\u{A0}", "\u{2212}")
        var language = Language(
            "nb",
            months: "januar februar mars april mai juni juli august september oktober november desember",
            short: "jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.",
            days: "mandag tirsdag onsdag torsdag fredag lørdag søndag",
            shortDays: "man. tir. ons. tor. fre. lør. søn.", habits, unsubscribe: "Meld deg av")
        language.symbols = ["NOK": "kr", "USD": "USD"]
        return language
    }()

    private static let japanese: Language = {
        let months = (1...12).map { "\($0)月" }.joined(separator: " ")
        var habits = Habits("yyyy年M月d日", "yyyy/MM/dd", "H:mm", percent: "%")
        (habits.decimal, habits.group, habits.money) = (".", ",", .before)
        var language = Language(
            "ja", months: months, short: months,
            days: "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日", shortDays: "月 火 水 木 金 土 日", habits,
            unsubscribe: "配信停止")
        language.halves = ("午前", "午後")
        language.categories = [.other]
        language.symbols = ["JPY": "￥", "CNY": "元"]
        return language
    }()

    private static let arabic: Language = {
        var habits = Habits("d MMMM yyyy", "dd/MM/yyyy", "h:mm a", percent: "٪\u{61C}")
        (habits.decimal, habits.group, habits.minus) = ("٫", "٬", "\u{61C}-")
        (habits.money, habits.hasArabicDigits) = (.afterMarked, true)
        var language = Language(
            "ar", months: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
            short: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
            days: "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
            shortDays: "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد", habits,
            unsubscribe: "إلغاء الاشتراك")
        language.halves = ("ص", "م")
        language.categories = [.zero, .one, .two, .few, .many, .other]
        language.symbols = ["USD": "US$"]
        return language
    }()
}
