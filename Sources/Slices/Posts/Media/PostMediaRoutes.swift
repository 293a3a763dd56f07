internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry
internal import Tenancy

/// A picture or film of a post, as its network gets it.
enum PostMediaPreview {
    static let schema = JSON.schema(
        [
            "file_id": ["type": "string", "description": "The file that was sent in."],
            "alt_text": [
                "type": "string",
                "description": "The description of the picture, for those who cannot see it.",
            ],
            "media_type": [
                "type": ["string", "null"], "description": "The kind; null: no picture and no film.",
            ],
            "width": ["type": ["integer", "null"], "description": "In points, upright."],
            "height": ["type": ["integer", "null"], "description": "In points, upright."],
            "size": ["type": "integer", "description": "In bytes."],
            "seconds": ["type": ["number", "null"], "description": "How long a film lasts."],
            "codec": ["type": ["string", "null"], "description": "How a film's picture is written."],
            "audio_codec": ["type": ["string", "null"], "description": "How its sound is written."],
            "frame_rate": ["type": ["number", "null"], "description": "A film's pictures in a second."],
            "converted": [
                "type": "boolean",
                "description": "Whether it was made anew for the network, or leaves as it is.",
            ],
            "url": [
                "type": ["string", "null"], "description": "Its bytes; null: it cannot leave.",
            ],
        ], required: ["file_id", "alt_text", "media_type", "converted", "url"])

    static func list(_ post: SocialPost, _ files: [PostFile]) -> [JSON] {
        zip(post.media.list, files).enumerated().map { number, shown in
            let (medium, file) = shown, probe = file.probe
            let leaves = file.sent != nil && file.fault == nil && probe.type != nil
            let isMade = file.variant != nil || file.purpose?.isMaking == true
            return [
                "file_id": JSON(medium.fileID), "alt_text": .string(medium.altText),
                "media_type": JSON(probe.type), "width": JSON(probe.width), "height": JSON(probe.height),
                "size": JSON(probe.size), "seconds": figure(probe.seconds), "codec": JSON(probe.codec),
                "audio_codec": JSON(probe.audioCodec), "frame_rate": figure(probe.frameRate),
                "converted": .bool(isMade),
                "url": leaves ? .string("/v1/social-posts/\(post.id)/media/\(number)") : .null,
            ]
        }
    }

    private static func figure(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
}

/// `GET /v1/social-posts/{id}/media/{number}`: what the network gets.
func postMediaRoutes(
    _ routes: inout Routes, _ preparation: MediaPreparation, _ services: PlatformServices
) {
    routes.get(
        "/v1/social-posts/{id}/media/{number}", .permission("social_posts:read"),
        "Download a picture or film of a post as its network gets it; the first has the number 0",
        named: "get_social_post_media", .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let id = try call.id("id", of: SocialPost.self)
        guard let number = Int(call.parameters["number"] ?? ""), number >= 0 else { throw Problem(.notFound) }
        return .task {
            let post = try call.read { try SocialPost.resource.get(id, in: $0) }
            guard number < post.media.list.count else { throw Problem(.notFound) }
            let medium = post.media.list[number]
            try await preparation.waited { preparation in
                try await preparation.prepare(
                    [medium], at: post.accountID, as: post.format, of: call.tenant)
            }
            return try call.read { reader in
                let account = try SocialAccount.resource.get(post.accountID, in: reader)
                let files = try reader.postMedia.files([medium], on: account.network, as: post.format)
                guard let file = files.first, file.fault == nil, let sent = file.sent else {
                    throw Problem(.notFound)
                }
                guard !file.isUnknown else {
                    throw Problem(.unavailable, "The film is being made for the network: try again shortly.")
                }
                services.auditDownload(of: sent, by: call.actor, in: reader.tenant)
                return .download(sent, try reader.files.content(of: sent))
            }
        }
    }
}
