import Testing

@testable import Quality

struct `Damaged letters` {
    @Test(arguments: [
        ("JÃ¼rgen MÃ¼ller", "Jürgen Müller"), ("FranÃ§ois", "François"), ("Itâ€™s here", "It’s here"),
        ("Smith &amp; Sons", "Smith & Sons"), ("Tom &#39;T&#39; Lee", "Tom 'T' Lee"),
    ])
    func `are mended where it can be told what they were`(damaged: String, meant: String) {
        #expect(TextDamage(damaged)?.repaired == meant)
    }

    @Test(arguments: ["Jürgen Müller", "SÃO PAULO", "Âstrøm", "Smith & Sons", "Ægir", "株式会社", "", "AT&T"])
    func `are told from those that belong there`(text: String) {
        #expect(TextDamage(text) == nil)
    }

    @Test func `are told though nobody knows what they were`() {
        let damage = TextDamage("M\u{FFFD}ller")
        #expect(damage != nil && damage?.repaired == nil)
    }
}
