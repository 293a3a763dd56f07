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
}
