internal import Database
internal import HTTPServer
internal import JSON
internal import Platform
internal import Records
internal import Runtime

private let mediaTypes = ["text/csv", "application/x-ndjson", "multipart/form-data"]

func importRoutes(_ routes: inout Routes, folder: String) {
    routes.declare(Import.resource)
    let shown = Import.schema.jsonSchema(.record).merging(["properties": ["errors_url": ["type": "string"]]])
    routes.schema("ImportWithErrors", shown)
    routes.post(
        "/v1/leads/import", .permission("leads:import"), "Imports leads from a file of any size",
        body: .stream(mediaTypes),
        query: [
            .query(
                "dedupe", "What becomes of known people.",
                ["type": "string", "enum": JSON(Import.Dedupe.choices), "default": "skip"]),
            .query(
                "country", "Of telephone numbers in rows without a country: ISO 3166.",
                ["type": "string", "format": "country"]),
            .query(
                "mapping", "JSON: a header's field, or null to leave the column out.",
                ["type": "string", "format": "mapping"]),
            .query("client_id", "On whose behalf the leads are."),
        ],
        .json(.reference("ImportWithErrors"), status: 202, "Accepted; follow Location.")
    ) { call in
        let options = try ImportOptions(call)
        guard case .spooled(let spooled) = call.request.body, spooled.size > 0 else {
            throw Problem(faults: [.emptyFile])
        }
        return .task {
            let source = try UploadedFile(
                spooled, contentType: call.request.head.header("Content-Type") ?? "")
            try source.keep(in: folder)
            return try await call.commit { tx in
                let record = try tx.startImport(
                    of: source.path, size: source.size, mediaType: source.mediaType,
                    fileName: source.fileName,
                    dedupe: options.dedupe, country: options.country, mapping: options.mapping,
                    clientID: options.clientID, by: call.actor)
                return .json(record.json, status: 202, headers: [("Location", "/v1/imports/\(record.id)")])
            }
        }
    }
    routes.get(
        "/v1/imports", .permission("leads:read"), "Lists imports", query: ParameterDoc.list(Import.resource),
        .list(Import.resource)
    ) { call in
        .read { reader in
            try ListQuery(Import.resource, call.request.head.query, dialect: reader.dialect).page(in: reader)
        }
    }
    routes.get(
        "/v1/imports/{id}", .permission("leads:read"), "Tells how an import stands",
        .json(.reference("ImportWithErrors"))
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .read { reader in
            let record = try Import.resource.get(id, in: reader)
            return .json(record.json, headers: [("ETag", ETag.text(record.version))])
        }
    }
    routes.post(
        "/v1/imports/{id}/cancel", .permission("leads:import"), "Stops an import; what came in stays",
        .json(.reference("ImportWithErrors"))
    ) { call in
        let id = try call.id("id", of: Import.self)
        return .write { tx in
            let record = try Import.resource.get(id, in: tx)
            guard !record.status.isOver, let job = try tx.liveJob(ImportJob.self, uniqueKey: id.text) else {
                throw Problem(
                    .invalidTransition, "The import is \(record.status.rawValue).", extra: ["allowed": []])
            }
            _ = try tx.jobs.cancel(job)
            return .json(try Import.resource.get(id, in: tx).json)
        }
    }
    routes.get(
        "/v1/imports/{id}/errors", .permission("leads:read"), "Rows that did not come in, as CSV",
        .media("text/csv", "row, field, code, detail, then the file's own columns.")
    ) { call in
        let id = try call.id("id", of: Import.self)
        let record = try call.database.read(call.tenant) { try Import.resource.get(id, in: $0) }
        return .task {
            let stream = ResponseStream()
            Task {
                do {
                    try await writeErrors(of: record, call, to: stream)
                    stream.finish()
                } catch {
                    stream.abort()
                }
            }
            return Response(
                status: 200,
                headers: [
                    ("Content-Type", "text/csv; charset=utf-8"),
                    ("Content-Disposition", "attachment; filename=\"import-errors.csv\""),
                ], body: .stream(stream))
        }
    }
}

/// The query parameters of an import.
private struct ImportOptions {
    var dedupe = Import.Dedupe.skip
    var country: String?
    var mapping: JSONObject = [:]
    var clientID: String?

    init(_ call: Call) throws(Problem) {
        try call.allowQuery("dedupe", "country", "mapping", "client_id")
        if let text = call.query("dedupe") {
            guard let choice = Import.Dedupe(rawValue: text) else {
                throw Problem(
                    .invalidParameter, "dedupe is one of \(Import.Dedupe.choices.joined(separator: ", ")).")
            }
            dedupe = choice
        }
        if let text = call.query("country") {
            guard let found = Country(text.uppercased()) ?? Country(named: text) else {
                throw Problem(.invalidParameter, "country is an ISO 3166 code.")
            }
            country = found.code
        }
        clientID = call.query("client_id")
        if let text = call.query("mapping") {
            guard let json = try? JSONParser.parse(text) else {
                throw Problem(.invalidParameter, "mapping is a JSON object.")
            }
            do {
                _ = try HeaderMapping.Explicit(json)
            } catch {
                throw Problem(faults: [
                    Fault("/mapping/\((error.header ?? "").pointerToken)", "invalid_mapping", error.detail)
                ])
            }
            mapping = json.object ?? [:]
        }
    }
}

private func writeErrors(of record: Import, _ call: Call, to stream: ResponseStream) async throws {
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
        let count = try call.database.read(call.tenant) { reader -> Int in
            var count = 0
            try reader.each(
                """
                SELECT data_row, number, field, code, detail, cells FROM import_errors
                WHERE tenant_id = \(reader.tenant) AND import_id = \(record.id)
                AND (data_row, number) > (\(place.row), \(place.number)) ORDER BY data_row, number LIMIT 500
                """
            ) { row in
                writer.integer(row.int64(0))
                for column in 2...4 { writer.text(row.text(column)) }
                let cells = JSON(stored: row.text(5)).array?.compactMap(\.text) ?? []
                for index in 0..<max(width, cells.count) {
                    index < cells.count ? writer.text(cells[index]) : writer.empty()
                }
                writer.endRow()
                after = (row.int(0), row.int(1))
                count += 1
            }
            return count
        }
        try await stream.write(writer.take())
        if count < 500 { return }
    }
}

extension Fault {
    static let emptyFile = Fault("", "required", "The file is empty.")
}
