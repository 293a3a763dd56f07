import Cryptography
import Foundation
import JSON
import StandIns
import Testing

extension Agency {
    /// An agency whose agents sleep, and whose mail may leave at any hour.
    func readyToMail(_ more: JSONObject = [:], sourceLocation: SourceLocation = #_sourceLocation) throws {
        try quieten()
        var settings: JSONObject = [
            "postal_address": "1 Example Street, 12345 Exampletown", "quiet_hours": nil,
            "sender": ["name": "Olive Owner", "email": "olive@agency.example"],
        ]
        for (name, value) in more.members { settings[name] = value }
        try owner.patch("/v1/settings", .object(settings)).ok(200, sourceLocation: sourceLocation)
    }

    @discardableResult
    func connect(
        _ provider: String, _ url: String? = nil, credentials: JSON = [:], settings: JSONObject = [:],
        capability: String = "email_sending", priority: Int = 100, of client: JSON? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var settings = settings
        if let url { settings["base_url"] = .string(url) }
        var body: JSONObject = [
            "provider": .string(provider), "capability": .string(capability),
            "settings": .object(settings), "credentials": credentials, "priority": JSON(priority),
        ]
        if let client { body["client_id"] = .string(client.id) }
        return try owner.post("/v1/integrations", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    /// Connects a marketing service with its list.
    func connectList(
        _ provider: String, _ service: ServiceStandIn, _ key: String, list: String
    ) throws -> JSON {
        try connect(
            provider, service.url, credentials: ["api_key": .string(key)],
            settings: ["list_id": .string(list)], capability: "marketing")
    }

    func makeContact(_ number: Int = 0, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = [
            "name": .string("Person \(number)"), "email": .string("p\(number)@example.com"), "country": "US",
        ]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/contacts", .object(body)).ok(201)
    }

    /// Asks for a message.
    func send(
        _ contact: JSON, _ more: JSONObject = [:], _ headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = [
            "channel": "email", "contact_id": .string(contact.id), "subject": "Hello", "body": "A *word*.",
            "purpose": "marketing",
        ]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/messages", .object(body), headers)
            .ok(202, sourceLocation: sourceLocation)
    }

    /// A message once it stands in one of those.
    @discardableResult
    func message(
        _ sent: JSON, _ statuses: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try eventually("\(statuses) of \(sent.id)", sourceLocation: sourceLocation) {
            let message = try owner.get("/v1/messages/\(sent.id)").ok()
            return statuses.contains(message.text("status")) ? message : .none
        }
    }

    /// Why somebody may not be written to.
    func reasons(_ contact: JSON, _ purpose: String = "marketing") throws -> [String] {
        let answer = try owner.get("/v1/contacts/\(contact.id)/sendability?purpose=\(purpose)").ok()
        let reasons = answer["reasons"]?.array ?? []
        #expect(answer["sendable"] == .bool(reasons.isEmpty))
        return reasons.map { $0.text("code") }
    }

    /// Returns the mails from somebody, once there are so many.
    func inbound(_ contact: JSON, count: Int = 1) throws -> [JSON] {
        try eventually("what came in from \(contact.id)") {
            let all = try owner.every("/v1/messages?direction=inbound&contact_id=\(contact.id)")
            return all.count >= count ? all : .none
        }
    }

    func receipt(_ integration: JSON, _ status: String...) throws -> JSON {
        try eventually("a receipt that is \(status)") {
            try owner.get("/v1/hook-receipts?integration_id=\(integration.id)").ok().items.first {
                status.contains($0.text("status"))
            }
        }
    }
}

extension BureauProcess {
    /// Posts to a hook as the service does.
    func deliver(_ hook: StandInHook, to integration: JSON) throws -> Answer {
        try anonymous.request(
            "POST", integration.text("hook_url"), raw: hook.body,
            headers: Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a }))
    }
}

/// Now, as services sign with it.
var unixSeconds: Int64 { Int64(Date().timeIntervalSince1970) }

/// A header of a mail, unfolded.
func header(_ name: String, of mail: String) -> String? {
    let head = mail.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n\n")[0]
    let unfolded = head.replacingOccurrences(of: "\n ", with: " ").replacingOccurrences(of: "\n\t", with: " ")
    let line = unfolded.split(separator: "\n").first { $0.lowercased().hasPrefix("\(name.lowercased()):") }
    return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
}

extension PostmarkStandIn {
    /// A mail that somebody wrote.
    func mail(
        _ id: String, from: String, text: String, to: String = "olive@agency.example",
        subject: String = "Re: Hello", headers: [(String, String)] = [], name: String = "",
        attachments: [JSON] = []
    ) -> StandInHook {
        let all = [("Message-ID", "<\(id)@mail.example>")] + headers
        return hook([
            "FromName": .string(name), "From": .string(from), "Subject": .string(subject),
            "FromFull": ["Email": .string(from), "Name": .string(name), "MailboxHash": ""],
            "To": .string(to), "ToFull": [["Email": .string(to), "Name": "", "MailboxHash": ""]],
            "MessageID": .string(id), "Date": "Thu, 1 Jan 2026 00:00:00 +0000", "TextBody": .string(text),
            "HtmlBody": "", "StrippedTextReply": .string(text), "MessageStream": "inbound",
            "Headers": .array(all.map { ["Name": .string($0.0), "Value": .string($0.1)] }),
            "Attachments": .array(attachments),
        ])
    }

    var credentials: JSON {
        [
            "server_token": .string(serverToken), "webhook_username": .string(username),
            "webhook_password": .string(password),
        ]
    }
}
