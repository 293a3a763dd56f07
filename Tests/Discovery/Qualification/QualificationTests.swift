import Discovery
import JSON
import Testing

@Suite struct `Qualifying a lead` {
    private func lead(
        _ dollars: Int64?, days: Int? = nil, authority: Bool? = nil, pains: [String] = []
    ) -> ScoringInput {
        var input = ScoringInput.typical
        input.budget = dollars.map { .dollars($0) }
        (input.timelineDays, input.authority, input.painPoints) = (days, authority, pains)
        return input
    }

    private func states(_ qualification: Qualification) -> [String] {
        qualification.criteria.map(\.state.rawValue)
    }

    @Test func `mandatory criteria decide`() {
        let cases: [(ScoringInput, Qualification.Result, [String])] = [
            (
                lead(3000, days: 90, authority: true, pains: ["no leads"]), .qualified,
                ["met", "met", "met", "met", "unknown", "unknown"]
            ),
            (
                lead(2999, days: 90, authority: true), .disqualified,
                ["not_met", "met", "met", "unknown", "unknown", "unknown"]
            ),
            (
                lead(9000, days: 184, authority: true), .disqualified,
                ["met", "not_met", "met", "unknown", "unknown", "unknown"]
            ),
            (
                lead(9000, days: 183, authority: false), .disqualified,
                ["met", "met", "not_met", "unknown", "unknown", "unknown"]
            ),
            (lead(9000), .needsInformation, ["met", "unknown", "unknown", "unknown", "unknown", "unknown"]),
            (
                lead(nil, authority: false), .disqualified,
                ["unknown", "unknown", "not_met", "unknown", "unknown", "unknown"]
            ),
            (.bare, .needsInformation, Array(repeating: "unknown", count: 6)),
        ]
        for (input, result, expected) in cases {
            let qualification = Qualification(input)
            #expect(qualification.result == result && states(qualification) == expected)
            #expect(qualification.criteria.map(\.name) == Qualification.Name.allCases)
            #expect(qualification.criteria.allSatisfy { !$0.evidence.isEmpty })
            let unknown = qualification.criteria.filter { $0.state == .unknown }.map(\.name)
            #expect(qualification.questions.map(\.criterion) == unknown)
            #expect(qualification.questions.allSatisfy { !$0.text.isEmpty })
        }
    }

    @Test(
        arguments: [
            ("Our agency reports by hand; we want new markets.", "by hand", "new markets"),
            (
                "Unser Reporting läuft von Hand, wir wollen den Umsatz steigern.", "von hand",
                "umsatz steigern"
            ),
            ("Le site est obsolète ; nous visons de nouveaux marchés.", "obsolète", "nouveaux marchés"),
            ("La web está anticuada y queremos aumentar las ventas.", "anticuada", "aumentar las ventas"),
            ("Il sito è obsoleto, vogliamo crescere.", "obsoleto", "crescere"),
            ("O site está desatualizado, queremos crescer.", "desatualizado", "crescer"),
            ("De website is verouderd, we willen groeien.", "verouderd", "groeien"),
        ])
    func `gaps and growth are read in seven languages`(notes: String, gap: String, growth: String) {
        var input = ScoringInput.typical
        input.notes = notes
        let qualification = Qualification(input)
        #expect(states(qualification)[4...] == ["met", "met"])
        #expect(qualification.criteria[4].evidence.contains("\"\(gap)\""))
        #expect(qualification.criteria[5].evidence.contains("\"\(growth)\""))
    }

    @Test(
        arguments: [
            "We are happy with our current agency, no plans to grow.",
            "Wir sind zufrieden mit unserer Agentur, kein Wachstum geplant.",
            "Nous sommes satisfaits de notre agence, pas de croissance prévue.",
            "Estamos contentos con nuestra agencia, sin crecimiento.",
            "Siamo contenti della nostra agenzia, nessuna crescita.",
            "Estamos satisfeitos com a nossa agência, sem crescimento.",
            "We zijn tevreden over ons bureau, geen groei.",
        ])
    func `a denial outweighs what it denies, in seven languages`(notes: String) {
        var input = ScoringInput.typical
        input.notes = notes
        #expect(states(Qualification(input))[4...] == ["not_met", "not_met"])
    }

    @Test func `thresholds are the tenant's`() {
        var configuration = QualificationConfiguration()
        configuration.budgetMin = .init(amount: 5000_00, currency: "EUR")
        configuration.timelineDaysMax = 30
        #expect(
            states(Qualification(lead(5400, days: 30, authority: true), configuration))[0...1] == [
                "not_met", "met",
            ])
        #expect(
            states(Qualification(lead(5600, days: 31, authority: true), configuration))[0...1] == [
                "met", "not_met",
            ])
        #expect(configuration.faults.isEmpty)
        configuration.budgetMin.currency = "XYZ"
        configuration.timelineDaysMax = -1
        #expect(configuration.faults == [.budgetMin, .timelineDaysMax])
    }

    @Test func `other currencies are compared; unknown ones are asked about`() {
        var input = lead(nil)
        input.budget = .init(amount: 3000_00, currency: "EUR")
        #expect(states(Qualification(input))[0] == "met")
        input.budget = .init(amount: 300_000, currency: "JPY")
        #expect(states(Qualification(input))[0] == "not_met")
        input.budget = .init(amount: 300_000, currency: "XYZ")
        #expect(states(Qualification(input))[0] == "unknown")
    }

    @Test(arguments: [
        (["our website is outdated"], "", "met", "unknown"),
        (["We do everything manually"], "", "met", "unknown"),
        ([], "They want to expand to France.", "unknown", "met"),
        ([], "No plans to grow.", "unknown", "not_met"),
        ([], "Happy with our current agency", "not_met", "unknown"),
        (["no leads", "slow", "dear"], "Called twice", "unknown", "unknown"),
        (["not growing"], "", "unknown", "not_met"),
        ([], "a growth-minded team that lacks tracking", "met", "met"),
        ([], "ungrown, replacement parts", "unknown", "unknown"),
    ])
    func `gap and growth are met only when the record says so`(
        pains: [String], notes: String, gap: String, growth: String
    ) {
        var input = lead(3000, pains: pains)
        input.notes = notes
        #expect(Array(states(Qualification(input))[4...5]) == [gap, growth])
    }

    @Test func `custom fields answer for gap and growth; an agent's own tags do not`() {
        var input = ScoringInput.bare
        input.custom = ["growth_goal": "double revenue", "Gap": false]
        #expect(Array(states(Qualification(input))[4...5]) == ["not_met", "met"])
        input.custom = ["growth": "none", "gap": "unknown"]
        #expect(Array(states(Qualification(input))[4...5]) == ["unknown", "not_met"])
        input.custom = ["growth": 20]
        #expect(states(Qualification(input))[5] == "met")
        input.custom = [:]
        input.tags = ["offer:growth"]
        #expect(states(Qualification(input))[5] == "unknown")
    }

    @Test func `the outcome has the documented shape`() {
        let outcome = Qualification(lead(3000, days: 1, authority: true)).outcome
        #expect(outcome["result"] == "qualified")
        let first = outcome["criteria"]?.array?.first
        #expect(first?["name"] == "budget" && first?["state"] == "met" && first?["mandatory"] == true)
        #expect(first?["evidence"]?.text == "About $3,000 per month; the minimum is $3,000")
        #expect(outcome["questions"]?.array?.first?["criterion"] == "challenge")
    }
}

@Suite struct `Matching services` {
    @Test(arguments: [
        (2999, nil), (3000, "starter"), (5500, "starter"), (5999, "starter"), (6000, "growth"),
        (12_000, "growth"),
        (15_000, "growth"), (15_001, "enterprise"),
    ])
    func `a budget picks the package, gaps the lower one`(dollars: Int64, offer: String?) {
        var input = ScoringInput.bare
        (input.budget, input.employeeCount) = (.dollars(dollars), 5000)
        #expect(ServiceMatch(input)?.offer == offer)
    }

    @Test func `without a budget, size is presumed to tell`() {
        var input = ScoringInput.bare
        #expect(ServiceMatch(input) == nil)
        input.employeeCount = 60
        #expect(ServiceMatch(input)?.tag == "offer:growth" && ServiceMatch(input)?.basis == .size)
        input.employeeCount = 3
        #expect(ServiceMatch(input) == nil)
    }

    @Test func `a lead carries one offer`() {
        var input = ScoringInput.bare
        input.budget = .dollars(20_000)
        #expect(
            ServiceMatch.tags(["vip", "offer:starter"], with: ServiceMatch(input)) == [
                "vip", "offer:enterprise",
            ])
        #expect(ServiceMatch.tags(["vip", "offer:starter"], with: nil) == ["vip"])
    }
}
