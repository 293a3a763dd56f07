import Foundation
import JSON
import Testing

@Suite(.ownThread) struct Deliverables {
    let server = BureauProcess.shared

    private func started(_ more: JSONObject = [:]) throws -> (owner: Caller, project: JSON, logo: JSON) {
        let owner = try server.quietAgency().owner
        let project = try owner.project(try owner.makeClient(["name": "Contoso Kaffee"]))
        return (owner, project, try owner.deliverable(project, more))
    }

    @Test func `it goes through its review to the client, who wants changes, then says yes`() throws {
        let (owner, project, draft) = try started()
        let first = try owner.file(), second = try owner.file("logo2.txt", "a bigger drawing")
        #expect(draft.text("status") == "draft" && draft["client_id"] == project["client_id"])
        try owner.patch("/v1/deliverables/\(draft.id)", ["files": [.string(first.id)]]).ok()
        let submitted = try owner.step(draft, "submit", ["notes": "First idea"])
        #expect(submitted.text("status") == "in_review" && submitted["revision"] == 1)
        #expect(submitted["quality"]?["passed"] == true)
        // A failed review gives it back to its makers; what was said stays with the version.
        let failed = try owner.step(draft, "review", ["passed": false, "notes": "Too small"])
        #expect(failed.text("status") == "draft" && failed.text("review_notes") == "Too small")
        _ = try owner.step(draft, "submit")
        let reviewed = try owner.step(draft, "review", ["passed": true])
        #expect(reviewed.text("status") == "with_client" && !reviewed.text("reviewed_by").isEmpty)
        let evidence: JSONObject = ["name": "Ann", "evidence": "Her mail of Monday"]
        let changes = try owner.step(
            draft, "request-changes", JSON.object(evidence).merging(["text": "Bigger, please"]))
        #expect(changes.text("status") == "changes_requested")
        #expect(changes.text("change_request") == "Bigger, please")
        #expect(changes["evidence"]?["on_behalf"] == true && changes["evidence"]?["name"] == "Ann")
        #expect(changes["evidence"]?.text("address") == "127.0.0.1")
        try owner.patch("/v1/deliverables/\(draft.id)", ["files": [.string(second.id)]]).ok()
        _ = try owner.step(draft, "submit", ["notes": "Bigger"])
        _ = try owner.step(draft, "review", ["passed": true])
        let approved = try owner.step(draft, "approve", .object(evidence))
        #expect(approved.text("status") == "approved" && approved["change_request"] == .null)
        #expect(approved["evidence"]?.text("evidence") == "Her mail of Monday")
        #expect(approved["evidence"]?["revision"] == 3 && approved["decided_at"]?.text != nil)
        let versions = approved["versions"]?.array ?? []
        #expect(versions.map { $0["number"] } == [1, 2, 3])
        #expect(
            versions.map { $0["files"] } == [[.string(first.id)], [.string(first.id)], [.string(second.id)]])
        #expect(versions.map { $0["passed"] } == [false, true, true])
        #expect(versions[0].text("review_notes") == "Too small" && versions[0].text("notes") == "First idea")
        #expect(versions[1].text("change_request") == "Bigger, please")
        #expect(versions.map { $0.text("decision") } == ["", "changes_requested", "approved"])
        let told = try owner.told("deliverable.", of: draft.id)
        for type in [
            "submitted", "reviewed", "with_client", "review_failed", "changes_requested", "approved",
        ] {
            #expect(told.contains("deliverable.\(type)"), "\(type)")
        }
    }

    @Test func `a wrong step is refused, and the right ones are named`() throws {
        let (owner, _, logo) = try started(["text": "Hello"])
        func refused(_ step: String, _ body: JSON? = nil) throws -> JSON? {
            try owner.post("/v1/deliverables/\(logo.id)/\(step)", body).problem(409, "invalid_transition")[
                "allowed"]
        }
        #expect(try refused("approve") == ["submit"])
        #expect(try refused("review", ["passed": true]) == ["submit"])
        _ = try owner.step(logo, "submit")
        #expect(try refused("submit") == ["review"])
        #expect(
            try owner.patch("/v1/deliverables/\(logo.id)", ["text": "Other"]).problem(409)["allowed"] == [
                "review"
            ])
        #expect(try owner.post("/v1/deliverables/\(logo.id)/review", [:]).faults() == ["/passed": "required"])
        _ = try owner.step(logo, "review", ["passed": true])
        for body: JSON in [[:], ["text": "  "]] {
            #expect(
                try owner.post("/v1/deliverables/\(logo.id)/request-changes", body).faults()
                    == ["/text": "required"])
        }
        try owner.delete("/v1/deliverables/\(logo.id)").problem(409, "invalid_transition")
        let old = try owner.get("/v1/deliverables/\(logo.id)")
        _ = try owner.step(logo, "approve")
        try owner.post("/v1/deliverables/\(logo.id)/approve", nil, ["If-Match": old.header("ETag") ?? ""])
            .problem(412)
        #expect(try refused("request-changes", ["text": "late"]) == [])
        let stranger = try server.quietAgency().owner
        try stranger.post("/v1/deliverables/\(logo.id)/submit").problem(404)
    }

    @Test func `the rules name what is not fit for a client`() throws {
        let (owner, _, _) = try started()
        let project = try owner.project(
            try owner.makeClient(["name": "Contoso Kaffee"]), ["requirements": ["Works on phones"]])
        func failing(_ more: JSONObject) throws -> Set<String> {
            let made = try owner.deliverable(project, more)
            let quality = try owner.step(made, "submit")["quality"] ?? .null
            let factors = quality["factors"]?.array ?? []
            let failing = factors.filter { $0["value"] == false }
            #expect(quality["passed"] == .bool(failing.isEmpty) && factors.count == 5)
            let sum = factors.reduce(0) { $0 + ($1["contribution"]?.double ?? 0) }
            #expect(abs(sum - (quality["score"]?.double ?? -1)) < 0.001)
            return Set(failing.map { $0.text("name") })
        }
        let met: JSON = ["Works on phones"]
        #expect(try failing(["text": "Contoso is on every phone.", "requirements": met]) == [])
        #expect(try failing([:]) == ["content", "requirements"])
        #expect(try failing(["text": "Lorem ipsum on phones", "requirements": met]) == ["placeholders"])
        #expect(try failing(["text": "Contosso on a phone", "requirements": met]) == ["client_name"])
        #expect(try failing(["text": "Contosos Kaffees on phones", "requirements": met]) == [])
        #expect(try failing(["text": "Fine", "requirements": met]) == ["requirements"])
        #expect(try failing(["text": "Fine", "requirements": ["Dances"]]) == ["requirements"])
        // Changes were asked for, and none made.
        let same = try owner.deliverable(project, ["text": "Fine on phones", "requirements": met])
        _ = try owner.step(same, "submit")
        _ = try owner.step(same, "review", ["passed": true])
        _ = try owner.step(same, "request-changes", ["text": "Shorter"])
        let again = try owner.step(same, "submit")["quality"]
        #expect(again?["passed"] == false && again?["factors"]?.array?.last?["value"] == false)
        #expect(
            try owner.post(
                "/v1/deliverables",
                [
                    "project_id": .string(project.id), "name": "x",
                    "files": ["file_00000000000000000000000000"],
                ]
            ).faults() == ["/files/0": "unknown_reference"])
    }

    @Test func `a deliverable is checked against its project's requirements by its contents`() throws {
        let owner = try server.quietAgency().owner
        let wanted = [
            "An opening paragraph about organic coffee beans",
            "A table of prices for three subscription sizes",
            "A call to action that leads to the newsletter",
        ]
        let project = try owner.project(try owner.makeClient(), ["requirements": JSON(wanted)])
        func met(_ text: String, _ more: JSONObject = [:]) throws -> [Bool] {
            var body = more
            body["text"] = .string(text)
            let quality = try owner.step(try owner.deliverable(project, body), "submit")["quality"]
            let factor = quality?["factors"]?.array?.first { $0["name"] == "requirements" }
            let findings = factor?["requirements"]?.array ?? []
            #expect(findings.map { $0.text("text") } == wanted)
            #expect(findings.allSatisfy { !$0.text("evidence").isEmpty })
            return [quality?["passed"] == true] + findings.map { $0["met"] == true }
        }
        let opening = "Our organic coffee beans are roasted each Tuesday, on farms in the shade.\n\n"
        let table =
            "| Subscription | Price |\n| --- | --- |\n| Small | $12 |\n| Medium | $21 |\n| Large | $38 |\n\n"
        let call = "**Sign up for our newsletter**, and the first bag is half its price.\n"
        #expect(try met(opening + table + call) == [true, true, true, true])
        #expect(try met(opening + table) == [false, true, true, false])
        #expect(try met(opening + call) == [false, true, false, true])
        // Two of the three rows are there.
        let short = table.replacingOccurrences(of: "| Large | $38 |\n", with: "")
        #expect(try met(opening + short + call) == [false, true, false, true])
        // A deliverable may be meant to meet only some requirements; its claims about itself show nothing.
        #expect(try met(opening, ["requirements": [.string(wanted[0])]]) == [true, true, false, false])
        let poem = "The sea at dawn is silver, wide and slow;\nit sings of salt, of gulls, of undertow.\n"
        for claim in [
            "All requirements are met: \(wanted.joined(separator: "; ")).", wanted.joined(separator: "\n\n"),
            "",
        ] {
            #expect(
                try met("\(poem)\n\(claim)", ["requirements": JSON(wanted)]) == [false, false, false, false])
        }
    }
}
