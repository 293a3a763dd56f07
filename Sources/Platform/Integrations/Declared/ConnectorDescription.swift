internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Tenancy

/// A service's description of the fields of its records, beside those that the connector declares.
struct ConnectorDescription: Sendable {
    let question: ConnectorQuestion
    let items: ConnectorPointer
    let name: ConnectorPointer, label: ConnectorPointer?
    let type: ConnectorPointer?, types: [(remote: String, own: String)]
    let readOnly: ConnectorPointer?
    /// Where the fields stand in a record, and how their values are written.
    let base: ConnectorPointer, format: ConnectorField.Format
    static let fieldsMax = 2000

    /// Returns the fields that an answer describes; `nil` where it describes none.
    fileprivate func fields(in answer: JSON) -> [ConnectorField]? {
        items.value(in: answer)?.array?.prefix(Self.fieldsMax).compactMap { item in
            guard let name = self.name.value(in: item)?.text, !name.isEmpty, name.utf8.count <= 200 else {
                return nil
            }
            let given = type?.value(in: item)?.text
            return field(
                name, label?.value(in: item)?.text ?? name,
                types.first { $0.remote == given }?.own ?? "text",
                isReadOnly: readOnly?.value(in: item)?.flag ?? false)
        }
    }

    private func field(
        _ name: String, _ label: String, _ type: String, isReadOnly: Bool
    ) -> ConnectorField {
        ConnectorField(
            name: name, label: label, type: type, isReadOnly: isReadOnly, at: base.member(name), local: nil,
            isKey: false, format: format, values: [], parts: [], currency: nil, also: [], refers: nil,
            step: nil)
    }

    fileprivate func field(stored: JSON) -> ConnectorField {
        field(
            stored.text("name"), stored.text("label"), stored.text("type"),
            isReadOnly: stored["read_only"]?.flag ?? false)
    }
}

extension JSON {
    fileprivate func text(_ name: String) -> String { self[name]?.text ?? "" }
}

extension ConnectorObject {
    /// Returns the object with those of the described fields that are named: only what is wanted is asked for.
    package func including(_ names: [String]) -> ConnectorObject {
        var object = self
        for name in names where self[field: name] == nil {
            guard let field = described.first(where: { $0.name == name }) else { continue }
            object.fields.append(field)
            object.names.append(field.at.path(from: describe?.base ?? .whole))
        }
        return object
    }

    /// All fields that may be mapped.
    package var mappable: [ConnectorField] { fields + described }

    fileprivate mutating func describe(as stored: JSON) {
        guard let describe else { return }
        let found = (stored.array ?? []).map { describe.field(stored: $0) }
        described = found.filter { self[field: $0.name] == nil }
    }
}

extension ConnectorClient {
    /// Asks the service which fields an object's records have; `nil` where the connector does not say how.
    fileprivate func fields(of object: ConnectorObject) async throws -> [ConnectorField]? {
        guard let describe = object.describe else { return nil }
        let asked = names(of: object)
        let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
            try await wire.ask(describe.question, asked, ConnectorWire.Extra(), reach)
        }
        guard let fields = describe.fields(in: answer.body) else {
            throw ToolFailure(
                "invalid_answer", "the answer does not describe the fields of \(object.name)",
                isRetryable: false)
        }
        return fields
    }
}

extension IntegrationServices {
    /// Asks an integration's service for the fields of its records, and keeps them for mappings.
    func describe(_ integration: Integration, _ tenant: TenantID, for caller: ToolCaller) async throws {
        guard let client = try client(of: integration, tenant, for: caller),
            client.connector.objects.contains(where: { $0.describe != nil })
        else {
            throw Problem(
                .conflict, "The service describes no fields: those of its connector are all that there are.")
        }
        for object in client.connector.objects {
            guard let fields = try await client.fields(of: object) else { continue }
            try await platform.database.write(tenant) { tx in
                try tx.describedFields.keep(fields, of: object.name, integration.id)
            }
        }
    }

    /// Returns the connector of an integration's provider, with the fields that its service has described; `nil` where
    /// the provider has none.
    package func document(
        of integration: IntegrationID, _ provider: String, in reader: some Queryable
    ) throws -> ConnectorDocument? {
        guard let known = try self.provider(provider, in: reader) as? any ConnectorProvider else {
            return nil
        }
        return try reader.describedFields.added(to: known.connector, of: integration)
    }
}

/// The fields that services have described: `tx.describedFields`.
struct DescribedFieldStore<Base: Queryable> {
    let tx: Base

    func added(to connector: ConnectorDocument, of integration: IntegrationID) throws -> ConnectorDocument {
        guard connector.objects.contains(where: { $0.describe != nil }) else { return connector }
        let stored = try tx.all(
            """
            SELECT object, fields FROM described_fields
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """
        ) { (object: $0.text(0), fields: JSON(stored: $0.text(1))) }
        var connector = connector
        for (name, fields) in stored {
            guard let place = connector.objects.firstIndex(where: { $0.name == name }) else { continue }
            connector.objects[place].describe(as: fields)
        }
        return connector
    }
}

extension Queryable {
    var describedFields: DescribedFieldStore<Self> { DescribedFieldStore(tx: self) }
}

extension DescribedFieldStore where Base == Transaction {
    func keep(_ fields: [ConnectorField], of object: String, _ integration: IntegrationID) throws {
        guard try Integration.resource.find(integration, in: tx) != nil else { return }
        let text = JSON.array(fields.map(\.json)).serialized
        try tx.run(
            """
            INSERT INTO described_fields (tenant_id, integration_id, object, fields, read_at)
            VALUES (\(tx.tenant), \(integration), \(object), \(text), \(tx.now))
            ON CONFLICT (tenant_id, integration_id, object)
                DO UPDATE SET fields = excluded.fields, read_at = excluded.read_at
            """)
    }

    func forget(_ integration: IntegrationID) throws {
        try tx.run(
            """
            DELETE FROM described_fields WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration)
            """)
    }
}

let describedFieldsMigration = Migration(number: 889, name: "fields that services describe") { dialect in
    [
        """
        CREATE TABLE described_fields (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, object TEXT NOT NULL, fields TEXT NOT NULL,
            read_at INTEGER NOT NULL, PRIMARY KEY (tenant_id, integration_id, object)
        ) \(dialect.keyedTableOptions)
        """
    ]
}
