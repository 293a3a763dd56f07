internal import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Messages
internal import Records
package import Routing

/// Adds the routes by which people hand conversations over and see how handovers went.
package func handoverRoutes(_ routes: inout Routes, _ services: ConversationServices, _ runtime: Runtime) {
    handoverEvents(&routes)
    routes.declare(HandoverBody.self)
    routes.post(
        "/v1/conversations/{id}/handover", .permission("conversations:write"),
        "Hand a conversation over to people: agents stop writing, and somebody is notified until they answer",
        named: "hand_over_conversation",
        body: .json(.reference("Handover")), .record(Conversation.resource, status: 202)
    ) { call in
        let (id, body) = try (call.id("id", of: Conversation.self), call.body(HandoverBody.self))
        return .write { tx in
            let conversation = try Conversation.resource.get(id, in: tx)
            try call.checkVersion(conversation.version)
            var wish = HandoverIntent(body.reason)
            (wish.urgency, wish.request) = (body.urgency, try tx.handovers.lastWords(in: id)?.text)
            guard try services.handOver(id, wish, by: call.actor, tx) != nil else {
                throw Problem(
                    .invalidTransition,
                    "The conversation already waits for a person, or has no contact to answer.",
                    extra: ["allowed": JSON(["claim", "release"])])
            }
            return .record(try Conversation.resource.get(id, in: tx), status: 202)
        }
    }
    routes.get(
        "/v1/handovers/figures", .permission("conversations:read"),
        "Get the metrics of handovers: their number, outcomes and response times",
        .json(.schema(["requested": ["type": "integer"]]), "The figures.")
    ) { call in
        .read { reader in .json(try HandoverMetrics(in: reader).json) }
    }
}

struct HandoverBody: Declared {
    var reason = HandoverReason.byHand.rawValue
    var urgency = HandoverPlan.Urgency.normal

    static let schema = Schema<HandoverBody>(
        "Handover",
        [
            .text("reason", \.reason, max: 500, .standard("by_hand"), .about("Why a person is wanted.")),
            .choice("urgency", \.urgency, .standard("normal")),
        ])
}
