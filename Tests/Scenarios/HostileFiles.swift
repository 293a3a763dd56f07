import JSON
import StandIns
import Testing

/// Files that mean harm come in as any other does, over HTTP: each is refused with a document that says why, leaves
/// nothing half done, and keeps nobody else waiting for good.
@Suite(.ownThread) struct HostileFiles {
    let server = BureauProcess.shared

    private struct Hostile: Sendable {
        let name: String
        let bytes: [UInt8]
        /// The allowed words about it.
        let codes: Set<String>

        init(_ name: String, _ bytes: [UInt8], _ codes: Set<String>) {
            (self.name, self.bytes, self.codes) = (name, bytes, codes)
        }
    }

    private static let page = Array("<!DOCTYPE html><script>alert(document.cookie)</script>".utf8)
    private static let all = [
        // A few thousand bytes that are 196 million points.
        Hostile("bomb.gif", SampleMedia.gif(7000, 7000, frames: 4), ["media_damaged", "media_type"]),
        Hostile("vow.png", SampleMedia.png(saying: 60_000, 60_000), ["media_too_large"]),
        Hostile("hollow.png", SampleMedia.png(saying: 7000, 7000), ["media_damaged"]),
        Hostile("page.jpg", page, ["media_type"]),
        Hostile("head.jpg", [0xFF, 0xD8, 0xFF, 0xE0] + page, ["media_type", "media_damaged"]),
    ]

    private func account(_ owner: Caller) throws -> JSON {
        let queue = (1...7).map { day -> JSON in ["weekday": JSON(day), "at": "09:00"] }
        return try owner.post(
            "/v1/social-accounts", ["network": "instagram", "name": "Acme", "queue": .array(queue)]
        ).ok(201)
    }

    private static func post(_ account: JSON, _ text: String, _ media: JSON) -> JSON {
        ["account_id": .string(account.id), "text": .string(text), "media": [media], "queue": true]
    }

    @Test func `bombs and files that lie are refused whole, and others are served meanwhile`() throws {
        let agency = try server.quietAgency(), owner = agency.owner, account = try account(owner)
        #expect(Self.all.allSatisfy { $0.bytes.count < 300_000 }, "each is small")
        let media = try Self.all.map { try agency.medium($0.bytes, $0.name) }
        let lying = try owner.get("/v1/files/\(media[3].text("file_id"))").ok()
        #expect(lying["name"] == "page.jpg" && lying["media_type"] == "text/html", "by its bytes")
        let good = try agency.medium(SampleMedia.jpeg(800, 640), "good.jpg")
        let first = try owner.post("/v1/social-posts", Self.post(account, "A good one", good)).ok(201)
        try owner.post("/v1/social-posts/\(first.id)/cancel").ok()
        // All at once, twice each, beside somebody who only reads.
        let count = Self.all.count * 2
        let answers = try together(count + 4) { number in
            guard number < count else { return try owner.get("/v1/social-accounts/\(account.id)") }
            let place = number % Self.all.count
            return try owner.post("/v1/social-posts", Self.post(account, "Number \(number)", media[place]))
        }
        for (number, answer) in answers.enumerated() {
            guard number < count else {
                try answer.ok()
                continue
            }
            let hostile = Self.all[number % Self.all.count], problem = try answer.problem(422)
            let fault = try #require(problem["errors"]?[0], "\(hostile.name)")
            #expect(problem["errors"]?.array?.count == 1, "\(hostile.name): \(problem.serialized)")
            #expect(fault["pointer"] == "/media/0/file_id", "\(hostile.name)")
            #expect(hostile.codes.contains(fault.text("code")), "\(hostile.name): \(fault.serialized)")
            #expect(fault.text("detail").count > 20 && problem.text("recommended_action") != "")
        }
        // No post, no picture made of one, no event, and no hour of the queue that one has taken.
        #expect(try owner.every("/v1/social-posts").map(\.id) == [first.id])
        #expect(try owner.every("/v1/files").count == Self.all.count + 1)
        #expect(try owner.every("/v1/events?type=social_post.scheduled").count == 1)
        let next = try owner.post("/v1/social-posts", Self.post(account, "A good one, again", good)).ok(201)
        #expect(next["scheduled_at"] == first["scheduled_at"], "the next hour is still free")
        try server.anonymous.get("/healthz").ok()
    }

    @Test func `a piece of content with such pictures is judged, and whoever reads them goes on`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let media = try Self.all.map { try agency.medium($0.bytes, $0.name) }
        let item = try owner.post(
            "/v1/content-items",
            ["title": "Roses", "format": "social", "body": "Roses need water.", "media": .array(media)]
        ).ok(201)
        let report = try owner.post("/v1/content-items/\(item.id)/check", [:]).ok()
        #expect(report["score"]?.int != nil)
        // Words in pictures are looked for behind the answer, and what cannot be read ends that for none of them.
        try eventuallyTrue("the look at the pictures") {
            let jobs = try owner.every("/v1/jobs?kind=content.picture_words")
            return !jobs.isEmpty && jobs.allSatisfy { $0["state"] == "completed" }
        }
        let drawing = try agency.medium(SampleMedia.png(300, 300), "plan.png")
        let next = try owner.post(
            "/v1/content-items",
            ["title": "Tulips", "format": "social", "body": "Tulips need sun.", "media": [drawing]]
        ).ok(201)
        #expect(try owner.post("/v1/content-items/\(next.id)/check", [:]).ok()["score"]?.int != nil)
    }
}
