internal import Agents
internal import Database
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

/// A day by which something of a client's project is to be done: a milestone, or the project itself.
struct Deadline: Sendable {
    let project: Project
    /// `nil`: the whole project.
    let milestone: ProjectMilestone?
    let day: CivilDate

    var name: String { milestone?.name ?? project.name }

    /// Names it among all: nobody is told twice.
    var key: String {
        milestone.map { "upcoming_milestone/\(project.id)/\($0.name)/\(day.iso)" }
            ?? "upcoming_deadline/\(project.id)/\(day.iso)"
    }
}

/// The next step for a client, as its records have it.
enum NextStep: Sendable {
    case goal(Goal)
    case deadline(Deadline)
    /// Nothing is recorded: after a success, a next goal may be set.
    case newGoal

    func said(_ words: Wording, _ locale: TextLocale) -> String {
        switch self {
        case .goal(let goal):
            words(
                "gratitude.next_goal",
                [
                    "goal": .text(goal.called), "target": .text(locale.shown(goal.target)),
                    "has_value": .flag(goal.current != nil),
                    "value": .text(goal.current.map { locale.shown($0) } ?? ""),
                    "day": .text(locale.shown(goal.by)),
                ])
        case .deadline(let deadline):
            words(
                "gratitude.next_deadline",
                [
                    "is_milestone": .flag(deadline.milestone != nil), "name": .text(deadline.name),
                    "project": .text(deadline.project.name), "day": .text(locale.shown(deadline.day)),
                ])
        case .newGoal: words("gratitude.next_new")
        }
    }
}

extension Occasions {
    /// Returns the first open goal, else the next deadline; `nil` where neither is recorded.
    func next(in tx: Transaction) throws -> NextStep? {
        try nextGoal(in: tx) ?? deadlines(in: tx).first.map(NextStep.deadline)
    }

    /// The first open goal whose day has not passed.
    func nextGoal(in tx: Transaction) throws -> NextStep? {
        try tx.goals.open(of: client.id).first { $0.by >= today }.map(NextStep.goal)
    }

    /// The days that are ahead in the client's projects, the nearest first.
    func deadlines(in tx: Transaction) throws -> [Deadline] {
        let projects = try Project.resource.all(
            where: "client_id = \(client.id) AND status IN ('planned', 'active')",
            suffix: "ORDER BY id LIMIT 50", in: tx)
        let all = projects.flatMap { project in
            project.milestones.list.filter { $0.doneAt == nil }.compactMap { milestone in
                milestone.dueOn.map { Deadline(project: project, milestone: milestone, day: $0) }
            } + [project.dueOn.map { Deadline(project: project, milestone: nil, day: $0) }].compactMap(\.self)
        }
        return all.filter { $0.day > today }.sorted { $0.day < $1.day }
    }

    /// Returns what waits for the client: deliverables to look at, and steps of its onboarding.
    func preparation(in tx: Transaction) throws -> (names: [String], sources: [Subject]) {
        let waiting = try Deliverable.resource.all(
            where: "client_id = \(client.id) AND status = 'with_client'", suffix: "ORDER BY id LIMIT 20",
            in: tx)
        let onboarding = try Onboarding.resource.first(
            where: "client_id = \(client.id) AND status IN ('active', 'stalled')",
            suffix: "ORDER BY id DESC LIMIT 1", in: tx)
        let steps = onboarding?.openToClient ?? []
        let sources = waiting.map(\.subject) + (steps.isEmpty ? [] : [onboarding?.subject].compactMap(\.self))
        return (waiting.map(\.name) + steps.map(\.title), sources)
    }
}
