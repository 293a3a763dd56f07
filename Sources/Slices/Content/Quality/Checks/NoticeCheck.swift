internal import Lexicons
internal import Templates

/// Finds what a country wants a notice beside, such as wine in France, where the notice is missing.
struct NoticeCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText) {
        let notices = Notice.all.filter { input.countries.contains($0.country) }
        guard !notices.isEmpty else { return }
        let language = TextLanguage.of(input)
        for notice in notices where !text.says(notice.text) {
            let subjects = Set(Self.lexicon.words(notice.subject, in: language))
            guard let token = text.tokens.first(where: { $0.kind == .word && subjects.contains($0.text) })
            else { continue }
            var finding = QualityFinding(
                .missingDisclosure, .warning,
                Saying(
                    "content_check.notice",
                    [
                        "words": .text(text.quote(token.range)),
                        "laws": .text("\(notice.country): \(notice.law)"),
                    ]),
                evidence: text.quote(token.range), at: token.range,
                suggestion: Saying("content_advice.disclosure", ["text": .text(notice.text)]))
            finding.rules = [QualityFinding.Rule(country: notice.country, law: notice.law)]
            findings.append(finding)
        }
    }

    private static let lexicon = Lexicon("claims", in: ResourceTable.texts)

    private struct Notice: Sendable {
        let country: String, subject: String, text: String, law: String

        static let all = ResourceTable.rows("data/claim-notices.csv", columns: 4).map {
            Notice(country: $0[0], subject: $0[1], text: $0[2], law: $0[3])
        }
    }
}
