internal import Foundation
package import JSON
import Synchronization

/// A site of WordPress with its REST API: posts, pictures, and the user in whose name they come.
package final class WordPressStandIn: Sendable {
    /// The address at which its front page says that the interface is.
    package enum Front: Sendable {
        /// In a header; in the page alone; behind `?rest_route=`; at another host; nowhere.
        case header, page, query, elsewhere, silent
    }

    package let service: ServiceStandIn
    package let posts = StandInRecords(from: 1201)
    package let media = StandInRecords(from: 847)
    private let state: State

    private final class State: Sendable {
        let mayPublish = Mutex(true), isHalf = Mutex(false)
    }

    package init(front: Front = .header) throws {
        let (posts, media, state) = (posts, media, State())
        self.state = state
        service = try ServiceStandIn { request in
            let call = StandInCall(request), host = "http://\(request.header("Host") ?? "")"
            var segments = call.segments
            if let route = call.query["rest_route"] {
                segments = ["wp-json"] + route.split(separator: "/").map(String.init)
            } else if segments.isEmpty {
                return Self.frontPage(front, host)
            }
            guard segments.starts(with: ["wp-json", "wp", "v2"]) else {
                return Self.fault(404, "rest_no_route")
            }
            guard request.header("Authorization") == "Basic bWlzaGE6YWJjZEVGR0gxMjM0aWprbE1OT1A2Nzg5" else {
                return Self.fault(401, "incorrect_password")
            }
            let mayPublish = state.mayPublish.withLock { $0 }
            switch (call.method, segments.dropFirst(3).first, segments.dropFirst(4).first) {
            case ("GET", "users"?, "me"?):
                return .json(
                    200, ["id": 3, "slug": "misha", "capabilities": ["publish_posts": .bool(mayPublish)]])
            case ("GET", "posts"?, nil): return Self.list(posts, call, host)
            case ("GET", "media"?, nil): return Self.list(media, call, host)
            case ("POST", "posts"?, let id):
                guard mayPublish else { return Self.fault(403, "rest_cannot_publish") }
                return Self.write(call.body.object ?? [:], id, posts, host)
            case ("POST", "media"?, nil):
                let name = request.header("Content-Disposition")?.split(separator: "\"").dropFirst().first
                let slug = name?.split(separator: ".").first.map(String.init) ?? ""
                let record = media.add(
                    [
                        "slug": .string(slug), "type": JSON(request.header("Content-Type")),
                        "bytes": .string(Data(request.body).base64EncodedString()),
                    ])
                guard !state.isHalf.withLock({ $0 }) else {
                    return StandInAnswer(
                        500, "<h1>Out of memory</h1>", headers: [("X-WP-Upload-Attachment-ID", record.id)])
                }
                return .json(201, Self.told(record, host))
            case ("POST", "media"?, let id?):
                guard let record = media.change(id, call.body.object ?? [:]) else {
                    return Self.fault(404, "rest_post_invalid_id")
                }
                return .json(200, Self.told(record, host))
            default: return Self.fault(404, "rest_no_route")
            }
        }
    }

    /// Returns whether its user may publish, or only hand in.
    package func permit(_ mayPublish: Bool) { state.mayPublish.withLock { $0 = mayPublish } }

    /// Returns whether it fails on the sizes of pictures that it has taken.
    package func failOnSizes(_ isHalf: Bool) { state.isHalf.withLock { $0 = isHalf } }

    private static func frontPage(_ front: Front, _ host: String) -> StandInAnswer {
        let page = "<!doctype html><html><head><title>Blog</title>"
        func link(_ root: String) -> [(String, String)] {
            [("Content-Type", "text/html"), ("Link", "<\(root)>; rel=\"https://api.w.org/\"")]
        }
        switch front {
        case .header: return StandInAnswer(200, page, headers: link("\(host)/wp-json/"))
        case .query: return StandInAnswer(200, page, headers: link("\(host)/index.php?rest_route=/"))
        case .elsewhere: return StandInAnswer(200, page, headers: link("https://elsewhere.example/wp-json/"))
        case .silent: return StandInAnswer(200, page)
        case .page:
            let found = "<link rel=\"https://api.w.org/\" href=\"\(host)/wp-json/\" />"
            return StandInAnswer(200, page + found, headers: [("Content-Type", "text/html")])
        }
    }

    private static func list(_ records: StandInRecords, _ call: StandInCall, _ host: String) -> StandInAnswer
    {
        let found = records.all.filter { $0.fields["slug"]?.text == call.query["slug"] }
        return .json(200, .array(found.map { told($0, host) }))
    }

    private static func write(
        _ body: JSONObject, _ id: String?, _ posts: StandInRecords, _ host: String
    ) -> StandInAnswer {
        var body = body
        if let id {
            guard let record = posts.change(id, body) else { return fault(404, "rest_post_invalid_id") }
            return .json(200, told(record, host))
        }
        // WordPress puts a number behind a slug that is taken.
        let slug = body["slug"]?.text ?? "", number = posts.all.count { $0.fields["slug"]?.text == slug }
        if number > 0 { body["slug"] = .string("\(slug)-\(number + 1)") }
        return .json(201, told(posts.add(body), host))
    }

    private static func told(_ record: StandInRecords.Record, _ host: String) -> JSON {
        var told = record.fields
        told["id"] = Int64(record.id).map { JSON.integer($0) } ?? .null
        told["link"] = .string("\(host)/2026/12/\(record.id)/")
        if let content = told["content"] { told["content"] = ["raw": content, "rendered": content] }
        return .object(told)
    }

    package var credentials: JSON {
        ["username": "misha", "application_password": "abcd EFGH 1234 ijkl MNOP 6789"]
    }

    /// A refusal as WordPress words it.
    package static func fault(_ status: Int, _ code: String) -> StandInAnswer {
        .json(
            status,
            ["code": .string(code), "message": "Sorry, no.", "data": ["status": JSON(status)]])
    }
}
