import Foundation
import JSON
import Testing

/// Visitors of a chat are answered from the agency's articles.
@Suite(.ownThread) struct ChatKnowledge {
    let server = BureauProcess.shared

    private func chat() throws -> HandoverChat {
        try HandoverChat(
            server.signUp().sandbox(startAt: "2027-01-05T10:00:00.000Z"), server,
            booking: "https://calendly.com/check/priority-support")
    }

    private func article(_ chat: HandoverChat, _ title: String, _ body: String) throws -> String {
        try chat.box.owner.post(
            "/v1/articles",
            ["title": .string(title), "body": .string(body), "status": "published", "locale": "en"]
        ).ok(201).id
    }

    private func heard(_ chat: HandoverChat, _ text: String, _ visitor: String) throws -> JSON {
        let said = try chat.say(text, visitor: visitor)
        try chat.box.advance("PT0S")
        return try #require(try chat.spoken(said).last, "\(text)")
    }

    @Test func `in doubt two titles are offered, nothing is cited, and whoever asks chooses by its number`()
        throws
    {
        let chat = try chat()
        let card = try article(chat, "Paying an invoice by card", "Choose Card on the invoice's page.")
        let transfer = try article(chat, "Paying an invoice by transfer", "Our account is at its foot.")
        let offer = try heard(chat, "How do I pay an invoice?", "v1")
        #expect(offer.text("text").contains("1. Paying an invoice by"), "\(offer)")
        #expect(offer.text("text").contains("2. Paying an invoice by"))
        #expect(offer["sources"]?.array?.isEmpty != false, "it rests on nothing yet")
        let second = offer.text("text").contains("2. Paying an invoice by card") ? card : transfer
        let answer = try heard(chat, "the second, please", "v1")
        #expect(answer["sources"]?[0].id == second, "\(answer)")
        #expect(answer["sources"]?[0].text("type") == "article")
        _ = try heard(chat, "How do I pay an invoice?", "v2")
        let titled = try heard(chat, "Paying an invoice by card", "v2")
        #expect(titled["sources"]?[0].id == card)
        // A number chooses nothing where nothing was offered.
        let alone = try heard(chat, "2", "v3")
        #expect(alone["sources"]?.array?.isEmpty != false)
    }

    @Test(arguments: [
        ("What is the capital of Mongolia?", "I do not know"),
        ("Wie viele Mitarbeiter hatte Siemens 1994?", "Das weiß ich nicht"),
        ("Quelle est la capitale de la Mongolie ?", "Je ne le sais pas"),
        ("¿Cuál es la capital de Mongolia?", "No lo sé"),
    ])
    func `a question without an article is not answered, and the visitor's language says so`(
        question: String, words: String
    ) throws {
        let chat = try chat()
        _ = try article(chat, "Inviting colleagues", "Under Team, choose Invite, and enter the address.")
        let said = try heard(chat, question, "v1")
        #expect(said.text("text").contains(words), "\(said)")
        #expect(said["sources"]?.array?.isEmpty != false)
    }

    @Test func `questions in other words and other languages find the articles that answer them`() throws {
        let owner = try server.quietAgency().owner
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Intelligence/Answers/Paraphrases/held_out.json")
        let base = try #require(try JSONParser.parse(Array(Data(contentsOf: file)))["bases"]?[0])
        var ids: [String: String] = [:]
        for article in base["articles"]?.array ?? [] {
            ids[article.text("key")] = try owner.post(
                "/v1/articles",
                [
                    "title": article["title"] ?? "", "body": article["body"] ?? "",
                    "locale": article["locale"] ?? .null, "status": "published",
                ]
            ).ok(201).id
        }
        var (asked, right, wrong) = (0, 0, 0)
        for one in base["questions"]?.array ?? [] {
            let best = try owner.post("/v1/articles/answers", ["question": one["question"] ?? ""]).ok().items
                .first { $0["answers"] == true }?["article"]?.id
            let wanted = one["article"]?.text.flatMap { ids[$0] }
            asked += wanted == nil ? 0 : 1
            if let best { if best == wanted { right += 1 } else { wrong += 1 } }
        }
        #expect(asked >= 60 && right * 100 >= asked * 60, "\(right) of \(asked)")
        #expect(wrong * 20 <= right + wrong, "\(wrong) wrong beside \(right)")
    }
}
