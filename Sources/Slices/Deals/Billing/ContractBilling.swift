internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy
internal import Wording

extension DealsServices {
    /// Invoices a signed contract: once what is billed once, and the rest every month, by a subscription. The
    /// contract's `months` are the least: the subscription goes on until it is cancelled. A fixed term ends it.
    func bill(_ contract: Contract, client: ClientID, in tx: Transaction) throws {
        let once = contract.items.list.filter { $0.billed == .once && $0.unitPrice.amount > 0 }
        if !once.isEmpty {
            var draft = Invoice.new(id: tx.nextID(), now: tx.now)
            (draft.clientID, draft.items) = (client, Parts(once.map(\.line)))
            try tx.create(&draft, by: .system)
            try send(draft, by: .system, in: tx)
        }
        guard let price = contract.price, price.amount > 0 else { return }
        let words = try tx.wordings.find(contract.locale)
        let title = contract.title ?? words("contract.services")
        try tx.subscriptions.start(
            client: client, contract: contract.id, package: contract.packageID,
            description: String(title.prefix(300)), price: price, startsOn: contract.startsOn,
            months: contract.termMonths)
    }
}
