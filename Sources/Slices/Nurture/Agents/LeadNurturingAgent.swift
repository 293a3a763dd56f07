internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Tenancy

/// Keeps in touch with leads: chooses the sequence that fits each, when it comes and whenever something of it has
/// changed, and lets it begin. The sequences go on by themselves.
struct LeadNurturingAgent: AgentDefinition {
    let name = EngagementWeights.agent
    let title = "Lead nurturing"
    let purpose = "Stays in touch with leads over months."
    let cannot = [
        "It claims nothing of which there is no record: without a published case study or news it is silent."
    ]
    let schedules = [DefaultSchedule(name: "Keep in touch", cron: "daily")]
    let events = ["lead.created"]
    let timeout: Duration = .seconds(1800)
    let initiative = Initiative.writesFirst
    /// It would ask to write to every lead that there is: whether an agency wants that is for it to say.
    let startsActive = false
    let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "templates:read", "sequences:read",
        "sequences:write", SendMessage.permission,
    ]
    let tools = [SendMessage.tool]
    typealias Settings = NurtureSettings

    let dependencies: NurtureDependencies
    let outbox: Outbox

    /// Leads that are looked at in one transaction, and in one run.
    private static let chunk = 50, runMax = 20_000

    func faults(parameters: JSON) -> [ValueFault] {
        (parameters.object?.members ?? []).compactMap { name, value in
            if name == "lead_id", LeadID(value.text ?? "") != nil { return nil }
            return name == "lead_id"
                ? ValueFault(
                    pointer: "/lead_id", code: "unknown_reference",
                    detail: "lead_id must be the id of a lead.")
                : ValueFault(
                    pointer: "/\(name.pointerToken)", code: "unknown_field",
                    detail: "The agent has no parameter \(name.prefix(64)): leave it out.")
        }
    }

    func run(_ run: AgentRun) async throws -> JSON {
        if let text = run.parameters["lead_id"]?.text { return try await chooseOne(text, run) }
        let settings = settings(of: run)
        var looked = 0, enrolled = 0, waiting = 0, isMore = true
        while isMore, looked < Self.runMax {
            let step = try await run.write { [waiting] tx in
                var round = try NurtureRound(run, settings, dependencies, outbox, waiting: waiting, in: tx)
                let leads = try tx.nurture.due(isNew: run.trigger == .event, limit: Self.chunk)
                for lead in leads { try round.choose(for: lead) }
                return (looked: leads.count, enrolled: round.enrolled, waiting: round.waiting)
            }
            run.processed(step.looked)
            (looked, enrolled, waiting) = (looked + step.looked, enrolled + step.enrolled, step.waiting)
            isMore = step.looked == Self.chunk
        }
        let result: JSON = ["processed": JSON(looked), "changed": JSON(enrolled)]
        return try await run.finish { _ in result }
    }

    private func chooseOne(_ text: String, _ run: AgentRun) async throws -> JSON {
        let settings = settings(of: run)
        run.processed()
        return try await run.finish { tx in
            guard let id = LeadID(text), let lead = try dependencies.lead(tx, id) else {
                throw JobFailure.terminal("not_found", "the lead no longer exists")
            }
            try tx.nurture.look(at: id, of: lead.contact, due: tx.now)
            var round = try NurtureRound(run, settings, dependencies, outbox, in: tx)
            let choice = try round.choose(for: id)
            return (choice?.outcome ?? [:]).merging(["processed": 1, "changed": JSON(round.enrolled)])
        }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        guard let facts = NurtureFacts(json: inputs) else { return nil }
        let settings = settings(from: configuration).settings
        return NurtureChoice(facts, EngagementWeights(settings.engagementWeights)).outcome
    }
}
