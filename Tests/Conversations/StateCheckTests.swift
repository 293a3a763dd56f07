import JSON
import Messages
import Telemetry
import Testing

@testable import Conversations

@Suite struct StateCheckTests {
    private static let now = Instant("2027-01-05T12:00:00.000Z")!

    private func check(
        _ handler: Conversation.Handler, _ states: AgentStates?, isWaiting: Bool = false,
        isMail: Bool = false,
        lastCheck: Duration = .zero
    ) -> StateCheck {
        var facts = StateFacts(at: Self.now)
        (facts.handler, facts.states, facts.isWaiting, facts.isMail) = (handler, states, isWaiting, isMail)
        facts.lastCheckAt = isWaiting ? Self.now - lastCheck : nil
        return StateCheck(facts, patience: .seconds(3600))
    }

    @Test func `states that agree with whoever has the conversation are left as they are`() {
        #expect(check(.agent, .atRest).fault == nil)
        #expect(check(.human, .humanSpeaks).fault == nil)
        #expect(check(.agent, .humanSpeaks, isMail: true).fault == nil)
        for states in [AgentStates.waitingForHuman, .booking] {
            #expect(check(.waitingForHuman, states, isWaiting: true, lastCheck: .seconds(3599)).fault == nil)
        }
    }

    @Test func `states that do not are mended, and each by what is so`() {
        for states in [AgentStates.waitingForHuman, .booking, .humanSpeaks, nil] {
            #expect(check(.agent, states).fault == .nobodySpeaks && check(.agent, states).states == .atRest)
        }
        for states in [AgentStates.atRest, .waitingForHuman, .booking, nil] {
            #expect(check(.human, states).fault == .agentsSpeak)
            #expect(check(.human, states).states == .humanSpeaks)
        }
        for states in [AgentStates.atRest, .humanSpeaks, nil] {
            let found = check(.waitingForHuman, states, isWaiting: true, lastCheck: .seconds(7200))
            #expect(found.fault == .agentsDoNotWait && found.states == .waitingForHuman)
        }
        #expect(check(.waitingForHuman, .booking).fault == .waitsForNobody)
        let forgotten = check(.waitingForHuman, .booking, isWaiting: true, lastCheck: .seconds(3600))
        #expect(forgotten.fault == .forgotten && forgotten.states == nil)
    }

    @Test func `what was recorded leads to the same again`() throws {
        for handler in Conversation.Handler.allCases {
            for states in [AgentStates.atRest, .waitingForHuman, .booking, .humanSpeaks, nil] {
                let one = check(
                    handler, states, isWaiting: handler == .waitingForHuman, lastCheck: .seconds(60))
                let again = try #require(StateFacts(json: one.facts.json))
                #expect(StateCheck(again, patience: .seconds(3600)).outcome == one.outcome)
            }
        }
    }
}
