internal import Agents
internal import Database
internal import Jobs
internal import Records
internal import Templates

extension Client {
    /// Whether somebody should be named who looks after it.
    fileprivate var lacksManager: Bool { tier == .enterprise && status == .active && managerID == nil }
}

extension ClientStore where Base == Transaction {
    /// Tells people of a client of the highest tier whom nobody looks after.
    func watchManager(of client: Client, replacing old: Client?) throws {
        guard client.lacksManager != (old?.lacksManager ?? false) else { return }
        guard client.lacksManager else {
            try tx.alerts.resolve(kind: "account_manager_missing", subject: client.subject)
            return
        }
        try tx.alerts.raise(
            kind: "account_manager_missing", severity: .warning, subject: client.subject,
            title: Saying("alert.account_manager_missing", ["name": .text(client.name)]),
            action: Saying("alert.account_manager_missing_do"))
    }
}
