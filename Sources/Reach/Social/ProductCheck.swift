internal import Integrations
internal import Records

/// The most products that are tagged in a post.
package struct ProductRules: Sendable {
    /// The most in one picture or film, and in all of them.
    package let ofMedium: Int, ofPost: Int
}

extension PostCheck {
    /// Looks whether products can be tagged as they are named.
    mutating func checkProducts() {
        let all = draft.media.flatMap(\.products)
        guard !all.isEmpty else { return }
        guard let most = rules.products, draft.format != .story else {
            let place = draft.media.firstIndex { !$0.products.isEmpty } ?? 0
            return add(
                "/media/\(place)/products", "conflict",
                "No products are tagged \(draft.format == .story ? "in stories" : "on \(name)"): leave them out."
            )
        }
        for (index, medium) in draft.media.enumerated() where !medium.products.isEmpty {
            check(medium, at: "/media/\(index)/products", most)
        }
        if all.count > most.ofPost {
            add(
                "/media", "too_many",
                "\(name) takes \(most.ofPost) products in a post; there are \(all.count).",
                length: all.count, max: most.ofPost)
        }
    }

    private mutating func check(_ medium: PostDraft.Medium, at place: String, _ most: ProductRules) {
        if medium.products.count > most.ofMedium {
            add(
                place, "too_many",
                "\(name) takes \(most.ofMedium) products here; there are \(medium.products.count).",
                length: medium.products.count, max: most.ofMedium)
        }
        if Set(medium.products.map(\.product)).count < medium.products.count {
            add(place, "duplicate_value", "A product is tagged twice: name it once.")
        }
        for (number, product) in medium.products.enumerated() {
            let isPlaced = product.x != nil && product.y != nil
            if medium.probe.isVideo, product.x != nil || product.y != nil {
                add("\(place)/\(number)/x", "conflict", "A film has no places: leave x and y out.")
            } else if !medium.probe.isVideo, !isPlaced {
                add(
                    "\(place)/\(number)/x", "required",
                    "x and y say where the product is, from 0 to 1 from the top left.")
            }
        }
    }
}
