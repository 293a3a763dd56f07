import JSON
import Testing

/// Messages that wait to leave when their reader turns out to be one person with somebody who gets nothing, or gets
/// the same: the gate asks about the person at the moment of sending.
@Suite(.ownThread) struct MergedReaders {
    let server = BureauProcess.shared

    private func merge(_ gone: [JSON], into kept: JSON, _ owner: Caller) throws -> String {
        let body: JSON = ["keep": .string(kept.id), "merge": .array(gone.map { .string($0.id) })]
        return try owner.post("/v1/leads/merge", body).ok().text("merge_id")
    }

    private func segment(_ leads: [JSON], _ owner: Caller) throws -> JSON {
        let members = JSON.array(leads.map { $0["contact_id"] ?? .null })
        let body: JSON = ["name": "Some", "static": true, "of": "contacts", "members": members]
        return .string(try owner.post("/v1/segments", body).ok(201).id)
    }

    /// The only message of a subject to somebody.
    private func message(_ subject: String, to lead: JSON, _ owner: Caller) throws -> JSON {
        let all = try owner.every(
            "/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))"
        ).filter { $0.text("subject") == subject }
        try #require(all.count == 1, "\(all)")
        return all[0]
    }

    private func stop(_ owner: Caller) throws -> String {
        let brake: JSON = ["scope": "channel", "id": "email", "reason": "Wait."]
        return try owner.post("/v1/brakes", brake).ok(201).id
    }

    @Test func `a mail and content that wait are taken back from whoever is merged with somebody held out`()
        throws
    {
        let box = try server.nurturing(["holdout_percent": 20]), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        let operations = (0..<60).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        try box.advance("PT1H")
        // They are drawn, and nurture writes nothing more.
        try owner.patch("/v1/agents/lead_nurturing", ["state": "disabled"]).ok()
        let brake = try stop(owner)
        let out = Set(try owner.every("/v1/contacts?held_out=true").map(\.id))
        let leads = try owner.every("/v1/leads")
        let gone = try #require(leads.first { out.contains($0.text("contact_id")) })
        let kept = leads.filter { !out.contains($0.text("contact_id")) }
        // Of two who get each, one is merged.
        let campaign = try owner.mailCampaign(["segment_id": segment([kept[0], kept[1]], owner)])
        try owner.mailCampaign(campaign, "schedule").ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Ways", "type": "company_news", "subject": "Ways", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
        let distribution = try owner.post(
            "/v1/content-items/\(item.id)/distribute", ["segment_id": segment([kept[2], kept[3]], owner)]
        ).ok(202)
        try box.advance("P2D")
        for (subject, lead) in zip(["News", "News", "Ways", "Ways"], kept) {
            #expect(try message(subject, to: lead, owner)["status"] == "held")
        }
        _ = try merge([gone, kept[2]], into: kept[0], owner)
        try owner.post("/v1/brakes/\(brake)/release").ok()
        try box.advance("P3D")
        for (subject, lead) in [("News", kept[0]), ("Ways", kept[2])] {
            let back = try message(subject, to: lead, owner)
            #expect(back["status"] == "cancelled")
            #expect(back["reasons"]?[0].text("code") == "held_out", "\(back)")
        }
        #expect(try message("News", to: kept[1], owner)["status"] == "sent")
        #expect(try message("Ways", to: kept[3], owner)["status"] == "sent")
        let over = try owner.get("/v1/email-campaigns/\(campaign.id)").ok()
        #expect(over["status"] == "sent" && over["excluded"] == [["code": "held_out", "count": 1]])
        #expect(try owner.results(ofMailCampaign: campaign)["sent"] == 1)
        let told = try owner.get("/v1/distributions/\(distribution.id)").ok()
        #expect(told["status"] == "completed" && told["skipped"] == over["excluded"])
    }

    @Test func `of two mails, or two pieces, that wait for one person the first to leave is the only one`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        // The calendar would give the piece out by itself.
        for rule in try owner.every("/v1/content-calendar-rules") {
            try owner.delete("/v1/content-calendar-rules/\(rule.id)").ok(204)
        }
        let leads = try (0..<8).map { try owner.post("/v1/leads", lead($0)).ok(201) }
        let brake = try stop(owner)
        let campaigns = try [leads[..<3], leads[3..<5]].map { readers -> JSON in
            let campaign = try owner.mailCampaign(["segment_id": segment(Array(readers), owner)])
            try owner.mailCampaign(campaign, "schedule").ok()
            return campaign
        }
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Ways", "type": "company_news", "subject": "Ways", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
        let distribution = try owner.post(
            "/v1/content-items/\(item.id)/distribute", ["segment_id": segment(Array(leads[5...]), owner)]
        ).ok(202)
        try box.advance("P2D")
        for (number, lead) in leads.enumerated() {
            #expect(try message(number < 5 ? "News" : "Ways", to: lead, owner)["status"] == "held")
        }
        for first in [0, 3, 5] { _ = try merge([leads[first + 1]], into: leads[first], owner) }
        // One that cannot leave takes no other along.
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[3]["email"] ?? .null, "reason": "manual"]
        ).ok(201)
        try owner.post("/v1/brakes/\(brake)/release").ok()
        try box.advance("P3D")
        for (subject, first) in [("News", 0), ("Ways", 5)] {
            let both = try [first, first + 1].map { try message(subject, to: leads[$0], owner) }
            #expect(Set(both.map { $0.text("status") }) == ["sent", "cancelled"], "\(both)")
            let back = both.first { $0["status"] == "cancelled" }
            #expect(back?["reasons"]?[0].text("code") == "same_person", "\(both)")
            #expect(try message(subject, to: leads[first + 2], owner)["status"] == "sent")
        }
        #expect(try message("News", to: leads[3], owner)["status"] != "sent")
        #expect(try message("News", to: leads[4], owner)["status"] == "sent")
        let over = try owner.get("/v1/email-campaigns/\(campaigns[0].id)").ok()
        #expect(over["status"] == "sent" && over["excluded"] == [["code": "same_person", "count": 1]])
        #expect(try owner.results(ofMailCampaign: campaigns[0])["sent"] == 2)
        let told = try owner.get("/v1/distributions/\(distribution.id)").ok()
        #expect(told["status"] == "completed" && told["sent"] == 2)
        #expect(told["skipped"] == [["code": "already_received", "count": 1]])
    }

    @Test func `whoever has unsubscribed as another gets no marketing that waits, until the merge is undone`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        let leads = try (0..<3).map { try owner.post("/v1/leads", lead($0)).ok(201) }
        let some = try segment([leads[0], leads[1]], owner), brake = try stop(owner)
        let campaign = try owner.mailCampaign(["segment_id": some])
        try owner.mailCampaign(campaign, "schedule").ok()
        try box.advance("P2D")
        #expect(try message("News", to: leads[0], owner)["reasons"]?[0].text("code") == "brake")
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[2]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        let merged = try merge([leads[2]], into: leads[0], owner)
        try owner.post("/v1/brakes/\(brake)/release").ok()
        try box.advance("P1D")
        let held = try message("News", to: leads[0], owner)
        #expect(held["status"] == "held" && held["reasons"]?[0].text("code") == "unsubscribed", "\(held)")
        #expect(try message("News", to: leads[1], owner)["status"] == "sent")
        let another = try owner.mailCampaign(["segment_id": some])
        let preview = try owner.mailCampaign(another, "preview").ok()
        #expect(preview["sendable"] == 1 && preview["excluded"] == [["code": "unsubscribed", "count": 1]])
        // Messages that are no marketing reach them all the same.
        try owner.post(
            "/v1/messages",
            [
                "channel": "email", "contact_id": leads[0]["contact_id"] ?? .null, "subject": "Your offer",
                "body": "Here.", "purpose": "transactional",
            ]
        ).ok(202)
        try box.advance("PT1M")
        #expect(try message("Your offer", to: leads[0], owner)["status"] == "sent")
        try owner.post("/v1/leads/merges/\(merged)/undo").ok()
        try box.advance("P1D")
        #expect(try message("News", to: leads[0], owner)["status"] == "sent")
    }

    @Test func `of what waits for contacts that are merged one leaves, and of those that are two again both`()
        throws
    {
        let box = try server.mailSandbox(), owner = box.owner
        try owner.patch("/v1/settings", ["frequency_caps": []]).ok()
        try owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        for rule in try owner.every("/v1/content-calendar-rules") {
            try owner.delete("/v1/content-calendar-rules/\(rule.id)").ok(204)
        }
        let leads = try (0..<12).map { try owner.post("/v1/leads", lead($0)).ok(201) }
        let brake = try stop(owner)
        let campaign = try owner.mailCampaign(["segment_id": segment(Array(leads[..<6]) + [leads[11]], owner)]
        )
        try owner.mailCampaign(campaign, "schedule").ok()
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Ways", "type": "company_news", "subject": "Ways", "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
        let distribution = try owner.post(
            "/v1/content-items/\(item.id)/distribute", ["segment_id": segment(Array(leads[6..<10]), owner)]
        ).ok(202)
        try box.advance("P2D")
        let waiting = try leads.enumerated().filter { $0.offset != 10 }.map { number, lead in
            (number, try message((6..<10).contains(number) ? "Ways" : "News", to: lead, owner).id)
        }
        func statuses(_ numbers: Int...) throws -> [String] {
            try waiting.filter { numbers.contains($0.0) }.map {
                let message = try owner.get("/v1/messages/\($0.1)").ok()
                let reason = message["reasons"]?.array?.first?.text("code")
                return [message.text("status"), reason].compactMap(\.self).joined(separator: " ")
            }.sorted()
        }
        // One of them has unsubscribed: it holds for what waits for the other, too.
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[10]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        let undoing = try stride(from: 0, to: 12, by: 2).map { number -> String in
            let gone: JSON = ["merge": [leads[number + 1]["contact_id"] ?? .null]]
            let path = "/v1/contacts/\(leads[number].text("contact_id"))/merge"
            return "/v1/contacts/merges/\(try owner.post(path, gone).ok().text("merge_id"))/undo"
        }
        // Those of the second and the fifth pair are two people again before anything leaves.
        for pair in [1, 4] { try owner.post(undoing[pair]).ok() }
        try owner.post("/v1/brakes/\(brake)/release").ok()
        try box.advance("P3D")
        let one = ["cancelled same_person", "sent"], both = ["sent", "sent"]
        #expect(try [statuses(0, 1), statuses(4, 5), statuses(6, 7)] == [one, one, one])
        #expect(try [statuses(2, 3), statuses(8, 9), statuses(11)] == [both, both, ["held unsubscribed"]])
        for pair in [2, 3, 5] { try owner.post(undoing[pair]).ok() }
        try box.advance("P3D")
        #expect(try [statuses(0, 1), statuses(4, 5), statuses(6, 7)] == [one, one, one])
        #expect(try [statuses(2, 3), statuses(8, 9), statuses(11)] == [both, both, ["sent"]])
        let causes = try owner.every("/v1/messages?direction=outbound").map { $0["cause"]?.id }
        #expect(causes.count { $0 == campaign.id } == 7 && causes.count { $0 == distribution.id } == 4)
        let over = try owner.get("/v1/email-campaigns/\(campaign.id)").ok()
        #expect(over["status"] == "sent" && over["excluded"] == [["code": "same_person", "count": 2]])
        #expect(try owner.results(ofMailCampaign: campaign)["sent"] == 5)
        let told = try owner.get("/v1/distributions/\(distribution.id)").ok()
        #expect(told["sent"] == 3 && told["skipped"] == [["code": "already_received", "count": 1]])
    }
}
