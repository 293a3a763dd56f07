package import Database
internal import Jobs
package import Nouns
package import Records

/// Throws a problem where a record may not go.
typealias DeletionGuard = @Sendable (Transaction, _ id: UntypedID) throws -> Void

/// Hears, in the transaction, that an agent's run has ended.
package typealias RunListener = @Sendable (_ run: AgentRunID, Transaction) throws -> Void

/// The agents' part of a registration: agents, tools, listeners, personal data, and the questions that modules answer.
struct AgentsDraft: PartDraft {
    let agents: AgentRegistry
    var tools = ToolRegistry()
    var approvalListeners = ApprovalListeners()
    var runListeners: [RunListener] = []
    var records = RecordRegistry()
    var personalData: [any PersonalData] = [
        SubjectRows.memories, SubjectRows.messages, NotedData(), SubjectRows.decisions,
        SubjectRows.modelAnswers,
    ]
    var questions = TenantQuestions()
    var outbound: (any OutboundHTTP)?
    var webAccounts = WebAccounts()
    var models: ModelService?
    var gauges: [GaugeSource] = []
    var deletionGuards: [String: [DeletionGuard]] = [:]
    var columns: [ReferringColumn] = []
    var mergeListeners: [any MergeListener] = []

    init(_ agents: AgentRegistry) { self.agents = agents }

    static func finish(_ registration: inout JobRegistration) -> any RuntimePart {
        registration.addBuiltInTools()
        return AgentsPart(registration[AgentsDraft.self], registration.database)
    }
}

extension JobRegistration {
    /// Lets the runtime have agents; before anything else is registered for them.
    package mutating func addAgents(_ agents: AgentRegistry) {
        begin(AgentsDraft(agents))
        add(ScheduleTimers())
        add(AgentRunJob(agents: agents))
        add(AgentCleanUpJob(agents: agents))
        add(ExperimentJob())
        add(WatchJob())
        add(ApprovalExpiryJob())
        add(AgentEffectJob())
        add(QuotaAlertJob())
        add(UseWatchJob())
        add(AgentEffects())
    }

    /// After everything else has registered: they serve the records that were.
    fileprivate mutating func addBuiltInTools() {
        let draft = self[AgentsDraft.self]
        add(gauges: { try $0.orchestration.quotaGauges() })
        add(UpdateRecordTool(records: draft.records))
        add(CreateRecordTool(records: draft.records))
        add(FindRecordsTool(records: draft.records))
        add(GetRecordTool(records: draft.records))
        add(HTTPRequestTool(outbound: draft.outbound, accounts: draft.webAccounts))
        add(CallModelTool())
    }

    /// The platform's answers about a tenant, as agents need them.
    package var questions: TenantQuestions {
        get { self[AgentsDraft.self].questions }
        set { self[AgentsDraft.self].questions = newValue }
    }

    /// The way out of the tools that call the web; without it they are unavailable.
    package var outbound: (any OutboundHTTP)? {
        get { self[AgentsDraft.self].outbound }
        set { self[AgentsDraft.self].outbound = newValue }
    }

    /// The web services that agencies have connected, for these tools.
    package var webAccounts: WebAccounts {
        get { self[AgentsDraft.self].webAccounts }
        set { self[AgentsDraft.self].webAccounts = newValue }
    }

    /// The way to the agency's models; without it agents take the path that needs none.
    package var models: ModelService? {
        get { self[AgentsDraft.self].models }
        set { self[AgentsDraft.self].models = newValue }
    }

    package mutating func add(_ source: some PersonalData) {
        self[AgentsDraft.self].personalData.append(source)
    }

    package mutating func add(_ tool: some InsideTool) { add(ToolDefinition(tool)) }
    package mutating func add(_ tool: some OutsideTool) { add(ToolDefinition(tool)) }
    package mutating func add(_ tool: some QueuedTool) { add(ToolDefinition(tool)) }
    package mutating func add(_ tool: some ExecutorTool) { add(ToolDefinition(tool)) }
    private mutating func add(_ tool: ToolDefinition) { self[AgentsDraft.self].tools.add(tool) }

    package mutating func add(_ listener: some ApprovalListener) {
        self[AgentsDraft.self].approvalListeners.add(listener)
    }

    /// Lets a module above hear, in the transaction, that an agent's run has ended.
    package mutating func add(runListener listener: @escaping RunListener) {
        self[AgentsDraft.self].runListeners.append(listener)
    }

    /// Lets tools read and write a resource's records, with the permissions of its routes.
    package mutating func add<R: ManagedRecord>(
        _ resource: Resource<R>, read: Permission, write: Permission
    ) {
        self[AgentsDraft.self].records.add(ToolRecords(resource, read: read, write: write))
    }

    /// Lets a slice refuse that a record goes which its own rows name, in the transaction that would delete it.
    package mutating func guardDeletion<R: ManagedRecord>(
        of type: R.Type, _ check: @escaping @Sendable (Transaction, ID<R.Identity>) throws -> Void
    ) {
        self[AgentsDraft.self].deletionGuards[R.noun, default: []].append { tx, id in
            if let id = ID<R.Identity>(id) { try check(tx, id) }
        }
    }

    /// Figures with a limit, such as a tool's calls this month, whose exhaustion the orchestrator foretells.
    package mutating func add(gauges: @escaping GaugeSource) {
        self[AgentsDraft.self].gauges.append(gauges)
    }
}
