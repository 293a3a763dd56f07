package import Database
internal import Glibc
internal import JSON
internal import Records
package import Runtime
internal import Telemetry

/// Brings a file in, chunk by chunk. What a chunk writes and where the next begins commit together: after
/// a crash the import goes on where it was, no row lost and none twice.
package struct ImportJob: JobKind {
    package struct Payload: Codable, Sendable {
        let importID: String
    }

    package static let kind = "discovery.import"
    package static let queue = "imports"
    package static let attemptsMax = 20

    package init() {}

    package func timeout(_ payload: Payload) -> Duration { .seconds(24 * 3600) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let id = ID<Import>(payload.importID) else {
            throw JobFailure.terminal("not_found", "no such import")
        }
        let start = try job.read { try Import.resource.get(id, in: $0) }
        guard !start.status.isOver else { return }
        do {
            let file = try ImportFile(start, try job.read { try ImportFile.Setting(start, in: $0) })
            try await file.bringIn(job)
        } catch let fault as FileFault {
            try await fail(id, fault.detail, job)
        } catch let fault as HeaderMapping.Explicit.Invalid {
            try await fail(id, fault.detail, job)
        }
        unlink(start.spool)
    }

    private func fail(_ id: ID<Import>, _ reason: String, _ job: JobContext) async throws {
        try await job.complete { tx in
            let old = try Import.resource.get(id, in: tx)
            var failed = old
            failed.status = .failed
            failed.error = reason
            failed.finishedAt = tx.now
            try tx.save(old, &failed)
            try tx.publish("import.failed", failed.subject, ["error": .string(reason)])
        }
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let id = ID<Import>(payload.importID), let old = try Import.resource.find(id, in: tx),
            !old.status.isOver
        else { return }
        var record = old
        switch end {
        case .retried, .snoozed, .revived: return
        case .cancelled: record.status = .cancelled
        case .dead(let failure):
            record.status = .failed
            record.error = "The import stopped: \(failure.code). Ask the operator, naming this import."
        }
        record.finishedAt = tx.now
        try tx.save(old, &record)
    }
}
