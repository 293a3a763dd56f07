import Testing

@testable import Content

/// Rules that are read out of guidelines.
@Suite struct GuidelineTests {
    private func rules(_ text: String, _ locale: String?) -> [String] {
        GuidelineReader(text, locale: locale).rules.map { rule in
            let told =
                switch rule.kind {
                case .banned(let words): "never \(words.joined(separator: ", "))"
                case .preferred(let use, let insteadOf): "\(use) for \(insteadOf.joined(separator: ", "))"
                case .disclosure(let when, let text): "\(text) with \(when ?? "everything")"
                case .maxGrade(let grade): "grade \(grade)"
                }
            return "\(rule.line): \(told)"
        }
    }

    @Test func `a document becomes rules, each with its line`() {
        let text = """
            # Voice
            We are friendly. Our story began in 1998 with a must-have idea.

            ## Words
            - Never say "cheap".
            - Say "clients" instead of "customers" or "buyers".
            - Avoid the words bargain, deal and steal.
            - Use team rather than crew.
            - accounts -> clients
            - Write for grade 8 readers.
            - Paid partnerships must carry #ad.
            - Add #ad to sponsored posts.
            Every post must include "Made in Kiel".

            ## Words we avoid
            * low cost
            * guys, dudes
            """
        #expect(
            rules(text, nil) == [
                "5: never cheap", "6: clients for customers, buyers", "7: never bargain, deal, steal",
                "8: team for crew", "9: clients for accounts", "10: grade 8",
                "11: #ad with paid partnerships",
                "12: #ad with sponsored", "13: Made in Kiel with everything", "16: never low cost",
                "17: never guys, dudes",
            ])
    }

    @Test func `German guidelines are read as well`() {
        let text = """
            # Stimme
            Wir sind freundlich und schreiben gern.
            Sagen Sie nie „billig“ oder „Schnäppchen“.
            Sag „Kunden“ statt „Käufer“.
            Statt „Mitarbeiter“ sagen wir „Team“.
            Schreibt für Klasse 8.
            Bezahlte Partnerschaften müssen mit #Werbung gekennzeichnet werden.
            Kennzeichne Anzeigen mit #Anzeige.

            ## Wörter, die wir vermeiden
            - günstig, preiswert
            """
        #expect(
            rules(text, "de") == [
                "3: never billig, Schnäppchen", "4: Kunden for Käufer", "5: Team for Mitarbeiter",
                "6: grade 8",
                "7: #Werbung with bezahlte partnerschaften", "8: #Anzeige with anzeigen",
                "11: never günstig, preiswert",
            ])
        #expect(rules(text, nil) == rules(text, "de"), "the language is known by itself")
    }

    @Test(arguments: [
        "We love gardens.", "Call us on 555-0100.", "# Never say \"cheap\"", "Don't be shy.",
        "1. Introduction",
        "Our team must be friendly.", "Instead of a meeting", "\"\"", "→", "grade",
        "Class of 1998 in grade school.",
        "\u{202E}\u{200B}", "#ad",
    ])
    func `what is no rule becomes none`(line: String) { #expect(rules(line, "en").isEmpty, "\(line)") }
}
