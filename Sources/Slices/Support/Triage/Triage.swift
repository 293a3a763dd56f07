internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

extension TicketStore where Base == Transaction {
    /// Reads a new ticket, and keeps how it was read as a decision. What a person has said already stays.
    func triage(_ ticket: inout Ticket) throws {
        var facts = TriageFacts()
        (facts.subject, facts.body, facts.tier) = (ticket.subject, ticket.body, ticket.tier)
        if let client = ticket.clientID {
            facts.worth = try tx.contacts.clientStanding(client)?.worth
            facts.openTickets = try tx.counters.find("tickets.open.client.\(client)")
            facts.escalations = Int(
                try tx.int(
                    """
                    SELECT count(*) FROM (
                        SELECT escalation FROM tickets
                        WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND created_at > \(tx.now - .seconds(30 * 86_400))
                        ORDER BY created_at DESC LIMIT 50) AS recent
                    WHERE escalation IS NOT NULL
                    """) ?? 0)
        }
        facts.rules = try TriageRule.resource.all(
            where: "status = 'active'", suffix: "ORDER BY id LIMIT 200", in: tx)
        if let own = try TicketLearning.models.model(in: tx) {
            (facts.reader, facts.isOwnReader) = (own, true)
        }
        let judgement = TriageJudgement(facts)
        ticket.category = ticket.category ?? judgement.category
        ticket.priority = ticket.priority ?? judgement.priority
        (ticket.sentiment, ticket.intent) = (judgement.sentiment, judgement.intent)
        ticket.language = ticket.language ?? judgement.language
        try tx.decisions.conclude(
            for: supportAgent, on: "triage/\(ticket.id)", ticket.subjectOfEvents,
            Conclusion(
                outcome: [
                    "category": JSON(ticket.category), "priority": JSON(ticket.priority?.rawValue),
                    "priority_set_by": JSON(ticket.prioritySetBy?.rawValue),
                    "sentiment": .string(judgement.sentiment.rawValue), "language": JSON(ticket.language),
                    "intent": .string(judgement.intent), "complexity": .string(judgement.complexity),
                ],
                confidence: judgement.confidence, factors: .array(judgement.factors.map(\.json)),
                model: TriageJudgement.model,
                inputs: [
                    "ticket_id": JSON(ticket.id), "tier": JSON(ticket.tier),
                    "worth": facts.worth.map { .number($0) } ?? .null,
                    "open_tickets": JSON(facts.openTickets), "escalations": JSON(facts.escalations),
                ]))
    }
}

extension Ticket {
    /// Learns from the category that a person gives a ticket; the category that a program gives teaches nothing.
    func teach(replacing old: Ticket?, by actor: Actor, in tx: Transaction) throws {
        let isPerson = actor.kind == .user || actor.kind == .apiKey && old != nil
        guard let category, category != old?.category, isPerson else { return }
        try tx.learning.correct(TicketLearning.task, of: subjectOfEvents, to: category, by: actor)
    }
}

/// Under whose name support decides.
let supportAgent = "customer_service"
