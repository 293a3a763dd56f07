package import Agents
internal import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Social
package import Telemetry

/// Films on YouTube: a session is begun, takes the film in parts, and is asked what it has where an answer was lost.
extension YouTube {
    /// As YouTube wants it: a multiple of 262,144 bytes.
    private static let partSize = 8 << 20
    private static let looksMax = 70, beginningsMax = 3, stallsMax = 5

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        let notes = YouTubeNotes(progress)
        // A session that nothing was sent to is seen by nobody.
        return notes.film != nil || notes.session == nil
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        let notes = YouTubeNotes(progress)
        guard let film = post.media.first else {
            throw ToolFailure("media_required", "YouTube needs a film.", isRetryable: false)
        }
        if let id = notes.film { return try await look(at: id, post, progress, access, reach) }
        guard let session = notes.session else {
            return try await begin(film, post, progress, access, reach)
        }
        let size = film.bytes.count, start = min(notes.sent, size), end = min(start + Self.partSize, size)
        var request = request(to: session, film, access)
        // Once it has all of it, it is asked what has become of that.
        request.headers.append(
            ("Content-Range", start < end ? "bytes \(start)-\(end - 1)/\(size)" : "bytes */\(size)"))
        request.body = Array(film.bytes[start..<end])
        let response = try await wire.exchange(request, access, reach)
        switch response.status {
        case 404, 410:
            var anew = notes
            anew.forgetSession()
            return .next(anew.noted(in: progress), after: .seconds(1))
        default: return try taken(response, request, progress, access, reach)
        }
    }

    private func request(
        to session: String, _ film: OutgoingPost.Medium, _ access: IntegrationAccess
    ) -> ServiceWire.Request {
        ServiceWire.Request(
            method: "PUT", url: session,
            headers: headers(access) + [("Content-Type", film.probe.type ?? "video/mp4")], body: [],
            isDoubtful: true)
    }

    /// Reads what a session says that it has.
    private func taken(
        _ response: HTTPClientResponse, _ request: ServiceWire.Request, _ progress: PostProgress,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) throws(ToolFailure) -> PostStep {
        var notes = YouTubeNotes(progress)
        switch response.status {
        case 200, 201:
            guard let id = try body(of: response, to: request)["id"]?.words else {
                throw wire.unreadable(request.method)
            }
            notes.film = id
            return .next(notes.noted(in: progress), after: .seconds(2))
        case 308:
            // Without the header it has nothing.
            let last = response.header("Range")?.split(separator: "-").last.flatMap { Int32($0) }
            let sent = last.map { Int($0) + 1 } ?? 0
            notes.stalls = sent > notes.sent ? 0 : notes.stalls + 1
            notes.sent = sent
            guard notes.stalls < Self.stallsMax else {
                throw ToolFailure(
                    "upload_ended", "YouTube takes no more of the film: try again.", isRetryable: false)
            }
            return .next(notes.noted(in: progress), after: notes.stalls == 0 ? .zero : .seconds(5))
        default: throw failure(response, request, access, reach)
        }
    }

    // MARK: Beginning

    private func begin(
        _ film: OutgoingPost.Medium, _ post: OutgoingPost, _ progress: PostProgress,
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var notes = YouTubeNotes(progress)
        notes.begun += 1
        guard notes.begun <= Self.beginningsMax else {
            throw ToolFailure(
                "upload_ended", "YouTube forgets what it has of the film: try again.", isRetryable: false)
        }
        let headers =
            headers(access) + [
                ("X-Upload-Content-Type", film.probe.type ?? "video/mp4"),
                ("X-Upload-Content-Length", "\(film.bytes.count)"),
            ]
        let path = "/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status&notifySubscribers=true"
        let request = ServiceWire.Request(
            "POST", access.baseURL + path, headers: headers, json: try YouTubeFilm(post).json)
        let response = try await wire.exchange(request, access, reach)
        guard (200..<300).contains(response.status) else {
            throw failure(response, request, access, reach)
        }
        let session = try NetworkAddress.own(
            response.header("Location") ?? "", access, self, host: "googleapis.com")
        (notes.session, notes.sent) = (session, 0)
        return .next(notes.noted(in: progress), after: .zero)
    }

    // MARK: What has become of it

    private func look(
        at id: String, _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var notes = YouTubeNotes(progress)
        let stands = PostStep.published(standing(as: id, post, progress))
        let path = "/youtube/v3/videos?part=status,processingDetails&id=\(id.percentEncoded)"
        let answer: JSON
        do throws(ToolFailure) {
            answer = try await ask(get(path, access), access, reach)
        } catch {
            // Permission to upload does not include permission to read.
            guard error.code == IntegrationCheck.permissionCode else { throw error }
            return stands
        }
        let status = answer["items"]?.array?.first?["status"]
        switch status?["uploadStatus"]?.text {
        case "processed"?: return stands
        case "failed"?, "rejected"?, "deleted"?:
            let reason = (status?["rejectionReason"] ?? status?["failureReason"])?.words ?? "no reason given"
            throw ToolFailure(
                Self.code(reason),
                "YouTube does not show it: \(access.redacted(String(reason.prefix(300)))).",
                isRetryable: false)
        default:
            // It can be seen before all of the work on it is done.
            notes.looks += 1
            guard notes.looks < Self.looksMax else { return stands }
            return .next(notes.noted(in: progress), after: .seconds(min(notes.looks * 2, 60)))
        }
    }

    private func standing(as id: String, _ post: OutgoingPost, _ known: PostProgress) -> PostProgress {
        var progress = known
        progress.standing = [id]
        let path = post.format == .short ? "shorts/" : "watch?v="
        progress.url = "https://www.youtube.com/\(path)\(id.percentEncoded)"
        return progress
    }

    /// The session tells what it has, and what has become of it. One that is gone after its last part may have made the
    /// film.
    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        var notes = YouTubeNotes(progress)
        guard let session = notes.session, let film = post.media.first else { return nil }
        var request = request(to: session, film, access)
        request.headers.append(("Content-Range", "bytes */\(film.bytes.count)"))
        let response = try await wire.exchange(request, access, reach)
        guard response.status == 404 || response.status == 410 else {
            return try taken(response, request, progress, access, reach)
        }
        guard notes.sent + Self.partSize < film.bytes.count else { return nil }
        notes.forgetSession()
        return .next(notes.noted(in: progress), after: .seconds(1))
    }
}
