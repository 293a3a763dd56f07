import Foundation
import JSON
import StandIns
import Testing

/// Films and shorts on YouTube: one session for each, which is asked where an answer was lost.
@Suite(.ownThread) struct YouTubePosts {
    let server = BureauProcess.shared

    private func connected() throws -> (agency: Agency, web: YouTubeStandIn, account: JSON) {
        let (agency, web) = (try server.quietAgency(), try YouTubeStandIn())
        return (
            agency, web, try agency.connectNetwork("youtube", web.service.url, web.credentials, web.settings)
        )
    }

    private func film(
        _ agency: Agency, size: Int = 300_000, seconds: Int = 12, isTall: Bool = false
    ) throws -> (media: JSON, bytes: [UInt8]) {
        let (width, height) = isTall ? (1080, 1920) : (1920, 1080)
        let bytes = SampleMedia.mp4(width, height, seconds: seconds, size: size)
        return ([try agency.medium(bytes, "film.mp4", altText: "")], bytes)
    }

    private func parts(_ web: YouTubeStandIn) -> [Int] {
        web.service.requests.filter { $0.method == "PUT" }.map(\.body.count)
    }

    @Test func `a film goes to YouTube in parts, from where its session has it, and stands once`() throws {
        let (agency, web, account) = try connected()
        let (media, bytes) = try film(agency, size: 20_000_000)
        // Of the second part half stays; the answer to the last one is lost.
        web.keep(8_388_608, 4_194_304)
        web.service.next(.wait({}), .wait({}), .wait({}), .cutDone)
        let text = "How roses <bloom>\n\nAll of it, in a minute: https://acme.example/roses"
        let id = try agency.publish(account, text, ["format": "video", "media": media])
        let post = try agency.post(id, is: "published")
        let stands = try #require(web.films.first)
        #expect(web.films.count == 1 && web.begun == 1 && stands.bytes == bytes)
        #expect(post.text("remote_id") == stands.id)
        #expect(post.text("url") == "https://www.youtube.com/watch?v=\(stands.id)")
        #expect(stands.about["snippet"]?["title"] == "How roses ‹bloom›")
        #expect(stands.about["status"]?["privacyStatus"] == "public")
        #expect(parts(web) == [8_388_608, 8_388_608, 7_417_088, 0], "the session is asked, and says it")
    }

    @Test func `a part that YouTube never got is sent again, and a film that it forgot begins anew`() throws {
        let (agency, web, account) = try connected()
        let (media, bytes) = try film(agency, size: 9_000_000)
        web.service.next(.wait({}), .cutAfter)
        let first = try agency.publish(account, "First", ["format": "video", "media": media])
        try agency.post(first, is: "published")
        #expect(web.begun == 1 && web.films.map(\.bytes) == [bytes])
        // The session is gone before the last part: nothing can stand.
        web.service.next(.wait({}), .wait({}), .wait({ web.forget() }))
        let second = try agency.publish(account, "Second", ["format": "video", "media": media])
        try agency.post(second, is: "published")
        #expect(web.begun == 3 && web.films.map(\.bytes) == [bytes, bytes])
    }

    @Test func `a short is upright and lasts three minutes at most, and says so before it is planned`() throws
    {
        let (agency, web, account) = try connected()
        func plan(_ media: JSON) throws -> Answer {
            try agency.owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": "Short", "format": "short", "media": media,
                    "scheduled_at": "2099-01-01T10:00:00.000Z",
                ])
        }
        let wide = try agency.medium(SampleMedia.mp4(1600, 700, seconds: 12), "wide.mp4", altText: "")
        try plan([wide]).problem(422, "media_ratio")
        try plan(film(agency, seconds: 200, isTall: true).media).problem(422, "media_length")
        let tall = try film(agency, isTall: true)
        let id = try agency.publish(
            account, "A minute of roses",
            ["format": "short", "media": tall.media, "options": ["privacy_status": "unlisted"]])
        let post = try agency.post(id, is: "published")
        #expect(post.text("url") == "https://www.youtube.com/shorts/film-1")
        #expect(web.films.first?.about["status"]?["privacyStatus"] == "unlisted")
    }

    @Test func `of a long film a part stands as a short, cut and written anew`() throws {
        let (agency, web, account) = try connected()
        let (media, bytes) = try film(agency, seconds: 200, isTall: true)
        let part = media[0].adding(["start_seconds": 100, "end_seconds": 104])
        let id = try agency.publish(account, "Four seconds of roses", ["format": "short", "media": [part]])
        try agency.post(id, is: "published")
        let sent = try #require(web.films.first?.bytes)
        #expect(sent != bytes && sent[4..<8].elementsEqual("ftyp".utf8))
        let check = try agency.owner.post("/v1/social-posts/\(id)/check", [:]).ok()
        let film = try #require(check["preview"]?["media"]?[0])
        #expect(film["seconds"]?.double == 4, "what was told is what left")
        #expect(film["size"]?.int == Int64(sent.count))
        #expect(film["width"] == 1080 && film["height"] == 1920 && film["converted"] == true)
    }

    @Test func `YouTube's reasons are told, and what it has no room for today waits for tomorrow`() throws {
        let (agency, web, account) = try connected()
        let media = try film(agency).media
        func publish(_ text: String) throws -> String {
            try agency.publish(account, text, ["format": "video", "media": media])
        }
        web.reject("copyright")
        let rejected = try agency.post(try publish("one"), is: "failed")
        #expect(rejected["reasons"]?[0].text("code") == "copyright")
        web.service.next(
            .answer(YouTubeStandIn.refusal(401, "youtubeSignupRequired", "Make a channel first")))
        let nobody = try agency.post(try publish("two"), is: "failed")
        #expect(nobody["reasons"]?[0].text("detail").contains("Make a channel first") == true)
        // An address elsewhere gets no film.
        web.upload(to: "https://films.example")
        let astray = try agency.post(try publish("three"), is: "failed")
        #expect(astray["reasons"]?[0].text("code") == "foreign_address")
        web.upload(to: nil)
        web.service.next(.answer(YouTubeStandIn.refusal(403, "quotaExceeded", "No quota left")))
        let now = StandInTime.now
        let later = try agency.post(try publish("four"), is: "held")
        #expect(later["reasons"]?[0].text("code") == "rate_limited")
        let until = try #require(later["reasons"]?[0]["until"]?.text.flatMap { StandInTime.second($0) })
        #expect(until >= now && until <= now + 90_000)
        #expect(web.films.count == 1, "the one that was rejected")
        #expect(!later.serialized.contains(web.token) && !server.log.contains(web.token))
    }

    @Test func `YouTube's token is renewed once where it has ended, and the consent stays`() throws {
        let (agency, consent) = (
            try server.quietAgency(), try OAuthStandIn { $0.replacesRefreshTokens = false }
        )
        let owner = OAuthStandIn.Settings().owner
        let web = try YouTubeStandIn {
            consent.admits(owner, $0, to: "https://www.googleapis.com/auth/youtube.upload")
        }
        var settings = web.settings
        settings["authorize_url"] = .string(consent.authorizeURL)
        settings["token_url"] = .string(consent.tokenURL)
        let account = try agency.connectNetwork(
            "youtube", web.service.url, ["client_id": "app", "client_secret": "s3cr3t"], settings)
        let path = "/v1/integrations/\(account.text("integration_id"))"
        let page = try agency.owner.post("\(path)/connect").ok().text("authorize_url")
        let way = try #require(consent.wayBack(from: page))
        let back = try String(way[#require(way.firstRange(of: "/v1/oauth/callback?")).lowerBound...])
        #expect(try server.anonymous.get(back).status == 200)
        #expect(try agency.owner.post("\(path)/test").ok()["ok"] == true)
        let media = try film(agency).media
        for number in 1...2 {
            consent.endAccess()
            let id = try agency.publish(account, "film \(number)", ["format": "video", "media": media])
            try agency.post(id, is: "published")
        }
        #expect(consent.grants == ["authorization_code", "refresh_token", "refresh_token"])
        #expect(web.films.count == 2)
    }
}
