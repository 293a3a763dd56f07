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

/// The body of `POST /v1/segments/preview`.
private struct PreviewBody: Declared {
    var kind = Segment.Kind.leads
    var filter = JSON.null

    static let schema = Schema<PreviewBody>(
        "SegmentPreviewRequest",
        [
            .choice("of", \.kind, .standard("leads"), .about("The records that are looked for.")),
            .document(
                "filter", \.filter, schema: SegmentFilter.schema, .example(SegmentFilter.example),
                .about("The condition that they meet.")),
        ])
}

/// The body of `POST /v1/segments/{id}/members`.
private struct MembersBody: Declared {
    var add: [String] = []
    var remove: [String] = []

    static let schema = Schema<MembersBody>(
        "SegmentMembersRequest",
        [
            .texts(
                "add", \.add, max: SegmentChoice.membersMax, length: 64,
                .about("The ids of records that are put into the segment.")),
            .texts(
                "remove", \.remove, max: SegmentChoice.membersMax, length: 64,
                .about("The ids of records that are taken out of it.")),
        ])
}

/// `/v1/segments`: some of the agency's leads, contacts or clients, and who is in them.
func segmentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let counted = ComputedMembers<Segment>(
        ["count": ["type": "integer", "description": "How many records are in the segment."]]
    ) { ids, reader in
        Dictionary(
            uniqueKeysWithValues: try ids.map { text in
                let count = try SegmentID(text).map { try reader.reading.segments.members(of: $0) }
                return (text, ["count": JSON(count ?? 0)])
            })
    }
    routes.standard(
        Segment.resource, read: "segments:read", write: "segments:write", create: false, patch: false,
        computed: counted)
    routes.declare(PreviewBody.self)
    routes.declare(MembersBody.self)
    segmentSchemas(&routes)
    creation(&routes, runtime, counted)
    change(&routes, counted)
    members(&routes, runtime, counted)
    routes.post(
        "/v1/segments/preview", .permission("segments:read"),
        "Preview a segment: count the records that a filter finds, and show some; nothing is stored",
        body: .json(.reference("SegmentPreviewRequest")),
        .json(.reference("SegmentPreview"), "How many there are, and the newest of them.")
    ) { call in
        let body = try call.body(PreviewBody.self)
        try call.requireReading(of: body.kind, runtime)
        return .read { reader in
            var faults = Faults()
            let filter = try SegmentFilter(
                body.filter, of: body.kind, runtime.records, in: reader, &faults)
            try faults.throwIfAny()
            guard let filter else { throw Problem(.notFound) }
            let (count, sample) = try reader.segments.preview(
                filter, of: body.kind, runtime.records, limit: SegmentChoice.sampleMax)
            let named = try reader.segments.named(sample, of: body.kind, runtime)
            return .json(["count": .integer(count), "sample": .array(named)])
        }
    }
}

private func segmentSchemas(_ routes: inout Routes) {
    let member = JSON.schema(
        [
            "id": .anyText, "type": ["enum": JSON(Segment.Kind.allCases.map(\.noun))],
            "name": ["type": ["string", "null"], "description": "The name of the record, for people."],
            "industry": ["type": ["string", "null"], "description": "The industry of a lead."],
        ], required: ["id", "type", "name", "industry"])
    routes.schema("SegmentMember", member)
    routes.schema(
        "SegmentPreview",
        .schema(
            [
                "count": .anyInteger,
                "sample": [
                    "type": "array", "items": .reference("SegmentMember"),
                    "description": "The newest records that the filter finds.",
                ],
            ],
            required: ["count", "sample"]))
    routes.schema(
        "SegmentCreation",
        Segment.schema.jsonSchema(.create).merging([
            "properties": [
                "members": [
                    "type": "array", "items": ["type": "string"],
                    "maxItems": JSON(SegmentChoice.membersMax),
                    "description": "Of a static segment: the ids of the records that are in it.",
                ]
            ]
        ]))
}

private func creation(_ routes: inout Routes, _ runtime: Runtime, _ counted: ComputedMembers<Segment>) {
    routes.post(
        "/v1/segments", .permission("segments:write"), "Create a segment",
        body: .json(.reference("SegmentCreation")), .record(Segment.resource, status: 201)
    ) { call in
        var body = try call.object()
        let given = body["members"] ?? .null
        body.remove("members")
        var draft = Segment(), faults = Faults()
        Segment.schema.create(&draft, from: body, faults: &faults)
        let members = SegmentChoice.ids(given, &faults)
        if !draft.isStatic, !given.isNull {
            faults.add("/members", "conflict", "Only a static segment takes members: its filter finds them.")
        }
        try faults.throwIfAny()
        try call.requireReading(of: draft.kind, runtime)
        return .write { [draft] tx in
            var segment = draft
            segment.beginLife(id: tx.nextID(), now: tx.now)
            try tx.segments.requireExisting(members, of: segment.kind, at: "/members")
            try tx.create(&segment, by: call.actor)
            try tx.segments.add(members, to: segment.id)
            return .record(
                segment, status: 201, location: "/v1/segments/\(segment.id)",
                extra: try counted.members(of: segment.id, in: tx))
        }
    }
}

private func change(_ routes: inout Routes, _ counted: ComputedMembers<Segment>) {
    routes.patch(
        "/v1/segments/{id}", .permission("segments:write"), "Update a segment",
        body: .json(.reference("SegmentPatch")), .record(Segment.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Segment.self), call.object())
        return .write { tx in
            let old = try Segment.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var segment = old, faults = Faults()
            _ = Segment.schema.patch(&segment, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            try tx.update(old, to: &segment, by: call.actor)
            return .record(segment, extra: try counted.members(of: id, in: tx))
        }
    }
}

private func members(_ routes: inout Routes, _ runtime: Runtime, _ counted: ComputedMembers<Segment>) {
    let path = "/v1/segments/{id}/members"
    routes.get(
        path, .permission("segments:read"), "List the members of a segment",
        query: SimpleList.docs([], fields: []), .list(of: .reference("SegmentMember"))
    ) { call in
        let id = try call.id("id", of: Segment.self)
        return .read { reader in
            let segment = try Segment.resource.get(id, in: reader)
            try call.requireReading(of: segment.kind, runtime)
            var list = try SimpleList(
                call.request.head.query, [], key: "record_id", dialect: reader.dialect)
            list.add("segment_id = \(id)")
            let page = try list.rows(of: "segment_members", SegmentMemberRow.self, in: reader)
            let named = try reader.segments.named(page.items.map(\.record), of: segment.kind, runtime)
            let members = Dictionary(zip(page.items.map(\.record), named)) { first, _ in first }
            return list.response(page) { row, writer in writer.value(members[row.record] ?? .null) }
        }
    }
    routes.post(
        path, .permission("segments:write"),
        "Change the members of a static segment: put records in, and take others out",
        named: "change_segment_members", body: .json(.reference("SegmentMembersRequest")),
        .record(Segment.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Segment.self), call.body(MembersBody.self))
        return .write { tx in
            let segment = try Segment.resource.get(id, in: tx)
            try call.checkVersion(segment.version)
            try call.requireReading(of: segment.kind, runtime)
            guard segment.isStatic else {
                throw Problem(.conflict, "The members of this segment are found by its filter: change that.")
            }
            try tx.segments.requireExisting(body.add, of: segment.kind, at: "/add")
            try tx.segments.add(body.add, to: id)
            try tx.segments.remove(body.remove, from: id)
            try tx.auditLog.add(
                call.actor, "segment.members_changed", segment.subject,
                ["added": JSON(body.add.count), "removed": JSON(body.remove.count)])
            try tx.publish("segment.updated", segment.subject, ["changed": ["members"]])
            return .record(segment, extra: try counted.members(of: id, in: tx))
        }
    }
}

/// The records that somebody chooses for a segment.
private enum SegmentChoice {
    /// The most that one request may name, and the most that a preview shows.
    static let membersMax = 1000, sampleMax = 10

    static func ids(_ given: JSON, _ faults: inout Faults) -> [String] {
        guard !given.isNull else { return [] }
        let kind = FieldKind.texts(max: membersMax, length: 64)
        let checked = kind.validated(given, at: "/members", siblings: [:], faults: &faults)
        return checked?.array?.compactMap(\.text) ?? []
    }
}

/// A row of `segment_members`.
private struct SegmentMemberRow: StoredRow {
    let record: String

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) { record = row.text("record_id") }
}

extension Call {
    /// Throws where the caller may not read the records that a segment is made of.
    func requireReading(of kind: Segment.Kind, _ runtime: Runtime) throws(Problem) {
        guard let records = runtime.records.records(in: kind.rawValue) else { return }
        guard principal?.permissions.contains(records.read) != true else { return }
        throw Problem(.forbidden, "The call needs the permission \(records.read).")
    }
}

extension SegmentStore {
    /// Returns some records as members: what people know each by, and the industry where the kind has one.
    fileprivate func named(_ ids: [String], of kind: Segment.Kind, _ runtime: Runtime) throws -> [JSON] {
        guard !ids.isEmpty, let records = runtime.records.records(in: kind.rawValue) else { return [] }
        let fields = [kind.nameField] + (kind == .leads ? ["industry"] : [])
        let found = try records.scan(.ids(ids), fields, tx)
        let known = Dictionary(found.map { ($0.id, $0.values) }, uniquingKeysWith: { first, _ in first })
        return ids.map { id in
            let values = known[id] ?? []
            return [
                "id": .string(id), "type": .string(kind.noun), "name": values.first ?? .null,
                "industry": values.count > 1 ? values[1] : .null,
            ]
        }
    }

    /// Throws for records that there are not, each at its place.
    fileprivate func requireExisting(_ ids: [String], of kind: Segment.Kind, at place: String) throws {
        let known = try existing(ids, of: kind)
        var faults = Faults()
        for (index, id) in ids.enumerated() where !known.contains(id) {
            faults.add(
                "\(place)/\(index)", "unknown_reference",
                "The record \(id.prefix(64)) is not among the \(kind.rawValue): check its id.")
        }
        try faults.throwIfAny()
    }
}
