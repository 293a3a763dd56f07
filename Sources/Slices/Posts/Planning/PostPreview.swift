internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Telemetry

/// The body of `POST /v1/social-posts/preview`: words that are not kept yet, and where they are to stand.
private struct PostPreviewBody: Declared {
    var accounts: [SocialAccountID] = []
    var post = SocialPost()
    var at: Instant?

    static let schema = Schema<PostPreviewBody>(
        "SocialPostPreviewRequest",
        [
            .ids("account_ids", \.accounts, max: 20, .required, .about("The accounts that are to say it.")),
            .text(
                "text", \.post.text, max: 70_000, .about("The words; of a thread, those of its first part.")),
            .choice("format", \.post.format, .standard("post"), .about("The shape in which it stands.")),
            .texts(
                "thread", \.post.thread, max: 24, length: 5000,
                .about("The parts of the thread that follow on the text.")),
            .parts("media", \.post.media, max: 35, .about("Its pictures and films, in their order.")),
            .text(
                "first_comment", \.post.firstComment, max: 5000,
                .about("The text of a first comment, which is posted at once.")),
            .link(
                "link", \.post.link, .about("A link that stands below the words, unless it is among them.")),
            .document(
                "options", \.post.options, schema: PostOptions.schema,
                .about("The options that a person has chosen for the network.")),
            .boolean(
                "allow_repeat", \.post.mayRepeat, .standard(false),
                .about("Whether the account may say the same again within thirty days.")),
            .instant("scheduled_at", \.at, .about("When it is to be published.")),
        ])
}

/// The routes that tell what of a post fits its network, of one that is kept and of one that is being written.
func postCheckRoutes(_ routes: inout Routes, _ preparation: MediaPreparation) {
    let fault = JSON.schema(
        [
            "pointer": ["type": "string"], "code": ["type": "string"], "detail": ["type": "string"],
            "length": ["type": "integer", "description": "How much there is."],
            "max": ["type": "integer", "description": "How much the network takes."],
            "choices": ["type": "array", "items": ["type": "string"]],
        ], required: ["pointer", "code", "detail"])
    let check: JSONObject = [
        "fits": ["type": "boolean", "description": "Whether the network takes it."],
        "faults": [
            "type": "array", "items": fault, "description": "All that does not fit, at its pointers.",
        ],
        "preview": .schema(
            [
                "text": ["type": "string"],
                "parts": [
                    "type": "array", "items": ["type": "string"],
                    "description": "The posts as they stand there, one after the other.",
                ],
                "length": ["type": "integer", "description": "As the network counts."],
                "media": [
                    "type": "array", "items": PostMediaPreview.schema,
                    "description": "Its pictures and films, as the network gets them.",
                ],
            ], required: ["text", "parts", "length", "media"]),
    ]
    routes.schema("SocialPostCheck", .schema(check, required: ["fits", "faults", "preview"]))
    routes.post(
        "/v1/social-posts/{id}/check", .permission("social_posts:read"),
        "Check whether a post fits its network, and see what would be published; nothing is changed",
        named: "check_social_post", .json(.reference("SocialPostCheck"))
    ) { call in
        let id = try call.id("id", of: SocialPost.self)
        return .task {
            let known = try call.read { try SocialPost.resource.get(id, in: $0) }
            try await preparation.waited { preparation in
                try await preparation.prepare(
                    known.media.list, at: known.accountID, as: known.format, of: call.tenant)
            }
            return try call.read { reader in
                let post = try SocialPost.resource.get(id, in: reader)
                let account = try SocialAccount.resource.get(post.accountID, in: reader)
                return .json(.object(try reader.posts.check(of: post, on: account, at: nil)))
            }
        }
    }
    previewRoute(&routes, check, preparation)
}

private func previewRoute(
    _ routes: inout Routes, _ check: JSONObject, _ preparation: MediaPreparation
) {
    var members = check
    members["account_id"] = ["type": "string", "description": "The account that is to say it."]
    members["network"] = ["type": "string", "description": "The network on which it is."]
    let one = JSON.schema(members, required: ["account_id", "network", "fits", "faults", "preview"])
    routes.declare(PostPreviewBody.self)
    routes.schema(
        "SocialPostPreview",
        .schema(
            [
                "previews": [
                    "type": "array", "items": one,
                    "description": "The preview for each account, in the order in which they were named.",
                ]
            ], required: ["previews"]))
    routes.post(
        "/v1/social-posts/preview", .permission("social_posts:read"),
        "Preview a post at several accounts, with all that does not fit there; nothing is stored",
        named: "preview_social_post", body: .json(.reference("SocialPostPreviewRequest")),
        .json(.reference("SocialPostPreview"))
    ) { call in
        let body = try call.body(PostPreviewBody.self)
        return .task {
            try await preparation.waited { preparation in
                for account in body.accounts {
                    try await preparation.prepare(
                        body.post.media.list, at: account, as: body.post.format, of: call.tenant)
                }
            }
            return try call.read { try $0.posts.previews(of: body) }
        }
    }
}

extension PostStore {
    fileprivate func previews(of body: PostPreviewBody) throws -> Response {
        var faults = Faults(), previews: [JSON] = []
        for (index, id) in body.accounts.enumerated() {
            guard let account = try SocialAccount.resource.find(id, in: tx) else {
                faults.add(
                    "/account_ids/\(index)", "unknown_reference",
                    "The social account does not exist: name another.")
                continue
            }
            var post = body.post
            post.accountID = id
            post.textHash = SocialPost.hash(of: post.text, post.thread)
            var preview = try check(of: post, on: account, at: body.at)
            (preview["account_id"], preview["network"]) = (JSON(id), .string(account.network.rawValue))
            previews.append(.object(preview))
        }
        try faults.throwIfAny()
        return .json(["previews": .array(previews)])
    }

    /// Tells what would stand at an account, and all that keeps it from standing there.
    fileprivate func check(
        of post: SocialPost, on account: SocialAccount, at moment: Instant?
    ) throws -> JSONObject {
        let files = try tx.postMedia.files(post.media.list, on: account.network, as: post.format)
        let draft = draft(of: post, files)
        let faults = try faults(of: post, on: account, at: moment)
        return [
            "fits": .bool(faults.isEmpty), "faults": .array(faults.map(\.json)),
            "preview": [
                "text": .string(draft.standingText), "parts": JSON(draft.parts),
                "length": JSON(PostCheck(draft, on: account.network).length),
                "media": .array(PostMediaPreview.list(post, files)),
            ],
        ]
    }
}
