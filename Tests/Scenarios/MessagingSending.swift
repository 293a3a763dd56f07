import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// Messages on their way out, over HTTP and a real SMTP conversation.
@Suite(.ownThread) struct MessagingSending {
    let server = BureauProcess.shared

    private func mailing(
        _ settings: JSONObject = [:], _ change: (inout SMTPStandIn.Settings) -> Void = { _ in }
    ) throws -> (Agency, SMTPStandIn) {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn(change))
        try agency.readyToMail(settings)
        try agency.connect("smtp", sink.url)
        return (agency, sink)
    }

    @Test func `a mail has both parts, its foot and its way out, and tells what became of it`() throws {
        let (agency, sink) = try mailing()
        let contact = try agency.makeContact(1, ["name": "Ann Example"])
        let asked = try agency.send(contact)
        #expect(asked.text("status") == "queued" && asked["html"] == .null)
        let sent = try agency.message(asked, "sent")
        #expect(sink.mails.count == 1)
        let mail = try #require(sink.mails.first)
        #expect(mail.recipients == ["p1@example.com"])
        #expect(header("From", of: mail.text)?.contains("olive@agency.example") == true)
        #expect(header("To", of: mail.text)?.contains("Ann Example") == true)
        #expect(header("List-Unsubscribe-Post", of: mail.text) == "List-Unsubscribe=One-Click")
        #expect(header("Message-ID", of: mail.text) == "<\(sent.text("internet_id"))>")
        #expect(mail.text.contains("text/plain") && mail.text.contains("text/html"))
        #expect(mail.text.contains("1 Example Street") && mail.text.contains("Unsubscribe"))
        #expect(sent["sent_at"] != .null && sent["history"]?[0]["kind"] == "sent" && sent["body"] == nil)
        let transactional = try agency.message(
            try agency.send(contact, ["purpose": "transactional"]), "sent")
        #expect(transactional.text("conversation_id") == sent.text("conversation_id"))
        let second = try #require(sink.mails.last).text
        #expect(header("List-Unsubscribe", of: second) == nil && !second.contains("Unsubscribe"))
        #expect(header("In-Reply-To", of: second) == "<\(sent.text("internet_id"))>")
        let thread = try agency.owner.get("/v1/conversations/\(sent.text("conversation_id"))/messages").ok()
        #expect(thread.items.map(\.id) == [sent.id, transactional.id])
    }

    @Test func `bodies that are no messages are refused, each fault at its place`() throws {
        let agency = try server.quietAgency()
        let contact = try agency.makeContact()
        func faults(_ body: JSONObject) throws -> [String: String] {
            var whole: JSONObject = ["contact_id": .string(contact.id), "purpose": "marketing"]
            for (name, value) in body.members { whole[name] = value }
            return try agency.owner.post("/v1/messages", .object(whole)).faults()
        }
        #expect(try faults([:]) == ["/subject": "required", "/body": "required"])
        #expect(try faults(["subject": "a\r\nBcc: x@y.z", "body": "x"]) == ["/subject": "invalid_text"])
        #expect(try faults(["subject": "a", "body": " "]) == ["/body": "required"])
        #expect(
            try faults(["subject": "a", "body": "b", "purpose": "spam"]) == ["/purpose": "invalid_choice"])
        #expect(
            try faults(["subject": "a", "body": "b", "contact_id": "contact_00000000000000000000000000"])
                == ["/contact_id": "unknown_reference"])
        #expect(
            try faults(["subject": "a", "body": "b", "attachments": ["file_00000000000000000000000000"]])
                == ["/attachments/0": "unknown_reference"])
        let words: JSON = ["name": "A word", "channel": "email", "subject": "Hello", "body": "A word."]
        let template = try agency.owner.post("/v1/templates", words).ok(201)
        #expect(
            try faults(["subject": "a", "template_id": .string(template.id)])
                == ["/template_id": "conflict"])
        #expect(
            try faults(["template_id": "tmpl_00000000000000000000000000"])
                == ["/template_id": "unknown_reference"])
        try agency.colleague("viewer").post("/v1/messages", ["x": 1]).problem(403, "forbidden")
        try agency.owner.get("/v1/contacts/\(contact.id)/sendability?channel=pigeon").problem(
            400, "invalid_parameter")
    }

    @Test func `a 4xx is tried again, a 5xx ends it and suppresses the address`() throws {
        let turns = Mutex(["451 4.7.1 later"])
        let (agency, sink) = try mailing([:]) { settings in
            settings.act = { moment in
                guard moment.stage == .recipient else { return .usual }
                if moment.line.contains("p9@") { return .say("550 5.1.1 no such user") }
                return turns.withLock { $0.isEmpty ? .usual : .say($0.removeFirst()) }
            }
        }
        let first = try agency.send(try agency.makeContact(1))
        let waiting = try eventually("the refusal") {
            let message = try agency.owner.get("/v1/messages/\(first.id)").ok()
            return message.text("error_code").isEmpty ? .none : message
        }
        #expect(waiting.text("status") == "queued" && waiting.text("error_code").contains("451"))
        try agency.owner.post("/v1/messages/\(first.id)/retry").ok(202)
        #expect(try agency.message(first, "sent")["attempts"] == 2)
        let gone = try agency.makeContact(9)
        let bounced = try agency.message(try agency.send(gone), "bounced", "failed")
        #expect(bounced.text("status") == "bounced" && bounced.text("error_code").contains("550"))
        #expect(try agency.reasons(gone, "transactional") == ["suppressed"])
        #expect(sink.mailCount == 1)
    }

    @Test func `twenty requests under one key are one message`() throws {
        let (agency, sink) = try mailing()
        let contact = try agency.makeContact()
        let answers = try together(20) { _ in
            try agency.owner.post(
                "/v1/messages",
                [
                    "contact_id": .string(contact.id), "subject": "Once", "body": "x",
                    "purpose": "transactional",
                ], ["Idempotency-Key": "once"])
        }
        let ids = Set(answers.filter { $0.status == 202 }.map(\.json.id))
        #expect(ids.count == 1 && answers.allSatisfy { [202, 409].contains($0.status) })
        try agency.message(try #require(answers.first { $0.status == 202 }).json, "sent")
        #expect(sink.mailCount == 1)
        #expect(try agency.owner.every("/v1/messages").count == 1)
    }

    @Test func `what is held says why, and leaves when that has gone`() throws {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail(["postal_address": nil, "sender": nil])
        let contact = try agency.makeContact()
        let asked = try agency.send(contact)
        func held() throws -> [String] {
            try agency.message(asked, "held")["reasons"]?.array?.map { $0.text("code") } ?? []
        }
        let all = ["missing_postal_address", "no_provider", "missing_sender"]
        #expect(try held() == all && agency.reasons(contact) == all)
        try agency.owner.patch("/v1/settings", ["postal_address": "1 Street"]).ok()
        try eventuallyTrue("one less") { try held() == ["no_provider", "missing_sender"] }
        try agency.connect("smtp", sink.url)
        try eventuallyTrue("one less") { try held() == ["missing_sender"] }
        let suppression = try agency.owner.post(
            "/v1/suppressions", ["address": "P0@Example.com", "reason": "manual"]
        ).ok(201)
        try agency.owner.patch("/v1/settings", ["sender": ["name": "O", "email": "o@agency.example"]]).ok()
        try eventuallyTrue("another reason") { try held() == ["suppressed"] }
        try agency.owner.post("/v1/suppressions", ["address": "p0@example.com", "reason": "manual"])
            .problem(409, "already_exists")
        try agency.owner.delete("/v1/suppressions/\(suppression.id)").ok(204)
        try agency.message(asked, "sent")
        #expect(sink.mailCount == 1)
        let told = try agency.owner.every("/v1/events?type=message.held").count
        #expect(told >= 1 && told <= 4)
    }

    @Test func `what has not left can be taken back, what has cannot`() throws {
        let (agency, sink) = try mailing()
        let contact = try agency.makeContact()
        let later = try agency.send(contact, ["not_before": "2999-01-01T00:00:00Z"])
        let cancelled = try agency.owner.post("/v1/messages/\(later.id)/cancel", ["reason": "no more"]).ok()
        #expect(cancelled.text("status") == "cancelled")
        #expect(cancelled["reasons"]?[0]["detail"] == "no more")
        try agency.owner.post("/v1/messages/\(later.id)/cancel").problem(409, "invalid_transition")
        try agency.owner.post("/v1/messages/\(later.id)/retry").problem(409, "invalid_transition")
        let sent = try agency.message(try agency.send(contact), "sent")
        try agency.owner.post("/v1/messages/\(sent.id)/cancel").problem(409, "invalid_transition")
        try agency.owner.post("/v1/messages/\(sent.id)/resolve", ["outcome": "sent"]).problem(
            409, "invalid_transition")
        #expect(sink.mailCount == 1)
    }

    @Test func `of what may have left a person says whether it has`() throws {
        let cut = Mutex(2)
        let (agency, sink) = try mailing([:]) { settings in
            settings.act = { moment in
                guard moment.stage == .end else { return .usual }
                return cut.withLock { left in
                    left -= 1
                    return left >= 0 ? .close : .usual
                }
            }
        }
        let messages = try (1...2).map { number in
            try agency.message(try agency.send(try agency.makeContact(number)), "unknown")
        }
        #expect(try agency.owner.every("/v1/messages?status=unknown").count == 2)
        #expect(try agency.owner.every("/v1/alerts?kind=message_unknown&open=true").count == 2)
        let path = "/v1/messages/\(messages[0].id)/resolve"
        #expect(
            try agency.owner.post(path, ["outcome": "perhaps"]).faults() == ["/outcome": "invalid_choice"])
        #expect(try agency.owner.post(path, ["outcome": "sent"]).ok().text("status") == "sent")
        try agency.owner.post("/v1/messages/\(messages[1].id)/resolve", ["outcome": "not_sent"]).ok()
        try agency.message(messages[1], "sent")
        #expect(sink.mailCount == 1)
        #expect(try agency.owner.every("/v1/alerts?kind=message_unknown&open=true").isEmpty)
    }

    @Test func `one click ends marketing for good; looking does nothing; a forged link is none`() throws {
        let (agency, sink) = try mailing()
        let contact = try agency.makeContact()
        try agency.message(try agency.send(contact), "sent")
        let mail = try #require(sink.mails.first).text
        let list = try #require(header("List-Unsubscribe", of: mail))
        let link = try #require(
            list.firstRange(of: "/u/").map { String(list[$0.lowerBound...].prefix { $0 != ">" }) })
        let page = try server.anonymous.get(link)
        #expect(page.status == 200 && page.text.contains("<form") && page.header("Set-Cookie") == nil)
        #expect(try agency.reasons(contact).isEmpty)
        let forged = "/u/" + String(link.dropFirst(3).reversed())
        try server.anonymous.post(forged, raw: [], type: "application/x-www-form-urlencoded").problem(404)
        for _ in 1...2 {
            let done = try server.anonymous.post(
                link, raw: Array("List-Unsubscribe=One-Click".utf8), type: "application/x-www-form-urlencoded"
            )
            #expect(done.status == 200 && done.text.contains("unsubscribed"))
        }
        #expect(try agency.reasons(contact) == ["unsubscribed"])
        #expect(try agency.reasons(contact, "transactional").isEmpty)
        #expect(try agency.owner.every("/v1/suppressions").map { $0.text("reason") } == ["unsubscribe"])
        #expect(try agency.owner.every("/v1/events?type=contact.unsubscribed").count == 1)
        let held = try agency.message(try agency.send(contact), "held")
        try agency.owner.post(
            "/v1/consents", ["contact_id": .string(contact.id), "source": "form", "lawful_basis": "consent"]
        ).ok(201)
        try agency.message(held, "sent")
        #expect(sink.mailCount == 2)
    }

    @Test func `where the first service does not know us the second sends, and somebody is told`() throws {
        let (agency, postmark, sink) = (try server.signUp(), try PostmarkStandIn(), try SMTPStandIn())
        try agency.readyToMail()
        let first = try agency.connect(
            "postmark", postmark.service.url, credentials: ["server_token": "wrong"], priority: 1)
        try agency.connect("smtp", sink.url, priority: 2)
        let contact = try agency.makeContact()
        try agency.message(try agency.send(contact), "sent")
        #expect(sink.mailCount == 1)
        let failing = try agency.owner.get("/v1/integrations/\(first.id)").ok()
        #expect(failing.text("status") == "failing" && !failing.text("error").isEmpty)
        #expect(try agency.owner.every("/v1/alerts?kind=integration_failing&open=true").count == 1)
        #expect(try agency.owner.post("/v1/integrations/\(first.id)/test").ok()["ok"] == false)
        try agency.owner.patch(
            "/v1/integrations/\(first.id)",
            ["credentials": ["server_token": .string(postmark.serverToken)]]
        ).ok()
        #expect(try agency.owner.post("/v1/integrations/\(first.id)/test").ok()["ok"] == true)
        #expect(try agency.owner.get("/v1/integrations/\(first.id)").ok().text("status") == "active")
        #expect(try agency.owner.every("/v1/alerts?kind=integration_failing&open=true").isEmpty)
        try agency.message(try agency.send(contact, ["purpose": "transactional"]), "sent")
        #expect(sink.mailCount == 1)
    }

    @Test func `a service that is busy is passed over for the next`() throws {
        let (agency, postmark, sink) = (try server.signUp(), try PostmarkStandIn(), try SMTPStandIn())
        try agency.readyToMail(["sending": ["per_contact_per_day": 1]])
        try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials, priority: 1)
        try agency.connect("smtp", sink.url, priority: 2)
        postmark.service.next(.answer(429, "", headers: [("Retry-After", "3600")]))
        let contact = try agency.makeContact()
        try agency.message(try agency.send(contact), "sent")
        #expect(sink.mailCount == 1)
        #expect(try agency.reasons(contact) == ["daily_cap"], "it counts once")
    }

    @Test func `files go with a mail, as what they are`() throws {
        let (agency, sink) = try mailing()
        let pdf = Array("%PDF-1.7\n1 0 obj\n".utf8)
        let file = try agency.owner.post("/v1/files?name=offer.pdf", raw: pdf, type: "text/plain").ok(201)
        try agency.message(
            try agency.send(try agency.makeContact(), ["attachments": [.string(file.id)]]), "sent")
        let mail = try #require(sink.mails.first).text
        #expect(mail.contains("application/pdf") && mail.contains("offer.pdf"))
        #expect(mail.contains(Data(pdf).base64EncodedString().prefix(20)))
    }

    @Test func `a budget of sends holds what goes beyond it`() throws {
        let (agency, sink) = try mailing()
        let budget = try agency.owner.post("/v1/budgets", ["kind": "sends", "limit": 1, "per": "day"]).ok(201)
        try agency.message(try agency.send(try agency.makeContact(1)), "sent")
        let held = try agency.message(try agency.send(try agency.makeContact(2)), "held")
        #expect(held["reasons"]?[0]["code"] == "budget_exhausted" && sink.mailCount == 1)
        let use = try agency.owner.get("/v1/budgets/\(budget.id)").ok()
        #expect(use["spent"] == 1 && use["held"] == 0)
        try agency.owner.patch("/v1/budgets/\(budget.id)", ["limit": 5]).ok()
        try agency.message(held, "sent")
    }
}
