internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing

/// Adds the search over all kinds of records that the caller may read.
func searchRoutes(_ routes: inout Routes) {
    let kinds = routes.searched
    routes.openToLimited("GET /v1/search")
    routes.schema("SearchHit", hitSchema)
    routes.get(
        "/v1/search", .tenant, "Find records of all kinds that you may read, by their words",
        named: "search_records",
        query: [
            .query(
                "q", "The words to search for; the last may be incomplete.",
                ["type": "string", "minLength": 1, "maxLength": 200], isRequired: true),
            .query(
                "limit", "How many records are returned at most.",
                ["type": "integer", "minimum": 1, "maximum": 50, "default": 16]),
            .query(
                "kinds",
                "The kinds to search, separated by commas, in the order of the answer; all by default."),
        ],
        .json(
            .schema(["data": ["type": "array", "items": .reference("SearchHit")]], required: ["data"]),
            "The findings, kind by kind.")
    ) { call in
        try call.allowQuery("q", "limit", "kinds")
        let search = try RecordSearch(call, among: kinds)
        return .read { reader in .json(["data": .array(try search.hits(in: reader).map(\.json))]) }
    }
}

private let hitSchema = JSON.schema(
    [
        "type": ["type": "string", "description": "The type of the record, as events name it."],
        "kind": ["type": "string", "description": "The last part of the path of its list."],
        "id": ["type": "string"],
        "title": ["type": "string", "description": "Its name, as people know it; empty where it has none."],
    ], required: ["type", "kind", "id", "title"])

/// A search as it was asked for.
private struct RecordSearch {
    private static let limitMax = 50, wordsMax = 200
    private let words: String
    private let limit: Int
    private let kinds: [SearchedKind]

    init(_ call: Call, among all: [SearchedKind]) throws(Problem) {
        words = (call.query("q") ?? "").trimmed
        guard !words.isEmpty, words.count <= Self.wordsMax else {
            throw Problem(
                .invalidParameter, "q must be one to \(Self.wordsMax) characters: the words to find.")
        }
        let given = call.query("limit").map { Int($0) ?? 0 } ?? 16
        guard (1...Self.limitMax).contains(given) else {
            throw Problem(.invalidParameter, "limit must be a number from 1 to \(Self.limitMax).")
        }
        limit = given
        let readable = all.filter { call.principal?.permissions.contains($0.read) == true }
        guard let named = call.query("kinds") else {
            kinds = readable
            return
        }
        var chosen: [SearchedKind] = []
        for name in named.split(separator: ",").map(String.init) {
            guard all.contains(where: { $0.kind == name }) else {
                throw Problem(
                    .invalidParameter, "kinds names \(name.prefix(64)), which is not searched.",
                    extra: ["choices": JSON(all.map(\.kind))])
            }
            chosen += readable.filter { $0.kind == name }
        }
        kinds = chosen
    }

    /// Returns what is found. Where there is more than fits, each kind has its share; exact names come first.
    func hits(in reader: Reader) throws -> [SearchHit] {
        let found = try kinds.map { try $0.find(words, limit, reader).sorted(by: isNearer) }
        var shares = found.map { _ in 0 }, left = limit
        while left > 0 {
            let hungry = found.indices.filter { shares[$0] < found[$0].count }.prefix(left)
            guard !hungry.isEmpty else { break }
            for index in hungry { shares[index] += 1 }
            left -= hungry.count
        }
        return zip(found, shares).flatMap { $0.prefix($1) }
    }

    private func isNearer(_ one: SearchHit, _ other: SearchHit) -> Bool {
        distance(of: one) < distance(of: other)
    }

    private func distance(of hit: SearchHit) -> Int {
        let (title, said) = (TextFolding.fold(hit.title), TextFolding.fold(words))
        return title == said ? 0 : title.hasPrefix(said) ? 1 : 2
    }
}
