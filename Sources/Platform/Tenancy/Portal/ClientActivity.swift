internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
package import Jobs
package import Nouns
package import Records
internal import Routing
internal import Telemetry
package import Templates
internal import Wording

/// Something that was done in a client's name: one link of that client's own chain. Each entry's hash covers its
/// content and its predecessor's hash, so that a client who keeps an export can tell whether anything was changed.
struct ClientActivity: StoredRow {
    let number: Int64
    let id: String
    let actor: (type: String, id: String)
    let action: String
    let subject: Subject
    /// In English, as the chain has them; `said` is what they are made of.
    let title: String, why: String?
    private let said: JSON
    let createdAt: Instant
    let previousHash: String, hash: String

    static let columns = Columns(of: Self.self)
    static let firstPreviousHash = String(repeating: "0", count: 64)

    init(_ row: inout ColumnReader) {
        (number, id) = (row.int64("number"), row.text("id"))
        actor = (row.text("actor_type"), row.text("actor_id"))
        (action, subject) = (row.text("action"), row.subject())
        (title, why, createdAt) = (row.text("title"), row.optionalText("why"), row.instant("created_at"))
        (previousHash, hash) = (row.text("previous_hash"), row.text("hash"))
        said = row.optionalText("said").map { JSON(stored: $0) } ?? .null
    }

    /// Returns the hash of the previous hash and the fields, in this order, each on a line of its own: a client can
    /// compute it with any tool.
    static func hash(_ previous: String, _ fields: [String]) -> String {
        let lines = ([previous] + fields).map { JSON.string($0).serialized }
        return Hex.encode(SHA256.hash(lines.joined(separator: "\n")))
    }

    var fields: [String] {
        Self.fields(number, id, actor, action, subject, title, why, createdAt)
    }

    static func fields(
        _ number: Int64, _ id: String, _ actor: (type: String, id: String), _ action: String,
        _ subject: Subject, _ title: String, _ why: String?, _ at: Instant
    ) -> [String] {
        [
            String(number), id, actor.type, actor.id, action, subject.type, subject.id, title, why ?? "",
            at.description,
        ]
    }

    var json: JSON {
        [
            "number": .integer(number), "id": .string(id),
            "actor": ["type": .string(actor.type), "id": .string(actor.id)], "action": .string(action),
            "subject": subject.json, "title": .string(title), "why": JSON(why),
            "created_at": .string(createdAt.description), "previous_hash": .string(previousHash),
            "hash": .string(hash),
        ]
    }

    /// The entry in the reader's words. Its hash is that of the words in the chain, which the export has.
    func json(in words: Wording, _ zone: TimeZoneRules) -> JSON {
        var object = json.object ?? [:]
        for name in ["title", "why"] {
            if let saying = Saying(json: said[name]) { object[name] = .string(saying.said(in: words, zone)) }
        }
        return .object(object)
    }

    static let schema: JSON = .record([
        "number": .anyInteger, "id": .anyText, "actor": .anySubject, "action": .anyText,
        "subject": .anySubject, "title": .anyText, "why": .textOrNull, "created_at": .anyInstant,
        "previous_hash": .anyText, "hash": .anyText,
    ])
}

package extension PortalStore where Base == Transaction {
    /// Tells a client what was done in their name, and why.
    func noteActivity(
        ofClient client: ClientID, by actor: Actor, _ action: String, _ subject: Subject,
        _ saidTitle: Saying, why saidWhy: Saying? = nil
    ) throws {
        let last = try tx.first(
            """
            SELECT number, hash FROM client_activity WHERE tenant_id = \(tx.tenant) AND client_id = \(client)
            ORDER BY number DESC LIMIT 1
            """
        ) { ($0.int64(0), $0.text(1)) }
        let (title, why) = (saidTitle.english, saidWhy?.english)
        let said: JSON = ["title": saidTitle.json, "why": saidWhy?.json ?? .null]
        let (previous, number) = (last?.1 ?? ClientActivity.firstPreviousHash, (last?.0 ?? 0) + 1)
        let (id, by) = (tx.makeID("act_"), (type: actor.kind.rawValue, id: actor.id))
        // Times are told in milliseconds: the hash covers what is told.
        let at = Instant(microseconds: tx.now.microseconds / 1000 * 1000)
        let hash = ClientActivity.hash(
            previous, ClientActivity.fields(number, id, by, action, subject, title, why, at))
        try tx.run(
            """
            INSERT INTO client_activity (tenant_id, client_id, number, id, actor_type, actor_id, action, subject_type,
                subject_id, title, why, created_at, previous_hash, hash, said)
            VALUES (\(tx.tenant), \(client), \(number), \(id), \(by.type), \(by.id), \(action), \(subject.type),
                \(subject.id), \(title), \(why), \(at), \(previous), \(hash),
                \(said.serialized))
            """)
    }
}

func activityRoutes(_ routes: inout Routes) {
    routes.schema("ClientActivity", ClientActivity.schema)
    let columns: [SimpleList.Column] = [
        .init("action", .text(max: 100)), .init("created_at", .instant),
    ]
    let fields = ClientActivity.schema.propertyNames
    routes.get(
        "/v1/portal/activity", .portal("portal:read"),
        "List the activity of people and agents on your behalf, with reasons, newest first",
        query: SimpleList.docs(columns, fields: fields), .list(of: .reference("ClientActivity"))
    ) { call in
        let portal = try call.portal
        return .read { reader in
            var list = try SimpleList(
                call.request.head.query, columns, key: "number", fields: fields, dialect: reader.dialect)
            list.add("client_id = \(portal.clientID)")
            let (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
            return try list.page(of: "client_activity", ClientActivity.self, in: reader) {
                $1.value($0.json(in: words, zone))
            }
        }
    }
    routes.schema(
        "ClientActivityExport",
        .schema(
            [
                "valid": ["type": "boolean"], "first_invalid": .textOrNull,
                "entries": ["type": "array", "items": .reference("ClientActivity")],
                "next": ["type": ["integer", "null"]],
            ], required: ["valid", "first_invalid", "entries", "next"]))
    routes.get(
        "/v1/portal/activity/export", .portal("portal:read"),
        "Export what was done on your behalf as a verified chain, oldest first",
        query: [.query("after", "The number of the last entry that you have.", .anyInteger)],
        .json(.reference("ClientActivityExport"), "Up to 5,000 entries, and where to continue.")
    ) { call in
        let portal = try call.portal
        let after = try call.query("after").map { text throws(Problem) in
            guard let number = Int64(text), number >= 0 else {
                throw Problem(.invalidParameter, "after must be a number, such as next of the page before.")
            }
            return number
        }
        return .read { reader in
            let (entries, before) = try reader.portal.activity(of: portal.clientID, after: after ?? 0)
            var (previous, firstInvalid): (String, String?) = (before, nil)
            for entry in entries where firstInvalid == nil {
                let isSound =
                    entry.previousHash == previous
                    && entry.hash == ClientActivity.hash(previous, entry.fields)
                if !isSound { firstInvalid = entry.id }
                previous = entry.hash
            }
            return .json([
                "valid": .bool(firstInvalid == nil), "first_invalid": JSON(firstInvalid),
                "entries": .array(entries.map(\.json)),
                "next": entries.count == exportMax ? JSON(Int(entries[entries.count - 1].number)) : .null,
            ])
        }
    }
}

private let exportMax = 5000

extension PortalStore {
    /// A client's entries after a number, and the hash that the first of them follows.
    fileprivate func activity(of client: ClientID, after: Int64) throws -> ([ClientActivity], String) {
        let before = try tx.first(
            """
            SELECT hash FROM client_activity WHERE tenant_id = \(tx.tenant) AND client_id = \(client)
                AND number = \(after)
            """
        ) { $0.text(0) }
        let entries = try tx.all(
            """
            SELECT \(ClientActivity.columns) FROM client_activity
            WHERE tenant_id = \(tx.tenant) AND client_id = \(client) AND number > \(after)
            ORDER BY number LIMIT \(exportMax)
            """, ClientActivity.init)
        return (entries, before ?? ClientActivity.firstPreviousHash)
    }
}
