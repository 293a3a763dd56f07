/// One thing that a principal may do: `leads:read`.
package struct Permission: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package init(stringLiteral value: String) { name = value }
    package var description: String { name }

    /// `leads` and `read`.
    package var parts: (resource: String, action: String) {
        let parts = name.split(separator: ":").map(String.init)
        return (parts.first ?? "", parts.last ?? "")
    }

    /// Whether it is for a client's own people, in the portal.
    package var isPortal: Bool { name.hasPrefix("portal:") }
}
