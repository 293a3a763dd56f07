package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Mail
package import Messages
package import Nouns
internal import Records
package import Telemetry

/// Maileroo: https://maileroo.com/docs
package struct Maileroo: EmailSending {
    package let name = "maileroo"
    package let title = "Maileroo"
    package let capabilities: Set<Capability> = [.emailSending, .emailReceiving]
    package let credentials = [
        CredentialField("sending_key", "The sending key of the domain that mails come from."),
        CredentialField(
            "webhook_secret", required: false, provesHooks: true, "The shared secret that signs events."),
    ]
    package let settings =
        MailSettings.common + [
            SettingField(
                "inbound_url", .url,
                "Where inbound mail is proven and fetched; https://inbound-api.maileroo.net unless told."),
            SettingField(
                "file_hosts", .texts(max: 10, length: 253),
                "Further hosts that attachments may be fetched from, over https."),
        ]
    package let baseURL: String? = "https://smtp.maileroo.com/api/v2"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService
    /// Mails that were proven, which can be done once for each.
    let proven = RecentKeys()

    private static let subjectMax = 255, valueMax = 768

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "maileroo", outbound: outbound, now: now, deadline: deadline)
    }

    /// Returns the service's identifier of a message: 24 hexadecimal digits.
    static func reference(_ messageID: MessageID) -> String {
        Hex.encode(SHA256.hash("\(messageID)").prefix(12))
    }

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let headers = headers(access) + [("Content-Type", "application/json")]
        let reference = Self.reference(messageID)
        let body = Self.body(mail, messageID: messageID, reference).bytes
        switch await service.handOver(permit, "\(access.baseURL)/emails", headers, body) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response, reference)
        }
    }

    private static func body(_ mail: OutgoingMail, messageID: MessageID, _ reference: String) -> JSON {
        var body: JSONObject = ["from": address(mail.from), "to": [address(mail.to)]]
        if let replyTo = mail.replyTo { body.append("reply_to", address(replyTo)) }
        body.append("subject", .string(shortened(mail.subject.description, to: subjectMax)))
        if let html = mail.html { body.append("html", .string(html)) }
        if !mail.text.isEmpty || mail.html == nil { body.append("plain", .string(mail.text)) }
        body.append("tracking", false)
        body.append("tags", [OutgoingMail.identityKey: JSON(messageID)])
        body.append(
            "headers",
            .object(JSONObject(mail.headers(valueMax: valueMax).map { ($0.name, .string($0.value)) })))
        let files = mail.files
        if !files.isEmpty {
            body.append(
                "attachments",
                .array(
                    files.map { file in
                        [
                            "file_name": .string(file.name.description),
                            "content_type": .string(file.mediaType),
                            "content": .string(Base64.encode(file.bytes)), "inline": false,
                        ]
                    }))
        }
        body.append("reference_id", .string(reference))
        return .object(body)
    }

    private static func address(_ mailbox: Mailbox) -> JSON {
        var address: JSONObject = ["address": .string(mailbox.wireAddress)]
        if let name = mailbox.name, !name.description.isEmpty {
            address.append("display_name", .string(name.description))
        }
        return .object(address)
    }

    /// Whole characters, counted as the service may count them: by code points.
    private static func shortened(_ text: String, to count: Int) -> String {
        var text = text
        while text.unicodeScalars.count > count { text.removeLast() }
        return text
    }

    private func outcome(of response: HTTPClientResponse, _ reference: String) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        switch (response.status, answer?["success"]?.flag) {
        case (200..<300, true?):
            return .accepted(providerID: answer?["data"]?["reference_id"]?.words ?? reference)
        case (200..<300, nil): return service.unknown(response)
        case (401, _), (403, _), (404, _): return service.refused(.account, response)
        default: return service.refused(.message, response)
        }
    }

    /// Asks for the list of scheduled mails, which only those who may send can read: no call names the account.
    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await service.check("\(access.baseURL)/emails/scheduled?page=1&per_page=1", headers(access)) {
            answer in
            switch answer["success"]?.flag {
            case true?: .good("The key is known.")
            case false?:
                .bad(
                    code: "maileroo_refused", detail: answer["message"]?.words ?? "Maileroo rejects the key.")
            case nil: service.unreadable
            }
        }
    }

    private func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential("sending_key"))"), ("Accept", "application/json")]
    }
}
