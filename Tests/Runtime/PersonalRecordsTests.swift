import Database
import JSON
import Nouns
import Routing
import RuntimeRoutes
import Telemetry
import Testing

@testable import Agents
@testable import Jobs
@testable import Records
@testable import RuntimeTesting

private let janeID = ContactID.numbered(1)
private let jane = Subject(janeID)
private let user = Actor(.user, id: "usr_1")

/// A resource of which nothing but its declaration says what is personal in it.
private struct Letter: ManagedRecord {
    var head = Head<Letter>()
    var contactID: ContactID?
    var text = ""
    var place: String?
    var topic: String?

    static let idPrefix = "letter"
    static let resource = Resource<Letter>(
        "letters", named: "Letter",
        [
            .id("contact_id", \.contactID),
            .text("text", \.text, .required, .personal), .text("place", \.place, .erased),
            .text("topic", \.topic),
        ])

    static let migration = Migration(number: 901, name: "letters") { dialect in
        [
            """
            CREATE TABLE letters (
                \(dialect.identity()), tenant_id TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
                created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, contact_id TEXT, text TEXT NOT NULL,
                place TEXT, topic TEXT, \(dialect.key("tenant_id, id"))
            ) \(dialect.tableOptions)
            """
        ]
    }
}

extension Transaction {
    fileprivate func letter(to contact: ContactID, _ text: String) throws -> ID<Letter> {
        var letter = Letter.new(id: nextID(), now: now)
        (letter.contactID, letter.text) = (contact, text)
        (letter.place, letter.topic) = ("Ulm", "Prices")
        try Letter.resource.insert(&letter, in: self)
        return letter.id
    }
}

/// A resource whose records are erased with others that are not there.
private struct Page: Record {
    var head = Head<Page>()
    var text: String?

    static let idPrefix = "page"
    static let resource = Resource<Page>(
        "pages", named: "Page", personal: .within("books"), [.text("text", \.text, .personal)])
}

struct PersonalDeclarations {
    @Test func `the declaration of a resource is enough to have its records exported and erased`()
        async throws
    {
        let test = try AgentTest([], migrations: [Letter.migration], at: "2027-01-05T10:00:00Z")
        var routes = Routes()
        routes.tells(Letter.resource, read: "letters:read")
        for part in test.runtime.parts { part.know(routes.records) }
        let (hers, other) = try await test.given { tx in
            (try tx.letter(to: janeID, "Dear Jane"), try tx.letter(to: .numbered(2), "Dear John"))
        }
        let export = try test.read { try test.runtime.exportPersonalData(of: [jane], in: $0) }
        #expect(export["letters"]?.array?.compactMap { $0["text"]?.text } == ["Dear Jane"])
        let own = try test.read { try test.runtime.exportToThemselves([jane], in: $0) }
        #expect(own["letters"] == nil, "the agency's own, unless the declaration says else")
        let erased = try await test.given { try test.runtime.erasePersonalData(of: [jane], by: user, in: $0) }
            .erased
        #expect(erased["letters"] == 1)
        let left = try test.read { try Letter.resource.get(hers, in: $0) }
        #expect(left.text == "Erased" && left.place == nil && left.topic == "Prices" && left.version == 2)
        #expect(try test.read { try Letter.resource.get(other, in: $0) }.text == "Dear John")
        let audited = try test.read { reader in
            try reader.all(
                "SELECT changes FROM audit WHERE tenant_id = \(reader.tenant) AND action = 'letter.erased'"
            ) { $0.text(0) }
        }
        #expect(audited.count == 1 && !audited[0].contains("Jane") && !audited[0].contains("Ulm"))
        let again = try await test.given { try test.runtime.erasePersonalData(of: [jane], by: user, in: $0) }
            .erased
        #expect(again["letters"] == 0)
    }

    @Test func `personal fields that no erasure would reach are faults`() {
        let contact = Field<Letter>.id("contact_id", \.contactID)
        let stray = Resource<Letter>("strays", named: "Stray", [.text("text", \.text, .personal)])
        #expect(stray.personalFault?.contains("neither contact_id nor lead_id") == true)
        let fixed = Resource<Letter>(
            "fixed", named: "Fixed", [contact, .integer("count", \.version, in: 1...9, .personal)])
        #expect(fixed.personalFault == "Fixed.count cannot be emptied: make it optional")
        let kept = Resource<Letter>(
            "kept", named: "Kept", personal: .kept("letters", because: "The law says so."),
            [.text("text", \.text, .personal)])
        #expect(kept.personalFault == nil)
        #expect(PersonalSources([], [Letter.self]).faults.isEmpty)
        #expect(
            PersonalSources([], [Page.self]).faults == ["Page is erased within books, which nothing erases"])
    }
}
