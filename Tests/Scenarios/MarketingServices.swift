import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// People who leave a list at a marketing service leave here, and the other way round; nobody is ever put on
/// a list.
@Suite(.ownThread) struct MarketingServices {
    let server = BureauProcess.shared

    private func mailchimp(_ agency: Agency, _ standIn: MailchimpStandIn) throws -> JSON {
        try agency.connectList("mailchimp", standIn.service, standIn.apiKey, list: standIn.list)
    }

    private func suppress(_ address: String, _ agency: Agency) throws {
        try agency.owner.post(
            "/v1/suppressions", ["channel": "email", "address": .string(address), "reason": "unsubscribe"]
        ).ok(201)
    }

    private func isSuppressed(_ address: String, _ agency: Agency) throws -> Bool {
        let asked = "/v1/suppressions?address=\(address.replacing("@", with: "%40"))"
        return try !agency.owner.every(asked).isEmpty
    }

    private let at = "2026-01-15 10:00:00"

    @Test func `an unsubscribe at Mailchimp is a suppression here, once it was asked for`() throws {
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn()
        standIn["left@x.example"] = "subscribed"
        let made = try mailchimp(agency, standIn)
        let lead = try agency.makeLead(1, ["email": "left@x.example"])
        #expect(try server.anonymous.get(made.text("hook_url")).status == 200, "the service's own question")

        // A lie, which the service does not confirm.
        try server.deliver(standIn.hook("unsubscribe", "left@x.example", at: at), to: made).ok()
        try eventuallyTrue("the receipt") {
            try agency.owner.every("/v1/hook-receipts").map { $0.text("status") } == ["ignored"]
        }
        #expect(try !isSuppressed("left@x.example", agency))

        standIn["left@x.example"] = "unsubscribed"
        let hook = standIn.hook("unsubscribe", "left@x.example", at: "2026-01-15 10:00:01")
        for _ in 0..<2 { try server.deliver(hook, to: made).ok() }
        try eventuallyTrue("the suppression") { try isSuppressed("left@x.example", agency) }
        let path = "/v1/contacts/\(lead.text("contact_id"))/sendability?channel=email&purpose=marketing"
        let codes = try agency.owner.get(path).ok()["reasons"]?.array?.map { $0.text("code") } ?? []
        #expect(!Set(codes).isDisjoint(with: ["unsubscribed", "suppressed"]))
        #expect(try agency.owner.every("/v1/hook-receipts").count == 2, "what came twice is one")
        #expect(!standIn.service.requests.contains { $0.method != "GET" }, "it is not told what it has told")
    }

    @Test func `a suppression here goes there at once, and stays when it is taken back here`() throws {
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn()
        standIn["ours@x.example"] = "subscribed"
        _ = try mailchimp(agency, standIn)
        try suppress("Ours@x.example", agency)
        try eventuallyTrue("the unsubscription") { standIn["ours@x.example"] == "unsubscribed" }
        try suppress("stranger@x.example", agency)
        try suppress("@domain.example", agency)
        try eventuallyTrue("both calls") {
            try agency.owner.every("/v1/tool-calls?tool=unsubscribe_there").count {
                $0.text("state") == "succeeded"
            } == 2
        }
        #expect(standIn["stranger@x.example"] == nil, "nobody is put on the list")
        for one in try agency.owner.every("/v1/suppressions") {
            try agency.owner.delete("/v1/suppressions/\(one.id)").ok(204)
        }
        #expect(standIn["ours@x.example"] == "unsubscribed")
        let bodies = standIn.service.requests.compactMap { try? JSONParser.parse($0.body)["status"]?.text }
        #expect(Set(bodies) == ["unsubscribed"])
    }

    @Test func `a list that is connected is told of all, and read from its beginning`() throws {
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn()
        standIn["ours@x.example"] = "subscribed"
        standIn["theirs@x.example"] = "unsubscribed"
        standIn["broken@x.example"] = "cleaned"
        standIn["back@x.example"] = "subscribed"
        try suppress("ours@x.example", agency)
        let bounce: JSON = ["channel": "email", "address": "back@x.example", "reason": "bounce"]
        try agency.owner.post("/v1/suppressions", bounce).ok(201)
        _ = try mailchimp(agency, standIn)
        try eventuallyTrue("both ways") {
            try standIn["ours@x.example"] == "unsubscribed" && standIn["back@x.example"] == "unsubscribed"
                && isSuppressed("theirs@x.example", agency) && isSuppressed("broken@x.example", agency)
        }
        let bounced = try agency.owner.every("/v1/suppressions?address=broken%40x.example").first
        #expect(bounced?.text("reason") == "bounce")
    }

    @Test func `ActiveCampaign is told and heard the same, within five requests a second`() throws {
        let agency = try server.quietAgency(), standIn = try ActiveCampaignStandIn(isStrict: true)
        let left = standIn.add("left@x.example", "2")
        standIn.add("ours@x.example", "1")
        let made = try agency.connectList("activecampaign", standIn.service, standIn.apiKey, list: standIn.list)
        try server.deliver(
            standIn.hook("unsubscribe", "left@x.example", left, at: "2026-01-15T10:00:00-06:00"), to: made
        ).ok()
        try suppress("ours@x.example", agency)
        try suppress("stranger@x.example", agency)
        try eventuallyTrue("both ways") {
            try standIn.status(of: "ours@x.example") == "2" && isSuppressed("left@x.example", agency)
        }
        #expect(standIn.status(of: "stranger@x.example") == nil)
        let written = standIn.service.requests.filter { $0.method == "POST" }.map(\.text)
        #expect(written.allSatisfy { $0.contains(#""status":2"#) })
    }

    @Test func `a service that fails is told later, and a key that is mended goes on`() throws {
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn()
        let made = try mailchimp(agency, standIn), path = "/v1/integrations/\(made.id)"
        try eventuallyTrue("the first reading") { standIn.service.requests.count >= 2 }
        standIn["ours@x.example"] = "subscribed"
        standIn.service.next(
            .answer(429, ""), .answer(403, "<html>"), .cutAfter, .answer(200, "<html>"))
        try suppress("ours@x.example", agency)
        // A change that has to wait for the service is tried again as soon as its integration is changed.
        try eventuallyTrue("the unsubscription") {
            try agency.owner.patch(path, ["name": .string("Mailchimp \(UInt32.random(in: 0...9999))")]).ok()
            return standIn["ours@x.example"] == "unsubscribed"
        }
        standIn["more@x.example"] = "subscribed"
        standIn.service.next(.answer(MailchimpStandIn.problem(401, "API Key Invalid")))
        try suppress("more@x.example", agency)
        try eventuallyTrue("the alarm") { try agency.owner.get(path).ok().text("status") == "failing" }
        try agency.owner.patch(path, ["status": "active"]).ok()
        try eventuallyTrue("the rest") { standIn["more@x.example"] == "unsubscribed" }
    }

    @Test func `killed while it is told, a list is told again`() throws {
        let server = try BureauProcess.start()
        let agency = try server.quietAgency(), standIn = try MailchimpStandIn(), isHeld = Mutex(true)
        _ = try mailchimp(agency, standIn)
        try eventuallyTrue("the first reading") { standIn.service.requests.count >= 2 }
        standIn["ours@x.example"] = "subscribed"
        standIn.service.next(.wait { while isHeld.withLock({ $0 }) { usleep(2000) } })
        try suppress("ours@x.example", agency)
        try eventuallyTrue("the request", every: .milliseconds(2)) {
            standIn.service.requests.contains { $0.method == "PATCH" }
        }
        server.kill()
        standIn["ours@x.example"] = "subscribed"
        isHeld.withLock { $0 = false }
        try server.start()
        try eventuallyTrue("the unsubscription") {
            standIn.service.requests.count { $0.method == "PATCH" } == 2
                && standIn["ours@x.example"] == "unsubscribed"
        }
    }
}
