internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Synchronization
internal import Telemetry

/// The agents' part of the runtime: the agents themselves, their tools, approvals and models.
final class AgentsPart: RuntimePart {
    let agents: AgentRegistry
    let runs: RunWaiters
    let tools: ToolRegistry
    let records: RecordRegistry
    let drift = DriftWatch()
    let models: ModelService?
    let approvalListeners: ApprovalListeners
    let runListeners: [RunListener]
    let questions: TenantQuestions
    let gauges: [GaugeSource]
    let deletionGuards: [String: [DeletionGuard]]
    let mergeListeners: [any MergeListener]
    private let personal: Mutex<PersonalSources>
    private let columns: Mutex<[ReferringColumn]>

    init(_ draft: AgentsDraft, _ database: Database) {
        (agents, tools, models) = (draft.agents, draft.tools, draft.models)
        (runs, records) = (RunWaiters(database), draft.records)
        personal = Mutex(PersonalSources(draft.personalData))
        (approvalListeners, runListeners) = (draft.approvalListeners, draft.runListeners)
        (questions, gauges, deletionGuards) = (draft.questions, draft.gauges, draft.deletionGuards)
        mergeListeners = draft.mergeListeners
        columns = Mutex(draft.columns)
    }

    var eventTypes: Set<String> { Set(agents.all.flatMap(\.events)) }

    /// The places where something about people is kept; the resources are among them once they are known.
    var personalSources: PersonalSources { personal.withLock { $0 } }

    /// The columns that name records; those of resources are among them once they are known.
    var referringColumns: [ReferringColumn] { columns.withLock { $0 } }

    func know(_ records: [any Record.Type]) {
        let declared = records.flatMap { ReferringColumn.declared(by: $0) }
        columns.withLock { $0 += declared }
        let sources = PersonalSources(personalSources.all, records)
        precondition(sources.faults.isEmpty, sources.faults.joined(separator: "; "))
        personal.withLock { $0 = sources }
    }

    /// Agents that several of the events trigger are asked once for each type.
    func published(all events: [Event], in tx: Transaction) throws {
        var asked: Set<String> = []
        for event in events where asked.insert(event.type).inserted {
            for agent in agents.triggered(by: event.type)
            where try agent.isStarted(by: event.type, in: tx) {
                try tx.runs.trigger(agent, by: event.type, row: event.row)
            }
        }
    }

    func died(_ job: DeadJob, in tx: Transaction) throws {
        try tx.alerts.raise(ofDead: job.id, kind: job.kind, payload: job.payload, job.failure)
    }

    func revived(job id: JobID, in tx: Transaction) throws { try tx.alerts.resolve(ofDead: id) }

    func fireDue(_ runtime: Runtime) async throws -> Instant? { try await SchedulePump(runtime).fireDue() }

    func sent(since instant: Instant, in reader: any Queryable) throws -> Int {
        try questions.sent(reader, instant)
    }
}

extension Runtime {
    private var agentsPart: AgentsPart {
        for case let part as AgentsPart in parts { return part }
        preconditionFailure("the runtime was made without addAgents")
    }

    package var agents: AgentRegistry { agentsPart.agents }
    package var runs: RunWaiters { agentsPart.runs }
    package var tools: ToolRegistry { agentsPart.tools }
    /// The resources whose records tools may touch.
    package var records: RecordRegistry { agentsPart.records }
    var drift: DriftWatch { agentsPart.drift }
    var models: ModelService? { agentsPart.models }
    var personalSources: PersonalSources { agentsPart.personalSources }
    var approvalListeners: ApprovalListeners { agentsPart.approvalListeners }
    var runListeners: [RunListener] { agentsPart.runListeners }
    package var questions: TenantQuestions { agentsPart.questions }
    var gauges: [GaugeSource] { agentsPart.gauges }
    var deletionGuards: [String: [DeletionGuard]] { agentsPart.deletionGuards }
    var mergeListeners: [any MergeListener] { agentsPart.mergeListeners }
    /// Returns the columns that name records of a table.
    package func referringColumns(to table: String) -> [ReferringColumn] {
        agentsPart.referringColumns.filter { $0.target == table }
    }
}

extension SandboxTally {
    /// The number of attempts of agents' runs.
    package var agents: Int { attempts[AgentRunJob.kind] ?? 0 }
}
