/// The names that a template may use: a tree of objects, lists and values, known before any value is there.
///
///     TemplateNames([
///         .object("lead", [.text("company", .required), .list("pain_points", of: .text)]),
///         .url("unsubscribe_url", .required),
///     ])
package struct TemplateNames: Sendable {
    /// The kind of value behind a name.
    package indirect enum Kind: Sendable {
        case text, number, flag
        /// An RFC 3339 instant; shown as a date unless a filter says otherwise.
        case instant
        /// `2026-11-20`
        case date
        /// `{"amount": 150000, "currency": "EUR"}`, the amount in minor units.
        case money
        /// An address of ours or one that was checked; in Markdown it stays a link.
        case url
        case list(Kind)
        case object([Name])
        /// An object whose members an agency makes up: any name below it is fine.
        case open
        /// Known only when it is there: what lies below an open object.
        case any
    }

    /// Whether there is always a value. Names are optional unless they say so.
    package enum Presence: Sendable { case required, optional }

    package struct Name: Sendable {
        package let name: String
        package let kind: Kind
        package let presence: Presence

        package init(_ name: String, _ kind: Kind, _ presence: Presence = .optional) {
            (self.name, self.kind, self.presence) = (name, kind, presence)
        }

        package static func text(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .text, presence)
        }
        package static func number(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .number, presence)
        }
        package static func flag(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .flag, presence)
        }
        package static func instant(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .instant, presence)
        }
        package static func date(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .date, presence)
        }
        package static func money(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .money, presence)
        }
        package static func url(_ name: String, _ presence: Presence = .optional) -> Name {
            Name(name, .url, presence)
        }
        package static func list(
            _ name: String, of kind: Kind, _ presence: Presence = .optional
        ) -> Name {
            Name(name, .list(kind), presence)
        }
        /// An object is there or its members are missing: only they are required or optional.
        package static func object(_ name: String, _ members: [Name]) -> Name {
            Name(name, .object(members), .required)
        }
        package static func open(_ name: String) -> Name { Name(name, .open, .required) }
    }

    package let names: [Name]

    package init(_ names: [Name]) { self.names = names }

    /// Everything that can be named, as it is written in a template (`lead.company`), for suggestions and for
    /// an editor's list; an open object is told as `lead.custom.*`.
    package var paths: [(path: String, kind: Kind)] {
        var found: [(path: String, kind: Kind)] = []
        func walk(_ names: [Name], _ prefix: String, _ depth: Int) {
            for name in names {
                let path = prefix + name.name
                switch name.kind {
                case .object(let members) where depth < 8: walk(members, path + ".", depth + 1)
                case .open: found.append((path + ".*", name.kind))
                default: found.append((path, name.kind))
                }
            }
        }
        walk(names, "", 0)
        return found
    }
}

extension TemplateNames.Kind {
    /// With its article, as a fault tells it.
    var noun: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .flag: "true or false"
        case .instant: "a moment"
        case .date: "a date"
        case .money: "an amount of money"
        case .url: "an address"
        case .list: "a list"
        case .object, .open: "an object"
        case .any: "a value"
        }
    }

    var isObject: Bool {
        switch self {
        case .object, .open: true
        default: false
        }
    }
}
