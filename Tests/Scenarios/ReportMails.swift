import JSON
import Testing

/// A report whose mail waits for a person is fixed until it is decided about.
@Suite(.ownThread) struct ReportMails {
    let server = BureauProcess.shared

    /// The report of a client, whose mail waits for a yes.
    private func asked(_ sandbox: SandboxCaller) throws -> (report: JSON, approval: JSON) {
        let owner = sandbox.owner
        try sandbox.readyToSend()
        try owner.patch("/v1/agents/client_management", ["state": "active", "autonomy": "approve"]).ok()
        let client = try owner.makeClient(["contact_email": "jane@client.example"])
        try owner.patch("/v1/clients/\(client.id)", ["status": "active"]).ok()
        try sandbox.advance(to: "2027-02-02T00:00:00Z")
        let report = try #require(try owner.every("/v1/reports").first)
        #expect(report.text("status") == "ready" && report["sent_at"] == .null)
        let pending = try owner.every("/v1/approvals?status=pending")
        #expect(pending.map { $0.text("agent") } == ["client_management"])
        return (report, try #require(pending.first))
    }

    @Test func `a report whose mail is approved is sent when it leaves, and fixed until then`() throws {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        let (ready, approval) = try asked(sandbox), path = "/v1/reports/\(ready.id)"
        try owner.patch(path, ["summary": "Else"]).problem(409, "conflict")
        try owner.post("\(path)/send").problem(409, "conflict")
        try owner.delete(path).problem(409, "conflict")
        try owner.post("/v1/approvals/\(approval.id)/approve").ok()
        try sandbox.advance("PT1M")
        let sent = try owner.get(path).ok()
        #expect(sent.text("status") == "sent" && sent["sent_at"] != .null)
        #expect(sent["message_id"] == ready["message_id"])
        #expect(try owner.get("/v1/messages/\(sent.text("message_id"))").ok().text("status") == "sent")
        #expect(try owner.told("report.sent").count == 1)
    }

    @Test func `a report whose mail is rejected says so, and a person may still send it`() throws {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        let (ready, approval) = try asked(sandbox), path = "/v1/reports/\(ready.id)"
        try owner.post("/v1/approvals/\(approval.id)/reject", ["reason": "Too short."]).ok()
        try sandbox.advance("PT1M")
        let rejected = try owner.get(path).ok()
        #expect(rejected.text("status") == "rejected" && rejected["message_id"] == .null)
        #expect(try owner.told("report.rejected").count == 1 && owner.told("report.sent").isEmpty)
        #expect(try owner.get("/v1/messages/\(ready.text("message_id"))").ok().text("status") == "cancelled")
        try owner.patch(path, ["summary": "All went as planned."]).ok()
        try owner.post("\(path)/send").ok()
        try sandbox.advance("PT1M")
        let sent = try owner.get(path).ok()
        let mail = try owner.get("/v1/messages/\(sent.text("message_id"))").ok()
        #expect(sent.text("status") == "sent" && mail.text("status") == "sent")
        #expect(mail.id != ready.text("message_id") && mail.text("text").contains("All went as planned."))
    }

    @Test(arguments: [true, false])
    func `a report whose mail is forgotten with its recipient or by its age is free again`(
        _ isErased: Bool
    ) throws {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        let (ready, approval) = try asked(sandbox), path = "/v1/reports/\(ready.id)"
        if isErased {
            try owner.post("/v1/privacy/erase", ["email": "jane@client.example"]).ok()
        } else {
            try owner.patch("/v1/settings", ["retention": ["message_days": 1]]).ok()
            try sandbox.advance("P1D")
        }
        #expect(try owner.get("/v1/messages/\(ready.text("message_id"))").ok().text("status") == "cancelled")
        #expect(try owner.get("/v1/approvals/\(approval.id)").ok().text("status") == "withdrawn")
        let left = try owner.get(path).ok()
        #expect(left.text("status") == "ready" && left["message_id"] == .null)
        try owner.patch(path, ["summary": "Else"]).ok()
        try owner.delete(path).ok(204)
    }

    @Test func `a report about whose mail nobody decides is ready to be sent by a person`() throws {
        let sandbox = try server.quietAgency().sandbox(), owner = sandbox.owner
        let (ready, approval) = try asked(sandbox), path = "/v1/reports/\(ready.id)"
        try sandbox.advance("P4D")
        #expect(try owner.get("/v1/approvals/\(approval.id)").ok().text("status") == "expired")
        let left = try owner.get(path).ok()
        #expect(left.text("status") == "ready" && left["message_id"] == .null)
        #expect(try owner.post("\(path)/send").ok().text("status") == "sent")
    }
}
