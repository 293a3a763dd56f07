internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Checks a sync before it is saved, so that what cannot work is refused then, at its place, and not when it runs.
struct SyncCheck: Sendable {
    private static let periods: ClosedRange<Duration> = .seconds(30)...(.seconds(31 * 86_400))

    let integrations: IntegrationServices
    let registry: RecordRegistry

    /// Completes a sync with the suggested mapping where it names none; throws everything that is wrong with it.
    func check(_ sync: inout RecordSync, in tx: Transaction) throws {
        var faults = Faults()
        guard let integration = try Integration.resource.find(sync.integrationID, in: tx) else {
            throw Problem(faults: [
                Fault(
                    "/integration_id", "unknown_reference",
                    "The integration does not exist: choose another.")
            ])
        }
        guard let connector = try integrations.document(of: integration.id, integration.provider, in: tx)
        else {
            throw Problem(faults: [
                Fault(
                    "/integration_id", "invalid_choice",
                    "\(integration.provider) has no records to keep in step: see GET /v1/integrations/{id}/objects."
                )
            ])
        }
        sync.provider = integration.provider
        if let client = integration.clientID { keep(&sync, to: client) }
        if sync.mapping.list.isEmpty { sync.mapping = Parts(suggested(for: sync, connector)) }
        _ = SyncPlan(
            sync, connector, registry, currency: try tx.agency.tenant().currency, &faults)
        checkPeriod(of: sync, &faults)
        checkHistory(of: sync, connector, integration, &faults)
        try checkFilter(of: sync, &faults, in: tx)
        checkDefaults(of: sync, &faults)
        try faults.throwIfAny()
    }

    /// Keeps a sync with the service of one client to the records of that client.
    private func keep(_ sync: inout RecordSync, to client: ClientID) {
        guard
            let field = registry.records(in: sync.local.rawValue)?.fields.first(where: {
                $0.name == "client_id"
            })
        else { return }
        let own: JSONObject = ["client_id": JSON(client)]
        sync.filter = JSON.object(sync.filter.object ?? [:]).adding(own)
        if !field.isReadOnly { sync.defaults = JSON.object(sync.defaults.object ?? [:]).adding(own) }
    }

    private func suggested(for sync: RecordSync, _ connector: ConnectorDocument) -> [SyncMapping] {
        guard let object = connector[object: sync.object],
            let records = registry.records(in: sync.local.rawValue)
        else { return [] }
        return object.suggestions(for: records).compactMap { pair in
            if pair.isReadOnly, sync.direction == .push { return nil }
            return SyncMapping(
                local: pair.local, remote: pair.remote,
                direction: pair.isReadOnly && sync.direction == .both ? .pull : nil, isKey: pair.isKey)
        }
    }

    private func checkPeriod(of sync: RecordSync, _ faults: inout Faults) {
        guard let every = sync.every else { return }
        guard let period = Duration(iso8601: every), Self.periods.contains(period) else {
            return faults.add(
                "/every", "invalid_duration", "every must be a duration from PT30S to P31D, such as PT5M.")
        }
    }

    private func checkHistory(
        of sync: RecordSync, _ connector: ConnectorDocument, _ integration: Integration,
        _ faults: inout Faults
    ) {
        guard sync.history != .none else { return }
        if !RecordSync.Local.withHistory.contains(sync.local) {
            faults.add(
                "/history", "invalid_choice",
                "Only leads, clients and companies are spoken with: set history to none.", choices: ["none"])
        } else if sync.local == .clients, integration.clientID != nil {
            faults.add(
                "/history", "invalid_choice",
                "A client's own service takes nothing of what is said to clients: set history to none.",
                choices: ["none"])
        } else if let object = connector[object: sync.object], object.history == nil {
            faults.add(
                "/history", "invalid_choice",
                "\(connector.title) takes no history of \(object.name): set history to none.",
                choices: ["none"])
        }
    }

    private func checkFilter(of sync: RecordSync, _ faults: inout Faults, in tx: Transaction) throws {
        guard let filter = sync.filter.object, let records = registry.records(in: sync.local.rawValue) else {
            return
        }
        do {
            _ = try records.filtered([], filter, tx)
        } catch let problem as Problem {
            faults.add("/filter", problem.code, problem.detail)
        }
    }

    private func checkDefaults(of sync: RecordSync, _ faults: inout Faults) {
        guard let defaults = sync.defaults.object, let records = registry.records(in: sync.local.rawValue)
        else { return }
        for (name, value) in defaults.members {
            let place = "/defaults/\(name.pointerToken)"
            guard let field = records.fields.first(where: { $0.name == name }) else {
                faults.add(
                    place, "unknown_field",
                    "The field \(name.prefix(64)) does not exist in \(records.table): choose one that does.")
                continue
            }
            if field.isReadOnly {
                faults.add(place, "read_only", "\(name) is read-only: leave it out.")
            } else if !value.isNull {
                _ = field.kind.validated(value, at: place, siblings: defaults, faults: &faults)
            }
        }
    }
}
