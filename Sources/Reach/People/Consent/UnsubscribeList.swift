internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Records
internal import Templates
internal import Tenancy

/// The list of those who unsubscribed before the agency came here: asked for once, when marketing begins,
/// until it is brought in or somebody says that there is none.
package enum UnsubscribeList {
    /// The item of `/v1/setup`.
    package static let item = "unsubscribed"
    static let alert = "unsubscribe_list"
    /// Counts how often it was asked for.
    fileprivate static let asked = "messaging.unsubscribe_list.asked"
}

extension ConsentStore {
    /// Returns whether the agency has brought its list in, or has said that there is none. What came of its
    /// own mails is no list.
    package func hasUnsubscribeList() throws -> Bool {
        if try tx.agency.isSetupDismissed(UnsubscribeList.item) { return true }
        return try tx.exists(
            """
            SELECT 1 FROM imports
            WHERE tenant_id = \(tx.tenant) AND resource = 'suppressions' AND status = 'completed'
            """)
            || tx.exists(
                """
                SELECT 1 FROM suppressions
                WHERE tenant_id = \(tx.tenant) AND channel = 'email' AND message_id IS NULL
                """)
    }
}

package extension ConsentStore where Base == Transaction {
    /// Asks for the list when the first marketing is about to leave.
    func askForUnsubscribeList() throws {
        guard try tx.counters.find(UnsubscribeList.asked) == 0 else { return }
        try tx.counters.count(UnsubscribeList.asked, 1)
        guard try !hasUnsubscribeList() else { return }
        try tx.alerts.raise(
            kind: UnsubscribeList.alert, severity: .warning, title: Saying("alert.unsubscribe_list"),
            action: Saying("alert.unsubscribe_list_do"))
    }
}

/// Ends the asking: by an import, by a suppression made by hand, or by somebody who says that there is no
/// list.
struct UnsubscribeListEnd: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "import.completed", "suppression.created", "setup.dismissed":
            guard try tx.alerts.open(kind: UnsubscribeList.alert, subject: tx.consents.agency) != nil,
                try tx.consents.hasUnsubscribeList()
            else { return }
            try tx.alerts.resolve(kind: UnsubscribeList.alert)
        case "alert.resolved":
            let data = JSON(stored: event.data)
            guard data["kind"]?.text == UnsubscribeList.alert, data["by"]?.text != "system" else { return }
            try tx.agency.dismissSetup(UnsubscribeList.item)
        default: return
        }
    }
}

extension ConsentStore where Base == Transaction {
    /// The subject of an alert that is about no record: the agency.
    fileprivate var agency: Subject { Subject(type: "tenant", id: tx.tenant.rawValue) }
}
