import Addresses
import Templates
import Testing

@testable import Messages

@Suite struct SendingDomainTests {
    // MARK: How much may leave

    @Test(arguments: [(0, 20), (1, 30), (2, 45), (3, 67), (4, 100), (5, 150), (9, 757)])
    func `a new domain begins with 20 a day, and sends half as much again after each day of sending`(
        days: Int, limit: Int
    ) {
        #expect(DomainAllowance(1000, warmUpDays: days, .ok) == allowance(limit, true))
    }

    private func allowance(_ limit: Int, _ isWarmingUp: Bool) -> DomainAllowance {
        var allowance = DomainAllowance(limit, warmUpDays: nil, .ok)
        allowance.isWarmingUp = isWarmingUp
        return allowance
    }

    @Test func `once it may send what warm domains may, it is warm`() {
        #expect(DomainAllowance(1000, warmUpDays: 10, .ok) == allowance(1000, false))
        #expect(DomainAllowance(20, warmUpDays: 0, .ok) == allowance(20, false))
        #expect(DomainAllowance(1000, warmUpDays: .max, .ok) == allowance(1000, false))
        #expect(DomainAllowance(1000, warmUpDays: nil, .ok) == allowance(1000, false))
    }

    @Test func `what receivers dislike halves it, or ends it`() {
        #expect(DomainAllowance(1000, warmUpDays: nil, .slow).limit == 500)
        #expect(DomainAllowance(1000, warmUpDays: 0, .slow).limit == 10)
        #expect(DomainAllowance(1000, warmUpDays: 0, .stopped).limit == 0)
    }

    @Test(arguments: [
        (19, 19, 19, SendingDomain.Health.ok), (20, 0, 0, .ok), (20, 1, 0, .stopped), (100, 4, 0, .slow),
        (100, 5, 0, .stopped), (1000, 19, 0, .ok), (1000, 20, 0, .slow), (1000, 49, 0, .slow),
        (1000, 50, 0, .stopped), (1000, 0, 1, .slow), (1000, 0, 2, .slow), (1000, 0, 3, .stopped),
        (1001, 0, 1, .ok), (1001, 0, 3, .slow),
    ])
    func `a limit is met when it is reached, and few mails say nothing`(
        sent: Int, bounced: Int, complained: Int, health: SendingDomain.Health
    ) {
        let figures = DomainMetrics(sent: sent, bounced: bounced, complained: complained)
        #expect(figures.health.0 == health)
        #expect((figures.health.reason == nil) == (health == .ok))
    }

    // MARK: What is published

    private func spf(
        _ records: [String: [String]], unclear: Set<String> = [], wanted: [String] = ["include:a.example"]
    ) async -> DomainFinding.State {
        var lookups = DomainLookups()
        lookups.texts = { name in
            if unclear.contains(name) { return .unclear("no server answers") }
            return records[name].map { .found($0) } ?? .absent
        }
        var check = SPFCheck(lookups, wanted: wanted)
        return await check.find("d.example").state
    }

    @Test func `an SPF record is read through all that it includes`() async {
        let a = ["v=spf1 ip4:192.0.2.1 -all"]
        #expect(await spf(["d.example": ["v=spf1 include:a.example ~all"], "a.example": a]) == .ok)
        #expect(await spf(["d.example": ["V=SPF1 ?Include:A.example ~all", "x"], "a.example": a]) == .ok)
        let chain = [
            "d.example": ["v=spf1 redirect=b.example"], "b.example": ["v=spf1 include:a.example -all"],
        ]
        #expect(await spf(chain.merging(["a.example": a]) { $1 }) == .ok)
        #expect(await spf(["d.example": ["v=spf1 ip4:192.0.2.1 -all"]], wanted: ["ip4:192.0.2.1"]) == .ok)
        #expect(await spf(["d.example": ["v=spf1 mx -all"]], wanted: []) == .ok)
    }

    @Test
    func `one that is missing, doubled, open, unreadable or endless is told from one that cannot be seen`()
        async
    {
        #expect(await spf([:]) == .missing)
        #expect(await spf(["d.example": ["v=spf10 -all"]]) == .missing)
        #expect(await spf(["d.example": ["v=spf1 -all", "v=spf1 -all"]], wanted: []) == .wrong)
        #expect(await spf(["d.example": ["v=spf1 +all"]], wanted: []) == .wrong)
        #expect(await spf(["d.example": ["v=spf1 include:a.example -all"]]) == .wrong)
        #expect(await spf(["d.example": ["v=spf1 -all"]]) == .wrong)
        #expect(await spf(["d.example": ["v=spf1 include:d.example -all"]], wanted: []) == .wrong)
        #expect(await spf([:], unclear: ["d.example"]) == .unclear)
        #expect(
            await spf(["d.example": ["v=spf1 include:a.example -all"]], unclear: ["a.example"]) == .unclear)
        let wide = (0..<11).map { "a:h\($0).example" }.joined(separator: " ")
        #expect(await spf(["d.example": ["v=spf1 \(wide) -all"]], wanted: []) == .wrong)
    }

    @Test func `a finding that could not be made changes no status`() {
        func findings(_ state: DomainFinding.State) -> DomainFindings {
            let (ok, other) = (
                DomainFinding(state: .ok, explanation: .quoted("")),
                DomainFinding(state: state, explanation: .quoted(""))
            )
            return DomainFindings(spf: ok, dkim: other, dmarc: ok, mx: other, blocklists: nil)
        }
        #expect(findings(.unclear).status(after: .verified) == .verified)
        #expect(findings(.unclear).status(after: .unverified) == .unverified)
        #expect(findings(.missing).status(after: .verified) == .failing)
        #expect(findings(.wrong).status(after: .unverified) == .unverified)
        #expect(findings(.ok).status(after: .failing) == .verified)
    }

    @Test func `tags are told apart whatever stands around them`() {
        let tags = TagList("v=DKIM1 ; k=rsa;p = MIIB IjAN=; p=other; t")
        #expect(tags["v"] == "DKIM1" && tags["p"] == "MIIBIjAN=" && tags["t"] == nil)
    }
}
