import Foundation
import JSON
import StandIns
import TestDatabases
import Testing

/// Those who unsubscribed elsewhere: brought in before marketing begins, and never written to.
@Suite(.ownThread) struct UnsubscribeLists {
    let server = BureauProcess.shared

    private func mailing(_ settings: JSONObject = [:]) throws -> (Agency, SMTPStandIn) {
        let (agency, sink) = (try server.signUp(), try SMTPStandIn())
        try agency.readyToMail(settings)
        try agency.connect("smtp", sink.url)
        return (agency, sink)
    }

    private func asked(_ agency: Agency, _ query: String = "") throws -> [JSON] {
        try agency.owner.every("/v1/alerts?kind=unsubscribe_list\(query)")
    }

    private func isDone(_ agency: Agency) throws -> Bool? {
        let items = try agency.owner.get("/v1/setup").ok().items
        return items.first { $0.text("key") == "unsubscribed" }?["done"]?.flag
    }

    // MARK: The file

    @Test func `a column of addresses is enough, with a name above it or without`() throws {
        let agency = try server.quietAgency()
        let bare = try agency.bringIn(
            "suppressions", "a@example.com\r\n@spam.example\r\nBob <b@example.com>\r\nrubbish")
        #expect(
            counts(bare) == [3, 0, 0, 1] && bare["mapping"] == ["address": "address"], "\(bare.serialized)")
        #expect(try agency.faults(of: bare) == ["4 address invalid_email"])
        let named = try agency.bringIn("suppressions", "\u{FEFF}E-Mail\nA@Example.com\n\nc@example.com\n")
        #expect(counts(named) == [1, 0, 1, 0])
        let all = try agency.owner.every("/v1/suppressions")
        #expect(
            Set(all.map { $0.text("address") })
                == ["a@example.com", "@spam.example", "b@example.com", "c@example.com"])
        #expect(all.allSatisfy { $0.text("reason") == "unsubscribe" && $0.text("scope") == "marketing" })
        let parts = try agency.bringIn("suppressions", "d@example.com;2024-01-02;x\ne@example.com;;y\n")
        #expect(counts(parts) == [2, 0, 0, 0], "\(parts.serialized)")
    }

    @Test func `what a list says of reasons and dates is kept, and keeps nobody out of it`() throws {
        let agency = try server.quietAgency()
        let file = csv(
            ["Email Address", "Unsubscribed At", "Reason", "Status", "Colour"],
            [
                ["a@example.com", "2024-03-01 10:00", "Hard bounce", "", "red"],
                ["b@example.com", "", "too many mails", "unsubscribed", ""],
                ["c@example.com", "", "Spam complaint", "yes", ""],
                ["d@example.com", "", "", "Subscribed", ""],
                ["e@example.com", "", "", "no", ""], ["example.org", "", "manual", "", ""],
                ["'@example.net", "", String(repeating: "x", count: 800), "", ""],
                ["f@example.com", "", "", "cleaned", ""],
            ])
        let state = try agency.bringIn("suppressions", file)
        #expect(counts(state) == [6, 0, 2, 0], "\(state.serialized)")
        #expect(state["mapping"]?["Colour"] == .null && state["mapping"]?["Email Address"] == "address")
        let all = try agency.owner.every("/v1/suppressions")
        func told(_ address: String) -> String {
            let one = all.first { $0.text("address") == address } ?? .null
            return "\(one.text("reason")) \(one.text("scope")) \(one.text("note").prefix(40))"
        }
        #expect(told("a@example.com") == "bounce all Since: 2024-03-01 10:00")
        #expect(told("b@example.com") == "unsubscribe marketing Reason: too many mails")
        #expect(told("c@example.com") == "complaint all ")
        #expect(told("@example.org") == "manual all ")
        #expect(told("@example.net").hasPrefix("unsubscribe marketing Reason: xxx"))
        #expect(told("f@example.com").hasPrefix("unsubscribe marketing Status: cleaned"))
    }

    @Test func `twenty thousand addresses come in, each once`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        let count = TestDatabases.isOnServer ? 5_000 : 20_000
        let file = "email\n" + (0..<count).map { "p\($0 % (count - 10))@list.example\n" }.joined()
        let state = try agency.bringIn("suppressions", file, within: .seconds(240))
        #expect(counts(state) == [Int64(count - 10), 0, 10, 0], "\(state.serialized)")
        #expect(try agency.owner.total(of: "suppressions") == Int64(count - 10))
    }

    @Test func `a list that is killed in the middle goes on where it was`() throws {
        let own = try BureauProcess.start()
        let agency = try own.quietAgency()
        let count = many(8000)
        let file = Array(("email\n" + (0..<count).map { "p\($0)@list.example\n" }.joined()).utf8)
        let answer = try agency.owner.post("/v1/suppressions/import", raw: file, type: "text/csv")
        let place = try #require(answer.header("Location"))
        let state = try eventually("a part of it", every: .milliseconds(3)) {
            let state = try agency.owner.get(place).ok()
            return (state["processed"]?.int ?? 0) > 0 ? state : .none
        }
        own.kill()
        #expect(state.text("status") == "running", "it ended before it could be killed")
        try own.start()
        let end = try agency.finished(answer, within: .seconds(180))
        #expect(counts(end) == [Int64(count), 0, 0, 0], "\(end.serialized)")
        let addresses = try agency.owner.every("/v1/suppressions?fields=id,address").map {
            $0.text("address")
        }
        #expect(addresses.count == count && Set(addresses).count == count)
        #expect(try agency.owner.every("/v1/events?type=import.completed").count == 1)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: own.folder + "/uploads")) ?? []
        #expect(left.isEmpty, "the file goes when it has been read")
    }

    @Test func `whom an imported list names is never written to`() throws {
        let (agency, sink) = try mailing()
        let (gone, blocked) = (
            try agency.makeContact(1), try agency.makeContact(2, ["email": "x@spam.example"])
        )
        let fine = try agency.makeContact(3)
        _ = try agency.bringIn("suppressions", "P1@Example.com\n@spam.example\n")
        // An older consent that comes in later takes nothing back.
        let consents = csv(
            ["Email", "Source", "Date"], [["p1@example.com", "form", "2020-01-01"]])
        #expect(counts(try agency.bringIn("consents", consents)) == [1, 0, 0, 0])
        #expect(try agency.reasons(gone) == ["unsubscribed"] && agency.reasons(blocked) == ["unsubscribed"])
        for contact in [gone, blocked] {
            #expect(try agency.message(try agency.send(contact), "held").text("status") == "held")
        }
        try agency.message(try agency.send(fine), "sent")
        #expect(sink.mails.map(\.recipients) == [["p3@example.com"]])
        #expect(try asked(agency).isEmpty)
    }

    // MARK: Asking for it

    @Test func `the first marketing asks for the list once, and goes on`() throws {
        let (agency, _) = try mailing()
        let contact = try agency.makeContact(1)
        try agency.message(try agency.send(contact, ["purpose": "transactional"]), "sent")
        #expect(try asked(agency).isEmpty && isDone(agency) == false)
        try agency.message(try agency.send(contact), "sent")
        let alert = try #require(try asked(agency, "&open=true").first)
        #expect(alert.text("recommended_action").contains("Import the list"))
        try agency.message(try agency.send(try agency.makeContact(2)), "sent")
        #expect(try asked(agency).count == 1)
        _ = try agency.bringIn("suppressions", "email\nold@example.com\n")
        #expect(try asked(agency, "&open=true").isEmpty && isDone(agency) == true)
        try agency.message(try agency.send(try agency.makeContact(3)), "sent")
        #expect(try asked(agency).count == 1)
    }

    @Test(arguments: [true, false])
    func `who says that there is no list is asked no more`(_ byAlert: Bool) throws {
        let (agency, _) = try mailing()
        try agency.message(try agency.send(try agency.makeContact(1)), "sent")
        let alert = try #require(try asked(agency).first)
        if byAlert {
            try agency.owner.post("/v1/alerts/\(alert.id)/resolve").ok()
        } else {
            try agency.colleague("viewer").post("/v1/setup/unsubscribed/dismiss").problem(403, "forbidden")
            try agency.owner.post("/v1/setup/mail/dismiss").problem(409, "conflict")
            try agency.owner.post("/v1/setup/nothing/dismiss").problem(404, "not_found")
            for _ in 0..<2 { try agency.owner.post("/v1/setup/unsubscribed/dismiss").ok(204) }
        }
        #expect(try asked(agency, "&open=true").isEmpty && isDone(agency) == true)
        try agency.message(try agency.send(try agency.makeContact(2)), "sent")
        #expect(try asked(agency).count == 1)
    }

    @Test func `an agency that wants it so sends no marketing before the list is in`() throws {
        let (agency, sink) = try mailing(["sending": ["needs_unsubscribe_list": true]])
        let contact = try agency.makeContact(1)
        let held = try agency.message(try agency.send(contact), "held")
        #expect(held["reasons"]?[0]["code"] == "missing_unsubscribe_list" && sink.mails.isEmpty)
        #expect(try asked(agency, "&open=true").count == 1)
        _ = try agency.bringIn("suppressions", "email\nold@example.com\n")
        try agency.message(held, "sent")
        #expect(try sink.mails.count == 1 && asked(agency, "&open=true").isEmpty)
    }
}
