import Discovery
import JSON
import Testing

extension ScoringInput {
    /// A well-kept record of a technology company, as directories give them.
    static var typical: ScoringInput {
        var input = ScoringInput()
        (input.hasWebsite, input.industry, input.employeeCount) = (true, "technology", 50)
        (input.hasContactName, input.contactTitle) = (true, "Marketing Director")
        (input.email, input.country, input.source) = (Email(), "US", "directory")
        return input
    }

    static var rich: ScoringInput {
        var input = typical
        (input.employeeCount, input.hasLinkedIn, input.hasPhone) = (400, true, true)
        (input.annualRevenue, input.budget) = (.dollars(50_000_000), .dollars(20_000))
        return input
    }

    static let bare = ScoringInput()
}

extension ScoringInput.Amount {
    static func dollars(_ dollars: Int64) -> Self { Self(amount: dollars * 100, currency: "USD") }
}

@Suite struct `Scoring by rules` {
    private let rules = RuleScoring()

    private let samples: [ScoringInput] = {
        var engaged = ScoringInput.rich
        engaged.engagement = .init(replies: 2, meetings: 1, opens: 9)
        (engaged.authority, engaged.timelineDays, engaged.painPoints) = (true, 30, ["no leads"])
        engaged.tags = ["tech:HubSpot", "shopify"]
        var foreign = ScoringInput.typical
        (foreign.budget, foreign.industry) = (.init(amount: 600_000, currency: "JPY"), "Fischerei")
        var exotic = ScoringInput.typical
        exotic.budget = .init(amount: 500, currency: "XYZ")
        return [.bare, .typical, .rich, engaged, foreign, exotic]
    }()

    @Test func `contributions of six factors sum to the score, each with evidence`() {
        for input in samples {
            let score = rules.score(input)
            #expect(score.factors.map(\.name) == ScoreFactor.allCases)
            #expect(score.factors.reduce(0) { $0 + $1.weight } == 100)
            #expect(abs(score.factors.reduce(0) { $0 + $1.contribution } - Double(score.score)) <= 0.5)
            #expect((0...100).contains(score.score) && (0...1).contains(score.confidence))
            #expect(score.conversionProbability > 0 && score.conversionProbability < 1)
            for factor in score.factors {
                #expect((0...1).contains(factor.value) && !factor.evidence.isEmpty)
            }
            // The score is made from the probability, and from nothing else.
            #expect(score.score == LearnedScoring.score(score.conversionProbability, baseRate: 0.05))
        }
    }

    @Test(
        arguments: [
            ("software", 1, "Empfehlung"), ("Informatik", 1, "recommandation"),
            ("commerce en ligne", 1, "referido"),
            ("Kanzlei", 0.9, "segnalazione"), ("adviesbureau", 0.9, "indicação"),
            ("Einzelhandel", 0.6, "aanbeveling"),
            ("sanità", 0.6, "Referral"), ("Stiftung", 0.3, "parrainage"), ("Fischerei", 0.4, "recomendación"),
            ("Technology companies", 1, "Referral"), ("E-commerce businesses", 1, "Referral"),
            ("Professional services firms", 0.9, "Referral"), ("Startups", 1, "Referral"),
            ("Start-up", 1, "Referral"), ("Financial services", 0.6, "Referral"),
        ] as [(String, Double, String)])
    func `industries and warm sources are known in seven languages`(
        industry: String, value: Double, source: String
    ) throws {
        var input = ScoringInput.bare
        (input.industry, input.source) = (industry, source)
        let factors = rules.score(input).factors
        #expect(factors.first { $0.name == .industry }?.value == value, "\(industry)")
        #expect(factors.first { $0.name == .engagement }?.value == 0.4, "\(source)")
    }

    @Test func `segments that are aimed at outscore others, and a startup with revenue one without`() {
        func chance(_ industry: String, _ revenue: Int64? = nil) -> Double {
            var input = ScoringInput.bare
            input.industry = industry
            input.annualRevenue = revenue.map(ScoringInput.Amount.dollars)
            return rules.score(input).conversionProbability
        }
        for industry in ["technology", "e-commerce", "professional services", "startup"] {
            #expect(chance(industry) > max(chance("fishing"), chance("government")), "\(industry)")
        }
        #expect(chance("startup", 2_000_000) > chance("startup", 50_000))
        #expect(chance("startup", 50_000) > chance("startup"))
    }

    @Test func `a rich record outscores a typical and that a bare one, by far`() {
        let (rich, typical, bare) = (rules.score(.rich), rules.score(.typical), rules.score(.bare))
        #expect(rich.score >= bare.score + 20 && rich.score > typical.score && typical.score > bare.score)
        #expect(rich.conversionProbability > typical.conversionProbability)
        #expect(typical.conversionProbability > bare.conversionProbability)
        #expect(bare.confidence < typical.confidence && typical.confidence < rich.confidence)
        #expect(rich.priority == .high && typical.priority == .medium && bare.priority == .low)
        #expect(bare.factors[0].evidence == "No employee count or revenue is known")
    }

    @Test func `weights move the score`() {
        var input = ScoringInput.typical
        (input.employeeCount, input.budget) = (5, .dollars(50_000))
        var configuration = ScoringConfiguration()
        configuration.weights = [.budget: 100]
        #expect(configuration.faults.isEmpty)
        #expect(RuleScoring(configuration).score(input).score > rules.score(input).score)
    }

    @Test func `classes begin where the configuration says`() {
        var configuration = ScoringConfiguration()
        #expect(
            [100, 70, 69, 40, 39, 0].map(configuration.priority) == [
                .high, .high, .medium, .medium, .low, .low,
            ])
        (configuration.highFrom, configuration.mediumFrom) = (90, 90)
        #expect([90, 89].map(configuration.priority) == [.high, .low])
    }

    @Test func `a configuration that makes no scores is refused`() {
        #expect(ScoringConfiguration().faults.isEmpty)
        var configuration = ScoringConfiguration()
        configuration.weights[.budget] = 99
        #expect(configuration.faults == [.weightsDoNotSumTo100(sum: 174)])
        configuration.weights[.budget] = -5
        #expect(configuration.faults.first == .weightOutOfRange(.budget))
        configuration.weights[.budget] = .nan
        #expect(configuration.faults.count == 2)
        configuration = ScoringConfiguration()
        (configuration.highFrom, configuration.mediumFrom) = (30, 40)
        #expect(configuration.faults == [.classesOutOfOrder])
    }

    @Test func `more of anything good never lowers a score`() {
        let changes: [(inout ScoringInput) -> Void] = [
            { $0.employeeCount = ($0.employeeCount ?? 0) + 37 },
            { $0.annualRevenue = .dollars(($0.annualRevenue?.amount ?? 0) / 100 + 700_000) },
            {
                $0.budget = .dollars(
                    ($0.budget.map { $0.currency == "USD" ? $0.amount : 0 } ?? 0) / 100 + 6_500)
            },
            { $0.hasWebsite = true }, { $0.hasLinkedIn = true }, { $0.hasPhone = true },
            { $0.hasContactName = true },
            { $0.contactTitle = "CEO" }, { $0.email = $0.email ?? .init(isFreeMail: true) },
            { $0.email = .init() },
            { $0.authority = true }, { $0.timelineDays = min($0.timelineDays ?? 400, 90) },
            { $0.engagement.replies += 1 }, { $0.engagement.meetings += 1 }, { $0.engagement.opens += 1 },
            { $0.painPoints.append("dear") }, { $0.tags.append("tech:Zapier \($0.tags.count)") },
            { $0.source = $0.source ?? "list" }, { $0.industry = $0.industry ?? "mining" },
            { $0.notes = "long" },
        ]
        for sample in samples {
            for change in changes {
                var better = sample
                change(&better)
                let (before, after) = (rules.score(sample), rules.score(better))
                #expect(after.score >= before.score)
                #expect(after.conversionProbability >= before.conversionProbability)
                #expect(after.confidence >= before.confidence)
            }
        }
    }

    @Test func `currencies are compared at rough rates, with their own minor units`() {
        func points(_ amount: Int64, _ currency: String) -> Double {
            var input = ScoringInput.bare
            input.budget = .init(amount: amount, currency: currency)
            return rules.score(input).factors[5].value
        }
        #expect(
            points(450_000, "JPY") > points(2000_00, "USD") && points(450_000, "JPY") < points(4000_00, "USD")
        )
        #expect(points(1_000_000, "KWD") > points(3000_00, "USD"))
        #expect(points(5000_00, "EUR") > points(5000_00, "USD"))
        #expect(points(5000_00, "XYZ") == 0)
    }

    @Test func `the same input gives the same score, whatever the order of custom fields`() {
        var one = ScoringInput.rich, two = ScoringInput.rich
        one.custom = ["tier": "gold", "tech_stack": "HubSpot; Shopify"]
        two.custom = ["tech_stack": "HubSpot; Shopify", "tier": "gold"]
        #expect(rules.score(one) == rules.score(two))
        #expect(one.json.bytes == two.json.bytes)
        #expect(one.technologies == ["HubSpot", "Shopify"])
    }

    @Test func `an input can be kept and read again`() throws {
        for input in samples {
            #expect(ScoringInput(json: try JSONParser.parse(input.json.bytes)) == input)
        }
        #expect(ScoringInput(json: ["status": "new"]) == nil)
        let hashed = ScoringInput.bare.canonicalInputs(configurationVersion: 3, model: "rules/1")
        #expect(hashed["configuration"] == 3 && hashed["model"] == "rules/1")
    }

    @Test func `cold starts begin at five percent and follow the tenant's own outcomes`() {
        #expect(ConversionEstimate().baseRate == 0.05)
        var warm = ConversionEstimate()
        (warm.won, warm.lost) = (40, 10)
        // The tenant has fifty outcomes, and eight more are assumed at five percent.
        #expect(abs(warm.baseRate - (40 + 8 * 0.05) / (50 + 8)) < 1e-12)
        #expect(
            rules.score(.typical, conversion: warm).conversionProbability
                > rules.score(.typical).conversionProbability)
        var flat = ConversionEstimate()
        (flat.won, flat.lost, flat.isWithoutSignal) = (300, 700, true)
        for input in samples {
            #expect(abs(rules.score(input, conversion: flat).conversionProbability - flat.baseRate) < 0.03)
        }
    }
}

@Suite struct `The next action` {
    private func action(
        _ change: (inout ScoringInput) -> Void, from input: ScoringInput = .rich
    )
        -> NextAction
    {
        var input = input
        change(&input)
        return NextAction(for: input, RuleScoring().score(input))
    }

    @Test func `follows the stage`() {
        let codes = [
            "contacted", "engaged", "proposal", "negotiation", "won", "lost", "disqualified", "archived",
        ].map {
            status in action { $0.status = status }.code
        }
        #expect(
            codes == [
                .followUp, .bookMeeting, .followUpProposal, .closeDeal, .onboard, .revisit, .nurture,
                .nothing,
            ])
    }

    @Test func `before that, follows priority and what is known`() {
        #expect(action { _ in } == action { _ in })
        #expect(action { _ in }.text == "Call and ask about timeline and who decides")
        #expect(action { $0.hasPhone = false }.code == .write)
        #expect(
            action { ($0.timelineDays, $0.authority) = (30, true) }.text == "Call to agree on a first meeting"
        )
        #expect(action({ _ in }, from: .typical).text == "Ask about budget, timeline and who decides")
        #expect(action { ($0.email, $0.hasPhone) = (nil, false) }.code == .findContact)
        #expect(action({ _ in }, from: .bare).code == .findContact)
        #expect(action({ $0.hasPhone = true }, from: .bare).code == .research)
        #expect(action { $0.hasContactName = false }.code == .findDecisionMaker)
    }
}
