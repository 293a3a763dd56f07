import JSON
import Testing

/// Plans that only cost more, so that calls go on that would wait: they are proposed where such calls are worth it. The
/// sandboxes' clocks show noon of the fifth, and half of the day is to come.
@Suite(.ownThread) struct DearerPlans {
    let server = BureauProcess.shared

    /// A service of which so many calls cost nothing, and more than that twenty dollars.
    private func connect(_ box: SandboxCaller, free calls: Int64) throws -> JSON {
        try box.connectMail([
            "name": "Postmark",
            "plan": ["name": "Free", "included": .integer(calls), "limit": .integer(calls)],
            "plans": [["name": "Pro", "fee": dollars(20), "included": 1000]],
        ])
    }

    @Test func `a plan that only costs more is proposed where what its calls bring in is worth it`() throws {
        let box = try server.mailSandbox()
        let made = try connect(box, free: 215)
        try box.mail(0..<6)
        let (one, other) = (try box.reachedLead(11), try box.reachedLead(12))
        #expect(try box.proposals().isEmpty, "nothing was won")
        // Of 220 calls five would wait, and eight were made.
        try box.win(one, dollars(31))
        #expect(try box.proposals().isEmpty, "five calls are not worth what eight have brought in")
        try box.win(other, dollars(1))
        let found = try box.proposal(about: made)
        #expect(found.text("title") == "Move Postmark to the plan Pro" && found["saves"] == cents(0))
        let consequence = found.text("consequence")
        #expect(consequence.contains("The people reached with 8 calls in 30 days have bought for $32.00"))
        #expect(consequence.contains("so the calls that would wait are worth $20.00."))
    }

    @Test func `only what people have bought whom that service had reached before speaks for its plan`()
        throws
    {
        let box = try server.mailSandbox()
        let made = try connect(box, free: 101)
        try box.mail(0..<8)
        let stranger = try box.owner.post("/v1/leads", lead(11)).ok(201)
        try box.win(stranger, dollars(1000))
        #expect(try box.proposals().isEmpty, "no service had reached them")
        try box.advance("PT1H")
        try box.write(to: stranger)
        #expect(try box.proposals().isEmpty, "they had bought before")
        let second = try box.connectMail(["name": "Second", "priority": 1])
        try box.win(box.reachedLead(12), dollars(1000))
        #expect(try box.use(of: second)["month"]?["calls"] == 1)
        #expect(try box.proposals().isEmpty, "another service had reached them")
        try box.owner.patch("/v1/integrations/\(second.id)", ["status": "disabled"]).ok()
        try box.win(box.reachedLead(13), dollars(1000))
        #expect(try box.proposal(about: made).text("consequence").contains("have bought for $1,000.00"))
    }

    @Test func `what was won speaks for a plan for 30 days`() throws {
        let box = try server.mailSandbox()
        let made = try connect(box, free: 5)
        try box.win(box.reachedLead(11), dollars(1000))
        try box.advance(to: "2027-02-04T11:00:00.000Z")
        try box.mail(0..<8)
        #expect(try box.proposal(about: made).text("consequence").contains("have bought for $1,000.00"))
        // No call since: the log of calls is as it was.
        try box.advance("PT2H")
        #expect(try box.proposals().isEmpty)
    }
}
