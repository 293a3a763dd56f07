/// The addresses of people who speak below posts, where everybody reads it: `5001/comments/PSID1`. What they write to
/// us alone has an address of its own, and so a conversation of its own.
package enum CommentAddress {
    private static let mark = "/comments/"
    /// The pattern by which the database knows them.
    static let pattern = "%/comments/%"

    package static func of(_ person: String, below own: String) -> String { own + mark + person }

    package static func isOne(_ address: String) -> Bool { address.contains(mark) }

    /// Returns the network's name for the account below whose posts somebody speaks; `nil`: they write to it alone.
    package static func own(of address: String) -> String? {
        address.firstRange(of: mark).map { String(address[..<$0.lowerBound]) }
    }

    /// Returns whether it is of somebody who speaks below posts of an account.
    package static func isOne(_ address: String, below own: String) -> Bool { address.hasPrefix(own + mark) }
}
