import HTTPClient
import Integrations
import JSON
import Providers
import Social
import StandIns
import Testing

@testable import Agents

/// A piece goes to WordPress step by step; where an answer is lost the site is asked by a slug of ours.
@Suite struct WordPressTests {
    private func blog(
        _ front: WordPressStandIn.Front = .header
    ) throws -> (WordPressStandIn, WordPress, IntegrationAccess) {
        let standIn = try WordPressStandIn(front: front)
        let credentials = [
            "username": "misha", "application_password": "abcd EFGH 1234 ijkl MNOP 6789",
        ]
        return (
            standIn, WordPress(makeClient(), now: { MailRig.now }, deadline: .seconds(2)),
            makeAccess(standIn.service.url, [:], credentials)
        )
    }

    private func piece(image: Bool = false, mayStand: Bool = false) -> OutgoingPiece {
        OutgoingPiece(
            slug: "spring-pruning-cit01jd8", title: "Roses & <thorns>", html: "<p>Cut them.</p>\n",
            image: image
                ? .init(bytes: [0x89, 0x50, 0x4E, 0x47], type: "image/png", altText: "A rose") : nil,
            mayStand: mayStand)
    }

    /// Takes a piece to where it stands.
    private func publish(
        _ piece: OutgoingPiece, _ service: WordPress, _ access: IntegrationAccess,
        _ notes: [String: String] = [:]
    ) async throws(ToolFailure) -> BlogPlace {
        var notes = notes
        while true {
            switch try await service.step(piece, notes, access, ConnectorCall()) {
            case .next(let more): notes = more
            case .published(let place): return place
            }
        }
    }

    private func failure(
        _ service: WordPress, _ access: IntegrationAccess, _ notes: [String: String] = [:]
    ) async -> ToolFailure? {
        do throws(ToolFailure) {
            _ = try await publish(piece(), service, access, notes)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [WordPressStandIn.Front.header, .page, .query, .silent])
    func `the interface is where the site says, and the password is sent without its blanks`(
        _ front: WordPressStandIn.Front
    ) async throws {
        let (standIn, service, access) = try blog(front)
        let place = try await publish(piece(), service, access)
        #expect(place.url.hasSuffix("/2026/12/\(place.id)/") && !place.isChanged)
        let post = try #require(standIn.posts.all.first)
        #expect(post.fields["title"]?.text == "Roses &amp; &lt;thorns&gt;")
        #expect(post.fields["status"] == "publish" && post.fields["slug"] == "spring-pruning-cit01jd8")
        #expect(standIn.posts.all.count == 1)
        guard case .good = await service.check(access) else { return #expect(Bool(false)) }
        standIn.permit(false)
        guard case .bad(let code, _) = await service.check(access) else { return #expect(Bool(false)) }
        #expect(code == "permission_missing")
    }

    @Test func `credentials go to the site's own address alone`() async throws {
        let (standIn, service, access) = try blog(.elsewhere)
        #expect(await failure(service, access)?.code == "invalid_setting")
        #expect(standIn.service.requests.allSatisfy { $0.header("Authorization") == nil })
    }

    @Test func `a picture is there before the piece, with its words`() async throws {
        let (standIn, service, access) = try blog()
        _ = try await publish(piece(image: true), service, access)
        let picture = try #require(standIn.media.all.first)
        #expect(picture.fields["alt_text"] == "A rose" && picture.fields["type"] == "image/png")
        #expect(picture.fields["slug"] == "spring-pruning-cit01jd8-image")
        #expect(standIn.posts.all.first?.fields["featured_media"]?.int == Int64(picture.id))
        // A site that fails on the sizes has the picture all the same.
        let (half, other, way) = try blog()
        half.failOnSizes(true)
        let root = "\(half.service.url)/wp-json/"
        let first = try await other.step(piece(image: true), ["root": root], way, ConnectorCall())
        guard case .next(let notes) = first else { return #expect(Bool(false)) }
        #expect(half.media.all.count == 1 && notes["media"] == half.media.all.first?.id)
    }

    @Test func `what was lost is found by its slug, and an empty list says that it is not there`()
        async throws
    {
        let (standIn, service, access) = try blog()
        let notes = ["root": "\(standIn.service.url)/wp-json/"]
        standIn.service.next(.cutAfter)
        #expect(await failure(service, access, notes)?.isAmbiguous == true)
        #expect(try await service.find(piece(), notes, access, ConnectorCall()) == nil)
        standIn.service.next(.cutDone)
        #expect(await failure(service, access, notes)?.isAmbiguous == true)
        guard case .published(let place)? = try await service.find(piece(), notes, access, ConnectorCall())
        else { return #expect(Bool(false)) }
        #expect(place.id == standIn.posts.all.first?.id)
        // Sent there once more, it is set to what it is to be.
        let again = try await publish(piece(mayStand: true), service, access)
        #expect(again.id == place.id && standIn.posts.all.count == 1)
        standIn.service.next(.answer(503, "<html>busy</html>"))
        do throws(ToolFailure) {
            _ = try await service.find(piece(), notes, access, ConnectorCall())
            #expect(Bool(false), "what does not tell is no answer")
        } catch {
            #expect(error.code == "unavailable")
        }
    }

    @Test func `only JSON is an answer, and refusals say what to do`() async throws {
        let (standIn, service, access) = try blog()
        let notes = ["root": "\(standIn.service.url)/wp-json/"]
        let json = [("Content-Type", "application/json")]
        let cases: [(Int, String, [(String, String)], String, Bool)] = [
            (200, "<html>Are you a person?</html>", [("Content-Type", "text/html")], "invalid_answer", true),
            (201, #"{"id":7,"status":"publish"}"#, json, "invalid_answer", true),
            (401, #"{"code":"incorrect_password"}"#, json, "unauthenticated", false),
            (403, #"{"code":"rest_cannot_publish"}"#, json, "permission_missing", false),
            (403, "<html>blocked</html>", [], "firewall", false),
            (404, #"{"code":"rest_no_route"}"#, json, "interface_off", false),
            (413, "", [], "too_large", false),
            (400, #"{"code":"rest_invalid_param"}"#, json, "refused", false),
            (429, "", [], "rate_limited", false), (502, "<html>bad gateway</html>", [], "unavailable", true),
            (301, "", [("Location", "https://www.example.com/")], "redirected", false),
            (201, #"{"id":7,"status":"pending","link":"https://x.example/7"}"#, json, "not_public", false),
        ]
        for (status, body, headers, code, isAmbiguous) in cases {
            standIn.service.next(.answer(status, body, headers: headers))
            let failure = await failure(service, access, notes)
            #expect(failure?.code == code && failure?.isAmbiguous == isAmbiguous, "\(status) \(body)")
        }
        #expect(standIn.posts.all.isEmpty)
        standIn.service.next(
            .answer(
                201,
                #"{"id":7,"status":"publish","link":"https://x.example/7","content":{"raw":"<p>Cut</p>"}}"#,
                headers: json))
        #expect(
            try await publish(piece(), service, access, notes).isChanged, "the site has changed the words")
    }
}
