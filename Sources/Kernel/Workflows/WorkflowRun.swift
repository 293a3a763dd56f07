package import Database
package import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

package enum WorkflowStatus: String, CaseIterable, Sendable {
    case running, waiting, paused, completed, failed, cancelled

    package var isFinished: Bool { [.completed, .failed, .cancelled].contains(self) }
}

/// One run of a workflow: a row of `workflow_runs`. Documents are JSON texts.
package struct WorkflowRun: StoredRow {
    package let id: WorkflowRunID
    /// The registered workflow and the version of its code.
    package let workflow: String, codeVersion: Int
    /// The definition of a workflow that is data.
    package let workflowID: ID<WorkflowDefinition>?, workflowVersion: Int?
    package let status: WorkflowStatus
    package let input: String, state: String?, output: String?, error: String?
    /// Nodes before which the run stops.
    package let breakpoints: [String]
    /// Whether it stops before its next node.
    package let isStepping: Bool
    package let isCancelling: Bool
    let wakes: Int
    package let jobID: JobID
    package let parentID: WorkflowRunID?, forkedFrom: WorkflowRunID?
    /// The run at the top of the tree; `nil` for that run itself.
    let rootID: WorkflowRunID?
    /// The number of runs above this one.
    let depth: Int
    /// The event by which it began, and its subject.
    package let eventID: String?, about: Subject?
    /// The run that did what the event is of.
    let causedBy: WorkflowRunID?
    package let startedBy: (type: String, id: String)
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant, startedAt: Instant?, finishedAt: Instant?

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (id, workflow, codeVersion) = (row.id("id"), row.text("workflow"), row.int("code_version"))
        (workflowID, workflowVersion) = (row.optionalID("workflow_id"), row.optionalInt("workflow_version"))
        status = WorkflowStatus(rawValue: row.text("status")) ?? .failed
        (input, state, output) = (row.text("input"), row.optionalText("state"), row.optionalText("output"))
        error = row.optionalText("error")
        breakpoints = JSON(stored: row.text("breakpoints")).array?.compactMap(\.text) ?? []
        (isStepping, isCancelling, wakes) = (row.bool("stepping"), row.bool("cancelling"), row.int("wakes"))
        jobID = row.id("job_id")
        (parentID, forkedFrom) = (row.optionalID("parent_id"), row.optionalID("forked_from"))
        startedBy = (row.text("started_by_type"), row.text("started_by_id"))
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
        (startedAt, finishedAt) = (row.optionalInstant("started_at"), row.optionalInstant("finished_at"))
        (rootID, depth) = (row.optionalID("root_id"), row.int("depth"))
        (eventID, about) = (row.optionalText("event_id"), row.optionalSubject())
        causedBy = row.optionalID("caused_by")
    }

    package var subject: Subject { Subject(id) }
}

/// The state of a step: a row of `workflow_steps`.
package struct FlowStep: StoredRow {
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
    /// The number of the step, in the order in which steps began.
    package let number: Int
    package let kind: Kind
    package let name: String
    /// The hash of its arguments: a body that asks for something else at the same place has changed.
    package let hash: String
    package internal(set) var status: Status
    package internal(set) var attempt: Int
    /// JSON texts.
    package internal(set) var output: String?
    package internal(set) var error: String?
    package internal(set) var dueAt: Instant?
    package let startedAt: Instant
    package internal(set) var finishedAt: Instant?

    package static let columns = Columns(of: Self.self)

    init(
        path: String, number: Int, kind: Kind, name: String, hash: String, status: Status, at now: Instant
    ) {
        (self.path, self.number, self.kind, self.name, self.hash) = (path, number, kind, name, hash)
        (self.status, attempt, startedAt) = (status, 1, now)
    }

    package init(_ row: inout ColumnReader) {
        (path, number) = (row.text("path"), row.int("number"))
        (kind, name, hash) = (Kind(rawValue: row.text("kind")) ?? .step, row.text("name"), row.text("hash"))
        (status, attempt) = (Status(rawValue: row.text("status")) ?? .failed, row.int("attempt"))
        (output, error) = (row.optionalText("output"), row.optionalText("error"))
        dueAt = row.optionalInstant("due_at")
        (startedAt, finishedAt) = (row.instant("started_at"), row.optionalInstant("finished_at"))
    }

    package var isOpen: Bool { [.running, .waiting, .retrying, .paused].contains(status) }

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
