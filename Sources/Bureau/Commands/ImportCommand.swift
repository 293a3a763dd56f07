internal import Cryptography
internal import Database
internal import Discovery
internal import Glibc
internal import JSON
internal import Records
internal import Telemetry
internal import Tenancy
internal import Transfer

struct ImportCommand: FolderCommand {
    var file: String?
    var tenant: String?
    var dedupe: String?
    var country: String?
    var mapping: String?

    static let usage = Usage<ImportCommand>(
        "import", "Imports leads from a file: CSV, or JSON lines.",
        [
            .positional("FILE", \.file, "The file; of any size and encoding."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option(
                "dedupe", \.dedupe, "MODE",
                "How people who exist already are treated: skip, update or create (skip)."),
            .option("country", \.country, "CODE", "The country of telephone numbers in rows without one."),
            .option("mapping", \.mapping, "JSON", "A header's field, or null to leave its column out."),
        ],
        details: "  bureau import leads.csv --tenant northwind --dedupe update")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let path = call.path(file ?? "")
        let tenant = try app.tenant(tenant).tenantID
        guard let size = fileStatus(path).map({ Int64($0.st_size) }), isFile(path) else {
            throw CommandFailure(
                "the file \(file ?? "") does not exist", "Give the path of a CSV file or of JSON lines.")
        }
        let mode = try dedupe.map { text in
            guard let mode = Import.Dedupe(rawValue: text) else {
                throw CommandFailure(
                    "--dedupe must be one of \(Import.Dedupe.choices.joined(separator: ", "))")
            }
            return mode
        }
        let code = try country.map { text in
            guard let country = Country(text.uppercased()) ?? Country(named: text) else {
                throw CommandFailure("--country must be an ISO 3166 code such as DE")
            }
            return country.code
        }
        let mapping = try mapping.map { text in
            guard let object = (try? JSONParser.parse(text))?.object else {
                throw CommandFailure("--mapping must be a JSON object")
            }
            return object
        }
        return try await app.importFile(
            path, size: size, into: tenant, dedupe: mode ?? .skip, country: code, mapping: mapping ?? [:],
            call)
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        func count(_ key: String) -> Int64 { result[key]?.int ?? 0 }
        var text =
            ["created", "updated", "skipped", "failed"].map { "\(count($0)) \($0)" }.joined(separator: ", ")
        for error in result["errors"]?.array ?? [] {
            text +=
                "\n  row \(error["row"]?.int ?? 0), \(error["field"]?.text ?? ""): \(error["detail"]?.text ?? "")"
        }
        if count("failed") > 0 {
            text += "\nEvery row with a fault: GET /v1/imports/\(result["id"]?.text ?? "")/errors"
        }
        if count("warnings") > 0 {
            text +=
                "\nWhat is worth knowing of \(count("warnings")) rows: GET /v1/imports/\(result["id"]?.text ?? "")/warnings"
        }
        return text
    }
}

extension App {
    /// Brings a file in and waits for its end.
    func importFile(
        _ path: String, size: Int64, into tenant: TenantID, dedupe: Import.Dedupe, country: String?,
        mapping: JSONObject,
        _ call: FolderCall
    ) async throws -> JSON {
        // The import owns its file, and removes it in the end: it gets a copy.
        let copy = configuration.uploads + "/" + RandomToken.make(characters: 24)
        try makeFolder(configuration.uploads)
        try await onOwnThread { try copyFile(path, to: copy) }
        let lower = path.lowercased()
        let isLines = [".jsonl", ".ndjson"].contains { lower.hasSuffix($0) }
        return try await call.whileWorking(self) {
            var wanted = NewImport(
                spool: copy, size: size, mediaType: isLines ? "application/x-ndjson" : "text/csv",
                fileName: path.split(separator: "/").last.map(String.init))
            (wanted.dedupe, wanted.country, wanted.mapping) = (dedupe, country, mapping)
            let started = try await database.write(tenant) { [wanted] tx in
                try tx.imports.start(of: Lead.resource.table, by: ImportJob.self, wanted, by: .system)
            }
            var current = started
            while current.status == .queued || current.status == .running {
                await pause(.milliseconds(100))
                current = try database.read(tenant) { try Import.resource.get(started.id, in: $0) }
                let total = current.progress > 0 ? Int(Double(current.processed) / current.progress) : nil
                call.report(Progress(done: current.processed, total: total, unit: "rows"))
            }
            guard current.status == .completed else {
                throw CommandFailure(
                    "the import \(current.status.rawValue): \(current.error ?? "no reason is known")")
            }
            let errors = try database.read(tenant) { reader in
                try reader.all(
                    """
                    SELECT data_row, field, code, detail FROM import_errors
                    WHERE tenant_id = \(reader.tenant) AND import_id = \(current.id) AND is_warning = 0 ORDER BY data_row, number LIMIT 5
                    """
                ) { row -> JSON in
                    [
                        "row": .integer(row.int64(0)), "field": JSON(row.optionalText(1)),
                        "code": .string(row.text(2)),
                        "detail": .string(row.text(3)),
                    ]
                }
            }
            return Import.schema.json(current).merging(["errors": .array(errors)])
        }
    }
}

/// A copy for its owner alone, on the disk when this returns.
func copyFile(_ source: String, to target: String) throws(FileError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw FileError(source, .last) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw FileError(target, .last) }
    defer { close(output) }
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = read(input, &part, part.count), count != 0 {
        guard count > 0 else { throw FileError(source, .last) }
        var written = 0
        while written < count {
            let more = part.withUnsafeBytes { write(output, $0.baseAddress! + written, count - written) }
            guard more > 0 else { throw FileError(target, .last) }
            written += more
        }
    }
    guard fsync(output) == 0 else { throw FileError(target, .last) }
}
