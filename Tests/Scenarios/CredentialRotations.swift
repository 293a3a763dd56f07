import Foundation
import JSON
import StandIns
import Testing

/// Credentials that are replaced while those before still serve: nothing that a service may take is lost.
@Suite(.ownThread) struct CredentialRotations {
    let server = BureauProcess.shared

    /// An integration whose hooks come with a password.
    private struct Door {
        let box: SandboxCaller, made: JSON, postmark: PostmarkStandIn

        var path: String { "/v1/integrations/\(made.id)" }

        func rotate(to password: String, overlap: String = "PT1H") throws -> Answer {
            try box.owner.post(
                "\(path)/rotate",
                ["credentials": ["webhook_password": .string(password)], "overlap": .string(overlap)])
        }

        /// Those of the passwords by which a hook is let in.
        func valid(_ passwords: [String]) throws -> [String] {
            try passwords.filter { password in
                let delivery: JSON = [
                    "RecordType": "Delivery", "MessageID": .string(UUID().uuidString),
                    "Recipient": "x@example.com", "DeliveredAt": "2026-01-01T00:00:00Z",
                ]
                let answer = try box.owner.server.deliver(
                    postmark.hook(delivery, password: password), to: made)
                try #require([200, 401].contains(answer.status), "\(answer)")
                return answer.status == 200
            }
        }
    }

    private func door() throws -> Door {
        let (box, postmark) = (try server.signUp().sandbox(), try PostmarkStandIn())
        try box.quieten()
        let made = try box.owner.post(
            "/v1/integrations",
            [
                "provider": "postmark", "capability": "email_sending",
                "settings": ["base_url": "http://127.0.0.1:9"],
                "credentials": [
                    "server_token": "old", "webhook_username": "bureau", "webhook_password": "first",
                ],
            ]
        ).ok(201)
        return Door(box: box, made: made, postmark: postmark)
    }

    @Test func `a second rotation within the overlap is refused, and whatever was valid stays so`() throws {
        let door = try door(), all = ["first", "second", "third"]
        let until = try door.rotate(to: "second").ok().text("former_credentials_until")
        let detail = try door.rotate(to: "third", overlap: "PT2H").problem(409, "conflict").text("detail")
        #expect(detail.contains(until) && detail.contains("PT0S"), "\(detail)")
        #expect(try door.valid(all) == ["first", "second"])
        try door.box.advance("PT1H")
        try door.rotate(to: "third", overlap: "PT2H").ok()
        #expect(try door.valid(all) == ["second", "third"])
        // An agency that wants the new ones alone may have that at any time.
        try door.rotate(to: "fourth", overlap: "PT0S").ok()
        #expect(try door.valid(all + ["fourth"]) == ["fourth"])
    }

    @Test func `of rotations at once one is carried out, and the others change nothing`() throws {
        let door = try door(), wanted = ["a", "b", "c", "d"]
        let answers = try together(wanted.count) { try door.rotate(to: wanted[$0]) }
        #expect(answers.map(\.status).sorted() == [200, 409, 409, 409])
        let won = zip(wanted, answers).filter { $0.1.status == 200 }.map(\.0)
        #expect(try door.valid(["first"] + wanted) == ["first"] + won)
    }

    // MARK: Corrections

    /// An integration of an agency whose credentials were rotated, with what the service takes.
    private struct Rotated {
        let agency: Agency, postmark: PostmarkStandIn, made: JSON, until: String

        var path: String { "/v1/integrations/\(made.id)" }

        func rotate(_ credentials: JSON, overlap: String = "PT1H") throws -> Answer {
            try agency.owner.post(
                "\(path)/rotate", ["credentials": credentials, "overlap": .string(overlap)])
        }

        /// Returns whether a test finds the present credentials good.
        func isTaken() throws -> Bool { try agency.owner.post("\(path)/test").ok()["ok"] == true }

        /// Returns whether a hook with that password is let in.
        func letsIn(_ password: String) throws -> Bool {
            let delivery: JSON = [
                "RecordType": "Delivery", "MessageID": .string(UUID().uuidString),
                "Recipient": "x@example.com", "DeliveredAt": "2026-01-01T00:00:00Z",
            ]
            let answer = try agency.owner.server.deliver(
                postmark.hook(delivery, password: password), to: made)
            try #require([200, 401].contains(answer.status), "\(answer)")
            return answer.status == 200
        }
    }

    private func rotated(to credentials: JSON) throws -> Rotated {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        let made = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        // A test from before the rotation says nothing of what came with it.
        #expect(try agency.owner.post("/v1/integrations/\(made.id)/test").ok()["ok"] == true)
        try agency.readyToMail()
        let until = try agency.owner.post(
            "/v1/integrations/\(made.id)/rotate", ["credentials": credentials, "overlap": "PT2H"]
        ).ok().text("former_credentials_until")
        return Rotated(agency: agency, postmark: postmark, made: made, until: until)
    }

    @Test func `a key that a test has found refused is corrected, and the one before serves on`() throws {
        let rotated = try rotated(to: ["server_token": "mistyped"])
        // That they are wrong is known of a test alone: nobody else's right key is lost.
        try rotated.rotate(["server_token": "again"]).problem(409, "conflict")
        #expect(try !rotated.isTaken())
        let alert = try #require(try rotated.agency.openAlerts(of: rotated.made).first)
        #expect(alert.text("recommended_action").contains("Correct the new credentials"))

        let corrected = try rotated.rotate(["server_token": "again"], overlap: "P30D").ok()
        #expect(corrected.text("former_credentials_until") == rotated.until)
        #expect(corrected["error"] == .null && corrected.text("status") == "active")
        #expect(try rotated.agency.openAlerts(of: rotated.made).isEmpty)
        let sent = try rotated.agency.send(
            try rotated.agency.makeContact(1), ["purpose": "transactional"])
        try rotated.agency.message(sent, "sent")
        let tokens = rotated.postmark.service.requests.filter { $0.method == "POST" }
            .compactMap { $0.header("X-Postmark-Server-Token") }
        #expect(tokens == ["again", rotated.postmark.serverToken])
        // Of this one no test has said anything yet, and a mail that left does not tell by which.
        try rotated.rotate(["server_token": "third"]).problem(409, "conflict")
    }

    @Test func `credentials that were seen to work are not replaced within the overlap`() throws {
        let rotated = try rotated(to: ["server_token": "mistyped"])
        #expect(try !rotated.isTaken())
        let right = JSON.string(rotated.postmark.serverToken)
        try rotated.rotate(["server_token": right]).ok()
        #expect(try rotated.isTaken())
        try rotated.rotate(["server_token": "another"]).problem(409, "conflict")
        // Refused once for whatever reason, they may still be those that the service takes.
        rotated.postmark.service.next(.answer(401, PostmarkStandIn.fault(10, "No.")))
        #expect(try !rotated.isTaken())
        try rotated.rotate(["server_token": "another"]).problem(409, "conflict")
        let alone = try rotated.rotate(["server_token": right], overlap: "PT0S").ok()
        #expect(alone["former_credentials_until"] == .null)
    }

    @Test func `a correction leaves what proves hooks as it is, of which a test says nothing`() throws {
        let rotated = try rotated(to: ["server_token": "mistyped", "webhook_password": "second"])
        #expect(try !rotated.isTaken())
        let right = JSON.string(rotated.postmark.serverToken)
        try rotated.rotate(["server_token": right, "webhook_password": "third"]).problem(409, "conflict")
        try rotated.rotate(["server_token": right, "webhook_password": "second"]).ok()
        #expect(try rotated.letsIn("second") && rotated.letsIn(rotated.postmark.password))
        #expect(try !rotated.letsIn("third"))
    }

    @Test(arguments: ["webhook_password=new", "{", "\u{0}\u{1}", "[]", "\"text\"", " "])
    func `a rotation whose body is no object of JSON changes nothing`(_ body: String) throws {
        let door = try door()
        let before = try door.box.owner.get(door.path).ok()
        for type in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
            let answer = try door.box.owner.post("\(door.path)/rotate", raw: Array(body.utf8), type: type)
            try #require([400, 415, 422].contains(answer.status), "\(type): \(answer)")
            try answer.problem(answer.status)
        }
        #expect(try door.box.owner.get(door.path).ok() == before, "above all, its address is not changed")
        #expect(try door.valid(["first"]) == ["first"])
    }
}
