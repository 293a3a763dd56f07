package import Database
package import HTTPServer
package import JSON
internal import Nouns
package import Records
package import Routing
internal import Templates
package import Wording

/// Gives members of a record's answers as whoever calls is told them, whether they read the record or have written it.
package typealias Telling<R> = @Sendable (R, Call, any Queryable) throws -> JSONObject

/// Says when a record need not be told by itself: its row is then answered as it lies there, which takes a fraction of
/// the time.
package struct TellingNeed: Sendable {
    /// The column without which there is nothing to tell; `nil`: there may always be something.
    let column: String?
    /// Whether whoever calls reads other words than those that are stored.
    let readsOthers: @Sendable (Call, any Queryable) throws -> Bool

    package init(
        column: String? = nil, _ readsOthers: @escaping @Sendable (Call, any Queryable) throws -> Bool
    ) { (self.column, self.readsOthers) = (column, readsOthers) }
}

/// Members of a record whose sentences are stored in English alone, as programs read them. Whoever reads the record is
/// told those that have the form of one of the catalogue's; what people themselves wrote stays as it is.
package struct ToldMembers<R: Record>: Sendable {
    /// The members, and the beginnings of the keys of what is said in them.
    let members: [String: [String]]
    /// The names of the sentences within a member that is a document.
    let inner: Set<String>
    /// Whether the product has said it; what people say may have the same form.
    let isOwn: @Sendable (R) -> Bool
    /// The words of whoever calls.
    let words: @Sendable (Call, any Queryable) throws -> Wording

    package init(
        _ members: [String: [String]], inner: Set<String> = [],
        where isOwn: @escaping @Sendable (R) -> Bool = { _ in true },
        _ words: @escaping @Sendable (Call, any Queryable) throws -> Wording
    ) { (self.members, self.inner, self.isOwn, self.words) = (members, inner, isOwn, words) }

    package var names: [String] { members.keys.sorted() }

    /// Returns the members of a record in the words of whoever calls; none where they are told as they are stored.
    package func members(of record: R, to call: Call, in reader: any Queryable) throws -> JSONObject {
        let words = try words(call, reader)
        return words.areStandard ? [:] : told(record, in: words)
    }

    /// Readers of the standard words are told what is stored.
    package var need: TellingNeed { TellingNeed { try !words($0, $1).areStandard } }

    /// The members as answers to writes give them.
    package var telling: Telling<R> { { try members(of: $0, to: $1, in: $2) } }

    /// Answers with a list in the words of whoever calls.
    package func page(_ call: Call, in reader: some Queryable) throws -> Response {
        try page(call, in: reader, computed: []) { _, _ in [:] }
    }

    /// `more`: the members, called `others`, that records have beside these.
    func page(
        _ call: Call, in reader: some Queryable, computed others: [String],
        _ more: ([String], any Queryable) throws -> [String: JSONObject]
    ) throws -> Response {
        let words = try words(call, reader), query = call.request.head.query
        let isStandard = words.areStandard
        guard !isStandard || !others.isEmpty else {
            return try ListQuery(R.resource, query, dialect: reader.dialect).page(in: reader)
        }
        let list = try ListQuery(
            R.resource, query, dialect: reader.dialect, computed: (isStandard ? [] : names) + others)
        return try list.page(in: reader) { ids in
            guard !ids.isEmpty else { return [:] }
            var all = try more(ids, reader)
            guard !isStandard else { return all }
            for record in try R.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: reader) {
                for (name, value) in told(record, in: words).members {
                    all["\(record.head.id)", default: [:]][name] = value
                }
            }
            return all
        }
    }

    private func told(_ record: R, in words: Wording) -> JSONObject {
        guard isOwn(record), let json = R.schema.json(record).object else { return [:] }
        return JSONObject(
            names.compactMap { name in
                guard let value = json[name], let keys = members[name] else { return nil }
                if let text = value.text { return (name, .string(Saying.told(text, among: keys, in: words))) }
                return (name, value.told(inner, among: keys, in: words))
            })
    }
}
