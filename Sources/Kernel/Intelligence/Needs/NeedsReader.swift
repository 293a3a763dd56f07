internal import Lexicons
package import Telemetry

/// Reads from a text what somebody needs, could spend, by when, and who decides. By rules, in every language that has
/// files about needs; equal texts are read alike everywhere.
package enum NeedsReader {
    /// One need of each kind at most, the surest first.
    package static func read(_ text: String) -> [Need] {
        find(in: ReadText(text)).map(\.need)
    }

    /// The least score of a need that is stated and not only touched upon.
    package static let told = 0.6

    struct Finding {
        var need: Need
        /// The words that state it.
        var words: Range<Int>
    }

    /// Finds the needs, each with the places of its words.
    static func find(in read: ReadText) -> [Finding] {
        let matches = NeedSign.phrases.matches(in: read)
        let places = Dictionary(grouping: matches, by: \.group).mapValues { $0.map(\.words) }
        let (wishes, refusals) = (places[.wish] ?? [], places[.refusal] ?? [])
        var best: [NeedKind: Finding] = [:]
        func add(_ kind: NeedKind, _ isExplicit: Bool, _ words: Range<Int>, _ confidence: Double) {
            guard !(places[.poor] ?? []).contains(where: { $0.overlaps(words) }) else { return }
            let quote = String(read.quote(words).prefix(120))
            let found = Finding(
                need: Need(kind: kind, isExplicit: isExplicit, quote: quote, confidence: confidence),
                words: words)
            guard let known = best[kind] else { return best[kind] = found }
            // Two signs are surer than one.
            let joint = ((1 - (1 - known.need.confidence) * (1 - confidence * 0.4)) * 100).rounded() / 100
            if confidence > known.need.confidence {
                best[kind] = found
                best[kind]!.need.isExplicit = isExplicit || known.need.isExplicit
                best[kind]!.need.confidence = max(confidence, min(joint, 0.95))
            } else if !known.need.quote.contains(quote) {
                best[kind]!.need.confidence = min(joint, 0.95)
                best[kind]!.need.isExplicit = known.need.isExplicit || isExplicit
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
        for (kind, words, confidence) in troubles(matches, places, read)
        where best[kind].map({ $0.need.confidence < told }) ?? true {
            add(kind, false, words, confidence)
        }
        if best.isEmpty, let words = plainHelp(matches, read) { add(.other, true, words, 0.4) }
        return NeedKind.allCases.compactMap { best[$0] }.enumerated()
            .sorted {
                ($1.element.need.confidence, $0.offset) < ($0.element.need.confidence, $1.offset)
            }.map(\.element)
    }

    // MARK: Trouble

    /// The most words between a thing and its trouble.
    private static let reach = 14

    /// Finds things of the writer's own that share a sentence with what is wrong with them, unless the sentence is
    /// about the recipient. Of each kind of need it returns the closest pair.
    private static func troubles(
        _ matches: [PhraseSet<NeedSign>.Match], _ places: [NeedSign: [Range<Int>]], _ text: ReadText
    ) -> [(NeedKind, Range<Int>, Double)] {
        func isIn(_ sentence: Int, _ sign: NeedSign) -> Bool {
            (places[sign] ?? []).contains { text.words[$0.lowerBound].sentence == sentence }
        }
        var found: [(NeedKind, Range<Int>, Double)] = []
        for kind in NeedKind.allCases {
            var nearest: (Range<Int>, Double)?
            let names = places[.name(kind)] ?? []
            let refused = names.filter { name in
                (places[.refusal] ?? []).contains { concerns($0, name, text) }
            }
            // Something that the writer does not want is no trouble with it: most names of needs are names of things,
            // too.
            for thing in (places[.thing(kind)] ?? []) + names
            where !refused.contains(where: { $0.overlaps(thing) }) {
                let sentence = text.words[thing.lowerBound].sentence
                guard !isIn(sentence, .offer), !asks(thing, text) else { continue }
                let isOwn = isIn(sentence, .own)
                for (sign, confidence) in [(NeedSign.trouble, 0.68), (.negation, 0.6)] {
                    guard sign == .trouble || isOwn else { continue }
                    for trouble in places[sign] ?? []
                    where text.words[trouble.lowerBound].sentence == sentence && !trouble.overlaps(thing) {
                        let words =
                            min(
                                thing.lowerBound, trouble.lowerBound)..<max(
                                thing.upperBound, trouble.upperBound)
                        guard words.count <= reach else { continue }
                        let known = nearest.map { ($0.1, -$0.0.count) } ?? (0, 0)
                        if (confidence, -words.count) > known || nearest == nil {
                            nearest = (words, confidence)
                        }
                    }
                }
            }
            if let nearest { found.append((kind, nearest.0, nearest.1)) }
        }
        return found
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

    private static let lexicon = Lexicon("needs")
    private static let marketing = lexicon.words("marketing")

    private static func plainHelp(_ matches: [PhraseSet<NeedSign>.Match], _ text: ReadText) -> Range<Int>? {
        guard let place = text.words.firstIndex(where: { marketing.contains($0.folded) }) else { return nil }
        func near(_ group: NeedSign) -> Range<Int>? {
            matches.first { $0.group == group && concerns($0.words, place..<place + 1, text) }?.words
        }
        guard near(.refusal) == nil, let wish = near(.wish) else { return nil }
        return min(wish.lowerBound, place)..<max(wish.upperBound, place + 1)
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
    private static let before = lexicon.words("before")

    private static let articles = lexicon.words("article")

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
