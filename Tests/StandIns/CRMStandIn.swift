import Foundation
package import JSON
import Synchronization

/// A small CRM: contacts in pages, those that have changed since a time to the second, found by their address.
package final class CRMStandIn: Sendable {
    package struct Write: Sendable {
        package let method: String, path: String
        package let body: JSON
    }

    private struct State {
        var records: [String: JSONObject] = [:]
        var writes: [Write] = []
        var serial = 0
        /// An answer in place of the true one.
        var fault: (@Sendable (ReceivedRequest, _ number: Int) -> StandInAnswer?)?
        var asked: [String] = []
    }

    package static let token = "crm-secret-1"

    private let server: ServiceStandIn
    private let book: Book

    /// `size`: the most records of a page.
    package init(size: Int = 50) throws {
        let book = Book(size)
        self.book = book
        server = try ServiceStandIn { book.answer($0) }
    }

    package var url: String { server.url }
    package var records: [String: JSONObject] { book.state.withLock { $0.records } }
    package var writes: [Write] { book.state.withLock { $0.writes } }
    /// The targets of all requests but tests of the credentials, in order.
    package var asked: [String] { book.state.withLock { $0.asked } }
    /// The requests for pages of records.
    package var lists: [String] { asked.filter { $0.hasPrefix("/contacts?") && !$0.contains("email=") } }

    /// Answers instead of the service; `nil`: it answers itself.
    package func misbehave(_ fault: (@Sendable (ReceivedRequest, _ number: Int) -> StandInAnswer?)?) {
        book.state.withLock { $0.fault = fault }
    }

    @discardableResult package func add(_ fields: JSONObject, at time: String? = nil) -> String {
        book.add(fields, at: time)
    }

    package func change(_ id: String, _ fields: JSONObject, at time: String? = nil) {
        book.change(id, fields, at: time)
    }

    /// Now, to the second.
    package static func stamp(_ later: Int = 0) -> String {
        let form = ISO8601DateFormatter()
        return form.string(from: Date(timeIntervalSinceNow: TimeInterval(later)))
    }

    /// The connector to it, as an agency declares it.
    package static let document: JSON = [
        "name": "acme_crm", "title": "Acme CRM", "auth": ["kind": "bearer", "credential": "token"],
        "test": ["path": "/contacts", "query": ["limit": "1"]],
        "objects": [
            [
                "name": "contacts", "id": "/id", "updated_at": "/updated_at", "deleted": "/deleted",
                "list": [
                    "path": "/contacts", "query": ["updated_since": "{{ since }}", "limit": "50"],
                    "items": "/data", "total": "/meta/total",
                    "next": ["kind": "token", "at": "/meta/next", "parameter": "page_token"],
                ],
                "find": ["path": "/contacts", "query": ["email": "{{ key }}"], "items": "/data"],
                "create": ["method": "POST", "path": "/contacts", "id": "/id"],
                "update": ["method": "PATCH", "path": "/contacts/{{ id }}"],
                "fields": [
                    ["name": "email", "type": "email"], ["name": "name", "type": "text"],
                    ["name": "company", "type": "text"], ["name": "phone", "type": "text"],
                    ["name": "tier", "type": "text"], ["name": "opted_out", "type": "boolean"],
                    ["name": "rank", "type": "integer", "read_only": true],
                ],
            ]
        ],
    ]

    private final class Book: Sendable {
        let state = Mutex(State())
        private let size: Int

        init(_ size: Int) { self.size = size }

        func add(_ fields: JSONObject, at time: String?) -> String {
            state.withLock { state in
                state.serial += 1
                let id = "c" + String(repeating: "0", count: 5 - "\(state.serial)".count) + "\(state.serial)"
                var record: JSONObject = [
                    "id": .string(id), "updated_at": .string(time ?? stamp()), "deleted": false,
                ]
                for (name, value) in fields.members { record[name] = value }
                state.records[id] = record
                return id
            }
        }

        func change(_ id: String, _ fields: JSONObject, at time: String?) {
            state.withLock { state in
                for (name, value) in fields.members { state.records[id]?[name] = value }
                state.records[id]?["updated_at"] = .string(time ?? stamp())
            }
        }

        func answer(_ request: ReceivedRequest) -> StandInAnswer {
            // A test of the credentials is no part of what is counted.
            let isTest = request.query("limit") == "1"
            let (number, fault) = state.withLock { state in
                if !isTest { state.asked.append(request.target) }
                return (state.asked.count, state.fault)
            }
            if !isTest, let told = fault?(request, number) { return told }
            guard request.header("Authorization") == "Bearer \(CRMStandIn.token)" else {
                return StandInAnswer(401, #"{"error": "token"}"#)
            }
            let id = String(request.path.dropFirst("/contacts/".count))
            if request.method == "GET", request.path == "/contacts" { return json(list(request)) }
            if request.method == "GET" {
                return state.withLock { $0.records[id] }.map { json(.object($0)) } ?? StandInAnswer(404, "{}")
            }
            let body = (try? JSONParser.parse(request.body)) ?? [:]
            state.withLock {
                $0.writes.append(Write(method: request.method, path: request.path, body: body))
            }
            if request.method == "POST" {
                let made = add(body.object ?? [:], at: nil)
                return json(.object(state.withLock { $0.records[made] ?? [:] }), status: 201)
            }
            guard state.withLock({ $0.records[id] != nil }) else { return StandInAnswer(404, "{}") }
            change(id, body.object ?? [:], at: nil)
            return json(.object(state.withLock { $0.records[id] ?? [:] }))
        }

        private func list(_ request: ReceivedRequest) -> JSON {
            let since = request.query("updated_since").map(plain) ?? ""
            let email = request.query("email").map { plain($0).lowercased() }
            let token = request.query("page_token").flatMap { Int($0) } ?? 0
            let size = min(request.query("limit").flatMap { Int($0) } ?? size, size)
            let rows = state.withLock { Array($0.records.values) }
                .filter { ($0["updated_at"]?.text ?? "") >= since }
                .filter { email == nil || $0["email"]?.text?.lowercased() == email }
                .sorted { key($0) < key($1) }
            let page = rows.dropFirst(token).prefix(size), end = token + page.count
            return [
                "data": .array(page.map { .object($0) }),
                "meta": [
                    "next": end < rows.count ? .string("\(end)") : .null, "total": JSON(rows.count),
                ],
            ]
        }

        private func key(_ record: JSONObject) -> String {
            (record["updated_at"]?.text ?? "") + (record["id"]?.text ?? "")
        }

        private func plain(_ text: String) -> String { text.removingPercentEncoding ?? text }

        private func json(_ json: JSON, status: Int = 200) -> StandInAnswer {
            StandInAnswer(status, json.serialized, headers: [("Content-Type", "application/json")])
        }
    }
}
