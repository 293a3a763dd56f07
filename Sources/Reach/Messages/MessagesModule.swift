internal import Addresses
internal import Database
internal import Integrations
internal import Records
package import Tenancy

extension Module {
    /// Everything that goes out to people or comes in from them.
    package static let messages = Module(
        "messages",
        resources: [
            // Mapping somebody to a user lets them decide as that user.
            .standard(SlackUser.resource, readers: .manager, writers: .owner),
            .standard(WordingRule.resource, writers: .manager),
        ],
        migrations: messagesMigrations, sandboxTables: { messagesSandboxTables },
        permissions: messagesPermissions,
        asks: [MessagingDependencies.self],
        offers: [
            ModuleOffer((any HookHandler).self) { parts in
                let outbox = try parts[Outbox.self]
                return [MailInbox(outbox), GenericInbox(outbox), ChatInbox(outbox), MarketingHooks(outbox)]
            },
            ModuleOffer((any LearnedTaskModels).self) { _ in [ReplyLearning.models] },
            ModuleOffer(NotificationKind.self) { _ in NotificationKind.ofMessages },
            ModuleOffer((any AddressListener).self) { _ in [HeldAddresses()] },
        ],
        setup: messagesSetup,
        seeding: Seeding(counter: wordingsSeeded, seedWordings),
        tidying: { parts in
            let retention = MessageRetention(try parts[Outbox.self])
            return [
                TenantTidying(
                    due: { try MessageRetention.due(in: $0) }, tidyUp: { try retention.forget(in: $0) })
            ]
        },
        services: { parts in
            let outbox = Outbox(
                try parts[IntegrationServices.self], parts.answers(),
                try parts.composition.offers(of: (any MessageListener).self, parts),
                try parts.composition.offers(of: (any ConversationListener).self, parts),
                try parts.composition.offers(of: (any ReplyListener).self, parts),
                mailHosts: try parts[EmailChecks.self].hosts)
            parts.add(outbox)
            parts.services.accountMails.connect { try AccountMessages(outbox).send($0, in: $1) }
        },
        slots: [MessageSendJob.queue: 32, MailboxPollJob.queue: 8],
        jobs: { registration, parts in messagesJobs(&registration, try parts[Outbox.self]) },
        routes: { routes, parts, runtime in
            messagesRoutes(
                &routes, try parts[Outbox.self],
                try parts.composition.offers(of: (any LinkFollowing).self, parts), runtime)
        })
}

private let messagesPermissions: [DeclaredPermission] = [
    .init("brakes:read", for: .viewer, "Read brakes."),
    .init("brakes:write", for: .manager, "Create and release brakes."),
    .init("conversations:read", for: .viewer, "Read conversations and the metrics of handovers."),
    .init(
        "conversations:write", for: .member,
        "Write in conversations, and claim, assign, hand over, close and reopen them."),
    .init("messages:read", for: .viewer, "Read messages, and whether a contact may be written to."),
    .init(
        "messages:write", for: .manager,
        "Send, cancel, retry and resolve messages, and correct the class of replies."),
    .init("sending_domains:read", for: .viewer, "Read sending domains and the outcome of their mails."),
    .init("sending_domains:write", for: .manager, "Create, update, check and delete sending domains."),
    .init("templates:read", for: .viewer, "Read and preview templates."),
    .init("templates:write", for: .manager, "Create, update and delete templates."),
]
