internal import Nouns
internal import Records

extension QualityInput {
    /// All that an item says of itself; its brand, its like and its voice are looked up.
    init(_ item: ContentItem) {
        self.init()
        (title, body, locale, format) = (item.title, item.body, item.locale, item.format.rawValue)
        media = item.media.list.map { Medium(name: "\($0.fileID)", altText: $0.altText) }
        // Of what is mailed, the title is for colleagues.
        let isMailed = item.format == .message || item.format == .email
        versions = item.variants.list.compactMap(\.body)
        let words: [String] =
            [isMailed ? "" : item.title, item.subject] + item.variants.list.compactMap(\.subject) + versions
            + media.map(\.altText)
        for text in words where !text.isEmpty && text != body && !beside.contains(text) {
            beside.append(text)
        }
        claims = item.claims.list.map { Claim(text: $0.text, source: $0.sourceURL) }
        sources = item.sources.list.compactMap(\.quote)
        isMadeWithAI = item.isMadeWithAI
    }
}

extension ContentItem {
    /// The client whose brand it is checked by; `nil`: the agency's own.
    var brandClient: ClientID? { clientID }

    /// Returns whether the two are written in one voice: for the same client, in the same language.
    func sharesVoice(with other: ContentItem) -> Bool {
        locale == other.locale && clientID == other.clientID
    }
}
