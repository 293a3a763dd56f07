package import Agents
package import JSON
package import Nouns
package import People
package import Records
package import Telemetry
package import Templates
package import Tenancy

/// A message that is to leave, as whoever wants it says.
package struct MessageDraft: Sendable {
    /// The cause of a message. The listener to its type is told what becomes of the message.
    package struct Cause: Sendable {
        package let type: String, id: String

        package init(_ type: String, _ id: some Key) { (self.type, self.id) = (type, id.keyText) }
    }

    package var channel: Channel
    package var contact: Contact
    package var purpose: Purpose
    package var subject: String?
    /// Markdown.
    package var body: String
    /// The body as plain text, where that is known already.
    package var text: String?
    package var template: (id: ID<MessageTemplate>, version: Int)?
    package var author: Actor
    package var authorName: String?
    /// The agent's run that writes it, and its decision there; `nil` for other authors.
    package var run: RunID?, decision: DecisionID?
    package var cause: Cause
    /// Names the message: derived from its cause, and the same however often it is asked for.
    package var key: String
    /// The reason for the message, as people read it.
    package var why: Saying?
    package var attachments: [ID<StoredFile>] = []
    /// The values for the placeholders of an approved text.
    var components = JSON.null
    package var campaign: String?, topic: String?
    package var notBefore: Instant?
    package var conversation: ID<Conversation>?
    /// Whether a person says yes first, whatever its writer may do by itself.
    package var asksFirst = false
    /// The messages with which it is asked for in one question, where its writer asks first; `nil`: it is by itself.
    package var batch: MessageBatch?
    /// Whether a person has said yes to what brings it, so that its writer asks nobody again.
    package var isApproved = false
    /// The gate's answer in the transaction that stores the message, if the gate was asked already.
    package var leave: GateDecision?
    /// The approval by which a person has, where there is one: it is told what becomes of the message.
    package var approval: ApprovalID?
    /// The fence of the lock as the writer knew it.
    package var fence: Int?
    /// The sources that an answer rests on.
    package var sources = JSON.null
    /// Whether a model has written its words, or chosen them.
    package var isMadeWithAI = false

    package init(
        _ channel: Channel, to contact: Contact, _ purpose: Purpose, subject: String?, body: String,
        by author: Actor, cause: Cause, key: some Key
    ) {
        (self.channel, self.contact, self.purpose) = (channel, contact, purpose)
        (self.subject, self.body, self.author) = (subject, body, author)
        (self.cause, self.key) = (cause, key.keyText)
    }
}
