import Agents
import Cryptography
import HTTPClient
import HTTPServer
import Integrations
import JSON
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

@Suite struct MailchimpTests {
    private let standIn: MailchimpStandIn
    private let mailchimp = Mailchimp(makeClient(), now: { MailRig.now }, deadline: .seconds(5))
    private let access: IntegrationAccess

    init() throws {
        standIn = try MailchimpStandIn()
        access = makeAccess(standIn.service.url, ["list_id": "L1"], ["api_key": standIn.apiKey])
    }

    @Test func `members are named by the hash of their address in lower case`() async throws {
        #expect(
            Hex.encode(MD5.hash(Array("urist.mcvankab@freddiesjerkybarn.com".utf8)))
                == "4e0565e084f0d62427b99b7ce53024ae")
        standIn["Ana.Lopez@Example.com"] = "subscribed"
        #expect(
            try await mailchimp.standing(of: "Ana.Lopez@Example.com", access, ConnectorCall()) == .subscribed)
        let path = standIn.service.requests.last?.target ?? ""
        #expect(path.hasPrefix("/3.0/lists/L1/members/54cc9e5067a6d9d0830adb6f599759be?"))
    }

    @Test func `an address is taken off the list, and nobody is put on it`() async throws {
        standIn["ann@x.example"] = "subscribed"
        #expect(try await mailchimp.unsubscribe("Ann@x.example", access, ConnectorCall()))
        #expect(standIn["ann@x.example"] == "unsubscribed")
        #expect(try await mailchimp.unsubscribe("bob@x.example", access, ConnectorCall()) == false)
        #expect(standIn["bob@x.example"] == nil)
        let bodies = standIn.service.requests.compactMap { try? JSONParser.parse($0.body)["status"]?.text }
        #expect(Set(bodies) == ["unsubscribed"])
    }

    @Test func `who has left or bounced is listed, page after page`() async throws {
        for number in 0..<501 { standIn["a\(number)@x.example"] = "unsubscribed" }
        standIn["b@x.example"] = "cleaned"
        standIn["c@x.example"] = "subscribed"
        var cursor: String?, all: [MarketingPage.Leaver] = []
        repeat {
            let page = try await mailchimp.leavers(since: nil, after: cursor, access, ConnectorCall())
            all += page.leavers
            cursor = page.next
        } while cursor != nil
        #expect(all.count == 502 && all.filter { $0.standing == .bounced }.map(\.address) == ["b@x.example"])
    }

    @Test func `a bare page is a throttle, and a wrong key is one`() async {
        standIn.service.next(.answer(403, "<html>"))
        let throttled = await #expect(throws: ToolFailure.self) {
            try await mailchimp.standing(of: "a@x.example", access, ConnectorCall())
        }
        #expect(throttled?.code == "rate_limited" && throttled?.isRetryable == true)
        standIn.service.next(.answer(MailchimpStandIn.problem(403, "User Disabled")))
        let disabled = await #expect(throws: ToolFailure.self) {
            try await mailchimp.standing(of: "a@x.example", access, ConnectorCall())
        }
        #expect(disabled?.isRetryable == false)
        standIn.service.next(.answer(MailchimpStandIn.problem(401, "API Key Invalid")))
        let strange = await #expect(throws: ToolFailure.self) {
            try await mailchimp.standing(of: "a@x.example", access, ConnectorCall())
        }
        #expect(strange?.isOfAccount == true)
        for turn in [ServiceStandIn.Turn.answer(200, "[]"), .answer(200, "{}")] {
            standIn.service.next(turn)
            await #expect(throws: ToolFailure.self) {
                try await mailchimp.standing(of: "a@x.example", access, ConnectorCall())
            }
        }
        guard case .good = await mailchimp.check(access) else {
            Issue.record("it was refused")
            return
        }
    }

    @Test func `a key names its data centre, and one without is refused`() {
        #expect(mailchimp.faults(in: ["api_key": standIn.apiKey]).isEmpty)
        for key in ["0123456789abcdef", "0123-", "0123-US6", "0123-us6.evil.example"] {
            #expect(mailchimp.faults(in: ["api_key": key]).map(\.code) == ["invalid_key"])
        }
    }

    @Test func `a hook tells who has left its list, and the service's question is answered`() throws {
        func leaver(_ hook: StandInHook) throws -> String? {
            let item = try mailchimp.open(
                HookRequest(headers: hook.headers, body: hook.body, now: MailRig.now, access: access))[0]
            return mailchimp.leaver(
                of: "L1",
                HookReceipt(
                    item, id: .unset, integrationID: integrationID, provider: "mailchimp", at: MailRig.now))
        }
        let at = "2026-01-15 10:00:00"
        #expect(try leaver(standIn.hook("unsubscribe", "ann+1@x.example", at: at)) == "ann+1@x.example")
        #expect(try leaver(standIn.hook("cleaned", "ann@x.example", at: at)) == "ann@x.example")
        #expect(try leaver(standIn.hook("subscribe", "ann@x.example", at: at)) == nil)
        #expect(try leaver(standIn.hook("unsubscribe", "ann@x.example", list: "L2", at: at)) == nil)
        let question = HookRequest(headers: [], body: [], now: MailRig.now, access: access)
        #expect(mailchimp.handshake(question)?.status == 200)
        #expect(throws: HookRefusal.self) { try mailchimp.open(question) }
    }
}

@Suite struct ActiveCampaignTests {
    private let standIn: ActiveCampaignStandIn
    private let service = ActiveCampaign(makeClient(), now: { MailRig.now }, deadline: .seconds(5))
    private let access: IntegrationAccess

    init() throws {
        standIn = try ActiveCampaignStandIn()
        access = makeAccess(standIn.service.url, ["list_id": "2"], ["api_key": standIn.apiKey])
    }

    @Test func `an address is taken off the list, and nobody is put on it`() async throws {
        standIn.add("ann@x.example", "1")
        #expect(try await service.standing(of: "ann@x.example", access, ConnectorCall()) == .subscribed)
        #expect(try await service.unsubscribe("ann@x.example", access, ConnectorCall()))
        #expect(standIn.status(of: "ann@x.example") == "2")
        #expect(try await service.standing(of: "ann@x.example", access, ConnectorCall()) == .unsubscribed)
        let writes = standIn.service.requests.filter { $0.method == "POST" }.count
        #expect(try await service.unsubscribe("ann@x.example", access, ConnectorCall()))
        #expect(try await service.unsubscribe("bob@x.example", access, ConnectorCall()) == false)
        #expect(
            standIn.service.requests.filter { $0.method == "POST" }.count == writes, "nothing else is written"
        )
    }

    @Test func `who has left is listed, to be asked about`() async throws {
        standIn.add("ann@x.example", "2")
        standIn.add("bob@x.example", "1")
        let page = try await service.leavers(
            since: "2026-01-01T00:00:00Z", after: nil, access, ConnectorCall())
        #expect(page.leavers.map(\.address) == ["ann@x.example"] && page.next == nil)
        #expect(page.leavers[0].standing == nil)
    }

    @Test func `more than five requests a second are asked to wait`() async throws {
        let strict = try ActiveCampaignStandIn(isStrict: true)
        let access = makeAccess(strict.service.url, ["list_id": "2"], ["api_key": strict.apiKey])
        let service = service
        // At once, so that a slow machine asks as often within a second as a quick one.
        let failure = await withTaskGroup(of: ToolFailure?.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do throws(ToolFailure) {
                        _ = try await service.standing(of: "ann@x.example", access, ConnectorCall())
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        #expect(failure?.code == "rate_limited" && failure?.retryAfter == .seconds(1))
    }

    @Test func `a wrong key is refused with a page`() async throws {
        let wrong = makeAccess(standIn.service.url, ["list_id": "2"], ["api_key": "bad"])
        let failure = await #expect(throws: ToolFailure.self) {
            try await service.standing(of: "ann@x.example", wrong, ConnectorCall())
        }
        #expect(failure?.isOfAccount == true)
        guard case .bad = await service.check(wrong), case .good = await service.check(access) else {
            Issue.record("the check is wrong")
            return
        }
    }

    @Test func `the known hook tells who has left, and is known again by its bytes`() throws {
        let body =
            "type=unsubscribe&date_time=2026-01-15T10%3A00%3A00-06%3A00&list=2&contact%5Bid%5D=7&contact%5Bemail%5D=ana%40acme.example"
        let item = try service.open(
            HookRequest(
                headers: [("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8),
                now: MailRig.now, access: access))[0]
        #expect(item.key == "13f81c59a8c9d80cf9977b1661580dc6d57700c0716a9b4c8d6e6d812d4ea6f0")
        let receipt = HookReceipt(
            item, id: .unset, integrationID: integrationID, provider: "activecampaign", at: MailRig.now)
        #expect(service.leaver(of: "2", receipt) == "ana@acme.example")
        #expect(service.leaver(of: "3", receipt) == nil)
    }
}
