package import Agents
package import Integrations
internal import JSON
internal import Records

/// Tags and automations of contacts.
extension ActiveCampaign: MarketingNurture {
    package var startsAutomations: Bool { true }

    /// Accounts have hundreds of tags, seldom thousands.
    private static var tagPagesMax: Int { 50 }

    package func tag(
        _ address: String, _ tags: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let contact = try await known(address, access, reach)
        var ids = try await tagIDs(access, reach)
        for tag in tags {
            let id: String
            if let there = ids[TextFolding.fold(tag)] {
                id = there
            } else {
                let body: JSON = ["tag": ["tag": .string(tag), "tagType": "contact", "description": ""]]
                let made = try await ask("POST", "/tags", body, access, reach)
                guard let new = made["tag"]?["id"]?.label else { throw wire.unreadable("POST") }
                id = new
                ids[TextFolding.fold(tag)] = new
            }
            let body: JSON = ["contactTag": ["contact": .string(contact), "tag": .string(id)]]
            _ = try await ask("POST", "/contactTags", body, access, reach)
        }
    }

    package func start(
        _ automation: String, for address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let contact = try await known(address, access, reach)
        let body: JSON = [
            "contactAutomation": ["contact": .string(contact), "automation": .string(automation)]
        ]
        _ = try await ask("POST", "/contactAutomations", body, access, reach)
    }

    private func known(
        _ address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> String {
        guard let contact = try await contact(address, access, reach) else {
            throw ToolFailure("not_found", "ActiveCampaign does not know the address.", isRetryable: false)
        }
        return contact
    }

    /// The identifiers of the account's tags by their names, which it compares without capitals.
    private func tagIDs(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [String: String] {
        var ids: [String: String] = [:]
        for page in 0..<Self.tagPagesMax {
            let path = "/tags?limit=\(Self.pageSize)&offset=\(page * Self.pageSize)"
            let answer = try await ask("GET", path, nil, access, reach)
            guard let tags = answer["tags"]?.array else { throw wire.unreadable() }
            let count = ids.count
            for tag in tags {
                if let name = tag["tag"]?.words, let id = tag["id"]?.label {
                    ids[TextFolding.fold(name)] = id
                }
            }
            // A service that does not heed the offset gives the same tags for ever.
            if tags.count < Self.pageSize || ids.count == count { break }
        }
        return ids
    }
}
