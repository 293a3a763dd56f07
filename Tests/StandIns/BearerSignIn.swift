import Foundation

/// A sign-in by XOAUTH2: the user and the token.
struct BearerSignIn {
    let user: String, token: String

    /// The question of a server that refuses one: whoever has understood says nothing more.
    static let refusal = Data(#"{"status":"401","schemes":"bearer"}"#.utf8).base64EncodedString()

    /// `nil` unless it is written as servers want it, to the byte.
    init?(_ coded: String) {
        guard let data = Data(base64Encoded: coded) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(
            separator: "\u{1}", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].hasPrefix("user="), parts[1].hasPrefix("auth=Bearer "),
            parts[2].isEmpty, parts[3].isEmpty
        else { return nil }
        (user, token) = (String(parts[0].dropFirst(5)), String(parts[1].dropFirst(12)))
    }
}
