internal import Database
internal import JSON
internal import Messaging
internal import Records
internal import Runtime

extension Transaction {
    /// Gives an agency the sequence that outreach begins with: six touches, on the days 0, 3, 7, 12, 18 and 25.
    @discardableResult
    func furnishOutreach() throws -> MessageSequence {
        let templates = try OutreachTemplate.all.map { try furnish($0) }
        var sequence = MessageSequence.new(id: nextID(), now: now)
        (sequence.name, sequence.kind) = ("Outreach", .outreach)
        var mails = templates.makeIterator(), steps: [SequenceStep] = []
        for (place, days) in [0, 3, 4, 5, 6, 7].enumerated() {
            var step = SequenceStep()
            (step.id, step.delay) = ("touch_\(place + 1)", "P\(days)D")
            step.weekdays = ["mon", "tue", "wed", "thu", "fri"]
            if place == 2 {
                step.channel = .task
                (step.title, step.text) = (OutreachTemplate.task.title, OutreachTemplate.task.text)
            } else {
                step.templateID = mails.next()
                step.window = DayWindow(from: "08:00", to: "17:30")
            }
            steps.append(step)
        }
        sequence.steps = Parts(steps)
        try create(&sequence, by: .system)
        return sequence
    }

    private func furnish(_ template: OutreachTemplate) throws -> ID<MessageTemplate> {
        func make(
            _ words: OutreachTemplate.Words, _ locale: String, variantOf: ID<MessageTemplate>?
        ) throws -> ID<MessageTemplate> {
            var made = MessageTemplate.new(id: nextID(), now: now)
            (made.name, made.kind, made.locale) = (template.name, "outreach", locale)
            if variantOf != nil { made.name += " (\(locale))" }
            (made.subject, made.body, made.variantOf) = (words.subject, words.body, variantOf)
            try create(&made, by: .system)
            return made.id
        }
        let main = try make(template.english, "en", variantOf: nil)
        _ = try make(template.german, "de", variantOf: main)
        return main
    }
}

extension Queryable {
    /// The sequence that outreach enrols in: the one that is set, else the oldest that is there for it.
    func outreachSequence(_ chosen: ID<MessageSequence>?) throws -> MessageSequence? {
        if let chosen { return try MessageSequence.resource.find(chosen, in: self) }
        return try MessageSequence.resource.first(
            where: "kind = 'outreach' AND status <> 'archived'", suffix: "ORDER BY row LIMIT 1", in: self)
    }
}
