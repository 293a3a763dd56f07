package import Agents
internal import Cryptography
package import Database
internal import HTTPServer
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Routing

/// Adds members to the answer to a create, where there is something to say.
package struct CreationNotes<R: ManagedRecord>: Sendable {
    /// The schemas of the added members.
    let schema: JSONObject
    package let read: @Sendable (R, Transaction) throws -> JSONObject

    package init(_ schema: JSONObject, _ read: @escaping @Sendable (R, Transaction) throws -> JSONObject) {
        (self.schema, self.read) = (schema, read)
    }
}

/// Members of a record's answers that are worked out when it is read, beside the fields that lie in its row.
package struct ComputedMembers<R: ManagedRecord>: Sendable {
    /// The schemas of the members, by their names.
    package let schemas: JSONObject
    /// The members of records, by the records' ids.
    package let read: @Sendable ([String], any Queryable) throws -> [String: JSONObject]

    package init(
        _ schemas: JSONObject,
        _ read: @escaping @Sendable ([String], any Queryable) throws -> [String: JSONObject]
    ) { (self.schemas, self.read) = (schemas, read) }

    package var names: [String] { schemas.keys }

    /// The members of one record.
    package func members(of id: ID<R.Identity>, in reader: any Queryable) throws -> JSONObject {
        let key = id.keyText
        return try read([key], reader)[key] ?? [:]
    }

    fileprivate var telling: Telling<R> { { record, _, reader in try members(of: record.id, in: reader) } }
}

extension Routes {
    /// Declares a resource, and the events that every change of its records publishes.
    package mutating func tells<R: ManagedRecord>(
        _ resource: Resource<R>, read: Permission, computed: JSONObject = [:]
    ) {
        declare(resource, computed: computed)
        shows(resource, read: read)
        let article = resource.article
        let one = "\(article.prefix(1).uppercased())\(article.dropFirst())"
        event("\(R.noun).created", "\(one) was created.")
        event(
            "\(R.noun).updated", "\(one) has changed.",
            [
                "changed": [
                    "type": "array", "items": ["type": "string"],
                    "description": "The names of the changed fields.",
                ]
            ])
        event("\(R.noun).deleted", "\(one) was deleted.")
    }

    /// List, get, create, patch and delete of a resource, as its declaration has it; with `computed` or `told` members.
    /// `telling` gives those of one record that are put together by hand, and `need` says when there are any.
    package mutating func standard<R: ManagedRecord>(
        _ resource: Resource<R>, read: Permission, write: Permission, list: Bool = true,
        get isRead: Bool = true, create: Bool = true, notes: CreationNotes<R>? = nil, patch: Bool = true,
        delete: Bool = true, computed: ComputedMembers<R>? = nil, told: ToldMembers<R>? = nil,
        telling: Telling<R>? = nil, need: TellingNeed? = nil
    ) {
        // Parts have members that were added since a row was written.
        let isAsStored = telling == nil && computed == nil && !resource.hasParts
        let need = need ?? (isAsStored ? told?.need : nil)
        let telling = telling ?? told?.telling(beside: computed) ?? computed?.telling
        tells(resource, read: read, computed: computed?.schemas ?? [:])
        let path = resource.collectionPath
        let (noun, one) = (resource.plural, resource.article)
        if list {
            get(
                path, .permission(read), "List \(noun)",
                query: ParameterDoc.list(resource, computed: computed?.names ?? []), .list(resource)
            ) { call in
                .read { reader in
                    if let told { return try told.page(call, in: reader, beside: computed) }
                    let list = try ListQuery(
                        resource, call.request.head.query, dialect: reader.dialect,
                        computed: computed?.names ?? [])
                    guard let computed else { return try list.page(in: reader) }
                    return try list.page(in: reader) { try computed.read($0, reader) }
                }
            }
        }
        if isRead {
            get("\(path)/{id}", .permission(read), "Get \(one)", .record(resource)) { call in
                let id = try call.id("id", of: R.self)
                return .read { reader in
                    try resource.answer(id, to: call, in: reader, telling: telling, need: need)
                }
            }
        }
        if create { creation(of: resource, write, "Create \(one)", notes: notes, telling: telling) }
        if patch { change(of: resource, write, "Update \(one)", telling: telling) }
        if delete {
            self.delete(
                "\(path)/{id}", .permission(write), "Delete \(one)", .empty("The record was deleted.")
            ) {
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
    /// The route that makes a record of what is asked for; `store` says what else belongs to that.
    package mutating func creation<R: ManagedRecord>(
        of resource: Resource<R>, _ write: Permission, _ summary: String, notes: CreationNotes<R>? = nil,
        _ store: (@Sendable (inout R, Call, Transaction) throws -> Void)? = nil,
        telling: Telling<R>? = nil
    ) {
        let path = resource.collectionPath
        var answer = Answer.record(resource, status: 201)
        if let notes {
            let name = "\(resource.schema.name)Created"
            schema(name, resource.schema.jsonSchema(.record).merging(["properties": .object(notes.schema)]))
            answer = .json(.reference(name), status: 201, "The \(resource.singular).")
        }
        post(
            path, .permission(write), summary, body: .json(.reference("\(resource.schema.name)Create")),
            answer
        ) { call in
            var draft = R(), faults = Faults()
            R.schema.create(&draft, from: try call.object(), faults: &faults)
            try faults.throwIfAny()
            draft.derive()
            return .write { [draft, faults] tx in
                var record = draft, start: AnswerStart?
                record.beginLife(id: tx.nextID(), now: tx.now)
                try tx.requiring(faults.references) {
                    if let store { return try store(&record, call, tx) }
                    start = try tx.create(answering: &record, by: call.actor)
                }
                var extra = try telling?(record, call, tx) ?? [:]
                for (name, note) in try notes?.read(record, tx).members ?? [] { extra[name] = note }
                return .record(
                    record, status: 201, location: "\(path)/\(record.id)", extra: extra, from: start)
            }
        }
    }

    /// The route that changes a record. `allow` refuses what may not be changed any more, `check` what it would become.
    /// `readying` does beforehand, with what the body says, what takes longer than a transaction may.
    package mutating func change<R: ManagedRecord>(
        of resource: Resource<R>, _ write: Permission, _ summary: String,
        allow: @escaping @Sendable (R) throws -> Void = { _ in },
        check: @escaping @Sendable (_ old: R, _ new: R, Transaction) throws -> Void = { _, _, _ in },
        readying: (@Sendable (ID<R.Identity>, JSONObject, Call) async throws -> Void)? = nil,
        telling: Telling<R>? = nil
    ) {
        patch(
            "\(resource.collectionPath)/{id}", .permission(write), summary,
            body: .json(.reference("\(resource.schema.name)Patch")), .record(resource)
        ) { call in
            let (id, body) = try (call.id("id", of: R.self), call.object())
            let change = { @Sendable (tx: Transaction) throws -> Response in
                let old = try resource.get(id, in: tx)
                try call.checkVersion(old.version)
                // An unknown field is reported whatever state the record is in.
                if !resource.schema.hasUnknownField(body) { try allow(old) }
                var record = old, faults = Faults()
                _ = resource.schema.patch(&record, with: body, faults: &faults)
                if !faults.isEmpty { try faults.throwIfAny(in: tx) }
                try tx.requiring(faults.references) {
                    try check(old, record, tx)
                    try tx.update(old, to: &record, by: call.actor)
                }
                return .record(record, extra: try telling?(record, call, tx) ?? [:])
            }
            guard let readying else { return .write(change) }
            return .task {
                try await readying(id, body, call)
                return try await call.commit(change)
            }
        }
    }
}

extension Resource where R: ManagedRecord {
    /// Answers with a record: as its row has it where nothing is told otherwise, without making a record of it.
    fileprivate func answer(
        _ id: ID<R.Identity>, to call: Call, in reader: some Queryable, telling: Telling<R>?,
        need: TellingNeed?
    ) throws -> Response {
        if telling == nil || need != nil {
            guard let (output, version, isNoted) = try read(id, in: reader, noting: need?.column) else {
                throw Problem(.notFound)
            }
            let isTold = try need.map {
                try ($0.column == nil || isNoted) && $0.readsOthers(call, reader)
            }
            if isTold != true { return .json(output, headers: [("ETag", ETag.text(version))]) }
        }
        let record = try get(id, in: reader)
        return .record(record, extra: try telling?(record, call, reader) ?? [:])
    }
}

extension Resource {
    /// Where its records are listed and made.
    fileprivate var collectionPath: String { "/v1/\(path)" }

    /// The word for one record in a sentence, with its article: `a lead`, `an invoice`.
    fileprivate var article: String {
        // Of the abbreviations, all begin with a vowel's sound: an API key, an SLA policy.
        let soundsLikeVowel = "aeioAS".contains(singular.prefix(1))
        return "\(soundsLikeVowel ? "an" : "a") \(singular)"
    }
}

extension ToldMembers where R: ManagedRecord {
    fileprivate func telling(beside computed: ComputedMembers<R>?) -> Telling<R> {
        guard let computed else { return telling }
        return { record, call, reader in
            var extra = try computed.members(of: record.id, in: reader)
            for (name, value) in try members(of: record, to: call, in: reader).members { extra[name] = value }
            return extra
        }
    }

    fileprivate func page(
        _ call: Call, in reader: some Queryable, beside computed: ComputedMembers<R>?
    ) throws -> Response {
        guard let computed else { return try page(call, in: reader) }
        return try page(call, in: reader, computed: computed.names) { try computed.read($0, $1) }
    }
}
