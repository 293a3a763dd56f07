internal import Agents
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// `/v1/lead-sources`: where leads are found, with their versions, and a look at what one names.
func leadSourceRoutes(
    _ routes: inout Routes, _ reach: SourceReach, _ runtime: Runtime, _ addresses: AddressGuard
) {
    let path = "/v1/lead-sources", resource = LeadSource.resource
    routes.tells(resource, read: "lead_sources:read")
    routes.get(
        path, .permission("lead_sources:read"), "List the sources of leads, with how each does",
        query: ParameterDoc.list(resource), .list(resource)
    ) { call in
        .task {
            try await refreshed(call, runtime)
            return try runtime.database.read(call.tenant) { reader in
                try ListQuery(resource, call.request.head.query, dialect: reader.dialect, oldestFirst: true)
                    .page(in: reader)
            }
        }
    }
    routes.post(
        path, .permission("lead_sources:write"),
        "Create a source of leads, such as a directory by its expressions",
        body: .json(.reference("LeadSourceCreate")), .record(resource, status: 201)
    ) { call in
        var draft = LeadSource(), faults = Faults()
        LeadSource.schema.create(&draft, from: try call.object(), faults: &faults)
        if draft.title.isEmpty { draft.title = draft.name }
        draft.check(addresses, isNew: true, &faults)
        try faults.throwIfAny()
        return .write { [draft] tx in
            var source = draft
            source.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&source, by: call.actor)
            return .record(source, status: 201, location: "\(path)/\(source.name)")
        }
    }
    routes.get(
        "\(path)/{name}", .permission("lead_sources:read"), "Get a source of leads", .record(resource)
    ) { call in
        .task {
            try await refreshed(call, runtime)
            return try runtime.database.read(call.tenant) { .record(try $0.leadSource(call)) }
        }
    }
    routes.patch(
        "\(path)/{name}", .permission("lead_sources:write"),
        "Update a source of leads; a change of its definition makes a version",
        body: .json(.reference("LeadSourcePatch")), .record(resource)
    ) { call in
        let body = try call.object()
        return .write { tx in
            let old = try tx.leadSource(call)
            try call.checkVersion(old.version)
            var source = old, faults = Faults()
            _ = LeadSource.schema.patch(&source, with: body, faults: &faults)
            source.check(addresses, isNew: false, &faults)
            try faults.throwIfAny()
            source.countDefinition(replacing: old)
            try tx.update(old, to: &source, by: call.actor)
            return .record(source)
        }
    }
    routes.delete(
        "\(path)/{name}", .permission("lead_sources:write"),
        "Delete a source of leads that does not come with Bureau; its leads stay",
        .empty("The source was deleted.")
    ) { call in
        .write { tx in
            let source = try tx.leadSource(call)
            try call.checkVersion(source.version)
            try tx.delete(source, by: call.actor)
            return .noContent
        }
    }
    versionRoutes(&routes, addresses)
    previewRoute(&routes, reach, runtime)
    sourceFigureRoute(&routes)
}

/// Brings the sources that wait for a key, or have lost theirs, up to date before they are shown.
private func refreshed(_ call: Call, _ runtime: Runtime) async throws {
    let isOutdated = try runtime.database.read(call.tenant) { try !$0.leadSources.outdated().isEmpty }
    if isOutdated { try await runtime.database.write(call.tenant) { try $0.leadSources.refreshKeys() } }
}

extension Queryable {
    fileprivate func leadSource(_ call: Call) throws -> LeadSource {
        guard let found = try leadSources.find(call.parameters["name"] ?? "") else {
            throw Problem(.notFound)
        }
        return found
    }
}

/// The body of `POST /v1/lead-sources/{name}/rollback`.
private struct RollbackBody: Declared {
    var version = 0

    static let schema = Schema<RollbackBody>(
        "LeadSourceRollback",
        [
            .integer(
                "version", \.version, in: 1...1_000_000, .required,
                .about("The version whose definition the source gets again."))
        ])
}

private func versionRoutes(_ routes: inout Routes, _ addresses: AddressGuard) {
    routes.declare(RollbackBody.self)
    routes.schema(
        "LeadSourceVersion",
        .record([
            "version": ["type": "integer", "description": "The number of the version."],
            "definition": ["type": "object", "description": "The definition of the source in this version."],
            "created_by": .anySubject, "created_at": .anyInstant,
        ]))
    routes.get(
        "/v1/lead-sources/{name}/versions", .permission("lead_sources:read"),
        "List the versions of a source's definition, newest first", query: ParameterDoc.pages(of: 50),
        .list(of: .reference("LeadSourceVersion"))
    ) { call in
        .read { reader in
            let source = try reader.leadSource(call)
            var list = try SimpleList(call.request.head.query, [], key: "number", dialect: reader.dialect)
            list.add("source_id = \(source.id)")
            return try list.page(of: "lead_source_versions", SourceVersion.self, in: reader) {
                $1.value($0.json)
            }
        }
    }
    routes.post(
        "/v1/lead-sources/{name}/rollback", .permission("lead_sources:write"),
        "Restore an earlier definition of a source, as a new version",
        body: .json(.reference("LeadSourceRollback")), .record(LeadSource.resource)
    ) { call in
        let body = try call.body(RollbackBody.self)
        return .write { tx in
            let old = try tx.leadSource(call)
            try call.checkVersion(old.version)
            guard let definition = try tx.leadSources.version(body.version, of: old) else {
                throw Problem(faults: [
                    Fault(
                        "/version", "unknown_reference",
                        "The source has no version \(body.version): name one that it had.")
                ])
            }
            var source = old, faults = Faults()
            _ = LeadSource.schema.patch(&source, with: definition, faults: &faults)
            source.check(addresses, isNew: false, &faults)
            try faults.throwIfAny()
            source.countDefinition(replacing: old)
            try tx.update(old, to: &source, by: call.actor, action: "lead_source.rolled_back")
            return .record(source)
        }
    }
}

/// A definition from one change to the next: one row of `lead_source_versions`.
private struct SourceVersion: StoredRow {
    let json: JSON

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        json = [
            "version": JSON(row.int("number")), "definition": JSON(stored: row.text("definition")),
            "created_by": ["type": .string(row.text("actor_type")), "id": .string(row.text("actor_id"))],
            "created_at": .string(row.instant("created_at").description),
        ]
    }
}

// MARK: Preview

private func previewRoute(_ routes: inout Routes, _ reach: SourceReach, _ runtime: Runtime) {
    routes.schema(
        "LeadSourcePreview",
        .record([
            "items": [
                "type": "array", "items": .anyObject, "description": "The companies as the page names them.",
            ],
            "faults": [
                "type": "array",
                "items": .record([
                    "field": ["type": "string", "description": "The field of the source."],
                    "code": ["type": "string", "description": "The code of the fault."],
                    "detail": ["type": "string", "description": "The fault in words."],
                ]), "description": "The data that the page lacks, or the reason why it was not read.",
            ],
            "pages": ["type": "integer", "description": "How many pages were read."],
        ]))
    routes.post(
        "/v1/lead-sources/{name}/preview", .permission("lead_sources:write"),
        "Preview a source that the agency has declared: one page is read, and nothing is stored",
        .json(.reference("LeadSourcePreview"))
    ) { call in
        .task {
            let source = try runtime.database.read(call.tenant) { try $0.leadSource(call) }
            let isSandbox = runtime.isSandbox(call.tenant)
            guard source.startURL != nil, source.kind != .community else {
                throw Problem(.conflict, "\(source.name) has no page to look at: run a search with it.")
            }
            let preview = await SourcePreview.read(
                source, SitePages(crawler: reach.crawler), isSandbox: isSandbox)
            return .json(preview.json)
        }
    }
}
