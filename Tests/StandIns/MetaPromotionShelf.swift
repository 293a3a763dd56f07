import Foundation
package import JSON
import Synchronization

/// The ad sets, creatives and advertisements of an account of Meta's, as its Marketing API makes them: paused or not,
/// and as often as it is asked to.
package final class MetaPromotionShelf: Sendable {
    package struct Node: Sendable {
        package let id: String, kind: String
        package var fields: [String: String]
    }

    private struct State {
        var nodes: [Node] = []
        var refusal: String?
        var review = "ACTIVE"
        var results: [String: JSONObject] = [:]
        var isForgetful = false
    }

    private let state = Mutex(State())

    package var nodes: [Node] { state.withLock { $0.nodes } }
    package func all(_ kind: String) -> [Node] { nodes.filter { $0.kind == kind } }
    /// Its word on creatives from now on, instead of making them.
    package func refuse(_ words: String?) { state.withLock { $0.refusal = words } }
    /// Has advertisements that are told to run stand in this state.
    package func review(_ status: String) { state.withLock { $0.review = status } }
    /// Makes ad sets with another budget than it is asked to.
    package func forget() { state.withLock { $0.isForgetful = true } }
    package func set(_ ad: String, _ results: JSONObject) { state.withLock { $0.results[ad] = results } }
    package func change(_ id: String, _ name: String, _ value: String) {
        state.withLock { state in
            guard let place = state.nodes.firstIndex(where: { $0.id == id }) else { return }
            state.nodes[place].fields[name] = value
        }
    }

    /// Answers what is asked of these; `nil`: it is something else.
    func answer(_ request: ReceivedRequest, _ account: String) -> StandInAnswer? {
        let steps = request.path.split(separator: "/").dropFirst().map(String.init)
        let form = formFields(String(decoding: request.body, as: UTF8.self))
        return state.withLock { state in
            switch (request.method, steps.count, steps.last ?? "") {
            case ("POST", 2, "adsets") where steps[0] == account: return Self.adSet(form, &state)
            case ("POST", 2, "adcreatives") where steps[0] == account: return Self.creative(form, &state)
            case ("POST", 2, "ads") where steps[0] == account: return Self.ad(form, &state)
            case ("GET", 2, "adcreatives") where steps[0] == account:
                return Self.list(state.nodes.filter { $0.kind == "creative" })
            case ("GET", 2, "adsets"):
                return Self.list(
                    state.nodes.filter { $0.kind == "adset" && $0.fields["campaign_id"] == steps[0] })
            case ("GET", 2, "ads"):
                return Self.list(state.nodes.filter { $0.kind == "ad" && $0.fields["adset_id"] == steps[0] })
            case ("GET", 2, "insights"):
                guard state.nodes.contains(where: { $0.id == steps[0] }) else { return nil }
                let rows = state.results[steps[0]].map { [JSON.object($0)] } ?? []
                return .json(200, ["data": .array(rows)])
            case (_, 1, let id):
                guard let place = state.nodes.firstIndex(where: { $0.id == id }) else { return nil }
                if request.method == "POST" {
                    guard let status = form["status"] else { return MetaAdsStandIn.fault(400, 100) }
                    state.nodes[place].fields["status"] = status
                    return .json(200, ["success": true])
                }
                return .json(200, Self.shown(state.nodes[place], state.review))
            default: return nil
            }
        }
    }

    private static func refusal(_ words: String) -> StandInAnswer {
        let body: JSON = [
            "error": [
                "message": "Invalid parameter", "code": 100, "error_user_msg": .string(words),
                "type": "OAuthException",
            ]
        ]
        return StandInAnswer(400, body.serialized)
    }

    private static func add(
        _ kind: String, _ form: [String: String], _ state: inout State
    ) -> StandInAnswer {
        let id = "\(9000 + state.nodes.count)"
        state.nodes.append(Node(id: id, kind: kind, fields: form))
        return .json(200, ["id": .string(id)])
    }

    private static func adSet(_ form: [String: String], _ state: inout State) -> StandInAnswer {
        guard form["campaign_id"] != nil, form["status"] == "PAUSED", form["billing_event"] == "IMPRESSIONS",
            form["optimization_goal"] == "POST_ENGAGEMENT", form["end_time"] != nil,
            (form["daily_budget"] == nil) != (form["lifetime_budget"] == nil),
            let targeting = form["targeting"].flatMap({ try? JSONParser.parse(Array($0.utf8)) }),
            targeting["geo_locations"]?["countries"]?.array?.isEmpty == false
        else { return MetaAdsStandIn.fault(400, 100) }
        if let amount = (form["daily_budget"] ?? form["lifetime_budget"]).flatMap({ Int64($0) }), amount < 100
        {
            return refusal("The budget is too low: at least 1.00 a day.")
        }
        guard form["execution_options"] == nil else { return .json(200, ["success": true]) }
        var form = form
        if state.isForgetful { form["daily_budget"] = "999900" }
        return add("adset", form, &state)
    }

    private static func creative(_ form: [String: String], _ state: inout State) -> StandInAnswer {
        if let words = state.refusal { return refusal(words) }
        let isPage = form["object_story_id"]?.wholeMatch(of: /\d+_\d+/) != nil
        let isMedia = form["source_instagram_media_id"] != nil && form["instagram_user_id"] != nil
        guard isPage != isMedia else { return MetaAdsStandIn.fault(400, 100) }
        return add("creative", form, &state)
    }

    private static func ad(_ form: [String: String], _ state: inout State) -> StandInAnswer {
        guard form["status"] == "PAUSED", let creative = form["creative"],
            let named = try? JSONParser.parse(Array(creative.utf8))["creative_id"]?.text,
            state.nodes.contains(where: { $0.kind == "creative" && $0.id == named }),
            state.nodes.contains(where: { $0.kind == "adset" && $0.id == form["adset_id"] })
        else { return MetaAdsStandIn.fault(400, 100) }
        return add("ad", form, &state)
    }

    private static func shown(_ node: Node, _ review: String) -> JSON {
        var shown: JSONObject = [
            "id": .string(node.id), "name": JSON(node.fields["name"]), "status": JSON(node.fields["status"]),
        ]
        for name in ["daily_budget", "lifetime_budget"] {
            if let value = node.fields[name] { shown[name] = .string(value) }
        }
        if let end = node.fields["end_time"].flatMap({ Double($0) }) {
            let text = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: end))
            shown["end_time"] = .string(text.replacing("Z", with: "+0000"))
        }
        if node.kind == "ad" {
            let isOn = node.fields["status"] == "ACTIVE"
            shown["effective_status"] = .string(isOn ? review : "PAUSED")
            if isOn, review == "DISAPPROVED" {
                shown["issues_info"] = [["error_message": "The picture has too much text."]]
            }
        }
        return .object(shown)
    }

    private static func list(_ nodes: [Node]) -> StandInAnswer {
        .json(200, ["data": .array(nodes.map { shown($0, "PAUSED") })])
    }
}
