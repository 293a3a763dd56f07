import Cryptography
import Database
import HTTPServer
import JSON
import Nouns
import Telemetry
import Testing
import Wire

@testable import Records

@Suite struct ListFilterTests {
    /// a…f, and one of another tenant.
    func library() throws -> Library {
        let library = try Library()
        try library.add([
            "title": "a", "genre": "novel", "pages": 100, "rating": 4.5, "in_print": true,
            "tags": ["x", "y"],
            "price": ["amount": 500, "currency": "EUR"], "custom": ["shelf": "A", "copies": 2, "rare": true],
            "author": "jane@example.com", "country": "DE", "published_at": "2026-01-01T00:00:00Z",
        ])
        try library.add([
            "title": "b", "genre": "essay", "pages": 200, "tags": ["y"],
            "custom": ["shelf": "B", "copies": 10],
            "country": "FR", "in_print": false, "published_at": "2026-06-01T12:00:00Z",
        ])
        try library.add([
            "title": "c", "genre": "essay", "pages": 300, "rating": 2, "custom": ["shelf": "it's"],
        ])
        try library.add(["title": "d,e"])
        try library.add(["title": "a", "pages": 100, "tags": ["x"]], to: stranger)
        return library
    }

    @Test(arguments: [
        ("", ["a", "b", "c", "d,e"]), ("genre=essay", ["b", "c"]),
        ("genre=essay,novel", ["a", "b", "c", "d,e"]),
        ("genre[ne]=essay", ["a", "d,e"]), ("pages=100", ["a"]), ("pages=100,300", ["a", "c"]),
        ("pages[ne]=100", ["b", "c", "d,e"]), ("pages[gt]=100", ["b", "c"]),
        ("pages[gte]=100", ["a", "b", "c"]),
        ("pages[lt]=200", ["a"]), ("pages[lte]=200", ["a", "b"]), ("pages[gte]=150&pages[lt]=300", ["b"]),
        ("rating[gte]=2.5", ["a"]), ("rating=2", ["c"]), ("in_print=true", ["a"]), ("in_print=false", ["b"]),
        ("in_print[ne]=true", ["b", "c", "d,e"]), ("price[gte]=500", ["a"]), ("price[gt]=500", []),
        ("tags=y", ["a", "b"]),
        ("tags=x,y", ["a", "b"]), ("tags[ne]=x", ["b", "c", "d,e"]), ("custom.shelf=A", ["a"]),
        ("custom.shelf=A,B", ["a", "b"]), ("custom.shelf[ne]=A", ["b", "c", "d,e"]),
        ("custom.shelf=it's", ["c"]),
        ("custom.copies[gte]=3", ["b"]), ("custom.copies=2", ["a"]), ("custom.none=x", []),
        ("title=a", ["a"]),
        ("title[gte]=b", ["b", "c", "d,e"]), ("author=JANE@example.com", ["a"]),
        ("country=germany,FR", ["a", "b"]),
        ("published_at[gte]=2026-06-01", ["b"]), ("published_at[lt]=2026-06-01T12:00:00.000Z", ["a"]),
        ("published_at[lte]=2026-06-01T12:00:00Z", ["a", "b"]), ("title='; DROP TABLE books; --", []),
        ("created_at[gte]=2020-01-01", ["a", "b", "c", "d,e"]),
    ])
    func `a filter finds what it says, in the own tenant alone`(_ query: String, _ titles: [String]) throws {
        let library = try library()
        #expect(try library.titles("sort=title&\(query)") == titles)
        #expect(try library.page("total=true&limit=1&\(query)")["total"]?.int == Int64(titles.count))
    }

    @Test(arguments: [
        ("colour=red", "unknown_filter"), ("vault=x", "unknown_filter"), ("website=x", "unknown_filter"),
        ("pages[near]=1", "unknown_filter"), ("pages[]=1", "unknown_filter"),
        ("pages[gt=1", "unknown_filter"),
        ("pages[gt][lt]=1", "unknown_filter"), ("=x", "unknown_filter"), ("tenant_id=x", "unknown_filter"),
        ("custom=x", "unknown_filter"), ("custom.=x", "unknown_filter"), ("custom.a b=x", "unknown_filter"),
        ("custom.x')=1", "unknown_filter"), ("external_ids.shop=1", "unknown_filter"),
        ("pages=many", "invalid_parameter"),
        ("pages=", "invalid_parameter"), ("pages=1,", "invalid_parameter"),
        ("pages=99999999999999999999", "invalid_parameter"),
        ("rating=nan", "invalid_parameter"), ("rating=inf", "invalid_parameter"),
        ("in_print=yes", "invalid_parameter"),
        ("genre=tragedy", "invalid_parameter"), ("published_at=yesterday", "invalid_parameter"),
        ("price=cheap", "invalid_parameter"),
        ("tags[gt]=a", "invalid_parameter"), ("custom.copies[gt]=many", "invalid_parameter"),
        ("limit=0", "invalid_parameter"),
        ("limit=201", "invalid_parameter"), ("limit=x", "invalid_parameter"),
        ("total=1", "invalid_parameter"),
        ("sort=colour", "invalid_parameter"), ("sort=vault", "invalid_parameter"),
        ("sort=", "invalid_parameter"),
        ("sort=title,", "invalid_parameter"), ("fields=", "invalid_parameter"),
        ("fields=title,vault", "invalid_parameter"),
        ("cursor=rubbish", "invalid_cursor"), ("cursor=", "invalid_cursor"),
    ])
    func `what is no parameter is refused by its kind`(_ query: String, _ code: String) throws {
        let library = try library()
        #expect(problemCode { try library.page(query) } == code)
    }

    @Test func `an unknown choice is answered with the choices`() throws {
        let library = try library()
        do {
            _ = try library.page("genre=tragedy")
        } catch let problem as Problem {
            #expect(problem.extra["choices"] == ["novel", "essay", "poetry"])
        }
    }

    @Test func `fields gives these and no others, in their order`() throws {
        let library = try library()
        let page = try library.page("fields=pages,title,pages&sort=title&limit=1")
        #expect(page["data"] == [["pages": 100, "title": "a"]])
        #expect(page["data"]?.array?[0].object?.keys == ["pages", "title"])
    }

    @Test func `search finds words of the own tenant, by their beginning and without accents`() throws {
        let library = try Library()
        try library.add(["title": "Müller's Tales", "tags": ["Épique"]])
        try library.add(["title": "Other tales"])
        try library.add(["title": "Muller"], to: stranger)
        #expect(try library.titles("q=muller") == ["Müller's Tales"])
        #expect(try library.titles("q=TALE&sort=title") == ["Müller's Tales", "Other tales"])
        #expect(try library.titles("q=epique mull") == ["Müller's Tales"])
        #expect(try library.titles("q=absent").isEmpty)
        for text in ["\"", "*", "a AND", "NEAR(", "title:x", "(((", "-x", "{a b}"] {
            #expect(problemCode { try library.titles("q=\(text)") } == nil, "\(text)")
        }
    }

    @Test func `a changed and a deleted record are found by their new words, or not at all`() throws {
        let library = try Library()
        let book = try library.add(["title": "Before"])
        var renamed = book
        renamed.title = "After"
        renamed.version = 2
        try library.database.writeAndWait(tenant) { [renamed] tx in
            try Book.resource.update(book, to: renamed, in: tx)
        }
        #expect(try library.titles("q=before").isEmpty && library.titles("q=after") == ["After"])
        try library.database.writeAndWait(tenant) { [renamed] tx in try Book.resource.delete(renamed, in: tx)
        }
        #expect(try library.titles("q=after").isEmpty)
    }
}

@Suite struct ListPagingTests {
    /// Books with and without pages, rating, country; equal values among them.
    func library() throws -> (Library, [String]) {
        let library = try Library()
        var titles: [String] = []
        for number in 0..<23 {
            let title = "t\(number < 10 ? "0" : "")\(number)"
            var body: JSONObject = ["title": .string(title)]
            if number % 3 != 0 { body["pages"] = .integer(Int64(number % 5 + 1)) }
            if number % 4 != 0 { body["rating"] = .number(Double(number % 3) + 0.5) }
            if number % 2 != 0 { body["country"] = number % 4 == 1 ? "DE" : "FR" }
            if number % 5 == 0 { body["published_at"] = "2026-01-01T00:00:00.000Z" }
            try library.add(body)
            titles.append(title)
        }
        return (library, titles)
    }

    @Test(arguments: [
        "id", "-id", "created_at", "-created_at", "pages", "-pages", "rating", "-rating", "country,-pages",
        "-country,pages,-rating", "pages,id", "published_at,-title", "title", "-genre", "genre,-pages",
        "-updated_at",
    ])
    func `pages of any size meet without loss or repetition`(_ sort: String) throws {
        let (library, titles) = try library()
        let whole = try library.allTitles("sort=\(sort)", limit: 200)
        #expect(whole.sorted() == titles)
        for limit in [1, 2, 5, 22, 23] {
            #expect(try library.allTitles("sort=\(sort)", limit: limit) == whole, "limit \(limit)")
        }
    }

    @Test func `a missing value counts as the least, both ways`() throws {
        let (library, _) = try library()
        func pages(_ sort: String) throws -> [Int64?] {
            (try library.page("sort=\(sort)&limit=200")["data"]?.array ?? []).map { $0["pages"]?.int }
        }
        let up = try pages("pages"), down = try pages("-pages")
        #expect(up.prefix(8).allSatisfy { $0 == nil } && down.suffix(8).allSatisfy { $0 == nil })
        #expect(up.dropFirst(8).compactMap { $0 } == up.compactMap { $0 }.sorted())
        #expect(down.dropLast(8).compactMap { $0 } == down.compactMap { $0 }.sorted(by: >))
    }

    @Test func `newest first is the standard, and the last page says so`() throws {
        let (library, titles) = try library()
        #expect(try library.titles("limit=200") == titles.reversed())
        let page = try library.page("limit=23")
        #expect(page["has_more"] == false && page["next_cursor"] == .null && page["total"] == nil)
        #expect(try library.page("limit=22")["has_more"] == true)
        #expect(try library.page("", of: stranger) == ["data": [], "has_more": false, "next_cursor": nil])
    }

    @Test func `a cursor belongs to its sort, and to values of its kind`() throws {
        let (library, _) = try library()
        let cursor = try #require(try library.page("sort=pages&limit=2")["next_cursor"]?.text)
        #expect(problemCode { try library.page("sort=pages&cursor=\(cursor)") } == nil)
        #expect(problemCode { try library.page("sort=-pages&cursor=\(cursor)") } == "invalid_cursor")
        #expect(problemCode { try library.page("cursor=\(cursor)") } == "invalid_cursor")
        for values: [JSON] in [
            [], [5], ["x", "y"], [5, 5], [[], "x"], [true, "x"], [5, nil], [1.5, "x"],
        ] {
            let text = Cursor(sort: "pages", values: values).text
            let code = problemCode { try library.page("sort=pages&cursor=\(text)") }
            #expect(code == "invalid_cursor" || code == nil, "\(values)")
        }
        #expect(
            problemCode {
                try library.page("sort=pages&cursor=\(Cursor(sort: "pages", values: ["x", "y"]).text)")
            } == "invalid_cursor")
    }

    @Test func `a cursor is read back as it was written`() throws {
        let values: [JSON] = [nil, 5, 2.5, "x\"y", "📚"]
        let cursor = try Cursor(Cursor(sort: "a,-b", values: values).text, sort: "a,-b", count: 5)
        #expect(cursor.values == values && cursor.sort == "a,-b")
        #expect(throws: Problem.self) { try Cursor(cursor.text, sort: "a", count: 5) }
        #expect(throws: Problem.self) { try Cursor(cursor.text, sort: "a,-b", count: 4) }
    }

    @Test func `cursors from a fixed seed never do more than refuse`() throws {
        let (library, _) = try library()
        var state: UInt64 = 3
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<300 {
            let bytes = (0..<next() % 50).map { _ in UInt8(truncatingIfNeeded: next()) }
            let code = problemCode { try library.page("cursor=\(Base64.encodeURL(bytes))") }
            #expect(code == "invalid_cursor")
        }
    }
}

@Suite struct RowWriterTests {
    @Test(
        arguments: [
            ["title": "bare"],
            [
                "title": "quote \" back \\ line \n tab \t 漢 😀 \u{2028}", "genre": "poetry", "pages": 1,
                "rating": 0.1,
                "in_print": false, "published_at": "2026-11-20T06:15:29.123Z",
                "price": ["amount": 0, "currency": "USD"],
                "tags": ["a", "ü\""], "custom": ["k": "v\"", "n": 1.5, "t": true], "external_ids": ["s": "1"],
                "author": "jane@example.com", "country": "US", "phone": "+14155552671",
                "website": "https://example.com/a?b=c",
                "note": ["deep": [["er": nil]]], "sequel_of": "book_00000000000000000000000001",
            ],
        ] as [JSONObject])
    func `a row written straight is the record written, byte for byte, and reads back the same`(
        _ body: JSONObject
    ) throws {
        let library = try Library()
        let book = try library.add(body)
        let written = OutputBuffer()
        Book.resource.write(book, to: written)
        let (row, version, read) = try library.database.read(tenant) { reader in
            let found = try #require(try Book.resource.read(book.id, in: reader))
            return (found.0, found.version, try Book.resource.get(book.id, in: reader))
        }
        #expect(String(decoding: row.bytes, as: UTF8.self) == String(decoding: written.bytes, as: UTF8.self))
        #expect(try JSONParser.parse(row.bytes) == Book.schema.json(book))
        #expect(version == 1 && Book.schema.json(read) == Book.schema.json(book) && read.row == book.row)
    }

    @Test func `a record of another tenant is not there`() throws {
        let library = try Library()
        let book = try library.add(["title": "mine"])
        let code = problemCode {
            try library.database.read(stranger) { try Book.resource.get(book.id, in: $0) }
        }
        #expect(code == "not_found")
        #expect(try library.database.read(stranger) { try Book.resource.read(book.id, in: $0) } == nil)
    }

    @Test func `a change over a version that is gone is refused, and a change stores what differs`() throws {
        let library = try Library()
        let book = try library.add(["title": "one", "pages": 5])
        var two = book
        (two.title, two.version) = ("two", 2)
        try library.database.writeAndWait(tenant) { [two] tx in
            try Book.resource.update(book, to: two, in: tx)
        }
        let code = problemCode {
            try library.database.writeAndWait(tenant) { [two] tx in
                try Book.resource.update(book, to: two, in: tx)
            }
        }
        #expect(code == "version_mismatch")
        let read = try library.database.read(tenant) { try Book.resource.get(book.id, in: $0) }
        #expect(read.title == "two" && read.pages == 5 && read.version == 2)
    }
}

@Suite struct IDTests {
    @Test func `an identifier is read back from its text`() throws {
        let id = ID<Book>(UniqueIDGenerator().next(at: Instant(seconds: 1_800_000_000)))
        #expect(id.text.hasPrefix("book_") && id.text.utf8.count == 31 && ID<Book>(id.text) == id)
    }

    @Test(arguments: [
        "", "book", "book_", "book_x", "lead_00000000000000000000000000", "book-00000000000000000000000000",
        "book_0000000000000000000000000", "book_000000000000000000000000000",
        "book_0000000000000000000000000u",
        "book_0000000000000000000000000U", "BOOK_00000000000000000000000000",
        " book_00000000000000000000000000",
        "book_zzzzzzzzzzzzzzzzzzzzzzzzzz", "book_0000000000000000000000000\u{e9}",
        "book_000000000000000000000000ı",
    ])
    func `what is no identifier is none`(_ text: String) { #expect(ID<Book>(text) == nil) }

    @Test func `later identifiers sort later, as texts too`() {
        let generator = UniqueIDGenerator()
        let ids = (0..<1000).map { number in
            ID<Book>(generator.next(at: Instant(seconds: 1_800_000_000 + Int64(number / 100))))
        }
        #expect(ids == ids.sorted() && ids.map(\.text) == ids.map(\.text).sorted() && Set(ids).count == 1000)
    }
}
