package import Database
package import JSON
internal import Records
package import Telemetry

package enum WorkflowStatus: String, CaseIterable, Sendable {
    case running, waiting, paused, completed, failed, cancelled

    package var isFinished: Bool { [.completed, .failed, .cancelled].contains(self) }
}

/// One run of a workflow: a row of `workflow_runs`. Documents are JSON texts.
package struct WorkflowRun: Sendable {
    package let id: String
    /// The registered workflow and the version of its code.
    package let workflow: String, codeVersion: Int
    /// Of a workflow that is data: its definition.
    package let workflowID: String?, workflowVersion: Int?
    package let status: WorkflowStatus
    package let input: String, state: String?, output: String?, error: String?
    /// Nodes before which the run stops.
    package let breakpoints: [String]
    /// Whether it stops before its next node.
    package let isStepping: Bool
    package let isCancelling: Bool
    let wakes: Int
    package let jobID: String
    package let parentID: String?, forkedFrom: String?
    /// The run at the top of the tree; `nil` for that run itself.
    let rootID: String?
    /// The number of runs above this one.
    let depth: Int
    package let startedBy: (type: String, id: String)
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant, startedAt: Instant?, finishedAt: Instant?

    package static let columns: StaticString = """
        id, workflow, code_version, workflow_id, workflow_version, status, input, state, output, error, breakpoints, \
        stepping, cancelling, wakes, job_id, parent_id, forked_from, started_by_type, started_by_id, version, \
        created_at, updated_at, started_at, finished_at, root_id, depth
        """

    package init(_ row: Row) {
        (id, workflow, codeVersion) = (row.text(0), row.text(1), row.int(2))
        (workflowID, workflowVersion) = (row.optionalText(3), row.optionalInt(4))
        status = WorkflowStatus(rawValue: row.text(5)) ?? .failed
        (input, state, output) = (row.text(6), row.optionalText(7), row.optionalText(8))
        error = row.optionalText(9)
        breakpoints = JSON(stored: row.text(10)).array?.compactMap(\.text) ?? []
        (isStepping, isCancelling, wakes) = (row.bool(11), row.bool(12), row.int(13))
        (jobID, parentID, forkedFrom) = (row.text(14), row.optionalText(15), row.optionalText(16))
        startedBy = (row.text(17), row.text(18))
        (version, createdAt, updatedAt) = (row.int(19), row.instant(20), row.instant(21))
        (startedAt, finishedAt) = (row.optionalInstant(22), row.optionalInstant(23))
        (rootID, depth) = (row.optionalText(24), row.int(25))
    }

    package var subject: Subject { Subject(type: "workflow_run", id: id) }
}

/// How a step stands: a row of `workflow_steps`.
package struct FlowStep: Sendable {
    package enum Status: String, Sendable {
        /// Its outside call may be under way.
        case running
        /// Something must come, or its time.
        case waiting
        /// An attempt failed; the next one comes at `dueAt`.
        case retrying
        /// Stopped before it, for a person.
        case paused
        case completed, failed, cancelled
    }

    package enum Kind: String, Sendable {
        case step, sleep, event, approval, child, parallel, value, agent, tool, condition, pause
    }

    package let path: String
    /// In the order in which steps began.
    package let number: Int
    package let kind: Kind
    package let name: String
    /// Of its arguments: a body that asks for something else at the same place has changed.
    package let hash: String
    package internal(set) var status: Status
    package internal(set) var attempt: Int
    /// JSON texts.
    package internal(set) var output: String?
    package internal(set) var error: String?
    package internal(set) var dueAt: Instant?
    package let startedAt: Instant
    package internal(set) var finishedAt: Instant?

    static let columns: StaticString = """
        path, number, kind, name, hash, status, attempt, output, error, due_at, started_at, finished_at
        """

    static let columnCount = 12

    init(
        path: String, number: Int, kind: Kind, name: String, hash: String, status: Status, at now: Instant
    ) {
        (self.path, self.number, self.kind, self.name, self.hash) = (path, number, kind, name, hash)
        (self.status, attempt, startedAt) = (status, 1, now)
    }

    init(_ row: Row) {
        (path, number) = (row.text(0), row.int(1))
        (kind, name, hash) = (Kind(rawValue: row.text(2)) ?? .step, row.text(3), row.text(4))
        (status, attempt) = (Status(rawValue: row.text(5)) ?? .failed, row.int(6))
        (output, error, dueAt) = (row.optionalText(7), row.optionalText(8), row.optionalInstant(9))
        (startedAt, finishedAt) = (row.instant(10), row.optionalInstant(11))
    }

    var isOpen: Bool { [.running, .waiting, .retrying, .paused].contains(status) }

    /// An entry of the run's history.
    package var json: JSON {
        [
            "id": .string(path), "node": .string(name), "kind": .string(kind.rawValue),
            "status": .string(status.rawValue), "attempt": JSON(attempt),
            "output": output.map(JSON.init(stored:)) ?? .null,
            "error": error.map(JSON.init(stored:)) ?? .null, "due_at": JSON(dueAt?.description),
            "started_at": .string(startedAt.description), "finished_at": JSON(finishedAt?.description),
        ]
    }
}
