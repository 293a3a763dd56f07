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
    /// How its posts have done, as `totalShareStatistics` names it.
    package let figures = FigureShelf()
    private let addresses: Addresses

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

    package init() throws {
        let (posts, uploads, token, addresses) = (posts, uploads, token, Addresses())
        let figures = figures
        self.addresses = addresses
        service = try ServiceStandIn { request in
            guard request.header("Authorization") == "Bearer \(token)" else {
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
            case ("GET", _) where request.path.hasPrefix("/rest/images/"):
                return StandInAnswer(
                    200,
                    (["status": .string(addresses.isReady ? "AVAILABLE" : "PROCESSING")] as JSON).serialized)
            default: return StandInAnswer(404, "{}")
            }
        }
        let url = service.url
        addresses.own.withLock { $0 = url }
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
