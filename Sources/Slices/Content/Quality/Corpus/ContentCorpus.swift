internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// Keeps what the agency has written so that it is found again: bands are noted as pieces are saved, and a piece that
/// was changed waits for the agent's next look.
struct ContentCorpusWatch: EventConsumer {
    private static let types: Set = ["content_item.created", "content_item.updated", "content_item.deleted"]

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        guard Self.types.contains(event.type), let id = event.subject.id(of: ContentItem.self) else { return }
        let whole = tx.unlimited
        guard let item = try ContentItem.resource.find(id, in: whole) else {
            return try whole.contentCorpus.forget(id)
        }
        let changed = JSON(stored: event.data)["changed"]?.array?.compactMap(\.text)
        if changed?.contains("body") ?? true { try whole.contentCorpus.note(item) }
        if changed.map({ !Self.read.isDisjoint(with: $0) }) ?? true { try whole.contentCorpus.queue(item) }
    }

    /// The members of an item that checks read.
    private static let read: Set = [
        "title", "body", "locale", "format", "client_id", "media", "claims", "sources",
    ]
}

/// The words of content items, by which likenesses are found: `tx.contentCorpus`.
struct ContentCorpusStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentCorpus: ContentCorpusStore<Self> { ContentCorpusStore(tx: self) }
}

extension ContentCorpusStore {
    /// The pieces that are compared with one: those with the most bands in common.
    private static var candidatesMax: Int { 20 }
    /// The newest pieces of one band, which are counted: where thousands share a passage, it tells nothing.
    private static var bandMax: Int { 200 }
    private static var shareMin: Double { 0.5 }

    /// Returns the pieces in which at least half of a piece's runs of words stand, too, the most alike first.
    func likenesses(to item: ContentItem) throws -> [QualityInput.Likeness] {
        guard let own = Shingles(ScannedText(item.body)) else { return [] }
        var bands: SQL = ""
        for (number, band) in own.bands.enumerated() {
            if number > 0 { bands += " UNION ALL " }
            bands += """
                SELECT content_item_id FROM (
                    SELECT content_item_id FROM content_bands
                    WHERE tenant_id = \(tx.tenant) AND band = \(band)
                    ORDER BY content_item_id DESC LIMIT \(Self.bandMax)
                ) AS band_\(trusted: "\(number)")
                """
        }
        let ids = try tx.all(
            """
            SELECT content_item_id FROM (\(bands)) AS found
            WHERE content_item_id <> \(item.id) GROUP BY content_item_id
            ORDER BY count(*) DESC, content_item_id DESC LIMIT \(Self.candidatesMax)
            """
        ) { $0.text(0) }
        guard !ids.isEmpty else { return [] }
        let items = try ContentItem.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: tx)
        return items.compactMap { other -> QualityInput.Likeness? in
            guard let runs = Shingles(ScannedText(other.body)) else { return nil }
            let (share, place) = own.likeness(to: runs)
            guard share >= Self.shareMin else { return nil }
            return QualityInput.Likeness(id: "\(other.id)", share: share, place: place)
        }.sorted { ($1.share, $0.id) < ($0.share, $1.id) }
    }
}

extension ContentCorpusStore where Base == Transaction {
    /// Notes the bands of a piece, in place of those that it had.
    func note(_ item: ContentItem) throws {
        try tx.run(
            "DELETE FROM content_bands WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id)")
        guard let shingles = Shingles(ScannedText(item.body)) else { return }
        let rows = Set(shingles.bands).sorted().map {
            [tx.tenant.sqlValue, $0.sqlValue, item.id.sqlValue]
        }
        try tx.run(insertBands, rows)
    }

    /// Lets a piece wait for the agent's next look.
    func queue(_ item: ContentItem) throws {
        try tx.run(
            """
            INSERT INTO content_unchecked (tenant_id, content_item_id) VALUES (\(tx.tenant), \(item.id))
            ON CONFLICT (tenant_id, content_item_id) DO NOTHING
            """)
    }

    /// Forgets a piece that was deleted.
    func forget(_ id: ContentItemID) throws {
        try tx.run(
            "DELETE FROM content_bands WHERE tenant_id = \(tx.tenant) AND content_item_id = \(id)")
        try tx.run(
            "DELETE FROM content_unchecked WHERE tenant_id = \(tx.tenant) AND content_item_id = \(id)")
        try tx.run(
            "DELETE FROM content_overrides WHERE tenant_id = \(tx.tenant) AND content_item_id = \(id)")
    }
}

private let insertBands = RowsStatement(
    "INSERT INTO content_bands (tenant_id, band, content_item_id)", columns: 3)
