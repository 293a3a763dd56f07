internal import Database
internal import Records
internal import Telemetry
internal import Tenancy

/// The reason for which a backup could not be restored.
struct RestoreFailure: Error, CustomStringConvertible {
    let description: String
}

/// Restores the newest backup into a folder of its own, opens it as a server would, reads all of it, and removes it
/// again: a backup is worth what comes back of it.
struct RestoreTest: Sendable {
    /// Beside the database, so that it is on the disk that a restore would use.
    private static let folder = "restore-test"
    let backups: Backups

    func run() async throws -> String {
        let configuration = backups.configuration
        guard !configuration.isOnServer else {
            return "The database server's own tools make and restore backups (docs/postgresql.md)."
        }
        guard let newest = backups.files.last else {
            throw RestoreFailure(description: "there is no backup yet")
        }
        guard let free = diskSpace(configuration.data)?.free, free > newest.size + newest.size / 10 else {
            throw RestoreFailure(
                description: "the disk has no room to restore \(newest.name) (\(byteText(newest.size)))")
        }
        let folder = "\(configuration.data)/\(Self.folder)"
        return try await onOwnThread {
            removeFolder(folder)
            defer { removeFolder(folder) }
            try Database.restore(from: newest.path, into: folder)
            let agencies = try Self.examine(folder)
            return
                "\(newest.name) was restored, is sound and holds \(agencies) agencies (\(byteText(newest.size)))."
        }
    }

    /// Returns how many agencies the database of a folder has; throws where it is not whole.
    private static func examine(_ folder: String) throws -> Int {
        let database = try Database.open(DatabaseConfiguration(folder: folder))
        defer { database.close() }
        let faults = try database.integrityCheck()
        guard faults.isEmpty else {
            throw RestoreFailure(
                description:
                    "what was restored has \(faults.count) faults: \(faults.prefix(3).joined(separator: "; "))"
            )
        }
        guard try !database.appliedMigrations().isEmpty else {
            throw RestoreFailure(description: "what was restored is an empty database")
        }
        return try database.acrossTenantsCount()
    }
}

extension Database {
    fileprivate func acrossTenantsCount() throws -> Int {
        let count = try acrossTenantsRead {
            try $0.int("SELECT count(*) FROM tenants WHERE sandbox_of IS NULL")
        }
        return Int(count ?? 0)
    }
}
