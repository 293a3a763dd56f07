import JSON
import Testing

/// Sequences take whole segments, each of whose people once.
@Suite(.ownThread) struct SegmentSequences {
    let server = BureauProcess.shared

    private func segment(_ owner: Caller, _ filter: JSON, of kind: String = "leads") throws -> JSON {
        try owner.post("/v1/segments", ["name": "Some", "of": .string(kind), "filter": filter]).ok(201)
    }

    @Test func `a sequence takes a segment chunk by chunk, each person once ever, but who was put away`()
        throws
    {
        let box = try server.quietAgency().sandbox()
        try box.readyToSend()
        let steps: JSON = [["channel": "task", "title": "Call {{ lead.contact_name }}", "text": "Hello."]]
        let sequence = try box.owner.post("/v1/sequences", ["name": "Calls", "steps": steps]).ok(201)
        let operations = (0..<250).map { number -> JSON in
            ["op": "create", "body": lead(number, ["industry": number < 230 ? "retail" : "technology"])]
        }
        for part in 0..<5 {
            let some = Array(operations[part * 50..<(part + 1) * 50])
            try box.owner.post("/v1/leads/bulk", ["operations": .array(some)]).ok()
        }
        let shops = try segment(
            box.owner,
            [
                "all": [
                    ["field": "industry", "op": "eq", "value": "retail"],
                    ["not": ["field": "status", "op": "eq", "value": "won"]],
                ]
            ])
        let away = try #require(try box.owner.every("/v1/segments/\(shops.id)/members").first)
        try box.owner.patch("/v1/leads/\(away.id)", ["status": "archived"]).ok()
        #expect(try box.owner.get("/v1/segments/\(shops.id)").ok()["count"] == 230)
        let path = "/v1/sequences/\(sequence.id)", body: JSON = ["segment_id": .string(shops.id)]
        try box.owner.post("\(path)/enroll-matching", body).ok(202)
        try box.advance("PT1H")
        let enrolled = try box.owner.every("\(path)/enrollments")
        #expect(enrolled.count == 229 && Set(enrolled.map { $0.text("contact_id") }).count == 229)
        #expect(!enrolled.contains { $0.text("lead_id") == away.id })
        #expect(enrolled.allSatisfy { $0.text("why").contains("Some") }, "each says why")
        let told = try box.owner.every("/v1/events?type=sequence.enrolled")
        #expect(told.map { $0["data"]?["enrolled"] } == [229], "once for all")
        // A contact who has been through it does not begin anew; one who has come into the segment meanwhile
        // does.
        try box.owner.post("\(path)/enrollments/\(enrolled[0].id)/exit").ok()
        try box.owner.post("/v1/leads", lead(900, ["industry": "retail"])).ok(201)
        try box.owner.post("\(path)/enroll-matching", body).ok(202)
        try box.advance("PT1H")
        #expect(try box.owner.every("\(path)/enrollments").count == 230)
    }

    @Test func `a segment of contacts will do, a limit holds, and a foreign segment is unknown`() throws {
        let agency = try server.quietAgency(), box = try agency.sandbox()
        try box.readyToSend()
        let steps: JSON = [["channel": "task", "title": "Call", "text": "Hello."]]
        let sequence = try box.owner.post("/v1/sequences", ["name": "Calls", "steps": steps]).ok(201)
        for number in 0..<5 { try box.owner.post("/v1/leads", lead(number)).ok(201) }
        let people = try segment(box.owner, ["all": []], of: "contacts")
        let path = "/v1/sequences/\(sequence.id)/enroll-matching"
        try box.owner.post(path, ["segment_id": .string(people.id), "limit": 3]).ok(202)
        try box.advance("PT1H")
        #expect(try box.owner.every("/v1/sequences/\(sequence.id)/enrollments").count == 3)
        let foreign = try segment(agency.owner, ["all": []])
        for id in [foreign.id, "seg_x"] {
            let faults = try box.owner.post(path, ["segment_id": .string(id)]).faults()
            #expect(faults == ["/segment_id": "unknown_reference"])
        }
        #expect(try box.owner.post(path, [:]).faults() == ["/filter": "required"])
        let both: JSON = ["segment_id": .string(people.id), "filter": ["status": "new"]]
        #expect(try box.owner.post(path, both).faults() == ["/segment_id": "conflict"])
    }

    @Test func `killed while a segment is enrolled, it goes on, and has everybody once`() throws {
        let own = try BureauProcess.start()
        let owner = try own.quietAgency().owner, count = 1600
        let steps: JSON = [["channel": "task", "delay": "P30D", "title": "Call", "text": "Hello."]]
        let sequence = try owner.post("/v1/sequences", ["name": "Calls", "steps": steps]).ok(201)
        for part in 0..<2 {
            let operations = (0..<count / 2).map { number -> JSON in
                ["op": "create", "body": lead(part * count / 2 + number)]
            }
            try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        }
        let everybody = try segment(owner, ["all": []])
        let path = "/v1/sequences/\(sequence.id)"
        func enrolled() throws -> Int64 { try owner.get("\(path)/figures").ok()["enrolled"]?.int ?? 0 }
        try owner.post("\(path)/enroll-matching", ["segment_id": .string(everybody.id)]).ok(202)
        for turn in 0..<3 {
            let before = try enrolled()
            let now = try eventually("more of them", every: .milliseconds(3)) { () -> Int64? in
                let now = try enrolled()
                return now > before || now == count ? now : nil
            }
            own.kill()
            #expect(turn > 0 || now < count, "it ended before it could be killed")
            try own.start()
        }
        let told = try eventually("the end") {
            try owner.every("/v1/events?type=sequence.enrolled").first
        }
        #expect(told["data"]?["enrolled"]?.int == Int64(count))
        let all = try owner.every("\(path)/enrollments")
        #expect(all.count == count && Set(all.map { $0.text("contact_id") }).count == count)
        #expect(try owner.every("/v1/events?type=sequence.enrolled").count == 1)
    }
}
