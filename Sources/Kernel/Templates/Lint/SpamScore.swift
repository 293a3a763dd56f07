internal import Lexicons
internal import Records

/// The degree to which a mail looks like spam: 0 to 10, the sum of its parts. From 5 on it will often not arrive.
package struct SpamScore: Sendable {
    /// One sign, and what it costs.
    package struct Part: Hashable, Sendable {
        package let code: TemplateWarning.Code
        package let points: Double
        /// The detail for the person who writes the mail, in words of whoever reads it.
        package let detail: Saying
        /// `subject` or `body`
        package let part: String
    }

    package let parts: [Part]

    package static let scoreMax = 10.0

    /// The score in tenths.
    package var value: Double {
        (min(Self.scoreMax, parts.reduce(0) { $0 + $1.points }) * 10).rounded() / 10
    }

    var warnings: [TemplateWarning] {
        parts.map { TemplateWarning($0.code, $0.detail, part: $0.part) }
    }

    init(_ mail: ComposedMail, links: [LinkLint.Link], images: Int) {
        var parts: [Part] = []
        func add(_ code: TemplateWarning.Code, _ points: Double, _ part: String, _ detail: Saying) {
            parts.append(Part(code: code, points: points, detail: detail, part: part))
        }
        let words = mail.words
        if Self.isShouted(mail.subject) {
            add(.capitalsInSubject, 2, "subject", Saying("lint.capitals_in_subject"))
        }
        let shouted = words.filter { $0.count > 3 && Self.isShouted(String($0)) }.count
        if words.count >= 10, shouted * 4 > words.count {
            add(
                .capitalsInText, 1.5, "body",
                Saying("lint.capitals_in_text", ["count": .number(shouted), "all": .number(words.count)]))
        }
        Self.exclamations(mail, add)
        let phrases = Self.phrases(in: mail)
        for (phrase, isSubject) in phrases.prefix(6) {
            let part = isSubject ? "subject" : "body"
            add(
                .spamPhrase, isSubject ? 1.2 : 0.8, part,
                Saying("lint.spam_phrase", ["phrase": .text(phrase)]))
        }
        if SubjectLine.isReply(mail.subject) || SubjectLine.isForward(mail.subject) {
            add(.falseReply, 2, "subject", Saying("lint.false_reply"))
        }
        if mail.subject.isEmpty { add(.emptySubject, 2, "subject", Saying("lint.empty_subject")) }
        let count = mail.links.count
        if count > 6 {
            add(
                .manyLinks, count > 12 ? 2 : 1, "body",
                Saying("lint.many_links", ["count": .number(count)]))
        }
        if words.count < Self.wordsMin {
            add(
                .shortText, words.isEmpty ? 2 : 1, "body",
                Saying("lint.short_text", ["count": .number(words.count)]))
        }
        if images > 0, words.count < 40 * images {
            add(
                .imageHeavy, 1.5, "body",
                Saying(
                    "lint.image_heavy", ["words": .number(words.count), "images": .number(images)]))
        }
        parts += Self.costs(of: links)
        self.parts = parts
    }

    private static let wordsMin = 15

    /// At least two words' worth of letters, nearly all of them capitals.
    private static func isShouted(_ text: String) -> Bool {
        var capitals = 0, small = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase {
                capitals += 1
            } else if scalar.properties.isLowercase {
                small += 1
            }
        }
        return capitals >= 4 && capitals > 3 * small
    }

    private static func exclamations(
        _ mail: ComposedMail, _ add: (TemplateWarning.Code, Double, String, Saying) -> Void
    ) {
        func count(_ text: String) -> Int { text.count { $0 == "!" || $0 == "！" } }
        let inSubject = count(mail.subject), inText = count(mail.text)
        if inSubject > 1 {
            add(
                .exclamationMarks, 1.5, "subject",
                Saying("lint.exclamations_in_subject", ["count": .number(inSubject)]))
        }
        if mail.text.contains("!!") || inText > 3 + mail.words.count / 60 {
            add(
                .exclamationMarks, 1, "body",
                Saying("lint.exclamations_in_text", ["count": .number(inText)]))
        }
    }

    private static func costs(of links: [LinkLint.Link]) -> [Part] {
        let price: [TemplateWarning.Code: Double] = [
            .misleadingLink: 3, .shortenedLink: 2, .insecureLink: 0.5, .brokenLink: 1,
        ]
        var costs: [Part] = []
        for link in links {
            for (code, detail) in LinkLint.faults(link) where !costs.contains(where: { $0.code == code }) {
                costs.append(Part(code: code, points: price[code] ?? 0, detail: detail, part: "body"))
            }
        }
        return costs
    }

    static let shorteners: Set<String> = [
        "bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "v.gd", "buff.ly", "rebrand.ly",
        "cutt.ly",
        "shorturl.at", "rb.gy", "tiny.cc", "lnkd.in", "t.ly", "bl.ink", "s.id", "qr.ae", "adf.ly",
    ]
}

extension SpamScore {
    /// The phrases that occur, with whether it is in the subject; each once.
    fileprivate static func phrases(in mail: ComposedMail) -> [(phrase: String, isSubject: Bool)] {
        let inSubject = known(in: mail.subject), inText = known(in: mail.text)
        return inSubject.union(inText).sorted().map {
            (known[$0].joined(separator: " "), inSubject.contains($0))
        }
    }

    /// Returns the places of the known phrases that occur in a text.
    private static func known(in text: String) -> Set<Int> {
        let words = text.lowercased().split {
            !($0.isLetter || $0.isNumber || $0 == "%" || $0 == "$" || $0 == "€")
        }
        var found: Set<Int> = []
        for start in words.indices {
            for place in places[words[start]] ?? [] where words[start...].starts(with: known[place]) {
                found.insert(place)
            }
        }
        return found
    }

    /// The words of each phrase.
    private static let known = Lexicon("spam", in: ResourceTable.texts).phrases("phrases").map {
        $0.split(separator: " ")
    }

    /// The places of the phrases that begin with a word: to search a text for each of them took all of a template's
    /// review.
    private static let places = Dictionary(grouping: known.indices) { known[$0][0] }
}
