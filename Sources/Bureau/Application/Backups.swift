internal import Database
internal import Glibc
internal import JSON
internal import Synchronization
internal import Telemetry
internal import Templates
internal import Tenancy

/// The backups of a file: made each night, or when somebody asks for one, while the server works; verified, and the
/// oldest removed.
final class Backups: Sendable {
    struct File: Equatable, Sendable {
        let path: String
        let madeAt: Instant
        let size: Int64
        /// Its name without what all have: `bureau-20260801-033000`.
        var name: String { String(path.split(separator: "/").last?.dropLast(Backups.suffix.count) ?? "") }
    }

    private static let prefix = "bureau-", suffix = ".db"

    let configuration: Configuration
    private let database: Database
    private let log: Log
    private let lastFailure = Mutex<String?>(nil)

    init(_ configuration: Configuration, _ database: Database, _ log: Log) {
        (self.configuration, self.database, self.log) = (configuration, database, log)
    }

    /// The ones that are there, oldest first.
    var files: [File] { Self.files(in: configuration.backups) }

    static func files(in folder: String) -> [File] {
        names(in: folder).filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.compactMap { name in
            let path = folder + "/" + name
            guard let status = fileStatus(path) else { return nil }
            return File(
                path: path, madeAt: Instant(seconds: Int64(status.st_mtim.tv_sec)),
                size: Int64(status.st_size))
        }
    }

    /// A name for a backup made now, by this machine's time: `bureau-20260801-033000.db`.
    func nextPath(_ now: Instant) -> String { path(of: Self.name(at: now)) }

    func path(of name: String) -> String { "\(configuration.backups)/\(name)\(Self.suffix)" }

    static func name(at now: Instant) -> String {
        let time = LocalClock.parts(now)
        func pad(_ number: Int32, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let date = pad(time.tm_year + 1900, 4) + pad(time.tm_mon + 1, 2) + pad(time.tm_mday, 2)
        let clock = pad(time.tm_hour, 2) + pad(time.tm_min, 2) + pad(time.tm_sec, 2)
        return "\(prefix)\(date)-\(clock)"
    }

    /// Makes a backup each night until the task is cancelled. A night that was missed is made up for.
    func run() async {
        guard configuration.isBackupEnabled, !configuration.isOnServer, !Task.isCancelled else { return }
        var due = isOverdue(.wallClock()) ? Instant.wallClock() + .seconds(120) : nextNight
        while !Task.isCancelled {
            while case let wait = due - .wallClock(), wait > .zero {
                // In parts: the machine may sleep, or its clock be set.
                await pause(min(wait, .seconds(300)))
                if Task.isCancelled { return }
            }
            await makeNightly()
            due = nextNight
        }
    }

    private var nextNight: Instant { LocalClock.next(configuration.backupTime, after: .wallClock()) }

    /// Nothing was backed up in the last night, though there was something.
    private func isOverdue(_ now: Instant) -> Bool {
        guard let last = files.last?.madeAt ?? firstStart else { return false }
        return now - last > .seconds(26 * 3600)
    }

    func makeNightly() async {
        // The log and the health of the installation tell what went wrong.
        guard (try? await makeKept(nextPath(.wallClock()))) != nil else { return }
        prune()
    }

    /// Makes one in the folder of those that are kept. What went wrong is remembered for `check`.
    func makeKept(_ path: String, report: @escaping @Sendable (Double) -> Void = { _ in }) async throws {
        let start = Instant.wallClock()
        do {
            let size = try await make(path, report: report)
            lastFailure.withLock { $0 = nil }
            log.info(
                "a backup is made and verified",
                [
                    "path": .init(path), "bytes": .integer(size),
                    "seconds": .integer((Instant.wallClock() - start).components.seconds),
                ])
        } catch {
            lastFailure.withLock { $0 = "\(error)" }
            log.error("a backup failed", ["path": .init(path), "error": .init(error)])
            throw error
        }
    }

    /// Copies the database to a new file and verifies the copy; its size. `report` hears which share is copied.
    func make(_ path: String, report: @escaping @Sendable (Double) -> Void = { _ in }) async throws -> Int64 {
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeFolder(String(path[..<slash]))
        }
        let database = database
        return try await onOwnThread {
            try database.backup(to: path, report: report)
            return Int64(fileStatus(path)?.st_size ?? 0)
        }
    }

    private func prune() {
        for file in files.dropLast(configuration.backupsKept) {
            removeFile(file.path)
            log.info("an old backup was removed", ["path": .init(file.path)])
        }
    }

    /// Returns whether the newest is young enough.
    func check() -> HealthCheck {
        if let failure = lastFailure.withLock({ $0 }) {
            return .failing(
                "backups", Saying("check.backup_failed", ["error": .text("\(failure)")]),
                Saying("check.backup_failed_do", ["folder": .text(configuration.backups)]))
        }
        guard !configuration.isOnServer else {
            return .ok(
                "backups", Saying("check.backup_server"))
        }
        guard configuration.isBackupEnabled else {
            return .warning(
                "backups", Saying("check.backup_off"),
                Saying("check.backup_off_do"))
        }
        let now = Instant.wallClock()
        if let newest = files.last {
            let hours = (now - newest.madeAt).components.seconds / 3600
            guard hours < 50 else {
                return .failing(
                    "backups", Saying("check.backup_old", ["days": .number(Int(hours / 24))]),
                    Saying("check.backup_old_do"))
            }
            return .ok(
                "backups",
                Saying(
                    "check.backup_ok",
                    [
                        "count": .number(files.count), "hours": .number(Int(hours)),
                        "size": .text(byteText(newest.size)),
                    ]))
        }
        let age = firstStart.map { now - $0 } ?? .zero
        guard age < .seconds(50 * 3600) else {
            return .failing(
                "backups",
                Saying("check.backup_none", ["days": .number(Int(age.components.seconds / 86_400))]),
                Saying("check.backup_none_do"))
        }
        return .ok(
            "backups",
            Saying("check.backup_first", ["time": .text(configuration.backupTime.description)]))
    }

    private var firstStart: Instant? {
        try? database.read(.platform) { reader in
            try reader.first("SELECT min(created_at) FROM signing_keys WHERE tenant_id = \(reader.tenant)") {
                $0.instant(0)
            }
        }
    }
}

/// This machine's time zone.
enum LocalClock {
    static func parts(_ instant: Instant) -> tm {
        var seconds = time_t(instant.seconds), parts = tm()
        localtime_r(&seconds, &parts)
        return parts
    }

    /// The next time that the clock on the wall shows `time`.
    static func next(_ time: TimeOfDay, after instant: Instant) -> Instant {
        for day in 0...2 {
            var parts = parts(instant)
            (parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec) = (
                parts.tm_mday + Int32(day), Int32(time.hour), Int32(time.minute), 0
            )
            parts.tm_isdst = -1
            let next = Instant(seconds: Int64(mktime(&parts)))
            if next > instant { return next }
        }
        return instant + .seconds(86_400)
    }
}

/// Runs what blocks on a thread that may be blocked.
func onOwnThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        OwnThread { continuation.resume(with: Result { try work() }) }.start()
    }
}
