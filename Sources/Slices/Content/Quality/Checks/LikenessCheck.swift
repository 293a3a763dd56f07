internal import Templates

/// Finds what the agency has said before in nearly the same words.
struct LikenessCheck {
    private(set) var findings: [QualityFinding] = []

    init(_ input: QualityInput, _ text: ScannedText) {
        for likeness in input.likenesses where likeness.place.upperBound <= text.scalars.count {
            let share = Int((likeness.share * 100).rounded())
            findings.append(
                QualityFinding(
                    .tooSimilar, .warning, Saying("content_check.similar", ["share": .number(share)]),
                    evidence: likeness.id, at: likeness.place, suggestion: Saying("content_advice.similar")))
        }
    }
}
