internal import ChangeSets
internal import Database
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Tenancy

/// Those whom a content item is for, a chunk at a time.
struct Recipients: Sendable {
    /// Reasons against writing to somebody that no waiting changes.
    private static let final: Set = [
        "no_address", "undeliverable", "unsubscribed", "suppressed", "no_consent", "in_sales_process",
        RecordHold.code, "unwanted_content",
    ]
    static let received = "already_received"
    /// Of members of a segment whom something for fresh leads is not for.
    private static let notFresh = "not_fresh"
    /// Of people whose words are too long for the only channel that reaches them.
    private static let tooLong = "too_long"
    /// Of people who were drawn to get nothing, for comparison.
    static let heldOut = "held_out"

    let item: ContentItem
    let segment: Segment?
    let audience: Distribution.Audience
    let way: Distribution.Way
    let outbox: Outbox

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
        return (try judged(rows, in: reader), rows.count == limit ? rows.last?.record : nil)
    }

    private func judged(_ rows: [SegmentReader], in reader: some Queryable) throws -> [Person] {
        let ids = Set(rows.compactMap(\.contact))
        let contacts = try Contact.resource.all(where: "id IN \(list: ids.map(\.text).sorted())", in: reader)
        let byID = Dictionary(contacts.map { ($0.id, $0) }) { first, _ in first }
        let tenant = try reader.agency.tenant()
        let kin = try outbox.dependencies.kin(reader, contacts.map(\.id))
        let reached = try reader.contentDeliveries.reachedPeople(
            of: contacts.map(\.id), kin, with: item.id)
        let fresh = try freshPeople(of: contacts, in: reader)
        let heldOut = try outbox.dependencies.heldOut(reader, contacts, kin)
        let chats =
            way == .preferred ? try outbox.channels.chats(for: contacts, .marketing, in: reader) : [:]
        func channel(for contact: Contact) -> Channel { way.channel ?? chats[contact.id] ?? .email }
        let lookups = try Dictionary(
            uniqueKeysWithValues: Dictionary(grouping: contacts, by: channel).map { channel, contacts in
                (channel, try SendabilityLookup(of: contacts, channel, outbox.dependencies, in: reader))
            })
        return try rows.map { row -> Person in
            guard let contact = row.contact.flatMap({ byID[$0] }) else {
                return Person(contact: nil, code: "no_address")
            }
            if row.isPutAway { return Person(contact: contact, code: SegmentStore<Reader>.putAway) }
            if reached.contains(contact.id) { return Person(contact: contact, code: Self.received) }
            if fresh?.contains(contact.id) == false { return Person(contact: contact, code: Self.notFresh) }
            let channel = channel(for: contact)
            let code = try refusal(of: contact, over: channel, tenant, lookups[channel], in: reader)
            let isLeftOut = code == nil && heldOut.contains(contact.id)
            return Person(contact: contact, code: isLeftOut ? Self.heldOut : code)
        }
    }

    /// Returns those of some members of a segment who are fresh leads; `nil` where that does not matter.
    private func freshPeople(of contacts: [Contact], in reader: some Queryable) throws -> Set<ContactID>? {
        guard audience == .fresh, segment != nil else { return nil }
        return Set(
            try reader.all(
                """
                SELECT contact_id FROM leads
                WHERE tenant_id = \(reader.tenant) AND contact_id IN \(list: contacts.map(\.id))
                    AND lifecycle_stage = 'fresh' AND merged_into IS NULL
                    AND status NOT IN ('archived', 'won')
                """
            ) { ContactID($0, 0) })
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
        of contact: Contact, over channel: Channel, _ tenant: Tenant, _ lookup: SendabilityLookup?,
        in reader: some Queryable
    ) throws -> String? {
        var question = Sendability.Question(contact, channel, .marketing)
        question.content = item.type.flatMap { Preference.Content(rawValue: $0.rawValue) }
        let sendability = try Sendability(
            lasting: question, outbox.dependencies, of: tenant, lookup, in: reader)
        let code = sendability.reasons.first { Self.final.contains($0.code) }?.code
        guard code == nil, channel != .email else { return code }
        let written = try item.written(to: contact, outbox.dependencies, in: reader)
        switch try outbox.channel(for: written, to: contact, over: way, best: channel, in: reader) {
        case channel: return nil
        case nil: return Self.tooLong
        case let other?: return try refusal(of: contact, over: other, tenant, nil, in: reader)
        }
    }

    /// The number of recipients that are planned in a transaction.
    static let chunk = 200
}

// MARK: Previews

extension Recipients {
    /// The number of people whom a preview looks at together.
    private static let page = 1000
    /// The number of such pages that are read at once: one would leave the other processors idle.
    private static let pagesAtOnce = 2

    /// A page of those whom it is for, judged, with the first of them as they would read it.
    private struct Page: Sendable {
        let number: Int
        var people: [(contact: ContactID?, code: String?)] = []
        var examples: [ContactID: JSON] = [:]
    }

    /// Counts whom it would reach, and shows it to the first of them as they would read it. Nothing is stored.
    func preview(for call: Call) async throws -> DistributionPreview {
        let pages = try await withThrowingTaskGroup(of: Page.self) { group in
            var place: String? = "", begun = 0, pages: [Page] = []
            func begin() throws {
                guard let after = place else { return }
                let rows = try call.read { try self.rows(after: after, limit: Self.page, in: $0) }
                place = rows.count == Self.page ? rows.last?.record : nil
                let number = begun
                begun += 1
                group.addTask { try call.read { try self.page(number, of: rows, in: $0) } }
            }
            for _ in 0..<Self.pagesAtOnce { try begin() }
            while let page = try await group.next() {
                pages.append(page)
                try begin()
            }
            return pages.sorted { $0.number < $1.number }
        }
        var preview = DistributionPreview(), seen: Set<ContactID> = []
        for page in pages {
            for person in page.people {
                preview.matched += 1
                let isKnown = person.contact.map { !seen.insert($0).inserted } ?? false
                if let code = isKnown ? Self.received : person.code {
                    preview.skipped.add(code)
                    continue
                }
                preview.wouldSend += 1
                guard preview.examples.count < DistributionPreview.examplesMax,
                    let example = person.contact.flatMap({ page.examples[$0] })
                else { continue }
                preview.examples.append(example)
            }
        }
        return preview
    }

    private func page(_ number: Int, of rows: [SegmentReader], in reader: Reader) throws -> Page {
        var page = Page(number: number)
        for person in try judged(rows, in: reader) {
            page.people.append((person.contact?.id, person.code))
            guard person.code == nil, page.examples.count < DistributionPreview.examplesMax,
                let contact = person.contact
            else { continue }
            let written = try item.written(to: contact, outbox.dependencies, in: reader)
            page.examples[contact.id] = [
                "contact_id": JSON(contact.id), "subject": .string(written.subject),
                "text": .string(MessageText.plain(written.body)),
            ]
        }
        return page
    }
}
