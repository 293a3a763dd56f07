package import Agents
package import Integrations
package import JSON
package import Messages
package import People
internal import Records
internal import Social
package import Telemetry

/// Mentions of the account on X, and answers to it, which are asked for, and answered below themselves:
/// https://docs.x.com/x-api/posts/timelines
extension XNetwork: CommentReading {
    package var channel: Channel { .x }
    package var textMax: Int { network.rules.textMax }
    package var pollMinutes: Int64 { 15 }
    /// As many as X keeps of mentions.
    private static let pagesMax = 8

    package func length(of text: String) -> (count: Int, unit: String) {
        (network.rules.counting.length(of: text), "characters")
    }

    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        settings["user_id"]?.text.map { CommentAddress.isOne(address, below: $0) } ?? true
    }

    /// Each post that is read is paid for, and what is told of its author like two.
    package func price(ofComments count: Int, _ settings: JSONObject, call: Int64) -> Int64 {
        price(ofReading: count, settings, call: call)
    }

    package func comments(
        after place: String?, at now: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CommentPage {
        // It takes whole seconds alone.
        guard let place else { return CommentPage(place: "\(now.description.prefix(19))Z") }
        let user: String
        if let told = access.setting("user_id") {
            user = told
        } else {
            user = try await me(access, reach).id
        }
        let since = place.hasSuffix("Z") ? "start_time" : "since_id"
        var page = CommentPage(place: place), token: String?
        for _ in 0..<Self.pagesMax {
            var path =
                "/2/users/\(user.percentEncoded)/mentions?max_results=100&\(since)=\(place.percentEncoded)"
                + "&tweet.fields=author_id,created_at,referenced_tweets,entities&expansions=author_id"
                + "&user.fields=name,username"
            if let token { path += "&pagination_token=\(token.percentEncoded)" }
            let answer = try await ask(get(path, access), access, reach, isPartly: true)
            let posts = answer["data"]?.array ?? [], people = answer["includes"]?["users"]?.array ?? []
            page.count += posts.count + 2 * people.count
            page.comments += posts.compactMap { Self.comment($0, by: people, to: user) }
            // The first page has the newest of all.
            if token == nil, let newest = answer["meta"]?["newest_id"]?.text { page.place = newest }
            token = answer["meta"]?["next_token"]?.text
            if token == nil { break }
        }
        page.comments.reverse()
        return page
    }

    /// `nil`: it is the account's own, or somebody has passed it on.
    private static func comment(_ post: JSON, by people: [JSON], to user: String) -> ReceivedChat? {
        let others = post["referenced_tweets"]?.array ?? []
        guard let id = post["id"]?.text, let author = post["author_id"]?.text, author != user,
            !others.contains(where: { $0["type"] == "retweeted" })
        else { return nil }
        let person = people.first { $0["id"]?.text == author }, text = XShownText(post).text
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        var chat = ReceivedChat(.x, from: CommentAddress.of(author, below: user), text)
        chat.name = person?["name"]?.words ?? person?["username"]?.words
        chat.providerID = id
        chat.inReplyTo = others.first { $0["type"] == "replied_to" }?["id"]?.text
        chat.at = post["created_at"]?.text.flatMap { Instant($0) }
        return chat
    }

    /// Answers a post once: an answer whose fate is not known is not given again.
    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard let comment = message.comment else { return .withoutComment }
        let body: JSON = [
            "text": .string(message.text), "reply": ["in_reply_to_tweet_id": .string(comment)],
        ]
        do throws(ToolFailure) {
            let answer = try await ask(
                post("/2/tweets", body, access, isDoubtful: true), access, permit.reach)
            guard let id = answer["data"]?["id"]?.words else { throw wire.unreadable("POST") }
            return .accepted(providerID: id)
        } catch {
            return SendOutcome(ofAnswer: error)
        }
    }
}

extension SendOutcome {
    /// A network has no comment to set an answer below.
    static var withoutComment: SendOutcome {
        .refused(
            SendRefusal(
                .message, code: "comment_missing",
                detail: "The answer has no comment to stand below: answer in the conversation of one."))
    }

    /// The outcome of an answer that a network has not taken as it should.
    init(ofAnswer failure: ToolFailure) {
        if failure.isAmbiguous {
            self = .unknown(detail: failure.detail)
        } else if failure.isOfAccount {
            self = .refused(SendRefusal(.account, code: failure.code, detail: failure.detail))
        } else if failure.code == IntegrationCheck.permissionCode {
            self = .refused(SendRefusal(.permission, code: failure.code, detail: failure.detail))
        } else if failure.isRetryable {
            self = .later(code: failure.code, detail: failure.detail, after: failure.retryAfter)
        } else {
            self = .refused(SendRefusal(.message, code: failure.code, detail: failure.detail))
        }
    }
}
