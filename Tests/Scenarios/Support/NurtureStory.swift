import Foundation
import JSON
import StandIns
import Testing

/// A year of an agency that keeps in touch by itself with those whom it knows, and looks after its clients. It keeps
/// its own book of what people did, against which the product's can be held.
final class NurtureStory {
    let box: SandboxCaller
    let people: [Acquaintance]
    let begin: Date, days: Int
    /// Where the agency is at home.
    static let home = TimeZone(identifier: "America/Chicago") ?? .gmt
    private let server: BureauProcess
    private let postmark: PostmarkStandIn, door: JSON
    private(set) var now: Date
    private var leads: [Int: JSON] = [:]
    /// People by their contacts.
    private(set) var byContact: [String: Int] = [:]
    private var plans: [(at: Date, order: Int, act: (NurtureStory) throws -> Void)] = []

    // The events, by contact and by client.
    private(set) var left: [String: Date] = [:]
    private(set) var answered: [String: [Date]] = [:]
    private(set) var sold: [String: ClosedRange<Date>] = [:]
    private(set) var called: [String: ClosedRange<Date>] = [:]
    private(set) var troubles: [String: [ClosedRange<Date>]] = [:]
    private(set) var clients: [String] = []

    init(_ server: BureauProcess, leads: Int, clients: Int, days: Int, seed: UInt64) throws {
        (self.server, self.days) = (server, days)
        people = Acquaintance.all(leads, days: days, seed: seed)
        (box, postmark) = (try server.nurturing(["holdout_percent": 10]), try PostmarkStandIn())
        begin = try Date(iso: SandboxCaller.nurtureStart)
        now = begin
        for agent in ["content_distribution", "client_management"] {
            try box.owner.patch("/v1/agents/\(agent)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        try box.owner.patch(
            "/v1/settings",
            ["time_zone": .string(Self.home.identifier), "quiet_hours": ["from": "20:00", "to": "08:00"]]
        ).ok()
        door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        try box.publishSuccess()
        planPeople()
        planContent()
        for number in 0..<clients { try takeIn(number) }
    }

    /// Lives on to the last day.
    func live() throws {
        plans.sort { ($0.at, $0.order) < ($1.at, $1.order) }
        let end = begin + Double(days) * 86_400
        while let plan = plans.first, plan.at < end {
            plans.removeFirst()
            if plan.at > now { try advance(to: plan.at) }
            try plan.act(self)
            try box.advance("PT0S")
        }
        try advance(to: end)
    }

    private func advance(to moment: Date) throws {
        try box.advance(to: moment.iso)
        now = moment
    }

    private func plan(_ day: Int, _ hour: Int = 0, _ act: @escaping (NurtureStory) throws -> Void) {
        plans.append((begin + Double(day * 24 + hour) * 3600, plans.count, act))
    }

    /// Plans what follows from something that has just happened.
    private func later(_ days: Int, _ act: @escaping (NurtureStory) throws -> Void) {
        plans.append((now + Double(days) * 86_400, plans.count, act))
        plans.sort { ($0.at, $0.order) < ($1.at, $1.order) }
    }

    // MARK: People

    private func planPeople() {
        for (day, some) in Dictionary(grouping: people, by: \.comesOn) {
            plan(day) { try $0.bringIn(some) }
        }
        for person in people where person.manner != .silent {
            plan(person.actsOn, person.actsAt) { try $0.act(person) }
        }
    }

    /// All of a day at once, as a file or a program brings them.
    private func bringIn(_ some: [Acquaintance]) throws {
        for start in stride(from: 0, to: some.count, by: 500) {
            let operations = some[start..<min(start + 500, some.count)].map { person -> JSON in
                ["op": "create", "body": person.lead(known: now)]
            }
            let answer = try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
            for (person, result) in zip(some[start...], answer["results"]?.array ?? []) {
                let lead = try #require(result["body"], "\(result)")
                leads[person.number] = lead
                byContact[lead.text("contact_id")] = person.number
            }
        }
    }

    private func act(_ person: Acquaintance) throws {
        guard let lead = leads[person.number] else { return }
        let contact = lead.text("contact_id"), last = try box.touches(of: lead).last
        switch person.manner {
        case .silent: break
        case .answers:
            try write(person, "Thank you, I have read it with interest.")
            answered[contact, default: []].append(now)
        case .saysStop:
            try write(person, "STOP")
            left[contact] = now
        case .clicksAway:
            guard let last else { return }
            try server.unsubscribe(by: last)
            left[contact] = now
        case .isTakenOff:
            try box.owner.post(
                "/v1/suppressions",
                ["channel": "email", "address": .string(person.email), "reason": "unsubscribe"]
            ).ok(201)
            left[contact] = now
        case .bounces:
            guard let last else { return }
            try bounce(last, person)
            left[contact] = now
        case .buys, .declines: try sell(to: lead, person)
        case .isCalled: try call(lead)
        case .asksForMore:
            try box.owner.post("/v1/contacts/\(contact)/activities", ["type": "demo_request"]).ok(201)
        }
    }

    private func write(_ person: Acquaintance, _ text: String) throws {
        let mail = postmark.mail("story-\(person.number)", from: person.email, text: text)
        try server.deliver(mail, to: door).ok()
    }

    private func bounce(_ mail: JSON, _ person: Acquaintance) throws {
        let event = postmark.hook([
            "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Inactive": true,
            "ID": JSON(person.number + 1), "MessageID": .string("pm-\(mail.id)"),
            "Email": .string(person.email), "Metadata": ["bureau_id": .string(mail.id)],
        ])
        try server.deliver(event, to: door).ok()
    }

    private func sell(to lead: JSON, _ person: Acquaintance) throws {
        let deal = try box.owner.post(
            "/v1/deals",
            [
                "lead_id": .string(lead.id), "name": "Ads", "value": dollars(1000),
                "stage": "negotiation",
            ]
        ).ok(201)
        let contact = lead.text("contact_id"), begun = now
        sold[contact] = begun...Date.distantFuture
        later(20) { story in
            let stage: JSON = person.manner == .buys ? "won" : "lost"
            try story.box.owner.patch("/v1/deals/\(deal.id)", ["stage": stage]).ok()
            if person.manner == .declines { story.sold[contact] = begun...story.now }
        }
    }

    private func call(_ lead: JSON) throws {
        let steps: JSON = [["channel": "task", "delay": "P1D", "title": "Call them"]]
        let sequence = try box.owner.post(
            "/v1/sequences",
            ["name": .string("Calls \(lead.id)"), "kind": "outreach", "steps": steps]
        ).ok(201)
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let one = try box.owner.post(path, ["lead_id": .string(lead.id)]).ok(201)
        let contact = lead.text("contact_id"), begun = now
        called[contact] = begun...Date.distantFuture
        later(15) { story in
            try story.box.owner.post("\(path)/\(one.id)/exit").ok()
            story.called[contact] = begun...story.now
        }
    }

    // MARK: Content

    private static let types = [
        "educational", "case_study", "product_launch", "company_news", "industry_insights",
    ]

    private func planContent() {
        for (number, day) in stride(from: 1, to: days, by: 24).enumerated() {
            let type = Self.types[number % Self.types.count]
            plan(day, 2) { _ = try $0.item("\(type) \(number)", type) }
        }
        // News for which nobody waits for the calendar, and once more to all.
        plan(days / 2) { story in
            let item = try story.item("By hand", "company_news")
            for wait in [0, 40] {
                story.later(wait) { story in
                    try story.box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
                }
            }
        }
    }

    private func item(_ title: String, _ type: String) throws -> JSON {
        try box.owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": .string(type),
                "subject": .string("\(title) for {{ lead.company }}"), "body": "Words.",
                "status": "approved",
            ]
        ).ok(201)
    }

    // MARK: Clients

    private func takeIn(_ number: Int) throws {
        plan(number % 5, 3) { story in
            let client = try story.box.owner.makeClient([
                "name": .string("Client \(number)"), "tier": "growth",
                "contact_email": .string("boss@client\(number).example.com"),
            ])
            story.clients.append(client.id)
            try [story.reachGoal, story.needHelp, story.owe, story.finish][number % 4](client)
        }
    }

    private func reachGoal(_ client: JSON) throws {
        func figure(_ story: NurtureStory, _ value: Double) throws {
            try story.box.owner.post(
                "/v1/metrics",
                [
                    "client_id": .string(client.id), "source": "crm", "metric": "enquiries",
                    "date": .string(story.today), "value": .number(value),
                ]
            ).ok(201)
        }
        try figure(self, 40)
        try box.owner.post(
            "/v1/goals",
            [
                "client_id": .string(client.id), "metric": "crm.enquiries", "target": 100,
                "name": "Enquiries", "by": "2040-06-30",
            ]
        ).ok(201)
        later(days / 2) { try figure($0, 113) }
    }

    /// An urgent ticket is open around the anniversary.
    private func needHelp(_ client: JSON) throws {
        later(362) { story in
            let ticket = try story.ticket(client, ["priority": "urgent"])
            let begun = story.now
            story.troubles[client.id, default: []].append(begun...Date.distantFuture)
            story.later(8) { story in
                let path = "/v1/tickets/\(ticket.id)/resolve"
                try story.box.owner.post(path, ["resolution": "Works."]).ok()
                story.troubles[client.id] = [begun...story.now]
            }
        }
    }

    /// An invoice is overdue when a project ends.
    private func owe(_ client: JSON) throws {
        let project = try box.owner.project(client)
        later(100) { story in
            let invoice = try story.box.owner.invoice(
                client, [ScenarioTests.item(50_000)], ["due_on": .string(story.today)])
            // When it counts as overdue is the agency's to see: some days after, it does.
            let begun = story.now + 3 * 86_400
            story.troubles[client.id, default: []].append(begun...Date.distantFuture)
            story.later(5) { story in
                try story.box.owner.patch("/v1/projects/\(project.id)", ["status": "completed"]).ok()
            }
            story.later(12) { story in
                let due = try #require(try story.box.owner.invoice(invoice.id).cents("due"))
                try story.box.owner.pay(invoice, due).ok(201)
                story.troubles[client.id] = [begun...story.now]
            }
        }
    }

    /// Complains while a milestone comes near.
    private func finish(_ client: JSON) throws {
        let day = String((now + 200 * 86_400).iso.prefix(10))
        _ = try box.owner.project(
            client, ["name": "Site", "milestones": [["name": "Launch", "due_on": .string(day)]]])
        later(192) { story in
            _ = try story.ticket(client, ["category": "complaint"])
            story.troubles[client.id] = [story.now...(story.now + 14 * 86_400)]
        }
    }

    private var today: String { now.day(in: Self.home) }

    private func ticket(_ client: JSON, _ more: JSON) throws -> JSON {
        let fields: JSON = [
            "subject": "It is broken", "body": "An error.", "client_id": .string(client.id),
        ]
        return try box.owner.post("/v1/tickets", fields.merging(more)).ok(201)
    }
}

extension BureauProcess {
    /// Ends all mails by the link that a mail has, as a mail program does.
    func unsubscribe(by mail: JSON) throws {
        let html = mail.text("html"), start = try #require(html.firstRange(of: "/u/"))
        let path = String(html[start.lowerBound...].prefix { !"\"'<> ".contains($0) })
        let answer = try anonymous.request(
            "POST", path, raw: Array("List-Unsubscribe=One-Click".utf8),
            headers: ["Content-Type": "application/x-www-form-urlencoded"])
        #expect(answer.status == 200)
    }
}
