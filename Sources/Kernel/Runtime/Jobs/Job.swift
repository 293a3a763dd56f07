package import Database
package import JSON
internal import Records
package import Telemetry

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

/// The subject of a job, an event, an audit entry or a decision.
package struct Subject: Hashable, Sendable {
    package let type: String, id: String

    package init(type: String, id: String) { (self.type, self.id) = (type, id) }

    package var json: JSON { ["type": .string(type), "id": .string(id)] }
}

extension JSON {
    /// The schema of a `Subject`.
    package static let anySubject: JSON = .schema(
        ["type": anyText, "id": anyText], required: ["type", "id"])
}

/// A job as people see it: one row of `jobs`.
package struct Job: Sendable {
    package let id: String, kind: String, queue: String
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
    package let batch: String?
    /// The key by which it shares its limits, and whether it waits for another job of that key to end.
    let limitKey: String?, isBlocked: Bool
    /// The time that its rate has given it.
    let rateSlot: Instant?
    /// Rises with every attempt, and with every revival.
    package let epoch: Int

    package static let columns: StaticString = """
        id, kind, queue, state, priority, attempt, max_attempts, run_at, error, waiting_for, subject_type, \
        subject_id, progress, created_at, started_at, finished_at, epoch, batch_id, limit_key, permit, rate_slot
        """

    package init(_ row: Row) {
        (id, kind, queue) = (row.text(0), row.text(1), row.text(2))
        state = JobState(rawValue: row.int(3)) ?? .dead
        (priority, attempt, attemptsMax) = (row.int(4), row.int(5), row.int(6))
        runAt = row.instant(7)
        (error, waitingFor) = (row.optionalText(8), row.optionalText(9))
        subject = row.optionalText(10).map { Subject(type: $0, id: row.text(11)) }
        progress = row.optionalDouble(12)
        (createdAt, startedAt, finishedAt) = (
            row.instant(13), row.optionalInstant(14), row.optionalInstant(15)
        )
        epoch = row.int(16)
        (batch, limitKey, isBlocked) = (row.optionalText(17), row.optionalText(18), row.int(19) == 2)
        rateSlot = row.optionalInstant(20)
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
