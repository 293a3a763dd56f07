package import HTTPServer
package import JSON

/// The part of a list that is asked for, where the list is in memory and in an order of its own.
package struct PageWindow: Sendable {
    private static let sort = "position"
    /// Such lists are short: most are one page.
    static let standard = 200
    package let limit: Int
    /// How many records the pages before have shown.
    package let start: Int
    package let wantsTotal: Bool

    fileprivate init(_ query: [QueryItem], others: [String]) throws(Problem) {
        var limit = Self.standard, start = 0, wantsTotal = false
        for item in query where !others.contains(item.name) {
            switch item.name {
            case "limit":
                guard let number = Int(item.value), (1...200).contains(number) else {
                    throw Problem(.invalidParameter, "limit is a number from 1 to 200.")
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
                    throw Problem(.invalidParameter, "total is true or false.")
                }
                wantsTotal = item.value == "true"
            default: throw Problem(.unknownFilter, "This list has no filter \(item.name.prefix(64)).")
            }
        }
        (self.limit, self.start, self.wantsTotal) = (limit, start, wantsTotal)
    }

    /// The page of a list that is given whole; or as far as to one more than the page shows, with how many there are.
    package func page(of items: [JSON], total: Int? = nil) -> Response {
        let shown = items.dropFirst(start).prefix(limit), end = start + shown.count
        var page: JSONObject = [
            "data": .array(Array(shown)), "has_more": .bool(end < items.count), "next_cursor": .null,
        ]
        if end < items.count {
            page["next_cursor"] = .string(Cursor(sort: Self.sort, values: [.integer(Int64(end))]).text)
        }
        if wantsTotal { page["total"] = .integer(Int64(total ?? items.count)) }
        return .json(.object(page))
    }
}

extension Call {
    /// The part of a list that is asked for; `others` are parameters that the route reads itself.
    package func window(_ others: String...) throws(Problem) -> PageWindow {
        try PageWindow(request.head.query, others: others)
    }
}

extension ParameterDoc {
    /// What a list takes that has neither filters nor sorts.
    package static let page = pages(of: PageWindow.standard)

    package static func pages(of standard: Int) -> [ParameterDoc] {
        [
            .query(
                "limit", "Records a page.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": .integer(Int64(standard))]),
            .query("cursor", "next_cursor of the page before.", ["type": "string", "minLength": 1]),
            .query("total", "Count the records, too.", ["type": "boolean"]),
        ]
    }
}
