import Cryptography
import Foundation
import JSON
import StandIns
import Testing

/// Events in the form of Segment's Tracking API, which come in and go out.
@Suite(.ownThread) struct SegmentEvents {
    let server = BureauProcess.shared

    private func send(_ path: String, _ body: JSON, key: String?) throws -> Answer {
        let headers = key.map { ["Authorization": "Basic " + Base64.encode(Array("\($0):".utf8))] } ?? [:]
        return try server.anonymous.post(path, body, headers)
    }

    @Test func `a library's events are taken by the write key, once each`() throws {
        let agency = try server.quietAgency()
        let rule: JSON = [
            "identify": [
                "upsert_lead": [
                    "match_on": "email",
                    "fields": ["email": "traits.email", "company": "traits.company.name"],
                ]
            ]
        ]
        let source = try agency.connect("segment_source", settings: ["on_event": rule], capability: "generic")
        let key = source.text("public_key")
        let event: JSON = ["userId": "u1", "event": "Signed Up", "messageId": "m1"]
        #expect(try send("/v1/track", event, key: key).ok() == ["success": true])
        #expect(try send("/v1/track", event, key: key).ok() == ["success": true])
        #expect(try send("/v1/track", event, key: "nobody").status == 401)
        let inBody = event.merging(["writeKey": .string(key), "messageId": "m2"])
        #expect(try send("/v1/track", inBody, key: nil).ok() == ["success": true])
        let refused = try send("/v1/track", ["event": "X"], key: key)
        #expect(refused.status == 400 && refused.json["code"] == "no_user_anon_id")
        let batch: JSON = [
            "batch": [
                [
                    "type": "identify", "userId": "u1", "messageId": "m3",
                    "traits": ["email": "ana@acme.example", "company": ["name": "Acme"]],
                ], ["type": "track", "event": "Y"],
            ]
        ]
        let told = try send("/v1/batch", batch, key: key).ok()
        #expect(told["accepted"] == 1 && told["rejected"] == [["index": 1, "code": "no_user_anon_id"]])
        let receipts = try agency.owner.every("/v1/hook-receipts?integration_id=\(source.id)")
        #expect(receipts.map { $0.text("key") }.sorted() == ["m1", "m2", "m3"])
        try eventuallyTrue("the lead") {
            try agency.owner.every("/v1/leads").contains { $0.text("email") == "ana@acme.example" }
        }
    }

    /// Wraps bytes as gzip does that compresses nothing (RFC 1951 §3.2.4, RFC 1952).
    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        func little(_ number: some FixedWidthInteger, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        let length = UInt16(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1] + little(length, 2) + little(~length, 2) + bytes
            + little(~sum, 4) + little(UInt32(bytes.count), 4)
    }

    @Test func `a body may be compressed, and its path be the first letter alone`() throws {
        let agency = try server.quietAgency()
        let source = try agency.connect("segment_source", capability: "generic")
        let event: JSON = [
            "userId": "u1", "event": "Signed Up", "messageId": "g1",
            "writeKey": .string(source.text("public_key")),
        ]
        func send(_ bytes: [UInt8], _ coding: String) throws -> Answer {
            try server.anonymous.request(
                "POST", "/v1/t", raw: bytes,
                headers: ["Content-Type": "application/json", "Content-Encoding": coding])
        }
        #expect(try send(packed(event.bytes), "gzip").ok() == ["success": true])
        #expect(try send(event.bytes, "identity").ok() == ["success": true])
        let receipts = try agency.owner.every("/v1/hook-receipts?integration_id=\(source.id)")
        #expect(receipts.map { $0.text("key") } == ["g1"])
        // A body that is no gzip, or no whole one, and other ways of packing are refused.
        for body in [event.bytes, Array(packed(event.bytes).dropLast())] {
            let refused = try send(body, "gzip")
            #expect(refused.status == 400 && refused.json["code"] == "invalid_json")
        }
        let other = try send(event.bytes, "br")
        #expect(other.status == 415 && other.json["code"] == "unsupported_encoding")
        #expect(try agency.owner.every("/v1/hook-receipts?integration_id=\(source.id)").count == 1)
    }

    @Test func `what happens in an agency goes to Segment, each event once`() throws {
        let (agency, segment) = (try server.quietAgency(), try SegmentStandIn())
        _ = try agency.connect(
            "segment", segment.service.url, credentials: ["write_key": .string(segment.writeKey)],
            capability: "analytics")
        segment.service.next(.answer(503))
        let lead = try agency.makeLead(1)
        try eventuallyTrue("the event") { segment.events.contains { $0["event"] == "Lead Created" } }
        let sent = try #require(segment.events.first { $0["event"] == "Lead Created" })
        #expect(sent["type"] == "track" && sent["messageId"]?.text?.isEmpty == false)
        // The write key is a user without a password, as the sheet's vector has it: the colon matters.
        let signs = Set(segment.service.requests.map { $0.header("Authorization") })
        #expect(signs == ["Basic YnVyZWF1X3dyaXRlX2tleTo="], "\(signs)")
        #expect(sent["properties"]?["subject_id"]?.text == lead.id && sent["userId"]?.text?.isEmpty == false)
    }
}
