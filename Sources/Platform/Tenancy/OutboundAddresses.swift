package import HTTPClient
package import Records

/// The limits of addresses that an agency may have us call.
package struct OutboundAddresses: Sendable {
    package let client: HTTPClient

    package init(_ client: HTTPClient) { self.client = client }

    /// Throws 422 for an address that can be seen not to do. What a name leads to is known when it is called.
    package func check(_ text: String, at pointer: String = "/url") throws(Problem) {
        do throws(HTTPClientError) {
            try client.check(try OutboundURL(text))
        } catch {
            let code = if case .refusedAddress = error { "refused_address" } else { "invalid_url" }
            throw Problem(
                faults: [Fault(pointer, code, "\(pointer.pointedMember) cannot be used: \(error).")])
        }
    }
}
