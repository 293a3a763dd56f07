package import JSON

/// People Data Labs' companies. Domains that begin with `nobody.` are known to nobody, and the key `nocredits` has none
/// left; what is left of the minute is told as the service tells it.
package final class PeopleDataLabsStandIn: Sendable {
    package let apiKey = "pdl-key"
    package let service: ServiceStandIn

    package init() throws {
        let apiKey = apiKey
        service = try ServiceStandIn { request in
            switch request.header("X-Api-Key") {
            case apiKey?: break
            case "nocredits"?: return Self.refused(402, "payment_required", "No credits are left")
            default: return Self.refused(401, "authentication_error", "The API key is not valid")
            }
            guard request.path == "/v5/company/enrich" else {
                return Self.refused(404, "not_found", "no such path")
            }
            let domain = request.asked("website") ?? "acme.example"
            guard !domain.hasPrefix("nobody."), !domain.hasSuffix(".invalid") else {
                return Self.refused(404, "not_found", "No records were found matching your request")
            }
            return StandInAnswer(200, Self.told(domain).serialized, headers: Self.limits)
        }
    }

    /// Returns its word on a domain's company: texts are in lower case, and profiles have no scheme.
    package static func told(_ domain: String) -> JSON {
        [
            "status": 200, "likelihood": 8, "id": "acme", "name": "acme", "display_name": "Acme",
            "size": "11-50", "employee_count": 42, "founded": 2012, "industry": "marketing and advertising",
            "location": [
                "name": "bilbao, spain", "locality": "bilbao", "region": .null, "country": "spain",
                "postal_code": .null,
            ],
            "linkedin_url": "linkedin.com/company/acme", "website": .string(domain), "ticker": .null,
            "type": "private", "summary": true, "tags": ["seo"], "naics": [], "sic": [],
        ]
    }

    private static let limits = [
        ("x-ratelimit-limit", "{'minute': 100}"), ("x-ratelimit-remaining", "{'minute': 99}"),
        ("x-totallimit-remaining", "79"), ("x-call-credits-type", "enrich_company"),
        ("x-call-credits-spent", "1"),
    ]

    private static func refused(_ status: Int, _ type: String, _ message: String) -> StandInAnswer {
        let error: JSON = ["type": .string(type), "message": .string(message)]
        return StandInAnswer(
            status, (["status": JSON(status), "error": error] as JSON).serialized, headers: limits)
    }
}

/// Apollo's companies. Domains that begin with `nobody.` are unknown to it, a search has two pages of one company, and
/// the key `nocredits` has none left.
package final class ApolloStandIn: Sendable {
    package let apiKey = "apollo-key"
    package let service: ServiceStandIn

    package init() throws {
        let apiKey = apiKey
        service = try ServiceStandIn { request in
            switch request.header("x-api-key") {
            case apiKey?: break
            case "nocredits"?: return StandInAnswer(422, #"{"error":"You have insufficient credits."}"#)
            default:
                let error = #"{"error":"Invalid access credentials.","error_code":"INVALID_ACCESS"}"#
                return StandInAnswer(401, error)
            }
            switch (request.method, request.path) {
            case ("GET", "/api/v1/auth/health"): return Self.answer(["healthy": true, "is_logged_in": true])
            case ("GET", "/api/v1/organizations/enrich"):
                let domain = request.asked("domain") ?? ""
                return Self.answer(domain.hasPrefix("nobody.") ? [:] : ["organization": Self.told(domain)])
            case ("POST", "/api/v1/mixed_companies/search"): return Self.page(request)
            default: return StandInAnswer(404, "Not Found")
            }
        }
    }

    /// Returns its word on a domain's company.
    package static func told(_ domain: String) -> JSON {
        [
            "id": "5e66", "name": "Acme", "website_url": .string("http://www.\(domain)"),
            "primary_domain": .string(domain), "industry": "marketing & advertising",
            "estimated_num_employees": 42, "annual_revenue": 1_200_000.0, "founded_year": 2012,
            "short_description": "Makers of things.", "city": "Bilbao", "country": "Spain",
            "linkedin_url": "http://www.linkedin.com/company/acme", "technology_names": ["HubSpot"],
            "primary_phone": ["number": "+34 944 000 000", "sanitized_number": "+34944000000"],
            "funding_events": [],
        ]
    }

    private static func page(_ request: ReceivedRequest) -> StandInAnswer {
        let page = Int64(request.asked("page") ?? "") ?? 1
        var found: [JSON] = []
        if page <= 2 {
            found = [
                told("found\(page).example").merging([
                    "id": .string("a\(page)"), "name": .string("Found \(page)"),
                ])
            ]
        }
        let pagination: JSON = [
            "page": .integer(page), "per_page": 50, "total_entries": 2, "total_pages": 2,
        ]
        return answer(["organizations": .array(found), "pagination": pagination])
    }

    private static func answer(_ json: JSON) -> StandInAnswer {
        StandInAnswer(
            200, json.serialized,
            headers: [
                ("Content-Type", "application/json"), ("x-rate-limit-minute", "200"),
                ("x-minute-usage", "1"), ("x-minute-requests-left", "199"),
            ])
    }
}

/// Abstract's companies. Of domains that begin with `nobody.` it knows nothing, which it says member by member, and the
/// key `nocredits` has no calls left.
package final class AbstractCompanyStandIn: Sendable {
    package let apiKey = "ok-company"
    package let service: ServiceStandIn

    package init() throws {
        let apiKey = apiKey
        service = try ServiceStandIn { request in
            switch request.query("api_key") {
            case apiKey?: break
            case "nocredits"?: return Self.refused(422, "Quota reached.", "quota_reached")
            default: return Self.refused(401, "Invalid API key provided.", "unauthorized")
            }
            guard request.path == "/v2", let domain = request.decodedQuery("domain"), !domain.isEmpty else {
                return Self.refused(400, "A domain is required.", "validation_error")
            }
            let told = Self.told(domain)
            guard domain.hasPrefix("nobody.") else { return StandInAnswer(200, told.serialized) }
            let nothing = (told.object?.members ?? []).map { ($0.key, JSON.null) }
            return StandInAnswer(200, JSON.object(JSONObject(nothing)).serialized)
        }
    }

    /// Returns its word on a domain's company.
    package static func told(_ domain: String) -> JSON {
        [
            "company_name": "Acme", "domain": .string(domain), "year_founded": 2012,
            "description": "Makers of things.", "industry": "Marketing", "employee_count": 42,
            "employee_range": "11-50", "city": "Bilbao", "state": .null, "country": "Spain",
            "country_iso_code": "ES", "annual_revenue": 1_200_000, "revenue_range": "$1M-$5M",
            "phone_numbers": ["+34 944 000 000"], "email_addresses": [], "technologies": ["HubSpot"],
            "linkedin_url": "linkedin.com/company/acme", "facebook_url": .null, "twitter_url": .null,
            "instagram_url": .null,
        ]
    }

    private static func refused(_ status: Int, _ message: String, _ code: String) -> StandInAnswer {
        let error: JSON = ["message": .string(message), "code": .string(code), "details": .null]
        return StandInAnswer(status, (["error": error] as JSON).serialized)
    }
}
