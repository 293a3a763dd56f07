internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Looks for triggers of what happens to a ticket; a job takes their steps.
struct TicketTriggers: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.subject.type == Ticket.noun, event.type.hasPrefix("ticket."),
            let occasion = TicketTrigger.Occasion(rawValue: String(event.type.dropFirst("ticket.".count))),
            let ticket = event.subject.id(of: Ticket.self), try !tx.triggers.all(on: occasion).isEmpty
        else { return }
        try tx.jobs.enqueue(
            TicketTriggerJob.self, .init(ticket: ticket, occasion: occasion.rawValue),
            JobOptions(uniqueKey: event.id, subject: event.subject))
    }
}

/// Takes the steps of the triggers of an occasion, each at most once with a ticket: so none calls itself.
struct TicketTriggerJob: JobKind {
    struct Payload: Codable, Sendable { let ticket: TicketID, occasion: String }

    static let kind = "ticket.trigger"
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let ticket = try Ticket.resource.find(payload.ticket, in: tx),
                ticket.mergedInto == nil,
                let occasion = TicketTrigger.Occasion(rawValue: payload.occasion)
            else { return }
            for trigger in try tx.triggers.all(on: occasion) where !trigger.answers {
                guard let word = try trigger.fits(ticket, saying: tx.triggers.words(of: ticket, on: occasion))
                else {
                    continue
                }
                try desk.pull(trigger, for: word, with: ticket.id, in: tx)
            }
        }
    }
}

extension TicketDesk {
    /// Takes a trigger's steps: all of them or, where one is not possible, none, which people are told. What it says is
    /// the word of whoever has set it: it is said in the trigger's name, and no agent is asked how far it goes.
    fileprivate func pull(
        _ trigger: TicketTrigger, for word: String, with id: TicketID, in tx: Transaction
    ) throws {
        let ticket = try Ticket.resource.get(id, in: tx), actor = Actor(.system, id: trigger.id)
        /// `nil`: it was concluded before.
        func conclude(_ outcome: JSON) throws -> MadeDecision? {
            let made = try tx.decisions.conclude(
                for: supportAgent, on: "trigger/\(trigger.id)/\(id)", ticket.subjectOfEvents,
                Conclusion(
                    outcome: outcome, confidence: 1, factors: .array([trigger.factor(for: word).json]),
                    model: ["name": "ticket_triggers", "version": "1"],
                    inputs: ["ticket_id": JSON(id), "trigger_id": JSON(trigger.id)]))
            return made.isNew ? made : nil
        }
        do {
            try tx.attempt {
                let made = try conclude(["action": "trigger", "trigger_id": JSON(trigger.id)])
                guard let made else { return }
                let origin = Origin(
                    decision: made.id, why: Saying("message.why_rule", ["rule": .text(trigger.name)]))
                if let written = try written(trigger, for: ticket, in: tx) {
                    try say(written.body, in: ticket, isAnswer: false, by: actor, from: origin, in: tx)
                }
                guard let macro = try trigger.macroID.flatMap({ try Macro.resource.find($0, in: tx) }) else {
                    return
                }
                try apply(
                    macro, to: Ticket.resource.get(id, in: tx), isAnswer: false, by: actor, from: origin,
                    in: tx)
            }
        } catch let problem as Problem {
            guard try conclude(["action": "nothing", "reason": .string(problem.detail)]) != nil else {
                return
            }
            try tx.ticketAudience.tellPeople(
                of: ticket,
                Saying(
                    "notification.trigger_failed",
                    [
                        "number": .text("\(ticket.number)"), "rule": .text(trigger.name),
                        "detail": .text(problem.detail),
                    ]), .normal)
        }
    }

    /// Returns the text of a trigger's template, in the language of whoever asked; `nil`: it has none.
    private func written(
        _ trigger: TicketTrigger, for ticket: Ticket, in reader: some Queryable
    ) throws -> Written? {
        guard let template = trigger.templateID else { return nil }
        var contact = try ticket.contactID.flatMap { try Contact.resource.find($0, in: reader) } ?? Contact()
        contact.locale = ticket.language ?? contact.locale
        let written = try outbox.write(
            template, to: contact, lead: nil, extra: ticketValues(of: ticket, in: reader), in: reader)
        if let missing = written.missing.first {
            throw Problem(
                .conflict,
                "The template's {{ \(missing.path) }} has no value for this ticket: give it a default.")
        }
        return written
    }

    /// Returns what a rule answers in a ticket, by its template or else by the reply of its macro, and the records out
    /// of which its values are; `nil`: it has no words.
    func words(
        of trigger: TicketTrigger, for ticket: Ticket, in reader: some Queryable
    ) throws -> (text: String, records: [JSON])? {
        if let written = try written(trigger, for: ticket, in: reader) {
            return (written.body, try records(named: written.named, for: ticket, in: reader))
        }
        guard let reply = try trigger.macroID.flatMap({ try Macro.resource.find($0, in: reader) })?.reply
        else { return nil }
        let names = Set(FilledText(reply).names)
        return (
            try self.written(reply, for: ticket, in: reader),
            try records(named: names, for: ticket, in: reader)
        )
    }

    /// The records of a client that a text names values of: those of its account, which a CRM may keep in step, and of
    /// its campaigns.
    private func records(
        named names: Set<String>, for ticket: Ticket, in reader: some Queryable
    ) throws -> [JSON] {
        func isNamed(_ roots: Set<String>) -> Bool {
            names.contains { name in roots.contains(String(name.prefix { $0 != "." && $0 != "[" })) }
        }
        var records: [Subject] = []
        if let client = ticket.clientID, isNamed(["account", "client", "tier"]) {
            records.append(Subject(client))
        }
        if isNamed(["campaign"]) { records += try campaigns(of: ticket, in: reader)?.sources ?? [] }
        return records.map(\.json)
    }
}

extension TicketTrigger {
    func factor(for word: String) -> TriageFactor {
        TriageFactor(
            "trigger", name, 1,
            word.isEmpty
                ? Saying("evidence.trigger") : Saying("evidence.ticket_says", ["quote": .text(word)]))
    }
}

extension TriggerStore {
    /// The agency's triggers of an occasion, the oldest first.
    func all(on occasion: TicketTrigger.Occasion) throws -> [TicketTrigger] {
        try TicketTrigger.resource.all(
            where: "occasion = \(occasion.rawValue) AND status = 'active'", suffix: "ORDER BY id LIMIT 100",
            in: tx)
    }

    /// In what triggers look for their words: the ticket, or what whoever asked has added.
    fileprivate func words(of ticket: Ticket, on occasion: TicketTrigger.Occasion) throws -> WordsOfText {
        guard occasion == .replied else { return WordsOfText(ticket.subject + "\n" + ticket.body) }
        let said = try TicketMessage.resource.first(
            where: "ticket_id = \(ticket.id) AND direction = 'inbound'", suffix: "ORDER BY id DESC LIMIT 1",
            in: tx)
        return WordsOfText(said?.text ?? "")
    }

    /// The trigger that answers a ticket which has come in.
    func answering(_ ticket: Ticket) throws -> (TicketTrigger, word: String)? {
        for trigger in try all(on: .created) where trigger.answers {
            let words = WordsOfText(ticket.subject + "\n" + ticket.body)
            if let word = trigger.fits(ticket, saying: words) { return (trigger, word) }
        }
        return nil
    }
}
