package import Agents
package import Database
package import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

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
    let provider: any ConnectorProvider
    let integration: IntegrationID
    let tenant: TenantID
    let caller: ToolCaller
    let services: IntegrationServices
    /// Of amounts to which the service names none.
    let currency: String?
    /// Hears of each call that leaves.
    package var asked: @Sendable () -> Void = {}

    // MARK: Reading

    /// Returns a page of an object's records. `since`: the latest `updatedAt` that is known, inclusive; `cursor`:
    /// `next` of the page before.
    package func page(
        of object: ConnectorObject, since: String? = nil, after cursor: String? = nil
    ) async throws -> RemotePage {
        guard let list = since == nil ? object.list : object.changes ?? object.list else {
            throw Self.cannot("list", object)
        }
        return try await page(of: object, list, since: since, after: cursor)
    }

    /// Returns a page of the records that were deleted since a time, where the service lists them apart.
    package func removedPage(
        of object: ConnectorObject, since: String?, after cursor: String? = nil
    ) async throws -> RemotePage {
        guard let list = object.removed else { throw Self.cannot("list what was deleted of", object) }
        let page = try await page(of: object, list, since: since, after: cursor)
        return RemotePage(records: page.records.filter(\.isDeleted), total: nil, next: page.next)
    }

    private func page(
        of object: ConnectorObject, _ list: ConnectorList, since: String?, after cursor: String?
    ) async throws -> RemotePage {
        // A cursor may begin with the time from which a further question begins.
        let place = ConnectorCursor(cursor, since: since)
        let (since, cursor) = (place.since, place.token)
        var names = names(of: object)
        names["since"] = since.map { .string(list.moved($0)) }
        names["now"] = .string(names.now.description)
        var extra = ConnectorWire.Extra(fields: object.fields)
        list.next.ask(for: cursor, &extra)
        let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            if case .link = list.next, let cursor { return try await wire.follow(cursor, extra, reach) }
            return try await wire.ask(list.question, names, extra, reach)
        }
        let records = try object.records(in: answer.body, list, currency: currency)
        let token = try list.next.cursor(after: cursor, answer, found: records.count)
        if let token, token == cursor { throw ToolFailure.cursorLoop }
        let next = try place.next(token, list.next.window, last: records.last?.updatedAt)
        return RemotePage(
            records: records, total: list.total?.value(in: answer.body)?.int.map { Int($0) }, next: next)
    }

    /// Hands over the pages of an object's records, one after the other; throws `cursor_loop` where the service leads
    /// back to a page that was there.
    package func eachPage(
        of object: ConnectorObject, since: String? = nil, _ visit: (RemotePage) async throws -> Void
    ) async throws {
        var cursor: String?, trail = PageTrail()
        repeat {
            let page = try await page(of: object, since: since, after: cursor)
            if trail.isRepeated(page.records.map(\.id), next: page.next) { throw ToolFailure.cursorLoop }
            try await visit(page)
            cursor = page.next
        } while cursor != nil
    }

    /// Returns the records that the service finds by a key, such as an address; by the agency's own identifier where
    /// the connector finds by that (`object.find.by`).
    package func find(_ object: ConnectorObject, by key: String) async throws -> [RemoteRecord] {
        guard let find = object.find else { throw Self.cannot("find", object) }
        var names = names(of: object)
        names["key"] = .string(key)
        let asked = names
        let extra = ConnectorWire.Extra(mayBeAbsent: find.isOne, fields: object.fields)
        let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            try await wire.ask(find.list.question, asked, extra, reach)
        }
        if answer.isAbsent { return [] }
        return try object.records(in: answer.body, find.list, currency: currency, isOne: find.isOne) { item in
            find.match?.fits(item, names) ?? true
        }
    }

    /// Returns a record as the service has it now; `nil` where it has no such record.
    package func get(_ object: ConnectorObject, _ id: String) async throws -> RemoteRecord? {
        guard let raw = try await raw(object, id) else { return nil }
        return try object.record(raw, nil, currency: currency)
    }

    /// The record's document.
    func raw(_ object: ConnectorObject, _ id: String) async throws -> JSON? {
        guard let get = object.get else { throw Self.cannot("get one of", object) }
        var names = names(of: object)
        names["id"] = .string(id)
        let asked = names
        let extra = ConnectorWire.Extra(mayBeAbsent: true, fields: object.fields)
        let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            try await wire.ask(get.question, asked, extra, reach)
        }
        if answer.isAbsent { return nil }
        guard let record = get.record.value(in: answer.body) else {
            // A search by the identifier has found nothing.
            if get.record.parent?.value(in: answer.body)?.array?.isEmpty == true { return nil }
            throw ToolFailure(
                "invalid_answer", "the answer has no record where the connector says", isRetryable: false)
        }
        return record
    }

    /// The values that the connector's texts may name.
    func names(of object: ConnectorObject) -> ConnectorNames {
        ConnectorNames(
            [
                "fields": JSON(object.names),
                "home": .string(services.platform.settings.publicURL),
            ], now: .wallClock())
    }

    static func cannot(_ verb: String, _ object: ConnectorObject) -> ToolFailure {
        ToolFailure(
            "not_supported", "the connector does not say how to \(verb) \(object.name)", isRetryable: false)
    }
}

extension ConnectorClient {
    /// Throws where other integrations with the same key have used up what it allows.
    func checkAccount() throws {
        let (found, provider, now) = try services.platform.database.read(tenant) { reader in
            let found = try Integration.resource.find(integration, in: reader)
            return (found, try found.flatMap { try services.provider($0.provider, in: reader) }, reader.now)
        }
        guard let found, let provider, let full = try services.fullAccount(of: found, provider, tenant) else {
            return
        }
        throw ToolFailure(
            "quota_exhausted", "the key of \(provider.title) has no calls left before \(full)",
            isRetryable: true, retryAfter: max(.zero, full - now))
    }
}

extension IntegrationServices {
    /// Returns the way to the records of an integration's service, for a caller; `nil` where its connector is no data.
    package func client(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) throws -> ConnectorClient? {
        let (found, connector, currency) = try platform.database.read(tenant) { reader in
            (
                try provider(integration.provider, in: reader),
                try document(of: integration.id, integration.provider, in: reader),
                try reader.agency.tenant().currency
            )
        }
        guard let provider = found as? any ConnectorProvider, let connector else { return nil }
        return ConnectorClient(
            connector: connector, provider: provider, integration: integration.id, tenant: tenant,
            caller: caller, services: self, currency: currency)
    }
}

extension ToolFailure {
    fileprivate static let cursorLoop = ToolFailure(
        "cursor_loop", "the service's pages lead back to one that was there", isRetryable: false)
}

// MARK: Answers

extension ConnectorObject {
    /// Reads the records of an answer; throws where it has not the declared shape.
    fileprivate func records(
        in answer: JSON, _ list: ConnectorList, currency: String?, isOne: Bool = false,
        where fits: (JSON) -> Bool = { _ in true }
    ) throws(ToolFailure) -> [RemoteRecord] {
        guard let found = list.items.value(in: answer), let items = isOne ? [found] : found.array else {
            throw ToolFailure(
                "invalid_answer", "the answer has no list of \(name) where the connector says",
                isRetryable: false)
        }
        var records: [RemoteRecord] = []
        for item in items where fits(item) { records.append(try record(item, list, currency: currency)) }
        return records
    }

    fileprivate func record(
        _ item: JSON, _ list: ConnectorList?, currency: String?
    ) throws(ToolFailure) -> RemoteRecord {
        let inner = list?.record.value(in: item) ?? item
        guard let id = (list?.id ?? id).value(in: inner)?.identifier else {
            throw ToolFailure(
                "invalid_answer", "one of \(name) has no identifier where the connector says",
                isRetryable: false)
        }
        let mark = deleted?.value(in: inner) ?? .null
        // A list of what was deleted may have nothing but identifiers.
        let isGone = list?.id != nil && deleted?.value(in: inner) == nil
        return RemoteRecord(
            id: id, updatedAt: (list?.updatedAt ?? updatedAt)?.value(in: inner)?.identifier,
            isDeleted: isGone || !mark.isNull && mark.flag != false,
            fields: JSONObject(fields.map { ($0.name, $0.value(in: inner, currency: currency)) }))
    }
}

extension ConnectorMatch {
    /// Returns whether one of the items at the place has the text.
    fileprivate func fits(_ item: JSON, _ names: ConnectorNames) -> Bool {
        guard let text = text.filled(with: names), let found = list.value(in: item) else { return false }
        return (found.array ?? [found]).contains { at.value(in: $0)?.identifier == text }
    }
}

extension ConnectorList {
    /// Returns a time since when, moved back by as much as the service's index lags behind.
    fileprivate func moved(_ since: String) -> String {
        guard overlap > .zero, let instant = ConnectorTime.instant(since) else { return since }
        return (instant - overlap).description
    }
}

/// The place in a list: a token, and the time from which its question began where that is another than the list's.
private struct ConnectorCursor {
    let since: String?, token: String?
    private let isOwn: Bool
    private static let mark = "since:"

    init(_ cursor: String?, since: String?) {
        guard let cursor, cursor.hasPrefix(Self.mark), let end = cursor.firstIndex(of: "\n") else {
            (self.since, token, isOwn) = (since, cursor, false)
            return
        }
        let rest = cursor[cursor.index(after: end)...]
        self.since = String(cursor[..<end].dropFirst(Self.mark.count))
        (token, isOwn) = (rest.isEmpty ? nil : String(rest), true)
    }

    func next(_ token: String?, _ window: Int?, last: String?) throws(ToolFailure) -> String? {
        guard let token else { return nil }
        if let window, let number = Int(token), number >= window {
            // So many of one moment cannot be told apart.
            guard let last, last != since else { throw ToolFailure.cursorLoop }
            return "\(Self.mark)\(last)\n"
        }
        return isOwn ? "\(Self.mark)\(since ?? "")\n\(token)" : token
    }
}

extension ConnectorPaging {
    fileprivate var window: Int? { if case .token(_, _, _, let window) = self { window } else { nil } }

    /// Adds what asks for the page at a cursor.
    fileprivate func ask(for cursor: String?, _ extra: inout ConnectorWire.Extra) {
        switch self {
        case .token(_, .query(let parameter), _, _):
            if let cursor { extra.query.append((parameter, cursor)) }
        case .token(_, .body(let place), _, _):
            if let cursor { extra.places.append((place, .string(cursor))) }
        case .page(let parameter, let first): extra.query.append((parameter, cursor ?? "\(first)"))
        case .offset(let parameter): extra.query.append((parameter, cursor ?? "0"))
        case .link, .none: break
        }
    }

    /// Returns the cursor of the page after the one at `cursor`.
    fileprivate func cursor(
        after cursor: String?, _ answer: ConnectorWire.Answer, found: Int
    ) throws(ToolFailure) -> String? {
        switch self {
        case .token(let place, _, let more, _):
            if let more, more.value(in: answer.body)?.flag == false { return nil }
            return place.value(in: answer.body)?.identifier
        case .page(_, let first): return found == 0 ? nil : "\((cursor.flatMap { Int($0) } ?? first) + 1)"
        case .offset: return found == 0 ? nil : "\((cursor.flatMap { Int($0) } ?? 0) + found)"
        case .link(let place):
            return place?.value(in: answer.body)?.text ?? (place == nil ? answer.next : nil)
        case .none: return nil
        }
    }
}
