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

/// Counts what an agency has been given: first the four sequences, and then what later releases brought.
let nurtureSeeded = "nurture.seeded", nurtureRenewed = "nurture.seeded.2"

/// Gives an agency the four sequences that keep in touch, once: what it has taken away does not come back. An agency of
/// an earlier release gets the steps and the words of now where nobody has changed them.
@Sendable func seedNurture(_ tx: Transaction) throws {
    guard try tx.counters.find(nurtureRenewed) == 0 else { return }
    try tx.counters.count(nurtureRenewed, 1)
    let isNew = try tx.counters.find(nurtureSeeded) == 0
    if isNew { try tx.counters.count(nurtureSeeded, 1) }
    var templates: [NurtureMail: ID<MessageTemplate>] = [:]
    for mail in NurtureMail.allCases {
        templates[mail] = isNew ? try tx.templates.seed(mail.template) : try tx.templates.renew(mail.template)
    }
    let words = Wording(try tx.agency.tenant().locale)
    for key in NurtureKey.allCases {
        guard isNew else {
            try renew(key, &templates, tx)
            continue
        }
        var sequence = MessageSequence.new(id: tx.nextID(), now: tx.now)
        (sequence.name, sequence.kind) = (words("sequence.nurture.\(key.rawValue)"), .nurture)
        (sequence.key, sequence.onFailure) = (key.rawValue, .goOn)
        sequence.steps = Parts(key.touches.map { $0.step(templates[$0.mail]) })
        try tx.create(&sequence, by: .system)
    }
}

/// Gives a sequence whose steps nobody has changed those of now; of others the audit log says what is new.
private func renew(
    _ key: NurtureKey, _ templates: inout [NurtureMail: ID<MessageTemplate>], _ tx: Transaction
) throws {
    guard let old = try tx.sequences.find(key: key.rawValue) else { return }
    let had = Dictionary(old.steps.list.map { ($0.id ?? "", $0.templateID) }) { first, _ in first }
    guard old.revision == 1 else {
        let new = key.touches.map(\.step).filter { had[$0] == nil }
        guard !new.isEmpty else { return }
        return try tx.auditLog.add(.system, "sequence.steps_new", Subject(old.id), ["steps": JSON(new)])
    }
    var steps: [SequenceStep] = []
    for touch in key.touches {
        let known =
            try (had[touch.step] ?? nil) ?? templates[touch.mail] ?? tx.templates.seed(touch.mail.template)
        templates[touch.mail] = templates[touch.mail] ?? known
        steps.append(touch.step(known))
    }
    var sequence = old
    sequence.steps = Parts(steps)
    try tx.update(old, to: &sequence, by: .system)
}

extension NurtureTouch {
    /// Returns the step of a sequence that is the touch.
    fileprivate func step(_ template: ID<MessageTemplate>?) -> SequenceStep {
        var step = SequenceStep()
        (step.id, step.delay, step.channel) = (self.step, "P\(days)D", .preferred)
        step.templateID = template
        if let stage { step.limit(to: stage) }
        return step
    }
}
