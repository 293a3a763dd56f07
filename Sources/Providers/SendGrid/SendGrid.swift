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

/// Twilio SendGrid: https://www.twilio.com/docs/sendgrid
package struct SendGrid: EmailSending {
    package let name = "sendgrid"
    package let title = "Twilio SendGrid"
    package let spfDomain: String? = "sendgrid.net"
    package let capabilities: Set<Capability> = [.emailSending, .emailReceiving]
    package let credentials = [
        CredentialField("api_key", "An API key that may send mail: SG.…"),
        CredentialField(
            "webhook_public_key", required: false, provesHooks: true,
            "The verification key of the signed event webhook, and of the inbound parse's security policy."),
    ]
    package let settings =
        MailSettings.common + [
            SettingField("subuser", .text(max: 100), "On behalf of which subuser it sends.")
        ]
    /// Subusers in Europe have https://api.eu.sendgrid.com.
    package let baseURL: String? = "https://api.sendgrid.com"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "sendgrid", outbound: outbound, now: now, deadline: deadline)
    }

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let headers = headers(access) + [("Content-Type", "application/json")]
        let body = Self.body(mail, messageID: messageID).bytes
        switch await service.handOver(permit, "\(access.baseURL)/v3/mail/send", headers, body) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    private static func body(_ mail: OutgoingMail, messageID: MessageID) -> JSON {
        var person: JSONObject = [
            "to": [address(mail.to)], "custom_args": [OutgoingMail.identityKey: JSON(messageID)],
        ]
        var headers: JSONObject = [:], ofPerson: JSONObject = [:]
        for header in mail.headers() {
            let isThread = header.name == "In-Reply-To" || header.name == "References"
            if isThread {
                ofPerson.append(header.name, .string(header.value))
            } else {
                headers.append(header.name, .string(header.value))
            }
        }
        if !ofPerson.isEmpty { person.append("headers", .object(ofPerson)) }
        var body: JSONObject = ["personalizations": [.object(person)], "from": address(mail.from)]
        if let replyTo = mail.replyTo { body.append("reply_to", address(replyTo)) }
        body.append("subject", .string(mail.subject.description))
        body.append("content", .array(content(mail)))
        body.append("headers", .object(headers))
        let files = mail.files
        if !files.isEmpty {
            body.append(
                "attachments",
                .array(
                    files.map { file in
                        [
                            "content": .string(Base64.encode(file.bytes)),
                            // Parameters are refused.
                            "type": .string(file.plainMediaType),
                            "filename": .string(file.name.description), "disposition": "attachment",
                        ]
                    }))
        }
        body.append("tracking_settings", trackingOff)
        return .object(body)
    }

    /// Text first, and none that is empty: it is refused otherwise.
    private static func content(_ mail: OutgoingMail) -> [JSON] {
        let html = mail.html.flatMap { $0.isEmpty ? nil : $0 }
        var content: [JSON] = []
        if !mail.text.isEmpty || html == nil {
            content.append(["type": "text/plain", "value": .string(mail.text.isEmpty ? " " : mail.text)])
        }
        if let html { content.append(["type": "text/html", "value": .string(html)]) }
        return content
    }

    private static let trackingOff: JSON = [
        "click_tracking": ["enable": false, "enable_text": false], "open_tracking": ["enable": false],
        "subscription_tracking": ["enable": false],
    ]

    private static func address(_ mailbox: Mailbox) -> JSON {
        var address: JSONObject = ["email": .string(mailbox.wireAddress)]
        if let name = mailbox.name, !name.description.isEmpty {
            address.append("name", .string(name.description))
        }
        return .object(address)
    }

    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        switch response.status {
        case 200..<300:
            guard let id = response.header("X-Message-Id"), !id.isEmpty else {
                return service.unknown(response)
            }
            return .accepted(providerID: id)
        case 401, 404, 405, 451: return service.refused(.account, response)
        default:
            let fault = (try? JSONParser.parse(response.body))?["errors"]?.array?.first
            let field = fault?["field"]?.text ?? ""
            if response.status == 403 {
                // With a field it is about who sends, which is not verified there.
                guard field.isEmpty else { return service.refused(.account, response) }
                return service.refused(
                    .account, response, code: service.refusalCode(response), service.refusalWords(response))
            }
            if field.hasPrefix("personalizations"), field.contains(".to") || field.contains(".email") {
                return service.refused(.recipient, response)
            }
            return service.refused(field.hasPrefix("from") ? .account : .message, response)
        }
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await service.check("\(access.baseURL)/v3/scopes", headers(access)) { answer in
            guard let scopes = answer["scopes"]?.array else { return service.unreadable }
            return scopes.contains("mail.send")
                ? .good("The key may send mail.")
                : .bad(code: IntegrationCheck.permissionCode, detail: "The key has no scope mail.send.")
        }
    }

    private func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        var headers = [
            (name: "Authorization", value: "Bearer \(access.credential("api_key"))"),
            (name: "Accept", value: "application/json"),
        ]
        if let subuser = access.setting("subuser") { headers.append(("on-behalf-of", subuser)) }
        return headers
    }
}
