package import JSON

// Schemas that several records share.

extension JSON {
    package static let anyInstant: JSON = ["type": "string", "format": "date-time"]
    package static let instantOrNull: JSON = ["type": ["string", "null"], "format": "date-time"]
    package static let anyInteger: JSON = ["type": "integer"]
    package static let anyText: JSON = ["type": "string"]
    package static let textOrNull: JSON = ["type": ["string", "null"]]
    package static let anyObject: JSON = ["type": "object"]

    package static func choice<C: CaseIterable & RawRepresentable<String>>(_ type: C.Type) -> JSON {
        ["type": "string", "enum": JSON(C.allCases.map(\.rawValue))]
    }

    /// The schema of a record: every property is always there.
    package static func record(_ properties: JSONObject) -> JSON {
        .schema(properties, required: properties.keys)
    }

    /// The properties of an object's schema.
    package var propertyNames: [String] { self["properties"]?.object?.keys ?? [] }
}
