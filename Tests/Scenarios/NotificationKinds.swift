import JSON
import StandIns
import Testing

/// People's choices for each kind of notifications are followed.
@Suite(.ownThread) struct NotificationKinds {
    let server = BureauProcess.shared
    private let preferences = "/v1/notifications/preferences"

    private func kinds(_ caller: Caller) throws -> [String] {
        try caller.every("/v1/notifications").map { $0.text("kind") }
    }

    /// The newest notification's channels with what has become of them, once none is under way.
    private func channels(_ caller: Caller) throws -> [String: String] {
        try eventually("the deliveries") {
            guard let first = try caller.get("/v1/notifications?unlisted=true").ok().items.first else {
                return nil
            }
            let all = try caller.get("/v1/notifications/\(first.id)").ok()["deliveries"]?.array ?? []
            if all.contains(where: { $0.text("status") == "pending" }) { return nil }
            return all.reduce(into: [:]) { $0[$1.text("channel")] = $1.text("status") }
        }
    }

    @Test func `what is ticked is mailed, what is not stays in the list, and the rest follows the channel`()
        throws
    {
        let (agency, post) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        try agency.connect("postmark", post.service.url, credentials: post.credentials)
        let (owner, max) = (agency.owner, try agency.colleague("member"))
        let me = try max.get("/v1/me").ok()["user"] ?? .null, id = JSON.string(me.id)
        let path = "/v1/tickets/\(try owner.ticket("Logo", "It is the old one.").id)/messages"
        func mention(_ text: String) throws {
            try owner.post(path, ["text": .string(text), "internal": true, "mentions": [id]]).ok(201)
        }
        func mails(_ text: String) -> Int {
            post.service.requests.count {
                $0.target == "/email" && String(decoding: $0.body, as: UTF8.self).contains(text)
            }
        }
        func choose(_ choices: JSON) throws {
            try max.patch(preferences, ["kinds": ["ticket.mentioned": choices]]).ok()
        }
        try mention("first")
        #expect(try channels(max) == ["console": "delivered"], "by itself only what is urgent is mailed")
        try choose(["mail": true])
        try mention("second")
        #expect(try channels(max) == ["console": "delivered", "mail": "delivered"])
        try eventuallyTrue("the mail") { mails("second") == 1 }
        try max.patch(preferences, ["mail": "always"]).ok()
        try choose(["mail": false])
        try mention("third")
        #expect(try channels(max) == ["console": "delivered"])
        #expect(try kinds(max).count == 3, "it stays in the list")
        try choose(["console": false, "mail": true])
        try mention("fourth")
        #expect(try channels(max) == ["mail": "delivered"])
        try eventuallyTrue("the mail") { mails("fourth") == 1 }
        #expect(try kinds(max).count == 3, "it is not listed")
        #expect(try max.get("/v1/notifications?unlisted=true").ok().items.count == 4)
        try choose(["console": false, "mail": false])
        try mention("fifth")
        #expect(try max.get("/v1/notifications?unlisted=true").ok().items.count == 4, "nobody is told")
        #expect(mails("first") == 0 && mails("third") == 0 && mails("fifth") == 0)
        // Of other kinds nothing was chosen.
        try max.post("/v1/notifications/test").ok(202)
        #expect(try channels(max) == ["console": "delivered", "mail": "delivered"])
    }

    @Test func `every kind has a name in the reader's language, and what is no choice is named at its place`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let kinds = try owner.every("/v1/notifications/kinds")
        let names = kinds.map { $0.text("kind") }
        #expect(names.count == Set(names).count && names.count > 15, "\(names)")
        for name in ["handover.requested", "ticket.mentioned", "ticket_due", "privacy.requested"] {
            #expect(names.contains(name))
        }
        let german = try owner.get("/v1/notifications/kinds", ["Accept-Language": "de-AT, en;q=0.5"]).ok()
            .items
        #expect(german.map { $0.text("kind") } == names)
        for (one, other) in zip(kinds, german) { #expect(one.text("title") != other.text("title")) }
        let faults = try owner.patch(
            preferences,
            [
                "kinds": [
                    "ticket.mentioned": ["mail": "yes", "pigeon": true], "ticket_due": true,
                ]
            ]
        ).faults()
        #expect(
            faults == [
                "/kinds/ticket.mentioned/mail": "wrong_type",
                "/kinds/ticket.mentioned/pigeon": "unknown_field", "/kinds/ticket_due": "wrong_type",
            ])
        #expect(
            try owner.patch(preferences, ["kinds": ["a/kind": ["mail": true]]]).faults()
                == ["/kinds/a~1kind": "unknown_field"])
        #expect(try owner.patch(preferences, ["kinds": 1]).faults() == ["/kinds": "wrong_type"])
        let chosen: JSON = ["ticket_due": ["mail": false]]
        #expect(try owner.patch(preferences, ["kinds": chosen]).ok()["kinds"] == chosen)
        #expect(try owner.patch(preferences, ["mail": "never"]).ok()["kinds"] == chosen, "a merge patch")
        #expect(try owner.patch(preferences, ["kinds": nil]).ok()["kinds"] == [:])
    }

    @Test func `whom a colleague gives a ticket hears of it`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let max = try agency.colleague("member")
        let id = try max.get("/v1/me").ok()["user"]?.id ?? ""
        let path = "/v1/tickets/\(try owner.ticket("Logo", "It is the old one.").id)"
        try owner.post("\(path)/assign", ["user_id": .string(id)]).ok()
        #expect(try kinds(max) == ["ticket.assigned"])
        #expect(try kinds(owner).isEmpty)
    }
}
