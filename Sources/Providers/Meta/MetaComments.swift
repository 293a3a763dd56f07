internal import Agents
internal import HTTPClient
internal import Integrations
internal import JSON
internal import Messages
internal import People
internal import Records
internal import Telemetry

/// Comments below what a page or an account has published: they come like messages, and are answered below themselves.
/// https://developers.facebook.com/docs/graph-api/webhooks/reference/page#feed
extension MetaChat {
    /// The time for which a comment can be answered: as long as the service lets one write to its author.
    private static let answerable: Duration = .seconds(7 * 86_400)

    /// A comment that somebody else has written; what was changed, hidden or taken away is none.
    func comment(_ change: JSON, of entry: JSON) -> HookItem? {
        let value = change["value"] ?? [:]
        let isNew =
            channel == .instagram
            ? change["field"]?.text == "comments"
            : change["field"]?.text == "feed" && value["item"]?.text == "comment"
                && value["verb"]?.text == "add"
        guard isNew, let id = (value["comment_id"] ?? value["id"])?.words, let own = entry["id"]?.label,
            let person = value["from"]?["id"]?.label, person != own
        else { return nil }
        // The change alone does not say whose page it is, nor Instagram's when.
        let payload: JSON = ["own": .string(own), "time": entry["time"] ?? .null, "value": value]
        return HookItem(key: hookKey("comment", id), type: "comment", payload: payload)
    }

    /// A comment as it is told in its conversation; `nil` where it says nothing that could be read.
    func comment(in payload: JSON) throws -> ReceivedChat? {
        guard let value = payload["value"], let own = payload["own"]?.text,
            let person = value["from"]?["id"]?.label, let id = (value["comment_id"] ?? value["id"])?.words
        else { throw MailHookFailure.unreadable("The comment does not say who wrote it, and where.") }
        guard let text = (value["message"] ?? value["text"])?.words else { return nil }
        var chat = ReceivedChat(channel, from: CommentAddress.of(person, below: own), text)
        // A direct message of the author comes under this id: both are one contact.
        chat.aliases = ["\(own)/\(person)"]
        chat.name = value["from"]?["name"]?.words ?? value["from"]?["username"]?.words
        (chat.providerID, chat.inReplyTo) = (id, value["parent_id"]?.words)
        chat.at = (value["created_time"] ?? payload["time"]).flatMap(Self.second)
        chat.freeFor = Self.answerable
        return chat
    }

    /// Moments of changes are seconds; those of Instagram's entries may be milliseconds.
    private static func second(_ value: JSON) -> Instant? {
        guard let number = value.int ?? value.text.flatMap({ Int64($0) }), number > 0 else { return nil }
        return number < 100_000_000_000 ? Instant(seconds: number) : moment(value)
    }

    /// Answers a comment below it, once: an answer whose fate is not known is not given again.
    func answer(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard let comment = message.comment else {
            return .refused(
                SendRefusal(
                    .message, code: "comment_missing",
                    detail: "The answer has no comment to stand below: answer in the conversation of one."))
        }
        let edge = channel == .instagram ? "replies" : "comments"
        let place = "\(base(access))/\(comment.percentEncoded)/\(edge)\(proof(access, "?"))"
        let headers = headers(access) + [("Content-Type", "application/json")]
        let body: JSON = ["message": .string(message.text)]
        switch await service.handOver(permit, place, headers, body.bytes) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response, isTagged: false, named: "id")
        }
    }
}
