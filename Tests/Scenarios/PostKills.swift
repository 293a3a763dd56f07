import Foundation
import JSON
import StandIns
import Testing

/// The server dies within each of the steps by which a post comes to stand at each network: what the network has taken
/// is found there, and nothing is said twice.
@Suite(.ownThread) struct PostKills {
    /// A request of a network, which has come and is not answered yet when the server dies.
    private struct Step: Sendable, CustomStringConvertible {
        let network: String, method: String
        /// A part of its address, and words of its body; any where there are none.
        let target: String
        var words = ""

        var description: String { "\(network): \(method) \(target) \(words)" }

        func isMeant(_ request: ReceivedRequest) -> Bool {
            request.method == method && (target.isEmpty || request.target.contains(target))
                && (words.isEmpty || request.text.contains(words))
        }
    }

    /// Films are first: they take longest to begin.
    private static let steps = [
        Step(network: "tiktok", method: "POST", target: "creator_info"),
        Step(network: "tiktok", method: "POST", target: "/video/init"),
        Step(network: "tiktok", method: "PUT", target: ""),
        Step(network: "tiktok", method: "POST", target: "/status/fetch"),
        Step(network: "youtube", method: "POST", target: "uploadType=resumable"),
        Step(network: "youtube", method: "PUT", target: ""),
        Step(network: "youtube", method: "GET", target: "/youtube/v3/videos"),
        Step(network: "instagram", method: "POST", target: "/media"),
        Step(network: "instagram", method: "GET", target: "status_code"),
        Step(network: "instagram", method: "GET", target: "content_publishing_limit"),
        Step(network: "instagram", method: "POST", target: "/media_publish"),
        Step(network: "instagram", method: "GET", target: "permalink"),
        Step(network: "instagram", method: "POST", target: "/comments"),
        Step(network: "linkedin", method: "POST", target: "/rest/images"),
        Step(network: "linkedin", method: "PUT", target: ""),
        Step(network: "linkedin", method: "GET", target: "/rest/images"),
        Step(network: "linkedin", method: "POST", target: "/rest/posts"),
        Step(network: "facebook", method: "POST", target: "/photos"),
        Step(network: "facebook", method: "POST", target: "/feed"),
        Step(network: "facebook", method: "POST", target: "/comments"),
        Step(network: "x", method: "POST", target: "/2/tweets", words: "Roses"),
        Step(network: "x", method: "POST", target: "/2/tweets", words: "Tulips"),
        Step(network: "x", method: "POST", target: "/2/tweets", words: "Lilies"),
    ]

    /// The requests that say something: a network that refuses to hear it twice was asked once all the same.
    private static let sayings = [
        "x": "/2/tweets", "linkedin": "/rest/posts", "facebook": "/feed", "instagram": "/media_publish",
    ]

    /// Returns what the posts of each network have besides their first words.
    private func bodies(_ agency: Agency) throws -> [String: JSONObject] {
        let picture = try agency.medium(SampleMedia.jpeg(800, 800), "garden.jpg")
        let wide = SampleMedia.mp4(1920, 1080, seconds: 12, size: 300_000)
        let tall = SampleMedia.mp4(720, 1280, seconds: 12, size: 300_000)
        return [
            "tiktok": [
                "media": [try agency.medium(tall, "tall.mp4", altText: "")],
                "options": ["privacy_level": "PUBLIC_TO_EVERYONE"],
            ],
            "youtube": ["format": "video", "media": [try agency.medium(wide, "wide.mp4", altText: "")]],
            "instagram": ["media": [picture], "first_comment": "More inside"],
            "linkedin": ["media": [picture]],
            "facebook": ["media": [picture], "first_comment": "More inside"],
            "x": ["format": "thread", "thread": ["Tulips", "Lilies"]],
        ]
    }

    /// Each step holds a place of those that do jobs: of all networks at once some would wait for others.
    @Test(arguments: ["tiktok", "youtube", "instagram", "linkedin", "facebook", "x"])
    func `killed within each step of a post on each network, it stands once`(network: String) throws {
        let server = try BureauProcess.start(), agency = try server.quietAgency()
        let bodies = try bodies(agency)
        let (arrived, isDead) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        var posts: [(step: Step, id: String, networks: QuarterNetworks, web: ServiceStandIn)] = []
        for step in Self.steps where step.network == network {
            let networks = try QuarterNetworks()
            let way = try #require(networks.ways.first { $0.name == step.network })
            let account = try agency.connectNetwork(
                step.network, way.web.url, way.credentials, way.settings)
            way.web.next(
                .wait {
                    arrived.signal()
                    isDead.wait()
                }, when: step.isMeant)
            let id = try agency.publish(account, "Roses", bodies[step.network] ?? [:])
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
            guard ended["status"] == "published" else { continue }
            let words = name == "x" ? ["Roses", "Tulips", "Lilies"] : ["Roses"]
            #expect(said == words, "\(post.step)")
        }
    }
}
