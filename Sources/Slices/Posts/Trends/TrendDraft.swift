internal import Agents
internal import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// A subject that people speak of on a network, as a draft is about it.
struct DraftedTrend: Hashable, Sendable {
    let id: ID<NetworkTrend>, name: String
    let count: Int?, rank: Int

    init(_ trend: NetworkTrend) {
        (id, name, count, rank) = (trend.id, trend.name, trend.count, trend.rank)
    }

    /// The name as words: "#RoseCare" is "Rose Care".
    var topic: String {
        var text = "", wasLower = false
        for character in name.drop(while: { $0 == "#" || $0 == "＃" || $0 == "$" }) {
            if character.isUppercase, wasLower { text += " " }
            text.append(character == "_" ? " " : character)
            wasLower = character.isLowercase
        }
        return text
    }

    /// Returns whether material is about it, and does not only have one of its words: all of them stand in
    /// its title or in one sentence, and more than that speaks of it.
    func isSubject(of material: OwnMaterial) -> Bool {
        let subject = Set(QuestionWords(topic).stems)
        guard !subject.isEmpty else { return false }
        let texts = ([material.title] + material.sentences).map { Set(QuestionWords.stems(in: $0)) }
        return texts.contains { subject.isSubset(of: $0) }
            && texts.count { !$0.isDisjoint(with: subject) } > 1
    }

    var json: JSON {
        [
            "id": JSON(id), "name": .string(name), "count": JSON(count), "rank": JSON(rank),
        ]
    }

    init?(json: JSON?) {
        guard let id = json?["id"]?.id(of: NetworkTrend.self), let name = json?["name"]?.text else { return nil }
        (self.id, self.name) = (id, name)
        (count, rank) = (json?["count"]?.int.map { Int($0) }, Int(json?["rank"]?.int ?? 1))
    }
}

extension PieceDependencies {
    /// The trends that are looked at in one run.
    private static let trendsMax = 20

    /// Returns what may be drafted about something that people speak of now, out of the agency's own material; `nil`:
    /// nothing fits, or enough was drafted today.
    func trendWords(perDay: Int, in reader: Reader) throws -> OwnWords? {
        let zone = try reader.agency.zone()
        let day = zone.firstInstant(atOrAfter: LocalTime(zone.local(of: reader.now).date, hour: 0))
        guard perDay > 0, try reader.networkTrends.drafted(since: day) < perDay else { return nil }
        let known = try drafted(reader), stories = try stories(reader)
        for trend in try reader.networkTrends.open(limit: Self.trendsMax) {
            let trend = DraftedTrend(trend)
            var seen: Set<String> = []
            let materials = try (articles(reader, trend.topic) + stories).filter {
                !known.contains($0.id) && seen.insert($0.id).inserted && trend.isSubject(of: $0)
            }
            let words = OwnWords(about: trend.topic, count: 1, among: materials, trend: trend)
            if !words.drafts.isEmpty { return words }
        }
        return nil
    }
}
