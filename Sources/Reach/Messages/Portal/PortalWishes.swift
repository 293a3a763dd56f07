internal import Database
internal import HTTPServer
internal import JSON
internal import People
internal import Records
internal import Routing
internal import Tenancy

/// `/v1/portal/contact-preferences`: what a client's person likes to be sent, which they read and state themselves.
func portalWishRoutes(_ routes: inout Routes) {
    let path = "/v1/portal/contact-preferences"
    let answer = Answer.json(
        .reference("ContactPreferences"), "Each with its value, where that is from, and how sure it is.")
    routes.get(
        path, .portal("portal:read"), "Get your communication preferences: time, channel and frequency",
        answer
    ) { call in
        let portal = try call.portal
        return .read { reader in
            .json(try reader.preferences.find(try reader.clientPortal.contact(portal).id).json)
        }
    }
    routes.patch(
        path, .portal("portal:read"),
        "Set your communication preferences; null leaves one to what your answers suggest",
        named: "state_own_preferences", body: .json(.reference("ContactPreferencesPatch")), answer
    ) { call in
        let (portal, values) = (try call.portal, try StatedPreferences.read(try call.object()))
        return .write { tx in
            let contact = try tx.clientPortal.contact(portal).id
            try tx.preferences.state(values, of: contact, by: call.actor)
            return .json(try tx.preferences.find(contact).json)
        }
    }
}
