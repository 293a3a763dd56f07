import JSON
import Testing

/// Articles in several languages, and what their readers say of them.
@Suite(.ownThread) struct ArticleVotes {
    let server = BureauProcess.shared

    private func article(_ owner: Caller, _ more: JSONObject = [:]) throws -> JSON {
        var body: JSONObject = ["title": "Paying", "body": "By card.", "status": "published", "locale": "en"]
        for (name, value) in more.members { body[name] = value }
        return try owner.post("/v1/articles", .object(body)).ok(201)
    }

    @Test func `each reader has one vote, may change it, and the article counts them`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let client = try agency.portalClient("Acme", roles: ["admin", "viewer"])
        let one = try article(owner), path = "/v1/portal/articles/\(one.id)"
        #expect(try client.admin.get(path).ok()["voted"] == .null)
        #expect(try client.admin.post("\(path)/vote", ["helpful": true]).ok()["voted"] == true)
        try client.admin.post("\(path)/vote", ["helpful": true]).ok()
        try client.people["viewer"]!.post("\(path)/vote", ["helpful": false]).ok()
        func counts() throws -> [JSON?] {
            let article = try owner.get("/v1/articles/\(one.id)").ok()
            #expect(article["version"] == one["version"], "who edits it is not late for a vote")
            return [article["helpful"], article["not_helpful"]]
        }
        #expect(try counts() == [1, 1])
        try client.admin.post("\(path)/vote", ["helpful": false]).ok()
        #expect(try counts() == [0, 2])
        let shown = try client.admin.get(path)
        #expect(try shown.ok()["voted"] == false && shown.ok()["helpful"] == nil)
        #expect(try client.admin.post("\(path)/vote", [:]).faults() == ["/helpful": "required"])
        let draft = try article(owner, ["status": "draft"])
        try client.admin.post("/v1/portal/articles/\(draft.id)/vote", ["helpful": true]).problem(404)
        try owner.post("\(path)/vote", ["helpful": true]).problem(403)
        let stranger = try server.quietAgency().portalClient("Other", roles: ["admin"])
        try stranger.admin.post("\(path)/vote", ["helpful": true]).problem(404)
        #expect(try counts() == [0, 2])
    }

    @Test func `translations belong to one original, each language once`() throws {
        let owner = try server.quietAgency().owner
        let english = try article(owner), root = JSON.string(english.id)
        let german = try article(owner, ["locale": "de", "translation_of": root])
        // A translation of a translation is one of the original.
        let french = try article(owner, ["locale": "fr", "translation_of": .string(german.id)])
        #expect(french.text("translation_of") == english.id)
        #expect(
            try Set(owner.get("/v1/articles?translation_of=\(english.id)").ok().items.map(\.id))
                == [german.id, french.id])
        #expect(
            try owner.get("/v1/articles?translation_of[is]=null").ok().items.map(\.id) == [english.id])
        #expect(
            try owner.post(
                "/v1/articles", ["title": "x", "body": "x", "locale": "de", "translation_of": root]
            ).faults() == ["/locale": "conflict"])
        #expect(
            try owner.patch("/v1/articles/\(english.id)", ["translation_of": .string(german.id)]).faults()
                == ["/translation_of": "conflict"])
        let other = try article(owner, ["title": "Other", "locale": "it"])
        #expect(
            try owner.patch("/v1/articles/\(english.id)", ["translation_of": .string(other.id)]).faults()
                == ["/translation_of": "conflict"])
        try owner.delete("/v1/articles/\(english.id)").ok(204)
        #expect(try owner.get("/v1/articles/\(german.id)").ok()["translation_of"] == .null)
    }
}
