import Dispatch
import JSON
import StandIns
import Testing

/// An e-mail campaign that is paused, edited and resumed while its server dies: nobody gets two, nobody is forgotten.
@Suite(.ownThread) struct EmailCampaignKills {
    @Test func `paused, killed, edited and resumed, a mail reaches each person once`() throws {
        let server = try BureauProcess.start(), count = 120
        // Mails are confirmed one by one as long as the test says so.
        let yes = DispatchSemaphore(value: 0)
        let sink = try SMTPStandIn { settings in
            settings.act = { $0.stage == .end ? .wait { yes.wait() } : .usual }
        }
        let agency = try server.signUp(), owner = agency.owner
        try agency.readyToMail(["frequency_caps": []])
        try agency.connect("smtp", sink.url)
        try agency.makeLeads((0..<count).map { lead($0) })
        let campaign = try owner.mailCampaign(), path = "/v1/email-campaigns/\(campaign.id)"
        try owner.mailCampaign(campaign, "schedule").ok()
        for _ in 0..<10 { yes.signal() }
        try eventuallyTrue("the first mails") { sink.mailCount >= 10 }
        try owner.mailCampaign(campaign, "pause").ok()
        // Mails that were on their way when the campaign was paused still end.
        for _ in 0..<16 { yes.signal() }
        try eventuallyTrue("what was on its way") {
            try owner.every("/v1/messages?status=sending").isEmpty
        }
        let held = sink.mailCount
        #expect(held < count)
        try server.killAndRestart()
        #expect(try owner.get(path).ok().text("status") == "paused")
        try owner.patch(path, ["name": "Other news"]).ok()
        let fixed = try owner.patch(path, ["holdout": 0.1])
        try fixed.problem(409, "conflict")
        try eventuallyTrue("what waits for the campaign") {
            let messages = try owner.every("/v1/messages?direction=outbound&status=held")
            return try !messages.isEmpty && owner.every("/v1/messages?status=queued").isEmpty
                && messages.allSatisfy { $0["reasons"]?.array?.first?["code"] == "campaign_paused" }
        }
        #expect(sink.mailCount == held, "paused is paused")
        try owner.mailCampaign(campaign, "resume").ok()
        for _ in 0..<10 { yes.signal() }
        try eventuallyTrue("more mails") { sink.mailCount >= held + 10 }
        try server.killAndRestart()
        for _ in 0..<10 * count { yes.signal() }
        try eventuallyTrue("the end", within: .seconds(300)) {
            try owner.status(ofMailCampaign: campaign) == "sent"
        }
        let reached = sink.mails.flatMap(\.recipients)
        #expect(Set(reached).count == reached.count, "nobody gets two")
        let unknown = try owner.every("/v1/messages?status=unknown").count
        #expect(reached.count + unknown >= count, "nobody is forgotten")
        #expect(try owner.results(ofMailCampaign: campaign)["sent"] == JSON(count))
    }

    @Test func `completed and killed with mails on their way, no other leaves, and none leaves twice`() throws
    {
        let server = try BureauProcess.start(), count = 30
        let yes = DispatchSemaphore(value: 0)
        let sink = try SMTPStandIn { settings in
            settings.act = { $0.stage == .end ? .wait { yes.wait() } : .usual }
        }
        let agency = try server.signUp(), owner = agency.owner
        try agency.readyToMail(["frequency_caps": []])
        try agency.connect("smtp", sink.url)
        try agency.makeLeads((0..<count).map { lead($0) })
        let whole = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "leads"]).ok(201)
        try owner.post("/v1/campaigns/\(whole.id)/activate").ok()
        let mailing = try owner.mailCampaign(["campaign_id": .string(whole.id)])
        try owner.mailCampaign(mailing, "schedule").ok()
        func messages(_ statuses: String...) throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound").filter {
                statuses.contains($0.text("status"))
            }
        }
        // Some are with their service for good, some are on their way there, and the others wait.
        for _ in 0..<4 { yes.signal() }
        try eventuallyTrue("mails that have arrived, beside others on their way") {
            try messages("sent").count >= 4 && messages("sending").count >= 2
                && owner.every("/v1/messages?direction=outbound").count == count
        }
        try owner.post("/v1/campaigns/\(whole.id)/complete").ok()
        try server.killAndRestart()
        for _ in 0..<4 * count { yes.signal() }
        try eventuallyTrue("the end of each") {
            try messages("sent", "unknown", "cancelled").count == count
        }
        let (left, back) = (try messages("sent", "unknown"), try messages("cancelled"))
        #expect(!back.isEmpty && back.allSatisfy { $0["reasons"]?[0].text("code") == "cancelled" })
        let reached = sink.mails.flatMap(\.recipients)
        #expect(Set(reached).count == reached.count, "nobody gets two")
        #expect(Set(reached).isDisjoint(with: back.map { $0.text("recipient") }))
        #expect(try Set(reached).isSuperset(of: messages("sent").map { $0.text("recipient") }))
        #expect(try owner.status(ofMailCampaign: mailing) == "cancelled")
        #expect(try owner.results(ofMailCampaign: mailing)["sent"] == JSON(left.count))
    }

    @Test func `killed while its recipients are frozen, each is frozen once`() throws {
        let server = try BureauProcess.start(), count = 3000
        let agency = try server.signUp(), owner = agency.owner
        try agency.readyToMail(["frequency_caps": []])
        try agency.makeLeads((0..<count).map { lead($0) })
        let segment = try owner.everybody()
        try eventuallyTrue("the segment's members") {
            try owner.get("/v1/segments/\(segment.id)").ok()["count"] == JSON(count)
        }
        let campaign = try owner.mailCampaign(["segment_id": .string(segment.id), "holdout": 0.1])
        let preview = try owner.mailCampaign(campaign, "preview").ok()
        try owner.mailCampaign(campaign, "schedule").ok()
        for _ in 0..<3 { try server.killAndRestart() }
        // Without a mail service they wait.
        try eventuallyTrue("all who are to get it", within: .seconds(120)) {
            try owner.get("/v1/email-campaigns/\(campaign.id)").ok()["planned"] == JSON(count)
        }
        let results = try owner.results(ofMailCampaign: campaign)
        let assigned = results["variants"]?.array?.first?["assigned"] ?? .null
        #expect(results["members"] == JSON(count) && assigned == preview["sendable"])
        try owner.mailCampaign(campaign, "cancel").ok()
        try eventuallyTrue("what was taken back", within: .seconds(120)) {
            try owner.get("/v1/messages?direction=outbound&status=held&limit=1").ok().items.isEmpty
                && owner.get("/v1/messages?direction=outbound&status=queued&limit=1").ok().items.isEmpty
        }
    }
}
