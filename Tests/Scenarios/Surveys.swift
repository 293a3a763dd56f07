import Foundation
import JSON
import Testing

/// What people are asked about how it went.
@Suite(.ownThread) struct Surveys {
    let server = BureauProcess.shared

    private func mails(_ box: SandboxCaller) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&topic=survey")
    }

    /// The path of the page that a mail leads to.
    private func page(_ mail: JSON) throws -> String {
        let text = mail.text("text")
        let start = try #require(text.range(of: "/s/"))
        return String(text[start.lowerBound...].prefix { !$0.isWhitespace && !")>]".contains($0) })
    }

    private let browser = ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"]

    @Test func `whoever had a request is asked once it is solved, and answers by a link, once`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "question": "Were you helped?", "asked": "after_ticket"]
        ).ok(201)
        let contact = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@client.example"]).ok(201)
        let ticket = try owner.ticket("Logo", "It is old.", ["contact_id": .string(contact.id)])
        try owner.post("/v1/tickets/\(ticket.id)/resolve", ["resolution": "Done."]).ok()
        try box.advance("PT59M")
        #expect(try mails(box).isEmpty)
        try box.advance("PT1M")
        let mail = try #require(try mails(box).first)
        #expect(mail.text("purpose") == "transactional" && mail.text("contact_id") == contact.id)
        let path = try page(mail)
        let shown = try server.anonymous.get(path, ["Accept": "text/html"])
        #expect(shown.status == 200 && shown.text.contains("Were you helped?"))
        #expect(shown.text.contains("<legend") && shown.text.contains("type=\"radio\""))
        #expect(try owner.every("/v1/survey-responses").isEmpty, "looking changes nothing")
        let empty = try server.anonymous.request("POST", path, raw: Array("comment=x".utf8), headers: browser)
        #expect(empty.status == 422 && empty.text.contains("role=\"alert\""))
        let answer = try server.anonymous.request(
            "POST", path, raw: Array("score=5&comment=Quick+and+kind".utf8), headers: browser)
        #expect(answer.status == 200 && answer.text.contains("Thank you"))
        let second = try server.anonymous.request("POST", path, raw: Array("score=1".utf8), headers: browser)
        #expect(second.status == 200)
        let responses = try owner.every("/v1/survey-responses")
        #expect(responses.map { $0["score"] } == [5] && responses[0].text("comment") == "Quick and kind")
        #expect(responses[0].text("ticket_id") == ticket.id)
        #expect(try owner.get("/v1/surveys/\(survey.id)/results").ok()["responses"] == 1)
        let figures = try owner.get("/v1/ticket-figures").ok()
        #expect(figures["total"]?["satisfaction"]?.double == 5)
        #expect(try server.anonymous.get(path + "x").status == 404)
        // Who was asked lately is left alone.
        let next = try owner.ticket("Text", "It is old.", ["contact_id": .string(contact.id)])
        try owner.post("/v1/tickets/\(next.id)/resolve", ["resolution": "Done."]).ok()
        try box.advance("P1D")
        #expect(try mails(box).count == 1)
    }

    @Test func `all people of clients are asked in turn, and nobody else`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        for number in 1...3 {
            var body: JSONObject = [
                "name": .string("P \(number)"), "email": .string("p\(number)@client.example"),
            ]
            if number < 3 { body["client_id"] = .string(client.id) }
            try owner.post("/v1/contacts", .object(body)).ok(201)
        }
        #expect(
            try owner.post(
                "/v1/surveys", ["name": "n", "kind": "nps", "question": "q", "asked": "regularly"]
            ).faults() == ["/every": "required"])
        try owner.post(
            "/v1/surveys",
            [
                "name": "n", "kind": "nps", "question": "Would you recommend us?", "asked": "regularly",
                "every": "P20D",
            ]
        ).ok(201)
        try box.advance("PT1H")
        #expect(
            try Set(mails(box).map { $0.text("recipient") }) == ["p1@client.example", "p2@client.example"])
        try box.advance("P19D")
        #expect(try mails(box).count == 2)
        try box.advance("P1D")
        #expect(try mails(box).count == 4)
    }
}
