package import Nouns
package import Telemetry

/// A value bound to a statement's parameter.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    /// An identifier, which is stored as its text without building one.
    case id(UntypedID)
    case blob([UInt8])
}

/// Something that can be bound to a parameter. A type whose raw value is one needs only to say that it
/// conforms.
package protocol SQLConvertible {
    /// The value that is stored in the column.
    var sqlValue: SQLValue { get }
}

extension SQLConvertible where Self: RawRepresentable, RawValue: SQLConvertible {
    package var sqlValue: SQLValue { rawValue.sqlValue }
}

extension SQLValue: SQLConvertible {
    package var sqlValue: SQLValue { self }
}

extension Int: SQLConvertible {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLConvertible {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLConvertible {
    package var sqlValue: SQLValue { .real(self) }
}

extension String: SQLConvertible {
    package var sqlValue: SQLValue { .text(self) }
}

extension Bool: SQLConvertible {
    /// 1 or 0: SQLite has no boolean type.
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension [UInt8]: SQLConvertible {
    package var sqlValue: SQLValue { .blob(self) }
}

extension Instant: SQLConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var sqlValue: SQLValue { .integer(microseconds) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    // Not `map`: a key path of a generic type is made anew at each use.
    package var sqlValue: SQLValue {
        switch self {
        case let value?: value.sqlValue
        case nil: .null
        }
    }
}

extension ID: SQLConvertible {
    package var sqlValue: SQLValue { .id(untyped) }
}

extension RunID: SQLConvertible {
    package var sqlValue: SQLValue { .id(untyped) }
}

extension TenantID: SQLConvertible {}
