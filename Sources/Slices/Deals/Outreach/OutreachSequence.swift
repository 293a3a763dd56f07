internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Sequences
internal import Tenancy
internal import Wording

extension OutreachStore where Base == Transaction {
    /// Gives an agency the sequence that outreach begins with: six touches, on the days 0, 3, 7, 12, 18 and 25.
    @discardableResult
    func seed() throws -> MessageSequence {
        let templates = try OutreachMail.allCases.map { mail in
            try tx.templates.seed(
                SeedTemplate(mail.name, kind: "outreach", part: mail.rawValue))
        }
        let words = Wording(try tx.agency.tenant().locale)
        var sequence = MessageSequence.new(id: tx.nextID(), now: tx.now)
        (sequence.name, sequence.kind) = ("Outreach", .outreach)
        var mails = templates.makeIterator(), steps: [SequenceStep] = []
        for (place, days) in [0, 3, 4, 5, 6, 7].enumerated() {
            var step = SequenceStep()
            (step.id, step.delay) = ("touch_\(place + 1)", "P\(days)D")
            step.weekdays = ["mon", "tue", "wed", "thu", "fri"]
            if place == 2 {
                step.channel = .task
                step.title = words.template("template.outreach.task.title")
                step.text = words.template("template.outreach.task.text")
            } else {
                step.templateID = mails.next()
                step.window = DayWindow(from: "08:00", to: "17:30")
            }
            steps.append(step)
        }
        sequence.steps = Parts(steps)
        try tx.create(&sequence, by: .system)
        return sequence
    }
}

extension OutreachStore {
    /// The sequence that outreach enrols in: the one that is set, else the oldest that is there for it.
    func sequence(_ chosen: ID<MessageSequence>?) throws -> MessageSequence? {
        if let chosen { return try MessageSequence.resource.find(chosen, in: tx) }
        return try MessageSequence.resource.first(
            where: "kind = 'outreach' AND status <> 'archived'", suffix: "ORDER BY row LIMIT 1", in: tx)
    }
}
