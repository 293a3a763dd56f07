internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records

/// Takes back what a campaign that was completed has not sent of its content, to people or to a blog.
struct EndedDistributions: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "campaign.completed", let id = event.subject.id(of: Nouns.Campaign.self) else {
            return
        }
        let tx = tx.unlimited
        let open = try Distribution.resource.all(
            where: """
                status IN ('planned', 'sending') AND content_item_id IN (
                    SELECT id FROM content_items WHERE tenant_id = \(tx.tenant) AND campaign_id = \(id))
                """, suffix: "ORDER BY id", in: tx)
        for distribution in open { _ = try tx.distributions.cancel(distribution, by: .system) }
        let pieces = try ContentItem.resource.all(
            where: "campaign_id = \(id) AND publishing IN ('waiting', 'held')", suffix: "ORDER BY id", in: tx)
        for piece in pieces {
            try tx.itemPublishing.move(piece, to: .failed, because: [.campaignOver])
        }
    }
}
