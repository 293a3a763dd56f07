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

let nurtureSeeded = "nurture.seeded"

/// Gives an agency the four sequences that keep in touch, once: what it has taken away does not come back.
@Sendable func seedNurture(_ tx: Transaction) throws {
    guard try tx.counters.find(nurtureSeeded) == 0 else { return }
    try tx.counters.count(nurtureSeeded, 1)
    var templates: [NurtureMail: ID<MessageTemplate>] = [:]
    for mail in NurtureMail.allCases { templates[mail] = try tx.templates.seed(mail.template) }
    let words = Wording(try tx.agency.tenant().locale)
    for key in NurtureKey.allCases {
        var sequence = MessageSequence.new(id: tx.nextID(), now: tx.now)
        (sequence.name, sequence.kind) = (words("sequence.nurture.\(key.rawValue)"), .nurture)
        (sequence.key, sequence.onFailure) = (key.rawValue, .goOn)
        sequence.steps = Parts(
            key.touches.map { touch in
                var step = SequenceStep()
                (step.id, step.delay, step.channel) = (touch.step, "P\(touch.days)D", .preferred)
                step.templateID = templates[touch.mail]
                return step
            })
        try tx.create(&sequence, by: .system)
    }
}
