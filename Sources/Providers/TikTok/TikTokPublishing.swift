package import Agents
internal import HTTPClient
package import Integrations
internal import JSON
package import Social
package import Telemetry

/// Posts on TikTok: the creator is asked what may be posted, the post is begun, a film is taken there in parts, and
/// what has become of it is asked for until it stands. TikTok fetches pictures itself.
extension TikTok {
    /// The number of times that it is asked before a person looks: for about two hours.
    private static let looksMax = 130

    package func isRepeatable(_ post: OutgoingPost, _ progress: PostProgress) -> Bool {
        let notes = TikTokNotes(progress)
        guard notes.creator != nil else { return true }
        // A film that was begun and never sent is seen by nobody.
        guard notes.publication != nil else { return post.film != nil }
        return !isSending(post, notes) && notes.looks < Self.looksMax
    }

    package func step(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        let notes = TikTokNotes(progress)
        if notes.creator == nil { return try await askCreator(post, progress, access, reach) }
        guard let publication = notes.publication else {
            return try await begin(post, progress, access, reach)
        }
        if isSending(post, notes) { return try await send(post, progress, access, reach) }
        let data = try await standing(of: publication, access, reach)
        return try outcome(data, post, progress, access)
    }

    private func isSending(_ post: OutgoingPost, _ notes: TikTokNotes) -> Bool {
        post.film.map { notes.address != nil && notes.sent < TikTokFilm($0).parts } ?? false
    }

    /// TikTok wants the creator asked before each post, and nothing chosen that the account does not offer.
    private func askCreator(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        let creator = try await creator(access, reach)
        guard let level = post.options["privacy_level"], creator.levels.contains(level) else {
            throw ToolFailure(
                "privacy_level_option_mismatch",
                "The account offers \(creator.levels.joined(separator: ", ")) as privacy_level: choose one.",
                isRetryable: false)
        }
        if let most = creator.secondsMax, let seconds = post.film?.probe.seconds, seconds > Double(most) {
            throw ToolFailure(
                "duration_check_failed", "The account takes films of \(most) seconds at most.",
                isRetryable: false)
        }
        var notes = TikTokNotes(progress)
        notes.creator = creator.name
        if !creator.hasComments { notes.closed.insert("comment") }
        if !creator.hasDuets { notes.closed.insert("duet") }
        if !creator.hasStitches { notes.closed.insert("stitch") }
        return .next(notes.noted(in: progress), after: .zero)
    }

    // MARK: Beginning

    private func begin(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var notes = TikTokNotes(progress)
        let film = post.film, path = film == nil ? "content" : "video"
        let data = try await ask(
            "/v2/post/publish/\(path)/init/", film.map { body(post, notes, $0) } ?? pictures(post, notes),
            access, reach, isDoubtful: true)
        guard let id = data["publish_id"]?.words else { throw wire.unreadable("POST") }
        notes.publication = id
        if film != nil {
            let told = data["upload_url"]?.text ?? ""
            notes.address = try NetworkAddress.own(told, access, self, host: "tiktokapis.com")
        }
        return .next(notes.noted(in: progress), after: film == nil ? .seconds(1) : .zero)
    }

    private func body(
        _ post: OutgoingPost, _ notes: TikTokNotes, _ medium: OutgoingPost.Medium
    ) -> JSON {
        let film = TikTokFilm(medium)
        return [
            "post_info": [
                "title": .string(post.parts.first ?? ""),
                "privacy_level": JSON(post.options["privacy_level"]),
                "disable_comment": .bool(notes.closed.contains("comment")),
                "disable_duet": .bool(notes.closed.contains("duet")),
                "disable_stitch": .bool(notes.closed.contains("stitch")),
                "brand_content_toggle": .bool(post.isPaid),
                "brand_organic_toggle": .bool(post.options["brand_organic_toggle"] == "true"),
                "is_aigc": .bool(post.isMadeWithAI),
            ],
            "source_info": [
                "source": "FILE_UPLOAD", "video_size": JSON(film.size), "chunk_size": JSON(film.partSize),
                "total_chunk_count": JSON(film.parts),
            ],
        ]
    }

    private func pictures(_ post: OutgoingPost, _ notes: TikTokNotes) -> JSON {
        [
            "media_type": "PHOTO", "post_mode": "DIRECT_POST",
            "post_info": [
                "description": .string(post.parts.first ?? ""),
                "privacy_level": JSON(post.options["privacy_level"]),
                "disable_comment": .bool(notes.closed.contains("comment")), "auto_add_music": false,
            ],
            "source_info": [
                "source": "PULL_FROM_URL", "photo_cover_index": 0,
                "photo_images": JSON(post.media.map(\.url)),
            ],
        ]
    }

    // MARK: Sending

    private func send(
        _ post: OutgoingPost, _ progress: PostProgress, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep {
        var notes = TikTokNotes(progress)
        guard let medium = post.film, let address = notes.address, let publication = notes.publication else {
            throw wire.unreadable()
        }
        let film = TikTokFilm(medium), range = film.range(of: notes.sent)
        let request = ServiceWire.Request(
            method: "PUT", url: address,
            headers: [
                ("Content-Type", medium.probe.type ?? "video/mp4"),
                ("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(film.size)"),
            ], body: Array(medium.bytes[range]), isDoubtful: true)
        let response = try await wire.exchange(request, access, reach)
        switch response.status {
        case 200, 201: notes.sent = film.parts
        case 206: notes.sent += 1
        // It has other bytes than we know of, or wants none any more.
        case 403, 416:
            let data = try await standing(of: publication, access, reach)
            guard data["status"]?.text == Self.uploading else {
                return try outcome(data, post, progress, access)
            }
            let known = film.parts(in: data["uploaded_bytes"]?.int ?? 0)
            guard response.status == 416, known != notes.sent else {
                throw ToolFailure(
                    "upload_ended", "TikTok takes no more of the film at the address that it has given.",
                    isRetryable: false)
            }
            notes.sent = known
        default: throw wire.refusal(response, request, { _ in nil }, access)
        }
        let isLast = notes.sent == film.parts
        return .next(notes.noted(in: progress), after: isLast ? .seconds(1) : .zero)
    }

    // MARK: What has become of it

    private static let uploading = "PROCESSING_UPLOAD"

    private func standing(
        of publication: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        try await ask(
            "/v2/post/publish/status/fetch/", ["publish_id": .string(publication)], access, reach)
    }

    private func outcome(
        _ data: JSON, _ post: OutgoingPost, _ known: PostProgress, _ access: IntegrationAccess
    ) throws(ToolFailure) -> PostStep {
        var (progress, notes) = (known, TikTokNotes(known))
        switch data["status"]?.text {
        case "PUBLISH_COMPLETE"?:
            // Its spelling. What few may see, or is still looked at, has no number there.
            let numbers = data["publicaly_available_post_id"]?.array ?? []
            if let id = numbers.lazy.compactMap(\.identifier).first {
                let kind = post.film == nil ? "photo" : "video"
                progress.standing = [id]
                progress.url = "https://www.tiktok.com/@\(notes.creator ?? "")/\(kind)/\(id)"
            } else {
                progress.standing = [notes.publication ?? ""]
            }
            return .published(progress)
        case "FAILED"?:
            let reason = data["fail_reason"]?.words ?? "refused"
            if reason == "internal", !notes.isSecond {
                var second = TikTokNotes(PostProgress())
                second.isSecond = true
                return .next(second.noted(in: progress), after: .seconds(10))
            }
            throw ToolFailure(
                Self.plain(reason),
                "TikTok has not published it: \(access.redacted(String(reason.prefix(300)))).",
                isRetryable: false)
        default:
            notes.looks += 1
            guard notes.looks <= Self.looksMax else {
                throw ToolFailure(
                    "unfinished", "TikTok does not come to an end with the post.", isRetryable: true,
                    isAmbiguous: true)
            }
            return .next(notes.noted(in: progress), after: .seconds(min(notes.looks * 2, 60)))
        }
    }

    /// Finds a publication by its name, for which TikTok tells what it has; of pictures without one it does not.
    package func find(
        _ post: OutgoingPost, _ progress: PostProgress, since start: Instant, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> PostStep? {
        var notes = TikTokNotes(progress)
        guard let publication = notes.publication else { return nil }
        let data = try await standing(of: publication, access, reach), status = data["status"]?.text
        if status == "PUBLISH_COMPLETE" { return try outcome(data, post, progress, access) }
        guard let film = post.film.map({ TikTokFilm($0) }), isSending(post, notes) else { return nil }
        // The step that follows says what TikTok refuses.
        notes.sent =
            status == Self.uploading
            ? data["uploaded_bytes"]?.int.map { film.parts(in: $0) } ?? notes.sent : film.parts
        return .next(notes.noted(in: progress), after: .zero)
    }
}

extension OutgoingPost {
    /// The film of a post that is one.
    var film: Medium? { media.first.flatMap { $0.probe.isVideo ? $0 : nil } }
}
