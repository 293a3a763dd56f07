internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Tenancy

/// The body of `POST /v1/sync-conflicts/{id}/resolve`.
private struct ResolveBody: Declared {
    enum Side: String, Choice { case local, remote }

    var take: Side?
    var value = JSON.null

    static let schema = Schema<ResolveBody>(
        "SyncConflictResolution",
        [
            .choice("take", \.take, .about("The side whose value both sides get.")),
            .document(
                "value", \.value, schema: [:], .about("The value that both sides get, where it is neither.")),
        ])
}

/// `/v1/sync-conflicts`: fields that both sides have changed, and what becomes of them.
func conflictRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.declare(SyncConflict.resource)
    routes.declare(ResolveBody.self)
    routes.events(
        "sync_conflict",
        [
            "opened": "Both sides have changed a field, and a person is to decide.",
            "resolved": "It was decided which value a field has on both sides.",
        ], ["sync_id": .anyText, "field": .anyText])
    routes.get(
        "/v1/sync-conflicts", .permission("syncs:read"), "List fields that both sides of a sync have changed",
        query: ParameterDoc.list(SyncConflict.resource), .list(SyncConflict.resource)
    ) { call in
        let readable = call.readable(runtime.records)
        return .read { reader in
            var list = try ListQuery(SyncConflict.resource, call.request.head.query, dialect: reader.dialect)
            list.add("subject_type IN \(list: readable)")
            return try list.page(in: reader)
        }
    }
    routes.get(
        "/v1/sync-conflicts/{id}", .permission("syncs:read"), "Get a conflict", .record(SyncConflict.resource)
    ) { call in
        let (id, readable) = (try call.id("id", of: SyncConflict.self), call.readable(runtime.records))
        return .read { reader in
            let conflict = try SyncConflict.resource.get(id, in: reader)
            guard readable.contains(conflict.subjectType) else { throw Problem(.notFound) }
            return .record(conflict)
        }
    }
    routes.post(
        "/v1/sync-conflicts/{id}/resolve", .permission("sync_conflicts:write"),
        "Resolve a conflict: both sides get the value of one of them, or another one",
        body: .json(.reference("SyncConflictResolution")), .record(SyncConflict.resource)
    ) { call in
        let (id, given) = (try call.id("id", of: SyncConflict.self), try call.object())
        let body = try call.body(ResolveBody.self)
        let hasValue = given["value"] != nil
        guard (body.take != nil) != hasValue else {
            throw Problem(faults: [
                Fault("/take", "required", "Send take, which is local or remote, or a value.")
            ])
        }
        return .write { tx in
            let old = try SyncConflict.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.status == .open else {
                throw Problem(
                    .alreadyDecided, "The conflict is already resolved: there is nothing left to do.")
            }
            guard let records = runtime.records.records(of: old.subjectID) else { throw Problem(.notFound) }
            try call.require(records.write)
            let sync = try RecordSync.resource.get(old.syncID, in: tx)
            guard let connector = try integrations.document(of: sync.integrationID, sync.provider, in: tx)
            else {
                throw Problem(.conflict, "The sync's connector no longer exists: delete the sync.")
            }
            let plan = try SyncPlan(
                sync, connector, runtime.records, currency: try tx.agency.tenant().currency)
            let choice: ConflictChoice =
                hasValue ? .value(body.value) : body.take == .remote ? .remote : .local
            return .record(try tx.syncConflicts.resolve(old, choice, plan, by: call.actor))
        }
    }
}

/// The value that both sides of a conflict get.
enum ConflictChoice: Sendable {
    case local, remote
    case value(JSON)
}

extension SyncConflictStore where Base == Transaction {
    /// Gives the agency's record the value that was chosen, and sees to it that the next run gives it to the service.
    func resolve(
        _ old: SyncConflict, _ choice: ConflictChoice, _ plan: SyncPlan, by actor: Actor
    ) throws -> SyncConflict {
        guard var link = try tx.syncLinks.all(plan.sync.id, local: [old.subjectID])[old.subjectID],
            let field = plan[old.field], let local = try tx.syncs.locals(.ids([old.subjectID]), plan).first
        else {
            throw Problem(
                .conflict,
                "The record or the field is no longer synchronised: there is nothing left to resolve.")
        }
        let raw = old.remote["raw"] ?? .null
        var value = field.value(of: local)
        let wanted: JSON?
        switch choice {
        case .local: wanted = nil
        case .remote: wanted = old.remote["value"] ?? .null
        case .value(let given): wanted = given
        }
        if let wanted, wanted.plain != value {
            let (column, patch) = field.patch(wanted)
            let stored = try plan.records.update(local.id, [column: patch], actor, tx)
            value = field.value(of: LocalRecord(stored: stored, at: tx.now))
        }
        let isSent: Bool
        if case .remote = choice { isSent = false } else { isSent = field.flow.pushes }
        link.base[field.name] = AgreedValue(local: isSent ? AgreedValue.owed : value, remote: raw)
        link.isDirty = link.isDirty || isSent
        try tx.syncLinks.put(link, of: plan.sync.id)
        let resolution: SyncConflict.Resolution =
            switch choice {
            case .local: .local
            case .remote: .remote
            case .value: .value
            }
        let ended = try end(old, resolution)
        try tx.auditLog.add(
            actor, "sync_conflict.resolved", ended.subject,
            ["sync_id": JSON(plan.sync.id), "resolution": .string(resolution.rawValue)])
        if plan.sync.every != nil, !plan.sync.isPaused, isSent {
            _ = try tx.syncRuns.start(plan.sync, by: .sync)
        }
        return ended
    }
}

extension Call {
    /// The types of the records that the caller may read.
    func readable(_ registry: RecordRegistry) -> [String] {
        registry.types.compactMap { registry[$0] }
            .filter { principal?.permissions.contains($0.read) == true }.map(\.noun)
    }

    /// Throws where the caller has not the permission.
    func require(_ permission: Permission) throws(Problem) {
        guard principal?.permissions.contains(permission) != true else { return }
        throw Problem(.forbidden, "The call needs the permission \(permission).")
    }
}
