internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// The body of `POST /v1/change-sets`.
private struct ChangeSetBody: Declared {
    var title = ""
    var changes: Parts<RecordPatch> = Parts()
    var dryRun = false

    static let recordsMax = 1000
    static let schema = Schema<ChangeSetBody>(
        "ChangeSetRequest",
        [
            .text(
                "title", \.title, max: 300, .required, .about("The action in words."),
                .example("Countries of the trade fair")),
            .parts(
                "changes", \.changes, max: recordsMax, .required, .about("The records and their new values.")),
            .boolean(
                "dry_run", \.dryRun, .about("Whether only to tell what would change; nothing is stored.")),
        ])
}

/// A record with its new values.
private struct RecordPatch: Part {
    var id = ""
    var fields: JSONObject = [:]

    static let schema = Schema<RecordPatch>(
        "RecordPatch",
        [
            .text("id", \.id, max: 100, .required, .about("The record, such as a lead.")),
            .document(
                "fields", \.fields, .required,
                .about("A merge patch, as PATCH of the record takes it."), .example(["country": "DE"])),
        ])
}

extension ChangeSet {
    /// The titles that the product gives to the work of agents; edits have the one that somebody gave them.
    fileprivate static let told = ToldMembers<ChangeSet>(
        ["title": ["change_set."]], where: { $0.kind != .edit })
}

/// `/v1/change-sets`: what actions have changed, record by record, and the way back.
func changeSetRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.declare(ChangeSet.resource)
    routes.declare(ChangeSetBody.self)
    routes.schema("RecordChange", RecordChange.schema)
    routes.schema(
        "ChangeSetPreview",
        .record([
            "records": ["type": "integer", "description": "How many records would change."],
            "changes": [
                "type": "array", "items": .reference("RecordChange"),
                "description": "Each change, none of which is made.",
            ],
        ]))
    routes.events(
        "change_set",
        [
            "applied": "A batch of changes was applied.",
            "undone": "A batch of changes was taken back, as far as nobody had changed the records since.",
        ],
        [
            "kind": .anyText, "records": .anyInteger, "applied": .anyInteger, "conflicts": .anyInteger,
            "undone": .anyInteger, "kept": .anyInteger,
        ])
    routes.events(
        "record",
        [
            "held": "Bad data has stopped a use of a record: a sequence, an enrichment or a sync.",
            "released": "A record may be used again.",
        ], about: "tenant", ["subject": .anySubject, "use": .anyText, "field": .anyText])
    routes.get(
        "/v1/change-sets", .permission("change_sets:read"), "List change sets",
        query: ParameterDoc.list(ChangeSet.resource), .list(ChangeSet.resource)
    ) { call in
        .read { try ChangeSet.told.page(call, in: $0) }
    }
    routes.get(
        "/v1/change-sets/{id}", .permission("change_sets:read"), "Get a change set with its progress",
        .record(ChangeSet.resource)
    ) { call in
        let id = try call.id("id", of: ChangeSet.self)
        return .read { reader in
            let set = try ChangeSet.resource.get(id, in: reader)
            return .record(set, extra: try ChangeSet.told.members(of: set, to: call, in: reader))
        }
    }
    applyRoute(&routes, runtime)
    undoRoute(&routes, runtime)
    changesRoute(&routes, runtime)
}

private func applyRoute(_ routes: inout Routes, _ runtime: Runtime) {
    routes.post(
        "/v1/change-sets", .permission("change_sets:write"),
        "Change up to 1,000 records as one set, or preview it with dry_run",
        body: .json(.reference("ChangeSetRequest")),
        .json(.reference("ChangeSetPreview"), "The changes that would be made, where dry_run is set."),
        .json(.reference("ChangeSet"), status: 201, "The set; a large one goes on in the background.")
    ) { call in
        let body = try call.body(ChangeSetBody.self)
        let wanted = body.changes.list.map { WantedChange($0.id, $0.fields) }
        for change in wanted {
            // Ids of no kind of record are faults, which the plan finds.
            guard let records = runtime.records.records(of: change.id) else { continue }
            try call.require(records)
        }
        if body.dryRun {
            return .read { reader in
                let plan = try ChangeSetPlan(wanted, of: runtime.records, at: "/changes", in: reader)
                return .json([
                    "records": JSON(plan.records), "changes": .array(plan.changes.map(\.json)),
                ])
            }
        }
        return .write { tx in
            let plan = try ChangeSetPlan(wanted, of: runtime.records, at: "/changes", in: tx)
            let set = try tx.changeSets.apply(plan, as: NewChangeSet(.edit, body.title), by: call.actor)
            return .record(set, status: 201, location: "/v1/change-sets/\(set.id)")
        }
    }
}

private func undoRoute(_ routes: inout Routes, _ runtime: Runtime) {
    routes.post(
        "/v1/change-sets/{id}/undo", .permission("change_sets:write"),
        "Undo a change set: each field goes back that still has the value which the set gave it",
        .record(ChangeSet.resource)
    ) { call in
        let id = try call.id("id", of: ChangeSet.self)
        return .write { tx in
            let set = try ChangeSet.resource.get(id, in: tx)
            try call.checkVersion(set.version)
            for type in try tx.changeSets.subjectTypes(of: id) {
                if let records = runtime.records.records(ofType: type) { try call.require(records) }
            }
            return .record(try tx.changeSets.undo(set, by: call.actor))
        }
    }
}

private func changesRoute(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("state", .choice(RecordChange.State.choices)), .init("field", .text(max: 100)),
        .init("subject_id", .text(max: 100)),
    ]
    routes.get(
        "/v1/change-sets/{id}/changes", .permission("change_sets:read"),
        "List the changes of a set to records that you may read, with what became of each",
        query: SimpleList.docs(columns, fields: RecordChange.memberNames),
        .list(of: .reference("RecordChange"))
    ) { call in
        let id = try call.id("id", of: ChangeSet.self)
        let readable = runtime.records.types.compactMap { runtime.records[$0] }
            .filter { call.principal?.permissions.contains($0.read) == true }.map(\.noun)
        return .read { reader in
            _ = try ChangeSet.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, columns, key: "number", oldestFirst: true,
                fields: RecordChange.memberNames, dialect: reader.dialect)
            list.add("change_set_id = \(id) AND subject_type IN \(list: readable)")
            return try list.page(of: "record_changes", RecordChange.self, in: reader) { $0.write(into: &$1) }
        }
    }
}

extension Call {
    /// Throws where the caller may not change such records.
    fileprivate func require(_ records: ToolRecords) throws(Problem) {
        guard principal?.permissions.contains(records.write) != true else { return }
        throw Problem(.forbidden, "This change set needs the permission \(records.write).")
    }
}
