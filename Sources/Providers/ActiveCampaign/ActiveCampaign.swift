package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// ActiveCampaign: https://developers.activecampaign.com. Who leaves the agency's list, or is to be left alone.
package struct ActiveCampaign: MarketingLists, ConnectorProvider {
    package let name = "activecampaign"
    package let title = "ActiveCampaign"
    package let capabilities: Set<Capability> = [.marketing]
    package let credentials = [CredentialField("api_key", "The key of a user who may change the list.")]
    package let settings = [
        SettingField(
            "list_id", .text(max: 100), required: true,
            "The list whose unsubscribes are shared with the agency, both ways.")
    ]
    /// Each account has its own: https://….api-us1.com.
    package let baseURL: String? = nil
    package var endpoint: (any HookEndpoint)? { self }
    package var connector: ConnectorDocument { ListDocuments.activeCampaign }

    static let pageSize = 100
    private static let unsubscribed = "2", bounced = "3"
    let wire: ServiceWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: "ActiveCampaign", outbound: outbound, now: now, deadline: deadline)
    }

    // MARK: Contacts

    package func standing(
        of address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingStanding? {
        guard let contact = try await contact(address, access, reach) else { return nil }
        return switch try await status(of: contact, access, reach) {
        case nil: nil
        case "1": .subscribed
        case Self.unsubscribed: .unsubscribed
        case Self.bounced: .bounced
        default: .other
        }
    }

    package func unsubscribe(
        _ address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        // An address that is not on the list is not put there, not even as one that has left it.
        guard let contact = try await contact(address, access, reach),
            let status = try await status(of: contact, access, reach)
        else { return false }
        guard status != Self.unsubscribed, status != Self.bounced else { return true }
        let body: JSON = [
            "contactList": ["list": .string(Self.list(access)), "contact": .string(contact), "status": 2]
        ]
        _ = try await ask("POST", "/contactLists", body, access, reach)
        return true
    }

    package func leavers(
        since start: String?, after cursor: String?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingPage {
        var path =
            "/contacts?limit=\(Self.pageSize)&orders%5Bid%5D=ASC&id_greater=\((cursor ?? "0").percentEncoded)"
        path += "&listid=\(Self.list(access).percentEncoded)&status=\(Self.unsubscribed)"
        if let start { path += "&filters%5Bupdated_after%5D=\(start.percentEncoded)" }
        let answer = try await ask("GET", path, nil, access, reach)
        guard let contacts = answer["contacts"]?.array else { throw wire.unreadable() }
        let last = contacts.last?["id"]?.label
        // A service that does not heed the cursor gives the same contacts for ever.
        let isOver = contacts.count < Self.pageSize || last == nil || last == cursor
        return MarketingPage(
            contacts.compactMap { contact in
                contact["email"]?.words.map { MarketingPage.Leaver($0, nil) }
            }, next: isOver ? nil : last)
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        let check = await wire.check(request("GET", "/users/me", nil, access), access) { answer in
            answer["user"]?["email"]?.words.map { "Signed in as \($0)." }
        }
        // It refuses a wrong key with 403.
        guard case .bad(IntegrationCheck.permissionCode, let detail) = check else { return check }
        return .bad(code: ToolFailure.refusesAccount, detail: detail)
    }

    /// The identifier of a contact.
    func contact(
        _ address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String? {
        let answer = try await ask("GET", "/contacts?email=\(address.percentEncoded)", nil, access, reach)
        guard let contacts = answer["contacts"]?.array else { throw wire.unreadable() }
        return contacts.first { $0["email"]?.text?.lowercased() == address.lowercased() }?["id"]?.label
    }

    /// Returns a contact's status on the list; `nil`: it is not on it. Numbers are texts there.
    private func status(
        of contact: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String? {
        let path = "/contacts/\(contact.percentEncoded)/contactLists", list = Self.list(access)
        let answer = try await ask("GET", path, nil, access, reach)
        guard let lists = answer["contactLists"]?.array else { throw wire.unreadable() }
        return lists.first { $0["list"]?.label == list }?["status"]?.label
    }

    // MARK: Requests

    private static func list(_ access: IntegrationAccess) -> String { access.setting("list_id") ?? "" }

    private func request(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess
    ) -> ServiceWire.Request {
        ServiceWire.Request(
            method, "\(access.baseURL)/api/3\(path)",
            headers: [(name: "Api-Token", value: access.credential("api_key"))],
            json: body)
    }

    func ask(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        do throws(ToolFailure) {
            return try await wire.ask(request(method, path, body, access), access, reach) { answer in
                let error = answer["errors"]?.array?.first
                guard let text = error?["title"]?.words ?? answer["message"]?.words else { return nil }
                return (error?["code"]?.words, text)
            }
        } catch {
            guard reach.status == 403 else { throw error }
            throw ToolFailure(ToolFailure.refusesAccount, error.detail, isRetryable: false)
        }
    }
}
