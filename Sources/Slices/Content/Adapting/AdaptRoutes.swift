internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Social

/// The body of `POST /v1/content-items/{id}/adapt`.
private struct AdaptBody: Declared {
    var names: [String] = []

    static let schema = Schema<AdaptBody>(
        "ContentAdaptRequest",
        [
            .texts(
                "networks", \.names, max: SocialNetwork.allCases.count, length: 40,
                .example(["x", "linkedin"]),
                .about("The networks that it is for; those that take its kind unless they are given."))
        ])

    /// The networks, each once.
    func networks() throws(Problem) -> [SocialNetwork] {
        var faults = Faults(), found: [SocialNetwork] = []
        for (index, name) in names.enumerated() {
            guard let network = SocialNetwork(rawValue: name) else {
                faults.add(
                    "/networks/\(index)", "invalid_choice",
                    "The network \(name.prefix(40)) does not exist: choose another.",
                    choices: SocialNetwork.choices)
                continue
            }
            if !found.contains(network) { found.append(network) }
        }
        try faults.throwIfAny()
        return found
    }
}

/// `/v1/content-items/{id}/adapt`: a piece as each network would take it.
func adaptRoutes(_ routes: inout Routes) {
    routes.declare(AdaptBody.self)
    routes.schema("AdaptedPost", AdaptedPost.schema)
    routes.schema(
        "AdaptedContent",
        .schema(
            [
                "variants": [
                    "type": "array", "items": .reference("AdaptedPost"),
                    "description": "A post for each network.",
                ]
            ], required: ["variants"]))
    routes.post(
        "/v1/content-items/{id}/adapt", .permission("content_items:read"),
        "Make a post of a content item for each network, which fits its rules; nothing is stored",
        named: "adapt_content_item", body: .json(.reference("ContentAdaptRequest")),
        .json(.reference("AdaptedContent"), "A post for each network.")
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        let networks = try call.body(AdaptBody.self).networks()
        return .read { reader in
            let piece = try LongPiece(of: ContentItem.resource.get(id, in: reader), in: reader)
            let variants = (networks.isEmpty ? piece.networks : networks).map { piece.adapted(to: $0).json }
            return .json(["variants": .array(variants)])
        }
    }
}
