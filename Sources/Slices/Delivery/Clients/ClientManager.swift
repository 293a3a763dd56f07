internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Templates
internal import Tenancy

extension Client {
    /// Whether somebody has to look after it.
    fileprivate var needsManager: Bool { tier == .enterprise && status == .active }
}

extension ClientStore where Base == Transaction {
    /// Tells people of a client of the highest tier whom nobody looks after.
    func watchManager(of client: Client, replacing old: Client?) throws {
        guard client.needsManager || old?.needsManager == true else { return }
        let manager = try client.managerID.flatMap { try User.resource.find($0, in: tx) }
        guard client.needsManager, manager?.status != .active else {
            try tx.alerts.resolve(kind: "account_manager_missing", subject: client.subject)
            return
        }
        try tx.alerts.raise(
            kind: "account_manager_missing", severity: .warning, subject: client.subject,
            title: Saying("alert.account_manager_missing", ["name": .text(client.name)]),
            action: Saying("alert.account_manager_missing_do"))
    }
}

/// Hears of colleagues who leave, or come back: whom they look after may have nobody now.
struct ClientManagers: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "user.updated" || event.type == "user.deleted",
            let user = event.subject.id(of: Nouns.User.self)
        else { return }
        let tx = tx.unlimited
        let clients = try Client.resource.all(
            where: "manager_id = \(user)", suffix: "ORDER BY id LIMIT 1000", in: tx)
        for client in clients { try tx.clients.watchManager(of: client, replacing: client) }
    }
}
