package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
package import Records
package import Routing
internal import Telemetry
internal import Tenancy
internal import Wire

/// Rows read in one go: a reader never holds a snapshot for long.
private let chunk = 500

/// Parameters of the list that mean nothing to an export.
private let exportIgnores: Set<String> = ["limit", "total", "fields"]

/// The formats of files, as their endings have them.
private let fileFormats = ["csv", "jsonl"]

extension Routes {
    /// `GET /v1/{resource}/export`: what `list` shows, whole, with the columns that `layout` says.
    package mutating func export<R: Record>(
        _ resource: Resource<R>, _ permission: Permission,
        layout: @escaping @Sendable (Reader) throws -> RecordCSV<R>,
        list: @escaping @Sendable (Call, _ extra: Set<String>, Dialect) throws -> ListQuery<R>
    ) {
        let name = resource.table.replacing("_", with: "-")
        let one = resource.noun.replacing("_", with: " ")
        let hasFormats = ParameterDoc.list(resource).contains { $0.name == "format" }
        let olderName = ParameterDoc.query(
            "format", "The older name of file_format.", ["type": "string", "enum": ["csv", "jsonl"]])
        get(
            "/v1/\(name)/export", .permission(permission),
            "Export \(resource.plural) as CSV or JSON lines, with the list's filters",
            query: [
                .query(
                    "file_format", "The format of the file: csv or jsonl.",
                    ["type": "string", "enum": ["csv", "jsonl"], "default": "csv"])
            ] + (hasFormats ? [] : [olderName])
                + ParameterDoc.list(resource).filter { !exportIgnores.contains($0.name) },
            .media("text/csv", "A header of field names, then a line for each \(one)."),
            .media("application/x-ndjson", "A record a line.")
        ) { call in
            // Where records have a format of their own, `format` is theirs, unless it can only be a file's.
            let older = call.query("format").flatMap {
                !hasFormats || fileFormats.contains($0) ? $0 : nil
            }
            let format = call.query("file_format") ?? older ?? "csv"
            guard fileFormats.contains(format) else {
                throw Problem(.invalidParameter, "file_format must be csv or jsonl.")
            }
            let ofFile: Set<String> = older == nil ? ["file_format"] : ["file_format", "format"]
            return .task {
                let (database, limit) = (call.database, call.principal?.limit)
                let export = RecordExport(
                    resource: resource,
                    list: try list(call, exportIgnores.union(ofFile), database.dialect),
                    layout: try call.read(layout), tenant: call.tenant, limit: limit, database: database)
                // By what it was filtered may be somebody's address; that it was filtered is enough.
                let filters = call.request.head.query.map(\.name).filter { !ofFile.contains($0) }
                try await database.write(call.tenant) { tx in
                    try tx.auditLog.add(
                        call.actor, "\(resource.noun).exported", tx.agency.tenant().subject,
                        ["format": .string(format), "filters": JSON(filters)])
                }
                let type = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson"
                return .streamed(type, as: "\(name).\(format)") { stream in
                    try await format == "csv" ? export.writeCSV(to: stream) : export.writeLines(to: stream)
                }
            }
        }
    }
}

private struct RecordExport<R: Record>: Sendable {
    let resource: Resource<R>
    let list: ListQuery<R>
    let layout: RecordCSV<R>
    let tenant: TenantID
    let limit: RowLimit?
    let database: Database

    private func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try database.read(tenant) { try body($0.limited(by: limit)) }
    }

    func writeLines(to stream: ResponseStream) async throws {
        var place: Cursor?
        let writer = resource.rowWriter
        repeat {
            let from = place
            let (bytes, next) = try read { reader -> ([UInt8], Cursor?) in
                var lines: [[UInt8]] = [], referred: [[String?]] = []
                let end = try list.rows(writer.columns, limit: chunk, after: from, in: reader) { row in
                    let output = OutputBuffer()
                    writer.write(row, to: output)
                    lines.append(output.bytes)
                    referred.append(layout.referred(row))
                }
                let keys = try layout.keys(of: referred, in: reader)
                var bytes: [UInt8] = []
                for (line, row) in zip(lines, referred) {
                    bytes += line.dropLast()
                    for (column, key) in layout.cells(row, keys) {
                        guard let key else { continue }
                        bytes += ",\"\(column)\":\(JSON.string(key).serialized)".utf8
                    }
                    bytes += "}\n".utf8
                }
                return (bytes, end.count == chunk ? end.end : nil)
            }
            try await stream.write(bytes)
            place = next
        } while place != nil
    }

    func writeCSV(to stream: ResponseStream) async throws {
        var place: Cursor?
        var writer = CSVWriter(capacity: 512 * 1024)
        layout.writeHeader(to: &writer)
        repeat {
            let from = place
            let end = try read { reader in
                guard !layout.references.isEmpty else {
                    return try list.rows(resource.rowWriter.columns, limit: chunk, after: from, in: reader) {
                        layout.write($0, to: &writer)
                        writer.endRow()
                    }
                }
                var rows: [[UInt8]] = [], referred: [[String?]] = []
                let end = try list.rows(resource.rowWriter.columns, limit: chunk, after: from, in: reader) {
                    var one = CSVWriter(capacity: 512)
                    layout.write($0, to: &one)
                    rows.append(one.take())
                    referred.append(layout.referred($0))
                }
                let keys = try layout.keys(of: referred, in: reader)
                for (row, ids) in zip(rows, referred) {
                    writer.cells(row)
                    for (_, key) in layout.cells(ids, keys) {
                        if let key { writer.text(key) } else { writer.empty() }
                    }
                    writer.endRow()
                }
                return end
            }
            try await stream.write(writer.take())
            place = end.count == chunk ? end.end : nil
        } while place != nil
    }
}

extension RecordCSV {
    /// Returns the values of each reference's columns, by identifier.
    fileprivate func keys(
        of referred: [[String?]], in reader: some Queryable
    ) throws -> [[String: [String?]]] {
        try references.indices.map { index in
            let ids = Set(referred.compactMap { $0[index] })
            return ids.isEmpty ? [:] : try references[index].keys(reader, ids.sorted())
        }
    }

    /// The columns of a row's references, and what is in them.
    fileprivate func cells(
        _ ids: [String?], _ keys: [[String: [String?]]]
    ) -> [(column: String, key: String?)] {
        references.indices.flatMap { index in
            let known = ids[index].flatMap { keys[index][$0] }
            return references[index].columns.enumerated().map { place, column in
                (column, known.flatMap { $0.indices.contains(place) ? $0[place] : nil })
            }
        }
    }
}
