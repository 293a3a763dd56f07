internal import Messaging
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// The module of tickets, articles, forms and surveys.
    package static let support = Module(
        "support", migrations: supportMigrations, sandboxTables: { supportSandboxTables },
        answers: [
            ModuleAnswer(to: MessagingSources.self) { sources in
                sources.answerTicket = { outbox, tx, ticket, approval in
                    try TicketDesk(outbox).decided(approval, about: ticket, in: tx)
                }
            }
        ],
        offers: [
            ModuleOffer((any MessageListener).self) { _ in [TicketReplies()] },
            ModuleOffer((any ConversationListener).self) { _ in [TicketChats()] },
            ModuleOffer((any LearnedTaskModels).self) { _ in [TicketLearning.models] },
        ],
        furnishing: Furnishing(counter: supportFurnished, furnishSupport),
        agents: { parts in [CustomerServiceAgent(try parts[Outbox.self])] },
        jobs: { registration, parts in supportJobs(&registration, try parts[Outbox.self]) },
        routes: { routes, parts, _ in supportRoutes(&routes, try parts[Outbox.self]) })
}
