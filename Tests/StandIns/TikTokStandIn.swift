package import JSON
import Synchronization

/// TikTok's Content Posting API, as far as one creator: each publication has a name, films come in parts, and what has
/// become of it is told to whoever asks.
package final class TikTokStandIn: Sendable {
    package struct Publication: Sendable {
        package let info: JSON
        /// The addresses of its pictures; none for a film.
        package let pictures: [String]
        package var bytes: [UInt8] = []
        let size: Int, parts: Int, partSize: Int
        var looks: Int
        var isWhole: Bool { bytes.count == size }
    }

    fileprivate struct State {
        var publications: [String: Publication] = [:]
        var order: [String] = []
        var levels = ["PUBLIC_TO_EVERYONE", "SELF_ONLY"]
        var failures: [String] = []
        var looks = 1
        var secondsMax = 300
        var creatorsAsked = 0
        var host = "https://open-upload.tiktokapis.com"
    }

    package let token = "act.stand-in-token", uploadToken = "upload-stand-in-token"
    package let service: ServiceStandIn
    /// The results of its films, as `video/query` names them.
    package let figures = FigureShelf()
    private let state: State.Box
    /// A number of 64 bits, of which a Double keeps no more than the first digits.
    package static let firstPost: Int64 = 7_123_456_789_012_345_679

    /// `admits`: whether a token is good; without it one token is, always.
    package init(admits: (@Sendable (String) -> Bool)? = nil) throws {
        let (state, token, upload, figures) = (State.Box(), token, uploadToken, figures)
        self.state = state
        service = try ServiceStandIn { request in
            if request.method == "PUT" { return state.value.withLock { $0.take(request, upload) } }
            let shown = String((request.header("Authorization") ?? "").dropFirst("Bearer ".count))
            guard admits?(shown) ?? (shown == token) else {
                return Self.refusal(401, "access_token_invalid")
            }
            let call = StandInCall(request)
            if call.segments == ["v2", "video", "query"] { return Self.films(call, figures) }
            return state.value.withLock { $0.answer(request, upload) }
        }
    }

    package var credentials: JSON { ["access_token": .string(token)] }

    /// The publications that were begun, in their order.
    package var publications: [Publication] {
        state.value.withLock { state in state.order.compactMap { state.publications[$0] } }
    }
    package var creatorsAsked: Int { state.value.withLock { $0.creatorsAsked } }
    /// Sets the privacy levels and the length that its account offers from now on.
    package func offer(_ levels: [String], seconds: Int = 300) {
        state.value.withLock { ($0.levels, $0.secondsMax) = (levels, seconds) }
    }
    /// Has the next publications fail for these reasons, one after another, once they are there.
    package func fail(_ reasons: String...) { state.value.withLock { $0.failures += reasons } }
    /// Sets the number of times that it is asked before it is done.
    package func work(looks: Int) { state.value.withLock { $0.looks = looks } }
    /// Says that films go to this host.
    package func upload(to host: String) { state.value.withLock { $0.host = host } }

    /// Films that are gone are left out.
    private static func films(_ call: StandInCall, _ figures: FigureShelf) -> StandInAnswer {
        guard !figures.isForbidden else { return refusal(401, "scope_not_authorized") }
        let ids = (call.body["filters"]?["video_ids"]?.array ?? []).compactMap(\.text)
        guard !ids.isEmpty, ids.count <= 20, call.query["fields"]?.contains("view_count") == true else {
            return refusal(400, "invalid_params")
        }
        let films = ids.compactMap { id -> JSON? in
            guard !figures.isGone(id), let known = figures[id] else { return nil }
            let numbers = known.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }
            return .object(JSONObject([("id", .string(id))] + numbers))
        }
        return .json(
            200,
            [
                "data": ["videos": .array(films)],
                "error": ["code": "ok", "message": "", "log_id": "2026112703"],
            ])
    }

    /// A refusal as TikTok words it.
    package static func refusal(_ status: Int, _ code: String, _ message: String = "") -> StandInAnswer {
        .json(
            status,
            [
                "data": [:],
                "error": ["code": .string(code), "message": .string(message), "log_id": "2026112700"],
            ])
    }
}

extension TikTokStandIn.State {
    /// The state that requests change and tests look at.
    final class Box: Sendable {
        let value = Mutex(TikTokStandIn.State())
    }

    private func good(_ data: JSON) -> StandInAnswer {
        .json(200, ["data": data, "error": ["code": "ok", "message": "", "log_id": "2026112701"]])
    }

    fileprivate mutating func answer(_ request: ReceivedRequest, _ token: String) -> StandInAnswer {
        let call = StandInCall(request), info = call.body["post_info"] ?? .null
        switch call.segments.dropFirst(3).joined(separator: "/") {
        case "creator_info/query":
            creatorsAsked += 1
            return good([
                "creator_username": "acme", "privacy_level_options": JSON(levels),
                "comment_disabled": false, "duet_disabled": false, "stitch_disabled": true,
                "max_video_post_duration_sec": JSON(secondsMax),
            ])
        case "video/init", "content/init":
            guard let level = info["privacy_level"]?.text, levels.contains(level) else {
                return TikTokStandIn.refusal(403, "privacy_level_option_mismatch")
            }
            return begin(call.body, info, token)
        case "status/fetch": return standing(call.body["publish_id"]?.text ?? "")
        default: return StandInAnswer(404)
        }
    }

    private mutating func begin(_ body: JSON, _ info: JSON, _ token: String) -> StandInAnswer {
        let source = body["source_info"] ?? .null, id = "v_pub_file~v2-1.\(order.count + 1)"
        let pictures = source["photo_images"]?.array?.compactMap(\.text) ?? []
        func number(_ name: String) -> Int { Int(source[name]?.int ?? 0) }
        let (size, parts) = (number("video_size"), number("total_chunk_count"))
        let partSize = number("chunk_size")
        let isFilm =
            source["source"] == "FILE_UPLOAD" && size > 0 && partSize <= 64_000_000 && partSize > 0
            && parts == size / partSize && (partSize >= 5_000_000 || parts == 1 && partSize == size)
        guard isFilm || !pictures.isEmpty else { return TikTokStandIn.refusal(400, "invalid_params") }
        publications[id] = TikTokStandIn.Publication(
            info: info, pictures: pictures, size: size, parts: parts, partSize: partSize, looks: looks)
        order.append(id)
        guard isFilm else { return good(["publish_id": .string(id)]) }
        let address = "\(host)/video/?upload_id=\(order.count)&upload_token=\(token)"
        return good(["publish_id": .string(id), "upload_url": .string(address)])
    }

    /// Takes a part of a film, if it is the next one.
    fileprivate mutating func take(_ request: ReceivedRequest, _ token: String) -> StandInAnswer {
        guard request.query("upload_token") == token,
            let number = request.query("upload_id").flatMap({ Int($0) }), order.indices.contains(number - 1),
            let film = publications[order[number - 1]]
        else { return StandInAnswer(403) }
        let start = film.bytes.count, isLast = start / film.partSize == film.parts - 1
        let end = isLast ? film.size : start + film.partSize
        guard !film.isWhole, request.header("Content-Range") == "bytes \(start)-\(end - 1)/\(film.size)",
            request.body.count == end - start
        else { return StandInAnswer(416) }
        publications[order[number - 1]]?.bytes += request.body
        return StandInAnswer(isLast ? 201 : 206)
    }

    private mutating func standing(_ id: String) -> StandInAnswer {
        guard let publication = publications[id] else {
            return TikTokStandIn.refusal(400, "invalid_publish_id")
        }
        guard publication.isWhole else {
            return good(["status": "PROCESSING_UPLOAD", "uploaded_bytes": JSON(publication.bytes.count)])
        }
        guard publication.looks == 0 else {
            publications[id]?.looks -= 1
            return good([
                "status": "PROCESSING_DOWNLOAD", "fail_reason": "", "publicaly_available_post_id": [],
            ])
        }
        if !failures.isEmpty {
            return good(["status": "FAILED", "fail_reason": .string(failures.removeFirst())])
        }
        let isPublic = publication.info["privacy_level"] == "PUBLIC_TO_EVERYONE"
        let number = TikTokStandIn.firstPost + Int64(order.firstIndex(of: id) ?? 0)
        return good([
            "status": "PUBLISH_COMPLETE", "fail_reason": "",
            "publicaly_available_post_id": isPublic ? [.integer(number)] : [],
        ])
    }
}
