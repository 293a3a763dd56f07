internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

extension FactStore where Base == Transaction {
    /// Returns a fact, and the record's sheet that it is of. Throws `notFound` where the caller cannot see the record.
    func known(_ id: ID<Fact>) throws -> (fact: Fact, sheet: FactSheet) {
        if let fact = try Fact.resource.find(id, in: tx.unlimited) {
            let sheet = try sheet(of: fact.subject, tx.runtime)
            guard let judged = sheet.facts.first(where: { $0.id == id }) else { throw Problem(.notFound) }
            return (judged, sheet)
        }
        for records in ["lead", "company"].compactMap({ tx.runtime.records.records(ofType: $0) }) {
            for field in records.fields where !field.isReadOnly {
                let subject = Subject(
                    type: records.noun, id: "\(records.prefix)_\(id.value.turned(by: field.name))")
                guard try isThere(subject, in: records.table) else { continue }
                let sheet = try sheet(of: subject, tx.runtime)
                if let fact = sheet.current(field.name) { return (fact, sheet) }
            }
        }
        throw Problem(.notFound)
    }

    private func isThere(_ subject: Subject, in table: String) throws -> Bool {
        try tx.exists("SELECT 1 FROM \(trusted: table) WHERE tenant_id = \(tx.tenant) AND id = \(subject.id)")
    }

    /// Lets a record show a fact, which counts as the person's own from then on; the one that it showed stands beside
    /// it.
    func accept(_ id: ID<Fact>, by actor: Actor) throws -> Fact {
        let (known, sheet) = try known(id)
        guard known.row > 0 else { return known }
        if let shown = sheet.shown(known.field), shown.id != known.id {
            var old = shown.stored(tx)
            if old.status == .current { old.status = .alternative }
            try save(old)
        }
        var fact = known
        (fact.status, fact.acceptedAt, fact.expiresAt) = (.current, tx.now, nil)
        (fact.reason, fact.changeSetID) = (nil, nil)
        if sheet.columns.contains(fact.field) {
            let record = try change(fact.subject, [fact.field: fact.value], by: actor)
            fact.value = record[fact.field] ?? fact.value
        }
        try save(fact)
        // The facts that contradicted it stand beside it: there is nothing left to decide.
        for other in sheet.facts(of: fact.field) where other.id != fact.id && other.status == .disputed {
            var settled = other
            settled.status = .alternative
            try save(settled)
        }
        try tell("fact.accepted", fact, by: actor)
        return fact
    }

    /// Takes a fact out for good: the same value of the same source does not come back. A record that shows it is left
    /// without a value.
    func reject(_ id: ID<Fact>, because reason: String, by actor: Actor) throws -> Fact {
        let (known, sheet) = try known(id)
        guard known.status != .rejected else { return known }
        let isShown = sheet.shown(known.field)?.id == known.id
        var fact = known.stored(tx)
        (fact.status, fact.reason, fact.acceptedAt, fact.expiresAt) = (.rejected, reason, nil, nil)
        if isShown, sheet.columns.contains(fact.field) {
            let isList = sheet.record[fact.field]?.array != nil
            _ = try change(fact.subject, [fact.field: isList ? [] : .null], by: actor)
        }
        try save(fact)
        try tell("fact.rejected", fact, by: actor)
        return fact
    }

    private func change(_ subject: Subject, _ fields: JSONObject, by actor: Actor) throws -> JSON {
        guard let records = tx.runtime.records.records(of: subject.id) else { throw Problem(.notFound) }
        return try records.update(subject.id, fields, actor, tx)
    }

    private func tell(_ event: String, _ fact: Fact, by actor: Actor) throws {
        let data: JSONObject = [
            "field": .string(fact.field), "subject": fact.subject.json,
            "source": .string(fact.source.name),
        ]
        try tx.auditLog.add(
            actor, event, Subject(fact.id), .object(data))
        try tx.unlimited.publish(event, Subject(fact.id), .object(data))
    }
}
