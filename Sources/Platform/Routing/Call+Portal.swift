package import Records

extension Call {
    /// The client's person who calls. Routes whose access is `.portal` have one.
    package var portal: PortalCall {
        get throws(Problem) {
            guard let portal = principal?.portal else {
                throw Problem(.forbidden, "The portal is for clients: use the routes of the agency instead.")
            }
            return portal
        }
    }
}
