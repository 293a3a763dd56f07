internal import Database
package import JSON
package import Nouns
internal import Synchronization
internal import Wire

/// A property of a field besides its type.
package enum Trait: Sendable {
    /// Must be given on create and cannot be emptied.
    case required
    /// Set by Bureau alone; sent back with its present value it is accepted.
    case readOnly
    /// Set on create, then fixed.
    case writeOnce
    case filterable
    case sortable
    /// Part of full-text search.
    case searchable
    /// The text is stored exactly as it is written, with the spaces around it, as a password is.
    case verbatim
    /// The text is one line without line ends, since it becomes a header or a file's name. Names are even without this.
    case line
    /// About a person: exported and erased on their request, masked in the audit.
    case personal
    /// Erased with the person whom the record is about, though the audit may show it.
    case erased
    /// Never leaves: not in any answer, list, export or audit.
    case secret
    /// The number of the migration that adds the columns to the table (`Resource.addition`). Fields without it are
    /// created with the table.
    case added(in: Int)
    case about(String)
    case example(JSON)
    case standard(JSON)
    /// The word that people have for the field, where that is not its name in sentence case.
    case label(String)
    /// The text that helps those who fill it in, where that is not its `.about`.
    case help(String)
    /// The heading that forms show it under, with others.
    case group(String)
    /// Forms show it only to those who look for more.
    case advanced
}

/// One field of a record `R`, declared once: its name outside, its kind, its place in the struct.
package final class Field<R: Sendable>: Sendable {
    package let name: String
    package let kind: FieldKind
    /// The name of its column in SQL, or what the names of its columns begin with.
    package let column: String
    package let columns: [String]
    package let isRequired: Bool
    package let isReadOnly: Bool
    package let isWriteOnce: Bool
    package let isFilterable: Bool
    package let isSortable: Bool
    package let isSearchable: Bool
    package let isVerbatim: Bool
    package let isLine: Bool
    package let isPersonal: Bool
    /// Whether an erasure empties it: personal fields, and those that go along with them.
    package let isErased: Bool
    package let isSecret: Bool
    /// The number of the migration that adds its columns; `nil` where they are created with the table.
    let addedIn: Int?
    package let about: String?
    package let example: JSON?
    package let standard: JSON?
    package let label: String?, help: String?, group: String?
    package let isAdvanced: Bool
    package let isOptional: Bool
    package let hasAbsentValue: Bool
    /// Whether a record may be without it, so that lists can ask for those that are.
    package var mayBeAbsent: Bool {
        switch kind {
        case .texts, .ids: true
        default: isOptional
        }
    }

    package let json: @Sendable (R) -> JSON
    let isPresent: @Sendable (R) -> Bool
    /// Whether two records hold the same value.
    let isSame: @Sendable (R, R) -> Bool
    /// `"name":`
    let key: [UInt8]
    /// `/name`
    let pointer: String
    let write: @Sendable (R, OutputBuffer) -> Void
    /// Adds its texts to those that a search looks through; `nil` where none does.
    let appendWords: (@Sendable (R, inout String) -> Void)?
    /// Sets a value that the kind has validated; `null` empties.
    package let assign: @Sendable (inout R, JSON) -> Void
    let bind: @Sendable (R, inout [SQLValue]) -> Void
    let load: @Sendable (inout R, Row, Int) -> Void

    package init<Value: FieldValue>(
        _ name: String, _ kind: FieldKind, _ path: @autoclosure @escaping Path<Value>, _ traits: [Trait],
        reading: (@Sendable (R) -> Value)? = nil, writing: (@Sendable (inout R, Value) -> Void)? = nil
    ) {
        self.name = name
        self.kind = kind
        key = Array("\"\(name)\":".utf8)
        pointer = "/\(name)"
        // SQL keeps some names for itself.
        column = name == "from" || name == "by" ? "\(name)_value" : name
        columns =
            if case .money = kind.storage { ["\(column)_amount", "\(column)_currency"] } else { [column] }
        isOptional = Value.isOptional
        hasAbsentValue = Value.absent != nil
        let place = Place(path)
        let value = reading ?? { place.read($0) }
        json = { value($0).json }
        isPresent = { !value($0).isAbsent }
        isSame = { value($0) == value($1) }
        write = { value($0).write(to: $1) }
        let set = writing ?? { place.write($1, to: &$0) }
        assign = { record, json in
            if json.isNull, let absent = Value.absent {
                set(&record, absent)
            } else if let value = Value(json: json) {
                set(&record, value)
            } else {
                preconditionFailure("\(name): a validated value does not fit its type")
            }
        }
        bind = { value($0).bind(into: &$1) }
        load = { set(&$0, Value(row: $1, column: $2)) }
        let traits = TraitSet(traits)
        isRequired = traits.isRequired
        isReadOnly = traits.isReadOnly
        isWriteOnce = traits.isWriteOnce
        isFilterable = traits.isFilterable
        isSortable = traits.isSortable
        isSearchable = traits.isSearchable
        appendWords = if traits.isSearchable { { value($0).appendWords(to: &$1) } } else { nil }
        isVerbatim = traits.isVerbatim
        // A name ends up in headers, in names of files and in lines of calendars, which hold one line.
        isLine = traits.isLine || name == "name" || name.hasSuffix("_name")
        isPersonal = traits.isPersonal
        isErased = traits.isPersonal || traits.isErased
        isSecret = traits.isSecret
        addedIn = traits.addedIn
        about = traits.about
        example = traits.example
        standard = traits.standard
        (label, help, group, isAdvanced) = (traits.label, traits.help, traits.group, traits.isAdvanced)
    }
}

/// Where a stored property lies in its struct: it is read and written there many times faster than by its key path.
/// The path is made when first used; those of all records together would take a tenth of the start.
private final class Place<R: Sendable, Value>: Sendable {
    private let path: Field<R>.Path<Value>
    /// `notSought` until it is, `nowhere` for what is no stored property.
    private let offset = Atomic<Int>(notSought)
    private static var notSought: Int { -1 }
    private static var nowhere: Int { -2 }

    init(_ path: @escaping Field<R>.Path<Value>) { self.path = path }

    func read(_ record: R) -> Value {
        guard let offset = found else { return record[keyPath: path()] }
        return withUnsafePointer(to: record) { start in
            (UnsafeRawPointer(start) + offset).assumingMemoryBound(to: Value.self).pointee
        }
    }

    func write(_ value: Value, to record: inout R) {
        guard let offset = found else { return record[keyPath: path()] = value }
        withUnsafeMutablePointer(to: &record) { start in
            (UnsafeMutableRawPointer(start) + offset).assumingMemoryBound(to: Value.self).pointee = value
        }
    }

    private var found: Int? {
        var known = offset.load(ordering: .relaxed)
        if known == Self.notSought {
            known = MemoryLayout<R>.offset(of: path()) ?? Self.nowhere
            offset.store(known, ordering: .relaxed)
        }
        return known == Self.nowhere ? nil : known
    }
}

/// The traits of one field, sorted out.
private struct TraitSet {
    var isRequired = false, isReadOnly = false, isWriteOnce = false
    var isFilterable = false, isSortable = false, isSearchable = false, isVerbatim = false
    var isLine = false
    var isPersonal = false, isErased = false, isSecret = false
    var addedIn: Int?
    var about: String?, example: JSON?, standard: JSON?
    var label: String?, help: String?, group: String?, isAdvanced = false

    init(_ traits: [Trait]) {
        for trait in traits {
            switch trait {
            case .required: isRequired = true
            case .readOnly: isReadOnly = true
            case .writeOnce: isWriteOnce = true
            case .filterable: isFilterable = true
            case .sortable: isSortable = true
            case .searchable: isSearchable = true
            case .verbatim: isVerbatim = true
            case .line: isLine = true
            case .personal: isPersonal = true
            case .erased: isErased = true
            case .secret: isSecret = true
            case .added(let number): addedIn = number
            case .about(let text): about = text
            case .example(let value): example = value
            case .standard(let value): standard = value
            case .label(let text): label = text
            case .help(let text): help = text
            case .group(let text): group = text
            case .advanced: isAdvanced = true
            }
        }
    }
}

extension Field {
    /// Made from a literal, `\.name`, by an autoclosure.
    package typealias Path<Value> = @Sendable () -> any WritableKeyPath<R, Value> & Sendable

    package static func text<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, max: Int = 500, _ traits: Trait...
    ) -> Field {
        Field(name, .text(max: max), path(), traits)
    }
    package static func email<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .email, path(), traits)
    }
    package static func phone<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, countryField: String? = nil,
        _ traits: Trait...
    ) -> Field {
        Field(name, .phone(countryField: countryField), path(), traits)
    }
    package static func url<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .url, path(), traits)
    }
    package static func link<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .link, path(), traits)
    }
    package static func country<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .country, path(), traits)
    }
    package static func currency<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .currency, path(), traits)
    }
    package static func timeZone<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .timeZone, path(), traits)
    }
    package static func choice<V: Choice>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .choice(V.choices), path(), traits)
    }
    package static func choice<V: Choice>(
        _ name: String, _ path: @autoclosure @escaping Path<V?>, _ traits: Trait...
    ) -> Field {
        Field(name, .choice(V.choices), path(), traits)
    }
    package static func integer<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, in range: ClosedRange<Int64>,
        _ traits: Trait...
    ) -> Field {
        Field(name, .integer(range), path(), traits)
    }
    package static func number<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, in range: ClosedRange<Double>,
        _ traits: Trait...
    ) -> Field {
        Field(name, .number(range), path(), traits)
    }
    package static func boolean<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .boolean, path(), traits)
    }
    package static func date<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .date, path(), traits)
    }
    package static func instant<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .instant, path(), traits)
    }
    package static func money<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, _ traits: Trait...
    ) -> Field {
        Field(name, .money, path(), traits)
    }
    package static func texts(
        _ name: String, _ path: @autoclosure @escaping Path<[String]>, max: Int = 100, length: Int = 200,
        _ traits: Trait...
    ) -> Field {
        Field(name, .texts(max: max, length: length), path(), traits)
    }
    package static func custom(
        _ name: String, _ path: @autoclosure @escaping Path<JSONObject>, _ traits: Trait...
    ) -> Field {
        Field(name, .custom, path(), traits)
    }
    package static func externalIDs(
        _ name: String, _ path: @autoclosure @escaping Path<JSONObject>, _ traits: Trait...
    ) -> Field {
        Field(name, .externalIDs, path(), traits)
    }
    package static func id<S: Identified>(
        _ name: String, _ path: @autoclosure @escaping Path<ID<S>>, _ traits: Trait...
    ) -> Field {
        Field(name, .id(Referent(S.self)), path(), traits)
    }
    package static func id<S: Identified>(
        _ name: String, _ path: @autoclosure @escaping Path<ID<S>?>, _ traits: Trait...
    ) -> Field {
        Field(name, .id(Referent(S.self)), path(), traits)
    }
    /// Declares a field with the id of one of the `referent`'s records.
    package static func id<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, of referent: Referent, _ traits: Trait...
    ) -> Field {
        Field(name, .id(referent), path(), traits)
    }
    package static func ids<S: Identified>(
        _ name: String, _ path: @autoclosure @escaping Path<[ID<S>]>, max: Int = 100, _ traits: Trait...
    ) -> Field {
        Field(name, .ids(Referent(S.self), max: max), path(), traits)
    }
    /// Declares a field with ids of the `referent`'s records.
    package static func ids<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, of referent: Referent, max: Int = 100,
        _ traits: Trait...
    ) -> Field {
        Field(name, .ids(referent, max: max), path(), traits)
    }
    package static func document<V: FieldValue>(
        _ name: String, _ path: @autoclosure @escaping Path<V>, schema: JSON = ["type": "object"],
        _ traits: Trait...
    ) -> Field {
        Field(name, .document(schema: schema), path(), traits)
    }
}
