import JSON
import StandIns
import Testing

/// Nobody is written to because an agency has leads: it says itself when that begins.
@Suite(.ownThread) struct NurtureStart {
    let server = BureauProcess.shared

    @Test func `it is off in a new agency, and begins with the leads that there are once it is switched on`()
        throws
    {
        let box = try server.signUp().sandbox(startAt: SandboxCaller.nurtureStart), owner = box.owner
        let path = "/v1/agents/lead_nurturing"
        #expect(try owner.get(path).ok().text("state") == "disabled")
        #expect(try owner.get("\(path)/config").ok()["values"]?["holdout_percent"] == 5)
        let old = try box.makeLead(1)
        try box.advance("P2D")
        #expect(try owner.every("/v1/messages?direction=outbound").isEmpty)
        #expect(try owner.every("/v1/enrollments").isEmpty && owner.every("/v1/approvals").isEmpty)
        try box.readyToSend()
        try owner.patch("\(path)/config", ["holdout_percent": 0]).ok()
        try owner.post("\(path)/config/publish").ok()
        try owner.patch(path, ["state": "active", "autonomy": "autopilot"]).ok()
        let new = try box.makeLead(2)
        try box.advance("P3D")
        #expect(try box.mails(of: box.touches(of: new)) == ["welcome"])
        #expect(try box.mails(of: box.touches(of: old)) == ["education"], "known too long for a welcome")
    }

    @Test func `whoever is reached by text alone is kept in touch with there, as far as it is short enough`()
        throws
    {
        let box = try server.nurturing(), owner = box.owner
        let phoned = try box.makeLead(1, ["email": nil, "phone": "+15550000021"])
        let silent = try box.makeLead(2, ["email": nil, "phone": "+15550000022"])
        try owner.post(
            "/v1/consents",
            [
                "contact_id": phoned["contact_id"] ?? .null, "channel": "sms", "source": "web form",
                "lawful_basis": "consent",
            ]
        ).ok(201)
        let templates = try owner.every("/v1/templates?kind=nurture")
        let education = try #require(templates.first { $0.text("name") == "Nurture: education" })
        try owner.patch(
            "/v1/templates/\(education.id)", ["body": .string(String(repeating: "x", count: 1601))]
        ).ok()
        try box.advance("P5D")
        let touches = try box.touches(of: phoned)
        #expect(touches.map { $0.text("channel") } == ["sms", "sms"])
        #expect(try box.mails(of: touches) == ["welcome", "demo"])
        #expect(touches.allSatisfy { $0.text("text").hasSuffix("Reply STOP to get no more.") })
        #expect(try box.choice(of: phoned)["outcome"]?.text("sequence") == "new_lead")
        let history = try #require(try box.enrollment(of: phoned))["history"]?.array ?? []
        #expect(history.contains { $0["step"] == "education" && $0["code"] == "too_long" })
        // A stop there is one for all, since there is no other way.
        try owner.post(
            "/v1/suppressions", ["channel": "sms", "address": "+15550000021", "reason": "unsubscribe"]
        ).ok(201)
        #expect(try box.enrollment(of: phoned)?.text("exit_reason") == "unsubscribe")
        // Without consent a number is no way to them.
        #expect(try box.touches(of: silent).isEmpty)
        #expect(try box.choice(of: silent)["outcome"]?.text("reason") == "no_address")
    }
}
