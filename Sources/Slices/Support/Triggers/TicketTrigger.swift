internal import Agents
package import Database
internal import Intelligence
internal import JSON
package import Messages
package import Nouns
internal import People
package import Records
internal import Telemetry

/// An automatic action of an agency's on tickets of a certain sort, on an occasion: one row of `ticket_triggers`.
package struct TicketTrigger: ManagedRecord {
    package enum Status: String, Choice { case active, off }
    /// The occasion, by the last part of its event's name: `created` is `ticket.created`.
    package enum Occasion: String, Choice {
        case created, replied, answered, paused, resolved, closed, reopened, praised, escalated
        case slaWarned = "sla_warned", slaBreached = "sla_breached"
    }

    package var head = Head<TicketTrigger>()
    package var name = ""
    package var status = Status.active
    package var occasion = Occasion.created
    package var words: [String] = []
    package var categories: [String] = []
    package var priorities: [String] = []
    package var sources: [String] = []
    package var tiers: [String] = []
    package var languages: [String] = []
    package var clientID: ClientID?
    package var macroID: ID<Macro>?
    package var templateID: ID<MessageTemplate>?
    package var answers = false
    package var confirmed = 0
    package var denied = 0

    package init() {}

    package static let idPrefix = "trigger", noun = "ticket_trigger"
    package static let resource = Resource<TicketTrigger>(
        "ticket_triggers", named: "TicketTrigger", rule: .client(orAgency: true),
        [
            .text(
                "name", \.name, max: 200, .required, .sortable, .example("Invoices to Berlin"),
                .about("The name of the trigger.")),
            .choice(
                "status", \.status, .standard("active"), .filterable, .about("Whether the trigger is in use.")
            ),
            .choice("occasion", \.occasion, .standard("created"), .filterable),
            .texts(
                "words", \.words, max: 50, length: 100,
                .about(
                    "The words that match, in the ticket or its last message; one is enough, and empty matches any text."
                )),
            .texts(
                "categories", \.categories, max: 50, length: 60,
                .about("The categories that match; empty matches any category.")),
            .texts(
                "priorities", \.priorities, max: 4, length: 10,
                .about("The priorities that match; empty matches any priority.")),
            .texts(
                "sources", \.sources, max: 20, length: 40,
                .about("The sources that match; empty matches any source.")),
            .texts(
                "tiers", \.tiers, max: 10, length: 40,
                .about("The tiers of clients that match; empty matches any tier.")),
            .texts(
                "languages", \.languages, max: 20, length: 10,
                .about("The languages that match; empty matches any language.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client whose tickets match; null: any client.")),
            .id("macro_id", \.macroID, .filterable, .about("The steps that are taken.")),
            .id(
                "template_id", \.templateID, .filterable,
                .about("The template of the answer in the ticket's thread; its subject is not used.")),
            .boolean(
                "answers", \.answers,
                .about(
                    "Whether the answer resolves the ticket: it waits for confirmation, and is resolved after days of silence."
                )),
            .integer(
                "confirmed", \.confirmed, in: 0...Int64.max, .readOnly,
                .about(
                    "How many of the trigger's answers resolved the ticket.")),
            .integer(
                "denied", \.denied, in: 0...Int64.max, .readOnly,
                .about("How many of the trigger's answers did not resolve the ticket.")),
        ])

    package func prepare(replacing old: TicketTrigger?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        for (index, priority) in priorities.enumerated() where Ticket.Priority(rawValue: priority) == nil {
            faults.add(
                "/priorities/\(index)", "invalid_choice",
                "The priority does not exist: choose one of the priorities of tickets.",
                choices: Ticket.Priority.choices)
        }
        let macro = try macroID.flatMap { try Macro.resource.find($0, in: tx) }
        let template = try templateID.flatMap { try MessageTemplate.resource.find($0, in: tx) }
        if let template, template.channel != .email {
            faults.add("/template_id", "invalid_choice", "template_id must be a template for mails.")
        }
        if macroID == nil, templateID == nil {
            faults.add(
                "/macro_id", "required",
                "The trigger needs macro_id or template_id: what it does, or what it answers.")
        }
        if answers { checkAnswer(macro, template, &faults) }
        try faults.throwIfAny()
    }

    private func checkAnswer(_ macro: Macro?, _ template: MessageTemplate?, _ faults: inout Faults) {
        if occasion != .created {
            faults.add(
                "/answers", "conflict", "answers is for new tickets only: set occasion to created.")
        }
        if words.isEmpty, categories.isEmpty {
            faults.add(
                "/words", "required", "The trigger needs words or categories: which tickets it answers.")
        }
        if template == nil, macro != nil, macro?.reply == nil {
            faults.add(
                "/macro_id", "invalid_choice", "The macro has no reply: choose one that has, or a template.")
        }
        if macro?.status != nil {
            faults.add(
                "/macro_id", "invalid_choice",
                "The macro sets a status, but the ticket has to wait for approval: choose another.")
        }
    }
}

extension TicketTrigger {
    /// The word of its own for which it has to do with what was said; `nil`: it has nothing to do with the ticket.
    func fits(_ ticket: Ticket, saying text: @autoclosure () throws -> WordsOfText) rethrows -> String? {
        func has(_ list: [String], _ value: String?) -> Bool {
            list.isEmpty || value.map(list.contains) ?? false
        }
        guard has(categories, ticket.category), has(priorities, ticket.priority?.rawValue),
            has(sources, ticket.source), has(tiers, ticket.tier), has(languages, ticket.language),
            clientID == nil || clientID == ticket.clientID
        else { return nil }
        return words.isEmpty ? "" : try text().first(of: words)
    }
}

/// A text by its words, to look for phrases in, whatever their case and accents.
struct WordsOfText {
    private let words: String

    init(_ text: String) {
        words = " " + TextFolding.searchTokens(text).prefix(3000).joined(separator: " ") + " "
    }

    func first(of phrases: [String]) -> String? {
        phrases.first { phrase in
            let folded = TextFolding.searchTokens(phrase).joined(separator: " ")
            return !folded.isEmpty && words.contains(" \(folded) ")
        }
    }
}
