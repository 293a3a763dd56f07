internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// The body of `POST /v1/syncs/{id}/run`.
private struct RunBody: Declared {
    var isFull = false

    static let schema = Schema<RunBody>(
        "SyncRunRequest",
        [.boolean("full", \.isFull, .about("Whether all records are compared, not only what has changed."))])
}

/// The body of `POST /v1/syncs/{id}/resume`.
private struct ResumeBody: Declared {
    var deletes: RecordSync.Deletes?

    static let schema = Schema<ResumeBody>(
        "SyncResumption",
        [
            .choice(
                "deletes", \.deletes,
                .about(
                    "The treatment of the deletions that have stopped the sync: archived here, or ignored.")
            )
        ])
}

/// `/v1/syncs`: agreements with outside services about records, what they would do, and their runs.
func syncRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.tells(RecordSync.resource, read: "syncs:read")
    routes.declare(RunBody.self)
    routes.declare(ResumeBody.self)
    routes.schema("SyncPreview", SyncPreview.schema)
    routes.events(
        "sync",
        [
            "completed": "A run of a sync has completed.", "failed": "A run of a sync has failed.",
        ],
        [
            "run_id": .anyText, "pulled": ["type": "object"], "pushed": ["type": "object"],
            "conflicts": .anyInteger, "error": ["type": ["object", "null"]],
        ])
    routes.events(
        "sync", ["paused": "A sync was paused.", "resumed": "A sync was resumed."], ["reason": .textOrNull])
    let check = SyncCheck(integrations: integrations, registry: runtime.records)
    recordRoutes(&routes, check)
    stateRoutes(&routes)
    previewRoute(&routes, integrations, runtime)
    startRoute(&routes, runtime)
    runRoutes(&routes, runtime)
    historyRoutes(&routes)
    conflictRoutes(&routes, integrations, runtime)
}

private func recordRoutes(_ routes: inout Routes, _ check: SyncCheck) {
    let resource = RecordSync.resource, path = "/v1/syncs"
    let told = ToldMembers<RecordSync>(["paused_because": ["sync."]])
    routes.get(
        path, .permission("syncs:read"), "List syncs with outside services",
        query: ParameterDoc.list(resource), .list(resource)
    ) { call in
        .read { try told.page(call, in: $0) }
    }
    routes.get("\(path)/{id}", .permission("syncs:read"), "Get a sync with its progress", .record(resource)) {
        call in
        let id = try call.id("id", of: RecordSync.self)
        return .read { reader in
            let sync = try resource.get(id, in: reader)
            return .record(sync, extra: try told.members(of: sync, to: call, in: reader))
        }
    }
    routes.post(
        path, .permission("syncs:write"),
        "Create a sync of records with an outside service; it does not run yet",
        body: .json(.reference("SyncCreate")), .record(resource, status: 201)
    ) { call in
        var draft = RecordSync(), faults = Faults()
        RecordSync.schema.create(&draft, from: try call.object(), faults: &faults)
        try faults.throwIfAny()
        try call.require(check.registry, draft)
        if draft.history != .none { try call.require(readsMessages) }
        return .write { [draft] tx in
            var sync = draft
            sync.beginLife(id: tx.nextID(), now: tx.now)
            try check.check(&sync, in: tx)
            try tx.syncs.plan(next: &sync)
            try tx.create(&sync, by: call.actor)
            return .record(sync, status: 201, location: "\(path)/\(sync.id)")
        }
    }
    routes.patch(
        "\(path)/{id}", .permission("syncs:write"),
        "Update a sync; with another mapping or direction it compares all records anew",
        body: .json(.reference("SyncPatch")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: RecordSync.self), call.object())
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            try call.require(check.registry, old)
            var sync = old, faults = Faults()
            _ = RecordSync.schema.patch(&sync, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            if sync.history != old.history, sync.history != .none { try call.require(readsMessages) }
            try check.check(&sync, in: tx)
            if sync.mapping.json != old.mapping.json || sync.direction != old.direction {
                guard old.status != .running else {
                    throw Problem(.conflict, "A run is under way: wait for its end, or cancel it.")
                }
                (sync.backfill, sync.cursor, sync.resume) = (SyncBackfill(), nil, .null)
            }
            if sync.every != old.every {
                sync.slowdown = 0
                try tx.syncs.plan(next: &sync)
            }
            try tx.update(old, to: &sync, by: call.actor)
            return .record(sync)
        }
    }
    routes.delete(
        "\(path)/{id}", .permission("syncs:write"),
        "Delete a sync; the records on both sides stay as they are", .empty("The sync was deleted.")
    ) { call in
        let id = try call.id("id", of: RecordSync.self)
        return .write { tx in
            let sync = try resource.get(id, in: tx)
            try call.checkVersion(sync.version)
            try tx.delete(sync, by: call.actor)
            return .noContent
        }
    }
}

private func stateRoutes(_ routes: inout Routes) {
    routes.post(
        "/v1/syncs/{id}/pause", .permission("syncs:write"),
        "Pause a sync: it does nothing until it is resumed",
        .record(RecordSync.resource)
    ) { call in
        let id = try call.id("id", of: RecordSync.self)
        return .write { tx in
            let old = try RecordSync.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var sync = old
            (sync.status, sync.pausedBecause, sync.nextRunAt) = (.paused, nil, nil)
            if try tx.update(old, to: &sync, by: call.actor, action: "sync.paused") {
                try tx.publish("sync.paused", sync.subject, ["reason": nil])
            }
            return .record(sync)
        }
    }
    routes.post(
        "/v1/syncs/{id}/resume", .permission("syncs:write"),
        "Resume a sync that is paused, and say what becomes of the deletions that have stopped it",
        body: .json(.reference("SyncResumption"), isOptional: true), .record(RecordSync.resource)
    ) { call in
        let id = try call.id("id", of: RecordSync.self)
        let body = call.request.bytes.isEmpty ? ResumeBody() : try call.body(ResumeBody.self)
        return .write { tx in
            let old = try RecordSync.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            guard old.isPaused else {
                throw Problem(
                    .invalidTransition, "The sync is \(old.status.rawValue): only a paused one is resumed.",
                    extra: ["allowed": ["paused"]])
            }
            var sync = old
            (sync.status, sync.pausedBecause) = (.idle, nil)
            switch body.deletes {
            case .archive: sync.acceptsDeletions = true
            case .ignore: try tx.syncLinks.endDeleted(id)
            case nil: break
            }
            try tx.syncs.plan(next: &sync)
            try tx.update(old, to: &sync, by: call.actor, action: "sync.resumed")
            try tx.alerts.resolve(kind: SyncAlert.kind, subject: sync.subject)
            try tx.syncNotes.goOn(sync.integrationID)
            try tx.publish("sync.resumed", sync.subject, ["reason": nil])
            return .record(sync)
        }
    }
}

private func previewRoute(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.post(
        "/v1/syncs/{id}/preview", .permission("syncs:write"),
        "Preview what a run would do on both sides; nothing is stored, and nothing is sent",
        .json(.reference("SyncPreview"), "The preview of the changes.")
    ) { call in
        let id = try call.id("id", of: RecordSync.self)
        return .task { .json(try await preview(id, call, integrations, runtime)) }
    }
}

/// Returns what a run of a sync would do.
private func preview(
    _ id: ID<RecordSync>, _ call: Call, _ integrations: IntegrationServices, _ runtime: Runtime
) async throws -> JSON {
    let (tenant, database) = (call.tenant, runtime.database)
    let (sync, connector, integration, currency) = try call.read { reader in
        let sync = try RecordSync.resource.get(id, in: reader)
        return (
            sync, try integrations.document(of: sync.integrationID, sync.provider, in: reader),
            try Integration.resource.find(sync.integrationID, in: reader),
            try reader.agency.tenant().currency
        )
    }
    guard let connector else {
        throw Problem(.conflict, "The sync's connector no longer exists: delete the sync.")
    }
    let plan = try SyncPlan(sync, connector, runtime.records, currency: currency)
    try call.require(plan.records.read)
    var client: ConnectorClient?
    if !runtime.isSandbox(tenant) {
        guard let integration else {
            throw Problem(.conflict, "The sync's integration no longer exists: delete the sync.")
        }
        client = try integrations.client(
            of: integration, tenant, for: ToolCaller(actor: call.actor, subject: sync.subject))
    }
    var preview = SyncPreview(plan, client, database, tenant)
    do {
        try await preview.compare()
    } catch let failure as ToolFailure {
        throw Problem(.serviceRefuses, "\(failure.detail) (\(failure.code)).")
    }
    return preview.json
}

private func startRoute(_ routes: inout Routes, _ runtime: Runtime) {
    routes.post(
        "/v1/syncs/{id}/run", .permission("syncs:write"), "Run a sync, and get the run",
        body: .json(.reference("SyncRunRequest"), isOptional: true), query: [.wait],
        .json(.reference("SyncRun"), "The run, once it is over."),
        .json(.reference("SyncRun"), status: 202, "The run, to be followed at Location.")
    ) { call in
        let id = try call.id("id", of: RecordSync.self), wait = try RunWait(call)
        let isFull = try !call.request.bytes.isEmpty && call.body(RunBody.self).isFull
        return .task {
            let accepted = try await call.commit { tx in
                let sync = try RecordSync.resource.get(id, in: tx)
                guard !sync.isPaused else {
                    throw Problem(
                        .invalidTransition, "The sync is paused: resume it first.",
                        extra: ["allowed": ["idle", "running", "failing"]])
                }
                return try tx.syncRuns.start(sync, isFull: isFull, by: call.actor).response(status: 202)
            }
            return try await wait.over(accepted, call, runtime)
        }
    }
}

/// Permits to read what a history has.
private let readsMessages: Permission = "messages:read"

extension Call {
    /// Throws where the caller may not read or write the records that a sync would.
    fileprivate func require(_ registry: RecordRegistry, _ sync: RecordSync) throws(Problem) {
        guard let records = registry.records(in: sync.local.rawValue) else { return }
        try require(records.read)
        if sync.direction != .push { try require(records.write) }
    }
}
