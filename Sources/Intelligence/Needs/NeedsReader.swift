package import Telemetry

/// Reads from a text what somebody needs, could spend, by when, and who decides. By rules, in English,
/// German, French and Spanish; equal texts are read alike everywhere.
package enum NeedsReader {
    /// One need of each kind at most, the surest first.
    package static func read(_ text: String) -> [Need] {
        let read = ReadText(text)
        let matches = NeedSign.phrases.matches(in: read)
        let wishes = matches.filter { $0.group == .wish }.map(\.words)
        let refusals = matches.filter { $0.group == .refusal }.map(\.words)
        var best: [NeedKind: Need] = [:]
        func add(_ kind: NeedKind, _ isExplicit: Bool, _ words: Range<Int>, _ confidence: Double) {
            let quote = String(read.quote(words).prefix(120))
            guard let known = best[kind] else {
                best[kind] = Need(kind: kind, isExplicit: isExplicit, quote: quote, confidence: confidence)
                return
            }
            // Two signs are surer than one.
            let joint = ((1 - (1 - known.confidence) * (1 - confidence * 0.4)) * 100).rounded() / 100
            if confidence > known.confidence {
                best[kind] = Need(
                    kind: kind, isExplicit: isExplicit || known.isExplicit, quote: quote,
                    confidence: max(confidence, min(joint, 0.95)))
            } else if !known.quote.contains(quote) {
                best[kind]!.confidence = min(joint, 0.95)
                best[kind]!.isExplicit = known.isExplicit || isExplicit
            }
        }
        for match in matches {
            switch match.group {
            case .symptom(let kind): add(kind, false, match.words, 0.7)
            case .name(let kind):
                if refusals.contains(where: { concerns($0, match.words, read) }) { continue }
                if let wish = wishes.first(where: { concerns($0, match.words, read) }) {
                    let words =
                        min(
                            wish.lowerBound, match.words.lowerBound)..<max(
                            wish.upperBound, match.words.upperBound)
                    add(kind, true, words, 0.85)
                } else {
                    // Spoken of, not asked for.
                    add(kind, false, match.words, asks(match.words, read) ? 0.6 : 0.35)
                }
            default: break
            }
        }
        if best.isEmpty, let help = plainHelp(matches, read) {
            best[.other] = Need(kind: .other, isExplicit: true, quote: help, confidence: 0.4)
        }
        return NeedKind.allCases.compactMap { best[$0] }.enumerated()
            .sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }.map(\.element)
    }

    /// A wish stands before what is wished for, or shortly after it, in the same sentence.
    private static func concerns(_ sign: Range<Int>, _ name: Range<Int>, _ text: ReadText) -> Bool {
        guard text.words[sign.lowerBound].sentence == text.words[name.lowerBound].sentence else {
            return false
        }
        if sign.overlaps(name) { return true }
        return sign.upperBound <= name.lowerBound
            ? name.lowerBound - sign.upperBound <= 9 : sign.lowerBound - name.upperBound <= 5
    }

    private static func asks(_ words: Range<Int>, _ text: ReadText) -> Bool {
        let last = text.sentence(around: words.lowerBound).upperBound - 1
        return text.words[last].folded == "?"
    }

    private static let marketing = [
        "marketing", "growth", "advertising", "wachstum", "croissance", "werbung", "mercadotecnia",
    ]

    private static func plainHelp(_ matches: [PhraseSet<NeedSign>.Match], _ text: ReadText) -> String? {
        guard let place = text.words.firstIndex(where: { marketing.contains($0.folded) }) else { return nil }
        func near(_ group: NeedSign) -> Range<Int>? {
            matches.first { $0.group == group && concerns($0.words, place..<place + 1, text) }?.words
        }
        guard near(.refusal) == nil, let wish = near(.wish) else { return nil }
        return String(text.quote(min(wish.lowerBound, place)..<max(wish.upperBound, place + 1)).prefix(120))
    }

    // MARK: When, and who

    /// The latest day that is named as a wish's end; `asap` counts before any date.
    package static func timeline(in text: String, on today: CivilDate) -> StatedTimeline? {
        let read = ReadText(text)
        let matches = NeedSign.phrases.matches(in: read)
        if let match = matches.first(where: { $0.group == .atOnce }) {
            return StatedTimeline(days: 0, quote: read.quote(match.words))
        }
        let leads = Set(matches.filter { $0.group == .deadline }.map(\.words.lowerBound))
        let dates = read.dates(on: today).filter { date in
            let before = date.words.lowerBound
            return leads.contains { (before - 3..<date.words.upperBound).contains($0) }
                && date.last >= today
        }
        guard let date = dates.first else { return nil }
        let words = read.words
        var start = date.words.lowerBound
        while start > 0, words[start - 1].sentence == words[start].sentence,
            leads.contains(start - 1) || articles.contains(words[start - 1].folded)
        {
            start -= 1
        }
        let isBefore = (start..<date.words.lowerBound).contains { before.contains(words[$0].folded) }
        let last = isBefore ? date.first : date.last
        return StatedTimeline(
            days: max(0, last.daysSinceEpoch - today.daysSinceEpoch),
            quote: read.quote(start..<date.words.upperBound))
    }

    /// `before the summer` ends where the summer begins.
    private static let before: Set<String> = ["before", "vor", "avant", "antes"]

    private static let articles: Set<String> = ["the", "l", "la", "el", "le", "dem", "den", "der"]

    package static func authority(in text: String) -> StatedAuthority? {
        let read = ReadText(text)
        let kinds: [(NeedSign, StatedAuthority.Kind)] = [
            (.mustAsk, .mustAsk), (.notResponsible, .notResponsible), (.shares, .shares),
            (.decides, .decides),
        ]
        let matches = NeedSign.phrases.matches(in: read)
        for (sign, kind) in kinds {
            // `I am the owner and decide` is no owner who has to be asked.
            let own = sign == .mustAsk ? matches.filter { $0.group == .decides } : []
            let match = matches.first { match in
                match.group == sign && !own.contains { $0.words.overlaps(match.words) }
            }
            if let match {
                return StatedAuthority(kind: kind, quote: read.quote(match.words))
            }
        }
        return nil
    }
}
