package import Database
package import Nouns
package import Records

/// A listener to conversations, called in the transaction of each event: that is where whatever follows, such as an
/// agent's answer, is enqueued.
package protocol ConversationListener: Sendable {
    /// `conversation` is as it is after the turn.
    func heard(_ turn: ConversationChange, in conversation: Conversation, _ tx: Transaction) throws
}

/// An event in a conversation.
package enum ConversationChange: Sendable {
    /// Somebody outside has written.
    case received(Message)
    /// Somebody here has: a person, or an agent.
    case said(Message)
    /// A person has taken it on, or given it back.
    case claimed(by: Actor)
    case released(by: Actor)
    case closed, reopened
}

extension ConversationDesk {
    /// Tells what happened, once it is stored.
    package func tell(
        _ turn: ConversationChange, in conversation: ID<Conversation>, _ tx: Transaction
    ) throws {
        guard !outbox.conversationListeners.isEmpty,
            let conversation = try Conversation.resource.find(conversation, in: tx)
        else { return }
        for listener in outbox.conversationListeners { try listener.heard(turn, in: conversation, tx) }
    }
}
