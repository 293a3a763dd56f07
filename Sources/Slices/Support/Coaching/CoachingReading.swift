internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy
internal import Wording

extension CoachingStore {
    private var peopleMax: Int { 500 }

    /// From counters alone, however many tickets there are.
    func coaching() throws -> Coaching {
        var coaching = Coaching()
        coaching.figures = try helpMetrics(by: "assignee").filter { $0.key != "none" }
        for (key, figures) in try helpMetrics(by: "assignee_category") {
            let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            coaching.byCategory[parts[1], default: [:]][parts[0]] = figures
        }
        coaching.said = try saidByPeople()
        let ids = Set(coaching.figures.keys).union(coaching.said.keys).sorted().prefix(peopleMax)
        coaching.people = try User.resource.all(
            where: "id IN \(list: Array(ids)) AND status = 'active'",
            suffix: "ORDER BY row LIMIT \(peopleMax)", in: tx
        ).map(\.id.keyText)
        return coaching
    }

    private func saidByPeople() throws -> [String: Coaching.Said] {
        let prefix = "tickets.said."
        var said: [String: Coaching.Said] = [:]
        for (key, count) in try tx.counters.all(prefix: prefix) {
            let parts = key.dropFirst(prefix.count).split(separator: ".", maxSplits: 2).map(String.init)
            if parts.count == 3 {
                said[parts[0], default: Coaching.Said()].findings[parts[2]] = count
            } else {
                said[parts[0], default: Coaching.Said()].messages = count
            }
        }
        return said
    }

    private var practicesMax: Int { 10 }

    /// Returns the articles, rules and macros that have resolved most, the best first.
    func bestPractices(in words: Wording) throws -> JSON {
        let articles = try mostCounted("articles.record."), macros = try mostCounted("macros.solved.")
        let titles = try Article.resource.values(of: articles.map(\.id), in: tx, \.title)
        let names = try Macro.resource.values(of: macros.map(\.id), in: tx, \.name)
        let rules = try TicketTrigger.resource.all(
            where: "status = 'active' AND confirmed > denied",
            suffix: "ORDER BY confirmed - denied DESC, id LIMIT \(practicesMax)", in: tx)
        let nothing = titles.isEmpty && names.isEmpty && rules.isEmpty
        return [
            "articles": .array(
                articles.compactMap { id, count in
                    titles[id].map {
                        ["article_id": .string(id), "title": .string($0), "record": JSON(count)]
                    }
                }),
            "rules": .array(
                rules.map {
                    [
                        "trigger_id": JSON($0.id), "name": .string($0.name),
                        "confirmed": JSON($0.confirmed), "denied": JSON($0.denied),
                    ]
                }),
            "macros": .array(
                macros.compactMap { id, count in
                    names[id].map { ["macro_id": .string(id), "name": .string($0), "solved": JSON(count)] }
                }),
            "reason": nothing ? .string(words("coaching.nothing_solved")) : .null,
        ]
    }

    /// The highest first.
    private func mostCounted(_ prefix: String) throws -> [(id: String, count: Int)] {
        try tx.counters.all(prefix: prefix).filter { $0.value > 0 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(practicesMax)
            .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
    }
}
