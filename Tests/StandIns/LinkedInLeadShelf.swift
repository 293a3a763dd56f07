import Cryptography
import Foundation
package import JSON
import Synchronization

/// LinkedIn's Lead Sync API: forms, what was filled in there, and the addresses that are told of it.
package final class LinkedInLeadShelf: Sendable {
    package static let account = "urn:li:sponsoredAccount:9", secret = "bureau-li-secret"
    private static let organization = "urn:li:organization:123"

    private struct State {
        var responses: [JSONObject] = []
        var hooks: [JSON] = []
        var isForbidden = false
        var pageSize = 100
        /// Responses that are told of at once, and shown in lists later.
        var late: Set<String> = []
    }

    private let state = Mutex(State())

    /// The addresses that it was asked to tell, each with the owner and the kind.
    package var hooks: [JSON] { state.withLock { $0.hooks } }
    package func forbid(_ isForbidden: Bool) { state.withLock { $0.isForbidden = isForbidden } }
    /// A page may be short without being the last.
    package func setPage(_ size: Int) { state.withLock { $0.pageSize = size } }
    package func showLate(_ id: String, _ isLate: Bool = true) {
        state.withLock { state in
            if isLate { state.late.insert(id) } else { state.late.remove(id) }
        }
    }
    package func remove(_ id: String) {
        state.withLock { state in state.responses.removeAll { $0["id"]?.text == id } }
    }

    /// Somebody fills in a form: of the organization, or with a `campaign` below an advertisement.
    package func fill(
        _ id: String, _ answers: [(Int, JSON)], campaign: String? = nil, post: String? = nil,
        accepted: Bool = true, isTest: Bool = false, ago seconds: Double = 60
    ) {
        let isSponsored = campaign != nil
        var response: JSONObject = [
            "id": .string(id),
            "owner": isSponsored
                ? ["sponsoredAccount": .string(Self.account)] : ["organization": .string(Self.organization)],
            "leadType": isSponsored ? "SPONSORED" : "COMPANY", "testLead": .bool(isTest),
            "versionedLeadGenFormUrn": .string(
                "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:\(isSponsored ? 701 : 700),1)"),
            "submittedAt": .integer(Int64((Date().timeIntervalSince1970 - seconds) * 1000)),
            "formResponse": [
                "answers": .array(
                    answers.map { ["questionId": JSON($0.0), "answerDetails": $0.1] }),
                "consentResponses": [["consentId": 9, "accepted": .bool(accepted)]],
            ],
        ]
        if let campaign {
            response["leadMetadata"] = ["sponsoredLeadMetadata": ["campaign": .string(campaign)]]
            response["leadMetadataInfo"] = [
                "sponsoredLeadMetadataInfo": ["campaign": ["id": .string(campaign), "name": "Spring ads"]]
            ]
            response["associatedEntity"] = ["associatedCreative": "urn:li:sponsoredCreative:5"]
            if let post {
                response["associatedEntityInfo"] = [
                    "associatedCreative": ["content": ["reference": .string(post)]]
                ]
            }
        }
        state.withLock { $0.responses.append(response) }
    }

    package static func said(_ text: String) -> JSON { ["textQuestionAnswer": ["answer": .string(text)]] }
    package static func chose(_ options: Int...) -> JSON {
        ["multipleChoiceAnswer": ["options": .array(options.map { JSON($0) })]]
    }

    /// The answers of somebody: names, an address, a firm.
    package static func person(
        _ first: String, _ last: String, _ email: String, _ firm: String
    ) -> [(
        Int, JSON
    )] {
        [(1, said(first)), (2, said(last)), (3, said(email)), (4, said(firm))]
    }

    private static func form(_ number: Int) -> JSON {
        func question(_ id: Int, _ words: String, _ field: String?) -> JSON {
            var question: JSONObject = [
                "questionId": JSON(id), "question": ["localized": ["en_US": .string(words)]],
                "name": .string(words),
            ]
            if let field { question["predefinedField"] = .string(field) }
            return .object(question)
        }
        let choice = question(6, "How many shops?", nil).merging([
            "questionDetails": [
                "multipleChoiceQuestionDetails": [
                    "options": [
                        ["id": 1, "text": ["localized": ["en_US": "One"]]],
                        ["id": 2, "text": ["localized": ["en_US": "More"]]],
                    ]
                ]
            ]
        ])
        return [
            "id": JSON(number), "versionId": 1, "name": number == 700 ? "Guide to retail" : "Ask for a demo",
            "hiddenFields": [["name": "utm_source", "value": "linkedin"]],
            "content": [
                "questions": [
                    question(1, "First name", "FIRST_NAME"), question(2, "Last name", "LAST_NAME"),
                    question(3, "Work email", "WORK_EMAIL"), question(4, "Company", "COMPANY_NAME"),
                    question(5, "What do you need?", nil), choice,
                    question(7, "Phone number", "PHONE_NUMBER"),
                ],
                "legalInfo": [
                    "consents": [
                        ["id": 9, "consent": ["localized": ["en_US": "You may send me news by e-mail."]]]
                    ]
                ],
            ],
        ]
    }

    /// Answers what is asked of forms; `nil`: it is something else.
    func answer(_ request: ReceivedRequest) -> StandInAnswer? {
        let steps = request.path.split(separator: "/").map(String.init)
        guard steps.count >= 2, ["leadFormResponses", "leadForms", "leadNotifications"].contains(steps[1])
        else { return nil }
        return state.withLock { state in
            guard !state.isForbidden else {
                return StandInAnswer(
                    403,
                    #"{"status":403,"serviceErrorCode":100,"code":"ACCESS_DENIED","message":"Not enough permissions to access: leadFormResponses.FINDER"}"#
                )
            }
            switch (request.method, steps[1], steps.count) {
            case ("POST", "leadNotifications", 2): return Self.subscribe(request, &state)
            case ("GET", "leadForms", 3):
                return StandInAnswer(200, Self.form(Int(steps[2]) ?? 0).serialized)
            case ("GET", "leadFormResponses", 3):
                guard let found = state.responses.first(where: { $0["id"]?.text == steps[2] }) else {
                    return StandInAnswer(404, #"{"status":404,"code":"NOT_FOUND","message":"Not found"}"#)
                }
                return StandInAnswer(200, JSON.object(found).serialized)
            case ("GET", "leadFormResponses", 2): return Self.list(request, state)
            default: return StandInAnswer(404, "{}")
            }
        }
    }

    private static func subscribe(_ request: ReceivedRequest, _ state: inout State) -> StandInAnswer {
        guard let body = try? JSONParser.parse(request.body), let hook = body["webhook"]?.text,
            hook.hasPrefix("http"), body["owner"]?.object != nil, body["leadType"]?.text != nil
        else { return StandInAnswer(400, #"{"status":400,"message":"Invalid subscription"}"#) }
        guard !state.hooks.contains(body) else {
            return StandInAnswer(409, #"{"status":409,"message":"The subscription already exists"}"#)
        }
        state.hooks.append(body)
        return StandInAnswer(201, "", headers: [("x-restli-id", "\(state.hooks.count)")])
    }

    /// Names stand escaped in brackets that are not.
    private static func list(_ request: ReceivedRequest, _ state: State) -> StandInAnswer {
        let owners = [
            "(organization:urn%3Ali%3Aorganization%3A123)": "COMPANY",
            "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A9)": "SPONSORED",
        ]
        guard request.query("q") == "owner", let owner = request.query("owner"), let kind = owners[owner],
            request.query("leadType") == "(leadType:\(kind))",
            let range = request.query("submittedAtTimeRange")?.wholeMatch(
                of: /\(start:(\d+),end:(\d+)\)/),
            let first = Int64(range.1), let end = Int64(range.2),
            let start = request.query("start").flatMap({ Int($0) }), request.query("count") == "100"
        else { return StandInAnswer(400, #"{"status":400,"code":"ILLEGAL_ARGUMENT","message":"No"}"#) }
        let all = state.responses.filter { response in
            let at = response["submittedAt"]?.int ?? 0
            return response["leadType"]?.text == kind && at >= first && at < end
                && !state.late.contains(response["id"]?.text ?? "")
        }
        let page = all.dropFirst(start).prefix(state.pageSize).map { response -> JSON in
            let number = response["leadType"] == "SPONSORED" ? 701 : 700
            return JSON.object(response).merging(["form": form(number)])
        }
        let hasNext = start + page.count < all.count
        let links: JSON = hasNext ? [["rel": "next", "href": "/rest/leadFormResponses"]] : []
        return StandInAnswer(
            200,
            ([
                "elements": .array(page),
                "paging": ["start": JSON(start), "count": JSON(state.pageSize), "links": links],
            ] as JSON).serialized)
    }

    /// A notice of a response, as it is signed.
    package func notice(_ id: String, _ action: String = "CREATED", secret: String? = nil) -> StandInHook {
        let body: JSON = [
            "type": "LEAD_ACTION", "leadGenFormResponse": .string("urn:li:leadGenFormResponse:\(id)"),
            "leadAction": .string(action), "leadType": "COMPANY", "occurredAt": 1_767_225_600_000,
            "owner": ["organization": .string(Self.organization)],
        ]
        let code = HMAC.sha256(
            key: Array((secret ?? Self.secret).utf8), Array("hmacsha256=".utf8) + body.bytes)
        return StandInHook(
            [("Content-Type", "application/json"), ("X-LI-Signature", Hex.encode(code))], body.bytes)
    }
}
