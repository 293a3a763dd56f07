package import Database
package import Intelligence
package import Messaging
package import Platform
package import Records
internal import Runtime

/// What the conversation agents ask of the slices beside them; the composition root plugs in their answers.
package struct ConversationSources: Sendable {
    /// What the agency has written down that may answer a question, the best first.
    package var articles:
        @Sendable (any Queryable, _ question: String, _ language: String?) throws -> [AnswerFinder.Text] = {
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
    /// Keeps what somebody has told of their needs; answers what is still to be asked, if anything is.
    package var qualify: @Sendable (Transaction, Contact, _ text: String) throws -> UnderstoodNeeds? = {
        _, _, _ in nil
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

/// What the conversation agents work with.
package struct ConversationServices: Sendable {
    package let outbox: Outbox
    package let sources: ConversationSources

    package init(_ outbox: Outbox, _ sources: ConversationSources) {
        (self.outbox, self.sources) = (outbox, sources)
    }
}
