internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// A piece of work that was agreed on with a client, with an end: one row of `projects`.
package struct Project: ManagedRecord {
    package enum Status: String, Choice {
        case planned, active
        case onHold = "on_hold"
        case completed, cancelled
    }

    package var head = Head<Project>()
    package var clientID = ClientID.unset
    package var name = ""
    package var description: String?
    package var status = Status.planned
    package var startsOn: CivilDate?
    package var dueOn: CivilDate?
    package var milestones = Parts<ProjectMilestone>()
    package var requirements: [String] = []
    package var team: [UserID] = []
    package var tasks = 0
    package var tasksDone = 0
    package var tasksBlocked = 0
    package var progress = 0
    package var completedAt: Instant?

    package init() {}

    package static let idPrefix = "proj", noun = "project"
    package static let resource = Resource<Project>(
        "projects", named: "Project",
        console: ConsoleForm(
            columns: ["client_id", "status", "progress", "due_on"],
            form: ["name", "client_id", "description", "status", "starts_on", "due_on"],
            filters: ["status"]),
        [
            .id("client_id", \.clientID, .required, .writeOnce, .filterable),
            .text(
                "name", \.name, max: 300, .required, .filterable, .sortable, .searchable,
                .example("New website"), .about("The name of the project.")),
            .text("description", \.description, max: 20_000, .searchable),
            .choice(
                "status", \.status, .standard("planned"), .filterable,
                .about("Whether the project is planned, active, on hold, completed or cancelled.")),
            .date("starts_on", \.startsOn),
            .date("due_on", \.dueOn, .filterable, .sortable, .example("2030-06-30")),
            .parts("milestones", \.milestones, max: 100),
            .texts(
                "requirements", \.requirements, max: 100, length: 1000,
                .about("The agreed requirements; by default those that sales handed over.")),
            .ids(
                "team", \.team, of: .colleague, max: 50,
                .about(
                    "The users in the project; a task without an assignee goes to the one with the fewest open tasks."
                )),
            .integer("tasks", \.tasks, in: 0...Int64.max, .readOnly),
            .integer("tasks_done", \.tasksDone, in: 0...Int64.max, .readOnly),
            .integer("tasks_blocked", \.tasksBlocked, in: 0...Int64.max, .readOnly),
            .integer(
                "progress", \.progress, in: 0...100, .readOnly,
                .about(
                    "The percentage of tasks that are done.")),
            .instant(
                "completed_at", \.completedAt, .readOnly, .added(in: 1023),
                .about("When the project was completed; null of one that was when it was made.")),
        ])

    package mutating func prepare(replacing old: Project?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if let startsOn, let dueOn, dueOn < startsOn {
            faults.add("/due_on", "out_of_range", "due_on must not be before starts_on.")
        }
        if old == nil, let client = try Client.resource.find(clientID, in: tx) {
            if requirements.isEmpty { requirements = client.soldRequirements }
            if milestones.list.isEmpty { milestones = Parts(client.agreedMilestones) }
        }
        try faults.throwIfAny()
        if status != .completed {
            completedAt = nil
        } else if let old, old.status != .completed {
            completedAt = tx.now
        }
    }

    package func saved(replacing old: Project?, by actor: Actor, in tx: Transaction) throws {
        guard let old else { return }
        if old.status != status { try tx.publish("project.\(status.rawValue)", subject, payload) }
        let reached = Set(old.milestones.list.filter { $0.doneAt != nil }.map(\.name))
        for milestone in milestones.list where milestone.doneAt != nil && !reached.contains(milestone.name) {
            try tx.publish(
                "project.milestone_reached", subject, payload.merging(["milestone": .string(milestone.name)]))
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        let isUsed = try tx.exists(
            """
            SELECT 1 FROM tasks WHERE tenant_id = \(tx.tenant) AND project_id = \(id)
            UNION ALL SELECT 1 FROM deliverables WHERE tenant_id = \(tx.tenant) AND project_id = \(id)
            """)
        if isUsed { throw Problem(.conflict, "The project has tasks or deliverables: cancel it instead.") }
    }

    private var payload: JSON {
        ["client_id": JSON(clientID), "name": .string(name), "status": .string(status.rawValue)]
    }
}

/// A result that a project has to have reached by a day.
package struct ProjectMilestone: Part {
    package var name = ""
    package var dueOn: CivilDate?
    package var doneAt: Instant?

    package init() {}

    /// As a contract has it.
    fileprivate init?(agreed json: JSON) {
        guard let name = json["name"]?.text, !name.isEmpty else { return nil }
        self.name = name
        dueOn = json["due"]?.text.flatMap(CivilDate.init(iso:))
    }

    package static let schema = Schema<ProjectMilestone>(
        "ProjectMilestone",
        [
            .text("name", \.name, max: 300, .required, .example("Design agreed")),
            .date(
                "due_on", \.dueOn), .instant("done_at", \.doneAt, .about("When the milestone was reached.")),
        ])
}

extension Client {
    /// The requirements that the client named before it signed, as they were handed over.
    var soldRequirements: [String] {
        let said = handover["requirements"]?["explicit"]?.array ?? []
        return said.compactMap(\.text).prefix(100).map { String($0.prefix(1000)) }
    }

    /// The milestones of the contract, each with its day.
    var agreedMilestones: [ProjectMilestone] {
        let agreed = handover["timeline"]?["milestones"]?.array ?? []
        return agreed.prefix(100).compactMap(ProjectMilestone.init(agreed:))
    }
}

extension ProjectStore where Base == Transaction {
    /// Counts what has become of a project's tasks, without reading them.
    func count(tasks: Int, done: Int, blocked: Int, of project: ID<Project>) throws {
        guard tasks != 0 || done != 0 || blocked != 0 else { return }
        try tx.run(
            """
            UPDATE projects SET tasks = tasks + \(tasks), tasks_done = tasks_done + \(done),
                tasks_blocked = tasks_blocked + \(blocked), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(project)
            """)
        try tx.run(
            """
            UPDATE projects SET progress = CASE WHEN tasks > 0 THEN tasks_done * 100 / tasks ELSE 0 END
            WHERE tenant_id = \(tx.tenant) AND id = \(project)
            """)
    }
}
