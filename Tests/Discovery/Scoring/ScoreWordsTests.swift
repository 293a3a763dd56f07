import Discovery
import Intelligence
import JSON
import Templates
import Testing
import Wording

@Suite struct `The words of a score` {
    private let samples: [ScoringInput] = {
        var engaged = ScoringInput.rich
        engaged.engagement = .init(replies: 2, meetings: 1, opens: 9, score: 70)
        (engaged.authority, engaged.timelineDays, engaged.painPoints) = (true, 30, ["no leads"])
        (engaged.tags, engaged.status) = (["tech:HubSpot", "shopify"], "negotiation")
        var foreign = ScoringInput.typical
        (foreign.budget, foreign.industry) = (.init(amount: 500, currency: "XYZ"), "Fischerei")
        foreign.email = .init(isDisposable: true)
        return [.bare, .typical, .rich, engaged, foreign]
    }()

    private static let languages = Catalogue.languages.filter { $0 != "en" }

    private func expectTold(_ sayings: [Saying]) {
        for saying in sayings {
            let english = saying.english
            #expect(!english.contains("score.") && !english.contains("{"), "\(english)")
            for language in Self.languages {
                let told = saying.said(in: Wording(language))
                #expect(told != english && !told.isEmpty && !told.contains("{"), "\(language): \(told)")
            }
        }
    }

    @Test func `say in every language what the rules have seen`() {
        let factors = samples.flatMap { RuleScoring().score($0).factors }
        expectTold(factors.map { $0.rests.said() })
        let budget = RuleScoring().score(.rich).factors.last
        #expect(budget?.rests.said().english == "Budget of about $20,000 per month")
        #expect(budget?.rests.said().said(in: Wording("de")) == "Budget von etwa 20.000 $ im Monat")
        #expect(budget?.evidence == "About $20,000 per month")
    }

    @Test func `say what was learned as people who sell do, not by the names of fields`() throws {
        var table = TrainingTable()
        for number in 0..<120 {
            let won = number % 2 == 1
            var input = ScoringInput.typical
            (input.employeeCount, input.authority) = (won ? 300 : 5, won)
            input.budget = won ? .dollars(9000) : nil
            input.custom = ["tier": won ? "gold" : "none"]
            table.append(LearnedScoring.features(of: input), outcome: won)
        }
        let scoring = LearnedScoring(try #require(LogisticTraining().train(table).model))
        var named = ScoringInput.typical
        (named.budget, named.authority, named.custom) = (.dollars(9000), true, ["tier": "gold"])
        let factors = [named, .bare].flatMap { scoring.score($0).factors }
        expectTold(factors.map { $0.rests.said() })
        let names = ["custom.tier": "Customer tier"]
        let told = factors.map { $0.rests.said(names).english }.joined(separator: "; ")
        #expect(told.contains("Raises it: Budget named") && told.contains("Lowers it: No budget named"))
        #expect(told.contains("Raises it: Customer tier: gold") && !told.contains("speaks for"), "\(told)")
    }

    @Test func `call a country by its name for the reader, and spell a place as the record does`() throws {
        var table = TrainingTable()
        for number in 0..<120 {
            var input = ScoringInput.typical
            (input.country, input.location) = number % 2 == 1 ? ("DE", "München") : ("FR", "Lyon")
            table.append(LearnedScoring.features(of: input), outcome: number % 2 == 1)
        }
        let scoring = LearnedScoring(try #require(LogisticTraining().train(table).model))
        var german = ScoringInput.typical
        (german.country, german.location) = ("DE", "München")
        let said = scoring.score(german).factors.map { $0.rests.said(german.spellings) }
        #expect(said.contains { $0.english.contains("Country: Germany") }, "\(said.map(\.english))")
        #expect(said.contains { $0.said(in: Wording("de")).contains("Land: Deutschland") })
        #expect(said.contains { $0.english.contains("Place: München") }, "\(said.map(\.english))")
        // It is stored by its code.
        let stored = said.map { Saying(json: $0.json) }
        #expect(stored == said)
    }

    @Test func `say each next step in every language, and know it by its English`() {
        let codes = [
            "contacted", "engaged", "proposal", "negotiation", "won", "lost", "disqualified", "archived",
        ]
        var inputs = samples
        inputs += codes.map { status in
            var input = ScoringInput.rich
            input.status = status
            return input
        }
        for asked in 0..<8 {
            var input = ScoringInput.rich
            if asked & 1 != 0 { input.budget = nil }
            input.timelineDays = asked & 2 != 0 ? nil : 30
            input.authority = asked & 4 != 0 ? nil : true
            inputs.append(input)
            input.hasPhone = false
            inputs.append(input)
        }
        let actions = inputs.map { NextAction(for: $0, RuleScoring().score($0)) }
        expectTold(actions.map(\.said))
        for action in actions { #expect(NextAction.saying(of: action.text)?.english == action.text) }
        #expect(NextAction.saying(of: "Call them once more") == nil)
    }
}
