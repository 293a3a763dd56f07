package import JSON

/// A type whose fields are declared: a record, or the body of a request.
package protocol Declared: Sendable {
    /// A value whose fields are all as if nothing had been given.
    init()
    static var schema: Schema<Self> { get }
}

/// The declared fields of `R`, and what reads and checks JSON by them.
package struct Schema<R: Sendable>: Sendable {
    /// The name in OpenAPI: `Lead`.
    package let name: String
    package let fields: [Field<R>]
    /// The fields that refer to records.
    let referring: Deferred<[Field<R>]>
    /// Those that lie in columns of records, alone or in lists.
    let read = ReadTexts<R>(), readLists = ReadTexts<[R]>()
    private let indexes: [String: Int]

    package init(_ name: String, _ fields: [Field<R>]) {
        self.name = name
        self.fields = fields
        referring = Deferred { fields.filter { !$0.isReadOnly && !$0.isSecret && $0.kind.namesRecords } }
        indexes = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.name, $0) })
    }

    package subscript(name: String) -> Field<R>? { indexes[name].map { fields[$0] } }

    /// Fills `record` from the body of a create: every violation is added to `faults`. `isNormal` says that
    /// addresses, numbers and countries are in their normal form already, as an import has made them.
    package func create(
        _ record: inout R, from body: JSONObject, isNormal: Bool = false, faults: inout Faults
    ) {
        var given = [JSON?](repeating: nil, count: fields.count)
        for (name, value) in body.members {
            if let index = indexes[name], !fields[index].isSecret {
                given[index] = value
            } else {
                addUnknown(name, &faults)
            }
        }
        faults.references += references(in: body)
        for index in fields.indices {
            let (field, given) = (fields[index], given[index])
            guard let value = given ?? field.standard, !value.isNull else {
                if field.isRequired { faults.add(field.pointer, "required", "\(field.name) is required.") }
                if !field.isRequired, given != nil, !field.isOptional, !field.hasAbsentValue {
                    faults.add(
                        field.pointer, "wrong_type",
                        "\(field.name) cannot be null: send a value, or leave it out.")
                }
                continue
            }
            if field.isReadOnly || field.isSecret {
                if given != nil {
                    faults.add(field.pointer, "read_only", "\(field.name) is read-only: leave it out.")
                }
            } else if isNormal, field.kind.isParsed, field.kind.fits(value) {
                field.assign(&record, value)
            } else {
                take(value, of: field, body, into: &record, &faults)
            }
        }
    }

    /// Returns the record that `json` has written as `object`: members that do not fit any more are as if they had not
    /// been there.
    package func stored(_ object: JSONObject) -> R where R: Declared {
        var record = R(), faults = Faults()
        for field in fields {
            guard let value = object[field.name], !value.isNull else { continue }
            let valid = field.kind.validated(value, at: field.pointer, siblings: object, faults: &faults)
            if let valid { field.assign(&record, valid) }
        }
        return record
    }

    /// Applies a merge patch to `record`. Answers the names of the fields that changed.
    package func patch(_ record: inout R, with body: JSONObject, faults: inout Faults) -> [String] {
        unknownFields(of: body, &faults)
        faults.references += references(in: body, beside: record)
        var changed: [String] = []
        var siblings = body
        for field in fields where body[field.name] == nil {
            if case .country = field.kind { siblings[field.name] = field.json(record) }
        }
        for field in fields {
            guard var value = body[field.name] else { continue }
            let pointer = "/\(field.name)"
            let present = field.json(record)
            if field.isReadOnly || field.isSecret || field.isWriteOnce {
                if value != present {
                    faults.add(pointer, "read_only", "\(field.name) is read-only: leave it out.")
                }
                continue
            }
            if field.kind.isObject, case .object = value { value = present.merging(value) }
            if value.isNull {
                if field.isRequired {
                    faults.add(pointer, "required", "\(field.name) is required.")
                } else if !field.isOptional, !field.hasAbsentValue {
                    faults.add(
                        pointer, "wrong_type", "\(field.name) cannot be null: send a value, or leave it out.")
                } else {
                    field.assign(&record, .null)
                }
            } else {
                take(value, of: field, siblings, into: &record, &faults)
            }
            if field.json(record) != present { changed.append(field.name) }
        }
        return changed
    }

    private func take(
        _ value: JSON, of field: Field<R>, _ body: JSONObject, into record: inout R, _ faults: inout Faults
    ) {
        let pointer = field.pointer
        let checked = field.kind.validated(value, at: pointer, siblings: body, faults: &faults)
        guard var checked else { return }
        if case .text = field.kind, !field.isVerbatim, let text = checked.text {
            checked = .string(text.trimmed)
        }
        if field.isLine, let fault = checked.text.flatMap(TextRule.lineFault) {
            return faults.add(pointer, "invalid_text", "\(field.name) \(fault): remove them.")
        }
        if field.isRequired, checked.text?.isEmpty == true {
            faults.add(pointer, "required", "\(field.name) is required.")
        } else if checked.text?.isEmpty == true, field.isOptional {
            field.assign(&record, .null)
        } else {
            field.assign(&record, checked)
        }
    }

    /// Returns whether a patch has an unknown field.
    package func hasUnknownField(_ body: JSONObject) -> Bool {
        body.keys.contains { indexes[$0].map { fields[$0].isSecret } ?? true }
    }

    private func unknownFields(of body: JSONObject, _ faults: inout Faults) {
        for name in body.keys where indexes[name].map({ fields[$0].isSecret }) ?? true {
            addUnknown(name, &faults)
        }
    }

    private func addUnknown(_ name: String, _ faults: inout Faults) {
        faults.add("/\(name.pointerToken)", "unknown_field", "The field \(name.prefix(64)) is not known.")
    }

    /// The record as JSON, without what never leaves.
    package func json(_ record: R) -> JSON {
        var object = JSONObject()
        for field in fields where !field.isSecret { object.append(field.name, field.json(record)) }
        return .object(object)
    }
}

extension Declared {
    /// Reads a request's body; throws a problem that names every fault.
    package static func read(_ body: JSONObject) throws(Problem) -> Self {
        var value = Self(), faults = Faults()
        schema.create(&value, from: body, faults: &faults)
        try faults.throwIfAny()
        return value
    }
}
