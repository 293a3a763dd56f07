internal import Database
internal import Messages
internal import Records
package import Tenancy

extension Module {
    /// The module of tickets, articles, forms and surveys.
    package static let support = Module(
        "support",
        resources: [
            .standard(CannedReply.resource, writers: .member), .standard(Macro.resource, writers: .member),
            .standard(ServiceIncident.resource, writers: .manager),
            .standard(Skill.resource, writers: .manager),
            .standard(SLAPolicy.resource, writers: .manager),
            .standard(SupportAddress.resource, writers: .manager),
            .standard(Team.resource, writers: .manager), .standard(TicketTrigger.resource, writers: .manager),
            .standard(TriageRule.resource, writers: .manager),
        ],
        migrations: supportMigrations, sandboxTables: { supportSandboxTables },
        permissions: supportPermissions,
        answers: [
            ModuleAnswer(to: MessagingDependencies.self) { dependencies in
                dependencies.trouble = { try $0.reading.clientTickets.trouble(ofClient: $1) }
                dependencies.answerTicket = { outbox, tx, ticket, approval in
                    try TicketDesk(outbox).decided(approval, about: ticket, in: tx)
                }
            }
        ],
        offers: [
            ModuleOffer((any MessageListener).self) { _ in [TicketReplies()] },
            ModuleOffer((any ConversationListener).self) { _ in [TicketChats()] },
            ModuleOffer((any LearnedTaskModels).self) { _ in [TicketLearning.models] },
            ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofSupport },
        ],
        seeding: Seeding(counter: supportSeeded, seedSupport),
        agents: { parts in [CustomerServiceAgent(try parts[Outbox.self])] },
        jobs: { registration, parts in supportJobs(&registration, try parts[Outbox.self]) },
        routes: { routes, parts, _ in
            supportRoutes(&routes, try parts[Outbox.self], try parts[ReferralIntake.self])
        })
}

private let supportPermissions: [DeclaredPermission] = [
    .init("articles:read", for: .viewer, "Read articles, and find those that answer a question."),
    .init("articles:write", for: .member, "Create, update and delete articles."),
    .init("forms:read", for: .viewer, "Read forms and what was submitted with them."),
    .init("forms:write", for: .manager, "Create, update and delete forms, and delete submissions."),
    .init("improvements:read", for: .viewer, "Read improvements and their effect."),
    .init("improvements:write", for: .manager, "Create, update and delete improvements."),
    .init("knowledge_gaps:read", for: .viewer, "Read knowledge gaps."),
    .init("knowledge_gaps:write", for: .member, "Update and delete knowledge gaps."),
    .init("surveys:read", for: .viewer, "Read surveys, their responses and the satisfaction of clients."),
    .init("surveys:write", for: .manager, "Create, update and delete surveys, and add and delete responses."),
    .init("tickets:read", for: .viewer, "Read tickets, their messages and metrics, and support reports."),
    .init(
        "tickets:write", for: .member,
        "Create, answer, assign, escalate, resolve, merge and delete tickets."),
]
