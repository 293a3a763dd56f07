package import Database
internal import Glibc
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The queue of all imports, whatever they bring in.
let importQueue = "imports"

package struct ImportPayload: Codable, Sendable {
    let importID: ID<Import>
}

/// Brings a file in, chunk by chunk. What a chunk writes and where the next begins commit together: after
/// a crash the import goes on where it was, no row lost and none twice.
package protocol FileImportJob: JobKind where Payload == ImportPayload {
    associatedtype Rows: RowImport

    /// Returns the names of the columns where the first line does not name them, since it is a row itself; `nil`: it
    /// does.
    func names(ofFirst cells: [String]) -> [String]?
    /// Returns the importer of the rows below `header`, which is `nil` for JSON lines. Throws `FileFault` for a file of
    /// no use.
    func rows(of record: Import, header: [String]?, in reader: Reader) throws -> Rows
}

extension FileImportJob {
    package static var queue: String { importQueue }
    package static var attemptsMax: Int { 20 }

    package func timeout(_ payload: ImportPayload) -> Duration { .seconds(24 * 3600) }

    package func names(ofFirst cells: [String]) -> [String]? { nil }

    package func run(_ payload: ImportPayload, _ job: JobContext) async throws {
        let start = try job.read { try Import.resource.get(payload.importID, in: $0) }
        guard !start.status.isOver else { return }
        do {
            try await ImportFile(kind: self, record: start).bringIn(job)
        } catch let fault as FileFault {
            try await fail(start.id, fault.detail, job)
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
            try tx.imports.save(old, &failed)
            try tx.failures.book(.init(.file, failed.resourceName, code: "unreadable_file", reason))
            try tx.publish("import.failed", failed.subject, ["error": .string(reason)])
        }
    }

    package func ended(_ payload: ImportPayload, _ end: AttemptEnd, in tx: Transaction) throws {
        guard let old = try Import.resource.find(payload.importID, in: tx),
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
        try tx.imports.save(old, &record)
    }
}
