import JSON
import Testing

/// Clients see the work for them, and act on it.
@Suite(.ownThread) struct PortalWork {
    let server = BureauProcess.shared

    @Test func `a deliverable shows itself after its review, and nothing of how it was judged`() throws {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme")
        let project = try agency.owner.project(client.record)
        let draft = try agency.submitted(project, "Logo")
        let path = "/v1/portal/deliverables/\(draft.id)"
        try client.admin.get(path).problem(404)
        #expect(try client.admin.every("/v1/portal/deliverables").isEmpty)
        // A version that fails its review is the agency's affair, even when a later one comes through.
        _ = try agency.owner.step(draft, "review", ["passed": false, "notes": "sloppy"])
        try agency.owner.patch("/v1/deliverables/\(draft.id)", ["text": "Second try"]).ok()
        _ = try agency.owner.step(draft, "submit", ["notes": "hurried"])
        _ = try agency.owner.step(draft, "review", ["passed": true, "notes": "good enough"])
        let shown = try client.people["viewer"]!.get(path)
        let deliverable = try shown.ok()
        #expect(deliverable.text("text") == "Second try" && deliverable.text("status") == "with_client")
        #expect(deliverable["versions"]?.array?.count == 1)
        for word in ["First try", "sloppy", "hurried", "good enough", "quality", "reviewed_by", "score"] {
            #expect(!shown.text.contains(word), "it shows \(word)")
        }
        for query in ["fields=id,quality", "reviewed_by=x"] {
            #expect(try client.admin.get("/v1/portal/deliverables?\(query)").status == 400)
        }
        let waiting = try client.admin.get("/v1/portal/overview").ok()["waiting"]?.array ?? []
        #expect(waiting.map(\.id) == [draft.id] && waiting[0].text("action") == "approve")
        #expect(try client.people["billing"]!.get("/v1/portal/overview").ok()["waiting"] == [])
    }

    @Test func `a yes is said once, by who may, and is kept with who said it`() throws {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme")
        let project = try agency.owner.project(client.record)
        let ids = try ["Logo", "Text"].map { name in
            try agency.owner.step(try agency.submitted(project, name), "review", ["passed": true]).id
        }
        let approve = "/v1/portal/deliverables/\(ids[0])/approve"
        for role in ["viewer", "billing"] {
            try client.people[role]!.post(approve).problem(403, "forbidden")
        }
        let answers = try together(4) { _ in
            try server.caller(client.people["approver"]!.token).post(approve).status
        }
        #expect(answers.sorted() == [200, 409, 409, 409])
        let evidence = try agency.owner.get("/v1/deliverables/\(ids[0])").ok()["evidence"]
        let approver = try client.people["approver"]!.get("/v1/me").ok()["user"]
        #expect(evidence?["user_id"] == approver?["id"] && evidence?["name"] == approver?["name"])
        #expect(evidence?["on_behalf"] == false && evidence?["address"] != nil)
        let change = "/v1/portal/deliverables/\(ids[1])/request-changes"
        #expect(try client.admin.post(change, ["text": " "]).faults() == ["/text": "required"])
        #expect(
            try client.admin.post(change, ["text": "x", "evidence": "y"]).faults() == [
                "/evidence": "unknown_field"
            ])
        #expect(
            try client.admin.post(change, ["text": "Bigger"]).ok().text("status") == "changes_requested")
        try client.admin.post(change, ["text": "Bigger"]).problem(409, "invalid_transition")
        let actions = try client.admin.every("/v1/portal/activity")
        #expect(
            actions.map { $0.text("action") } == [
                "deliverable.changes_requested", "deliverable.approved", "deliverable.with_client",
                "deliverable.with_client",
            ])
        #expect(actions[0].text("why") == "Bigger")
        let told = try agency.owner.get("/v1/notifications").ok().items
        #expect(
            told.map { $0.text("kind") } == ["deliverable_changes_requested", "deliverable_approved"]
                && told[0].text("body") == "Bigger")
    }

    @Test func `a stale look at a deliverable decides nothing`() throws {
        let agency = try server.quietAgency()
        let client = try agency.portalClient("Acme", roles: ["admin"])
        let project = try agency.owner.project(client.record)
        let id = try agency.owner.step(try agency.submitted(project, "Logo"), "review", ["passed": true]).id
        let path = "/v1/portal/deliverables/\(id)"
        let tag = try #require(try client.admin.get(path).header("ETag"))
        try client.admin.post("\(path)/request-changes", ["text": "Bigger"]).ok()
        _ = try agency.owner.step(["id": .string(id)], "submit")
        _ = try agency.owner.step(["id": .string(id)], "review", ["passed": true])
        let late = try client.admin.request("POST", "\(path)/approve", headers: ["If-Match": tag])
        try late.problem(412, "version_mismatch")
        #expect(try client.admin.get(path).ok().text("status") == "with_client")
    }

    @Test func `files come with what they belong to, and in no other way`() throws {
        let agency = try server.quietAgency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["admin"]),
            try agency.portalClient("Beta", roles: ["admin"])
        )
        let project = try agency.owner.project(acme.record)
        let (file, other) = (
            try agency.owner.file("logo.txt", "drawn"), try agency.owner.file("x.txt", "inside")
        )
        let made = try agency.owner.deliverable(project, ["files": [.string(file.id)]])
        for step in ["submit", "review"] {
            _ = try agency.owner.step(made, step, step == "review" ? ["passed": true] : nil)
        }
        let path = "/v1/portal/deliverables/\(made.id)/files"
        #expect(try acme.admin.get("\(path)/\(file.id)").text == "drawn")
        try acme.admin.get("\(path)/\(other.id)").problem(404)
        try beta.admin.get("\(path)/\(file.id)").problem(404)
        try acme.admin.get("/v1/portal/files/\(file.id)/content").problem(404)
        func document(_ visibility: String) throws -> String {
            try agency.owner.post(
                "/v1/documents",
                [
                    "client_id": .string(acme.id), "file_id": .string(file.id), "name": "Brief",
                    "visibility": .string(visibility),
                ]
            ).ok(201).id
        }
        let (shown, hidden) = (try document("client"), try document("agency"))
        #expect(try acme.admin.get("/v1/portal/documents/\(shown)/content").text == "drawn")
        try acme.admin.get("/v1/portal/documents/\(hidden)").problem(404)
        try acme.admin.get("/v1/portal/documents/\(hidden)/content").problem(404)
        #expect(try acme.admin.every("/v1/portal/documents").map(\.id) == [shown])
    }

    @Test func `tasks that are shared, reports that are ready, figures with their source`() throws {
        let agency = try server.quietAgency()
        let (acme, beta) = (
            try agency.portalClient("Acme", roles: ["viewer"]),
            try agency.portalClient("Beta", roles: ["viewer"])
        )
        let person = acme.people["viewer"]!
        let work = try agency.work(for: acme, "Site")
        _ = try agency.owner.task(work.project, "Talk about the budget")
        _ = try agency.owner.post("/v1/reports", ["client_id": .string(acme.id), "title": "Draft"]).ok(201)
        #expect(try person.every("/v1/portal/tasks").map { $0.text("title") } == ["Site"])
        #expect(try person.every("/v1/portal/tasks?project_id=\(work.project.id)").count == 1)
        let task = try person.get("/v1/portal/tasks/\(work.task.id)").ok()
        #expect(task["assignee_id"] == nil && task["tags"] == nil && task["estimate"] == nil)
        #expect(try person.get("/v1/portal/projects/\(work.project.id)").ok()["team"] == nil)
        #expect(try person.every("/v1/portal/reports").map { $0.text("title") } == ["Site"])
        let report = try person.get("/v1/portal/reports/\(work.report.id)").ok()
        #expect(report["sections"]?.array?.isEmpty == false)
        let page = try person.get("/v1/portal/reports/\(work.report.id).html")
        #expect(page.status == 200 && page.text.contains("Site"))
        #expect(
            try person.get("/v1/portal/reports/\(work.report.id).pdf").body.starts(with: Array("%PDF".utf8)))
        func figure(_ client: PortalClient, _ date: String, _ value: Int64) throws {
            try agency.owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "source": "google_ads", "metric": "clicks",
                    "date": .string(date), "value": .integer(value),
                ]
            ).ok(201)
        }
        try figure(acme, "2029-12-31", 1)
        try figure(acme, "2030-01-01", 5)
        try figure(acme, "2030-01-02", 7)
        try figure(beta, "2030-01-01", 99)
        let charts = try person.get("/v1/portal/metrics?from=2030-01-01&to=2030-01-31").ok()
        let points: JSON = [["date": "2030-01-01", "value": 5], ["date": "2030-01-02", "value": 7]]
        #expect(
            charts["data"] == [
                ["source": "google_ads", "metric": "clicks", "unit": nil, "points": points]
            ])
        for query in ["from=x", "from=2030-02-01&to=2030-01-01", "from=2001-01-01&to=2030-01-01", "metric=x"]
        {
            #expect(try person.get("/v1/portal/metrics?\(query)").status == 400, "\(query)")
        }
    }
}
