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
    for mail in NurtureMail.allCases { templates[mail] = try tx.nurture.seed(mail) }
    let words = Wording(try tx.agency.tenant().locale)
    for key in NurtureKey.allCases {
        var sequence = MessageSequence.new(id: tx.nextID(), now: tx.now)
        (sequence.name, sequence.kind) = (words("sequence.nurture.\(key.rawValue)"), .nurture)
        (sequence.key, sequence.onFailure) = (key.rawValue, .goOn)
        sequence.steps = Parts(
            key.touches.map { touch in
                var step = SequenceStep()
                (step.id, step.delay) = (touch.step, "P\(touch.days)D")
                step.templateID = templates[touch.mail]
                return step
            })
        try tx.create(&sequence, by: .system)
    }
}

extension NurtureStore where Base == Transaction {
    /// Stores a mail in English, with a variant in every other language that there are words in.
    fileprivate func seed(_ mail: NurtureMail) throws -> ID<MessageTemplate>? {
        var main: ID<MessageTemplate>?
        for language in Catalogue.standardFirst {
            let words = Wording(language)
            var made = MessageTemplate.new(id: tx.nextID(), now: tx.now)
            made.name = main == nil ? mail.name : "\(mail.name) (\(language))"
            (made.kind, made.locale, made.variantOf) = ("nurture", language, main)
            made.subject = words.template("template.nurture.\(mail.rawValue).subject")
            made.body = words.template("template.nurture.\(mail.rawValue).body")
            try tx.create(&made, by: .system)
            main = main ?? made.id
        }
        return main
    }
}
