import JSON
import Testing

/// An import is taken back as one: what it made goes, what it changed is as it was, what people did since stays.
@Suite(.ownThread) struct ImportUndo {
    let server = BureauProcess.shared

    private func undone(_ agency: Agency, _ state: JSON) throws -> JSON {
        let begun = try agency.owner.post("/v1/imports/\(state.id)/undo").ok(202)
        #expect(begun.text("status") == "undoing")
        return try eventually("the end of the undo") {
            let now = try agency.owner.get("/v1/imports/\(state.id)").ok()
            return now.text("status") == "undone" ? now : .none
        }
    }

    private func results(_ state: JSON) -> [Int64] {
        ["removed", "restored", "kept"].map { state[$0]?.int ?? -1 }
    }

    @Test func `leads that came in are archived, changed ones are set back, touched ones stay`() throws {
        let agency = try server.quietAgency()
        let known = try agency.makeLead(
            1,
            ["company": "Import 1", "email": "p1@import1.com", "website": "www.import1.com", "tags": ["a"]])
        let state = try agency.imported(
            csv(csvHeader, (1...4).map { csvRow($0, ["Employees": "7\($0)"]) }), query: "?dedupe=update")
        #expect(counts(state) == [3, 1, 0, 0])
        #expect(try agency.owner.get("/v1/leads/\(known.id)").ok()["employee_count"]?.int == 71)
        let leads = try agency.owner.every("/v1/leads")
        let touched = try #require(leads.first { $0.text("company") == "Import 3" })
        try agency.owner.patch("/v1/leads/\(touched.id)", ["notes": "We met."]).ok()
        let end = try undone(agency, state)
        #expect(results(end) == [2, 1, 1])
        let after = try agency.owner.get("/v1/leads/\(known.id)").ok()
        for name in ["company", "employee_count", "contact_name", "tags", "industry", "country"] {
            #expect(after[name] == known[name], "\(name)")
        }
        let left = try agency.owner.every("/v1/leads").filter { $0.text("status") != "archived" }
        #expect(Set(left.map(\.id)) == [known.id, touched.id])
        let changes = try agency.owner.every("/v1/imports/\(state.id)/changes")
        #expect(changes.map { $0.text("outcome") } == ["restored", "removed", "kept", "removed"])
        #expect(
            changes[2].text("reason") == "It was changed since." && changes[2].text("record_id") == touched.id
        )
        #expect(try agency.owner.every("/v1/imports/\(state.id)/changes?outcome=kept").count == 1)
        try agency.owner.post("/v1/imports/\(state.id)/undo").problem(409, "invalid_transition")
        #expect(try agency.owner.told("import.undone").count == 1)
    }

    @Test func `in a sandbox, whose clock stands still, what people did since stays, too`() throws {
        let agency = try server.quietAgency(), box = try agency.sandbox()
        try box.quieten()
        let file = csv(
            ["name", "email"], (1...3).map { ["Person \($0)", "person\($0)@contacts.example"] })
        let begun = try box.owner.post("/v1/contacts/import", raw: Array(file.utf8), type: "text/csv").ok(202)
        try box.advance("PT0S")
        #expect(counts(try box.owner.get("/v1/imports/\(begun.id)").ok()) == [3, 0, 0, 0])
        let touched = try #require(
            try box.owner.every("/v1/contacts").first { $0.text("name") == "Person 2" })
        try box.owner.patch("/v1/contacts/\(touched.id)", ["notes": "We met."]).ok()
        try box.owner.post("/v1/imports/\(begun.id)/undo").ok(202)
        try box.advance("PT0S")
        let end = try box.owner.get("/v1/imports/\(begun.id)").ok()
        #expect(end.text("status") == "undone" && results(end) == [2, 0, 1])
        #expect(try box.owner.every("/v1/contacts").map(\.id) == [touched.id])
        // A copy has no imports of the live agency, which cannot be undone there.
        let live = try agency.finished(
            agency.owner.post("/v1/contacts/import", raw: Array(file.utf8), type: "text/csv"))
        let copy = try agency.sandbox("live")
        try copy.owner.post("/v1/imports/\(live.id)/undo").problem(404, "not_found")
        #expect(try copy.owner.every("/v1/contacts").count == 3)
    }

    @Test func `contacts that came in go, unless something names them`() throws {
        let agency = try server.quietAgency()
        let file = csv(
            ["name", "email"], (1...3).map { ["Person \($0)", "person\($0)@contacts.example"] })
        let answer = try agency.owner.post("/v1/contacts/import", raw: Array(file.utf8), type: "text/csv")
        let state = try agency.finished(answer)
        #expect(counts(state) == [3, 0, 0, 0])
        #expect(results(try undone(agency, state)) == [3, 0, 0])
        #expect(try agency.owner.every("/v1/contacts").isEmpty)
    }

    @Test func `what a later import changed stays, until that is undone`() throws {
        let agency = try server.quietAgency()
        func imported(_ notes: String) throws -> JSON {
            try agency.imported(
                csv(["company", "email", "notes"], [["Acme", "ann@acme.example", notes]]),
                query: "?dedupe=update")
        }
        let (first, second, third) = (try imported("first"), try imported("second"), try imported("third"))
        let lead = try #require(try agency.owner.every("/v1/leads").first)
        #expect(results(try undone(agency, second)) == [0, 0, 1])
        #expect(results(try undone(agency, first)) == [0, 0, 1])
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("notes") == "third")
        #expect(results(try undone(agency, third)) == [0, 1, 0])
        #expect(try agency.owner.get("/v1/leads/\(lead.id)").ok().text("notes") == "second")

        let other = try server.quietAgency()
        func importedThere(_ name: String) throws -> JSON {
            let file = csv(["name", "email"], [[name, "ann@acme.example"]])
            return try other.finished(
                other.owner.post("/v1/contacts/import?dedupe=update", raw: Array(file.utf8), type: "text/csv")
            )
        }
        let (made, changed) = (try importedThere("Ann"), try importedThere("Anna"))
        #expect(results(try undone(other, changed)) == [0, 1, 0])
        #expect(results(try undone(other, made)) == [1, 0, 0])
    }

    @Test func `what an import itself changed in a later row is no reason to keep it`() throws {
        let agency = try server.quietAgency()
        let others = (1...600).map { ["Person \($0)", "person\($0)@contacts.example"] }
        let file = csv(
            ["name", "email"], [["Ann", "ann@acme.example"]] + others + [["Anna", "ann@acme.example"]])
        let state = try agency.finished(
            agency.owner.post("/v1/contacts/import?dedupe=update", raw: Array(file.utf8), type: "text/csv"))
        #expect(counts(state) == [601, 1, 0, 0])
        #expect(results(try undone(agency, state)) == [601, 1, 0])
        #expect(try agency.owner.every("/v1/contacts").isEmpty)
    }

    @Test func `an undo that is asked for at once by several, and killed in the middle, is done once`() throws
    {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency()
        let file = csv(
            ["name", "email"], (1...1500).map { ["Person \($0)", "person\($0)@contacts.example"] })
        let state = try agency.finished(
            agency.owner.post("/v1/contacts/import", raw: Array(file.utf8), type: "text/csv"))
        let answers = try together(6) { _ in try agency.owner.post("/v1/imports/\(state.id)/undo").status }
        #expect(answers.sorted() == [202, 409, 409, 409, 409, 409])
        try eventuallyTrue("the beginning of the undo", every: .milliseconds(1)) {
            try !agency.owner.get("/v1/imports/\(state.id)/changes?outcome=removed&limit=1").ok().items
                .isEmpty
        }
        try server.killAndRestart()
        let end = try eventually("the end of the undo") {
            let now = try agency.owner.get("/v1/imports/\(state.id)").ok()
            return now.text("status") == "undone" ? now : .none
        }
        #expect(results(end) == [1500, 0, 0])
        #expect(try agency.owner.get("/v1/contacts").ok().items.isEmpty)
        #expect(try agency.owner.told("import.undone").count == 1)
    }

    @Test func `an import that did nothing has nothing to undo, and others may not`() throws {
        let agency = try server.quietAgency()
        let state = try agency.imported(csv(csvHeader, [csvRow(1, ["Company": "", "E-Mail": "nobody"])]))
        try agency.owner.post("/v1/imports/\(state.id)/undo").problem(409, "invalid_transition")
        let done = try agency.imported(csv(csvHeader, [csvRow(2)]))
        try agency.colleague("viewer").post("/v1/imports/\(done.id)/undo").problem(403, "forbidden")
        try server.signUp().owner.post("/v1/imports/\(done.id)/undo").problem(404, "not_found")
    }
}
