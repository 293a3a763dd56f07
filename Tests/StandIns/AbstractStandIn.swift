internal import Foundation
package import JSON
internal import Synchronization

/// Abstract's validation of addresses. An address at `deliverable.…`, `undeliverable.…` or `unknown.…` is what its
/// domain begins with; `gone@…` is undeliverable, `brief.…` gives out throw-away addresses, of which it knows no
/// more, and everything else is deliverable. The key `quota` has no calls left.
package final class AbstractStandIn: Sendable {
    package let apiKey = "ok-email"
    package let service: ServiceStandIn

    package init() throws {
        service = try ServiceStandIn { request in
            let address = request.decodedQuery("email") ?? ""
            switch request.query("api_key") {
            case nil: return Self.refused(400, "missing api_key", "validation_error")
            case "quota": return Self.refused(422, "Quota reached.", "quota_reached")
            case let key? where key.hasPrefix("ok-"): return StandInAnswer(200, Self.told(address).serialized)
            default: return Self.refused(401, "Invalid API key provided.", "unauthorized")
            }
        }
    }

    /// Returns its word on an address, with other members in place of its own.
    package static func told(_ address: String, _ more: JSON = [:]) -> JSON {
        func flag(_ value: Bool) -> JSON {
            ["value": .bool(value), "text": .string(value ? "TRUE" : "FALSE")]
        }
        let (local, domain) = (address.prefix { $0 != "@" }, address.drop { $0 != "@" }.dropFirst())
        let isAddress = address.contains("@")
        let isGone = local == "gone" || domain.hasPrefix("undeliverable.")
        let isBrief = domain.hasPrefix("brief."), isUnknown = isBrief || domain.hasPrefix("unknown.")
        let word = isGone ? "UNDELIVERABLE" : isUnknown ? "UNKNOWN" : "DELIVERABLE"
        let document: JSON = [
            "email": .string(address), "autocorrect": "",
            "deliverability": .string(isAddress ? word : "UNDELIVERABLE"),
            "quality_score": isGone ? "0.05" : isUnknown ? "0.50" : "0.90",
            "is_valid_format": flag(isAddress),
            "is_free_email": flag(false), "is_disposable_email": flag(isBrief),
            "is_role_email": flag(local == "role"), "is_catchall_email": flag(domain.hasPrefix("catchall.")),
            "is_mx_found": flag(isAddress),
            "is_smtp_valid": isUnknown
                ? ["value": .null, "text": "UNKNOWN"] : flag(isAddress && !isGone),
        ]
        return document.merging(more)
    }

    private static func refused(_ status: Int, _ message: String, _ code: String) -> StandInAnswer {
        let error: JSON = ["message": .string(message), "code": .string(code), "details": .null]
        return StandInAnswer(status, (["error": error] as JSON).serialized)
    }
}

/// Maileroo's verification of addresses, in the older of its two shapes, which asks no mail server.
package final class MailerooVerifyStandIn: Sendable {
    package let apiKey = "verify-key"
    package let service: ServiceStandIn

    package init() throws {
        let apiKey = apiKey
        service = try ServiceStandIn { request in
            guard request.header("X-API-Key") == apiKey else {
                return StandInAnswer(401, #"{"success":false,"error_code":"0401","message":"Invalid key"}"#)
            }
            guard request.method == "POST", request.path == "/check",
                let address = (try? JSONParser.parse(request.body))?["email_address"]?.text
            else { return StandInAnswer(400, #"{"success":false,"error_code":"0400","message":"Invalid"}"#) }
            let answer: JSON = [
                "success": true, "error_code": "", "message": "", "data": Self.told(address),
            ]
            return StandInAnswer(200, answer.serialized)
        }
    }

    package static func told(_ address: String) -> JSON {
        [
            "email": .string(address), "format_valid": .bool(address.contains("@")), "mx_found": true,
            "disposable": false, "role": false, "free": false,
            "domain_suggestion": address.hasSuffix("@exmaple.com") ? "example.com" : "",
        ]
    }
}

/// Hunter's verifier. `gone@…` is invalid, `busy@…` is still being looked at the first two times, `claimed@…` has been
/// claimed by its owner, and everything else is valid. Discovery knows three companies, two a page; of companies it
/// knows all domains but those that begin with `nobody.`
package final class HunterStandIn: Sendable {
    package let apiKey = "hunter-key"
    package let service: ServiceStandIn

    package init() throws {
        let (apiKey, turns) = (apiKey, Turns())
        service = try ServiceStandIn { request in
            guard request.header("X-API-KEY") == apiKey else {
                return Self.refused(401, "authentication_failed", "No user found for the API key supplied")
            }
            switch request.path {
            case "/v2/account":
                return StandInAnswer(200, #"{"data":{"plan_name":"Free","reset_date":"2026-02-01"}}"#)
            case "/v2/discover": return Self.discovered(request)
            case "/v2/companies/find":
                let domain = request.decodedQuery("domain") ?? ""
                guard !domain.isEmpty, !domain.hasPrefix("nobody.") else {
                    return Self.refused(404, "not_found", "The company is unknown")
                }
                return StandInAnswer(200, Self.company(domain).serialized)
            case "/v2/email-verifier": break
            default: return Self.refused(404, "not_found", "not found")
            }
            let address = request.decodedQuery("email") ?? ""
            switch address.prefix(while: { $0 != "@" }) {
            case "claimed": return Self.refused(451, "claimed_email", "The person has claimed the address")
            case "busy" where turns.next() <= 2: return StandInAnswer(202, #"{"data":null}"#)
            default: return StandInAnswer(200, Self.told(address).serialized)
            }
        }
    }

    package static func told(_ address: String) -> JSON {
        let isGood = !address.hasPrefix("gone@")
        let data: JSON = [
            "status": isGood ? "valid" : "invalid", "score": isGood ? 98 : 4, "email": .string(address),
            "regexp": true, "gibberish": false, "disposable": false, "webmail": false, "mx_records": true,
            "smtp_server": true, "smtp_check": .bool(isGood), "accept_all": false, "block": false,
            "sources": [],
        ]
        return ["data": data, "meta": ["params": ["email": .string(address)]]]
    }

    /// Returns its word on a domain's company.
    package static func company(_ domain: String) -> JSON {
        let data: JSON = [
            "id": "acme", "name": "Acme", "legalName": "Acme S.L.", "domain": .string(domain),
            "foundedYear": 2012, "description": "Makers of things.", "location": "Bilbao, Spain",
            "category": ["sector": "Services", "industry": "Marketing"],
            "linkedin": ["handle": "company/acme"], "tech": ["hubspot"], "metrics": ["employees": "11-50"],
        ]
        return ["data": data, "meta": ["domain": .string(domain)]]
    }

    /// The domains of companies, with what it has of addresses at each.
    private static func discovered(_ request: ReceivedRequest) -> StandInAnswer {
        let asked = (try? JSONParser.parse(request.body)) ?? .null
        guard request.method == "POST", asked.object?.members.isEmpty == false else {
            return refused(400, "wrong_params", "You are missing filters")
        }
        let offset = Int(asked["offset"]?.int ?? 0)
        let found = (1...3).dropFirst(offset).prefix(2).map { number -> JSON in
            [
                "domain": .string("hunted\(number).example"), "organization": .string("Hunted \(number)"),
                "emails_count": ["personal": 23, "generic": 5, "total": 28],
            ]
        }
        let meta: JSON = ["results": 3, "limit": 2, "offset": JSON(offset), "filters": asked]
        return StandInAnswer(200, (["data": .array(found), "meta": meta] as JSON).serialized)
    }

    private static func refused(_ status: Int, _ id: String, _ details: String) -> StandInAnswer {
        let error: JSON = ["id": .string(id), "code": JSON(status), "details": .string(details)]
        return StandInAnswer(status, (["errors": [error]] as JSON).serialized)
    }
}

/// Counts what was asked.
private final class Turns: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

extension ReceivedRequest {
    /// A parameter of the query as it was meant.
    func decodedQuery(_ name: String) -> String? { query(name)?.removingPercentEncoding }
}
