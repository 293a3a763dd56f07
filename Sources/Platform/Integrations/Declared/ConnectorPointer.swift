package import JSON
internal import Records

/// A place in a JSON document (RFC 6901).
package struct ConnectorPointer: Hashable, Sendable, CustomStringConvertible {
    private let tokens: [String]

    package static let whole = ConnectorPointer(tokens: [])

    private init(tokens: [String]) { self.tokens = tokens }

    /// `nil` where the text is no JSON Pointer.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let rest = part.replacing("~0", with: "").replacing("~1", with: "")
            guard !rest.contains("~") else { return nil }
            tokens.append(String(part.replacing("~1", with: "/").replacing("~0", with: "~")))
        }
        self.tokens = tokens
    }

    /// The place of a member within this one.
    package func member(_ name: String) -> ConnectorPointer { ConnectorPointer(tokens: tokens + [name]) }

    package var description: String { tokens.map { "/\($0.pointerToken)" }.joined() }

    /// The place in which this one lies.
    var parent: ConnectorPointer? {
        tokens.isEmpty ? nil : ConnectorPointer(tokens: Array(tokens.dropLast()))
    }

    /// The names on the way from another place to this one, with points between them.
    func path(from base: ConnectorPointer) -> String {
        let isBelow = tokens.count > base.tokens.count && tokens.starts(with: base.tokens)
        return (isBelow ? Array(tokens.dropFirst(base.tokens.count)) : tokens).joined(separator: ".")
    }

    /// The member of the document in which the place lies.
    package var first: String? { tokens.first }

    package func value(in document: JSON) -> JSON? {
        var value = document
        for token in tokens {
            if let items = value.array {
                guard let index = Int(token), items.indices.contains(index) else { return nil }
                value = items[index]
            } else if let member = value[token] {
                value = member
            } else {
                return nil
            }
        }
        return value
    }

    /// Returns the document with a value at this place, in objects that are made on the way; `0` is the first item of a
    /// list, which is made, too.
    package func setting(_ value: JSON, in document: JSON) -> JSON {
        guard let first = tokens.first else { return value }
        let rest = ConnectorPointer(tokens: Array(tokens.dropFirst()))
        if first == "0", document.object?.isEmpty != false {
            var items = document.array ?? []
            let item = rest.setting(value, in: items.first ?? .object([:]))
            if items.isEmpty { items = [item] } else { items[0] = item }
            return .array(items)
        }
        var object = document.object ?? [:]
        object[first] = rest.setting(value, in: object[first] ?? .object([:]))
        return .object(object)
    }
}

extension JSON {
    /// A record's identifier, which services write as a text or a number.
    package var identifier: String? {
        if let text, !text.isEmpty { return text }
        return int.map { "\($0)" }
    }

    /// Returns this document with the members of another one within its own; null is a value like any other.
    func deepened(by other: JSON) -> JSON {
        guard var mine = object, let more = other.object else { return other }
        for (name, value) in more.members { mine[name] = mine[name].map { $0.deepened(by: value) } ?? value }
        return .object(mine)
    }
}
