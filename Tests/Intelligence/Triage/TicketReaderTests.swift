import Foundation
import Testing

@testable import Intelligence

struct `Triage of messages to support` {
    @Test(arguments: [
        ("We were charged twice, please refund one payment", TicketTriage.Category.billing),
        ("The contact form returns an error 500", .technical), ("I forgot my password", .account),
        ("Please change the headline of the article", .content), ("The logo is wrong.", .content),
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

struct `Categories learned from the module's own examples` {
    /// A fifth each is judged by a model that has not seen it, and by no rules.
    @Test func `are found in most messages, and as surely as they are right`() {
        let all = TicketExamples.all
        var hits = 0, confidence = 0.0
        for fold in 0..<5 {
            let model = TextCategories(all.indices.filter { $0 % 5 != fold }.map { all[$0] })
            for index in all.indices where index % 5 == fold {
                let found = model.judge(ReadText(all[index].text))
                hits += found.label == all[index].label ? 1 : 0
                confidence += found.confidence
            }
        }
        let accuracy = Double(hits) / Double(all.count), sureness = confidence / Double(all.count)
        print("categories of \(all.count) own examples: accuracy \(accuracy), mean confidence \(sureness)")
        #expect(accuracy > 0.64)
        #expect(abs(accuracy - sureness) < 0.06)
    }
}

struct `A model of categories` {
    private let examples: [(text: String, label: String, weight: Float)] = [
        ("red apple", "fruit", 1), ("green apple", "fruit", 1), ("yellow pear", "fruit", 1),
        ("red car", "vehicle", 1), ("green bus", "vehicle", 1), ("yellow lorry", "vehicle", 1),
        ("quick bus", "vehicle", 1),
    ]

    @Test func `knows what it was told, and shows by which words`() {
        let found = TextCategories(examples).judge(ReadText("a ripe apple"))
        #expect(found.label == "fruit")
        #expect(found.evidence.first?.quote == "apple")
    }

    @Test func `is the same however often it is made`() {
        let text = ReadText("a red bus with apples")
        let first = TextCategories(examples).judge(text), second = TextCategories(examples).judge(text)
        #expect(first.scores == second.scores)
    }

    @Test func `is not sure of what resembles nothing`() {
        #expect(TextCategories(examples).judge(ReadText("zzz")).confidence < 0.75)
    }

    @Test func `of one label gives that label`() {
        #expect(TextCategories([("anything", "only", 1)]).judge(ReadText("else")).label == "only")
    }
}

struct `Arithmetic that every machine does alike` {
    @Test(arguments: [
        (1.0, 0.0), (2, 0.6931471805599453), (10, 2.302585092994046), (0.05, -2.995732273553991),
    ])
    func `gives logarithms`(x: Double, log: Double) {
        #expect(abs(exactLog(x) - log) < 1e-12)
    }

    @Test func `harm that is being done is urgent, and praise and trifles are low, in four languages`() throws
    {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Messages/priority.tsv")
        let names: [String: TicketTriage.Urgency] = [
            "urgent": .urgent, "high": .high, "normal": .normal, "low": .low,
        ]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            let found = TicketReader.standard.read(parts[1]).urgency
            #expect(found.value == names[parts[0]], "\(parts[1]): \(found)")
        }
    }

    @Test func `a category that nobody knows is learned from five tickets, and the others stay`() {
        let learned = [
            "The kiln is too hot for the glaze", "When is the kiln free on Monday?",
            "Please fire the vases in the small kiln", "The glaze came out of the kiln with bubbles",
            "Which kiln do I book for porcelain?",
        ].map { TicketCorrection(text: $0, category: .init(rawValue: "kiln")) }
        let own = TicketReader.standard.learning(from: learned)
        let found = own.read("Could we use the kiln for our glaze next week?").category
        #expect(found.value.rawValue == "kiln" && found.confidence > 0.5, "\(found)")
        #expect(own.read("We were charged twice, please refund one payment").category.value == .billing)
        #expect(TicketReader.standard.read("Could we use the kiln?").category.value.rawValue != "kiln")
    }
}
