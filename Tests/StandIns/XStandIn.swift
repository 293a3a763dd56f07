import Foundation
package import JSON
import Synchronization

/// X, as far as the posts of one account: they stand in a chain of answers, each text once, after its files.
package final class XStandIn: Sendable {
    package struct Post: Sendable {
        package let id: String, text: String
        /// The id of the post that it answers.
        package let other: String?
        package let media: [String]
        let made: Int64
    }

    package struct Upload: Sendable {
        package let type: String, category: String
        let size: Int
        package var bytes: [UInt8] = [], altText = ""
        /// The number of times that it has still to be asked before it is done.
        var looks: Int
        var isWhole = false

        var isDone: Bool { isWhole && looks == 0 }
    }

    fileprivate struct Mention {
        let id: String, author: String, text: String
        let isPassedOn: Bool
        let made: Int64
    }

    fileprivate struct State {
        var posts: [Post] = []
        var uploads: [String: Upload] = [:]
        var refused: Set<String> = []
        var number = 1_880_028_106_020_515_840
        var looks = 0
        var hidesPosts = false
        var removed: [String] = []
        var mentions: [Mention] = []
        var mentionsAtOnce = 100
        /// By the WOEID of their place.
        var trends: [String: [JSON]] = [:]
        /// By their names, as X tells them.
        var spaces: [String: JSON] = [:]

        mutating func name() -> String {
            number += 1
            return "\(number)"
        }
    }

    package let token = "x-stand-in-token", user = "77"
    /// The token by which the app itself asks for what is no account's.
    package static let appToken = "x-stand-in-app-token"
    package let service: ServiceStandIn
    /// The results of its posts, as `public_metrics` and `non_public_metrics` name them.
    package let figures = FigureShelf()
    private let state: State.Box

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (state, token, user, figures) = (State.Box(), token, user, figures)
        self.state = state
        service = try ServiceStandIn { request in
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            let call = StandInCall(request)
            if call.segments.prefix(3) == ["2", "trends", "by"] {
                return state.value.withLock { $0.trends(call, isOfApp: shown == Self.appToken) }
            }
            guard admits?(shown) ?? (shown == token) else { return Self.refusal(401, "Unauthorized") }
            if call.method == "GET", call.segments == ["2", "tweets"] {
                return state.value.withLock { $0.figures(call, figures) }
            }
            return state.value.withLock { $0.answer(request, user) }
        }
    }

    package var credentials: JSON { ["access_token": .string(token)] }
    package var settings: JSONObject { ["user_id": .string(user)] }

    /// Its posts, the oldest first.
    package var posts: [Post] { state.value.withLock { $0.posts } }
    package var uploads: [String: Upload] { state.value.withLock { $0.uploads } }
    /// A text that it refuses until it is told otherwise.
    package func refuse(_ text: String) { state.value.withLock { _ = $0.refused.insert(text) } }
    package func takeAll() { state.value.withLock { $0.refused = [] } }
    /// Sets the number of times that it has to be asked for each film before its work on it is done.
    package func workOnFilms(looks: Int) { state.value.withLock { $0.looks = looks } }
    /// Returns whether it shows nothing of what stands there.
    package func hidePosts() { state.value.withLock { $0.hidesPosts = true } }

    /// Somebody says something to the account, or passes on what it has said; returns its number.
    @discardableResult
    package func mention(_ text: String, by author: String = "501", isPassedOn: Bool = false) -> String {
        state.value.withLock { state in
            let id = state.name()
            state.mentions.append(
                Mention(id: id, author: author, text: text, isPassedOn: isPassedOn, made: StandInTime.now))
            return id
        }
    }
    /// Sets the number of mentions that it tells at once.
    package func tellMentions(atOnce count: Int) { state.value.withLock { $0.mentionsAtOnce = count } }

    /// Sets the talk at a place, as it tells it.
    package func trend(at place: Int, _ trends: [JSON]) {
        state.value.withLock { $0.trends["\(place)"] = trends }
    }

    /// Somebody plans a Space in the app, moves it, holds it or ends it; `nil`: X does not know it any more.
    package func space(_ id: String, _ about: JSON?) {
        state.value.withLock { state in
            let own: JSON = ["id": .string(id), "creator_id": .string(user)]
            state.spaces[id] = about.map { own.merging($0) }
        }
    }

    /// The posts that were taken away, in their order.
    package var removed: [String] { state.value.withLock { $0.removed } }

    fileprivate static func gone(_ id: String) -> StandInAnswer {
        .json(
            404,
            [
                "title": "Not Found Error", "status": 404, "detail": .string("Could not find tweet \(id)."),
                "type": "https://api.x.com/2/problems/resource-not-found",
            ])
    }

    /// A refusal as X words it.
    package static func refusal(
        _ status: Int, _ detail: String, headers: [(String, String)] = []
    ) -> StandInAnswer {
        .json(
            status,
            ["title": "Refused", "status": JSON(status), "detail": .string(detail), "type": "about:blank"],
            headers: headers)
    }
}

extension XStandIn.State {
    /// The state that requests change and tests look at.
    final class Box: Sendable {
        let value = Mutex(XStandIn.State())
    }

    /// Accounts are refused: trends are for apps.
    fileprivate func trends(_ call: StandInCall, isOfApp: Bool) -> StandInAnswer {
        guard isOfApp else {
            return .json(
                403,
                [
                    "title": "Unsupported Authentication", "status": 403,
                    "detail": "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.",
                    "type": "https://api.x.com/2/problems/unsupported-authentication",
                ])
        }
        guard let known = trends[call.segments.last ?? ""] else {
            return .json(
                200,
                [
                    "errors": [
                        [
                            "title": "Not Found Error", "detail": "Could not find trends for this place.",
                            "type": "https://api.x.com/2/problems/resource-not-found",
                        ]
                    ]
                ])
        }
        let most = Int(call.query["max_trends"] ?? "") ?? 20
        return .json(200, ["data": .array(Array(known.prefix(most)))])
    }

    /// Those that are planned or live; without any there is no data at all.
    private func ownSpaces(_ call: StandInCall) -> StandInAnswer {
        let open = spaces.sorted { $0.key < $1.key }.map(\.value).filter {
            ["scheduled", "live"].contains($0["state"]?.text)
        }
        let meta: JSON = ["result_count": JSON(open.count)]
        return .json(200, open.isEmpty ? ["meta": meta] : ["data": .array(open), "meta": meta])
    }

    private func namedSpaces(_ call: StandInCall) -> StandInAnswer {
        var (data, errors): ([JSON], [JSON]) = ([], [])
        for id in (call.query["ids"] ?? "").split(separator: ",").map(String.init) {
            if let space = spaces[id] {
                data.append(space)
            } else {
                errors.append([
                    "value": .string(id), "resource_id": .string(id), "resource_type": "space",
                    "title": "Not Found Error", "parameter": "ids",
                    "detail": .string("Could not find space with ids: [\(id)]."),
                    "type": "https://api.twitter.com/2/problems/resource-not-found",
                ])
            }
        }
        var answer: JSONObject = [:]
        if !data.isEmpty { answer["data"] = .array(data) }
        if !errors.isEmpty { answer["errors"] = .array(errors) }
        return .json(200, .object(answer))
    }

    fileprivate mutating func answer(_ request: ReceivedRequest, _ user: String) -> StandInAnswer {
        let call = StandInCall(request)
        switch (
            call.method, call.segments.dropFirst().first, call.segments.dropFirst(2).joined(separator: "/")
        )
        {
        case ("GET", "users"?, "me"):
            return .json(200, ["data": ["id": .string(user), "username": "acme", "name": "Acme"]])
        case ("GET", "users"?, "\(user)/tweets"): return list(call)
        case ("GET", "users"?, "\(user)/mentions"): return mentionPage(call)
        case ("GET", "spaces"?, "by/creator_ids"): return ownSpaces(call)
        case ("GET", "spaces"?, ""): return namedSpaces(call)
        case ("POST", "tweets"?, ""): return post(call.body)
        case ("DELETE", "tweets"?, let id):
            guard posts.contains(where: { $0.id == id }) else { return XStandIn.gone(id) }
            posts.removeAll { $0.id == id }
            removed.append(id)
            return .json(200, ["data": ["deleted": true]])
        case ("POST", "media"?, "metadata"):
            guard let id = call.body["id"]?.text, uploads[id]?.isDone == true else { return unknown }
            uploads[id]?.altText = call.body["metadata"]?["alt_text"]?["text"]?.text ?? ""
            return .json(200, ["data": ["id": .string(id)]])
        case ("POST", "media"?, "upload/initialize"):
            guard let type = call.body["media_type"]?.text, let size = call.body["total_bytes"]?.int else {
                return unknown
            }
            let (id, category) = (name(), call.body["media_category"]?.text ?? "")
            uploads[id] = XStandIn.Upload(
                type: type, category: category, size: Int(size),
                looks: category == "tweet_video" ? looks : 0)
            return .json(200, ["data": ["id": .string(id), "expires_after_secs": 86400]])
        case ("POST", "media"?, _) where call.segments.count == 5:
            return call.segments[4] == "append" ? append(call.segments[3], request) : finish(call.segments[3])
        case ("GET", "media"?, "upload"):
            let id = call.query["media_id"] ?? ""
            guard let upload = uploads[id], upload.isWhole else { return unknown }
            uploads[id]?.looks = max(0, upload.looks - 1)
            return .json(200, ["data": ["id": .string(id), "processing_info": work(id)]])
        default: return unknown
        }
    }

    /// Answers 200 with an error for each post that is gone, beside the figures of the others.
    fileprivate func figures(_ call: StandInCall, _ figures: FigureShelf) -> StandInAnswer {
        guard !figures.isForbidden else { return XStandIn.refusal(403, "client-forbidden") }
        let own: Set = ["url_link_clicks", "user_profile_clicks", "engagements"]
        var (data, errors): ([JSON], [JSON]) = ([], [])
        for id in (call.query["ids"] ?? "").split(separator: ",").map(String.init) {
            guard posts.contains(where: { $0.id == id }), !figures.isGone(id) else {
                errors.append([
                    "value": .string(id), "resource_id": .string(id), "resource_type": "tweet",
                    "title": "Not Found Error", "parameter": "ids",
                    "type": "https://api.twitter.com/2/problems/resource-not-found",
                ])
                continue
            }
            guard let known = figures[id] else {
                // Without the fields that are asked for, its words alone.
                if call.query["tweet.fields"] == nil { data.append(["id": .string(id), "text": ""]) }
                continue
            }
            func part(_ isOwn: Bool) -> JSON {
                let some = known.filter { own.contains($0.key) == isOwn }.sorted { $0.key < $1.key }
                return .object(JSONObject(some.map { ($0.key, JSON($0.value)) }))
            }
            data.append([
                "id": .string(id), "text": "", "public_metrics": part(false),
                "non_public_metrics": part(true),
            ])
        }
        var answer: JSONObject = [:]
        if !data.isEmpty { answer["data"] = .array(data) }
        if !errors.isEmpty { answer["errors"] = .array(errors) }
        return .json(200, .object(answer))
    }

    /// The newest first, page by page.
    private func mentionPage(_ call: StandInCall) -> StandInAnswer {
        let since = call.query["since_id"].flatMap { Int($0) } ?? 0
        let start = call.query["start_time"].flatMap { StandInTime.second($0) } ?? 0
        guard since > 0 || start > 0 else { return unknown }
        let new = mentions.filter { Int($0.id) ?? 0 > since && $0.made >= start }.reversed()
        let place = call.query["pagination_token"].flatMap { Int($0) } ?? 0
        let page = Array(new.dropFirst(place).prefix(mentionsAtOnce))
        var meta: JSONObject = ["result_count": JSON(page.count)]
        if let first = page.first, let last = page.last {
            (meta["newest_id"], meta["oldest_id"]) = (.string(first.id), .string(last.id))
        }
        if place + page.count < new.count { meta["next_token"] = .string("\(place + page.count)") }
        var answer: JSONObject = ["meta": .object(meta)]
        if !page.isEmpty {
            answer["data"] = .array(
                page.map { one in
                    [
                        "id": .string(one.id), "author_id": .string(one.author),
                        "text": .string(one.text.replacing("&", with: "&amp;")),
                        "created_at": .string(StandInTime.text(one.made)),
                        "referenced_tweets": one.isPassedOn ? [["type": "retweeted", "id": "1"]] : [],
                    ]
                })
            answer["includes"] = [
                "users": .array(
                    Set(page.map(\.author)).sorted().map {
                        ["id": .string($0), "name": .string("Ann \($0)"), "username": .string("ann\($0)")]
                    })
            ]
        }
        return .json(200, .object(answer))
    }

    private var unknown: StandInAnswer { XStandIn.refusal(400, "One or more parameters were invalid.") }

    private mutating func post(_ body: JSON) -> StandInAnswer {
        let text = body["text"]?.text ?? "", media = body["media"]?["media_ids"]?.array ?? []
        let ids = media.compactMap(\.text), other = body["reply"]?["in_reply_to_tweet_id"]?.text
        guard !refused.contains(text) else { return XStandIn.refusal(403, "You may not say \(text).") }
        guard !posts.contains(where: { $0.text == text }) else {
            return XStandIn.refusal(403, "You are not allowed to create a Tweet with duplicate content.")
        }
        guard ids.allSatisfy({ uploads[$0]?.isDone == true }), ids.count <= 4,
            other == nil || posts.contains(where: { $0.id == other })
                || mentions.contains(where: { $0.id == other })
        else { return unknown }
        let post = XStandIn.Post(
            id: name(), text: text, other: other, media: ids, made: StandInTime.now)
        posts.append(post)
        return .json(201, ["data": ["id": .string(post.id), "text": .string(text)]])
    }

    private mutating func append(_ id: String, _ request: ReceivedRequest) -> StandInAnswer {
        guard let upload = uploads[id], let part = request.formField("segment_index").flatMap({ Int($0) }),
            let bytes = request.formFile("media"), part << 20 <= upload.bytes.count
        else { return unknown }
        // A repeated part takes the place of the one before.
        uploads[id]?.bytes = Array(upload.bytes.prefix(part << 20)) + bytes
        return .json(200, ["data": ["expires_at": 1_900_000_000]])
    }

    private mutating func finish(_ id: String) -> StandInAnswer {
        guard let upload = uploads[id], upload.bytes.count == upload.size else { return unknown }
        uploads[id]?.isWhole = true
        guard upload.looks > 0 else { return .json(200, ["data": ["id": .string(id)]]) }
        return .json(200, ["data": ["id": .string(id), "processing_info": work(id)]])
    }

    private func work(_ id: String) -> JSON {
        uploads[id]?.isDone == true
            ? ["state": "succeeded", "progress_percent": 100]
            : ["state": "in_progress", "check_after_secs": 1]
    }

    /// The newest first, as they are shown: links shortened, and some characters escaped.
    private func list(_ call: StandInCall) -> StandInAnswer {
        let start = call.query["start_time"].flatMap { StandInTime.second($0) } ?? 0
        let shown = hidesPosts ? [] : posts.filter { $0.made >= start }.reversed().map(shown)
        return .json(200, ["data": .array(shown), "meta": ["result_count": JSON(shown.count)]])
    }

    private func shown(_ post: XStandIn.Post) -> JSON {
        var (text, links): (String, [JSON]) = (post.text, [])
        for (number, match) in post.text.matches(of: /https:\/\/[^ ]+/).enumerated() {
            let short = "https://t.co/\(post.id.suffix(6))\(number)"
            text = text.replacing(match.output, with: short)
            links.append(["url": .string(short), "expanded_url": .string(String(match.output))])
        }
        text = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        if !post.media.isEmpty {
            let short = "https://t.co/\(post.id.suffix(6))pic"
            text += " " + short
            links.append([
                "url": .string(short), "expanded_url": "https://x.com/acme/status/1/photo/1",
                "display_url": "pic.x.com/1", "media_key": "3_1",
            ])
        }
        let answered = post.other.map { ["type": "replied_to", "id": .string($0)] as JSON }
        return [
            "id": .string(post.id), "text": .string(text), "created_at": .string(StandInTime.text(post.made)),
            "entities": ["urls": .array(links)],
            "referenced_tweets": .array(answered.map { [$0] } ?? []),
        ]
    }
}
