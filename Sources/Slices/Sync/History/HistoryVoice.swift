internal import Database
internal import Integrations
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Tenancy

/// Speaks to somebody: the agency itself, or the agency on behalf of a client.
private struct Voice {
    /// `nil`: it is the agency itself.
    let client: String?
}

extension SyncNoteStore {
    /// Returns the syncs of an integration that are to write a message. Where the service is a client's own, they take
    /// nothing but what was said on that client's behalf: people are shared by all for whom the agency works.
    func wanting(_ message: Message, of integration: IntegrationID) throws -> [RecordSync] {
        let wanting = try syncs(of: integration).filter { message.belongs(in: $0.history) }
        guard !wanting.isEmpty, let client = try Integration.resource.find(integration, in: tx)?.clientID
        else { return wanting }
        return try isSaid(message, for: client) ? wanting.filter { $0.local != .clients } : []
    }

    private func isSaid(_ message: Message, for client: ClientID) throws -> Bool {
        if let voice = try voice(of: message) { return voice.client == client.keyText }
        guard message.clientID == client, let id = message.contactID,
            let contact = try Contact.resource.find(id, in: tx)
        else { return false }
        return try !isLead(contact, ofOthersThan: client)
    }

    /// Returns on whose behalf a message or what it answers was sent; `nil`: nothing says so.
    private func voice(of message: Message) throws -> Voice? {
        if let voice = try voice(of: message.cause) { return voice }
        let answered = message.references.suffix(10) + [message.inReplyTo].compactMap { $0 }
        for id in answered.reversed() {
            let before = try Message.resource.first(
                where: "internet_id = \(id) AND direction = 'outbound'", suffix: "LIMIT 1", in: tx)
            if let before, let voice = try voice(of: before.cause) { return voice }
        }
        return nil
    }

    private func voice(of cause: JSON) throws -> Voice? {
        guard let id = cause["id"]?.text else { return nil }
        switch cause["type"]?.text {
        case "enrollment":
            // A sequence may be a client's own; without a lead it is not known for whom somebody is in it.
            let found = try tx.first(
                """
                SELECT sequences.client_id, enrollments.lead_id, leads.client_id FROM enrollments
                LEFT JOIN sequences ON sequences.tenant_id = enrollments.tenant_id
                    AND sequences.id = enrollments.sequence_id
                LEFT JOIN leads ON leads.tenant_id = enrollments.tenant_id AND leads.id = enrollments.lead_id
                WHERE enrollments.tenant_id = \(tx.tenant) AND enrollments.id = \(id)
                """
            ) { (own: $0.optionalText(0), lead: $0.optionalText(1), client: $0.optionalText(2)) }
            guard let found, found.own != nil || found.lead != nil else { return nil }
            return Voice(client: found.own ?? found.client)
        case Message.contentCause:
            return try tx.first(
                """
                SELECT content_items.client_id FROM distributions
                JOIN content_items ON content_items.tenant_id = distributions.tenant_id
                    AND content_items.id = distributions.content_item_id
                WHERE distributions.tenant_id = \(tx.tenant) AND distributions.id = \(id)
                """
            ) { Voice(client: $0.optionalText(0)) }
        case "email_campaign":
            return try tx.first(
                """
                SELECT campaigns.client_id FROM email_campaigns
                LEFT JOIN campaigns ON campaigns.tenant_id = email_campaigns.tenant_id
                    AND campaigns.id = email_campaigns.campaign_id
                WHERE email_campaigns.tenant_id = \(tx.tenant) AND email_campaigns.id = \(id)
                """
            ) { Voice(client: $0.optionalText(0)) }
        default: return nil
        }
    }

    /// Returns whether the agency or another client speaks with somebody, too.
    private func isLead(_ contact: Contact, ofOthersThan client: ClientID) throws -> Bool {
        let isOther: SQL = "(client_id IS NULL OR client_id <> \(client)) AND status <> 'archived'"
        if try tx.exists(
            "SELECT 1 FROM leads WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND " + isOther
        ) {
            return true
        }
        guard let email = contact.email else { return false }
        return try tx.exists(
            "SELECT 1 FROM leads WHERE tenant_id = \(tx.tenant) AND email = \(email) AND " + isOther)
    }
}
