package import Database
internal import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
internal import Templates

/// Ends sequences of people who want no more mail, in the transaction in which they say so.
package struct SequenceExits: EventConsumer {
    package init() {}

    package func begin(_ runtime: Runtime) {}

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "suppression.created":
            guard let id = event.subject.id(of: Suppression.self),
                let suppression = try Suppression.resource.find(id, in: tx)
            else { return }
            try end(suppression, tx)
        case "contact.unsubscribed":
            guard let contact = event.subject.id(of: Nouns.Contact.self) else { return }
            try tx.enrollments.exit(
                of: contact, because: .unsubscribe, detail: Saying("enrollment.unsubscribed"))
        case "contact.deleted":
            guard let contact = event.subject.id(of: Nouns.Contact.self) else { return }
            try tx.enrollments.exit(of: contact, because: .removed, detail: Saying("enrollment.contact_gone"))
        case "meeting.created", "meeting.scheduled", "deal.stage_changed":
            let reason: ExitReason = event.type.hasPrefix("meeting.") ? .meeting : .dealStage
            for contact in try tx.enrollments.contacts(in: JSON(stored: event.data)) {
                try tx.enrollments.exit(of: contact, because: reason)
            }
        default: return
        }
    }

    private func end(_ suppression: Suppression, _ tx: Transaction) throws {
        let address = suppression.address
        guard suppression.channel == .email else {
            // Contacts with an email address are written to there.
            guard suppression.channel == .sms else { return }
            for contact in try tx.enrollments.contacts(withPhoneAlone: address) {
                try exit(contact, because: .unsubscribe, suppression, tx)
            }
            return
        }
        let contacts =
            address.hasPrefix("@")
            ? try tx.enrollments.contactsUnderWay(at: address)
            : try tx.enrollments.contacts(withEmail: address)
        let reason: ExitReason = suppression.reason == .bounce ? .bounce : .unsubscribe
        for contact in contacts {
            guard let email = try Contact.resource.find(contact, in: tx)?.email,
                try !tx.consents.suppressions(of: email, .email, for: .marketing).isEmpty
            else { continue }
            try exit(contact, because: reason, suppression, tx)
        }
    }

    private func exit(
        _ contact: ContactID, because reason: ExitReason, _ suppression: Suppression, _ tx: Transaction
    ) throws {
        try tx.enrollments.exit(
            of: contact, because: reason,
            detail: Saying("enrollment.suppressed", ["reason": .text(suppression.reason.rawValue)]))
    }
}

extension EnrollmentStore {
    /// Whom an event is about: it names the contact, or the lead.
    fileprivate func contacts(in data: JSON) throws -> [ContactID] {
        if let contact = data["contact_id"]?.id(of: Nouns.Contact.self) { return [contact] }
        guard let lead = data["lead_id"]?.text else { return [] }
        return try tx.all(
            """
            SELECT DISTINCT contact_id FROM enrollments
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead) AND status IN ('active', 'paused')
            ORDER BY contact_id
            """
        ) { $0.id(0, of: Nouns.Contact.self) }.compactMap(\.self)
    }

    fileprivate func contacts(withEmail address: String) throws -> [ContactID] {
        try tx.all(
            "SELECT id FROM contacts WHERE tenant_id = \(tx.tenant) AND email = \(address) ORDER BY id"
        ) {
            $0.id(0, of: Nouns.Contact.self)
        }.compactMap(\.self)
    }

    fileprivate func contacts(withPhoneAlone number: String) throws -> [ContactID] {
        try tx.all(
            """
            SELECT id FROM contacts
            WHERE tenant_id = \(tx.tenant) AND phone = \(number) AND email IS NULL ORDER BY id
            """
        ) {
            $0.id(0, of: Nouns.Contact.self)
        }.compactMap(\.self)
    }

    /// A whole domain's people, among those who are under way.
    fileprivate func contactsUnderWay(at domain: String) throws -> [ContactID] {
        try tx.all(
            """
            SELECT DISTINCT c.id FROM enrollments e
            JOIN contacts c ON c.tenant_id = e.tenant_id AND c.id = e.contact_id
            WHERE e.tenant_id = \(tx.tenant) AND e.status IN ('active', 'paused') AND c.email LIKE \("%" + domain)
            ORDER BY c.id
            """
        ) { $0.id(0, of: Nouns.Contact.self) }.compactMap(\.self)
    }
}
