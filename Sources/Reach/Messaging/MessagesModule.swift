internal import Database
package import Platform
internal import Records
internal import Runtime

extension Module {
    /// Everything that goes out to people or comes in from them.
    package static let messages = Module(
        "messages", migrations: messagesMigrations, sandboxTables: { messagesSandboxTables },
        asks: [MessagingSources.self],
        offers: [
            ModuleOffer((any HookHandler).self) { parts in
                let outbox = try parts[Outbox.self]
                return [MailInbox(outbox), GenericInbox(outbox), ChatInbox(outbox)]
            },
            ModuleOffer((any LearnedTaskModels).self) { _ in [ReplyLearning.models] },
        ],
        setup: messagesSetup,
        tidying: { parts in
            let retention = MessageRetention(try parts[Outbox.self])
            return [
                TenantTidying(
                    due: { try MessageRetention.due(in: $0) }, tidyUp: { try retention.forget(in: $0) })
            ]
        },
        jobs: { registration, parts in messagesJobs(&registration, try parts[Outbox.self]) },
        routes: { routes, parts, runtime in messagesRoutes(&routes, try parts[Outbox.self], runtime) })
}
