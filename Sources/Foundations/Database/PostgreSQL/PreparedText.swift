/// A statement's text, and how it was prepared: once for each combination of types that differs.
final class PreparedText {
    struct Form {
        let name: String
        let types: [UInt32]

        /// Returns whether values of these kinds go where these types are expected.
        func takes(_ values: [SQLValue]) -> Bool {
            values.count == types.count
                && zip(types, values).allSatisfy { type, value in
                    switch value {
                    case .null: true
                    case .text, .id:
                        [PostgreSQLResult.TypeID.text, PostgreSQLResult.TypeID.shortText].contains(type)
                    default: type == value.typeID
                    }
                }
        }
    }

    let text: String
    var forms: [Form] = []
    var lastUse: UInt64 = 0
    /// Nulls are given out as texts.
    var typesOfNull = false

    init(_ text: String) { self.text = text }
}

extension SQLValue {
    var isText: Bool {
        switch self {
        case .text, .id: true
        default: false
        }
    }

    /// The type that the value is sent as; a null has none.
    var typeID: UInt32? {
        switch self {
        case .null: nil
        case .integer: PostgreSQLResult.TypeID.int64
        case .real: PostgreSQLResult.TypeID.double
        case .text, .id: PostgreSQLResult.TypeID.text
        case .blob: PostgreSQLResult.TypeID.blob
        }
    }
}
