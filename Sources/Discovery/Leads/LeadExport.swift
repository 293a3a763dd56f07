internal import Database
internal import HTTPServer
internal import JSON
internal import Platform
internal import Records
internal import Runtime

/// Rows read in one go: a reader never holds a snapshot for long.
private let chunk = 500

/// Parameters of the list that mean nothing to an export.
private let exportIgnores: Set<String> = ["limit", "total", "fields"]

func leadExportRoute(_ routes: inout Routes) {
    routes.get(
        "/v1/leads/export", .permission("leads:export"),
        "Streams leads as CSV or JSON lines; takes the list's filters",
        query: [
            .query(
                "format", "csv or jsonl.", ["type": "string", "enum": ["csv", "jsonl"], "default": "csv"])
        ]
            + ParameterDoc.list(Lead.resource).filter { !exportIgnores.contains($0.name) },
        .media("text/csv", "A header of field names, then a line for each lead."),
        .media("application/x-ndjson", "A record a line.")
    ) { call in
        let format = call.query("format") ?? "csv"
        guard format == "csv" || format == "jsonl" else {
            throw Problem(.invalidParameter, "format is csv or jsonl.")
        }
        return .task {
            let stream = ResponseStream()
            let database = call.database
            let list = try leadList(call, extra: exportIgnores.union(["format"]), dialect: database.dialect)
            let tenant = call.tenant
            Task {
                do {
                    try await export(list, format, tenant, database, to: stream)
                    stream.finish()
                } catch {
                    stream.abort()
                }
            }
            let type = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson"
            return Response(
                status: 200,
                headers: [
                    ("Content-Type", type),
                    ("Content-Disposition", "attachment; filename=\"leads.\(format)\""),
                ],
                body: .stream(stream))
        }
    }
}

private func export(
    _ list: ListQuery<Lead>, _ format: String, _ tenant: TenantID, _ database: Database,
    to stream: ResponseStream
) async throws {
    var place: Cursor?
    let columns = Lead.resource.rowWriter.columns
    guard format == "csv" else {
        repeat {
            let output = OutputBuffer(capacity: 512 * 1024), from = place
            let end = try database.read(tenant) { reader in
                try list.write(
                    to: output, Lead.resource.rowWriter, separator: "\n", limit: chunk, after: from,
                    in: reader)
            }
            if output.count > 0 { output.append("\n") }
            try await stream.write(output.bytes)
            place = end.hasMore ? end.cursor : nil
        } while place != nil
        return
    }
    let csv = try database.read(tenant) { try $0.leadCSV() }
    var writer = CSVWriter(capacity: 512 * 1024)
    csv.writeHeader(to: &writer)
    repeat {
        let from = place
        let end = try database.read(tenant) { reader in
            try list.rows(columns, limit: chunk, after: from, in: reader) { csv.write($0, to: &writer) }
        }
        try await stream.write(writer.take())
        place = end.count == chunk ? end.end : nil
    } while place != nil
}
