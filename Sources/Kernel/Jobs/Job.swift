package import Database
package import JSON
package import Nouns
package import Records
package import Telemetry

/// The state of a job: a number in the column `state`. A job is live in those before `completed`, and has ended in the
/// others.
package enum JobState: Int, CaseIterable, Sendable, SQLConvertible {
    case scheduled = 0, available, running, retrying, completed, dead, cancelled

    package var name: String {
        switch self {
        case .scheduled: "scheduled"
        case .available: "available"
        case .running: "running"
        case .retrying: "retrying"
        case .completed: "completed"
        case .dead: "dead"
        case .cancelled: "cancelled"
        }
    }

    /// The states that a person may bring a job to from here, by cancelling or retrying it.
    var allowed: [String] {
        switch self {
        case .scheduled, .available, .running, .retrying: ["cancelled"]
        case .dead, .cancelled: ["available"]
        case .completed: []
        }
    }

    package init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

/// A condition on rows of `jobs`, in the words of the table's indexes: an index of some rows serves only statements
/// that say the same.
package struct JobCondition: SQLText {
    package let description: String

    /// The job may be claimed.
    package static let ready = JobCondition(
        description: "state = \(literal: JobState.available) AND permit < \(literal: JobPermit.blocked)")
    package static let running = JobCondition(description: "state = \(literal: JobState.running)")
    /// The job waits for its time.
    package static let timed = JobCondition(
        description: "state IN \(literal: [JobState.scheduled, .retrying])")
    /// The job has not ended.
    package static let live = JobCondition(description: "state < \(literal: JobState.completed)")
}

/// The subject of a job, an event, an audit entry or a decision.
package struct Subject: Hashable, Sendable {
    package let type: String, id: String

    package init(type: String, id: some Key) { (self.type, self.id) = (type, id.keyText) }

    package init<Noun>(_ id: ID<Noun>) { self.init(type: Noun.noun, id: id) }

    /// The identifier of a subject that is one of `type`; `nil` for any other.
    package func id<Noun: Identified>(of type: Noun.Type = Noun.self) -> ID<Noun>? {
        self.type == Noun.noun ? ID(id) : nil
    }

    /// The identifier of a subject that is such a record; `nil` for any other.
    package func id<R: Record>(of type: R.Type) -> ID<R.Identity>? { id(of: R.Identity.self) }

    package var json: JSON { ["type": .string(type), "id": .string(id)] }
}

extension ColumnReader {
    /// Reads a subject from the columns `subject_type` and `subject_id`.
    package mutating func subject() -> Subject {
        Subject(type: text("subject_type"), id: text("subject_id"))
    }

    /// Reads a subject from the same columns; `nil` where they are null.
    package mutating func optionalSubject() -> Subject? {
        let type = optionalText("subject_type"), id = optionalText("subject_id")
        guard let type, let id else { return nil }
        return Subject(type: type, id: id)
    }
}

extension JSON {
    /// The schema of a `Subject`.
    package static let anySubject: JSON = .schema(
        ["type": anyText, "id": anyText], required: ["type", "id"])
}

/// A job as people see it: one row of `jobs`.
package struct Job: StoredRow {
    package let id: JobID, kind: String, queue: String
    package let state: JobState
    package let priority: Int, attempt: Int, attemptsMax: Int
    package let runAt: Instant
    package let error: String?
    /// The reason why it waits, in words; `nil` when it waits for nothing but its time or a free worker.
    package let waitingFor: String?
    package let subject: Subject?
    package let progress: Double?
    package let createdAt: Instant, startedAt: Instant?, finishedAt: Instant?
    /// The batch that it is one of.
    package let batch: ID<JobBatch>?
    /// The key by which it shares its limits, and whether it waits for another job of that key to end.
    package let limitKey: String?, isBlocked: Bool
    /// The time that its rate has given it.
    let rateSlot: Instant?
    /// Rises with every attempt, and with every revival.
    package let epoch: Int

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, kind, queue) = (row.id("id"), row.text("kind"), row.text("queue"))
        state = JobState(rawValue: row.int("state")) ?? .dead
        (priority, attempt, attemptsMax) = (row.int("priority"), row.int("attempt"), row.int("max_attempts"))
        runAt = row.instant("run_at")
        (error, waitingFor) = (row.optionalText("error"), row.optionalText("waiting_for"))
        subject = row.optionalSubject()
        progress = row.optionalDouble("progress")
        createdAt = row.instant("created_at")
        (startedAt, finishedAt) = (row.optionalInstant("started_at"), row.optionalInstant("finished_at"))
        epoch = row.int("epoch")
        (batch, limitKey) = (row.optionalID("batch_id"), row.optionalText("limit_key"))
        isBlocked = row.int("permit") == JobPermit.blocked.rawValue
        rateSlot = row.optionalInstant("rate_slot")
    }

    /// Rises with every change of state: an attempt runs, waits for the next one, and ends.
    package var version: Int {
        switch state {
        case .running: 3 * epoch
        case .scheduled, .available, .retrying: 3 * epoch + 1
        case .completed, .dead, .cancelled: 3 * epoch + 2
        }
    }

    package var updatedAt: Instant { finishedAt ?? startedAt ?? createdAt }
}
