import JSON
import StandIns
import Testing

/// An outside service's limits and refusals, wherever they are met: `ERR_002`, and what to do.
@Suite(.ownThread) struct ServiceLimits {
    let server = BureauProcess.shared

    private func isLimit(_ error: JSON?, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(error?["reference"] == "ERR_002", sourceLocation: sourceLocation)
        let action = error?.text("recommended_action") ?? ""
        for word in ["retries automatically", "less at once", "larger plan"] {
            #expect(action.contains(word), "\(action)", sourceLocation: sourceLocation)
        }
    }

    @Test func `a mail that meets a service's limit waits for it, and its job says ERR_002 and what to do`()
        throws
    {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        postmark.service.next(.answer(429, "", headers: [("Retry-After", "3600")]))
        let sent = try agency.send(try agency.makeContact())
        let job = try eventually("the job that waits") {
            try agency.owner.every("/v1/jobs?kind=message.send").first { $0.text("state") == "retrying" }
        }
        #expect(job["error"]?["code"] == "postmark_429" && job["attempt"] == 1)
        isLimit(job["error"])
        let message = try agency.owner.get("/v1/messages/\(sent.id)").ok()
        #expect(message.text("status") == "queued" && message.text("error_code") == "postmark_429")
        #expect(postmark.service.requests.filter { $0.method == "POST" }.count == 1, "it is left alone")
    }

    @Test func `a test of a service tells its limit from a refusal, each with what to do`() throws {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let good = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        #expect(good["ok"] == true && good["recommended_action"] == .null && good["reference"] == .null)
        postmark.service.next(.answer(429))
        let limited = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
        #expect(limited["ok"] == false && limited["code"] == "postmark_429")
        isLimit(limited)
        for (status, code, action) in [
            (401, "postmark_401", "valid credentials"), (403, "permission_missing", "Grant the permission"),
        ] {
            postmark.service.next(.answer(status))
            let refused = try agency.owner.post("/v1/integrations/\(made.id)/test").ok()
            #expect(refused.text("code") == code && refused["reference"] == .null)
            #expect(refused["ok"] == false && refused.text("recommended_action").contains(action))
        }
    }

    @Test func `a model's limit says so, too, and a wrong key what to give`() throws {
        let agency = try server.quietAgency()
        let stand = try Models.saying(StandInAnswer(429, "{}"), StandInAnswer(401, "{}"))
        let model = try agency.owner.post(
            "/v1/models",
            [
                "name": "mini", "base_url": .string("\(stand.url)/v1"), "model": "m",
                "api_key": .string(Models.key),
            ]
        ).ok(201)
        let limited = try agency.owner.post("/v1/models/\(model.id)/test").ok()
        #expect(limited["code"] == "model_busy")
        isLimit(limited)
        let refused = try agency.owner.post("/v1/models/\(model.id)/test").ok()
        #expect(refused["code"] == "model_key_invalid" && refused["reference"] == .null)
        #expect(refused.text("recommended_action").contains("api_key"))
    }
}
