internal import Agents
internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates

/// A mail with which a document goes to somebody: from the agency's own template of its kind.
struct DocumentMail {
    /// The template's kind, which is also the name of its values there.
    var kind: String
    var contact: ContactID?
    /// The document's own language.
    var locale: String?
    var lead: LeadID?
    /// Where the agency has no such template any more.
    var subject: String
    var values: JSONObject
    var url: String
    var cause: MessageDraft.Cause
    var key: String
    var why: Saying
    /// The channel: email, or another for a short message with the link.
    var channel = Channel.email
}

extension DealsServices {
    /// `nil` where there is nobody to write to, or an agent may not write: the link can be handed over in another way.
    func mail(
        _ mail: DocumentMail, by actor: Actor, from origin: Origin, in tx: Transaction
    ) throws -> Message? {
        guard let contact = try mail.contact.flatMap({ try Contact.resource.find($0, in: tx) }) else {
            return nil
        }
        guard mail.channel == .email else {
            return try message(mail, to: contact, by: actor, from: origin, in: tx)
        }
        // The mail is in the language of what it brings.
        var reader = contact
        reader.locale = mail.locale ?? contact.locale
        let template = try MessageTemplate.resource.first(
            where: "kind = \(mail.kind) AND channel = 'email' AND variant_of IS NULL",
            suffix: "ORDER BY row LIMIT 1", in: tx)
        let lead = try mail.lead.flatMap { try dependencies.lead(tx, $0) }?.values
        let written = try template.map {
            try outbox.write($0.id, to: reader, lead: lead, extra: [mail.kind: .object(mail.values)], in: tx)
        }
        var draft = MessageDraft(
            .email, to: contact, .transactional, subject: written?.subject ?? mail.subject,
            body: written?.body ?? "[\(mail.subject.markdownEscaped)](\(mail.url))", by: actor,
            cause: mail.cause,
            key: mail.key)
        draft.template = written?.template
        (draft.run, draft.decision, draft.isApproved) = (origin.run, origin.decision, origin.isApproved)
        draft.why = mail.why
        return try outbox.offer(draft, in: tx)
    }

    private func message(
        _ mail: DocumentMail, to contact: Contact, by actor: Actor, from origin: Origin, in tx: Transaction
    ) throws -> Message? {
        let text = "\(mail.subject)\n\n\(mail.url)"
        var draft = MessageDraft(
            mail.channel, to: contact, .transactional, subject: nil, body: text, by: actor, cause: mail.cause,
            key: mail.key)
        (draft.text, draft.why) = (text, mail.why)
        (draft.run, draft.decision, draft.isApproved) = (origin.run, origin.decision, origin.isApproved)
        return try outbox.offer(draft, in: tx)
    }
}
