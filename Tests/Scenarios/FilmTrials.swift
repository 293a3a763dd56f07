import Foundation
import JSON
import StandIns
import Testing

/// Titles and thumbnails of a film that take turns, each a whole day: what does better stands there in the end.
@Suite(.ownThread) struct FilmTrials {
    /// A channel with a film, whose days pass.
    private final class Trial {
        let story: MeasuringAgency, web: YouTubeStandIn, film: String, post: String
        let owner: Caller
        /// Pacific days from the first one on, as this server's clock has them.
        private var day: Date

        init() throws {
            story = try MeasuringAgency()
            web = try YouTubeStandIn()
            let agency = story.agency
            let account = try agency.connectNetwork("youtube", web.service.url, web.credentials, web.settings)
            let bytes = SampleMedia.mp4(1920, 1080, seconds: 12, size: 300_000)
            let medium = try agency.medium(bytes, "film.mp4", altText: "")
            post = try agency.publish(
                account, "How roses bloom", ["format": "video", "media": [medium]])
            film = try agency.post(post, is: "published").text("remote_id")
            owner = try agency.key([
                "social_posts:read", "social_posts:write", "experiments:read", "experiments:write",
                "files:write", "files:read", "events:read",
            ])
            // 00:00 in California on 2 March is 08:00 UTC.
            day = try Date(iso: "2027-03-02T08:00:00.000Z")
        }

        var title: String { web.films.first?.about["snippet"]?["title"]?.text ?? "" }

        func begin(_ kind: String, _ values: [JSON], _ more: JSONObject = [:]) throws -> JSON {
            var body: JSONObject = [
                "name": "Try", "kind": .string(kind), "target": .string(post), "goal": "views",
                "variants": .array(
                    values.enumerated().map { ["name": .string("v\($0.offset)"), "value": $0.element] }),
            ]
            for (name, value) in more.members { body[name] = value }
            return try owner.post("/v1/experiments", .object(body)).ok(201)
        }

        func results(_ id: String) throws -> JSON { try owner.get("/v1/experiments/\(id)/results").ok() }

        /// Lets a day begin, and waits until its variant stands there.
        func nextDay(
            _ id: String, late: Double = 0, sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> JSON {
            try story.pass(day.timeIntervalSince(story.time) + 300 + late)
            let name = String(day.iso.prefix(10))
            day += MeasuringAgency.day
            return try eventually("day \(name) of a trial", sourceLocation: sourceLocation) {
                guard let planned = try results(id)["days"]?.array?.last, planned.text("day") == name else {
                    return nil
                }
                let changes = try owner.every("/v1/post-changes?experiment_id=\(id)")
                let open = changes.contains {
                    ["waiting", "sending"].contains($0.text("status"))
                }
                return open ? nil : planned
            }
        }

        func status(_ id: String) throws -> String {
            try owner.get("/v1/experiments/\(id)").ok().text("status")
        }
    }

    @Test func `titles take turns by days, each one of a block, and what wins stands there for good`() throws
    {
        let trial = try Trial()
        let titles: [JSON] = ["How roses bloom", "Roses in an hour"]
        let made = try trial.begin("film_title", titles, ["apply": "automatic"])
        #expect(trial.title == "How roses bloom", "the first day has still to begin")
        var stood: [String] = []
        for number in 0..<14 where try trial.status(made.id) == "running" {
            let planned = try trial.nextDay(made.id)
            let place = planned["variant"] == "v0" ? 0 : 1
            #expect(trial.title == titles[place].text, "day \(number)")
            stood.append(planned.text("variant"))
            // The audience shrinks from day to day, whatever the title; half as many more come for the second.
            let audience = 4000 - 180 * number
            trial.web.tell(
                planned.text("day"), of: trial.film, views: place == 0 ? audience : audience * 3 / 2 + number,
                minutes: audience)
        }
        try trial.story.pass(2 * MeasuringAgency.hour)
        try eventuallyTrue("it is over") { try trial.status(made.id) == "applied" }
        for block in stride(from: 0, to: stood.count - 1, by: 2) {
            #expect(Set(stood[block..<block + 2]) == ["v0", "v1"], "each has one day of a block")
        }
        let ended = try trial.owner.get("/v1/experiments/\(made.id)").ok()
        #expect(ended["result"]?["winner"] == "v1")
        let rows = ended["result"]?["variants"]?.array ?? []
        #expect((5...7).contains(rows[1]["days"]?.int ?? 0) && rows[1]["days"] == rows[0]["days"])
        let difference = try #require(rows[1]["difference"]?.double)
        #expect(abs(difference - 0.5) < 0.1, "half as many more, whatever the audience was")
        let interval = (rows[1]["interval"]?.array ?? []).compactMap(\.double)
        #expect(
            interval.count == 2 && interval[0] > 0 && interval[0] < difference && difference < interval[1])
        #expect(rows[1]["significant"] == true && rows[0]["p_value"] == .null)
        try eventuallyTrue("the winner stands") { trial.title == "Roses in an hour" }
        let updates = trial.web.updates
        try trial.story.pass(2 * MeasuringAgency.day)
        _ = try trial.results(made.id)
        #expect(trial.web.updates == updates, "no more turns")
    }

    @Test func `a day on which a title did not stand counts for nothing, and what was there comes back`()
        throws
    {
        let trial = try Trial()
        let made = try trial.begin("film_title", ["How roses bloom", "Roses in an hour"])
        // Another change would spoil it, and a second trial, too.
        try trial.owner.post("/v1/social-posts/\(trial.post)/change", ["title": "mine"]).problem(
            409, "conflict")
        let other: JSON = [
            "name": "Two", "kind": "film_title", "target": .string(trial.post), "goal": "views",
            "variants": [["name": "a", "value": "A"], ["name": "b", "value": "B"]],
        ]
        try trial.owner.post("/v1/experiments", other).problem(409, "conflict")
        // On the first day YouTube has no quota left until noon; on the third somebody changes it there.
        trial.web.service.next(
            .answer(YouTubeStandIn.refusal(403, "quotaExceeded", "No quota left")),
            when: { $0.method == "PUT" })
        for number in 0..<6 {
            let planned = try trial.nextDay(made.id)
            if number == 2 { trial.web.retitle(trial.film, "Somebody's own") }
            // Of the fifth nothing is told.
            if number != 4 {
                trial.web.tell(planned.text("day"), of: trial.film, views: 1000, minutes: 800)
            }
        }
        for _ in 0..<4 { _ = try trial.nextDay(made.id) }
        try eventuallyTrue("six days are read") {
            let states = (try trial.results(made.id)["days"]?.array ?? []).prefix(6).map { $0.text("state") }
            return states == ["spoiled", "counts", "spoiled", "counts", "planned", "counts"]
        }
        for _ in 0..<3 { _ = try trial.nextDay(made.id) }
        try eventuallyTrue("one is not told at all") {
            try trial.results(made.id)["days"]?[4].text("state") == "untold"
        }
        let rows = try trial.results(made.id)["variants"]?.array ?? []
        #expect(rows.allSatisfy { $0["days"] == 0 }, "no block is whole: \(rows)")
        let stopped = try trial.owner.post("/v1/experiments/\(made.id)/stop").ok()
        #expect(stopped["status"] == "stopped")
        try eventuallyTrue("the first stands again") { trial.title == "How roses bloom" }
    }

    @Test
    func `thumbnails take turns, a proposed winner waits for a person, and a film that is gone ends it`()
        throws
    {
        let trial = try Trial()
        let pictures = try (0..<2).map { number in
            let bytes = SampleMedia.png(saying: 1280, 720 + number)
            return (bytes, try trial.owner.upload(bytes, "thumb\(number).png").id)
        }
        let values = pictures.map { JSON.string($0.1) }
        let made = try trial.begin("film_thumbnail", values, ["goal": "watch_time"])
        for number in 0..<14 where try trial.status(made.id) == "running" {
            let planned = try trial.nextDay(made.id)
            let place = planned["variant"] == "v0" ? 0 : 1
            #expect(trial.web.films.first?.thumbnail == pictures[place].0, "day \(number)")
            trial.web.tell(
                planned.text("day"), of: trial.film, views: 1000, minutes: place == 0 ? 500 : 900 + number)
        }
        try trial.story.pass(2 * MeasuringAgency.hour)
        try eventuallyTrue("it has shown something") { try trial.status(made.id) == "concluded" }
        try eventuallyTrue("the first stands until somebody decides") {
            trial.web.films.first?.thumbnail == pictures[0].0
        }
        try trial.owner.post("/v1/experiments/\(made.id)/apply").ok()
        try eventuallyTrue("the winner stands") { trial.web.films.first?.thumbnail == pictures[1].0 }
        let second = try trial.begin("film_title", ["A", "B"])
        let change = try trial.owner.post("/v1/social-posts/\(trial.post)/remove").ok(202)
        try eventuallyTrue("it is taken back") {
            try trial.owner.get("/v1/post-changes/\(change.id)").ok()["status"] == "done"
        }
        try trial.story.pass(2 * MeasuringAgency.day)
        try eventuallyTrue("there is nothing to try") { try trial.status(second.id) == "stopped" }
    }

    @Test func `what cannot be tried is refused with all that is wrong`() throws {
        let trial = try Trial(), owner = trial.owner
        func problem(_ more: JSONObject) throws -> Set<String> {
            var body: JSONObject = [
                "name": "Try", "kind": "film_title", "target": .string(trial.post), "goal": "views",
                "variants": [["name": "a", "value": "A"], ["name": "b", "value": "B"]],
            ]
            for (name, value) in more.members { body[name] = value }
            let answer = try owner.post("/v1/experiments", .object(body)).problem(422)
            return Set((answer["errors"]?.array ?? []).map { $0.text("pointer") })
        }
        #expect(try problem(["goal": "replied"]) == ["/goal"])
        #expect(try problem(["target": "nothing"]) == ["/target"])
        #expect(
            try problem(["variants": [["name": "a", "value": "A"], ["name": "b", "value": " "]]])
                == ["/variants/1/value"])
        #expect(
            try problem(["kind": "film_thumbnail"]) == ["/variants/0/value", "/variants/1/value"])
        let sequence: JSON = [
            "name": "x", "kind": "sequence_step", "goal": "views",
            "variants": [["name": "a"], ["name": "b"]],
        ]
        let faults = try owner.post("/v1/experiments", sequence).problem(422)["errors"]?.array ?? []
        #expect(Set(faults.map { $0.text("pointer") }) == ["/goal", "/sequence_id"])
    }
}
