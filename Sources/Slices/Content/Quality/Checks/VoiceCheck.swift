internal import JSON
internal import Lexicons
internal import Templates

/// The style of the pieces that were accepted: the mean of each measure, and how far pieces are from it.
struct VoiceProfile: Hashable, Sendable {
    struct Measure: Hashable, Sendable {
        let mean: Double, spread: Double
    }

    let pieces: Int
    let measures: [VoiceMeasure: Measure]

    /// Fewer pieces have no voice yet.
    static let piecesMin = 5

    /// `nil` where there are too few texts to say.
    init?(_ texts: [ScannedText], in language: String) {
        let values = texts.compactMap { VoiceMeasure.values(of: $0, in: language) }
        guard values.count >= Self.piecesMin else { return nil }
        pieces = values.count
        var measures: [VoiceMeasure: Measure] = [:]
        for measure in VoiceMeasure.allCases {
            let own = values.map { $0[measure] ?? 0 }
            let mean = own.reduce(0, +) / Double(own.count)
            let square = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)
            measures[measure] = Measure(mean: Self.rounded(mean), spread: Self.rounded(square.squareRoot()))
        }
        self.measures = measures
    }

    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    var json: JSON {
        let members = VoiceMeasure.allCases.compactMap { name -> (String, JSON)? in
            guard let measure = measures[name] else { return nil }
            return (name.rawValue, ["mean": .number(measure.mean), "spread": .number(measure.spread)])
        }
        return ["pieces": JSON(pieces), "measures": .object(JSONObject(members))]
    }

    init?(json: JSON?) {
        guard let json, let pieces = json["pieces"]?.int else { return nil }
        self.pieces = Int(pieces)
        var measures: [VoiceMeasure: Measure] = [:]
        for (name, value) in json["measures"]?.object?.members ?? [] {
            guard let measure = VoiceMeasure(rawValue: name), let mean = value["mean"]?.double,
                let spread = value["spread"]?.double
            else { continue }
            measures[measure] = Measure(mean: mean, spread: spread)
        }
        self.measures = measures
    }
}

/// Something about a text that can be counted, and by which a voice is known.
enum VoiceMeasure: String, CaseIterable, Hashable, Sendable {
    /// Words of a sentence.
    case sentence
    /// Exclamation marks in ten sentences.
    case exclamations
    /// Words in a hundred by which readers are spoken to like friends.
    case familiar

    /// The least spread that is taken for granted: five pieces that are alike by chance bind nobody.
    fileprivate var spreadMin: Double {
        switch self {
        case .sentence: 3
        case .exclamations: 1.5
        case .familiar: 0.8
        }
    }

    private static let lexicon = Lexicon("voice", in: ResourceTable.texts)
    private static let familiarWords = Dictionary(
        uniqueKeysWithValues: lexicon.languages.map { ($0, Set(lexicon.words("familiar", in: $0))) })

    /// Returns the measures of a text; `nil` where it is too short.
    static func values(of text: ScannedText, in language: String) -> [VoiceMeasure: Double]? {
        let words = text.tokens.filter { $0.kind == .word && $0.mark == nil }
        guard words.count >= Readability.wordsMin else { return nil }
        let sentences = Double(Set(words.map(\.sentence)).count)
        let known = familiarWords[language] ?? []
        return [
            .sentence: Double(words.count) / sentences,
            .exclamations: Double(text.tokens.count { $0.text == "!" }) / sentences * 10,
            .familiar: Double(words.count { known.contains($0.text) }) / Double(words.count) * 100,
        ]
    }
}

/// Finds where a piece is written unlike those that were accepted.
struct VoiceCheck {
    private(set) var findings: [QualityFinding] = []

    /// The multiple of the usual distance from the mean that is no voice of this brand's any more.
    private static let farFrom = 3.0

    init(_ input: QualityInput, _ text: ScannedText) {
        guard let voice = input.voice,
            let values = VoiceMeasure.values(of: text, in: TextLanguage.of(input))
        else { return }
        for name in VoiceMeasure.allCases {
            guard let measure = voice.measures[name], let value = values[name] else { continue }
            let far = abs(value - measure.mean)
            guard far > Self.farFrom * max(measure.spread, name.spreadMin) else { continue }
            findings.append(
                QualityFinding(
                    .offVoice, .note,
                    Saying(
                        "content_check.voice",
                        [
                            "measure": .text(name.rawValue), "value": .text(Self.shown(value)),
                            "usual": .text(Self.shown(measure.mean)), "pieces": .number(voice.pieces),
                        ]), suggestion: Saying("content_advice.voice")))
        }
    }

    private static func shown(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
