package import Nouns

/// The caller of the portal: one of a client's own people. Everything that a portal route reads or changes is looked up
/// with its `clientID`, which comes from the credential alone.
package struct PortalCall: Sendable {
    package let clientID: ClientID
    package let userID: UserID
    /// The contact that messaging knows the person as; `nil`: none yet.
    package let contactID: ContactID?

    package init(clientID: ClientID, userID: UserID, contactID: ContactID?) {
        (self.clientID, self.userID, self.contactID) = (clientID, userID, contactID)
    }

    package var actor: Actor { Actor(userID) }
}
