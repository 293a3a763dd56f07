package import JSON
internal import Records

/// A piece as it would stand on a network.
package struct AdaptedPost: Sendable {
    package struct Warning: Sendable {
        package let code: String, detail: String
    }

    package let network: SocialNetwork
    package var format = PostFormat.post
    package var text = ""
    /// Tells what follows on the text, part by part.
    package var thread: [String] = []
    /// The hashtags that are in it.
    package var hashtags: [String] = []
    package var media: [PostDraft.Medium] = []
    /// Tells what a person has to see to, or should know.
    package var warnings: [Warning] = []

    init(on network: SocialNetwork) { self.network = network }

    package var draft: PostDraft {
        var draft = PostDraft()
        (draft.text, draft.format, draft.thread, draft.media) = (text, format, thread, media)
        return draft
    }

    mutating func warn(_ code: String, _ detail: String) {
        warnings.append(Warning(code: code, detail: detail))
    }

    package var json: JSON {
        [
            "network": .string(network.rawValue), "format": .string(format.rawValue), "text": .string(text),
            "thread": JSON(thread), "hashtags": JSON(hashtags),
            "warnings": .array(
                warnings.map { ["code": .string($0.code), "detail": .string($0.detail)] }),
        ]
    }

    package static let schema: JSON = {
        func texts(_ about: String) -> JSON {
            ["type": "array", "items": ["type": "string"], "description": .string(about)]
        }
        let warning = JSON.schema(
            [
                "code": ["type": "string", "description": "The code of the warning, for programs."],
                "detail": ["type": "string", "description": "The warning, in a sentence."],
            ], required: ["code", "detail"])
        return .schema(
            [
                "network": [
                    "enum": JSON(SocialNetwork.choices), "description": "The network that it is for.",
                ],
                "format": [
                    "enum": JSON(PostFormat.choices), "description": "The shape in which it stands there.",
                ],
                "text": [
                    "type": "string", "description": "The words; of a thread, those of its first part.",
                ],
                "thread": texts("The parts that follow on the text, in their order."),
                "hashtags": texts("The hashtags that are in it."),
                "warnings": [
                    "type": "array", "items": warning,
                    "description": "Points that a person has to resolve before it leaves, or should know.",
                ],
            ], required: ["network", "format", "text", "thread", "hashtags", "warnings"])
    }()
}
