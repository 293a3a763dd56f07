import Foundation
import JSON
import StandIns
import Testing

/// The agency learns from the results of its posts, and each figure names its sample.
@Suite(.ownThread) struct LearnedResults {
    @Test func `hours are the usual ones under thirty posts, and then those that the posts have shown`()
        throws
    {
        let book = try PostBook.shared
        let few = try #require(book.times[29]), more = try #require(book.times[30])
        #expect(few["source"] == "default" && few["sample"] == 29)
        #expect(few["slots"]?[0] == ["weekday": 2, "hour": 9, "score": 1, "posts": 0, "clicks": 0])
        #expect(more["source"] == "own_results" && more["sample"] == 30)
        #expect(more["slots"]?[0]["weekday"] == 6 && more["slots"]?[0]["hour"] == 20)
        // As the tests of what is learned compute them, for 28 posts of each hour.
        let all = try #require(book.times[56])
        #expect(all["source"] == "own_results" && all["sample"] == 56)
        #expect(all["slots"]?[0] == ["weekday": 6, "hour": 20, "score": 1, "posts": 28, "clicks": 0])
        #expect(all["slots"]?[1] == ["weekday": 3, "hour": 9, "score": 0.7496, "posts": 0, "clicks": 0])
    }

    @Test func `hashtags are told with what they bring and its records, of the network that is asked for`()
        throws
    {
        let book = try PostBook.shared, owner = try book.owner
        let found = try owner.get("/v1/social-hashtags?account_id=\(book.account.id)").ok()
        let roses = try #require(found["hashtags"]?.array?.first)
        #expect(roses["hashtag"] == "roses" && roses["posts"] == 20 && roses["lift"] == 1.6926)
        #expect(roses["records"]?.array?.count == 20 && roses["reach"] == .null)
        let measure = try owner.get("/v1/post-measures/\(roses["records"]?[0].text ?? "")").ok()
        #expect(measure["hashtags"] == ["roses"])
        try owner.get("/v1/social-hashtags?network=myspace").problem(400, "invalid_parameter")
        #expect(try owner.get("/v1/social-hashtags?network=linkedin").ok()["sample"] == 0)
    }

    @Test func `days, networks and accounts are compared with bounds and records, by what is asked for`()
        throws
    {
        let book = try PostBook.shared, owner = try book.owner, begin = PostBook.begin.iso.prefix(10)
        let path = "/v1/social-comparison?from=\(begin)"
        let found = try owner.get("\(path)&by=weekday").ok()
        let groups = found["groups"]?.array ?? []
        #expect(groups.map { $0.text("key") } == ["6", "2"])
        #expect(groups.map { $0["mean"] } == [40, 10] && groups.map { $0["sample"] } == [28, 28])
        #expect(groups[0]["low"] == 40 && groups[0]["high"] == 40, "they are all alike")
        #expect(found["all"]?["mean"] == 25)
        let low = found["all"]?["low"]?.double ?? 0
        // 25 − t(55)·15.136/√56
        #expect(abs(low - 20.947) < 0.01)
        let trace = groups[0].text("trace")
        #expect(try owner.every("\(trace)&limit=200").count == 28, "its records")
        let rate = try owner.get("\(path)&by=network&metric=engagement_rate").ok()
        #expect(rate["groups"]?[0]["mean"] == 0.025)
        let reach = try owner.get("\(path)&by=account&metric=reach").ok()
        #expect(reach["groups"]?[0]["mean"] == .null && reach["groups"]?[0]["unknown"] == 56)
        for wrong in ["by=mood", "metric=luck", "from=soon", "from=2026-05-01&to=2026-01-01", "what=1"] {
            try owner.get("/v1/social-comparison?\(wrong)").problem(400)
        }
        let other = try BureauProcess.shared.quietAgency().owner.get(path).ok()
        #expect(other["all"]?["sample"] == 0 && other["groups"] == [])
    }

    @Test func `from fifty posts on results are foretold, within an interval, better than by the mean`()
        throws
    {
        let book = try PostBook.shared, owner = try book.owner, path = book.predict
        for (measured, sample) in [(29, 28), (50, 49)] {
            let little = try #require(book.foretold[measured])
            #expect(little["enough"] == false && little["reason"] == "not_enough_history")
            #expect(little["value"] == .null && little["factors"] == [], "\(little)")
            #expect(little["sample"] == JSON(sample), "the post itself says nothing of itself")
        }
        let enough = try #require(book.foretold[51])
        #expect(enough["enough"] == true && enough["sample"] == 50 && enough["reason"] == .null)
        let evening = try owner.post(path, ["at": .string(PostBook.next(1))]).ok()
        let morning = try owner.post(path, ["at": .string(PostBook.next(0))]).ok()
        let (high, low) = (evening["value"]?.double ?? 0, morning["value"]?.double ?? 0)
        #expect(evening["model"]?["name"] == "ridge_regression" && evening["sample"] == 55)
        #expect(abs(high - 40) < 4 && abs(low - 10) < 3)
        #expect((evening["low"]?.double ?? 99) <= high && (evening["high"]?.double ?? 0) >= high)
        let backtest = try #require(evening["backtest"])
        #expect((backtest["mae"]?.double ?? 99) < (backtest["naive_mae"]?.double ?? 0))
        #expect(evening["factors"]?.array?.isEmpty == false)
        #expect(try owner.post(path, ["at": .string(PostBook.next(1))]).ok() == evening)
        let item = try owner.post(
            "/v1/content-items", ["title": "Idea", "format": "social", "body": "News of #Roses"]
        ).ok(201)
        let piece = "/v1/content-items/\(item.id)/predict"
        let told = try owner.post(
            piece, ["account_id": .string(book.account.id), "at": .string(PostBook.next(1))]
        ).ok()
        #expect(abs((told["value"]?.double ?? 0) - 40) < 6 && told["sample"] == 56)
        try owner.post(piece, [:]).problem(422, "required")
        try owner.post(piece, ["account_id": "sac_00000000000000000000000000"]).problem(422)
        try owner.post(path, ["metric": "luck"]).problem(422, "invalid_choice")
    }

    @Test func `each post is judged beside the others, and what to do more and less of is told with records`()
        throws
    {
        let book = try PostBook.shared, owner = try book.owner, name = "content_performance"
        try owner.patch("/v1/agents/\(name)", ["state": "active"]).ok()
        let run = try owner.ended("/v1/agents/\(name)/runs", ["parameters": ["days": 730]])
        #expect(run["status"] == "succeeded")
        let result = run["result"] ?? .null
        try pieces(result, book)
        let suggestions = result["suggestions"]?.array ?? []
        func action(_ dimension: String, _ key: String) -> JSON? {
            suggestions.first { $0["dimension"] == .string(dimension) && $0["key"] == .string(key) }?[
                "action"]
        }
        #expect(action("weekday", "6") == "more" && action("weekday", "2") == "less")
        #expect(action("hour", "20") == "more" && action("theme", "roses") == "more")
        #expect(action("network", "x") == nil, "all of them stand there")
        let decision = try owner.get("/v1/decisions/\(result.text("decision_id"))").ok()
        #expect(decision["factors"]?[0]["evidence"]?[0]["type"] == "post_measure")
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        try figures(suggestions, decision)
        let wrong = try owner.post("/v1/agents/\(name)/runs", ["parameters": ["days": 0, "x": 1]])
        try wrong.problem(422)
    }

    @Test func `figures that come wake the analyser, which judges what they are of and changes nothing`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let name = "content_performance"
        let account = try owner.post("/v1/social-accounts", ["network": "x", "name": "Acme"]).ok(201)
        var posts: [String] = []
        for number in 0..<12 {
            let id = try owner.post(
                "/v1/social-posts",
                ["account_id": .string(account.id), "text": .string("News \(number)")]
            ).ok(201).id
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            try agency.post(id, is: "awaiting_person")
            let published = (Date.now - Double(number + 3) * 86_400).iso
            try owner.post(
                "/v1/social-posts/\(id)/done",
                ["url": "https://x.com/acme/status/1", "published_at": .string(published)]
            ).ok()
            posts.append(id)
        }
        let (last, others) = (posts[11], posts.prefix(11))
        for id in others { try owner.post("/v1/social-posts/\(id)/metrics", ["likes": 10]).ok(201) }
        try owner.patch("/v1/agents/\(name)", ["state": "active"]).ok()
        let first = try owner.runAgent(name)
        #expect(first["pieces"]?.array?.count == 11)
        try owner.post("/v1/social-posts/\(last)/metrics", ["likes": 4000]).ok(201)
        let judged = try eventually("its judgement of what has come") {
            try owner.every("/v1/agent-runs?agent=\(name)").first {
                $0["trigger"] == "event"
                    && $0["result"]?["pieces"]?.array?.contains { $0["post_id"] == .string(last) } == true
            }
        }
        let pieces = judged["result"]?["pieces"]?.array ?? []
        #expect(pieces.map { $0.text("post_id") } == [last], "the others were judged before")
        #expect(pieces[0]["verdict"] == "better" && pieces[0]["engagements"] == 4000)
        #expect(abs((pieces[0]["expected"]?.double ?? 0) - 10) < 0.1, "what the others have brought")
        #expect(try owner.get("/v1/social-posts/\(last)").ok()["status"] == "published", "it changes nothing")
        // Besides, it looks at all of them each week.
        let schedules = try owner.every("/v1/schedules").filter { $0.text("agent") == name }
        #expect(schedules.map { $0.text("cron") } == ["0 7 * * 1"])
    }

    /// Each post is judged beside what the others foretell of it, and four of five are as expected.
    private func pieces(_ result: JSON, _ book: PostBook) throws {
        let pieces = result["pieces"]?.array ?? []
        #expect(pieces.count == 56 && result["messages"] == [], "nothing was sent to people")
        let numbers = Dictionary(uniqueKeysWithValues: book.posts.enumerated().map { ($1, $0) })
        for piece in pieces {
            let number = try #require(numbers[piece.text("post_id")])
            let brought: Int64 = number % 2 == 0 ? 10 : 40
            #expect(piece["engagements"]?.int == brought)
            #expect(abs((piece["expected"]?.double ?? 999) - Double(brought)) < 6, "\(piece.serialized)")
        }
        #expect(pieces.count { $0["verdict"] == "as_expected" } >= 45)
        #expect(pieces.allSatisfy { $0["verdict"] != "unclear" })
    }

    /// The figures of what it suggests: 28 posts of each day lie 0.6578 from the mean of the logarithms, and five posts
    /// at the mean are added to them.
    private func figures(_ suggestions: [JSON], _ decision: JSON) throws {
        for (dimension, key, posts, lift) in [
            ("weekday", "6", 28, 1.7475), ("weekday", "2", 28, 0.5723), ("hour", "20", 28, 1.7475),
            ("theme", "roses", 20, 1.6926),
        ] {
            let one = try #require(
                suggestions.first {
                    $0["dimension"] == .string(dimension) && $0["key"] == .string(key)
                })
            #expect(one["posts"] == JSON(posts) && abs((one["lift"]?.double ?? 0) - lift) < 0.0002)
            let factor = try #require(
                decision["factors"]?.array?.first { $0["name"] == .string("\(dimension).\(key)") })
            #expect(factor["weight"] == JSON(posts) && factor["value"] == one["lift"])
            // ln(1.7475)
            if key == "6" { #expect(abs((factor["contribution"]?.double ?? 0) - 0.5582) < 0.0002) }
        }
        #expect(suggestions.count <= 12 && decision["confidence"] == 1)
    }

    @Test func `ideas stand at the hours that the posts have shown: on Saturdays at eight in the evening`()
        throws
    {
        let book = try PostBook.shared, owner = try book.owner
        try owner.post(
            "/v1/articles", ["title": "Roses", "body": "Roses need water.", "status": "published"]
        ).ok(201)
        try owner.patch(
            "/v1/agents/content_strategy", ["state": "active", "autonomy": "autopilot"]
        ).ok()
        try owner.setAgent("content_strategy", ["ideas_per_week": 7])
        let result = try owner.runAgent("content_strategy", ["days": 28])
        let moments = (result["ideas"]?.array ?? []).map { $0.text("planned_at") }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let saturdays = try moments.filter { calendar.component(.weekday, from: try Date(iso: $0)) == 7 }
        #expect(saturdays.count == 4 && saturdays.allSatisfy { $0.hasSuffix("T20:00:00.000Z") }, "\(moments)")
        let (first, last) = (moments.min()?.prefix(10) ?? "", moments.max()?.prefix(10) ?? "")
        let entries = try owner.get("/v1/content-calendar?from=\(first)&to=\(last)").ok()["entries"]
        let shown = (entries?.array ?? []).filter { $0["kind"] == "item" }.map { $0.text("at") }
        #expect(Set(moments).isSubset(of: Set(shown)), "the calendar has them at these hours")
    }

    @Test func `networks are compared by their posts, and few posts have a mean without bounds`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let results: [(network: String, likes: [Int])] = [
            ("x", [8, 9, 10, 11, 12]), ("linkedin", [40, 40, 40, 40, 40]), ("facebook", [90, 90]),
        ]
        for (network, likes) in results {
            let account = try owner.post(
                "/v1/social-accounts", ["network": .string(network), "name": "Acme"]
            ).ok(201)
            for (number, count) in likes.enumerated() {
                let id = try owner.post(
                    "/v1/social-posts",
                    ["account_id": .string(account.id), "text": .string("News \(number)")]
                ).ok(201).id
                try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
                try agency.post(id, is: "awaiting_person")
                let published = (Date.now - Double(number + 3) * 86_400).iso
                try owner.post(
                    "/v1/social-posts/\(id)/done",
                    ["url": "https://example.com/status/1", "published_at": .string(published)]
                ).ok()
                try owner.post("/v1/social-posts/\(id)/metrics", ["likes": JSON(count)]).ok(201)
            }
        }
        let groups = try owner.get("/v1/social-comparison?by=network").ok()["groups"]?.array ?? []
        #expect(groups.map { $0.text("key") } == ["facebook", "linkedin", "x"])
        #expect(groups.map { $0["mean"] } == [90, 40, 10] && groups.map { $0["sample"] } == [2, 5, 5])
        #expect(groups[0]["low"] == .null && groups[0]["high"] == .null, "two posts say little")
        // 10 ± t(4) · 1.5811 / √5
        #expect(abs((groups[2]["low"]?.double ?? 0) - 8.037) < 0.01)
        #expect(abs((groups[2]["high"]?.double ?? 0) - 11.963) < 0.01)
        #expect(try owner.every("\(groups[2].text("trace"))&limit=200").count == 5, "its records")
    }

    @Test func `hashtags on Instagram are told with the reach and engagements of what carries them`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let account = try owner.post(
            "/v1/social-accounts", ["network": "instagram", "name": "Acme"]
        ).ok(201)
        let picture = try agency.medium(SampleMedia.png(500, 500), "roses.png")
        let posts: [(tag: String, figures: JSON)] = [
            ("#Tulips", ["likes": 10, "reach": 1000]), ("#Tulips", ["likes": 30, "reach": 3000]),
            ("#Soil", ["likes": 4, "reach": 200]), ("#Soil", ["likes": 2]), ("", ["likes": 9]),
        ]
        for (number, (tag, figures)) in posts.enumerated() {
            let id = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("News \(number) \(tag)"),
                    "media": [picture],
                ]
            ).ok(201).id
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            try agency.post(id, is: "awaiting_person")
            try owner.post(
                "/v1/social-posts/\(id)/done",
                [
                    "url": "https://instagram.com/p/1",
                    "published_at": .string((Date.now - Double(number + 3) * 86_400).iso),
                ]
            ).ok()
            try owner.post("/v1/social-posts/\(id)/metrics", figures).ok(201)
        }
        let told = try owner.get("/v1/social-hashtags?network=instagram").ok()
        #expect(told["sample"] == 5)
        let found = told["hashtags"]?.array ?? []
        #expect(found.map { $0.text("hashtag") } == ["tulips", "soil"], "the better first")
        #expect(found.map { $0["engagements"] } == [20, 3] && found.map { $0["posts"] } == [2, 2])
        #expect(found.map { $0["reach"] } == [2000, 200], "what nobody has told is not nothing")
        // Two posts each, beside five at the mean of the account's logarithms.
        #expect(found.map { $0["lift"] } == [1.2381, 0.7924])
        #expect(found.allSatisfy { $0["records"]?.array?.count == 2 })
    }

    @Test func `accounts of one client are not proposed the same minute`() throws {
        let owner = try BureauProcess.shared.quietAgency().owner
        let clients = try ["Acme", "Beta"].map {
            try owner.post("/v1/clients", ["name": .string($0)]).ok(201).id
        }
        let minutes = try [("x", 0), ("linkedin", 0), ("x", 1), ("facebook", 0), ("linkedin", 1)].map {
            let account = try owner.post(
                "/v1/social-accounts",
                [
                    "network": .string($0), "name": .string("Account \($0)"),
                    "client_id": .string(clients[$1]),
                ]
            ).ok(201)
            return try owner.get("/v1/social-accounts/\(account.id)/best-times").ok()["minute"]
        }
        // Another client's accounts do not count.
        #expect(minutes == [0, 5, 0, 10, 5])
    }
}
