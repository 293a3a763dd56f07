internal import Agents
package import JSON
internal import Records

/// A change of one record at a service.
package struct ConnectorChange: Sendable {
    package enum Kind: Sendable { case create, update(id: String) }

    package let kind: Kind
    package let fields: JSONObject
    /// The key of the effect, equal for further attempts.
    package let key: String
    /// The identifier of the agency's own record, and the value by which both are matched.
    package let own: String?, match: String?

    package init(_ kind: Kind, _ fields: JSONObject, key: String, own: String? = nil, match: String? = nil) {
        (self.kind, self.fields, self.key) = (kind, fields, key)
        (self.own, self.match) = (own, match)
    }
}

extension ConnectorClient {
    /// Creates a record and returns its identifier. `key`: the same for further attempts to do the same; `own`: the
    /// identifier of the agency's record, which services keep that can find by it.
    package func create(
        _ object: ConnectorObject, _ fields: JSONObject, key: String, own: String? = nil
    ) async throws -> String {
        guard let create = object.create else { throw Self.cannot("create", object) }
        var names = names(of: object)
        names["own"] = own.map { .string($0) }
        let asked = names
        let extra = ConnectorWire.Extra(
            body: create.body.setting(try object.record(fields), in: [:]), key: key, fields: object.fields)
        let answer = try await pass(WriteConnectorTool.name, key: key) {
            wire, reach async throws(ToolFailure) in
            try await wire.ask(create.question, asked, extra, reach)
        }
        guard let id = (create.id ?? object.id).value(in: answer.body)?.identifier else {
            throw ToolFailure(
                "invalid_answer", "the answer has no identifier of the new record", isRetryable: false,
                isAmbiguous: true)
        }
        try await take(object.steps(fields, isNew: true), object, id, key: key)
        return id
    }

    /// Changes some fields of a record.
    package func update(
        _ object: ConnectorObject, _ id: String, _ fields: JSONObject, key: String
    ) async throws {
        guard let update = object.update else { throw Self.cannot("update", object) }
        let steps = try object.steps(fields, isNew: false)
        if fields.members.contains(where: { object[field: $0.key]?.isInBody != false }) {
            let rest = update.keepsRest ? try await raw(object, id) : nil
            let record = try object.record(fields, keeping: rest)
            var names = names(of: object)
            names["id"] = .string(id)
            let asked = names
            let extra = ConnectorWire.Extra(
                body: update.body.setting(record, in: [:]), key: key, fields: object.fields)
            _ = try await pass(WriteConnectorTool.name, key: key) { wire, reach async throws(ToolFailure) in
                try await wire.ask(update.question, asked, extra, reach)
            }
        }
        try await take(steps, object, id, key: key)
    }

    package func delete(_ object: ConnectorObject, _ id: String, key: String) async throws {
        guard let delete = object.delete else { throw Self.cannot("delete", object) }
        var names = names(of: object)
        names["id"] = .string(id)
        let asked = names
        let extra = ConnectorWire.Extra(key: key, mayBeAbsent: true)
        _ = try await pass(WriteConnectorTool.name, key: key) { wire, reach async throws(ToolFailure) in
            try await wire.ask(delete.question, asked, extra, reach)
        }
    }

    /// Takes the steps by which the service sets fields that it does not let anybody write.
    private func take(
        _ steps: [(field: ConnectorField, step: ConnectorStep, value: JSON)], _ object: ConnectorObject,
        _ id: String, key: String
    ) async throws {
        for (field, step, value) in steps {
            var names = names(of: object)
            names["id"] = .string(id)
            let asked = names
            let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
                try await wire.ask(step.question, asked, ConnectorWire.Extra(), reach)
            }
            let found = step.items.value(in: answer.body)?.array?.first {
                step.match.value(in: $0) == value
            }
            guard let found, let number = step.id.value(in: found)?.identifier else {
                throw ToolFailure(
                    "invalid_value", "the service has no step that sets \(field.name) so", isRetryable: false)
            }
            names["step"] = .string(number)
            let taken = names, extra = ConnectorWire.Extra(key: "\(key):\(field.name)")
            _ = try await pass(WriteConnectorTool.name, key: "\(key):\(field.name)") {
                wire, reach async throws(ToolFailure) in
                try await wire.ask(step.take, taken, extra, reach)
            }
        }
    }
}

extension ConnectorObject {
    /// Returns the record that has these fields, for a body. `keeping`: the record as the service has it, of whose
    /// members nothing but the fields is to change.
    func record(_ values: JSONObject, keeping rest: JSON? = nil) throws(ToolFailure) -> JSON {
        var record: JSON = [:]
        for (name, value) in values.members {
            guard let field = self[field: name], !field.isReadOnly else {
                throw ToolFailure(
                    "read_only",
                    "the field \(name.prefix(64)) of \(self.name) does not exist or cannot be written: choose another",
                    isRetryable: false)
            }
            guard field.isInBody else { continue }
            if let member = field.at.first, record[member] == nil, let old = rest?[member],
                old.array != nil || old.object != nil
            {
                record = ConnectorPointer.whole.member(member).setting(old, in: record)
            }
            do throws(ConnectorValueFault) {
                record = try field.setting(value, in: record)
            } catch {
                throw ToolFailure(
                    "invalid_value", "the service has no such value of \(error.field)", isRetryable: false)
            }
        }
        return record
    }

    /// The fields that are set by steps, with the service's values. A new record has the first one anyway.
    fileprivate func steps(
        _ values: JSONObject, isNew: Bool
    ) throws(ToolFailure) -> [(field: ConnectorField, step: ConnectorStep, value: JSON)] {
        var steps: [(field: ConnectorField, step: ConnectorStep, value: JSON)] = []
        for (name, value) in values.members {
            guard let field = self[field: name], let step = field.step, !value.isNull else { continue }
            do throws(ConnectorValueFault) {
                let written = try field.written(value)
                if isNew, field.values.first?.remote == written { continue }
                steps.append((field, step, written))
            } catch {
                throw ToolFailure(
                    "invalid_value", "the service has no such value of \(error.field)", isRetryable: false)
            }
        }
        return steps
    }
}
