package import Agents
package import Integrations
internal import JSON
internal import Telemetry

/// Products of a catalogue that are tagged in posts: https://developers.facebook.com/docs/instagram-platform/shopping
extension Instagram: ProductTagging {
    private func account(_ edge: String, _ access: IntegrationAccess) -> String {
        let account = node(access.setting("ig_user_id") ?? "me", access)
        return edge.isEmpty ? account : "\(account)/\(edge)"
    }

    /// Returns whether the account may tag products, as the network says now.
    func tagsProducts(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool {
        let told = try await graph.get(
            account("", access), "shopping_product_tag_eligibility", access, reach)
        return told["shopping_product_tag_eligibility"]?.flag == true
    }

    package func shop(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductShop {
        guard try await tagsProducts(access, reach) else {
            return ProductShop(isEligible: false, catalogs: [])
        }
        let answer = try await graph.get(
            account("available_catalogs", access), "catalog_id,catalog_name,shop_name,product_count", access,
            reach)
        guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
        return ProductShop(
            isEligible: true,
            catalogs: list.compactMap { one in
                one["catalog_id"]?.label.map {
                    .init(
                        $0, one["catalog_name"]?.words ?? $0, shop: one["shop_name"]?.words,
                        count: one["product_count"]?.int)
                }
            })
    }

    package func products(
        of catalog: String, named words: String, after place: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductPage {
        var query = [("catalog_id", catalog), ("q", words)]
        if let place { query.append(("after", place)) }
        let answer = try await graph.get(account("catalog_product_search", access), query, access, reach)
        guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
        let products = list.compactMap { one -> ProductPage.Product? in
            guard let id = one["product_id"]?.label else { return nil }
            return .init(
                id, one["product_name"]?.words ?? id, retailer: one["retailer_id"]?.label,
                image: one["image_url"]?.words, review: one["review_status"]?.words)
        }
        let paging = answer["paging"]
        let next = paging?["next"]?.text == nil ? nil : paging?["cursors"]?["after"]?.text
        return ProductPage(products, next: next)
    }

    package func tags(
        of media: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ProductTag] {
        let answer = try await graph.get(
            "\(node(media, access))/product_tags", "product_id,name,review_status,x,y", access, reach)
        guard let list = answer["data"]?.array else { throw graph.wire.unreadable }
        return list.compactMap { one in
            guard let id = one["product_id"]?.label else { return nil }
            return ProductTag(
                ProductPlace(id, x: one["x"]?.double, y: one["y"]?.double), name: one["name"]?.words,
                review: one["review_status"]?.words)
        }
    }

    /// A place is set as an absolute: it may be set again.
    package func tag(
        _ places: [ProductPlace], in media: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let answer = try await graph.post(
            "\(node(media, access))/product_tags",
            [("updated_tags", JSON.array(places.map(\.json)).serialized)], access, reach, isSilent: true)
        guard answer["success"]?.flag == true else { throw graph.wire.unreadable }
    }

    package func review(
        of product: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductReview {
        let answer = try await graph.get(
            account("product_appeal", access), [("product_id", product)], access, reach)
        guard let told = answer["data"]?.array?.first, let status = told["review_status"]?.words else {
            throw ToolFailure("not_found", "Instagram knows nothing of the product", isRetryable: false)
        }
        return ProductReview(status, mayAppeal: told["eligible_for_appeal"]?.flag == true)
    }

    package func appeal(
        _ product: String, because reason: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) {
        let answer = try await graph.post(
            account("product_appeal", access), [("product_id", product), ("appeal_reason", reason)], access,
            reach)
        guard answer["success"]?.flag == true else { throw graph.wire.unreadable }
    }
}
