package import Agents
package import Integrations
package import JSON
package import Messages
package import People
internal import Records
internal import Social
package import Telemetry

/// Comments below the newest posts of an organization, which are asked for, and answered below themselves:
/// https://learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api
extension LinkedIn: CommentReading {
    package var channel: Channel { .linkedin }
    package var textMax: Int { 1250 }
    /// The pause between two looks; the number of calls allowed in a day is said nowhere.
    package var pollMinutes: Int64 { 60 }
    /// The longest delay, in milliseconds, with which a comment may be shown after others that were written
    /// later.
    private static let overlap: Int64 = 600_000

    package func length(of text: String) -> (count: Int, unit: String) { (text.utf16.count, "characters") }

    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        settings["author"]?.text.map { CommentAddress.isOne(address, below: $0) } ?? true
    }

    package func comments(
        after place: String?, at now: Instant, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> CommentPage {
        guard let place, let since = Int64(place) else {
            return CommentPage(place: "\(now.microseconds / 1000)")
        }
        let own = author(access)
        guard own.hasPrefix("urn:li:organization") else {
            throw ToolFailure(
                "not_supported",
                "LinkedIn tells comments below posts of organizations alone: set author to one.",
                isRetryable: false)
        }
        var page = CommentPage(place: place), newest = since
        for post in try await posts(access, reach) {
            guard let name = post["id"]?.text else { continue }
            for comment in try await comments(below: name, access, reach) {
                var said = [comment]
                if comment["commentsSummary"]?["aggregatedTotalComments"]?.int ?? 0 > 0,
                    let urn = Self.name(of: comment, below: name)
                {
                    said += try await comments(below: urn, access, reach)
                }
                for one in said {
                    guard let at = one["created"]?["time"]?.int else { continue }
                    newest = max(newest, at)
                    guard at >= since - Self.overlap else { continue }
                    let parent = one == comment ? nil : Self.name(of: comment, below: name)
                    if let chat = Self.comment(one, at: at, below: name, in: parent, of: own) {
                        page.comments.append(chat)
                    }
                }
            }
        }
        page.place = "\(newest)"
        page.comments.sort { ($0.at ?? now) < ($1.at ?? now) }
        return page
    }

    private func comments(
        below urn: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [JSON] {
        do throws(ToolFailure) {
            let answer = try await ask(
                "/rest/socialActions/\(urn.percentEncoded)/comments?count=100&start=0", access, reach)
            guard let list = answer.body["elements"]?.array else { throw wire.unreadable }
            return list
        } catch {
            // It was taken back meanwhile.
            guard error.code == "not_found" else { throw error }
            return []
        }
    }

    private static func name(of comment: JSON, below post: String) -> String? {
        if let urn = comment["commentUrn"]?.text { return urn }
        guard let id = comment["id"]?.label else { return nil }
        return "urn:li:comment:(\(comment["object"]?.text ?? post),\(id))"
    }

    /// `nil`: it is the organization's own. One that answers another is known with that one, below which all answers
    /// stand.
    private static func comment(
        _ comment: JSON, at: Int64, below post: String, in parent: String?, of own: String
    ) -> ReceivedChat? {
        guard let author = comment["actor"]?.text, author != own, let name = name(of: comment, below: post),
            let text = comment["message"]?["text"]?.words
        else { return nil }
        var chat = ReceivedChat(.linkedin, from: CommentAddress.of(author, below: own), text)
        chat.providerID = parent.map { "\(name) \($0)" } ?? name
        chat.inReplyTo = parent
        chat.at = Instant(milliseconds: at)
        return chat
    }

    /// Answers a comment below it, once: an answer whose fate is not known is not given again.
    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard let parent = message.comment?.split(separator: " ").last.map(String.init),
            let start = parent.firstIndex(of: "("), let end = parent.lastIndex(of: ",")
        else { return .withoutComment }
        let object = String(parent[parent.index(after: start)..<end])
        let body: JSON = [
            "actor": .string(author(access)), "object": .string(object), "parentComment": .string(parent),
            "message": ["text": .string(message.text)],
        ]
        do throws(ToolFailure) {
            let answer = try await ask(
                "/rest/socialActions/\(parent.percentEncoded)/comments", access, permit.reach, method: "POST",
                body: body, changes: true)
            guard let id = answer.body["commentUrn"]?.words ?? answer.header("x-restli-id") else {
                throw ToolFailure(
                    "unknown", "LinkedIn has answered without an id", isRetryable: true, isAmbiguous: true)
            }
            return .accepted(providerID: id)
        } catch {
            return SendOutcome(ofAnswer: error)
        }
    }
}
