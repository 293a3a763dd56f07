internal import Database

extension Transaction {
    /// What is invoiced every month from a signed contract on.
    func startSubscription(contract: Contract, client: String) throws {}
}
