package import Agents
package import HTTPClient
package import Integrations
package import JSON
package import Messages
package import People
internal import Records
package import Social
package import Telemetry

/// An account of Instagram: direct messages with those who write to it, and what it publishes.
package struct Instagram: ChatSending, ChatHooks, SocialPublishing, MetaService {
    package let name = "instagram"
    package let title = "Instagram"
    package let network = SocialNetwork.instagram
    package let capabilities: Set<Capability> = [.chat, .socialPublishing]

    let chat: MetaChat
    let graph: MetaGraph

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        chat = .instagram(outbound, now: now, deadline: deadline)
        graph = MetaGraph("Instagram", outbound, now, deadline)
    }

    package var credentials: [CredentialField] { chat.credentials }
    package var settings: [SettingField] {
        chat.settings + [
            SettingField(
                "ig_user_id", .text(max: 64), for: .socialPublishing, "The account at which posts stand.")
        ]
    }
    package var baseURL: String? { chat.baseURL }
    package var endpoint: (any HookEndpoint)? { chat.endpoint }

    package func login(_ settings: JSONObject) -> MetaLogin { chat.login(settings) }

    package func missing(_ settings: JSONObject, _ credentials: [String]) -> [String] {
        requiredAndAbsent(settings, credentials, for: settings["ig_user_id"] == nil ? .chat : nil)
            + missingConsent(credentials)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard access.setting("ig_id") == nil, let account = access.setting("ig_user_id") else {
            return await chat.check(access)
        }
        return await graph.wire.check { () async throws(ToolFailure) in
            let known = try await graph.get(node(account, access), "username", access, ConnectorCall())
            guard let name = known["username"]?.words else { throw graph.wire.unreadable }
            return "Posts stand at \(name)."
        }
    }

    // MARK: Messages

    package var channel: Channel { chat.channel }
    package var textMax: Int { chat.textMax }
    package var showsTyping: Bool { chat.showsTyping }
    package var tellsNames: Bool { chat.tellsNames }
    package func length(of text: String) -> (count: Int, unit: String) { chat.length(of: text) }
    package func reaches(_ address: String, through settings: JSONObject) -> Bool {
        chat.reaches(address, through: settings)
    }
    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome { await chat.send(message, access, permit) }
    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        await chat.fetch(media, access)
    }
    package func name(of address: String, _ access: IntegrationAccess) async -> String? {
        await chat.name(of: address, access)
    }
    package func showTyping(to address: String, _ access: IntegrationAccess) async -> ToolFailure? {
        await chat.showTyping(to: address, access)
    }
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent] {
        try chat.read(receipt, access)
    }
}
