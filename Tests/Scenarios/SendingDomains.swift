import Foundation
import JSON
import StandIns
import Synchronization
import Testing

@Suite(.ownThread) struct SendingDomains {
    /// The records that a domain's owner has published.
    private final class Zone: Sendable {
        let records = Mutex<[String: [DNSStandIn.Record]]>([:])
        let server = Mutex<DNSStandIn?>(nil)

        init() throws {
            let answers = try DNSStandIn { [weak self] question in
                let all = self?.records.withLock { $0[question.name.lowercased()] } ?? []
                let found = all.filter { $0.type == question.type }
                return all.isEmpty ? .code(3) : .records(found)
            }
            server.withLock { $0 = answers }
        }

        var address: String { "127.0.0.1:\(server.withLock { $0?.port ?? 0 })" }
        func publish(_ name: String, _ all: DNSStandIn.Record...) { records.withLock { $0[name] = all } }
    }

    private func domain(_ agency: Agency, _ name: String, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["domain": .string(name)]
        for (key, value) in more.members { body[key] = value }
        return try agency.owner.post("/v1/sending-domains", .object(body)).ok(201)
    }

    private func state(_ domain: JSON, _ check: String) -> String? {
        domain["checks"]?[check]?["state"]?.text
    }

    private func strings(_ domain: JSON, _ purpose: String) -> [String] {
        let record = domain["records"]?.array?.first { $0.text("purpose") == purpose }
        return record?["strings"]?.array?.compactMap(\.text) ?? []
    }

    @Test func `a domain is checked against what is published, and each finding is told in words`() throws {
        let zone = try Zone()
        let server = try BureauProcess.start(["dns.servers": zone.address, "dns.blocklists": "list.example"])
        let agency = try server.mailAgency()
        let made = try domain(agency, "Agency.example", ["spf_mechanisms": ["include:spf.post.example"]])
        #expect(made.text("domain") == "agency.example" && made.text("status") == "unverified")
        #expect(made["sealed_key"] == nil && made["daily_limit"] == 20 && made["reputation"]?["sent"] == 0)
        try agency.owner.post("/v1/sending-domains", ["domain": "agency.example"]).problem(409)
        try agency.owner.post("/v1/sending-domains", ["domain": "no domain"]).problem(422)
        let key = strings(made, "dkim")
        #expect(
            key.count == 2 && key.allSatisfy { $0.utf8.count <= 255 }
                && key[0].hasPrefix("v=DKIM1; k=rsa; p="))
        let check = "/v1/sending-domains/\(made.id)/check"

        let nothing = try agency.owner.post(check).ok()
        for name in ["spf", "dkim", "dmarc", "mx"] { #expect(state(nothing, name) == "missing", "\(name)") }

        zone.publish(
            "agency.example", .txt(["v=spf1 include:other.example +all"]), .mx(10, "mx.agency.example"))
        zone.publish("bureau._domainkey.agency.example", .txt(["v=DKIM1; k=rsa; p=AAAA"]))
        zone.publish("_dmarc.agency.example", .txt(["v=DMARC1"]))
        zone.publish("mx.agency.example", .a(192, 0, 2, 7))
        zone.publish("7.2.0.192.list.example", .a(127, 0, 0, 2))
        let wrong = try agency.owner.post(check).ok()
        for name in ["spf", "dkim", "dmarc", "blocklists"] {
            #expect(state(wrong, name) == "wrong", "\(name)")
        }
        #expect(state(wrong, "mx") == "ok" && wrong.text("status") == "unverified")
        func explained(_ domain: JSON?) -> String? { domain?["checks"]?["spf"]?["explanation"]?.text }
        #expect(explained(wrong)?.hasPrefix("The record ends with +all") == true)
        try agency.owner.patch("/v1/me", ["locale": "de"]).ok()
        let path = "/v1/sending-domains"
        let german: [JSON?] = [
            try agency.owner.get("\(path)/\(made.id)").ok(), try agency.owner.every(path).first,
        ]
        for one in german {
            #expect(explained(one)?.hasPrefix("Der Eintrag endet mit +all") == true)
            #expect(one?["checks"]?["spf"]?["found"] == wrong["checks"]?["spf"]?["found"])
        }
        try agency.owner.patch("/v1/me", ["locale": "en"]).ok()
        #expect(wrong["checks"]?["blocklists"]?["found"]?[0] == "192.0.2.7 is on list.example")

        zone.publish(
            "agency.example", .txt(["v=spf1 include:all.example ~all"]), .txt(["other"]),
            .mx(10, "mx.agency.example"))
        zone.publish("all.example", .txt(["v=spf1 include:spf.post.example -all"]))
        zone.publish("spf.post.example", .txt(["v=spf1 ip4:192.0.2.0/24 -all"]))
        zone.publish("bureau._domainkey.agency.example", .txt(key))
        zone.publish("_dmarc.agency.example", .txt(strings(made, "dmarc")))
        zone.publish("7.2.0.192.list.example")
        let right = try agency.owner.post(check).ok()
        for name in ["spf", "dkim", "dmarc", "mx", "blocklists"] {
            #expect(state(right, name) == "ok", "\(name): \(right["checks"]?[name]?.serialized ?? "")")
        }
        #expect(right.text("status") == "verified")

        zone.publish("bureau._domainkey.agency.example")
        let failing = try agency.owner.post(check).ok()
        #expect(failing.text("status") == "failing" && state(failing, "dkim") == "missing")
        #expect(try agency.owner.get("/v1/alerts?kind=domain_failing").ok().items.count == 1)
        // Another agency sees nothing of it.
        try server.quietAgency().owner.get("/v1/sending-domains/\(made.id)").problem(404)
    }

    @Test func `mail over SMTP is signed with the key that is to be published`() throws {
        let (agency, post) = (try BureauProcess.shared.mailAgency(), try SMTPStandIn())
        let made = try domain(agency, "agency.example")
        _ = try agency.connect("smtp", "email_sending", ["base_url": .string(post.url), "security": "none"])
        let contact = try agency.owner.post(
            "/v1/contacts", ["name": "Jane", "email": "jane@customer.example"]
        )
        .ok(201)
        _ = try agency.write(to: contact.id)
        let mail = try eventually("the mail") { post.mails.first }
        #expect(mail.header("DKIM-Signature")?.contains("d=agency.example") == true)
        let names = ["bureau._domainkey.agency.example": JSON.string(strings(made, "dkim").joined())]
        #expect(try verified(mail.bytes, names) == [true])
        var forged = mail.bytes
        forged[forged.count - 10] ^= 1
        #expect(try verified(forged, names) == [false])
    }

    /// Returns dkimpy's verdict on a mail's signatures.
    private func verified(_ mail: [UInt8], _ records: [String: JSON]) throws -> [Bool] {
        let document = JSON.object(JSONObject(records.map { ($0.key, $0.value) }))
        return try Python.run("dkim_verify.py", mail, document).array?.compactMap(\.flag) ?? []
    }

    @Test func `a new domain begins slowly with marketing, and not with what is asked for`() throws {
        let (agency, post) = (try BureauProcess.shared.mailAgency(), try SMTPStandIn())
        let made = try domain(agency, "agency.example")
        _ = try agency.connect("smtp", "email_sending", ["base_url": .string(post.url), "security": "none"])
        let contacts = try (0..<22).map { number in
            try agency.owner.post(
                "/v1/contacts",
                ["name": "Jane", "email": .string("jane\(number)@customer.example"), "country": "US"]
            ).ok(201).id
        }
        for contact in contacts.prefix(21) { _ = try agency.write(to: contact, "marketing") }
        try eventuallyTrue("the day's mails") { post.mails.count == 20 }
        let held = try eventually("the one that waits") {
            try agency.owner.get("/v1/messages?status=held").ok().items.first
        }
        #expect(held["reasons"]?[0]["code"] == "warm_up" && held["reasons"]?[0]["until"]?.text != nil)
        _ = try agency.write(to: contacts[21])
        try eventuallyTrue("what was asked for") { post.mails.count == 21 }
        let now = try agency.owner.get("/v1/sending-domains/\(made.id)").ok()
        #expect(now["daily_limit"] == 20 && now["warm_up_started_on"]?.text?.count == 10)
        try eventuallyTrue("the count") {
            try agency.owner.get("/v1/sending-domains/\(made.id)").ok()["reputation"]?["sent"] == 21
        }
        // Without a warm-up it goes at once.
        try agency.owner.patch("/v1/sending-domains/\(made.id)", ["warm_up": false]).ok()
        try eventuallyTrue("the rest") { post.mails.count == 22 }
    }

    @Test func `bounces stop a domain's marketing with an alert`() throws {
        let refused = Atomic(0)
        let post = try SMTPStandIn { settings in
            settings.act = { moment in
                guard moment.stage == .recipient, moment.line.contains("gone") else { return .usual }
                refused.add(1, ordering: .relaxed)
                return .say("550 5.1.1 no such mailbox")
            }
        }
        let agency = try BureauProcess.shared.mailAgency()
        let made = try domain(agency, "agency.example", ["warm_up": false])
        _ = try agency.connect("smtp", "email_sending", ["base_url": .string(post.url), "security": "none"])
        func contact(_ name: String) throws -> String {
            try agency.owner.post(
                "/v1/contacts",
                ["name": "Jane", "email": .string("\(name)@customer.example"), "country": "US"]
            ).ok(201).id
        }
        for number in 0..<19 { _ = try agency.write(to: try contact("jane\(number)"), "marketing") }
        try eventuallyTrue("the good ones") {
            try agency.owner.get("/v1/sending-domains/\(made.id)").ok()["reputation"]?["sent"] == 19
        }
        _ = try agency.write(to: try contact("gone"), "marketing")
        let stopped = try eventually("the stop") {
            let now = try agency.owner.get("/v1/sending-domains/\(made.id)").ok()
            return now.text("health") == "stopped" ? now : .none
        }
        #expect(stopped["daily_limit"] == 0 && stopped["reputation"]?["bounce_rate"] == 0.05)
        #expect(try agency.owner.get("/v1/alerts?kind=domain_stopped").ok().items.count == 1)
        let next = try contact("next")
        let answer = try agency.owner.get("/v1/contacts/\(next)/sendability?purpose=marketing").ok()
        #expect(answer["reasons"]?.array?.contains { $0["code"] == "domain_stopped" } == true)
        let asked = try agency.owner.get("/v1/contacts/\(next)/sendability?purpose=transactional").ok()
        #expect(asked["sendable"] == true && refused.load(ordering: .relaxed) == 1)
    }
}

extension DNSStandIn.Record {
    var type: UInt16 {
        switch self {
        case .a: 1
        case .aaaa: 28
        case .txt: 16
        case .mx: 15
        case .ptr: 12
        case .cname: 5
        case .raw(let type, _): type
        }
    }
}
