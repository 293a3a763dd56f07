internal import Database
internal import Discovery
internal import JSON
internal import Messaging
internal import Records

/// What messaging asks of the slices above it, answered by those.
func messagingSources() -> MessagingSources {
    var sources = MessagingSources()
    sources.lead = { reader, contact in
        try Lead.ofContact(contact, in: reader).map(\.templateValues)
    }
    sources.leadByID = { reader, id in
        guard let id = ID<Lead>(id), let lead = try Lead.resource.find(id, in: reader) else { return nil }
        return (lead.templateValues, lead.contactID)
    }
    return sources
}
