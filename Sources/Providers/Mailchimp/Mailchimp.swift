package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
internal import JSON
package import Records
package import Telemetry

/// Mailchimp: https://mailchimp.com/developer/marketing/api. Who leaves the agency's audience, or is to be left alone.
package struct Mailchimp: MarketingLists, ConnectorProvider {
    package let name = "mailchimp"
    package let title = "Mailchimp"
    package let capabilities: Set<Capability> = [.marketing]
    package let credentials = [CredentialField("api_key", "An API key: …-us6.")]
    package let settings = [
        SettingField(
            "list_id", .text(max: 100), required: true,
            "The audience whose unsubscribes are shared with the agency, both ways.")
    ]
    package let baseURL: String? = "https://us1.api.mailchimp.com"
    package var endpoint: (any HookEndpoint)? { self }
    package var connector: ConnectorDocument { ListDocuments.mailchimp }

    private static let pageSize = 500
    private let wire: ServiceWire

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(60)
    ) {
        wire = ServiceWire(title: "Mailchimp", outbound: outbound, now: now, deadline: deadline)
    }

    /// Keys name the data centre in which their account is.
    package func home(by credentials: [String: String]) -> String? {
        credentials["api_key"].flatMap { Self.center(of: $0) }.map { "https://\($0).api.mailchimp.com" }
    }

    package func faults(in credentials: [String: String]) -> [Fault] {
        guard let key = credentials["api_key"], Self.center(of: key) == nil else { return [] }
        return [
            Fault(
                "/credentials/api_key", "invalid_key",
                "api_key must end with its data centre, such as -us6: copy all of it.")
        ]
    }

    // MARK: Members

    package func standing(
        of address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingStanding? {
        do throws(ToolFailure) {
            let answer = try await ask(
                "GET", Self.member(address, access) + "?fields=email_address,status", nil, access, reach)
            guard let status = answer["status"]?.words else { throw wire.unreadable() }
            return Self.standing(status)
        } catch {
            if reach.status == 404 { return nil }
            throw error
        }
    }

    package func unsubscribe(
        _ address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        do throws(ToolFailure) {
            _ = try await ask(
                "PATCH", Self.member(address, access), ["status": "unsubscribed"], access, reach)
            return true
        } catch {
            if reach.status == 404 { return false }
            // One whose mails came back, or who has left before, stays as they are.
            if error.code == "Member In Compliance State" { return true }
            throw error
        }
    }

    package func leavers(
        since start: String?, after cursor: String?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingPage {
        let (status, offset) = Self.place(cursor)
        var path =
            "/lists/\(Self.list(access))/members?status=\(status)&count=\(Self.pageSize)&offset=\(offset)"
        path += "&fields=members.email_address,members.status,total_items"
        if let start { path += "&since_last_changed=\(start.percentEncoded)" }
        let answer = try await ask("GET", path, nil, access, reach)
        guard let members = answer["members"]?.array else { throw wire.unreadable() }
        let leavers = members.compactMap { member -> MarketingPage.Leaver? in
            guard let address = member["email_address"]?.words, let status = member["status"]?.words else {
                return nil
            }
            return MarketingPage.Leaver(address, Self.standing(status))
        }
        let isLast = members.count < Self.pageSize
        if !isLast { return MarketingPage(leavers, next: "\(status) \(offset + members.count)") }
        return MarketingPage(leavers, next: status == "unsubscribed" ? "cleaned 0" : nil)
    }

    /// A cursor is a status and the number of members that were seen.
    private static func place(_ cursor: String?) -> (status: String, offset: Int) {
        let parts = (cursor ?? "").split(separator: " ")
        guard parts.count == 2, let offset = Int(parts[1]) else { return ("unsubscribed", 0) }
        return (parts[0] == "cleaned" ? "cleaned" : "unsubscribed", offset)
    }

    private static func standing(_ status: String) -> MarketingStanding {
        switch status {
        case "subscribed": .subscribed
        case "unsubscribed": .unsubscribed
        case "cleaned": .bounced
        default: .other
        }
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await wire.check(request("GET", "/ping", nil, access), access) { answer in
            answer["health_status"]?.words
        }
    }

    // MARK: Requests

    /// Members are named by the MD5 of their address in lower case.
    static func member(_ address: String, _ access: IntegrationAccess) -> String {
        "/lists/\(list(access))/members/\(Hex.encode(MD5.hash(Array(address.lowercased().utf8))))"
    }

    private static func list(_ access: IntegrationAccess) -> String {
        (access.setting("list_id") ?? "").percentEncoded
    }

    private func request(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess
    ) -> ServiceWire.Request {
        ServiceWire.Request(
            method, "\(access.baseURL)/3.0\(path)",
            headers: [ServiceWire.basic("bureau", access.credential("api_key"))], json: body)
    }

    private static func center(of key: String) -> Substring? {
        guard let dash = key.lastIndex(of: "-") else { return nil }
        let center = key[key.index(after: dash)...]
        let isCenter =
            (2...8).contains(center.count)
            && center.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
        return isCenter ? center : nil
    }

    private func ask(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let response = try await send(method, path, body, access, reach)
        guard let answer = try? JSONParser.parse(response.body), answer.object != nil else {
            throw wire.unreadable(method)
        }
        return answer
    }

    /// Does something whose answer is empty.
    func tell(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) { _ = try await send(method, path, body, access, reach) }

    private func send(
        _ method: String, _ path: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> HTTPClientResponse {
        var isProblem = false
        do throws(ToolFailure) {
            return try await wire.send(request(method, path, body, access), access, reach) { answer in
                guard let title = answer["title"]?.words else { return nil }
                isProblem = true
                return (title, [title, answer["detail"]?.words].compactMap(\.self).joined(separator: ": "))
            }
        } catch {
            // A client that asks too much gets a bare page.
            guard reach.status == 403, !isProblem else { throw error }
            throw ToolFailure("rate_limited", error.detail, isRetryable: true, retryAfter: .seconds(60))
        }
    }
}
