import Foundation
import JSON
import Testing

/// People are asked how it went.
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
        let segments = try owner.get("/v1/satisfaction").ok()["indirect"]?["by_tier"]
        #expect(segments?[0]["invitations"] == 1 && segments?[0]["invitations_answered"] == 1)
        #expect(try server.anonymous.get(path + "x").status == 404)
        // A contact who was asked lately is left alone.
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

    @Test func `what a client's people answer is how content the client is, everywhere it is asked for`()
        throws
    {
        let owner = try server.quietAgency().owner
        let client = try owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let other = try owner.post("/v1/clients", ["name": "Other"]).ok(201)
        func survey(_ kind: String) throws -> JSON {
            try owner.post(
                "/v1/surveys", ["name": "s", "kind": .string(kind), "question": "How is it?"]
            ).ok(201)
        }
        func answer(_ survey: JSON, _ score: Int) throws -> JSON {
            try owner.post(
                "/v1/survey-responses",
                [
                    "survey_id": .string(survey.id), "client_id": .string(client.id), "score": JSON(score),
                ]
            ).ok(201)
        }
        func satisfaction() throws -> JSON? {
            try owner.get("/v1/clients/\(client.id)").ok()["satisfaction"]
        }
        #expect(try satisfaction() == .null)
        let (csat, nps) = (try survey("csat"), try survey("nps"))
        _ = try answer(csat, 5)
        #expect(try satisfaction()?.double == 10)
        let bad = try answer(csat, 1)
        #expect(try satisfaction()?.double == 5)
        _ = try answer(nps, 8)
        #expect(try satisfaction()?.double == 6)
        let shown = try owner.get("/v1/dashboard/clients").ok()
        let row = (shown["clients"]?.array ?? []).first { $0.id == client.id }
        #expect(row?["satisfaction"]?.double == 6)
        let profile = try owner.get("/v1/clients/\(client.id)/profile").ok()
        #expect(profile.serialized.contains("\"satisfaction\":6"))
        #expect(try owner.get("/v1/clients/\(other.id)").ok()["satisfaction"] == .null, "nobody else's")
        // An answer that was taken back counts no more, nor does one behind the last twenty.
        try owner.delete("/v1/survey-responses/\(bad.id)").ok(204)
        #expect(try satisfaction()?.double == 9)
        for _ in 0..<20 { _ = try answer(nps, 4) }
        #expect(try satisfaction()?.double == 4)
    }

    @Test func `an answer goes to the agency whose link it is, and to no other`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let survey = try owner.post(
            "/v1/surveys", ["name": "Help", "question": "Were you helped?", "asked": "after_ticket"]
        ).ok(201)
        let box = try agency.sandbox(), stranger = try server.quietAgency().owner
        try box.quieten()
        try box.owner.solveForSurvey()
        try box.advance("PT1H")
        let path = try page(try #require(try mails(box).first))
        // The link says whose it is: it writes there and nowhere else, whatever else is asked.
        try server.anonymous.request("POST", path, raw: Array("score=4".utf8), headers: browser).ok()
        for caller in [owner, stranger] {
            #expect(try caller.every("/v1/survey-responses").isEmpty)
            try caller.get("/v1/survey-responses?survey_id=\(survey.id)").ok()
        }
        #expect(try box.owner.every("/v1/survey-responses").count == 1)
        let answered = try #require(try box.owner.every("/v1/survey-responses").first)
        try stranger.get("/v1/survey-responses/\(answered.id)").problem(404, "not_found")
        try stranger.get("/v1/surveys/\(survey.id)/results").problem(404, "not_found")
        // Another link's letters make no link.
        var letters = Array(path)
        letters[letters.count - 5] = letters[letters.count - 5] == "A" ? "B" : "A"
        #expect(try server.anonymous.get(String(letters), ["Accept": "text/html"]).status == 404)
    }
}
