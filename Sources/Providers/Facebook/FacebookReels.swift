internal import Agents
internal import Integrations
internal import JSON
internal import Records
internal import Social

/// Short films, which are sent in three phases: nobody sees one before the last, and the network works on it after.
extension Facebook {
    func startReel(
        _ progress: inout PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let answer = try await graph.post(
            place("video_reels", access), [("upload_phase", "start")], access, reach, isSilent: true)
        guard let id = answer["video_id"]?.label, let address = answer["upload_url"]?.words else {
            throw graph.wire.unreadable
        }
        progress.notes["video"] = id
        progress.notes["upload"] = address
    }

    func sendReel(
        _ post: OutgoingPost, _ progress: inout PostProgress, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let film = post.media[0], told = progress.notes["upload"] ?? ""
        let address = try NetworkAddress.own(told, access, self, host: "facebook.com")
        let answer = try await graph.wire.ask(
            address, access, reach, method: "POST",
            headers: [
                ("Authorization", "OAuth \(access.credential("access_token"))"), ("offset", "0"),
                ("file_size", "\(film.bytes.count)"),
            ], content: (film.probe.type ?? "application/octet-stream", film.bytes))
        guard try graph.read(answer, access, reach)["success"] == true else { throw graph.wire.unreadable }
        progress.notes["sent"] = "true"
    }

    func finishReel(
        _ post: OutgoingPost, _ progress: inout PostProgress, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let fields = [
            ("upload_phase", "finish"), ("video_id", progress.notes["video"] ?? ""),
            ("video_state", "PUBLISHED"), ("description", post.parts.first ?? ""),
        ]
        _ = try await graph.post(place("video_reels", access), fields, access, reach)
        progress.notes["finished"] = "true"
    }

    /// Looks whether the film can be seen, and returns when to look again.
    func awaitReel(
        _ progress: inout PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Duration {
        guard try await isPublished(progress, access, reach) == true, let id = progress.notes["video"] else {
            return .seconds(30)
        }
        progress.standing = [id]
        progress.url = "https://www.facebook.com/reel/\(id)"
        return .zero
    }

    /// Returns whether a film stands; `nil`: the network is still at work on it.
    func isPublished(
        _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool? {
        let film = try await graph.get(node(progress.notes["video"] ?? "", access), "status", access, reach)
        let status = film["status"]
        if status?["video_status"]?.text == "error" {
            throw ToolFailure("refused", "Facebook cannot show the film", isRetryable: false)
        }
        switch status?["publishing_phase"]?["status"]?.text {
        case "complete": return true
        case "not_started": return false
        default: return nil
        }
    }
}
