internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The content calendar: `tx.contentCalendar`.
package struct CalendarStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contentCalendar: CalendarStore<Self> { CalendarStore(tx: self) }
}

/// A slot with what fills it.
struct CalendarEntry: Sendable {
    enum Status: String, CaseIterable, Sendable { case empty, filled, sent }

    let slot: CalendarSlot
    let status: Status
    let item: (id: ContentItemID, title: String)?
    /// The choice of what is to fill it; `nil` where something has, or nothing waits.
    let choice: SlotChoice?

    var json: JSON {
        [
            "kind": "slot", "id": .null, "date": .string(slot.date.iso), "at": .null,
            "title": JSON(item?.title),
            "status": .string(status.rawValue), "scope": .string(slot.scope.rawValue),
            "type": .string(slot.type.rawValue), "theme": .string(slot.theme),
            "audience": .string(slot.audience.rawValue), "content_item_id": JSON(item?.id),
        ]
    }

    static let schema = JSON.schema(
        [
            "kind": [
                "enum": JSON(["slot", "key_date"] + PlannedEntry.Kind.allCases.map(\.rawValue)),
                "description":
                    "The kind of entry: a slot of a rule, a day of a country, or something that is planned.",
            ],
            "id": [
                "type": ["string", "null"],
                "description": "The planned record; null for slots and for days of a country.",
            ],
            "code": ["type": "string", "description": "Of a day of a country: which it is."],
            "date": ["type": "string", "format": "date"],
            "at": ["type": ["string", "null"], "description": "The moment, where there is one."],
            "title": [
                "type": ["string", "null"],
                "description": "The title; of a slot, that of the item that fills it.",
            ],
            "status": [
                "type": "string",
                "description": "Its status; of a slot: empty, filled or sent.",
            ],
            "client_id": ["type": ["string", "null"], "description": "The client that it is for."],
            "campaign_id": ["type": ["string", "null"], "description": "The campaign that it is part of."],
            "network": ["type": ["string", "null"], "description": "The network that a post is for."],
            "account_id": ["type": ["string", "null"], "description": "The account that a post is for."],
            "version": [
                "type": ["integer", "null"],
                "description": "The version of what is planned: name it in If-Match when it is moved.",
            ],
            "moves": [
                "type": "boolean",
                "description": "Whether it may be planned for another day; what has left stays.",
            ],
            "scope": [
                "enum": JSON(CalendarRule.Scope.choices),
                "description": "Of a slot: the rhythm of its rule.",
            ],
            "type": [
                "enum": JSON(ContentItem.Kind.choices), "description": "Of a slot: the type of content.",
            ],
            "theme": ["type": "string", "description": "Of a slot: what it is about, as its rule says."],
            "audience": [
                "enum": JSON(Distribution.Audience.choices),
                "description": "Of a slot: whether it is for fresh leads, or for all of them.",
            ],
            "content_item_id": [
                "type": ["string", "null"],
                "description": "Of a slot: the item that fills it, or is going to.",
            ],
        ], required: ["kind", "id", "date", "at", "title", "status"])
}

extension CalendarStore {
    /// More items than this are not looked at for what could fill slots.
    private static var itemsMax: Int { 2000 }

    /// Today, where the agency is.
    func today() throws -> CivilDate { try tx.agency.tenant().zone.local(of: tx.now).date }

    func slots() throws -> CalendarSlots {
        let rules = try CalendarRule.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 500", in: tx)
        let set = try tx.agentConfigurations.publishedValues(of: "lead_nurturing")?["week_five"]?.text
        return CalendarSlots(rules: rules, repeatsFourthWeek: set != "none")
    }

    /// Returns the slots from one day through another, each with what it was or will be filled with: the approved items
    /// of its type, the oldest first, each once.
    func entries(
        from first: CivilDate, through last: CivilDate, _ dependencies: ContentDependencies
    ) throws -> [CalendarEntry] {
        let today = try today(), slots = try slots()
        var sent: [String: (id: ContentItemID, title: String)] = [:]
        try tx.each(
            """
            SELECT s.date, s.rule_id, i.id, i.title FROM content_slots AS s
            JOIN content_items AS i ON i.tenant_id = s.tenant_id AND i.id = s.content_item_id
            WHERE s.tenant_id = \(tx.tenant) AND s.date >= \(min(first, today).iso) AND s.date <= \(last.iso)
            """
        ) { row in sent["\(row.text(0)) \(row.text(1))"] = (ContentItemID(row, 2), row.text(3)) }
        var waiting = Dictionary(grouping: try approved(dependencies), by: \.type)
        return slots.from(min(first, today), through: last).compactMap { slot in
            var entry = CalendarEntry(slot: slot, status: .empty, item: nil, choice: nil)
            if let item = sent["\(slot.date.iso) \(slot.rule.text)"] {
                entry = CalendarEntry(slot: slot, status: .sent, item: item, choice: nil)
            } else if slot.date >= today, let item = waiting[slot.type]?.first {
                let choice = SlotChoice(slot, waiting: (waiting[slot.type] ?? []).lazy.map(\.id))
                waiting[slot.type]?.removeFirst()
                entry = CalendarEntry(
                    slot: slot, status: .filled, item: (item.id, item.title), choice: choice)
            }
            return slot.date >= first ? entry : nil
        }
    }

    /// Returns the agency's own approved items that no distribution has taken yet, the oldest first. What is of a
    /// campaign that is over waits for nothing any more.
    private func approved(
        _ dependencies: ContentDependencies
    ) throws -> [(id: ContentItemID, title: String, type: ContentItem.Kind, campaign: CampaignID?)] {
        let items = try tx.all(
            """
            SELECT id, title, type, campaign_id FROM content_items
            WHERE tenant_id = \(tx.tenant) AND status = 'approved' AND format = 'message'
                AND client_id IS NULL
            ORDER BY id LIMIT \(Self.itemsMax)
            """
        ) { row in
            (
                id: ContentItemID(row, 0), title: row.text(1),
                type: ContentItem.Kind(rawValue: row.text(2)) ?? .educational,
                campaign: row.isNull(3) ? nil : CampaignID(row, 3)
            )
        }
        let over = try Set(items.compactMap(\.campaign)).filter {
            try dependencies.campaign(tx, $0) == .over
        }
        return items.filter { item in item.campaign.map { !over.contains($0) } ?? true }
    }

    fileprivate func hasContent() throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM content_items WHERE tenant_id = \(tx.tenant) AND client_id IS NULL")
    }
}

extension CalendarStore where Base == Transaction {
    /// Sends what fills today's slots, each once, as far as it may be sent; answers how many were begun. `decide`
    /// stores the choice and gives its decision; `nil`: it may not be sent.
    func sendToday(
        by actor: Actor, _ dependencies: ContentDependencies,
        _ decide: (ContentItem, ID<CalendarRule>, SlotChoice) throws -> DecisionID?
    ) throws -> Int {
        let today = try today()
        var begun = 0
        for entry in try entries(from: today, through: today, dependencies) where entry.status == .filled {
            guard let id = entry.item?.id, let choice = entry.choice,
                let item = try ContentItem.resource.find(id, in: tx),
                let decision = try decide(item, entry.slot.rule, choice)
            else { continue }
            let distribution = try tx.distributions.begin(
                item, to: item.segmentID, entry.slot.audience, over: .preferred, at: nil, by: actor,
                decision: decision)
            // An item that reached nobody may have been deleted: its slot is free again.
            try tx.run(
                """
                INSERT INTO content_slots (tenant_id, date, rule_id, content_item_id, distribution_id)
                VALUES (\(tx.tenant), \(today.iso), \(entry.slot.rule), \(id), \(distribution.id))
                ON CONFLICT (tenant_id, date, rule_id) DO UPDATE
                    SET content_item_id = excluded.content_item_id, distribution_id = excluded.distribution_id
                """)
            begun += 1
        }
        return begun
    }

    /// The kind of the alert about slots that nothing fills.
    static var missing: String { "content_missing" }
    /// The number of days ahead that people are told of.
    static var daysAhead: Int { 7 }

    /// Tells people of the first slot of the coming week that nothing fills; who writes no content is not told.
    func tellMissing(by agent: String, _ dependencies: ContentDependencies) throws {
        let today = try today(), last = today.adding(days: Self.daysAhead)
        let empty = try entries(from: today.adding(days: 1), through: last, dependencies)
            .filter { $0.status == .empty }
        guard let first = empty.first, try hasContent() else {
            try tx.alerts.resolve(kind: Self.missing, agent: agent)
            return
        }
        try tx.alerts.raise(
            kind: Self.missing, severity: .warning, agent: agent,
            title: Saying(
                "alert.content_missing",
                [
                    "count": .number(empty.count), "date": .text(first.slot.date.iso),
                    "theme": .text(first.slot.theme),
                ]),
            action: Saying("alert.content_missing_do"))
    }
}
