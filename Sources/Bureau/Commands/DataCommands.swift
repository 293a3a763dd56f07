internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Telemetry
internal import Tenancy

struct BackupCommand: FolderCommand {
    var to: String?

    static let usage = Usage<BackupCommand>(
        "backup", "Copies the database to a file, and verifies the copy; the server goes on.",
        [.option("to", \.to, "FILE", "The new file (the folder of the nightly backups).")],
        details: """
            The master key goes beside it, as FILE.key, unless it comes from BUREAU_MASTER_KEY: keep it apart
            from the backup, which is worth little without it, and neither is anything without the other.
            """)

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        if app.configuration.isOnServer { throw backedUpByServer }
        let path = to.map { call.path($0) } ?? app.backups.nextPath(.wallClock())
        guard fileStatus(path) == nil else {
            throw CommandFailure(
                "the file \(path) already exists", "A backup never replaces a file: choose another name.")
        }
        let size = try await app.backups.make(path)
        var object: JSONObject = ["path": .string(path), "bytes": .integer(size)]
        if app.configuration.masterKey.isEmpty, to != nil {
            let keyPath = path + ".key"
            removeFile(keyPath)
            try copyFile(app.configuration.masterKeyFile, to: keyPath)
            object.append("key", .string(keyPath))
        }
        return .object(object)
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        var text = "\(result["path"]?.text ?? "") (\(byteText(result["bytes"]?.int ?? 0)), verified)"
        if let key = result["key"]?.text {
            text += "\n" + terminal.faint("The backup's master key is \(key): keep it apart.")
        }
        return text
    }
}

/// The file of a server's database is the server's business.
private var backedUpByServer: CommandFailure {
    CommandFailure(
        "the database is on a PostgreSQL server (database.url), which has its own tools",
        "Back it up with pg_dump --format=custom, restore it with pg_restore, and keep the master key apart: docs/postgresql.md."
    )
}

struct RestoreCommand: Command {
    var from: String?

    static let usage = Usage<RestoreCommand>(
        "restore", "Puts a backup into an empty data folder, after verifying it.",
        [.option("from", \.from, "FILE", "The backup.", required: true)],
        details: "  bureau restore --from bureau-20260801-033000.db --data ./restored")

    func run(_ session: CommandSession) async throws {
        let configuration = try session.configuration()
        if configuration.isOnServer { throw backedUpByServer }
        let path = absolute(from ?? "", in: session.surroundings.workingFolder)
        guard isFile(path) else {
            throw CommandFailure("the file \(from ?? "") does not exist", "Run bureau backup to make one.")
        }
        let folder = configuration.data
        do {
            try await onOwnThread { try Database.restore(from: path, into: folder) }
        } catch DatabaseError.invalid(let text) {
            throw CommandFailure(text, "Name another folder with --data.")
        }
        let key = try restoreKey(path, configuration)
        session.show(
            ["data": .string(folder), "from": .string(path), "key": JSON(key)],
            """
            restored into \(folder)
            \(key.map { "The master key is from \($0)." }
                ?? (configuration.masterKey.isEmpty
                    ? "Put its master key at \(configuration.masterKeyFile), or set BUREAU_MASTER_KEY."
                    : "The master key is the configured one."))
            """)
    }

    /// The key beside the backup, or in the data folder whose nightly backup it is.
    private func restoreKey(_ path: String, _ configuration: Configuration) throws -> String? {
        guard configuration.masterKey.isEmpty, fileStatus(configuration.masterKeyFile) == nil else {
            return nil
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard let found = [path + ".key", folder + "/../master.key"].first(where: isFile) else { return nil }
        try copyFile(found, to: configuration.masterKeyFile)
        return found
    }
}

struct VerifyCommand: Command {
    var file: String?
    var hashes = false

    static let usage = Usage<VerifyCommand>(
        "verify", "Reads a backup thoroughly: its structure, its references, and what it holds.",
        [
            .positional("FILE", \.file, "The backup."),
            .flag("hashes", \.hashes, "Digests each table's rows, to compare two copies."),
        ])

    func run(_ session: CommandSession) async throws {
        let path = absolute(file ?? "", in: session.surroundings.workingFolder)
        guard isFile(path) else {
            throw CommandFailure("the file \(file ?? "") does not exist", "Run bureau backup to make one.")
        }
        let report = try await onOwnThread { [hashes] in try Database.verify(file: path, hashes: hashes) }
        let tables = report.tables.map { table -> JSON in
            var object: JSONObject = ["name": .string(table.name), "rows": JSON(table.rows)]
            if let hash = table.hash { object.append("hash", .string(String(hash, radix: 16))) }
            return .object(object)
        }
        let rows = report.tables.reduce(0) { $0 + $1.rows }
        session.show(
            [
                "status": report.isSound ? "sound" : "damaged", "path": .string(path),
                "faults": JSON(report.faults),
                "migrations": JSON(report.migrations.count), "tables": .array(tables),
            ],
            report.isSound
                ? "\(path) is sound: \(report.tables.count) tables with \(rows) rows"
                : "\(path) is damaged:\n" + report.faults.map { "  \($0)" }.joined(separator: "\n"))
        if !report.isSound { throw CommandExit(status: 1) }
    }
}

struct MigrateCommand: Command {
    static let usage = Usage<MigrateCommand>(
        "migrate", "Brings the database's schema up to date; the server does so itself at its start.")

    func run(_ session: CommandSession) async throws {
        let configuration = try session.configuration()
        // An empty database on a server may be prepared here; a database file is created by the first start only.
        if !configuration.isOnServer { try configuration.requireInstallation() }
        let database = try Database.open(configuration.database())
        defer { database.close() }
        let before = Set(try database.appliedMigrations().map(\.number))
        let bar = ProgressBar(session)
        try database.migrate(Module.allMigrations) { step, share in
            bar.show(Progress(done: Int(share * 100), total: 100, unit: "percent of: \(step)"))
        }
        bar.clear()
        let applied = try database.appliedMigrations()
        let new = applied.filter { !before.contains($0.number) }
        session.show(
            [
                "status": "current", "total": JSON(applied.count),
                "applied": .array(new.map { ["number": JSON($0.number), "name": .string($0.name)] }),
            ],
            new.isEmpty
                ? "nothing to do: all \(applied.count) migrations are applied"
                : new.map { "applied \($0.number) (\($0.name))" }.joined(separator: "\n"))
    }
}

struct StopCommand: Command {
    var wait = 15

    static let usage = Usage<StopCommand>(
        "stop", "Stops the server of a data folder, letting begun requests finish.",
        [.number("wait", \.wait, "SECONDS", in: 1...600, "How long to wait for its end (15).")])

    func run(_ session: CommandSession) async throws {
        let configuration = try session.configuration()
        guard let process = FolderOwner.process(of: configuration.data) else {
            throw CommandFailure(
                "no server works on \(configuration.data)", "Run bureau serve --data DIR to start one.")
        }
        guard kill(process, SIGTERM) == 0 else {
            throw CommandFailure("the process \(process) cannot be stopped: \(SystemFault.last)")
        }
        let end = systemSteadyClock() + .seconds(wait)
        while FolderOwner.process(of: configuration.data) == process {
            guard systemSteadyClock() < end else {
                throw CommandFailure(
                    "the process \(process) has not ended within \(wait) s",
                    "Look at its log; kill -9 \(process) loses no answered request.")
            }
            await pause(.milliseconds(50))
        }
        session.show(["status": "stopped", "process": JSON(Int(process))], "process \(process) has stopped")
    }
}

/// The holder of a data folder, by its lock.
enum FolderOwner {
    /// `nil` when nobody holds it.
    static func process(of folder: String) -> pid_t? {
        let file = open(folder + "/bureau.lock", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) != 0 else {
            flock(file, LOCK_UN)
            return nil
        }
        return description(of: folder).flatMap { text in
            text.hasPrefix("process ") ? pid_t(text.dropFirst(8).prefix { $0.isNumber }) : nil
        }
    }

    /// Returns the holder's description of itself.
    static func description(of folder: String) -> String? { try? readText(folder + "/bureau.lock") }
}
