package import Agents
package import Integrations
internal import JSON

/// Tags of members: what writes to them at Mailchimp begins with a tag.
extension Mailchimp: MarketingNurture {
    package var startsAutomations: Bool { false }

    package func tag(
        _ address: String, _ tags: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let body: JSON = [
            "tags": .array(tags.map { ["name": .string($0), "status": "active"] })
        ]
        try await tell("POST", Self.member(address, access) + "/tags", body, access, reach)
    }

    package func start(
        _ automation: String, for address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        throw ToolFailure("refused", "Mailchimp starts nothing but by tags.", isRetryable: false)
    }
}
