package import Agents

/// A service that keeps lists of people who get mails: who leaves one there, leaves here, and the other way round.
/// Nobody is ever added to a list. One instance serves every agency.
package protocol MarketingLists: IntegrationProvider {
    /// Asks how an address stands on the integration's list; `nil`: it is not on it.
    func standing(
        of address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingStanding?
    /// Takes an address off the list; `false`: it was not on it. May be done again.
    func unsubscribe(
        _ address: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool
    /// Returns a page of those who may have left since a time (all of them: `nil`), after a cursor.
    func leavers(
        since start: String?, after cursor: String?, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> MarketingPage
    /// Returns the address that a receipt of its webhook endpoint says has left a list; `nil`: none has.
    func leaver(of list: String?, _ receipt: HookReceipt) -> String?
}

/// The standing of an address on a list.
package enum MarketingStanding: Hashable, Sendable {
    case subscribed
    case unsubscribed
    /// Mails to it came back for good.
    case bounced
    case other
}

/// Some of those who may have left a list.
package struct MarketingPage: Sendable {
    package struct Leaver: Sendable {
        package let address: String
        /// `nil`: the service has to be asked.
        package let standing: MarketingStanding?

        package init(_ address: String, _ standing: MarketingStanding?) {
            (self.address, self.standing) = (address, standing)
        }
    }

    package let leavers: [Leaver]
    /// The cursor of the next page; `nil` after the last.
    package let next: String?

    package init(_ leavers: [Leaver], next: String?) { (self.leavers, self.next) = (leavers, next) }
}
