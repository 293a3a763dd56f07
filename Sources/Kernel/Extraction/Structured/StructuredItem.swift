/// A thing that a page describes for machines: by JSON-LD, microdata, RDFa, a card of a microformat.
package struct StructuredItem: Sendable {
    package enum Syntax: String, Sendable { case jsonLD = "json-ld", microdata, rdfa, card }

    package indirect enum Value: Sendable {
        case text(String)
        case item(StructuredItem)
    }

    /// The bytes of a property's text that are kept.
    static let textMax = 4000

    package let syntax: Syntax
    /// Names without the vocabulary's address: `Organization`.
    package var types: [String] = []
    package var id: String?
    package var properties: [(name: String, value: Value)] = []

    package init(_ syntax: Syntax) { self.syntax = syntax }

    /// The texts of a property; of an item its name.
    package func texts(_ name: String) -> [String] {
        properties.compactMap { property in
            guard property.name == name else { return nil }
            switch property.value {
            case .text(let text): return text.isEmpty ? nil : text
            case .item(let item): return item.text("name") ?? item.text("value") ?? item.id
            }
        }
    }

    package func text(_ name: String) -> String? { texts(name).first }

    package func items(_ name: String) -> [StructuredItem] {
        properties.compactMap { property in
            if property.name == name, case .item(let item) = property.value { item } else { nil }
        }
    }

    /// The last part of an address of a vocabulary.
    static func local(_ name: some StringProtocol) -> String {
        String(name.split { $0 == "/" || $0 == "#" || $0 == ":" }.last ?? "")
    }
}
