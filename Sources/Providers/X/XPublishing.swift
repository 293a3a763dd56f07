package import Agents
package import Integrations
package import JSON
internal import Records
package import Social
package import Telemetry

/// Posts on X: pictures and films first, then the words, each part of a thread an answer to the one before.
extension XNetwork {
    /// The most that X's clock may be behind ours.
    private static let clockDifference: Duration = .seconds(60)

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        XUpload(progress).wants(post)
    }

    /// Files cost nothing by themselves.
    package func price(
        _ post: OutgoingPost, _ progress: PostProgress, _ settings: JSONObject, call: Int64
    ) -> Int64 {
        let place = progress.standing.count
        guard !isRepeatable(post, progress), post.parts.indices.contains(place) else { return 0 }
        return network.price(of: post.parts[place], settings, call: call)
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        let upload = XUpload(progress)
        if upload.wants(post) { return try await continueUpload(upload, post, progress, access, reach) }
        guard progress.standing.count < post.parts.count else { return .published(progress) }
        let request = self.post("/2/tweets", part(of: post, progress, upload), access, isDoubtful: true)
        let answer = try await ask(request, access, reach)
        guard let id = answer["data"]?["id"]?.text, !id.isEmpty else { throw wire.unreadable("POST") }
        return stands(id, post, progress)
    }

    private func part(of post: OutgoingPost, _ progress: PostProgress, _ upload: XUpload) -> JSON {
        let text = post.parts[progress.standing.count]
        var body: JSONObject = [:]
        if !text.isEmpty { body["text"] = .string(text) }
        if post.isMadeWithAI { body["made_with_ai"] = true }
        if post.isPaid { body["paid_partnership"] = true }
        if let last = progress.standing.last {
            body["reply"] = ["in_reply_to_tweet_id": .string(last)]
        } else {
            if !upload.done.isEmpty { body["media"] = ["media_ids": JSON(upload.done)] }
            if let who = post.options["reply_settings"] { body["reply_settings"] = .string(who) }
        }
        return .object(body)
    }

    private func stands(_ id: String, _ post: OutgoingPost, _ known: PostProgress) -> PostStep {
        var progress = known
        progress.standing.append(id)
        progress.url = progress.standing.first.map { "https://x.com/i/web/status/\($0)" }
        return progress.standing.count < post.parts.count
            ? .next(progress, after: .zero) : .published(progress)
    }

    /// X knows no names of ours: the account's own posts since then are looked through for the same words.
    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        guard progress.standing.count < post.parts.count else { return nil }
        let user: String
        if let told = access.setting("user_id") {
            user = told
        } else {
            user = try await me(access, reach).id
        }
        let first = start - Self.clockDifference
        // It takes whole seconds alone.
        let since = "\(first.description.prefix(19))Z"
        let answer = try await ask(
            get(
                "/2/users/\(user.percentEncoded)/tweets?max_results=100&start_time=\(since.percentEncoded)"
                    + "&tweet.fields=created_at,entities,referenced_tweets", access), access, reach)
        let sent = post.parts[progress.standing.count]
        let found = (answer["data"]?.array ?? []).last { shown in
            guard let id = shown["id"]?.text, !progress.standing.contains(id) else { return false }
            if let made = shown["created_at"]?.text.flatMap({ Instant($0) }), made < first { return false }
            return Self.answers(shown, progress.standing.last) && XShownText(shown).says(sent)
        }
        return found?["id"]?.text.map { stands($0, post, progress) }
    }

    /// Returns whether a post that X shows is an answer to another one, as far as it tells that.
    private static func answers(_ shown: JSON, _ other: String?) -> Bool {
        guard let references = shown["referenced_tweets"]?.array else { return true }
        let answered = references.first { $0["type"]?.text == "replied_to" }?["id"]?.text
        return answered == other
    }
}
