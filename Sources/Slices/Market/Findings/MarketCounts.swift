internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The agency's numbers, gathered once for a run, and the questions that they allow.
struct MarketCounts: Sendable {
    private static let evidenceMax = 5
    let leads: [MarketLead], outcomes: [MarketLead], deals: [MarketDeal]
    let services: [MarketService]
    let deliveries: [LeadID: MarketDelivery]
    let posts: [MarketActivity]
    let now: Instant, today: CivilDate, zone: TimeZoneRules
    let settings: MarketSettings

    init(_ dependencies: MarketDependencies, _ settings: MarketSettings, in reader: Reader) throws {
        let day = Duration.seconds(86_400), tenant = try reader.agency.tenant()
        (self.settings, now, zone) = (settings, reader.now, tenant.zone)
        today = tenant.zone.local(of: reader.now).date
        // Seasons need whole years.
        leads = try dependencies.leads(reader, now - day * 1826)
        outcomes = try dependencies.outcomes(reader, now - day * 730)
        deals = try dependencies.deals(reader, now - day * 730)
        services = try dependencies.services(reader)
        deliveries = try dependencies.deliveries(reader, now - day * 730)
        posts = try reader.market.activity(since: now - day * (settings.windowDays * 2), limit: 20_000)
            .filter { $0.type == .post }
    }

    /// All questions that there are numbers for; each knows how many of its kind are asked.
    var cases: [MarketCase] {
        [trends, MarketSeasons(self).cases, segments, gaps].flatMap { kind in
            kind.map { asked in
                var asked = asked
                asked.tests = kind.count
                return asked
            }
        }
    }

    static func evidence(_ leads: some Sequence<MarketLead>) -> [JSON] {
        leads.prefix(evidenceMax).map { ["type": "lead", "id": JSON($0.id)] }
    }

    static func evidence(_ posts: some Sequence<MarketActivity>) -> [JSON] {
        posts.prefix(evidenceMax).map {
            ["url": .string($0.url ?? $0.sourceURL), "quote": .string($0.title)]
        }
    }

    // MARK: Trends

    private var trends: [MarketCase] {
        let window = Duration.seconds(Int64(settings.windowDays) * 86_400)
        // Nothing is compared with days in which nobody was counting yet.
        guard let first = leads.last?.at, first <= now - window * 2 else { return topics(window) }
        let late = leads.filter { $0.at > now - window }
        let early = leads.filter { $0.at > now - window * 2 && $0.at <= now - window }
        var all = MarketCase(.trend, "all", "leads")
        (all.here, all.there) = (Share(late.count, of: late.count), Share(early.count, of: early.count))
        all.evidence = Self.evidence(late)
        return [all] + byIndustry(late, early) + byNeed(late, early) + topics(window)
    }

    private func byIndustry(_ late: [MarketLead], _ early: [MarketLead]) -> [MarketCase] {
        let known = Dictionary(grouping: late) { $0.industry?.trimmed.lowercased() ?? "" }
        let before = Dictionary(grouping: early) { $0.industry?.trimmed.lowercased() ?? "" }
        let (lateCount, earlyCount) = (
            late.count - (known[""]?.count ?? 0), early.count - (before[""]?.count ?? 0)
        )
        return Set(known.keys).union(before.keys).subtracting([""]).sorted().compactMap { industry in
            let (hits, earlier) = (known[industry] ?? [], before[industry] ?? [])
            guard hits.count + earlier.count >= settings.casesMin else { return nil }
            var asked = MarketCase(.trend, "industry", industry)
            asked.here = Share(hits.count, of: lateCount)
            asked.there = Share(earlier.count, of: earlyCount)
            asked.evidence = Self.evidence(hits.isEmpty ? earlier : hits)
            return asked
        }
    }

    /// The needs that leads name, each with its share of those that name any: how many do depends on who asks them.
    private func byNeed(_ late: [MarketLead], _ early: [MarketLead]) -> [MarketCase] {
        let (lateCount, earlyCount) = (late.count { !$0.needs.isEmpty }, early.count { !$0.needs.isEmpty })
        guard lateCount >= settings.casesMin, earlyCount >= settings.casesMin else { return [] }
        let (known, before) = (named(by: late), named(by: early))
        return Set(known.keys).union(before.keys).sorted().compactMap { need in
            let (hits, earlier) = (known[need] ?? [], before[need] ?? [])
            guard hits.count + earlier.count >= settings.casesMin else { return nil }
            var asked = MarketCase(.trend, "need", need)
            asked.here = Share(hits.count, of: lateCount)
            asked.there = Share(earlier.count, of: earlyCount)
            asked.evidence = Self.evidence(hits.isEmpty ? earlier : hits)
            return asked
        }
    }

    /// The leads that name each need, in a few words, or one of the agency's topics.
    private func named(by leads: [MarketLead]) -> [String: [MarketLead]] {
        let topics = settings.topics.map { TextFolding.fold($0).trimmed }
        var named: [String: [MarketLead]] = [:]
        for lead in leads {
            let needs = lead.needs.map { TextFolding.fold($0).trimmed }
            let counted =
                needs.filter { $0.split(separator: " ").count <= 6 }
                + topics.filter { topic in needs.contains { $0.contains(topic) } }
            for need in Set(counted) { named[need, default: []].append(lead) }
        }
        return named
    }

    /// The topics that feeds write about, each with its share of entries.
    private func topics(_ window: Duration) -> [MarketCase] {
        let late = posts.filter { $0.at > now - window }, early = posts.filter { $0.at <= now - window }
        guard late.count >= settings.casesMin, early.count >= settings.casesMin else { return [] }
        return topicNames.compactMap { topic in
            let (hits, before) = (late.filter { $0.tells(of: topic) }, early.filter { $0.tells(of: topic) })
            guard hits.count + before.count >= settings.casesMin else { return nil }
            var asked = MarketCase(.trend, "topic", topic)
            asked.here = Share(hits.count, of: late.count)
            asked.there = Share(before.count, of: early.count)
            asked.evidence = Self.evidence(hits.isEmpty ? before : hits)
            return asked
        }
    }

    private var topicNames: [String] {
        Set((settings.topics + services.map(\.name)).map { TextFolding.fold($0).trimmed }).filter {
            !$0.isEmpty
        }
        .sorted()
    }

    // MARK: Gaps

    private var gaps: [MarketCase] {
        let telling = leads.filter { $0.at > now - .seconds(365 * 86_400) && !$0.needs.isEmpty }
        let offers = services.map { TextFolding.fold($0.name + " " + $0.text) }
        return named(by: telling).filter { need, leads in
            leads.count >= settings.casesMin && !offers.contains { Self.covers($0, need) }
        }.sorted { $0.key < $1.key }.map { need, leads in
            var asked = MarketCase(.gap, "need", need)
            asked.here = Share(leads.count, of: telling.count)
            // A competitor who writes of it offers what we do not.
            let rivals = posts.filter { $0.competitorID != nil && $0.tells(of: need) }
            asked.evidence = Self.evidence(leads) + Self.evidence(rivals)
            return asked
        }
    }

    /// Returns whether an offer has all the words of a need that say something.
    private static func covers(_ offer: String, _ need: String) -> Bool {
        if offer.contains(need) { return true }
        let words = need.split { !$0.isLetter && !$0.isNumber }.filter { $0.count >= 4 }
        return !words.isEmpty && words.allSatisfy { offer.contains($0) }
    }
}

extension MarketActivity {
    fileprivate func tells(of topic: String) -> Bool {
        TextFolding.fold(title).contains(topic) || text.map { TextFolding.fold($0).contains(topic) } == true
    }
}
