internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Synchronization
internal import Telemetry
internal import Tenancy

/// Makes the backup that an operator has asked for: a job, so that it is made even if the process ends meanwhile.
struct BackupJob: JobKind {
    struct Payload: Codable, Sendable {
        /// As in `Backups.File`.
        let name: String

        var subject: Subject { Subject(type: "backup", id: name) }
    }

    static let kind = "backup.make"
    /// A failed backup tells what is wrong, and may be asked for again.
    static let attemptsMax = 1
    static let retriesTimeouts = false
    /// One at a time.
    static let uniqueKey = "backup"

    private static let reportInterval = Duration.milliseconds(500)
    /// The share of the work that copying is; the rest is the check of the copy.
    private static let copyingShare = 0.8

    let backups: Backups

    init(_ backups: Backups) { self.backups = backups }

    func timeout(_ payload: Payload) -> Duration { .seconds(12 * 3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let path = backups.path(of: payload.name)
        // Where the process ended just after it was made, there is nothing left to do.
        if fileStatus(path) == nil { try await make(path, job) }
        try await job.complete { tx in
            try tx.auditLog.add(.system, "backup.made", payload.subject, [:])
            try tx.publish("backup.made", payload.subject)
        }
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard case .dead(let failure) = end else { return }
        try tx.publish("backup.failed", payload.subject, ["code": .string(failure.code)])
    }

    private func make(_ path: String, _ job: JobContext) async throws {
        let copied = CopiedShare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [backups] in
                do {
                    try await backups.makeKept(path) { copied.set($0) }
                } catch {
                    throw JobFailure.terminal("backup_failed", "the backup could not be made: \(error)")
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    await pause(Self.reportInterval)
                    guard !Task.isCancelled else { return }
                    try await job.report(progress: copied.value * Self.copyingShare)
                }
            }
            // The copy is what is waited for; a report ends before it only where the lease is lost.
            _ = try await group.next()
        }
    }
}

/// The progress of the copying thread.
private final class CopiedShare: Sendable {
    private let share = Mutex(0.0)

    var value: Double { share.withLock { $0 } }

    func set(_ value: Double) { share.withLock { $0 = value } }
}
