internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry

/// The times at which leads are looked at, and what became of those who were and of those who were not kept in touch
/// with: `tx.nurture`.
package struct NurtureStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var nurture: NurtureStore<Self> { NurtureStore(tx: self) }
}

/// The things that are hoped for of people.
enum NurtureGoal: String, Choice {
    case converted, replied, reactivated, referred
}

extension NurtureStore {
    /// Returns leads whose sequence is to be chosen, those first that are due longest. `isNew`: those alone for which
    /// that was never done.
    func due(isNew: Bool, limit: Int) throws -> [LeadID] {
        let new: SQL = isNew ? " AND decided_at IS NULL" : ""
        return try tx.all(
            """
            SELECT lead_id FROM nurture_leads
            WHERE tenant_id = \(tx.tenant) AND due_at IS NOT NULL AND due_at <= \(tx.now)\(new)
            ORDER BY due_at, lead_id LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }

    /// Returns some leads behind one, in the order of their ids.
    func leads(after lead: LeadID, limit: Int) throws -> [LeadID] {
        try tx.all(
            """
            SELECT lead_id FROM nurture_leads
            WHERE tenant_id = \(tx.tenant) AND lead_id > \(lead) ORDER BY lead_id LIMIT \(limit)
            """
        ) { LeadID($0, 0) }
    }

    /// Returns the leads of a contact.
    func leads(of contact: ContactID) throws -> [LeadID] {
        try tx.all(
            """
            SELECT lead_id FROM nurture_leads
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) ORDER BY lead_id LIMIT 100
            """
        ) { LeadID($0, 0) }
    }

    /// Returns how many people were drawn, and how many of them did what is hoped for.
    func counts(_ goal: NurtureGoal, heldOut: Bool) throws -> (hits: Int, count: Int) {
        let arm = Self.arm(heldOut)
        return (try tx.counters.find("\(arm).\(goal.rawValue)"), try tx.counters.find(arm))
    }

    static func arm(_ isHeldOut: Bool) -> String {
        isHeldOut ? "nurture.held_out" : "nurture.treated"
    }
}

extension NurtureStore where Base == Transaction {
    /// Has a lead's sequence chosen at some time; `nil`: not before something happens.
    func look(at lead: LeadID, of contact: ContactID?, due: Instant?) throws {
        try tx.run(
            putLead, [tx.tenant.sqlValue, lead.sqlValue, contact.sqlValue, due.sqlValue])
    }

    /// Records that a lead's sequence was chosen.
    func decided(_ lead: LeadID, of contact: ContactID?, due: Instant?) throws {
        try tx.run(
            """
            UPDATE nurture_leads SET contact_id = \(contact), due_at = \(due), decided_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead)
            """)
    }

    func forget(_ lead: LeadID) throws {
        try tx.run("DELETE FROM nurture_leads WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead)")
    }

    /// Has a lead looked at the next time, since it has changed.
    func wake(_ lead: LeadID) throws {
        try tx.run(
            """
            UPDATE nurture_leads SET due_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead) AND (due_at IS NULL OR due_at > \(tx.now))
            """)
    }

    /// Has the leads of a contact looked at the next time.
    func wake(of contact: ContactID) throws {
        try tx.run(
            """
            UPDATE nurture_leads SET due_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND (due_at IS NULL OR due_at > \(tx.now))
            """)
    }

    /// Has the leads with an address, or a number, looked at the next time.
    func wake(at address: String) throws {
        let contacts = try tx.all(
            """
            SELECT id FROM contacts
            WHERE tenant_id = \(tx.tenant) AND (email = \(address) OR phone = \(address))
            ORDER BY id LIMIT 100
            """
        ) { $0.id(0, of: Nouns.Contact.self) }
        for contact in contacts.compactMap(\.self) { try wake(of: contact) }
    }

    /// Counts that a person did what is hoped for, once.
    func reached(_ goal: NurtureGoal, by contact: ContactID) throws {
        let column: SQL =
            switch goal {
            case .converted: "converted_at"
            case .replied: "replied_at"
            case .reactivated: "reactivated_at"
            case .referred: "referred_at"
            }
        let heldOut = try tx.first(
            """
            UPDATE nurture_people SET \(column) = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact) AND \(column) IS NULL
            RETURNING held_out
            """
        ) { $0.bool(0) }
        if let heldOut { try tx.counters.count("\(Self.arm(heldOut)).\(goal.rawValue)", 1) }
    }

    /// Records that a lead has come back, once; answers false where that was recorded before.
    func reactivate(_ lead: LeadID) throws -> Bool {
        try tx.run(
            """
            UPDATE nurture_leads SET reactivated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND lead_id = \(lead) AND reactivated_at IS NULL
            """) > 0
    }
}

private let putLead = Statement(
    """
    INSERT INTO nurture_leads (tenant_id, lead_id, contact_id, due_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, lead_id)
    DO UPDATE SET contact_id = excluded.contact_id, due_at = excluded.due_at
    """)
