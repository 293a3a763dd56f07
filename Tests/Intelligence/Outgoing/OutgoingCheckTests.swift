import Testing

@testable import Intelligence

struct `What looks wrong before it leaves` {
    private func kinds(_ text: String, to name: String? = "Jane Doe", _ language: String? = "en") -> [String]
    {
        OutgoingCheck.findings(in: text, to: name, language: language).map(\.kind.rawValue)
    }

    @Test(arguments: [
        "Hello Jane, the logo is changed. You find it under [Settings](https://agency.example/s).",
        "Dear Ms Doe, thank you for waiting.", "Hi there, we have looked into it.", "Hi team, it is done.",
        "Hello,\nthe page is up again.", "The invoice [2031] is right.", "It costs < 5 and > 3 EUR.",
    ])
    func `a good answer has nothing against it`(text: String) { #expect(kinds(text).isEmpty) }

    @Test(arguments: [
        ("", "empty"), (" … ", "empty"), ("Hello {{ name }}", "placeholder"),
        ("Hello [First Name],", "placeholder"),
        ("Hello <name>, it is done", "placeholder"), ("The price is %s.", "placeholder"),
        ("Lorem ipsum dolor", "placeholder"), ("Hi null, it is done", "placeholder"),
        ("It is <b>done</b>", "formatting"), ("It is **done", "formatting"),
        ("Dear Peter, it is done.", "wrong_name"),
        ("Hi Jane, we guarantee success.", "promise"), ("Wir garantieren Ihnen Erfolg.", "promise"),
        ("I will refund the sum.", "promise"), ("That is your own fault.", "tone"),
        ("PLEASE READ THE MANUAL FIRST NOW", "tone"),
    ])
    func `each fault is named`(text: String, kind: String) {
        #expect(kinds(text).contains(kind), "\(kinds(text))")
    }

    @Test func `another language than the reader's is noticed, where it is sure`() {
        let german = "Guten Tag, bitte öffnen Sie die Einstellungen und laden Sie dort das neue Bild hoch."
        #expect(kinds(german).contains("language") && !kinds(german, "de").contains("language"))
        #expect(!kinds("Guten Tag").contains("language"))
        #expect(!kinds(german, nil).contains("language"))
    }
}
