internal import Conversations
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Insights
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Support

/// What a module brings to the product. A new module is one more line of `all`.
struct Module: Sendable {
    /// What routes are made with.
    struct Parts: Sendable {
        let configuration: Configuration
        let services: PlatformServices
        let runtime: Runtime
        let outbox: Outbox
    }

    let name: String
    var migrations: [Migration] = []
    var agents: [any AgentDefinition] = []
    /// Those that need more than the runtime.
    var agentsWith: @Sendable (PlatformServices, Outbox) -> [any AgentDefinition] = { _, _ in [] }
    var jobs: @Sendable (inout JobRegistration, PlatformServices, Outbox) -> Void = { _, _, _ in }
    /// What works on what the hooks of its providers bring.
    var hookHandlers: @Sendable (PlatformServices, Outbox) -> [any HookHandler] = { _, _ in [] }
    /// Who hears what becomes of the messages it has sent.
    var messageListeners: [any MessageListener] = []
    /// Who hears what is said in conversations, whichever channel it comes by.
    var conversationListeners: [any ConversationListener] = []
    /// What becomes of its tables in a sandbox.
    var sandboxTables: @Sendable () -> [SandboxTable] = { [] }
    /// What a new agency gets.
    var furnish: @Sendable (Transaction) throws -> Void = { _ in }
    var routes: @Sendable (inout Routes, Parts) -> Void = { _, _ in }
    /// What an agency may still lack.
    var setup: (@Sendable (Reader) throws -> [SetupItem])?

    static let all: [Module] = [
        Module(
            name: "runtime", migrations: runtimeMigrations, agents: [OrchestratorAgent()],
            sandboxTables: { runtimeSandboxTables },
            furnish: furnishSchedules,
            routes: { runtimeRoutes(&$0, $1.runtime, RuntimeQuestions(answeredBy: $1.services)) }),
        Module(
            name: "platform", migrations: platformMigrations,
            jobs: { registration, services, _ in
                registration.add(SandboxRemoval(services))
                webhookJobs(&registration, services)
                webServiceAccounts(&registration, services)
                integrationTools(&registration)
                registration.add(NotificationJob(services))
                registration.add(PostNotificationTool())
                registration.add(CredentialDateJob())
                registration.add(IntegrationCheckJob(services))
                registration.add(LearningJob([ReplyLearning.models, TicketLearning.models]))
                registration.add(AnsweredRequests())
            }, sandboxTables: { platformSandboxTables },
            routes: { platformRoutes(&$0, $1.services, $1.runtime) }),
        Module(
            name: "messaging", migrations: messagingMigrations,
            jobs: { registration, _, outbox in messagingJobs(&registration, outbox) },
            hookHandlers: { _, outbox in [MailInbox(outbox), GenericInbox(outbox), ChatInbox(outbox)] },
            messageListeners: [EnrollmentListener(messagingSources())],
            sandboxTables: { messagingSandboxTables },
            routes: {
                messagingRoutes(
                    &$0, $1.outbox, $1.runtime, uploads: $1.configuration.uploads)
            },
            setup: messagingSetup),
        Module(
            name: "discovery", migrations: discoveryMigrations, agents: discoveryAgents,
            jobs: { registration, _, _ in
                registration.add(ImportJob())
                discoveryRecords(&registration)
            },
            sandboxTables: { discoverySandboxTables },
            routes: { discoveryRoutes(&$0, $1.runtime, uploads: $1.configuration.uploads) },
            setup: discoverySetup),
        Module(
            name: "deals", migrations: dealsMigrations,
            agents: [OutreachAgent(dealsSources(), messagingSources())],
            agentsWith: { [SalesAgent(DealsServices($0, $1, dealsSources()))] },
            jobs: { dealsJobs(&$0, DealsServices($1, $2, dealsSources())) },
            hookHandlers: { [BookedMeetings(), PaymentHooks(DealsServices($0, $1, dealsSources()))] },
            sandboxTables: { dealsSandboxTables }, furnish: furnishDeals,
            routes: {
                dealsRoutes(
                    &$0, DealsServices($1.services, $1.outbox, dealsSources()),
                    uploads: $1.configuration.uploads)
            }),
        Module(
            name: "delivery", migrations: deliveryMigrations,
            agentsWith: { [ClientManagementAgent(DeliveryServices($0, $1, deliverySources()))] },
            jobs: {
                deliveryJobs(
                    &$0, DeliveryServices($1, $2, deliverySources()), references: clientReferences())
            },
            messageListeners: [ReportMails()], sandboxTables: { deliverySandboxTables },
            routes: {
                deliveryRoutes(
                    &$0, DeliveryServices($1.services, $1.outbox, deliverySources()),
                    references: clientReferences(), uploads: $1.configuration.uploads)
            }),
        Module(
            name: "support", migrations: supportMigrations,
            agentsWith: { _, outbox in [CustomerServiceAgent(outbox)] },
            jobs: { registration, _, outbox in supportJobs(&registration, outbox) },
            messageListeners: [TicketReplies()], conversationListeners: [TicketChats()],
            sandboxTables: { supportSandboxTables }, furnish: furnishSupport,
            routes: { supportRoutes(&$0, $1.outbox) }),
        Module(
            name: "conversations",
            agentsWith: { conversationAgents(ConversationServices($1, conversationSources())) },
            jobs: { conversationJobs(&$0, ConversationServices($2, conversationSources())) },
            messageListeners: [BookingOffers(), DraftedAnswers()],
            conversationListeners: [ConversationWatch()],
            routes: {
                handoverRoutes(&$0, ConversationServices($1.outbox, conversationSources()), $1.runtime)
            }),
        Module(name: "plan", agents: plannedAgents),
        Module(name: "insights", routes: { insightsRoutes(&$0, $1.runtime, .slices) }),
    ]

    static var migrations: [Migration] { all.flatMap(\.migrations) }
    static var messageListeners: [any MessageListener] { all.flatMap(\.messageListeners) }
    static var conversationListeners: [any ConversationListener] { all.flatMap(\.conversationListeners) }
    static var sandboxTables: [SandboxTable] { all.flatMap { $0.sandboxTables() } }
}

/// A new agency's agents work by its own time.
@Sendable private func furnishSchedules(_ tx: Transaction) throws {
    try tx.installSchedules(timeZone: try tx.ownTenant().timeZone)
}

extension App {
    var housekeeping: Housekeeping {
        Housekeeping(
            services,
            [
                TenantTidying(
                    due: { try MessageRetention.due(in: $0) }, tidyUp: { try MessageRetention.forget(in: $0) }
                )
            ])
    }

    /// Whether anybody has ever written here.
    func acrossTenantsHearsPeople() throws -> Bool {
        try database.acrossTenantsRead { try $0.int("SELECT max(row) FROM conversations") } != nil
    }

    /// Gives the agencies that are there already what a later release brought: schedules, packages, promises.
    func acrossTenantsFurnish() async throws {
        for (counter, furnish) in [(dealsFurnished, furnishDeals), (supportFurnished, furnishSupport)] {
            for tenant in try database.acrossTenantsRead({ try $0.acrossTenantsWithout(counter: counter) }) {
                try await database.write(tenant, .batch) { try furnish($0) }
            }
        }
        try await runtime.acrossTenantsInstallSchedules { reader in
            try reader.all("SELECT id, time_zone FROM tenants ORDER BY id") { row in
                (tenant: TenantID(rawValue: row.text(0)), timeZone: row.text(1))
            }
        }
    }
}

extension Configuration {
    /// Files that wait to be imported.
    var uploads: String { data + "/uploads" }
}
