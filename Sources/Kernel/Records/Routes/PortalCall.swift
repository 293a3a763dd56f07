internal import JSON

/// The caller of the portal: one of a client's own people. Everything that a portal route reads or changes is looked up
/// with its `clientID`, which comes from the credential alone.
package struct PortalCall: Sendable {
    package let clientID: String
    package let userID: String
    /// As whom messaging knows the person; `nil`: as nobody yet.
    package let contactID: String?

    package init(clientID: String, userID: String, contactID: String?) {
        (self.clientID, self.userID, self.contactID) = (clientID, userID, contactID)
    }

    package var actor: Actor { Actor(.user, id: userID) }
}

extension Call {
    /// The client's person who calls. Routes whose access is `.portal` have one.
    package var portal: PortalCall {
        get throws(Problem) {
            guard let portal = principal?.portal else {
                throw Problem(.forbidden, "The portal is for clients: use the routes of the agency instead.")
            }
            return portal
        }
    }
}
