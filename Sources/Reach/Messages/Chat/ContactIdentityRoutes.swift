internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
package import Nouns
internal import People
internal import Records
internal import Routing

/// Routes for the identities of contacts on each channel, and for linking those that turn out to be one person; each
/// link can be undone.
func contactIdentityRoutes(_ routes: inout Routes) {
    routes.declare(ContactIdentity.resource)
    routes.shows(ContactIdentity.resource, read: "contacts:read")
    routes.declare(LinkBody.self)
    routes.get(
        "/v1/contact-identities",
        .permission(
            "contacts:read"), "List the identities under which contacts write, by channel",
        query: ParameterDoc.list(ContactIdentity.resource), .list(ContactIdentity.resource)
    ) { call in
        .read { reader in
            try ListQuery(ContactIdentity.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.post(
        "/v1/contact-identities/{id}/link", .permission("contacts:write"),
        "Link an identity to a contact, with its conversations",
        body: .json(.reference("ContactIdentityLink")), .record(ContactIdentity.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContactIdentity.self), call.body(LinkBody.self))
        return .write { tx in
            let identity = try ContactIdentity.resource.get(id, in: tx)
            try call.checkVersion(identity.version)
            let contact = try Contact.resource.get(body.contactID ?? .unset, in: tx)
            guard contact.id != identity.contactID else { return .record(identity) }
            return .record(try tx.identities.move(identity, to: contact, undone: false, by: call.actor))
        }
    }
    routes.post(
        "/v1/contact-identities/{id}/unlink", .permission("contacts:write"),
        "Unlink an identity: its previous contact gets it back", .record(ContactIdentity.resource)
    ) { call in
        let id = try call.id("id", of: ContactIdentity.self)
        return .write { tx in
            let identity = try ContactIdentity.resource.get(id, in: tx)
            try call.checkVersion(identity.version)
            guard let before = identity.previousContactID,
                let contact = try Contact.resource.find(before, in: tx)
            else {
                throw Problem(
                    .conflict, "The identity was not linked to another contact, so there is nothing to undo.")
            }
            return .record(try tx.identities.move(identity, to: contact, undone: true, by: call.actor))
        }
    }
}

struct LinkBody: Declared {
    var contactID: ContactID?

    static let schema = Schema<LinkBody>(
        "ContactIdentityLink", [.id("contact_id", \.contactID, .required)])
}

extension IdentityStore {
    /// Returns the contacts who said in a chat that an address was theirs.
    package func contacts(claiming email: String) throws -> [ContactID] {
        try ContactIdentity.resource.all(
            where: "claimed_email = \(email)", suffix: "ORDER BY id LIMIT 1000", in: tx
        ).compactMap(\.contactID)
    }
}
