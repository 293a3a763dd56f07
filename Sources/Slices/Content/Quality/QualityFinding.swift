internal import Cryptography
internal import JSON
internal import Templates

/// Something about a piece of content that somebody should look at, with its place.
struct QualityFinding: Hashable, Sendable {
    enum Code: String, CaseIterable, Sendable {
        case bannedWord = "banned_word"
        case preferredWord = "preferred_word"
        case offVoice = "off_voice"
        case missingDisclosure = "missing_disclosure"
        case claimWithoutSource = "claim_without_source"
        case hardToRead = "hard_to_read"
        case altTextRequired = "alt_text_required"
        case hashtagCase = "hashtag_case"
        case faintText = "faint_text"
        case tooSimilar = "too_similar"
        case brokenLink = "broken_link"
        case personalData = "personal_data"
        case shouting
        case spelling
    }

    enum Severity: String, CaseIterable, Sendable {
        case error, warning, note

        /// The points that the first finding of a code costs.
        var cost: Double {
            switch self {
            case .error: 20
            case .warning: 8
            case .note: 2
            }
        }
    }

    /// The law of a country behind a finding.
    struct Rule: Hashable, Sendable {
        let country: String, law: String
    }

    let code: Code
    let severity: Severity
    let detail: Saying
    /// The words in question; empty where something is missing.
    let evidence: String
    /// Characters of the body; `nil` where it is not about a place there.
    private(set) var place: Range<Int>?
    let suggestion: Saying
    /// The place in a picture; `nil` where it is not about one.
    var region: PictureWords?
    /// The rules of countries by which it is judged.
    var rules: [Rule] = []
    /// Whether people let it pass.
    var isOverridden = false

    init(
        _ code: Code, _ severity: Severity, _ detail: Saying, evidence: String = "",
        at place: Range<Int>? = nil,
        suggestion: Saying
    ) {
        (self.code, self.severity, self.detail) = (code, severity, detail)
        (self.evidence, self.place, self.suggestion) = (evidence, place, suggestion)
    }

    /// The finding, where its words stand beside the body.
    var besideBody: QualityFinding {
        var finding = self
        finding.place = nil
        return finding
    }

    /// The name of what was found, wherever it stands: the words themselves may be personal.
    var mark: String { String(Hex.encode(SHA256.hash("\(code.rawValue) \(evidence)")).prefix(32)) }

    /// Its sentences are in English, and told in the reader's language by the forms that they have.
    var json: JSON {
        [
            "code": .string(code.rawValue), "severity": .string(severity.rawValue),
            "detail": .string(detail.english), "evidence": JSON(evidence),
            "start": JSON(place?.lowerBound), "end": JSON(place?.upperBound),
            "suggestion": .string(suggestion.english), "overridden": .bool(isOverridden),
            "region": region?.json ?? .null,
            "rules": .array(rules.map { ["country": .string($0.country), "law": .string($0.law)] }),
        ]
    }

    /// The beginnings of the keys of its sentences.
    static let sentences = ["content_check.", "content_advice."]
}
