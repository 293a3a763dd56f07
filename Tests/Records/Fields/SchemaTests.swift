import HTTPServer
import JSON
import Routing
import Telemetry
import Testing

@testable import Records

@Suite struct SchemaCreateTests {
    /// Codes by pointer.
    func faults(_ body: JSONObject) -> [String: String] {
        do {
            _ = try Book.read(body)
            return [:]
        } catch {
            return Dictionary(error.faults.map { ($0.pointer, $0.code) }, uniquingKeysWith: { "\($0) \($1)" })
        }
    }

    @Test func `a body that names the required alone gets the standards and nothing else`() throws {
        let book = try Book.read(["title": "Emma"])
        #expect(book.title == "Emma" && book.genre == .novel && book.pages == nil && book.tags.isEmpty)
        #expect(book.custom.isEmpty && book.price == nil && book.note.isNull)
    }

    @Test func `every kind takes its value, in its normal form`() throws {
        let book = try Book.read([
            "title": "  Emma  ", "genre": "essay", "pages": 300.0, "rating": 4, "in_print": true,
            "published_at": "2026-11-20T07:15:29.5+01:00", "price": ["amount": 990, "currency": "EUR"],
            "tags": [" a ", "b", "a"], "custom": ["shelf": "A", "copies": 2, "rare": false, "gone": nil],
            "external_ids": ["shop": "S-1", "none": nil], "author": "Jane@Example.COM", "country": "germany",
            "phone": "030 901820", "website": "example.com", "note": [1, [:]], "isbn": "1",
        ])
        #expect(book.title == "Emma" && book.genre == .essay && book.pages == 300 && book.rating == 4)
        #expect(book.publishedAt?.description == "2026-11-20T06:15:29.500Z")
        #expect(book.price == Money(amount: 990, currency: "EUR") && book.tags == ["a", "b"])
        #expect(
            book.custom == ["shelf": "A", "copies": 2, "rare": false] && book.externalIDs == ["shop": "S-1"])
        #expect(book.author == "jane@example.com" && book.country == "DE" && book.phone == "+4930901820")
        #expect(book.website?.hasPrefix("http") == true && book.note == [1, [:]])
    }

    @Test func `every fault is told at once, each at its place`() {
        let body: JSONObject = [
            "genre": "tragedy", "pages": 0, "rating": 5.1, "in_print": "yes", "published_at": "yesterday",
            "price": ["amount": -1, "currency": "euros", "tax": 1], "tags": ["ok", 7, "far too long a tag"],
            "custom": ["a b": 1, "list": []], "external_ids": ["shop": 5], "author": "nobody", "phone": "12",
            "country": "Atlantis", "website": "javascript:x", "sequel_of": "lead_1", "sold": 3, "vault": "x",
            "colour": 1,
            "a/b~c": 1,
        ]
        #expect(
            faults(body) == [
                "/title": "required", "/genre": "invalid_choice", "/pages": "out_of_range",
                "/rating": "out_of_range",
                "/in_print": "wrong_type", "/published_at": "invalid_instant",
                "/price/amount": "out_of_range",
                "/price/currency": "invalid_currency", "/price/tax": "unknown_field", "/tags/1": "wrong_type",
                "/tags/2": "too_long", "/custom/a b": "invalid_key", "/custom/list": "wrong_type",
                "/external_ids/shop": "wrong_type", "/author": "invalid_email", "/phone": "invalid_phone",
                "/country": "invalid_country", "/website": "invalid_url", "/sequel_of": "unknown_reference",
                "/sold": "read_only", "/vault": "unknown_field", "/colour": "unknown_field",
                "/a~1b~0c": "unknown_field",
            ])
    }

    @Test(
        arguments: [
            ("title", nil, "required"), ("title", "", "required"), ("title", "  \t ", "required"),
            ("title", 5, "wrong_type"), ("title", "a\u{0}b", "invalid_text"),
            ("title", "a\u{7f}", "invalid_text"),
            ("title", .string(String(repeating: "x", count: 41)), "too_long"), ("genre", nil, "wrong_type"),
            ("pages", 1.5, "wrong_type"), ("pages", 1e30, "out_of_range"), ("pages", true, "wrong_type"),
            ("pages", "5", "wrong_type"), ("pages", .integer(.max), "out_of_range"),
            ("tags", "a", "wrong_type"),
            ("tags", ["a", "b", "c", "d"], "too_long"), ("custom", [], "wrong_type"),
            ("price", 5, "wrong_type"),
            ("price", [:], "required required"), ("published_at", "2026-02-30T00:00:00Z", "invalid_instant"),
        ] as [(String, JSON, String)])
    func `a value out of bounds is told by its code`(_ field: String, _ value: JSON, _ code: String) {
        var body: JSONObject = ["title": "Emma"]
        body[field] = value
        let found = faults(body).sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
        #expect(found == code)
    }

    @Test func `forty letters of any script fit into forty characters`() throws {
        let title = String(repeating: "漢", count: 40)
        #expect(try Book.read(["title": .string(title)]).title == title)
        let flags = String(repeating: "🇩🇪", count: 20)
        #expect(try Book.read(["title": .string(flags)]).title == flags)
    }

    @Test func `a single fault gives the problem its own code, several give validation_failed`() {
        #expect(problemCode { try Book.read([:]) } == "required")
        #expect(problemCode { try Book.read(["title": "x", "genre": "tragedy"]) } == "invalid_choice")
        #expect(problemCode { try Book.read(["colour": 1]) } == "validation_failed")
        do {
            _ = try Book.read(["title": "x", "genre": "tragedy"])
        } catch { #expect(error.faults[0].choices == ["novel", "essay", "poetry"]) }
    }
}

@Suite struct SchemaPatchTests {
    var book: Book {
        var book = Book()
        (book.title, book.pages, book.tags, book.sold, book.isbn) = ("Emma", 300, ["a"], 7, "1")
        (book.price, book.custom) = (Money(amount: 990, currency: "EUR"), ["shelf": "A", "copies": 2])
        return book
    }

    func patched(_ body: JSONObject) -> (Book, changed: [String], faults: [String: String]) {
        var patched = book, faults = Faults()
        let changed = Book.schema.patch(&patched, with: body, faults: &faults)
        return (
            patched, changed,
            Dictionary(faults.list.map { ($0.pointer, $0.code) }, uniquingKeysWith: { a, _ in a })
        )
    }

    @Test func `a patch changes what it names, and tells what changed`() {
        let (new, changed, faults) = patched(["pages": 301, "title": "Emma", "tags": ["a"]])
        #expect(new.pages == 301 && changed == ["pages"] && faults.isEmpty)
    }

    @Test func `null empties what can be empty`() {
        let (new, changed, faults) = patched(["pages": nil, "tags": nil, "custom": nil, "price": nil])
        #expect(
            new.pages == nil && new.tags.isEmpty && new.custom.isEmpty && new.price == nil && faults.isEmpty)
        #expect(Set(changed) == ["pages", "tags", "custom", "price"])
        #expect(patched(["title": nil]).faults == ["/title": "required"])
        #expect(patched(["title": " "]).faults == ["/title": "required"])
        #expect(patched(["genre": nil]).faults == ["/genre": "wrong_type"])
    }

    @Test func `objects are merged member by member`() {
        let (new, changed, faults) = patched([
            "custom": ["shelf": nil, "rare": true], "price": ["amount": 1],
        ])
        #expect(new.custom == ["copies": 2, "rare": true] && new.price == Money(amount: 1, currency: "EUR"))
        #expect(changed.sorted() == ["custom", "price"] && faults.isEmpty)
        #expect(patched(["price": ["currency": nil]]).faults == ["/price/currency": "required"])
        #expect(patched(["price": ["currency": "euros"]]).faults == ["/price/currency": "invalid_currency"])
        #expect(patched(["custom": 5]).faults == ["/custom": "wrong_type"])
    }

    @Test func `what is read-only or fixed may be sent as it is, not otherwise`() {
        #expect(patched(["sold": 7, "isbn": "1"]).faults.isEmpty)
        #expect(patched(["sold": 8, "isbn": "2"]).faults == ["/sold": "read_only", "/isbn": "read_only"])
        #expect(patched(["vault": "x"]).faults["/vault"] != nil)
        let same = Book.schema.json(book).object ?? [:]
        let whole = patched(same)
        #expect(whole.faults.isEmpty && whole.changed.isEmpty)
    }

    @Test func `every fault is told at once, and the present value stays where one is`() {
        let (new, _, faults) = patched(["pages": 0, "author": "nobody", "colour": 1, "genre": "essay"])
        #expect(faults == ["/pages": "out_of_range", "/author": "invalid_email", "/colour": "unknown_field"])
        #expect(new.pages == 300 && new.genre == .essay)
    }

    @Test func `a telephone number is read in the country the record has, or gets`() {
        var german = book, faults = Faults()
        german.country = "DE"
        _ = Book.schema.patch(&german, with: ["phone": "030 901820"], faults: &faults)
        #expect(german.phone == "+4930901820" && faults.isEmpty)
        _ = Book.schema.patch(&german, with: ["phone": "(415) 555-2671", "country": "US"], faults: &faults)
        #expect(german.phone == "+14155552671" && faults.isEmpty)
    }
}

@Suite struct SchemaOutputTests {
    @Test func `what is secret leaves in no form`() {
        var book = Book()
        book.vault = "treasure"
        let text =
            Book.schema.json(book).serialized + Book.schema.jsonSchema(.record).serialized
            + JSON.object(Book.resource.description("book", "books")).serialized
            + Book.resource.visible.map(\.name).joined()
        #expect(!text.contains("treasure") && !text.contains("vault"))
        #expect(!Book.resource.rowWriter.columns.contains("vault"))
    }

    @Test func `the audit names what changed, and masks persons and secrets`() {
        var old = Book(), new = Book()
        old.title = "Emma"
        (new.title, new.author, new.vault, new.pages) = ("Emma II", "jane@example.com", "treasure", 5)
        let changes = Book.resource.changes(from: old, to: new)
        #expect(changes["title"] == ["from": "Emma", "to": "Emma II"])
        #expect(changes["pages"] == ["from": nil, "to": 5])
        #expect(changes["author"] == ["from": nil, "to": "***"] && changes["version"] == nil)
        #expect(!JSON.object(changes).serialized.contains("treasure"))
        let created = JSON(stored: Book.resource.contents(of: new))
        #expect(created["title"] == "Emma II" && created["author"] == "***" && created["tags"] == nil)
        #expect(created["rating"] == nil)
        #expect(Book.resource.changes(from: new, to: new).isEmpty)
    }

    @Test func `the schemas say who may write what`() {
        let record = Book.schema.jsonSchema(.record), create = Book.schema.jsonSchema(.create)
        let patch = Book.schema.jsonSchema(.patch)
        func names(_ schema: JSON) -> Set<String> { Set(schema["properties"]?.object?.keys ?? []) }
        #expect(names(record).isSuperset(of: ["id", "version", "created_at", "sold", "isbn", "title"]))
        #expect(
            names(create).isDisjoint(with: ["id", "version", "sold", "vault"])
                && names(create).contains("isbn"))
        #expect(names(patch).isDisjoint(with: ["id", "sold", "isbn", "vault"]))
        #expect(create["required"] == ["title"] && patch["required"] == nil)
        #expect(Set(record["required"]?.array?.compactMap(\.text) ?? []) == names(record))
        let title = record["properties"]?["title"], genre = record["properties"]?["genre"]
        #expect(title?["maxLength"] == 40 && title?["description"] == "On the cover.")
        #expect(genre?["enum"] == ["novel", "essay", "poetry"] && genre?["default"] == "novel")
        #expect(record["properties"]?["pages"]?["type"] == ["integer", "null"])
        #expect(record["properties"]?["sold"]?["readOnly"] == true)
        #expect(patch["properties"]?["tags"]?["type"] == ["array", "null"])
        #expect(record["properties"]?["tags"]?["type"] == "array")
    }

    @Test func `failures that operators' guides number carry the number`() {
        let numbered = Dictionary(
            grouping: ProblemType.general.filter { $0.reference != nil }, by: { $0.reference ?? "" })
        #expect(
            numbered.mapValues { Set($0.map(\.code)) } == [
                "ERR_001": ["unavailable"], "ERR_002": ["rate_limited", "service_rate_limited"],
                "ERR_003": ["agent_timeout"],
            ])
        #expect(Problem(.unavailable).json(requestID: "r-1")["reference"] == "ERR_001")
        #expect(Problem(.notFound).json(requestID: "r-1")["reference"] == nil)
        #expect((ProblemType.general + ProblemType.faultCodes).allSatisfy { $0.remedy.count > 5 })
    }

    @Test func `every problem that there is says what to do`() {
        for type in ProblemType.general {
            let action = Problem(type, "What is wrong.").json(requestID: "r")["recommended_action"]?.text
            #expect(action == type.remedy && type.remedy.count > 15, "\(type.code)")
        }
        for type in ProblemType.faultCodes {
            let one = Problem(faults: [Fault("/x", type.code, "Wrong.")]).json(requestID: "r")
            #expect(one["recommended_action"]?.text == type.remedy && type.remedy.count > 8, "\(type.code)")
        }
        let two = Problem(faults: [Fault("/x", "required", ""), Fault("/y", "required", "")])
        #expect(two.remedy == ProblemType.validationFailed.remedy)
    }

    @Test func `what a service answers is its limit, its refusal, or neither`() {
        for code in ["mailgun_429", "http_429", "whatsapp_130429"] {
            #expect(ProblemType.ofService(code) == .serviceLimited, "\(code)")
        }
        for code in ["mailgun_401", "http_403"] {
            #expect(ProblemType.ofService(code) == .serviceRefuses, "\(code)")
        }
        #expect(ProblemType.ofService("permission_missing") == .permissionMissing)
        for code in ["http_500", "connect", "429th", "", "telegram_409"] {
            #expect(ProblemType.ofService(code) == nil, "\(code)")
        }
        // Throttle, consider a larger plan, and it is tried again, ever later.
        for word in ["retries", "longer", "less", "plan"] {
            #expect(ProblemType.serviceLimited.remedy.contains(word))
        }
    }

    @Test func `what a schema refuses, a body with it is refused for`() {
        let create = Book.schema.jsonSchema(.create)
        #expect(create["additionalProperties"] == false && create["properties"]?["title"]?["minLength"] == 1)
        #expect(Book.schema.jsonSchema(.record)["additionalProperties"] == nil)
        #expect(problemCode { try Book.read(["title": " "]) } == "required")
        // 26 characters of base 32 hold more than an identifier's 128 bits.
        let pattern = create["properties"]?["sequel_of"]?["pattern"]?.text ?? ""
        let prefix = String(pattern.dropFirst().prefix { $0 != "_" })
        let zeros = String(repeating: "0", count: 25)
        func sequel(_ first: Int) -> JSON { .string("\(prefix)_\(first)\(zeros)") }
        #expect(problemCode { try Book.read(["title": "A", "sequel_of": sequel(8)]) } == "unknown_reference")
        #expect(throws: Never.self) { try Book.read(["title": "A", "sequel_of": sequel(7)]) }
    }

    @Test func `a problem document has its parts, and its own members after them`() {
        var problem = Problem(.invalidTransition, "No way.", extra: ["allowed": ["a"]])
        problem.faults = [Fault("/x", "wrong_type", "Not that.")]
        let json = problem.json(requestID: "r-1")
        #expect(
            json["type"] == "/problems/invalid_transition" && json["status"] == 409
                && json["detail"] == "No way. Allowed: a.")
        #expect(json["request_id"] == "r-1" && json["allowed"] == ["a"])
        #expect(json["errors"] == [["pointer": "/x", "code": "wrong_type", "detail": "Not that."]])
        let response = problem.with(header: "Retry-After", "1").response(requestID: "r-1")
        #expect(response.status == 409)
        #expect(response.headers.map(\.0) == ["Content-Type", "Retry-After"])
    }
}
