import JSON
import Testing

/// Contacts between their merge and its undoing: more merges, their own word, and what goes meanwhile.
@Suite(.ownThread) struct RepeatedMerges {
    private let owner: Caller, agency: Agency

    init() throws {
        agency = try BureauProcess.shared.quietAgency()
        owner = agency.owner
    }

    private func contact(_ name: String, _ more: JSON = [:]) throws -> String {
        try owner.post(
            "/v1/contacts", more.merging(["name": .string(name), "email": .string("\(name)@one.example")])
        ).ok(201).id
    }

    private func read(_ contact: String) throws -> JSON { try owner.get("/v1/contacts/\(contact)").ok() }

    private func merge(_ gone: String, into kept: String, of kind: String = "contacts") throws -> String {
        try owner.post("/v1/\(kind)/\(kept)/merge", ["merge": [.string(gone)]]).ok().text("merge_id")
    }

    private func undo(_ merge: String, of kind: String = "contacts") throws {
        try owner.post("/v1/\(kind)/merges/\(merge)/undo").ok()
    }

    private func suppress(_ name: String) throws -> Answer {
        try owner.post(
            "/v1/suppressions", ["address": .string("\(name)@one.example"), "reason": "unsubscribe"])
    }

    private func isSuppressed(_ name: String) throws -> Bool {
        try !owner.every("/v1/suppressions?address=\(name)@one.example").isEmpty
    }

    @Test func `what two have objected to holds until both merges are undone`() throws {
        let kept = try contact("kept")
        let both = try ["first", "second"].map { name in
            try contact(name, ["do_not_contact": true, "phone": "+14155552671", "tags": ["t"]])
        }
        for (person, status) in both.map({ ($0, "withdrawn") }) + [(kept, "granted")] {
            try owner.post(
                "/v1/consents",
                [
                    "contact_id": .string(person), "status": .string(status), "purpose": "profiling",
                    "source": "form",
                ]
            ).ok(201)
        }
        for name in ["first", "second"] { try suppress(name).ok(201) }
        /// Whether the kept contact still has what the others had, one by one.
        func held() throws -> [Bool] {
            let now = try read(kept)
            let words = try owner.every("/v1/consents?contact_id=\(kept)")
            return [
                now["do_not_contact"] == true, now["phone"] == "+14155552671", now["tags"] == ["t"],
                try isSuppressed("kept"), words.contains { $0.text("source") == "merge of contacts" },
            ]
        }
        let all = [true, true, true, true, true], none = [false, false, false, false, false]
        for order in [[0, 1], [1, 0]] {
            let merges = try both.map { try merge($0, into: kept) }
            #expect(try held() == all)
            try undo(merges[order[0]])
            #expect(try held() == all, "\(order)")
            try undo(merges[order[1]])
            #expect(try held() == none, "\(order)")
        }
    }

    @Test func `a merge that is sent again under its key happens once, and its key does no other`() throws {
        let people = try ["kept", "gone", "other"].map { try contact($0) }
        let path = "/v1/contacts/\(people[0])/merge", key = ["Idempotency-Key": "merge-once"]
        let answers = try (0..<2).map { _ in
            try owner.post(path, ["merge": [.string(people[1])]], key)
        }
        #expect(try answers[0].ok() == answers[1].ok() && answers[0].body == answers[1].body)
        #expect(answers.map { $0.header("Idempotency-Replayed") } == [nil, "true"])
        try owner.post(path, ["merge": [.string(people[2])]], key).problem(422, "idempotency_key_reused")
        #expect(try read(people[2]).text("name") == "other")
        let audit = try owner.every("/v1/audit?subject_id=\(people[0])")
        #expect(audit.count { $0["action"] == "contact.merged" } == 1)
        #expect(try owner.every("/v1/events?type=contact.deleted").map { $0["subject"]?.id } == [people[1]])
        // Under a key of its own it is another merge, of somebody who is there no more.
        let again = try owner.post(path, ["merge": [.string(people[1])]], ["Idempotency-Key": "again"])
        #expect(try again.faults() == ["/merge/0": "unknown_reference"])
    }

    @Test(arguments: ["contacts", "companies", "leads"])
    func `an undo that is sent again is done once, with its key or without`(_ kind: String) throws {
        let isLead = kind == "leads", path = "/v1/\(kind)"
        let ids = try [("Kept", [:]), ("Gone", ["notes": "Theirs"])].map { (name: String, more: JSON) in
            try owner.post(path, more.merging([isLead ? "company" : "name": .string(name)])).ok(201).id
        }
        let merged = try owner.post(
            isLead ? "\(path)/merge" : "\(path)/\(ids[0])/merge",
            isLead ? ["keep": .string(ids[0]), "merge": [.string(ids[1])]] : ["merge": [.string(ids[1])]]
        ).ok()
        let undo = "\(path)/merges/\(merged.text("merge_id"))/undo", key = ["Idempotency-Key": "undo-once"]
        let answers = try (0..<2).map { _ in try owner.post(undo, nil, key) }
        #expect(try answers[0].ok() == answers[1].ok() && answers[0].body == answers[1].body)
        #expect(answers.map { $0.header("Idempotency-Replayed") } == [nil, "true"])
        for headers in [[:], ["Idempotency-Key": "another"]] as [[String: String]] {
            let refusal = try owner.post(undo, nil, headers).problem(409, "conflict")
            #expect(refusal.text("detail") == "The merge has already been undone.")
        }
        #expect(try Set(owner.every(path).map(\.id)) == Set(ids))
        for (id, notes) in zip(ids, [nil, "Theirs"] as [JSON]) {
            #expect(try owner.get("\(path)/\(id)").ok()["notes"] == notes)
            let audit = try owner.every("/v1/audit?subject_id=\(id)").map { $0.text("action") }
            #expect(audit.count { $0.hasSuffix(".unmerged") } == 1, "\(audit)")
        }
    }

    @Test func `an own word that comes after a merge outlasts it`() throws {
        let (kept, gone) = (try contact("kept"), try contact("gone"))
        try suppress("gone").ok(201)
        let merged = try merge(gone, into: kept)
        try suppress("kept").ok(201)
        try suppress("kept").problem(409)
        try undo(merged)
        #expect(try isSuppressed("kept") && isSuppressed("gone"))
    }

    @Test func `a new lead with a merged contact's address is the kept contact's`() throws {
        let (kept, gone) = (try contact("kept"), try contact("gone", ["do_not_contact": true]))
        let merged = try merge(gone, into: kept)
        let lead = try owner.post("/v1/leads", ["company": "One", "email": "gone@one.example"]).ok(201)
        #expect(lead.text("contact_id") == kept)
        // The lead came after the merge: it stays where it is, and the next one is the other's again.
        try undo(merged)
        #expect(try owner.get("/v1/leads/\(lead.id)").ok().text("contact_id") == kept)
        let next = try owner.post("/v1/leads", ["company": "Two", "email": "gone@one.example"]).ok(201)
        #expect(next.text("contact_id") == gone)
    }

    /// The end of an import of a merged contact's row.
    private func bringIn(_ kind: String = "contacts", _ dedupe: String = "skip") throws -> JSON {
        let file = Array("name,email,title,company\nGone,gone@one.example,Boss,One\n".utf8)
        return try agency.finished(
            owner.post("/v1/\(kind)/import?dedupe=\(dedupe)", raw: file, type: "text/csv"))
    }

    @Test func `a merged contact's address is the kept one's, in files, the portal and clients`() throws {
        let (kept, gone) = (try contact("kept"), try contact("gone"))
        let merged = try merge(gone, into: kept)
        #expect(try counts(bringIn()) == [0, 0, 1, 0])
        #expect(try counts(bringIn("contacts", "update")) == [0, 1, 0, 0])
        let now = try read(kept)
        #expect(now["title"] == "Boss" && now["email"] == "kept@one.example")
        let client = try owner.post(
            "/v1/clients", ["name": "Client", "contact_email": "gone@one.example"]
        ).ok(201)
        #expect(client.text("contact_id") == kept)
        _ = try agency.clientPerson(of: client, email: "gone@one.example")
        #expect(try read(kept).text("client_id") == client.id)
        #expect(try owner.every("/v1/contacts").map(\.id) == [kept])
        // Somebody who is entered by hand is new, and the answer names who had the address.
        let body: JSON = ["name": "Gone", "email": "gone@one.example"]
        let new = try owner.post("/v1/contacts", body).ok(201)
        #expect(new.text("duplicate_of") == kept)
        try owner.delete("/v1/contacts/\(new.id)").ok(204)
        try undo(merged)
        #expect(try owner.post("/v1/contacts", body).ok(201).text("duplicate_of") == gone)
    }

    @Test func `who wants no data collected is left alone under a merged contact's address, too`() throws {
        let (kept, gone) = (try contact("kept"), try contact("gone"))
        try owner.post(
            "/v1/consents",
            [
                "contact_id": .string(gone), "status": "withdrawn", "purpose": "data_collection",
                "source": "form",
            ]
        ).ok(201)
        _ = try merge(gone, into: kept)
        for kind in ["contacts", "leads"] {
            let state = try bringIn(kind, "update")
            #expect(state["created"] == 0 && state["updated"] == 0, "\(state.serialized)")
            let errors = try owner.get("/v1/imports/\(state.id)/errors").text
            #expect(errors.contains("no_consent"), "\(errors)")
        }
    }

    @Test func `an address that a deleted contact had by a merge is free for the next merge`() throws {
        let first = try contact("first")
        _ = try merge(contact("gone"), into: first)
        try owner.delete("/v1/contacts/\(first)").ok(204)
        let second = try contact("second")
        _ = try merge(contact("gone"), into: second)
        let lead = try owner.post("/v1/leads", ["company": "One", "email": "gone@one.example"]).ok(201)
        #expect(lead.text("contact_id") == second)
    }

    @Test func `who comes back names the company that theirs has become, and nothing that is gone`() throws {
        func company(_ name: String) throws -> String {
            try owner.post("/v1/companies", ["name": .string(name)]).ok(201).id
        }
        let client = try owner.post("/v1/clients", ["name": "Client"]).ok(201).id
        let (old, new, kept) = (try company("Old"), try company("New"), try contact("kept"))
        let gone = try contact("gone", ["company_id": .string(old), "client_id": .string(client)])
        let merged = try merge(gone, into: kept)
        try owner.patch("/v1/contacts/\(kept)", ["client_id": nil, "company_id": nil]).ok()
        try owner.delete("/v1/clients/\(client)").ok(204)
        let companies = try merge(old, into: new, of: "companies")
        try undo(merged)
        #expect(try read(gone).text("company_id") == new && read(gone)["client_id"] == .null)
        try undo(companies, of: "companies")
        #expect(try read(gone).text("company_id") == old)
    }

    @Test func `a merge is undone by a colleague of all clients, and the kept one is nobody's again`() throws
    {
        let client = try owner.post("/v1/clients", ["name": "Client"]).ok(201).id
        let (kept, gone) = (try contact("kept"), try contact("gone", ["client_id": .string(client)]))
        let merged = try merge(gone, into: kept)
        let colleague = try agency.colleague("member", limitedTo: client)
        try colleague.get("/v1/contacts/\(kept)").ok()
        try colleague.post("/v1/contacts/merges/\(merged)/undo").problem(403)
        try undo(merged)
        #expect(try read(kept)["client_id"] == .null && read(gone).text("client_id") == client)
        try colleague.get("/v1/contacts/\(kept)").problem(404)
    }
}
