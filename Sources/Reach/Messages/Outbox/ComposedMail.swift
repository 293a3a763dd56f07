internal import Database
internal import People
internal import Records
internal import Tenancy
internal import Wording

/// A mail's words as they will be read, and what they came of: written while nobody waits for the writer's thread.
struct ComposedMail: Sendable {
    /// While none of them has changed, the words have not.
    struct Source: Sendable {
        let message: Message, tenant: Tenant, contact: Contact

        func isStill(_ other: Source) -> Bool {
            message.version == other.message.version && tenant.version == other.tenant.version
                && contact.id == other.contact.id && contact.version == other.contact.version
        }
    }

    let source: Source
    let subject: String, text: String, html: String?
    let unsubscribe: String?
}

extension Outbox {
    /// Returns the words that a message will have, or `nil` where they cannot be known now.
    func words(of message: Message, in reader: some Queryable) throws -> ComposedMail? {
        guard message.purpose != .account, message.channel == .email, let id = message.contactID,
            let contact = try Contact.resource.find(id, in: reader)
        else { return nil }
        let tenant = try reader.agency.tenant()
        let composer = MailComposer(
            tenant: tenant, contact: contact, services: services, integration: nil, thread: [],
            attachments: [], wording: { try reader.wordings.find(contact.locale ?? tenant.locale) })
        return try composer.words(of: message)
    }
}
