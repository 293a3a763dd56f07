internal import Lexicons

/// A reply's words and what the rules find in them.
struct ReplyReading {
    let text: ReadText
    /// By rule, the places of its phrases; wishes to be left alone only where no exception covers them.
    let rules: [ReplyRule: [Range<Int>]]
    /// A mail server's code stands in it: `5.1.1`, `550`.
    let hasServerCode: Bool
    /// The needs that the writer states.
    let needs: [NeedsReader.Finding]
    let privacy: PrivacyRequest?

    init(_ reply: String) {
        let prose = OwnWords.prose(of: reply)
        text = ReadText(prose.contains { $0.isLetter } ? prose : OwnWords.of(reply))
        var rules: [ReplyRule: [Range<Int>]] = [:]
        for match in ReplyRule.phrases.matches(in: text) {
            rules[match.group, default: []].append(match.words)
        }
        if let wishes = rules[.unsubscribe], let exceptions = rules[.unsubscribeException] {
            let meant = wishes.filter { wish in !exceptions.contains { $0.overlaps(wish) } }
            rules[.unsubscribe] = meant.isEmpty ? nil : meant
        }
        if let denied = rules[.negatedInterest], let interest = rules[.interest] {
            let meant = interest.filter { wish in !denied.contains { $0.overlaps(wish) } }
            rules[.interest] = meant.isEmpty ? nil : meant
        }
        needs = Self.needs(in: text, &rules)
        if let place = Self.reservation(in: text, rules) {
            rules[.reservation] = [place]
            rules[.interest] = nil
        }
        let request = PrivacyRequest.read(text)
        privacy = request?.kind
        if let request { rules[.privacy] = [request.words] }
        self.rules = rules
        hasServerCode = text.words.contains { $0.kind == .number && Self.isServerCode($0.folded) }
    }

    /// The rules that speak against a purchase, or for leaving the writer alone.
    private static let against: [ReplyRule] = [
        .unsubscribe, .negatedInterest, .refusal, .price, .timing, .competitor, .noNeed, .trust, .authority,
        .contract,
    ]

    /// Removes needs that rest on too little, and reasons against that are needs. Words that say what is wrong with
    /// the writer's own marketing are no objection: `our ads are expensive` does not mean that the agency's price is
    /// too high. A mere `not` beside a thing of the writer's states a need only where nothing else does.
    private static func needs(
        in text: ReadText, _ rules: inout [ReplyRule: [Range<Int>]]
    ) -> [NeedsReader.Finding] {
        let found = NeedsReader.find(in: text).filter { finding in
            finding.need.confidence > NeedsReader.told
                || finding.need.confidence == NeedsReader.told
                    && !against.contains { rules[$0]?.contains { $0.overlaps(finding.words) } ?? false }
        }
        guard !found.isEmpty else { return [] }
        for rule in against where ![.unsubscribe, .negatedInterest, .refusal, .noNeed].contains(rule) {
            let rest = rules[rule]?.filter { place in !found.contains { $0.words.overlaps(place) } } ?? []
            rules[rule] = rest.isEmpty ? nil : rest
        }
        rules[.need] = found.map(\.words)
        return found
    }

    private static let contrasts = Lexicon("replies").words("contrast")
    private static let negations = Lexicon("replies").words("negation")

    /// Finds praise that is taken back: a contrast follows it, then an objection or a `not`, and no wish after that.
    private static func reservation(
        in text: ReadText, _ rules: [ReplyRule: [Range<Int>]]
    ) -> Range<Int>? {
        guard let praise = (rules[.interest] ?? []).map(\.lowerBound).min(),
            let place = text.words.indices.last(where: {
                $0 > praise && contrasts.contains(text.words[$0].folded)
            }), place + 1 < text.words.count
        else { return nil }
        func follows(_ rule: ReplyRule) -> Bool { rules[rule]?.contains { $0.lowerBound > place } ?? false }
        guard ![.interest, .meeting, .information, .question, .need].contains(where: follows) else {
            return nil
        }
        let isAgainst =
            (against + [.later]).contains(where: follows)
            || text.words[(place + 1)...].contains { negations.contains($0.folded) }
        return isAgainst ? place..<text.words.count : nil
    }

    /// RFC 3463, and the codes of RFC 5321 that end a delivery.
    private static func isServerCode(_ number: String) -> Bool {
        if let code = Int(number) { return [421, 450, 451, 452, 550, 551, 552, 553, 554].contains(code) }
        let parts = number.split(separator: ".").map { Int($0) }
        return parts.count == 3 && (parts[0] == 4 || parts[0] == 5) && (parts[1] ?? 99) < 8
            && (parts[2] ?? 999) < 100
    }

    /// Whether the writer objects or wants to be left alone, whatever they need.
    var isAgainst: Bool {
        Self.against.contains { rules[$0] != nil } || rules[.bounce] != nil
            || rules[.referral] != nil && text.words.contains { $0.kind == .address }
    }

    /// Returns the features that the model sees; `withRules` false hides what rules found, so that it learns to do
    /// without them.
    func features(withRules: Bool = true) -> TextFeatures {
        var features = TextFeatures(text)
        guard withRules else { return features }
        // In a fixed order: sums of floating-point numbers depend on it.
        for rule in ReplyRule.allCases {
            guard let places = rules[rule], let first = places.first else { continue }
            features.add("rule:\(rule.rawValue)", 1, words: first)
            if places.count > 1 { features.add("rule:\(rule.rawValue) again", 0.5, words: places[1]) }
            if first.lowerBound == 0 { features.add("rule:\(rule.rawValue) first", 0.5, words: first) }
        }
        // A wish to be left alone in words that no rule knows is rare.
        if rules[.unsubscribe] == nil { features.add("rule:no unsubscribe", 1) }
        if hasServerCode { features.add("shape:server code", 1) }
        return features
    }
}
