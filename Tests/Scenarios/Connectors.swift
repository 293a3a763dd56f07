import JSON
import StandIns
import Synchronization
import Testing

/// Which of an agency's services is asked, and when.
@Suite(.ownThread) struct Connectors {
    let server = BureauProcess.shared

    private func agency() throws -> Agency {
        let agency = try server.signUp()
        try agency.readyToMail()
        return agency
    }

    private let refusal = StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#)

    @Test func `of three services, of which one fails and one is slow, every mail leaves once`() throws {
        let refusal = refusal
        let bad = try ScriptedMailService("postmark") { _ in refusal }
        let slow = try ScriptedMailService("mailgun", delay: .milliseconds(500))
        let third = try ScriptedMailService("sendgrid") { number in
            number < 10
                ? ScriptedMailService.taken(
                    "sendgrid", number,
                    headers: [
                        ("RateLimit-Limit", "10"), ("RateLimit-Remaining", "\(9 - number)"),
                        ("RateLimit-Reset", "600"),
                    ])
                : StandInAnswer(429, "{}", headers: [("Retry-After", "600")])
        }
        let agency = try agency()
        let services = [bad, slow, third]
        let made = try services.enumerated().map { try agency.connect($1, priority: $0 + 1) }
        let sent = try agency.mail(0..<200)
        for message in sent { try agency.message(message, "sent") }
        let mails = slow.mails + third.mails
        #expect(mails.sorted() == (0..<200).map { "p\($0)@example.com" }.sorted())
        // Ten at the most before it is spared, and a probe after each pause.
        #expect(bad.asked.count <= 12 && third.asked.count <= 12)
        // The third is asked only while the second has no place left.
        #expect(!slow.mails.isEmpty)
        let calls = try agency.sendingCalls()
        let by = made.map { service in
            calls.filter { $0["integration_id"] == .string(service.id) }
        }
        #expect(by.map(\.count) == services.map(\.asked.count))
        #expect(Set(by[0].map { $0.text("state") }) == ["failed"])
        #expect(by[0].allSatisfy { $0["error"]?.text("code").isEmpty == false })
        #expect(Set(by[0].map(why)).isSubset(of: ["first_choice", "probe"]))
        #expect(Set((by[1] + by[2]).map(why)).contains("circuit_open"))
        #expect(calls.allSatisfy { $0["why"]?.text("detail").isEmpty == false })
        let circuit = try agency.owner.get("/v1/integrations/\(made[0].id)").ok()["circuit"]
        #expect(["open", "half_open"].contains(circuit?.text("state") ?? ""))
        #expect(circuit?["retry_at"] != .null)
        let alerts = try agency.openAlerts(of: made[0])
        #expect(alerts.count == 1 && alerts.first?.text("recommended_action").isEmpty == false)
        for (service, connected) in zip(services, made) {
            let month = try agency.use(of: connected)["month"]
            #expect(month?["calls"] == JSON(service.asked.count))
            #expect(month?["failures"] == JSON(service.asked.count - service.mails.count))
        }
        #expect((try agency.use(of: made[1])["days"]?[0]["average_ms"]?.int ?? 0) >= 500)
    }

    @Test func `after a 429 nobody asks before the moment that was named`() throws {
        let mail = try ScriptedMailService("postmark") { number in
            number == 0 ? StandInAnswer(429, "{}", headers: [("Retry-After", "6")]) : nil
        }
        let agency = try agency()
        let connected = try agency.connect(mail)
        let first = try agency.mail(0..<1)
        try eventuallyTrue("the refusal") {
            try agency.sendingCalls().contains { $0.text("state") == "failed" }
        }
        let second = try agency.mail(1..<2)
        let waiting = try agency.message(second[0], "held")
        #expect(waiting["reasons"]?[0]["code"] == "quota_exhausted")
        #expect(waiting["reasons"]?[0]["until"] != .null)
        for message in first + second { try agency.message(message, "sent") }
        let asked = mail.asked
        #expect(asked.count == 3 && asked[1] - asked[0] >= .milliseconds(5900))
        let circuit = try agency.owner.get("/v1/integrations/\(connected.id)").ok()["circuit"]
        #expect(circuit?["state"] == "closed")
    }

    @Test func `what a service out of reach was to take leaves by itself, once, as soon as it is back`()
        throws
    {
        let mail = try ScriptedMailService("postmark", isUp: false)
        let agency = try agency()
        let made = try agency.connect(mail)
        func circuit() throws -> JSON? {
            try agency.owner.get("/v1/integrations/\(made.id)").ok()["circuit"]
        }
        func told(_ type: String) throws -> Int {
            try agency.owner.every("/v1/events?type=integration.\(type)").count
        }
        let sent = try agency.mail(0..<12)
        try eventuallyTrue("an open circuit") { try circuit()?.text("state") == "open" }
        #expect(try agency.openAlerts(of: made).map { $0.text("kind") } == ["integration_circuit_open"])
        let failed = try agency.sendingCalls()
        #expect((5...10).contains(failed.count), "it is spared after the fifth")
        #expect(Set(failed.map { $0["error"]?.text("code") ?? "" }) == ["connect"])
        #expect(failed.allSatisfy { $0["error"]?["retryable"] == true })
        try mail.service.start()
        // The probe comes after half a minute; who asked meanwhile does not wait for its two minutes.
        try eventuallyTrue("every mail") { mail.mails.count == sent.count }
        for message in sent { try agency.message(message, "sent") }
        #expect(mail.mails.sorted() == (0..<12).map { "p\($0)@example.com" }.sorted())
        let calls = try agency.sendingCalls()
        #expect(calls.count { $0.text("state") == "succeeded" } == sent.count)
        #expect(calls.contains { why($0) == "probe" && $0.text("state") == "succeeded" })
        #expect(try circuit()?.text("state") == "closed" && agency.openAlerts(of: made).isEmpty)
        #expect(try told("circuit_opened") == 1 && told("circuit_closed") == 1)
    }

    @Test func `while the first service is away the second takes every mail, and then the first does again`()
        throws
    {
        let first = try ScriptedMailService("postmark", isUp: false)
        let second = try ScriptedMailService("mailgun")
        let agency = try agency()
        let made = try agency.connect(first), other = try agency.connect(second, priority: 2)
        for message in try agency.mail(0..<12) { try agency.message(message, "sent") }
        #expect(second.mails.sorted() == (0..<12).map { "p\($0)@example.com" }.sorted())
        let reasons = Set(try agency.sendingCalls("&integration_id=\(other.id)").map(why))
        #expect(reasons == ["after_failure", "circuit_open"])
        #expect(try agency.openAlerts(of: made).count == 1)
        try first.service.start()
        // The first is probed after half a minute, by a mail of its own.
        var count = 12
        try eventuallyTrue("the first one's turn", every: .seconds(2)) {
            try agency.message(try agency.mail(count..<count + 1)[0], "sent")
            count += 1
            return !first.mails.isEmpty
        }
        for message in try agency.mail(count..<count + 2) { try agency.message(message, "sent") }
        let mails = first.mails + second.mails
        #expect(first.mails.count == 3 && mails.count == count + 2 && Set(mails).count == mails.count)
        let last = try agency.sendingCalls("&integration_id=\(made.id)").suffix(3)
        #expect(last.map(why) == ["probe", "first_choice", "first_choice"])
        #expect(try agency.openAlerts(of: made).isEmpty)
    }

    @Test func `what a service says is left is shown, and not overrun by many at once`() throws {
        let limited = try ScriptedMailService("sendgrid") { number in
            let headers = [
                ("RateLimit-Limit", "5"), ("RateLimit-Remaining", "\(max(0, 4 - number))"),
                ("RateLimit-Reset", "600"),
            ]
            return number < 5
                ? ScriptedMailService.taken("sendgrid", number, headers: headers)
                : StandInAnswer(429, "{}", headers: headers + [("Retry-After", "600")])
        }
        let other = try ScriptedMailService("mailgun")
        let agency = try agency()
        let first = try agency.connect(limited)
        let second = try agency.connect(other, priority: 2)
        try agency.message(try agency.mail(0..<1)[0], "sent")
        let read = try agency.owner.get("/v1/integrations/\(first.id)").ok()["quota"]?.array ?? []
        let quota = try #require(read.first { $0["source"] == "service" })
        #expect(quota["limit"] == 5 && quota["left"] == 4 && quota["resets_at"] != .null)
        for message in try agency.mail(1..<16) { try agency.message(message, "sent") }
        #expect(limited.mails.count <= 5 && limited.asked.count <= 6)
        let mails = limited.mails + other.mails
        #expect(mails.count == 16 && Set(mails).count == 16)
        let calls = try agency.sendingCalls("&integration_id=\(second.id)")
        #expect(Set(calls.map(why)).contains("quota_full"))
    }

    @Test func `of the agency's ten the last are spread, and a second service takes what is over`() throws {
        let (one, two) = (try ScriptedMailService("postmark"), try ScriptedMailService("mailgun"))
        let agency = try agency()
        let first = try agency.connect(one, ["limits": ["hour": 10]])
        let path = "/v1/integrations/\(first.id)"
        #expect(first["limits"]?["hour"] == 10)
        #expect(try agency.owner.patch(path, ["limits": ["hour": -1]]).faults().count == 1)
        let late = try agency.mail(0..<13).map { try agency.message($0, "sent", "held") }
            .filter { $0.text("status") == "held" }
        #expect((8...10).contains(one.mails.count) && late.count == 13 - one.mails.count)
        for message in late {
            let reason = message["reasons"]?[0]
            #expect(["quota_near", "quota_exhausted"].contains(reason?.text("code") ?? ""))
            #expect(reason?["until"] != .null)
        }
        let quota = try agency.owner.get(path).ok()["quota"]?[0]
        #expect(quota?["limit"] == 10 && quota?["used"] == JSON(one.mails.count))
        #expect(quota?["per"] == "hour" && quota?["source"] == "agency")
        let second = try agency.connect(two, priority: 2)
        for message in try agency.mail(20..<26) { try agency.message(message, "sent") }
        let reasons = Set(try agency.sendingCalls("&integration_id=\(second.id)").map(why))
        #expect(!reasons.isEmpty && reasons.isSubset(of: ["quota_full", "spread"]))
    }

    @Test func `where an attempt may have taken effect nobody else is asked, until a person decides`() throws
    {
        let (one, two) = (try ScriptedMailService("sendgrid"), try ScriptedMailService("mailgun"))
        let agency = try agency()
        _ = try agency.connect(one)
        _ = try agency.connect(two, priority: 2)
        one.service.next(.cutAfter)
        let sent = try agency.mail(0..<1)[0]
        try agency.message(sent, "unknown")
        let calls = try agency.sendingCalls("&subject_id=\(sent.id)")
        #expect(calls.map { $0.text("state") } == ["unknown"] && two.asked.isEmpty)
        try agency.owner.post("/v1/messages/\(sent.id)/resolve", ["outcome": "sent"]).ok()
        let settled = try agency.sendingCalls("&subject_id=\(sent.id)")
        #expect(settled.map { $0.text("state") } == ["succeeded"] && two.asked.isEmpty)
    }

    @Test func `within an overlap a mail falls back to the credentials before`() throws {
        let (agency, postmark) = (try agency(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        try agency.owner.post(
            "/v1/integrations/\(made.id)/rotate", ["credentials": ["server_token": "mistyped"]]
        ).ok()
        try agency.message(try agency.mail(0..<1)[0], "sent")
        let tokens = postmark.service.requests.filter { $0.method == "POST" }
            .compactMap { $0.header("X-Postmark-Server-Token") }
        #expect(tokens == ["mistyped", postmark.serverToken])
        #expect(try agency.sendingCalls().map { $0.text("state") } == ["succeeded"])
    }

    @Test func `an integration's calls go within its limits as it is paced`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let made = try agency.connect(mail, ["limits": ["hour": 20], "pacing": "bucket"])
        #expect(made["pacing"] == "bucket")
        let path = "/v1/integrations/\(made.id)"
        #expect(try agency.owner.patch(path, ["pacing": "hasty"]).faults().count == 1)
        // A tenth of twenty goes at once; the next are three minutes apart.
        let sent = try agency.mail(0..<5).map { try agency.message($0, "sent", "held") }
        let held = sent.filter { $0.text("status") == "held" }
        #expect(mail.mails.count == 2 && held.count == 3)
        #expect(held.allSatisfy { $0["reasons"]?[0]["code"] == "quota_near" })
        // In the hour's last minutes some turns fall together at its end.
        let turns = held.compactMap { $0["reasons"]?[0]["until"]?.text }
        let within = turns.filter { !$0.hasSuffix(":00:00.000Z") }
        #expect(turns.count == 3 && Set(within).count == within.count, "each has its turn")
        // Waiting calls go with the change.
        try agency.owner.patch(path, ["pacing": "burst"]).ok()
        for message in held + (try agency.mail(5..<12)) { try agency.message(message, "sent") }
        #expect(mail.mails.count == 12)
    }

    @Test func `what is nearly used up is told once, until its limit is raised`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let made = try agency.connect(mail, ["limits": ["month": 5], "pacing": "burst"])
        for message in try agency.mail(0..<3) { try agency.message(message, "sent") }
        #expect(try agency.openAlerts(of: made).isEmpty)
        for message in try agency.mail(3..<4) { try agency.message(message, "sent") }
        let ahead = try #require(try agency.openAlerts(of: made).first)
        #expect(ahead.text("title").contains("close to its limit: 1 of 5 calls left this month, until "))
        for message in try agency.mail(4..<5) { try agency.message(message, "sent") }
        let alerts = try agency.openAlerts(of: made)
        let alert = try #require(alerts.first)
        #expect(alerts.map(\.id) == [ahead.id] && alert.text("kind") == "quota_near")
        #expect(alert.text("title").contains("0 of 5 calls left this month"))
        #expect(alert.text("recommended_action").contains("raise its limit"))
        try agency.owner.patch("/v1/integrations/\(made.id)", ["limits": ["month": 100]]).ok()
        #expect(try agency.openAlerts(of: made).isEmpty)
    }

    @Test func `a limit that is set within its window counts what has gone already`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let made = try agency.connect(mail)
        for message in try agency.mail(0..<3) { try agency.message(message, "sent") }
        let path = "/v1/integrations/\(made.id)"
        let limits: JSON = ["limits": ["day": 100, "month": 4], "pacing": "burst"]
        try agency.owner.patch(path, limits).ok()
        let quotas = try agency.owner.get(path).ok()["quota"]?.array ?? []
        #expect(quotas.compactMap { $0["used"]?.int } == [3, 3])
        let late = try agency.mail(3..<6).map { try agency.message($0, "sent", "held") }
        #expect(mail.mails.count == 4 && late.count { $0.text("status") == "held" } == 2)
    }

    @Test func `whoever tries what is refused at services three times is told, and by name`() throws {
        let (agency, mail) = (try agency(), try ScriptedMailService("postmark"))
        let made = try agency.connect(mail)
        let (key, viewer) = (try agency.key(["leads:read"]), try agency.colleague("viewer"))
        func alerts() throws -> [JSON] { try agency.owner.every("/v1/alerts?kind=unauthorised_use") }
        for caller in [key, viewer, key] {
            try caller.patch("/v1/integrations/\(made.id)", ["priority": 5]).problem(403, "forbidden")
        }
        try key.get("/v1/leads").ok()
        for _ in 0..<3 { try viewer.patch("/v1/settings", ["currency": "EUR"]).problem(403, "forbidden") }
        #expect(try alerts().isEmpty)
        try key.post("/v1/integrations/\(made.id)/rotate").problem(403, "forbidden")
        let told = try eventually("the alert") { try alerts().first }
        #expect(told["subject"]?.text("type") == "api_key" && told.text("title").contains("/rotate"))
        #expect(told.text("title").hasPrefix("The key robot was denied"), "\(told.text("title"))")
        #expect(try alerts().count == 1)
    }

    @Test func `a thousand forged hooks are one alert, leave next to nothing, and keep nobody out`() throws {
        let server = server
        let (agency, postmark) = (try server.quietAgency(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        func kept(_ list: String) throws -> Int { try agency.owner.every("/v1/\(list)").count }
        let lists = ["events", "audit", "jobs", "notifications", "alerts", "messages", "tool-calls"]
        let before = try lists.map(kept)
        let statuses = try inParallel(8, Array(0..<1000)) { number in
            let forged = postmark.hook(["MessageID": JSON(number)], password: "guess \(number)")
            return try server.deliver(forged, to: made).status
        }
        #expect(Set(statuses) == [401])
        try eventuallyTrue("the alert") { try !agency.openAlerts(of: made).isEmpty }
        for (list, count) in zip(lists, before) {
            #expect(try kept(list) - count <= 20, "\(list)")
        }
        let alerts = try agency.owner.every("/v1/alerts?kind=unauthorised_use")
        #expect(alerts.map { $0["subject"]?.id } == [made.id])
        #expect(try kept("hook-receipts") == 0)
        let delivery: JSON = [
            "RecordType": "Delivery", "MessageID": "m1", "Recipient": "x@example.com",
            "DeliveredAt": "2026-01-01T00:00:00Z",
        ]
        try server.deliver(postmark.hook(delivery), to: made).ok()
    }

    @Test func `how much goes at once to a service is learned, and shown`() throws {
        let refused = Flag()
        let mail = try ScriptedMailService("postmark") { _ in
            refused.isSet ? StandInAnswer(500, #"{"ErrorCode":100,"Message":"no"}"#) : nil
        }
        let agency = try agency()
        let made = try agency.connect(mail)
        #expect(try agency.use(of: made)["lanes"] == .null)
        for message in try agency.mail(0..<4) { try agency.message(message, "sent") }
        let wide = try eventually("more at once") {
            try agency.use(of: made)["lanes"]?.int.flatMap { $0 > 5 ? $0 : nil }
        }
        refused.set()
        _ = try agency.mail(4..<6)
        try eventuallyTrue("fewer at once") {
            try agency.use(of: made)["lanes"]?.int.map { $0 < wide } == true
        }
    }
}

/// Whether a service is to fail from now on.
private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
