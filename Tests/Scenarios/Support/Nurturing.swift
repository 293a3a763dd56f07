import Foundation
import JSON
import StandIns
import Testing

extension BureauProcess {
    /// A sandbox in which nurture alone is at work, by itself, and nobody is held out unless that is said. Others whom
    /// content and clients concern may be woken; the rest have no schedules.
    func nurturing(
        _ settings: JSONObject = [:], start: String = SandboxCaller.nurtureStart
    ) throws -> SandboxCaller {
        let box = try quietAgency().sandbox(startAt: start)
        try box.readyToSend()
        try box.keepSchedules(
            of: "lead_nurturing", "lifecycle_management", "content_distribution", "client_management")
        for name in ["lead_nurturing", "lifecycle_management"] {
            try box.owner.patch("/v1/agents/\(name)", ["state": "active", "autonomy": "autopilot"]).ok()
        }
        var values: JSONObject = ["holdout_percent": 0]
        for (name, value) in settings.members { values[name] = value }
        let config = "/v1/agents/lead_nurturing/config"
        try box.owner.patch(config, .object(values)).ok()
        try box.owner.post("\(config)/publish").ok()
        return box
    }
}

extension SandboxCaller {
    /// A Monday.
    static let nurtureStart = "2027-01-04T09:00:00.000Z"

    /// Returns the instant so many days before the start.
    static func before(_ days: Int) -> String {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return format.string(
            from: format.date(from: nurtureStart)!.addingTimeInterval(Double(-days * 86_400)))
    }

    /// Makes a lead that has been known for so many days.
    func makeLead(_ number: Int, knownFor days: Int = 0, _ more: JSONObject = [:]) throws -> JSON {
        var fields = more
        if days > 0 { fields["known_since"] = .string(Self.before(days)) }
        return try owner.post("/v1/leads", lead(number, fields)).ok(201)
    }

    /// Returns the marketing that a lead's person got, in order.
    func touches(of lead: JSON) throws -> [JSON] {
        try owner.every("/v1/messages?direction=outbound&contact_id=\(lead.text("contact_id"))")
            .filter {
                ["sent", "delivered"].contains($0.text("status")) && $0.text("purpose") == "marketing"
            }
            .sorted { ($0.text("sent_at"), $0.id) < ($1.text("sent_at"), $1.id) }
    }

    /// Returns on which days after the start messages were sent.
    func days(of messages: [JSON]) -> [Int] {
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        let start = format.date(from: String(Self.nurtureStart.prefix(10)))!
        return messages.compactMap { message in
            format.date(from: String(message.text("sent_at").prefix(10)))
                .map { Int(($0.timeIntervalSince(start) / 86_400).rounded()) }
        }
    }

    /// Returns which of the seeded mails some touches were, by the names of their templates.
    func mails(of touches: [JSON]) throws -> [String] {
        let templates = try owner.every("/v1/templates?kind=nurture")
        let names = Dictionary(templates.map { ($0.id, $0.text("name")) }) { $1 }
        return touches.map { touch in
            String(names[touch.text("template_id")]?.trimmingPrefix("Nurture: ") ?? "none")
        }
    }

    /// Returns the newest choice of a sequence for a lead.
    func choice(of lead: JSON) throws -> JSON {
        let all = try owner.every("/v1/decisions?agent=lead_nurturing&subject_id=\(lead.id)")
        return try #require(all.max { $0.id < $1.id })
    }

    /// Has a lead's sequence chosen now.
    func choose(for lead: JSON) throws {
        let run = try owner.post(
            "/v1/agents/lead_nurturing/runs?wait=PT10S", ["parameters": ["lead_id": .string(lead.id)]])
        #expect([200, 202].contains(run.status))
    }

    func enrollment(of lead: JSON) throws -> JSON? {
        try owner.every("/v1/enrollments?lead_id=\(lead.id)").max { $0.id < $1.id }
    }

    /// Publishes content of a type.
    func publish(_ title: String, _ type: String) throws {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": .string(type), "subject": .string(title), "body": "Words.",
                "status": "published",
            ]
        ).ok(201)
    }

    /// Publishes a case study of somebody in the industry of the leads that tests make.
    func publishSuccess() throws {
        try owner.post(
            "/v1/case-studies",
            [
                "title": "How Beta grew", "client": "Beta Works", "industry": "technology",
                "result": "Twice the enquiries",
            ]
        ).ok(201)
    }
}

/// A mail service of a sandbox, by which people write to it.
struct MailDoor {
    let box: SandboxCaller
    private let postmark: PostmarkStandIn, door: JSON

    init(_ box: SandboxCaller) throws {
        (self.box, postmark) = (box, try PostmarkStandIn())
        door = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending", "credentials": postmark.credentials,
                "settings": ["base_url": .string(postmark.service.url)],
            ]
        ).ok(201)
    }

    /// Has a lead's person write, and waits until that is stored.
    func write(_ lead: JSON, _ text: String) throws {
        let mail = postmark.mail("m-\(lead.id)", from: lead.text("email"), text: text)
        try box.owner.server.deliver(mail, to: door).ok()
        try eventuallyTrue("what \(lead.text("email")) writes") {
            let path = "/v1/messages?direction=inbound&contact_id=\(lead.text("contact_id"))"
            return try !box.owner.every(path).isEmpty
        }
    }
}
