import Testing

@testable import Intelligence

struct `How texts sound` {
    @Test(arguments: [
        "Great work, thank you so much!", "I love the new design", "Not bad at all",
        "The campaign works perfectly",
        "Vielen Dank für die tolle Arbeit", "Merci, c'est parfait !", "Muchas gracias, excelente trabajo",
        "Grazie, ottimo lavoro", "👍👏", "No problems so far, very happy :)",
    ])
    func `praise in several languages is positive`(text: String) {
        let sentiment = Sentiment.read(text)
        #expect(sentiment.tone == .positive, "\(sentiment)")
        #expect(!sentiment.evidence.isEmpty && sentiment.score <= 1)
    }

    @Test(arguments: [
        "This is terrible", "I am not happy with the report", "The worst agency ever", "Waste of money",
        "Ich bin sehr enttäuscht", "Das gefällt mir nicht", "Service lamentable, je suis déçu",
        "Estoy muy decepcionado", "Pessimo servizio", "😡😡", "The form doesn't work",
    ])
    func `blame in several languages is negative`(text: String) {
        let sentiment = Sentiment.read(text)
        #expect(sentiment.tone == .negative, "\(sentiment)")
        #expect(sentiment.score >= -1)
    }

    @Test(arguments: ["", "The meeting is on Tuesday", "Invoice 2031", "Wann ist der Termin am Dienstag?"])
    func `what says neither is neutral`(text: String) {
        #expect(Sentiment.read(text).tone == .neutral)
    }

    @Test func `emphasis strengthens, a but turns, and a negation before a negation does not`() {
        #expect(Sentiment.read("very good").score > Sentiment.read("good").score)
        #expect(Sentiment.read("good!!!").score > Sentiment.read("good").score)
        #expect(Sentiment.read("a GOOD report").score > Sentiment.read("a good report").score)
        #expect(Sentiment.read("The design is good but the support is awful").tone == .negative)
        #expect(Sentiment.read("not good").score < 0)
    }

    @Test func `what people feel is named`() {
        #expect(Sentiment.read("Thank you, I really appreciate it").emotions.contains(.gratitude))
        #expect(Sentiment.read("I am worried about our budget").emotions == [.worry])
        #expect(Sentiment.read("This is outrageous").emotions.contains(.anger))
        #expect(Sentiment.read("Ich mache mir Sorgen um die Kampagne").emotions.contains(.worry))
        #expect(Sentiment.read("The meeting is on Tuesday").emotions.isEmpty)
    }
}
