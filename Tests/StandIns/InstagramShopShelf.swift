import Foundation
package import JSON
import Synchronization

/// The shop of an account of Instagram: a catalogue, products with their reviews, and those that are tagged.
package final class InstagramShopShelf: Sendable {
    package static let catalog = "960179311066902"
    /// Numbers of 64 bits, as Meta has them.
    package static let bears = "3231775643511089", worms = "3231775643511090", rejected = "9007199254740995"

    private struct State {
        var isEligible = true
        var tags: [String: [JSON]] = [:]
        var appeals: [String: String] = [:]
    }

    private let state = Mutex(State())

    package func setEligible(_ isEligible: Bool) { state.withLock { $0.isEligible = isEligible } }
    package var appeals: [String: String] { state.withLock { $0.appeals } }
    package func tags(of media: String) -> [JSON] { state.withLock { $0.tags[media] ?? [] } }

    private static let products: [(id: String, name: String, review: String)] = [
        (bears, "Gummy Bears", "approved"), (worms, "Gummy Worms", "approved"),
        (rejected, "Strong Gum", "rejected"),
    ]

    /// Returns the refusal of a container's tags; `nil`: there is none.
    func fault(in fields: [String: String]) -> StandInAnswer? {
        guard let text = fields["product_tags"] else { return nil }
        let tags = (try? JSONParser.parse(Array(text.utf8)))?.array ?? []
        let known = Set(Self.products.map(\.id))
        for tag in tags {
            guard let id = tag["product_id"]?.text, known.contains(id) else {
                return GraphPublishingStandIn.refusal(
                    400, 100, 2_207_051, "The product does not belong to a catalog of this account")
            }
            let isFilm = fields["video_url"] != nil
            guard isFilm == (tag["x"]?.double == nil) else {
                return GraphPublishingStandIn.refusal(400, 100, nil, "Invalid position of a product tag")
            }
        }
        return tags.count > 5
            ? GraphPublishingStandIn.refusal(400, 100, nil, "Too many product tags") : nil
    }

    /// Keeps the tags of a container that was published.
    func publish(_ fields: [String: String], as media: String) {
        guard let text = fields["product_tags"],
            let tags = (try? JSONParser.parse(Array(text.utf8)))?.array
        else { return }
        state.withLock { $0.tags[media] = tags }
    }

    /// Answers what is asked of the shop; `nil`: it is something else.
    func answer(
        _ request: ReceivedRequest, _ node: String, _ edge: String, account: String
    ) -> StandInAnswer? {
        let form = request.form ?? [:]
        return state.withLock { state in
            switch (request.method, edge) {
            case ("GET", "")
            where node == account && request.query("fields") == "shopping_product_tag_eligibility":
                return .json(
                    200,
                    ["shopping_product_tag_eligibility": .bool(state.isEligible), "id": .string(account)])
            case ("GET", "available_catalogs"):
                let catalog: JSON = [
                    "catalog_id": .string(Self.catalog), "catalog_name": "Snacks", "shop_name": "Acme",
                    "product_count": 3,
                ]
                return .json(200, ["data": [catalog]])
            case ("GET", "catalog_product_search"): return Self.search(request)
            case ("GET", "product_tags"):
                let tags = (state.tags[node] ?? []).map { tag -> JSON in
                    let product = Self.products.first { $0.id == tag["product_id"]?.text }
                    return tag.merging([
                        "name": JSON(product?.name), "review_status": JSON(product?.review),
                        // They are numbers where they are told.
                        "product_id": JSON(product.flatMap { Int($0.id) }),
                    ])
                }
                return .json(200, ["data": .array(tags)])
            case ("POST", "product_tags"): return Self.tag(form, node, &state)
            case ("GET", "product_appeal"):
                let id = request.query("product_id") ?? ""
                guard let product = Self.products.first(where: { $0.id == id }) else {
                    return .json(200, ["data": []])
                }
                let isOpen = product.review == "rejected" && state.appeals[id] == nil
                let status = state.appeals[id] == nil ? product.review : "pending"
                return .json(
                    200,
                    [
                        "data": [
                            [
                                "product_id": JSON(Int(id)), "review_status": .string(status),
                                "eligible_for_appeal": .bool(isOpen),
                            ]
                        ]
                    ])
            case ("POST", "product_appeal"):
                state.appeals[form["product_id"] ?? ""] = form["appeal_reason"] ?? ""
                return .json(200, ["success": true])
            default: return nil
            }
        }
    }

    private static func search(_ request: ReceivedRequest) -> StandInAnswer {
        guard request.query("catalog_id") == catalog else {
            return GraphPublishingStandIn.refusal(400, 100, nil, "The catalog is not this account's")
        }
        let words = (request.query("q") ?? "").removingPercentEncoding ?? ""
        let all = products.filter { words.isEmpty || $0.name.contains(words) }
        let offset = request.query("after").flatMap { Int($0) } ?? 0
        let page = all.dropFirst(offset).prefix(2).map { product -> JSON in
            [
                "product_id": JSON(Int(product.id)), "product_name": .string(product.name),
                "retailer_id": "r1", "review_status": .string(product.review),
            ]
        }
        var answer: JSONObject = ["data": .array(page)]
        if offset + page.count < all.count {
            answer["paging"] = [
                "cursors": ["after": .string("\(offset + page.count)")], "next": "https://graph.example/next",
            ]
        }
        return .json(200, .object(answer))
    }

    private static func tag(
        _ form: [String: String], _ media: String, _ state: inout State
    ) -> StandInAnswer {
        let tags = form["updated_tags"].flatMap { try? JSONParser.parse(Array($0.utf8)) }?.array ?? []
        let known = Set(products.filter { $0.review == "approved" }.map(\.id))
        for tag in tags where !known.contains(tag["product_id"]?.text ?? "") {
            return GraphPublishingStandIn.refusal(
                400, 100, nil, "The product was rejected in review and cannot be tagged")
        }
        let names = Set(tags.compactMap { $0["product_id"]?.text })
        let rest = (state.tags[media] ?? []).filter { !names.contains($0["product_id"]?.text ?? "") }
        state.tags[media] = rest + tags
        return .json(200, ["success": true])
    }
}
