internal import CSQLite
import Telemetry

/// Copies of the database file, and what is checked in them.
enum SQLiteBackup {
    /// Between two of these the copying thread rests, so that the disk is the writer's too.
    private static let pagesPerStep: Int32 = 256
    private static let rest_milliseconds: UInt32 = 1

    /// From a reader's snapshot, so that writes neither wait nor start the copy over. `report` hears between two steps
    /// which share of the pages is copied.
    static func copy(from source: String, to target: String, report: (Double) -> Void) throws {
        guard !fileExists(target) else {
            throw DatabaseError.invalid("\(target) exists: a backup overwrites nothing")
        }
        let temporary = target + ".partial"
        removeFile(temporary)
        defer { removeFile(temporary) }
        let input = try connection(source, .readOnly)
        defer { input.close() }
        try SQLiteFile.check(input)
        try input.execute("BEGIN")
        _ = try input.integer("SELECT count(*) FROM sqlite_schema")
        let output = try connection(temporary, .readWrite)
        defer { output.close() }
        try copyPages(input, output, report)
        try input.execute("COMMIT")
        // A copy in the log's mode could not be read from a place that cannot be written to.
        guard try output.text("PRAGMA journal_mode = DELETE") == "delete" else {
            throw DatabaseError.unavailable(.inputOutput("the copy could not be closed"))
        }
        let faults = try faults(output)
        guard faults.isEmpty else {
            throw DatabaseError.unavailable(.corrupt(faults.joined(separator: "; ")))
        }
        output.close()
        try publishFile(temporary, as: target)
    }

    private static func copyPages(
        _ input: SQLiteConnection, _ output: SQLiteConnection, _ report: (Double) -> Void
    )
        throws(DatabaseError)
    {
        guard let backup = unsafe sqlite3_backup_init(output.handle, "main", input.handle, "main") else {
            throw output.failure(SQLITE_ERROR, "the backup")
        }
        var code = SQLITE_OK
        while code == SQLITE_OK {
            code = unsafe sqlite3_backup_step(backup, pagesPerStep)
            let all = unsafe sqlite3_backup_pagecount(backup), left = unsafe sqlite3_backup_remaining(backup)
            if all > 0 { report(1 - Double(left) / Double(all)) }
            if code == SQLITE_OK { CallingThread.pause(milliseconds: rest_milliseconds) }
        }
        unsafe sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw output.failure(code, "the backup") }
    }

    static func verify(_ path: String, hashes: Bool) throws -> VerificationReport {
        guard fileExists(path) else { throw DatabaseError.invalid("the file \(path) does not exist") }
        var report = VerificationReport()
        let hasLog = fileSize(path + "-wal") > 0
        do {
            let file = try connection(path, .readOnly, isImmutable: !hasLog)
            defer { file.close() }
            try SQLiteFile.check(file)
            report.faults = try faults(file)
            guard report.isSound else { return report }
            report.migrations = try SQLiteMigrator.applied(file)
            report.tables = try tables(file, hashes: hashes)
        } catch DatabaseError.unavailable(.corrupt(let text)) {
            report.faults.append(text)
        }
        return report
    }

    static func restore(from path: String, into folder: DataFolder) throws {
        guard !fileExists(folder.databasePath), !fileExists(folder.databasePath + "-wal") else {
            throw DatabaseError.invalid(
                "\(folder.path) has a database: a backup is restored into an empty folder")
        }
        guard fileSize(path + "-wal") == 0 else {
            throw DatabaseError.invalid(
                "\(path) has a log beside it: the file belongs to a running server and is not a backup")
        }
        let report = try verify(path, hashes: false)
        guard report.isSound else {
            throw DatabaseError.unavailable(.corrupt(report.faults.joined(separator: "; ")))
        }
        let temporary = folder.databasePath + ".partial"
        removeFile(temporary)
        defer { removeFile(temporary) }
        try copyFile(path, to: temporary)
        try publishFile(temporary, as: folder.databasePath)
    }

    static func faults(_ connection: SQLiteConnection) throws(DatabaseError) -> [String] {
        var faults: [String] = []
        try connection.rows("PRAGMA integrity_check(20)") { row in
            if row.text(0) != "ok" { faults.append(row.text(0)) }
        }
        try connection.rows("PRAGMA foreign_key_check") { row in
            if faults.count < 40 {
                faults.append("a row of \(row.text(0)) (\(row.int64(1))) refers to none in \(row.text(2))")
            }
        }
        return faults
    }

    private static func tables(
        _ file: SQLiteConnection, hashes: Bool
    ) throws(DatabaseError)
        -> [VerificationReport.Table]
    {
        var names: [String] = []
        try file.rows(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name
            """
        ) { row in names.append(row.text(0)) }
        var tables: [VerificationReport.Table] = []
        for name in names {
            let quoted =
                "\""
                + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
            var table = VerificationReport.Table(
                name: name, rows: Int(try file.integer("SELECT count(*) FROM \(quoted)")))
            if hashes {
                var sum: UInt64 = 0
                try file.rows("SELECT * FROM \(quoted)") { row in sum &+= hash(row) }
                table.hash = sum
            }
            tables.append(table)
        }
        return tables
    }

    /// Over the types and bytes of the columns.
    private static func hash(_ row: Row) -> UInt64 {
        var fingerprint = Fingerprint()
        for column in 0..<row.columnCount {
            switch row.value(column) {
            case .null: fingerprint.add(byte: 0)
            case .integer(let value):
                fingerprint.add(byte: 1)
                fingerprint.add(number: UInt64(bitPattern: value))
            case .real(let value):
                fingerprint.add(byte: 2)
                fingerprint.add(number: value.bitPattern)
            case .text(let value):
                fingerprint.add(byte: 3)
                fingerprint.add(bytes: value.utf8)
            case .id: preconditionFailure("a column that is read is a text")
            case .blob(let value):
                fingerprint.add(byte: 4)
                fingerprint.add(bytes: value)
            }
        }
        return fingerprint.value
    }

    private static func connection(
        _ path: String, _ access: SQLiteConnection.Access, isImmutable: Bool = false
    ) throws(DatabaseError) -> SQLiteConnection {
        try SQLiteConnection(
            path: path, access, cacheKilobytes: 8192, isImmutable: isImmutable, clock: { _ in .wallClock() }
        )
    }
}
