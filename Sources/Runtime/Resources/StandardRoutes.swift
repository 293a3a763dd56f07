internal import Database
internal import HTTPServer
internal import JSON
internal import Cryptography
package import Records

extension Routes {
    /// List, get, create, patch and delete of a resource, as its declaration has it.
    package mutating func standard<R: ManagedRecord>(
        _ resource: Resource<R>, read: Permission, write: Permission, list: Bool = true,
        get isRead: Bool = true, create: Bool = true, patch: Bool = true, delete: Bool = true
    ) {
        declare(resource)
        let name = resource.schema.name
        let path = "/v1/\(resource.table.replacing("_", with: "-"))"
        let noun = resource.table.replacing("_", with: " ")
        if list {
            get(path, .permission(read), "Lists \(noun)", query: ParameterDoc.list(resource), .list(resource))
            { call in
                .read { reader in
                    try ListQuery(resource, call.request.head.query, dialect: reader.dialect).page(in: reader)
                }
            }
        }
        if isRead {
            get("\(path)/{id}", .permission(read), "Reads one of the \(noun)", .record(resource)) { call in
                let id = try call.id("id", of: R.self)
                return .read { reader in
                    guard let (output, version) = try resource.read(id, in: reader) else {
                        throw Problem(.notFound)
                    }
                    return .json(output, headers: [("ETag", ETag.text(version))])
                }
            }
        }
        if create {
            post(
                path, .permission(write), "Makes one of the \(noun)",
                body: .json(.reference("\(name)Create")),
                .record(resource, status: 201)
            ) { call in
                let body = try call.object()
                var draft = R(), faults = Faults()
                resource.schema.create(&draft, from: body, faults: &faults)
                try faults.throwIfAny()
                draft.derive()
                return .write { [draft] tx in
                    var record = draft
                    record.beginLife(id: tx.nextID(), now: tx.now)
                    try tx.create(&record, by: call.actor)
                    return .record(record, status: 201, location: "\(path)/\(record.id)")
                }
            }
        }
        if patch {
            self.patch(
                "\(path)/{id}", .permission(write), "Changes one of the \(noun)",
                body: .json(.reference("\(name)Patch")), .record(resource)
            ) { call in
                let (id, body) = try (call.id("id", of: R.self), call.object())
                return .write { tx in
                    let old = try resource.get(id, in: tx)
                    try call.checkVersion(old.version)
                    var record = old, faults = Faults()
                    _ = resource.schema.patch(&record, with: body, faults: &faults)
                    try faults.throwIfAny()
                    try tx.update(old, to: &record, by: call.actor)
                    return .record(record)
                }
            }
        }
        if delete {
            self.delete("\(path)/{id}", .permission(write), "Deletes one of the \(noun)", .empty("Gone.")) {
                call in
                let id = try call.id("id", of: R.self)
                return .write { tx in
                    let record = try resource.get(id, in: tx)
                    try call.checkVersion(record.version)
                    try tx.delete(record, by: call.actor)
                    return .noContent
                }
            }
        }
    }
}
