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

/// A workspace of Slack: staff are told and asked there, and clients write in shared channels.
/// https://api.slack.com/web
package struct Slack: StaffChat, OAuthProvider {
    package let name = "slack"
    package let title = "Slack"
    package let channel = Channel.slack
    package let capabilities: Set<Capability> = [.chat]
    package let credentials = [
        CredentialField(
            "signing_secret", provesHooks: true, "The app's signing secret, with which requests are signed."),
        CredentialField(
            "bot_token", required: false,
            "The token of the app's bot in the workspace, which begins with xoxb."),
        CredentialField(
            "client_id", required: false, "The app's client, to connect the workspace without a token."),
        CredentialField("client_secret", required: false, "The client's secret."),
        CredentialField(
            OAuthCredential.access, required: false,
            "Comes by itself when the workspace is connected."),
        CredentialField(
            OAuthCredential.refresh, required: false,
            "Comes by itself, where the app's tokens are renewed."),
        CredentialField(OAuthCredential.expiry, required: false, "Comes by itself, likewise."),
    ]
    package let settings = [
        SettingField(
            "team_id", .text(max: 32), required: true, "The workspace, whose id begins with T."),
        SettingField(
            "channel", .text(max: 32),
            "The channel in which staff are told and asked; its id begins with C."),
        SettingField(
            "authorize_url", .text(max: 300), "Where the owner is asked, if not at the usual place."),
        SettingField("token_url", .text(max: 300), "Where tokens come from, likewise."),
    ]
    package let baseURL: String? = "https://slack.com/api"
    package var endpoint: (any HookEndpoint)? { self }
    package let textMax = 4000
    package let findsMessages = true

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "slack", outbound: outbound, now: now, deadline: deadline)
    }

    static let scopes = [
        "chat:write", "channels:history", "groups:history", "im:history", "users:read", "users:read.email",
        "commands",
    ]

    package let ways = [["bot_token"], ["client_id", "client_secret"]]

    package func missing(_ settings: JSONObject, _ credentials: [String]) -> [String] {
        var missing = requiredAndAbsent(settings, credentials)
        if wantsConsent(given: credentials) {
            missing.append(
                credentials.contains("client_id") ? "the consent of the workspace's owner" : "bot_token")
        }
        if settings["channel"] == nil { missing.append("channel") }
        return missing
    }

    // MARK: Consent

    package func endpoints(_ settings: JSONObject) -> OAuthEndpoints {
        OAuthEndpoints(
            authorize: settings["authorize_url"]?.text ?? "https://slack.com/oauth/v2/authorize",
            token: settings["token_url"]?.text ?? "https://slack.com/api/oauth.v2.access",
            // With commas in between.
            scopes: [Self.scopes.joined(separator: ",")], namesClientInHeader: true)
    }

    /// Tokens are the workspace's own and stay, unless the app has them renewed.
    package func renewal(_ access: IntegrationAccess, at now: Instant) -> OAuthRenewal {
        let token = access.credential(OAuthCredential.refresh)
        if !token.isEmpty { return .refresh(token) }
        return self.token(access).isEmpty ? .unusable : .none
    }

    package func wantsConsent(given names: [String]) -> Bool {
        !names.contains("bot_token") && !names.contains(OAuthCredential.access)
    }

    func token(_ access: IntegrationAccess) -> String {
        let own = access.credential(OAuthCredential.access)
        return own.isEmpty ? access.credential("bot_token") : own
    }

    // MARK: Messages

    /// Somebody in a shared channel has the address `T1/C1/U1`.
    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        let parts = address.split(separator: "/")
        return parts.count == 3 && settings["team_id"]?.text.map { $0 == parts[0] } ?? false
    }

    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        let parts = message.address.split(separator: "/").map(String.init)
        guard parts.count == 3 else {
            return .refused(
                SendRefusal(.recipient, code: "slack_address", detail: "The address names no channel."))
        }
        let body = Self.post(in: parts[1], SlackText.escaped(message.text), of: "\(message.messageID)")
        return await hand(over: .object(body), "chat.postMessage", access, permit)
    }

    static func post(in channel: String, _ text: String, of id: String) -> JSONObject {
        [
            "channel": .string(channel), "text": .string(text), "unfurl_links": false,
            "metadata": ["event_type": "bureau_msg", "event_payload": ["id": .string(id)]],
        ]
    }

    func hand(
        over body: JSON, _ method: String, _ access: IntegrationAccess, _ permit: Permit?
    ) async -> SendOutcome {
        let headers = headers(access) + [("Content-Type", "application/json; charset=utf-8")]
        switch await service.handOver(permit, "\(access.baseURL)/\(method)", headers, body.bytes) {
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    /// An answer of 200 is no success by itself.
    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        guard let answer = try? JSONParser.parse(response.body), let isTaken = answer["ok"] else {
            return response.status < 300
                ? service.unknown(response) : service.refused(.account, response)
        }
        if isTaken == true {
            guard let channel = answer["channel"]?.words, let ts = answer["ts"]?.words else {
                return service.unknown(response)
            }
            return .accepted(providerID: "slack:\(channel):\(ts)")
        }
        let error = answer["error"]?.words ?? "unknown_error", code = "slack_\(error)"
        switch error {
        case "internal_error", "fatal_error", "service_unavailable", "ratelimited", "rate_limited":
            return .later(code: code, detail: "Slack answers \(error).", after: response.retryAfter)
        case "missing_scope":
            let needed = answer["needed"]?.words ?? "?"
            return service.refused(.permission, response, code: code, "The app lacks the scope \(needed).")
        case "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed",
            "org_login_required", "team_access_not_granted":
            return service.refused(.account, response, code: code, "Slack answers \(error).")
        case "not_in_channel":
            return service.refused(
                .message, response, code: code, "The app is not in the channel: invite it there.")
        default: return service.refused(.message, response, code: code, "Slack answers \(error).")
        }
    }

    /// Looks a post up by the name that it was given.
    package func find(_ message: SentChat, _ access: IntegrationAccess) async -> SendLookup {
        let parts = message.recipient.split(separator: "/").map(String.init)
        guard parts.count == 3 else { return .unclear }
        return await find("\(message.messageID)", in: parts[1], access)
    }

    func find(_ id: String, in channel: String, _ access: IntegrationAccess) async -> SendLookup {
        let query = "channel=\(channel.percentEncoded)&limit=100&include_all_metadata=true"
        let place = "\(access.baseURL)/conversations.history?\(query)"
        let answer = await service.look(place, headers(access), access.reach)
        guard answer?["ok"] == true, let messages = answer?["messages"]?.array else { return .unclear }
        let found = messages.first { $0["metadata"]?["event_payload"]?["id"]?.text == id }
        return found.map { .accepted(providerID: ($0["ts"]?.words).map { "slack:\(channel):\($0)" }) }
            ?? .absent
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let known = await service.check(
            "\(access.baseURL)/auth.test", headers(access),
            answer: { response in
                guard response.status == 200, let answer = try? JSONParser.parse(response.body),
                    let isKnown = answer["ok"]
                else {
                    return response.status == 429 || response.status >= 500
                        ? .unclear(code: service.code(response), detail: service.words(of: response))
                        : service.unreadable
                }
                guard isKnown == true else {
                    let error = answer["error"]?.words ?? "unknown_error"
                    return .bad(code: "slack_\(error)", detail: "Slack answers \(error).")
                }
                return judge(answer, response, access)
            })
        guard case .good = known, let channel = access.setting("channel") else { return known }
        let list = "\(access.baseURL)/conversations.list?limit=1000&types=public_channel,private_channel"
        return await service.check(list, headers(access)) { answer in
            guard let channels = answer["channels"]?.array,
                let own = channels.first(where: { $0["id"]?.text == channel })
            else { return known }
            guard own["is_member"] == false else { return known }
            return .doubtful(
                code: "slack_not_in_channel",
                detail: "The app is not in the channel \(own["name"]?.words ?? channel): invite it there.")
        }
    }

    private func judge(
        _ answer: JSON, _ response: HTTPClientResponse, _ access: IntegrationAccess
    ) -> IntegrationCheck {
        if let team = answer["team_id"]?.words, let own = access.setting("team_id"), team != own {
            return .bad(
                code: "slack_team", detail: "The token is of the workspace \(team), and team_id is \(own).")
        }
        if let given = response.header("X-OAuth-Scopes") {
            let held = Set(given.split(separator: ",").map { String($0).trimmed })
            let missing = Self.scopes.filter { !held.contains($0) }
            if !missing.isEmpty {
                return .doubtful(
                    code: "slack_scope_missing",
                    detail: "The app lacks scopes: \(missing.joined(separator: ", ")).")
            }
        }
        guard access.setting("channel") != nil else {
            return .doubtful(
                code: "slack_channel_missing",
                detail: "Nobody is told or asked in Slack: channel is not set to the staff's channel.")
        }
        return .good("The app is in the workspace \(answer["team"]?.words ?? "").")
    }

    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        guard let url = try? OutboundURL(media.id), let own = try? OutboundURL(access.baseURL),
            url.host == own.host || url.host == "files.slack.com"
        else { return .gone(detail: "The file does not lie at Slack.") }
        return await service.fetch(media.id, headers(access), sizeMax: StoredFile.sizeMax)
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(token(access))"), ("Accept", "application/json")]
    }
}

/// Texts as Slack writes them.
enum SlackText {
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Returns the words of a message: links with their labels, and mentions by what they name.
    static func plain(_ text: String) -> String {
        var result = "", rest = text[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            result += rest[..<start]
            let parts = rest[rest.index(after: start)..<end].split(
                separator: "|", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            let target = parts[0], label = parts.count > 1 ? parts[1] : ""
            switch target.first {
            case "@", "#", "!":
                result += "\(target.prefix(1))\(label.isEmpty ? String(target.dropFirst()) : label)"
            default: result += label.isEmpty || label == target ? target : "\(label) (\(target))"
            }
            rest = rest[rest.index(after: end)...]
        }
        result += rest
        return result.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
