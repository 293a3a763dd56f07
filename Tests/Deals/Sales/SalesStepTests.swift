import JSON
import Messages
import People
import Records
import Telemetry
import Templates
import Testing
import Wording

@testable import Deals

private let today = CivilDate(year: 2027, month: 1, day: 5)

private func read(_ text: String, currency: String = "USD") -> ReplyReading {
    ReplyReading(text, currency: currency, on: today)
}

@Suite struct ReplyReadingTests {
    @Test(
        arguments: [
            ("Our budget is $4,000 a month.", 400_000), ("Our budget is 60,000 dollars per year.", 500_000),
            ("We have a budget of $9,000 per quarter.", 300_000), ("Our budget: $1,200 per week.", 520_000),
            ("Our budget is $3,000 to $5,000 a month.", 500_000),
        ] as [(String, Int64)])
    func `a budget is brought to a month`(text: String, cents: Int64) {
        #expect(read(text).budget == Money(amount: cents, currency: "USD"))
    }

    @Test(arguments: [
        "Our budget is 4.000 € im Monat.", "We pay $80 an hour at most, that is our budget.",
        "We are 40 people with 3 offices.", "",
    ])
    func `what is no month's amount in the agency's currency is no budget`(text: String) {
        #expect(read(text).budget == nil)
    }

    @Test(arguments: [
        "How much is it?", "Was kostet das?", "What are your rates?", "C'est combien ?", "¿Cuánto cuesta?",
        "WAS SIND DIE PREISE",
    ])
    func `who asks for a price is heard, in several languages`(text: String) {
        #expect(read(text).asksForPrice)
    }

    @Test(arguments: ["We are priceless.", "Costa Rica is where we are.", "Do you do films?"])
    func `words that only begin like it ask for no price`(text: String) { #expect(!read(text).asksForPrice) }

    @Test func `who decides, and by when, is read`() {
        let reading = read("I am the owner and decide this myself. We want to start next month.")
        #expect(reading.authority == true && reading.timelineDays != nil)
        #expect(read("I have to ask my boss first.").authority == false)
        #expect(read("Hello.").authority == nil && read("Hello.").timelineDays == nil)
    }

    @Test func `needs keep their words, each kind once`() throws {
        let needs = read("We need more leads, and our SEO is bad. We need leads!").needs
        #expect(needs.count == Set(needs.map(\.text)).count && needs.count >= 2)
        let text = "We need more leads, and our SEO is bad. We need leads!"
        #expect(needs.allSatisfy { need in need.quote.map(text.contains) ?? false })
    }

    @Test func `somebody else is named with an address, or not at all`() {
        let named = read("I am not the right person. Please contact Paula Roe, paula@customer.example.")
            .referral
        #expect(named?.address == "paula@customer.example")
        #expect(read("I am not the right person, ask my colleague.").referral == nil)
    }
}

@Suite struct SalesStepTests {
    private func next(
        _ replyClass: Message.Class, _ text: String = "", open: [OpenQuestion] = [], asked: Int = 0,
        proposal: Bool = false
    ) -> SalesStep {
        .next(after: replyClass, read(text), open: open, asked: asked, hasOpenProposal: proposal)
    }

    @Test(
        arguments: [
            (.unsubscribe, "lose"), (.notInterested, "lose"), (.notNow, "wait"), (.outOfOffice, "nothing"),
            (.bounce, "nothing"), (.other, "hand_over"), (.interested, "propose"), (.question, "hand_over"),
            (.objection, "answer_objection"), (.referral, "hand_over"),
        ] as [(Message.Class, String)])
    func `each meaning has its step`(replyClass: Message.Class, name: String) {
        let step = next(replyClass)
        #expect(step.name == name && !step.said.english.isEmpty)
    }

    @Test func `what is open is asked twice, and then offered for`() throws {
        guard case .ask(let questions) = next(.interested, open: [.budget, .authority], asked: 1) else {
            Issue.record("It is asked.")
            return
        }
        #expect(questions == [.budget, .authority])
        #expect(next(.interested, open: [.budget], asked: 2).name == "propose")
    }

    @Test func `while an offer is open a person talks`() {
        #expect(next(.interested, proposal: true).name == "hand_over")
        #expect(next(.question, "What does it cost?", proposal: true).name == "hand_over")
        #expect(next(.question, "What does it cost?").name == "answer_price")
    }

    @Test func `an objection is answered by its kind, or in general`() {
        guard case .answerObjection(let kind) = next(.objection, "Sorry, that is too expensive for us."),
            case .answerObjection(let other) = next(.objection, "Hm.")
        else {
            Issue.record("It is answered.")
            return
        }
        #expect(kind == .price && other == .other)
    }

    @Test func `somebody with an address is written to`() {
        let text = "I am not the right person. Please contact Paula Roe, paula@customer.example."
        #expect(next(.referral, text).name == "refer")
    }

    @Test func `what is left to a person offers nothing, adds nobody and ends no sale`() {
        let text = "I am not the right person. Please contact Paula Roe, paula@customer.example."
        for replyClass in Message.Class.allCases {
            for open in [[], OpenQuestion.allCases] {
                let step = next(replyClass, text, open: open),
                    left = step.leftToPerson(because: .model)
                let stays = ["ask", "answer_price", "answer_objection", "hand_over", "nothing"]
                #expect(stays.contains(left.name))
                #expect(stays.contains(step.name) ? left.name == step.name : left.name == "hand_over")
            }
        }
    }

    @Test func `each open question is put in the language of who is asked`() {
        let words = OpenQuestion.allCases.flatMap { question in
            ["de-AT", "en", "fr", "es-MX", "ja"].map { question.asked(Wording($0)) }
        }
        // A prospect with another language is asked in English.
        #expect(Set(words).count == 12 && words.allSatisfy { $0.hasSuffix("?") })
    }

    @Test func `what a model has read, orders, or nobody is sure of, wants a person`() {
        var message = Message()
        (message.confidence, message.evidence) = (0.75, ["suspicious": false])
        #expect(message.caution == nil)
        message.confidence = 0.74
        #expect(message.caution == .unsure)
        message.confidence = nil
        #expect(message.caution == .unsure)
        (message.confidence, message.evidence) = (1, ["suspicious": true])
        #expect(message.caution == .orders)
        message.evidence = ["suspicious": false, "reader": ["name": "mini"]]
        #expect(message.caution == .model)
    }

    @Test(
        arguments: [
            ("paula@customer.example", true), ("paula@Customer.example", true), ("x@evil.example", false),
            ("x@customer.example.evil.example", false), ("x@sub.customer.example", false),
            ("paula@gmail.com", false),
        ] as [(String, Bool)])
    func `a colleague is at the same firm`(address: String, isColleague: Bool) {
        var contact = Contact()
        contact.email = "jane@customer.example"
        let reading = read("I am not the right person. Please contact Paula Roe, \(address).")
        #expect(reading.namesColleague(of: contact) == isColleague)
        contact.email = "jane@gmail.com"
        #expect(!reading.namesColleague(of: contact))
    }
}
