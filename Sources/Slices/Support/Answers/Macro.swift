internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Messages
package import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// Steps that are taken together with a ticket, at one click: one row of `macros`.
package struct Macro: ManagedRecord {
    package var head = Head<Macro>()
    package var name = ""
    package var reply: String?
    package var note: String?
    package var status: Ticket.Status?
    package var priority: Ticket.Priority?
    package var category: String?
    package var addsTags: [String] = []
    package var assigneeID: UserID?
    package var teamID: TeamID?

    package init() {}

    package static let idPrefix = "macro"
    package static let resource = Resource<Macro>(
        "macros", named: "Macro", rule: .everyone,
        console: ConsoleForm(
            columns: ["status", "priority", "category"],
            form: ["name", "reply", "note", "status", "priority", "category"]),
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .filterable,
                .about("The name that colleagues choose the macro by.")),
            .text(
                "reply", \.reply, max: 20_000,
                .about("The reply that is sent, with the placeholders of canned replies.")),
            .text("note", \.note, max: 20_000, .about("The internal note that is added to the ticket.")),
            .choice("status", \.status, .about("The status that the ticket gets.")),
            .choice("priority", \.priority, .about("The priority that the ticket gets.")),
            .text("category", \.category, max: 60, .about("The category that the ticket gets.")),
            .texts("add_tags", \.addsTags, max: 20, length: 60),
            .id(
                "assignee_id", \.assigneeID, of: .colleague,
                .about("The user whom the ticket is assigned to.")),
            .id("team_id", \.teamID, .about("The team that the ticket is assigned to.")),
        ])

    package func prepare(replacing old: Macro?, by actor: Actor, in tx: Transaction) throws {
        let unknown = FilledText(reply ?? "").names.first { !CannedReply.names.contains($0) }
        if let unknown {
            throw Problem(faults: [
                Fault(
                    "/reply", "invalid_choice",
                    "The placeholder {{ \(unknown.prefix(60)) }} does not exist: choose one that does, or take it out.",
                    choices: CannedReply.names)
            ])
        }
    }
}

extension TicketDesk {
    /// Takes the steps of a macro: all of them or, where one is not allowed, none.
    @discardableResult
    func apply(
        _ macro: Macro, to ticket: Ticket, isAnswer: Bool = true, by actor: Actor,
        from origin: Origin = Origin(), in tx: Transaction
    ) throws -> Ticket {
        if let note = macro.note {
            try say(try written(note, for: ticket, in: tx), in: ticket, isInternal: true, by: actor, in: tx)
        }
        if let reply = macro.reply {
            try say(
                try written(reply, for: ticket, in: tx), in: ticket, isAnswer: isAnswer, by: actor,
                from: origin, in: tx)
        }
        let isSolution = macro.status == .resolved || macro.status == .closed
        if isSolution, !ticket.isOver { try tx.counters.count("macros.solved.\(macro.id)", 1) }
        return try tx.tickets.change(ticket, by: actor, action: "ticket.macro_applied") { ticket in
            ticket.status = macro.status ?? ticket.status
            ticket.priority = macro.priority ?? ticket.priority
            ticket.category = macro.category ?? ticket.category
            ticket.assigneeID = macro.assigneeID ?? ticket.assigneeID
            ticket.teamID = macro.teamID ?? ticket.teamID
            for tag in macro.addsTags where !ticket.tags.contains(tag) && ticket.tags.count < 50 {
                ticket.tags.append(tag)
            }
        }
    }
}
