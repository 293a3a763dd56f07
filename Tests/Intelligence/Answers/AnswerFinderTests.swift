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
        let answer = try #require(AnswerFinder(of: texts).answers(to: question).first, "\(question)")
        #expect(answer.text.id == id && answer.passage.contains(part), "\(answer)")
        #expect(answer.confidence >= AnswerFinder.confidenceMin && !answer.matched.isEmpty)
    }

    @Test(arguments: [
        "What was the revenue of my company in 1994?", "Who won the world cup?", "Hello", "",
        "Is there parking at your office for lorries?", "Why?",
        "What is the contract volume of Acme in Spain?",
    ])
    func `nothing is guessed`(question: String) {
        let best = AnswerFinder(of: texts).answers(to: question).first
        #expect((best?.confidence ?? 0) < AnswerFinder.confidenceMin, "\(String(describing: best))")
    }

    @Test func `of a long text the sentences around the point are quoted, and no more`() throws {
        let filler = (0..<60).map { "Sentence number \($0) is about nothing in particular." }
        let body =
            (filler[..<30] + ["The warranty lasts two years. It begins with the delivery."] + filler[30...])
            .joined(separator: " ")
        let answer = try #require(
            AnswerFinder(of: [.init(id: "w", title: "Terms", body: body)])
                .answers(to: "How long does the warranty last?").first)
        #expect(answer.passage.hasPrefix("The warranty lasts two years.") && answer.passage.count < 700)
    }

    @Test func `without any texts there is no answer`() {
        #expect(AnswerFinder(of: []).answers(to: "What do you offer?").isEmpty)
    }

    @Test func `words of another language, slips of the pen and other wordings find the same text`() throws {
        let finder = AnswerFinder(of: texts)
        for question in [
            "¿Cómo cambio el logotipo?", "Comment changer le logo ?", "how do i chnage my loggo",
        ] {
            #expect(finder.answers(to: question).first?.text.id == "logo", "\(question)")
        }
        let odd = "Can the fox on the van be repainted?"
        #expect((finder.answers(to: odd).first?.confidence ?? 0) < AnswerFinder.confidenceMin)
        var told = texts
        told[0].wordings = ["Could the fox on our van be painted anew?"]
        let best = try #require(AnswerFinder(of: told).answers(to: odd).first)
        #expect(best.text.id == "logo" && best.confidence >= AnswerFinder.confidenceMin, "\(best)")
    }

    @Test func `an index that reuses texts gives the same answers as a new one`() {
        var changed = texts
        changed[1] = AnswerFinder.Text(id: "offer", title: "What we offer", body: "We make films.")
        changed[1].revision = 2
        let reused = AnswerFinder(of: changed, reusing: AnswerFinder(of: texts))
        for question in ["Do you make films?", "I want to cancel the contract", "Wie bezahle ich mit Karte?"]
        {
            let (old, new) = (reused.answers(to: question), AnswerFinder(of: changed).answers(to: question))
            #expect(
                old.map(\.text.id) == new.map(\.text.id) && old.map(\.confidence) == new.map(\.confidence))
        }
    }

    @Test func `where two texts fit equally well, neither is the answer`() throws {
        let twins = [
            AnswerFinder.Text(id: "a", title: "Paying an invoice by card", body: "Choose Card on its page."),
            AnswerFinder.Text(id: "b", title: "Paying an invoice by transfer", body: "Our account is below."),
        ]
        let found = AnswerFinder(of: twins).answers(to: "How do I pay an invoice?")
        #expect(Set(found.map(\.text.id)) == ["a", "b"])
        #expect(
            found[0].confidence < AnswerFinder.confidenceMin && found[0].confidence >= AnswerFinder.doubtMin)
        #expect(
            AnswerFinder(of: twins).answers(to: "How do I pay an invoice by transfer?").first?.text.id == "b")
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
