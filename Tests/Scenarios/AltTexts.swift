import Foundation
import JSON
import StandIns
import Testing

/// Texts of pictures, for people who do not see them: drafted by a model where there is one, and read by a
/// person.
@Suite(.ownThread) struct AltTexts {
    let server = BureauProcess.shared
    private static let picture = SampleMedia.jpeg(640, 640)

    /// A draft with a picture that nobody has described, and one that somebody has, or nobody either.
    private func draft(_ agency: Agency, other: String = "A gate.") throws -> String {
        let owner = agency.owner
        let account = try owner.post("/v1/social-accounts", ["network": "facebook", "name": "Acme"]).ok(201)
        let bare = try agency.medium(Self.picture, "roses.jpg", altText: "")
        let told = try agency.medium(SampleMedia.jpeg(800, 640), "gate.jpg", altText: other)
        let post = try owner.post(
            "/v1/social-posts",
            ["account_id": .string(account.id), "text": "Our garden in June", "media": [bare, told]]
        ).ok(201)
        let check = try owner.post("/v1/social-posts/\(post.id)/check", [:]).ok()
        let codes = check["faults"]?.array?.map { $0.text("code") } ?? []
        #expect(Set(codes) == ["alt_text_required"])
        return post.id
    }

    private func describe(_ owner: Caller, _ post: String) throws -> JSON {
        try owner.patch("/v1/agents/\(Caller.coordinator)", ["state": "active"]).ok()
        return try owner.runAgent(Caller.coordinator, ["post_id": .string(post)])
    }

    private func plan(_ owner: Caller, _ post: String) throws -> Answer {
        try owner.post("/v1/social-posts/\(post)/schedule", ["at": "2099-01-01T10:00:00.000Z"])
    }

    private func texts(_ owner: Caller, _ post: String) throws -> [String] {
        try owner.get("/v1/social-posts/\(post)").ok()["media"]?.array?.map { $0.text("alt_text") } ?? []
    }

    private func model(_ owner: Caller, saying text: String) throws -> StandIn {
        let answer: JSON = ["alt_text": .string(text)]
        let model = try StandIn { (_: ReceivedRequest) in Models.completion(answer.serialized) }
        try owner.post(
            "/v1/models", ["name": "eyes", "base_url": .string("\(model.url)/v1"), "model": "m"]
        ).ok(201)
        return model
    }

    @Test func `a model that sees pictures drafts what they show, and a person reads it with the post`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let model = try model(owner, saying: "Red roses in front\nof a garden gate.")
        let post = try draft(agency)
        let result = try describe(owner, post)
        #expect(try texts(owner, post) == ["Red roses in front of a garden gate.", "A gate."])
        #expect(result["processed"] == 1 && result["alt_texts"]?.array?.count == 1)
        let decision = try owner.get("/v1/decisions/\(result.text("decision_id"))").ok()
        #expect(decision["model"]?["writer"]?["prompt"] == "alt_text@1")
        // It gets the picture's own bytes, and the post's words as something from outside.
        let asked = try #require(model.requests.last { $0.method == "POST" })
        let parts = try JSONParser.parse(asked.body)["messages"]?.array?.last?["content"]?.array ?? []
        #expect(parts.count == 2 && parts.first?.text("text").contains("Our garden in June") == true)
        let address = parts.last?["image_url"]?.text("url") ?? ""
        #expect(address == "data:image/jpeg;base64,\(Data(Self.picture).base64EncodedString())")
        let pictures = model.requests.count { $0.text.contains("image_url") }
        #expect(pictures == 1, "what is described is not asked for")
        #expect(try owner.get("/v1/social-posts/\(post)").ok()["status"] == "draft", "a person plans it")
        try plan(owner, post).ok()
    }

    @Test func `a model that answers twice is asked once for each picture, and each gets its own words`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let roses = "data:image/jpeg;base64,\(Data(Self.picture).base64EncodedString())"
        // Each answer is said once more, on the connection on which the next question comes.
        let model = try StandIn { conversation in
            while let request = try conversation.readRequest() {
                let isOfRoses = Self.shown(in: request) == roses
                let answer: JSON = ["alt_text": isOfRoses ? "Red roses." : "A garden gate."]
                try conversation.send(Models.completion(answer.serialized), times: 2)
            }
        }
        try owner.post(
            "/v1/models", ["name": "eyes", "base_url": .string("\(model.url)/v1"), "model": "m"]
        ).ok(201)
        let post = try draft(agency, other: "")
        let result = try describe(owner, post)
        #expect(result["processed"] == 2 && result["alt_texts"]?.array?.count == 2, "\(result)")
        #expect(try texts(owner, post) == ["Red roses.", "A garden gate."])
        #expect(model.requests.count { Self.shown(in: $0) != nil } == 2)
        #expect(try owner.every("/v1/decisions?agent=\(Caller.coordinator)").count == 1)
    }

    /// The address of the picture that a question shows.
    private static func shown(in request: ReceivedRequest) -> String? {
        let parts = (try? JSONParser.parse(request.body))?["messages"]?.array?.last?["content"]?.array
        return parts?.last?["image_url"]?.text("url")
    }

    @Test
    func `without a model, or with one that leads elsewhere, a person is asked for what a picture shows`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner, post = try draft(agency)
        #expect(try describe(owner, post)["reason"] == "no_model")
        #expect(try texts(owner, post) == ["", "A gate."])
        try plan(owner, post).problem(422, "alt_text_required")
        let astray = try model(owner, saying: "See https://evil.example/roses")
        let led = try describe(owner, post)
        #expect(led["reason"] == "unfit" && led["processed"] == 0 && !astray.requests.isEmpty)
        #expect(try texts(owner, post) == ["", "A gate."])
        let path = "/v1/agents/\(Caller.coordinator)/runs"
        try owner.post(path, ["parameters": ["post_id": "x"]]).problem(422, "unknown_reference")
    }
}
