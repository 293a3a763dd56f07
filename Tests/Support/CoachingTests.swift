import Telemetry
import Templates
import Testing

@testable import Support

struct `Coaching by figures` {
    private func figures(
        _ resolved: Int, reopened: Int = 0, seconds: Int = 3600, marks: Int = 0
    ) -> HelpMetrics {
        HelpMetrics([
            .resolved: resolved, .reopened: reopened, .resolutionSeconds: resolved * seconds,
            .rated: resolved,
            .marks: resolved * marks,
        ])
    }

    private func coaching(_ billing: [String: HelpMetrics]) -> Coaching {
        var coaching = Coaching()
        coaching.byCategory = ["billing": billing]
        (coaching.figures, coaching.people) = (billing, billing.keys.sorted())
        return coaching
    }

    @Test func `names where somebody does clearly worse, and the best to learn from`() throws {
        let team = coaching([
            "a": figures(10, reopened: 4, marks: 4), "b": figures(10, reopened: 1, marks: 4),
            "c": figures(10, marks: 4), "d": figures(4, marks: 5),
        ])
        let gap = try #require(team.gaps(of: "a").first)
        #expect(team.gaps(of: "a").count == 1 && gap.skill == .category("billing", .reopened))
        #expect(gap.value == 0.4 && gap.sample == 10 && gap.othersSample == 24 && gap.learnFrom == "c")
        #expect(gap.action.english.contains("billing"))
        #expect(["b", "c", "d", "e"].allSatisfy { team.gaps(of: $0).isEmpty })
    }

    @Test func `needs five tickets on both sides, and a clear margin`() {
        #expect(coaching(["a": figures(4, reopened: 4), "b": figures(50)]).gaps(of: "a").isEmpty)
        #expect(coaching(["a": figures(50, reopened: 40), "b": figures(4)]).gaps(of: "a").isEmpty)
        let slow = HelpMeasure.resolution
        #expect(slow.isClearlyWorse(2000, than: 1000) && !slow.isClearlyWorse(1400, than: 1000))
        #expect(!slow.isClearlyWorse(250, than: 1), "minutes are not much")
        #expect(HelpMeasure.satisfaction.isClearlyWorse(3.2, than: 4))
        #expect(!HelpMeasure.satisfaction.isClearlyWorse(3.8, than: 4))
        #expect(!HelpMeasure.reopened.isClearlyWorse(0.2, than: 0.1))
    }

    @Test func `whose words look wrong more often than others' is told by what`() throws {
        var team = Coaching()
        team.people = ["a", "b"]
        team.said = [
            "a": .init(messages: 10, findings: ["promise": 4, "tone": 1]), "b": .init(messages: 10),
        ]
        let gap = try #require(team.gaps(of: "a").first)
        #expect(gap.skill == .wording(["promise", "tone"]) && gap.value == 0.5 && gap.learnFrom == "b")
        #expect(team.gaps(of: "b").isEmpty)
        team.said["b"]?.messages = 4
        #expect(team.gaps(of: "a").isEmpty, "too little is known of the others")
    }

    @Test func `a target is missed, met or not known, and the furthest category comes first`() throws {
        func benchmark(_ figures: HelpMetrics) -> Benchmark {
            Benchmark(measure: .satisfaction, figures: figures, target: 4)
        }
        #expect(benchmark(figures(5, marks: 4)).isMet == true && benchmark(figures(4)).isMet == nil)
        let missed = benchmark(figures(20, marks: 3))
        #expect(missed.isMet == false)
        let found = try #require(
            missed.recommendation([
                "a": figures(9, marks: 3), "b": figures(9, marks: 2), "c": figures(3, marks: 1),
            ]))
        #expect(found.action.english.contains("about b"))
        #expect(missed.recommendation(["a": figures(9, marks: 5)]) == nil)
    }

    @Test func `what clients do is told from five on`() {
        func outcome(_ clients: Int, _ left: Int) -> BandOutcome {
            BandOutcome(band: "content", clients: clients, left: left, grew: 2, shrank: 0, referred: 0)
        }
        #expect(outcome(3, 1).rate(1) == nil && outcome(3, 2).rate(2) == 0.4)
        #expect(Recommending(promoters: 3, passives: 1, detractors: 1).score == 40)
        #expect(Recommending(promoters: 3).score == nil)
    }

    @Test func `an improvement is judged once four weeks are over`() {
        let done = CivilDate(year: 2027, month: 1, day: 5)
        var effect = ImprovementEffect(
            done: done, today: CivilDate(year: 2027, month: 2, day: 2),
            before: figures(6, reopened: 3, marks: 3), after: figures(6, marks: 5))
        #expect(effect.end == CivilDate(year: 2027, month: 2, day: 2))
        #expect(effect.change(.satisfaction) == nil)
        effect = ImprovementEffect(
            done: done, today: CivilDate(year: 2027, month: 2, day: 3), before: effect.before,
            after: effect.after)
        #expect(effect.change(.satisfaction) == 2 && effect.change(.reopened) == -0.5)
    }
}
