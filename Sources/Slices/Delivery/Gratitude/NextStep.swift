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

    func said(_ words: Wording, _ locale: TextLocale) -> String {
        words(
            "gratitude.deadline",
            [
                "is_milestone": .flag(milestone != nil), "name": .text(name),
                "project": .text(project.name), "day": .text(locale.shown(day)),
            ])
    }
}

/// The next step for a client, as its records have it.
enum NextStep: Sendable {
    case goal(Goal)
    case deadlines([Deadline])
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
        case .deadlines(let deadlines):
            words(
                "gratitude.next_deadlines",
                ["deadlines": .text(deadlines.map { $0.said(words, locale) }.joined(separator: "; "))])
        case .newGoal: words("gratitude.next_new")
        }
    }

    /// The records that it rests on.
    var sources: [Subject] {
        switch self {
        case .goal(let goal): [goal.subject]
        case .deadlines(let deadlines): deadlines.map(\.project.subject)
        case .newGoal: []
        }
    }
}

extension Occasions {
    /// Returns the first open goal, and the deadlines that the next message would come too late for: the client is left
    /// alone for a while after this one.
    func next(in tx: Transaction) throws -> [NextStep] {
        let goal = try nextGoal(in: tx), all = try deadlines(in: tx)
        return [goal, ahead(all[...], orFirst: goal == nil)].compactMap(\.self)
    }

    /// Returns those of some deadlines, the nearest first, that lie in the time in which the client is left alone after
    /// a message, or else the first of them where that is wanted.
    func ahead(_ deadlines: ArraySlice<Deadline>, orFirst isWanted: Bool) -> NextStep? {
        let last = today.daysSinceEpoch + Int(GratitudeChoice.rest.components.seconds / 86_400)
        let near = deadlines.prefix { $0.day.daysSinceEpoch <= last }.prefix(Self.toldMax)
        let told = near.isEmpty && isWanted ? deadlines.prefix(1) : near
        return told.isEmpty ? nil : .deadlines(Array(told))
    }

    /// Returns what is ahead; after a success without any, that a goal may be worth setting.
    func nextOrNew(in tx: Transaction) throws -> [NextStep] {
        let known = try next(in: tx)
        return known.isEmpty ? [.newGoal] : known
    }

    /// The most deadlines that one message names.
    private static var toldMax: Int { 10 }

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
