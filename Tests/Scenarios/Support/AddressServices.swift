import Foundation
import JSON
import StandIns
import Testing

/// A name server to which every domain takes mail, but those under `nowhere.example`.
struct MailNames {
    let server: DNSStandIn

    init() throws {
        server = try DNSStandIn { question in
            let name = question.name.lowercased()
            guard !name.hasSuffix("nowhere.example") else { return .code(3) }
            return .records(question.type == 15 ? [.mx(10, "mx.\(name)")] : [])
        }
    }

    var settings: [String: String] { ["dns.servers": "127.0.0.1:\(server.port)"] }
}

/// Abstract's and Maileroo's checks of addresses, connected in this order.
struct AddressServices {
    let abstract: AbstractStandIn, maileroo: MailerooVerifyStandIn
    let first: JSON, second: JSON

    init(_ agency: Agency, key: String = "ok-email", settings: JSONObject = [:]) throws {
        (abstract, maileroo) = (try AbstractStandIn(), try MailerooVerifyStandIn())
        // Others test that the free plan's second between two calls is kept.
        var fast = settings
        fast["calls_per_second"] = 1000
        first = try agency.connect(
            "abstract_email", abstract.service.url, credentials: ["api_key": .string(key)], settings: fast,
            capability: "email_verification")
        second = try agency.connect(
            "maileroo_verify", maileroo.service.url, credentials: ["api_key": .string(maileroo.apiKey)],
            settings: settings, capability: "email_verification")
    }
}

extension Agency {
    /// Moves it to where it is noon now, so that the quiet hours are to come.
    func moveToNoon() throws {
        let hour = Int(Date().timeIntervalSince1970) / 3600 % 24
        let zone = hour == 12 ? "UTC" : "Etc/GMT\(hour > 12 ? "+" : "")\(hour - 12)"
        try owner.patch("/v1/settings", ["time_zone": .string(zone)]).ok()
    }
}

extension Caller {
    func checked(
        _ email: String, refresh: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try post("/v1/email-checks", ["email": .string(email), "refresh": .bool(refresh)])
            .ok(200, sourceLocation: sourceLocation)
    }
}

extension JSON {
    /// The services that came into question, with what came of each.
    var tried: [String] {
        (self["tried"]?.array ?? []).map {
            [$0.text("source"), $0.text("outcome"), $0.text("reason")].filter { !$0.isEmpty }
                .joined(separator: " ")
        }
    }
}
