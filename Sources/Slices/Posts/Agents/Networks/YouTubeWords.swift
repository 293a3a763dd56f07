internal import Records
internal import Social

extension SocialPiece {
    /// A film with what it is found by: a title, a description with its chapters, and tags. An upright or square film
    /// of three minutes at most is a short.
    func preparedForYouTube(usual: [String: Int], _ wish: PostWish) -> PreparedPost {
        let places = soleFilm ?? Array(media.indices), film = places.first.map { media[$0].probe }
        let chapters = FilmChapters(in: body, seconds: film?.seconds)
        var bare = self
        bare.body = chapters.rest
        var post = bare.adapted(to: .youtube, media: places)
        if let probe = film, probe.isVideo,
            SocialNetwork.youtube.rules.films(of: .short)?.areMet(by: probe) == true
        {
            post.format = .short
        }
        let headline = FilmWords.title(of: title.isEmpty ? post.text : title)
        if !headline.isEmpty { post.options["title"] = headline }
        post.text = FilmWords.description(post.text, under: title, chapters.lines)
        let tags = FilmWords.tags(
            title: headline,
            post.hashtags + HashtagChoice.fitting(self, usual, besides: post.hashtags, wish.lifts))
        if !tags.isEmpty { post.options["tags"] = tags.joined(separator: ", ") }
        return post
    }
}

/// The chapters of a film: lines of its script that begin with the moment at which each starts.
struct FilmChapters {
    /// YouTube shows chapters from three on, each of ten seconds at least, the first at the very beginning.
    private static let countMin = 3, secondsMin = 10

    /// The chapters as YouTube reads them; empty where they are none by its rules.
    let lines: [String]
    /// The script without them.
    let rest: String

    init(in body: String, seconds: Double?) {
        var found: [(second: Int, line: String)] = [], rest: [Substring] = []
        for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
            if let chapter = Self.chapter(line) { found.append(chapter) } else { rest.append(line) }
        }
        let starts = found.map(\.second)
        let areApart = zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= Self.secondsMin }
        let fits = seconds.map { Double((starts.last ?? 0) + Self.secondsMin) <= $0 } ?? true
        let isGood = found.count >= Self.countMin && starts.first == 0 && areApart && fits
        // Moments that are no chapters stay the words that they are.
        lines = isGood ? found.map(\.line) : []
        self.rest = isGood ? rest.joined(separator: "\n") : body
    }

    private static func chapter(_ line: Substring) -> (second: Int, line: String)? {
        let words = line.drop { " -*•\t".contains($0) }.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        let parts = words[0].split(separator: ":", omittingEmptySubsequences: false)
        let isMoment =
            (2...3).contains(parts.count)
            && parts.enumerated().allSatisfy { index, part in
                (index == 0 ? 1...2 : 2...2).contains(part.count)
                    && part.allSatisfy { ("0"..."9").contains($0) }
            }
        let numbers = parts.compactMap { Int($0) }
        guard isMoment, numbers.count == parts.count, numbers.dropFirst().allSatisfy({ $0 < 60 }) else {
            return nil
        }
        let title = words[1].drop { " -–—".contains($0) }
        guard !title.isEmpty else { return nil }
        return (numbers.reduce(0) { $0 * 60 + $1 }, "\(words[0]) \(title)")
    }
}

/// The words by which a film is found.
enum FilmWords {
    private static var rules: NetworkRules.ChangeRules? { SocialNetwork.youtube.rules.changes }
    private static let titleMax = rules?.titleMax ?? .max, tagsMax = rules?.tagsMax ?? .max, tagMax = 60

    /// The first line, cut between two words where it is too long.
    static func title(of text: String) -> String {
        let line = plain(String(text.split(whereSeparator: \.isNewline).first ?? ""))
        guard line.utf16.count > titleMax else { return line }
        var kept = ""
        for word in line.split(separator: " ") {
            let longer = kept.isEmpty ? String(word) : "\(kept) \(word)"
            guard longer.utf16.count < titleMax else { break }
            kept = longer
        }
        guard kept.isEmpty else { return kept + "…" }
        // A character may be many units: a word that is longer than a title is cut between two of them.
        for character in line {
            guard kept.utf16.count + character.utf16.count <= titleMax else { break }
            kept.append(character)
        }
        return kept
    }

    /// The text without the line that the title says already, with the chapters below it. Whole paragraphs give way
    /// where there is no room for both.
    static func description(_ text: String, under title: String, _ chapters: [String]) -> String {
        let rules = SocialNetwork.youtube.rules
        var paragraphs = text.split(separator: "\n\n", omittingEmptySubsequences: true).map(String.init)
        if paragraphs.count > 1, !title.isEmpty, paragraphs[0] == title { paragraphs.removeFirst() }
        let end = chapters.isEmpty ? "" : "\n\n" + chapters.joined(separator: "\n")
        func whole() -> String { paragraphs.joined(separator: "\n\n") + end }
        while paragraphs.count > 1, rules.counting.length(of: whole()) > rules.textMax {
            paragraphs.remove(at: paragraphs.count - 1)
        }
        return rules.counting.length(of: whole()) <= rules.textMax ? whole() : text
    }

    /// The title and the hashtags as words. YouTube counts what stands between them, too.
    static func tags(title: String, _ hashtags: [String]) -> [String] {
        var kept: [String] = [], seen: Set<String> = [], room = tagsMax
        for candidate in [title] + hashtags.map(words) {
            let tag = plain(candidate).filter { $0 != "," && $0 != "\"" && $0 != "…" }
            let cost = tag.utf16.count + (tag.contains(" ") ? 2 : 0) + (kept.isEmpty ? 0 : 1)
            guard !tag.isEmpty, tag.utf16.count <= tagMax, cost <= room,
                seen.insert(tag.lowercased()).inserted
            else { continue }
            kept.append(tag)
            room -= cost
        }
        return kept
    }

    /// "#GardenCare" is "Garden Care".
    private static func words(_ hashtag: String) -> String {
        var text = "", wasLower = false
        for character in hashtag.dropFirst() {
            if character.isUppercase, wasLower { text += " " }
            text.append(character)
            wasLower = character.isLowercase
        }
        return text
    }

    private static func plain(_ text: String) -> String { text.filter { $0 != "<" && $0 != ">" } }
}
