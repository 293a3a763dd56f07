internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import Records

/// Tells what has become of the mails that carry the messages of a ticket.
enum TicketDelivery {
    static let name = "delivery_status"
    static let schema: JSON = [
        "type": ["string", "null"],
        "enum": .array(Message.Status.allCases.map { JSON.string($0.rawValue) } + [.null]),
        "description": "The state of the mail that carries the message; null: no mail does.",
    ]

    /// Returns the member for messages, by their ids.
    static func members(of ids: [String], in reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let statuses = try reader.all(
            """
            SELECT t.id, m.status FROM ticket_messages t
            JOIN messages m ON m.tenant_id = t.tenant_id AND m.id = t.message_id
            WHERE t.tenant_id = \(reader.tenant) AND t.direction = 'outbound' AND t.id IN \(list: ids)
            """
        ) { ($0.text(0), $0.text(1)) }
        return Dictionary(
            statuses.map { ($0, [name: .string($1)]) }, uniquingKeysWith: { first, _ in first })
    }

    static func member(of message: TicketMessage, in reader: some Queryable) throws -> JSONObject {
        try members(of: [message.id.keyText], in: reader).values.first ?? [name: .null]
    }
}
