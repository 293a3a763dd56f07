internal import Database
internal import JSON
internal import Jobs
package import Nouns
internal import People
package import Records
internal import Routing
package import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A call, or a screen to be shared, over a service of the agency's choice: what is kept of it is its link.
package struct ConversationCall: Part {
    package enum Kind: String, Choice { case voice, video, screen }

    package var kind = Kind.video
    package var url = ""
    package var by = ""
    package var offeredAt = Instant(seconds: 0)
    package var messageID: MessageID?

    package init() {}
    package static let schema = Schema<ConversationCall>(
        "ConversationCall",
        [
            .choice("kind", \.kind, .required), .text("url", \.url, max: 2000, .required),
            .text(
                "by", \.by, max: 64, .about("The user or agent who offered the call.")),
            .instant("offered_at", \.offeredAt),
            .id("message_id", \.messageID, .about("The message by which the call was offered.")),
        ])
}

struct CallBody: Declared {
    var kind = ConversationCall.Kind.video
    var url: String?
    var text: String?

    static let schema = Schema<CallBody>(
        "CallOffer",
        [
            .choice("kind", \.kind, .standard("video")),
            .link("url", \.url, .required, .example("https://meet.example.com/abc")),
            .text(
                "text", \.text, max: 2000,
                .about("The text with the link; by default a sentence in the contact's language.")),
        ])
}

/// Takes a chat on to where words are not enough.
func callRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.declare(CallBody.self)
    routes.post(
        "/v1/conversations/{id}/calls", .permission("conversations:write"),
        "Offer a call or a shared screen by a link in the conversation",
        named: "offer_conversation_call",
        body: .json(.reference("CallOffer")), .record(Conversation.resource, status: 201)
    ) { call in
        let (id, body) = try (call.id("id", of: Conversation.self), call.body(CallBody.self))
        guard let url = body.url, url.hasPrefix("https://") else {
            throw Problem(faults: [Fault("/url", "invalid_url", "url must begin with https://.")])
        }
        return .write { tx in
            let conversation = try Conversation.resource.get(id, in: tx)
            try call.checkIsCurrent(conversation.version)
            let contact = try conversation.contactID.flatMap { try Contact.resource.find($0, in: tx) }
            let name = try call.actor.userID.flatMap { try User.resource.find($0, in: tx) }?.name
            let words = try tx.wordings.find(contact?.locale ?? tx.agency.tenant().locale)
            let text = body.text ?? words("call.invitation", ["kind": .text(body.kind.rawValue)])
            var turn = OutgoingReply(
                "\(text)\n\(url)", by: call.actor, cause: .init("conversation", id),
                key: tx.makeID("turn_"))
            (turn.authorName, turn.why) = (name, Saying("message.why_call"))
            let message = try outbox.conversations.speak(turn, in: conversation, tx)
            var offer = ConversationCall()
            (offer.kind, offer.url, offer.by) = (body.kind, url, call.actor.id)
            (offer.offeredAt, offer.messageID) = (tx.now, message.id)
            let present = try Conversation.resource.get(id, in: tx)
            var kept = present
            kept.calls = Parts((present.calls.list + [offer]).suffix(100))
            try tx.conversations.change(present, to: &kept)
            try tx.auditLog.add(call.actor, "conversation.call_offered", conversation.subjectOfEvents)
            try tx.publish(
                "conversation.call_offered", conversation.subjectOfEvents,
                ["kind": .string(body.kind.rawValue), "message_id": JSON(message.id)])
            return .record(kept, status: 201, location: "/v1/messages/\(message.id)")
        }
    }
}
