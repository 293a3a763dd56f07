import JSON
import Templates
import Testing

@testable import Content

/// Judgements of content, which depend on nothing but their input.
@Suite struct ContentQualityTests {
    private func input(_ body: String, _ brand: BrandRules? = nil, locale: String = "en") -> QualityInput {
        var input = QualityInput()
        (input.title, input.body, input.brand, input.locale) = ("Spring news", body, brand, locale)
        return input
    }

    private func brand(banned: [String] = [], maxGrade: Int? = nil) -> BrandRules {
        var rules = BrandRules()
        (rules.name, rules.banned, rules.maxGrade) = ("Acme", banned, maxGrade)
        return rules
    }

    private func findings(_ input: QualityInput, _ code: QualityFinding.Code) -> [QualityFinding] {
        QualityReport(input).findings.filter { $0.code == code }
    }

    /// The words in a place, as programs count characters.
    private func words(_ finding: QualityFinding, of body: String) -> String? {
        finding.place.map { String(String.UnicodeScalarView(Array(body.unicodeScalars)[$0])) }
    }

    @Test func `every fault of a piece is found at its place, and the score is their sum`() {
        var rules = brand(banned: ["cheap"])
        rules.preferred = [BrandRules.Preference(use: "clients", insteadOf: ["customers"])]
        rules.disclosures = [BrandRules.Disclosure(when: "partner", text: "#ad")]
        let body =
            "A cheap start for customers. Our partner says 93% of gardens grow. READ THIS NOW TODAY PLEASE. #springgardens"
        var input = input(body, rules)
        input.media = [QualityInput.Medium(name: "g.jpg", altText: " ")]
        let report = QualityReport(input)
        let found = report.findings.map { "\($0.code.rawValue) \(words($0, of: body) ?? "")" }
        #expect(
            found == [
                "banned_word cheap", "preferred_word customers", "missing_disclosure partner",
                "claim_without_source 93%", "shouting READ THIS NOW TODAY PLEASE", "alt_text_required ",
                "hashtag_case #springgardens",
            ])
        #expect(report.score == 100 - 20 - 8 - 20 - 8 - 8 - 20 - 2)
        #expect(report.findings.allSatisfy { !$0.detail.english.isEmpty && !$0.suggestion.english.isEmpty })
        #expect(report.findings.last?.suggestion.english == "Make it #SpringGardens.")
        let again = QualityInput(json: input.json)
        #expect(again == input && again.map { QualityReport($0).json } == report.json)
    }

    @Test func `a version that some get in place of the body is held to all that the body is`() {
        var rules = brand(banned: ["cheap"])
        rules.disclosures = [BrandRules.Disclosure(when: "partner", text: "#ad")]
        var piece = input("Our partner grows roses. #ad", rules)
        #expect(QualityReport(piece).findings.isEmpty)
        let version = "Our partner grows cheap roses, and it is risk free."
        (piece.versions, piece.beside) = ([version], ["Roses", version])
        let found = QualityReport(piece).findings
        #expect(
            found.map { "\($0.code.rawValue) \($0.evidence)" } == [
                "banned_word cheap", "missing_disclosure partner", "claim_without_source risk free",
            ])
        #expect(found.allSatisfy { $0.place == nil }, "they stand nowhere in the body")
        let again = QualityInput(json: piece.json)
        #expect(again == piece && again.map { QualityReport($0).json } == QualityReport(piece).json)
        piece.versions = []
        #expect(findings(piece, .missingDisclosure).isEmpty, "a subject is no whole piece")
    }

    @Test func `what a model has made says so in the brand's words, and nothing else has to`() {
        var rules = brand(banned: [])
        rules.aiDisclosure = "#MadeWithAI"
        var piece = input("A start for gardens.", rules)
        #expect(findings(piece, .missingDisclosure).isEmpty)
        piece.isMadeWithAI = true
        #expect(findings(piece, .missingDisclosure).map(\.severity) == [.error])
        #expect(QualityInput(json: piece.json) == piece)
        piece.body = "A start for gardens. #MadeWithAI"
        #expect(findings(piece, .missingDisclosure).isEmpty)
    }

    @Test func `a claim needs a source that says it, and a link beside it is one`() {
        let body = "Our partner says 93% of gardens grow. We are the best in town."
        var input = input(body)
        #expect(findings(input, .claimWithoutSource).map { words($0, of: body) } == ["93%", "the best"])
        input.claims = [QualityInput.Claim(text: "93% of gardens grow", source: "https://example.org/study")]
        #expect(findings(input, .claimWithoutSource).map { words($0, of: body) } == ["the best"])
        input.claims = [QualityInput.Claim(text: "93% of cars rust", source: "https://example.org/study")]
        #expect(findings(input, .claimWithoutSource).count == 2, "another study")
        input.claims = [QualityInput.Claim(text: "93% of gardens grow", source: nil)]
        #expect(findings(input, .claimWithoutSource).count == 2, "no source")
        input.claims = []
        input.industry = "Health care"
        #expect(findings(input, .claimWithoutSource).map(\.severity) == [.error, .error], "held to more")
        input.industry = nil
        input.body = "As [a study](https://example.org/study) says, 93% of gardens grow."
        #expect(findings(input, .claimWithoutSource).isEmpty)
        input.body = "This week only: 20% off all seeds."
        #expect(findings(input, .claimWithoutSource).isEmpty, "an offer is no claim")
    }

    @Test func `the same words are held to the law of each country that reads them`() {
        let body = "Our tea cures colds. We are the best in town, and cheaper than our competitors. 93% agree."
        func told(_ countries: [String]) -> [String] {
            var input = input(body)
            input.countries = countries
            return findings(input, .claimWithoutSource).map { finding in
                let laws = finding.rules.map { "\($0.country) \($0.law)" }.joined(separator: " + ")
                return "\(finding.severity.rawValue) \(finding.evidence) \(laws)"
            }
        }
        #expect(
            told(["DE"]) == [
                "error cures DE HWG, § 3", "error the best DE UWG, § 5",
                "warning cheaper than our competitors DE UWG, § 6", "warning 93% DE UWG, § 5",
            ])
        #expect(
            told(["GB"]) == [
                "error cures GB CAP Code, Rule 12.1", "warning the best GB CAP Code, Rule 3.7",
                "warning cheaper than our competitors GB CAP Code, Rule 3.33",
                "error 93% GB CAP Code, Rule 3.7",
            ])
        #expect(
            told(["US"]) == [
                "error cures US FTC Act, Section 12",
                "note the best US FTC Policy Statement Regarding Advertising Substantiation",
                "note cheaper than our competitors US 16 CFR § 14.15",
                "warning 93% US FTC Policy Statement Regarding Advertising Substantiation",
            ])
        #expect(told(["PL"])[0] == "error cures PL Regulation (EC) No 1924/2006, Art. 10", "as the Union has it")
        #expect(
            told(["DE", "GB", "US"])[1...] == [
                "error the best DE UWG, § 5",
                "warning cheaper than our competitors DE UWG, § 6 + GB CAP Code, Rule 3.33",
                "error 93% GB CAP Code, Rule 3.7",
            ], "the strictest counts")
        #expect(told([]) == told(["JP"]), "a country of which nothing is known is as none")
        #expect(told([])[2] == "note cheaper than our competitors ")
        var german = self.input(body)
        german.countries = ["DE"]
        let detail = findings(german, .claimWithoutSource)[1].detail.english
        #expect(detail == "A superlative, without a source: the best (DE: UWG, § 5)")
        #expect(QualityInput(json: german.json) == german)
    }

    @Test func `of health a source is not enough everywhere`() {
        func told(_ country: String) -> [String] {
            var input = input("Our tea [cures colds](https://example.org/study).")
            input.countries = [country]
            return findings(input, .claimWithoutSource).map { "\($0.severity.rawValue) \($0.detail.english)" }
        }
        #expect(
            told("FR") == [
                "warning A promise about health, of which law wants more than a source: cures (FR: Code de la santé publique, Art. L5122-2)"
            ])
        #expect(told("SE").first?.hasPrefix("note ") == true)
        #expect(told("GB") == [] && told("US") == [])
    }

    @Test(arguments: [
        ("en", "Our shop is cheaper than other agencies."), ("de", "Wir sind günstiger als andere Anbieter."),
        ("fr", "Nous sommes moins chers que nos concurrents."), ("es", "Somos mejores que la competencia."),
        ("it", "Siamo migliori dei concorrenti."), ("nl", "Wij zijn goedkoper dan onze concurrenten."),
        ("pt", "Somos melhores do que a concorrência."),
    ])
    func `a comparison with competitors is known in seven languages`(language: String, body: String) {
        var input = input(body, locale: language)
        input.countries = ["DE"]
        let found = findings(input, .claimWithoutSource)
        #expect(found.map(\.rules) == [[.init(country: "DE", law: "UWG, § 6")]], "\(found.map(\.evidence))")
    }

    @Test func `what a country wants said beside wine, credit and medicine is asked for there alone`() {
        func told(_ body: String, _ country: String, _ locale: String) -> [String] {
            var input = input(body, locale: locale)
            input.countries = [country]
            return findings(input, .missingDisclosure).map { "\($0.evidence): \($0.suggestion.english)" }
        }
        let wine = "Découvrez notre vin rouge.", notice = "L'abus d'alcool est dangereux pour la santé"
        #expect(told(wine, "FR", "fr") == ["vin: Add \(notice)."])
        #expect(told("\(wine) \(notice), à consommer avec modération.", "FR", "fr") == [])
        #expect(told("Taste our wine.", "FR", "en").count == 1, "in whatever language")
        #expect(told(wine, "BE", "fr") == [])
        #expect(told("Unser Hustensaft schmeckt.", "DE", "de").count == 1)
        #expect(told("Un crédit en un jour.", "FR", "fr").count == 1)
    }

    @Test(arguments: [
        ("en", "Our tea cures colds.", "It is risk free."),
        ("de", "Unser Tee heilt Husten.", "Ganz ohne Risiko."),
        ("fr", "Notre thé guérit la toux.", "C'est sans risque."),
        ("es", "Nuestro té cura la tos.", "Es sin riesgo."),
        ("it", "Il nostro tè guarisce la tosse.", "È senza rischio."),
        ("nl", "Onze thee geneest hoest.", "Het is zonder risico."),
        ("pt", "O nosso chá cura a tosse.", "É sem risco."),
    ])
    func `promises about health and money are errors in seven languages`(
        language: String, health: String, money: String
    ) {
        let found = findings(input("\(health) \(money)", locale: language), .claimWithoutSource)
        #expect(found.map(\.severity) == [.error, .error], "\(language): \(found.map(\.evidence))")
        #expect(findings(input("2024", locale: language), .claimWithoutSource).isEmpty)
    }

    @Test(arguments: [
        ("en", "Made in partnership with Acme.", "#ad"), ("de", "In Kooperation mit Acme.", "#Anzeige"),
        ("fr", "En partenariat avec Acme.", "#publicité"), ("es", "En colaboración con Acme.", "#publicidad"),
        ("it", "In collaborazione con Acme.", "#pubblicità"), ("nl", "In samenwerking met Acme.", "#reclame"),
        ("pt", "Em parceria com Acme.", "#publicidade"),
    ])
    func `what somebody pays for is marked as advertising in seven languages`(
        language: String, body: String, mark: String
    ) {
        let found = findings(input(body, locale: language), .missingDisclosure)
        #expect(found.map(\.suggestion.english) == ["Add \(mark)."], "\(language)")
        #expect(
            findings(input("\(body) \(mark)", locale: language), .missingDisclosure).isEmpty, "\(language)")
    }

    @Test func `a country knows advertising by its own marks, whatever the language`() {
        var input = input("Made in partnership with Acme. #ad")
        input.country = "US"
        #expect(findings(input, .missingDisclosure).isEmpty)
        input.country = "DE"
        #expect(findings(input, .missingDisclosure).map(\.suggestion.english) == ["Add #werbung."])
        input.body += " #Anzeige"
        #expect(findings(input, .missingDisclosure).isEmpty)
        input.country = "XX"
        #expect(findings(input, .missingDisclosure).isEmpty, "as the language has it")
    }

    @Test func `a word within another is none, and places count characters`() {
        let rules = brand(banned: ["cheap", "ass"])
        let good =
            "Our spring class begins in May. Bring gloves, and we bring the seeds. Questions? Write to us."
        #expect(QualityReport(input(good, rules)).score == 100)
        let body = "Zoë 😀 sagt: nicht CHEAP."
        #expect(findings(input(body, rules), .bannedWord).map { words($0, of: body) } == ["CHEAP"])
        let hidden = "It is ch\u{200B}ea\u{202E}p, and cafe\u{301} is free."
        let found = findings(input(hidden, brand(banned: ["cheap", "café"])), .bannedWord)
        #expect(
            found.map(\.evidence) == ["cheap", "cafe\u{301}"],
            "with marks that are not seen, and accents apart")
        let linked = "See https://example.com/cheap and {{ lead.cheap }}."
        #expect(findings(input(linked, rules), .bannedWord).isEmpty)
    }

    @Test func `a text is as hard as its sentences and words, in its own language`() {
        let easy = String(repeating: "We plant a tree. You can help us do it. ", count: 5)
        let hard =
            "Notwithstanding the aforementioned considerations, organisational stakeholders necessitate comprehensive documentation of interdepartmental communication responsibilities, particularly regarding international procurement administration and environmental sustainability certification."
        #expect(findings(input(easy, brand(maxGrade: 5)), .hardToRead).isEmpty)
        let found = findings(input(hard, brand(maxGrade: 9)), .hardToRead)
        #expect(found.count == 1 && found.first?.severity == .warning)
        let german =
            "Ungeachtet der vorgenannten Rahmenbedingungen erfordert die abteilungsübergreifende Kommunikationsverantwortung umfassende Dokumentationspflichten, insbesondere bezüglich internationaler Beschaffungsverwaltung, Nachhaltigkeitszertifizierung, Datenschutzfolgenabschätzung und Unternehmensberichterstattung gegenüber Aufsichtsbehörden."
        #expect(findings(input(german, brand(maxGrade: 9), locale: "de"), .hardToRead).count == 1)
        #expect(findings(input("Notwithstanding considerations.", brand(maxGrade: 3)), .hardToRead).isEmpty)
    }

    @Test func `links that lead nowhere and data of people are found, and what is meant to be told is not`() {
        let body =
            "[a](http://localhost/x) https://10.0.0.1/a, ftp://files.example.com/x [b](https://www.example.com/good) [c](#part) bob.smith@mail.example.com info@example.com +49 30 1234567 DE89 3704 0044 0532 0130 00 4111 1111 1111 1111 on 2026-11-27 for 1,000,000 people"
        let links = findings(input(body), .brokenLink)
        #expect(
            links.map(\.evidence) == [
                "http://localhost/x", "https://10.0.0.1/a", "ftp://files.example.com/x",
            ])
        let personal = findings(input(body), .personalData)
        #expect(
            personal.map(\.evidence) == ["bob.smith@mail.example.com", "+49 30 1234567", "DE…00", "41…11"],
            "and numbers of accounts stand in no report")
        #expect(personal.map(\.severity) == [.warning, .note, .error, .error])
    }

    @Test func `what people let pass costs nothing, and the code weighs less where they do so often`() {
        var input = input("A cheap start.", brand(banned: ["cheap"]))
        let report = QualityReport(input)
        #expect(report.score == 80 && report.errors.count == 1)
        input.overridden = Set(report.findings.map(\.mark))
        #expect(QualityReport(input).score == 100 && QualityReport(input).errors.isEmpty)
        input.overridden = []
        input.passed = ["banned_word": 3]
        #expect(QualityReport(input).score == 80, "three say little")
        input.passed = ["banned_word": 5]
        #expect(QualityReport(input).score == 90)
        input.passed = ["banned_word": 50]
        #expect(QualityReport(input).score == 96, "it is never nothing")
    }

    @Test func `a voice is known by five pieces, and a piece far from it is told with figures`() {
        let calm = String(
            repeating: "We plant trees in the park each spring with our friends and their children. ",
            count: 3)
        let loud = String(repeating: "Hey folks! It's awesome! You'll love it! Wow! Yeah! ", count: 5)
        let few = VoiceProfile(Array(repeating: ScannedText(calm), count: 4), in: "en")
        #expect(few == nil)
        var input = input(loud)
        input.voice = VoiceProfile(Array(repeating: ScannedText(calm), count: 5), in: "en")
        let found = findings(input, .offVoice)
        #expect(found.count == 3 && found.allSatisfy { $0.severity == .note })
        #expect(found.first?.detail.english.contains("5 accepted pieces") == true)
        input.body = calm
        #expect(findings(input, .offVoice).isEmpty)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            String(repeating: "a", count: 100_000), String(repeating: "cheap ", count: 16_000),
            String(repeating: "\u{200B}", count: 100_000), "a" + String(repeating: "\u{301}", count: 99_000),
            String(repeating: "{", count: 100_000), String(repeating: "](", count: 50_000),
            String(repeating: "http://", count: 14_000), String(repeating: "93% ", count: 25_000),
            String(repeating: "\u{202E}cheap\u{202C} ", count: 12_000),
            String(repeating: "AB12 0", count: 16_000),
            String(repeating: "#abcdefghijklmnop ", count: 5_000), String(repeating: "!", count: 100_000),
        ])
    func `the longest texts neither break the checks nor slow them`(body: String) {
        let start = ContinuousClock.now
        let report = QualityReport(input(body, brand(banned: ["cheap"])))
        _ = Shingles(ScannedText(body))?.bands
        #expect((0...100).contains(report.score))
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
