internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// The beginning of a kind of project, such as that of a package: one row of `project_templates`.
package struct ProjectTemplate: ManagedRecord {
    package var head = Head<ProjectTemplate>()
    package var name = ""
    package var packageID: PackageID?
    package var milestones = Parts<TemplateMilestone>()
    package var tasks = Parts<TemplateTask>()

    package init() {}

    package static let idPrefix = "ptpl", noun = "project_template"
    package static let resource = Resource<ProjectTemplate>(
        "project_templates", named: "ProjectTemplate", rule: .hidden,
        console: ConsoleForm(
            columns: ["package_id", "updated_at"], form: ["name", "package_id", "milestones", "tasks"],
            filters: ["package_id"]),
        [
            .text("name", \.name, max: 300, .required, .sortable, .example("Growth")),
            .id(
                "package_id", \.packageID, .filterable,
                .about("The package whose clients get such a project when its delivery is planned.")),
            .parts("milestones", \.milestones, max: 100),
            .parts("tasks", \.tasks, max: 300),
        ])

    package mutating func prepare(
        replacing old: ProjectTemplate?, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        let names = Set(milestones.list.map(\.name))
        if names.count != milestones.list.count {
            faults.add("/milestones", "conflict", "Each milestone must have a name of its own.")
        }
        for (index, task) in tasks.list.enumerated() {
            if let milestone = task.milestone, !names.contains(milestone) {
                faults.add(
                    "/tasks/\(index)/milestone", "unknown_reference",
                    "milestone must be the name of one of the milestones.")
            }
            if let estimate = task.estimate, Duration(iso8601: estimate) == nil {
                faults.add(
                    "/tasks/\(index)/estimate", "invalid_duration",
                    "estimate must be a duration such as PT4H or P2D.")
            }
        }
        try faults.throwIfAny()
    }
}

/// A milestone of projects that are yet to begin.
package struct TemplateMilestone: Part {
    package var name = ""
    package var afterDays = 0

    package init() {}

    package static let schema = Schema<TemplateMilestone>(
        "TemplateMilestone",
        [
            .text("name", \.name, max: 300, .required, .example("Launch")),
            .integer(
                "after_days", \.afterDays, in: 0...3650, .required,
                .about("How many days after the project's beginning it is due.")),
        ])
}

/// A task of projects that are yet to begin.
package struct TemplateTask: Part {
    package var title = ""
    package var description: String?
    package var estimate: String?
    package var priority = ProjectTask.Priority.normal
    package var role: String?
    package var milestone: String?
    package var tools: [String] = []
    package var method: String?

    package init() {}

    package static let schema = Schema<TemplateTask>(
        "TemplateTask",
        [
            .text("title", \.title, max: 500, .required, .example("Audit")),
            .text("description", \.description, max: 20_000),
            .text(
                "estimate", \.estimate, max: 40, .about("The estimated time, as an ISO 8601 duration."),
                .example("PT8H")),
            .choice("priority", \.priority, .standard("normal")),
            .text("role", \.role, max: 100, .about("The role that does such work, in a word.")),
            .text("milestone", \.milestone, max: 300, .about("The milestone by which the task is due.")),
            .texts(
                "tools", \.tools, max: 30, length: 100, .about("The tools with which the work is done.")),
            .text("method", \.method, max: 2000, .about("How the work is done.")),
        ])
}

extension ProjectStore where Base == Transaction {
    /// The template of a package: the newest, where there are several.
    func template(of package: PackageID) throws -> ProjectTemplate? {
        try ProjectTemplate.resource.first(
            where: "package_id = \(package)", suffix: "ORDER BY id DESC LIMIT 1", in: tx)
    }

    /// Begins a project as a template has it, with what was sold and agreed on, and with the requirements that the
    /// client has added since.
    func begin(
        _ template: ProjectTemplate, for client: Client, requirements added: [String], on start: CivilDate,
        by actor: Actor
    ) throws -> Project {
        func day(_ days: Int) -> CivilDate { CivilDate(daysSinceEpoch: start.daysSinceEpoch + days) }
        let sold = client.soldRequirements, names = Set(template.milestones.list.map(\.name))
        var project = Project.new(id: tx.nextID(), now: tx.now)
        (project.clientID, project.name, project.startsOn) = (client.id, template.name, start)
        project.requirements = Array((sold + added.filter { !sold.contains($0) }).prefix(100))
        project.milestones = Parts(
            template.milestones.list.map { milestone in
                var made = ProjectMilestone()
                (made.name, made.dueOn) = (milestone.name, day(milestone.afterDays))
                return made
            } + client.agreedMilestones.filter { !names.contains($0.name) })
        project.milestones.list = Array(project.milestones.list.prefix(100))
        project.dueOn = project.milestones.list.compactMap(\.dueOn).filter { $0 >= start }.max()
        try tx.create(&project, by: actor)
        for planned in template.tasks.list {
            var task = ProjectTask.new(id: tx.nextID(), now: tx.now)
            (task.projectID, task.title, task.description) = (project.id, planned.title, planned.description)
            (task.priority, task.estimate) = (planned.priority, planned.estimate)
            (task.role, task.tools, task.method) = (planned.role, planned.tools, planned.method)
            task.milestone = planned.milestone
            task.dueOn = template.milestones.list.first { $0.name == planned.milestone }
                .map { day($0.afterDays) }
            try tx.create(&task, by: actor)
        }
        return try Project.resource.get(project.id, in: tx)
    }
}
