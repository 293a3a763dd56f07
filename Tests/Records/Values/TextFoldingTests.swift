import Testing

@testable import Records

@Suite struct TextFoldingTests {
    @Test(arguments: [
        ("Müller & Söhne", "muller & sohne"), ("STRAßE", "strasse"), ("Ærø Øst", "aero ost"),
        ("Łukasz", "lukasz"),
        ("Trần Nguyễn", "tran nguyen"), ("İstanbul ılık", "istanbul ilik"), ("Ελλάδα", "ελλαδα"),
        ("Ёлкин", "елкин"),
        ("u\u{308}ber", "uber"), ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"), ("ﬁne", "fine"), ("O’Brien", "o'brien"),
        ("株式会社", "株式会社"),
        ("plain", "plain"), ("", ""), ("Ǆ", "dz"), ("Đặng", "dang"), ("ẞ", "ss"),
        ("a\u{AD}b\u{200B}c", "abc"),
    ])
    func `accents and capitals go`(_ text: String, _ folded: String) {
        #expect(TextFolding.fold(text) == folded)
        #expect(TextFolding.fold(folded) == folded)
    }

    @Test func `words are letters and digits`() {
        #expect(
            TextFolding.searchTokens("O'Brien-Smith, GmbH & Co. KG (2nd)") == [
                "obrien", "smith", "gmbh", "co", "kg", "2nd",
            ])
        #expect(TextFolding.searchTokens(" …—! ").isEmpty)
        #expect(TextFolding.searchTokens("東京 大学") == ["東京", "大学"])
    }
}
