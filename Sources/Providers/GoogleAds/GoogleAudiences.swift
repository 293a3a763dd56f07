package import Agents
internal import Cryptography
package import Integrations
internal import JSON
package import Records

/// The audiences of Google Ads that are made of customers' files (Customer Match). Since April 2026 those who had none
/// before make them by the Data Manager API: https://developers.google.com/data-manager/api
extension GoogleAds: AudienceService {
    /// Google takes ten thousand at once; smaller parts fit into any request.
    package var audienceBatch: Int { 1000 }

    static let dataManagerScope = "https://www.googleapis.com/auth/datamanager"
    private static let dataManager = "https://datamanager.googleapis.com"
    /// Lists are looked through for so many pages.
    private static let pagesMax = 50

    /// The SHA-256 of the address in lower case. At Google's own mail it has no dots before the `@`.
    package func digest(of address: EmailAddress) -> String {
        let own = ["gmail.com", "googlemail.com"]
        guard own.contains(address.domain) else { return Hex.encode(SHA256.hash(address.key)) }
        let local = address.local.lowercased().filter { $0 != "." }
        return Hex.encode(SHA256.hash("\(local)@\(address.domain)"))
    }

    package func audience(
        named name: String, key: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let lists = "accountTypes/GOOGLE_ADS/accounts/\(try account(access))/userLists"
        var cursor: String?, pages = 0
        repeat {
            let page = "pageSize=100" + (cursor.map { "&pageToken=\($0.percentEncoded)" } ?? "")
            let answer = try await manage("\(lists)?\(page)", nil, access, reach)
            // Without lists the member is missing.
            let list = answer["userLists"]?.array ?? []
            let own = list.first { $0["displayName"]?.text?.hasSuffix("(\(key))") == true }
            if let id = own.flatMap(Self.id) { return id }
            cursor = answer["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            pages += 1
        } while cursor != nil && pages < Self.pagesMax
        let made = try await manage(
            lists,
            [
                "displayName": .string("\(name) (\(key))"), "description": "People who have agreed to it.",
                "ingestedUserListInfo": [
                    "uploadKeyTypes": ["CONTACT_ID"],
                    "contactIdInfo": ["dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"],
                ],
            ], access, reach)
        guard let id = Self.id(of: made) else { throw wire.unreadable }
        return id
    }

    private static func id(of list: JSON) -> String? {
        let id = list["id"]?.text ?? list["id"]?.int.map { "\($0)" }
        return id.flatMap { id in
            !id.isEmpty && id.utf8.allSatisfy { (0x30...0x39).contains($0) } ? id : nil
        }
    }

    package func change(
        _ audience: String, to isMember: Bool, _ digests: [String], _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let account = try account(access)
        var destination: JSONObject = [
            "operatingAccount": ["accountType": "GOOGLE_ADS", "accountId": .string(account)],
            "productDestinationId": .string(audience),
        ]
        if let manager = try manager(access) {
            destination["loginAccount"] = ["accountType": "GOOGLE_ADS", "accountId": .string(manager)]
        }
        var body: JSONObject = [
            "destinations": [.object(destination)], "encoding": "HEX",
            "audienceMembers": .array(
                digests.map { ["userData": ["userIdentifiers": [["emailAddress": .string($0)]]]] }),
        ]
        if isMember {
            // Only who has agreed to just this is put on it.
            body["consent"] = ["adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"]
            body["termsOfService"] = ["customerMatchTermsOfServiceStatus": "ACCEPTED"]
        }
        let answer = try await manage(
            "audienceMembers:\(isMember ? "ingest" : "remove")", .object(body), access, reach)
        guard answer["requestId"]?.text != nil else { throw wire.unreadable }
    }

    private func account(_ access: IntegrationAccess) throws(ToolFailure) -> String {
        try digits(access.setting("customer_id") ?? "", "customer_id")
    }

    private func manager(_ access: IntegrationAccess) throws(ToolFailure) -> String? {
        guard let manager = access.setting("login_customer_id"), !manager.isEmpty else { return nil }
        return try digits(manager, "login_customer_id")
    }

    /// Calls the Data Manager API; without a body it reads.
    private func manage(
        _ method: String, _ body: JSON?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> JSON {
        let host = access.baseURL == baseURL ? Self.dataManager : access.baseURL
        var headers: [(name: String, value: String)] = [
            ("Authorization", "Bearer \(access.credential("access_token"))")
        ]
        if let manager = try manager(access) {
            headers.append(("login-account", "accountTypes/GOOGLE_ADS/accounts/\(manager)"))
        }
        let answer = try await wire.ask(
            "\(host)/v1/\(method)", access, reach, method: body == nil ? "GET" : "POST", headers: headers,
            body: body)
        guard answer.isGood else { throw audienceFailure(answer, reach) }
        guard answer.body.object != nil else { throw wire.unreadable }
        return answer.body
    }

    private func audienceFailure(_ answer: LookupWire.Answer, _ reach: ConnectorCall) -> ToolFailure {
        switch answer.body["error"]?["status"]?.text {
        case "RESOURCE_EXHAUSTED"?: return wire.pause(reach, for: answer.retryAfter ?? .seconds(60))
        case "PERMISSION_DENIED"?:
            return ToolFailure(
                IntegrationCheck.permissionCode,
                "Google does not let this account's audiences be changed: connect it anew, and check login_customer_id",
                isRetryable: false)
        default: return wire.usualFailure(answer, reach) ?? wire.unreadable
        }
    }
}
