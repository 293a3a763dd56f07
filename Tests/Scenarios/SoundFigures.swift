import Foundation
import JSON
import Testing

/// Sounds and effects of an app are kept by hand, and compared by the films that stand with them.
@Suite(.ownThread) struct SoundFigures {
    @Test func `sounds are compared by the films that stand with them, and another network's is refused`()
        throws
    {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let account = try owner.post(
            "/v1/social-accounts", ["network": "tiktok", "name": "Acme"]
        ).ok(201)
        let sounds = try [
            ("Slow mornings", "tiktok"), ("Tulip song", "tiktok"), ("Reels only", "instagram"),
        ].map { name, network in
            try owner.post(
                "/v1/sounds",
                ["name": .string(name), "network": .string(network), "licence": "Commercial Music Library"]
            ).ok(201).id
        }
        /// A film that a person has published in the app, with what it got.
        func stands(_ number: Int, with sound: String?, likes: Int) throws {
            let id = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("Film \(number)"), "by_hand": "sound",
                ]
            ).ok(201).id
            try owner.post("/v1/social-posts/\(id)/publish", [:]).ok(202)
            try agency.post(id, is: "awaiting_person")
            let published = (Date.now - Double(number + 3) * 86_400).iso
            var body: JSONObject = [
                "url": "https://www.tiktok.com/@acme/video/1", "published_at": .string(published),
            ]
            body["sound_id"] = .string(sounds[2])
            let refused = try owner.post("/v1/social-posts/\(id)/done", .object(body)).faults()
            #expect(refused == ["/sound_id": "conflict"])
            body["sound_id"] = sound.map { JSON.string($0) }
            let done = try owner.post("/v1/social-posts/\(id)/done", .object(body)).ok()
            #expect(done["sound_id"] == sound.map { JSON.string($0) } ?? JSON.null)
            try owner.post("/v1/social-posts/\(id)/metrics", ["likes": JSON(likes)]).ok(201)
        }
        for number in 0..<3 { try stands(number, with: sounds[0], likes: 90) }
        for number in 3..<6 { try stands(number, with: sounds[1], likes: 10) }
        try stands(6, with: nil, likes: 30)
        let figures = try owner.get("/v1/sound-figures?account_id=\(account.id)").ok()
        let told = figures["sounds"]?.array ?? []
        #expect(figures["sample"] == 7 && told.map { $0.text("name") } == ["Slow mornings", "Tulip song"])
        #expect(told.map { $0["posts"] } == [3, 3] && told.map { $0["engagements"] } == [90, 10])
        let lifts = told.map { $0["lift"]?.double ?? 0 }
        #expect(lifts.count == 2 && lifts[0] > 1 && lifts[1] < 1, "\(lifts)")
        #expect(told.first?["records"]?.array?.count == 3)
        #expect(try owner.get("/v1/sound-figures?network=instagram").ok()["sounds"] == [])
    }

    @Test func `effects are kept beside sounds, and a film stands with one of each`() throws {
        let agency = try BureauProcess.shared.quietAgency(), owner = agency.owner
        let account = try owner.post("/v1/social-accounts", ["network": "tiktok", "name": "Acme"]).ok(201)
        func keep(_ kind: String?) throws -> JSON {
            var body: JSONObject = ["name": "Green room", "licence": "Ours"]
            if let kind { body["kind"] = .string(kind) }
            return try owner.post("/v1/sounds", .object(body)).ok(201)
        }
        let (sound, effect) = (try keep(nil), try keep("camera_effect"))
        #expect(sound["kind"] == "sound" && effect["kind"] == "camera_effect")
        #expect(try owner.every("/v1/sounds?kind=camera_effect").map(\.id) == [effect.id])
        for number in 0..<2 {
            let id = try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("Film \(number)"), "by_hand": "sound",
                ]
            ).ok(201).id
            let path = "/v1/social-posts/\(id)"
            let offered = try owner.every("\(path)/sounds?sort=id").map { $0.text("kind") }
            #expect(offered == ["sound", "camera_effect"])
            try owner.post("\(path)/publish", [:]).ok(202)
            try agency.post(id, is: "awaiting_person")
            var body: JSONObject = [
                "url": "https://www.tiktok.com/@acme/video/1",
                "published_at": .string((Date.now - Double(number + 3) * 86_400).iso),
            ]
            (body["sound_id"], body["effect_id"]) = (.string(effect.id), .string(sound.id))
            #expect(
                try owner.post("\(path)/done", .object(body)).faults() == [
                    "/sound_id": "unknown_reference", "/effect_id": "unknown_reference",
                ])
            (body["sound_id"], body["effect_id"]) = (.string(sound.id), .string(effect.id))
            let done = try owner.post("\(path)/done", .object(body)).ok()
            #expect(done.text("sound_id") == sound.id && done.text("effect_id") == effect.id)
            try owner.post("\(path)/metrics", ["likes": 30]).ok(201)
        }
        let told = try owner.get("/v1/sound-figures?account_id=\(account.id)").ok()["sounds"]?.array ?? []
        #expect(Set(told.map { $0.text("kind") }) == ["sound", "camera_effect"])
        #expect(told.map { $0["posts"] } == [2, 2])
    }
}
