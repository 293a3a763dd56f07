import JSON
import StandIns
import Testing

/// Response rate = replies ÷ sent × 100, lead conversion rate = qualified ÷ total × 100.
@Suite(.ownThread) struct ResponseRates {
    let server = BureauProcess.shared

    @Test func `three of twenty are 15 percent, whatever machines answer and whoever answers twice`() throws {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let contacts = try (0..<20).map { try agency.makeContact($0) }
        for contact in contacts { try agency.message(agency.send(contact), "sent") }
        func rates() throws -> JSON {
            try agency.owner.get("/api/dashboard/overview").ok()["outreach"] ?? .null
        }
        #expect(try rates() == ["total_sent": 20, "total_replies": 0, "response_rate": 0])
        func answer(_ number: Int, _ id: String, _ text: String, _ headers: [(String, String)] = []) throws {
            let hook = postmark.mail("k\(id)", from: "p\(number)@example.com", text: text, headers: headers)
            try server.deliver(hook, to: door).ok()
        }
        try answer(0, "1", "Yes, tell me more.")
        try answer(1, "2", "Not interested, thanks.")
        try answer(2, "3", "How much is it?")
        // A second answer by the same person is no second reply, and automatic mails are none.
        try answer(0, "4", "And when could we start?")
        try answer(3, "5", "I am out of the office until Monday.", [("Auto-Submitted", "auto-replied")])
        try answer(4, "6", "I am on vacation until the 4th and read no mail.")
        try answer(5, "7", "550 5.1.1 User unknown")
        try answer(6, "8", "Thank you for your message.", [("Auto-Submitted", "auto-generated")])
        try eventuallyTrue("the mails") {
            try agency.owner.every("/v1/messages?direction=inbound").count == 8
        }
        #expect(try rates() == ["total_sent": 20, "total_replies": 3, "response_rate": 15])
    }

    @Test func `three of ten qualified leads are 30 percent`() throws {
        let agency = try server.quietAgency()
        for number in 0..<10 { _ = try agency.makeLead(number, ["status": number < 3 ? "qualified" : "new"]) }
        let leads = try agency.owner.get("/api/dashboard/overview").ok()["leads"]
        #expect(leads == ["total": 10, "qualified": 3, "conversion_rate": 30])
    }
}
