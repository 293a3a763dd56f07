import Cryptography
import Intelligence
import Records
import Telemetry
import Testing

@testable import Support

struct `Customer service` {
    @Test(arguments: [
        "Yes, that worked, thank you!", "Thanks!", "Perfect.", "yes", "Ja, das hat geholfen.",
        "It is solved now.",
        "Super, danke", "Great, it works.",
    ])
    func `takes as solved what says so`(text: String) {
        let verdict = AnswerVerdict(text)
        #expect(verdict.isSolved, "\(verdict)")
    }

    @Test(arguments: [
        "No.", "That does not help.", "Thanks, but it still fails.", "It works, but where is the button?",
        "I want to speak to a human.", "Nein, das hilft nicht.", "We are open until five.", "", "How?",
        "Leider geht es noch immer nicht.", "Unacceptable, nobody helps me.",
    ])
    func `leaves everything else to a person`(text: String) {
        let verdict = AnswerVerdict(text)
        #expect(!verdict.isSolved, "\(verdict)")
    }

    @Test func `has prompts that are not edited once they were used`() {
        #expect(ticketTriagePrompt.id == "ticket_triage@1")
        #expect(ticketTriagePrompt.variables == ["message", "guess"])
        #expect(
            Hex.encode(SHA256.hash(ticketTriageText))
                == "d40fc713e9fe04f91d30628e5e586896f3f36b96ed6a7db99a798b012077355a")
    }
}

struct `Reports of support` {
    @Test func `are of the last whole week and month`() throws {
        let sunday = try #require(CivilDate(iso: "2027-01-17"))
        let week = SupportPeriod(.weekly, before: sunday)
        #expect([week.start.iso, week.end.iso] == ["2027-01-04", "2027-01-10"])
        let next = SupportPeriod(.weekly, before: sunday.adding(days: 1))
        #expect([next.start.iso, next.end.iso] == ["2027-01-11", "2027-01-17"])
        #expect(next.previous.start == week.start)
        let month = SupportPeriod(.monthly, before: sunday)
        #expect([month.start.iso, month.end.iso] == ["2026-12-01", "2026-12-31"])
        #expect(month.previous.end.iso == "2026-11-30")
    }

    @Test func `say how figures go together`() {
        #expect(SupportDays.pearson([(1, 5), (2, 4), (3, 3)]).map { ($0 * 100).rounded() } == -100)
        #expect(SupportDays.pearson([(1, 3), (2, 3), (3, 3)]) == nil, "one of them never moves")
    }
}

struct `Triage of tickets` {
    private func judge(
        _ subject: String, _ body: String, _ edit: (inout TriageFacts) -> Void = { _ in }
    )
        -> TriageJudgement
    {
        var facts = TriageFacts()
        (facts.subject, facts.body) = (subject, body)
        edit(&facts)
        return TriageJudgement(facts)
    }

    @Test func `raises with the client's standing, and gives each reason`() {
        let plain = judge("Report", "The report shows an error.")
        let high = judge("Report", "The report shows an error.") {
            ($0.tier, $0.openTickets, $0.escalations) = ("enterprise", 4, 2)
        }
        #expect(high.priority >= plain.priority && high.priority >= .high)
        let names = high.factors.map(\.name)
        #expect(names.contains("tier") && names.contains("history"))
        let valued = judge("Report", "The report shows an error.") { $0.worth = 2.44 }
        #expect(valued.factors.first { $0.name == "value" }?.value == "2.4")
        let average = judge("Report", "The report shows an error.") { $0.worth = 1.2 }
        #expect(!average.factors.contains { $0.name == "value" })
        #expect(high.factors.allSatisfy { !$0.evidence.isEmpty })
    }

    @Test func `weighs what a client pays, its tier and its history, none of which is enough alone`() {
        func priority(_ edit: (inout TriageFacts) -> Void) -> Ticket.Priority {
            judge("Question", "Where do I find the report?", edit).priority
        }
        #expect(priority { $0.tier = "enterprise" } == .normal)
        #expect(priority { $0.worth = 2.44 } == .normal)
        #expect(priority { $0.escalations = 2 } == .normal)
        #expect(priority { ($0.tier, $0.escalations) = ("enterprise", 2) } == .high)
        #expect(priority { ($0.worth, $0.escalations) = (2.44, 2) } == .high)
        #expect(priority { ($0.tier, $0.worth, $0.openTickets) = ("enterprise", 2.44, 3) } == .high)
        #expect(priority { ($0.tier, $0.worth) = ("growth", 2.44) } == .normal)
    }

    @Test(arguments: ["urgent", "critical", "broken", "emergency"])
    func `gives four words a high priority at least`(word: String) {
        #expect(judge("It is \(word)", "Thank you for everything, we love it.").priority >= .high)
    }

    @Test func `lets an agency's rule have the last word`() {
        var rule = TriageRule()
        (rule.name, rule.words, rule.category, rule.priority) = ("Launch", ["go live"], "launch", .urgent)
        let found = judge("Question", "When do we go live?") { $0.rules = [rule] }
        #expect(found.category == "launch" && found.priority == .urgent)
        let other = judge("Question", "When do we go?") { $0.rules = [rule] }
        #expect(other.category != "launch")
    }
}
