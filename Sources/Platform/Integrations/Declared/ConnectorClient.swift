package import Agents
package import Database
package import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy
internal import Telemetry

/// Asks a service for records that its connector declares.
struct AskConnectorTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "ask_connector"
    let title = "Read from a connected service"
    let summary = "Lists and finds records in a service through its connector."
    let effect = ToolClass.reads
    let takesQuota = true
}

/// Writes records in a service as its connector declares.
struct WriteConnectorTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "write_connector"
    let title = "Write to a connected service"
    let summary = "Creates and changes records in a service through its connector."
    let effect = ToolClass.sends
}

/// A record of a service, as a connector reads it.
package struct RemoteRecord: Sendable {
    package let id: String
    /// The time of the last change, as the service writes it.
    package let updatedAt: String?
    package let isDeleted: Bool
    /// The values by the connector's names of the fields; null for what the service leaves out.
    package let fields: JSONObject
}

/// A page of a service's records.
package struct RemotePage: Sendable {
    package let records: [RemoteRecord]
    /// The number of records in all, where the service gives it.
    package let total: Int?
    /// The cursor of the next page; `nil` after the last.
    package let next: String?
}

/// The records of one integration's service. Each request passes the gate, with the integration's limits, circuit and
/// price, and is kept as a call; from a sandbox nothing is asked. Failures are `ToolFailure`.
package struct ConnectorClient: Sendable {
    package let connector: ConnectorDocument
    private let integration: IntegrationID
    private let tenant: TenantID
    private let caller: ToolCaller
    private let access: IntegrationAccess
    private let services: IntegrationServices
    private static let deadline: Duration = .seconds(30)

    fileprivate init(
        _ connector: ConnectorDocument, _ integration: IntegrationID, _ tenant: TenantID,
        _ caller: ToolCaller,
        _ access: IntegrationAccess, _ services: IntegrationServices
    ) {
        (self.connector, self.integration, self.tenant) = (connector, integration, tenant)
        (self.caller, self.access, self.services) = (caller, access, services)
    }

    private var wire: ConnectorWire { ConnectorWire(connector.auth, access, services.platform.outbound) }

    // MARK: Reading

    /// Returns a page of an object's records. `since`: the latest `updatedAt` that is known, inclusive; `cursor`:
    /// `next` of the page before.
    package func page(
        of object: ConnectorObject, since: String? = nil, after cursor: String? = nil
    ) async throws -> RemotePage {
        guard let list = object.list else { throw Self.cannot("list", object) }
        let values = since.map { ["since": $0] } ?? [:]
        let answer = try await pass(AskConnectorTool.name) { reach async throws(ToolFailure) in
            if case .link = list.next, let cursor { return try await wire.follow(cursor, reach) }
            return try await wire.ask(list.question, values, also: list.next.parameters(at: cursor), reach)
        }
        let records = try object.records(in: answer.body, at: list.items)
        let next = try list.next.cursor(after: cursor, answer, found: records.count)
        if let next, next == cursor { throw ToolFailure.cursorLoop }
        return RemotePage(
            records: records, total: list.total?.value(in: answer.body)?.int.map { Int($0) }, next: next)
    }

    /// Hands over the pages of an object's records, one after the other; throws `cursor_loop` where the service leads
    /// back to a page that was there.
    package func eachPage(
        of object: ConnectorObject, since: String? = nil, _ visit: (RemotePage) async throws -> Void
    ) async throws {
        var cursor: String?, seen: Set<String> = [], first: [String] = []
        repeat {
            let page = try await page(of: object, since: since, after: cursor)
            let ids = page.records.map(\.id)
            // A service that does not heed the number of a page gives the same one for ever.
            if !ids.isEmpty, ids == first { throw ToolFailure.cursorLoop }
            first = ids
            if let next = page.next, !seen.insert(next).inserted { throw ToolFailure.cursorLoop }
            try await visit(page)
            cursor = page.next
        } while cursor != nil
    }

    /// Returns the records that the service finds by a key, such as an address.
    package func find(_ object: ConnectorObject, by key: String) async throws -> [RemoteRecord] {
        guard let find = object.find else { throw Self.cannot("find", object) }
        let answer = try await pass(AskConnectorTool.name) { reach async throws(ToolFailure) in
            try await wire.ask(find.question, ["key": key], reach)
        }
        return try object.records(in: answer.body, at: find.items)
    }

    // MARK: Writing

    /// Creates a record and returns its identifier. `key`: the same for further attempts to do the same.
    package func create(_ object: ConnectorObject, _ fields: JSONObject, key: String) async throws -> String {
        guard let create = object.create else { throw Self.cannot("create", object) }
        let body = try object.body(fields, at: create.body)
        let answer = try await pass(WriteConnectorTool.name, key: key) { reach async throws(ToolFailure) in
            try await wire.ask(create.question, [:], body: body, key: key, reach)
        }
        guard let id = (create.id ?? object.id).value(in: answer.body)?.identifier else {
            throw ToolFailure(
                "invalid_answer", "the answer has no identifier of the new record", isRetryable: false,
                isAmbiguous: true)
        }
        return id
    }

    /// Changes some fields of a record.
    package func update(
        _ object: ConnectorObject, _ id: String, _ fields: JSONObject, key: String
    ) async throws {
        guard let update = object.update else { throw Self.cannot("update", object) }
        let body = try object.body(fields, at: update.body)
        _ = try await pass(WriteConnectorTool.name, key: key) { reach async throws(ToolFailure) in
            try await wire.ask(update.question, ["id": id], body: body, key: key, reach)
        }
    }

    package func delete(_ object: ConnectorObject, _ id: String, key: String) async throws {
        guard let delete = object.delete else { throw Self.cannot("delete", object) }
        _ = try await pass(WriteConnectorTool.name, key: key) { reach async throws(ToolFailure) in
            try await wire.ask(delete.question, ["id": id], key: key, reach)
        }
    }

    private static func cannot(_ verb: String, _ object: ConnectorObject) -> ToolFailure {
        ToolFailure(
            "not_supported", "the connector does not say how to \(verb) \(object.name)", isRetryable: false)
    }

    // MARK: Gate

    private func pass<Answer: Sendable>(
        _ tool: String, key: String? = nil, _ work: (ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        let permit = try await permit(tool, key: key), answer: Answer
        do throws(ToolFailure) {
            answer = try await work(permit.reach)
        } catch {
            let failure = error
            try await services.platform.database.write(tenant) { tx in
                try tx.gate.settleUnasked(permit, failure.isAmbiguous ? .unknown(failure) : .failed(failure))
                if failure.code == "unauthenticated" {
                    try tx.integrations.fails(access, because: failure.detail)
                }
            }
            throw failure
        }
        try await services.platform.database.write(tenant) { try $0.gate.settleUnasked(permit, .succeeded) }
        return answer
    }

    private func permit(_ tool: String, key: String?) async throws -> Permit {
        do {
            return try await services.platform.database.write(tenant) { tx in
                guard !tx.sandboxClock.isSandbox else {
                    throw ToolFailure("sandbox", "a sandbox asks no services", isRetryable: false)
                }
                guard let found = try Integration.resource.find(integration, in: tx), found.status == .active,
                    found.environment == .live
                else {
                    throw ToolFailure(
                        "disabled", "the integration is not active: look at \(integration)",
                        isRetryable: false)
                }
                try tx.integrations.noteUse(of: integration, by: caller.actor)
                let connector = found.connector(for: try tx.agency.tenant(), at: tx.now)
                let key = key ?? tx.makeID("ask_")
                let attempt = try tx.gate.nextAttempt(key: key, limit: Self.deadline * 2)
                return try tx.gate.permitUnasked(
                    tool, key: key, attempt: attempt, for: caller, by: connector, nil, deadline: Self.deadline
                )
            }
        } catch let busy as ConnectorBusy {
            let now = try services.platform.database.read(tenant) { $0.now }
            throw ToolFailure(
                busy.refusal.code, busy.refusal.detail, isRetryable: true,
                retryAfter: max(.zero, busy.refusal.until - now))
        } catch let refusal as ToolRefusal {
            throw ToolFailure(
                refusal.code, refusal.detail, isRetryable: refusal.retryAfter != nil,
                retryAfter: refusal.retryAfter)
        }
    }
}

extension IntegrationServices {
    /// Returns the way to the records of an integration's service, for a caller; `nil` where its connector is no data.
    package func client(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) throws -> ConnectorClient? {
        let found = try platform.database.read(tenant) { try provider(integration.provider, in: $0) }
        guard let provider = found as? DeclaredProvider else { return nil }
        return ConnectorClient(
            provider.connector, integration.id, tenant, caller,
            try platform.access(to: integration, of: tenant, provider), self)
    }
}

extension ToolFailure {
    fileprivate static let cursorLoop = ToolFailure(
        "cursor_loop", "the service's pages lead back to one that was there", isRetryable: false)
}

extension JSON {
    /// A record's identifier, which services write as a text or a number.
    fileprivate var identifier: String? {
        if let text, !text.isEmpty { return text }
        return int.map { "\($0)" }
    }
}

extension ConnectorObject {
    /// Reads the records of an answer; throws where it has not the declared shape.
    fileprivate func records(
        in answer: JSON, at items: ConnectorPointer
    ) throws(ToolFailure) -> [RemoteRecord] {
        guard let list = items.value(in: answer)?.array else {
            throw ToolFailure(
                "invalid_answer", "the answer has no list of \(name) where the connector says",
                isRetryable: false)
        }
        var records: [RemoteRecord] = []
        for item in list {
            guard let id = id.value(in: item)?.identifier else {
                throw ToolFailure(
                    "invalid_answer", "one of \(name) has no identifier where the connector says",
                    isRetryable: false)
            }
            let mark = deleted?.value(in: item) ?? .null
            records.append(
                RemoteRecord(
                    id: id, updatedAt: updatedAt?.value(in: item)?.identifier,
                    isDeleted: !mark.isNull && mark.flag != false,
                    fields: JSONObject(fields.map { ($0.name, $0.at.value(in: item) ?? .null) })))
        }
        return records
    }

    /// Returns the body that gives a record these fields.
    fileprivate func body(_ values: JSONObject, at place: ConnectorPointer) throws(ToolFailure) -> JSON {
        var record: JSON = [:]
        for (name, value) in values.members {
            guard let field = self[field: name], !field.isReadOnly else {
                throw ToolFailure(
                    "read_only", "\(name.prefix(64)) is no field of \(self.name) that can be written",
                    isRetryable: false)
            }
            record = field.at.setting(value, in: record)
        }
        return place.setting(record, in: [:])
    }
}

extension ConnectorPaging {
    /// Returns the parameters that ask for the page at a cursor.
    fileprivate func parameters(at cursor: String?) -> [(name: String, value: String)] {
        switch self {
        case .token(_, let parameter): cursor.map { [(parameter, $0)] } ?? []
        case .page(let parameter, let first): [(parameter, cursor ?? "\(first)")]
        case .offset(let parameter): [(parameter, cursor ?? "0")]
        case .link, .none: []
        }
    }

    /// Returns the cursor of the page after the one at `cursor`.
    fileprivate func cursor(
        after cursor: String?, _ answer: ConnectorWire.Answer, found: Int
    ) throws(ToolFailure) -> String? {
        switch self {
        case .token(let place, _): return place.value(in: answer.body)?.identifier
        case .page(_, let first): return found == 0 ? nil : "\((cursor.flatMap { Int($0) } ?? first) + 1)"
        case .offset: return found == 0 ? nil : "\((cursor.flatMap { Int($0) } ?? 0) + found)"
        case .link(let place):
            return place?.value(in: answer.body)?.text ?? (place == nil ? answer.next : nil)
        case .none: return nil
        }
    }
}
