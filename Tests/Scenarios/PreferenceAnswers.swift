import JSON
import StandIns
import Testing

/// Preferences are learned from the mails that people open, beside those that they were sent.
@Suite(.ownThread) struct PreferenceAnswers {
    @Test func `length and content are those of which most is opened of what was sent`() throws {
        let agency = try BureauProcess.shared.quietAgency(), postmark = try PostmarkStandIn()
        try agency.readyToMail()
        let door = try agency.connect(
            "postmark", postmark.service.url, credentials: postmark.credentials)
        let contact = try agency.makeLead(1).text("contact_id")
        func send(_ topic: String, _ body: String, times: Int, opened: Int) throws {
            for number in 0..<times {
                let asked = try agency.owner.post(
                    "/v1/messages",
                    [
                        "contact_id": .string(contact), "subject": "News", "body": .string(body),
                        "purpose": "transactional", "topic": .string(topic),
                    ]
                ).ok(202)
                let mail = try agency.message(asked, "sent")
                guard number < opened else { continue }
                let hook = postmark.hook([
                    "RecordType": "Open", "MessageID": mail["provider_id"] ?? .null,
                    "Recipient": mail["recipient"] ?? .null,
                ])
                try agency.server.deliver(hook, to: door).ok()
            }
        }
        try send("educational", "A word.", times: 4, opened: 4)
        try send("case_study", String(repeating: "Many words. ", count: 150), times: 10, opened: 3)
        try agency.hooksWorkedOn()
        let found = try agency.owner.get("/v1/contacts/\(contact)/preferences").ok()
        for (name, value) in ["length": "short", "content_types": ["educational"]] as [String: JSON] {
            #expect(found[name]?["value"] == value && found[name]?["source"] == "learned", "\(found)")
            #expect(found[name]?["observations"] == 7)
            #expect((0.1..<1).contains(found[name]?["confidence"]?.double ?? 0))
        }
        #expect(found["channel"]?["value"] == "email" && found["channel"]?["source"] == "learned")
    }

    @Test func `length and content follow whoever opens others now, though more was opened before`() throws {
        let box = try BureauProcess.shared.quietAgency().sandbox(), owner = box.owner
        let postmark = try PostmarkStandIn()
        try box.readyToSend()
        let door = try box.connectMail([
            "credentials": postmark.credentials, "settings": ["base_url": .string(postmark.service.url)],
        ])
        let contact = try owner.post("/v1/leads", lead(1)).ok(201).text("contact_id")
        func send(_ topic: String, _ body: String, times: Int, opened: Int) throws {
            let asked = try (0..<times).map { _ in
                try owner.post(
                    "/v1/messages",
                    [
                        "contact_id": .string(contact), "subject": "News", "body": .string(body),
                        "purpose": "transactional", "topic": .string(topic),
                    ]
                ).ok(202).id
            }
            try box.advance("PT1M")
            for id in asked.prefix(opened) {
                let mail = try owner.get("/v1/messages/\(id)").ok()
                #expect(mail.text("status") == "sent")
                let hook = postmark.hook([
                    "RecordType": "Open", "MessageID": .string("pm-\(id)"),
                    "Metadata": ["bureau_id": .string(id)], "Recipient": mail["recipient"] ?? .null,
                ])
                try owner.server.deliver(hook, to: door).ok()
            }
            try eventuallyTrue("the openings") {
                try owner.every("/v1/hook-receipts").allSatisfy { $0.text("status") != "received" }
            }
        }
        let long = String(repeating: "Many words. ", count: 150)
        func learned() throws -> [JSON?] {
            let found = try owner.get("/v1/contacts/\(contact)/preferences").ok()
            for name in ["length", "content_types"] { #expect(found[name]?["source"] == "learned") }
            return [found["length"]?["value"], found["content_types"]?["value"]]
        }
        try send("educational", "A word.", times: 10, opened: 10)
        try send("case_study", long, times: 10, opened: 0)
        #expect(try learned() == ["short", ["educational"]])
        // Three half-lives later: of all, most of the short ones were opened, and of the last ones, the long ones.
        try box.advance("P180D")
        try send("educational", "A word.", times: 8, opened: 1)
        try send("case_study", long, times: 8, opened: 8)
        #expect(try learned() == ["long", ["case_study"]])
    }
}
