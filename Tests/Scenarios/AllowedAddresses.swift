import JSON
import Testing

@Suite(.ownThread) struct AllowedAddresses {
    @Test func `people of an agency come only from the addresses that it names`() throws {
        let own = BureauProcess(["http.trusted_proxies": "127.0.0.1/32"])
        try own.start()
        let agency = try own.signUp()
        let office = ["X-Forwarded-For": "203.0.113.7"], elsewhere = ["X-Forwarded-For": "198.51.100.9"]
        let faults = try agency.owner.patch(
            "/v1/settings", ["allowed_addresses": ["198.51.100.0/24"]], office
        ).faults()
        #expect(faults == ["/allowed_addresses": "invalid_address"], "nobody locks themselves out")
        try agency.owner.patch("/v1/settings", ["allowed_addresses": ["203.0.113.0/24"]], office).ok()
        try agency.owner.get("/v1/me", office).ok()
        try agency.owner.get("/v1/me", elsewhere).problem(401, "unauthenticated")
        let other = try own.signUp()
        try other.owner.get("/v1/me", elsewhere).ok()
    }

    @Test func `a refused sign-in is in the agency's audit, without the password`() throws {
        let server = BureauProcess.shared
        let agency = try server.signUp()
        let me = try agency.owner.get("/v1/me").ok()
        let wrong: JSON = ["email": me["user"]?["email"] ?? nil, "password": "wrong horse battery"]
        try server.anonymous.post("/v1/auth/login", wrong).problem(401, "invalid_credentials")
        let audit = try agency.owner.get("/v1/audit?action=session.refused").ok()
        let entry = try #require(audit["data"]?.array?.first)
        #expect(
            entry["subject"]?["id"] == me["user"]?["id"] && entry["changes"]?["address"]?.text == "127.0.0.1")
        #expect(!audit.serialized.contains("wrong horse"))
    }
}
