internal import JSON
package import Records

/// The types of events that somebody wants to know of: `lead.created`, `lead.*`, `*`.
package struct EventTypes: Sendable {
    private static let namesMax = 50

    private var names: Set<String> = []
    private var prefixes: [String] = []
    private var isEverything = false

    /// Separated by commas, as a query has them; all without any.
    package init(_ text: String?) throws(Problem) {
        try self.init((text ?? "*").split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }

    package init(_ list: [String]) throws(Problem) {
        for part in list {
            if part == "*" {
                isEverything = true
                continue
            }
            let name = part.hasSuffix(".*") ? String(part.dropLast(2)) : part
            guard Self.isName(name), list.count <= Self.namesMax else {
                throw Problem(
                    .invalidParameter,
                    "types must be at most \(Self.namesMax) names such as lead.created or lead.*, separated by commas."
                )
            }
            if name.count < part.count { prefixes.append("\(name).") } else { names.insert(name) }
        }
    }

    /// Reads a record's list as it is stored.
    package init(stored text: String) throws(Problem) {
        try self.init((JSON(stored: text).array ?? []).compactMap(\.text))
    }

    package func contains(_ type: String) -> Bool {
        isEverything || names.contains(type) || prefixes.contains { type.hasPrefix($0) }
    }

    /// Lower case letters, digits, underscores and points.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2E
            }
    }
}
