internal import Agents
package import Database
internal import Integrations
package import Jobs
internal import People
internal import Records
internal import Nouns
package import Routing
package import Tenancy

/// Declares the routes of everything that goes out to people or comes in from them.
package func messagesRoutes(
    _ routes: inout Routes, _ outbox: Outbox, _ followings: [any LinkFollowing], _ runtime: Runtime
) {
    messagesEvents(&routes)
    templateRoutes(&routes, outbox)
    messageRoutes(&routes, outbox)
    nurtureRoutes(&routes, outbox)
    conversationRoutes(&routes, outbox)
    conversationVerbs(&routes, outbox, runtime)
    callRoutes(&routes, outbox)
    contactIdentityRoutes(&routes)
    webChatRoutes(&routes, outbox, runtime)
    brakeRoutes(&routes)
    unsubscribeRoutes(&routes, outbox)
    trackingRoutes(&routes, outbox, followings)
    sendingDomainRoutes(&routes, outbox)
    portalPreferenceRoutes(&routes)
    portalWishRoutes(&routes)
    portalBrakeRoutes(&routes)
    portalChatRoutes(&routes, outbox, runtime)
    routes.openToLimited("POST /v1/templates/{id}/preview", "GET /v1/templates/{id}/versions")
}

/// Registers what sends, receives and forgets messages, and answers the runtime's questions about them.
package func messagesJobs(_ registration: inout JobRegistration, _ outbox: Outbox) {
    registration.add(MessageSendJob(outbox))
    registration.add(HeldMessagesJob())
    registration.add(HeldMessages())
    registration.add(PortalNotices())
    registration.add(PortalNoticeJob(outbox))
    registration.add(SnoozeEndJob(outbox))
    registration.add(ChatMediaJob(outbox: outbox))
    registration.add(StaffPostJob(outbox))
    registration.add(StaffWatch(outbox))
    registration.add(PersonalRecords<Message>(erasing: { try outbox.erase($0, in: $1) }))
    registration.add(ToldData(outbox))
    registration.add(MessageRetention(outbox))
    registration.add(SendMessageTool(outbox))
    registration.add(MessageBatches())
    registration.add(MessageBatchJob(outbox: outbox))
    registration.add(DomainCheckJob(outbox: outbox))
    registration.add(ReadMailboxTool())
    registration.add(ReadCommentsTool())
    registration.add(FetchFileTool())
    registration.add(LookUpMessageTool())
    registration.add(ShowTypingTool())
    registration.questions.lanes = { [lanes = outbox.lanes] in IntegrationID($0).flatMap(lanes.width) }
    marketingJobs(&registration, outbox)
    registration.add(MailboxPollJob(outbox: outbox))
    registration.add(MailboxPolls(providers: outbox.integrations.providers))
    registration.add(CommentPollJob(outbox: outbox))
    registration.add(CommentPolls(providers: outbox.integrations.providers))
    registration.questions.sent = { reader, start in
        Int(
            try reader.int(
                "SELECT count(*) FROM messages WHERE tenant_id = \(reader.tenant) AND sent_at >= \(start)")
                ?? 0)
    }
    registration.questions.addConnectors(of: [SendMessage.tool]) { reader in
        try
            (reader.reading.integrations.all(for: .emailSending) + reader.reading.integrations.all(for: .chat))
            .map(\.id)
    }
    registration.questions.addConnectors(of: [FetchFileTool.name, ShowTypingTool.name]) { reader in
        try reader.reading.integrations.all(for: .chat).map(\.id)
    }
    registration.questions.addConnectors(of: [LookUpMessageTool.name]) { reader in
        try
            (reader.reading.integrations.all(for: .emailSending) + reader.reading.integrations.all(for: .chat))
            .map(\.id)
    }
    registration.questions.addConnectors(of: [ReadCommentsTool.name]) { reader in
        try reader.reading.integrations.all(for: .chat)
            .filter { $0.hasComments(by: outbox.integrations.providers) }.map(\.id)
    }
    registration.questions.addConnectors(of: [ReadMailboxTool.name]) { reader in
        try
            (reader.reading.integrations.all(for: .emailReceiving)
            + reader.reading.integrations.all(for: .emailSending))
            .filter { $0.isPolled(by: outbox.integrations.providers) }.map(\.id)
    }
    registration.questions.brake = { reader, client in
        try reader.reading.brakes.all().first { $0.holdsEverything(for: client) }?.id.keyText
    }
}

package let messagesSandboxTables: [SandboxTable] =
    [
        .copied(MessageTemplate.resource),
        .copied("template_versions"),
        .copied(ContactIdentity.resource, changing: ["integration_id": .null]),
        .left("conversations", because: "what is said outside goes on outside"),
        .left("messages", because: "they are the live tenant's, and must not be sent again"),
        .left("message_events", because: "they belong to messages, which are left behind"),
        .left("message_locks", because: "who speaks outside does not speak here"),
        .left("send_counts", because: "a sandbox's sends are counted from its start"),
        .left("send_turns", because: "what waited in the live tenant is not sent by a copy"),
        .left("send_pace", because: "a sandbox's sends are paced from its start"),
        .copied(Brake.resource),
        .copied(SendingDomain.resource, changing: ["sealed_key": .null]),
        .left("domain_counts", because: "they tell what came of the live tenant's mails"),
        .left("mailbox_positions", because: "they belong to integrations, which are left behind"),
        .left("comment_places", because: "they belong to integrations, which are left behind"),
        .left("staff_posts", because: "a sandbox tells nobody outside"),
        .left("retention_marks", because: "they belong to messages, which are left behind"),
    ] + marketingSandboxTables

/// Returns what an agency still lacks before it can send.
package func messagesSetup(_ reader: Reader) throws -> [SetupItem] {
    let tenant = try reader.agency.tenant()
    let hasService = try !reader.integrations.all(for: .emailSending).isEmpty
    return [
        SetupItem(
            "mail", "Connect an email service", isDone: hasService,
            reason: "Email cannot be sent until one is connected.", link: "/v1/integrations"),
        SetupItem(
            "postal_address", "Add the agency's postal address", isDone: tenant.postalAddress != nil,
            reason: "The law requires it in every email; none is sent without it.", link: "/v1/settings"),
        SetupItem(
            "sender", "Set the sender of emails", isDone: tenant.sender != nil,
            reason: "Recipients see this name and reply to this address.", link: "/v1/settings"),
        SetupItem(
            UnsubscribeList.item, "Import your old unsubscribe list",
            isDone: try reader.consents.hasUnsubscribeList(),
            reason: "People who unsubscribed elsewhere must not be written to from here.",
            link: "/v1/suppressions/import", isDismissible: true),
    ]
}
