package import Agents
package import Database
package import HTTPServer
package import JSON
package import Nouns
package import Records
package import Routing

/// A client's view of a resource: their own records, in the agency's shape, less the fields that are the agency's own
/// affair. The client stands in every statement, so that another client's record answers like an absent one.
package struct PortalView<R: ManagedRecord>: Sendable {
    package let resource: Resource<R>
    private let hidden: Set<String>
    private let condition: SQL
    private let details: Details?
    private let place: String?
    /// The name of the operation that lists them; `nil`: the one that its path gives it.
    fileprivate let listName: String?

    /// The fields that one record shows beside those that lists show, such as a part of a hidden one.
    package struct Details: Sendable {
        let schema: JSONObject
        let read: @Sendable (R) -> JSONObject

        /// `schema`: of each member by its name.
        package init(_ schema: JSONObject, _ read: @escaping @Sendable (R) -> JSONObject) {
            (self.schema, self.read) = (schema, read)
        }
    }

    /// `hiding` names the fields that stay inside; `condition` says which records are theirs to see already. Its path
    /// is the table's name below `/v1/portal`, and its list called by that, unless they are given.
    package init(
        _ resource: Resource<R>, hiding hidden: Set<String> = [], where condition: SQL = "1 = 1",
        details: Details? = nil, at path: String? = nil, listed name: String? = nil
    ) {
        (self.resource, self.hidden, self.condition) = (resource, hidden, condition)
        (self.details, place, listName) = (details, path, name)
    }

    /// Its name in the document of the routes.
    package var schemaName: String { "Portal\(resource.schema.name)" }
    package var path: String { place ?? "/v1/portal/\(resource.table.replacing("_", with: "-"))" }
    package var listQuery: [ParameterDoc] { ParameterDoc.list(resource, hiding: hidden) }

    package func find(_ id: ID<R.Identity>, _ portal: PortalCall, in reader: some Queryable) throws -> R? {
        try resource.first(where: mine(portal) + " AND id = \(id)", in: reader)
    }

    package func get(_ id: ID<R.Identity>, _ portal: PortalCall, in reader: some Queryable) throws -> R {
        guard let record = try find(id, portal, in: reader) else { throw Problem(.notFound) }
        return record
    }

    /// The client's records that also meet `more`, which an index has to serve.
    package func all(
        _ portal: PortalCall, where more: SQL, suffix: SQL = "ORDER BY id LIMIT 100",
        in reader: some Queryable
    ) throws -> [R] {
        try resource.all(where: mine(portal) + " AND " + more, suffix: suffix, in: reader)
    }

    package func count(_ portal: PortalCall, where more: SQL, in reader: some Queryable) throws -> Int {
        let tenant: SQL = "tenant_id = \(reader.tenant) AND "
        return Int(
            try reader.int(
                "SELECT count(*) FROM \(trusted: resource.table) WHERE " + tenant + mine(portal) + " AND "
                    + more) ?? 0)
    }

    package func page(_ call: Call, in reader: Reader) throws -> Response {
        var list = try ListQuery(
            resource, call.request.head.query, dialect: reader.dialect, hiding: hidden)
        list.add(mine(try call.portal))
        return try list.page(in: reader)
    }

    package func json(_ record: R) -> JSON {
        var object = resource.json(record, hiding: hidden)
        for (name, value) in details?.read(record).members ?? [] { object[name] = value }
        return .object(object)
    }

    package func response(_ record: R, status: Int = 200, adding more: JSONObject = [:]) -> Response {
        var headers = [("ETag", ETag.text(record.version))]
        if status == 201 { headers.append(("Location", "\(path)/\(record.id)")) }
        return .json(json(record).merging(.object(more)), status: status, headers: headers)
    }

    private func mine(_ portal: PortalCall) -> SQL { "client_id = \(portal.clientID) AND " + condition }

    /// The schema for the OpenAPI document.
    package var schema: JSON {
        var object = resource.jsonSchema(hiding: hidden)
        var properties = object["properties"]?.object ?? [:]
        for (name, schema) in details?.schema.members ?? [] { properties[name] = schema }
        object["properties"] = .object(properties)
        return .object(object)
    }
}

extension Resource {
    /// A record without the fields that whoever asks must not learn of.
    package func json(_ record: R, hiding hidden: Set<String>) -> JSONObject {
        var object = schema.json(record).object ?? [:]
        for name in hidden { object.remove(name) }
        return object
    }

    /// Returns the schema of a record without these fields, for the OpenAPI document.
    package func jsonSchema(hiding hidden: Set<String>) -> JSONObject {
        var object = schema.jsonSchema(.record).object ?? [:]
        var properties = object["properties"]?.object ?? [:]
        for name in hidden { properties.remove(name) }
        object["properties"] = .object(properties)
        if let required = object["required"]?.array {
            object["required"] = .array(required.filter { !hidden.contains($0.text ?? "") })
        }
        return object
    }
}

extension Routes {
    /// Adds the list and the get of a resource for the portal. `adding` returns further members of a record, as things
    /// stand at the moment; `members` are their schemas by name.
    package mutating func portal<R: ManagedRecord>(
        _ view: PortalView<R>, members: JSONObject = [:],
        adding: @escaping @Sendable (R, Reader) throws -> JSONObject = { _, _ in [:] }
    ) {
        declare(view.resource)
        let properties = (view.schema["properties"] ?? [:]).merging(.object(members))
        schema(view.schemaName, view.schema.merging(["properties": properties]))
        let noun = view.resource.plural
        get(
            view.path, .portal("portal:read"), "List your \(noun)", named: view.listName,
            query: view.listQuery,
            .list(of: .reference(view.schemaName))
        ) { call in
            .read { reader in try view.page(call, in: reader) }
        }
        get(
            "\(view.path)/{id}", .portal("portal:read"), "Get one of your \(noun)",
            .json(.reference(view.schemaName), "The record.")
        ) { call in
            let (id, portal) = (try call.id("id", of: R.self), try call.portal)
            return .read { reader in
                let record = try view.get(id, portal, in: reader)
                return view.response(record, adding: try adding(record, reader))
            }
        }
    }

    /// Something that a client does with one of their records: `act` gets it looked up, its version checked.
    package mutating func portal<R: ManagedRecord>(
        _ verb: String, _ view: PortalView<R>, _ permission: Permission, _ summary: String,
        body: BodyKind = .none,
        _ act: @escaping @Sendable (R, Call, PortalCall, Transaction) throws -> R
    ) {
        post(
            "\(view.path)/{id}/\(verb)", .portal(permission), summary, body: body,
            .json(.reference(view.schemaName), "The record.")
        ) { call in
            let (id, portal) = (try call.id("id", of: R.self), try call.portal)
            return .write { tx in
                let record = try view.get(id, portal, in: tx)
                try call.checkVersion(record.version)
                return view.response(try act(record, call, portal, tx))
            }
        }
    }
}
