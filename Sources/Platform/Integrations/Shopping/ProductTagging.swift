package import Agents
package import Database
package import JSON
internal import Records
internal import Telemetry

/// A network at which products of a catalogue are tagged in what is published. One instance serves every agency.
package protocol ProductTagging: IntegrationProvider {
    func shop(
        _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductShop
    /// Returns the products of a catalogue whose names have the words, page by page.
    func products(
        of catalog: String, named words: String, after place: String?, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductPage
    /// Returns the products that are tagged in what stands.
    func tags(
        of media: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ProductTag]
    /// Tags products in what stands; those that are tagged already get the new places.
    func tag(
        _ places: [ProductPlace], in media: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
    /// Returns what the network's review says of a product.
    func review(
        of product: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> ProductReview
    /// Asks the network to look at a product again that it has rejected.
    func appeal(
        _ product: String, because reason: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
}

/// Whether an account may tag products, and of which catalogues.
package struct ProductShop: Sendable {
    package struct Catalog: Sendable {
        package let id: String, name: String
        package let shop: String?, count: Int64?

        package init(_ id: String, _ name: String, shop: String?, count: Int64?) {
            (self.id, self.name, self.shop, self.count) = (id, name, shop, count)
        }
    }

    package let isEligible: Bool
    package let catalogs: [Catalog]

    package init(isEligible: Bool, catalogs: [Catalog]) {
        (self.isEligible, self.catalogs) = (isEligible, catalogs)
    }
}

package struct ProductPage: Sendable {
    package struct Product: Sendable {
        package let id: String, name: String
        package let retailer: String?, image: String?
        /// The network's review, in its words, such as `approved`.
        package let review: String?

        package init(_ id: String, _ name: String, retailer: String?, image: String?, review: String?) {
            (self.id, self.name, self.retailer, self.image) = (id, name, retailer, image)
            self.review = review
        }
    }

    package let products: [Product]
    package let next: String?

    package init(_ products: [Product], next: String?) { (self.products, self.next) = (products, next) }
}

/// The place at which a product is tagged: parts of the width and the height from the top left of a picture; none in a
/// film.
package struct ProductPlace: Hashable, Sendable {
    package let product: String
    package let x: Double?, y: Double?

    package init(_ product: String, x: Double?, y: Double?) {
        (self.product, self.x, self.y) = (product, x, y)
    }

    package var json: JSON {
        var json: JSONObject = ["product_id": .string(product)]
        if let x, let y { (json["x"], json["y"]) = (.number(x), .number(y)) }
        return .object(json)
    }
}

/// A product as it is tagged in what stands.
package struct ProductTag: Sendable {
    package let place: ProductPlace
    package let name: String?, review: String?

    package init(_ place: ProductPlace, name: String?, review: String?) {
        (self.place, self.name, self.review) = (place, name, review)
    }
}

/// The word of a network's review on a product.
package struct ProductReview: Sendable {
    package let status: String
    package let mayAppeal: Bool

    package init(_ status: String, mayAppeal: Bool) { (self.status, self.mayAppeal) = (status, mayAppeal) }
}

/// Looks at the products of a network.
package struct ReadProductsTool: ExecutorTool {
    package typealias Input = NoToolInput

    package static let name = "read_products"
    package let title = "Read products"
    package let summary = "Asks a network which products an account may tag, and which are tagged."
    package let effect = ToolClass.reads

    package init() {}
}

/// Tags products in what stands, and appeals for them.
package struct TagProductsTool: ExecutorTool {
    package typealias Input = NoToolInput

    package static let name = "tag_products"
    package let title = "Tag products"
    package let summary = "Tags products in what stands at a network, and has it look at one again."
    package let effect = ToolClass.writes

    package init() {}
}

/// The products of one integration's network. Failures are `ToolFailure`.
package struct ProductClient: Sendable {
    private let service: any ProductTagging
    private let calls: IntegrationCalls

    fileprivate init(_ service: any ProductTagging, _ calls: IntegrationCalls) {
        (self.service, self.calls) = (service, calls)
    }

    package func shop() async throws -> ProductShop {
        try await calls.pass(ReadProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.shop(access, reach)
        }
    }

    package func products(
        of catalog: String, named words: String, after place: String?
    ) async throws -> ProductPage {
        try await calls.pass(ReadProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.products(of: catalog, named: words, after: place, access, reach)
        }
    }

    package func tags(of media: String) async throws -> [ProductTag] {
        try await calls.pass(ReadProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.tags(of: media, access, reach)
        }
    }

    /// Tags products, and returns what is tagged then.
    package func tag(_ places: [ProductPlace], in media: String) async throws -> [ProductTag] {
        try await calls.pass(TagProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.tag(places, in: media, access, reach)
        }
        return try await tags(of: media)
    }

    package func review(of product: String) async throws -> ProductReview {
        try await calls.pass(ReadProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.review(of: product, access, reach)
        }
    }

    /// Appeals, and returns what the review says then.
    package func appeal(_ product: String, because reason: String) async throws -> ProductReview {
        try await calls.pass(TagProductsTool.name) { access, reach async throws(ToolFailure) in
            try await service.appeal(product, because: reason, access, reach)
        }
        return try await review(of: product)
    }
}

extension IntegrationServices {
    /// Returns the way to the products of an integration's network; `nil` where none are tagged there.
    package func products(
        of integration: Integration, _ tenant: TenantID, for caller: ToolCaller
    ) -> ProductClient? {
        guard let service = providers[integration.provider] as? any ProductTagging else { return nil }
        return ProductClient(
            service,
            IntegrationCalls(
                provider: service, integration: integration.id, tenant: tenant, caller: caller,
                services: self, deadline: .seconds(60)))
    }
}
