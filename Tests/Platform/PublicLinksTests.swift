import Cryptography
import Database
import Telemetry
import Testing

@testable import Tenancy

@Suite struct PublicLinksTests {
    /// Sealed as the product does: with a key, and bound to whom it belongs.
    private struct Broken: Error {}
    private static let sealing = SecretSealing(
        sealing: { bytes, tenant in HMAC.sha256(key: Array("k\(tenant.rawValue)".utf8), bytes) + bytes },
        opening: { bytes, tenant in
            let (code, text) = (Array(bytes.prefix(32)), Array(bytes.dropFirst(32)))
            guard code == HMAC.sha256(key: Array("k\(tenant.rawValue)".utf8), text) else { throw Broken() }
            return text
        })
    private let links = PublicLinks(sealing, publicURL: "https://bureau.example")
    private let tenant = TenantID(rawValue: "tenant_1")

    @Test func `a link opens what it was made for`() throws {
        let end = Instant(seconds: 1_800_000_000)
        let token = try links.token(.file, tenant, "file_1\nwith a line", expiresAt: end)
        let opened = try #require(links.open(.file, token))
        #expect(opened.tenant == tenant && opened.subject == "file_1\nwith a line" && opened.expiresAt == end)
        #expect(try links.url(.unsubscribe, tenant, "msg_1").hasPrefix("https://bureau.example/u/"))
        #expect(try #require(links.open(.page, try links.token(.page, tenant, "x"))).expiresAt == nil)
    }

    @Test func `a link of one kind opens nothing of another`() throws {
        let kinds: [LinkKind] = [.unsubscribe, .page, .click, .open, .file, .authorisation]
        for made in kinds {
            let token = try links.token(made, tenant, "msg_1")
            for asked in kinds { #expect((links.open(asked, token) != nil) == (made == asked)) }
        }
    }

    @Test func `with any letter changed, cut or added it opens nothing`() throws {
        let token = try links.token(.unsubscribe, tenant, "msg_1")
        for place in token.indices {
            var altered = token
            altered.replaceSubrange(place...place, with: token[place] == "A" ? "B" : "A")
            #expect(links.open(.unsubscribe, altered) == nil, "\(altered)")
        }
        for forged in [
            "", "x", String(token.dropLast()), token + "A", token + "=", " " + token, token + "\n",
            String(repeating: "A", count: 5000), "../\(token)",
        ] {
            #expect(links.open(.unsubscribe, forged) == nil, "\(forged)")
        }
    }

    @Test func `two spellings of the same bytes are not both a token`() throws {
        let token = try links.token(.unsubscribe, tenant, "msg_12")
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let opening = letters.filter {
            links.open(.unsubscribe, String(token.dropLast()) + String($0)) != nil
        }
        #expect(opening == [token.last!])
    }
}
