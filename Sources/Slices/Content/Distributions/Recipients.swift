internal import ChangeSets
internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Tenancy

/// Those whom a content item is for, a chunk at a time.
struct Recipients: Sendable {
    /// Reasons against writing to somebody that no waiting changes.
    private static let final: Set = [
        "no_address", "undeliverable", "unsubscribed", "suppressed", "no_consent", "in_sales_process",
        RecordHold.code, "unwanted_content",
    ]
    static let received = "already_received"
    /// Of people who were drawn to get nothing, for comparison.
    private static let heldOut = "held_out"

    let item: ContentItem
    let segment: Segment?
    let audience: Distribution.Audience
    let channel: Channel
    let dependencies: MessagingDependencies

    /// Somebody whom it is for, and the code of the reason why they do not get it.
    struct Person: Sendable {
        let contact: Contact?
        let code: String?
    }

    /// Returns the people behind a place, each judged, and the next place, where more may follow.
    func people(
        after place: String, limit: Int, in reader: some Queryable
    ) throws -> (people: [Person], next: String?) {
        let rows = try rows(after: place, limit: limit, in: reader)
        let ids = Set(rows.compactMap(\.contact))
        let contacts = try Contact.resource.all(where: "id IN \(list: ids.map(\.text).sorted())", in: reader)
        let byID = Dictionary(contacts.map { ($0.id, $0) }) { first, _ in first }
        let tenant = try reader.agency.tenant()
        let reached = try reader.content.reachedPeople(of: contacts.map(\.id), with: item.id)
        let lookup = try SendabilityLookup(of: contacts, channel, dependencies, in: reader)
        let people = try rows.map { row -> Person in
            guard let contact = row.contact.flatMap({ byID[$0] }) else {
                return Person(contact: nil, code: "no_address")
            }
            if row.isPutAway { return Person(contact: contact, code: SegmentStore<Reader>.putAway) }
            if reached.contains(contact.id) { return Person(contact: contact, code: Self.received) }
            return Person(contact: contact, code: try refusal(of: contact, tenant, lookup, in: reader))
        }
        return (people, rows.count == limit ? rows.last?.record : nil)
    }

    private func rows(
        after place: String, limit: Int, in reader: some Queryable
    ) throws -> [SegmentReader] {
        if let segment { return try reader.segments.readers(of: segment, after: place, limit: limit) }
        let fresh: SQL = audience == .fresh ? "AND lifecycle_stage = 'fresh' " : ""
        return try reader.all(
            """
            SELECT id, contact_id FROM leads
            WHERE tenant_id = \(reader.tenant) AND id > \(place) AND merged_into IS NULL
                AND status NOT IN ('archived', 'won') \(fresh)ORDER BY id LIMIT \(limit)
            """
        ) { SegmentReader(record: $0.text(0), contact: $0.id(1, of: Nouns.Contact.self)) }
    }

    private func refusal(
        of contact: Contact, _ tenant: Tenant, _ lookup: SendabilityLookup, in reader: some Queryable
    ) throws -> String? {
        if contact.heldOut == true, contact.clientID == nil { return Self.heldOut }
        var question = Sendability.Question(contact, channel, .marketing)
        question.content = item.type.flatMap { Preference.Content(rawValue: $0.rawValue) }
        let sendability = try Sendability(lasting: question, dependencies, of: tenant, lookup, in: reader)
        return sendability.reasons.first { Self.final.contains($0.code) }?.code
    }

    /// Counts whom it would reach, and shows it to the first of them as they would read it. Nothing is stored.
    func preview(in reader: some Queryable) throws -> DistributionPreview {
        var preview = DistributionPreview(), place: String? = "", seen: Set<ContactID> = []
        while let after = place {
            let (people, next) = try people(after: after, limit: Self.page, in: reader)
            for person in people {
                preview.matched += 1
                let isKnown = person.contact.map { !seen.insert($0.id).inserted } ?? false
                if let code = isKnown ? Self.received : person.code {
                    preview.skipped.add(code)
                    continue
                }
                preview.wouldSend += 1
                guard preview.examples.count < DistributionPreview.examplesMax, let contact = person.contact
                else { continue }
                let written = try item.written(to: contact, dependencies, in: reader)
                preview.examples.append(
                    [
                        "contact_id": JSON(contact.id), "subject": .string(written.subject),
                        "text": .string(MessageText.plain(written.body)),
                    ])
            }
            place = next
        }
        return preview
    }

    /// How many are planned in a transaction, and how many a preview looks at together.
    static let chunk = 200
    private static let page = 1000
}
