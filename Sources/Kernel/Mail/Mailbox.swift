package import Records

/// A person or role as a header names them: `Jane Example <jane@example.com>`.
package struct Mailbox: Hashable, Sendable {
    package var name: HeaderText?
    package var address: EmailAddress

    package init(_ address: EmailAddress, name: HeaderText? = nil) {
        (self.address, self.name) = (address, name)
    }
}
