internal import Agents
package import Database
package import JSON
package import Jobs
package import Messages
package import Nouns
internal import People
package import Records
package import Telemetry
internal import Templates
package import Tenancy

/// Something that a client or a stranger asks of the agency, until it is done: one row of `tickets`.
package struct Ticket: ManagedRecord {
    package enum Status: String, Choice {
        case new, open
        case waitingOnClient = "waiting_on_client"
        case onHold = "on_hold"
        case resolved, closed

        /// Returns the word by which events name the step to it.
        fileprivate func participle(after old: Status) -> String {
            switch self {
            case .new: "renewed"
            case .open: old == .resolved || old == .closed ? "reopened" : "opened"
            case .waitingOnClient: "paused"
            case .onHold: "held"
            case .resolved, .closed: rawValue
            }
        }
    }
    package static let watchersMax = 50
    package enum Priority: String, Choice, Comparable {
        case low, normal, high, urgent

        package static func < (a: Priority, b: Priority) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }
    package enum Sentiment: String, Choice { case positive, neutral, negative }
    /// The choosers of a priority: a person's choice stays.
    package enum Chooser: String, Choice { case person, triage }

    package var head = Head<Nouns.Ticket>()
    package var number = 0
    package var subject = ""
    package var body = ""
    package var category: String?
    package var priority: Priority?
    package var prioritySetBy: Chooser?
    package var sentiment: Sentiment?
    package var language: String?
    package var intent: String?
    package var status = Status.new
    package var tier: String?
    package var source = "api"
    package var clientID: ClientID?
    package var contactID: ContactID?
    package var assigneeID: UserID?
    package var teamID: TeamID?
    package var incidentID: ID<ServiceIncident>?
    package var conversationID: ID<Conversation>?
    package var sla = TicketSLA()
    package var nextDueAt: Instant?
    package var escalation: Escalation?
    package var resolution: String?
    package var tags: [String] = []
    package var relatedIDs: [TicketID] = []
    package var mergedInto: TicketID?
    /// The answers to a form's fields, beside the text.
    package var fields: JSONObject = [:]
    package var messages = 0
    package var reopened = 0
    package var firstResponseAt: Instant?
    package var resolvedAt: Instant?
    package var closedAt: Instant?
    /// The mail that it came by.
    package var messageID: MessageID?
    package var acknowledgedAt: Instant?
    /// The time when somebody or an agent has to look at it again, apart from its SLA targets.
    package var followUpAt: Instant?
    package var assistance: TicketAssistance?
    package var attachments: [ID<StoredFile>] = []
    /// The users who are told of everything that happens in it, beside its assignee.
    package var watcherIDs: [UserID] = []
    package var isEscalated = false

    package init() {}

    package static let resource = Resource<Ticket>(
        "tickets", named: "Ticket", rule: .first(of: [.client(), .parent("contact_id", of: "contacts")]),
        personal: .emptied(own: ["id", "subject", "body", "status", "created_at"]),
        console: ConsoleForm(
            columns: [
                "status", "priority", "client_id", "assignee_id", "next_due_at",
                "created_at",
            ],
            form: [
                "subject", "body", "priority", "category", "client_id", "contact_id",
                "assignee_id",
            ],
            filters: ["status", "priority"]),
        [
            .integer(
                "number", \.number, in: 0...Int64.max, .readOnly, .filterable,
                .about("The number of the ticket, as people read it.")),
            .text(
                "subject", \.subject, max: 300, .required, .personal, .searchable,
                .example("The logo is the old one"), .about("The subject of the ticket, in a few words.")),
            .text(
                "body", \.body, max: 50_000, .required, .personal, .searchable,
                .about("The text of the ticket, as the client wrote it.")),
            .text(
                "category", \.category, max: 60, .filterable,
                .about("The category of the ticket; set by triage where nobody does."), .example("billing")),
            .choice(
                "priority", \.priority, .filterable,
                .about("The priority of the ticket; set by triage where nobody does.")),
            .choice("priority_set_by", \.prioritySetBy, .readOnly),
            .choice("sentiment", \.sentiment, .readOnly, .filterable),
            .text(
                "language", \.language, max: 10, .readOnly, .filterable,
                .about("The language that the client writes in.")),
            .text("intent", \.intent, max: 40, .readOnly, .filterable),
            .choice(
                "status", \.status, .standard("new"), .filterable,
                .about("Whether the ticket is new, open, waiting_on_client, on_hold, resolved or closed.")),
            .text("tier", \.tier, max: 40, .readOnly, .filterable, .about("The tier of the client.")),
            .text(
                "source", \.source, max: 40, .standard("api"), .writeOnce, .filterable,
                .about("The channel or form that it came over."), .example("email")),
            .id("client_id", \.clientID, .filterable),
            .id("contact_id", \.contactID, .erased, .filterable),
            .id(
                "assignee_id", \.assigneeID, of: .colleague, .filterable,
                .about("The user who works on the ticket.")),
            .id("team_id", \.teamID, .filterable, .about("The team that works on the ticket.")),
            .id(
                "incident_id", \.incidentID, .filterable,
                .about(
                    "The service incident that the ticket is about; found by its words where nobody sets it.")
            ),
            .id("conversation_id", \.conversationID, .writeOnce, .filterable),
            .part("sla", \.sla, .readOnly, .about("The SLA targets of the response and the resolution.")),
            .instant(
                "next_due_at", \.nextDueAt, .readOnly, .filterable, .sortable,
                .label("Next due"), .about("The next SLA target that is still open.")),
            .part("escalation", \.escalation, .readOnly),
            .boolean(
                "escalated", \.isEscalated, .readOnly, .filterable, .added(in: 796),
                .about("Whether it was escalated.")),
            .text("resolution", \.resolution, max: 10_000, .readOnly),
            .texts("tags", \.tags, max: 50, length: 60),
            .ids("related_ids", \.relatedIDs, max: 100, .readOnly),
            .id("merged_into", \.mergedInto, .readOnly, .filterable),
            .document("fields", \.fields, .readOnly, .personal, .about("The answers to the form's fields.")),
            .integer(
                "messages", \.messages, in: 0...Int64.max, .readOnly,
                .about("How many messages the ticket has.")),
            .integer("reopened", \.reopened, in: 0...Int64.max, .readOnly, .filterable),
            .instant("first_response_at", \.firstResponseAt, .readOnly),
            .instant("resolved_at", \.resolvedAt, .readOnly, .filterable),
            .instant("closed_at", \.closedAt, .readOnly),
            .id("message_id", \.messageID, .readOnly, .about("The mail that it came by.")),
            .instant(
                "acknowledged_at", \.acknowledgedAt, .readOnly,
                .about("When the receipt of the ticket was confirmed to the sender.")),
            .instant(
                "follow_up_at", \.followUpAt, .readOnly, .filterable,
                .about("When the ticket is followed up, if nothing happens before.")),
            .part(
                "assistance", \.assistance, .readOnly,
                .about("The automatic answer of customer service, and its outcome.")),
            .ids(
                "attachments", \.attachments, max: 20, .erased,
                .about("Files of /v1/files that it came with.")),
            .ids(
                "watcher_ids", \.watcherIDs, of: .colleague, max: Ticket.watchersMax, .readOnly, .filterable,
                .added(in: 796), .about("The users who watch the ticket.")),
        ])

    package var isOver: Bool { status == .resolved || status == .closed }

    package mutating func prepare(replacing old: Ticket?, by actor: Actor, in tx: Transaction) throws {
        if old == nil, let conversationID { try takeOver(conversationID, in: tx) }
        try checkAssignee(replacing: old, in: tx)
        if old?.clientID != clientID {
            tier = try clientID.flatMap { try tx.contacts.clientStanding($0) }?.tier
        }
        if let old {
            try teach(replacing: old, by: actor, in: tx)
            if priority == nil { priority = old.priority }
            if priority != old.priority { prioritySetBy = .person }
            try step(from: old, at: tx.now)
        } else {
            try tx.counters.count("tickets.number", 1)
            number = try tx.counters.find("tickets.number")
            if status != .new, status != .open {
                throw Problem(faults: [
                    Fault(
                        "/status", "invalid_choice", "status must be new for a new ticket: leave it out.",
                        choices: ["new", "open"])
                ])
            }
            prioritySetBy = priority == nil ? .triage : .person
            try teach(replacing: nil, by: actor, in: tx)
            if incidentID == nil {
                incidentID = try tx.incidents.find(of: subject + "\n" + body, client: clientID)?.id
            }
            try tx.tickets.triage(&self)
            try tx.routing.route(&self)
        }
        if status != .waitingOnClient { followUpAt = nil }
        isEscalated = escalation != nil
        try keepTargets(replacing: old, in: tx)
    }

    package func saved(replacing old: Ticket?, by actor: Actor, in tx: Transaction) throws {
        try tx.ticketCounters.countChange(from: old, to: self)
        try tx.slaTargets.watch(self, replacing: old)
        guard let old else {
            // Praise is worth a word of its own.
            if intent == "praise" { try tx.publish("ticket.praised", subjectOfEvents, payload) }
            return
        }
        if status == .resolved, old.status != .resolved { try tx.surveys.askAbout(self) }
        if isOver, !old.isOver { try tx.slaTargets.takeBackEscalationWords(of: self) }
        if old.status != status {
            try tx.publish(
                "ticket.\(status.participle(after: old.status))", subjectOfEvents,
                payload.merging(["from": .string(old.status.rawValue)]))
            try tx.ticketAudience.tellWatchers(
                of: self, kind: .ticketStatus,
                Saying(
                    "notification.ticket_status",
                    ["number": .text("\(number)"), "status": .text(status.rawValue)]),
                body: subject, by: actor)
        }
        if old.assigneeID != assigneeID, assigneeID != nil {
            try tx.publish("ticket.assigned", subjectOfEvents, payload)
            try tx.ticketAudience.tellAssignee(of: self, by: actor)
        }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.ticketCounters.countAway(self)
        try tx.run("DELETE FROM ticket_messages WHERE tenant_id = \(tx.tenant) AND ticket_id = \(id)")
    }

    /// Empties its thread as well.
    package func erased(replacing old: Ticket, in tx: Transaction) throws {
        try tx.run(
            """
            UPDATE ticket_messages SET text = '', findings = NULL, attachments = '[]',
                author = '{"type":"contact","id":null,"name":null}', version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND ticket_id = \(id)
            """)
    }

    package var subjectOfEvents: Subject { Subject(id) }

    /// The payload of its events: nothing that is personal.
    package var payload: JSON {
        [
            "number": JSON(number), "status": .string(status.rawValue), "priority": JSON(priority?.rawValue),
            "category": JSON(category), "client_id": JSON(clientID), "contact_id": JSON(contactID),
            "assignee_id": JSON(assigneeID), "team_id": JSON(teamID),
        ]
    }
}

extension Ticket {
    /// Whether it only shows a new agency how tickets look: no figure counts it.
    var isSample: Bool { source == SampleData.mark }
}

/// The help that customer service has given with a ticket by itself.
package struct TicketAssistance: Part {
    package enum Outcome: String, Choice { case confirmed, denied, silent }

    package var answeredAt: Instant?
    package var articleIDs: [ID<Article>] = []
    package var triggerID: ID<TicketTrigger>?
    package var outcome: Outcome?

    package init() {}
    package static let schema = Schema<TicketAssistance>(
        "TicketAssistance",
        [
            .instant("answered_at", \.answeredAt),
            .ids(
                "article_ids", \.articleIDs, max: 10,
                .about("The articles on which the answer is based.")),
            .id("trigger_id", \.triggerID, .about("The trigger that answered, where one did.")),
            .choice("outcome", \.outcome, .about("The client's reaction to the answer.")),
        ])
}

/// The escalation of a ticket to somebody who can do more about it.
package struct Escalation: Part {
    package var level = 1
    package var reason = ""
    package var at = Instant(seconds: 0)
    package var remindAt: Instant?
    package var reminders = 0

    package init() {}
    package static let schema = Schema<Escalation>(
        "TicketEscalation",
        [
            .integer("level", \.level, in: 1...100, .standard(1)),
            .text("reason", \.reason, max: 1000, .required), .instant("at", \.at, .required),
            .instant("remind_at", \.remindAt, .about("When the assignee is reminded next.")),
            .integer("reminders", \.reminders, in: 0...1000, .standard(0)),
        ])
}

extension Ticket {
    /// Refuses an assignee who has left the agency.
    private func checkAssignee(replacing old: Ticket?, in tx: Transaction) throws {
        guard let assigneeID, assigneeID != old?.assigneeID,
            let user = try User.resource.find(assigneeID, in: tx), user.status != .active
        else { return }
        throw Problem(faults: [
            Fault("/assignee_id", "unknown_reference", "The assignee must be an active user.")
        ])
    }

    /// A ticket that is made of a conversation is about whoever it is with.
    private mutating func takeOver(_ id: ID<Conversation>, in tx: Transaction) throws {
        guard let conversation = try Conversation.resource.find(id, in: tx) else { return }
        contactID = contactID ?? conversation.contactID
        clientID = clientID ?? conversation.clientID
        if source == "api" { source = conversation.channel.rawValue }
    }

    /// Where a ticket may go from each status.
    private static let steps: [Status: [Status]] = [
        .new: [.open, .waitingOnClient, .onHold, .resolved, .closed],
        .open: [.waitingOnClient, .onHold, .resolved, .closed],
        .waitingOnClient: [.open, .onHold, .resolved, .closed],
        .onHold: [.open, .waitingOnClient, .resolved, .closed],
        .resolved: [.open, .closed],
        .closed: [.open],
    ]

    private mutating func step(from old: Ticket, at now: Instant) throws {
        guard status != old.status else { return }
        let allowed = Self.steps[old.status] ?? []
        guard allowed.contains(status), old.mergedInto == nil else {
            throw Problem(
                .invalidTransition, "The ticket is \(old.status.rawValue), which does not allow this.",
                extra: ["allowed": JSON(old.mergedInto == nil ? allowed.map(\.rawValue) : [])])
        }
        switch status {
        case .resolved: resolvedAt = now
        case .closed:
            closedAt = now
            resolvedAt = resolvedAt ?? now
        case .open where old.isOver:
            reopened += 1
            (resolvedAt, closedAt, resolution) = (nil, nil, nil)
        default: break
        }
    }
}
