import Testing

@testable import Posts

/// The words by which films on YouTube are found, within its limits.
@Suite struct FilmWordsTests {
    private let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}"

    private func roses(_ count: Int) -> String {
        Array(repeating: "rose", count: count).joined(separator: " ")
    }

    @Test func `a title is the first line, a hundred characters long at most, and no word is cut`() {
        #expect(FilmWords.title(of: "Roses <in> spring\nWe cut them.") == "Roses in spring")
        let full = roses(20) + "s"
        #expect(full.utf16.count == 100 && FilmWords.title(of: full) == full)
        #expect(FilmWords.title(of: roses(21)) == roses(20) + "…")
        #expect(FilmWords.title(of: roses(21)).utf16.count == 100)
        // A single word is cut, between characters, each of which may be many units.
        #expect(FilmWords.title(of: String(repeating: "x", count: 150)) == String(repeating: "x", count: 100))
        let crowd = FilmWords.title(of: String(repeating: family, count: 60))
        #expect(crowd == String(repeating: family, count: 100 / family.utf16.count))
    }

    @Test func `tags are title and hashtags as words, each once, five hundred characters in all`() {
        let hashtags = ["#RoseCare", "#Garden", "#garden", "#GardenCare"]
        #expect(FilmWords.tags(title: "Rose care", hashtags) == ["Rose care", "Garden", "Garden Care"])
        #expect(FilmWords.tags(title: "Roses, \"red\"", []) == ["Roses red"])
        #expect(FilmWords.tags(title: roses(13), ["#Garden"]) == ["Garden"], "a tag has sixty at most")
        let many = (10..<30).map { "#" + String(repeating: "a", count: 47) + "\($0)" }
        let kept = FilmWords.tags(title: "", many)
        #expect(kept.count == 10 && kept.joined(separator: ",").utf16.count == 499)
        // YouTube puts what has a space between marks, and counts these: ten of 49 would be 519.
        let spaced = (10..<30).map { "#" + String(repeating: "a", count: 44) + "Bc\($0)" }
        #expect(FilmWords.tags(title: "", spaced).count == 9)
    }

    @Test func `chapters begin at nought, are three at least, and ten seconds apart to the end`() {
        func chapters(_ body: String, _ seconds: Double? = 4000) -> [String] {
            FilmChapters(in: body, seconds: seconds).lines
        }
        let whole = FilmChapters(in: "Welcome.\n0:00 Tools\n1:30 - A cut\n1:02:05 Water", seconds: 4000)
        #expect(whole.lines == ["0:00 Tools", "1:30 A cut", "1:02:05 Water"] && whole.rest == "Welcome.")
        #expect(chapters("0:00 A\n0:10 B\n0:20 C", 30).count == 3)
        for (body, seconds) in [
            ("0:00 A\n0:10 B\n0:20 C", 29), ("0:00 A\n0:09 B\n0:30 C", 4000), ("0:00 A\n0:10 B", 4000),
            ("0:01 A\n0:20 B\n0:40 C", 4000), ("0:00 A\n1:00 B\n0:30 C", 4000),
            ("0:00 A\n0:75 B\n1:40 C", 4000),
        ] {
            let none = FilmChapters(in: body, seconds: Double(seconds))
            #expect(none.lines.isEmpty && none.rest == body, "\(body)")
        }
    }

    @Test func `a description says the title once, and whole paragraphs give way to the chapters`() {
        let words = FilmWords.description("Rose care\n\nWe cut.", under: "Rose care", [])
        #expect(words == "We cut.")
        // Two thousand bytes each; YouTube takes five thousand.
        let long = String(repeating: "ä", count: 1000), text = [long, long, long].joined(separator: "\n\n")
        let kept = FilmWords.description(text, under: "", ["0:00 Tools"])
        #expect(kept == "\(long)\n\n\(long)\n\n0:00 Tools" && kept.utf8.count <= 5000)
    }
}
