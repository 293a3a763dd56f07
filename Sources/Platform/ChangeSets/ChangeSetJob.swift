internal import Database
internal import Jobs
internal import Nouns
internal import Records

/// Goes on with a change set in the background, some records at a time. What became of a part commits with the place
/// that was reached: after a crash it goes on behind it.
struct ChangeSetJob: JobKind {
    struct Payload: Codable, Sendable {
        let changeSetID: ID<ChangeSet>
    }

    static let kind = "change_set.work"
    static let queue = "change_sets"

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.changeSetID
        while true {
            let set = try await job.write(.batch) { tx in
                try tx.changeSets.proceed(try ChangeSet.resource.get(id, in: tx))
            }
            if !set.status.isAtWork { break }
            try await job.report(progress: set.progress)
        }
        // An undo that began while this job was still alive has left the work to it.
        try await job.complete { tx in
            try tx.changeSets.enqueueWork(on: try ChangeSet.resource.get(id, in: tx))
        }
    }
}
