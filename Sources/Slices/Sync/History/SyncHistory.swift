internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

extension RecordSync.Local {
    /// Those in whose history services have what was said: people before whoever they work for.
    static let withHistory: [RecordSync.Local] = [.leads, .clients, .companies]
}

extension Message {
    /// Whether it is something that the agency and somebody outside have said to each other.
    fileprivate var isSpoken: Bool {
        !isInternal && !captured && purpose != .account && sealedLink == nil && contactID != nil
            && !(text.isEmpty && subject == nil) && !(isAutomatic && direction == .inbound)
    }

    func belongs(in history: RecordSync.History) -> Bool {
        switch history {
        case .none: false
        case .conversations: direction == .inbound || purpose != .marketing
        case .all: true
        }
    }
}

/// An entry with the record in whose history it is to stand.
struct HistoryTarget: Sendable {
    let sync: RecordSync
    let local: String, remote: String
    let entry: ConnectorEntry
}

/// The next step of a note that is not settled.
enum HistoryStep: Sendable {
    case write(HistoryTarget)
    /// Nobody is known there with whom it was spoken, or nobody any more.
    case leave
    /// A sync is paused that may know them.
    case wait
    /// There is nothing to be written any more.
    case drop
}

extension SyncNoteStore {
    /// So much of a text is written, which every service takes.
    private var textMax: Int { 10_000 }
    private var titleMax: Int { 250 }

    func step(_ note: SyncNote) throws -> HistoryStep {
        guard let message = try Message.resource.find(note.message, in: tx), message.isSpoken else {
            return .drop
        }
        let wanting = try wanting(message, of: note.integration)
        guard !wanting.isEmpty else { return .drop }
        let contact = try message.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        guard let contact else { return .drop }
        let entry = try entry(of: message, with: contact)
        if note.state == .sending {
            // It may be where it was handed over, and nowhere else is it to be written.
            guard let sync = wanting.first(where: { $0.id == note.sync }), let local = note.local,
                let there = note.remote
            else { return .leave }
            if sync.isPaused { return .wait }
            return .write(HistoryTarget(sync: sync, local: local, remote: there, entry: entry))
        }
        for sync in wanting where !sync.isPaused {
            let ids = try locals(sync.local, message, contact),
                links = try tx.syncLinks.all(sync.id, local: ids)
            for id in ids {
                guard let link = links[id], link.state == .linked, !link.isDeleted, let there = link.there
                else {
                    continue
                }
                return .write(HistoryTarget(sync: sync, local: id, remote: there, entry: entry))
            }
        }
        return wanting.contains(where: \.isPaused) ? .wait : .leave
    }

    /// Returns the records of a kind that stand for somebody, the newest first.
    private func locals(
        _ local: RecordSync.Local, _ message: Message, _ contact: Contact
    ) throws -> [String] {
        switch local {
        case .leads: return try leads(of: contact)
        case .clients: return [message.clientID, contact.clientID].compactMap { $0?.keyText }
        case .companies:
            let own = contact.companyID.map { [$0.keyText] } ?? []
            let theirs = try tx.all(
                """
                SELECT company_id FROM leads
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND company_id IS NOT NULL
                    AND status <> 'archived'
                ORDER BY row DESC LIMIT 20
                """
            ) { $0.text(0) }
            return own + theirs
        case .deals, .tasks: return []
        }
    }

    private func leads(of contact: Contact) throws -> [String] {
        let own = try tx.all(
            """
            SELECT id FROM leads
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND status <> 'archived'
            ORDER BY row DESC LIMIT 20
            """
        ) { $0.text(0) }
        guard let email = contact.email else { return own }
        let others = try tx.all(
            """
            SELECT id FROM leads WHERE tenant_id = \(tx.tenant) AND email = \(email) AND status <> 'archived'
            ORDER BY row DESC LIMIT 20
            """
        ) { $0.text(0) }
        return own + others.filter { !own.contains($0) }
    }

    private func entry(of message: Message, with contact: Contact) throws -> ConnectorEntry {
        let words = try tx.wordings.find(try tx.agency.tenant().locale)
        let title = words(
            "sync.note",
            [
                "direction": .text(message.direction.rawValue), "name": .text(contact.name),
                "channel": .text(message.channel.rawValue), "has_subject": .flag(message.subject != nil),
                "subject": .text(message.subject ?? ""),
            ])
        let text = message.text.isEmpty ? title : message.text
        return ConnectorEntry(
            own: message.id.keyText, title: title.cut(to: titleMax), text: text.cut(to: textMax),
            at: message.sentAt ?? message.createdAt)
    }
}

extension SyncNoteStore where Base == Transaction {
    /// Notes that something was said, for the services that keep a history of it.
    func hear(_ event: Event) throws {
        guard try tx.exists(anyHistory, [tx.tenant.sqlValue]), !tx.sandboxClock.isSandbox,
            let id = event.subject.id(of: Nouns.Message.self),
            let message = try Message.resource.find(id, in: tx), message.isSpoken
        else { return }
        var asked: Set<IntegrationID> = []
        for integration in try syncs().map(\.integrationID) where asked.insert(integration).inserted {
            let wanting = try wanting(message, of: integration)
            if let sync = wanting.first(where: { !$0.isPaused }) ?? wanting.first { try add(id, sync) }
        }
    }
}

extension String {
    fileprivate func cut(to length: Int) -> String {
        count <= length ? self : prefix(length - 1) + "…"
    }
}

private let anyHistory = Statement(
    "SELECT 1 FROM syncs WHERE tenant_id = $1 AND history <> 'none' LIMIT 1")
