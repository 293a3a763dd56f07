package import Database
package import Intelligence
package import Messaging
package import Platform
package import Records
internal import Runtime

/// What the conversation agents ask of the slices beside them; the composition root plugs in their answers.
package struct ConversationSources: Sendable {
    /// Returns the agency's articles that may answer a question, the likeliest first.
    package var articles:
        @Sendable (any Queryable, _ question: String, _ language: String?) throws -> [AnswerFinder.Answer] = {
            _, _, _ in []
        }
    /// What does not work at the moment, if somebody asks about that.
    package var incident:
        @Sendable (any Queryable, Contact, _ question: String) throws -> AnswerFinder.Text? = { _, _, _ in nil
        }
    /// Whose a conversation is to be that asks for a person; `nil`: everybody's.
    package var route:
        @Sendable (Transaction, Conversation, _ language: String?) throws -> (
            team: String, person: ID<User>?
        )? = {
            _, _, _ in nil
        }
    /// Nothing that is written down answers this.
    package var unanswered: @Sendable (Transaction, _ question: String) throws -> Void = { _, _ in }
    /// Whether people should be quicker for somebody than for others.
    package var isImportant: @Sendable (any Queryable, Contact) throws -> Bool = { _, _ in false }
    /// Of whom somebody writes: a company's name.
    package var company: @Sendable (any Queryable, Contact) throws -> String? = { _, _ in nil }
    /// Whether rules understand by themselves what somebody tells of their needs.
    package var understands: @Sendable (any Queryable, _ text: String) throws -> Bool = { _, _ in false }
    /// Keeps what somebody has told of their needs, in words that rules find or that a model has pointed at; answers
    /// what is still to be asked, if anything is.
    package var qualify:
        @Sendable (Transaction, Contact, _ text: String, NeedWords?) throws -> UnderstoodNeeds? = {
            _, _, _, _ in nil
        }

    package init() {}
}

/// What was understood of what somebody needs.
package struct UnderstoodNeeds: Sendable {
    package enum Criterion: String, Sendable { case address, budget, timeline, authority }

    /// In their own words, or as figures, such as `€3,000`.
    package var understood: [String]
    /// What to ask next; `nil`: all is known.
    package var missing: Criterion?

    package init(understood: [String], missing: Criterion?) {
        (self.understood, self.missing) = (understood, missing)
    }
}

/// In which words of theirs somebody tells of their needs; each stands in what they wrote.
package struct NeedWords: Hashable, Sendable {
    package var needs: [String] = []
    package var budget: String?
    package var timeline: String?
    package var authority: String?
    /// Of `authority`: that they decide alone.
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

/// What the conversation agents work with.
package struct ConversationServices: Sendable {
    package let outbox: Outbox
    package let sources: ConversationSources

    package init(_ outbox: Outbox, _ sources: ConversationSources) {
        (self.outbox, self.sources) = (outbox, sources)
    }
}
