import Foundation
package import JSON
import Synchronization

/// The posts of a social network, in the order in which they came.
package final class PostShelf: Sendable {
    private let posts = Mutex<[JSONObject]>([])

    package init() {}

    package var all: [JSON] { posts.withLock { $0.map { .object($0) } } }
    package var texts: [String] { all.map { $0["text"]?.text ?? "" } }
    package var isEmpty: Bool { posts.withLock { $0.isEmpty } }
    var ids: [String] { all.map { $0["id"]?.text ?? "" } }

    /// Has something stand, and returns its id.
    func add(_ text: String, _ more: JSONObject = [:], id: (Int) -> String) -> String {
        posts.withLock { posts in
            var post: JSONObject = ["text": .string(text), "id": .string(id(1000 + posts.count))]
            for (name, value) in more.members { post[name] = value }
            post["at"] = .integer(Int64(Date().timeIntervalSince1970 * 1000))
            posts.append(post)
            return post["id"]?.text ?? ""
        }
    }

    /// Takes something away, and returns whether it stood there.
    func remove(_ id: String) -> Bool {
        posts.withLock { posts in
            let count = posts.count
            posts.removeAll { $0["id"]?.text == id }
            return posts.count < count
        }
    }

    /// Somebody takes something away there.
    package func take(_ id: String) { _ = remove(id) }

    /// The newest first.
    func list(_ entry: (JSON) -> JSON) -> [JSON] { all.reversed().map(entry) }

    static func moment(_ post: JSON) -> JSON {
        let seconds = Double(post["at"]?.int ?? 0) / 1000
        let text = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: seconds))
        return .string(text.replacing("Z", with: "+0000"))
    }
}

/// The Graph API as pages of Facebook and accounts of Instagram have it: pictures that nobody sees before their post,
/// containers that are published once, films that are worked on for a while.
package final class GraphPublishingStandIn: Sendable {
    package let token = "EAAB-page-token", page = "555", account = "17841"
    package let service: ServiceStandIn
    package let posts = PostShelf()
    /// The results of its posts, as insights name them; `comments_count` and `shares_count` are said of posts
    /// of pages.
    package let figures = FigureShelf()
    package let leads = MetaLeadShelf()
    package let shop = InstagramShopShelf()
    private let kept: Kept

    private final class Kept: Sendable {
        let state = Mutex(State())
    }

    private struct State {
        var number = 100
        var photos: [String: String] = [:]
        var films: [String: String] = [:]
        var containers: [String: [String: String]] = [:]
        /// The number of times that a container or film is still at work when it is looked at.
        var looks = 1
        var comments: [(post: String, text: String)] = []
        var used = 0, total = 50
    }

    /// The comments below its posts.
    package var comments: [String] { kept.state.withLock { $0.comments.map(\.text) } }
    /// The alternative texts of pictures that were handed over.
    package var altTexts: Set<String> { kept.state.withLock { Set($0.photos.values) } }
    /// The containers of Instagram that were made, as they were asked for.
    package var containers: [[String: String]] {
        kept.state.withLock { $0.containers.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Sets how often it has to be looked at while it is at work on a film or container.
    package func work(looks: Int) { kept.state.withLock { $0.looks = looks } }

    /// Sets how many posts of a day are used up.
    package func use(_ used: Int) { kept.state.withLock { $0.used = used } }

    package init(login: MetaLoginShelf? = nil) throws {
        let (posts, kept, token, figures) = (posts, Kept(), token, figures)
        let (leads, page, shop, account) = (leads, page, shop, account)
        self.kept = kept
        let address = Mutex("")
        service = try ServiceStandIn { request in
            if let answer = login?.answer(request, token) { return answer }
            let bearer = request.header("Authorization")
            guard bearer == "Bearer \(token)" || bearer == "OAuth \(token)" else {
                return Self.refusal(401, 190, 463, "Error validating access token: Session has expired")
            }
            let steps = request.path.split(separator: "/").map(String.init).filter { !$0.hasPrefix("v2") }
            let (node, edge) = (steps.first ?? "", steps.dropFirst().first ?? "")
            let fields = request.form ?? [:]
            if let answer = leads.answer(request, node, edge, page: page)
                ?? shop.answer(request, node, edge, account: account)
            {
                return answer
            }
            if request.method == "GET", figures.isGone(node) {
                return Self.refusal(400, 100, 33, "Unsupported get request. Object does not exist")
            }
            if request.method == "GET", edge == "insights" { return Self.insights(node, request, figures) }
            if request.query("fields")?.hasPrefix("comments.limit") == true {
                return Self.answer(Self.said(below: node, figures))
            }
            return kept.state.withLock { state in
                switch (request.method, edge) {
                case ("GET", "") where node.hasPrefix("555_") && !posts.ids.contains(node):
                    Self.refusal(400, 100, 33, "Unsupported get request. Object does not exist")
                case ("GET", ""): Self.look(at: node, state: &state, posts)
                case ("DELETE", ""):
                    posts.remove(node)
                        ? Self.answer(["success": true])
                        : Self.refusal(400, 100, 33, "Unsupported delete request. Object does not exist")
                case ("POST", "photos"): Self.photo(request, &state)
                case ("POST", "feed"): Self.feed(fields, state, posts)
                case ("GET", "published_posts"):
                    Self.answer([
                        "data": .array(
                            posts.list {
                                [
                                    "id": $0["id"] ?? .null, "message": $0["text"] ?? .null,
                                    "created_time": PostShelf.moment($0),
                                    "permalink_url": .string(
                                        "https://www.facebook.com/\($0["id"]?.text ?? "")"),
                                ]
                            })
                    ])
                case ("POST", "video_reels"): Self.reel(fields, &state, posts, address.withLock { $0 })
                case ("POST", "upload"): Self.answer(["success": true])
                case ("POST", "media"): shop.fault(in: fields) ?? Self.container(fields, &state)
                case ("POST", "media_publish"): Self.publish(fields, &state, posts, shop)
                case ("GET", "media"):
                    Self.answer([
                        "data": .array(
                            posts.list {
                                [
                                    "id": $0["id"] ?? .null, "caption": $0["text"] ?? .null,
                                    "timestamp": PostShelf.moment($0),
                                    "permalink": .string(
                                        "https://www.instagram.com/p/\($0["id"]?.text ?? "")/"),
                                ]
                            })
                    ])
                case ("GET", "content_publishing_limit"):
                    Self.answer([
                        "data": [
                            [
                                "quota_usage": JSON(state.used),
                                "config": ["quota_total": JSON(state.total), "quota_duration": 86_400],
                            ]
                        ]
                    ])
                case ("POST", "comments"): Self.comment(fields, on: node, &state)
                case ("GET", "comments"):
                    Self.answer([
                        "data": .array(
                            state.comments.filter { $0.post == node }.enumerated().map {
                                [
                                    "id": .string("c\($0.offset)"), "message": .string($0.element.text),
                                    "text": .string($0.element.text),
                                ]
                            })
                    ])
                default: Self.refusal(400, 100, 33, "Object does not exist")
                }
            }
        }
        let url = service.url
        address.withLock { $0 = url }
    }

    /// One figure that there is not makes it refuse all of them.
    private static func insights(
        _ node: String, _ request: ReceivedRequest, _ figures: FigureShelf
    ) -> StandInAnswer {
        guard !figures.isForbidden else {
            return refusal(403, 10, nil, "(#10) No permission for this action")
        }
        let metrics = (request.query("metric")?.removingPercentEncoding ?? "").split(separator: ",")
            .map(String.init)
        guard !metrics.contains(where: figures.isUnknown) else {
            return refusal(400, 100, nil, "(#100) The value must be a valid insights metric")
        }
        let known = figures[node] ?? [:]
        return answer([
            "data": .array(
                metrics.compactMap { name in
                    guard let value = known[name] else { return nil }
                    let told: JSON =
                        name == "post_reactions_by_type_total"
                        ? ["like": JSON(value - value / 4), "love": JSON(value / 4)] : JSON(value)
                    return [
                        "name": .string(name), "period": "lifetime", "values": [["value": told]],
                        "id": .string("\(node)/insights/\(name)/lifetime"),
                    ]
                })
        ])
    }

    private static func said(below node: String, _ figures: FigureShelf) -> JSON {
        var told: JSONObject = ["id": .string(node)]
        if let count = figures[node]?["comments_count"] {
            told["comments"] = ["data": [], "summary": ["total_count": JSON(count)]]
        }
        if let count = figures[node]?["shares_count"] { told["shares"] = ["count": JSON(count)] }
        return .object(told)
    }

    private static func look(at node: String, state: inout State, _ posts: PostShelf) -> StandInAnswer {
        if let container = state.containers[node] {
            return answer(["id": .string(node), "status_code": .string(status(container, &state))])
        }
        if state.films[node] != nil {
            let isOver = state.films[node] == "published" && !isAtWork(&state)
            return answer([
                "status": [
                    "video_status": isOver ? "ready" : "processing",
                    "publishing_phase": [
                        "status": .string(
                            state.films[node] == "published"
                                ? isOver ? "complete" : "in_progress" : "not_started")
                    ],
                ]
            ])
        }
        guard posts.all.contains(where: { $0["id"]?.text == node }) else {
            return answer(["id": .string(node), "name": "Acme", "username": "acme"])
        }
        return answer(["id": .string(node), "permalink": .string("https://www.instagram.com/p/\(node)/")])
    }

    private static func isAtWork(_ state: inout State) -> Bool {
        state.looks -= 1
        return state.looks >= 0
    }

    private static func status(_ container: [String: String], _ state: inout State) -> String {
        if container["published"] != nil { return "PUBLISHED" }
        return isAtWork(&state) ? "IN_PROGRESS" : "FINISHED"
    }

    private static func photo(_ request: ReceivedRequest, _ state: inout State) -> StandInAnswer {
        guard request.formFile("source") != nil, request.formField("published") == "false" else {
            return refusal(400, 324, nil, "Missing or invalid image file")
        }
        state.number += 1
        state.photos["\(state.number)"] = request.formField("alt_text_custom") ?? ""
        return answer(["id": .string("\(state.number)")])
    }

    private static func feed(_ fields: [String: String], _ state: State, _ posts: PostShelf) -> StandInAnswer
    {
        let photos = (0..<10).compactMap { fields["attached_media[\($0)]"] }.compactMap {
            try? JSONParser.parse(Array($0.utf8))["media_fbid"]?.text
        }
        guard photos.allSatisfy({ state.photos[$0] != nil }) else {
            return refusal(400, 100, 33, "Photo does not exist")
        }
        let words = fields["message"] ?? ""
        guard !posts.texts.contains(words) || words.isEmpty else {
            return refusal(400, 506, 1_366_051, "This status update is identical to the last one you posted.")
        }
        let id = posts.add(words, ["link": JSON(fields["link"]), "photos": JSON(photos)]) { "555_\($0)" }
        return answer(["id": .string(id), "permalink_url": .string("https://www.facebook.com/\(id)")])
    }

    private static func reel(
        _ fields: [String: String], _ state: inout State, _ posts: PostShelf, _ url: String
    ) -> StandInAnswer {
        switch fields["upload_phase"] {
        case "start":
            state.number += 1
            state.films["\(state.number)"] = "started"
            return answer([
                "video_id": .string("\(state.number)"), "upload_url": .string("\(url)/video/upload"),
            ])
        default:
            guard let id = fields["video_id"], state.films[id] == "started" else {
                return refusal(400, 100, 33, "Video does not exist")
            }
            state.films[id] = "published"
            _ = posts.add(fields["description"] ?? "") { _ in id }
            return answer(["success": true])
        }
    }

    private static func container(_ fields: [String: String], _ state: inout State) -> StandInAnswer {
        let isCarousel = fields["media_type"] == "CAROUSEL"
        guard fields["image_url"] != nil || fields["video_url"] != nil || isCarousel else {
            return refusal(400, 9004, 2_207_052, "The media could not be fetched from this URI")
        }
        state.number += 1
        state.containers["\(state.number)"] = fields
        return answer(["id": .string("\(state.number)")])
    }

    private static func publish(
        _ fields: [String: String], _ state: inout State, _ posts: PostShelf, _ shop: InstagramShopShelf
    ) -> StandInAnswer {
        guard let id = fields["creation_id"], let container = state.containers[id],
            container["published"] == nil
        else {
            return refusal(400, 9007, 2_207_027, "Media ID is not available")
        }
        state.containers[id]?["published"] = "true"
        let media = posts.add(container["caption"] ?? "", [:]) { "1790\($0)" }
        shop.publish(container, as: media)
        return answer(["id": .string(media)])
    }

    private static func comment(
        _ fields: [String: String], on node: String, _ state: inout State
    ) -> StandInAnswer {
        state.comments.append((node, fields["message"] ?? ""))
        return answer(["id": .string("c\(state.comments.count)")])
    }

    private static func answer(_ body: JSON) -> StandInAnswer { StandInAnswer(200, body.serialized) }

    package static func refusal(_ status: Int, _ code: Int, _ subcode: Int?, _ words: String) -> StandInAnswer
    {
        let body: JSON = [
            "error": [
                "message": .string(words), "type": "OAuthException", "code": JSON(code),
                "error_subcode": JSON(subcode),
            ]
        ]
        return StandInAnswer(status, body.serialized)
    }
}
