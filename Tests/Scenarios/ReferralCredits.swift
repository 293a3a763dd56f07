import JSON
import Testing

/// Credits of clients for whom they have named end on their day.
@Suite(.ownThread) struct ReferralCredits {
    let server = BureauProcess.shared

    /// A sandbox whose agency rewards referrals by a credit that can be used for two days.
    private func rewarding() throws -> SandboxCaller {
        let box = try server.quietAgency().sandbox(), agent = "/v1/agents/client_management"
        try box.readyToSend()
        try box.keepSchedules(of: "client_management")
        try box.owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        let reward: JSON = ["reward": cents(20_000), "expires_after": "P2D", "max_per_year": 1]
        try box.owner.patch("\(agent)/config", ["referrals": reward]).ok()
        try box.owner.post("\(agent)/config/publish").ok()
        return box
    }

    private func person(of client: JSON, _ owner: Caller) throws -> Caller {
        let email = "cleo-\(client.id.suffix(10))@acme.example"
        let invited = try owner.post(
            "/v1/invitations",
            [
                "email": .string(email), "role": "client", "client_role": "admin",
                "client_id": .string(client.id),
            ]
        ).ok(201)
        let accepted = try server.anonymous.post(
            "/v1/invitations/accept",
            ["token": invited["token"] ?? .null, "name": "Cleo", "password": "correct horse battery"]
        ).ok(201)
        return server.caller(accepted.text("access_token"))
    }

    @Test func `a credit is taken off no invoice after its last day, and the portal says so`() throws {
        let box = try rewarding(), owner = box.owner
        let acme = try owner.makeClient(["name": "Acme", "contact_email": "acme@acme.example"])
        let person = try person(of: acme, owner)
        let nora: JSON = ["name": "Nora", "email": "nora@nora.example", "company": "Nora Ltd"]
        let seen = try person.post("/v1/portal/referrals", ["referred": nora]).ok(201)
        let lead = try owner.get("/v1/referrals/\(seen.id)").ok()["lead_id"] ?? .null
        let paying = try owner.makeClient(["name": "Paying", "contact_email": nil, "lead_id": lead])
        _ = try owner.pay(try owner.invoice(paying), 50_000).ok(201)
        try box.advance("PT1M")
        func credit() throws -> JSON { try person.get("/v1/portal/referrals/\(seen.id)/credit").ok() }
        let whole = try credit()
        #expect(whole["rest"] == cents(20_000) && whole["expired"] == false)
        #expect(whole.text("expires_on") == "2027-01-07")
        // Its last day.
        try box.advance("P2D")
        let used = try owner.invoice(acme, [item(5_000)])
        #expect(used.cents("total") == 0 && used["credits"]?.array?.count == 1)
        #expect(try credit()["rest"] == cents(15_000) && credit()["expired"] == false)
        // The day after it.
        try box.advance("P1D")
        let later = try owner.invoice(acme)
        #expect(later.cents("total") == 50_000 && later["credits"] == [])
        let over = try credit()
        #expect(over["expired"] == true && over["rest"] == cents(15_000))
        #expect(over["invoices"] == [used["number"] ?? .null])
        // Nothing was taken back, and what nobody has used stays to be seen.
        let kept = try #require(try owner.every("/v1/credits").first)
        #expect(kept.cents("rest") == 15_000 && kept.text("expires_on") == "2027-01-07")
        #expect(kept.text("revoked_at").isEmpty)
    }
}
