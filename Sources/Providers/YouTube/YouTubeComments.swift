package import Agents
package import Integrations
package import JSON
package import Messages
package import People
internal import Records
internal import Social
package import Telemetry

/// Comments below films of the channel, which are asked for, and answered below themselves:
/// https://developers.google.com/youtube/v3/docs/commentThreads/list
extension YouTube: CommentReading {
    package var channel: Channel { .youtube }
    package var textMax: Int { 10_000 }
    package var pollMinutes: Int64 { 10 }
    private static let pagesMax = 5
    /// The longest delay with which a comment may be shown after others that were written later.
    private static let overlap: Duration = .seconds(600)

    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        settings["channel_id"]?.text.map { CommentAddress.isOne(address, below: $0) } ?? true
    }

    package func comments(
        after place: String?, at now: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CommentPage {
        guard let place, let since = Instant(place) else { return CommentPage(place: now.description) }
        let own = try await ownChannel(access, reach), from = since - Self.overlap
        var page = CommentPage(place: place), threads: [[ReceivedChat]] = [], newest = since, token: String?
        for _ in 0..<Self.pagesMax {
            var path =
                "/youtube/v3/commentThreads?part=snippet,replies&order=time&maxResults=100&textFormat=plainText"
                + "&allThreadsRelatedToChannelId=\(own.percentEncoded)"
            if let token { path += "&pageToken=\(token.percentEncoded)" }
            let answer = try await ask(get(path, access), access, reach)
            guard let items = answer["items"]?.array else { throw wire.unreadable() }
            var oldest = now
            for thread in items {
                var new: [ReceivedChat] = []
                let said =
                    [thread["snippet"]?["topLevelComment"] ?? .null]
                    + (thread["replies"]?["comments"]?.array ?? [])
                for comment in said {
                    guard let at = comment["snippet"]?["publishedAt"]?.text.flatMap({ Instant($0) }) else {
                        continue
                    }
                    if comment["id"] == said[0]["id"] { oldest = min(oldest, at) }
                    newest = max(newest, at)
                    if at >= from, let chat = Self.comment(comment, at: at, below: own) {
                        new.append(chat)
                    }
                }
                threads.append(new)
            }
            token = answer["nextPageToken"]?.text
            if token == nil || oldest < from { break }
        }
        page.place = newest.description
        // The newest thread comes first, and times are told by the second: of two alike the later one is newer.
        page.comments = threads.reversed().flatMap(\.self).enumerated().sorted {
            ($0.element.at ?? now, $0.offset) < ($1.element.at ?? now, $1.offset)
        }.map(\.element)
        return page
    }

    /// `nil`: it is the channel's own.
    private static func comment(_ comment: JSON, at: Instant, below own: String) -> ReceivedChat? {
        let snippet = comment["snippet"]
        guard let id = comment["id"]?.words, let author = snippet?["authorChannelId"]?["value"]?.text,
            author != own, let text = (snippet?["textOriginal"] ?? snippet?["textDisplay"])?.words
        else { return nil }
        var chat = ReceivedChat(.youtube, from: CommentAddress.of(author, below: own), text)
        chat.name = snippet?["authorDisplayName"]?.words
        (chat.providerID, chat.inReplyTo, chat.at) = (id, snippet?["parentId"]?.words, at)
        return chat
    }

    private func ownChannel(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        if let told = access.setting("channel_id") { return told }
        let answer = try await ask(get("/youtube/v3/channels?part=id&mine=true", access), access, reach)
        guard let id = answer["items"]?.array?.first?["id"]?.words else { throw wire.unreadable() }
        return id
    }

    /// Answers a comment below it, once: an answer whose fate is not known is not given again.
    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard let comment = message.comment else { return .withoutComment }
        // Answers to answers stand below the comment that they all are of, whose name theirs begin with.
        let thread = comment.split(separator: ".").first.map(String.init) ?? comment
        let request = ServiceWire.Request(
            "POST", access.baseURL + "/youtube/v3/comments?part=snippet", headers: headers(access),
            json: ["snippet": ["parentId": .string(thread), "textOriginal": .string(message.text)]],
            isDoubtful: true)
        do throws(ToolFailure) {
            guard let id = try await ask(request, access, permit.reach)["id"]?.words else {
                throw wire.unreadable("POST")
            }
            return .accepted(providerID: id)
        } catch {
            return SendOutcome(ofAnswer: error)
        }
    }
}
