/// A model of texts by label, from examples of each.
struct TextCategories: Sendable {
    struct Judgement {
        var label: String
        /// 0–1; low for what resembles no example.
        var confidence: Double
        var scores: [String: Double]
        /// The words that say most for the label.
        var evidence: [TextEvidence]
    }

    let labels: [String]
    private let model: MarginModel

    var sharpness: Double { model.sharpness }

    /// Without a `sharpness`, the one that suits the examples is looked for.
    init(_ examples: [(text: String, label: String, weight: Float)], sharpness: Double? = nil) {
        let labels = Set(examples.map(\.label)).sorted()
        self.labels = labels
        let rows = examples.map { example in
            MarginModel.Example(
                views: TextViews(ReadText(example.text, wordsMax: 300)),
                label: labels.firstIndex(of: example.label)!, weight: Double(example.weight))
        }
        model = MarginModel(training: rows, classCount: labels.count, sharpness: sharpness)
    }

    func judge(_ text: ReadText) -> Judgement {
        let views = TextViews(text)
        let scores = model.shares(views)
        let best = scores.indices.max { scores[$0] < scores[$1] }!
        var byWord = [Double](repeating: 0, count: text.words.count)
        for (words, weight) in model.contributions(views, to: best) {
            byWord[words.0] += weight / 2
            byWord[words.1] += weight / 2
        }
        let telling = byWord.indices.filter { byWord[$0] > 0.15 }.sorted {
            (byWord[$0], $1) > (byWord[$1], $0)
        }
        var named: [String: Double] = [:]
        for (index, label) in labels.enumerated() {
            named[label] = (scores[index] * 10_000).rounded() / 10_000
        }
        return Judgement(
            label: labels[best], confidence: named[labels[best]]!, scores: named,
            evidence: telling.prefix(5).map {
                TextEvidence(text.quote($0..<$0 + 1), "words", byWord[$0])
            })
    }
}
