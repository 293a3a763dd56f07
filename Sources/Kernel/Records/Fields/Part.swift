package import Database
package import JSON

/// A declared value that lies in a field of a record, as JSON in one column: a window of the day, an item of an
/// invoice. It is checked like a body, with every fault's place in the whole.
package protocol Part: Declared, FieldValue {
    /// The faults beyond those of single fields, by pointers relative to the part.
    var faults: [Fault] { get }
}

extension Part {
    package var faults: [Fault] { [] }

    package init?(json: JSON) {
        guard let object = json.object else { return nil }
        self = Self.schema.stored(object)
    }
    package init(row: Row, column: Int) {
        self = Self.schema.read.value(of: row.text(column)) {
            Self.schema.stored(JSON(stored: $0).object ?? [:])
        }
    }
    package var json: JSON { Self.schema.json(self) }
    package func bind(into values: inout [SQLValue]) { values.append(.text(json.serialized)) }
}

/// A list of parts.
package struct Parts<P: Part>: FieldValue {
    package var list: [P]

    package init(_ list: [P] = []) { self.list = list }

    package init?(json: JSON) {
        guard let items = json.array else { return nil }
        list = items.compactMap(P.init(json:))
    }
    package init(row: Row, column: Int) {
        guard !row.isNull(column) else {
            list = []
            return
        }
        list = P.schema.readLists.value(of: row.text(column)) {
            JSON(stored: $0).array?.compactMap(P.init(json:)) ?? []
        }
    }
    package var json: JSON { .array(list.map { $0.json }) }
    package func bind(into values: inout [SQLValue]) { values.append(.text(json.serialized)) }
    package static var absent: Parts? { Parts() }
    package var isAbsent: Bool { list.isEmpty }
}

/// A description of a type of parts, for the fields that hold such parts.
package struct PartKind: Sendable {
    let schema: Deferred<JSON>
    let check: @Sendable (JSON, _ pointer: String, inout Faults) -> JSON?
    let namesRecords: Deferred<Bool>
    let references: @Sendable (JSON, _ pointer: String) -> [Reference]

    package init<P: Part>(_ type: P.Type) {
        schema = Deferred { P.schema.jsonSchema(.whole) }
        namesRecords = Deferred { !P.schema.referring.value.isEmpty }
        references = { value, pointer in
            value.object.map { P.schema.references(in: $0, at: pointer) } ?? []
        }
        check = { value, pointer, faults in
            guard let object = value.object else {
                faults.add(pointer, "wrong_type", "\(pointer.pointedMember) must be an object.")
                return nil
            }
            var part = P(), inner = Faults()
            P.schema.create(&part, from: object, faults: &inner)
            let found = inner.isEmpty ? part.faults : inner.list
            faults.add(contentsOf: found.map { $0.moved(under: pointer) })
            return found.isEmpty ? P.schema.json(part) : nil
        }
    }
}

extension Fault {
    /// Returns the fault with its pointer moved below `pointer`, where the value with the fault lies.
    package func moved(under pointer: String) -> Fault {
        var moved = self
        moved.pointer = pointer + self.pointer
        return moved
    }
}

extension FieldKind {
    func part(_ value: JSON, _ pointer: String, _ faults: inout Faults) -> JSON? {
        switch self {
        case .part(let kind): return kind.check(value, pointer, &faults)
        case .parts(let kind, let max):
            guard let items = value.array else {
                faults.add(pointer, "wrong_type", "\(pointer.pointedMember) must be a list.")
                return nil
            }
            guard items.count <= max else {
                faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most \(max) entries.")
                return nil
            }
            return .array(
                items.enumerated().compactMap { kind.check($0.element, "\(pointer)/\($0.offset)", &faults) })
        default: preconditionFailure("no field of parts")
        }
    }
}

extension Field {
    package static func part<P: Part>(
        _ name: String, _ path: @autoclosure @escaping Path<P>, _ traits: Trait...
    ) -> Field {
        Field(name, .part(PartKind(P.self)), path(), traits)
    }

    package static func part<P: Part>(
        _ name: String, _ path: @autoclosure @escaping Path<P?>, _ traits: Trait...
    ) -> Field {
        Field(name, .part(PartKind(P.self)), path(), traits)
    }

    package static func parts<P: Part>(
        _ name: String, _ path: @autoclosure @escaping Path<Parts<P>>, max: Int, _ traits: Trait...
    ) -> Field {
        Field(name, .parts(PartKind(P.self), max: max), path(), traits)
    }
}
