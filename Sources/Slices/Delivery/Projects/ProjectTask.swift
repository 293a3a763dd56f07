internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry
internal import Tenancy

/// Something that somebody has to do in a project: one row of `tasks`.
package struct ProjectTask: ManagedRecord {
    package enum Status: String, Choice {
        case todo, doing, done, blocked
    }
    package enum Priority: String, Choice { case low, normal, high, urgent }

    package var head = Head<ProjectTask>()
    package var projectID = ID<Project>.unset
    package var clientID = ClientID.unset
    package var title = ""
    package var description: String?
    package var priority = Priority.normal
    package var estimate: String?
    package var dueOn: CivilDate?
    package var assigneeID: UserID?
    package var status = Status.todo
    package var shared = false
    package var tags: [String] = []
    package var completedAt: Instant?
    package var role: String?
    package var milestone: String?
    package var tools: [String] = []
    package var method: String?

    package init() {}

    package static let idPrefix = "task", noun = "task"
    package static let resource = Resource<ProjectTask>(
        "tasks", named: "Task",
        console: ConsoleForm(
            columns: ["project_id", "status", "priority", "assignee_id", "due_on"],
            form: [
                "title", "project_id", "assignee_id", "priority", "status", "due_on",
                "description",
            ],
            filters: ["status", "priority"]),
        [
            .id("project_id", \.projectID, .required, .writeOnce, .filterable),
            .id(
                "client_id", \.clientID, .readOnly, .filterable,
                .about("The client of the deliverable's project.")),
            .text(
                "title", \.title, max: 500, .required, .searchable, .example("Draw the logo"),
                .about("The title of the task.")),
            .text("description", \.description, max: 20_000, .searchable),
            .choice(
                "priority", \.priority, .standard("normal"), .filterable, .about("How urgent the task is.")),
            .text(
                "estimate", \.estimate, max: 40, .about("The estimated time, as an ISO 8601 duration."),
                .example("PT4H")),
            .date("due_on", \.dueOn, .filterable, .sortable),
            .id(
                "assignee_id", \.assigneeID, of: .colleague, .filterable,
                .about("The user who does the task; one of the project's team by default.")),
            .choice(
                "status", \.status, .standard("todo"), .filterable,
                .about("Whether the task is open, in progress, blocked or done.")),
            .boolean(
                "shared", \.shared, .standard(false), .filterable, .about("Whether the client sees it.")),
            .texts("tags", \.tags, max: 30, length: 60),
            .instant("completed_at", \.completedAt, .readOnly, .filterable, .sortable),
            .text(
                "role", \.role, max: 100, .added(in: 1023), .about("The role that does such work, in a word.")
            ),
            .text(
                "milestone", \.milestone, max: 300, .added(in: 1023),
                .about("The milestone of the project by which the task is due.")),
            .texts(
                "tools", \.tools, max: 30, length: 100, .added(in: 1023),
                .about("The tools with which the work is done.")),
            .text("method", \.method, max: 2000, .added(in: 1023), .about("How the work is done.")),
        ])

    package mutating func prepare(
        replacing old: ProjectTask?, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        if let estimate, Duration(iso8601: estimate) == nil {
            faults.add("/estimate", "invalid_duration", "estimate must be a duration such as PT4H or P2D.")
        }
        if old == nil, let project = try Project.resource.find(projectID, in: tx) {
            clientID = project.clientID
            if assigneeID == nil { assigneeID = try tx.projects.leastBusy(of: project.team) }
        }
        try faults.throwIfAny()
        if status != .done { completedAt = nil } else if old?.status != .done { completedAt = tx.now }
    }

    package func saved(replacing old: ProjectTask?, by actor: Actor, in tx: Transaction) throws {
        try tx.projects.count(
            tasks: old == nil ? 1 : 0, done: isDone - (old?.isDone ?? 0),
            blocked: isBlocked - (old?.isBlocked ?? 0), of: projectID)
        if old?.openFor != openFor {
            try tx.projects.countOpen(old?.openFor, -1)
            try tx.projects.countOpen(openFor, 1)
        }
        if let old, old.status != status { try tx.publish("task.\(status.rawValue)", subject, payload) }
        if let assigneeID, assigneeID != old?.assigneeID {
            try tx.publish(
                "task.assigned", subject, payload.merging(["assignee_id": JSON(assigneeID)]))
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.projects.count(tasks: -1, done: -isDone, blocked: -isBlocked, of: projectID)
        try tx.projects.countOpen(openFor, -1)
    }

    private var isDone: Int { status == .done ? 1 : 0 }
    private var isBlocked: Int { status == .blocked ? 1 : 0 }
    /// The user who has it to do; `nil` when it is done.
    private var openFor: UserID? { status == .done ? nil : assigneeID }

    private var payload: JSON {
        [
            "project_id": JSON(projectID), "client_id": JSON(clientID),
            "title": .string(title), "status": .string(status.rawValue),
        ]
    }
}

extension ProjectStore where Base == Transaction {
    fileprivate func countOpen(_ user: UserID?, _ change: Int) throws {
        if let user { try tx.counters.count(openTasks(user), change) }
    }

    /// Returns the active member of a team with the fewest open tasks; the first of several.
    fileprivate func leastBusy(of team: [UserID]) throws -> UserID? {
        var best: (user: UserID, tasks: Int)?
        for id in team {
            guard let user = try User.resource.find(id, in: tx), user.status == .active else { continue }
            let tasks = try tx.counters.find(openTasks(id))
            if best.map({ tasks < $0.tasks }) ?? true { best = (id, tasks) }
        }
        return best?.user
    }
}

/// The counter of what somebody has to do.
private func openTasks(_ user: UserID) -> String { "tasks.open.\(user)" }
