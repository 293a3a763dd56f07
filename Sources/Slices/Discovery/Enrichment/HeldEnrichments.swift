internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Lets enrichments go on that bad data has held back, as soon as it is mended.
struct HeldEnrichments: EventConsumer {
    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard event.type == "record.released",
            JSON(stored: event.data)["use"]?.text == RecordUse.enrichment.rawValue
        else { return }
        try tx.enrichment.startSoon()
    }
}

extension Lead {
    /// Returns what stops asking outside sources about the lead: bad data of its own, its company's or its person's.
    func enrichmentHold(in reader: some Queryable) throws -> RecordHold? {
        let ids = [id.keyText, companyID?.keyText, contactID?.keyText].compactMap(\.self)
        return try reader.recordHolds.first(of: ids, for: .enrichment)
    }
}

extension RecordHold {
    /// The hold as the result of a run has it. What is wrong in words is told by the issue: it may name a person.
    var json: JSON {
        ["reason": .string(Self.code), "subject": subject.json, "field": .string(field)]
    }

    func json(of lead: LeadID) -> JSON { json.merging(["lead_id": JSON(lead)]) }
}

extension EnrichmentStore where Base == Transaction {
    /// Keeps an enrichment that somebody has asked for until nothing holds it back any more; the latest one counts.
    func keep(_ parameters: JSON, of lead: LeadID) throws {
        let text = parameters.serialized
        try tx.run(
            """
            INSERT INTO held_enrichments (tenant_id, lead_id, parameters) VALUES (\(tx.tenant), \(lead), \(text))
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET parameters = excluded.parameters
            """)
    }

    /// Returns the enrichments that were asked for and that nothing holds back any more; they are kept no longer.
    func takeReleased(_ limit: Int) throws -> [JSON] {
        let isFree = tx.recordHolds.noneStops(
            .enrichment, of: "held_enrichments.lead_id, leads.company_id, leads.contact_id")
        let found = try tx.all(
            """
            SELECT held_enrichments.lead_id, held_enrichments.parameters FROM held_enrichments
            JOIN leads ON leads.tenant_id = held_enrichments.tenant_id AND leads.id = held_enrichments.lead_id
            WHERE held_enrichments.tenant_id = \(tx.tenant) AND \(isFree)
            ORDER BY held_enrichments.lead_id LIMIT \(limit)
            """
        ) { (lead: $0.text(0), parameters: JSON(stored: $0.text(1))) }
        guard !found.isEmpty else { return [] }
        try tx.run(
            """
            DELETE FROM held_enrichments
            WHERE tenant_id = \(tx.tenant) AND lead_id IN \(list: found.map(\.lead))
            """)
        return found.map(\.parameters)
    }
}
