import JSON
import Testing

/// What whoever looks around with `bureau demo` finds of selling.
@Suite(.ownThread) struct SampleAgency {
    @Test
    func `the sample agency has sold, sells, and asks before it writes; from then on it lives by real time`()
        throws
    {
        let demo = BureauProcess(command: "demo")
        try demo.start()
        let password = try eventually("the sign-in", within: .seconds(60)) {
            demo.log.firstMatch(of: /Password +(\S+)\n/).map { String($0.1) }
        }
        let body: JSON = ["email": "olive@lighthouse.example", "password": .string(password)]
        let owner = demo.caller(try demo.anonymous.post("/v1/auth/login", body).ok().text("access_token"))

        let stages = Set(try owner.every("/v1/deals").map { $0.text("stage") })
        #expect(stages == ["outreach", "needs_assessment", "proposal_delivered", "won", "lost"])
        func statuses(_ path: String) throws -> [String] {
            try owner.every(path).map { $0.text("status") }.sorted()
        }
        #expect(try statuses("/v1/proposals") == ["accepted", "accepted", "declined", "viewed"])
        #expect(try statuses("/v1/contracts") == ["signed", "signed"])
        #expect(try statuses("/v1/invoices") == ["open", "paid"])
        let mails = try owner.every("/v1/messages?channel=email")
        let sent = mails.filter { !$0.text("sent_at").isEmpty }
        #expect(sent.count > 15 && sent.allSatisfy { $0["captured"] == true }, "none has left")
        #expect(
            Set(mails.filter { $0["direction"] == "inbound" }.map { $0.text("class") }) == [
                "interested", "question", "objection", "not_interested", "unsubscribe",
            ])
        let longest = Dictionary(grouping: mails, by: { $0.text("conversation_id") }).values.map(\.count)
            .max()
        #expect((longest ?? 0) >= 4, "a thread with answers")

        // One visitor was answered from what is written down, the other waits for a person.
        let handlers = try eventually("the visitors' answers", within: .seconds(60)) { () -> [String]? in
            let chats = try owner.every("/v1/conversations?channel=web_chat").map { $0.text("handler") }
                .sorted()
            let words = try owner.every("/v1/messages?channel=web_chat").map { $0.text("text") }
            return words.contains { $0.contains("within two weeks") } && chats.contains("waiting_for_human")
                ? chats : nil
        }
        #expect(handlers == ["agent", "waiting_for_human"])

        // Its clock is the machine's now: what is approved is on its real way, and waits for a mail service.
        let held = try #require(mails.first { $0["status"] == "held" })
        try owner.post("/v1/approvals/\(held.text("approval_id"))/approve").ok()
        let reasons = try eventually("the outbox to look at it", within: .seconds(30)) { () -> [String]? in
            let mail = try owner.get("/v1/messages/\(held.id)").ok()
            let codes = (mail["reasons"]?.array ?? []).map { $0.text("code") }
            return mail["status"] == "held" && codes != ["approval"] ? codes : nil
        }
        #expect(reasons.contains("no_provider"), "\(reasons)")
        #expect(try owner.get("/v1/audit/verify").ok()["valid"] == true)
    }
}
