package import Agents

/// A marketing service that goes on writing to people by itself: a tag or an automation begins that. Whoever is not on
/// its list, or has left it, is left alone. One instance serves every agency.
package protocol MarketingNurture: MarketingLists {
    /// Whether automations can be started one by one; otherwise they begin with tags.
    var startsAutomations: Bool { get }
    /// Gives somebody on the list tags, those that they have included. May be done again.
    func tag(
        _ address: String, _ tags: [String], _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
    /// Starts an automation for somebody on the list. Done twice, it runs twice.
    func start(
        _ automation: String, for address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
}
