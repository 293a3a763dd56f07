internal import Database
internal import HTTPServer
package import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Routing

private let mediaTypes = ["text/csv", "application/x-ndjson", "multipart/form-data"]

/// `/v1/imports`: how imports stand, whatever they bring in. Who may read a resource may read its imports.
func importRoutes(_ routes: inout Routes) {
    routes.declare(Import.resource)
    let shown = Import.schema.jsonSchema(.record).merging([
        "properties": ["errors_url": ["type": "string"], "warnings_url": ["type": "string"]]
    ])
    routes.schema("ImportWithErrors", shown)
    // A file on behalf of a client may name whoever the agency knows.
    routes.closeToLimited(
        "POST /v1/imports/{id}/cancel", "POST /v1/imports/{id}/undo", "GET /v1/imports/{id}/errors",
        "GET /v1/imports/{id}/warnings", "GET /v1/imports/{id}/changes")
    routes.get(
        "/v1/imports", .tenant, "List the imports of records that you may read",
        query: ParameterDoc.list(Import.resource), .list(Import.resource)
    ) { call in
        let readable = call.readable
        return .read { reader in
            var list = try ListQuery(Import.resource, call.request.head.query, dialect: reader.dialect)
            list.add("resource IN \(list: readable)")
            return try list.page(in: reader)
        }
    }
    routes.get(
        "/v1/imports/{id}", .tenant, "Get an import with its progress", .json(.reference("ImportWithErrors"))
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .read { reader in
            let record = try Import.resource.get(id, in: reader)
            try call.require("read", of: record)
            return .json(record.json, headers: [("ETag", ETag.text(record.version))])
        }
    }
    routes.post(
        "/v1/imports/{id}/cancel", .tenant, "Cancel an import; the records that were imported stay",
        .json(.reference("ImportWithErrors"))
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .write { tx in
            let record = try Import.resource.get(id, in: tx)
            try call.require("import", of: record)
            guard !record.status.isOver, let job = try tx.jobs.live(kind: record.jobKind, uniqueKey: id)
            else {
                throw Problem(
                    .invalidTransition,
                    "The import is \(record.status.rawValue): only one that is under way can be cancelled.",
                    extra: ["allowed": []])
            }
            _ = try tx.jobs.cancel(job)
            return .json(try Import.resource.get(id, in: tx).json)
        }
    }
    undoRoutes(&routes)
    for (kind, summary) in [
        ("errors", "Download the rows that were not imported, as CSV"),
        ("warnings", "Download the rows that were imported with a warning, as CSV"),
    ] {
        routes.get(
            "/v1/imports/{id}/\(kind)", .tenant, summary,
            .media("text/csv", "A CSV with row, field, code and detail, then the file's own columns.")
        ) { call in
            let id = try call.id("id", of: Import.self)
            let record = try call.read { try Import.resource.get(id, in: $0) }
            try call.require("read", of: record)
            return .task {
                .streamed("text/csv; charset=utf-8", as: "import-\(kind).csv") { stream in
                    try await writeFaults(of: record, areWarnings: kind == "warnings", call, to: stream)
                }
            }
        }
    }
}

private func undoRoutes(_ routes: inout Routes) {
    routes.schema("ImportChange", ImportChange.schema)
    routes.post(
        "/v1/imports/{id}/undo", .tenant,
        "Undo an import: what it created goes, what it changed is set back, what was changed since stays",
        .json(.reference("ImportWithErrors"), status: 202, "The undo was begun; follow the import.")
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .write { tx in
            let record = try Import.resource.get(id, in: tx)
            try call.require("import", of: record)
            return .json(try tx.imports.undo(record, by: call.actor).json, status: 202)
        }
    }
    let columns: [SimpleList.Column] = [
        .init("action", .choice(ImportChange.Action.choices)),
        .init("outcome", .choice(ImportChange.Outcome.choices)), .init("record_id", .text(max: 64)),
    ]
    routes.get(
        "/v1/imports/{id}/changes", .tenant,
        "List the records that an import has created or changed, with what an undo did with each",
        query: SimpleList.docs(columns, fields: ImportChange.memberNames),
        .list(of: .reference("ImportChange"))
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .read { reader in
            try call.require("read", of: try Import.resource.get(id, in: reader))
            var list = try SimpleList(
                call.request.head.query, columns, key: "number", oldestFirst: true,
                fields: ImportChange.memberNames, dialect: reader.dialect)
            list.add("import_id = \(id)")
            return try list.page(of: "import_changes", ImportChange.self, in: reader) { $0.write(into: &$1) }
        }
    }
}

extension Call {
    /// The resources whose records the caller may read.
    fileprivate var readable: [String] {
        (principal?.permissions ?? []).filter { $0.parts.action == "read" }.map(\.parts.resource).sorted()
    }

    fileprivate func require(_ action: String, of record: Import) throws(Problem) {
        let needed = Permission("\(record.resourceName):\(action)")
        guard principal?.permissions.contains(needed) != true else { return }
        throw Problem(.forbidden, "This import needs the permission \(needed).")
    }
}

extension Routes {
    /// `POST /v1/{resource}/import`: keeps the file, and starts a job of `kind`. `check` looks at the
    /// caller's mapping before the file is.
    package mutating func startImports<R: Record, Kind: FileImportJob>(
        of resource: Resource<R>, by kind: Kind.Type, _ permission: Permission, folder: String,
        check: @escaping @Sendable (JSON) throws(Problem) -> Void
    ) {
        let noun = resource.plural
        let isForClients = resource.schema["client_id"].map { !$0.isReadOnly } ?? false
        let owned: [ParameterDoc] =
            isForClients ? [.query("client_id", "On whose behalf the \(noun) are.")] : []
        post(
            "/v1/\(resource.table.replacing("_", with: "-"))/import", .permission(permission),
            "Import \(noun) from a file of any size, and get the import",
            body: .stream(mediaTypes), query: importQuery + owned,
            .json(.reference("ImportWithErrors"), status: 202, "The import was accepted; follow Location.")
        ) { call in
            let options = try ImportOptions(call, isForClients: isForClients, check)
            guard case .spooled(let spooled) = call.request.body, spooled.size > 0 else {
                throw Problem(faults: [.emptyFile])
            }
            return .task {
                let source = try UploadedFile(
                    spooled, contentType: call.request.head.header("Content-Type") ?? "")
                try source.keep(in: folder)
                return try await call.commit { tx in
                    try tx.require(Referent(Nouns.Client.self), options.client, at: "/client_id")
                    let record = try tx.imports.start(
                        of: resource.table, by: kind, options.applied(to: source), by: call.actor)
                    return .json(
                        record.json, status: 202, headers: [("Location", "/v1/imports/\(record.id)")])
                }
            }
        }
    }
}

private let importQuery: [ParameterDoc] = [
    .query(
        "dedupe", "The treatment of records that exist already.",
        ["type": "string", "enum": JSON(Import.Dedupe.choices), "default": "skip"]),
    .query(
        "country", "The country of telephone numbers in rows without one, as its ISO 3166 code.",
        ["type": "string", "format": "country"]),
    .query(
        "mapping", "JSON: a header's field, or null to leave the column out.",
        ["type": "string", "format": "mapping"]),
]

/// The query parameters of an import.
private struct ImportOptions {
    var dedupe = Import.Dedupe.skip
    var country: String?
    var mapping: JSONObject = [:]
    var client: String?

    init(_ call: Call, isForClients: Bool, _ check: (JSON) throws(Problem) -> Void) throws(Problem) {
        try call.allowQuery("dedupe", "country", "mapping", "client_id")
        if let text = call.query("dedupe") {
            guard let choice = Import.Dedupe(rawValue: text) else {
                throw Problem(
                    .invalidParameter,
                    "dedupe must be one of \(Import.Dedupe.choices.joined(separator: ", ")).")
            }
            dedupe = choice
        }
        if let text = call.query("country") {
            guard let found = Country(text.uppercased()) ?? Country(named: text) else {
                throw Problem(.invalidParameter, "country must be an ISO 3166 code, such as DE.")
            }
            country = found.code
        }
        client = call.query("client_id")
        if client != nil, !isForClients {
            throw Problem(.invalidParameter, "This operation has no parameter client_id: leave it out.")
        }
        if let text = call.query("mapping") {
            guard let json = try? JSONParser.parse(text) else {
                throw Problem(
                    .invalidParameter, "mapping must be a JSON object, such as {\"column\": \"field\"}.")
            }
            try check(json)
            mapping = json.object ?? [:]
        }
    }

    func applied(to file: UploadedFile) -> NewImport {
        var new = NewImport(
            spool: file.path, size: file.size, mediaType: file.mediaType, fileName: file.fileName)
        (new.dedupe, new.country) = (dedupe, country)
        (new.mapping, new.clientID) = (mapping, client.flatMap { ClientID($0) })
        return new
    }
}

extension Response {
    /// An attachment that is written piece by piece; what fails on the way breaks it off.
    static func streamed(
        _ type: String, as name: String, _ write: @escaping @Sendable (ResponseStream) async throws -> Void
    ) -> Response {
        let stream = ResponseStream()
        Task {
            do {
                try await write(stream)
                stream.finish()
            } catch {
                stream.abort()
            }
        }
        return Response(
            status: 200,
            headers: [
                ("Content-Type", type), disposition("attachment", fileName: name),
            ], body: .stream(stream))
    }
}

private func writeFaults(
    of record: Import, areWarnings: Bool, _ call: Call, to stream: ResponseStream
) async throws {
    var writer = CSVWriter()
    for name in ["row", "field", "code", "detail"] { writer.text(name) }
    let headers = record.mapping.keys
    for header in headers { writer.text(header) }
    if headers.isEmpty { writer.text("line") }
    writer.endRow()
    var after = (row: 0, number: -1)
    let width = max(1, headers.count)
    while true {
        let place = after
        let count = try call.read { reader -> Int in
            var count = 0
            try reader.each(
                """
                SELECT \(FaultRow.columns) FROM import_errors
                WHERE tenant_id = \(reader.tenant) AND import_id = \(record.id)
                AND is_warning = \(areWarnings) AND (data_row, number) > (\(place.row), \(place.number)) ORDER BY data_row, number LIMIT 500
                """
            ) { row in
                let fault = try FaultRow(row), cells = fault.cells
                writer.integer(Int64(fault.row))
                for text in [fault.field, fault.code, fault.detail] { writer.text(text) }
                for index in 0..<max(width, cells.count) {
                    index < cells.count ? writer.text(cells[index]) : writer.empty()
                }
                writer.endRow()
                after = (fault.row, fault.number)
                count += 1
            }
            return count
        }
        try await stream.write(writer.take())
        if count < 500 { return }
    }
}

/// A fault of a file's row, with its cells: a row of `import_errors`.
private struct FaultRow: StoredRow {
    let row: Int, number: Int
    let field: String, code: String, detail: String
    let cells: [String]

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (self.row, number) = (row.int("data_row"), row.int("number"))
        (field, code, detail) = (row.text("field"), row.text("code"), row.text("detail"))
        cells = JSON(stored: row.text("cells")).array?.compactMap(\.text) ?? []
    }
}

extension Fault {
    static let emptyFile = Fault("", "required", "The file is empty: send one with content.")
}
