internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Social

/// The agents of the networks, as the coordinator asks them.
struct NetworkAgents: Sendable {
    let all: [any NetworkAgentDefinition]

    /// Returns what is set for a network; `nil`: its agent is switched off.
    func special(of network: SocialNetwork, in reader: some Queryable) throws -> NetworkSpecial? {
        try all.first { $0.network == network }.flatMap { try $0.special(in: reader) }
    }
}

protocol NetworkAgentDefinition: AgentDefinition {
    var network: SocialNetwork { get }
    func special(in reader: some Queryable) throws -> NetworkSpecial?
}

/// The settings of the agent of one network.
protocol NetworkSettings: AgentSettings {
    var special: NetworkSpecial { get }
    /// The number of drafts out of the agency's own articles and case studies that it makes in a week.
    var draftsPerWeek: Int { get }
    /// The number of drafts that it makes in a day about what people speak of there.
    var trendsPerDay: Int { get }
}

extension NetworkSettings {
    var special: NetworkSpecial { NetworkSpecial() }
    var draftsPerWeek: Int { 0 }
    var trendsPerDay: Int { 0 }
}

/// The agent of one network: makes posts that are at home there, where the coordinator does not plan, and drafts where
/// the network lives on what somebody knows.
struct NetworkAgent<Settings: NetworkSettings>: NetworkAgentDefinition {
    let network: SocialNetwork
    let name: String
    let purpose: String
    let cannot: [String]
    let schedules: [DefaultSchedule]
    let dependencies: PieceDependencies
    /// Whether it may be asked to write about a topic.
    private let writes: Bool

    var title: String { network == .x ? "Twitter/X" : network.title }
    let events: [String]
    let initiative = Initiative.writesFirst
    var permissions: Set<Permission> {
        PostPlanner.permissions.union(writes ? ["content_items:write"] : [])
            .union(comparesFilms ? ["experiments:read", "experiments:write"] : [])
    }
    var tools: [String] {
        [PublishPostTool.name] + (writes ? ["create_record"] : []) + (comparesFilms ? [TryFilmTool.name] : [])
    }
    /// Whether its network's films are compared with each other.
    private var comparesFilms: Bool { network == .youtube }

    /// The coordinator hears of approved pieces first: two who plan the same would be in each other's way.
    func isStarted(by event: String, in reader: any Queryable) throws -> Bool {
        try Self.told.contains(event) || !SocialMediaCoordinator.isActive(in: reader)
    }

    /// The events of what networks tell, about which drafts are made whoever plans.
    private static var told: [String] {
        [
            "network_trends.read", "network_space.scheduled", "network_space.moved", "network_space.ended",
        ]
    }

    init(
        _ name: String, _ network: SocialNetwork, _ settings: Settings.Type, cron: String,
        writes: Bool = false,
        cannot: [String], _ dependencies: PieceDependencies
    ) {
        (self.name, self.network, self.writes, self.cannot) = (name, network, writes, cannot)
        self.dependencies = dependencies
        events = ["content_item.approved"] + (network == .x ? Self.told : [])
        purpose = "Makes posts that are at home on \(network.title)."
        schedules = [DefaultSchedule(name: "Week on \(network.title)", cron: cron)]
    }

    func special(in reader: some Queryable) throws -> NetworkSpecial? {
        guard try reader.agents.status(self).state != .disabled else { return nil }
        return settings(from: try reader.agentConfigurations.published(self).values).settings.special
    }

    func faults(parameters: JSON) -> [ValueFault] {
        PlanOrder.faults(
            in: parameters, Set(["content_item_id", "client_id"] + (writes ? ["topic"] : [])))
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let order = PlanOrder(run.parameters), (agent, network) = (self, network)
        let (pace, isCoordinated) = try run.read { reader in
            (try SocialMediaCoordinator.pace(in: reader), try SocialMediaCoordinator.isActive(in: reader))
        }
        let planner = PostPlanner(
            dependencies: dependencies,
            facts: PlanFacts(agents: NetworkAgents(all: [agent]), pace: pace, networks: [network]))
        guard try run.read({ try planner.hasAccounts(in: $0) }) else {
            return try await run.finish { _ in
                ["processed": 0, "pieces": [], "drafts": [], "reason": "no_accounts"]
            }
        }
        // A person who calls the agent means it, whether or not the coordinator plans.
        let plans = order.topic == nil && (run.trigger == .manual || !isCoordinated)
        let pieces = plans ? try await planner.plan(order, run) : []
        let words = writes && order.item == nil ? try run.read { try ownWords(order, run, in: $0) } : nil
        let trend =
            writes && order.isOfAll
            ? try run.read {
                try dependencies.trendWords(perDay: settings(of: run).trendsPerDay, in: $0)
            } : nil
        let films =
            comparesFilms && order.isOfAll ? try await FilmDesk(dependencies: dependencies).propose(run) : []
        return try await run.finish { tx in
            var drafts = try [words, trend].compactMap(\.self).flatMap { try draft($0, run, in: tx) }
            if network == .x, order.isOfAll { drafts += try SpaceDraft.draftAll(run, dependencies, in: tx) }
            var result: JSON = [
                "processed": JSON(pieces.count + drafts.count + films.count), "pieces": .array(pieces),
                "drafts": .array(drafts.map { JSON($0) }),
            ]
            if comparesFilms { result = result.merging(["films": .array(films)]) }
            if pieces.isEmpty, drafts.isEmpty {
                let reason = order.topic != nil ? "nothing_known" : plans ? "nothing_approved" : "coordinated"
                result = result.merging(["reason": .string(reason)])
            }
            return result
        }
    }

    // MARK: Drafts out of the agency's own words

    /// Returns what may be drafted: about the topic of a call, or in a week about what moves the market, or else of the
    /// newest; `nil`: nothing.
    private func ownWords(_ order: PlanOrder, _ run: AgentRun, in reader: Reader) throws -> OwnWords? {
        let count = order.topic != nil ? 1 : run.trigger == .schedule ? settings(of: run).draftsPerWeek : 0
        guard count > 0 else { return nil }
        let topic = try order.topic ?? dependencies.trends(reader).first ?? ""
        let known = try dependencies.drafted(reader)
        var seen: Set<String> = []
        let materials = try (dependencies.articles(reader, topic) + dependencies.stories(reader)).filter {
            (order.topic != nil || !known.contains($0.id)) && seen.insert($0.id).inserted
        }
        let words = OwnWords(about: topic, count: count, among: materials)
        guard words.drafts.isEmpty, order.topic == nil, !topic.isEmpty else {
            return words.drafts.isEmpty ? nil : words
        }
        let any = OwnWords(about: "", count: count, among: materials)
        return any.drafts.isEmpty ? nil : any
    }

    private func draft(_ words: OwnWords, _ run: AgentRun, in tx: Transaction) throws -> [ContentItemID] {
        let decision = try run.decide(in: tx, Subject(run.id), words.conclusion)
        guard decision.isNew,
            try run.may("create_record", about: Subject(run.id), decision: decision.id, in: tx)
        else { return [] }
        let drafts = words.drafts
        run.processed(drafts.count)
        return try drafts.map { draft in
            let item = try dependencies.draft(tx, draft, run.actor)
            if let trend = words.trend { try tx.networkTrends.drafted(item, about: trend.id) }
            return item
        }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        SocialPlan(inputs: inputs)?.outcome ?? FilmComparison(inputs: inputs)?.outcome
            ?? SpaceDraft(inputs: inputs)?.outcome ?? OwnWords(inputs: inputs)?.outcome
    }
}
