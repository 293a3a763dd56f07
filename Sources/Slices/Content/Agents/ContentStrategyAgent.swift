internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy

/// Plans ideas on days and hours: after the calendar's themes, when readers are there, and by what has performed.
struct ContentStrategyAgent: AgentDefinition {
    let name = "content_strategy"
    let title = "Content strategy"
    let purpose = "Plans the content calendar from trends and performance."
    let cannot = [
        "It writes and publishes nothing: what it plans are ideas.",
        "It knows results of posts only as far as networks or people have told them, a day or more after they were published.",
    ]
    let schedules = [DefaultSchedule(name: "Ideas of the month", cron: "0 6 1 * *")]
    let events = ["social_account.created"]
    // People who connect an account may connect others, or ask for a plan of their own.
    let eventPause = Duration.seconds(600)
    let permissions: Set<Permission> = [
        "content_calendar:read", "content_items:read", "content_items:write",
    ]
    let tools = [CallModelTool.name, "create_record"]
    typealias Settings = ContentStrategySettings
    let dependencies: WritingDependencies

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object ?? [:]).members.compactMap { name, value in
            switch name {
            case "days" where !(value.int.map { (1...Int64(StrategyPlan.daysMax)).contains($0) } ?? false):
                ValueFault(
                    pointer: "/days", code: "out_of_range",
                    detail: "days must be a number from 1 to \(StrategyPlan.daysMax).")
            case "client_id" where !value.isNull && value.text.flatMap({ ClientID($0) }) == nil:
                ValueFault(
                    pointer: "/client_id", code: "unknown_reference",
                    detail: "client_id must be the id of a client.")
            case "days", "client_id": nil
            default:
                ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
            }
        }
    }

    func run(_ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run), given = run.parameters
        let days = Int(given["days"]?.int ?? Int64(settings.days))
        let client = given["client_id"]?.id(of: Nouns.Client.self)
        let found = try run.read { reader -> (plan: StrategyPlan, tenant: Tenant)? in
            if let client, try !dependencies.isClient(reader, client) {
                throw JobFailure.terminal("unknown_reference", "client_id names no client.")
            }
            // By itself it plans for whoever says something somewhere.
            if given["days"] == nil, try dependencies.hours(reader, client).isEmpty { return nil }
            let facts = StrategyFacts(dependencies: dependencies, client: client)
            return (
                try facts.plan(days: days, perWeek: settings.perWeek, in: reader),
                try reader.agency.tenant()
            )
        }
        guard let (plan, tenant) = found else {
            return try await run.finish { _ in ["processed": 0, "items": [], "reason": "no_accounts"] }
        }
        let titles = try await ModelIdeas.ask(
            for: plan, agency: tenant.name, locale: tenant.locale, client: client, run)
        return try await run.finish { tx in
            let decision = try run.decide(
                in: tx, Subject(run.id), plan.conclusion(writer: titles?.source))
            guard try run.may("create_record", about: Subject(run.id), decision: decision.id, in: tx) else {
                return plan.outcome.merging(["items": [], "decision_id": JSON(decision.id)])
            }
            let items = try plan.ideas.enumerated().map { place, idea -> JSON in
                var item = ContentItem(
                    idea, called: titles?[place] ?? idea.title, for: client, locale: tenant.locale)
                item.isMadeWithAI = titles?[place] != nil
                item.beginLife(id: tx.nextID(), now: tx.now)
                try tx.create(&item, by: run.actor)
                return JSON(item.id)
            }
            run.processed(items.count)
            return plan.outcome.merging(["items": .array(items), "decision_id": JSON(decision.id)])
        }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        StrategyPlan(inputs: inputs)?.outcome
    }
}

/// The settings of the agent that plans ideas.
struct ContentStrategySettings: AgentSettings {
    var perWeek = 3
    /// Through the day on which the longest month is followed by the next plan.
    var days = 31

    init() {}

    static let schema = Schema<ContentStrategySettings>(
        "ContentStrategySettings",
        [
            .integer(
                "ideas_per_week", \.perWeek, in: 1...7, .standard(3),
                .about("How many ideas are planned for a week.")),
            .integer(
                "days", \.days, in: 1...Int64(StrategyPlan.daysMax), .standard(31),
                .about("How many days are planned ahead, where a run does not say otherwise.")),
        ])
}
