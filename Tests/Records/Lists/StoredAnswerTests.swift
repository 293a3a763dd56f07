import Cryptography
import Database
import Foundation
import JSON
import Nouns
import Telemetry
import Testing
import Wire

@testable import Records

/// A record whose rows hold the beginning of their answers.
private struct Volume: Record {
    var head = Head<Volume>()
    var title = ""
    var genre = Book.Genre.novel
    var pages: Int?
    var rating: Double?
    var inPrint: Bool?
    var publishedAt: Instant?
    var price: Money?
    var tags: [String] = []
    var custom: JSONObject = [:]
    var sequelOf: ID<Volume>?
    var note: JSON = .null
    var shelf: Int?
    var vault: String?

    static let idPrefix = "vol"
    static let resource = Resource<Volume>(
        "volumes", named: "Volume", storing: "shelf", noting: "rating",
        [
            .text("title", \.title, .required, .sortable),
            .choice("genre", \.genre),
            .integer("pages", \.pages, in: 1...10_000, .personal),
            .number("rating", \.rating, in: 0...5),
            .boolean("in_print", \.inPrint),
            .instant("published_at", \.publishedAt),
            .money("price", \.price),
            .texts("tags", \.tags),
            .custom("custom", \.custom),
            .id("sequel_of", \.sequelOf),
            .document("note", \.note, schema: [:]),
            .integer("shelf", \.shelf, in: 0...100),
            .text("vault", \.vault, .secret),
        ])
}

/// A database of volumes in a folder that goes with it.
private final class Stacks: Sendable {
    let database: Database
    private let folder = NSTemporaryDirectory() + "bureau-answers-" + UUID().uuidString
    private let ids = UniqueIDGenerator()

    init() throws {
        database = try Database.open(DatabaseConfiguration(folder: folder))
        try database.migrate([
            Migration(number: 1, name: "volumes") { Volume.resource.creation($0) },
            Migration(number: 2, name: "answers") { Volume.resource.storingAnswers($0, in: 2) },
        ])
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    @discardableResult
    func add(_ title: String, _ fill: (inout Volume) -> Void = { _ in }) throws -> Volume {
        let now = Instant(seconds: 1_800_000_000)
        var volume = Volume.new(id: ids.next(at: now), now: now)
        volume.title = title
        fill(&volume)
        let new = volume
        return try database.writeAndWait(tenant) { tx in
            var volume = new
            try Volume.resource.insert(&volume, in: tx)
            return volume
        }
    }

    func change(_ old: Volume, _ fill: (inout Volume) -> Void) throws {
        var volume = old
        fill(&volume)
        volume.version += 1
        let new = volume
        try database.writeAndWait(tenant) { tx in try Volume.resource.update(old, to: new, in: tx) }
    }

    func run(_ statement: @escaping @Sendable (Transaction) -> SQL) throws {
        try database.writeAndWait(tenant) { tx in _ = try tx.run(statement(tx)) }
    }

    /// The answers that the rows hold.
    func answers() throws -> [String?] {
        try database.read(tenant) { reader in
            try reader.all(
                "SELECT stored_answer FROM volumes WHERE tenant_id = \(reader.tenant) ORDER BY id"
            ) { $0.optionalText(0) }
        }
    }

    /// A page as it is asked for, and as it is written from the columns.
    func pages() throws -> (stored: String, columns: String) {
        let names = Volume.resource.visible.map(\.name).joined(separator: ",")
        return try database.read(tenant) { reader in
            func page(_ query: [QueryItem]) throws -> String {
                try ListQuery(Volume.resource, query, dialect: reader.dialect).written(in: reader).text
            }
            return (try page([]), try page([QueryItem(name: "fields", value: names)]))
        }
    }
}

struct StoredAnswerTests {
    private let stacks: Stacks

    init() throws { stacks = try Stacks() }

    private func fillEverything(_ volume: inout Volume) {
        volume.genre = .essay
        (volume.pages, volume.rating, volume.inPrint) = (320, 4, false)
        volume.publishedAt = Instant(microseconds: 1_700_000_000_123_456)
        volume.price = Money(amount: -1250, currency: "EUR")
        volume.tags = ["a \"b\"", "Grüße 😀"]
        volume.custom = ["shelf": "A\\B", "copies": 2, "ratio": 0.5, "rare": true, "none": .null]
        volume.note = ["deep": [1, 2.5, "x"]]
        (volume.shelf, volume.vault) = (7, "treasure")
    }

    @Test func `pages and records are the same from what rows hold as from the columns`() throws {
        let plain = try stacks.add("Emma")
        let full = try stacks.add("A \"quoted\"\ntitle\u{1}, and \\ more") {
            fillEverything(&$0)
            $0.sequelOf = plain.id
        }
        let pages = try stacks.pages()
        #expect(pages.stored == pages.columns && !pages.stored.contains("treasure"))
        #expect(try stacks.answers().allSatisfy { $0 != nil })
        try stacks.database.read(tenant) { reader in
            for volume in [plain, full] {
                let output = OutputBuffer()
                Volume.resource.write(volume, to: output)
                let read = try #require(try Volume.resource.read(volume.id, in: reader, noting: "rating"))
                #expect(read.0.text == output.text && read.version == 1)
                #expect(read.isNoted == (volume.rating != nil))
                // Of another column it is the row's own.
                let other = try Volume.resource.read(volume.id, in: reader, noting: "pages")
                #expect(other?.0.text == output.text && other?.isNoted == (volume.pages != nil))
            }
        }
    }

    @Test func `a page copies what rows hold`() throws {
        try stacks.add("Emma")
        try stacks.run { tx in
            """
            UPDATE volumes SET stored_answer = replace(stored_answer, 'Emma', 'Amme')
            WHERE tenant_id = \(tx.tenant)
            """
        }
        let pages = try stacks.pages()
        #expect(pages.stored.contains("\"Amme\"") && pages.columns.contains("\"Emma\""))
    }

    @Test func `the audit and the first answer copy what a row was stored with, and say what the record does`()
        throws
    {
        let (ids, now) = (UniqueIDGenerator(), Instant(seconds: 1_800_000_000))
        for isFull in [false, true] {
            var volume = Volume.new(id: ids.next(at: now), now: now)
            volume.title = "A \"quoted\" title"
            if isFull { fillEverything(&volume) }
            let new = volume
            let start = try stacks.database.writeAndWait(tenant) { tx in
                var volume = new
                return try Volume.resource.insert(answering: &volume, in: tx)
            }
            func texts(_ record: Volume, _ start: AnswerStart?) -> [String] {
                let output = OutputBuffer()
                Volume.resource.write(record, from: start, to: output)
                return [output.text, Volume.resource.contents(of: record, from: start)]
            }
            #expect(texts(new, start) == texts(new, nil))
            #expect(texts(new, start)[1].contains("\"pages\":\"***\"") == isFull)
            volume.title = "Another"
            #expect(texts(volume, start) == texts(new, nil))
        }
    }

    @Test func `each change writes the answer anew`() throws {
        let old = try stacks.add("Emma")
        let before = try stacks.answers()
        try stacks.change(old) { fillEverything(&$0) }
        #expect(try stacks.answers() != before)
        let pages = try stacks.pages()
        #expect(pages.stored == pages.columns && pages.stored.contains("\"version\":2"))
    }

    @Test func `a statement that sets a column by itself takes the answer away, until it is written again`()
        throws
    {
        let volumes = try ["Emma", "Persuasion"].map { try stacks.add($0) }
        try stacks.run { tx in
            "UPDATE volumes SET shelf = 9 WHERE tenant_id = \(tx.tenant)"
        }
        #expect(try stacks.answers().allSatisfy { $0 != nil }, "what is not in it leaves it alone")
        try stacks.run { tx in
            "UPDATE volumes SET genre = 'poetry' WHERE tenant_id = \(tx.tenant) AND title = 'Emma'"
        }
        #expect(try stacks.answers().map { $0 == nil } == [true, false])
        var pages = try stacks.pages()
        #expect(pages.stored == pages.columns && pages.stored.contains("poetry"))
        let ids = volumes.map(\.id.text)
        try stacks.database.writeAndWait(tenant) { tx in
            try Volume.resource.storeAnswers(of: ids, in: tx)
        }
        #expect(try stacks.answers().allSatisfy { $0 != nil })
        pages = try stacks.pages()
        #expect(pages.stored == pages.columns && pages.stored.contains("poetry"))
    }

    @Test func `an answer of other fields is passed over`() throws {
        try stacks.add("Emma")
        try stacks.run { tx in
            """
            UPDATE volumes SET stored_answer = 'abcdefgh{"id":"vol_x"' WHERE tenant_id = \(tx.tenant)
            """
        }
        let pages = try stacks.pages()
        #expect(pages.stored == pages.columns && pages.stored.contains("\"Emma\""))
    }

    @Test func `members that are said otherwise stand in their places, and all else stays as it is`() throws {
        let (emma, other) = (try stacks.add("Emma"), try stacks.add("Persuasion"))
        func page(
            _ fields: String?, _ computed: [String], _ members: [String: JSONObject]
        ) throws -> (text: String, items: [JSON]) {
            let query = fields.map { [QueryItem(name: "fields", value: $0)] } ?? []
            let text = try stacks.database.read(tenant) { reader in
                try ListQuery(
                    Volume.resource, query, dialect: reader.dialect, oldestFirst: true, computed: computed
                ).written(in: reader) { ids in
                    #expect(ids == [emma.id.text, other.id.text])
                    return members
                }.text
            }
            return (text, try JSONParser.parse(text)["data"]?.array ?? [])
        }
        let plain = try page(nil, [], [:])
        #expect(plain.items.count == 2 && plain.items[0]["title"] == "Emma")
        #expect(try page(nil, ["title"], [:]).text == plain.text)
        let said = try page(nil, ["title"], [other.id.text: ["title": "Überredung"]])
        #expect(said.items[0] == plain.items[0])
        #expect(said.items[1] == plain.items[1].merging(["title": "Überredung"]))
        #expect(try page("title", ["title"], [:]).items == [["title": "Emma"], ["title": "Persuasion"]])
        #expect(
            try page("title,title", ["title"], [other.id.text: ["title": "Überredung"]]).text
                == page("title", ["title"], [other.id.text: ["title": "Überredung"]]).text, "said once")
        // A field without a column is nothing where nothing is said.
        let more = try page(nil, ["extra"], [emma.id.text: ["extra": 1]])
        #expect(more.items.map { $0["extra"] } == [1, .null] && more.items[1]["title"] == "Persuasion")
        #expect(try page("extra", ["extra"], [:]).items.allSatisfy { $0.object?.keys == ["extra"] })
    }
}
