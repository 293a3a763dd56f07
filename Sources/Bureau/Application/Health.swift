internal import Database
internal import Glibc
internal import JSON
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// One thing that was looked at.
struct HealthCheck: Equatable, Sendable {
    enum State: String, Sendable { case ok, warning, failing }

    let name: String
    let state: State
    let detail: String
    /// The recommended action.
    var remedy: String?

    static func ok(_ name: String, _ detail: String) -> HealthCheck {
        HealthCheck(name: name, state: .ok, detail: detail)
    }

    static func warning(_ name: String, _ detail: String, _ remedy: String? = nil) -> HealthCheck {
        HealthCheck(name: name, state: .warning, detail: detail, remedy: remedy)
    }

    static func failing(_ name: String, _ detail: String, _ remedy: String? = nil) -> HealthCheck {
        HealthCheck(name: name, state: .failing, detail: detail, remedy: remedy)
    }

    var json: JSON {
        var object: JSONObject = [
            "name": .string(name), "status": .string(state.rawValue), "detail": .string(detail),
        ]
        if let remedy { object.append("remedy", .string(remedy)) }
        return .object(object)
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
        return .ok("database", "The database can be read and written (\(database.engineVersion)\(roles)).")
    } catch {
        return .failing(
            "database", "The database cannot be written: \(error).",
            database.isOnServer
                ? "Make sure that the server of database.url runs and that its disk has room."
                : "Make sure that the disk has room and the folder is writable.")
    }
}

func checkMigrations(_ database: Database) -> HealthCheck {
    do {
        let missing = Module.migrationSteps - (try database.appliedMigrations().count)
        guard missing == 0 else {
            return .failing(
                "migrations", "Migrations are missing: \(missing).", "Restart the server, which applies them."
            )
        }
        return .ok("migrations", "All \(Module.migrationSteps) migrations are applied.")
    } catch {
        return .failing("migrations", "Migrations cannot be read: \(error).")
    }
}

/// The workers move at least every five seconds, however little there is to do.
func checkWorkers(_ parts: SystemParts) -> HealthCheck {
    guard parts.configuration.role != .api else {
        return .ok("workers", "This process runs no workers: its role is api.")
    }
    guard let age = parts.pulse.age else { return .ok("workers", "The workers have not started yet.") }
    let seconds = age.components.seconds
    guard seconds < 30 else {
        return .failing(
            "workers", "The workers have not moved for \(seconds) s.",
            "Restart the server, and look at its log.")
    }
    return .ok("workers", "The workers moved \(seconds) s ago.")
}

/// Room on the disk of a folder.
func checkDisk(_ folder: String) -> HealthCheck {
    guard let space = diskSpace(folder) else {
        return .warning("disk", "The disk's room cannot be read: \(SystemFault.last).")
    }
    let detail = "\(byteText(space.free)) of \(byteText(space.total)) are free."
    if space.free < 200 << 20 {
        return .failing("disk", detail, "Make room on the disk: when it is full, nothing can be written.")
    }
    if space.free < 2 << 30 {
        return .warning("disk", detail, "Make room soon: a backup needs as much as the database.")
    }
    return .ok("disk", detail)
}

/// The free space that uploads and the next commits need. With less, the installation should get no requests.
func checkRoom(_ folder: String) -> HealthCheck {
    guard let space = diskSpace(folder) else {
        return .failing("disk", "The disk of the data folder cannot be read: \(SystemFault.last).")
    }
    guard space.free >= 16 << 20 else {
        return .failing(
            "disk", "The disk of the data folder is full: \(byteText(space.free)) are free.",
            "Make room on the disk; the server then continues by itself.")
    }
    return .ok("disk", "\(byteText(space.free)) are free.")
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
