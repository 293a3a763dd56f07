internal import Agents
internal import JSON
internal import Social

/// The words about a film at YouTube: its title is the first line of the post, unless one was chosen.
struct YouTubeFilm {
    private static let titleMax = SocialNetwork.youtube.rules.changes?.titleMax ?? .max
    private static let audiences = ["public", "unlisted", "private"]
    let title: String, words: String, audience: String
    /// The words by which it is found, besides its own.
    let tags: [String]

    init(_ post: OutgoingPost) throws(ToolFailure) {
        words = FilmText.plain(post.parts.first ?? "")
        let chosen = post.options["title"].map { FilmText.plain($0) } ?? ""
        let line = (chosen.isEmpty ? words : chosen).split(whereSeparator: \.isNewline).first { line in
            !line.allSatisfy(\.isWhitespace)
        }
        guard let line else {
            throw ToolFailure(
                "invalid_title", "YouTube needs a title: write a text, or choose title among the options.",
                isRetryable: false)
        }
        title = Self.short(String(line))
        audience = post.options["privacy_status"] ?? "public"
        tags = (post.options["tags"] ?? "").split(separator: ",").map { tag in
            FilmText.plain(String(tag)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }.filter { !$0.isEmpty }
        guard Self.audiences.contains(audience) else {
            throw ToolFailure(
                "invalid_choice",
                "privacy_status must be one of \(Self.audiences.joined(separator: ", ")).", isRetryable: false
            )
        }
    }

    var json: JSON {
        var snippet: JSONObject = [
            "title": .string(title), "description": .string(words),
            // People and blogs, which every country has.
            "categoryId": "22",
        ]
        if !tags.isEmpty { snippet["tags"] = JSON(tags) }
        return [
            "snippet": .object(snippet),
            "status": ["privacyStatus": .string(audience), "selfDeclaredMadeForKids": false],
        ]
    }

    /// Cut between two words, where there are some.
    private static func short(_ line: String) -> String {
        guard line.utf16.count > titleMax else { return line }
        var cut = line.prefix(titleMax - 1)
        while cut.utf16.count > titleMax - 1 { cut.removeLast() }
        if let space = cut.lastIndex(where: \.isWhitespace), space > cut.startIndex { cut = cut[..<space] }
        return cut + "…"
    }
}
