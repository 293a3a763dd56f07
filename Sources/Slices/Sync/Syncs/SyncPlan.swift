internal import Agents
internal import Integrations
internal import JSON
internal import Records

/// A sync with all that it needs to compare records: the resource here, the object there, the fields of both.
struct SyncPlan: Sendable {
    let sync: RecordSync
    let records: ToolRecords
    let object: ConnectorObject
    /// The name of the service in `external_ids`.
    let system: String
    let fields: [SyncField]
    /// The agency's currency, in which amounts without one are.
    let currency: String

    /// Reads a sync that was checked when it was saved; throws what is no longer right about it, since its connector
    /// may have changed.
    init(
        _ sync: RecordSync, _ connector: ConnectorDocument, _ registry: RecordRegistry, currency: String
    ) throws(Problem) {
        var faults = Faults()
        let plan = SyncPlan(sync, connector, registry, currency: currency, &faults)
        try faults.throwIfAny()
        guard let plan else { throw Problem(.notFound) }
        self = plan
    }

    /// Adds what is wrong with a sync, each at its place.
    init?(
        _ sync: RecordSync, _ connector: ConnectorDocument, _ registry: RecordRegistry, currency: String,
        _ faults: inout Faults
    ) {
        guard let records = registry.records(in: sync.local.rawValue) else { return nil }
        guard let known = connector[object: sync.object] else {
            faults.add(
                "/object", "invalid_choice",
                "\(connector.title) has no records of the kind \(sync.object.prefix(64)): choose one of those that it has.",
                choices: connector.objects.map(\.name))
            return nil
        }
        let object = known.including(sync.mapping.list.map(\.remote))
        (self.sync, self.records, self.object, self.currency) = (sync, records, object, currency)
        system = connector.name
        var fields: [SyncField] = [], isRight = true
        for (index, mapping) in sync.mapping.list.enumerated() {
            let place = "/mapping/\(index)", before = faults.list.count
            if let field = Self.field(mapping, sync, records, object, place, &faults) { fields.append(field) }
            isRight = isRight && faults.list.count == before
        }
        self.fields = fields
        guard isRight else { return }
        for (index, field) in fields.enumerated() {
            guard
                fields[..<index].contains(where: {
                    $0.name == field.name || $0.remote.name == field.remote.name
                })
            else { continue }
            faults.add(
                "/mapping/\(index)", "already_exists", "The field is mapped twice: take one of the two out.")
        }
        if !fields.contains(where: \.isKey), !Self.findsOwn(object) {
            faults.add(
                "/mapping", "key_required",
                "One pair of fields must have key: true, so that records which are known are not made twice.")
        }
    }

    private static func field(
        _ mapping: SyncMapping, _ sync: RecordSync, _ records: ToolRecords, _ object: ConnectorObject,
        _ place: String, _ faults: inout Faults
    ) -> SyncField? {
        guard let remote = object[field: mapping.remote] else {
            faults.add(
                "\(place)/remote", "unknown_field",
                "\(object.name) does not have the field \(mapping.remote.prefix(64)): choose one that it has.",
                choices: object.mappable.map(\.name)
            )
            return nil
        }
        guard let (kind, isFixed) = Self.kind(of: mapping.local, records) else {
            faults.add(
                "\(place)/local", "unknown_field",
                "The field \(mapping.local.prefix(64)) does not exist in \(records.table): choose one that does."
            )
            return nil
        }
        let wanted = mapping.direction ?? sync.direction
        var pulls = wanted != .push && sync.direction != .push
        let pushes = wanted != .pull && sync.direction != .pull
        if mapping.local == SyncField.own { pulls = false }
        guard pulls || pushes || mapping.isKey else {
            faults.add(
                "\(place)/direction", "conflict",
                "The sync only goes the other way: leave direction out, or change that of the sync.")
            return nil
        }
        if pushes, remote.isReadOnly {
            faults.add(
                "\(place)/remote", "read_only",
                "\(remote.name) cannot be written in the service: set the direction of the pair to pull.")
            return nil
        }
        if pulls, isFixed {
            faults.add(
                "\(place)/local", "read_only",
                "\(mapping.local) cannot be written: set the direction of the pair to push.")
            return nil
        }
        return SyncField(
            name: mapping.local, kind: kind, remote: remote,
            flow: pulls && pushes ? .both : pulls ? .pull : .push, isKey: mapping.isKey)
    }

    private static func kind(of name: String, _ records: ToolRecords) -> (FieldKind, isFixed: Bool)? {
        if name == SyncField.unsubscribed {
            return records.fields.contains { ["email", "contact_email"].contains($0.name) }
                ? (.boolean, false) : nil
        }
        if name.hasPrefix("custom.") {
            let key = String(name.dropFirst("custom.".count))
            guard let custom = records.fields.first(where: { $0.name == "custom" }), key.isCustomKey else {
                return nil
            }
            return (custom.kind, false)
        }
        return records.fields.first { $0.name == name }.map { ($0.kind, $0.isReadOnly) }
    }

    // MARK: What it reads

    var key: SyncField? { fields.first(where: \.isKey) }

    /// The fields of the agency's records that are read.
    var columns: [String] {
        let known = Set(records.fields.map(\.name))
        let wanted =
            fields.map(\.column) + [
                "status", "merged_into", "external_ids", "country", "email", "contact_email",
            ]
            + (sync.local == .leads ? ["contact_id"] : sync.local == .deals ? ["lead_id"] : [])
            + (client == nil ? [] : ["client_id"])
        var seen: Set<String> = []
        return wanted.filter { known.contains($0) && seen.insert($0).inserted }
    }

    /// The client whose service it is; `nil`: the agency's own.
    var client: JSON? { sync.defaults["client_id"] }

    /// Whether records of the agency's keep the identifiers that others have for them.
    var keepsExternalIDs: Bool { records.fields.contains { $0.name == "external_ids" } }
    var readsUnsubscribed: Bool { fields.contains(where: \.isUnsubscribed) }
    var pushes: Bool { sync.direction != .pull && fields.contains { $0.flow.pushes } }

    var rule: ConflictRule {
        switch sync.conflict {
        case .newest: .newest
        case .local: .local
        case .remote: .remote
        case .review: .review
        }
    }

    subscript(name: String) -> SyncField? { fields.first { $0.name == name } }
    subscript(remote name: String) -> SyncField? { fields.first { $0.remote.name == name } }

    /// The fingerprint of a service's record, as far as the sync is concerned with it.
    func mark(of remote: RemoteRecord) -> String {
        var mark = RecordMark()
        for field in fields { mark.add((remote.fields[field.remote.name] ?? .null).plain.serialized) }
        mark.add(remote.isDeleted ? "deleted" : "")
        return mark.text
    }

    /// Returns whether the service finds a record by the identifier of the agency's own.
    static func findsOwn(_ object: ConnectorObject) -> Bool { object.find?.by == .own }
}
