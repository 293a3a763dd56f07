import Testing

@testable import Intelligence

@Suite struct AnswerFinderTests {
    private let texts = [
        AnswerFinder.Text(
            id: "logo", title: "Changing your logo",
            body: "Open Settings, then Branding, and upload the picture. It may be PNG or SVG."),
        AnswerFinder.Text(
            id: "offer", title: "What we offer",
            body: "We offer search engine optimisation, advertising and content."),
        AnswerFinder.Text(
            id: "invoices", title: "Rechnungen und Zahlung",
            body: """
                Rechnungen kommen am ersten Tag des Monats. Sie sind in vierzehn Tagen zu bezahlen.

                Wer mit Karte zahlt, findet im Portal unter Rechnungen den Knopf dafür. Bei Fragen zur Rechnung hilft \
                die Buchhaltung. Sie antwortet am selben Tag. Mahnungen kosten nichts.
                """),
        AnswerFinder.Text(
            id: "cancel", title: "Ending a contract",
            body: "A contract can be cancelled with thirty days' notice to the end of a month."),
    ]

    @Test(arguments: [
        ("How do I change my logo?", "logo", "Branding"), ("can the logo be changed", "logo", "Branding"),
        ("What do you offer?", "offer", "optimisation"),
        ("Where do I upload a picture?", "logo", "upload"),
        ("I want to cancel the contract", "cancel", "thirty days"),
        ("Wie bezahle ich die Rechnung mit Karte?", "invoices", "Knopf"),
        ("Do you do advertising and content?", "offer", "advertising"),
    ])
    func `what is written down is found, however it is asked`(
        question: String, id: String, part: String
    ) throws {
        let answer = try #require(AnswerFinder().answer(to: question, from: texts), "\(question)")
        #expect(answer.text.id == id && answer.passage.contains(part), "\(answer)")
        #expect(answer.confidence >= AnswerFinder.confidenceMin && !answer.matched.isEmpty)
    }

    @Test(arguments: [
        "What was the revenue of my company in 1994?", "Who won the world cup?", "Hello", "",
        "Is there parking at your office for lorries?", "Why?",
        "What is the contract volume of Acme in Spain?",
    ])
    func `nothing is guessed`(question: String) {
        #expect(AnswerFinder().answer(to: question, from: texts) == nil)
    }

    @Test func `of a long text the sentences around the point are quoted, and no more`() throws {
        let filler = (0..<60).map { "Sentence number \($0) is about nothing in particular." }
        let body =
            (filler[..<30] + ["The warranty lasts two years. It begins with the delivery."] + filler[30...])
            .joined(separator: " ")
        let answer = try #require(
            AnswerFinder().answer(
                to: "How long does the warranty last?", from: [.init(id: "w", title: "Terms", body: body)]))
        #expect(answer.passage.hasPrefix("The warranty lasts two years.") && answer.passage.count < 700)
    }

    @Test func `without any texts there is no answer`() {
        #expect(AnswerFinder().answer(to: "What do you offer?", from: []) == nil)
    }
}

@Suite struct SmallTalkTests {
    @Test(arguments: [
        ("Hello", SmallTalk.greeting), ("hi there!", .greeting), ("Guten Morgen", .greeting),
        ("Thanks", .thanks),
        ("Thank you very much!", .thanks), ("vielen Dank", .thanks), ("Hi, thanks!", .thanks),
        ("ok", .acknowledgement),
        ("Great, thank you", .thanks), ("Tschüss", .farewell), ("Bye, and thanks for your help", .farewell),
    ])
    func `politeness is known as such`(text: String, kind: SmallTalk) {
        #expect(SmallTalk(text) == kind, "\(text)")
    }

    @Test(arguments: [
        "Hello, how do I change my logo?", "Thanks, but it is still broken", "Are you there?", "", "12",
        "ok 5 pm",
        "I want a human", "great idea to raise prices without telling me",
    ])
    func `whoever wants something is not put off with politeness`(text: String) {
        #expect(SmallTalk(text) == nil, "\(text)")
    }
}
