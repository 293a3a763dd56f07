internal import Social

/// A trait by which posts are compared, beside their hour.
enum PostTrait: String, CaseIterable, Sendable {
    /// The shape in which it stands.
    case format
    /// The number of its characters.
    case length
    /// The way in which it begins.
    case hook
    /// The number of its hashtags.
    case hashtags
    /// The length of its film.
    case film
    /// One hashtag of its own.
    case hashtag
}

/// The traits of a post.
struct PostTraits: Hashable, Sendable {
    private(set) var values: [PostTrait: String] = [:]
    /// In small letters, without their sign.
    let tags: [String]

    /// The longest short text and the longest that is not long, in characters.
    static let lengths = (short: 140, medium: 500)
    /// The most hashtags that are few.
    static let tagsFew = 3

    init(_ format: PostFormat, _ text: String, hashtags: [String], seconds: Double?) {
        tags = hashtags
        values[.format] = format.rawValue
        let length = text.count
        values[.length] =
            length <= Self.lengths.short ? "short" : length <= Self.lengths.medium ? "medium" : "long"
        values[.hook] = PostHook(text)?.rawValue
        values[.hashtags] = hashtags.isEmpty ? "none" : hashtags.count <= Self.tagsFew ? "few" : "many"
        values[.film] = seconds.map { $0 <= 15 ? "15" : $0 <= 30 ? "30" : $0 <= 60 ? "60" : "longer" }
    }

    /// All of them, each hashtag by itself.
    var all: [(trait: PostTrait, value: String)] {
        PostTrait.allCases.flatMap { trait -> [(trait: PostTrait, value: String)] in
            trait == .hashtag ? tags.map { (trait, $0) } : values[trait].map { [(trait, $0)] } ?? []
        }
    }
}

/// The way in which a text begins, in whatever language.
enum PostHook: String, Sendable {
    case question, figure, statement

    /// `nil`: it has no words.
    init?(_ text: String) {
        guard let line = text.split(whereSeparator: \.isNewline).first(where: { $0.contains(where: \.isLetter) })
        else { return nil }
        let first = line.prefix { !".!?？؟".contains($0) }
        let end = line.dropFirst(first.count).first
        if let end, "?？؟".contains(end) {
            self = .question
        } else {
            self = first.contains(where: \.isNumber) ? .figure : .statement
        }
    }
}
