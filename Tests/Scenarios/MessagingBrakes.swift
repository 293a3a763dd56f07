import JSON
import StandIns
import Testing

/// Brakes, hours and caps over HTTP.
@Suite(.ownThread) struct MessagingBrakes {
    let server = BureauProcess.shared

    @Test func `a brake stops at once, says what had left and what it holds, and is taken off by people`()
        throws
    {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        let contacts = try (1...3).map { try agency.makeContact($0) }
        try agency.message(try agency.send(contacts[0]), "sent")
        let brake = try agency.owner.post("/v1/brakes", ["scope": "tenant", "reason": "a wrong price"]).ok(
            201)
        #expect(brake["left"] == 1 && brake["held"] == 0 && brake["released_at"] == .null)
        let held = try contacts.dropFirst().map { try agency.message(try agency.send($0), "held") }
        #expect(held.allSatisfy { $0["reasons"]?[0]["code"] == "brake" })
        #expect(try agency.owner.get("/v1/brakes/\(brake.id)").ok()["held"] == 2)
        try agency.owner.patch("/v1/approvals/policy", ["four_eyes": true]).ok()
        try agency.key(["brakes:write"]).post("/v1/brakes/\(brake.id)/release").problem(403, "forbidden")
        for _ in 1...2 {
            #expect(try agency.owner.post("/v1/brakes/\(brake.id)/release").ok()["released_at"] == .null)
        }
        #expect(sink.mailCount == 1)
        let second = try agency.colleague("owner")
        #expect(try second.post("/v1/brakes/\(brake.id)/release").ok()["released_at"] != .null)
        for message in held { try agency.message(message, "sent") }
        try agency.owner.post("/v1/brakes/\(brake.id)/release").problem(409, "invalid_transition")
    }

    @Test func `a brake's scope is checked`() throws {
        let agency = try server.quietAgency()
        func faults(_ body: JSON) throws -> [String: String] {
            try agency.owner.post("/v1/brakes", body).faults()
        }
        #expect(try faults(["scope": "world", "reason": "x"])["/scope"] == "invalid_choice")
        #expect(try faults(["scope": "tenant"]) == ["/reason": "required"])
        #expect(try faults(["scope": "client", "reason": "x"]) == ["/id": "required"])
        #expect(try faults(["scope": "channel", "id": "pigeon", "reason": "x"]) == ["/id": "invalid_choice"])
        #expect(try faults(["scope": "tenant", "id": "x", "reason": "x"]) == ["/id": "unknown_field"])
        try agency.colleague("viewer").post("/v1/brakes", ["scope": "tenant", "reason": "x"]).problem(403)
    }

    @Test func `in their night nothing leaves, in the morning it does, and so much a day`() throws {
        let agency = try server.signUp()
        let box = try agency.sandbox(startAt: "2027-01-05T21:30:00.000Z")
        try box.quieten()
        try box.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Street", "sender": ["name": "O", "email": "o@agency.example"],
                "sending": ["per_contact_per_day": 2, "per_day": 3],
                "quiet_hours": ["from": "20:00", "to": "08:00"],
            ]
        ).ok()
        func contact(_ number: Int, _ zone: String) throws -> JSON {
            try box.owner.post(
                "/v1/contacts",
                [
                    "name": .string("P\(number)"), "email": .string("p\(number)@example.com"),
                    "country": "US",
                    "time_zone": .string(zone),
                ]
            ).ok(201)
        }
        func send(_ contact: JSON) throws -> JSON {
            try box.owner.post(
                "/v1/messages",
                ["contact_id": .string(contact.id), "subject": "Hi", "body": "x", "purpose": "marketing"]
            ).ok(202)
        }
        func read(_ message: JSON) throws -> JSON { try box.owner.get("/v1/messages/\(message.id)").ok() }
        let night = try send(try contact(1, "Europe/Berlin"))
        let day = try contact(2, "America/New_York")
        let many = try (1...3).map { _ in try send(day) }
        try box.advance("PT0S")
        let held = try read(night)
        #expect(held.text("status") == "held" && held["reasons"]?[0]["code"] == "quiet_hours")
        #expect(held["reasons"]?[0]["until"] == "2027-01-06T07:00:00.000Z")
        #expect(try many.map { try read($0).text("status") } == ["sent", "sent", "held"])
        #expect(try read(many[0])["captured"] == true)
        #expect(try read(many[2])["reasons"]?[0]["code"] == "daily_cap")
        try box.advance(to: "2027-01-06T06:59:00.000Z")
        #expect(try read(night).text("status") == "held")
        try box.advance(to: "2027-01-06T07:01:00.000Z")
        #expect(try read(night).text("status") == "sent")
        #expect(try read(night)["sent_at"] == "2027-01-06T07:00:00.000Z")
        // Midnight in UTC is evening in New York, and then night.
        try box.advance(to: "2027-01-06T14:00:00.000Z")
        #expect(try read(many[2]).text("status") == "sent")
        let later = try box.owner.post(
            "/v1/messages",
            [
                "contact_id": .string(day.id), "subject": "Hi", "body": "x", "purpose": "transactional",
                "not_before": "2027-01-07T03:00:00Z",
            ]
        ).ok(202)
        try box.advance(to: "2027-01-07T02:59:00.000Z")
        #expect(try read(later).text("status") == "queued")
        try box.advance(to: "2027-01-07T03:00:01.000Z")
        #expect(try read(later)["sent_at"] == "2027-01-07T03:00:00.000Z", "what they asked for has no night")
    }
}
