package import JSON
import Synchronization

/// YouTube's Data API, as far as films of one channel: a session takes a film in parts, and tells what it has.
package final class YouTubeStandIn: Sendable {
    package struct Film: Sendable {
        package let id: String, about: JSON
        package let bytes: [UInt8]
        var looks: Int
        let refusal: String?
    }

    fileprivate struct Session {
        let about: JSON, size: Int
        var bytes: [UInt8] = []
        var film: String?
    }

    fileprivate struct State {
        var sessions: [String: Session] = [:]
        var films: [Film] = []
        var refusals: [String] = []
        var keeps: [Int] = []
        var looks = 1
        var begun = 0
        var host: String?
    }

    package let token = "ya29-youtube-stand-in", channel = "UC-stand-in"
    package let service: ServiceStandIn
    /// How its films have done, as `statistics` names it; `minutes` and `shares` are those of reports.
    package let figures = FigureShelf()
    private let state: State.Box

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (state, token, channel, figures) = (State.Box(), token, channel, figures)
        self.state = state
        service = try ServiceStandIn { request in
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            guard admits?(shown) ?? (shown == token) else {
                return Self.refusal(401, "authError", "Invalid Credentials")
            }
            let call = StandInCall(request)
            let ids = (call.query["id"] ?? "").split(separator: ",").map(String.init)
            switch (call.path, call.query["part"]) {
            case ("/youtube/v3/videos", "statistics"?): return Self.statistics(of: ids, figures)
            case ("/v2/reports", _): return Self.report(call, figures)
            default: return state.value.withLock { $0.answer(request, channel) }
            }
        }
    }

    package var credentials: JSON { ["access_token": .string(token)] }
    package var settings: JSONObject { ["channel_id": .string(channel)] }

    /// Its films, the oldest first.
    package var films: [Film] { state.value.withLock { $0.films } }
    /// How many sessions were begun.
    package var begun: Int { state.value.withLock { $0.begun } }
    /// Why the next films are refused after all of them is there.
    package func reject(_ reasons: String...) { state.value.withLock { $0.refusals += reasons } }
    /// How much of each of the next parts stays there.
    package func keep(_ bytes: Int...) { state.value.withLock { $0.keeps += bytes } }
    /// How often it is asked before its work on a film is done.
    package func work(looks: Int) { state.value.withLock { $0.looks = looks } }
    /// It has forgotten what was sent.
    package func forget() { state.value.withLock { $0.sessions = [:] } }
    /// Where it says that films go.
    package func upload(to host: String?) { state.value.withLock { $0.host = host } }

    /// Numbers are texts, and what is gone is left out.
    private static func statistics(of ids: [String], _ figures: FigureShelf) -> StandInAnswer {
        let films = ids.compactMap { id -> JSON? in
            guard !figures.isGone(id), let known = figures[id] else { return nil }
            let numbers = known.filter { $0.key.hasSuffix("Count") }.sorted { $0.key < $1.key }
            return [
                "kind": "youtube#video", "id": .string(id),
                "statistics": .object(JSONObject(numbers.map { ($0.key, .string("\($0.value)")) })),
            ]
        }
        return .json(200, ["items": .array(films)])
    }

    /// A report without anything to tell has no rows.
    private static func report(_ call: StandInCall, _ figures: FigureShelf) -> StandInAnswer {
        guard !figures.isForbidden else { return refusal(403, "forbidden", "Forbidden") }
        guard call.query["ids"] == "channel==MINE", call.query["dimensions"] == "video",
            let filter = call.query["filters"], filter.hasPrefix("video==")
        else { return refusal(400, "badRequest", "The query is not supported.") }
        let names = (call.query["metrics"] ?? "").split(separator: ",").map(String.init)
        let rows = filter.dropFirst("video==".count).split(separator: ",").compactMap { id -> JSON? in
            guard let known = figures[String(id)], let minutes = known["minutes"] else { return nil }
            let values: [String: Int] = [
                "views": known["viewCount"] ?? 0, "estimatedMinutesWatched": minutes,
                "shares": known["shares"] ?? 0,
            ]
            return .array([.string(String(id))] + names.map { JSON(values[$0] ?? 0) })
        }
        var answer: JSONObject = [
            "kind": "youtubeAnalytics#resultTable",
            "columnHeaders": .array(
                (["video"] + names).map { ["name": .string($0), "columnType": "METRIC"] }),
        ]
        if !rows.isEmpty { answer["rows"] = .array(rows) }
        return .json(200, .object(answer))
    }

    /// A refusal as YouTube words it.
    package static func refusal(_ status: Int, _ reason: String, _ message: String) -> StandInAnswer {
        let error: JSON = [
            "message": .string(message), "domain": "youtube", "reason": .string(reason),
        ]
        return .json(
            status,
            [
                "error": [
                    "code": JSON(status), "message": .string(message), "errors": [error],
                    "status": "REFUSED",
                ]
            ])
    }
}

extension YouTubeStandIn.State {
    /// The state that requests change and tests look at.
    final class Box: Sendable {
        let value = Mutex(YouTubeStandIn.State())
    }

    fileprivate mutating func answer(_ request: ReceivedRequest, _ channel: String) -> StandInAnswer {
        let call = StandInCall(request)
        switch (call.method, call.path) {
        case ("GET", "/youtube/v3/channels"):
            return .json(
                200, ["items": [["id": .string(channel), "snippet": ["title": "Acme"]]]])
        case ("GET", "/youtube/v3/videos"): return look(call.query["id"] ?? "")
        case ("POST", "/upload/youtube/v3/videos"): return begin(call, request)
        case ("PUT", "/upload/youtube/v3/videos"): return take(call.query["upload_id"] ?? "", request)
        default: return YouTubeStandIn.refusal(404, "notFound", "Not Found")
        }
    }

    private mutating func begin(_ call: StandInCall, _ request: ReceivedRequest) -> StandInAnswer {
        let title = call.body["snippet"]?["title"]?.text ?? ""
        guard call.query["uploadType"] == "resumable", call.query["part"] == "snippet,status",
            let size = request.header("X-Upload-Content-Length").flatMap({ Int($0) }),
            request.header("X-Upload-Content-Type")?.hasPrefix("video/") == true
        else { return YouTubeStandIn.refusal(400, "mediaBodyRequired", "The request has no media.") }
        guard !title.isEmpty, title.utf16.count <= 100, !title.contains("<") else {
            return YouTubeStandIn.refusal(400, "invalidTitle", "The title is invalid.")
        }
        begun += 1
        sessions["s\(begun)"] = YouTubeStandIn.Session(about: call.body, size: size)
        let host = host ?? "https://www.googleapis.com"
        let address = "\(host)/upload/youtube/v3/videos?uploadType=resumable&upload_id=s\(begun)"
        return StandInAnswer(200, headers: [("Location", address)])
    }

    private mutating func take(_ id: String, _ request: ReceivedRequest) -> StandInAnswer {
        guard let session = sessions[id] else { return YouTubeStandIn.refusal(404, "notFound", "Gone") }
        let range = (request.header("Content-Range") ?? "").dropFirst("bytes ".count)
        if let film = session.film.flatMap({ id in films.first { $0.id == id } }) {
            return StandInAnswer(200, resource(film).serialized)
        }
        guard range != "*/\(session.size)" else { return partly(session) }
        let start = session.bytes.count, end = start + request.body.count
        guard range == "\(start)-\(end - 1)/\(session.size)",
            end == session.size || request.body.count % 262_144 == 0
        else { return YouTubeStandIn.refusal(400, "badRequest", "Wrong range") }
        let kept = keeps.isEmpty ? request.body.count : keeps.removeFirst()
        sessions[id]?.bytes += request.body.prefix(kept)
        guard let now = sessions[id], now.bytes.count == now.size else {
            return sessions[id].map(partly) ?? StandInAnswer(404)
        }
        let film = YouTubeStandIn.Film(
            id: "film-\(films.count + 1)", about: session.about, bytes: now.bytes, looks: looks,
            refusal: refusals.isEmpty ? nil : refusals.removeFirst())
        films.append(film)
        sessions[id]?.film = film.id
        return StandInAnswer(201, resource(film).serialized)
    }

    private func partly(_ session: YouTubeStandIn.Session) -> StandInAnswer {
        let last = session.bytes.count - 1
        return StandInAnswer(308, headers: last < 0 ? [] : [("Range", "bytes=0-\(last)")])
    }

    private func resource(_ film: YouTubeStandIn.Film) -> JSON {
        ["kind": "youtube#video", "id": .string(film.id), "status": ["uploadStatus": "uploaded"]]
    }

    private mutating func look(_ id: String) -> StandInAnswer {
        guard let place = films.firstIndex(where: { $0.id == id }) else {
            return .json(200, ["items": []])
        }
        var status: JSONObject = ["uploadStatus": "uploaded"]
        if films[place].looks > 0 {
            films[place].looks -= 1
        } else if let reason = films[place].refusal {
            (status["uploadStatus"], status["rejectionReason"]) = ("rejected", .string(reason))
        } else {
            status["uploadStatus"] = "processed"
        }
        return .json(200, ["items": [["id": .string(id), "status": .object(status)]]])
    }
}
