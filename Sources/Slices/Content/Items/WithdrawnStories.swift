internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy

/// Hears of stories that their clients take back: messages that tell them reach nobody any more.
struct WithdrawnStories: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "case_study.declined" || event.type == "case_study.deleted" else { return }
        let tx = tx.unlimited
        let telling = try ContentItem.resource.all(
            where: """
                format = 'message' AND status <> 'archived' AND sources LIKE \("%\"" + event.subject.id + "\"%")
                """, suffix: "ORDER BY id", in: tx)
        for old in telling {
            var item = old
            item.status = .archived
            try tx.update(old, to: &item, by: .system)
            let underWay = try Distribution.resource.all(
                where: "content_item_id = \(item.id) AND status IN ('planned', 'sending')",
                suffix: "ORDER BY id", in: tx)
            for distribution in underWay { _ = try tx.distributions.cancel(distribution, by: .system) }
        }
    }
}
