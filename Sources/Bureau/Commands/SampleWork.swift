internal import Agents
internal import Database
internal import Discovery
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Workflows

/// The work that the sample agency has begun: `Config/demo/work.json`. A web service that it could ask, a workflow and
/// its runs on some leads, which end, sleep or wait for a person as the leads' scores have it, and limits of what
/// agents may take. It comes about as over the API, in the owner's name; what the runs do is up to them.
struct SampleWork: Sendable {
    private let workflow: JSONObject
    private let companies: [String]
    private let budgets: [JSON]
    private let webServices: [JSONObject]

    init(_ text: String) throws {
        let work = try JSONParser.parse(text)
        workflow = work["workflow"]?.object ?? [:]
        companies = work["leads"]?.array?.compactMap(\.text) ?? []
        budgets = work["budgets"]?.array ?? []
        webServices = work["web_services"]?.array?.compactMap(\.object) ?? []
    }

    func begin(in tx: Transaction, currency: String, by owner: Actor) throws {
        for budget in budgets {
            guard let kind = Budget.Kind(rawValue: budget["kind"]?.text ?? "") else { continue }
            let (limit, isMoney) = (budget["limit"]?.int ?? 0, kind == .money)
            try tx.budgets.create(
                Budget(
                    id: tx.makeID(), agent: budget["agent"]?.text, kind: kind,
                    amount: isMoney ? limit * Budget.microsPerMinorUnit : limit,
                    currency: isMoney ? currency : nil, now: tx.now),
                by: owner)
        }
        for service in webServices { try tx.connect(service, by: owner) }
        let definition = try tx.make(WorkflowDefinition.self, from: workflow, by: owner)
        for company in companies {
            guard let lead = try Lead.resource.first(where: "company = \(company)", in: tx) else { continue }
            let state: JSONObject = ["lead_id": JSON(lead.id), "company": .string(company)]
            _ = try tx.workflows.startGraph(definition.id, state: state, by: owner)
        }
    }
}
