import Cryptography
import JSON
import StandIns
import Testing

/// The register of what people ask for under data protection law.
@Suite(.ownThread) struct PrivacyRequests {
    let server = BureauProcess.shared

    private func enter(_ caller: Caller, _ kind: String, _ more: JSON = [:]) throws -> JSON {
        let body: JSON = [
            "name": "Jane Secret", "address": "Jane1@Example1.com", "kind": .string(kind), "source": "letter",
        ]
        return try caller.post("/v1/privacy/requests", body.merging(more)).ok(201)
    }

    @Test func `a request is due a month later by the agency's calendar, and once extended two months more`()
        throws
    {
        let agency = try server.signUp(timeZone: "Europe/Berlin")
        // In Berlin it is the 31st of January already.
        let box = try agency.sandbox(startAt: "2027-01-30T23:30:00.000Z")
        try box.owner.patch("/v1/settings", ["time_zone": "Europe/Berlin"]).ok()
        let request = try enter(box.owner, "access")
        #expect(request.text("status") == "received")
        #expect(request.text("received_at") == "2027-01-30T23:30:00.000Z")
        #expect(request.text("due_at") == "2027-02-28T22:59:59.000Z")
        let path = "/v1/privacy/requests/\(request.id)"
        #expect(try box.owner.post("\(path)/extend", [:]).faults() == ["/reason": "required"])
        let extended = try box.owner.post("\(path)/extend", ["reason": "Mails of nine years"]).ok()
        // Clocks show summer time by then.
        #expect(extended.text("due_at") == "2027-04-30T21:59:59.000Z")
        #expect(extended.text("status") == "in_progress" && extended["extended_at"] != .null)
        try box.owner.post("\(path)/extend", ["reason": "Again"]).problem(409, "conflict")
        let late = try enter(box.owner, "access", ["received_at": "2026-12-01T10:00:00Z"])
        #expect(late.text("due_at") == "2027-01-01T22:59:59.000Z")
        try box.owner.post("/v1/privacy/requests/\(late.id)/extend", ["reason": "Late"]).problem(409)
        let future: JSON = ["name": "Jane", "kind": "access", "received_at": "2027-02-01T00:00:00Z"]
        #expect(
            try box.owner.post("/v1/privacy/requests", future).faults() == ["/received_at": "out_of_range"])
        let found = try box.owner.every("/v1/privacy/requests?status=in_progress&sort=due_at")
        #expect(found.map(\.id) == [request.id])
    }

    @Test func `somebody is reminded before a request is due, and when it is overdue`() throws {
        let agency = try server.quietAgency()
        let box = try agency.sandbox(startAt: "2027-03-01T10:00:00.000Z")
        try box.quieten()
        let request = try enter(box.owner, "erasure")
        let done = try enter(box.owner, "objection", ["identity_check": "in_person"])
        try box.owner.post("/v1/privacy/requests/\(done.id)/complete", ["outcome": "No more mails."]).ok()
        func told() throws -> [String] {
            let all = try box.owner.every("/v1/notifications").filter { $0.text("kind") == "privacy_request.due" }
            #expect(all.allSatisfy { $0["subject"]?["id"]?.text == request.id && $0.text("urgency") == "high" })
            return all.map { $0.text("title") }.sorted()
        }
        try box.advance(to: "2027-03-25T23:00:00.000Z")
        #expect(try told().isEmpty)
        try box.advance(to: "2027-03-26T12:00:00.000Z")
        #expect(try told() == ["A privacy request is due in 7 days: erasure"])
        try box.advance(to: "2027-04-05T00:00:00.000Z")
        #expect(
            try told() == [
                "A privacy request is due in 1 day: erasure", "A privacy request is due in 7 days: erasure",
                "A privacy request is overdue: erasure",
            ])
    }

    @Test func `an export answers a request for access, and the register knows the file again`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let lead = try agency.makeLead(1, ["contact_name": "Jane Secret"])
        let request = try enter(owner, "access")
        #expect(request.text("contact_id") == lead.text("contact_id"), "found by the address")
        let path = "/v1/privacy/requests/\(request.id)"
        let body: JSON = ["request_id": .string(request.id)]
        try owner.post("/v1/privacy/export", body).problem(409, "conflict")
        let checked = try owner.patch(path, ["identity_check": "known_address"]).ok()
        #expect(checked.text("status") == "in_progress")
        try owner.post("/v1/privacy/erase", body).problem(409, "conflict")
        let answer = try owner.post("/v1/privacy/export", body)
        let report = try answer.ok()
        #expect(report["data"]?["records"]?.array?.count == 2)
        #expect(report["data"]?["privacy_requests"]?.array?.map(\.id) == [request.id])
        let after = try owner.get(path).ok()
        #expect(after.text("status") == "completed" && after.text("handled_by") == agency.user.id)
        let digest = Hex.encode(SHA256.hash(answer.text))
        #expect(after["result"]?["sha256"]?.text == digest)
        #expect(after["result"]?["exported"]?["records"] == 2)
        #expect(!(after["result"]?.serialized.contains("Secret") ?? true), "counts, and no second copy")
        try owner.post("/v1/privacy/export", body).problem(409, "conflict")
        try owner.patch(path, ["notes": "late"]).problem(409, "conflict")
        try owner.delete(path).problem(405)
        // Of somebody whom the agency does not know there is nothing, and that is the answer.
        let nobody = try enter(
            owner, "access", ["address": "nobody@example.com", "identity_check": "called_back"])
        let nothing = try owner.post("/v1/privacy/export", ["request_id": .string(nobody.id)]).ok()
        #expect(nothing["subjects"]?.array?.isEmpty == true)
        #expect(try owner.get("/v1/privacy/requests/\(nobody.id)").ok().text("status") == "completed")
    }

    @Test func `an erasure empties the register too, which keeps what was done, and a digest of the address`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        _ = try agency.makeLead(1, ["contact_name": "Jane Secret"])
        let earlier = try enter(owner, "rectification", ["notes": "Jane Secret moved"])
        let refused = try owner.post(
            "/v1/privacy/requests/\(earlier.id)/refuse", ["reason": "Jane Secret was right before"]
        ).ok()
        #expect(refused.text("status") == "refused")
        try owner.post("/v1/privacy/requests/\(earlier.id)/refuse", ["reason": "x"]).problem(409)
        // Nobody's request by its address alone, since two contacts have it.
        let contact: JSON = ["name": "Jane Two", "email": "jane1@example1.com"]
        try owner.post("/v1/contacts", contact).ok(201)
        let loose = try enter(owner, "objection")
        #expect(loose["contact_id"] == .null)
        let request = try enter(owner, "erasure", ["identity_check": "document"])
        let other = try enter(
            owner, "access", ["name": "John Other", "address": "john@example.com"])
        let report = try owner.post("/v1/privacy/erase", ["request_id": .string(request.id)]).ok()
        #expect(report["kept"]?.array?.contains { $0.text("what") == "privacy requests" } == true)
        let register = try owner.every("/v1/privacy/requests")
        #expect(register.count == 4)
        for entry in register where entry.id != other.id {
            #expect(!entry.serialized.lowercased().contains("jane"), "\(entry.serialized)")
            #expect(entry["address"] == .null && entry.text("address_digest").count == 64)
        }
        #expect(Set(register.filter { $0.id != other.id }.map { $0.text("address_digest") }).count == 1)
        #expect(try owner.get("/v1/privacy/requests/\(other.id)").ok() == other)
        let done = try owner.get("/v1/privacy/requests/\(request.id)").ok()
        #expect(done.text("status") == "completed" && done.text("kind") == "erasure")
        #expect((done["result"]?["erased"]?["records"]?.int ?? 0) >= 3)
        for list in ["audit", "events", "notifications"] {
            for row in try owner.every("/v1/\(list)") {
                #expect(!row.serialized.contains("Jane Secret"), "\(list): \(row.serialized)")
            }
        }
        // A person who asks again is found by the digest of their address.
        let again = try enter(owner, "access")
        #expect(again["address_digest"] == done["address_digest"])
    }

    @Test func `requests by mail and from the portal are entered by themselves`() throws {
        let agency = try server.signUp(), postmark = try PostmarkStandIn()
        try agency.quieten()
        try agency.readyToMail()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let lead = try agency.makeLead(1, ["contact_name": "Jane Secret"])
        for number in 1...2 {
            try server.deliver(
                postmark.mail(
                    "p\(number)", from: lead.text("email"), text: "Please delete all my personal data. GDPR."),
                to: door
            ).ok()
        }
        try eventuallyTrue("both mails") { try agency.owner.every("/v1/messages?direction=inbound").count == 2 }
        let register = try agency.owner.every("/v1/privacy/requests")
        #expect(register.map { $0.text("kind") } == ["erasure"])
        #expect(register.first?.text("contact_id") == lead.text("contact_id"))
        let message = register.first?.text("message_id") ?? ""
        #expect(try agency.owner.get("/v1/messages/\(message)").ok().text("text").contains("delete all"))
        let task = try agency.owner.every("/v1/outreach-tasks").first
        #expect(task?["due_at"] == register.first?["due_at"])

        let client = try agency.portalClient("Acme", roles: ["admin", "viewer"])
        for _ in 1...2 { try client.admin.get("/v1/portal/privacy/export").ok() }
        let own = try agency.owner.every("/v1/privacy/requests?status=completed")
        #expect(own.map { $0.text("source") } == ["portal"], "who looks twice has asked once")
        #expect(own.first?.text("identity_check") == "signed_in" && own.first?["result"]?["sha256"] != nil)
        let me = try client.admin.get("/v1/portal/overview").ok()["me"]?.text("contact_id")
        #expect(own.first?.text("contact_id") == me)
        // The next export has the entry of the first.
        let export = try client.admin.get("/v1/portal/privacy/export").ok()
        #expect(export["data"]?["privacy_requests"]?.array?.map(\.id) == own.map(\.id))
        #expect(export["data"]?["privacy_requests"]?[0]["notes"] == nil)
    }

    @Test func `the register is for those who answer`() throws {
        let agency = try server.quietAgency()
        let request = try enter(agency.owner, "access")
        for role in ["viewer", "member"] {
            let colleague = try agency.colleague(role)
            try colleague.get("/v1/privacy/requests").problem(403)
            try colleague.post("/v1/privacy/requests/\(request.id)/refuse", ["reason": "x"]).problem(403)
        }
        #expect(try agency.colleague("manager").every("/v1/privacy/requests").count == 1)
        let stranger = try server.quietAgency()
        try stranger.owner.get("/v1/privacy/requests/\(request.id)").problem(404)

        let box = try agency.sandbox("live")
        #expect(try box.owner.every("/v1/privacy/requests").isEmpty, "they are asked of the live agency")
    }
}
