import Foundation
import JSON
import Synchronization

/// LinkedIn's Posts API: versions that are to be named, an id in a header, uploads at addresses that it names.
package final class LinkedInStandIn: Sendable {
    package let token = "AQX-token", author = "urn:li:organization:123"
    package let service: ServiceStandIn
    package let posts = PostShelf()
    /// The number of bytes of each upload, by its URN.
    package let uploads = DayShelf()
    /// The results of its posts, as `totalShareStatistics` names them.
    package let figures = FigureShelf()
    package let leads = LinkedInLeadShelf()
    private let addresses: Addresses
    private let comments = CommentShelf()

    package struct Comment: Sendable {
        package let urn: String, actor: String, text: String
        /// The post or comment that it stands below.
        package let place: String
        let made: Int64
    }

    fileprivate final class CommentShelf: Sendable {
        let all = Mutex<[Comment]>([])

        func add(_ text: String, by actor: String, below place: String, of post: String) -> String {
            all.withLock { all in
                let urn = "urn:li:comment:(\(post),\(6000 + all.count))"
                all.append(
                    Comment(
                        urn: urn, actor: actor, text: text, place: place,
                        made: Int64(Date().timeIntervalSince1970 * 1000)))
                return urn
            }
        }
    }

    /// Somebody says something below a post, or below a comment of one; returns its name.
    @discardableResult
    package func comment(
        _ text: String, by actor: String = "urn:li:person:ann", below post: String, in comment: String? = nil
    ) -> String {
        comments.add(text, by: actor, below: comment ?? post, of: post)
    }
    /// The organization's own answers.
    package var answers: [Comment] { comments.all.withLock { all in all.filter { $0.actor == author } } }

    private final class Addresses: Sendable {
        let own = Mutex(""), elsewhere = Mutex<String?>(nil)
        let looks = Mutex(0)

        var upload: String { elsewhere.withLock { $0 } ?? own.withLock { $0 } }
        var isReady: Bool {
            looks.withLock {
                $0 += 1
                return $0 > 1
            }
        }
    }

    /// Has uploads go to another address.
    package func leadUploads(to url: String) { addresses.elsewhere.withLock { $0 = url } }

    /// `admits`: whether a token is good; without it one is.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (posts, uploads, token, addresses) = (posts, uploads, token, Addresses())
        let (figures, comments, leads) = (figures, comments, leads)
        self.addresses = addresses
        service = try ServiceStandIn { request in
            let bearer = request.header("Authorization") ?? ""
            guard admits?(String(bearer.dropFirst(7))) ?? (bearer == "Bearer \(token)") else {
                return StandInAnswer(
                    401,
                    #"{"status":401,"serviceErrorCode":65601,"code":"REVOKED_ACCESS_TOKEN","message":"The token used in the request has been revoked by the user"}"#
                )
            }
            if request.method == "PUT" {
                uploads[request.path.split(separator: "/").last.map(String.init) ?? ""] = [
                    "bytes": Double(request.body.count)
                ]
                return StandInAnswer(201, "", headers: [("ETag", "etag-\(request.body.count)")])
            }
            guard request.header("LinkedIn-Version") == "202607" else {
                return StandInAnswer(
                    426,
                    #"{"status":426,"code":"NONEXISTENT_VERSION","message":"Requested version is not active"}"#
                )
            }
            guard request.header("X-Restli-Protocol-Version") == "2.0.0" else {
                return StandInAnswer(400, "{}")
            }
            if let answer = leads.answer(request) { return answer }
            let body = (try? JSONParser.parse(request.body)) ?? .null
            switch (request.method, request.path) {
            case ("POST", "/rest/posts"):
                let words = body["commentary"]?.text ?? ""
                guard !posts.texts.contains(words) else {
                    return StandInAnswer(
                        422,
                        #"{"status":422,"code":"DUPLICATE_POST","message":"Content is a duplicate of urn:li:share:1"}"#
                    )
                }
                let id = posts.add(words, ["body": body]) { "urn:li:share:\($0)" }
                return StandInAnswer(201, "", headers: [("x-restli-id", id)])
            case ("GET", "/rest/posts"):
                let list = posts.list {
                    ["id": $0["id"] ?? .null, "commentary": $0["text"] ?? .null, "createdAt": $0["at"] ?? 0]
                }
                return StandInAnswer(200, (["elements": .array(list)] as JSON).serialized)
            case (_, _) where request.path.hasPrefix("/rest/socialActions/"):
                return Self.social(request, body, comments)
            case ("DELETE", _) where request.path.hasPrefix("/rest/posts/"):
                let id = String(request.path.dropFirst("/rest/posts/".count)).removingPercentEncoding ?? ""
                guard request.header("X-RestLi-Method") == "DELETE" else { return StandInAnswer(400, "{}") }
                return StandInAnswer(posts.remove(id) ? 204 : 404)
            case ("GET", _) where request.path.hasPrefix("/rest/posts/"):
                let id = String(request.path.dropFirst("/rest/posts/".count)).removingPercentEncoding ?? ""
                return posts.ids.contains(id)
                    ? StandInAnswer(200, (["id": .string(id)] as JSON).serialized)
                    : StandInAnswer(404, #"{"status":404,"code":"NOT_FOUND","message":"Not found"}"#)
            case ("GET", "/rest/organizationalEntityShareStatistics"):
                return Self.statistics(request, figures)
            case ("POST", "/rest/images"):
                return StandInAnswer(
                    200,
                    ([
                        "value": [
                            "uploadUrl": .string("\(addresses.upload)/dms-uploads/1"),
                            "image": "urn:li:image:1",
                        ]
                    ] as JSON).serialized)
            case ("POST", "/rest/videos"): return Self.film(request, body, addresses.upload, uploads)
            case ("GET", _)
            where request.path.hasPrefix("/rest/images/") || request.path.hasPrefix("/rest/videos/"):
                return StandInAnswer(
                    200,
                    (["status": .string(addresses.isReady ? "AVAILABLE" : "PROCESSING")] as JSON).serialized)
            default: return StandInAnswer(404, "{}")
            }
        }
        let url = service.url
        addresses.own.withLock { $0 = url }
    }

    /// A film comes in two parts, and is whole when it is said which they were.
    private static func film(
        _ request: ReceivedRequest, _ body: JSON, _ address: String, _ uploads: DayShelf
    ) -> StandInAnswer {
        let names = ["film-1", "film-2"]
        guard request.query("action") == "initializeUpload" else {
            let told = body["finalizeUploadRequest"]
            let tags = names.map { JSON.string("etag-\(Int(uploads[$0]?["bytes"] ?? 0))") }
            let isWhole = told?["video"] == "urn:li:video:1" && told?["uploadedPartIds"] == .array(tags)
            return StandInAnswer(isWhole ? 200 : 400, "{}")
        }
        guard let size = body["initializeUploadRequest"]?["fileSizeBytes"]?.int, size > 1 else {
            return StandInAnswer(400, "{}")
        }
        let half = Int64(size / 2), ranges: [(first: Int64, last: Int64)] = [(0, half - 1), (half, Int64(size) - 1)]
        let parts = zip(names, ranges).map { name, range -> JSON in
            let place: JSON = .string("\(address)/dms-uploads/\(name)")
            return ["uploadUrl": place, "firstByte": .integer(range.first), "lastByte": .integer(range.last)]
        }
        return .json(
            200,
            [
                "value": [
                    "video": "urn:li:video:1", "uploadToken": "", "uploadInstructions": .array(parts),
                ]
            ])
    }

    /// Comments below a post or a comment; an answer names what it stands below, and in whose name.
    private static func social(
        _ request: ReceivedRequest, _ body: JSON, _ comments: CommentShelf
    ) -> StandInAnswer {
        let steps = request.path.split(separator: "/").map(String.init)
        guard steps.count == 4, steps[3] == "comments", let place = steps[2].removingPercentEncoding else {
            return StandInAnswer(404, "{}")
        }
        if request.method == "POST" {
            guard let text = body["message"]?["text"]?.text, let actor = body["actor"]?.text,
                let post = body["object"]?.text, body["parentComment"]?.text == place,
                comments.all.withLock({ all in all.contains { $0.urn == place && $0.place == post } })
            else { return StandInAnswer(400, #"{"status":400,"message":"Invalid comment"}"#) }
            let urn = comments.add(text, by: actor, below: place, of: post)
            return StandInAnswer(201, "", headers: [("x-restli-id", urn)])
        }
        let elements = comments.all.withLock { all in
            all.filter { $0.place == place }.map { one -> JSON in
                let below = all.count { $0.place == one.urn }
                return [
                    "actor": .string(one.actor), "commentUrn": .string(one.urn),
                    "message": ["text": .string(one.text)], "created": ["time": .integer(one.made)],
                    "commentsSummary": ["aggregatedTotalComments": JSON(below)],
                ]
            }
        }
        return StandInAnswer(200, (["elements": .array(elements)] as JSON).serialized)
    }

    /// Names stand in lists whose brackets are those of the request; what is within names is escaped.
    private static func statistics(_ request: ReceivedRequest, _ figures: FigureShelf) -> StandInAnswer {
        guard !figures.isForbidden else {
            return StandInAnswer(
                403,
                #"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: organizationalEntityShareStatistics.FINDER"}"#
            )
        }
        var elements: [JSON] = []
        for (list, member) in [("shares", "share"), ("ugcPosts", "ugcPost")] {
            guard let text = request.query(list) else { continue }
            guard text.hasPrefix("List("), text.hasSuffix(")") else { return StandInAnswer(400, "{}") }
            let names = text.dropFirst(5).dropLast().split(separator: ",")
            guard names.allSatisfy({ !$0.contains("(") && !$0.contains(":") }) else {
                return StandInAnswer(400, "{}")
            }
            for name in names {
                let id = name.removingPercentEncoding ?? ""
                guard let known = figures[id] else { continue }
                let numbers = known.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }
                elements.append([
                    member: .string(id), "totalShareStatistics": .object(JSONObject(numbers)),
                    "organizationalEntity": "urn:li:organization:123",
                ])
            }
        }
        return StandInAnswer(200, (["elements": .array(elements)] as JSON).serialized)
    }
}
