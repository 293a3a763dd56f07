package import Agents
package import Database
package import Intelligence
package import Messages
package import Nouns
package import People
internal import Records
internal import Tenancy

/// The questions that the conversation agents ask the slices beside them.
package struct ConversationDependencies: Asking {
    /// Returns the agency's articles that may answer a question, the likeliest first.
    @ModuleNeed("the articles that may answer a question", for: "answers")
    package var articles:
        @Sendable (any Queryable, _ question: String, _ language: String?) throws -> [AnswerFinder.Answer]
    /// Returns what is known of the open incident that a question is about; `nil`: there is none.
    @ModuleNeed("what does not work at the moment", for: "answers")
    package var incident: @Sendable (any Queryable, Contact, _ question: String) throws -> AnswerFinder.Text?
    /// Returns the person or team for a conversation that asks for a person; `nil`: everybody.
    @ModuleNeed("whose a conversation is to be", for: "handovers")
    package var route:
        @Sendable (Transaction, Conversation, _ language: String?) throws -> (
            team: TeamID, person: UserID?
        )?
    /// Notes a question that no article answers.
    @ModuleNeed("noting a question that nothing answers", for: "answers")
    package var unanswered: @Sendable (Transaction, _ question: String) throws -> Void
    /// Whether people should be quicker for somebody than for others.
    @ModuleNeed("whether a person comes first", for: "handovers")
    package var isImportant: @Sendable (any Queryable, Contact) throws -> Bool
    /// Returns the name of the company for which a contact writes.
    @ModuleNeed("of whom a person writes", for: "meetings")
    package var company: @Sendable (any Queryable, Contact) throws -> String?
    /// Whether rules understand by themselves what somebody tells of their needs.
    @ModuleNeed("whether a text tells of needs", for: "answers")
    package var understands: @Sendable (any Queryable, _ text: String) throws -> Bool
    /// Keeps what somebody has told of their needs, in words that rules find or that a model has pointed at; answers
    /// what is still to be asked, if anything is.
    @ModuleNeed("noting what somebody tells of their needs", for: "answers")
    package var qualify:
        @Sendable (Transaction, Contact, _ text: String, NeedQuotes?) throws -> UnderstoodNeeds?

    package init() {}
}

/// Somebody's needs, as far as they were understood.
package struct UnderstoodNeeds: Sendable {
    package enum Criterion: String, Sendable { case address, budget, timeline, authority }

    /// The needs in the person's own words, or as figures, such as `€3,000`.
    package var understood: [String]
    /// The criterion to ask for next; `nil`: all is known.
    package var missing: Criterion?

    package init(understood: [String], missing: Criterion?) {
        (self.understood, self.missing) = (understood, missing)
    }
}

/// The words in which somebody tells of their needs; each is a quote of what they wrote.
package struct NeedQuotes: Hashable, Sendable {
    package var needs: [String] = []
    package var budget: String?
    package var timeline: String?
    package var authority: String?
    /// Whether `authority` says that they decide alone.
    package var decides = false

    package init() {}

    /// Each with what it tells of.
    var all: [(name: String, quote: String)] {
        needs.map { ("need", $0) }
            + [("budget", budget), ("timeline", timeline), ("authority", authority)].compactMap {
                name, quote in
                quote.map { (name, $0) }
            }
    }
}

/// The services that the conversation agents work with.
package struct ConversationServices: Sendable {
    package let outbox: Outbox
    package let dependencies: ConversationDependencies

    package init(_ outbox: Outbox, _ dependencies: ConversationDependencies) {
        (self.outbox, self.dependencies) = (outbox, dependencies)
    }
}
