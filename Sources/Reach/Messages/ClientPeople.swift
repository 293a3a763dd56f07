internal import Database
package import JSON
package import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The most of each kind that a profile names; lists have the rest.
private let shownMax = 20

extension ConversationStore {
    /// A client's people with what they want to be written, and the newest of what is said with them: for its profile.
    package func people(ofClient id: ClientID) throws -> JSONObject {
        let newest: SQL = "ORDER BY id DESC LIMIT \(shownMax)"
        let contacts = try Contact.resource.all(where: "client_id = \(id)", suffix: newest, in: tx)
        let ids = contacts.map(\.id)
        let conversations = try Conversation.resource.all(
            where: "contact_id IN \(list: ids)" + tx.limit(on: "conversations"), suffix: newest, in: tx)
        let consents = try Consent.resource.all(
            where: "contact_id IN \(list: ids) AND purpose = 'marketing'",
            // As the index has them, or SQLite would walk everybody's to find these in order.
            suffix: "ORDER BY contact_id, channel, purpose, given_at, id LIMIT 500", in: tx)
        let users = try User.resource.all(
            where: "client_id = \(id)", suffix: "ORDER BY id LIMIT 200", in: tx)
        return [
            "people": .array(
                contacts.map { contact in
                    contact.wishes(
                        consents.filter { $0.contactID == contact.id },
                        conversations.filter { $0.contactID == contact.id },
                        users.first { $0.contactID == contact.id }?.notifications)
                }),
            "conversations": .array(conversations.map { Conversation.schema.json($0) }),
        ]
    }
}

extension Contact {
    /// Where, when and in what somebody wants to be written; `null` where they have said nothing.
    fileprivate func wishes(
        _ consents: [Consent], _ conversations: [Conversation], _ notices: NotificationPreferences?
    ) -> JSON {
        let last = conversations.max {
            ($0.lastInboundAt ?? $0.createdAt) < ($1.lastInboundAt ?? $1.createdAt)
        }
        var marketing = JSONObject()
        for consent in consents {
            consent.channel.map { marketing[$0.rawValue] = .string(consent.status.rawValue) }
        }
        return [
            "contact_id": JSON(id), "name": .string(name), "locale": JSON(locale),
            "time_zone": JSON(timeZone), "do_not_contact": .bool(doNotContact),
            "contact_after": JSON(contactAfter?.description), "last_channel": JSON(last?.channel.rawValue),
            "marketing": .object(marketing), "notice_channel": JSON(notices?.noticeChannel.rawValue),
            "notice_frequency": JSON(notices?.frequency.rawValue),
        ]
    }
}
