import Cryptography
import Database
import Foundation
import HTTPServer
import JSON
import Nouns
import Routing
import Telemetry
import Wire

@testable import Records

/// A record with a field of every kind.
struct Book: Record {
    enum Genre: String, Choice { case novel, essay, poetry }

    var head = Head<Book>()
    var title = ""
    var genre = Genre.novel
    var pages: Int?
    var rating: Double?
    var inPrint: Bool?
    var publishedAt: Instant?
    var price: Money?
    var tags: [String] = []
    var custom: JSONObject = [:]
    var externalIDs: JSONObject = [:]
    var author: String?
    var phone: String?
    var country: String?
    var website: String?
    var sequelOf: ID<Book>?
    var isbn: String?
    var sold: Int?
    var note: JSON = .null
    var vault: String?

    static let idPrefix = "book"
    static let resource = Resource<Book>(
        "books", named: "Book",
        [
            .text(
                "title", \.title, max: 40, .required, .filterable, .sortable, .searchable,
                .about("On the cover.")),
            .choice("genre", \.genre, .standard("novel"), .filterable, .sortable),
            .integer("pages", \.pages, in: 1...10_000, .filterable, .sortable),
            .number("rating", \.rating, in: 0...5, .filterable, .sortable),
            .boolean("in_print", \.inPrint, .filterable),
            .instant("published_at", \.publishedAt, .filterable, .sortable),
            .money("price", \.price, .filterable),
            .texts("tags", \.tags, max: 3, length: 10, .filterable, .searchable),
            .custom("custom", \.custom, .filterable),
            .externalIDs("external_ids", \.externalIDs),
            .email("author", \.author, .personal, .filterable),
            .phone("phone", \.phone, countryField: "country", .personal),
            .country("country", \.country, .filterable, .sortable),
            .url("website", \.website),
            .id("sequel_of", \.sequelOf, .filterable),
            .text("isbn", \.isbn, max: 20, .writeOnce),
            .integer("sold", \.sold, in: 0...1_000_000, .readOnly),
            .document("note", \.note, schema: [:]),
            .text("vault", \.vault, .secret),
        ])

    static let migration = Migration(number: 1, name: "books") { Book.resource.creation($0) }
}

let tenant = TenantID(rawValue: "tenant_here")
let stranger = TenantID(rawValue: "tenant_there")

/// A database of books in a folder that goes with it.
final class Library: Sendable {
    let database: Database
    private let folder = NSTemporaryDirectory() + "bureau-records-" + UUID().uuidString
    private let ids = UniqueIDGenerator()

    init() throws {
        database = try Database.open(DatabaseConfiguration(folder: folder))
        try database.migrate([Book.migration])
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    @discardableResult
    func add(_ body: JSONObject, to tenant: TenantID = tenant) throws -> Book {
        var draft = try Book.read(body)
        draft.beginLife(
            id: ids.next(at: Instant(seconds: 1_800_000_000)), now: Instant(seconds: 1_800_000_000))
        let book = draft
        return try database.writeAndWait(tenant) { tx in
            var book = book
            try Book.resource.insert(&book, in: tx)
            return book
        }
    }

    /// The page that a query string gives.
    func page(_ query: String, of tenant: TenantID = tenant) throws -> JSON {
        let items =
            query.isEmpty
            ? []
            : query.split(separator: "&").map { pair -> QueryItem in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                    String.init)
                return QueryItem(name: parts[0], value: parts.count > 1 ? parts[1] : "")
            }
        return try database.read(tenant) { reader in
            let response = try ListQuery(Book.resource, items, dialect: reader.dialect).page(in: reader)
            guard case .output(let output) = response.body else { return .null }
            return try JSONParser.parse(output.bytes)
        }
    }

    func titles(_ query: String, of tenant: TenantID = tenant) throws -> [String] {
        (try page(query, of: tenant)["data"]?.array ?? []).map { $0["title"]?.text ?? "" }
    }

    /// The titles of every page, each of `limit` books.
    func allTitles(_ query: String, limit: Int) throws -> [String] {
        var titles: [String] = [], cursor = ""
        repeat {
            let page = try page("\(query)&limit=\(limit)" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"))
            titles += (page["data"]?.array ?? []).map { $0["title"]?.text ?? "" }
            cursor = page["next_cursor"]?.text ?? ""
        } while !cursor.isEmpty
        return titles
    }
}

/// The code of the problem that `body` throws; `nil` when it throws none.
func problemCode<T>(_ body: () throws -> T) -> String? {
    do {
        _ = try body()
        return nil
    } catch { return (error as? Problem)?.code ?? "\(error)" }
}
