package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Messages
package import People
internal import Records
package import Telemetry
internal import Tenancy

/// WhatsApp's Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api
package struct WhatsApp: ChatSending {
    package let name = "whatsapp"
    package let title = "WhatsApp"
    package let channel = Channel.whatsapp
    package let capabilities: Set<Capability> = [.chat]
    package let credentials = [
        CredentialField("access_token", "The system user's token."),
        CredentialField(
            "app_secret", provesHooks: true, "The app's secret, with which webhooks are signed."),
        CredentialField(
            "verify_token", provesHooks: true, "The token that the webhook's subscription repeats to us."),
    ]
    package let settings = [
        SettingField(
            "phone_number_id", .text(max: 64), required: true, "The number that messages are sent from."),
        SettingField("waba_id", .text(max: 64), "The business account that the number belongs to."),
    ]
    package let baseURL: String? = "https://graph.facebook.com/v26.0"
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "whatsapp", outbound: outbound, now: now, deadline: deadline)
    }

    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        var media: String?
        if let file = message.file {
            switch await upload(file, access, permit) {
            case .id(let id): media = id
            case .outcome(let outcome): return outcome
            }
        }
        let headers = headers(access) + [("Content-Type", "application/json")]
        switch await service.handOver(
            permit, url("messages", access), headers, Self.body(message, media).bytes)
        {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    func url(_ method: String, _ access: IntegrationAccess) -> String {
        "\(access.baseURL)/\((access.setting("phone_number_id") ?? "").percentEncoded)/\(method)"
    }

    func outcome(of response: HTTPClientResponse) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        if (200..<300).contains(response.status) {
            guard let id = answer?["messages"]?.array?.first?["id"]?.words else {
                return service.unknown(response)
            }
            return .accepted(providerID: id)
        }
        let error = answer?["error"]
        guard let fault = error?["code"]?.int else { return service.refused(.account, response) }
        let detail = error?["error_data"]?["details"]?.words ?? error?["message"]?.words
        let code = "whatsapp_\(fault)"
        switch Self.cause(of: Int(fault)) {
        case .later:
            return .later(
                code: code, detail: detail ?? service.words(of: response),
                after: service.pause(after: response))
        case .refused(let cause): return service.refused(cause, response, code: code, detail)
        }
    }

    enum Verdict {
        case later
        case refused(SendRefusal.Cause)
    }

    /// Returns the verdict on an error by its code alone; its text does not count.
    static func cause(of code: Int) -> Verdict {
        switch code {
        case 1, 2, 4, 80007, 130429, 131056, 131000, 131016: .later
        case 131026, 131050: .refused(.recipient)
        case 190, 10, 200...299, 368, 131031, 131042, 133010: .refused(.account)
        default: .refused(.message)
        }
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let id = (access.setting("phone_number_id") ?? "").percentEncoded
        let url = "\(access.baseURL)/\(id)?fields=display_phone_number,verified_name"
        return await service.check(url, headers(access)) { answer in
            guard let number = answer["display_phone_number"]?.words else { return service.unreadable }
            return .good("The integration sends from the number \(number).")
        }
    }

    /// The service tells where the bytes are; our token goes to no place that is not its own.
    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        let told = await service.fetch("\(access.baseURL)/\(media.id.percentEncoded)", headers(access))
        guard case .content(let bytes) = told else { return told }
        guard let place = (try? JSONParser.parse(bytes))?["url"]?.words, let url = try? OutboundURL(place)
        else { return .gone(detail: "\(media.id): WhatsApp does not say where the file is.") }
        let own = (try? OutboundURL(access.baseURL))?.host
        guard url.host == own || Self.mediaHosts.contains(where: { url.host.hasSuffix($0) }) else {
            return .gone(detail: "\(media.id): \(url.host) does not belong to WhatsApp.")
        }
        return await service.fetch(place, headers(access), sizeMax: StoredFile.sizeMax)
    }

    private static let mediaHosts = [".fbsbx.com", ".facebook.com", ".whatsapp.net"]

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential("access_token"))"), ("Accept", "application/json")]
    }
}
