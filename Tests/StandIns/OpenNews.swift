internal import Foundation
internal import JSON
internal import Synchronization

/// News and communities that answer everybody, each on a port of its own. In all of them somebody looks for what the
/// question names.
package final class OpenNews: Sendable {
    package let news: ServiceStandIn, hackerNews: ServiceStandIn, stackExchange: ServiceStandIn
    package let mastodon: ServiceStandIn, discourse: ServiceStandIn

    /// `pause`: how many seconds GDELT wants between two questions.
    package init(pause: Double = 5) throws {
        let (asked, backoff) = (Moment(), Moment())
        news = try ServiceStandIn { Self.gdelt($0, asked, pause) }
        hackerNews = try ServiceStandIn { Self.hackerNews($0) }
        stackExchange = try ServiceStandIn { Self.stackExchange($0, backoff) }
        mastodon = try ServiceStandIn { Self.mastodon($0) }
        discourse = try ServiceStandIn { Self.discourse($0) }
    }

    /// A client that asks again too soon gets plain text, and so does `fault`, with a status as if it were
    /// good.
    private static func gdelt(_ request: ReceivedRequest, _ asked: Moment, _ pause: Double) -> StandInAnswer {
        guard request.path == "/api/v2/doc/doc" else { return StandInAnswer(404, "") }
        guard asked.passes(after: pause) else {
            return StandInAnswer(429, "Please limit requests to one every 5 seconds.")
        }
        let question = request.asked("query") ?? "", name = question.split(separator: "\"").first ?? ""
        if question.contains("fault") { return StandInAnswer(200, "Your query was too short.") }
        guard !name.isEmpty, !question.contains("nobody") else { return answer([:]) }
        return answer([
            "articles": [
                [
                    "url": "https://news.example/1",
                    "title": .string("\(name.capitalized) opens a new plant"),
                    "seendate": "20260115T100000Z", "domain": "news.example", "language": "English",
                ]
            ]
        ])
    }

    private static func hackerNews(_ request: ReceivedRequest) -> StandInAnswer {
        guard request.path == "/api/v1/search_by_date" else { return StandInAnswer(404, "{}") }
        let page = Int64(request.asked("page") ?? "") ?? 0, words = request.asked("query") ?? ""
        let hit: JSON = [
            "objectID": .string("\(page + 1)"), "title": .string("We look for \(words)"),
            "url": .string("https://seeker\(page + 1).example/"), "author": "ann",
            "created_at_i": 1_767_225_600, "story_text": .null,
        ]
        return answer(["hits": [hit], "nbPages": 2, "page": .integer(page)])
    }

    /// After `backoff` it wants two seconds of peace, and scolds whoever comes before.
    private static func stackExchange(_ request: ReceivedRequest, _ backoff: Moment) -> StandInAnswer {
        guard request.path == "/2.3/search/advanced" else { return StandInAnswer(404, "{}") }
        guard backoff.isPast else {
            return StandInAnswer(
                502, #"{"error_id":502,"error_name":"throttle_violation","error_message":"too many"}"#)
        }
        let words = request.asked("q") ?? ""
        var told: JSON = [
            "items": [
                [
                    "question_id": 1, "title": .string("Which \(words)?"),
                    "link": "https://webmasters.example/q/1",
                    "creation_date": 1_767_225_600, "owner": ["display_name": "ann"],
                    "body": "<p>See https://seeker.example/</p>",
                ]
            ], "has_more": false, "quota_max": 300, "quota_remaining": 290,
        ]
        if words.contains("backoff") {
            backoff.set(in: 2)
            told = told.merging(["backoff": 2])
        }
        return answer(told)
    }

    /// The tag `closed` is only for those who have signed in.
    private static func mastodon(_ request: ReceivedRequest) -> StandInAnswer {
        let prefix = "/api/v1/timelines/tag/"
        guard request.path.hasPrefix(prefix) else { return answer(["uri": "mastodon.example"]) }
        let tag = String(request.path.dropFirst(prefix.count))
        guard tag != "closed" else {
            return StandInAnswer(401, #"{"error":"This method requires an authenticated user"}"#)
        }
        let toot: JSON = [
            "id": "1", "created_at": "2026-01-15T10:00:00.000Z", "url": "https://mastodon.example/@ann/1",
            "content": .string("<p>Who does #\(tag)? https://seeker.example/</p>"), "language": "en",
            "account": ["acct": "ann@mastodon.example"], "tags": [["name": .string(tag)]],
        ]
        return StandInAnswer(200, JSON.array([toot]).serialized)
    }

    /// `limit` has asked too often.
    private static func discourse(_ request: ReceivedRequest) -> StandInAnswer {
        guard request.path == "/search.json" else { return answer(["topic_list": ["topics": []]]) }
        let words = request.asked("q") ?? ""
        if words.hasPrefix("limit ") { return StandInAnswer(429, "{}", headers: [("Retry-After", "2")]) }
        return answer([
            "posts": [
                [
                    "id": 1, "topic_id": 7, "post_number": 1, "username": "ann",
                    "created_at": "2026-01-15T10:00:00.000Z",
                    "blurb": .string("We look for \(words.prefix { $0 != " " }): https://seeker.example/"),
                ]
            ], "topics": [["id": 7, "title": "Looking for help", "slug": "looking-for-help"]],
            "grouped_search_result": ["more_full_page_results": false],
        ])
    }

    private static func answer(_ json: JSON) -> StandInAnswer {
        StandInAnswer(200, json.serialized, headers: [("Content-Type", "application/json")])
    }
}

/// A moment of the machine's clock that is past or not.
private final class Moment: Sendable {
    private let at = Mutex(Date.distantPast)

    var isPast: Bool { at.withLock { $0 <= .now } }

    func set(in seconds: Double) { at.withLock { $0 = .now.addingTimeInterval(seconds) } }

    /// Returns whether it is past; if so, the next one comes after so many seconds.
    func passes(after seconds: Double) -> Bool {
        at.withLock { at in
            guard at <= .now else { return false }
            at = .now.addingTimeInterval(seconds)
            return true
        }
    }
}
