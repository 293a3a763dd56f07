internal import Database
internal import Glibc
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// One thing that was looked at.
struct HealthCheck: Equatable, Sendable {
    enum State: String, Sendable { case ok, warning, failing }

    let name: String
    let state: State
    let detail: Saying
    /// The recommended action.
    var remedy: Saying?

    static func ok(_ name: String, _ detail: Saying) -> HealthCheck {
        HealthCheck(name: name, state: .ok, detail: detail)
    }

    static func warning(_ name: String, _ detail: Saying, _ remedy: Saying? = nil) -> HealthCheck {
        HealthCheck(name: name, state: .warning, detail: detail, remedy: remedy)
    }

    static func failing(_ name: String, _ detail: Saying, _ remedy: Saying? = nil) -> HealthCheck {
        HealthCheck(name: name, state: .failing, detail: detail, remedy: remedy)
    }

    /// In English, as the command line and programs read it.
    var json: JSON { json { .string($0.english) } }

    /// In the reader's words.
    func json(in words: Wording) -> JSON { json { .string($0.said(in: words)) } }

    /// As processes tell it one another; `told` puts it into words.
    var stored: JSON { json(\.json) }

    /// Returns a check that a process has told, in the reader's words. One of an earlier release has words alone.
    static func told(_ stored: JSON, in words: Wording) -> JSON {
        var object = stored.object ?? [:]
        for name in ["detail", "remedy"] {
            if let saying = Saying(json: object[name]) { object[name] = .string(saying.said(in: words)) }
        }
        return .object(object)
    }

    private func json(_ written: (Saying) -> JSON) -> JSON {
        var object: JSONObject = [
            "name": .string(name), "status": .string(state.rawValue), "detail": written(detail),
        ]
        if let remedy { object.append("remedy", written(remedy)) }
        return .object(object)
    }
}

/// The checks of the command line alone, which is in English.
extension HealthCheck {
    static func ok(_ name: String, _ detail: String) -> HealthCheck { .ok(name, .quoted(detail)) }

    static func warning(_ name: String, _ detail: String, _ remedy: String? = nil) -> HealthCheck {
        .warning(name, .quoted(detail), remedy.map { .quoted($0) })
    }

    static func failing(_ name: String, _ detail: String, _ remedy: String? = nil) -> HealthCheck {
        .failing(name, .quoted(detail), remedy.map { .quoted($0) })
    }
}

extension [HealthCheck] {
    /// The worst of all.
    var state: HealthCheck.State {
        if contains(where: { $0.state == .failing }) { return .failing }
        return contains { $0.state == .warning } ? .warning : .ok
    }
}

/// Whether this process can do its work, as load balancers ask every few seconds. The answer is kept for a
/// second: nobody makes the disk work by asking.
final class Readiness: Sendable {
    private let parts: SystemParts
    private let last = Mutex<(at: Instant, checks: [HealthCheck])?>(nil)

    init(_ parts: SystemParts) { self.parts = parts }

    func checks() async -> [HealthCheck] {
        let now = Instant.wallClock()
        if let last = last.withLock({ $0 }), (.zero..<Duration.seconds(1)).contains(now - last.at) {
            return last.checks
        }
        let checks = [
            await checkDatabase(parts.database), checkMigrations(parts.database), checkWorkers(parts),
            checkRoom(parts.configuration.data),
        ]
        last.withLock { $0 = (now, checks) }
        return checks
    }
}

/// Reads and writes: the write changes a row to what it was, which goes to the disk all the same.
func checkDatabase(_ database: Database) async -> HealthCheck {
    do {
        try await database.acrossTenantsWrite { tx in
            try tx.run("UPDATE signing_keys SET created_at = created_at")
        }
        let roles = database.roleDescription.map { ", \($0)" } ?? ""
        return .ok(
            "database", Saying("check.database_ok", ["engine": .text("\(database.engineVersion)\(roles)")]))
    } catch {
        return .failing(
            "database", Saying("check.database_failing", ["error": .text("\(error)")]),
            Saying("check.database_do", ["on_server": .flag(database.isOnServer)]))
    }
}

func checkMigrations(_ database: Database) -> HealthCheck {
    do {
        let missing = Module.migrationSteps - (try database.appliedMigrations().count)
        guard missing == 0 else {
            return .failing(
                "migrations", Saying("check.migrations_missing", ["count": .number(missing)]),
                Saying("check.migrations_do")
            )
        }
        return .ok("migrations", Saying("check.migrations_ok", ["count": .number(Module.migrationSteps)]))
    } catch {
        return .failing("migrations", Saying("check.migrations_failing", ["error": .text("\(error)")]))
    }
}

/// The workers move at least every five seconds, however little there is to do.
func checkWorkers(_ parts: SystemParts) -> HealthCheck {
    guard parts.configuration.role != .api else {
        return .ok("workers", Saying("check.workers_none"))
    }
    guard let age = parts.pulse.age else { return .ok("workers", Saying("check.workers_new")) }
    let seconds = age.components.seconds
    guard seconds < 30 else {
        return .failing(
            "workers", Saying("check.workers_stuck", ["seconds": .number(Int(seconds))]),
            Saying("check.workers_do"))
    }
    return .ok("workers", Saying("check.workers_ok", ["seconds": .number(Int(seconds))]))
}

/// Room on the disk of a folder.
func checkDisk(_ folder: String) -> HealthCheck {
    guard let space = diskSpace(folder) else {
        return .warning("disk", Saying("check.disk_unread", ["fault": .text("\(SystemFault.last)")]))
    }
    let detail = Saying(
        "check.disk",
        ["free": .text(byteText(space.free)), "total": .text(byteText(space.total))])
    if space.free < 200 << 20 {
        return .failing("disk", detail, Saying("check.disk_full_do"))
    }
    if space.free < 2 << 30 {
        return .warning("disk", detail, Saying("check.disk_low_do"))
    }
    return .ok("disk", detail)
}

/// The free space that uploads and the next commits need. With less, the installation should get no requests.
func checkRoom(_ folder: String) -> HealthCheck {
    guard let space = diskSpace(folder) else {
        return .failing("disk", Saying("check.disk_unread", ["fault": .text("\(SystemFault.last)")]))
    }
    guard space.free >= 16 << 20 else {
        return .failing(
            "disk", Saying("check.disk_full", ["free": .text(byteText(space.free))]),
            Saying("check.disk_room_do"))
    }
    return .ok("disk", Saying("check.disk_free", ["free": .text(byteText(space.free))]))
}

func diskSpace(_ folder: String) -> (free: Int64, total: Int64)? {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return nil }
    return (Int64(status.f_bavail) * Int64(status.f_frsize), Int64(status.f_blocks) * Int64(status.f_frsize))
}

/// `3.4 GB`.
func byteText(_ count: Int64) -> String {
    var value = Double(count), unit = 0
    let units = ["bytes", "KB", "MB", "GB", "TB"]
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return unit == 0 ? "\(count) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
}

/// The structure of the file, as far as it can be told quickly.
func checkIntegrity(_ database: Database) -> HealthCheck {
    guard !database.isOnServer else {
        return .ok("integrity", "The database server keeps the file; pg_amcheck checks it thoroughly.")
    }
    do {
        let faults = try database.acrossTenantsRead(deadline: .seconds(30)) { reader in
            try reader.all("PRAGMA quick_check(5)") { $0.text(0) }.filter { $0 != "ok" }
        }
        guard faults.isEmpty else {
            return .failing(
                "integrity", faults.joined(separator: "; "),
                "Stop the server, keep the folder as it is, and restore the newest backup into an empty one.")
        }
        return .ok("integrity", "The file is sound.")
    } catch DatabaseError.tooSlow {
        return .ok(
            "integrity", "The file is too large for a quick look; bureau verify reads a backup thoroughly.")
    } catch {
        return .failing("integrity", "The database cannot be checked: \(error).")
    }
}

extension SystemParts {
    /// The checks that tell how a process is: `bureau health` and the operators' page.
    func checks() async -> [HealthCheck] {
        [
            await checkDatabase(database), checkMigrations(database), checkDisk(configuration.data),
            backups.check(),
        ]
    }
}

extension App {
    /// Everything that `bureau health` looks at.
    func health(isServed: Bool) async -> [HealthCheck] {
        await system.checks() + [
            checkIntegrity(database),
            isServed
                ? checkWorkers(system)
                : .failing(
                    "server", "No server runs on this folder.", "bureau serve --data \(configuration.data)"),
        ]
    }
}
