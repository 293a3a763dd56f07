/// The questions to the domain name system about domains of mail; the composition root plugs in the client.
package struct DomainLookups: Sendable {
    package enum Answer<Value: Sendable>: Sendable {
        case found([Value])
        /// There is nothing of that kind.
        case absent
        /// It could not be told now.
        case unclear(String)
    }

    package struct Address: Sendable {
        package let text: String
        /// The address as block lists name it: `1.2.0.192` of 192.0.2.1.
        package let reversed: String

        package init(text: String, reversed: String) { (self.text, self.reversed) = (text, reversed) }
    }

    private static let unasked = "DNS lookups are not configured here."

    package var texts: @Sendable (String) async -> Answer<String> = { _ in .unclear(Self.unasked) }
    /// The hosts that take mail; an empty one where the domain takes none.
    package var mailHosts: @Sendable (String) async -> Answer<String> = { _ in .unclear(Self.unasked) }
    package var addresses: @Sendable (String) async -> Answer<Address> = { _ in .unclear(Self.unasked) }
    /// Lists of addresses that mail is not taken from: `zen.spamhaus.org`.
    package var blocklists: [String] = []

    /// Whether name servers of the operator's own are asked, which may know names that are reserved for examples and
    /// tests (RFC 2606); to the public ones these mean nothing.
    package var knowsReserved = false

    package init() {}
}
