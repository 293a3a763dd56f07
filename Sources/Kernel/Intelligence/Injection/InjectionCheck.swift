/// Marks texts that try to instruct the machine that reads them.
///
/// The mark protects nothing, since nothing in a text from outside is ever obeyed; it tells people what was
/// tried, and lowers the trust in whoever sent it. Phrases of known tricks and a small linear model, trained
/// from the module's examples when it is first used, add up.
package enum InjectionCheck {
    package struct Judgement: Sendable {
        package struct Evidence: Hashable, Sendable {
            package var quote: String
            /// The name of the sign that the quote is: `override`, `role`, `secrets`, `action`, `output`, `task`,
            /// `machine`, `markup`, `hidden`; or `harmless`, which speaks against it.
            package var sign: String
            package var weight: Double
        }

        package var isSuspicious: Bool
        /// 0–1; from one half a text is suspicious.
        package var score: Double
        /// Weightiest first, at most eight.
        package var evidence: [Evidence]
    }

    package static func judge(_ text: String) -> Judgement {
        let read = ReadText(text, wordsMax: 4000)
        var evidence = marks(in: text)
        var counts: [InjectionSign: Int] = [:]
        var covered: [InjectionSign: Int] = [:]
        for match in InjectionSign.phrases.matches(in: read) {
            // One passage is one sign, however many phrases know it.
            guard match.words.lowerBound >= covered[match.group] ?? 0 else { continue }
            covered[match.group] = match.words.upperBound
            counts[match.group, default: 0] += 1
            // A second says less than the first.
            let repeated = [1, 0.4, 0.2][min(counts[match.group]!, 3) - 1]
            evidence.append(
                Judgement.Evidence(
                    quote: String(read.quote(match.words).prefix(120)), sign: match.group.rawValue,
                    weight: match.group.weight * repeated))
        }
        // Friendly words excuse little where somebody gives orders outright.
        let isOrder = counts.keys.contains { [.override, .role, .secrets, .action].contains($0) }
        let words = max(wordsWeight(read), isOrder ? -excuseMax : -wordsMax)
        if words > 0.5 { evidence.append(Judgement.Evidence(quote: "", sign: "words", weight: words)) }
        let signs = evidence.reduce(0) { $0 + $1.weight } - max(0, words > 0.5 ? words : 0)
        let sum = threshold + signs + words
        let score = 1 / (1 + exactExp(-sum))
        evidence.sort { $0.weight > $1.weight }
        return Judgement(
            isSuspicious: sum >= 0, score: (score * 10_000).rounded() / 10_000,
            evidence: evidence.prefix(8).map { item in
                var item = item
                item.weight = (item.weight * 100).rounded() / 100
                return item
            })
    }

    /// The signs by which somebody speaks to a machine. To name one is none: sites and titles speak of assistants, too.
    private static let ordering: Set<String> = Set(
        [InjectionSign.override, .role, .secrets, .action, .markup].map(\.rawValue) + ["hidden"])

    /// Returns whether a text speaks to a machine that reads it: such words are never shown as somebody's own.
    ///
    /// What its words are like does not decide, as it does in a message: titles ("How to answer a review") and articles
    /// are worded as what people ask machines for.
    package static func givesOrders(_ text: String) -> Bool {
        let judgement = judge(text)
        return judgement.isSuspicious && judgement.evidence.contains { ordering.contains($0.sign) }
    }

    // MARK: What is left without them

    /// Returns the text without the sentences that give orders to a machine: what its writer asks and says otherwise.
    /// A text without orders is unchanged; one that gives nothing but orders becomes empty.
    package static func withoutOrders(_ text: String) -> String {
        guard judge(text).isSuspicious else { return text }
        let read = ReadText(text, wordsMax: 4000)
        let orders = Set(
            InjectionSign.phrases.matches(in: read).filter { $0.group != .harmless && $0.group != .task }
                .map { read.words[$0.words.lowerBound].sentence })
        var kept = ""
        var start = 0
        while start < read.words.count {
            let sentence = read.sentence(around: start)
            let end =
                sentence.upperBound < read.words.count
                ? read.words[sentence.upperBound].start : read.bytes.count
            let words = String(decoding: read.bytes[read.words[start].start..<end], as: UTF8.self)
            if !orders.contains(read.words[start].sentence), !judge(words).isSuspicious { kept += words }
            start = sentence.upperBound
        }
        let rest = OwnWords.prose(of: kept)
        return judge(rest).isSuspicious ? "" : rest
    }

    /// The sum, negative, that a text's signs and words have to overcome.
    private static let threshold = -1.6

    // MARK: What its words are like

    /// Returns the weight of the words. A sentence says more than a long mail around it: the most telling stretch
    /// counts.
    private static func wordsWeight(_ text: ReadText) -> Double {
        var most = -wordsMax
        var start = 0
        while start < text.words.count {
            // Sentences are joined until they are long enough to judge.
            var end = start
            while end < text.words.count, end - start < 40,
                end - start < 8 || text.words[end].sentence == text.words[end - 1].sentence
            {
                end += 1
            }
            if text.words.count - end < 4 { end = text.words.count }
            let logits = model.logits(TextFeatures(text, in: start..<end))
            most = max(most, (logits[1] - logits[0]) * wordsShare)
            start = end
        }
        return min(wordsMax, max(-wordsMax, most))
    }

    private static let wordsMax = 2.2, excuseMax = 1.2, wordsShare = 0.6

    static let model = train(InjectionExamples.all)

    static func train(_ examples: [(text: String, isAttack: Bool)]) -> SoftmaxModel {
        let rows = examples.map { text, isAttack in
            let features = TextFeatures(ReadText(text))
            return SoftmaxModel.Example(features: features, bare: features, label: isAttack ? 1 : 0)
        }
        return SoftmaxModel(training: rows, classCount: 2)
    }

    // MARK: What words do not show

    /// By their first byte.
    private static let marksOfPrompts = Dictionary(
        grouping: [
            "{{", "${", "<|", "|>", "[[", "[inst]", "<<sys", "[system", "<system", "</system", "system:",
            "assistant:",
            "### instruction", "###instruction", "## instruction", "```system", "<instructions",
            "</instructions",
            "<script",
            "begin prompt", "end prompt", "\\n\\n", "\\ n",
        ].map { Array($0.utf8) }, by: \.[0])

    private static func marks(in text: String) -> [Judgement.Evidence] {
        var found: [Judgement.Evidence] = []
        let bytes = Array(text.lowercased().utf8)
        let mark = bytes.indices.lazy.compactMap { start in
            marksOfPrompts[bytes[start]]?.first { bytes[start...].starts(with: $0) }
        }.first
        if let mark {
            found.append(
                Judgement.Evidence(
                    quote: String(decoding: mark, as: UTF8.self), sign: InjectionSign.markup.rawValue,
                    weight: InjectionSign.markup.weight))
        }
        // Characters that nobody sees carry words past the eye: tags (U+E0000), changes of direction, empty
        // joints.
        let unseen = text.unicodeScalars.count {
            (0xE0000...0xE007F).contains($0.value) || (0x202A...0x202E).contains($0.value)
                || (0x2066...0x2069).contains($0.value) || $0.value == 0x200B || $0.value == 0x2060
        }
        if unseen > 2 {
            found.append(Judgement.Evidence(quote: "\(unseen) unseen characters", sign: "hidden", weight: 5))
        }
        return found
    }
}
