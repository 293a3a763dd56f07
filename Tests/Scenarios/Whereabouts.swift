import JSON
import Testing

/// People and pages learn where they are, and of records by their ids.
@Suite(.ownThread) struct Whereabouts {
    let server = BureauProcess.shared

    @Test func `somebody learns whom they are limited to, and in which sandbox they are`() throws {
        let agency = try server.quietAgency()
        let client = try agency.owner.makeClient()
        let plain = try agency.owner.get("/v1/me").ok()
        #expect(plain["client"] == .null && plain["sandbox"] == .null)
        let limited = try agency.colleague("member", limitedTo: client.id)
        let theirs = try limited.get("/v1/me").ok()
        #expect(theirs["client"] == ["id": .string(client.id), "name": client["name"] ?? .null])
        let sandbox = try agency.sandbox()
        let inside = try sandbox.owner.get("/v1/me").ok()
        #expect(inside["sandbox"]?.text("id") == sandbox.id && inside["sandbox"]?.text("name") == "Test")
        #expect(inside["sandbox"]?.text("now") == (try sandbox.now()))
        try sandbox.advance("PT1H")
        #expect(try sandbox.owner.get("/v1/me").ok()["sandbox"]?.text("now") == "2027-01-05T11:00:00.000Z")
    }

    @Test func `somebody says which language they read`() throws {
        let agency = try server.quietAgency()
        #expect(try agency.owner.get("/v1/me").ok()["user"]?["locale"] == .null)
        #expect(try agency.owner.get("/v1/me").ok()["tenant"]?.text("locale") == "en")
        let changed = try agency.owner.patch("/v1/me", ["locale": "de-de"]).ok()
        #expect(changed["user"]?.text("locale") == "de-DE")
        #expect(try agency.owner.patch("/v1/me", ["name": "Olive"]).ok()["user"]?.text("locale") == "de-DE")
        #expect(try agency.owner.patch("/v1/me", ["locale": "x!"]).faults() == ["/locale": "invalid_locale"])
        #expect(try agency.owner.patch("/v1/me", ["locale": nil]).ok()["user"]?["locale"] == .null)
    }

    @Test func `a list gives the records of some ids, and none that the caller may not see`() throws {
        let (agency, other) = (try server.quietAgency(), try server.quietAgency())
        let leads = try (0..<3).map { try agency.makeLead($0) }
        let foreign = try other.makeLead(9)
        let ids = [leads[2].id, leads[0].id, foreign.id, absentLead, "nonsense"].joined(separator: ",")
        let found = try agency.owner.get("/v1/leads?id=\(ids)&fields=id,company").ok().items
        #expect(Set(found.map(\.id)) == [leads[0].id, leads[2].id])
        #expect(try agency.owner.get("/v1/leads?id[ne]=\(leads[0].id)").ok().items.count == 2)
        for resource in try agency.owner.every("/v1/meta/resources?limit=200") {
            guard resource["operations"]?["list"] != nil else { continue }
            let path = resource.text("path")
            let answer = try agency.owner.get("\(path)?id=\(absentLead)")
            guard answer.status != 403 else { continue }
            #expect(try answer.ok().items.isEmpty, "\(path)")
        }
    }
}
