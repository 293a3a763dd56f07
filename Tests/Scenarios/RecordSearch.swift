import JSON
import Testing

/// One search over everything that its reader may read.
@Suite(.ownThread) struct RecordSearch {
    let server = BureauProcess.shared

    @Test func `one request finds records of all kinds, each kind with its share, exact names first`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        for number in 0..<9 {
            _ = try agency.makeLead(number, ["company": .string("Kestrel \(number)"), "contact_name": "Ann"])
        }
        let exact = try owner.post("/v1/clients", ["name": "Kestrel"]).ok(201)
        try owner.post("/v1/clients", ["name": "The Kestrel house"]).ok(201)
        let ticket = try owner.ticket("Where is Kestrel's logo?", "It is gone.")
        let found = try owner.get("/v1/search?q=kestr&limit=50").ok()["data"]?.array ?? []
        for hit in found {
            #expect(hit.text("title").lowercased().contains("kestrel") || hit.text("kind") == "contacts")
        }
        #expect(
            Set(found.map { $0.text("kind") }).isSuperset(of: ["leads", "clients", "tickets", "companies"]))
        #expect(found.contains { $0.id == ticket.id && $0.text("type") == "ticket" })
        let few = try owner.get("/v1/search?q=kestrel&limit=4&kinds=clients,leads").ok()["data"]?.array ?? []
        #expect(few.map { $0.text("kind") } == ["clients", "clients", "leads", "leads"])
        #expect(few[0].id == exact.id, "what is called so is first")
        let gone = try #require(found.first { $0.text("kind") == "leads" })
        try owner.delete("/v1/leads/\(gone.id)").ok(204)
        #expect(try hits(owner).allSatisfy { $0 != gone.id }, "archived leads are in no list")
    }

    @Test func `nobody finds what they may not read`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let (client, other) = (try owner.makeClient(), try owner.makeClient())
        let theirs = try agency.makeLead(1, ["company": "Kestrel one", "client_id": .string(client.id)])
        let others = try agency.makeLead(2, ["company": "Kestrel two", "client_id": .string(other.id)])
        #expect(try Set(hits(owner)).isSuperset(of: [theirs.id, others.id]))
        #expect(try hits(server.signUp().owner).isEmpty)
        let member = try agency.colleague("member", limitedTo: client.id)
        let seen = try hits(member)
        #expect(seen.contains(theirs.id) && !seen.contains(others.id))
        let key = try agency.key(["clients:read"])
        #expect(try hits(key).isEmpty)
        #expect(try key.get("/v1/search?q=kestrel&kinds=leads").ok()["data"] == [])
        try server.anonymous.get("/v1/search?q=kestrel").problem(401)
    }

    @Test(arguments: ["", "q=", "q=%20", "q=a&limit=0", "q=a&limit=51", "q=a&kinds=colours", "q=a&sort=id"])
    func `a search beyond its bounds is refused`(_ query: String) throws {
        try server.signUp().owner.get("/v1/search?\(query)").problem(400, "invalid_parameter")
    }

    private func hits(_ caller: Caller) throws -> [String] {
        try caller.get("/v1/search?q=kestrel&limit=50").ok()["data"]?.array?.map(\.id) ?? []
    }
}
