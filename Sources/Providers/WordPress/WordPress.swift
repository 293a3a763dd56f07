package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Jobs
internal import Records
package import Social
package import Telemetry

/// A blog of WordPress, by its REST API and a password for applications:
/// https://developer.wordpress.org/rest-api/reference/posts/
package struct WordPress: BlogPublishing {
    package let name = "wordpress"
    package let title = "WordPress"
    package let capabilities: Set<Capability> = [.blogPublishing]
    package let credentials = [
        CredentialField("username", "The user in whose name pieces are published."),
        CredentialField(
            "application_password", "A password for applications, which the user's profile page makes."),
    ]
    /// The site's own address.
    package let baseURL: String? = nil

    let wire: WordPressWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = WordPressWire(
            usual: LookupWire(title: title, outbound: outbound, now: now, deadline: deadline))
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.usual.check { () async throws(ToolFailure) in
            let reach = ConnectorCall(), root = try await wire.root(access, reach)
            let user = try await wire.get(root, "wp/v2/users/me", [("context", "edit")], access, reach)
            guard user["id"]?.int != nil, let may = user["capabilities"]?.object else {
                throw wire.usual.unreadable
            }
            guard may["publish_posts"] == true else {
                throw ToolFailure(
                    IntegrationCheck.permissionCode,
                    "the user may only hand in drafts: give them the role of an author", isRetryable: false)
            }
            return "The user may publish."
        }
    }

    // MARK: Steps

    /// The names of the notes of a piece.
    enum Note {
        /// Where the site's interface is.
        static let root = "root"
        /// The id of its picture, the text for whom does not see it, and whether its sizes are still to be made.
        static let media = "media", alt = "alt", sizes = "sizes"
        /// The id of a post that is there, but not public.
        static let post = "post"
    }

    package func step(
        _ piece: OutgoingPiece, _ notes: [String: String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> BlogStep {
        var notes = notes
        guard let root = notes[Note.root] else {
            notes[Note.root] = try await wire.root(access, reach)
            return .next(notes)
        }
        guard let image = piece.image else { return try await post(piece, notes, root, access, reach) }
        guard let media = notes[Note.media] else {
            let uploaded = try await upload(image, of: piece, root, access, reach)
            notes[Note.media] = uploaded.id
            if uploaded.isHalf { notes[Note.sizes] = "missing" }
            return .next(notes)
        }
        if notes[Note.sizes] == "missing" {
            _ = try await wire.post(
                root, "wp/v2/media/\(media)/post-process", ["action": "create-image-subsizes"], access, reach)
            notes[Note.sizes] = nil
            return .next(notes)
        }
        if notes[Note.alt] == nil {
            _ = try await wire.post(
                root, "wp/v2/media/\(media)", ["alt_text": .string(image.altText)], access, reach)
            notes[Note.alt] = "set"
            return .next(notes)
        }
        return try await post(piece, notes, root, access, reach)
    }

    package func isRepeatable(_ piece: OutgoingPiece, _ notes: [String: String]) -> Bool {
        if notes[Note.root] == nil { return true }
        if piece.image != nil {
            if notes[Note.media] == nil { return false }
            if notes[Note.alt] == nil { return true }
        }
        // A post that exists is set to its final state, which may be done twice.
        return notes[Note.post] != nil
    }

    package func find(
        _ piece: OutgoingPiece, _ notes: [String: String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> BlogStep? {
        var notes = notes
        guard let root = notes[Note.root] else { return nil }
        if piece.image != nil, notes[Note.media] == nil {
            let found = try await wire.list(
                root, "wp/v2/media", [("slug", piece.imageSlug), ("context", "edit")], access, reach)
            guard let id = found.first?["id"]?.int else { return nil }
            notes[Note.media] = "\(id)"
            return .next(notes)
        }
        guard let found = try await standing(piece, root, access, reach) else { return nil }
        if found.isPublic { return .published(try place(found.post, nil)) }
        notes[Note.post] = "\(found.id)"
        return .next(notes)
    }

    private func post(
        _ piece: OutgoingPiece, _ notes: [String: String], _ root: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> BlogStep {
        var known = notes[Note.post]
        if known == nil, piece.mayStand {
            known = try await standing(piece, root, access, reach).map { "\($0.id)" }
        }
        var body: JSONObject = [
            "title": .string(piece.title.htmlEscaped), "content": .string(piece.html),
            "slug": .string(piece.slug), "status": "publish",
        ]
        if let media = notes[Note.media].flatMap({ Int64($0) }) { body["featured_media"] = .integer(media) }
        let path = known.map { "wp/v2/posts/\($0)" } ?? "wp/v2/posts"
        let answer = try await wire.post(root, path, .object(body), access, reach)
        guard Self.isPublic(answer) else {
            throw ToolFailure(
                "not_public", "WordPress has the piece and does not show it yet: publish it there",
                isRetryable: false)
        }
        do throws(ToolFailure) {
            return .published(try place(answer, piece.html))
        } catch {
            // It is there, and the answer does not say where.
            var doubt = error
            doubt.isAmbiguous = true
            throw doubt
        }
    }

    /// Looks for the piece by its slug: the search is exact, so that an empty list says that it is not there.
    private func standing(
        _ piece: OutgoingPiece, _ root: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> (id: Int64, isPublic: Bool, post: JSON)? {
        let found = try await wire.list(
            root, "wp/v2/posts",
            [
                ("slug", piece.slug), ("status", "publish,future,draft,pending,private"), ("context", "edit"),
            ], access, reach)
        guard let post = found.first else { return nil }
        guard let id = post["id"]?.int else { throw wire.usual.unreadable }
        return (id, Self.isPublic(post), post)
    }

    private static func isPublic(_ post: JSON) -> Bool {
        post["status"]?.text.map { $0 == "publish" } ?? true
    }

    private func place(_ post: JSON, _ html: String?) throws(ToolFailure) -> BlogPlace {
        guard let id = post["id"]?.int, let url = post["link"]?.text, url.hasPrefix("http") else {
            throw wire.usual.unreadable
        }
        // Users whom it does not trust with all of HTML have theirs filtered, and are not told.
        let kept = post["content"]?["raw"]?.text
        let isChanged = if let html, let kept { !kept.isSameText(as: html) } else { false }
        return BlogPlace(id: "\(id)", url: String(url.prefix(2048)), isChanged: isChanged)
    }

    /// Uploads the picture. A site that fails on its sizes may have it all the same, and says so.
    private func upload(
        _ image: OutgoingPiece.Image, of piece: OutgoingPiece, _ root: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> (id: String, isHalf: Bool) {
        let answer = try await wire.upload(
            root, "wp/v2/media", image.bytes, type: image.type, named: piece.imageName(image.type), access,
            reach)
        if let id = answer.body["id"]?.int, answer.isGood { return ("\(id)", false) }
        if let half = answer.header("X-WP-Upload-Attachment-ID").flatMap({ Int64($0) }) {
            return ("\(half)", true)
        }
        throw wire.failure(answer, reach, isWriting: true) ?? wire.unreadable(isWriting: true)
    }
}

extension OutgoingPiece {
    /// WordPress makes the slug of a file from its name.
    fileprivate var imageSlug: String { "\(slug)-image" }

    fileprivate func imageName(_ type: String) -> String {
        let ending =
            switch type {
            case "image/png": "png"
            case "image/gif": "gif"
            case "image/webp": "webp"
            default: "jpg"
            }
        return "\(imageSlug).\(ending)"
    }
}

extension String {
    /// Returns whether two texts differ in nothing but blanks.
    fileprivate func isSameText(as other: String) -> Bool {
        split(whereSeparator: \.isWhitespace) == other.split(whereSeparator: \.isWhitespace)
    }
}
