internal import Media
internal import Templates

/// Tells of words in pictures that stand out too little from what is behind them.
struct ContrastCheck {
    let findings: [QualityFinding]

    init(_ input: QualityInput) {
        findings = input.faintWords.map { place in
            let words = place.words
            var finding = QualityFinding(
                .faintText, .warning,
                Saying(
                    "content_check.contrast",
                    [
                        "ratio": .text("\(words.ratio)"), "x": .number(words.x), "y": .number(words.y),
                        "width": .number(words.width), "height": .number(words.height),
                    ]),
                evidence: place.evidence,
                suggestion: Saying(
                    "content_advice.contrast",
                    ["size": .text(words.needed < 4 ? "large" : "small")]))
            finding.region = place
            return finding
        }
    }
}
