internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing

/// `/v1/contacts/{id}/preferences`: what a contact likes to be sent, when and where.
func preferenceRoutes(_ routes: inout Routes) {
    routes.schema("ContactPreferences", ContactPreferences.schema)
    routes.schema("ContactPreferencesPatch", StatedPreferences.bodySchema)
    routes.event(
        "contact.preferences_stated", "A contact's wishes about what they are sent were stated or withdrawn.",
        ["names": ["type": "array", "items": .anyText]])
    let path = "/v1/contacts/{id}/preferences"
    let answer = Answer.json(
        .reference("ContactPreferences"), "Each with its value, where that is from, and how sure it is.")
    routes.get(
        path, .permission("contacts:read"),
        "Get the communication preferences of a contact: time, channel, length and frequency", answer
    ) { call in
        let id = try call.id("id", of: Contact.self)
        return .read { reader in
            _ = try Contact.resource.get(id, in: reader)
            return .json(try reader.preferences.find(id).json)
        }
    }
    routes.patch(
        path, .permission("contacts:write"),
        "Set the stated preferences of a contact, which go before learned ones; null withdraws one",
        named: "state_contact_preferences", body: .json(.reference("ContactPreferencesPatch")), answer
    ) { call in
        let (id, values) = try (
            call.id("id", of: Contact.self), StatedPreferences.read(try call.object())
        )
        return .write { tx in
            _ = try Contact.resource.get(id, in: tx)
            try tx.preferences.state(values, of: id, by: call.actor)
            return .json(try tx.preferences.find(id).json)
        }
    }
}
