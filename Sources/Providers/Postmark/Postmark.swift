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

/// Postmark: https://postmarkapp.com/developer
package struct Postmark: EmailSending {
    package let name = "postmark"
    package let title = "Postmark"
    package let spfDomain: String? = "spf.mtasv.net"
    package let findsMails = true
    package let capabilities: Set<Capability> = [.emailSending, .emailReceiving]
    package let credentials = [
        CredentialField("server_token", "The server's API token."),
        CredentialField(
            "webhook_username", required: false, provesHooks: true,
            "The name that webhooks authenticate with (HTTP Basic)."),
        CredentialField(
            "webhook_password", required: false, provesHooks: true,
            "The password that goes with webhook_username."),
    ]
    package let settings =
        MailSettings.common + [
            SettingField(
                "message_stream", .text(max: 100), "Through which stream it sends; outbound unless told.")
        ]
    package let baseURL: String? = "https://api.postmarkapp.com"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "postmark", outbound: outbound, now: now, deadline: deadline)
    }

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let headers = headers(access) + [("Content-Type", "application/json")]
        let body = Self.body(mail, messageID: messageID, access).bytes
        switch await service.handOver(permit, "\(access.baseURL)/email", headers, body) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    private static func body(_ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess) -> JSON
    {
        var body: JSONObject = ["From": .string(mail.from.headerText), "To": .string(mail.to.headerText)]
        if let replyTo = mail.replyTo { body.append("ReplyTo", .string(replyTo.headerText)) }
        body.append("Subject", .string(mail.subject.description))
        if !mail.text.isEmpty || mail.html == nil { body.append("TextBody", .string(mail.text)) }
        if let html = mail.html { body.append("HtmlBody", .string(html)) }
        body.append("MessageStream", .string(access.setting("message_stream") ?? "outbound"))
        body.append("Metadata", [OutgoingMail.identityKey: JSON(messageID)])
        body.append("TrackOpens", false)
        body.append("TrackLinks", "None")
        // Without it the mail goes out under an identity that we do not know.
        let headers = mail.headers() + [("X-PM-KeepID", "true")]
        body.append(
            "Headers", .array(headers.map { ["Name": .string($0.name), "Value": .string($0.value)] }))
        let files = mail.files
        if !files.isEmpty {
            body.append(
                "Attachments",
                .array(
                    files.map { file in
                        [
                            "Name": .string(file.name.description),
                            "Content": .string(Base64.encode(file.bytes)),
                            "ContentType": .string(file.mediaType),
                        ]
                    }))
        }
        return .object(body)
    }

    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        let fault = answer?["ErrorCode"]?.int ?? 0
        if (200..<300).contains(response.status), fault == 0 {
            // A yes without its code is not the service's.
            guard answer?["ErrorCode"] == 0, let id = answer?["MessageID"]?.words else {
                return service.unknown(response)
            }
            return .accepted(providerID: id)
        }
        let code = fault == 0 ? nil : "postmark_\(fault)"
        // A 401 is about the token, whatever else the answer says.
        if response.status == 401 { return service.refused(.account, response, code: code) }
        switch fault {
        case 100, 429:
            return .later(
                code: code ?? service.code(response), detail: service.words(of: response),
                after: service.pause(after: response))
        case 406: return service.refused(.recipient, response, code: code)
        case 10, 400, 401, 405, 412, 413: return service.refused(.account, response, code: code)
        case 300:
            // An address that is none is told as any other fault of the request.
            let isAboutRecipient = service.words(of: response).contains("'To'")
            return service.refused(isAboutRecipient ? .recipient : .message, response, code: code)
        case 0 where [401, 403, 404, 405].contains(response.status):
            return service.refused(.account, response)
        default: return service.refused(.message, response, code: code)
        }
    }

    /// It is searched by the metadata that went with it.
    package func find(_ mail: SentMail, _ access: IntegrationAccess) async -> SendLookup {
        let query =
            "metadata_\(OutgoingMail.identityKey)=\(mail.messageID.keyText.percentEncoded)&count=1&offset=0"
        let url = "\(access.baseURL)/messages/outbound?\(query)"
        guard let answer = await service.look(url, headers(access), access.reach),
            let count = answer["TotalCount"]?.int
        else { return .unclear }
        guard count > 0 else { return .absent }
        guard let found = answer["Messages"]?.array?.first, let id = found["MessageID"]?.words else {
            return .unclear
        }
        if let known = found["Metadata"]?[OutgoingMail.identityKey]?.text, known != mail.messageID.keyText {
            return .unclear
        }
        return .accepted(providerID: id)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await service.check("\(access.baseURL)/server", headers(access)) { answer in
            guard let name = answer["Name"]?.words else { return service.unreadable }
            return .good("The token belongs to the server \(name).")
        }
    }

    private func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [
            ("X-Postmark-Server-Token", access.credential("server_token")),
            ("Accept", "application/json"),
        ]
    }
}
