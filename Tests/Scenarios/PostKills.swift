import Foundation
import JSON
import StandIns
import Testing

/// The server dies within each of the steps by which a post comes to stand at each network: what the network has taken
/// is found there, and nothing is said twice.
@Suite(.ownThread) struct PostKills {
    /// A request of a network, which has come and is not answered yet when the server dies.
    private struct Step: Sendable, CustomStringConvertible {
        /// The network, and the shape of the post where it is not the usual one.
        let kind: String
        let method: String
        /// A part of its address, and words of its body; any where there are none.
        let target: String
        var words = ""
        /// The ends that the post may come to.
        var ends: Set = ["published"]

        var network: String { String(kind.prefix { $0 != " " }) }
        var description: String { "\(kind): \(method) \(target) \(words)" }

        func isMeant(_ request: ReceivedRequest) -> Bool {
            request.method == method && (target.isEmpty || request.target.contains(target))
                && (words.isEmpty || request.text.contains(words))
        }
    }

    /// The ends of a post that goes on with a change which a network shows in a list alone. If the server dies once
    /// more before that change leaves, the list cannot say that nothing is coming, as it may be late.
    private static let listed: Set = ["published", "unknown"]

    /// Films are first: they take longest to begin.
    private static let steps = [
        Step(kind: "tiktok", method: "POST", target: "creator_info"),
        Step(kind: "tiktok", method: "POST", target: "/video/init"),
        Step(kind: "tiktok", method: "PUT", target: ""),
        Step(kind: "tiktok", method: "POST", target: "/status/fetch"),
        Step(kind: "youtube", method: "POST", target: "uploadType=resumable"),
        Step(kind: "youtube", method: "PUT", target: ""),
        Step(kind: "youtube", method: "GET", target: "/youtube/v3/videos"),
        Step(kind: "instagram reel", method: "POST", target: "/media", words: "REELS"),
        Step(kind: "instagram reel", method: "GET", target: "status_code"),
        Step(kind: "instagram reel", method: "POST", target: "/media_publish"),
        Step(kind: "instagram carousel", method: "POST", target: "/media", words: "is_carousel_item"),
        Step(kind: "instagram carousel", method: "POST", target: "/media", words: "CAROUSEL"),
        Step(kind: "instagram carousel", method: "POST", target: "/media_publish"),
        Step(kind: "instagram story", method: "POST", target: "/media", words: "STORIES"),
        Step(kind: "instagram story", method: "POST", target: "/media_publish"),
        Step(kind: "instagram", method: "POST", target: "/media", ends: listed),
        Step(kind: "instagram", method: "GET", target: "status_code", ends: listed),
        Step(kind: "instagram", method: "GET", target: "content_publishing_limit", ends: listed),
        Step(kind: "instagram", method: "POST", target: "/media_publish", ends: listed),
        Step(kind: "instagram", method: "GET", target: "permalink", ends: listed),
        Step(kind: "instagram", method: "POST", target: "/comments"),
        Step(kind: "linkedin film", method: "POST", target: "initializeUpload", ends: listed),
        Step(kind: "linkedin film", method: "PUT", target: "", ends: listed),
        Step(kind: "linkedin film", method: "POST", target: "finalizeUpload", ends: listed),
        Step(kind: "linkedin film", method: "GET", target: "/rest/videos", ends: listed),
        Step(kind: "linkedin film", method: "POST", target: "/rest/posts"),
        Step(kind: "linkedin", method: "POST", target: "/rest/images", ends: listed),
        Step(kind: "linkedin", method: "PUT", target: "", ends: listed),
        Step(kind: "linkedin", method: "GET", target: "/rest/images", ends: listed),
        Step(kind: "linkedin", method: "POST", target: "/rest/posts"),
        Step(kind: "facebook reel", method: "POST", target: "/video_reels", words: "start"),
        Step(kind: "facebook reel", method: "POST", target: "/video/upload"),
        Step(kind: "facebook reel", method: "POST", target: "/video_reels", words: "finish"),
        Step(kind: "facebook reel", method: "GET", target: "fields=status"),
        Step(kind: "facebook", method: "POST", target: "/photos", ends: listed),
        Step(kind: "facebook", method: "POST", target: "/feed", ends: listed),
        Step(kind: "facebook", method: "POST", target: "/comments"),
        Step(kind: "x", method: "POST", target: "/upload/initialize", ends: listed),
        Step(kind: "x", method: "POST", target: "/append", ends: listed),
        Step(kind: "x", method: "POST", target: "/finalize", ends: listed),
        Step(kind: "x", method: "POST", target: "/media/metadata", ends: listed),
        Step(kind: "x", method: "POST", target: "/2/tweets", words: "Roses", ends: listed),
        Step(kind: "x", method: "POST", target: "/2/tweets", words: "Tulips", ends: listed),
        Step(kind: "x", method: "POST", target: "/2/tweets", words: "Lilies"),
    ]

    /// The requests that say something: a network that refuses to hear it twice was asked once all the same.
    private static let sayings = [
        "x": "/2/tweets", "linkedin": "/rest/posts", "facebook": "/feed", "instagram": "/media_publish",
    ]

    /// Returns what posts of each kind have besides their first words.
    private func bodies(_ agency: Agency) throws -> [String: JSONObject] {
        let picture = try agency.medium(SampleMedia.jpeg(800, 800), "garden.jpg")
        let wide = SampleMedia.mp4(1920, 1080, seconds: 12, size: 300_000)
        let tall = SampleMedia.mp4(720, 1280, seconds: 12, size: 300_000)
        let story = try agency.medium(SampleMedia.jpeg(1080, 1920), "gate.jpg")
        let film = try agency.medium(wide, "wide.mp4", altText: "")
        let reel = try agency.medium(tall, "tall.mp4", altText: "")
        return [
            "tiktok": ["media": [reel], "options": ["privacy_level": "PUBLIC_TO_EVERYONE"]],
            "youtube": ["format": "video", "media": [film]],
            "instagram": ["media": [picture], "first_comment": "More inside"],
            "instagram carousel": ["format": "carousel", "media": [picture, picture]],
            "instagram reel": ["format": "reel", "media": [reel]],
            "instagram story": ["format": "story", "media": [story]],
            "linkedin": ["media": [picture]],
            "linkedin film": ["format": "video", "media": [film]],
            "facebook": ["media": [picture], "first_comment": "More inside"],
            "facebook reel": ["format": "reel", "media": [reel]],
            "x": ["format": "thread", "thread": ["Tulips", "Lilies"], "media": [picture]],
        ]
    }

    /// Each step holds a place of those that do jobs: of all networks at once some would wait for others.
    @Test(arguments: [
        ["tiktok"], ["youtube"], ["instagram"], ["instagram carousel", "instagram reel", "instagram story"],
        ["linkedin", "linkedin film"], ["facebook", "facebook reel"], ["x"],
    ])
    func `killed within each step of a post on each network, it stands once`(kinds: [String]) throws {
        let server = try BureauProcess.start(), agency = try server.quietAgency()
        let bodies = try bodies(agency)
        let (arrived, isDead) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        var posts: [(step: Step, id: String, networks: QuarterNetworks, web: ServiceStandIn)] = []
        for step in Self.steps where kinds.contains(step.kind) {
            let networks = try QuarterNetworks()
            let way = try #require(networks.ways.first { $0.name == step.network })
            let account = try agency.connectNetwork(
                step.network, way.web.url, way.credentials, way.settings)
            way.web.next(
                .wait {
                    arrived.signal()
                    isDead.wait()
                }, when: step.isMeant)
            let id = try agency.publish(account, "Roses", #require(bodies[step.kind]))
            posts.append((step, id, networks, way.web))
        }
        for post in posts { try #require(arrived.wait(timeout: .now() + 60) == .success, "\(post.step)") }
        server.kill()
        // The networks do what they were asked, and nobody hears of it.
        let answers = posts.map(\.web.answers.count)
        for _ in posts { isDead.signal() }
        try eventuallyTrue("all is done") {
            zip(posts, answers).allSatisfy { $0.web.answers.count > $1 }
        }
        try server.start()
        // It dies while it looks for what stands there, and while it goes on, too.
        for _ in 0..<2 { try server.killAndRestart() }
        for post in posts {
            let ended = try agency.post(post.id, is: "published", "unknown", within: .seconds(120))
            let name = post.step.network
            let (said, comments) = (post.networks.said(at: name), post.networks.comments(at: name))
            #expect(Set(said).count == said.count, "\(post.step)")
            #expect(comments.count <= 1, "\(post.step)")
            if let saying = Self.sayings[name] {
                let asked = post.web.requests.filter { $0.method == "POST" && $0.target.hasSuffix(saying) }
                #expect(Set(asked.map(\.text)).count == asked.count, "\(post.step)")
            }
            let words = name == "x" ? ["Roses", "Tulips", "Lilies"] : ["Roses"]
            let isCommented = bodies[post.step.kind]?["first_comment"] == nil || comments.count == 1
            let status = ended.text("status")
            #expect(post.step.ends.contains(status), "\(post.step)")
            // All that stands is found.
            #expect((status == "published") == (said == words && isCommented), "\(post.step)")
        }
    }
}
