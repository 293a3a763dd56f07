internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Routing

private struct ContactMergeBody: Declared {
    var merge: [ContactID] = []
    static let schema = Schema<ContactMergeBody>(
        "ContactMergeRequest",
        [.ids("merge", \.merge, max: 20, .required, .about("Contacts to take in."))])
}

private struct CompanyMergeBody: Declared {
    var merge: [ID<Company>] = []
    static let schema = Schema<CompanyMergeBody>(
        "CompanyMergeRequest",
        [.ids("merge", \.merge, max: 20, .required, .about("Companies to take in."))])
}

/// Declares the routes by which contacts and companies become one, as leads do by theirs.
func mergeRoutes(_ routes: inout Routes) {
    routes.merging(Contact.self, "contacts:write", by: ContactMergeBody.self, { $0.merge })
    routes.merging(Company.self, "companies:write", by: CompanyMergeBody.self, { $0.merge })
}

extension Routes {
    fileprivate mutating func merging<R: Mergeable, Body: Declared>(
        _ type: R.Type, _ write: Permission, by body: Body.Type,
        _ others: @escaping @Sendable (Body) -> [ID<R.Identity>]
    ) {
        let table = R.resource.table
        declare(Body.self)
        post(
            "/v1/\(table)/{id}/merge", .permission(write),
            "Merge \(table) into this one; the merge can be undone",
            body: .json(.reference(Body.schema.name)), .record(R.resource)
        ) { call in
            let (id, merge) = try (call.id("id", of: R.self), others(call.body(Body.self)))
            return .write { tx in
                let (kept, made, moved): (R, ID<RecordMerge>, JSON) = try tx.merging.merge(
                    merge, into: id, by: call.actor)
                return .record(kept, extra: ["merge_id": JSON(made), "moved": moved])
            }
        }
        post(
            "/v1/\(table)/merges/{id}/undo", .permission(write), "Undo a merge of \(table)",
            .record(R.resource)
        ) { call in
            let id = try call.id("id", of: RecordMerge.self)
            return .write { tx in try .record(tx.merging.undo(id, of: R.self, by: call.actor)) }
        }
    }
}
