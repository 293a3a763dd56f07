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
}
