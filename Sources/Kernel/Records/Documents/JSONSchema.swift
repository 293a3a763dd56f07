package import JSON

extension JSON {
    /// `{"$ref": …}` to a named schema.
    package static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }

    /// The schema of bytes that are not text.
    package static let binary: JSON = ["type": "string", "format": "binary"]

    /// The schema of a page of `item`s; `more` are further members, which are always there.
    package static func page(of item: JSON, also more: JSONObject = [:]) -> JSON {
        let members: JSONObject = [
            "data": ["type": "array", "items": item], "has_more": ["type": "boolean"],
            "next_cursor": ["type": ["string", "null"]], "total": ["type": "integer"],
        ]
        return .schema(
            JSONObject(members.members + more.members),
            required: ["data", "has_more", "next_cursor"] + more.members.map(\.key))
    }

    /// Returns the schema with one more member, a text that only this answer shows.
    package func showing(_ name: String, _ about: String, _ example: String) -> JSON {
        let member: JSON = [
            "type": "string", "description": .string(about), "examples": [.string(example)],
        ]
        return merging(["properties": .object(JSONObject([(name, member)]))])
    }

    /// The schema of an object.
    package static func schema(_ properties: JSONObject, required: [String] = []) -> JSON {
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { object.append("required", JSON(required)) }
        return .object(object)
    }
}

/// The purpose for which a schema is written.
package enum SchemaUse: Sendable { case record, create, patch, whole }

extension FieldKind {
    /// The kind as JSON Schema 2020-12.
    package func jsonSchema(isNullable: Bool) -> JSON {
        var object = base
        guard isNullable else { return .object(object) }
        // A document's own schema may allow null already.
        if let type = object["type"], type != "null" {
            let types = type.array ?? [type]
            object["type"] = .array(types.contains("null") ? types : types + ["null"])
        }
        if let choices = object["enum"]?.array { object["enum"] = .array(choices + [.null]) }
        return .object(object)
    }

    private var base: JSONObject {
        switch self {
        case .text(let max): ["type": "string", "maxLength": .integer(Int64(max))]
        case .email: ["type": "string", "format": "email", "maxLength": 320]
        case .phone: ["type": "string", "format": "phone", "description": "A telephone number, in E.164."]
        case .url, .link: ["type": "string", "format": "uri", "maxLength": 2000]
        case .country:
            ["type": "string", "format": "country", "description": "A country, as its ISO 3166 code."]
        case .currency: ["type": "string", "format": "currency", "pattern": "^[A-Z]{3}$"]
        case .timeZone:
            ["type": "string", "format": "time-zone", "description": "A time zone of the tz database."]
        case .choice(let choices): ["type": "string", "enum": JSON(choices)]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number(let range):
            ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .boolean: ["type": "boolean"]
        case .date: ["type": "string", "format": "date"]
        case .instant: ["type": "string", "format": "date-time"]
        case .money:
            [
                "type": "object",
                "properties": [
                    "amount": ["type": "integer", "minimum": 0, "maximum": .integer(Money.amountMax)],
                    "currency": ["type": "string", "format": "currency", "pattern": "^[A-Z]{3}$"],
                ],
                "required": ["amount", "currency"], "additionalProperties": false,
            ]
        case .texts(let max, let length):
            [
                "type": "array", "maxItems": .integer(Int64(max)),
                "items": ["type": "string", "maxLength": .integer(Int64(length))],
            ]
        case .custom:
            [
                "type": "object", "propertyNames": ["pattern": .string(customKeyPattern)],
                "maxProperties": 200,
                "additionalProperties": [
                    "type": ["string", "number", "boolean", "null"], "maxLength": 5000,
                ],
            ]
        case .externalIDs:
            [
                "type": "object", "propertyNames": ["pattern": .string(customKeyPattern)],
                "additionalProperties": ["type": ["string", "null"], "maxLength": 200],
            ]
        case .id(let referent): idSchema(referent)
        case .ids(let referent, let max):
            ["type": "array", "maxItems": .integer(Int64(max)), "items": .object(idSchema(referent))]
        case .document(let schema): schema.object ?? [:]
        case .part(let kind): kind.schema.value.object ?? [:]
        case .parts(let kind, let max):
            ["type": "array", "maxItems": .integer(Int64(max)), "items": kind.schema.value]
        }
    }
}

private func idSchema(_ referent: Referent) -> JSONObject {
    ["type": "string", "pattern": .string(IDText.pattern(prefix: referent.prefix))]
}

/// The pattern that `String.isCustomKey` checks.
private let customKeyPattern = "^[A-Za-z0-9_.-]{1,64}$"

extension Schema {
    /// The schema for reading a record, for creating or patching one, or for a whole body.
    package func jsonSchema(_ use: SchemaUse) -> JSON {
        var properties = JSONObject(), required: [String] = []
        for field in fields where !field.isSecret {
            if use == .create || use == .patch || use == .whole, field.isReadOnly { continue }
            if use == .patch, field.isWriteOnce { continue }
            // A read gives null wherever the type has room for it; what is written is emptied with null.
            let isEmptied = use != .record && field.hasAbsentValue
            let isNullable = (field.isOptional || isEmptied) && (use == .record || !field.isRequired)
            var schema = field.kind.jsonSchema(isNullable: isNullable).object ?? [:]
            if use != .record, field.isRequired, case .text = field.kind {
                schema["minLength"] = 1
                schema["pattern"] = "\\S"
            }
            // A merge patch may name one of the two.
            if use == .patch, case .money = field.kind { schema["required"] = nil }
            if let referent = field.refers { schema["x-refers"] = .string(referent.path) }
            if let about = field.about { schema["description"] = .string(about) }
            if let example = field.example { schema["examples"] = [example] }
            if let standard = field.standard { schema["default"] = standard }
            if field.isReadOnly { schema["readOnly"] = true }
            properties.append(field.name, .object(schema))
            if use == .record || (field.isRequired && field.standard == nil && use != .patch) {
                required.append(field.name)
            }
        }
        var schema = JSON.schema(properties, required: required).object ?? [:]
        if use != .record { schema["additionalProperties"] = false }
        return .object(schema)
    }
}
