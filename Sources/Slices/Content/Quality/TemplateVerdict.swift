internal import Agents
internal import JSON
internal import Messages
internal import Templates

/// The judgement of a template: what has to be mended before it goes out again, by which law, and how often what it
/// says of its readers was known. Always the same for the same input.
struct TemplateVerdict: Sendable {
    static let model: JSON = ["name": "template_review", "version": "1"]

    /// The number of times that each code was found, with its text.
    private let counts: JSONObject
    private let spam: Double
    private let people: Int
    let places: Int, filled: Int
    private(set) var details: [(code: String, detail: Saying)] = []

    init(_ template: MessageTemplate, _ review: TemplateReview) {
        (spam, people, places, filled) = (review.spam, review.people, review.places, review.filled)
        let personal = [template.subject ?? "", template.body]
            .flatMap { PersonalCheck(ScannedText($0)).findings }.filter { $0.severity != .note }
        details =
            review.warnings.map { ($0.code.rawValue, $0.detail) }
            + personal.map { ($0.code.rawValue, $0.detail) }
        var counts: JSONObject = [:]
        for (code, _) in details { counts[code] = .integer((counts[code]?.int ?? 0) + 1) }
        self.counts = counts
        if isSpam { details.append((Self.spamCode, Saying("template_review.spam"))) }
        if isSeldomPersonal {
            details.append(
                (
                    Self.personalCode,
                    Saying("template_review.seldom_personal", ["percent": .number(filled * 100 / places)])
                ))
        }
    }

    init?(inputs: JSON) {
        guard let counts = inputs["codes"]?.object, let people = inputs["people"]?.int,
            let places = inputs["places"]?.int, let filled = inputs["filled"]?.int
        else { return nil }
        (self.counts, spam) = (counts, inputs["spam"]?.double ?? 0)
        (self.people, self.places, self.filled) = (Int(people), Int(places), Int(filled))
    }

    private static let spamCode = "spam", personalCode = "seldom_personal"
    private static let spamMin = 5.0
    /// Fewer people say little; where half of the places are empty, the text is hardly for its reader.
    private static let peopleMin = 10, shareMin = 0.5

    /// Warnings of what nobody should be sent, and of what deceives.
    private static let failing: Set<String> = Set(
        ([.missingFallback, .foreignPlaceholder, .brokenLink, .misleadingLink, .falseReply]
            as [TemplateWarning.Code]).map(\.rawValue) + [QualityFinding.Code.personalData.rawValue])

    /// The law that a finding offends.
    private static let laws = [
        TemplateWarning.Code.falseReply.rawValue: "CAN-SPAM Act, 15 U.S.C. § 7704(a)(2)",
        QualityFinding.Code.personalData.rawValue: "GDPR, Art. 5(1)(c)",
    ]

    private var isSpam: Bool { spam >= Self.spamMin }
    private var isSeldomPersonal: Bool {
        people >= Self.peopleMin && places > 0 && Double(filled) < Self.shareMin * Double(places)
    }

    /// The codes that fail it, in the order of their names.
    var failures: [String] {
        counts.members.map(\.0).filter(Self.failing.contains).sorted() + (isSpam ? [Self.spamCode] : [])
            + (isSeldomPersonal ? [Self.personalCode] : [])
    }

    /// The first thing to mend, in words.
    var first: Saying? { failures.first.flatMap { code in details.first { $0.code == code }?.detail } }

    var outcome: JSON {
        [
            "passed": .bool(failures.isEmpty), "failures": JSON(failures),
            "laws": JSON(failures.compactMap { Self.laws[$0] }), "spam": .number(spam),
            "people": JSON(people), "places": JSON(places), "filled": JSON(filled),
        ]
    }

    var conclusion: Conclusion {
        let failures = Set(failures)
        var told: Set<String> = []
        let factors = details.filter { told.insert($0.code).inserted }.map { code, detail -> JSON in
            let factor: JSON = [
                "name": .string(code), "value": counts[code] ?? 1, "weight": 1,
                "contribution": failures.contains(code) ? -1 : 0, "law": JSON(Self.laws[code]),
            ]
            return factor.saying("evidence", detail)
        }
        return Conclusion(
            outcome: outcome, confidence: 1, factors: .array(factors), model: Self.model,
            inputs: [
                "codes": .object(counts), "spam": .number(spam), "people": JSON(people),
                "places": JSON(places), "filled": JSON(filled),
            ])
    }
}
