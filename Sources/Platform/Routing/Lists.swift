package import Database
package import HTTPServer
package import JSON
package import Records

extension ListQuery {
    /// Answers with the page.
    package func page(in reader: some Queryable) throws -> Response { .json(try written(in: reader)) }

    /// Answers with the page and the members that `read` gives for records, by their ids.
    package func page(
        in reader: some Queryable, adding read: ([String]) throws -> [String: JSONObject]
    ) throws -> Response {
        .json(try written(in: reader, adding: read))
    }
}

extension SimpleList {
    /// Answers with a page of the rows of `table`, each read as an `Item` and written by `write`. The items' columns
    /// include the list's key.
    package func page<Item: StoredRow>(
        of table: StaticString, _ type: Item.Type, in reader: some Queryable, also more: JSONObject = [:],
        _ write: (Item, inout JSONWriter) throws -> Void
    ) throws -> Response {
        .json(try written(of: table, type, in: reader, also: more, write))
    }

    /// Answers with the page of items that are all in memory, given oldest first.
    package func page(of items: [(key: String, json: JSON)]) -> Response { .json(written(of: items)) }

    package func response<Item>(
        _ page: Page<Item>, _ write: (Item, inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        .json(try written(page, write))
    }

    /// Returns the descriptions of the parameters for OpenAPI.
    package static func docs(_ columns: [Column], fields: [String]) -> [ParameterDoc] {
        [
            .query(
                "limit", "How many records a page has.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": 50]),
            .query("cursor", "The next_cursor of the page before.", ["type": "string", "minLength": 1]),
            .query(
                "sort", "The order by time: newest or oldest first.",
                ["enum": ["id", "-id", "created_at", "-created_at"]]),
            .query("fields", "The fields to return, separated by commas.", .list(of: fields)),
            .query("total", "Whether to count all filtered records.", ["type": "boolean"]),
        ]
            + columns.compactMap {
                let prefixes = $0.takesPrefixes ? "; lead.* stands for all that begin with lead." : ""
                return .filter($0.name, $0.kind, prefixes)
            }
    }
}

extension PageWindow {
    /// Answers with the page of a list. `items` are all of it, or enough of it to reach one item beyond the page;
    /// `total` is then the list's length.
    package func page(of items: [JSON], total: Int? = nil) -> Response {
        .json(json(of: items, total: total))
    }
}

extension Call {
    /// Returns the page that the query asks for; `others` are parameters that the route reads itself.
    package func window(_ others: String...) throws(Problem) -> PageWindow {
        try PageWindow(request.head.query, others: others)
    }
}

extension ParameterDoc {
    /// The parameters of a list without filters and sorting.
    package static let page = pages(of: PageWindow.standard)

    package static func pages(of standard: Int) -> [ParameterDoc] {
        [
            .query(
                "limit", "How many records a page has.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": .integer(Int64(standard))]),
            .query("cursor", "The next_cursor of the page before.", ["type": "string", "minLength": 1]),
            .query("total", "Whether to count all records too.", ["type": "boolean"]),
        ]
    }
}

extension JSON {
    /// The schema of one or more of some words, separated by commas.
    package static func list(of words: [String]) -> JSON {
        let word = "(\(words.joined(separator: "|")))"
        return ["type": "string", "pattern": .string("^\(word)(,\(word))*$")]
    }
}
