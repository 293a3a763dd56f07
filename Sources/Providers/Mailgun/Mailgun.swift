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

/// Mailgun: https://documentation.mailgun.com
package struct Mailgun: EmailSending {
    package let name = "mailgun"
    package let title = "Mailgun"
    package let spfDomain: String? = "mailgun.org"
    package let findsMails = true
    package let capabilities: Set<Capability> = [.emailSending, .emailReceiving]
    package let credentials = [
        CredentialField("api_key", "An API key, or the domain's sending key."),
        CredentialField(
            "webhook_signing_key", required: false, provesHooks: true,
            "Signs events and routed mail: HTTP webhook signing key."),
    ]
    package let settings =
        MailSettings.common + [
            SettingField("domain", .text(max: 253), required: true, "The domain that sends: mg.example.com.")
        ]
    /// The United States; Europe's is https://api.eu.mailgun.net.
    package let baseURL: String? = "https://api.mailgun.net"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService
    /// The tokens of signatures, each with what it came with.
    let tokens = RecentKeys()

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "mailgun", outbound: outbound, now: now, deadline: deadline)
    }

    // MARK: Sending

    package func send(
        _ mail: OutgoingMail, messageID: MessageID, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let form = Self.form(mail, messageID: messageID).encoded
        let headers = headers(access) + [("Content-Type", form.mediaType)]
        switch await service.handOver(permit, "\(root(access))/messages", headers, form.bytes) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    private static func form(_ mail: OutgoingMail, messageID: MessageID) -> MultipartForm {
        var form = MultipartForm()
        form.add("from", mail.from.headerText)
        form.add("to", mail.to.headerText)
        form.add("subject", mail.subject.description)
        if !mail.text.isEmpty || mail.html == nil { form.add("text", mail.text) }
        if let html = mail.html { form.add("html", html) }
        if let replyTo = mail.replyTo { form.add("h:Reply-To", replyTo.headerText) }
        for header in mail.headers() {
            form.add("h:\(header.name == "Message-ID" ? "Message-Id" : header.name)", header.value)
        }
        form.add("v:\(OutgoingMail.identityKey)", "\(messageID)")
        form.add("o:tracking", "no")
        for file in mail.files {
            form.add("attachment", fileName: file.name.description, mediaType: file.mediaType, file.bytes)
        }
        return form
    }

    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        switch response.status {
        case 200..<300:
            guard let id = (try? JSONParser.parse(response.body))?["id"]?.words else {
                return service.unknown(response)
            }
            return .accepted(providerID: InternetMessageID(id)?.description ?? id)
        case 401, 402, 403: return service.refused(.account, response)
        // A domain that was just set up is not known everywhere at once.
        case 404: return .later(code: service.code(response), detail: service.words(of: response), after: nil)
        default:
            let words = service.words(of: response).lowercased()
            if words.contains("to parameter is not a valid")
                || words.contains("'to' parameter is not a valid")
            {
                return service.refused(.recipient, response)
            }
            let isAboutUs = words.contains("not allowed to send") || words.contains("account is disabled")
            return service.refused(isAboutUs ? .account : .message, response)
        }
    }

    /// Its events know our Message-ID.
    package func find(_ mail: SentMail, _ access: IntegrationAccess) async -> SendLookup {
        let id = mail.internetID.description
        let query = "message-id=\(id.percentEncoded)&limit=25"
        let answer = await service.look("\(root(access))/events?\(query)", headers(access), access.reach)
        guard let items = answer?["items"]?.array else { return .unclear }
        let isKnown = items.contains { $0["message"]?["headers"]?["message-id"]?.text == id }
        // Events of other mails: the question was not understood.
        return isKnown ? .accepted(providerID: id) : items.isEmpty ? .absent : .unclear
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let domain = access.setting("domain") ?? ""
        let url = "\(access.baseURL)/v3/domains/\(domain.percentEncoded)"
        return await service.check(url, headers(access)) { answer in
            switch answer["domain"]?["state"]?.text {
            case "unverified"?:
                .bad(code: "mailgun_unverified", detail: "The records of \(domain) are not verified yet.")
            case "disabled"?: .bad(code: "mailgun_disabled", detail: "The domain \(domain) is disabled.")
            case "active"?: .good("Mailgun sends for \(domain).")
            default: service.unreadable
            }
        }
    }

    private func root(_ access: IntegrationAccess) -> String {
        "\(access.baseURL)/v3/\((access.setting("domain") ?? "").percentEncoded)"
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        let key = Base64.encode("api:\(access.credential("api_key"))".utf8)
        return [("Authorization", "Basic \(key)"), ("Accept", "application/json")]
    }
}
