internal import JSON
internal import Social

/// The words of a post as X shows them: links are shortened, some characters are written as HTML has them, and a link
/// to the pictures stands at the end.
struct XShownText {
    /// With links as they were written, and without those to pictures.
    let text: String

    init(_ shown: JSON) {
        var text = shown["text"]?.text ?? ""
        for link in shown["entities"]?["urls"]?.array ?? [] {
            guard let short = link["url"]?.text, let whole = link["expanded_url"]?.text else { continue }
            let isMedium = link["media_key"] != nil || link["display_url"]?.text?.hasPrefix("pic.") == true
            text = text.replacing(short, with: isMedium ? "" : whole)
        }
        self.text = text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing(
            "&amp;", with: "&")
    }

    /// Returns whether they are those that were sent.
    func says(_ sent: String) -> Bool { Self.plain(text) == Self.plain(sent) }

    /// A text without what X changes of its own accord: blanks, and the way in which links are written.
    private static func plain(_ text: String) -> String {
        var (result, rest) = ("", text[...])
        while let link = TextLinks.first(in: rest) {
            var address = rest[link].lowercased()
            for scheme in ["https://", "http://"] where address.hasPrefix(scheme) {
                address.removeFirst(scheme.count)
            }
            while address.hasSuffix("/") { address.removeLast() }
            result += rest[..<link.lowerBound] + address
            rest = rest[link.upperBound...]
        }
        return (result + rest).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
