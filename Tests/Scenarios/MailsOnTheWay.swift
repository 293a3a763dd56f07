import Dispatch
import JSON
import StandIns
import Synchronization
import Testing

/// Mails that are with their service at the moment at which what they are of ends: what the service takes counts as
/// sent, and what it gives back is not tried once more.
@Suite(.ownThread) struct MailsOnTheWay {
    private static let count = 12

    let server = BureauProcess.shared

    @Test func `of a completed campaign what its service has is sent, and what it gives back is not`()
        throws
    {
        var mailing = JSON.null
        let (owner, sent) = try endOnTheWay { owner in
            let whole = try owner.post("/v1/campaigns", ["name": "Spring", "objective": "leads"]).ok(201)
            try owner.post("/v1/campaigns/\(whole.id)/activate").ok()
            mailing = try owner.mailCampaign(["campaign_id": .string(whole.id)])
            try owner.mailCampaign(mailing, "schedule").ok()
            return { try owner.post("/v1/campaigns/\(whole.id)/complete").ok() }
        }
        #expect(try owner.status(ofMailCampaign: mailing) == "cancelled")
        #expect(try owner.results(ofMailCampaign: mailing)["sent"] == JSON(sent))
    }

    @Test func `of an email campaign that is cancelled nothing is tried again`() throws {
        var mailing = JSON.null
        let (owner, sent) = try endOnTheWay { owner in
            mailing = try owner.mailCampaign()
            try owner.mailCampaign(mailing, "schedule").ok()
            return { [mailing] in try owner.mailCampaign(mailing, "cancel").ok() }
        }
        #expect(try owner.results(ofMailCampaign: mailing)["sent"] == JSON(sent))
    }

    @Test func `of a distribution that is cancelled nothing is tried again`() throws {
        _ = try endOnTheWay { owner in
            try owner.patch(
                "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
            ).ok()
            let item = try owner.post(
                "/v1/content-items",
                [
                    "title": "Five ways", "type": "educational", "subject": "Five ways", "body": "Five.",
                    "status": "approved",
                ]
            ).ok(201)
            let distribution = try owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
            return { try owner.post("/v1/distributions/\(distribution.id)/cancel").ok() }
        }
    }

    @Test func `of a sequence from which people are taken nothing is tried again`() throws {
        let (owner, _) = try endOnTheWay("sequence_ended") { owner in
            let template = try owner.mailTemplate("Hello")
            let sequence = try owner.post(
                "/v1/sequences",
                [
                    "name": "Hello",
                    "steps": [["channel": "email", "delay": "PT0S", "template_id": .string(template.id)]],
                ]
            ).ok(201)
            let path = "/v1/sequences/\(sequence.id)/enrollments"
            let enrolled = try owner.every("/v1/leads").map { lead in
                try owner.post(path, ["lead_id": .string(lead.id)]).ok(201).id
            }
            return { for id in enrolled { try owner.post("\(path)/\(id)/exit").ok() } }
        }
        #expect(try owner.every("/v1/enrollments?status=exited").count == Self.count)
    }

    /// Lets mails go, which their service has, or which wait, as their cause ends: `begin` answers how that ends. Of
    /// those that the service has it gives the first one back. Answers how many were sent. `code`: why others are not.
    private func endOnTheWay(
        _ code: String = "cancelled", _ begin: (Caller) throws -> () throws -> Void
    ) throws -> (Caller, Int) {
        let count = Self.count, yes = DispatchSemaphore(value: 0), answers = Mutex(0)
        let sink = try SMTPStandIn { settings in
            settings.act = { moment in
                guard moment.stage == .end else { return .usual }
                yes.wait()
                let number = answers.withLock { number in
                    number += 1
                    return number
                }
                return number == 1 ? .say("451 4.7.1 later") : .usual
            }
        }
        let agency = try server.signUp(), owner = agency.owner
        try agency.readyToMail(["frequency_caps": []])
        try agency.connect("smtp", sink.url)
        try agency.makeLeads((0..<count).map { lead($0, ["status": "qualified"]) })
        let end = try begin(owner)
        func messages(_ status: String) throws -> [JSON] {
            try owner.every("/v1/messages?direction=outbound&status=\(status)")
        }
        try eventuallyTrue("mails that their service has, beside others") {
            try messages("sending").count >= 2
                && owner.every("/v1/messages?direction=outbound").count == count
        }
        try end()
        let handed = try messages("sending").count
        try #require(handed < count)
        try eventuallyTrue("what has not left") { try messages("cancelled").count == count - handed }
        for _ in 0..<4 * count { yes.signal() }
        try eventuallyTrue("what the service has given back") {
            for one in try messages("queued") { _ = try owner.post("/v1/messages/\(one.id)/retry") }
            return try messages("cancelled").count == count - handed + 1
        }
        try eventuallyTrue("what the service has taken") { try messages("sent").count == handed - 1 }
        #expect(sink.mailCount == handed - 1)
        #expect(try messages("cancelled").allSatisfy { $0["reasons"]?[0].text("code") == code })
        return (owner, handed - 1)
    }
}
