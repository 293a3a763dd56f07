internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

extension SyncLinkStore where Base == Transaction {
    /// Lets rest what a person has taken back: the next run neither brings it again nor sends it to the service.
    func undone(_ event: Event) throws {
        guard event.data.contains("\"sync\""), let set = event.subject.id(of: ChangeSet.self) else { return }
        for change in try tx.changeSets.undoneChanges(of: set) {
            for (sync, old) in try all(ofLocal: change.subject.id) {
                var link = old
                if let field = change.field {
                    link.rest(field, at: change.now)
                } else {
                    (link.state, link.isDirty, link.sent) = (.undone, false, nil)
                }
                try put(link, of: sync)
            }
        }
    }

    private func all(ofLocal id: String) throws -> [(ID<RecordSync>, SyncLink)] {
        let syncs = try tx.all(
            "SELECT sync_id FROM sync_links WHERE tenant_id = \(tx.tenant) AND local_id = \(id)"
        ) { $0.id(0, of: RecordSync.self) }
        return try syncs.compactMap(\.self).compactMap { sync in
            try all(sync, local: [id])[id].map { (sync, $0) }
        }
    }
}

extension SyncLink {
    /// Takes the present value of a column for what was agreed on, beside the one that the service has.
    fileprivate mutating func rest(_ column: String, at value: JSON) {
        for name in base.names {
            guard let agreed = base[name] else { continue }
            if name == column {
                base[name] = AgreedValue(local: value.plain, remote: agreed.remote)
            } else if name.hasPrefix("\(column).") {
                let member = value[String(name.dropFirst(column.count + 1))] ?? .null
                base[name] = AgreedValue(local: member.plain, remote: agreed.remote)
            }
        }
    }
}
