import JSON
import Records
import Testing

@testable import Discovery

@Suite struct LeadStatusTests {
    static let person = Actor(.user, id: "user_1"), agent = Actor.agent("lead_scoring")

    /// Where `actor` may take a lead from `status`, by trying every way.
    func reachable(from status: Lead.Status, by actor: Actor) -> Set<Lead.Status> {
        Set(Lead.Status.allCases.filter { (try? status.requireTransition(to: $0, by: actor)) != nil })
    }

    static let steps: [(Lead.Status, Set<Lead.Status>)] = [
        (.new, [.researched, .archived]), (.researched, [.scored, .archived]),
        (.scored, [.qualified, .disqualified, .archived]),
        (.qualified, [.contacted, .disqualified, .archived]),
        (.disqualified, [.qualified, .archived]), (.contacted, [.engaged, .archived]),
        (.engaged, [.proposal, .archived]),
        (.proposal, [.negotiation, .archived]), (.negotiation, [.won, .lost, .archived]), (.won, [.archived]),
        (.lost, [.archived]), (.archived, []),
    ]

    @Test(arguments: steps)
    func `a person goes one allowed step`(_ status: Lead.Status, _ allowed: Set<Lead.Status>) {
        #expect(reachable(from: status, by: Self.person) == allowed)
        #expect(Set(status.allowed) == allowed)
    }

    @Test func `an agent may skip a stage that was not needed, early on`() {
        #expect(
            reachable(from: .new, by: Self.agent) == [
                .researched, .scored, .qualified, .disqualified, .archived,
            ])
        #expect(reachable(from: .researched, by: .system) == [.scored, .qualified, .disqualified, .archived])
        for status in Lead.Status.allCases where status != .new && status != .researched {
            #expect(reachable(from: status, by: Self.agent) == reachable(from: status, by: Self.person))
        }
    }

    @Test func `a refusal names the allowed`() {
        let problem = #expect(throws: Problem.self) {
            try Lead.Status.negotiation.requireTransition(to: .new, by: Self.person)
        }
        #expect(problem?.code == "invalid_transition" && problem?.type.status == 409)
        #expect(problem?.extra["allowed"]?.array?.compactMap(\.text) == ["won", "lost", "archived"])
    }
}
