internal import Database
internal import Intelligence
internal import JSON
internal import Messages
package import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// A word that more of the people who speak to an account say than did before.
struct RisingWord: Hashable, Sendable {
    /// A word that somebody has said in one message, and whether it was of late.
    struct Said: Hashable, Sendable {
        /// Stands for the person: each has a conversation of their own.
        let conversation: String
        let isLate: Bool
        let words: Set<String>
    }

    /// So many people say a word before it is a subject: one who repeats it is one.
    static let peopleMin = 5
    /// The probability that anything is told that is chance alone, over all words that are looked at.
    static let errorMax = 0.05
    private static let recordsMax = 20
    /// So many days are compared with four times as many before them, unless somebody says otherwise.
    static let days = 7

    let word: String
    /// Those who say it of late, and before.
    let people: Int, before: Int
    let chance: Double
    /// The conversations in which it is said, as far as they are shown.
    let conversations: [String]

    /// The rarest by chance first. Nothing is compared with days in which few have spoken.
    static func all(_ said: [Said], limit: Int) -> [RisingWord] {
        let late = said.filter(\.isLate), early = said.filter { !$0.isLate }
        let (count, rest) = (people(late), people(early))
        guard count >= peopleMin, rest >= peopleMin else { return [] }
        let now = speakers(late), once = speakers(early)
        let asked = now.filter { $0.value.count >= peopleMin }
        return asked.compactMap { word, speakers -> RisingWord? in
            let before = once[word]?.count ?? 0
            guard speakers.count * rest > before * count else { return nil }
            let chance = Rarity.chance(of: speakers.count, in: count, besides: before, in: rest)
            guard chance * Double(asked.count) <= errorMax else { return nil }
            return RisingWord(
                word: word, people: speakers.count, before: before, chance: chance,
                conversations: speakers.sorted().prefix(recordsMax).map(\.self))
        }.sorted { ($0.chance, $0.word) < ($1.chance, $1.word) }.prefix(limit).map(\.self)
    }

    static func people(_ said: [Said]) -> Int { Set(said.map(\.conversation)).count }

    private static func speakers(_ said: [Said]) -> [String: Set<String>] {
        var speakers: [String: Set<String>] = [:]
        for one in said { for word in one.words { speakers[word, default: []].insert(one.conversation) } }
        return speakers
    }

    func json(of count: Int, before rest: Int) -> JSON {
        [
            "word": .string(word), "people": JSON(people), "of": JSON(count), "before": JSON(before),
            "before_of": JSON(rest), "chance": .number(chance),
            "records": .array(conversations.map { ["type": "conversation", "id": .string($0)] }),
        ]
    }
}

extension MentionStore {
    /// The most mentions whose words are looked at: the newest.
    private static var heardMax: Int { 4000 }
    private static var heardAtOnce: Int { 500 }

    /// Returns of what more of the people speak than before who speak to the accounts of a client, or to the agency's
    /// own, each with a conversation that says so.
    package func rising(of client: ClientID?, limit: Int) throws -> [RisingSubject] {
        let last = try tx.agency.zone().local(of: tx.now).date
        let late = last.adding(days: 1 - RisingWord.days), first = late.adding(days: -4 * RisingWord.days)
        let filter = MentionFilter(client: client, isOwn: client == nil)
        let said = try said(to: filter, from: first, late: late, through: last)
        return RisingWord.all(said, limit: limit).compactMap { word in
            word.conversations.last { ID<Conversation>($0) != nil }.map {
                RisingSubject(Conversation.noun, $0, title: word.word)
            }
        }
    }

    /// Returns what people have said to accounts from one day to another; of late are those from `late` on.
    func said(
        to filter: MentionFilter, from first: CivilDate, late: CivilDate, through last: CivilDate
    ) throws -> [RisingWord.Said] {
        var sql: SQL = """
            SELECT message_id, conversation_id, day FROM social_mentions
            WHERE tenant_id = \(tx.tenant) AND day >= \(first.iso) AND day <= \(last.iso)
                AND message_id IS NOT NULL
            """
        sql += filter.conditions(in: tx) + " ORDER BY day DESC, id DESC LIMIT \(Self.heardMax)"
        let rows = try tx.all(sql) { row in
            (message: row.text(0), conversation: row.optionalText(1) ?? row.text(0), day: row.text(2))
        }
        var words: [String: Set<String>] = [:]
        for begin in stride(from: 0, to: rows.count, by: Self.heardAtOnce) {
            let part = rows[begin..<min(begin + Self.heardAtOnce, rows.count)].map(\.message)
            for message in try Message.resource.all(where: "id IN \(list: part)", in: tx) {
                words[message.id.keyText] = QuestionWords.words(in: message.text)
            }
        }
        return rows.map { row in
            RisingWord.Said(
                conversation: row.conversation, isLate: row.day >= late.iso, words: words[row.message] ?? [])
        }
    }
}
