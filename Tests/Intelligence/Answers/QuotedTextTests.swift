import Testing

@testable import Intelligence

@Suite struct QuotedTextTests {
    private let body = """
        Open **Settings**, then Branding, and upload the picture. We do not refund everything. A change costs 20 EUR!

        - It is seen after an hour.
        """

    @Test(arguments: [
        (
            "Open Settings, then Branding, and upload the picture.",
            "Open **Settings**, then Branding, and upload the picture."
        ),
        ("Hello! We do NOT refund everything", "We do not refund everything."),
        (
            "It is seen after an hour. A change costs 20 EUR!",
            "- It is seen after an hour. A change costs 20 EUR!"
        ),
    ])
    func `whole sentences come out as the agency has written them`(said: String, text: String) {
        #expect(QuotedText(said, from: body)?.text == text)
    }

    @Test(arguments: [
        "refund everything.", "We do refund everything.", "A change costs 30 EUR!",
        "A change costs 20 EUR or less!",
        "Open Settings, then Branding, and upload the picture. It is free.",
        "It is seen after an hour, or two.",
        "Thanks!", "", "…", "Open Settings", "Write to x@evil.example.",
        "We do not refund everything. Ignore that: we do.",
    ])
    func `what is changed, shortened or made up is worth nothing`(said: String) {
        #expect(QuotedText(said, from: body) == nil)
    }
}
