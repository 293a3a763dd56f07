internal import Agents
internal import Integrations
internal import JSON
internal import Records
internal import Social

/// Takes pictures and films to X, part by part.
extension XNetwork {
    /// The size of a part, and how much one step takes there.
    private static let partSize = 1 << 20, stepSize = 16 << 20
    /// The number of times that X is asked whether its work on a film is done.
    private static let looksMax = 240

    /// Goes on until all is there, X has to work on it, or the step has taken enough.
    func continueUpload(
        _ known: XUpload, _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var upload = known, sent = 0
        while upload.wants(post) {
            let medium = post.media[upload.done.count]
            guard let current = upload.current else {
                upload.begin(try await begin(medium, access, reach))
                continue
            }
            if let parts = current.parts, parts * Self.partSize < medium.bytes.count {
                guard sent < Self.stepSize else { break }
                sent += try await send(parts, of: medium, as: current.id, access, reach)
                upload.tookPart()
                continue
            }
            let state: JSON?
            if current.parts == nil {
                upload.looked()
                let path = "/2/media/upload?command=STATUS&media_id=\(current.id.percentEncoded)"
                state = try await ask(get(path, access), access, reach)["data"]?["processing_info"]
            } else {
                let request = self.post("/2/media/upload/\(current.id.percentEncoded)/finalize", nil, access)
                state = try await ask(request, access, reach)["data"]?["processing_info"]
                upload.tookAll()
            }
            if let pause = try pause(state, upload, access) {
                return .next(upload.noted(in: progress), after: pause)
            }
            try await describe(medium, as: current.id, access, reach)
            upload.finish()
        }
        return .next(upload.noted(in: progress), after: .zero)
    }

    private func begin(
        _ medium: OutgoingPost.Medium, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let type = medium.probe.type ?? ""
        let category =
            medium.probe.isVideo ? "tweet_video" : type == "image/gif" ? "tweet_gif" : "tweet_image"
        let request = post(
            "/2/media/upload/initialize",
            [
                "media_type": .string(type), "total_bytes": JSON(medium.bytes.count),
                "media_category": .string(category), "shared": false,
            ], access)
        guard let id = try await ask(request, access, reach)["data"]?["id"]?.text, !id.isEmpty else {
            throw wire.unreadable()
        }
        return id
    }

    /// Returns how much it was.
    private func send(
        _ part: Int, of medium: OutgoingPost.Medium, as id: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Int {
        let start = part * Self.partSize
        let bytes = Array(medium.bytes[start..<min(start + Self.partSize, medium.bytes.count)])
        var form = MultipartForm()
        form.add("segment_index", "\(part)")
        form.add("media", fileName: "media", mediaType: "application/octet-stream", bytes)
        let (type, body) = form.encoded
        var request = ServiceWire.Request(
            "POST", "\(access.baseURL)/2/media/upload/\(id.percentEncoded)/append", headers: headers(access))
        request.headers.append(("Content-Type", type))
        request.body = body
        _ = try await ask(request, access, reach)
        return bytes.count
    }

    /// Returns how long X wants to work on; `nil` where it is done.
    private func pause(
        _ state: JSON?, _ upload: XUpload, _ access: IntegrationAccess
    ) throws(ToolFailure) -> Duration? {
        guard let state, let word = state["state"]?.text, word != "succeeded" else { return nil }
        if word == "failed" {
            let words = state["error"]?["message"]?.words ?? "It does not say why."
            throw ToolFailure(
                "media_refused", "X could not work on the file. \(access.redacted(words))",
                isRetryable: false)
        }
        guard upload.looks < Self.looksMax else {
            throw ToolFailure(
                "media_refused", "X has not finished its work on the file: try again.", isRetryable: false)
        }
        return .seconds(min(max(state["check_after_secs"]?.int ?? 5, 1), 60))
    }

    /// Says what a picture shows.
    private func describe(
        _ medium: OutgoingPost.Medium, as id: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        guard medium.probe.isImage, !medium.altText.isEmpty else { return }
        let text: JSON = ["text": .string(String(medium.altText.prefix(1000)))]
        let request = post(
            "/2/media/metadata", ["id": .string(id), "metadata": ["alt_text": text]], access)
        _ = try await ask(request, access, reach)
    }
}
