import Testing

@testable import Records

@Suite struct TextRuleTests {
    private static let fault = "has characters that override the direction of writing"

    @Test(arguments: [
        "𝕬 \u{202E}evil\u{202C} 🦄", "\u{202D}a\u{202C}", "a\u{202E}b\u{202A}c\u{202C}d\u{202C}e",
        "\u{2067}\u{202E}a\u{2069}b",
    ])
    func `an override that ends within what people write reaches nothing else`(_ text: String) {
        #expect(TextRule.fault(in: text, isProse: true) == nil)
        #expect(TextRule.fault(in: text) == Self.fault, "elsewhere there is none")
        #expect(TextRule.lineFault(in: text) != nil, "nor in what becomes a header or a file's name")
    }

    @Test(arguments: [
        "a\u{202E}b", "\u{202C}a\u{202E}", "\u{202E}a\u{202D}b\u{202C}", "\u{202E}\u{2066}a\u{202C}b\u{2069}",
        "\u{202E}a\u{2069}",
        String(repeating: "\u{202E}", count: 200) + String(repeating: "\u{202C}", count: 200),
    ])
    func `one that does not is refused everywhere`(_ text: String) {
        #expect(TextRule.fault(in: text, isProse: true) == Self.fault)
    }

    @Test func `many of them take no longer than their number`() {
        let text = String(repeating: "\u{202E}a\u{202C}", count: 100_000)
        #expect(TextRule.fault(in: text, isProse: true) == nil)
    }
}
