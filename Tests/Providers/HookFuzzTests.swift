import Cryptography
import HTTPServer
import Integrations
import JSON
import Messages
import Providers
import StandIns
import Telemetry
import TestRandomness
import Testing

/// Fixed seeds: every run tries the same hooks. Who can sign can still send nonsense.
@Suite struct HookFuzzTests {
    private static let corpus: [String] = [
        #"{"RecordType":"Bounce","ID":42,"Type":"HardBounce","InternetMessageID":"g","Metadata":{"bureau_id":"m"},"Inactive":true}"#,
        #"{"From":"a@b.test","FromFull":{"Email":"a@b.test","Name":"Z\u00eb"},"ToFull":[{"Email":"c@d.test"}],"InternetMessageID":"g","Subject":"S","Date":"Thu, 1 Jan 2026 00:00:00 +0000","TextBody":"T","HtmlBody":"<p>T","Headers":[{"Name":"Message-ID","Value":"<a@b>"}],"Attachments":[{"Name":"a","Content":"JVBERi0=","ContentType":"message/rfc822"}]}"#,
        #"{"event_id":"e1","event_time":1767225600,"event_type":"failed","event_data":{"to":["a@b.test"],"reason":"550 5.1.1"},"tags":{"bureau_id":"m"}}"#,
        #"{"signature":{"timestamp":"1767225600"},"event-data":{"event":"failed","id":"E1","timestamp":1767225600.12,"severity":"permanent","delivery-status":{"code":550,"bounce-code":"5.1.1"},"user-variables":[]}}"#,
        #"{"event":"bounce","type":"bounce","status":"5.1.1","timestamp":1767225600,"sg_message_id":"m.f","smtp-id":"<1@b>"}"#,
        #"{"fields":{"headers":"From: a@b.test\nX: y\n z","text":"T","envelope":"{\"to\":[\"a@b.test\"]}","charsets":"{\"text\":\"utf-7\"}","message-headers":"[[\"From\",\"a@b.test\"]]","body-plain":"T","content-id-map":"{\"<a>\":\"f\"}"},"encoded":{"html":"gIE="},"files":[{"name":"f","file_name":"a.eml","media_type":"message/delivery-status","base64":"U3RhdHVzOiA1LjEuMQ=="}]}"#,
    ]

    @Test(arguments: 0..<4) func `mutated hooks are read or refused, never more`(seed: UInt64) async throws {
        var random = SeededGenerator(seed &+ 4000)
        let standIn = try PostmarkStandIn()
        let client = makeClient()
        let now = { @Sendable in MailRig.now }
        let doors: [any MailHooks & HookEndpoint] = [
            Mailgun(client, now: now), SendGrid(client, now: now), Postmark(client, now: now),
            Maileroo(client, now: now),
        ]
        let secrets = [
            "webhook_username": standIn.username, "webhook_password": standIn.password, "webhook_secret": "s",
            "webhook_signing_key": "s",
        ]
        // Nothing that a hook names is called.
        let access = makeAccess("http://192.0.2.1", [:], secrets)
        var opened = 0, read = 0
        for _ in 0..<400 {
            var bytes = Array(Self.corpus[random.below(Self.corpus.count)].utf8)
            for _ in 0...random.below(3) { random.mutate(&bytes) }
            let code = Hex.encode(HMAC.sha256(key: Array("s".utf8), bytes))
            let types = [
                "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
            ]
            let hook = StandInHook(
                [
                    ("Content-Type", types[random.below(3)]), standIn.hook([:]).headers[1],
                    ("x-maileroo-signature", code),
                ], bytes)
            for door in doors {
                opened += (try? door.take(hook, access))?.count ?? 0
                guard let payload = try? JSONParser.parse(bytes), payload["validation_url"] == nil else {
                    continue
                }
                read += (try? await door.read(HookItem(payload)))?.count ?? 0
            }
        }
        #expect(opened > 20 && read > 50, "\(opened) were let in, \(read) read")
    }
}

extension SeededGenerator {
    /// Changes, takes away, doubles or inserts; mostly what a document means something by.
    fileprivate mutating func mutate(_ bytes: inout [UInt8]) {
        let pieces = [
            "null", "[]", "{}", "1e300", "-1", "9223372036854775807", "\"\"", "\\u0000", "\"", ",", "é",
            "\\r\\n",
        ]
        let place = below(bytes.count)
        switch below(5) {
        case 0: bytes[place] = UInt8(below(256))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: pieces[below(pieces.count)].utf8, at: place)
        default:
            // A whole value becomes another one.
            guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
                let end = bytes[colon...].firstIndex(where: {
                    $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}")
                })
            else { return }
            bytes.replaceSubrange((colon + 1)..<end, with: pieces[below(7)].utf8)
        }
        if bytes.isEmpty { bytes = [0x7B] }
    }
}
