package import JSON
import Synchronization

/// YouTube's Data API, as far as films of one channel: a session takes a film in parts, and tells what it has.
package final class YouTubeStandIn: Sendable {
    package struct Film: Sendable {
        package let id: String
        /// Its description, as its last update has it whole.
        package internal(set) var about: JSON
        package let bytes: [UInt8]
        package internal(set) var thumbnail: [UInt8] = []
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
        /// The results of films on days, by their dates: views and minutes.
        var days: [String: [String: (views: Int, minutes: Int)]] = [:]
        var updates = 0
        var comments: [Comment] = []
    }

    package struct Comment: Sendable {
        package let id: String, author: String, text: String
        /// The comment that it answers.
        package let parent: String?
        let made: Int64
    }

    package let token = "ya29-youtube-stand-in", channel = "UC-stand-in"
    package let service: ServiceStandIn
    /// The results of its films, as `statistics` names them; `minutes` and `shares` are those of reports.
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
            case ("/v2/reports", _):
                guard call.query["dimensions"] == "day" else { return Self.report(call, figures) }
                return state.value.withLock { $0.dayReport(call) }
            default: return state.value.withLock { $0.answer(request, channel) }
            }
        }
    }

    package var credentials: JSON { ["access_token": .string(token)] }
    package var settings: JSONObject { ["channel_id": .string(channel)] }

    /// Its films, the oldest first.
    package var films: [Film] { state.value.withLock { $0.films } }
    /// The number of sessions that were begun.
    package var begun: Int { state.value.withLock { $0.begun } }
    /// Refuses the next films for these reasons after all of them is there.
    package func reject(_ reasons: String...) { state.value.withLock { $0.refusals += reasons } }
    /// Sets the part of each of the next uploads that stays there.
    package func keep(_ bytes: Int...) { state.value.withLock { $0.keeps += bytes } }
    /// Sets the number of times that it is asked before its work on a film is done.
    package func work(looks: Int) { state.value.withLock { $0.looks = looks } }
    /// It has forgotten what was sent.
    package func forget() { state.value.withLock { $0.sessions = [:] } }
    /// Sets the results of a film on a day.
    package func tell(_ day: String, of film: String, views: Int, minutes: Int) {
        state.value.withLock { $0.days[film, default: [:]][day] = (views, minutes) }
    }
    /// Somebody says something below a film, or below another comment; returns its name.
    @discardableResult
    package func comment(_ text: String, by author: String = "UC-ann", below parent: String? = nil) -> String
    {
        state.value.withLock { $0.add(text, by: author, below: parent) }
    }
    /// The channel's own answers.
    package var answers: [Comment] {
        state.value.withLock { state in state.comments.filter { $0.author == channel } }
    }
    /// The number of times that the words of a film were written over.
    package var updates: Int { state.value.withLock { $0.updates } }
    /// Somebody changes the title of a film on YouTube's own pages.
    package func retitle(_ film: String, _ title: String) {
        state.value.withLock { state in
            guard let place = state.films.firstIndex(where: { $0.id == film }) else { return }
            let snippet = (state.films[place].about["snippet"] ?? [:]).merging(["title": .string(title)])
            state.films[place].about = state.films[place].about.merging(["snippet": snippet])
        }
    }
    /// Says that films go to this host.
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
            call.query["metrics"]?.contains("estimatedRevenue") != true || call.query["currency"] == "USD",
            let filter = call.query["filters"], filter.hasPrefix("video==")
        else { return refusal(400, "badRequest", "The query is not supported.") }
        let names = (call.query["metrics"] ?? "").split(separator: ",").map(String.init)
        let films = filter.dropFirst("video==".count).split(separator: ",").compactMap { figures[String($0)] }
        // A channel that is not of the partner programme has no money to read about.
        if names.contains("estimatedRevenue"), films.allSatisfy({ $0["cents"] == nil }) {
            return refusal(403, "forbidden", "Forbidden")
        }
        let rows = filter.dropFirst("video==".count).split(separator: ",").compactMap { id -> JSON? in
            guard let known = figures[String(id)], let minutes = known["minutes"] else { return nil }
            let values: JSON = [
                "views": JSON(known["viewCount"] ?? 0), "estimatedMinutesWatched": JSON(minutes),
                "shares": JSON(known["shares"] ?? 0),
                "estimatedRevenue": .number(Double(known["cents"] ?? 0) / 100),
            ]
            return .array([.string(String(id))] + names.map { values[$0] ?? 0 })
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
        case ("GET", "/youtube/v3/videos"):
            let id = call.query["id"] ?? ""
            switch call.query["part"] {
            case "snippet", "id": return tell(id)
            default: return look(id)
            }
        case ("PUT", "/youtube/v3/videos"): return update(call)
        case ("GET", "/youtube/v3/commentThreads"): return threads(call, channel)
        case ("POST", "/youtube/v3/comments"):
            let snippet = call.body["snippet"]
            guard let parent = snippet?["parentId"]?.text, let text = snippet?["textOriginal"]?.text,
                comments.contains(where: { $0.id == parent && $0.parent == nil })
            else { return YouTubeStandIn.refusal(404, "parentCommentNotFound", "No such comment") }
            return .json(
                200, ["kind": "youtube#comment", "id": .string(add(text, by: channel, below: parent))])
        case ("DELETE", "/youtube/v3/videos"):
            guard let place = films.firstIndex(where: { $0.id == call.query["id"] }) else { return noFilm }
            films.remove(at: place)
            return StandInAnswer(204)
        case ("POST", "/upload/youtube/v3/thumbnails/set"): return setThumbnail(call, request)
        case ("POST", "/upload/youtube/v3/videos"): return begin(call, request)
        case ("PUT", "/upload/youtube/v3/videos"): return take(call.query["upload_id"] ?? "", request)
        default: return YouTubeStandIn.refusal(404, "notFound", "Not Found")
        }
    }

    mutating func add(_ text: String, by author: String, below parent: String?) -> String {
        let id = parent.map { "\($0).\(comments.count)" } ?? "Ugx\(comments.count)"
        comments.append(
            YouTubeStandIn.Comment(id: id, author: author, text: text, parent: parent, made: StandInTime.now))
        return id
    }

    /// Threads, the newest first, with what was said below them.
    private func threads(_ call: StandInCall, _ channel: String) -> StandInAnswer {
        guard call.query["allThreadsRelatedToChannelId"] == channel, call.query["part"] == "snippet,replies"
        else {
            return YouTubeStandIn.refusal(400, "operationNotSupported", "Name the channel.")
        }
        func shown(_ comment: YouTubeStandIn.Comment) -> JSON {
            var snippet: JSONObject = [
                "textDisplay": .string(comment.text),
                "authorDisplayName": .string("Ann of \(comment.author)"),
                "authorChannelId": ["value": .string(comment.author)],
                "publishedAt": .string(StandInTime.text(comment.made)),
            ]
            if let parent = comment.parent { snippet["parentId"] = .string(parent) }
            return ["kind": "youtube#comment", "id": .string(comment.id), "snippet": .object(snippet)]
        }
        let threads = comments.filter { $0.parent == nil }.reversed().map { top -> JSON in
            var thread: JSONObject = [
                "id": .string(top.id), "snippet": ["videoId": "film-1", "topLevelComment": shown(top)],
            ]
            let replies = comments.filter { $0.parent == top.id }.map(shown)
            if !replies.isEmpty { thread["replies"] = ["comments": .array(replies)] }
            return .object(thread)
        }
        return .json(200, ["items": .array(threads)])
    }

    private var noFilm: StandInAnswer { YouTubeStandIn.refusal(404, "videoNotFound", "No such video") }

    private func tell(_ id: String) -> StandInAnswer {
        let found = films.filter { $0.id == id }.map { film -> JSON in
            ["kind": "youtube#video", "id": .string(film.id), "snippet": film.about["snippet"] ?? [:]]
        }
        return .json(200, ["items": .array(found)])
    }

    /// The part is written over whole: what is not sent is lost.
    private mutating func update(_ call: StandInCall) -> StandInAnswer {
        guard call.query["part"] == "snippet",
            let place = films.firstIndex(where: { $0.id == call.body["id"]?.text })
        else { return noFilm }
        let snippet = call.body["snippet"] ?? [:], title = snippet["title"]?.text ?? ""
        guard snippet["categoryId"] != nil else {
            return YouTubeStandIn.refusal(400, "invalidCategoryId", "The category is missing.")
        }
        guard !title.isEmpty, title.utf16.count <= 100, !title.contains("<") else {
            return YouTubeStandIn.refusal(400, "invalidTitle", "The title is invalid.")
        }
        updates += 1
        films[place].about = films[place].about.merging(["snippet": snippet])
        return .json(200, ["kind": "youtube#video", "id": .string(films[place].id), "snippet": snippet])
    }

    private mutating func setThumbnail(_ call: StandInCall, _ request: ReceivedRequest) -> StandInAnswer {
        guard let place = films.firstIndex(where: { $0.id == call.query["videoId"] }) else { return noFilm }
        guard request.header("Content-Type")?.hasPrefix("image/") == true, request.body.count <= 2 << 20
        else {
            return YouTubeStandIn.refusal(400, "invalidImage", "The image is invalid.")
        }
        films[place].thumbnail = request.body
        return .json(200, ["kind": "youtube#thumbnailSetResponse", "items": []])
    }

    /// The days of a film that are told already.
    fileprivate func dayReport(_ call: StandInCall) -> StandInAnswer {
        guard call.query["ids"] == "channel==MINE", call.query["metrics"] == "views,estimatedMinutesWatched",
            let filter = call.query["filters"], filter.hasPrefix("video=="),
            let first = call.query["startDate"], let last = call.query["endDate"]
        else { return YouTubeStandIn.refusal(400, "badRequest", "The query is not supported.") }
        let told = (days[String(filter.dropFirst("video==".count))] ?? [:]).filter {
            first <= $0.key && $0.key <= last
        }
        let rows = told.sorted { $0.key < $1.key }.map { day, figures -> JSON in
            [.string(day), JSON(figures.views), JSON(figures.minutes)]
        }
        var answer: JSONObject = [
            "kind": "youtubeAnalytics#resultTable",
            "columnHeaders": [
                ["name": "day", "columnType": "DIMENSION"], ["name": "views", "columnType": "METRIC"],
                ["name": "estimatedMinutesWatched", "columnType": "METRIC"],
            ],
        ]
        if !rows.isEmpty { answer["rows"] = .array(rows) }
        return .json(200, .object(answer))
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
