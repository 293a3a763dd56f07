package import JSON
package import Wire

/// A page of a list that is in memory and in an order of its own.
package struct PageWindow: Sendable {
    private static let sort = "position"
    /// The usual size of a page; most such lists are shorter.
    package static let standard = 200
    package let limit: Int
    /// The number of records on the pages before.
    package let start: Int
    package let wantsTotal: Bool

    /// `others` are parameters that the route reads itself.
    package init(_ query: [QueryItem], others: [String]) throws(Problem) {
        var limit = Self.standard, start = 0, wantsTotal = false
        for item in query where !others.contains(item.name) {
            switch item.name {
            case "limit":
                guard let number = Int(item.value), (1...200).contains(number) else {
                    throw Problem(.invalidParameter, "limit must be a number from 1 to 200.")
                }
                limit = number
            case "cursor":
                let cursor = try Cursor(item.value, sort: Self.sort, count: 1)
                guard let position = cursor.values[0].int, (0...Int64(Int32.max)).contains(position) else {
                    throw Problem(.invalidCursor)
                }
                start = Int(position)
            case "total":
                guard item.value == "true" || item.value == "false" else {
                    throw Problem(.invalidParameter, "total must be true or false.")
                }
                wantsTotal = item.value == "true"
            default:
                throw Problem(
                    .unknownFilter, "This list has no filter \(item.name.prefix(64)): leave it out.")
            }
        }
        (self.limit, self.start, self.wantsTotal) = (limit, start, wantsTotal)
    }

    /// Returns the page of a list. `items` are all of it, or enough of it to reach one item beyond the page; `total`
    /// is then the list's length.
    package func json(of items: [JSON], total: Int? = nil) -> JSON {
        let shown = items.dropFirst(start).prefix(limit), end = start + shown.count
        var page: JSONObject = [
            "data": .array(Array(shown)), "has_more": .bool(end < items.count), "next_cursor": .null,
        ]
        if end < items.count {
            page["next_cursor"] = .string(Cursor(sort: Self.sort, values: [.integer(Int64(end))]).text)
        }
        if wantsTotal { page["total"] = .integer(Int64(total ?? items.count)) }
        return .object(page)
    }
}
