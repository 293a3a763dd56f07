package import Agents
internal import Cryptography
package import Integrations
internal import JSON
package import Records

/// The audiences of Meta Ads that are made of customers' files.
extension MetaAds: AudienceService {
    /// Meta takes ten thousand at once; smaller parts fit into any request.
    package var audienceBatch: Int { 1000 }

    package func digest(of address: EmailAddress) -> String {
        Hex.encode(SHA256.hash(address.key))
    }

    package func audience(
        named name: String, key: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        let edge = "\(try account(access))/customaudiences"
        var cursor: String?, pages = 0
        repeat {
            var query = [("fields", "id,name"), ("limit", "100")]
            if let cursor { query.append(("after", cursor)) }
            let answer = try await ask(edge, query, access, reach)
            guard let list = answer["data"]?.array else { throw wire.unreadable }
            let own = list.first { $0["name"]?.text?.hasSuffix("(\(key))") == true }
            if let id = own?["id"]?.text { return id }
            let paging = answer["paging"]
            cursor = paging?["next"]?.text == nil ? nil : paging?["cursors"]?["after"]?.text
            pages += 1
        } while cursor != nil && pages < Self.pagesMax
        let made = try await ask(
            edge,
            [
                ("name", "\(name) (\(key))"), ("subtype", "CUSTOM"),
                ("customer_file_source", "USER_PROVIDED_ONLY"),
            ], by: "POST", access, reach)
        guard let id = made["id"]?.text, Self.isNumber(id) else { throw wire.unreadable }
        return id
    }

    package func change(
        _ audience: String, to isMember: Bool, _ digests: [String], _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        guard Self.isNumber(audience) else { throw wire.unreadable }
        let payload: JSON = ["schema": ["EMAIL"], "data": .array(digests.map { [.string($0)] })]
        let answer = try await ask(
            "\(audience)/users", [("payload", payload.serialized)], by: isMember ? "POST" : "DELETE", access,
            reach)
        guard answer["num_received"] != nil else { throw wire.unreadable }
    }
}
