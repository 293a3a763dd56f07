import JSON
import StandIns
import Testing

/// Content reaches people, not records: by the phone, once for whoever is one person, and nobody who was put away.
@Suite(.ownThread) struct ContentPeople {
    let server = BureauProcess.shared
    private static let start = "2027-01-04T09:00:00.000Z"

    private func box() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(startAt: Self.start)
        try box.readyToSend()
        try box.owner.patch("/v1/settings", ["time_zone": "UTC"]).ok()
        try activate(box.owner)
        return box
    }

    private func activate(_ owner: Caller) throws {
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
    }

    private func item(_ owner: Caller, _ title: String = "Five ways") throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": "educational", "subject": .string(title),
                "body": "Five ways for {{ lead.company }}.", "status": "approved",
            ]
        ).ok(201)
    }

    private func sent(_ owner: Caller, _ lead: JSON) throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
            .filter { ["sent", "delivered"].contains($0.text("status")) }
    }

    @Test func `content goes to the phone of whoever agreed, and says of others why not`() throws {
        let line = try TextLine(server), owner = line.agency.owner
        try owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        try activate(owner)
        let phoned = try line.agency.makeLead(1, ["phone": "+15550000002", "country": "US"])
        let silent = try line.agency.makeLead(2, ["country": "US"])
        let unasked = try line.agency.makeLead(3, ["phone": "+15550000003", "country": "US"])
        try owner.post(
            "/v1/consents",
            [
                "contact_id": .string(phoned.text("contact_id")), "channel": "sms", "source": "web form",
                "lawful_basis": "consent",
            ]
        ).ok(201)
        let item = try item(owner), path = "/v1/content-items/\(item.id)/distribute"
        func skipped(_ told: JSON) -> [String: JSON] {
            let pairs = (told["skipped"]?.array ?? []).map { ($0.text("code"), $0["count"] ?? .null) }
            return Dictionary(pairs) { first, _ in first }
        }
        let preview = try owner.post(path, ["channel": "sms", "preview": true]).ok()
        #expect(preview["matched"] == 3 && preview["would_send"] == 1)
        #expect(skipped(preview) == ["no_address": 1, "no_consent": 1])
        let distribution = try owner.post(path, ["channel": "sms"]).ok(202)
        try eventuallyTrue("the text message") { line.twilio.taken.count == 1 }
        let taken = try #require(line.twilio.taken.first)
        #expect(taken.text("to") == "+15550000002")
        #expect(taken.text("body").hasPrefix("Five ways for \(phoned.text("company")).\n"))
        #expect(taken.text("body").hasSuffix("Reply STOP to get no more."))
        try eventuallyTrue("the end of the distribution") {
            try owner.get("/v1/distributions/\(distribution.id)").ok()["status"] == "completed"
        }
        let done = try owner.get("/v1/distributions/\(distribution.id)").ok()
        #expect(done["sent"] == 1 && skipped(done) == ["no_address": 1, "no_consent": 1])
        #expect(try sent(owner, phoned).map { $0.text("channel") } == ["sms"])
        for lead in [silent, unasked] { #expect(try sent(owner, lead).isEmpty) }
        let why = try line.reasons(silent.text("contact_id"))
        #expect(why.contains("no_address"), "the person's own page says it, too")
    }

    @Test func `each gets content where they answer, by mail what is too long for that, and nothing is cut`()
        throws
    {
        let box = try box(), owner = box.owner
        func agreed(_ number: Int, _ more: JSONObject) throws -> JSON {
            let made = try owner.post("/v1/leads", lead(number, more)).ok(201)
            try owner.post(
                "/v1/consents",
                [
                    "contact_id": made["contact_id"] ?? .null, "channel": "sms", "source": "web form",
                    "lawful_basis": "consent",
                ]
            ).ok(201)
            return made
        }
        let phoned = try agreed(1, ["email": nil, "phone": "+15550000021"])
        let both = try agreed(2, ["phone": "+15550000022"])
        let mailed = try owner.post("/v1/leads", lead(3)).ok(201)
        try owner.patch("/v1/contacts/\(both.text("contact_id"))/preferences", ["channel": "sms"]).ok()
        func distribute(_ body: String, _ order: JSON = [:]) throws -> Answer {
            let made = try owner.post(
                "/v1/content-items",
                [
                    "title": "Ways", "type": "educational", "subject": "Ways", "body": .string(body),
                    "status": order["preview"] == true ? "draft" : "approved",
                ]
            ).ok(201)
            return try owner.post("/v1/content-items/\(made.id)/distribute", order)
        }
        func channels() throws -> [[String]] {
            try [phoned, both, mailed].map { try sent(owner, $0).map { $0.text("channel") }.sorted() }
        }
        let preview = try distribute("Five ways.", ["preview": true]).ok()
        #expect(preview["would_send"] == 3 && preview["skipped"] == [])
        _ = try distribute("Five ways.").ok(202)
        try box.advance("PT1H")
        #expect(try channels() == [["sms"], ["sms"], ["email"]])
        // With the reader's company and the way out it is longer than a text message may be.
        let long = String(repeating: "x ", count: 780) + "{{ lead.company }}"
        try box.advance("P8D")
        let told = try distribute(long).ok(202)
        try box.advance("PT1H")
        let done = try owner.get("/v1/distributions/\(told.id)").ok()
        #expect(done["sent"] == 2 && done["skipped"] == [["code": "too_long", "count": 1]])
        #expect(try channels() == [["sms"], ["email", "sms"], ["email", "email"]])
        let whole = try sent(owner, both).first { $0["channel"] == "email" }
        #expect(whole?.text("text").contains("Example Company 2") == true)
        // Where the channel is named, what is too long for a reader is told, and for all of them a fault.
        let named = try distribute(long, ["channel": "sms", "preview": true]).ok()
        let skipped = (named["skipped"]?.array ?? []).map { "\($0.text("code")) \($0["count"]?.int ?? 0)" }
        #expect(named["would_send"] == 0 && Set(skipped) == ["too_long 2", "no_address 1"])
        let endless = String(repeating: "x", count: 1601)
        for order in [["channel": "sms"], ["channel": "sms", "preview": true]] as [JSON] {
            #expect(try distribute(endless, order).faults() == ["/channel": "too_long"])
        }
        #expect(try owner.every("/v1/distributions").count == 2)
        // To the number at the time that is given, and not yet to whoever has had a mail the day before.
        let when = "2027-01-13T15:00:00.000Z"
        let timed = try distribute("Later.", ["channel": "sms", "at": .string(when)]).ok(202)
        try box.advance(to: "2027-01-13T14:59:00.000Z")
        #expect(try channels() == [["sms"], ["email", "sms"], ["email", "email"]])
        try box.advance("PT2M")
        #expect(try channels() == [["sms", "sms"], ["email", "sms"], ["email", "email"]])
        let late = try sent(owner, phoned).filter { $0["cause"]?["id"] == .string(timed.id) }
        #expect(late.map { $0.text("recipient") } == ["+15550000021"])
        #expect(late.first?.text("sent_at").hasPrefix("2027-01-13T15:00") == true, "\(late)")
    }

    @Test func `whoever turns out to be one person gets an item once, and as two again both`() throws {
        let box = try box()
        // The calendar would give the items out by itself.
        for rule in try box.owner.every("/v1/content-calendar-rules") {
            try box.owner.delete("/v1/content-calendar-rules/\(rule.id)").ok(204)
        }
        let leads = try (0..<3).map { try box.owner.post("/v1/leads", lead($0)).ok(201) }
        let by: (JSON) throws -> JSON = { lead in
            try box.owner.post(
                "/v1/segments",
                ["name": "One", "static": true, "of": "leads", "members": [.string(lead.id)]]
            ).ok(201)
        }
        let (one, two) = (try item(box.owner), try item(box.owner, "Six ways"))
        func distribute(_ item: JSON, _ body: JSON) throws -> JSON {
            try box.owner.post("/v1/content-items/\(item.id)/distribute", body).ok(202)
        }
        let segments = try leads.map(by)
        _ = try distribute(one, ["segment_id": .string(segments[0].id)])
        let later: JSON = ["segment_id": .string(segments[0].id), "at": "2027-01-07T10:00:00.000Z"]
        try box.advance("P1D")
        #expect(try sent(box.owner, leads[0]).count == 1)
        // The first is planned for another item, as the second and the third are, when they turn out to be one.
        _ = try distribute(two, later)
        try box.advance("PT1H")
        _ = try distribute(
            two, ["segment_id": .string(segments[1].id), "at": "2027-01-07T11:00:00.000Z"])
        try box.advance("PT1H")
        func merge(_ gone: JSON, into kept: JSON) throws -> String {
            try box.owner.post(
                "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
            ).ok().text("merge_id")
        }
        _ = try merge(leads[0], into: leads[1])
        let second = try merge(leads[1], into: leads[2])
        let again = try distribute(one, ["segment_id": .string(segments[2].id)])
        try box.advance("PT1H")
        let told = try box.owner.get("/v1/distributions/\(again.id)").ok()
        #expect(told["sent"] == 0 && told["skipped"] == [["code": "already_received", "count": 1]])
        // Messages that keep in touch come once a week.
        try box.advance("P8D")
        let twos = try leads.flatMap { try sent(box.owner, $0) }.filter { $0.text("subject") == "Six ways" }
        #expect(Set(twos.map(\.id)).count == 1, "of two that were planned, the second is left out")
        // Taken back, they are two people, of whom one has got it.
        try box.owner.post("/v1/leads/merges/\(second)/undo").ok()
        let last = try distribute(one, ["segment_id": .string(segments[2].id)])
        try box.advance("P8D")
        #expect(try box.owner.get("/v1/distributions/\(last.id)").ok()["sent"] == 1)
    }

    @Test func `a segment that asks for the status has those put away, and content passes them by`() throws {
        let box = try box()
        let leads = try (0..<3).map { try box.owner.post("/v1/leads", lead($0)).ok(201) }
        func segment(_ filter: JSON) throws -> JSON {
            try box.owner.post("/v1/segments", ["name": "Some", "filter": filter]).ok(201)
        }
        func members(_ segment: JSON) throws -> Set<String> {
            Set(try box.owner.every("/v1/segments/\(segment.id)/members").map(\.id))
        }
        let away = try segment(["field": "status", "op": "eq", "value": "archived"])
        let open = try segment(["not": ["field": "status", "op": "eq", "value": "won"]])
        let all = try segment(["all": []])
        let hand = try box.owner.post(
            "/v1/segments",
            ["name": "By hand", "static": true, "members": .array(leads.map { .string($0.id) })]
        ).ok(201)
        #expect(try members(away).isEmpty)
        try box.owner.patch("/v1/leads/\(leads[0].id)", ["status": "archived"]).ok()
        #expect(try members(away) == [leads[0].id], "the change itself brings them in")
        #expect(try members(open).count == 3)
        for segment in [all, hand] { #expect(try members(segment) == Set(leads.dropFirst().map(\.id))) }
        let late = try segment(["field": "status", "op": "in", "value": ["archived", "lost"]])
        #expect(try members(late) == [leads[0].id], "and a later filter finds them")
        // Somebody who was merged into another is nobody of their own, put away or not.
        try box.owner.post(
            "/v1/leads/merge", ["keep": .string(leads[1].id), "merge": [.string(leads[2].id)]]
        ).ok()
        #expect(try members(away) == [leads[0].id])
        let item = try item(box.owner)
        let path = "/v1/content-items/\(item.id)/distribute"
        let body: JSON = ["segment_id": .string(open.id)]
        let preview = try box.owner.post(path, body.merging(["preview": true])).ok()
        #expect(preview["would_send"] == 1 && preview["skipped"] == [["code": "archived", "count": 1]])
        _ = try box.owner.post(path, body).ok(202)
        try box.advance("P1D")
        #expect(try sent(box.owner, leads[0]).isEmpty)
        #expect(try sent(box.owner, leads[1]).count == 1)
    }

    @Test func `what time alone changes in a segment goes on in a copy`() throws {
        let agency = try server.quietAgency()
        let made = try agency.makeLead(1)
        let filter: JSON = ["did": "message.replied", "within": "P30D"]
        let segment = try agency.owner.post("/v1/segments", ["name": "Lately", "filter": filter]).ok(201)
        try agency.owner.post(
            "/v1/contacts/\(made.text("contact_id"))/activities", ["type": "message_reply"]
        ).ok(201)
        func count(_ owner: Caller) throws -> Int64? {
            try owner.get("/v1/segments/\(segment.id)").ok()["count"]?.int
        }
        #expect(try count(agency.owner) == 1)
        let now = try agency.owner.get("/v1/leads/\(made.id)").ok().text("created_at")
        let box = try agency.sandbox("live", startAt: now)
        #expect(try count(box.owner) == 1)
        try box.advance("P29D")
        #expect(try count(box.owner) == 1)
        try box.advance("P2D")
        #expect(try count(box.owner) == 0)
        #expect(try count(agency.owner) == 1, "and nothing of it is true outside")
    }
}
