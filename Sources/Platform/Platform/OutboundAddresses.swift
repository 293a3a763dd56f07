internal import HTTPClient
internal import Records

/// The limits of addresses that an agency may have us call.
struct OutboundAddresses: Sendable {
    let guardian: AddressGuard

    /// Throws 422 for an address that can be seen not to do. What a name leads to is known when it is called.
    func check(_ text: String, at pointer: String = "/url") throws(Problem) {
        do throws(HTTPClientError) {
            let url = try OutboundURL(text)
            try guardian.check(url)
            guard url.isSecure || guardian.allowsPrivate else {
                throw HTTPClientError.invalidURL("it must begin with https://")
            }
        } catch {
            let code = if case .refusedAddress = error { "refused_address" } else { "invalid_url" }
            throw Problem(
                faults: [Fault(pointer, code, "\(pointer.pointedMember) cannot be used: \(error).")])
        }
    }
}
