import JSON
import Testing

/// A proxy before Bureau encrypts the way to it, and browsers are not to go round.
@Suite(.ownThread) struct Transport {
    private let name = "Strict-Transport-Security"

    @Test func `a browser that came by https is told to stay with it, by whoever may say that it did`() throws
    {
        let own = try BureauProcess.start(["http.trusted_proxies": "127.0.0.1/32"])
        for path in ["/", "/healthz", "/v1/me"] {
            let secure = try own.anonymous.get(path, ["X-Forwarded-Proto": "https"])
            #expect(secure.header(name) == "max-age=31536000", "\(path)")
            for headers in [[:], ["X-Forwarded-Proto": "http"], ["X-Forwarded-Proto": "https, http"]] {
                #expect(try own.anonymous.get(path, headers).header(name) == nil, "\(path) \(headers)")
            }
        }
        let untrusting = BureauProcess.shared
        #expect(try untrusting.anonymous.get("/", ["X-Forwarded-Proto": "https"]).header(name) == nil)
    }

    @Test func `where people are known to come by https, every answer says so, refusals too`() throws {
        let own = try BureauProcess.start(["public_url": "https://bureau.example.com"])
        for path in ["/", "/v1/leads", "/no/such/page"] {
            #expect(try own.anonymous.get(path).header(name) == "max-age=31536000", "\(path)")
        }
    }

    @Test func `no answer sets a cookie, and no credential is read from one`() throws {
        let agency = try BureauProcess.shared.signUp()
        for path in ["/", "/docs", "/v1/me"] {
            #expect(try agency.owner.get(path).header("Set-Cookie") == nil, "\(path)")
        }
        for cookie in ["token", "access_token", "session"].map({ "\($0)=\(agency.token)" }) {
            try agency.server.anonymous.get("/v1/me", ["Cookie": cookie]).problem(401, "unauthenticated")
        }
    }

    @Test func `doctor says who could read what is said on the way`() throws {
        let own = BureauProcess()
        let open = ["listen": "0.0.0.0:0"]
        let warned = try own.command("doctor", settings: open)
        #expect(warned.output.contains("open to other machines"), "\(warned.output)")
        let secure = try own.command(
            "doctor", settings: open.merging(["public_url": "https://bureau.example.com"]) { $1 })
        #expect(!secure.output.contains("open to other machines"), "\(secure.output)")
        #expect(try !own.command("doctor").output.contains("open to other machines"))
    }
}
