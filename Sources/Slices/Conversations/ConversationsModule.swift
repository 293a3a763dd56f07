internal import Messages
internal import Records
package import Tenancy

extension Module {
    /// The agents that talk with people, and hand over to people.
    package static let conversations = Module(
        "conversations", asks: [ConversationDependencies.self],
        offers: [
            ModuleOffer((any MessageListener).self) { _ in [BookingOffers(), DraftedAnswers()] },
            ModuleOffer((any ConversationListener).self) { _ in [ConversationWatch()] },
            ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofConversations },
        ],
        agents: { parts in conversationAgents(try ConversationServices(parts)) },
        slots: [conversationQueue: 32],
        jobs: { registration, parts in conversationJobs(&registration, try ConversationServices(parts)) },
        routes: { routes, parts, runtime in
            handoverRoutes(&routes, try ConversationServices(parts), runtime)
        })
}

extension ConversationServices {
    fileprivate init(_ parts: ModuleParts) throws {
        self.init(try parts[Outbox.self], parts.answers())
    }
}
