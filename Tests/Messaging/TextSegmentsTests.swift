import Messages
import Testing

@Suite struct TextSegmentsTests {
    private func filled(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test func `the alphabet of GSM has 160 characters alone, and 153 in parts`() {
        #expect(TextSegments(of: "").count == 1)
        for (text, units, count) in [
            (filled("x", 160), 160, 1), (filled("x", 161), 161, 2), (filled("x", 306), 306, 2),
            (filled("x", 307), 307, 3), (filled("ä", 160), 160, 1), (filled("€", 80), 160, 1),
            (filled("€", 81), 162, 2),
        ] {
            let segments = TextSegments(of: text)
            #expect(
                segments.alphabet == .gsm && segments.units == units && segments.count == count, "\(text)")
        }
        // The 153rd unit of the first part cannot hold half of a character that takes two.
        #expect(TextSegments(of: filled("x", 152) + filled("€", 77)).units == 306)
        #expect(TextSegments(of: filled("x", 152) + filled("€", 77)).count == 3)
    }

    @Test func `one character beyond it makes 70 and 67 of them; an emoji is two`() {
        for (text, units, count) in [
            ("’", 1, 1), (filled("x", 69) + "’", 70, 1), (filled("x", 70) + "’", 71, 2),
            (filled("я", 134), 134, 2), (filled("я", 135), 135, 3), (filled("😀", 35), 70, 1),
            (filled("😀", 36), 72, 2), (filled("😀", 67), 134, 3),
        ] {
            let segments = TextSegments(of: text)
            #expect(
                segments.alphabet == .ucs2 && segments.units == units && segments.count == count, "\(text)")
        }
    }
}
