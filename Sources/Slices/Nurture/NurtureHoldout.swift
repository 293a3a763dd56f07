internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records

/// Whom nurture leaves alone for comparison, and with it all that is written to many.
extension NurtureStore {
    /// Returns those of some people who get nothing: whoever was drawn for that as any of the contacts that they are
    /// (`kin`), or will be when their sequence is chosen.
    func heldOut(of contacts: [Contact], _ kin: [ContactID: Set<ContactID>]) throws -> Set<ContactID> {
        let drawn = try drawnOut(of: contacts, kin)
        let others = contacts.filter { $0.heldOut == nil }.map(\.id)
        guard !others.isEmpty, let percent = try percent() else { return drawn }
        return drawn.union(try undrawn(of: others).filter { isDrawn($0, percent: percent) })
    }

    /// Returns those of some people who were drawn to get nothing, as any of the contacts that they are. Clients hear
    /// of what is for them.
    func drawnOut(of contacts: [Contact], _ kin: [ContactID: Set<ContactID>]) throws -> Set<ContactID> {
        let asked = Set(contacts.map(\.id)), others = Set(kin.values.joined()).subtracting(asked)
        var all = contacts
        if !others.isEmpty {
            all += try Contact.resource.all(where: "id IN \(list: others.map(\.text).sorted())", in: tx)
        }
        let out = Set(all.filter { $0.heldOut == true }.map(\.id))
        let clients = Set(all.filter { $0.clientID != nil }.map(\.id))
        return asked.filter { id in
            let person = (kin[id] ?? []).union([id])
            return !person.isDisjoint(with: out) && person.isDisjoint(with: clients)
        }
    }

    /// The share of people who get nothing; `nil` where nurture is not at work, so that nobody is drawn.
    private func percent() throws -> Int? {
        let agent = EngagementWeights.agent
        guard try tx.agents.storedState(of: agent) == .active else { return nil }
        let set = try tx.agentConfigurations.publishedValues(of: agent)?["holdout_percent"]?.int
        return set.map { Int($0) } ?? NurtureSettings().holdoutPercent
    }

    /// Returns those of some people who are leads, no clients, and were not drawn yet.
    fileprivate func undrawn(of contacts: [ContactID]) throws -> [ContactID] {
        try tx.all(
            """
            SELECT c.id FROM contacts AS c
            WHERE c.tenant_id = \(tx.tenant) AND c.id IN \(list: contacts) AND c.held_out IS NULL
                AND c.client_id IS NULL AND EXISTS (
                    SELECT 1 FROM leads AS l
                    WHERE l.tenant_id = \(tx.tenant) AND l.contact_id = c.id AND l.merged_into IS NULL
                        AND l.status NOT IN ('archived', 'won') AND NOT EXISTS (
                            SELECT 1 FROM clients AS k
                            WHERE k.tenant_id = \(tx.tenant) AND (k.lead_id = l.id OR k.contact_id = c.id)))
            """
        ) { ContactID($0, 0) }
    }

    fileprivate func isDrawn(_ contact: ContactID, percent: Int) -> Bool {
        StableDraw.isDrawn("\(contact)", seed: "nurture \(tx.tenant)", percent: percent)
    }
}

extension NurtureStore where Base == Transaction {
    /// Draws whether a person gets nothing, once for ever: the same however often it is asked.
    func draw(_ contact: Contact, percent: Int) throws -> Bool {
        if let known = contact.heldOut { return known }
        let isHeldOut = isDrawn(contact.id, percent: percent)
        try keep(isHeldOut, of: [contact.id])
        return isHeldOut
    }

    /// Draws people whom something else reaches before their sequence is chosen: who is held out afterwards would have
    /// been written to.
    func draw(_ contacts: [ContactID]) throws {
        guard !contacts.isEmpty, let percent = try percent() else { return }
        let people = try undrawn(of: contacts)
        for isHeldOut in [false, true] {
            try keep(isHeldOut, of: people.filter { isDrawn($0, percent: percent) == isHeldOut })
        }
    }

    private func keep(_ isHeldOut: Bool, of contacts: [ContactID]) throws {
        guard !contacts.isEmpty else { return }
        try tx.contacts.keep(heldOut: isHeldOut, of: contacts)
        let added = try tx.run(
            """
            INSERT INTO nurture_people (tenant_id, contact_id, held_out, drawn_at)
            SELECT tenant_id, id, \(isHeldOut), \(tx.now) FROM contacts
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: contacts)
            ON CONFLICT (tenant_id, contact_id) DO NOTHING
            """)
        if added > 0 { try tx.counters.count(Self.arm(isHeldOut), added) }
    }
}

/// The answers about whom nurture leaves alone.
func answerMessages(_ dependencies: inout MessagingDependencies) {
    dependencies.heldOut = { reader, contacts, kin in
        try reader.reading.nurture.heldOut(of: contacts, kin)
    }
    dependencies.draw = { tx, contacts in try tx.nurture.draw(contacts) }
}
