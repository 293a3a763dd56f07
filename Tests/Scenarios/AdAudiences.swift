import Cryptography
import JSON
import StandIns
import Testing

/// Audiences of advertisements: only who agrees is on them, and whoever changes their mind is taken off.
@Suite(.ownThread) struct AdAudiences {
    let server = BureauProcess.shared

    private func connected(_ agency: Agency, _ web: MetaAdsStandIn) throws -> String {
        try agency.connect(
            "meta_ads", web.service.url, credentials: web.credentials, settings: web.settings,
            capability: "advertising"
        ).id
    }

    private func contacts(_ agency: Agency) throws -> String {
        try agency.owner.post(
            "/v1/segments", ["name": "People", "of": "contacts", "filter": ["all": []]]
        ).ok(201).id
    }

    private func agree(
        _ owner: Caller, _ contact: JSON, _ status: String = "granted", _ more: JSONObject = [:]
    )
        throws
    {
        var body: JSONObject = [
            "contact_id": .string(contact.id), "purpose": "retargeting", "status": .string(status),
            "source": "banner",
        ]
        for (name, value) in more.members { body[name] = value }
        try owner.post("/v1/consents", .object(body)).ok(201)
    }

    private func digest(_ address: String) -> String { Hex.encode(SHA256.hash(address)) }

    private func current(_ owner: Caller, _ id: String, size: Int) throws -> JSON {
        try eventually("\(size) on the audience") {
            let now = try owner.get("/v1/ad-audiences/\(id)").ok()
            return now.text("status") == "current" && now["size"] == JSON(size) ? now : nil
        }
    }

    @Test func `only those who agree are on an audience, and whoever changes their mind is taken off`() throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, web = try MetaAdsStandIn()
        let meta = try connected(agency, web)
        let people = try (0..<5).map { try agency.makeContact($0) }
        try agree(owner, people[0])
        try agree(owner, people[1])
        try agree(owner, people[2], "withdrawn")
        // Somebody else's interest is no consent, and a suppressed address is left alone.
        try agree(owner, people[3], "granted", ["lawful_basis": "legitimate_interest"])
        try agree(owner, people[4])
        try owner.post(
            "/v1/suppressions", ["channel": "email", "address": "p4@example.com", "reason": "manual"]
        ).ok(201)
        let made = try owner.post(
            "/v1/ad-audiences",
            [
                "name": "Visitors", "integration_id": .string(meta),
                "segment_id": .string(try contacts(agency)),
            ]
        ).ok(201)
        let first = try current(owner, made.id, size: 2)
        #expect(first["remote_id"] == "7000" && first["reasons"] == [])
        #expect(web.audiences == [[digest("p0@example.com"), digest("p1@example.com")]])
        let sent = web.service.requests.map { $0.target + $0.text }.joined()
        #expect(!sent.contains("example.com") && !sent.contains("%40example"), "digests alone leave")
        try agree(owner, people[1], "withdrawn")
        _ = try current(owner, made.id, size: 1)
        #expect(web.audiences == [[digest("p0@example.com")]])
        try owner.delete("/v1/ad-audiences/\(made.id)").problem(409, "conflict")
        try owner.patch("/v1/ad-audiences/\(made.id)", ["enabled": false]).ok()
        _ = try current(owner, made.id, size: 0)
        #expect(web.audiences == [[]])
        #expect(try owner.delete("/v1/ad-audiences/\(made.id)").status == 204)
    }

    @Test func `after lost answers an audience is one, and each on it once`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try MetaAdsStandIn()
        let meta = try connected(agency, web), people = try (0..<3).map { try agency.makeContact($0) }
        for person in people { try agree(owner, person) }
        // It is looked for, and made; the answer to that is lost, as is the one to those who are put on it.
        web.service.next(.wait {}, .cutDone)
        let made = try owner.post(
            "/v1/ad-audiences",
            [
                "name": "Visitors", "integration_id": .string(meta),
                "segment_id": .string(try contacts(agency)),
            ]
        ).ok(201)
        try eventuallyTrue("the loss") {
            try owner.get("/v1/ad-audiences/\(made.id)").ok()["reasons"] != []
        }
        try owner.post("/v1/ad-audiences/\(made.id)/sync", [:]).ok(202)
        _ = try current(owner, made.id, size: 3)
        #expect(web.audiences.count == 1 && web.audiences.first?.count == 3)
    }

    @Test func `Google is told the digests that it asks for, with consent, and who is taken off`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try GoogleAdsStandIn()
        let google = try agency.connect(
            "google_ads", web.service.url, credentials: web.credentials, settings: web.settings,
            capability: "advertising"
        ).id
        let people = try ["Jane.Doe@Gmail.com", "joe@p.example", "mute@p.example"].map { address in
            try owner.post("/v1/contacts", ["name": "P", "email": .string(address)]).ok(201)
        }
        for person in people.prefix(2) { try agree(owner, person) }
        web.service.next(.wait {}, .cutDone)
        let made = try owner.post(
            "/v1/ad-audiences",
            [
                "name": "Visitors", "integration_id": .string(google),
                "segment_id": .string(try contacts(agency)),
            ]
        ).ok(201)
        try eventuallyTrue("the loss") {
            try owner.get("/v1/ad-audiences/\(made.id)").ok()["reasons"] != []
        }
        try owner.post("/v1/ad-audiences/\(made.id)/sync", [:]).ok(202)
        let now = try current(owner, made.id, size: 2)
        #expect(now["remote_id"] == "9000")
        // At Google's own mail dots mean nothing, and who has not agreed is nobody's business.
        #expect(web.audiences == [[digest("janedoe@gmail.com"), digest("joe@p.example")]])
        let put = try #require(web.audienceChanges.first)
        #expect(put["consent"]?["adPersonalization"] == "CONSENT_GRANTED" && put["encoding"] == "HEX")
        let sent = web.service.requests.map { $0.target + $0.text }.joined().lowercased()
        #expect(!sent.contains("gmail.com") && !sent.contains("p.example"), "digests alone leave")
        try agree(owner, people[0], "withdrawn")
        _ = try current(owner, made.id, size: 1)
        #expect(web.audiences == [[digest("joe@p.example")]])
        #expect(web.audienceChanges.last?["consent"] == nil, "whoever is taken off has given none")
        try owner.patch("/v1/ad-audiences/\(made.id)", ["enabled": false]).ok()
        _ = try current(owner, made.id, size: 0)
        #expect(web.audiences == [[]])
        #expect(try owner.delete("/v1/ad-audiences/\(made.id)").status == 204)
    }

    @Test func `an audience needs a segment, and a service that has audiences`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, web = try MetaAdsStandIn()
        let meta = try connected(agency, web), mail = try agency.connect("smtp", "smtp://127.0.0.1:9").id
        let absent = "seg_00000000000000000000000000"
        let faults = try owner.post(
            "/v1/ad-audiences",
            ["name": "A", "integration_id": .string(mail), "segment_id": .string(absent)]
        ).faults()
        #expect(faults["/integration_id"] == "conflict" && faults["/segment_id"] == "unknown_reference")
        let elsewhere = try server.quietAgency()
        let foreign = try elsewhere.owner.post(
            "/v1/ad-audiences",
            [
                "name": "A", "integration_id": .string(meta), "segment_id": .string(try contacts(elsewhere)),
            ]
        ).faults()
        #expect(foreign["/integration_id"] == "unknown_reference")
    }
}
