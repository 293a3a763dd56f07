import Foundation
import JSON
import StandIns
import TestRandomness
import Testing

/// Keeping in touch, whatever happens and in whatever order: answers, stops, sales, imports, clients' figures, tickets
/// and projects, and the end of the process in the middle of its work.
@Suite(.ownThread) struct NurtureStories {
    /// `BUREAU_TEST_STORIES` says how many are told: `make year` tells thirty.
    @Test
    func `whatever happens, no step or thanks come twice or at a bad moment, and the holdout is silent`()
        throws
    {
        let count = ProcessInfo.processInfo.environment["BUREAU_TEST_STORIES"].flatMap(UInt64.init) ?? 2
        let server = try BureauProcess.start()
        for seed in 1...count {
            let story = try RandomNurture(server, seed: seed)
            for _ in 0..<40 { try story.turn() }
            try story.end()
        }
    }
}

/// One agency, to which a seed decides what happens next.
private final class RandomNurture {
    private let server: BureauProcess
    private let box: SandboxCaller
    private let postmark: PostmarkStandIn, door: JSON
    private let seed: UInt64
    private var chance: SeededGenerator
    private let clients: NurtureClients
    private var leads: [JSON] = []
    private var told = 0
    private var trace: [String] = []
    /// Returns the open deals, and enrolments in sequences of the agency's own, by contact.
    private var deals: [String: String] = [:], calls: [String: String] = [:]
    private var left: [String: Date] = [:]
    /// The leads that were taken into others, and when they were one.
    private var merges: [(gone: JSON, kept: String, path: String, during: ClosedRange<Date>)] = []
    /// When somebody was sold to, or in another sequence.
    private var taken: [String: [ClosedRange<Date>]] = [:]

    init(_ server: BureauProcess, seed: UInt64) throws {
        (self.server, self.seed, chance) = (server, seed, SeededGenerator(seed))
        (box, postmark) = (try server.nurturing(["holdout_percent": 20]), try PostmarkStandIn())
        door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
        clients = try NurtureClients(box, seed: seed)
        try box.owner.patch(
            "/v1/agents/content_distribution", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        try box.publishSuccess()
        for number in 0..<12 {
            leads.append(try box.makeLead(number, knownFor: [0, 0, 25, 50, 120, 400][number % 6]))
        }
    }

    // MARK: What happens

    func turn() throws {
        let someone = leads[chance.below(leads.count)]
        switch chance.below(19) {
        case 0: try write("Thank you, I have read it.", someone)
        case 1: try stop(someone)
        case 2: try sell(someone)
        case 3, 4: try call(someone)
        case 5: try bringIn()
        case 6: try distribute()
        case 7, 8: try advanceAndDie()
        case 9: try merge(into: someone)
        case 10, 11, 12, 13: trace.append(try clients.turn(&chance))
        default: try advance(hours: 1 + chance.below(96))
        }
        try checkProgrammes()
    }

    private func advance(hours: Int) throws {
        trace.append("\(hours) hours")
        try box.advance("PT\(hours)H")
    }

    /// The process ends somewhere on the way.
    private func advanceAndDie() throws {
        let (box, hours, wait) = (box, 24 + chance.below(96), chance.below(120))
        trace.append("\(hours) hours, and the end after \(wait) ms")
        let isOver = DispatchSemaphore(value: 0)
        Thread {
            let path = "/v1/sandboxes/\(box.id)/clock/advance"
            _ = try? box.owner.post(path, ["by": .string("PT\(hours)H")])
            isOver.signal()
        }.start()
        Thread.sleep(forTimeInterval: Double(wait) / 1000)
        server.kill()
        isOver.wait()
        try server.start()
        try box.advance("PT0S")
    }

    private func write(_ text: String, _ lead: JSON) throws {
        told += 1
        trace.append("\(lead.text("email")) writes: \(text)")
        let mail = postmark.mail("\(seed)-\(told)", from: lead.text("email"), text: text)
        try server.deliver(mail, to: door).ok()
        try endCalls(lead.text("contact_id"))
        try box.advance("PT0S")
    }

    /// A reply ends every sequence that its author is in.
    private func endCalls(_ contact: String) throws {
        if calls.removeValue(forKey: contact) != nil { try release(contact) {} }
    }

    private func stop(_ lead: JSON) throws {
        let contact = lead.text("contact_id")
        guard left[contact] == nil else { return }
        if chance.below(2) == 0 {
            try write("STOP", lead)
        } else {
            trace.append("\(lead.text("email")) is taken off")
            try box.owner.post(
                "/v1/suppressions",
                ["channel": "email", "address": lead["email"] ?? .null, "reason": "unsubscribe"]
            ).ok(201)
            try endCalls(contact)
        }
        left[contact] = try now()
    }

    /// Begins a sale, or ends the one that is open.
    private func sell(_ lead: JSON) throws {
        let contact = lead.text("contact_id")
        trace.append("\(lead.text("email")) is sold to, or no more")
        if let deal = deals.removeValue(forKey: contact) {
            try release(contact) { try box.owner.patch("/v1/deals/\(deal)", ["stage": "lost"]).ok() }
        } else if calls[contact] == nil, taken[contact] == nil {
            let fields: JSON = [
                "lead_id": .string(lead.id), "name": "Ads", "value": dollars(10), "stage": "negotiation",
            ]
            deals[contact] = try box.owner.post("/v1/deals", fields).ok(201).id
            try take(contact)
        }
    }

    /// Puts somebody into a sequence of the agency's own, or takes them out of it.
    private func call(_ lead: JSON) throws {
        let contact = lead.text("contact_id")
        trace.append("\(lead.text("email")) is called, or no more")
        if let path = calls.removeValue(forKey: contact) {
            try release(contact) { try box.owner.post("\(path)/exit").ok() }
        } else if taken[contact] == nil, left[contact] == nil {
            let steps: JSON = [["channel": "task", "delay": "P1D", "title": "Call them"]]
            told += 1
            let sequence = try box.owner.post(
                "/v1/sequences",
                ["name": .string("Calls \(told)"), "kind": "outreach", "steps": steps]
            ).ok(201)
            let path = "/v1/sequences/\(sequence.id)/enrollments"
            let one = try box.owner.post(path, ["lead_id": .string(lead.id)]).ok(201)
            calls[contact] = "\(path)/\(one.id)"
            try take(contact)
        }
    }

    /// Two leads turn out to be one person, or the last such are two again.
    private func merge(into kept: JSON) throws {
        if chance.below(2) == 0, let last = merges.last, last.during.upperBound == .distantFuture {
            trace.append("\(last.gone.text("email")) is somebody else after all")
            try box.owner.post("\(last.path)/undo").ok()
            merges[merges.count - 1].during = last.during.lowerBound...(try now())
            return leads.append(last.gone)
        }
        let gone = leads[chance.below(leads.count)], contact = gone.text("contact_id")
        guard gone.id != kept.id, leads.count > 4, taken[contact] == nil, left[contact] == nil else { return }
        trace.append("\(gone.text("email")) is \(kept.text("email"))")
        let merge = try box.owner.post(
            "/v1/leads/merge", ["keep": .string(kept.id), "merge": [.string(gone.id)]]
        ).ok().text("merge_id")
        merges.append(
            (gone, kept.text("contact_id"), "/v1/leads/merges/\(merge)", try now()...Date.distantFuture))
        leads.removeAll { $0.id == gone.id }
    }

    private func take(_ contact: String) throws {
        taken[contact, default: []].append(try now()...Date.distantFuture)
    }

    private func release(_ contact: String, _ act: () throws -> Void) throws {
        guard let open = taken[contact]?.popLast() else { return }
        taken[contact, default: []].append(open.lowerBound...(try now()))
        try act()
    }

    /// A file with somebody new, and somebody who is known.
    private func bringIn() throws {
        told += 1
        let number = 100 + told, known = leads[chance.below(leads.count)]
        trace.append("a file with \(number) and \(known.text("email"))")
        let rows = [
            csvRow(number),
            csvRow(number + 500, ["E-Mail": known.text("email"), "Company": known.text("company")]),
        ]
        let file = Array(csv(csvHeader, rows).utf8)
        try box.owner.post("/v1/leads/import", raw: file, type: "text/csv").ok(202)
        try box.advance("PT0S")
        let have = Set((leads + merges.map(\.gone)).map(\.id) + clients.leads)
        leads += try box.owner.every("/v1/leads").filter {
            !have.contains($0.id) && !$0.text("contact_id").isEmpty
        }.sorted { $0.id < $1.id }
    }

    private func distribute() throws {
        told += 1
        trace.append("news \(told)")
        let item = try box.owner.post(
            "/v1/content-items",
            [
                "title": .string("News \(told)"), "type": "company_news", "subject": .string("News \(told)"),
                "body": "Words.", "status": "approved",
            ]
        ).ok(201)
        try box.owner.post("/v1/content-items/\(item.id)/distribute", [:]).ok(202)
    }

    private func now() throws -> Date { try Date(iso: box.now()) }

    // MARK: What always holds

    private func nurtureSequences() throws -> Set<String> {
        Set(try box.owner.every("/v1/sequences?kind=nurture").map(\.id))
    }

    private func checkProgrammes() throws {
        let own = try nurtureSequences()
        let running = try ["active", "paused"].flatMap { status in
            try box.owner.every("/v1/enrollments?status=\(status)")
        }.filter { own.contains($0.text("sequence_id")) }
        let twice = Dictionary(grouping: running) { $0.text("contact_id") }.filter { $0.value.count > 1 }
        #expect(twice.isEmpty, "seed \(seed): \(twice) after \(trace)")
    }

    func end() throws {
        try clients.end()
        try box.advance("P40D")
        let enrollments = try box.owner.every("/v1/enrollments")
        let (own, steps) = (try nurtureSequences(), NurtureSteps.sent(enrollments).steps)
        #expect(
            !steps.isEmpty && Set(steps).count == steps.count, "seed \(seed): a step twice after \(trace)")
        let nurture = Set(enrollments.filter { own.contains($0.text("sequence_id")) }.map(\.id))
        let items = Dictionary(
            uniqueKeysWithValues: try box.owner.every("/v1/distributions").map {
                ($0.id, $0.text("content_item_id"))
            })
        let out = Set(try box.owner.every("/v1/contacts?held_out=true").map(\.id))
            .subtracting(try clients.bought())
        let sent = try box.owner.every("/v1/messages?direction=outbound&purpose=marketing")
            .filter { !$0.text("sent_at").isEmpty }
        var content: Set<[String]> = []
        for mail in sent {
            let (contact, cause) = (mail.text("contact_id"), mail["cause"]?.id ?? "")
            let at = try Date(iso: mail.text("sent_at"))
            #expect(!out.contains(contact), "seed \(seed): \(mail) after \(trace)")
            if let stop = left[contact] { #expect(at <= stop, "seed \(seed): \(mail) after \(trace)") }
            if let item = items[cause] {
                #expect(content.insert([contact, item]).inserted, "seed \(seed): \(mail) after \(trace)")
            }
            guard nurture.contains(cause) else { continue }
            let isTaken = (taken[contact] ?? []).contains { $0.lowerBound < at && at < $0.upperBound }
            #expect(!isTaken, "seed \(seed): \(mail) after \(trace)")
            let isSilent = merges.contains { merge in
                merge.kept == contact && out.contains(merge.gone.text("contact_id"))
                    && merge.during.lowerBound < at && at < merge.during.upperBound
            }
            #expect(!isSilent, "seed \(seed): \(mail) after \(trace)")
        }
        try clients.check(sent, after: trace)
        #expect(Set(sent.map { $0.text("internet_id") }).count == sent.count)
        #expect(try box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }
}
