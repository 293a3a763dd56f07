package import JSON
internal import Records

/// A connector as data: how an outside service is asked, and what its records are. Read from a document that has no
/// faults (`ConnectorReading`).
package struct ConnectorDocument: Sendable {
    package let name: String, title: String
    /// The base URL of the service; an integration may have another.
    package let baseURL: String?
    package let auth: ConnectorAuth
    /// The question that only those whom the service knows may ask.
    package let test: ConnectorQuestion?
    package let objects: [ConnectorObject]

    package subscript(object name: String) -> ConnectorObject? { objects.first { $0.name == name } }
}

/// The way in which a service knows who asks. The values are names of credentials.
package enum ConnectorAuth: Hashable, Sendable {
    case bearer(credential: String)
    case header(name: String, credential: String)
    case query(parameter: String, credential: String)
    case basic(username: String, password: String)
    case none

    static let kinds = ["bearer", "header", "query", "basic", "none"]

    /// The names of the credentials that an integration has to have.
    package var credentials: [String] {
        switch self {
        case .bearer(let name), .header(_, let name), .query(_, let name): [name]
        case .basic(let username, let password): [username, password]
        case .none: []
        }
    }
}

/// A request that a connector makes.
package struct ConnectorQuestion: Sendable {
    package let method: String
    package let path: ConnectorText
    package let query: [(name: String, value: ConnectorText)]
}

/// One kind of a service's records.
package struct ConnectorObject: Sendable {
    package let name: String
    package let id: ConnectorPointer
    package let updatedAt: ConnectorPointer?, deleted: ConnectorPointer?
    package let list: ConnectorList?, find: ConnectorList?
    package let create: ConnectorWriting?, update: ConnectorWriting?, delete: ConnectorWriting?
    package let fields: [ConnectorField]

    package subscript(field name: String) -> ConnectorField? { fields.first { $0.name == name } }
}

/// A request whose answer has records, perhaps in pages.
package struct ConnectorList: Sendable {
    package let question: ConnectorQuestion
    package let items: ConnectorPointer
    package let total: ConnectorPointer?
    package let next: ConnectorPaging
}

/// The way to find the next page of a list.
package enum ConnectorPaging: Sendable {
    /// The answer has a token, which goes into a parameter.
    case token(at: ConnectorPointer, parameter: String)
    /// Pages are numbered; one without records is the last.
    case page(parameter: String, first: Int)
    /// Records are counted from 0; a page without any is the last.
    case offset(parameter: String)
    /// The answer has the next page's address, in its header `Link` or at a place.
    case link(at: ConnectorPointer?)
    case none

    static let kinds = ["token", "page", "offset", "link", "none"]
}

/// A request that changes something.
package struct ConnectorWriting: Sendable {
    package let question: ConnectorQuestion
    /// The JSON Pointer to the record's fields in the request's body.
    package let body: ConnectorPointer
    /// The JSON Pointer to the record's identifier in the answer.
    package let id: ConnectorPointer?
}

/// A field of a service's records.
package struct ConnectorField: Sendable {
    package let name: String, label: String
    package let type: String
    package let isReadOnly: Bool
    package let at: ConnectorPointer

    static let types = [
        "text", "email", "phone", "url", "country", "integer", "number", "boolean", "date", "instant",
        "texts",
    ]

    package var json: JSON {
        [
            "name": .string(name), "label": .string(label), "type": .string(type),
            "read_only": .bool(isReadOnly),
        ]
    }
}

/// A place in a JSON document (RFC 6901).
package struct ConnectorPointer: Hashable, Sendable {
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

    /// Returns the document with a value at this place, in objects that are made on the way.
    package func setting(_ value: JSON, in document: JSON) -> JSON {
        guard let first = tokens.first else { return value }
        var object = document.object ?? [:]
        object[first] = ConnectorPointer(tokens: Array(tokens.dropFirst()))
            .setting(value, in: object[first] ?? .object([:]))
        return .object(object)
    }
}

/// A text with places such as `{{ since }}`.
package struct ConnectorText: Hashable, Sendable {
    private enum Piece: Hashable { case text(String), name(String) }

    private let pieces: [Piece]

    package init(_ text: String) {
        var pieces: [Piece] = [], rest = Substring(text)
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            pieces.append(.text(String(rest[..<start.lowerBound])))
            pieces.append(.name(String(rest[start.upperBound..<end.lowerBound]).trimmed))
            rest = rest[end.upperBound...]
        }
        self.pieces = pieces + [.text(String(rest))]
    }

    package var names: [String] {
        pieces.compactMap { piece in if case .name(let name) = piece { name } else { nil } }
    }

    /// Returns the text with values in its places; `nil` where one has none, or an empty one.
    package func filled(with values: [String: String], escaping: (String) -> String = { $0 }) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .name(let name):
                guard let value = values[name], !value.isEmpty else { return nil }
                text += escaping(value)
            }
        }
        return text
    }
}
