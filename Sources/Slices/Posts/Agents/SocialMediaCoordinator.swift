internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Social

/// Plans what is approved over all accounts of a client: each network at its hour, not all at once, and never the same
/// words twice.
struct SocialMediaCoordinator: AgentDefinition {
    static let agent = "social_media_coordinator"
    let name = agent
    let title = "Social media coordinator"
    let purpose = "Plans posts over all networks."
    let cannot = [
        "It writes no content: it makes posts of pieces that people have approved.",
        "It does nothing that networks leave to people: such things it prepares.",
    ]
    let schedules = [DefaultSchedule(name: "Posts of the coming days", cron: "daily")]
    let dailyHour = 7
    let events = ["content_item.approved"]
    let initiative = Initiative.writesFirst
    let permissions = PostPlanner.permissions
    let tools = [PublishPostTool.name, CallModelTool.name, "update_record"]
    typealias Settings = CoordinatorSettings
    let dependencies: PieceDependencies
    let agents: NetworkAgents

    func faults(parameters: JSON) -> [ValueFault] {
        PlanOrder.faults(in: parameters, ["content_item_id", "client_id", "networks", "post_id"])
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let order = PlanOrder(run.parameters)
        if let post = order.post { return try await AltTextDrafts(post: post).draft(run) }
        let facts = PlanFacts(agents: agents, pace: settings(of: run).pace, networks: order.networks)
        let planner = PostPlanner(dependencies: dependencies, facts: facts)
        guard try run.read({ try planner.hasAccounts(in: $0) }) else {
            return try await run.finish { _ in ["processed": 0, "pieces": [], "reason": "no_accounts"] }
        }
        let pieces = try await planner.plan(order, run)
        return try await run.finish { _ in
            var result: JSON = ["processed": JSON(pieces.count), "pieces": .array(pieces)]
            if pieces.isEmpty { result = result.merging(["reason": "nothing_approved"]) }
            return result
        }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        AltTextDrafts.outcome(of: inputs) ?? SocialPlan(inputs: inputs)?.outcome
    }

    /// Returns the pace at which the agency says things, which all agents of networks hold to.
    static func pace(in reader: some Queryable) throws -> PostingPace {
        let coordinator = SocialMediaCoordinator(
            dependencies: PieceDependencies(), agents: NetworkAgents(all: []))
        let values = try reader.agentConfigurations.published(coordinator).values
        return coordinator.settings(from: values).settings.pace
    }

    static func isActive(in reader: some Queryable) throws -> Bool {
        let coordinator = SocialMediaCoordinator(
            dependencies: PieceDependencies(), agents: NetworkAgents(all: []))
        return try reader.agents.status(coordinator).state == .active
    }
}

struct CoordinatorSettings: AgentSettings {
    var pace = PostingPace()

    init() {}

    static let schema = Schema<CoordinatorSettings>(
        "CoordinatorSettings",
        [
            .integer(
                "days_ahead", \.pace.daysAhead, in: 1...60, .standard(14),
                .about("How many days ahead posts are planned.")),
            .integer(
                "gap_hours", \.pace.gapHours, in: 0...168, .standard(3),
                .about("The hours between two posts of one piece.")),
            .integer(
                "posts_per_day", \.pace.postsPerDay, in: 1...50, .standard(2),
                .about("The most posts of an account on one day.")),
            .integer(
                "notice_hours", \.pace.noticeHours, in: 0...336, .standard(4),
                .about("The hours that people have to look at what is planned.")),
        ])
}
