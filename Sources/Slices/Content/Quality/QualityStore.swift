internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The judgements of content: `tx.contentQuality`.
package struct ContentQualityStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var contentQuality: ContentQualityStore<Self> { ContentQualityStore(tx: self) }
}

extension ContentQualityStore {
    /// The brand that an item is checked by: its client's, or else the agency's own; of several the newest.
    func brand(of client: ClientID?) throws -> Brand? {
        let newest = "ORDER BY id DESC LIMIT 1" as SQL
        if let client,
            let own = try Brand.resource.all(where: "client_id = \(client)", suffix: newest, in: tx).first
        {
            return own
        }
        return try Brand.resource.all(where: "client_id IS NULL", suffix: newest, in: tx).first
    }

    /// Returns the industry and the country of a client, as far as its lead tells them.
    func trade(of client: ClientID) throws -> (industry: String?, country: String?) {
        try tx.first(
            """
            SELECT l.industry, l.country FROM clients AS c
            JOIN leads AS l ON l.tenant_id = c.tenant_id AND l.id = c.lead_id
            WHERE c.tenant_id = \(tx.tenant) AND c.id = \(client)
            """
        ) { ($0.optionalText(0), $0.optionalText(1)) } ?? (nil, nil)
    }

    /// The members of a segment that are asked where they are, and the countries that count.
    private static var readersMax: Int { 2000 }
    private static var countriesMax: Int { 10 }

    /// Returns the countries whose people read an item: the client's and those of its segment, or else the one that its
    /// language names.
    func countries(of item: ContentItem, client: String?) throws -> [String] {
        var found = Set([client].compactMap(\.self))
        if let id = item.segmentID, let segment = try Segment.resource.find(id, in: tx) {
            found.formUnion(try countries(of: segment))
        }
        if found.isEmpty, let region = item.locale?.split(separator: "-").last, region.utf8.count == 2,
            region != item.locale?.prefix(2)
        {
            found = [region.uppercased()]
        }
        return found.sorted()
    }

    /// The most frequent countries of a segment's members.
    private func countries(of segment: Segment) throws -> [String] {
        let place: SQL =
            switch segment.kind {
            case .leads: "JOIN leads AS p ON p.tenant_id = m.tenant_id AND p.id = m.record_id"
            case .contacts: "JOIN contacts AS p ON p.tenant_id = m.tenant_id AND p.id = m.record_id"
            case .clients:
                """
                JOIN clients AS c ON c.tenant_id = m.tenant_id AND c.id = m.record_id
                JOIN leads AS p ON p.tenant_id = c.tenant_id AND p.id = c.lead_id
                """
            }
        return try tx.all(
            """
            SELECT p.country, count(*) AS people FROM (
                SELECT tenant_id, record_id FROM segment_members
                WHERE tenant_id = \(tx.tenant) AND segment_id = \(segment.id)
                ORDER BY record_id LIMIT \(Self.readersMax)
            ) AS m
            """ + " " + place + """

                WHERE p.country IS NOT NULL
                GROUP BY p.country ORDER BY people DESC, p.country LIMIT \(Self.countriesMax)
                """
        ) { $0.text(0) }
    }

    /// The pieces that a voice is learnt from, and those that are looked through for them.
    private static var voicesMax: Int { 20 }
    private static var lookBack: Int { 60 }

    /// Returns how the pieces are written that were accepted last, in the voice of this one.
    func voice(of item: ContentItem) throws -> VoiceProfile? {
        let accepted = try ContentItem.resource.all(
            where: "status IN ('approved', 'published')", suffix: "ORDER BY id DESC LIMIT \(Self.lookBack)",
            in: tx)
        let texts = accepted.filter { $0.id != item.id && $0.sharesVoice(with: item) }
            .prefix(Self.voicesMax).map { ScannedText($0.body) }
        return VoiceProfile(Array(texts), in: TextLanguage.of(QualityInput(item)))
    }

    /// The number of pieces from which no more can be learnt of a code.
    private static var passedMax: Int { 20 }

    /// Returns in how many pieces people have let the findings of each code pass.
    func passed() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for code in QualityFinding.Code.allCases {
            let count = try tx.first(
                """
                SELECT count(*) FROM (
                    SELECT DISTINCT content_item_id FROM content_overrides
                    WHERE tenant_id = \(tx.tenant) AND code = \(code.rawValue) LIMIT \(Self.passedMax)
                ) AS passed
                """
            ) { $0.int(0) }
            if let count, count > 0 { counts[code.rawValue] = count }
        }
        return counts
    }

    /// Looks the words of an item up. A word that people have let pass in another piece is right.
    func spelling(of item: ContentItem, by brand: BrandRules?) throws -> QualityInput.Spelling {
        var spelling = try spelt(item, by: brand).spelling
        let passed = try passedElsewhere(
            spelling.faults.map { SpellingCheck.mark(of: $0.word) }, than: item.id)
        spelling.faults.removeAll { passed.contains(SpellingCheck.mark(of: $0.word)) }
        return spelling
    }

    /// The words of an item that are looked up. Names of the brand, the client and the agency are right.
    private func spelt(_ item: ContentItem, by brand: BrandRules?) throws -> SpeltText {
        var names = [try tx.agency.tenant().name, brand?.name].compactMap(\.self)
        names += brand?.preferred.map(\.use) ?? []
        if let client = item.brandClient, let name = try clientName(client) { names.append(name) }
        // A country's own spelling counts where the piece names the country.
        return SpeltText(
            body: item.body, language: item.locale ?? TextLanguage.of(QualityInput(item)),
            own: Set(names.flatMap { ScannedText($0).words }))
    }

    private func clientName(_ client: ClientID) throws -> String? {
        try tx.first(
            "SELECT name FROM clients WHERE tenant_id = \(tx.tenant) AND id = \(client)"
        ) { $0.text(0) }
    }

    private func passedElsewhere(_ marks: [String], than item: ContentItemID) throws -> Set<String> {
        guard !marks.isEmpty else { return [] }
        return Set(
            try tx.all(
                """
                SELECT DISTINCT mark FROM content_overrides
                WHERE tenant_id = \(tx.tenant) AND code = \(QualityFinding.Code.spelling.rawValue)
                    AND mark IN \(list: marks) AND content_item_id <> \(item)
                """
            ) { $0.text(0) })
    }

    /// Returns some of the items that wait for a look.
    func unchecked(limit: Int) throws -> [ContentItem] {
        let ids = try tx.all(
            """
            SELECT content_item_id FROM content_unchecked WHERE tenant_id = \(tx.tenant)
            ORDER BY content_item_id LIMIT \(limit)
            """
        ) { $0.text(0) }
        guard !ids.isEmpty else { return [] }
        return try ContentItem.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: tx)
    }
}

extension ContentQualityStore where Base == Reader {
    /// Returns the words of an item that are looked up once the read is over, and before the write that judges it: by
    /// what the agency knows, whatever part of that the caller may see.
    func spelt(_ id: ContentItemID) throws -> SpeltText? {
        let whole = tx.limited(by: nil).contentQuality
        return try ContentItem.resource.find(id, in: tx).map { item in
            try whole.spelt(item, by: whole.brand(of: item.brandClient)?.rules)
        }
    }
}

extension ContentQualityStore where Base == Transaction {
    /// Returns all that an item is judged by. Pieces that the caller may not read are not told of. Spelling is left
    /// out by those who ask for findings of another kind.
    func input(for item: ContentItem, withSpelling: Bool = true) throws -> QualityInput {
        var input = QualityInput(item)
        let whole = tx.unlimited
        input.brand = try whole.contentQuality.brand(of: item.brandClient)?.rules
        input.voice = try whole.contentQuality.voice(of: item)
        input.passed = try whole.contentQuality.passed()
        input.overridden = try whole.qualityOverrides.marks(of: item.id)
        input.likenesses = try tx.contentCorpus.likenesses(to: item)
        input.deadLinks = try whole.contentLinks.dead(in: item.body)
        input.faintWords = try whole.pictureWords.faint(in: item)
        if withSpelling { input.spelling = try whole.contentQuality.spelling(of: item, by: input.brand) }
        if let client = item.brandClient {
            (input.industry, input.country) = try whole.contentQuality.trade(of: client)
        }
        input.countries = try whole.contentQuality.countries(of: item, client: input.country)
        return input
    }

    /// Judges an item on the spot, keeps the report with it, and stores the decision: one for each input.
    func check(_ item: ContentItem) throws -> JSON {
        let input = try input(for: item), report = QualityReport(input)
        let agent = try tx.runtime.agents.definition(QualityReport.agent)
        let made = try tx.decisions.conclude(
            for: QualityReport.agent, on: "check/\(input.fingerprint)", item.subject,
            report.conclusion(from: input), under: tx.agentConfigurations.published(agent).version)
        return try keep(report, made.id, of: item)
    }

    /// Keeps a report with its item. It is no change of the item: what was approved stays so.
    @discardableResult
    func keep(_ report: QualityReport, _ decision: DecisionID, of item: ContentItem) throws -> JSON {
        let quality = report.json.merging([
            "checked_at": .string(tx.now.description), "of_version": JSON(item.version),
            "decision_id": JSON(decision),
        ])
        try tx.run(
            """
            UPDATE content_items SET quality = \(quality.serialized)
            WHERE tenant_id = \(tx.tenant) AND id = \(item.id)
            """)
        try letGo(item)
        try tx.contentLinks.ask(of: item)
        try tx.pictureWords.ask(of: item)
        return quality
    }

    /// Lets an item wait for no look any more.
    func letGo(_ item: ContentItem) throws {
        try tx.run(
            "DELETE FROM content_unchecked WHERE tenant_id = \(tx.tenant) AND content_item_id = \(item.id)")
    }
}
