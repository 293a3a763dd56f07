/// A reply's words and what the rules find in them.
struct ReplyReading {
    let text: ReadText
    /// By rule, the places of its phrases; wishes to be left alone only where no exception covers them.
    let rules: [ReplyRule: [Range<Int>]]
    /// A mail server's code stands in it: `5.1.1`, `550`.
    let hasServerCode: Bool

    init(_ reply: String) {
        text = ReadText(OwnWords.of(reply))
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
        self.rules = rules
        hasServerCode = text.words.contains { $0.kind == .number && Self.isServerCode($0.folded) }
    }

    /// RFC 3463, and the codes of RFC 5321 that end a delivery.
    private static func isServerCode(_ number: String) -> Bool {
        if let code = Int(number) { return [421, 450, 451, 452, 550, 551, 552, 553, 554].contains(code) }
        let parts = number.split(separator: ".").map { Int($0) }
        return parts.count == 3 && (parts[0] == 4 || parts[0] == 5) && (parts[1] ?? 99) < 8
            && (parts[2] ?? 999) < 100
    }

    /// What the model sees; `withRules` false hides what rules found, so that it learns to do without them.
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
