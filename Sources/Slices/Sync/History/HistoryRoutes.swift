internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

/// `/v1/syncs/{id}/history`: what was said to people, and what became of it in the service's history of them.
func historyRoutes(_ routes: inout Routes) {
    routes.schema("SyncHistoryEntry", SyncNote.schema)
    let columns: [SimpleList.Column] = [
        .init("state", .choice(SyncNote.State.choices)), .init("message_id", .text(max: 64)),
    ]
    routes.get(
        "/v1/syncs/{id}/history", .permission("syncs:read"),
        "List the messages that a sync has written into the service's history, and those that wait",
        query: SimpleList.docs(columns, fields: SyncNote.memberNames),
        .list(of: .reference("SyncHistoryEntry"))
    ) { call in
        let id = try call.id("id", of: RecordSync.self)
        return .read { reader in
            _ = try RecordSync.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, columns, key: "message_id", fields: SyncNote.memberNames,
                dialect: reader.dialect)
            list.add("sync_id = \(id)")
            return try list.page(of: "sync_notes", SyncNote.self, in: reader) { $0.write(into: &$1) }
        }
    }
}
