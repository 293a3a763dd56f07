import JSON
import StandIns
import Testing

/// An experiment may be for the people of a segment alone: others get what there was, and are not counted.
@Suite(.ownThread) struct ExperimentSegments {
    let server = BureauProcess.shared

    private func shops(_ owner: Caller) throws -> JSON {
        let filter: JSON = ["field": "industry", "op": "eq", "value": "retail"]
        return try owner.post("/v1/segments", ["name": "Shops", "filter": filter]).ok(201)
    }

    private func template(_ owner: Caller, _ subject: String) throws -> JSON {
        let body: JSON = ["name": .string(subject), "subject": .string(subject), "body": "A word."]
        return .string(try owner.post("/v1/templates", body).ok(201).id)
    }

    @Test func `members of the segment take part, and whoever has begun stays, and others get the first variant`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        let shops = try shops(owner)
        let (plain, bold) = (try template(owner, "Plain"), try template(owner, "Bold"))
        let sequence = try owner.post(
            "/v1/sequences",
            ["name": "Test", "steps": [["channel": "email", "delay": "PT0S", "template_id": plain]]]
        ).ok(201)
        let experiment = try owner.post(
            "/v1/experiments",
            [
                "name": "Words", "sequence_id": .string(sequence.id), "step_id": "s1",
                "segment_id": .string(shops.id),
                "variants": [
                    ["name": "a", "template_id": plain], ["name": "b", "template_id": bold],
                ],
            ]
        ).ok(201)
        #expect(experiment.text("segment_id") == shops.id)
        let leads = try (0..<24).map { number in
            let more: JSONObject = [
                "status": "qualified", "industry": number < 16 ? "retail" : "technology",
            ]
            let made = try owner.post("/v1/leads", lead(number, more)).ok(201)
            let body: JSON = ["lead_id": .string(made.id)]
            try owner.post("/v1/sequences/\(sequence.id)/enrollments", body).ok(201)
            return made
        }
        try box.advance("PT2H")
        let sent = try owner.every("/v1/messages?direction=outbound&status=sent")
        func subjects(_ some: some Sequence<JSON>) -> [String] {
            some.flatMap { lead in
                sent.filter { $0["contact_id"] == lead["contact_id"] }.map { $0.text("subject") }
            }
        }
        let members = subjects(leads.prefix(16))
        #expect(members.count == 16 && Set(members) == ["Plain", "Bold"])
        #expect(subjects(leads.suffix(8)) == Array(repeating: "Plain", count: 8))
        func counts(_ figure: String) throws -> [Int64?] {
            let results = try owner.get("/v1/experiments/\(experiment.id)/results").ok()
            return (results["variants"]?.array ?? []).map { $0[figure]?.int }
        }
        let expected = ["Plain", "Bold"].map { name in Int64(members.count { $0 == name }) }
        #expect(try counts("assigned") == expected && counts("sent") == expected)

        // A lead that has left the segment since counts still; one that was never in it does not.
        try owner.patch("/v1/leads/\(leads[0].id)", ["industry": "technology"]).ok()
        let postmark = try PostmarkStandIn()
        let door = try owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        for (name, lead) in [("never", leads[20]), ("left", leads[0])] {
            let mail = postmark.mail(name, from: lead.text("email"), text: "Yes, please call me.")
            try server.deliver(mail, to: door).ok()
        }
        let first: [Int64?] = members[0] == "Plain" ? [1, 0] : [0, 1]
        try eventuallyTrue("the answers") {
            try owner.every("/v1/messages?direction=inbound").count == 2 && counts("replied") == first
        }
    }

    @Test func `a segment that there is not is named at its place, with all else that is wrong`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let foreign = try shops(server.signUp().owner)
        let plain = try template(owner, "Plain")
        let sequence = try owner.post(
            "/v1/sequences",
            ["name": "Test", "steps": [["channel": "email", "delay": "PT0S", "template_id": plain]]]
        ).ok(201)
        for id in [foreign.id, "seg_x"] {
            let faults = try owner.post(
                "/v1/experiments",
                [
                    "name": "Words", "sequence_id": .string(sequence.id), "step_id": "s9",
                    "segment_id": .string(id), "variants": [["name": "a"], ["name": "b", "delay": "P2D"]],
                ]
            ).faults()
            // A text that is no identifier at all is told before anything is looked up.
            let all = ["/segment_id": "unknown_reference", "/step_id": "unknown_reference"]
            #expect(faults == (id == foreign.id ? all : all.filter { $0.key == "/segment_id" }))
        }
        #expect(try owner.every("/v1/experiments").isEmpty)
    }

    @Test func `a price is tried on the people of a segment, and others are told nothing of it`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let starter = try #require(try owner.every("/v1/packages").first { $0.text("name") == "Starter" })
        let shops = try shops(owner)
        try owner.post(
            "/v1/experiments",
            [
                "name": "Dearer", "kind": "price", "target": .string(starter.id), "goal": "converted",
                "segment_id": .string(shops.id),
                "variants": [
                    ["name": "as it is", "value": starter["price"] ?? .null],
                    ["name": "dearer", "value": dollars(2900)],
                ],
            ]
        ).ok(201)
        func offers(_ numbers: Range<Int>, _ industry: String) throws -> [JSON] {
            try numbers.map { number in
                let lead = try agency.makeLead(
                    number,
                    [
                        "budget": dollars(4000), "employee_count": 20, "timeline_days": 60,
                        "industry": .string(industry),
                    ])
                return try owner.post("/v1/packages/recommend", ["lead_id": .string(lead.id)]).ok()
            }
        }
        func isTold(_ offer: JSON) -> Bool {
            (offer["reasons"]?.array ?? []).contains { $0.text?.contains("is being tried") == true }
        }
        let tried = try offers(0..<12, "retail"), others = try offers(20..<28, "technology")
        #expect(tried.contains { $0["base_price"] == dollars(2900) } && tried.allSatisfy(isTold))
        #expect(others.allSatisfy { $0["base_price"] == starter["price"] && !isTold($0) })
    }
}
