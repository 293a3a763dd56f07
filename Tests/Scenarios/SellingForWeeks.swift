import Foundation
import JSON
import Testing

/// The selling half as a whole: two hundred people, six weeks, two agents that nobody watches.
@Suite(.ownThreadFirst) struct SellingForWeeks {
    /// The agency's settings: it is at home in Chicago.
    let home = TimeZone(identifier: "America/Chicago") ?? .gmt
    private let perDay = 20
    private let begin = "2027-01-04T06:00:00.000Z"
    private let days = 45

    private func story() throws -> SellingStory {
        let server = try BureauProcess.start()
        let agency = try server.signUp(timeZone: home.identifier)
        try agency.quieten()
        let box = try agency.sandbox(startAt: begin)
        try box.quieten()
        try box.owner.patch(
            "/v1/settings",
            [
                "postal_address": "1 Example Street", "quiet_hours": ["from": "20:00", "to": "08:00"],
                "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
                "sending": ["per_contact_per_day": 1],
                "billing": ["tax_name": "Sales tax", "tax_rate": 725, "payment_days": 10],
            ]
        ).ok()
        try box.owner.put(
            "/api/control/config",
            ["outreach_automation": ["enabled": true, "max_outreach_per_day": JSON(perDay)]]
        ).ok()
        for agent in ["outreach_automation", "sales_automation"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        return try SellingStory(server, box, Prospect.all(seed: 2027), begin: Date(iso: begin))
    }

    @Test
    func
        `two agents sell for six weeks: nobody is written to who left, at night or too often, and the money is right`()
        throws
    {
        let story = try story()
        try story.live(days: days)
        let book = try SellingBook(story)
        try checkReasons(book)
        try checkStops(book)
        checkHours(book)
        checkLimits(book)
        checkRepeats(book)
        try checkReplies(book)
        try checkMoney(book)
        try checkDashboards(book)
        #expect(try story.box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }

    // MARK: Mails

    private func checkReasons(_ book: SellingBook) throws {
        for mail in book.outbound {
            #expect(
                mail["cause"]?.text("type").isEmpty == false && mail["cause"]?.id.isEmpty == false, "\(mail)")
            #expect(!mail.text("why").isEmpty && mail["author"]?.id.isEmpty == false, "\(mail)")
            if mail.text("sent_at").isEmpty {
                #expect(["held", "cancelled", "queued"].contains(mail.text("status")), "\(mail)")
                let reasons = mail["reasons"]?.array ?? []
                #expect(!reasons.isEmpty && reasons.allSatisfy { !$0.text("detail").isEmpty }, "\(mail)")
            } else {
                #expect(["sent", "delivered", "bounced"].contains(mail.text("status")), "\(mail)")
            }
        }
        // Every lead that was begun with was decided on, with factors.
        let owner = book.story.box.owner
        let decided = try owner.every("/v1/decisions?agent=outreach_automation")
        #expect(decided.allSatisfy { ($0["factors"]?.array?.count ?? 0) >= 3 })
        let enrolled = try owner.every("/v1/enrollments").map { $0.text("lead_id") }
        #expect(Set(enrolled).isSubset(of: decided.compactMap { $0["subject"]?.id }))
        #expect(enrolled.count == Set(enrolled).count && enrolled.count > 100, "\(enrolled.count)")
    }

    private func checkStops(_ book: SellingBook) throws {
        #expect(book.story.left.count > 30, "\(book.story.left.count)")
        for sent in book.sent {
            guard let person = sent.person else { continue }
            let number = person.number, what = sent.description
            #expect(!person.needsConsent, "\(what)")
            if let left = book.story.left[number] { #expect(sent.at <= left, "\(what)") }
            guard sent.isMarketing else { continue }
            if let answered = book.story.answered[number] { #expect(sent.at <= answered, "\(what)") }
            if let away = book.story.away[number] { #expect(!away.contains(sent.at), "\(what)") }
        }
        let enrollments = try book.story.box.owner.every("/v1/enrollments?status=active")
        for enrollment in enrollments {
            let number = try #require(book.story.byContact[enrollment.text("contact_id")])
            #expect(book.story.left[number] == nil && book.story.answered[number] == nil, "\(enrollment)")
        }
    }

    /// At night only those get mail who have just written, or just clicked.
    private func checkHours(_ book: SellingBook) {
        var zones: Set<String> = []
        for sent in book.sent {
            guard let person = sent.person else { continue }
            zones.insert(person.place.zone)
            let isAwake = (8..<20).contains(sent.hour(in: person.zone))
            let acts = book.story.acted[person.number] ?? []
            let hasActed = acts.contains { $0 <= sent.at && sent.at < $0 + 3600 }
            #expect(isAwake || !sent.isUnasked && hasActed, "\(sent)")
        }
        #expect(zones.count == 7)
    }

    private func checkLimits(_ book: SellingBook) {
        let marketing = book.sent.filter(\.isMarketing)
        let days = Dictionary(grouping: marketing) { $0.day(in: home) }.mapValues(\.count)
        #expect(days.values.max() == perDay, "\(days)")
        let each = Dictionary(grouping: marketing) { "\($0.day(in: home)) \($0.mail.text("contact_id"))" }
        #expect(each.values.allSatisfy { $0.count == 1 })
        // Working days alone, as the sequence has them.
        let weekend = marketing.filter { $0.isWeekend(in: $0.person?.zone ?? .gmt) }
        #expect(weekend.isEmpty, "\(weekend)")
    }

    private func checkRepeats(_ book: SellingBook) {
        let once = book.sent.filter { !$0.isReminder }
        let same = Dictionary(grouping: once) {
            [$0.mail.text("contact_id"), $0.mail["cause"]?.id ?? "", $0.mail.text("text")]
        }.values.filter { $0.count > 1 }
        #expect(same.isEmpty, "\(same)")
        #expect(Set(book.sent.map { $0.mail.text("internet_id") }).count == book.sent.count)
        let reminders = Dictionary(grouping: book.sent.filter(\.isReminder)) {
            "\($0.mail.text("contact_id")) \($0.mail.text("topic"))"
        }
        #expect(reminders.count > 3)
        for (_, some) in reminders {
            let settled = some[0].mail["cause"].flatMap { book.story.settled[$0.id] } ?? .distantFuture
            #expect(some.allSatisfy { $0.at <= settled }, "\(some)")
            let times = some.map(\.at).sorted()
            #expect(
                times.count <= 3
                    && zip(times, times.dropFirst()).allSatisfy { $1.timeIntervalSince($0) > 2.5 * 86_400 })
        }
    }

    private func checkReplies(_ book: SellingBook) throws {
        let owner = book.story.box.owner
        let inbound = try owner.every("/v1/messages?direction=inbound")
        #expect(inbound.count > 100 && inbound.count <= book.story.replies)
        let classes = Set(inbound.map { $0.text("class") })
        #expect(
            classes == [
                "interested", "question", "objection", "not_now", "referral", "not_interested", "unsubscribe",
                "out_of_office", "other", "bounce",
            ], "\(classes)")
        let deals = try owner.every("/v1/deals").map { $0.text("lead_id") }
        #expect(deals.count == Set(deals).count, "what a client writes begins no sale anew")
        // Each answer of a lead has led to one decision.
        let decided = Dictionary(
            grouping: try owner.every("/v1/decisions?agent=sales_automation"), by: { $0["subject"]?.id ?? "" }
        )
        for mail in inbound where !["out_of_office", "bounce"].contains(mail.text("class")) {
            #expect(decided[mail.id]?.count == 1, "\(mail)")
        }
    }
}
