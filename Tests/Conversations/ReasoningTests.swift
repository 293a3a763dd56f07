import JSON
import Messages
import Testing

@testable import Conversations

@Suite struct ReasoningTests {
    private func turn(
        _ number: Int, _ tone: Double = 0, _ change: (inout ReadTurn) -> Void = { _ in }
    ) -> ReadTurn {
        var turn = ReadTurn(message: "\(number)")
        (turn.intent, turn.tone) = ("question", tone)
        change(&turn)
        return turn
    }

    private func facts(
        _ turns: [ReadTurn], _ handler: Conversation.Handler = .agent, isImportant: Bool = false
    ) -> ConversationFacts {
        var facts = ConversationFacts()
        (facts.turns, facts.handler, facts.isImportant) = (turns, handler, isImportant)
        return facts
    }

    @Test func `a mood is how the last turn differs from those before`() {
        #expect(CustomerAnalysis(facts([turn(1, -0.9)])).mood == .steady, "one turn is no change")
        #expect(CustomerAnalysis(facts([turn(1, 0.5), turn(2, 0.1)])).mood == .worsening)
        #expect(CustomerAnalysis(facts([turn(1, -0.5), turn(2, 0.1)])).mood == .improving)
        #expect(CustomerAnalysis(facts([turn(1, 0.2), turn(2, 0.1)])).mood == .steady)
    }

    @Test func `signs add up to a risk, and who is important has none for that alone`() {
        #expect(CustomerAnalysis(facts([turn(1)], isImportant: true)).score == 0)
        let asks = CustomerAnalysis(facts([turn(1) { $0.asksForPerson = true }], isImportant: true))
        #expect(asks.score == 0.7 && asks.risk == .high && asks.signs == [.asksForPerson, .important])
        let again = CustomerAnalysis(facts([turn(1) { $0.isRepeatedFailure = true }]))
        #expect(again.score == 0.3 && again.risk == .medium)
        #expect(CustomerAnalysis(facts([turn(1), turn(2) { $0.isUrgent = true }])).risk == .low)
    }

    @Test func `whoever has the conversation comes before what is read in it`() {
        let angry = [
            turn(1) {
                $0.isFrustrated = true; $0.asksForPerson = true
            }
        ]
        #expect(ConversationStrategy(facts(angry, .human)).approach == .leaveToPerson)
        #expect(ConversationStrategy(facts(angry, .waitingForHuman)).approach == .bridgeTheWait)
        #expect(ConversationStrategy(facts(angry)).approach == .escalate)
        #expect(ConversationStrategy(facts(angry)).urgency == .high)
        #expect(ConversationStrategy(facts([turn(1) { $0.isRepeatedFailure = true }])).approach == .clarify)
        #expect(ConversationStrategy(facts([turn(1) { $0.intent = "complaint" }])).approach == .calm)
        #expect(ConversationStrategy(facts([turn(1) { $0.isFrustrated = true }])).approach == .careful)
        #expect(ConversationStrategy(facts([turn(1) { $0.isWishToBeLeftAlone = true }])).approach == .silence)
        #expect(ConversationStrategy(facts([turn(1)])).approach == .answer)
    }

    @Test func `what waits goes as the lock ranks who speaks, and what was recorded leads to the same again`()
        throws
    {
        func waiting(_ id: String, _ author: String, marketing: Bool = false) -> WaitingMessage? {
            WaitingMessage(
                json: ["message_id": .string(id), "author": .string(author), "marketing": .bool(marketing)])
        }
        var turns = TurnFacts()
        turns.conversation = facts(
            [turn(1), turn(2, -0.7) { $0.isUrgent = true }], .waitingForHuman, isImportant: true)
        turns.isBooking = true
        turns.waiting = [
            waiting("1", "agent lead_nurturing", marketing: true), waiting("2", "system"),
            waiting("3", "agent calendly_bridge"), waiting("4", "agent primary_agent"),
            waiting("5", "user usr_1"), waiting("6", "user usr_1", marketing: true),
        ].compactMap(\.self)
        let order = MessageOrder(turns)
        #expect(order.order.map(\.id) == ["5", "4", "3", "2", "1", "6"])
        #expect(order.turn.action == "offer_call" && order.turn.actor == "calendly_bridge")
        let again = try #require(TurnFacts(json: turns.json))
        #expect(MessageOrder(again).outcome == order.outcome)
        let known = try #require(ConversationFacts(json: turns.conversation.json))
        #expect(CustomerAnalysis(known).outcome == CustomerAnalysis(turns.conversation).outcome)
    }
}
