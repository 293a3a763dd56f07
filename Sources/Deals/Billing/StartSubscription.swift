internal import Database
internal import Records

extension Transaction {
    /// What is invoiced every month from a signed contract on. Its term is the least: it goes on until it is cancelled.
    func startSubscription(contract: Contract, client: String) throws {
        guard let price = contract.price, price.amount > 0 else { return }
        let title = contract.title ?? SellingWords(contract.locale ?? "en")("Services", "Leistungen")
        try startSubscription(
            client: client, contract: contract.id.text, package: contract.packageID?.text,
            description: String(title.prefix(300)), price: price, startsOn: contract.startsOn, months: nil)
    }
}
