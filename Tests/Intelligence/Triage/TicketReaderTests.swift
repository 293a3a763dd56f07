import Testing

@testable import Intelligence

struct `Triage of messages to support` {
    @Test(arguments: [
        ("We were charged twice, please refund one payment", TicketTriage.Category.billing),
        ("The contact form returns an error 500", .technical), ("I forgot my password", .account),
        ("Please change the headline of the article", .content),
        ("Please raise the daily budget of our Google Ads campaign", .campaign),
        ("I want to complain, nobody has answered for two weeks", .complaint),
        ("It would be nice to have a dark theme", .featureRequest),
        ("What are your opening hours?", .general),
        ("Die Rechnung vom April stimmt nicht", .billing), ("Ich habe mein Passwort vergessen", .account),
    ])
    func `the category is found`(text: String, category: TicketTriage.Category) {
        let triage = TicketReader.standard.read(text)
        #expect(triage.category.value == category, "\(triage.category)")
        #expect(!triage.category.factors.isEmpty)
        #expect((0...1).contains(triage.category.confidence))
    }

    @Test(arguments: [
        "Our site: urgent", "CRITICAL problem", "it is broken", "Emergency!", "ein Notfall",
        "It is critical.",
    ])
    func `four words raise to high at least`(text: String) {
        let urgency = TicketReader.standard.read(subject: text, "Please look.").urgency
        #expect(urgency.value.rawValue <= TicketTriage.Urgency.high.rawValue)
        #expect(urgency.factors.contains { $0.sign == "keyword" })
    }

    @Test func `urgency is told by what is at stake`() {
        func urgency(_ text: String) -> TicketTriage.Urgency {
            TicketReader.standard.read(text).urgency.value
        }
        #expect(urgency("The shop is down, nobody can order") == .urgent)
        #expect(urgency("Somebody hacked our account") == .urgent)
        #expect(urgency("I can't log in since yesterday") == .high)
        #expect(urgency("How do I add a user?") == .normal)
        #expect(urgency("This is not urgent: how do I add a user?").rawValue >= 3)
        #expect(urgency("Great work, thank you!") == .low)
    }

    @Test(arguments: [
        ("How do I add a user?", TicketTriage.Intent.question), ("The page shows an error", .problem),
        ("Please change the logo", .request), ("This is unacceptable, nobody answers us", .complaint),
        ("Great work, we love the campaign", .praise), ("We want to cancel our contract", .cancellation),
        ("Hiermit kündigen wir den Vertrag", .cancellation), ("Bitte das Logo austauschen", .request),
    ])
    func `what is wanted is told`(text: String, intent: TicketTriage.Intent) {
        let found = TicketReader.standard.read(text).intent
        #expect(found.value == intent, "\(found)")
        #expect(!found.factors.isEmpty)
    }

    @Test func `a long matter of many systems is complex, a short question simple`() {
        #expect(TicketReader.standard.read("When are you open?").complexity.value == .simple)
        let long = TicketReader.standard.read(
            """
            After the migration the API returns several errors, the webhook fires twice and the CRM sync stopped. \
            Which DNS records are missing? Who moves the domain? What about the tracking pixel?
            """)
        #expect(long.complexity.value == .complex)
        #expect(long.complexity.factors.count > 2)
    }

    @Test func `what one tenant's people corrected changes that tenant's reader alone`() {
        let text = "The quokka lamp blinks"
        let before = TicketReader.standard.read(text).category
        let correction = TicketCorrection(text: text, category: .billing)
        let own = TicketReader.standard.learning(from: [correction, correction])
        #expect(own.read("Our quokka lamp blinks again").category.value == .billing)
        let after = TicketReader.standard.read(text).category
        #expect(after.value == before.value && after.confidence == before.confidence)
    }

    @Test func `nothing at all is a general question of no certainty`() {
        let triage = TicketReader.standard.read("")
        #expect(triage.category.value == .general && triage.category.confidence <= 0.5)
        #expect(triage.urgency.value == .normal)
    }
}
