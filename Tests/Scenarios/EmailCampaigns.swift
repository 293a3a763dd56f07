import Foundation
import JSON
import StandIns
import Testing

/// A mail to the people of a segment: whom it reaches is told beforehand and frozen, each gets it once, and its
/// variants are compared as honestly as chance allows.
@Suite(.ownThread) struct EmailCampaigns {
    let server = BureauProcess.shared

    private func box(_ leads: Range<Int>) throws -> SandboxCaller {
        let box = try server.mailSandbox()
        try box.owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let operations = leads.map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        return box
    }

    private func sent(_ box: SandboxCaller) throws -> [JSON] {
        try box.owner.every("/v1/messages?direction=outbound&status=sent")
    }

    @Test func `who would get it is told with reasons, and those get it at its time, once`() throws {
        let box = try box(0..<12), owner = box.owner
        try owner.post(
            "/v1/suppressions", ["channel": "email", "address": "jane3@example3.com", "reason": "manual"]
        ).ok(201)
        try owner.post("/v1/leads", lead(99, ["email": nil])).ok(201)
        // A country in which people agree before they are written to.
        let german = try owner.post("/v1/leads", lead(98, ["country": "DE"])).ok(201)
        let campaign = try owner.mailCampaign()
        let preview = try owner.mailCampaign(campaign, "preview").ok()
        #expect(preview["members"] == 14 && preview["sendable"] == 11)
        let excluded = (preview["excluded"]?.array ?? []).map {
            "\($0.text("code")) \($0["count"]?.int ?? -1)"
        }
        #expect(excluded.sorted() == ["no_address 1", "no_consent 1", "suppressed 1"])
        func leftOut(_ code: String) -> [String] {
            (preview["left_out"]?.array ?? []).filter { $0.text("code") == code }
                .map { $0.text("contact_id") }
        }
        let third = try #require(
            owner.every("/v1/leads").first { $0.text("email") == "jane3@example3.com" })
        #expect(leftOut("suppressed") == [third.text("contact_id")], "who it is, and why")
        #expect(leftOut("no_consent") == [german.text("contact_id")])
        let scheduled = try owner.mailCampaign(
            campaign, "schedule", ["send_at": "2027-01-06T12:00:00.000Z"]
        ).ok()
        #expect(scheduled["status"] == "scheduled" && scheduled["send_at"] == "2027-01-06T12:00:00.000Z")
        try box.advance("PT23H")
        #expect(try sent(box).isEmpty)
        try box.advance("P2D")
        let mails = try sent(box)
        #expect(mails.count == 11 && Set(mails.map { $0.text("contact_id") }).count == 11)
        #expect(mails.allSatisfy { $0["author"]?["type"] == "user" && $0["purpose"] == "marketing" })
        let told = try owner.get("/v1/email-campaigns/\(campaign.id)").ok()
        #expect(told["status"] == "sent" && told["members"] == 14 && told["planned"] == 11)
        #expect(told["excluded"] == preview["excluded"])
        for verb in ["schedule", "pause", "resume", "cancel"] {
            try owner.mailCampaign(campaign, verb).problem(409, "invalid_transition")
        }
        // A lead that comes into the segment later is no recipient.
        try owner.post("/v1/leads", lead(50)).ok(201)
        try box.advance("P2D")
        #expect(try sent(box).count == 11)
        try owner.delete("/v1/email-campaigns/\(campaign.id)").problem(409, "conflict")
    }

    @Test func `variants and holdout are drawn once, and the result names no winner of few`() throws {
        let box = try box(0..<80), owner = box.owner
        let (one, two) = (try owner.mailTemplate("One"), try owner.mailTemplate("Two"))
        let campaign = try owner.mailCampaign([
            "variants": [
                ["name": "a", "template_id": .string(one.id)], ["name": "b", "template_id": .string(two.id)],
            ], "holdout": 0.25, "goal": "replied",
        ])
        let preview = try owner.mailCampaign(campaign, "preview").ok()
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("P3D")
        let mails = try sent(box), results = try owner.results(ofMailCampaign: campaign)
        #expect(Set(mails.map { $0.text("contact_id") }).count == mails.count)
        #expect(Set(mails.map { $0.text("subject") }) == ["One", "Two"])
        let held = 80 - mails.count
        #expect((8...34).contains(held) && preview["excluded"] == [["code": "holdout", "count": JSON(held)]])
        #expect(results["members"] == 80 && results["holdout"] == ["people": JSON(held), "share": 0.25])
        let variants = results["variants"]?.array ?? []
        #expect(variants.map { $0.text("name") } == ["a", "b"])
        for (variant, subject) in zip(variants, ["One", "Two"]) {
            let count = JSON(mails.count { $0.text("subject") == subject })
            #expect(variant["sent"] == count && variant["assigned"] == count && variant["replied"] == 0)
        }
        #expect(variants.allSatisfy { $0["significant"] == false })
        #expect(results["ratio_mismatch"] == false && !results.text("method").isEmpty)
    }

    @Test func `groups of sizes that chance does not make are told, and no winner is named then`() throws {
        let box = try box(0..<120), owner = box.owner
        let (one, two) = (try owner.mailTemplate("One"), try owner.mailTemplate("Two"))
        let campaign = try owner.mailCampaign([
            "variants": [
                ["name": "a", "template_id": .string(one.id)], ["name": "b", "template_id": .string(two.id)],
            ]
        ])
        try owner.mailCampaign(campaign, "schedule", ["send_at": "2027-01-06T12:00:00.000Z"]).ok()
        try owner.delete("/v1/templates/\(two.id)").ok(204)
        try box.advance("P3D")
        let results = try owner.results(ofMailCampaign: campaign)
        let variants = results["variants"]?.array ?? []
        #expect(try owner.status(ofMailCampaign: campaign) == "sent", "the others do not wait for it")
        #expect(results["sent"] == variants[0]["sent"] && variants[1]["sent"] == 0)
        #expect(
            results["excluded"] == [["code": "cannot_be_written", "count": variants[1]["assigned"] ?? .null]])
        #expect(results["ratio_mismatch"] == true && results["winner"] == .null)
        #expect(variants.allSatisfy { $0["significant"] == false })
    }

    @Test func `a variant that is surely better than the first is named the winner, and not before`() throws {
        let box = try box(0..<150), owner = box.owner, postmark = try PostmarkStandIn()
        let door = try box.connectMail([
            "credentials": postmark.credentials,
            "settings": ["base_url": .string(postmark.service.url)],
        ])
        let campaign = try owner.mailCampaign(try twoVariants(owner))
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("P1D")
        let two = try sent(box).filter { $0.text("subject") == "Two" }
        func answered(_ mails: some Collection<JSON>, all count: Int) throws -> JSON {
            for mail in mails {
                let reply = postmark.mail(
                    "r\(mail.id)", from: mail.text("recipient"), text: "Yes, please call me.")
                try server.deliver(reply, to: door).ok()
            }
            return try eventually("the answers") {
                let results = try owner.results(ofMailCampaign: campaign)
                return results["variants"]?[1]["replied"] == JSON(count) ? results : nil
            }
        }
        let early = try answered(two.prefix(3), all: 3)
        #expect(early["winner"] == .null && early["variants"]?[1]["significant"] == false)
        let results = try answered(two.dropFirst(3).prefix(27), all: 30)
        let variants = results["variants"]?.array ?? []
        #expect(variants.allSatisfy { ($0["sent"]?.int ?? 0) >= 50 } && results["ratio_mismatch"] == false)
        #expect(results["winner"] == "b" && variants[1]["significant"] == true, "\(results)")
        #expect(variants[0]["replied"] == 0 && variants[0]["significant"] == false)
        let rate = 30 / (variants[1]["sent"]?.double ?? 1)
        #expect(abs((variants[1]["difference"]?.double ?? 0) - rate) < 1e-9)
        #expect((variants[1]["p_value"]?.double ?? 1) < 0.05)
        #expect((variants[1]["interval"]?[0].double ?? -1) > 0)
    }

    @Test func `of three variants each is sure at half the chance, by figures that are worked out beside it`()
        throws
    {
        let box = try box(0..<240), owner = box.owner, postmark = try PostmarkStandIn()
        let door = try box.connectMail([
            "credentials": postmark.credentials,
            "settings": ["base_url": .string(postmark.service.url)],
        ])
        let variants = try zip(["a", "b", "c"], ["One", "Two", "Three"]).map { name, subject -> JSON in
            ["name": .string(name), "template_id": .string(try owner.mailTemplate(subject).id)]
        }
        let campaign = try owner.mailCampaign(["variants": .array(variants), "goal": "replied"])
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("P1D")
        var wasNearlySure = false
        for (number, mail) in try sent(box).filter({ $0.text("subject") == "Two" }).enumerated() {
            let reply = postmark.mail(
                "r\(number)", from: mail.text("recipient"), text: "Yes, please call me.")
            try server.deliver(reply, to: door).ok()
            let results = try eventually("answer \(number)") {
                let results = try owner.results(ofMailCampaign: campaign)
                return results["variants"]?[1]["replied"] == JSON(number + 1) ? results : nil
            }
            let told = try #require(results["variants"]?.array)
            let counts = told.map { $0["sent"]?.double ?? 0 }, chance = told[1]["p_value"]?.double ?? -1
            #expect(counts.allSatisfy { $0 >= 50 } && counts.reduce(0, +) == 240)
            #expect(abs(chance - Self.chance(Double(number + 1), of: counts[1], beside: counts[0])) < 1e-9)
            #expect(told[2]["p_value"] == 1, "nobody has answered to either")
            // A twentieth is shared by the two that are compared with the first.
            let isSure = chance < 0.025, winner: JSON = isSure ? "b" : .null
            #expect(told[1]["significant"] == .bool(isSure))
            #expect(results["winner"] == winner)
            #expect(((told[1]["interval"]?[0].double ?? -1) > 0) == isSure)
            wasNearlySure = wasNearlySure || !isSure && chance < 0.05
            if isSure { break }
        }
        #expect(wasNearlySure, "what were sure of two is not of three")
    }

    /// The chance of so many answers beside none of others: the ratio of a difference that is mixed over five points of
    /// a per cent to none, with two answers and two silent people more on either side.
    private static func chance(_ hits: Double, of count: Double, beside others: Double) -> Double {
        func variance(_ hits: Double, _ count: Double) -> Double {
            let rate = (hits + 2) / (count + 4)
            return rate * (1 - rate) / count
        }
        let none = variance(hits, count) + variance(0, others), mixed = none + 0.05 * 0.05
        let difference = hits / count
        /// The density of a normal distribution.
        func density(_ variance: Double) -> Double {
            exp(-difference * difference / (2 * variance)) / (2 * Double.pi * variance).squareRoot()
        }
        return min(1, density(none) / density(mixed))
    }

    private func twoVariants(_ owner: Caller) throws -> JSONObject {
        let variants = try zip(["a", "b"], ["One", "Two"]).map { name, subject -> JSON in
            ["name": .string(name), "template_id": .string(try owner.mailTemplate(subject).id)]
        }
        return ["variants": .array(variants), "goal": "replied"]
    }

    @Test func `two contacts of one person get one mail, merged before it is frozen or after`() throws {
        let box = try box(0..<4), owner = box.owner
        let leads = try owner.every("/v1/leads").sorted { $0.text("email") < $1.text("email") }
        func campaign(_ leads: ArraySlice<JSON>) throws -> JSON {
            let segment = try owner.post(
                "/v1/segments",
                [
                    "name": "Some", "static": true, "of": "contacts",
                    "members": .array(leads.map { $0["contact_id"] ?? .null }),
                ]
            ).ok(201)
            var body = try twoVariants(owner)
            body["segment_id"] = .string(segment.id)
            return try owner.mailCampaign(body)
        }
        func merge(_ gone: JSON, into kept: JSON) throws {
            try owner.post(
                "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
            ).ok()
        }
        try merge(leads[0], into: leads[1])
        let before = try campaign(leads[..<2]), preview = try owner.mailCampaign(before, "preview").ok()
        #expect(preview["members"] == 2 && preview["sendable"] == 1)
        #expect(preview["excluded"] == [["code": "same_person", "count": 1]])
        try owner.mailCampaign(before, "schedule").ok()
        try box.advance("PT1H")
        #expect(try sent(box).count == 1)
        #expect(try owner.get("/v1/email-campaigns/\(before.id)").ok()["excluded"] == preview["excluded"])
        // One of two reads in the evening, and is the other by then.
        try owner.patch("/v1/contacts/\(leads[3].text("contact_id"))/preferences", ["hour": 20]).ok()
        let after = try campaign(leads[2...])
        try owner.mailCampaign(after, "schedule").ok()
        try box.advance("PT1H")
        #expect(try sent(box).count == 2)
        #expect(try owner.get("/v1/email-campaigns/\(after.id)").ok()["planned"] == 2)
        try merge(leads[3], into: leads[2])
        try box.advance("P2D")
        #expect(try sent(box).count == 2 && owner.status(ofMailCampaign: after) == "sent")
        #expect(try owner.get("/v1/email-campaigns/\(after.id)").ok()["excluded"] == preview["excluded"])
    }

    @Test func `each gets it at the hour that they like by their own clock, who named none at its time`()
        throws
    {
        let box = try box(0..<4), owner = box.owner
        let leads = try owner.every("/v1/leads").sorted { $0.text("email") < $1.text("email") }
        let wishes: [(zone: JSON, hour: JSON)] = [
            ("America/New_York", 9), ("Europe/London", 16), ("Asia/Tokyo", 8),
        ]
        for (lead, wish) in zip(leads, wishes) {
            let path = "/v1/contacts/\(lead.text("contact_id"))"
            try owner.patch(path, ["time_zone": wish.zone]).ok()
            try owner.patch("\(path)/preferences", ["hour": wish.hour]).ok()
        }
        let campaign = try owner.mailCampaign()
        try owner.mailCampaign(campaign, "schedule", ["send_at": "2027-01-06T12:00:00.000Z"]).ok()
        try box.advance("P3D")
        let mails = try sent(box)
        let times = Dictionary(
            mails.map { ($0.text("contact_id"), String($0.text("sent_at").dropFirst(8).prefix(5))) },
            uniquingKeysWith: { "\($0), \($1)" })
        // 9 in New York, 16 in London, 8 the next day in Tokyo.
        let expected: [String?] = ["06T14", "06T16", "06T23", "06T12"]
        #expect(leads.map { times[$0.text("contact_id")] } == expected)
        #expect(try owner.status(ofMailCampaign: campaign) == "sent")
    }

    @Test func `whose segment is gone when its time comes is cancelled, and writes to nobody`() throws {
        let box = try box(0..<3), owner = box.owner
        let segment = try owner.everybody()
        let campaign = try owner.mailCampaign(["segment_id": .string(segment.id)])
        try owner.mailCampaign(campaign, "schedule", ["send_at": "2027-01-06T12:00:00.000Z"]).ok()
        try owner.delete("/v1/segments/\(segment.id)").ok(204)
        try box.advance("P2D")
        #expect(try owner.status(ofMailCampaign: campaign) == "cancelled")
        #expect(try sent(box).isEmpty)
    }

    @Test func `put off, it leaves at its new time, and cancelled not at all`() throws {
        let box = try box(0..<4), owner = box.owner
        let (one, two) = (try owner.mailCampaign(), try owner.mailCampaign())
        for campaign in [one, two] {
            try owner.mailCampaign(campaign, "schedule", ["send_at": "2027-01-06T12:00:00.000Z"]).ok()
        }
        try owner.mailCampaign(one, "schedule", ["send_at": "2027-01-08T12:00:00.000Z"]).ok()
        try owner.mailCampaign(two, "cancel").ok()
        try box.advance("P2D")
        #expect(try sent(box).isEmpty)
        #expect(try owner.status(ofMailCampaign: one) == "scheduled")
        try box.advance("P3D")
        #expect(try sent(box).count == 4)
        // Put off by an edit.
        let edited = try owner.mailCampaign()
        try owner.mailCampaign(edited, "schedule", ["send_at": "2027-01-11T12:00:00.000Z"]).ok()
        let path = "/v1/email-campaigns/\(edited.id)"
        let past = try owner.patch(path, ["send_at": "2027-01-01T00:00:00.000Z"])
        #expect(try past.faults() == ["/send_at": "out_of_range"])
        try owner.patch(path, ["send_at": "2027-01-12T12:00:00.000Z"]).ok()
        try box.advance("P3D")
        #expect(try sent(box).count == 8)
        // Paused over its time, it begins when it is resumed.
        let three = try owner.mailCampaign()
        try owner.mailCampaign(three, "schedule", ["send_at": "2027-01-14T12:00:00.000Z"]).ok()
        try owner.mailCampaign(three, "pause").ok()
        try box.advance("P2D")
        #expect(try sent(box).count == 8)
        #expect(try owner.mailCampaign(three, "resume").ok()["status"] == "scheduled")
        try box.advance("P3D")
        #expect(try sent(box).count == 12)
    }

    @Test func `what cannot be is refused, and what is another agency's is absent`() throws {
        let owner = try server.quietAgency().owner, stranger = try server.quietAgency().owner
        let path = "/v1/email-campaigns"
        let faults = try owner.post(
            path,
            [
                "name": "", "segment_id": "seg_00000000000000000000000000", "template_id": "x",
                "holdout": 0.6,
                "goal": "opened", "variants": [["name": "a"]],
            ]
        ).faults()
        #expect(faults["/holdout"] == "out_of_range" && faults["/goal"] == "invalid_choice")
        #expect(
            faults["/segment_id"] == "unknown_reference" && faults["/variants/0/template_id"] == "required")
        let text = try owner.post(
            "/v1/templates", ["name": "w", "channel": "sms", "body": "Hello"]
        ).ok(201)
        let segment = try owner.everybody()
        let wrong = try owner.post(
            path,
            [
                "name": "N", "segment_id": .string(segment.id), "template_id": .string(text.id),
                "variants": [["name": "a", "template_id": .string(text.id)]],
            ]
        ).faults()
        #expect(
            wrong == [
                "/template_id": "conflict", "/variants": "out_of_range",
                "/variants/0/template_id": "conflict",
            ])
        let campaign = try owner.mailCampaign()
        let past = try owner.mailCampaign(campaign, "schedule", ["send_at": "2020-01-01T00:00:00.000Z"])
        #expect(try past.faults() == ["/send_at": "out_of_range"])
        #expect(try stranger.get("\(path)/\(campaign.id)").status == 404)
        #expect(try stranger.mailCampaign(campaign, "schedule").status == 404)
        let theirs = try stranger.post(
            path,
            [
                "name": "N", "segment_id": .string(segment.id),
                "template_id": .string(try stranger.mailTemplate("N").id),
            ])
        #expect(try theirs.faults() == ["/segment_id": "unknown_reference"])
        try owner.mailCampaign(campaign, "cancel").ok()
        try owner.delete("\(path)/\(campaign.id)").ok(204)
    }
}
