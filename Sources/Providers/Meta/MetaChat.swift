package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
package import JSON
package import Messages
package import People
internal import Records
package import Telemetry
internal import Tenancy

/// Direct messages to a page of Facebook (Messenger) or to an account of Instagram:
/// https://developers.facebook.com/docs/messenger-platform
package struct MetaChat: ChatSending {
    package let name: String, title: String
    package let channel: Channel
    package let capabilities: Set<Capability> = [.chat]
    package let credentials: [CredentialField]
    package let settings: [SettingField]
    package let baseURL: String?
    package let textMax: Int
    package let showsTyping: Bool
    package let tellsNames = true
    package var endpoint: (any HookEndpoint)? { self }

    let service: MailService
    let graph: MetaGraph

    /// Messages to a page. `now` is real time: limits are given as moments.
    package static func messenger(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) -> MetaChat {
        MetaChat(
            name: "messenger", title: "Messenger", channel: .messenger,
            token: "The page's token, with the permission pages_messaging.",
            settings: [
                SettingField("page_id", .text(max: 64), required: true, "The page that people write to."),
                appID,
            ], baseURL: graphURL, textMax: 2000, showsTyping: true, outbound, now: now, deadline: deadline)
    }

    /// Messages to an account of Instagram, which signs in by itself or by the page that it is linked to.
    package static func instagram(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) -> MetaChat {
        MetaChat(
            name: "instagram", title: "Instagram", channel: .instagram,
            token: "The account's token, or that of the page that the account is linked to.",
            settings: [
                SettingField("ig_id", .text(max: 64), for: .chat, "The account that people write to."),
                SettingField(
                    "page_id", .text(max: 64),
                    "The page that the account is linked to, where its token is used."),
                appID,
            ], baseURL: "https://graph.instagram.com/v26.0", textMax: 1000, showsTyping: false, outbound,
            now: now, deadline: deadline)
    }

    private static let graphURL = "https://graph.facebook.com/v26.0"
    private static let appID = SettingField(
        "app_id", .text(max: 64),
        "The app's number: what the app sends itself is not taken for a colleague's words.")

    private init(
        name: String, title: String, channel: Channel, token: String, settings: [SettingField],
        baseURL: String, textMax: Int, showsTyping: Bool, _ outbound: HTTPClient,
        now: @escaping @Sendable () -> Instant, deadline: Duration
    ) {
        (self.name, self.title, self.channel) = (name, title, channel)
        self.settings = settings + SocialConsent.settings
        (self.baseURL, self.textMax, self.showsTyping) = (baseURL, textMax, showsTyping)
        // Posts on Instagram need no hooks, only chats do.
        let needed: Capability? = channel == .instagram ? .chat : nil
        credentials =
            [
                CredentialField("access_token", required: false, token),
                CredentialField(
                    "app_secret", for: needed, provesHooks: true,
                    "The app's secret, with which webhooks are signed."),
                CredentialField(
                    "verify_token", for: needed, provesHooks: true,
                    "The token that the webhook's subscription repeats to us."),
            ] + MetaLogin.credentials
        graph = MetaGraph(title, outbound, now, deadline)
        service = MailService(name: name, outbound: outbound, now: now, deadline: deadline)
    }

    /// Instagram counts bytes, of which an emoji has four.
    package func length(of text: String) -> (count: Int, unit: String) {
        channel == .instagram ? (text.utf8.count, "bytes") : (text.utf16.count, "characters")
    }

    /// The setting that names whom people write to.
    var own: String { channel == .instagram ? "ig_id" : "page_id" }

    /// People have another id for every page and every account: one's address is `5001/PSID1`.
    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        let parts = address.split(separator: "/", maxSplits: 1)
        return parts.count == 2 && settings[own]?.text.map { $0 == parts[0] } ?? false
    }

    static func person(of address: String) -> String {
        String(address.split(separator: "/").last ?? "")
    }

    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let length = length(of: message.text)
        guard length.count <= textMax else {
            return .refused(
                SendRefusal(
                    .message, code: "\(name)_too_long",
                    detail: "The text has more than \(textMax) \(length.unit)."))
        }
        if CommentAddress.isOne(message.address) { return await answer(message, access, permit) }
        let headers = headers(access) + [("Content-Type", "application/json")]
        switch await service.handOver(permit, url("messages", access), headers, body(message).bytes) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response, isTagged: message.isLate)
        }
    }

    /// Only what a person says after the window carries the tag; whatever else does breaks the service's rules.
    func body(_ message: OutgoingChat) -> JSON {
        var said: JSONObject = ["text": .string(message.text)]
        // The echo brings it back, and tells what we have sent from what was typed in the app.
        if channel == .messenger { said["metadata"] = .string("\(message.messageID)") }
        var body: JSONObject = [
            "recipient": ["id": .string(Self.person(of: message.address))],
            "messaging_type": message.isLate ? "MESSAGE_TAG" : "RESPONSE",
        ]
        if message.isLate { body["tag"] = "HUMAN_AGENT" }
        body["message"] = .object(said)
        return .object(body)
    }

    func outcome(
        of response: HTTPClientResponse, isTagged: Bool, named field: String = "message_id"
    ) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        if (200..<300).contains(response.status) {
            guard let id = answer?[field]?.words else { return service.unknown(response) }
            return .accepted(providerID: id)
        }
        let error = answer?["error"]
        guard let fault = error?["code"]?.int else { return service.refused(.account, response) }
        let detail = error?["message"]?.words
        let verdict = Self.verdict(on: Int(fault), error?["error_subcode"]?.int.map { Int($0) }, isTagged)
        switch verdict {
        case .later:
            return .later(
                code: "\(name)_\(fault)", detail: detail ?? service.words(of: response),
                after: service.pause(after: response))
        case .refused(let cause):
            return service.refused(cause, response, code: "\(name)_\(fault)", detail)
        case .outside:
            return service.refused(.message, response, code: "outside_window", detail)
        case .noHumanAgent:
            return service.refused(
                .permission, response, code: "\(name)_human_agent_missing",
                "The app has no review for the feature Human Agent, which answers after 24 hours need: \(detail ?? "")"
            )
        }
    }

    enum Verdict: Equatable {
        case later
        case refused(SendRefusal.Cause)
        /// The window has closed.
        case outside
        /// The app may not tag what people say later.
        case noHumanAgent
    }

    /// Returns the verdict on an error by its codes alone; its text does not count.
    static func verdict(on code: Int, _ subcode: Int?, _ isTagged: Bool) -> Verdict {
        switch (code, subcode) {
        case (10, 2_018_278), (10, 2_534_022): .outside
        case (10, 1_893_063): .refused(.account)
        case (10, _) where isTagged, (200, _) where isTagged: .noHumanAgent
        case (100, 2_018_001): .refused(.recipient)
        case (551, _): .refused(.message)
        case (1, _), (2, _), (4, _), (32, _), (613, _), (1200, _): .later
        case (10, _), (190, _), (200...299, _), (368, _): .refused(.account)
        default: .refused(.message)
        }
    }

    package func showTyping(to address: String, _ access: IntegrationAccess) async -> ToolFailure? {
        // Below posts nobody sees it.
        guard !CommentAddress.isOne(address) else { return nil }
        let body: JSON = [
            "recipient": ["id": .string(Self.person(of: address))], "sender_action": "typing_on",
        ]
        let headers = headers(access) + [("Content-Type", "application/json")]
        switch await service.inPassing.handOver(nil, url("messages", access), headers, body.bytes) {
        case .answer(let response) where (200..<300).contains(response.status): return nil
        case .answer(let response):
            return ToolFailure(service.code(response), service.words(of: response), isRetryable: false)
        case .outcome(.later(let code, let detail, _)): return ToolFailure(code, detail, isRetryable: true)
        case .outcome(.refused(let refusal)):
            return ToolFailure(refusal.code, refusal.detail, isRetryable: false)
        case .outcome(.unknown(let detail)): return ToolFailure("unknown", detail, isRetryable: true)
        case .outcome(.accepted): return nil
        }
    }

    /// Returns somebody's name there; `nil` where that is not told now.
    package func name(of address: String, _ access: IntegrationAccess) async -> String? {
        let fields = channel == .instagram ? "name,username" : "first_name,last_name"
        let place = "\(base(access))/\(Self.person(of: address).percentEncoded)?fields=\(fields)"
        let told = await service.inPassing.look(place + proof(access, "&"), headers(access), access.reach)
        if channel == .instagram { return told?["name"]?.words ?? told?["username"]?.words }
        let names = [told?["first_name"]?.words, told?["last_name"]?.words].compactMap { $0 }
        return names.isEmpty ? nil : names.joined(separator: " ").trimmed
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let node = (access.setting(own) ?? "").percentEncoded
        let fields = channel == .instagram ? "username" : "name"
        let place = "\(base(access))/\(node)?fields=\(fields)\(proof(access, "&"))"
        let known = await service.check(place, headers(access)) { answer in
            guard let name = answer[fields]?.words else { return service.unreadable }
            return .good("Messages to \(name) come here.")
        }
        guard case .good = known else { return known }
        let apps = "\(base(access))/\((access.setting("page_id") ?? "me").percentEncoded)/subscribed_apps"
        return await service.check(apps + proof(access, "?"), headers(access)) { answer in
            guard let list = answer["data"]?.array else { return known }
            let fields = Set(list.flatMap { $0["subscribed_fields"]?.array ?? [] }.compactMap(\.text))
            let missing = ["messages", "messaging_postbacks"].filter { !fields.contains($0) }
            guard missing.isEmpty else {
                return .doubtful(
                    code: "\(name)_subscription_missing",
                    detail:
                        "Messages do not arrive: the app is not subscribed to \(missing.joined(separator: ", "))."
                )
            }
            return known
        }
    }

    /// Addresses of files are good for some hours, and for whoever has them: our token goes to none of them.
    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        guard let url = try? OutboundURL(media.id) else {
            return .gone(detail: "\(title) does not say where the file is.")
        }
        let own = (try? OutboundURL(access.baseURL))?.host
        guard url.host == own || Self.mediaHosts.contains(where: { url.host.hasSuffix($0) }) else {
            return .gone(detail: "\(url.host) does not belong to \(title).")
        }
        return await service.fetch(media.id, [], sizeMax: StoredFile.sizeMax)
    }

    private static let mediaHosts = [
        ".fbsbx.com", ".fbcdn.net", ".facebook.com", ".cdninstagram.com", ".instagram.com",
    ]

    // MARK: Addresses

    /// An account that is linked to a page is at Facebook's address.
    func base(_ access: IntegrationAccess) -> String {
        let isLinked = channel == .instagram && access.setting("page_id") != nil
        return isLinked && access.baseURL == baseURL ? Self.graphURL : access.baseURL
    }

    func url(_ method: String, _ access: IntegrationAccess) -> String {
        let node = access.setting("page_id") ?? access.setting(own) ?? "me"
        return "\(base(access))/\(node.percentEncoded)/\(method)\(proof(access, "?"))"
    }

    /// Shows that the token is used by its own app (`appsecret_proof`); apps may demand it, at Facebook's address.
    func proof(_ access: IntegrationAccess, _ mark: String) -> String {
        let secret = access.credential("app_secret")
        guard !secret.isEmpty, channel == .messenger || access.setting("page_id") != nil else { return "" }
        let code = HMAC.sha256(key: Array(secret.utf8), Array(access.credential("access_token").utf8))
        return "\(mark)appsecret_proof=\(Hex.encode(code))"
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(access.credential("access_token"))"), ("Accept", "application/json")]
    }
}
