/// What is in the packages of a new agency, in German: in the order of their contents.
enum GermanServices {
    static let starter = [
        (
            "Suchmaschinenoptimierung",
            "Eine technische Prüfung Ihrer Website, die Begriffe, nach denen Ihre Käufer suchen, und die Seiten, die "
                + "darauf antworten sollen, Monat für Monat verbessert."
        ),
        (
            "Betreuung von Google Ads",
            "Kampagnen, die jede Woche eingerichtet, gesteuert und aufgeräumt werden, mit Abschlüssen, die gemessen und "
                + "nicht vermutet sind."
        ),
        (
            "Einrichtung sozialer Medien",
            "Profile, die sagen, wer Sie sind, ein Plan für die Beiträge und die Beiträge des ersten Monats."
        ),
        ("Monatlicher Bericht", "Was getan wurde, was daraus geworden ist und was folgt, auf zwei Seiten."),
    ]
    static let growth = [
        (
            "Erweiterte Suchmaschinenoptimierung",
            "Alles, was die Suche braucht: Aufbau, Inhalte, Verweise und Geschwindigkeit, mit einem Plan für das "
                + "Quartal und Rangfolgen, die Sie verfolgen können."
        ),
        (
            "Werbung auf mehreren Plattformen",
            "Ein Budget für Suche, soziale Netze und Display, jede Woche dorthin verschoben, wo der nächste Kunde am "
                + "wenigsten kostet."
        ),
        (
            "Inhalte",
            "Artikel, Leitfäden und Fallstudien, die beantworten, was Ihre Käufer vor dem Kauf fragen."
        ),
        (
            "E-Mail-Automatisierung",
            "Folgen, die begrüßen, erinnern und zurückgewinnen, für Ihre Zielgruppen geschrieben und gemessen."
        ),
        (
            "Betreuung sozialer Medien",
            "Ein Kalender, Beiträge und Antworten in den Netzen, in denen Ihre Käufer sind."
        ),
        ("Wöchentlicher Bericht", "Zahlen, Entscheidungen und die Woche, die kommt, jeden Montag."),
    ]
    static let enterprise = [
        (
            "Erweiterte Marketing-Automatisierung",
            "Abläufe über alle Kanäle, bewertete Kontakte und Übergaben an den Vertrieb, die von selbst geschehen."
        ),
        (
            "Eigene Auswertungen",
            "Zuordnung und Übersichten auf Ihren eigenen Daten, für Ihre eigenen Fragen."
        ),
        (
            "Eigene Anbindungen",
            "Ihr CRM, Ihr Shop und Ihr Datenlager verbunden, damit niemand mehr Zahlen abschreibt."
        ),
        (
            "Feste Ansprechperson",
            "Ein Mensch, der Ihr Geschäft kennt und für das Ergebnis einsteht."
        ),
        (
            "Bevorzugte Unterstützung",
            "Eine Antwort innerhalb der Stunde, an Werktagen, von denen, die die Arbeit tun."
        ),
        (
            "Betreuung Ihrer Marketing-Werkzeuge",
            "Ihre Werkzeuge ausgewählt, betrieben, gesichert und nicht teurer als nötig."
        ),
        (
            "Strategische Beratung",
            "Jedes Quartal ein Blick mit Ihrer Leitung auf Markt, Position und Budget."
        ),
    ]
}
